//! The folder in which an office keeps its rolls.

mod lists;
mod remote;
mod removed;

use std::path::{Path, PathBuf};

use terms::Jurisdiction;

use crate::snapshot::{Snapshot, SnapshotError};
use crate::vault::{KEYS_FOLDER, Unlock, Vault, VaultError};

pub use lists::Kept;
pub use remote::{Remote, RemoteError};
pub use removed::{REASON_BYTES_MAX, REMOVED_SCHEMA, Removal, RemoveError, Removed};

pub(crate) use remote::Mirror;

const ROLLS: &str = "rolls";

/// Folders beside the snapshots of a jurisdiction, of small files.
const SMALL: [&str; 3] = [lists::PROTECTIONS, lists::CANARIES, removed::REMOVED];

/// A store of rolls: `rolls/<jurisdiction>/<snapshot>/`, with `protections/`, `canaries/` and `removed/` beside the
/// snapshots, and `keys/`, without which no snapshot or list can be read.
#[derive(Debug, Clone)]
pub struct Store {
    dir: PathBuf,
    /// Where the rolls lie, if not in the folder.
    mirror: Option<Mirror>,
}

impl Store {
    /// Opens a store; the folder need not exist yet, it is made by the first import.
    pub fn open(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into(), mirror: None }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.dir
    }

    /// Opens the keys of the store.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when there is no keyring, or it does not open.
    pub fn vault(&self, unlock: Unlock) -> Result<Vault, VaultError> {
        let vault = self.vault_or_new(unlock)?;
        if vault.has_keyring() { Ok(vault) } else { Err(VaultError::NoKeyring { path: vault.path() }) }
    }

    /// Opens the keys of the store. Where there is no keyring, the first key that an import needs makes one; nothing is
    /// written before.
    ///
    /// # Errors
    ///
    /// [`VaultError`] when there is a keyring that does not open.
    pub fn vault_or_new(&self, unlock: Unlock) -> Result<Vault, VaultError> {
        Vault::open(self.dir.join(KEYS_FOLDER), unlock, false)
    }

    /// Opens the keys of the store, to the exclusion of whoever else would use them.
    pub(crate) fn vault_alone(&self, unlock: Unlock) -> Result<Vault, VaultError> {
        let vault = Vault::open(self.dir.join(KEYS_FOLDER), unlock, true)?;
        if vault.has_keyring() { Ok(vault) } else { Err(VaultError::NoKeyring { path: vault.path() }) }
    }

    pub(crate) fn roll_dir(&self, jurisdiction: Jurisdiction) -> PathBuf {
        let dir = self.mirror.as_ref().map_or(self.dir.as_path(), Mirror::dir);
        dir.join(ROLLS).join(jurisdiction.slug())
    }

    /// The snapshots of a jurisdiction, by day and id; the last one is the newest.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the store or one of the manifests cannot be read.
    pub fn snapshots(&self, jurisdiction: Jurisdiction) -> Result<Vec<Snapshot>, SnapshotError> {
        self.pull(jurisdiction)?;
        self.snapshots_here(jurisdiction)
    }

    /// The snapshots of all jurisdictions, each as [`Store::snapshots`] gives them.
    ///
    /// # Errors
    ///
    /// As [`Store::snapshots`].
    pub fn all_snapshots(&self) -> Result<Vec<Snapshot>, SnapshotError> {
        self.mirror.as_ref().map_or(Ok(()), |mirror| mirror.pull(None))?;
        let each = Jurisdiction::all().map(|jurisdiction| self.snapshots_here(jurisdiction));
        Ok(each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    /// The snapshot in a folder of this store.
    pub(crate) fn open_snapshot(&self, path: &Path) -> Result<Snapshot, SnapshotError> {
        Ok(Snapshot::open(path)?.in_mirror(self.mirror.clone()))
    }

    fn snapshots_here(&self, jurisdiction: Jurisdiction) -> Result<Vec<Snapshot>, SnapshotError> {
        let dir = self.roll_dir(jurisdiction);
        let mut snapshots = Vec::new();
        for name in folder_names(&dir).map_err(|source| SnapshotError::Read { path: dir.clone(), source })? {
            match self.open_snapshot(&dir.join(name)) {
                Ok(snapshot) => snapshots.push(snapshot),
                // The folders of lists and of records have no manifest.
                Err(SnapshotError::Missing { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        snapshots.sort_by(|a, b| {
            let key = |snapshot: &Snapshot| (snapshot.manifest().as_of, snapshot.manifest().snapshot.clone());
            key(a).cmp(&key(b))
        });
        Ok(snapshots)
    }

    /// The snapshot of an id.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when there is none, or it cannot be read.
    pub fn snapshot(&self, jurisdiction: Jurisdiction, id: &str) -> Result<Snapshot, SnapshotError> {
        self.pull(jurisdiction)?;
        let path = self.roll_dir(jurisdiction).join(id);
        // An id is one folder name; anything else would lead out of the store.
        if Path::new(id).components().count() == 1
            && path.starts_with(self.roll_dir(jurisdiction))
            && !id.starts_with('.')
        {
            self.open_snapshot(&path)
        } else {
            Err(SnapshotError::Missing { path })
        }
    }
}

/// The names in a folder in order, without those that begin with a dot; none when the folder is not there.
fn folder_names(dir: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string().ok().filter(|name| !name.starts_with('.')));
    }
    names.sort();
    Ok(names)
}
