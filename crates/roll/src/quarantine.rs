//! Reading the lines of a snapshot that could not be read.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use age::stream::StreamReader;

use crate::manifest::names;
use crate::read::split::Delimited;
use crate::read::{Cell, Splitter};
use crate::reader::Reader;
use crate::snapshot::SnapshotError;
use crate::vault::Compartment;

/// The header that the import writes; a test holds that what it writes is read here.
const HEADER: &str = "file,line,column,field,reason,raw";

/// Why one line stands in quarantine.
#[derive(Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The file that it was delivered in.
    pub file: String,
    /// Its line, from 1, with the header.
    pub line: u64,
    /// The field at fault, from 1.
    pub column: u64,
    /// The published header of that field; empty beyond the last one.
    pub field: String,
    /// What is wrong.
    pub reason: String,
    raw: Vec<u8>,
}

impl Quarantined {
    /// The line as delivered, valid in the file's encoding or not.
    ///
    /// CAUTION: it holds a registrant's values. It belongs in no message, and on a screen only when asked for.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }
}

impl fmt::Debug for Quarantined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, field, reason, raw: _ } = self;
        write!(f, "{file} line {line}, column {column} ({field}): {reason}")
    }
}

/// The lines of a snapshot that could not be read, in the order of files and lines.
pub struct Quarantine {
    path: PathBuf,
    lines: BufReader<StreamReader<File>>,
    line: Vec<u8>,
}

impl fmt::Debug for Quarantine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quarantine").field("path", &self.path).finish_non_exhaustive()
    }
}

/// A line of the file that is not what the import writes.
#[derive(Debug, thiserror::Error)]
#[error("it is not a list of quarantined lines")]
struct NotQuarantine;

impl Reader {
    /// The lines that could not be read, one by one. This takes the key of the quarantine and no other.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] where that key is not at hand, and when the file cannot be read or is none of its kind; each line
    /// may bring another.
    pub fn quarantine(&self) -> Result<Quarantine, SnapshotError> {
        let lines = self.unseal(names::QUARANTINE, &Compartment::Quarantine)?;
        let path = self.snapshot().path().join(names::QUARANTINE);
        let mut quarantine = Quarantine { path, lines, line: Vec::new() };
        match quarantine.next_line()? {
            Some(header) if header == HEADER.as_bytes() => Ok(quarantine),
            _ => Err(quarantine.damaged()),
        }
    }
}

impl Quarantine {
    fn next_line(&mut self) -> Result<Option<&[u8]>, SnapshotError> {
        self.line.clear();
        let read = self.lines.read_until(b'\n', &mut self.line);
        match read.map_err(|source| SnapshotError::Read { path: self.path.clone(), source })? {
            0 => Ok(None),
            _ => Ok(Some(self.line.strip_suffix(b"\n").unwrap_or(&self.line))),
        }
    }

    fn damaged(&self) -> SnapshotError {
        SnapshotError::Damaged { path: self.path.clone(), source: Box::new(NotQuarantine) }
    }
}

impl Iterator for Quarantine {
    type Item = Result<Quarantined, SnapshotError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.next_line() {
            Ok(None) => None,
            Ok(Some(line)) => Some(record(line)).map(|record| record.ok_or_else(|| self.damaged())),
            Err(error) => Some(Err(error)),
        }
    }
}

fn record(line: &[u8]) -> Option<Quarantined> {
    let mut cells = Vec::with_capacity(6);
    Splitter::Delimited(Delimited { delimiter: b',', quote: Some(b'"'), is_backslashed: false })
        .split(line, &mut cells)
        .ok()?;
    let [file, row, column, field, reason, raw] = cells.as_slice() else { return None };
    let text = |cell: &Cell| String::from_utf8_lossy(&unquoted(line, *cell)).into_owned();
    let number = |cell: &Cell| std::str::from_utf8(cell.of(line)).ok()?.parse().ok();
    Some(Quarantined {
        file: text(file),
        line: number(row)?,
        column: number(column)?,
        field: text(field),
        reason: text(reason),
        raw: unquoted(line, *raw),
    })
}

/// A field's bytes with its doubled quotes undone, blanks as they are.
fn unquoted(line: &[u8], cell: Cell) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(cell.of(line).len());
    let mut is_second = false;
    for byte in cell.of(line) {
        is_second = *byte == b'"' && !is_second;
        if !is_second || !cell.is_escaped {
            bytes.push(*byte);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_as_it_was_delivered() {
        let line = b"\"a \"\"b\"\".csv\",12,3,\"Mailing city, state  zip\",\"text after a closing quote\",\"x,\"\"y\"\"  z\xff\r\"";
        let record = record(line).unwrap();
        assert_eq!(record.raw(), b"x,\"y\"  z\xff\r");
        assert_eq!(
            format!("{record:?}"),
            "a \"b\".csv line 12, column 3 (Mailing city, state  zip): text after a closing quote"
        );
    }

    #[test]
    fn what_is_no_record_is_not_guessed_at() {
        for line in [&b""[..], b"\"a\",1,2,\"b\",\"c\"", b"\"a\",x,2,\"b\",\"c\",\"d\"", b"\"a\",1,2,\"b\",\"c\",\"d"] {
            assert!(super::record(line).is_none());
        }
    }
}
