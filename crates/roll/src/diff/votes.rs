//! Participations of registrants who are in both snapshots, and of those who came and went.

use std::collections::{BTreeSet, HashMap};

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use rayon::prelude::*;

use super::error::DiffError;
use super::report::Election;
use super::side::Side;
use super::window::Window;
use crate::cells::Cells;
use crate::schema::OUTCOMES;

/// Outcomes that can be told apart; a power of two above their number.
const OUTCOMES_MAX: u32 = 8;
const _: () = assert!(OUTCOMES.len() < OUTCOMES_MAX as usize);

/// The elections of both snapshots by their numbers.
#[derive(Debug)]
pub(super) struct Elections {
    /// Id, and whether the first and the second snapshot know it; in the order of ids.
    known: Vec<(String, bool, bool)>,
    numbers: HashMap<String, u32>,
}

impl Elections {
    pub(super) fn read(before: &Side<'_>, after: &Side<'_>) -> Result<Self, DiffError> {
        let (before, after) = (ids(before)?, ids(after)?);
        let all: BTreeSet<&String> = before.iter().chain(&after).collect();
        let known: Vec<(String, bool, bool)> =
            all.into_iter().map(|id| (id.clone(), before.contains(id), after.contains(id))).collect();
        let numbers = known.iter().map(|(id, ..)| id.clone()).zip(0..).collect();
        Ok(Self { known, numbers })
    }

    /// Empty counts, one for each election.
    pub(super) fn counts(&self) -> Vec<Counts> {
        vec![Counts::default(); self.known.len()]
    }

    /// Puts ids for numbers.
    pub(super) fn finish(self, counts: &[Counts]) -> Vec<Election> {
        let named = self.known.into_iter().zip(counts).map(|((election, is_in_before, is_in_after), counts)| {
            let Counts { before, added, removed, changed, came, left } = *counts;
            let after = (before + added + came).saturating_sub(removed + left);
            Election { election, is_in_before, is_in_after, before, after, added, removed, changed, came, left }
        });
        named.collect()
    }
}

fn ids(side: &Side<'_>) -> Result<BTreeSet<String>, DiffError> {
    let batch = side.roll.elections()?;
    let Some(array) = batch.column_by_name("election_id") else { return Ok(BTreeSet::new()) };
    let cells = Cells::new(array);
    Ok((0..cells.len()).filter_map(|row| cells.text(row).map(str::to_owned)).collect())
}

/// What is counted of an election.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    before: u64,
    added: u64,
    removed: u64,
    changed: u64,
    came: u64,
    left: u64,
}

/// Adds the counts of some registrants to those of others.
pub(super) fn add(sums: &mut [Counts], counts: &[Counts]) {
    for (sum, counts) in sums.iter_mut().zip(counts) {
        sum.before += counts.before;
        sum.added += counts.added;
        sum.removed += counts.removed;
        sum.changed += counts.changed;
        sum.came += counts.came;
        sum.left += counts.left;
    }
}

/// The participations of a part, registrant by registrant.
#[derive(Debug)]
pub(super) struct Votes {
    /// Where each row's participations begin; one more entry than rows.
    starts: Vec<u32>,
    /// Election and outcome as one number, sorted within a row.
    votes: Vec<u32>,
}

impl Votes {
    pub(super) fn read(side: &Side<'_>, part: usize, elections: &Elections) -> Result<Self, DiffError> {
        let batch = side.participations(part)?;
        Ok(Self::new(&batch, side.rows_of(part).len(), elections))
    }

