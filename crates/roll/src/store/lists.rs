//! Protection lists and canaries in the store, sealed: who is protected, and why, is as private as what protects them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use terms::{Date, Jurisdiction};

use super::{Mirror, Store, folder_names};
use crate::protection::{LIST_BYTES_MAX, ListError, Protections, parse_canaries};
use crate::staging::write_file;
use crate::vault::{Compartment, KeyId, Vault, VaultError, key_of, seal, unseal};

pub(super) const PROTECTIONS: &str = "protections";
pub(super) const CANARIES: &str = "canaries";
const SEALED: &str = ".sealed";

/// What the key of the lists is made for.
const LISTS: &str = "lists";

/// LIMIT: the header of a sealed file, and the sixteen bytes of each piece of 64 KiB.
const SEAL_BYTES_MAX: u64 = 4096 + LIST_BYTES_MAX / 4096;

/// A list that the store keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id in the store.
    pub id: String,
    /// How many registrants or tokens it holds.
    pub entries: usize,
    /// Whether it is new; `false` when the same list was kept before.
    pub is_new: bool,
}

/// One kind of list of one jurisdiction.
struct Shelf<'v> {
    folder: PathBuf,
    jurisdiction: Jurisdiction,
    kind: &'static str,
    vault: &'v Vault,
}

impl Shelf<'_> {
    /// Ids of its lists, in order.
    fn ids(&self) -> Result<Vec<String>, ListError> {
        let folder = &self.folder;
        let names = folder_names(folder).map_err(|source| ListError::Read { path: folder.to_owned(), source })?;
        Ok(names.iter().filter_map(|name| name.strip_suffix(SEALED)).map(str::to_owned).collect())
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}{SEALED}"))
    }

    /// What a list is bound to, so that it cannot be put in the place of another one.
    fn name(&self, id: &str) -> String {
        format!("openroll/{}/{}/{id}", self.jurisdiction.slug(), self.kind)
    }

    /// The content of a list.
    fn read(&self, id: &str) -> Result<Vec<u8>, ListError> {
        let path = self.path(id);
        let file = read_list(&path, LIST_BYTES_MAX + SEAL_BYTES_MAX)?;
        let key = key_of(file.as_slice()).ok_or_else(|| ListError::Damaged { file: path.clone() })?;
        let secret = self.vault.secret(&key, &path.display().to_string())?;
        unseal(&key, secret, &self.name(id), &file).ok_or(ListError::Damaged { file: path })
    }
}

impl Store {
    fn shelf<'v>(&self, jurisdiction: Jurisdiction, kind: &'static str, vault: &'v Vault) -> Shelf<'v> {
        Shelf { folder: self.roll_dir(jurisdiction).join(kind), jurisdiction, kind, vault }
    }

    /// Keeps a list of protected registrants as of a day. Earlier lists stay as they are.
    ///
    /// The id is the day, and a number that counts the lists of the same day.
    ///
    /// # Errors
    ///
    /// [`ListError`] at the first line that is not as it must be, and when the system refuses.
    pub fn import_protections(
        &self,
        jurisdiction: Jurisdiction,
        file: &Path,
        as_of: Date,
        vault: &mut Vault,
    ) -> Result<Kept, ListError> {
        let bytes = read_list(file, LIST_BYTES_MAX)?;
        let entries = Protections::parse(file, &bytes)?.len();
        self.keep_list(jurisdiction, &bytes, entries, as_of, vault)
    }

    /// Keeps a list of protected registrants that was put together here, as of a day.
    ///
    /// # Errors
    ///
    /// [`ListError`] when the system refuses, or the keys cannot be had.
    pub fn keep_protections(
        &self,
        jurisdiction: Jurisdiction,
        list: &Protections,
        as_of: Date,
        vault: &mut Vault,
    ) -> Result<Kept, ListError> {
        self.keep_list(jurisdiction, list.csv().as_bytes(), list.len(), as_of, vault)
    }

    fn keep_list(
        &self,
        jurisdiction: Jurisdiction,
        bytes: &[u8],
        entries: usize,
        as_of: Date,
        vault: &mut Vault,
    ) -> Result<Kept, ListError> {
        self.pull(jurisdiction)?;
        let shelf = self.shelf(jurisdiction, PROTECTIONS, vault);
        let ids = shelf.ids()?;
        let same_day: Vec<&String> = ids.iter().filter(|id| day_of(id) == Some(as_of)).collect();
        if let Some(newest) = same_day.last()
            && shelf.read(newest)? == bytes
        {
            return Ok(Kept { id: (*newest).clone(), entries, is_new: false });
        }
        let id = format!("{as_of}-{:03}", same_day.len() + 1);
        self.keep(jurisdiction, (PROTECTIONS, &id), bytes, vault)?;
        Ok(Kept { id, entries, is_new: true })
    }

