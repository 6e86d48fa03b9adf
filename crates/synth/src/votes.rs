//! Who voted when.

use crate::household::Population;
use crate::person::Person;
use crate::rng::Rng;

/// Days before an election by which one must be registered.
const CLOSED_DAYS: u32 = 30;

/// Draws a registrant's votes, one bit per election of the population, the oldest lowest.
///
/// A registrant of average zeal votes in the share of elections that the table gives as turnout, scaled by age:
/// half of it at 18, a quarter more at 70.
pub(crate) fn draw(population: &Population, person: &Person, rng: &mut Rng) -> u64 {
    if person.age < 18 {
        return 0;
    }
    let born_year = population.calendar.date(person.born).year();
    let zeal = if person.standing.status == "active" { person.zeal } else { person.zeal / 3 };
    let mut votes = 0;
    for (election, bit) in population.elections.iter().zip(0..u64::BITS) {
        if election.day.0 < person.registered_first.0 + CLOSED_DAYS {
            continue;
        }
        let chance = election.turnout * zeal * by_age(election.year - born_year);
        // Turnout, zeal and the factor of age are per cents: a vote is certain at a million.
        votes |= u64::from(rng.below(1_000_000) < chance) << bit;
    }
    votes
}

/// Votes at an age beside the average of all ages, in per cent.
fn by_age(age: i16) -> u32 {
    match age {
        ..22 => 50,
        22..30 => 62,
        30..40 => 82,
        40..50 => 102,
        50..60 => 115,
        60..80 => 125,
        80..90 => 105,
        _ => 65,
    }
}
