//! New keys for a roll: every snapshot and list is encrypted anew, and the old keys are forgotten.
//!
//! Whoever copied files and their keys before keeps what they copied. What rotation gives is that an old key opens nothing
//! that the store holds from then on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use terms::Jurisdiction;

use super::compartment::Compartment;
use super::disk::Vault;
use super::error::VaultError;
use super::key::KeyId;
use super::sealer::Sealer;
use super::unlock::Unlock;
use crate::import::{ImportError, write};
use crate::manifest::{MANIFEST_FILE, Manifest, OutputFile, names};
use crate::progress::{Meter, Progress, Stage};
use crate::protection::ListError;
use crate::reader::Reader;
use crate::snapshot::{ROTATED, Snapshot, SnapshotError};
use crate::staging::{Staging, StagingError, write_file};
use crate::store::{Mirror, RemoteError, Store};

/// What a rotation did.
#[derive(Debug, Default)]
pub struct Rotation {
    /// Keys that were made.
    pub made: usize,
    /// Keys that were forgotten, since nothing is encrypted under them any more.
    pub forgotten: usize,
    /// Snapshots that were encrypted anew, by id.
    pub snapshots: Vec<String>,
    /// Lists that were sealed anew.
    pub lists: usize,
    /// What stays under its old keys, which are kept, and why.
    pub left: Vec<(String, RotateError)>,
}

/// Why something was not encrypted anew. It is as before, and its keys are kept.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum RotateError {
    /// The keys cannot be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Vault(#[from] VaultError),
    /// A snapshot cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A file cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Write(#[from] ImportError),
    /// The object store cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Remote(#[from] RemoteError),
    /// The folder cannot be made.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Staging(#[from] StagingError),
    /// A list cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    List(#[from] ListError),
    /// What was written is not what was read: a fault of this software.
    #[error("snapshot `{snapshot}` would hold something else under its new keys")]
    #[diagnostic(help("this is a fault of the software; the snapshot is as before, please report it"))]
    Changed {
        /// The snapshot.
        snapshot: String,
    },
    /// A file of the snapshot cannot be replaced or removed.
    #[error("cannot replace or remove `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of the store, and rotate again"))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Store {
    /// Makes new keys for everything of a jurisdiction, encrypts its snapshots and lists under them, and forgets the old
    /// ones. What the snapshots hold stays the same, and so does their digest.
    ///
    /// A snapshot is at every moment whole under its old keys or whole under its new ones. Where the process dies, both are
    /// in the keyring, and the next rotation tidies up. What cannot be encrypted anew is reported, and keeps its keys.
    ///
    /// # Errors
    ///
    /// [`RotateError`] when the keyring does not open or is in use, or the store cannot be read.
    pub fn rotate_keys(
        &self,
        jurisdiction: Jurisdiction,
        unlock: Unlock,
        progress: &dyn Progress,
    ) -> Result<Rotation, RotateError> {
        let mut vault = self.vault_alone(unlock)?;
        let snapshots = self.snapshots(jurisdiction)?;
        let is_ours = |id: &KeyId| id.jurisdiction() == jurisdiction;
        let before: Vec<KeyId> = vault.entries().into_iter().map(|entry| entry.id).filter(is_ours).collect();
        let compartments: BTreeSet<Compartment> = before.iter().map(|id| id.compartment().clone()).collect();
        vault.renew(jurisdiction, &compartments)?;
        let mut rotation = Rotation { made: compartments.len(), ..Rotation::default() };

        let rows = |snapshot: &Snapshot| snapshot.manifest().counts.voters + snapshot.manifest().counts.participations;
        let meter = Meter::new(progress, Stage::Writing, snapshots.iter().map(rows).sum());
        for snapshot in &snapshots {
            let id = snapshot.manifest().snapshot.clone();
            match self.encrypt_again(snapshot, &vault, &compartments) {
                Ok(()) => rotation.snapshots.push(id),
                Err(error) => rotation.left.push((id, error)),
            }
            meter.add(usize::try_from(rows(snapshot)).unwrap_or(usize::MAX));
        }
        match self.seal_lists_again(jurisdiction, &mut vault) {
            Ok(lists) => rotation.lists = lists,
            Err(error) => rotation.left.push(("lists".to_owned(), error.into())),
        }

        // Only now, and only what no file names any more.
        let mut used: BTreeSet<KeyId> = self.keys_in_use(jurisdiction, &vault)?.into_keys().collect();
        used.extend(vault.newest(jurisdiction, &compartments).into_values().map(|(id, _)| id));
        rotation.forgotten = before.iter().filter(|id| !used.contains(id)).count();
        vault.retain(|id| !is_ours(id) || used.contains(id))?;
        Ok(rotation)
    }

    /// The keys that the snapshots and lists of a jurisdiction are encrypted under, with the number of those that need each.
    /// The keyring may lack some of them.
    ///
    /// # Errors
    ///
    /// [`RotateError`] when the store cannot be read.
    pub fn keys_in_use(&self, jurisdiction: Jurisdiction, vault: &Vault) -> Result<BTreeMap<KeyId, u32>, RotateError> {
        let lists = self.keys_of_lists(jurisdiction, vault)?.into_iter();
        let snapshots = self.snapshots(jurisdiction)?;
        let snapshots = snapshots.iter().flat_map(|snapshot| snapshot.manifest().keys.iter().cloned());
        let mut uses = BTreeMap::new();
        lists.chain(snapshots).for_each(|id| *uses.entry(id).or_insert(0_u32) += 1);
        Ok(uses)
    }
}

