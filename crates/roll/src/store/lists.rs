//! Protection lists and canaries in the store.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use terms::{Date, Jurisdiction};

use super::{Store, folder_names};
use crate::digest;
use crate::protection::{LIST_BYTES_MAX, ListError, Protections, parse_canaries};
use crate::staging::write_file;

const PROTECTIONS: &str = "protections";
const CANARIES: &str = "canaries";
const CSV: &str = ".csv";
const TXT: &str = ".txt";

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

impl Store {
    /// Keeps a list of protected registrants as of a day. Earlier lists stay as they are.
    ///
    /// The id is the day, a number that counts the lists of the same day, and twelve digits of the list's SHA-256.
    ///
    /// # Errors
    ///
    /// [`ListError`] at the first line that is not as it must be, and when the system refuses.
    pub fn import_protections(&self, jurisdiction: Jurisdiction, file: &Path, as_of: Date) -> Result<Kept, ListError> {
        let bytes = read_list(file)?;
        let entries = Protections::parse(file, &bytes)?.len();
        self.keep(jurisdiction, &bytes, entries, as_of)
    }

    /// Keeps a list of protected registrants that was put together here, as of a day.
    ///
    /// # Errors
    ///
    /// [`ListError`] when the system refuses.
    pub fn keep_protections(
        &self,
        jurisdiction: Jurisdiction,
        list: &Protections,
        as_of: Date,
    ) -> Result<Kept, ListError> {
        self.keep(jurisdiction, list.csv().as_bytes(), list.len(), as_of)
    }

    fn keep(&self, jurisdiction: Jurisdiction, bytes: &[u8], entries: usize, as_of: Date) -> Result<Kept, ListError> {
        let dir = self.roll_dir(jurisdiction).join(PROTECTIONS);
        let sha256 = digest::short(bytes);
        let names = list_names(&dir, CSV)?;
        let same_day: Vec<&String> = names.iter().filter(|name| day_of(name) == Some(as_of)).collect();
        if let Some(newest) = same_day.last().filter(|name| name.ends_with(&sha256)) {
            return Ok(Kept { id: (*newest).clone(), entries, is_new: false });
        }
        let id = format!("{as_of}-{:03}-{sha256}", same_day.len() + 1);
        let path = dir.join(format!("{id}{CSV}"));
        write_file(&path, bytes).map_err(|source| ListError::Write { path, source })?;
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
    ) -> Result<Option<Protections>, ListError> {
        let dir = self.roll_dir(jurisdiction).join(PROTECTIONS);
        let names = list_names(&dir, CSV)?;
        let is_due = |name: &&String| day_of(name).is_some_and(|day| not_after.is_none_or(|limit| day <= limit));
        let Some(newest) = names.iter().rfind(is_due) else { return Ok(None) };
        let path = dir.join(format!("{newest}{CSV}"));
        Protections::parse(&path, &read_list(&path)?).map(Some)
    }

    /// Keeps tokens that must never stand in any output: one on each line of a text file.
    ///
    /// # Errors
    ///
    /// [`ListError`] at the first token that is too short, and when the system refuses.
    pub fn import_canaries(&self, jurisdiction: Jurisdiction, file: &Path) -> Result<Kept, ListError> {
        let bytes = read_list(file)?;
        let entries = parse_canaries(file, &bytes)?.len();
        let dir = self.roll_dir(jurisdiction).join(CANARIES);
        let id = digest::short(&bytes);
        if list_names(&dir, TXT)?.contains(&id) {
            return Ok(Kept { id, entries, is_new: false });
        }
        let path = dir.join(format!("{id}{TXT}"));
        write_file(&path, &bytes).map_err(|source| ListError::Write { path, source })?;
        Ok(Kept { id, entries, is_new: true })
    }

    /// Every canary of a jurisdiction.
    ///
    /// # Errors
    ///
    /// [`ListError`] when a list cannot be read.
    pub fn canaries(&self, jurisdiction: Jurisdiction) -> Result<BTreeSet<String>, ListError> {
        let dir = self.roll_dir(jurisdiction).join(CANARIES);
        let mut canaries = BTreeSet::new();
        for name in list_names(&dir, TXT)? {
            let path = dir.join(format!("{name}{TXT}"));
            canaries.append(&mut parse_canaries(&path, &read_list(&path)?)?);
        }
        Ok(canaries)
    }
}

/// Ids of the lists in a folder, in order: by day, then by number.
fn list_names(dir: &Path, ending: &str) -> Result<Vec<String>, ListError> {
    let names = folder_names(dir).map_err(|source| ListError::Read { path: dir.to_owned(), source })?;
    Ok(names.iter().filter_map(|name| name.strip_suffix(ending)).map(str::to_owned).collect())
}

fn day_of(id: &str) -> Option<Date> {
    id.get(..10)?.parse().ok()
}

fn read_list(path: &Path) -> Result<Vec<u8>, ListError> {
    let io = |source| ListError::Read { path: path.to_owned(), source };
    if fs::metadata(path).map_err(io)?.len() > LIST_BYTES_MAX {
        return Err(ListError::TooLarge { file: path.to_owned() });
    }
    fs::read(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    const UT: &str = "UT";

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_newest_list_that_is_not_after_the_day_counts() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("store"));
        let utah = UT.parse().unwrap();
        assert_eq!(store.protections(utah, None).unwrap(), None);
        let file = dir.path().join("list.csv");
        let keep = |text: &str, as_of: &str| {
            fs::write(&file, format!("voter_id,ground,since,until\n{text}")).unwrap();
            store.import_protections(utah, &file, day(as_of)).unwrap()
        };
        assert!(keep("1,judge,2017-01-01,\n", "2017-06-30").is_new);
        assert!(!keep("1,judge,2017-01-01,\n", "2017-06-30").is_new);
        assert!(keep("2,judge,2017-01-01,\n", "2017-06-30").id.starts_with("2017-06-30-002-"));
        keep("3,judge,2017-01-01,\n", "2017-05-01");
        let newest = store.protections(utah, None).unwrap().unwrap();
        assert!(newest.of("1").is_empty() && newest.of("2").len() == 1);
        assert_eq!(store.protections(utah, Some(day("2017-06-29"))).unwrap().unwrap().of("3").len(), 1);
        assert_eq!(store.protections(utah, Some(day("2017-04-30"))).unwrap(), None);
        keep("", "2017-04-01");
        assert!(store.protections(utah, Some(day("2017-04-30"))).unwrap().unwrap().is_empty());
    }

    #[test]
    fn canaries_of_all_lists_count() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path().join("store"));
        let utah = UT.parse().unwrap();
        for text in ["QZX-0001\nQZX-0002\n", "QZX-0003\n", "QZX-0003\n"] {
            let file = dir.path().join("canaries.txt");
            fs::write(&file, text).unwrap();
            store.import_canaries(utah, &file).unwrap();
        }
        assert_eq!(store.canaries(utah).unwrap().len(), 3);
        assert!(store.snapshots(utah).unwrap().is_empty());
    }
}
