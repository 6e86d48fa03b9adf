//! Windows of 200 rows: the unit in which a roll is made.
//!
//! Every window is a function of the seed and its own number, so that any thread can make any window.

use terms::Ground;

use crate::calendar::Day;
use crate::household::Population;
use crate::person::Person;
use crate::planting::Planter;
use crate::rng::Rng;
use crate::votes;

/// Rows in a window: as many as the smallest roll that holds every hard case.
pub(crate) const WINDOW_ROWS: u64 = 200;
/// Canaries in any roll of at least one window, and rows per further canary.
const CANARIES: u64 = 20;
const CANARY_EVERY: u64 = 2_000;
/// Letters of a canary's token after its mark.
const TOKEN_LETTERS: usize = 10;

/// A ground on which the office protects a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Protection {
    /// Index of the registrant in the window.
    pub(crate) index: usize,
    pub(crate) ground: Ground,
    pub(crate) since: Day,
    /// The first day on which it does not hold any more.
    pub(crate) until: Option<Day>,
}

/// The people of one window.
#[derive(Debug, Default)]
pub(crate) struct Window {
    pub(crate) people: Vec<Person>,
    pub(crate) protections: Vec<Protection>,
    /// Tokens of the canaries.
    pub(crate) canaries: Vec<String>,
}

impl Window {
    /// Makes the window of this number in a roll of so many rows.
    pub(crate) fn fill(&mut self, population: &Population, seed: u64, number: u64, rows: u64) {
        self.people.clear();
        self.protections.clear();
        self.canaries.clear();
        let count = rows.saturating_sub(number * WINDOW_ROWS).min(WINDOW_ROWS);
        let count = usize::try_from(count).unwrap_or(0);
        let mut rng = Rng::stream(seed, number);
        while self.people.len() < count {
            population.household(&mut self.people, count, &mut rng);
        }
        let mut planter = Planter::new(population, &mut self.people, &mut self.protections, number, rng.fork());
        for canary in canaries_of(number, rows) {
            let token = token(seed, canary);
            if planter.canary(&token).is_some() {
                self.canaries.push(token);
            }
        }
        planter.plant(number);
        self.protections.sort_by_key(|protection| protection.index);
        for person in &mut self.people {
            person.votes = votes::draw(population, person, &mut rng);
        }
    }
}

/// How many windows a roll has; the last may be short.
pub(crate) fn windows(rows: u64) -> u64 {
    rows.div_ceil(WINDOW_ROWS)
}

/// The numbers of the canaries in a window: 20 spread over the roll, and one per 2,000 rows.
fn canaries_of(window: u64, rows: u64) -> impl Iterator<Item = u64> {
    let whole = rows / WINDOW_ROWS;
    let spread = (0..CANARIES).filter(move |canary| (canary * whole).checked_div(CANARIES) == Some(window));
    let per = CANARY_EVERY / WINDOW_ROWS;
    let further = (whole > window && window % per == per - 1).then_some(CANARIES + window / per);
    spread.filter(move |_| whole > window).chain(further)
}

/// A word that stands nowhere else: the mark `ZQX` and ten letters.
fn token(seed: u64, canary: u64) -> String {
    // Streams of windows count up from 0, streams of canaries down from the other end.
    let mut rng = Rng::stream(seed, u64::MAX - canary);
    let letters = (0..TOKEN_LETTERS).map(|_| char::from(b'A' + u8::try_from(rng.below(26)).unwrap_or(0)));
    "ZQX".chars().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn canaries_are_20_and_one_per_2000_rows() {
        for (rows, expected) in [(100, 0), (200, 20), (399, 20), (1_999, 20), (2_000, 21), (5_000, 22), (50_000, 45)] {
            let all: Vec<u64> = (0..windows(rows)).flat_map(|window| canaries_of(window, rows)).collect();
            assert_eq!(all.len(), expected, "{rows}");
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), expected);
        }
    }

    #[test]
    fn tokens_are_one_per_canary_and_seed() {
        let tokens: BTreeSet<String> = (0..1_000).map(|canary| token(1, canary)).chain([token(2, 0)]).collect();
        assert_eq!(tokens.len(), 1_001);
        assert!(tokens.iter().all(|token| token.len() == 13 && token.starts_with("ZQX")));
    }
}
