//! Registrants in their order, and history rows with their registrants.

use rayon::prelude::*;

use crate::read::scan::{IdKey, RowRef, Scanned};

/// Voter rows in the order of the snapshot.
#[derive(Debug)]
pub(super) struct Ordered {
    pub(super) rows: Vec<RowRef>,
    /// Number and place of every row, by number.
    places: Vec<(IdKey, u32)>,
    /// Rows whose number an earlier row has.
    pub(super) repeated: u64,
}

/// History rows with and without a registrant.
#[derive(Debug, Default)]
pub(super) struct Matched {
    /// Place of the registrant among the ordered voter rows, and the history row, in this order.
    pub(super) rows: Vec<(u32, RowRef)>,
    /// History rows whose number is on no voter row, by number.
    pub(super) unmatched: Vec<RowRef>,
}

impl Ordered {
    /// Sorts voter rows by county, number, source and line.
    pub(super) fn new(scanned: &[Scanned]) -> Self {
        let rows = sorted(scanned);
        let mut places: Vec<(IdKey, u32)> = rows.iter().map(|row| row.id).zip(0..).collect();
        places.par_sort_unstable();
        let repeated = places.windows(2).filter(|pair| matches!(pair, [(a, _), (b, _)] if a == b)).count() as u64;
        Self { rows, places, repeated }
    }

    /// Gives every history row to the first voter row of its number.
    pub(super) fn join(&self, scanned: &[Scanned]) -> Matched {
        let mut matched = Matched::default();
        let mut places = self.places.as_slice();
        for row in sorted(scanned) {
            // Both sides are sorted by number: what is passed here is never needed again.
            let passed = places.iter().take_while(|(id, _)| *id < row.id).count();
            places = places.get(passed..).unwrap_or_default();
            match places.first() {
                Some((id, place)) if *id == row.id => matched.rows.push((*place, row)),
                _ => matched.unmatched.push(row),
            }
        }
        matched.rows.par_sort_unstable();
        matched
    }
}

fn sorted(scanned: &[Scanned]) -> Vec<RowRef> {
    let mut rows = Vec::with_capacity(scanned.iter().map(|source| source.rows.len()).sum());
    scanned.iter().for_each(|source| rows.extend_from_slice(&source.rows));
    rows.par_sort_unstable();
    rows
}
