//! Some rows of the first snapshot with their partners in the second one, compared column by column.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::ArrayRef;

use super::compare::{Change, differences};
use super::error::DiffError;
use super::ids::{ALONE, Matching};
use super::side::Side;
use crate::cells::Cells;
use crate::words::{NONE, Words};

/// Rows of one part of the first snapshot whose partners stand in one part of the second one.
#[derive(Debug)]
pub(super) struct Block {
    /// The part of the first snapshot.
    pub(super) before: usize,
    /// The part of the second snapshot.
    pub(super) after: usize,
    /// Rows within these parts.
    pub(super) pairs: Vec<(u32, u32)>,
}

/// Some rows of the first snapshot with their partners.
#[derive(Debug)]
pub(super) struct Window<'a> {
    pub(super) before: &'a Side<'a>,
    pub(super) after: &'a Side<'a>,
    /// Rows of the first snapshot, numbered through all parts.
    pub(super) rows: Range<u32>,
    /// For each of them its partner, or [`ALONE`].
    pub(super) partners: &'a [u32],
    /// By part of the second snapshot, then of the first.
    pub(super) blocks: Vec<Block>,
}

impl<'a> Window<'a> {
    pub(super) fn new((before, after): (&'a Side<'a>, &'a Side<'a>), rows: Range<u32>, matching: &'a Matching) -> Self {
        let partners = matching.partners.get(rows.start as usize..rows.end as usize).unwrap_or_default();
        let mut sorted: Vec<(usize, usize, u32, u32)> = Vec::with_capacity(partners.len());
        for (row, partner) in rows.clone().zip(partners).filter(|(_, partner)| **partner != ALONE) {
            let (part, other_part) = (before.part_of(row), after.part_of(*partner));
            let within = row - before.rows_of(part).start;
            sorted.push((other_part, part, within, partner - after.rows_of(other_part).start));
        }
        sorted.sort_unstable();
        let block = |same: &[(usize, usize, u32, u32)]| {
            let (after, before, ..) = *same.first()?;
            Some(Block { before, after, pairs: same.iter().map(|(_, _, a, b)| (*a, *b)).collect() })
        };
        let blocks = sorted.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter_map(block).collect();
        Self { before, after, rows, partners, blocks }
    }

    /// The blocks of each part of the second snapshot.
    pub(super) fn groups(&self) -> impl Iterator<Item = (usize, &[Block])> {
        self.blocks.chunk_by(|a, b| a.after == b.after).filter_map(|group| Some((group.first()?.after, group)))
    }

    /// The place in this window of a row of a part of the first snapshot.
    pub(super) fn place(&self, part: usize, row: u32) -> u32 {
        // INVARIANT: blocks hold rows of the window only.
        (self.before.rows_of(part).start + row).saturating_sub(self.rows.start)
    }

    /// The numbers of a column's words: of each row, and of each row's partner. [`NONE`] where there is none.
    pub(super) fn numbers(&self, column: Option<&str>, words: &mut Words) -> Result<(Vec<u32>, Vec<u32>), DiffError> {
        let mut of_rows = vec![NONE; self.partners.len()];
        let mut of_partners = of_rows.clone();
        let Some(column) = column else { return Ok((of_rows, of_partners)) };
        if self.before.snapshot().has_column(column) {
            for part in self.before.parts_of(&self.rows) {
                let numbers = words.numbers(Cells::new(&self.before.column(part, column)?));
                let inside = self.before.rows_of(part).zip(numbers).filter(|(row, _)| self.rows.contains(row));
                for (row, number) in inside {
                    set(&mut of_rows, row - self.rows.start, number);
                }
            }
        }
        if self.after.snapshot().has_column(column) {
            for (part, group) in self.groups() {
                let numbers = words.numbers(Cells::new(&self.after.column(part, column)?));
                for block in group {
                    for (row, partner) in &block.pairs {
                        let number = numbers.get(*partner as usize).copied().unwrap_or(NONE);
                        set(&mut of_partners, self.place(block.before, *row), number);
                    }
                }
            }
        }
        Ok((of_rows, of_partners))
    }

    /// The changed values of a column, in the order of rows, with their texts if wanted. Once the room is used up the
    /// result is not whole.
    pub(super) fn changes(&self, column: &str, with_texts: bool, room: &Room) -> Result<Changes, DiffError> {
        let mut held: BTreeMap<usize, ArrayRef> = BTreeMap::new();
        let mut changes = Changes::default();
        for (part, group) in self.groups() {
            let partners = self.after.column(part, column)?;
            let after = Cells::new(&partners);
            for block in group {
                if room.is_full() {
                    return Ok(changes);
                }
                let rows = match held.entry(block.before) {
                    std::collections::btree_map::Entry::Occupied(held) => held.into_mut(),
                    std::collections::btree_map::Entry::Vacant(place) => {
                        place.insert(self.before.column(block.before, column)?)
                    }
                };
                let before = Cells::new(rows);
                let size = changes.size();
                differences(before, after, &block.pairs, |(row, partner), change| {
                    // LIMIT: a window has fewer rows than 32 bits can number.
                    let at = u32::try_from(changes.items.len()).unwrap_or(u32::MAX);
                    changes.items.push(Item { row: self.place(block.before, *row), change, at });
                    if with_texts {
                        changes.put_texts((before, *row), (after, *partner));
                    }
                });
                room.take(changes.size() - size);
            }
        }
        changes.items.sort_unstable_by_key(|item| item.row);
        Ok(changes)
    }
}

fn set(numbers: &mut [u32], place: u32, number: u32) {
    if let Some(cell) = numbers.get_mut(place as usize) {
        *cell = number;
    }
}

/// A changed value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Place of the row in its window.
    pub(super) row: u32,
    pub(super) change: Change,
    /// Place of its texts.
    at: u32,
}

/// The changed values of a column.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) items: Vec<Item>,
    /// Where the text before begins, where it ends and the one after begins, where that ends.
    spans: Vec<[u32; 3]>,
    text: String,
}

impl Changes {
    fn put_texts(&mut self, before: (Cells<'_>, u32), after: (Cells<'_>, u32)) {
        // LIMIT: windows are cut so that their changes fit into `CHANGE_BYTES_MAX` or are few.
        let at = |text: &String| u32::try_from(text.len()).unwrap_or(u32::MAX);
        let from = at(&self.text);
        before.0.write(before.1 as usize, &mut self.text);
        let middle = at(&self.text);
        after.0.write(after.1 as usize, &mut self.text);
        self.spans.push([from, middle, at(&self.text)]);
    }

    /// The texts before and after; `None` for no value.
    pub(super) fn texts(&self, item: &Item) -> (Option<&str>, Option<&str>) {
        let Some([from, middle, to]) = self.spans.get(item.at as usize).copied() else { return (None, None) };
        let text = |from: u32, to: u32| self.text.get(from as usize..to as usize);
        let before = text(from, middle).filter(|_| item.change != Change::Filled);
        (before, text(middle, to).filter(|_| item.change != Change::Emptied))
    }

    fn size(&self) -> usize {
        self.items.len() * size_of::<Item>() + self.spans.len() * size_of::<[u32; 3]>() + self.text.len()
    }
}

/// How much may be held in memory at one time, shared by the columns of a window.
#[derive(Debug)]
pub(super) struct Room {
    bytes_max: usize,
    used: AtomicUsize,
}

impl Room {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { bytes_max, used: AtomicUsize::new(0) }
    }

    fn take(&self, bytes: usize) {
        self.used.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }

    /// Whether more was taken than there is.
    pub(super) fn is_full(&self) -> bool {
        self.used() > self.bytes_max
    }
}
