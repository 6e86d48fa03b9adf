//! Blocks of windows, written to buffers by any thread.

use std::collections::BTreeMap;

use terms::Ground;

use crate::damage::damage;
use crate::elections::Election;
use crate::household::Population;
use crate::line::Line;
use crate::options::{Options, ROWS_MAX};
use crate::person::{DateOddity, Person};
use crate::places::Place;
use crate::profile::Ids;
use crate::rng::Rng;
use crate::sheet::{Row, Sheet};
use crate::window::{WINDOW_ROWS, Window};

/// Windows in a block: 4,000 rows, some 1.5 MB of text, so that a buffer is large beside a write and small beside a cache.
pub(crate) const BLOCK_WINDOWS: u64 = 20;

/// Numbers of the streams that say which lines are damaged, apart from those of windows and canaries.
const DAMAGE_STREAM: u64 = 1 << 62;

/// LIMIT: rows of a county's file, on average, from which on some may be damaged.
const PART_ROWS_DAMAGED: u64 = 30;

/// What a roll is written with.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) population: &'a Population,
    pub(crate) voters: Sheet<'a>,
    pub(crate) history: Option<Sheet<'a>>,
    pub(crate) options: &'a Options,
}

impl Plan<'_> {
    /// The number of a registrant.
    fn number(&self, row: u64) -> u32 {
        // Eight digits hold half of all numbers, and any roll of a state that has no more of them.
        let is_short = self.population.profile.ids == Ids::Padded("", 8) && self.options.rows <= ROWS_MAX / 2;
        voter_number(self.options.seed, row, if is_short { ROWS_MAX / 2 } else { ROWS_MAX })
    }

    /// Whether a line of a place may be damaged. Of a file with a few rows none must be: a reader who is told nothing by
    /// a header looks for a first row that is whole.
    fn may_damage(&self, place: &Place) -> bool {
        self.voters.parts() == 1
            || self.population.places.share_of_county(place, self.options.rows) >= PART_ROWS_DAMAGED
    }
}

/// The bytes of one block for each file, and what was counted on the way.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// A buffer for each file.
    pub(crate) voters: Vec<Vec<u8>>,
    pub(crate) history: Vec<Vec<u8>>,
    pub(crate) protections: Vec<u8>,
    pub(crate) canaries: Vec<u8>,
    pub(crate) counts: Counts,
    window: Window,
}

/// What a roll holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Registrants, the damaged lines among them.
    pub rows: u64,
    /// Damaged lines of the voter file.
    pub damaged: u64,
    /// Rows of the history file; 0 where the history is in columns.
    pub history_rows: u64,
    /// Ballots that the files tell of, wherever they stand: in a history file, in columns, in rows of their own.
    pub participations: u64,
    /// Invented protected records that must never appear in any output.
    pub canaries: u64,
    /// Registrants of 16 and 17 years.
    pub preregistered: u64,
    /// Entries of `protections.csv`, canaries among them, by ground.
    pub protected: BTreeMap<Ground, u64>,
}

impl Counts {
    /// Adds the counts of another part.
    pub(crate) fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.damaged += other.damaged;
        self.history_rows += other.history_rows;
        self.participations += other.participations;
        self.canaries += other.canaries;
        self.preregistered += other.preregistered;
        for (ground, count) in &other.protected {
            *self.protected.entry(*ground).or_default() += count;
        }
    }
}

impl Block {
    /// Makes the block of this number, in place of what it held.
    pub(crate) fn fill(&mut self, plan: &Plan<'_>, number: u64) {
        self.voters.resize_with(plan.voters.parts(), Vec::new);
        self.history.resize_with(plan.history.as_ref().map_or(0, Sheet::parts), Vec::new);
        let own = [&mut self.protections, &mut self.canaries];
        self.voters.iter_mut().chain(&mut self.history).chain(own).for_each(Vec::clear);
        self.counts = Counts::default();
        let first = number * BLOCK_WINDOWS;
        let windows = crate::window::windows(plan.options.rows);
        for window in first..windows.min(first + BLOCK_WINDOWS) {
            self.window.fill(plan.population, plan.options.seed, window, plan.options.rows);
            self.write_voters(plan, window);
            self.write_history(plan, window);
            self.write_protections(plan, window);
            for token in &self.window.canaries {
                self.canaries.extend_from_slice(token.as_bytes());
                self.canaries.push(b'\n');
            }
            self.counts.canaries += u64::try_from(self.window.canaries.len()).unwrap_or(0);
        }
    }