    /// The newest list of protected registrants whose day is not after `not_after`; `None` when no list was kept by then.
    ///
    /// CAUTION: no list is not the same as a list that protects nobody. Who releases without any list must say so.
    ///
    /// # Errors
    ///
    /// [`ListError`] when the list cannot be read.
    pub fn protections(
        &self,
        jurisdiction: Jurisdiction,
        not_after: Option<Date>,
        vault: &Vault,
    ) -> Result<Option<Protections>, ListError> {
        self.pull(jurisdiction)?;
        let shelf = self.shelf(jurisdiction, PROTECTIONS, vault);
        let ids = shelf.ids()?;
        let is_due = |id: &&String| day_of(id).is_some_and(|day| not_after.is_none_or(|limit| day <= limit));
        let Some(newest) = ids.iter().rfind(is_due) else { return Ok(None) };
        Protections::parse(&shelf.path(newest), &shelf.read(newest)?).map(Some)
    }

    /// Keeps tokens that must never stand in any output: one on each line of a text file.
    ///
    /// # Errors
    ///
    /// [`ListError`] at the first token that is too short, and when the system refuses.
    pub fn import_canaries(
        &self,
        jurisdiction: Jurisdiction,
        file: &Path,
        vault: &mut Vault,
    ) -> Result<Kept, ListError> {
        let bytes = read_list(file, LIST_BYTES_MAX)?;
        let entries = parse_canaries(file, &bytes)?.len();
        self.pull(jurisdiction)?;
        let shelf = self.shelf(jurisdiction, CANARIES, vault);
        let ids = shelf.ids()?;
        for id in &ids {
            if shelf.read(id)? == bytes {
                return Ok(Kept { id: id.clone(), entries, is_new: false });
            }
        }
        let id = format!("{:03}", ids.len() + 1);
        self.keep(jurisdiction, (CANARIES, &id), &bytes, vault)?;
        Ok(Kept { id, entries, is_new: true })
    }

    /// Every canary of a jurisdiction.
    ///
    /// # Errors
    ///
    /// [`ListError`] when a list cannot be read.
    pub fn canaries(&self, jurisdiction: Jurisdiction, vault: &Vault) -> Result<BTreeSet<String>, ListError> {
        self.pull(jurisdiction)?;
        let shelf = self.shelf(jurisdiction, CANARIES, vault);
        let mut canaries = BTreeSet::new();
        for id in shelf.ids()? {
            canaries.append(&mut parse_canaries(&shelf.path(&id), &shelf.read(&id)?)?);
        }
        Ok(canaries)
    }

    /// Seals every list of a jurisdiction anew, under the newest key of the lists; returns how many.
    pub(crate) fn seal_lists_again(&self, jurisdiction: Jurisdiction, vault: &mut Vault) -> Result<usize, ListError> {
        self.pull(jurisdiction)?;
        let mut sealed = 0;
        for kind in [PROTECTIONS, CANARIES] {
            for id in self.shelf(jurisdiction, kind, vault).ids()? {
                let bytes = self.shelf(jurisdiction, kind, vault).read(&id)?;
                self.keep(jurisdiction, (kind, &id), &bytes, vault)?;
                sealed += 1;
            }
        }
        Ok(sealed)
    }

    /// The keys that the lists of a jurisdiction are sealed under.
    pub(crate) fn keys_of_lists(&self, jurisdiction: Jurisdiction, vault: &Vault) -> Result<Vec<KeyId>, ListError> {
        self.pull(jurisdiction)?;
        let mut keys = Vec::new();
        for kind in [PROTECTIONS, CANARIES] {
            let shelf = self.shelf(jurisdiction, kind, vault);
            for id in shelf.ids()? {
                keys.extend(key_of(read_list(&shelf.path(&id), LIST_BYTES_MAX + SEAL_BYTES_MAX)?.as_slice()));
            }
        }
        Ok(keys)
    }

