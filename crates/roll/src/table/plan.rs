//! Which column of a file fills which column of a table, compiled from layout and header.

use std::collections::HashMap;

use terms::Date;

use super::columns::Column;
use super::lines::Lines;
use super::states::{INVALID, MASKED, PLACEHOLDER, States, UNPARSED};
use crate::layout::{ColumnKind, DateForm, LayoutColumn};
use crate::read::value::clean;
use crate::schema::{ColumnType, DISTRICTS, EXTRA, FIELD_STATE, SOURCE_FILE, SOURCE_ROW, Table};

/// The columns of a table in their output order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) columns: Vec<(String, ColumnType)>,
}

impl Outline {
    /// Canonical columns first, in the order of the schema, then districts and extras in the order of the layout, then
    /// the reader's own. `own` are further columns that the reader fills by itself.
    pub(crate) fn new(table: Table, filled: &[&LayoutColumn], own: &[&str]) -> Self {
        let raw_of = |name: &str| name.strip_suffix("_raw").map(str::to_owned);
        let is_filled = |name: &str| filled.iter().any(|column| column.to == name);
        let is_coded =
            |name: &str| filled.iter().any(|column| column.to == name && matches!(column.kind, ColumnKind::Code(_)));
        let is_last = |name: &str| matches!(name, FIELD_STATE | SOURCE_FILE | SOURCE_ROW);
        let mut columns: Vec<(String, ColumnType)> = Vec::new();
        for column in table.columns().iter().filter(|column| !is_last(column.name)) {
            let name = column.name;
            if is_filled(name) || own.contains(&name) || raw_of(name).is_some_and(|coded| is_coded(&coded)) {
                columns.push((name.to_owned(), column.kind));
            }
        }
        for family in [DISTRICTS, EXTRA] {
            let members = filled.iter().filter(|column| column.to.starts_with(family));
            columns.extend(members.map(|column| (column.to.clone(), ColumnType::Dict)));
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

/// How one column of a file becomes one column of the table.
#[derive(Debug)]
pub(crate) struct CellPlan<'a> {
    /// The file's column, from 0.
    pub(crate) cell: usize,
    /// The table's column.
    slot: usize,
    /// The table's column for the published code.
    raw_slot: Option<usize>,
    column: &'a LayoutColumn,
    conversion: Conversion<'a>,
    placeholder_days: Vec<i32>,
}

#[derive(Debug)]
enum Conversion<'a> {
    Text,
    Code { words: HashMap<&'a [u8], &'a str>, otherwise: Option<&'static str> },
    Date { forms: &'a [DateForm], days: std::ops::RangeInclusive<i32> },
    Integer,
}

/// LIMIT: no living registrant was born, and none registered, before this day.
const EARLIEST: Date = Date::constant(1850, 1, 1);

/// LIMIT: a roll may carry dates shortly after its own day, such as those on which a registration takes effect; a date
/// more than a year later is a slip of the keyboard (2200, 2218 are published).
const DAYS_AHEAD_MAX: i32 = 366;

/// Days since 1 January 1970.
pub(crate) fn day_number(date: Date) -> i32 {
    let seconds = Date::constant(1970, 1, 1).duration_until(date).as_secs();
    i32::try_from(seconds / (24 * 60 * 60)).unwrap_or(i32::MAX)
}

impl<'a> CellPlan<'a> {
    /// Plans a column; `None` when the table has no such column, as for what goes into the table of elections.
    pub(crate) fn new(cell: usize, column: &'a LayoutColumn, outline: &Outline, as_of: Date) -> Option<Self> {
        let slot = outline.slot(&column.to)?;
        let conversion = match &column.kind {
            ColumnKind::Text => Conversion::Text,
            ColumnKind::Integer => Conversion::Integer,
            ColumnKind::Date(forms) => {
                let latest = day_number(as_of).saturating_add(DAYS_AHEAD_MAX);
                Conversion::Date { forms, days: day_number(EARLIEST)..=latest }
            }
            ColumnKind::Code(codes) => Conversion::Code {
                words: codes.iter().map(|(code, word)| (code.as_bytes(), word)).collect(),
                otherwise: match column.to.as_str() {
                    "status" | "method" => Some("unknown"),
                    // CAUTION: a mark that nobody can read protects.
                    "confidential_flag" => Some("true"),
                    _ => None,
                },
            },
        };
        let iso = column.placeholders.iter().filter_map(|text| text.parse::<Date>().ok());
        Some(Self {
            cell,
            slot,
            raw_slot: outline.slot(&format!("{}_raw", column.to)),
            column,
            conversion,
            placeholder_days: iso.map(day_number).collect(),
        })
    }

    /// The columns of the table that this plan fills.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.slot).chain(self.raw_slot)
    }

    /// Appends the column's values of some lines.
    pub(crate) fn fill(&self, lines: &Lines<'_>, columns: &mut [Column], states: &mut States<'a>) {
        let mut scratch = Vec::new();
        for (row, (line, cell)) in lines.column(self.cell).enumerate() {
            let value = clean(line, cell, lines.quote(), &mut scratch);
            let state = self.push(value, columns);
            if let Some(state) = state {
                states.note(row, &self.column.to, state);
            }
        }
    }

    /// Appends one value; returns why it became null, if it did.
    fn push(&self, value: &[u8], columns: &mut [Column]) -> Option<&'static str> {
        let is_one_of = |list: &[String]| list.iter().any(|text| text.as_bytes() == value);
        let state = if value.is_empty() && !matches!(self.conversion, Conversion::Code { .. }) {
            push_null(columns, self.slot);
            None
        } else if is_one_of(&self.column.masked) {
            push_null(columns, self.slot);
            Some(MASKED)
        } else if is_one_of(&self.column.placeholders) {
            push_null(columns, self.slot);
            Some(PLACEHOLDER)
        } else {
            self.convert(value, columns)
        };
        if let Some(raw) = self.raw_slot.and_then(|slot| columns.get_mut(slot)) {
            if value.is_empty() { raw.push_null() } else { raw.push_text(value) }
        }
        state
    }

    fn convert(&self, value: &[u8], columns: &mut [Column]) -> Option<&'static str> {
        let column = columns.get_mut(self.slot)?;
        match (&self.conversion, column) {
            (Conversion::Text, column) => {
                column.push_text(value);
                None
            }
            (Conversion::Code { words, otherwise }, column) => {
                let known = words.get(value).copied();
                // An empty cell without a code of its own is an absence, not an unknown code.
                let word = known.or(if value.is_empty() { None } else { *otherwise });
                push_word(column, word);
                (known.is_none() && !value.is_empty()).then_some(UNPARSED)
            }
            (Conversion::Date { forms, days }, Column::Date(column)) => {
                let day = forms.iter().find_map(|form| form.parse(value)).map(day_number);
                if day.is_some_and(|day| self.placeholder_days.contains(&day)) {
                    column.push(None);
                    return Some(PLACEHOLDER);
                }
                let day = day.filter(|day| days.contains(day));
                column.push(day);
                day.is_none().then_some(INVALID)
            }
            (Conversion::Integer, Column::Int(column)) => {
                let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<i16>().ok());
                column.push(number);
                number.is_none().then_some(INVALID)
            }
            // The layout's parser lets no other pair through.
            (Conversion::Date { .. } | Conversion::Integer, column) => {
                column.push_null();
                Some(INVALID)
            }
        }
    }
}

fn push_null(columns: &mut [Column], slot: usize) {
    if let Some(column) = columns.get_mut(slot) {
        column.push_null();
    }
}

fn push_word(column: &mut Column, word: Option<&str>) {
    match (column, word) {
        (Column::Flag(flags), word) => flags.push(word.map(|word| word == "true")),
        (column, Some(word)) => column.push_text(word.as_bytes()),
        (column, None) => column.push_null(),
    }
}
