//! The keyring of a store on disk: opened, extended, sealed again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use terms::Jurisdiction;
use zeroize::Zeroizing;

use super::age::{self, AgeError, Identities, Identity, Recipient, SealTo, UnsealWith};
use super::compartment::Compartment;
use super::error::VaultError;
use super::key::{KeyId, KeyringId, Keys, Secret};
use super::keyring::Keyring;
use super::unlock::{Passphrase, Unlock};
use super::{IDENTITY_FILE, KEYRING_FILE};
use crate::snapshot::Snapshot;
use crate::staging::write_file;

/// Locked shared by whoever uses the keys, and alone by whoever rotates them.
const IN_USE: &str = ".in-use";

/// Locked while the keyring is extended.
const WRITING: &str = ".writing";

/// LIMIT: a keyring of all states, rotated many times, is a few megabytes.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The keys of a store, unsealed.
///
/// While it is open, nobody rotates the keys. It holds every key in memory: who may have some of them only gets a
/// [`Keys`], and the vault is closed before they work with it.
#[derive(Debug)]
pub struct Vault {
    folder: PathBuf,
    unlock: Unlock,
    /// None until the first key is made.
    keyring: Option<Keyring>,
    new_identity: Option<PathBuf>,
    in_use: Option<File>,
    is_alone: bool,
}

/// How a keyring is sealed.
#[derive(Debug, Clone)]
pub enum Seal {
    /// To identities, by their public halves. Each of them opens it.
    Recipients(Vec<Recipient>),
    /// With a passphrase.
    Passphrase(Passphrase),
}

/// A key of a keyring, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// Its name.
    pub id: KeyId,
    /// What it was made for: the id of a snapshot, `lists`, or `rotation`.
    pub made_for: String,
}

impl Vault {
    /// Opens the vault in a folder of keys. It may be without a keyring: the first key that is made makes one.
    pub(crate) fn open(folder: PathBuf, unlock: Unlock, is_alone: bool) -> Result<Self, VaultError> {
        let mut vault = Self { folder, unlock, keyring: None, new_identity: None, in_use: None, is_alone };
        if vault.folder.exists() {
            vault.enter()?;
            vault.keyring = vault.load()?;
        }
        Ok(vault)
    }

    /// Where the keyring lies.
    pub fn path(&self) -> PathBuf {
        self.folder.join(KEYRING_FILE)
    }

    /// The identity file that this vault made, when it made one.
    pub fn new_identity(&self) -> Option<&Path> {
        self.new_identity.as_deref()
    }

    /// Whether there is a keyring already.
    pub fn has_keyring(&self) -> bool {
        self.keyring.is_some()
    }

    /// Every key, by name.
    pub fn entries(&self) -> Vec<KeyEntry> {
        let entry = |(id, made_for): (&KeyId, &str)| KeyEntry { id: id.clone(), made_for: made_for.to_owned() };
        self.keyring.iter().flat_map(|keyring| keyring.iter().map(entry)).collect()
    }

    /// How many identities the keyring is sealed to; none where it is sealed with a passphrase.
    pub fn recipients(&self) -> usize {
        self.keyring.as_ref().map_or(0, |keyring| keyring.recipients.len())
    }

