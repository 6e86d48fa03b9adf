//! The voter table.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use terms::Date;

use super::columns::Column;
use super::lines::{CHUNK_ROWS, Lines};
use super::plan::{CellPlan, Outline};
use super::states::States;
use crate::layout::{Bound, Encoding};
use crate::read::Splitter;
use crate::read::header::Header;
use crate::read::scan::RowRef;
use crate::read::source::Source;
use crate::schema::{FIELD_STATE, SOURCE_FILE, SOURCE_ROW};

/// How the lines of one source become rows of a table.
#[derive(Debug)]
pub(crate) struct SourcePlan<'a> {
    pub(crate) source: &'a Source,
    pub(crate) splitter: Splitter,
    pub(crate) encoding: Encoding,
    pub(crate) width: usize,
    pub(crate) cells: Vec<CellPlan<'a>>,
    /// Columns of the table that this source does not have.
    missing: Vec<usize>,
}

impl<'a> SourcePlan<'a> {
    /// Plans a source; `own` are the columns of the table that the reader fills by itself.
    pub(crate) fn new(
        source: &'a Source,
        header: &Header<'a>,
        (splitter, encoding): (Splitter, Encoding),
        outline: &Outline,
        own: &[&str],
        as_of: Date,
    ) -> Self {
        let bound = header.binding.columns.iter().enumerate();
        let cells: Vec<CellPlan<'a>> = bound
            .filter_map(|(cell, bound)| match bound {
                Bound::Column(column) => CellPlan::new(cell, column, outline, as_of),
                Bound::Election(_) => None,
            })
            .collect();
        let is_missing = |slot: &usize, name: &str| {
            !own.contains(&name) && !cells.iter().any(|plan| plan.slots().any(|filled| filled == *slot))
        };
        let missing = outline.columns.iter().enumerate().filter(|(slot, (name, _))| is_missing(slot, name));
        let missing = missing.map(|(slot, _)| slot).collect();
        Self { source, splitter, encoding, width: header.binding.columns.len(), cells, missing }
    }

    /// Appends the planned columns of some lines.
    pub(crate) fn fill(&self, lines: &Lines<'_>, rows: usize, columns: &mut [Column], states: &mut States<'a>) {
        for plan in &self.cells {
            plan.fill(lines, columns, states);
        }
        for slot in &self.missing {
            if let Some(column) = columns.get_mut(*slot) {
                (0..rows).for_each(|_| column.push_null());
            }
        }
    }
}

/// Cuts sorted rows into chunks of one source each.
pub(crate) fn chunks(rows: &[RowRef]) -> impl Iterator<Item = &[RowRef]> {
    rows.chunk_by(|a, b| a.source == b.source).flat_map(|run| run.chunks(CHUNK_ROWS))
}

/// Where the reader's own columns stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnSlots {
    pub(crate) field_state: Option<usize>,
    source_file: Option<usize>,
    source_row: Option<usize>,
}

impl OwnSlots {
    pub(crate) fn of(outline: &Outline) -> Self {
        Self {
            field_state: outline.slot(FIELD_STATE),
            source_file: outline.slot(SOURCE_FILE),
            source_row: outline.slot(SOURCE_ROW),
        }
    }

    /// Appends provenance and states of some rows of one source.
    pub(crate) fn fill(self, rows: &[RowRef], file: &str, columns: &mut [Column], states: &mut States<'_>) {
        let word = |slot: Option<usize>, columns: &mut [Column], fill: &mut dyn FnMut(&mut super::columns::Words)| {
            if let Some(Column::Dict(words)) = slot.and_then(|slot| columns.get_mut(slot)) {
                fill(words);
            }
        };
        word(self.field_state, columns, &mut |words| states.drain_into(rows.len(), words));
        word(self.source_file, columns, &mut |words| rows.iter().for_each(|_| words.push(Some(file.as_bytes()))));
        if let Some(Column::Line(lines)) = self.source_row.and_then(|slot| columns.get_mut(slot)) {
            lines.extend(rows.iter().map(|row| u64::from(row.line)));
        }
    }
}

/// Finishes a table.
pub(crate) fn batch(outline: &Outline, columns: Vec<Column>) -> Result<RecordBatch, ArrowError> {
    let fields: Vec<_> = outline.columns.iter().map(|(name, kind)| kind.arrow_field(name)).collect();
    let arrays = columns.into_iter().map(Column::finish).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Schema::new(fields).into(), arrays)
}
