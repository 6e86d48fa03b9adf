//! The private file of lines that could not be read.

use std::io::{self, Write};
use std::path::Path;

use super::delivery::{Delivery, Table};
use super::{ImportError, write};
use crate::manifest::OutputFile;
use crate::read::scan::Scanned;

/// The header of `quarantine.csv`.
const HEADER: &str = "file,line,column,field,reason,raw";

/// Writes the quarantine as CSV: one record per line, in the order of tables and lines. `raw` holds the line's bytes as
/// they are, valid in the file's encoding or not.
pub(super) fn write(path: &Path, delivery: &Delivery<'_>, scanned: &[Scanned]) -> Result<OutputFile, ImportError> {
    write::stream(path, |out| {
        writeln!(out, "{HEADER}")?;
        delivery.tables.iter().zip(scanned).try_for_each(|(table, scanned)| append(out, table, scanned))
    })
}

fn append(out: &mut dyn Write, table: &Table<'_>, scanned: &Scanned) -> io::Result<()> {
    let mut raw = Vec::new();
    for broken in &scanned.broken {
        let field = table.form.binding.headers.get(broken.column).map_or("", String::as_str);
        raw.clear();
        table.text.read(broken.range.clone(), &mut raw)?;
        quoted(out, table.name.as_bytes())?;
        write!(out, ",{},{},", broken.line, broken.column + 1)?;
        quoted(out, field.as_bytes())?;
        out.write_all(b",")?;
        quoted(out, broken.fault.reason().as_bytes())?;
        out.write_all(b",")?;
        quoted(out, &raw)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn quoted(out: &mut dyn Write, field: &[u8]) -> io::Result<()> {
    out.write_all(b"\"")?;
    for (index, piece) in field.split(|byte| *byte == b'"').enumerate() {
        if index > 0 {
            out.write_all(b"\"\"")?;
        }
        out.write_all(piece)?;
    }
    out.write_all(b"\"")
}