    /// The keys of exactly these compartments of a snapshot. One that the snapshot does not have is passed over. Without that
    /// of [`Compartment::Roll`] nothing can be read.
    ///
    /// # Errors
    ///
    /// [`VaultError`] for the first key that the keyring does not have.
    pub fn keys<'c>(
        &self,
        snapshot: &Snapshot,
        compartments: impl IntoIterator<Item = &'c Compartment>,
    ) -> Result<Keys, VaultError> {
        let wanted: BTreeSet<&Compartment> = compartments.into_iter().collect();
        self.some_keys(snapshot, |compartment| wanted.contains(compartment))
    }

    /// Every key of a snapshot.
    ///
    /// # Errors
    ///
    /// As [`Vault::keys`].
    pub fn all_keys(&self, snapshot: &Snapshot) -> Result<Keys, VaultError> {
        self.some_keys(snapshot, |_| true)
    }

    fn some_keys(&self, snapshot: &Snapshot, is_wanted: impl Fn(&Compartment) -> bool) -> Result<Keys, VaultError> {
        let manifest = snapshot.manifest();
        let mut keys = Keys::default();
        for id in manifest.keys.iter().filter(|id| is_wanted(id.compartment())) {
            keys.insert(id.clone(), self.secret(id, &manifest.snapshot)?.clone());
        }
        Ok(keys)
    }

    /// Whether the keyring has a key.
    pub fn has(&self, id: &KeyId) -> bool {
        self.keyring.as_ref().is_some_and(|keyring| keyring.get(id).is_some())
    }

    /// A key that something is encrypted under.
    pub(crate) fn secret(&self, id: &KeyId, of: &str) -> Result<&Secret, VaultError> {
        let Some(keyring) = &self.keyring else { return Err(VaultError::NoKeyring { path: self.path() }) };
        keyring.get(id).ok_or_else(|| {
            let (key, of) = (Box::new(id.clone()), of.to_owned());
            if id.keyring() == keyring.id {
                VaultError::Lost { key, of }
            } else {
                VaultError::OtherKeyring { key, of, path: self.path(), found: keyring.id }
            }
        })
    }

    /// The newest keys of these compartments. Those that do not exist yet are made and are on disk before this returns:
    /// nothing is ever encrypted under a key that could be lost with the process.
    pub(crate) fn ensure(
        &mut self,
        jurisdiction: Jurisdiction,
        compartments: impl IntoIterator<Item = Compartment>,
        made_for: &str,
    ) -> Result<BTreeMap<Compartment, (KeyId, Secret)>, VaultError> {
        let wanted: BTreeSet<Compartment> = compartments.into_iter().collect();
        let has = |keyring: &Keyring, compartment: &Compartment| keyring.newest(jurisdiction, compartment).is_some();
        let has_all = |keyring: &Keyring| wanted.iter().all(|compartment| has(keyring, compartment));
        if !self.keyring.as_ref().is_some_and(has_all) {
            self.change(|keyring| {
                let missing: Vec<Compartment> = wanted.iter().filter(|one| !has(keyring, one)).cloned().collect();
                missing.into_iter().try_for_each(|compartment| keyring.add(jurisdiction, compartment, made_for))
            })?;
        }
        Ok(self.newest(jurisdiction, &wanted))
    }

    /// The newest keys of these compartments, as far as there are any.
    pub(crate) fn newest(
        &self,
        jurisdiction: Jurisdiction,
        compartments: &BTreeSet<Compartment>,
    ) -> BTreeMap<Compartment, (KeyId, Secret)> {
        let newest = |compartment: &Compartment| {
            let (id, secret) = self.keyring.as_ref()?.newest(jurisdiction, compartment)?;
            Some((compartment.clone(), (id.clone(), secret.clone())))
        };
        compartments.iter().filter_map(newest).collect()
    }

    /// Makes the next key of each of these compartments.
    pub(crate) fn renew(
        &mut self,
        jurisdiction: Jurisdiction,
        compartments: &BTreeSet<Compartment>,
    ) -> Result<(), VaultError> {
        let renew = |keyring: &mut Keyring| {
            let mut compartments = compartments.iter().cloned();
            compartments.try_for_each(|compartment| keyring.add(jurisdiction, compartment, ROTATION))
        };
        self.change(renew)
    }

    /// Forgets every key that is not kept.
    pub(crate) fn retain(&mut self, keep: impl Fn(&KeyId) -> bool) -> Result<(), VaultError> {
        self.change(|keyring| {
            keyring.retain(keep);
            Ok(())
        })
    }

    /// Seals the keyring anew. From then on it opens with the new seal alone.
    ///
    /// # Errors
    ///
    /// [`VaultError`]; the keyring is as before then.
    pub fn seal(&mut self, seal: &Seal) -> Result<(), VaultError> {
        if self.keyring.is_none() {
            return Err(VaultError::NoKeyring { path: self.path() });
        }
        let (recipients, passphrase) = match seal {
            Seal::Recipients(recipients) => (recipients.clone(), None),
            Seal::Passphrase(passphrase) => (Vec::new(), Some(passphrase.clone())),
        };
        self.change_under(passphrase, |keyring| {
            keyring.recipients = recipients;
            Ok(())
        })
    }

    /// Changes the keyring as it lies on disk now, and saves it. Two processes that do so follow each other.
    fn change(&mut self, change: impl FnOnce(&mut Keyring) -> Result<(), AgeError>) -> Result<(), VaultError> {
        self.change_under(self.unlock.passphrase.clone(), change)
    }

    /// The same; from then on the keyring is sealed with `passphrase` where it is sealed with one.
    fn change_under(
        &mut self,
        passphrase: Option<Passphrase>,
        change: impl FnOnce(&mut Keyring) -> Result<(), AgeError>,
    ) -> Result<(), VaultError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| VaultError::Write { path, source }
        };
        make_private(&self.folder).map_err(failed(&self.folder))?;
        self.enter()?;
        let path = self.folder.join(WRITING);
        let writing = open_lock(&path).map_err(failed(&path))?;
        writing.lock().map_err(failed(&path))?;
        let (mut keyring, new_identity) = match self.load()? {
            Some(keyring) => (keyring, None),
            None => {
                let (recipients, made) = self.first_recipients()?;
                (Keyring::new(recipients).map_err(|error| self.age(error))?, made)
            }
        };
        let changed = change(&mut keyring).map_err(|error| self.age(error));
        if let Err(error) = changed.and_then(|()| self.save(&keyring, passphrase.as_ref())) {
            // An identity without a keyring opens nothing.
            new_identity.iter().for_each(|path| drop(fs::remove_file(path)));
            return Err(error);
        }
        self.keyring = Some(keyring);
        self.unlock.passphrase = passphrase;
        self.new_identity = new_identity.or(self.new_identity.take());
        Ok(())
    }

    /// Whom the first keyring is sealed to, and the identity file that was made for it.
    fn first_recipients(&self) -> Result<(Vec<Recipient>, Option<PathBuf>), VaultError> {
        let path = self.identity_path();
        match (&self.unlock.passphrase, &self.unlock.identity) {
            (Some(_), _) => Ok((Vec::new(), None)),
            (None, None) if !path.exists() => {
                let identity = Identity::generate();
                write_identity(&path, &identity).map_err(|source| {
                    // What was written of it is no identity, and would stand in the way of the next one.
                    drop(fs::remove_file(&path));
                    VaultError::Write { path: path.clone(), source }
                })?;
                Ok((vec![identity.recipient()], Some(path)))
            }
            (None, _) => Ok((read_identities(&path)?.recipients().collect(), None)),
        }
    }

    /// Where the identity is looked for.
    fn identity_path(&self) -> PathBuf {
        self.unlock.identity.clone().unwrap_or_else(|| self.folder.join(IDENTITY_FILE))
    }

    /// The keyring on disk, unsealed; `None` when there is none.
    fn load(&self) -> Result<Option<Keyring>, VaultError> {
        let path = self.path();
        let Some(sealed) = read_bounded(&path)? else { return Ok(None) };
        let wants_passphrase = age::wants_passphrase(&sealed).map_err(|error| self.age(error))?;
        let text = match &self.unlock.passphrase {
            Some(passphrase) if wants_passphrase => age::unseal(&sealed, &UnsealWith::Passphrase(passphrase)),
            None if wants_passphrase => Err(AgeError::NeedsPassphrase),
            // A passphrase that is not asked for does not stand in the way of an identity.
            _ if self.unlock.identity.is_none() && !self.identity_path().exists() => Err(AgeError::NeedsIdentity),
            _ => age::unseal(&sealed, &UnsealWith::Identities(&read_identities(&self.identity_path())?)),
        };
        let text = text.map_err(|error| self.age(error))?;
        Keyring::parse(&text).map(Some).map_err(|why| VaultError::Damaged { path, why })
    }

    fn save(&self, keyring: &Keyring, passphrase: Option<&Passphrase>) -> Result<(), VaultError> {
        let path = self.path();
        let text = keyring.text().map_err(|why| VaultError::Damaged { path: path.clone(), why })?;
        let to = match passphrase {
            Some(passphrase) if keyring.recipients.is_empty() => SealTo::Passphrase(passphrase),
            None if keyring.recipients.is_empty() => return Err(VaultError::NeedsPassphrase { path }),
            _ => SealTo::Recipients(&keyring.recipients),
        };
        let sealed = age::seal(&text, &to).map_err(|error| self.age(error))?;
        write_file(&path, &sealed).map_err(|source| VaultError::Write { path, source })
    }

    fn age(&self, error: AgeError) -> VaultError {
        VaultError::of_age(error, self.path(), self.identity_path())
    }

    /// Says that the keys are in use, for as long as this vault is open.
    fn enter(&mut self) -> Result<(), VaultError> {
        if self.in_use.is_some() {
            return Ok(());
        }
        let path = self.folder.join(IN_USE);
        let file = open_lock(&path).map_err(|source| VaultError::Read { path: path.clone(), source })?;
        let locked = if self.is_alone { file.try_lock() } else { file.try_lock_shared() };
        match locked {
            Ok(()) => self.in_use = Some(file),
            Err(TryLockError::WouldBlock) => return Err(VaultError::InUse { path: self.folder.clone() }),
            Err(TryLockError::Error(source)) => return Err(VaultError::Read { path, source }),
        }
        Ok(())
    }

    /// The name of the keyring; `None` until there is one.
    pub fn id(&self) -> Option<KeyringId> {
        self.keyring.as_ref().map(|keyring| keyring.id)
    }
}

