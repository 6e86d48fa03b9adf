//! A delivery to a snapshot.

mod check;
mod delivery;
mod digests;
mod error;
mod identify;
mod matching;
mod parts;
mod quarantine;
mod tables;
pub(crate) mod write;

use std::path::PathBuf;

use terms::Date;

pub use error::{ArchiveProblem, ImportError};
pub use identify::{Identified, Verdict, identify};

use crate::layout::{Layout, Layouts, Role};
use crate::manifest::{FORMAT, LayoutRef, MANIFEST_FILE, Manifest, SourceRef};
use crate::progress::{Meter, Progress, Stage};
use crate::read::scan::{BLOCK_BYTES, PART_ROWS};
use crate::read::sort::RUN_BYTES;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::staging::{Staging, remove_stale};
use crate::store::Store;
use crate::vault::Vault;
use check::Checked;
use delivery::Delivery;
use digests::FileDigest;
use parts::Written;

/// The software that writes a snapshot, as its manifest names it.
const SOFTWARE: &str = concat!("openroll ", env!("CARGO_PKG_VERSION"));

/// What to import.
#[derive(Debug, Clone)]
pub struct ImportRequest<'a> {
    layouts: &'a Layouts,
    layout: Option<String>,
    files: Vec<PathBuf>,
    history: Vec<PathBuf>,
    as_of: Date,
    block_bytes: usize,
    part_rows: usize,
    run_bytes: usize,
    if_removed: IfRemoved,
}

/// What becomes of files whose snapshot was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IfRemoved {
    /// They are refused: it went for a reason.
    #[default]
    Refuse,
    /// They are imported all the same.
    Import,
}

impl<'a> ImportRequest<'a> {
    /// The roll of a day in files of one voter layout, with the tables that belong to it.
    pub fn new(layouts: &'a Layouts, layout: &str, files: Vec<PathBuf>, as_of: Date) -> Self {
        Self { layout: Some(layout.to_owned()), ..Self::recognized(layouts, files, as_of) }
    }

    /// The roll of a day in files whose layouts are told from what they hold.
    pub fn recognized(layouts: &'a Layouts, files: Vec<PathBuf>, as_of: Date) -> Self {
        let (block_bytes, part_rows, run_bytes) = (BLOCK_BYTES, PART_ROWS, RUN_BYTES);
        let (layout, history, if_removed) = (None, Vec::new(), IfRemoved::Refuse);
        Self { layouts, layout, files, history, as_of, block_bytes, part_rows, run_bytes, if_removed }
    }

    /// Adds the files of a separate voter history.
    #[must_use]
    pub fn with_history(mut self, files: Vec<PathBuf>) -> Self {
        self.history = files;
        self
    }

    /// Says what becomes of files whose snapshot was removed; without this they are refused.
    #[must_use]
    pub fn if_removed(mut self, if_removed: IfRemoved) -> Self {
        self.if_removed = if_removed;
        self
    }

    /// Sets how many bytes one thread scans at a time. The snapshot does not depend on it.
    #[must_use]
    pub fn with_block_bytes(mut self, bytes: usize) -> Self {
        self.block_bytes = bytes;
        self
    }

