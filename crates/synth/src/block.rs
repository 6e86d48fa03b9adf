//! Blocks of windows, written to buffers by any thread.

use std::collections::BTreeMap;

use terms::Ground;

use crate::damage::damage;
use crate::household::Population;
use crate::line::Line;
use crate::options::{Options, ROWS_MAX};
use crate::person::{DateOddity, Person};
use crate::rng::Rng;
use crate::sheet::{Row, Sheet};
use crate::window::{WINDOW_ROWS, Window};

/// Windows in a block: 4,000 rows, some 1.5 MB of text, so that a buffer is large beside a write and small beside a cache.
pub(crate) const BLOCK_WINDOWS: u64 = 20;

/// Numbers of the streams that say which lines are damaged, apart from those of windows and canaries.
const DAMAGE_STREAM: u64 = 1 << 62;

/// What a roll is written with.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) population: &'a Population,
    pub(crate) voters: Sheet<'a>,
    pub(crate) history: Option<Sheet<'a>>,
    pub(crate) options: &'a Options,
}

/// The bytes of one block for each file, and what was counted on the way.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) voters: Vec<u8>,
    pub(crate) history: Vec<u8>,
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
        for buffer in [&mut self.voters, &mut self.history, &mut self.protections, &mut self.canaries] {
            buffer.clear();
        }
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
            let start = self.voters.len();
            let row = Row { person, number: voter_number(plan.options.seed, window * WINDOW_ROWS + at), ballot: None };
            plan.voters.write_row(row, &mut Line::new(form, &mut self.voters));
            self.counts.rows += 1;
            self.counts.preregistered += u64::from(person.age < 18);
            let is_due = rng.per_mille(plan.options.broken_per_thousand);
            if is_due && is_ordinary(person) {
                damage(&mut self.voters, start, form, &mut rng);
                self.counts.damaged += 1;
            }
        }
    }

    fn write_history(&mut self, plan: &Plan<'_>, window: u64) {
        let Some(sheet) = &plan.history else { return };
        let mut line = Line::new(sheet.form(), &mut self.history);
        for (person, at) in self.window.people.iter().zip(0..) {
            let number = voter_number(plan.options.seed, window * WINDOW_ROWS + at);
            for (ballot, bit) in plan.population.elections.iter().zip(0..u64::BITS) {
                if person.votes >> bit & 1 == 0 {
                    continue;
                }
                for _ in 0..copies(person) {
                    sheet.write_row(Row { person, number, ballot: Some(ballot) }, &mut line);
                    self.counts.history_rows += 1;
                }
            }
        }
    }

    fn write_protections(&mut self, plan: &Plan<'_>, window: u64) {
        let calendar = &plan.population.calendar;
        for protection in &self.window.protections {
            let row = window * WINDOW_ROWS + u64::try_from(protection.index).unwrap_or(0);
            let voter_id = plan.population.profile.voter_id(voter_number(plan.options.seed, row));
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

/// The registrant's number: a permutation of the rows, so that numbers tell nothing of the order of the file.
fn voter_number(seed: u64, row: u64) -> u32 {
    // An odd factor permutes the numbers below a power of two; the one of Fibonacci hashing spreads neighbors.
    let permuted = row.wrapping_mul(2_654_435_769).wrapping_add(seed) % ROWS_MAX;
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
        let numbers: BTreeSet<u32> = (0..100_000).map(|row| voter_number(7, row)).collect();
        assert_eq!(numbers.len(), 100_000);
        assert!(numbers.iter().all(|number| (1_000_000..136_000_000).contains(number)));
    }
}
