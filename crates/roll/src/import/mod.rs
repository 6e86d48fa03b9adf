//! A delivery to a snapshot.

mod delivery;
mod error;
mod matching;
mod parts;
mod quarantine;
mod write;

use std::path::PathBuf;

use terms::Date;

pub use error::{ArchiveProblem, ImportError, Packing};

use crate::layout::Layouts;
use crate::manifest::{FORMAT, LayoutRef, MANIFEST_FILE, Manifest};
use crate::progress::Progress;
use crate::read::scan::{BLOCK_BYTES, PART_ROWS};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::staging::Staging;
use crate::store::Store;
use delivery::{Checked, Delivery};
use parts::Written;

/// The software that writes a snapshot, as its manifest names it.
const SOFTWARE: &str = concat!("openroll ", env!("CARGO_PKG_VERSION"));

/// What to import.
#[derive(Debug, Clone)]
pub struct ImportRequest<'a> {
    layouts: &'a Layouts,
    layout: String,
    files: Vec<PathBuf>,
    history: Vec<PathBuf>,
    as_of: Date,
    block_bytes: usize,
    part_rows: usize,
}

impl<'a> ImportRequest<'a> {
    /// The roll of a day in files of one layout.
    pub fn new(layouts: &'a Layouts, layout: &str, files: Vec<PathBuf>, as_of: Date) -> Self {
        let layout = layout.to_owned();
        Self { layouts, layout, files, history: Vec::new(), as_of, block_bytes: BLOCK_BYTES, part_rows: PART_ROWS }
    }

    /// Adds the files of a separate voter history.
    #[must_use]
    pub fn with_history(mut self, files: Vec<PathBuf>) -> Self {
        self.history = files;
        self
    }

    /// Sets how many bytes one thread scans at a time. The snapshot does not depend on it.
    #[must_use]
    pub fn with_block_bytes(mut self, bytes: usize) -> Self {
        self.block_bytes = bytes;
        self
    }

    /// Sets the rows of a part, so that a test can see several parts.
    #[cfg(test)]
    pub(crate) fn with_part_rows(mut self, rows: usize) -> Self {
        self.part_rows = rows;
        self
    }
}

/// What came of an import.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Whether it is new; `false` when the same files were imported before and nothing changed.
    pub is_new: bool,
}

impl Store {
    /// Reads a delivery, and keeps it as a snapshot.
    ///
    /// Every line is accounted for: stored, or in quarantine with its place and the reason, or empty. The snapshot
    /// appears complete or not at all. The same files with the same layout and day give the same snapshot, byte for
    /// byte, whatever the number of threads.
    ///
    /// # Errors
    ///
    /// [`ImportError`]; the store is as before then.
    pub fn import(&self, request: &ImportRequest<'_>, progress: &dyn Progress) -> Result<Imported, ImportError> {
        let mut delivery = Delivery::read(request, progress)?;
        let id = delivery.snapshot_id(request.as_of);
        let target = self.roll_dir(delivery.layout.jurisdiction()).join(&id);
        match Snapshot::open(&target) {
            Ok(snapshot) => return Ok(Imported { snapshot, is_new: false }),
            Err(SnapshotError::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        delivery.unpack()?;
        let headers = delivery.bind(request.layouts)?;
        let checked = delivery.check(&headers, request.block_bytes, progress)?;
        let staging = Staging::new(&target)?;
        let written = parts::write(&delivery, &headers, &checked, request, staging.path(), progress)?;
        let manifest = manifest(&delivery, &checked, written, id, request.as_of)?;
        write::json(&staging.path().join(MANIFEST_FILE), &manifest)?;
        staging.commit()?;
        Ok(Imported { snapshot: Snapshot::open(&target)?, is_new: true })
    }
}

fn manifest(
    delivery: &Delivery<'_>,
    checked: &Checked,
    written: Written,
    id: String,
    as_of: Date,
) -> Result<Manifest, ImportError> {
    let layout_ref = |layout: &crate::Layout| LayoutRef { id: layout.id().into(), sha256: layout.digest().into() };
    let voter_sources =
        delivery.source_refs(&delivery.voters, delivery.layout, &checked.voters, &written.voters_stored);
    let history = delivery
        .history_layout
        .into_iter()
        .flat_map(|layout| delivery.source_refs(&delivery.history, layout, &checked.history, &written.history_stored));
    let sources: Vec<_> = voter_sources.into_iter().chain(history).collect();
    for source in &sources {
        // INVARIANT: every row read is stored or in quarantine. Checked before anything becomes visible.
        if source.rows_read != source.rows_stored + source.rows_quarantined {
            return Err(ImportError::Uneven {
                file: source.name.clone(),
                read: source.rows_read,
                stored: source.rows_stored,
                quarantined: source.rows_quarantined,
            });
        }
    }
    Ok(Manifest {
        format: FORMAT,
        software: SOFTWARE.to_owned(),
        snapshot: id,
        jurisdiction: delivery.layout.jurisdiction(),
        as_of,
        layout: layout_ref(delivery.layout),
        history_layout: delivery.history_layout.filter(|_| !delivery.history.is_empty()).map(layout_ref),
        sources,
        counts: written.counts,
        voter_columns: written.voter_columns,
        participation_columns: written.participation_columns,
        parts: written.parts,
        files: written.files,
    })
}

#[cfg(test)]
mod tests;