    /// Sets how many bytes of keys are sorted in memory. The snapshot does not depend on it.
    #[must_use]
    pub fn with_run_bytes(mut self, bytes: usize) -> Self {
        self.run_bytes = bytes;
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
    /// appears complete or not at all. The same files with the same layouts and day give a snapshot of the same id that
    /// holds the same ([`Snapshot::digest`]), whatever the number of threads; its bytes on disk differ, since they are
    /// encrypted. Keys that the vault does not have yet are made and kept first. Memory does not grow with the files: what
    /// does not fit goes to disk, into a private folder that goes with the import.
    ///
    /// # Errors
    ///
    /// [`ImportError`]; the store is as before then, but for new keys.
    pub fn import(
        &self,
        request: &ImportRequest<'_>,
        vault: &mut Vault,
        progress: &dyn Progress,
    ) -> Result<Imported, ImportError> {
        let work = Staging::new(&self.path().join("import"))?;
        let spool = work.path();
        let delivery = Delivery::open(request, spool)?;
        let bytes = |path: &PathBuf| path.metadata().map(|data| data.len()).unwrap_or_default();
        let reading = Meter::new(progress, Stage::Reading, delivery.files.iter().map(|file| bytes(&file.path)).sum());
        let rows_bytes = |table: &delivery::Table<'_>| match table.role() {
            Role::Lookup => 0,
            Role::Voter | Role::History => table.text.len().saturating_sub(table.form.body),
        };
        let checking = Meter::new(progress, Stage::Checking, delivery.tables.iter().map(rows_bytes).sum());
        let sizes = (request.block_bytes, request.run_bytes);
        let (digests, checked) = rayon::join(
            || digests::of_files(&delivery.files, &reading),
            || check::check(&delivery, spool, sizes, &checking),
        );
        let digests = digests?;
        let id = digests::snapshot_id(&delivery, &digests, request.as_of);
        self.pull(delivery.layout.jurisdiction())?;
        let target = self.roll_dir(delivery.layout.jurisdiction()).join(&id);
        match self.open_snapshot(&target) {
            Ok(snapshot) => {
                // What a process that died at the last step left beside it; if that cannot be removed, no harm is done.
                let _ = remove_stale(&self.roll_dir(delivery.layout.jurisdiction()));
                return Ok(Imported { snapshot, is_new: false });
            }
            Err(SnapshotError::Missing { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        if request.if_removed == IfRemoved::Refuse {
            let files = digests.iter().map(|digest| digest.sha256.clone()).collect();
            if let Some(removed) = self.removed_of(delivery.layout.jurisdiction(), &files).map_err(Box::new)? {
                return Err(ImportError::Removed(Box::new(removed)));
            }
        }
        let checked = checked?;
        let staging = Staging::new(&target)?;
        let rows = checked.tables.iter().map(|scanned| scanned.rows_read - scanned.broken.len() as u64).sum();
        let writing = Meter::new(progress, Stage::Writing, rows);
        let written = parts::write(&delivery, &checked, request, (staging.path(), spool), (vault, &id), &writing)?;
        for table in &delivery.tables {
            if !table.text.is_unchanged() {
                return Err(ImportError::Changed { file: table.name.clone() });
            }
        }
        let manifest = manifest(&delivery, &digests, &checked, written, (id, request.as_of))?;
        write::json(&staging.path().join(MANIFEST_FILE), &manifest)?;
        let is_new = self.keep_snapshot(staging, &target)?;
        if !is_new {
            self.pull(delivery.layout.jurisdiction())?;
        }
        Ok(Imported { snapshot: self.open_snapshot(&target)?, is_new })
    }
}

fn manifest(
    delivery: &Delivery<'_>,
    digests: &[FileDigest],
    checked: &Checked,
    written: Written,
    (id, as_of): (String, Date),
) -> Result<Manifest, ImportError> {
    let sources = sources(delivery, digests, checked, &written.stored);
    for source in sources.iter().filter(|source| source.role != Role::Lookup.as_str()) {
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
    let reference = |layout: &Layout| LayoutRef { id: layout.id().into(), sha256: layout.digest().into() };
    let used = delivery.layouts();
    let history = used.iter().find(|layout| layout.role() == Role::History);
    let is_other = |layout: &&&Layout| {
        layout.id() != delivery.layout.id() && history.is_none_or(|history| history.id() != layout.id())
    };
    Ok(Manifest {
        format: FORMAT,
        software: SOFTWARE.to_owned(),
        snapshot: id,
        jurisdiction: delivery.layout.jurisdiction(),
        as_of,
        layout: reference(delivery.layout),
        history_layout: history.map(|layout| reference(layout)),
        other_layouts: used.iter().filter(is_other).map(|layout| reference(layout)).collect(),
        id_is_surrogate: used.iter().any(|layout| layout.has_surrogate_id()),
        sources,
        counts: written.counts,
        voter_columns: written.voter_columns,
        participation_columns: written.participation_columns,
        parts: written.parts,
        content: written.sealed.content,
        keys: written.sealed.keys,
        folder: None,
        files: written.files,
    })
}

/// What the manifest says of the tables of a delivery.
fn sources(delivery: &Delivery<'_>, digests: &[FileDigest], checked: &Checked, stored: &[u64]) -> Vec<SourceRef> {
    let scanned = checked.tables.iter().zip(stored);
    let source = |(table, (scanned, stored)): (&delivery::Table<'_>, (&crate::read::scan::Scanned, &u64))| {
        let digest = digests.get(table.file);
        SourceRef {
            name: delivery.files.get(table.file).map(|file| file.name.clone()).unwrap_or_default(),
            member: table.member.clone(),
            layout: table.form.layout.id().to_owned(),
            role: table.role().as_str().to_owned(),
            bytes: digest.map_or(0, |digest| digest.bytes),
            sha256: digest.map(|digest| digest.sha256.clone()).unwrap_or_default(),
            rows_read: scanned.rows_read,
            rows_stored: *stored,
            rows_quarantined: scanned.broken.len() as u64,
            lines_empty: scanned.lines_empty,
        }
    };
    delivery.tables.iter().zip(scanned).map(source).collect()
}

#[cfg(test)]
mod tests;
