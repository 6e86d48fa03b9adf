//! The private file of lines that could not be read.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use super::delivery::{Delivery, Table};
use super::{ImportError, write};
use crate::manifest::OutputFile;
use crate::read::scan::Scanned;
use crate::read::text::Text;
use crate::vault::{Compartment, Sealer};

/// The header of the quarantine.
const HEADER: &str = "file,line,column,field,reason,raw";

/// Bytes of a line that are copied at a time.
const PIECE_BYTES: u64 = 64 * 1024;

/// Writes the quarantine as sealed CSV: one record per line, in the order of tables and lines. `raw` holds the line's bytes
/// as they are, valid in the file's encoding or not.
pub(super) fn write(
    path: &Path,
    delivery: &Delivery<'_>,
    scanned: &[Scanned],
    sealer: &Sealer,
) -> Result<OutputFile, ImportError> {
    write::sealed(path, (&Compartment::Quarantine, sealer), |out| {
        writeln!(out, "{HEADER}")?;
        delivery.tables.iter().zip(scanned).try_for_each(|(table, scanned)| append(out, table, scanned))
    })
}

fn append(out: &mut dyn Write, table: &Table<'_>, scanned: &Scanned) -> io::Result<()> {
    for broken in &scanned.broken {
        let field = table.form.binding.headers.get(broken.column).map_or("", String::as_str);
        quoted(out, table.name.as_bytes())?;
        write!(out, ",{},{},", broken.line, broken.column + 1)?;
        quoted(out, field.as_bytes())?;
        out.write_all(b",")?;
        quoted(out, broken.fault.reason().as_bytes())?;
        out.write_all(b",")?;
        raw(out, &table.text, broken.range.clone())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes a line as it stands in its table, piece by piece: a broken one may be as long as its file.
fn raw(out: &mut dyn Write, text: &Text, line: Range<u64>) -> io::Result<()> {
    let mut piece = Vec::new();
    let mut at = line.start;
    out.write_all(b"\"")?;
    while at < line.end {
        let next = line.end.min(at + PIECE_BYTES);
        piece.clear();
        text.read(at..next, &mut piece)?;
        escaped(out, &piece)?;
        at = next;
    }
    out.write_all(b"\"")
}

fn quoted(out: &mut dyn Write, field: &[u8]) -> io::Result<()> {
    out.write_all(b"\"")?;
    escaped(out, field)?;
    out.write_all(b"\"")
}

/// Writes text with its quotes doubled.
fn escaped(out: &mut dyn Write, field: &[u8]) -> io::Result<()> {
    for (index, piece) in field.split(|byte| *byte == b'"').enumerate() {
        if index > 0 {
            out.write_all(b"\"\"")?;
        }
        out.write_all(piece)?;
    }
    Ok(())
}
