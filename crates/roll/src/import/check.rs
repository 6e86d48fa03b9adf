//! The first pass over all tables: rows sorted, broken lines known.

use std::path::Path;

use super::ImportError;
use super::delivery::{Delivery, Table};
use crate::layout::Role;
use crate::progress::Meter;
use crate::read::scan::{BROKEN_MAX, Counties, RowRef, Scanned, Scanner};
use crate::read::sort::{Sorted, Sorter};

/// What the first pass found.
pub(super) struct Checked {
    /// Table by table.
    pub(super) tables: Vec<Scanned>,
    /// Registrants, by county, number, table and line.
    pub(super) voters: Sorted<RowRef>,
    /// Rows of the history, by number, table and line.
    pub(super) history: Sorted<RowRef>,
}

/// Scans every table but those that are joined.
pub(super) fn check(
    delivery: &Delivery<'_>,
    spool: &Path,
    (block_bytes, run_bytes): (usize, usize),
    meter: &Meter<'_>,
) -> Result<Checked, ImportError> {
    let counties = Counties::default();
    let mut voters = Sorter::new(spool, "voters", run_bytes).by_names(&counties);
    let mut history = Sorter::new(spool, "history", run_bytes);
    let mut tables = Vec::with_capacity(delivery.tables.len());
    for (index, table) in (0..).zip(&delivery.tables) {
        if table.role() == Role::Lookup {
            tables.push(Scanned::default());
            continue;
        }
        let scanner = Scanner::new(index, &table.text, &table.form, table.county(), &counties);
        let scanned = scanner.scan(block_bytes, meter, |rows| {
            voters.extend(rows.voters).and_then(|()| history.extend(rows.history)).map_err(ImportError::write(spool))
        })?;
        check_rows(table, &scanned)?;
        tables.push(scanned);
    }
    Ok(Checked { tables, voters: voters.finish(), history: history.finish() })
}

/// A table with a header and no rows, or with none that can be read, is no delivery.
fn check_rows(table: &Table<'_>, scanned: &Scanned) -> Result<(), ImportError> {
    if scanned.rows_read == 0 {
        return Err(ImportError::NoRows { file: table.name.clone() });
    }
    if let Some(first) = scanned.broken.first().filter(|_| scanned.broken.len() > BROKEN_MAX) {
        let reason = first.fault.reason().into_owned();
        return Err(ImportError::TooManyBroken {
            file: table.name.clone(),
            most: BROKEN_MAX,
            line: first.line,
            reason,
        });
    }
    match scanned.broken.first() {
        Some(first) if scanned.broken.len() as u64 == scanned.rows_read => Err(ImportError::NothingReadable {
            file: table.name.clone(),
            rows: scanned.rows_read,
            line: first.line,
            reason: first.fault.reason().into_owned(),
        }),
        _ => Ok(()),
    }
}
