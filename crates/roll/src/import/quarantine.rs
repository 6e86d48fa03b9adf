//! The private file of lines that could not be read.

use std::io::Write;

use super::delivery::{Delivery, Headers};
use crate::read::header::Header;
use crate::read::scan::Scanned;
use crate::read::source::Source;

/// The header of `quarantine.csv`.
const HEADER: &str = "file,line,column,field,reason,raw";

/// The quarantine as CSV: one record per line, in the order of files and lines. `raw` holds the line's bytes as they
/// are, valid in the file's encoding or not.
pub(super) fn csv(
    delivery: &Delivery<'_>,
    headers: &Headers<'_>,
    (voters, history): (&[Scanned], &[Scanned]),
) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    writeln!(out, "{HEADER}")?;
    append(&mut out, &delivery.voters, &headers.voters, voters)?;
    append(&mut out, &delivery.history, &headers.history, history)?;
    Ok(out)
}

fn append(out: &mut Vec<u8>, sources: &[Source], headers: &[Header<'_>], scanned: &[Scanned]) -> std::io::Result<()> {
    for ((source, header), scanned) in sources.iter().zip(headers).zip(scanned) {
        for broken in &scanned.broken {
            let field = header.binding.headers.get(broken.column).map_or("", String::as_str);
            quoted(out, source.name.as_bytes())?;
            write!(out, ",{},{},", broken.line, broken.column + 1)?;
            quoted(out, field.as_bytes())?;
            out.write_all(b",")?;
            quoted(out, broken.fault.reason().as_bytes())?;
            out.write_all(b",")?;
            quoted(out, source.content.get(broken.range.clone()).unwrap_or_default())?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

fn quoted(out: &mut Vec<u8>, field: &[u8]) -> std::io::Result<()> {
    out.write_all(b"\"")?;
    for (index, piece) in field.split(|byte| *byte == b'"').enumerate() {
        if index > 0 {
            out.write_all(b"\"\"")?;
        }
        out.write_all(piece)?;
    }
    out.write_all(b"\"")
}
