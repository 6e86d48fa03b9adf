//! The columns of a table that a delivery fills.

use std::collections::BTreeSet;

use super::columns::Column;
use crate::layout::{ColumnKind, LayoutColumn, Precision};
use crate::schema::{ColumnType, DISTRICTS, EXTRA, FIELD_STATE, PROTECTION_MARKS, SOURCE_FILE, SOURCE_ROW, Table};

/// The columns of a table in their output order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) columns: Vec<(String, ColumnType)>,
}

/// What fills the columns of a table.
#[derive(Debug, Default)]
pub(crate) struct Filled {
    /// Names of columns, in the order of the layouts.
    names: Vec<String>,
    /// Names of those whose published text is kept beside: codes, and dates that cannot be read.
    raw: BTreeSet<String>,
}

impl Filled {
    /// Adds a column of a layout with what is taken from it.
    pub(crate) fn column(&mut self, column: &LayoutColumn) {
        match column.kind {
            ColumnKind::Code(_) | ColumnKind::Date(_) | ColumnKind::Integer => drop(self.raw.insert(column.to.clone())),
            ColumnKind::Text | ColumnKind::Election(..) => {}
        }
        if let ("date_of_birth", ColumnKind::Date(forms)) = (column.to.as_str(), &column.kind)
            && forms.iter().any(|form| form.precision() == Precision::Year)
        {
            self.name("birth_year");
        }
        if !column.marks.is_empty() {
            self.name(PROTECTION_MARKS);
        }
        self.name(&column.to);
        column.also.iter().for_each(|taken| self.name(&taken.to));
    }

    /// Adds a column that is filled in another way.
    pub(crate) fn name(&mut self, name: &str) {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }
}

impl Outline {
    /// Canonical columns first, in the order of the schema, then districts and extras in the order of the layouts, then
    /// the reader's own. `own` are further columns that the reader fills by itself.
    pub(crate) fn new(table: Table, filled: &Filled, own: &[&str]) -> Self {
        let is_filled = |name: &str| filled.names.iter().any(|known| known == name);
        let is_last = |name: &str| matches!(name, FIELD_STATE | SOURCE_FILE | SOURCE_ROW);
        let mut columns: Vec<(String, ColumnType)> = Vec::new();
        for column in table.columns().iter().filter(|column| !is_last(column.name)) {
            let name = column.name;
            let is_raw = name.strip_suffix("_raw").is_some_and(|of| filled.raw.contains(of));
            if is_filled(name) || own.contains(&name) || is_raw {
                columns.push((name.to_owned(), column.kind));
            }
            // Dates and numbers have a place for what cannot be read.
            let raw = format!("{name}_raw");
            if matches!(column.kind, ColumnType::Date | ColumnType::Int) && filled.raw.contains(name) {
                columns.push((raw, ColumnType::Dict));
            }
        }
        for family in [DISTRICTS, EXTRA] {
            let members = filled.names.iter().filter(|name| name.starts_with(family));
            columns.extend(members.map(|name| (name.clone(), ColumnType::Dict)));
        }
        let last = table.columns().iter().filter(|column| is_last(column.name) && own.contains(&column.name));
        columns.extend(last.map(|column| (column.name.to_owned(), column.kind)));
        Self { columns }
    }

    pub(crate) fn slot(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(column, _)| column == name)
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Empty columns for a number of rows.
    pub(crate) fn builders(&self, rows: usize) -> Vec<Column> {
        self.columns.iter().map(|(_, kind)| Column::new(*kind, rows)).collect()
    }
}
