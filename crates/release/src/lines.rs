//! Released rows as CSV lines, and their order.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type};
use arrow_array::{Array, ArrayRef, Int16Array, PrimitiveArray, RecordBatch, StringArray};
use rayon::prelude::*;

use crate::days::day_of;

/// The CSV lines of one part, without the header, each with its line end.
///
/// RFC 4180 with LF: UTF-8 without BOM, quotes only where a cell holds a comma, a quote, CR or LF. The dialect is fixed
/// by rule and never follows from the data (C46).
#[derive(Debug, Default)]
pub(crate) struct Lines {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// Where one line stands: which part, which row, and its first bytes for a quick comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    prefix: u128,
    /// Part number.
    pub(crate) part: u32,
    /// Row within the redacted batch of the part.
    pub(crate) row: u32,
}

impl Lines {
    /// Writes the rows of a redacted batch.
    pub(crate) fn of(batch: &RecordBatch) -> Self {
        let columns: Vec<Column<'_>> = batch.columns().iter().filter_map(Column::new).collect();
        // A released row of a voter file takes about 150 bytes; growth doubles from there.
        let mut lines = Self { bytes: Vec::with_capacity(batch.num_rows() * 160), ends: Vec::new() };
        lines.ends.reserve(batch.num_rows());
        let mut scratch = String::new();
        for row in 0..batch.num_rows() {
            for (index, column) in columns.iter().enumerate() {
                if index > 0 {
                    lines.bytes.push(b',');
                }
                column.write(row, &mut lines.bytes, &mut scratch);
            }
            lines.bytes.push(b'\n');
            lines.ends.push(lines.bytes.len());
        }
        lines
    }

    /// How many lines there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// One line with its line end; empty where there is none.
    pub(crate) fn line(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(row).copied().unwrap_or(start);
        self.bytes.get(start..end).unwrap_or_default()
    }
}

/// The order of all lines: by their bytes, so by released columns alone (channel C21). Equal lines are interchangeable.
pub(crate) fn ordered(parts: &[Lines]) -> Vec<Place> {
    let mut places: Vec<Place> = (0_u32..)
        .zip(parts)
        .flat_map(|(part, lines)| {
            let rows = 0..u32::try_from(lines.len()).unwrap_or(u32::MAX);
            rows.map(move |row| Place { prefix: prefix_of(lines.line(row as usize)), part, row })
        })
        .collect();
    let line = |place: &Place| parts.get(place.part as usize).map(|lines| lines.line(place.row as usize));
    places.par_sort_unstable_by(|a, b| {
        a.prefix.cmp(&b.prefix).then_with(|| line(a).cmp(&line(b))).then_with(|| (a.part, a.row).cmp(&(b.part, b.row)))
    });
    places
}

/// The first sixteen bytes as a number that compares as they do: enough to tell most lines apart without a look at
/// them, since a name and an initial rarely fill them.
fn prefix_of(line: &[u8]) -> u128 {
    let mut prefix = [0; 16];
    prefix.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
    u128::from_be_bytes(prefix)
}

/// The header line for a list of column names.
pub(crate) fn header<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut line = Vec::new();
    for (index, name) in names.into_iter().enumerate() {
        if index > 0 {
            line.push(b',');
        }
        write_text(name, &mut line);
    }
    line.push(b'\n');
    line
}

/// A column in one of the types that the redactor builds.
enum Column<'a> {
    Text(&'a StringArray),
    Date(&'a PrimitiveArray<Date32Type>),
    Int(&'a Int16Array),
}

impl<'a> Column<'a> {
    fn new(array: &'a ArrayRef) -> Option<Self> {
        let text = array.as_string_opt::<i32>().map(Self::Text);
        text.or_else(|| array.as_primitive_opt::<Date32Type>().map(Self::Date))
            .or_else(|| array.as_primitive_opt::<Int16Type>().map(Self::Int))
    }

    fn write(&self, row: usize, line: &mut Vec<u8>, scratch: &mut String) {
        match self {
            Self::Text(array) if array.is_valid(row) => write_text(array.value(row), line),
            Self::Date(array) if array.is_valid(row) => write_day(array.value(row), line, scratch),
            Self::Int(array) if array.is_valid(row) => line.extend(array.value(row).to_string().as_bytes()),
            _ => {}
        }
    }
}

fn write_day(days: i32, line: &mut Vec<u8>, scratch: &mut String) {
    use std::fmt::Write;
    scratch.clear();
    if let Some(day) = day_of(days) {
        let _ = write!(scratch, "{day}");
    }
    line.extend_from_slice(scratch.as_bytes());
}

fn write_text(text: &str, line: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let is_special = |byte: &u8| matches!(byte, b',' | b'"' | b'\n' | b'\r');
    if !bytes.iter().any(is_special) {
        line.extend_from_slice(bytes);
        return;
    }
    line.push(b'"');
    for byte in bytes {
        if *byte == b'"' {
            line.push(b'"');
        }
        line.push(*byte);
    }
    line.push(b'"');
}