/// What a key of a rotation is made for.
const ROTATION: &str = "rotation";

/// A file to lock. Where nothing can be written, one that is there serves as well.
fn open_lock(path: &Path) -> io::Result<File> {
    let made = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    made.or_else(|error| File::open(path).map_err(|_| error))
}

/// Makes a folder that only its owner may enter.
fn make_private(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    if let Some(parent) = folder.parent() {
        builder.create(parent)?;
    }
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes an identity file that only its owner may read.
fn write_identity(path: &Path, identity: &Identity) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "# Secret: with this file, whoever has the store can read its rolls.")?;
    writeln!(file, "# Move it to another place and name it with --identity; that is what protects.")?;
    writeln!(file, "# public key: {}", identity.recipient())?;
    file.write_all(identity.line().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

fn read_identities(path: &Path) -> Result<Identities, VaultError> {
    let missing = || io::Error::from(io::ErrorKind::NotFound);
    let bytes = read_bounded(path)?;
    let bytes = bytes.ok_or_else(|| VaultError::Read { path: path.to_owned(), source: missing() })?;
    let identities = std::str::from_utf8(&bytes).ok().and_then(Identities::parse);
    identities.ok_or_else(|| VaultError::BadIdentity { path: path.to_owned() })
}

/// Reads a file that may hold a secret; `None` when it is not there.
fn read_bounded(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
    let failed = |source| VaultError::Read { path: path.to_owned(), source };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let length = file.metadata().map_err(failed)?.len();
    if length > FILE_BYTES_MAX {
        return Err(VaultError::TooLarge { path: path.to_owned() });
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1)));
    Read::take(&mut file, FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Table;
    use crate::store::Store;

    fn keyring_without(store: &Store, lost: &Compartment) -> Vault {
        let mut vault = store.vault(Unlock::default()).unwrap();
        vault.retain(|id| id.compartment() != lost).unwrap();
        store.vault(Unlock::default()).unwrap()
    }

    #[test]
    fn a_lost_key_closes_its_column_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("ut.csv");
        std::fs::write(&file, include_bytes!("../../../../fuzz/seeds/roll_ut/plain.csv")).unwrap();
        let store = Store::open(dir.path().join("store"));
        let layouts = crate::layout::Layouts::built_in().unwrap();
        let day = "2017-06-30".parse().unwrap();
        let request = crate::ImportRequest::new(&layouts, "ut", vec![file], day);
        let mut vault = store.vault_or_new(Unlock::default()).unwrap();
        let snapshot = store.import(&request, &mut vault, &()).unwrap().snapshot;
        drop(vault);
        let (born, phone) = ["date_of_birth", "phone"].map(|name| Compartment::of(Table::Voter, name)).into();
        let vault = keyring_without(&store, &born);
        let error = vault.keys(&snapshot, [&Compartment::Roll, &born]).unwrap_err();
        let id = snapshot.manifest().keys.iter().find(|id| *id.compartment() == born).unwrap();
        let snapshot_id = &snapshot.manifest().snapshot;
        assert_eq!(
            error.to_string(),
            format!("the key `{id}` of column `date_of_birth` is not in the keyring; `{snapshot_id}` needs it")
        );
        assert!(vault.all_keys(&snapshot).is_err());
        let reader = snapshot.reader(vault.keys(&snapshot, [&Compartment::Roll, &phone]).unwrap());
        reader.read_voters(0, &["voter_id", "phone"]).unwrap();
        assert!(reader.read_voters(0, &["voter_id", "date_of_birth"]).is_err());
    }
}