    /// Seals a list under the newest key of the lists.
    fn keep(
        &self,
        jurisdiction: Jurisdiction,
        (kind, id): (&'static str, &str),
        bytes: &[u8],
        vault: &mut Vault,
    ) -> Result<(), ListError> {
        let keys = vault.ensure(jurisdiction, [Compartment::Lists], LISTS)?;
        let shelf = self.shelf(jurisdiction, kind, vault);
        let path = shelf.path(id);
        let sealed = keys.values().next().and_then(|(key, secret)| seal(key, secret, &shelf.name(id), bytes).ok());
        let sealed = sealed.ok_or(VaultError::NoRandomness)?;
        let _locked = self.mirror.as_ref().map(Mirror::lock).transpose()?;
        let is_new = !path.exists();
        write_file(&path, &sealed).map_err(|source| ListError::Write { path: path.clone(), source })?;
        match &self.mirror {
            None => Ok(()),
            Some(mirror) if is_new => mirror.put_new(&path).map_err(|error| {
                // What is not in the object store is not kept.
                drop(fs::remove_file(&path));
                error.into()
            }),
            Some(mirror) => Ok(mirror.put(&path)?),
        }
    }
}

fn day_of(id: &str) -> Option<Date> {
    id.get(..10)?.parse().ok()
}

fn read_list(path: &Path, most: u64) -> Result<Vec<u8>, ListError> {
    let io = |source| ListError::Read { path: path.to_owned(), source };
    if fs::metadata(path).map_err(io)?.len() > most {
        return Err(ListError::TooLarge { file: path.to_owned() });
    }
    fs::read(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UT: &str = "UT";

    fn vault(store: &Store) -> Vault {
        store.vault_or_new(crate::vault::Unlock::default()).unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_newest_list_that_is_not_after_the_day_counts() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("store"));
        let utah = UT.parse().unwrap();
        let mut vault = vault(&store);
        assert_eq!(store.protections(utah, None, &vault).unwrap(), None);
        let file = dir.path().join("list.csv");
        let mut keep = |text: &str, as_of: &str| {
            fs::write(&file, format!("voter_id,ground,since,until\n{text}")).unwrap();
            store.import_protections(utah, &file, day(as_of), &mut vault).unwrap()
        };
        assert!(keep("1,judge,2017-01-01,\n", "2017-06-30").is_new);
        assert!(!keep("1,judge,2017-01-01,\n", "2017-06-30").is_new);
        assert!(keep("2,judge,2017-01-01,\n", "2017-06-30").id == "2017-06-30-002");
        keep("3,judge,2017-01-01,\n", "2017-05-01");
        keep("", "2017-04-01");
        let listed = |limit: Option<&str>| store.protections(utah, limit.map(day), &vault).unwrap();
        let newest = listed(None).unwrap();
        assert!(newest.of("1").is_empty() && newest.of("2").len() == 1);
        assert_eq!(listed(Some("2017-06-29")).unwrap().of("3").len(), 1);
        assert!(listed(Some("2017-04-30")).unwrap().is_empty());
        assert_eq!(listed(Some("2017-03-31")), None);
    }

    #[test]
    fn canaries_of_all_lists_count() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("store"));
        let (utah, mut vault) = (UT.parse().unwrap(), vault(&store));
        for text in ["QZX-0001\nQZX-0002\n", "QZX-0003\n", "QZX-0003\n"] {
            let file = dir.path().join("canaries.txt");
            fs::write(&file, text).unwrap();
            store.import_canaries(utah, &file, &mut vault).unwrap();
        }
        assert_eq!(store.canaries(utah, &vault).unwrap().len(), 3);
        assert!(store.snapshots(utah).unwrap().is_empty());
    }

    #[test]
    fn a_list_opens_in_its_own_place_only_and_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("store"));
        let (utah, mut vault) = (UT.parse().unwrap(), vault(&store));
        for (number, text) in ["QZX-0001\n", "QZX-0002\n"].into_iter().enumerate() {
            let file = dir.path().join("canaries.txt");
            fs::write(&file, text).unwrap();
            assert_eq!(store.import_canaries(utah, &file, &mut vault).unwrap().id, format!("00{}", number + 1));
        }
        let folder = store.roll_dir(utah).join(CANARIES);
        let (one, two) = (folder.join("001.sealed"), folder.join("002.sealed"));
        let good = fs::read(&one).unwrap();
        assert!(!good.windows(4).any(|window| window == b"QZX-"));
        fs::write(&one, fs::read(&two).unwrap()).unwrap();
        let error = store.canaries(utah, &vault).unwrap_err();
        assert_eq!(error.to_string(), format!("`{}` is not as it was sealed", one.display()));
        fs::write(&one, &good).unwrap();
        assert_eq!(store.canaries(utah, &vault).unwrap().len(), 2);
    }
}
