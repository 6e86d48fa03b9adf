//! Printing: results on stdout, everything else on stderr, never a voter's data in a message.

use std::borrow::Cow;
use std::io::{self, Write};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ColumnConstraint, ContentArrangement, Table};
use serde::Serialize;

use crate::cli::Format;
use crate::exit::Failure;

/// LIMIT: on a pipe a table is as wide as a page of text, so that snapshots and logs look alike everywhere.
const PIPE_COLUMNS: u16 = 120;

/// Prints a result line. A reader that is gone (`openroll … | head`) is no error.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{}", visible(text));
}

/// The text with every character written out that would steer a terminal instead of being read: a forged release or a
/// file's name could otherwise move the cursor and paint over what a check found.
fn visible(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t')) || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|c| if steers(c) { c.escape_default().to_string() } else { c.to_string() }).collect()
}

/// Prints raw bytes as a result.
pub(crate) fn bytes(bytes: &[u8]) {
    let _ = io::stdout().lock().write_all(bytes);
}

/// Prints a value as JSON.
pub(crate) fn json(value: &impl Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => line(&text),
        Err(error) => warn(&format!("cannot print the result as JSON: {error}")),
    }
}

/// Prints rows as CSV with a header.
fn csv(header: &[&str], rows: &[Vec<String>]) {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let written = csv.write_record(header).and_then(|()| rows.iter().try_for_each(|row| csv.write_record(row)));
    match written.map_err(|error| error.to_string()).and_then(|()| csv.into_inner().map_err(|e| e.to_string())) {
        Ok(text) => bytes(&text),
        Err(error) => warn(&format!("cannot print the result as CSV: {error}")),
    }
}

/// Prints rows as a table for people.
fn table(header: &[&str], rows: &[Vec<String>]) {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_header(header);
    table.set_width(terminal_size::terminal_size().map_or(PIPE_COLUMNS, |(width, _)| width.0));
    rows.iter().for_each(|row| {
        table.add_row(row);
    });
    // Ids and field names stand first; a name that is broken over two lines cannot be copied.
    if let Some(names) = table.column_mut(0) {
        names.set_constraint(ColumnConstraint::ContentWidth);
    }
    let text = table.to_string();
    text.lines().for_each(|row| line(row.trim_end()));
}

/// Prints a hint or summary for people on stderr.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", visible(text));
}

/// Prints a warning on stderr.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(io::stderr().lock(), "warning: {}", visible(text));
}

/// Prints a failure on stderr: what, where, and what to do.
pub(crate) fn report(failure: &Failure) {
    // Its own colours stay: `ESC [ digits m`, the only sequence that a report is printed with.
    let is_colour = |rest: &&str| {
        let codes = rest.strip_prefix('[').and_then(|rest| rest.split_once('m')).map(|(codes, _)| codes);
        codes.is_some_and(|codes| codes.bytes().all(|byte| byte.is_ascii_digit() || byte == b';'))
    };
    let text = format!("{:?}", failure.report());
    let mut parts = text.split('\u{1b}');
    let mut shown = visible(parts.next().unwrap_or_default()).into_owned();
    for part in parts {
        shown.push_str(if is_colour(&part) { "\u{1b}" } else { "\\u{1b}" });
        shown.push_str(&visible(part));
    }
    let _ = writeln!(io::stderr().lock(), "{shown}");
}

/// A table with a schema word, for JSON.
#[derive(Serialize)]
struct Rows<'a> {
    schema: &'a str,
    rows: Vec<serde_json::Map<String, serde_json::Value>>,
}

/// Prints rows in the format asked for; in JSON each row is an object with the header's words as keys.
pub(crate) fn rows(header: &[&str], rows: &[Vec<String>], format: Format, schema: &str) {
    match format {
        Format::Table => table(header, rows),
        Format::Csv => csv(header, rows),
        Format::Json => {
            let object = |row: &Vec<String>| {
                let keys = header.iter().map(|key| key.replace(' ', "_"));
                keys.zip(row.iter().map(|cell| serde_json::Value::String(cell.clone()))).collect()
            };
            json(&Rows { schema, rows: rows.iter().map(object).collect() });
        }
    }
}