impl Store {
    /// Encrypts one snapshot under the newest keys, and changes it over in the object store as well, where there is one.
    fn encrypt_again(
        &self,
        snapshot: &Snapshot,
        vault: &Vault,
        compartments: &BTreeSet<Compartment>,
    ) -> Result<(), RotateError> {
        let _locked = snapshot.mirror().map(Mirror::lock).transpose()?;
        encrypt_again(snapshot, vault, compartments)?;
        match snapshot.mirror() {
            Some(mirror) => Ok(mirror.publish_again(&self.open_snapshot(snapshot.path())?)?),
            None => Ok(()),
        }
    }
}

/// Encrypts one snapshot under the newest keys.
fn encrypt_again(snapshot: &Snapshot, vault: &Vault, compartments: &BTreeSet<Compartment>) -> Result<(), RotateError> {
    let manifest = snapshot.manifest();
    tidy(snapshot.path(), manifest)?;
    let reader = snapshot.reader(vault.all_keys(snapshot)?);
    let newest = vault.newest(manifest.jurisdiction, compartments);
    let version = newest.get(&Compartment::Roll).map_or(0, |(id, _)| id.version());
    let sealer = Sealer::new(&manifest.snapshot, newest);
    let folder = format!("{ROTATED}{version}");
    let staging = Staging::new(&snapshot.path().join(&folder))?;
    let files: Result<Vec<OutputFile>, RotateError> =
        manifest.files.par_iter().map(|file| again(&reader, &file.name, staging.path(), &sealer)).collect();
    let (files, sealed) = (files?, sealer.finish());
    // INVARIANT: other keys, the same content.
    if sealed.content != manifest.content {
        return Err(RotateError::Changed { snapshot: manifest.snapshot.clone() });
    }
    staging.commit()?;
    let manifest = Manifest { files, keys: sealed.keys, folder: Some(folder), ..manifest.clone() };
    // The snapshot changes over in this one step. If the process dies before it, the new folder is not named; after it,
    // the old files are not. The next rotation removes either.
    let path = snapshot.path().join(MANIFEST_FILE);
    let failed = |source| RotateError::File { path: path.clone(), source };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| failed(error.into()))?;
    write_file(&path, &[text, b"\n".to_vec()].concat()).map_err(failed)?;
    tidy(snapshot.path(), &manifest)
}

/// Encrypts one file anew.
fn again(reader: &Reader, name: &str, folder: &Path, sealer: &Sealer) -> Result<OutputFile, RotateError> {
    let path = folder.join(name);
    if name == names::QUARANTINE {
        let mut lines = reader.unseal(name, &Compartment::Quarantine)?;
        let copied = |out: &mut dyn io::Write| io::copy(&mut lines, out).map(drop);
        return Ok(write::sealed(&path, (&Compartment::Quarantine, sealer), copied)?);
    }
    let mut file: Option<write::ParquetFile<'_>> = None;
    for group in reader.groups(name)? {
        match &mut file {
            Some(file) => file.write(&group?)?,
            None => file = Some(write::ParquetFile::create(&path, &group?, sealer)?),
        }
    }
    let file = file.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof));
    Ok(file.map_err(|source| RotateError::File { path, source })?.finish()?)
}

/// Removes what the manifest of a snapshot does not name: nobody else is at work there while the keys are ours alone.
fn tidy(folder: &Path, manifest: &Manifest) -> Result<(), RotateError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| RotateError::File { path, source }
    };
    let lies_beside = |name: &str| manifest.folder.is_none() && manifest.files.iter().any(|file| file.name == name);
    for entry in fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name == MANIFEST_FILE || lies_beside(name) || manifest.folder.as_deref() == Some(name) {
            continue;
        }
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(failed(&path))?;
    }
    Ok(())
}
