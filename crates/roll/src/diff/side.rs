//! One of the two snapshots: its rows numbered through all parts, its columns read one at a time.

use std::ops::Range;

use arrow_array::ArrayRef;
use arrow_array::RecordBatch;

use super::error::{DiffError, ROWS_MAX};
use crate::reader::Reader;
use crate::snapshot::Snapshot;

/// A snapshot whose rows are numbered from 0 through all parts.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) roll: &'a Reader,
    /// The number of each part's first row; one more entry than parts.
    starts: Vec<u32>,
}

impl<'a> Side<'a> {
    pub(super) fn new(roll: &'a Reader) -> Result<Self, DiffError> {
        let parts = &roll.snapshot().manifest().parts;
        let rows: u64 = parts.iter().map(|part| part.voters).sum();
        if rows > ROWS_MAX {
            return Err(DiffError::TooManyRows { snapshot: roll.snapshot().manifest().snapshot.clone(), rows });
        }
        let mut starts = vec![0];
        let mut start = 0_u32;
        for part in parts {
            start = start.saturating_add(u32::try_from(part.voters).unwrap_or(u32::MAX));
            starts.push(start);
        }
        Ok(Self { roll, starts })
    }

    /// The snapshot.
    pub(super) fn snapshot(&self) -> &'a Snapshot {
        self.roll.snapshot()
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> u32 {
        self.starts.last().copied().unwrap_or(0)
    }

    /// The numbers of the rows of a part.
    pub(super) fn rows_of(&self, part: usize) -> Range<u32> {
        let start = self.starts.get(part).copied().unwrap_or(0);
        start..self.starts.get(part + 1).copied().unwrap_or(start)
    }

    /// The part that holds a row.
    pub(super) fn part_of(&self, row: u32) -> usize {
        self.starts.partition_point(|start| *start <= row).saturating_sub(1)
    }

    /// The parts that hold some of these rows.
    pub(super) fn parts_of(&self, rows: &Range<u32>) -> Range<usize> {
        if rows.is_empty() { 0..0 } else { self.part_of(rows.start)..self.part_of(rows.end - 1) + 1 }
    }

    /// Every part.
    pub(super) fn parts(&self) -> Range<usize> {
        0..self.snapshot().parts()
    }

    /// One column of one part.
    pub(super) fn column(&self, part: usize, column: &str) -> Result<ArrayRef, DiffError> {
        let batch = self.roll.read_voters(part, &[column])?;
        let rows = self.rows_of(part).len();
        if batch.num_rows() == rows
            && let Some(array) = batch.columns().first()
        {
            return Ok(array.clone());
        }
        Err(DiffError::Uneven { snapshot: self.snapshot().manifest().snapshot.clone(), part, rows: rows as u64 })
    }

    /// Which registrant took part in which election of a part, and how it went: `row`, `election_id`, `outcome`.
    pub(super) fn participations(&self, part: usize) -> Result<RecordBatch, DiffError> {
        Ok(self.roll.read_participations(part, &["row", "election_id", "outcome"])?)
    }
}