    fn new(batch: &RecordBatch, rows: usize, elections: &Elections) -> Self {
        let [row_of, ids, outcomes] = batch.columns() else {
            return Self { starts: vec![0; rows + 1], votes: Vec::new() };
        };
        let of_election = numbers(Cells::new(ids), |id| elections.numbers.get(id).copied());
        let outcome =
            |word: &str| OUTCOMES.iter().position(|known| *known == word).and_then(|at| u32::try_from(at).ok());
        let of_outcome = numbers(Cells::new(outcomes), |word| Some(outcome(word).unwrap_or(OUTCOMES_MAX - 1)));
        let row_of = row_of.as_primitive_opt::<UInt32Type>().map(|rows| rows.values().as_ref()).unwrap_or_default();
        let known = row_of.iter().zip(of_election).zip(of_outcome).filter_map(|((row, election), outcome)| {
            Some((*row, election? * OUTCOMES_MAX + outcome.unwrap_or(OUTCOMES_MAX - 1)))
        });
        let known: Vec<(u32, u32)> = known.filter(|(row, _)| (*row as usize) < rows).collect();
        let mut starts = vec![0_u32; rows + 1];
        for (row, _) in &known {
            if let Some(count) = starts.get_mut(*row as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut votes = vec![0; known.len()];
        let mut next = starts.clone();
        for (row, vote) in known {
            if let Some(at) = next.get_mut(row as usize)
                && let Some(place) = votes.get_mut(*at as usize)
            {
                *place = vote;
                *at += 1;
            }
        }
        let mut all = Self { starts, votes };
        all.sort();
        all
    }

    fn sort(&mut self) {
        let mut rest = self.votes.as_mut_slice();
        for bounds in self.starts.windows(2) {
            let length = if let [from, to] = bounds { (to - from) as usize } else { 0 };
            let Some((row, after)) = rest.split_at_mut_checked(length) else { return };
            row.sort_unstable();
            rest = after;
        }
    }

    fn of(&self, row: u32) -> &[u32] {
        let row = row as usize;
        let bounds = self.starts.get(row).zip(self.starts.get(row + 1));
        bounds.and_then(|(from, to)| self.votes.get(*from as usize..*to as usize)).unwrap_or_default()
    }

    /// Counts the participations of a registrant of the second snapshot only.
    pub(super) fn came(&self, row: u32, counts: &mut [Counts]) {
        each(self.of(row), counts, |counts| counts.came += 1);
    }
}

/// The number of each cell; once per word of a dictionary.
fn numbers(cells: Cells<'_>, number: impl Fn(&str) -> Option<u32>) -> Vec<Option<u32>> {
    if let Cells::Words(keys, words) = cells {
        let known: Vec<Option<u32>> = words.iter().map(|word| number(word?)).collect();
        return keys.iter().map(|key| known.get(usize::try_from(key?).ok()?).copied().flatten()).collect();
    }
    (0..cells.len()).map(|row| number(cells.text(row)?)).collect()
}

fn each(votes: &[u32], counts: &mut [Counts], count: impl Fn(&mut Counts)) {
    for vote in votes {
        if let Some(counts) = counts.get_mut((vote / OUTCOMES_MAX) as usize) {
            count(counts);
        }
    }
}

/// Counts the participations of a registrant of both snapshots.
///
/// What stands on both sides with the same outcome is kept. Of the rest, one of an election on each side is a change of
/// outcome, and what is left over was removed or added.
fn compare(before: &[u32], after: &[u32], counts: &mut [Counts]) {
    each(before, counts, |counts| counts.before += 1);
    if before == after {
        return;
    }
    let (mut gone, mut new) = (Vec::new(), Vec::new());
    split(before, after, |vote| *vote, &mut gone, &mut new);
    let (mut removed, mut added) = (Vec::new(), Vec::new());
    let changed = split(&gone, &new, |vote| *vote / OUTCOMES_MAX, &mut removed, &mut added);
    each(&changed, counts, |counts| counts.changed += 1);
    each(&removed, counts, |counts| counts.removed += 1);
    each(&added, counts, |counts| counts.added += 1);
}

/// Takes what stands only in one of two sorted lists apart, by a key that sorts alike; returns what stands in both.
fn split(
    before: &[u32],
    after: &[u32],
    key: impl Fn(&u32) -> u32,
    gone: &mut Vec<u32>,
    new: &mut Vec<u32>,
) -> Vec<u32> {
    let mut both = Vec::new();
    let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
    while let (Some(one), Some(other)) = (before.peek(), after.peek()) {
        match key(one).cmp(&key(other)) {
            std::cmp::Ordering::Less => gone.extend(before.next()),
            std::cmp::Ordering::Greater => new.extend(after.next()),
            std::cmp::Ordering::Equal => {
                both.extend(before.next());
                after.next();
            }
        }
    }
    gone.extend(before);
    new.extend(after);
    both
}

impl Window<'_> {
    /// Counts the participations of this window's registrants, and of those of them who are gone.
    pub(super) fn votes(&self, elections: &Elections) -> Result<Vec<Counts>, DiffError> {
        let parts = self.before.parts_of(&self.rows);
        let first = parts.start;
        let held = parts.into_par_iter().map(|part| Votes::read(self.before, part, elections));
        let held = held.collect::<Result<Vec<Votes>, _>>()?;
        let of_part = |part: usize| held.get(part - first);
        let groups: Vec<_> = self.groups().collect();
        let counts = groups.into_par_iter().map(|(part, group)| {
            let after = Votes::read(self.after, part, elections)?;
            let mut counts = elections.counts();
            for block in group {
                let Some(before) = of_part(block.before) else { continue };
                for (row, partner) in &block.pairs {
                    compare(before.of(*row), after.of(*partner), &mut counts);
                }
            }
            Ok::<_, DiffError>(counts)
        });
        let mut sums = elections.counts();
        counts.collect::<Result<Vec<_>, _>>()?.iter().for_each(|counts| add(&mut sums, counts));
        for (row, _) in self.rows.clone().zip(self.partners).filter(|(_, partner)| **partner == super::ids::ALONE) {
            let part = self.before.part_of(row);
            let votes = of_part(part).map(|votes| votes.of(row - self.before.rows_of(part).start)).unwrap_or_default();
            each(votes, &mut sums, |counts| {
                counts.before += 1;
                counts.left += 1;
            });
        }
        Ok(sums)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Election and outcome as one number.
    fn vote(election: u32, outcome: u32) -> u32 {
        election * OUTCOMES_MAX + outcome
    }

    #[test]
    fn a_participation_is_kept_changed_removed_or_added() {
        let before = [vote(0, 4), vote(1, 4), vote(2, 4), vote(3, 4), vote(3, 4)];
        let after = [vote(0, 4), vote(1, 0), vote(3, 4), vote(4, 4)];
        let mut counts = vec![Counts::default(); 5];
        compare(&before, &after, &mut counts);
        let told: Vec<[u64; 4]> = counts.iter().map(|c| [c.before, c.added, c.removed, c.changed]).collect();
        assert_eq!(told, [[1, 0, 0, 0], [1, 0, 0, 1], [1, 0, 1, 0], [2, 0, 1, 0], [0, 1, 0, 0]]);
    }
}