    fn write_voters(&mut self, plan: &Plan<'_>, window: u64) {
        let mut rng = Rng::stream(plan.options.seed, DAMAGE_STREAM + window);
        let form = plan.voters.form();
        for (person, at) in self.window.people.iter().zip(0..) {
            let Some(place) = plan.population.places.get(person.place) else { continue };
            let Some(out) = self.voters.get_mut(plan.voters.part_of(place)) else { continue };
            let start = out.len();
            let row = Row { person, number: plan.number(window * WINDOW_ROWS + at), ballot: None };
            plan.voters.write_row(row, &mut Line::new(form, out));
            self.counts.rows += 1;
            self.counts.preregistered += u64::from(person.age < 18);
            self.counts.participations += plan.voters.ballots_in_row(person);
            let is_due = rng.per_mille(plan.options.broken_per_thousand);
            if is_due && is_ordinary(person) && plan.may_damage(place) {
                damage(out, start, form, &mut rng);
                self.counts.damaged += 1;
            }
            if plan.voters.repeats_registrants() {
                let mut line = Line::new(form, out);
                for ballot in ballots(plan.population, person) {
                    plan.voters.write_row(Row { ballot: Some(ballot), ..row }, &mut line);
                    self.counts.participations += 1;
                }
            }
        }
    }

    fn write_history(&mut self, plan: &Plan<'_>, window: u64) {
        let Some(sheet) = &plan.history else { return };
        for (person, at) in self.window.people.iter().zip(0..) {
            let Some(place) = plan.population.places.get(person.place) else { continue };
            let Some(out) = self.history.get_mut(sheet.part_of(place)) else { continue };
            let mut line = Line::new(sheet.form(), out);
            let number = plan.number(window * WINDOW_ROWS + at);
            for ballot in ballots(plan.population, person) {
                for _ in 0..copies(person) {
                    sheet.write_row(Row { person, number, ballot: Some(ballot) }, &mut line);
                    self.counts.history_rows += 1;
                    self.counts.participations += 1;
                }
            }
        }
    }

    fn write_protections(&mut self, plan: &Plan<'_>, window: u64) {
        let calendar = &plan.population.calendar;
        for protection in &self.window.protections {
            let row = window * WINDOW_ROWS + u64::try_from(protection.index).unwrap_or(0);
            let person = self.window.people.get(protection.index);
            let Some(place) = person.and_then(|person| plan.population.places.get(person.place)) else { continue };
            let voter_id = plan.population.profile.voter_id(plan.number(row), place);
            let until = protection.until.map(|day| calendar.date(day).to_string()).unwrap_or_default();
            let since = calendar.date(protection.since);
            let line = format!("{voter_id},{},{since},{until}\n", protection.ground);
            self.protections.extend_from_slice(line.as_bytes());
            *self.counts.protected.entry(protection.ground).or_default() += 1;
        }
    }
}

/// How often a history file repeats a registrant's rows: one registrant in 190 has all of them twice.
fn copies(person: &Person) -> u32 {
    1 + u32::from(person.zeal == 100)
}

/// The elections in which a registrant voted.
fn ballots<'p>(population: &'p Population, person: &Person) -> impl Iterator<Item = &'p Election> {
    let votes = person.votes;
    population.elections.iter().filter(move |ballot| votes >> ballot.index & 1 == 1)
}

/// The registrant's number among so many: a permutation of the rows, so that numbers tell nothing of the order of the file.
fn voter_number(seed: u64, row: u64, span: u64) -> u32 {
    // An odd factor permutes the numbers below a power of two; the one of Fibonacci hashing spreads neighbors.
    let permuted = row.wrapping_mul(2_654_435_769).wrapping_add(seed) % span;
    1_000_000 + u32::try_from(permuted).unwrap_or(0)
}

/// Whether a line may be damaged: a planted or protected one must arrive.
fn is_ordinary(person: &Person) -> bool {
    use crate::text::Text::{Initial, Joined, Word};
    let is_simple = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let has_simple_name = match &person.last {
        Word(word) => is_simple(word),
        Joined(first, _, second) => is_simple(first) && is_simple(second),
        Initial(_) | crate::text::Text::Numbered(..) | crate::text::Text::Own(_) => false,
    };
    has_simple_name && !person.is_protected && person.dates == DateOddity::None && person.age >= 18
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn voter_numbers_are_unique() {
        let numbers: BTreeSet<u32> = (0..100_000).map(|row| voter_number(7, row, ROWS_MAX)).collect();
        assert_eq!(numbers.len(), 100_000);
        assert!(numbers.iter().all(|number| (1_000_000..136_000_000).contains(number)));
    }
}
