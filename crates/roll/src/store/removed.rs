//! Snapshots that were removed: what is kept of them.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use terms::{Date, Jurisdiction};

use super::{Mirror, RemoteError, Store, folder_names};
use crate::advice;
use crate::digest;
use crate::manifest::{Counts, Manifest, SourceRef};
use crate::snapshot::SnapshotError;
use crate::staging::write_file;

/// The schema word of a record.
pub const REMOVED_SCHEMA: &str = "openroll.removed/1";

/// LIMIT: a reason is a sentence or two.
pub const REASON_BYTES_MAX: usize = 1000;

pub(super) const REMOVED: &str = "removed";
const JSON: &str = ".json";

/// Begins the name of a snapshot on its way out. The dot keeps it from being listed.
const LEAVING: &str = ".removed-";

/// What is kept of a snapshot that was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    /// [`REMOVED_SCHEMA`].
    pub schema: String,
    /// The snapshot's id.
    pub snapshot: String,
    /// Whose roll it was.
    pub jurisdiction: Jurisdiction,
    /// The day that it spoke of.
    pub as_of: Date,
    /// The layout of its voter files.
    pub layout: String,
    /// Its digest, as [`Snapshot::digest`](crate::Snapshot::digest) gave it. Private, as that is.
    pub digest: String,
    /// What it held.
    pub counts: Counts,
    /// The files that it was made of.
    pub sources: Vec<SourceRef>,
    /// When and why it was removed; more than once if it was imported again in between.
    pub removals: Vec<Removal>,
}

/// One removal of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removal {
    /// The day.
    pub on: Date,
    /// Why.
    pub reason: String,
}

