//! How the lines of one table of a delivery become rows.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use terms::Date;

use super::columns::{Column, Words};
use super::lines::{CHUNK_ROWS, Lines};
use super::lookup::LookupPlan;
use super::marks::MarkPlan;
use super::numbered::NumberedPlan;
use super::outline::Outline;
use super::plan::{ColumnPlan, column_plans};
use super::states::States;
use crate::read::form::Form;
use crate::read::scan::RowRef;
use crate::schema::{EXTRA, FIELD_STATE, SOURCE_FILE, SOURCE_ROW};

/// How the lines of one table of a delivery become rows.
#[derive(Debug)]
pub(crate) struct SourcePlan<'a> {
    pub(crate) columns: Vec<ColumnPlan<'a>>,
    /// Columns that the file's name fills.
    named: Vec<(usize, String)>,
    lookups: Vec<LookupPlan<'a>>,
    numbered: Option<NumberedPlan>,
    marks: Option<MarkPlan<'a>>,
    /// Columns of the table that nothing here fills.
    missing: Vec<usize>,
}

impl<'a> SourcePlan<'a> {
    /// Plans a table of registrants; `own` are the columns that the reader fills by itself, `named` what the file's
    /// name tells.
    pub(crate) fn new(
        form: &Form<'a>,
        named: &[(String, String)],
        lookups: Vec<LookupPlan<'a>>,
        numbered: Option<NumberedPlan>,
        outline: &Outline,
        own: &[&str],
        as_of: Date,
    ) -> Self {
        let mut columns = column_plans(&form.binding, outline, as_of, |_| true);
        let routed: Vec<usize> = numbered.iter().flat_map(NumberedPlan::slots).collect();
        columns.retain(|plan| !plan.slots().any(|slot| routed.contains(&slot)));
        let mut filled: Vec<usize> = columns.iter().flat_map(ColumnPlan::slots).collect();
        let mut of_name = Vec::new();
        for (name, value) in named {
            if let Some(slot) = outline.slot(name).filter(|slot| !filled.contains(slot)) {
                of_name.push((slot, value.clone()));
                filled.push(slot);
            }
        }
        filled.extend(lookups.iter().flat_map(LookupPlan::slots));
        filled.extend(routed);
        let marks = MarkPlan::new(&form.binding, outline);
        filled.extend(marks.as_ref().map(MarkPlan::slot));
        let is_missing = |slot: &usize, name: &str| !own.contains(&name) && !filled.contains(slot);
        let missing = outline.columns.iter().enumerate().filter(|(slot, (name, _))| is_missing(slot, name));
        let missing = missing.map(|(slot, _)| slot).collect();
        Self { columns, named: of_name, lookups, numbered, marks, missing }
    }

    /// Plans what a history file holds beside participations: its columns without a home.
    pub(crate) fn of_extras(form: &Form<'a>, outline: &Outline, as_of: Date) -> Self {
        let is_extra = |name: &str| name.starts_with(EXTRA);
        let columns = column_plans(&form.binding, outline, as_of, is_extra);
        let filled: Vec<usize> = columns.iter().flat_map(ColumnPlan::slots).collect();
        let extras = outline.columns.iter().enumerate().filter(|(_, (name, _))| is_extra(name));
        let missing = extras.map(|(slot, _)| slot).filter(|slot| !filled.contains(slot)).collect();
        Self { columns, named: Vec::new(), lookups: Vec::new(), numbered: None, marks: None, missing }
    }

    /// Appends the planned columns of some lines.
    pub(crate) fn fill(&self, lines: &Lines<'_>, rows: usize, columns: &mut [Column], states: &mut States<'a>) {
        for plan in &self.columns {
            plan.fill(lines, columns, states);
        }
        for (slot, value) in &self.named {
            if let Some(column) = columns.get_mut(*slot) {
                (0..rows).for_each(|_| column.push_text(value.as_bytes()));
            }
        }
        for lookup in &self.lookups {
            lookup.fill(lines, columns);
        }
        if let Some(numbered) = &self.numbered {
            numbered.fill(lines, columns);
        }
        if let Some(marks) = &self.marks {
            marks.fill(lines, columns);
        }
        for slot in &self.missing {
            if let Some(column) = columns.get_mut(*slot) {
                (0..rows).for_each(|_| column.push_null());
            }
        }
    }
}

/// Cuts sorted rows into chunks of one table each.
pub(crate) fn chunks(rows: &[RowRef]) -> impl Iterator<Item = &[RowRef]> {
    rows.chunk_by(|a, b| a.source == b.source).flat_map(|run| run.chunks(CHUNK_ROWS))
}

/// Where the reader's own columns stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnSlots {
    field_state: Option<usize>,
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

    /// Appends provenance and states of some rows of one table.
    pub(crate) fn fill(self, rows: &[RowRef], file: &str, columns: &mut [Column], states: &mut States<'_>) {
        let word = |slot: Option<usize>, columns: &mut [Column], fill: &mut dyn FnMut(&mut Words)| {
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
