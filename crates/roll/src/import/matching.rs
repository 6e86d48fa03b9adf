//! History rows and the registrants to whom they belong.

use std::io;
use std::path::Path;

use crate::read::scan::{IdKey, RowRef};
use crate::read::sort::{Fields, Record, Sorted, Sorter};

/// A registrant's number and place among all, in the order of the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Placed {
    id: IdKey,
    place: u64,
}

impl Record for Placed {
    const BYTES: usize = 24 + 8;

    fn put(&self, out: &mut Vec<u8>) {
        self.id.put(out);
        out.extend_from_slice(&self.place.to_le_bytes());
    }

    fn take(bytes: &[u8]) -> Self {
        let mut fields = Fields(bytes);
        Self { id: IdKey::take(&mut fields), place: u64::from_le_bytes(fields.word()) }
    }
}

/// A history row with the place of its registrant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct MatchedRow {
    pub(super) place: u64,
    pub(super) row: RowRef,
}

impl Record for MatchedRow {
    const BYTES: usize = 8 + RowRef::BYTES;

    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.place.to_le_bytes());
        self.row.put(out);
    }

    fn take(bytes: &[u8]) -> Self {
        let mut fields = Fields(bytes);
        let place = u64::from_le_bytes(fields.word());
        Self { place, row: RowRef::take(fields.0) }
    }
}

/// What came of matching.
pub(super) struct Matched {
    /// Rows whose number an earlier row has.
    pub(super) repeated: u64,
    /// History rows by the place of their registrant.
    pub(super) history: Sorted<MatchedRow>,
    /// History rows whose number is on no voter row, by number.
    pub(super) unmatched: Sorted<RowRef>,
}

/// Gives every history row to the first voter row of its number.
pub(super) fn matching(
    voters: &Sorted<RowRef>,
    history: &Sorted<RowRef>,
    spool: &Path,
    run_bytes: usize,
) -> io::Result<Matched> {
    let mut placed = Sorter::new(spool, "places", run_bytes);
    for (place, row) in (0..).zip(voters.iter()?) {
        placed.push(Placed { id: row?.id, place })?;
    }
    let placed = placed.finish();
    let mut firsts = Firsts { places: placed.iter()?, last: None, repeated: 0 };
    let mut matched = Sorter::new(spool, "matched", run_bytes);
    let mut unmatched = Sorter::new(spool, "unmatched", run_bytes);
    let mut next = firsts.next()?;
    for row in history.iter()? {
        let row = row?;
        // Both sides are sorted by number: what is passed here is never needed again.
        while next.is_some_and(|placed| placed.id < row.id) {
            next = firsts.next()?;
        }
        match next.filter(|placed| placed.id == row.id) {
            Some(placed) => matched.push(MatchedRow { place: placed.place, row })?,
            None => unmatched.push(row)?,
        }
    }
    while next.is_some() {
        next = firsts.next()?;
    }
    let repeated = firsts.repeated;
    Ok(Matched { repeated, history: matched.finish(), unmatched: unmatched.finish() })
}

/// The first place of each number.
struct Firsts<I> {
    places: I,
    last: Option<IdKey>,
    repeated: u64,
}

impl<I: Iterator<Item = io::Result<Placed>>> Firsts<I> {
    fn next(&mut self) -> io::Result<Option<Placed>> {
        for placed in self.places.by_ref() {
            let placed = placed?;
            if self.last == Some(placed.id) {
                self.repeated += 1;
                continue;
            }
            self.last = Some(placed.id);
            return Ok(Some(placed));
        }
        Ok(None)
    }
}