/// Why a snapshot is not removed, or records of removed ones cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum RemoveError {
    /// There is none, or it cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The object store cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Remote(#[from] RemoteError),
    /// No reason, or none that can be kept.
    #[error("a reason is a text of 1 to {REASON_BYTES_MAX} bytes")]
    #[diagnostic(help("say in a sentence why the snapshot goes; it is kept beside the rolls"))]
    Reason,
    /// A file or folder cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("{}", advice::on_reading(source)))]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A record is not what this software writes.
    #[error("`{}` is damaged", path.display())]
    #[diagnostic(help("restore the record from a backup, or move it away"))]
    Damaged {
        /// The record.
        path: PathBuf,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// The record cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of the store; the snapshot is still there"))]
    Write {
        /// The record.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The snapshot cannot be moved out of sight.
    #[error("cannot remove `{}`", path.display())]
    #[diagnostic(help("check the rights of the store; the snapshot is still there"))]
    Move {
        /// The snapshot.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The snapshot is out of sight, but its files are still on the disk.
    #[error("the snapshot is removed, but `{}` cannot be deleted", path.display())]
    #[diagnostic(help("delete this folder by hand: registrants' data are still in it"))]
    Delete {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Store {
    /// Removes a snapshot in one step, and keeps a record of it under `removed/` beside the snapshots.
    ///
    /// The record is written first. If the process dies after that, the snapshot is either still there, or out of sight
    /// under a name that begins with a dot; the next removal deletes what was left there.
    ///
    /// # Errors
    ///
    /// [`RemoveError`]; but for [`RemoveError::Delete`] the snapshot is still there.
    pub fn remove(&self, jurisdiction: Jurisdiction, id: &str, reason: &str, on: Date) -> Result<Removed, RemoveError> {
        let reason = reason.trim();
        if reason.is_empty() || reason.len() > REASON_BYTES_MAX {
            return Err(RemoveError::Reason);
        }
        let snapshot = self.snapshot(jurisdiction, id)?;
        let dir = self.roll_dir(jurisdiction);
        sweep(&dir)?;
        let path = dir.join(REMOVED).join(format!("{id}{JSON}"));
        let mut removed = read(&path)?.unwrap_or_else(|| Removed::new(snapshot.manifest()));
        removed.removals.push(Removal { on, reason: reason.to_owned() });
        let failed = |source: io::Error| RemoveError::Write { path: path.clone(), source };
        let mut text = serde_json::to_vec_pretty(&removed).map_err(|error| failed(error.into()))?;
        text.push(b'\n');
        let _locked = self.mirror.as_ref().map(Mirror::lock).transpose()?;
        write_file(&path, &text).map_err(failed)?;
        if let Some(mirror) = &self.mirror {
            mirror.put(&path)?;
            mirror.remove(snapshot.path())?;
        }
        let leaving = dir.join(format!("{LEAVING}{id}"));
        let moved = fs::rename(snapshot.path(), &leaving).and_then(|()| fs::File::open(&dir)?.sync_all());
        moved.map_err(|source| RemoveError::Move { path: snapshot.path().to_owned(), source })?;
        delete(&leaving)?;
        Ok(removed)
    }

    /// The removed snapshots of a jurisdiction by day and id, without those that were imported again.
    ///
    /// # Errors
    ///
    /// [`RemoveError`] when a record cannot be read.
    pub fn removed(&self, jurisdiction: Jurisdiction) -> Result<Vec<Removed>, RemoveError> {
        self.pull(jurisdiction)?;
        let dir = self.roll_dir(jurisdiction);
        let records = dir.join(REMOVED);
        let names = folder_names(&records).map_err(|source| RemoveError::Read { path: records.clone(), source })?;
        let mut removed = Vec::new();
        for name in names.iter().filter(|name| name.ends_with(JSON)) {
            removed.extend(read(&records.join(name))?);
        }
        removed.retain(|removed| !dir.join(&removed.snapshot).exists());
        removed.sort_by(|a, b| (a.as_of, &a.snapshot).cmp(&(b.as_of, &b.snapshot)));
        Ok(removed)
    }

    /// The newest removed snapshot that was made of these files, perhaps with others.
    ///
    /// [`Store::import`] does not ask: whoever imports for an office asks first. Files are digested only if the
    /// jurisdiction has removed snapshots at all.
    ///
    /// # Errors
    ///
    /// [`RemoveError`] when a record or a file cannot be read.
    pub fn removed_with(&self, jurisdiction: Jurisdiction, files: &[PathBuf]) -> Result<Option<Removed>, RemoveError> {
        let removed = self.removed(jurisdiction)?;
        if removed.is_empty() {
            return Ok(None);
        }
        let digest = |path: &PathBuf| {
            let read = fs::File::open(path).and_then(|mut file| digest::hex_of_reader(&mut file));
            read.map(|(sha256, _)| sha256).map_err(|source| RemoveError::Read { path: path.clone(), source })
        };
        let digests = files.iter().map(digest).collect::<Result<BTreeSet<String>, _>>()?;
        let is_of = |removed: &Removed| {
            digests.iter().all(|sha256| removed.sources.iter().any(|source| source.sha256 == *sha256))
        };
        let last = |removed: &Removed| removed.removals.last().map(|removal| removal.on);
        Ok(removed.into_iter().filter(|removed| !digests.is_empty() && is_of(removed)).max_by_key(last))
    }
}

impl Removed {
    fn new(manifest: &Manifest) -> Self {
        Self {
            schema: REMOVED_SCHEMA.to_owned(),
            snapshot: manifest.snapshot.clone(),
            jurisdiction: manifest.jurisdiction,
            as_of: manifest.as_of,
            layout: manifest.layout.id.clone(),
            digest: manifest.content.clone(),
            counts: manifest.counts,
            sources: manifest.sources.clone(),
            removals: Vec::new(),
        }
    }
}

/// The record in a file; `None` when there is no such file.
fn read(path: &Path) -> Result<Option<Removed>, RemoveError> {
    match fs::read(path) {
        Ok(text) => {
            let damaged = |source| RemoveError::Damaged { path: path.to_owned(), source };
            serde_json::from_slice(&text).map(Some).map_err(damaged)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(RemoveError::Read { path: path.to_owned(), source }),
    }
}

/// Deletes what a process that died left out of sight.
fn sweep(dir: &Path) -> Result<(), RemoveError> {
    let failed = |source| RemoveError::Read { path: dir.to_owned(), source };
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(LEAVING)) {
            delete(&path)?;
        }
    }
    Ok(())
}

fn delete(path: &Path) -> Result<(), RemoveError> {
    fs::remove_dir_all(path).map_err(|source| RemoveError::Delete { path: path.to_owned(), source })
}
