//! The files of a snapshot, read again with today's layout.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use terms::Jurisdiction;

use crate::advice;
use crate::digest;
use crate::import::{ImportError, ImportRequest, Imported};
use crate::layout::Layouts;
use crate::progress::Progress;
use crate::snapshot::{Snapshot, SnapshotError};
use crate::store::Store;
use crate::vault::{Compartment, Vault, VaultError};

/// What came of reading a snapshot's files again.
#[derive(Debug, Clone)]
pub struct Reimported {
    /// The snapshot; not new where the layout reads the files as before.
    pub imported: Imported,
    /// Lines in quarantine before.
    pub quarantined_before: u64,
    /// Lines in quarantine now.
    pub quarantined_now: u64,
    /// Lines that were in quarantine and are read now.
    pub read_now: u64,
    /// Lines that were read and are in quarantine now.
    pub refused_now: u64,
}

/// Why a snapshot's files are not read again. The store is as before then.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum ReimportError {
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("{}", advice::on_reading(source)))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is none of those that the snapshot was made of.
    #[error("`{}` is none of the files that snapshot `{snapshot}` was made of", path.display())]
    #[diagnostic(help(
        "files are known by their SHA-256, not by their names; `openroll roll show {snapshot}` lists them"
    ))]
    NotASource {
        /// The file.
        path: PathBuf,
        /// The snapshot.
        snapshot: String,
    },
    /// A file that the snapshot was made of is missing.
    #[error("snapshot `{snapshot}` was also made of `{name}`")]
    #[diagnostic(help("name every file that it was made of; `openroll roll show {snapshot}` lists them"))]
    MissingSource {
        /// The file as it was named then.
        name: String,
        /// The snapshot.
        snapshot: String,
    },
    /// The layout is another state's.
    #[error("layout `{layout}` is of {found}, the snapshot of {expected}")]
    #[diagnostic(help("`openroll roll layouts` lists the layouts"))]
    OtherJurisdiction {
        /// The layout.
        layout: String,
        /// The layout's.
        found: Jurisdiction,
        /// The snapshot's.
        expected: Jurisdiction,
    },
    /// The import failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Import(#[from] ImportError),
    /// The keys cannot be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Vault(#[from] VaultError),
    /// A snapshot cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl Store {
    /// Imports the files of a snapshot again, as of its day, with its layout as it is now or with another one. The new
    /// snapshot stands beside the old one.
    ///
    /// Files are known by their digests, in whatever order and under whatever names.
    ///
    /// # Errors
    ///
    /// [`ReimportError`]; the store is as before then.
    pub fn reimport(
        &self,
        snapshot: &Snapshot,
        (layouts, layout): (&Layouts, Option<&str>),
        files: &[PathBuf],
        vault: &mut Vault,
        progress: &dyn Progress,
    ) -> Result<Reimported, ReimportError> {
        let manifest = snapshot.manifest();
        let layout = layout.unwrap_or(&manifest.layout.id);
        if let Some(found) = layouts.get(layout).map(crate::Layout::jurisdiction)
            && found != manifest.jurisdiction
        {
            let expected = manifest.jurisdiction;
            return Err(ReimportError::OtherJurisdiction { layout: layout.to_owned(), found, expected });
        }
        let (voters, history) = sources(snapshot, files)?;
        let request = ImportRequest::new(layouts, layout, voters, manifest.as_of).with_history(history);
        let imported = self.import(&request, vault, progress)?;
        let (before, now) = (places(snapshot, vault)?, places(&imported.snapshot, vault)?);
        Ok(Reimported {
            quarantined_before: manifest.counts.quarantined,
            quarantined_now: imported.snapshot.manifest().counts.quarantined,
            read_now: before.difference(&now).count() as u64,
            refused_now: now.difference(&before).count() as u64,
            imported,
        })
    }
}

/// The files of a snapshot, of voters and of history.
fn sources(snapshot: &Snapshot, files: &[PathBuf]) -> Result<(Vec<PathBuf>, Vec<PathBuf>), ReimportError> {
    let manifest = snapshot.manifest();
    let (mut voters, mut history) = (Vec::new(), Vec::new());
    let mut found = BTreeSet::new();
    for path in files {
        let sha256 = digest_of(path)?;
        let Some(source) = manifest.sources.iter().find(|source| source.sha256 == sha256) else {
            return Err(ReimportError::NotASource { path: path.clone(), snapshot: manifest.snapshot.clone() });
        };
        let is_history = manifest.history_layout.as_ref().is_some_and(|layout| layout.id == source.layout);
        if is_history {
            history.push(path.clone())
        } else {
            voters.push(path.clone())
        }
        found.insert(sha256);
    }
    match manifest.sources.iter().find(|source| !found.contains(&source.sha256)) {
        Some(missing) => {
            let snapshot = manifest.snapshot.clone();
            Err(ReimportError::MissingSource { name: missing.name.clone(), snapshot })
        }
        None => Ok((voters, history)),
    }
}

fn digest_of(path: &Path) -> Result<String, ReimportError> {
    let failed = |source| ReimportError::Read { path: path.to_owned(), source };
    let mut file = File::open(path).map_err(failed)?;
    Ok(digest::hex_of_reader(&mut file).map_err(failed)?.0)
}

/// Digest of the file and line of everything in quarantine.
fn places(snapshot: &Snapshot, vault: &Vault) -> Result<BTreeSet<(String, u64)>, ReimportError> {
    let reader = snapshot.reader(vault.keys(snapshot, [&Compartment::Quarantine])?);
    let sources = &snapshot.manifest().sources;
    let digests: BTreeMap<&str, &str> =
        sources.iter().map(|source| (source.name.as_str(), source.sha256.as_str())).collect();
    let mut places = BTreeSet::new();
    for line in reader.quarantine()? {
        let line = line?;
        let digest = digests.get(line.file.as_str()).copied().unwrap_or(&line.file);
        places.insert((digest.to_owned(), line.line));
    }
    Ok(places)
}
