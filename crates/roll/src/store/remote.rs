//! Rolls that lie in an object store.
//!
//! The object store has the last word: what is listed there is there. On this machine stands a copy of it, `copies/<name>/`
//! in the store's folder, which is made like it before anything is read; everything in it is encrypted as there. Small
//! files are fetched at once, the files of a snapshot when they are needed, each compared with its manifest.
//!
//! Objects: `rolls/<code>/<snapshot>/manifest.json`, each file of a snapshot beside it under its SHA-256, and lists and
//! records of removals under their names. A snapshot appears with its manifest, which is put last; whatever else of it
//! was put before is not looked at, and swept away by the next one who puts it there. The keys never go there.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use terms::Jurisdiction;

use super::{ROLLS, Store};
use crate::digest;
use crate::import::ImportError;
use crate::manifest::{MANIFEST_FILE, Manifest, OutputFile};
use crate::snapshot::Snapshot;
use crate::staging::{Staging, write_file};

/// The folder of copies in the store.
pub(super) const COPIES: &str = "copies";

/// Locked while the copy is changed.
const LOCK: &str = ".lock";

/// A place that keeps objects under names, such as a bucket of an S3-compatible service.
///
/// Names are `/`-separated words without a leading slash. An object that was put is there for every later call, of whichever
/// process.
pub trait Remote: fmt::Debug + Send + Sync {
    /// What people call the place, such as `s3://bucket/office`.
    fn name(&self) -> &str;

    /// The names of all objects that begin with `prefix`, which ends in a slash.
    ///
    /// # Errors
    ///
    /// What the place says.
    fn list(&self, prefix: &str) -> io::Result<Vec<String>>;

    /// Copies an object into `out`.
    ///
    /// # Errors
    ///
    /// What the place says; [`io::ErrorKind::NotFound`] where there is none.
    fn get(&self, name: &str, out: &mut dyn Write) -> io::Result<()>;

    /// Puts the content of a file under a name, in one step, whatever is there.
    ///
    /// # Errors
    ///
    /// What the place says; the object is as before then, or as it was to be.
    fn put(&self, name: &str, file: &Path) -> io::Result<()>;

    /// Puts the content of a small file under a name where there is none; `false` where there is one already.
    ///
    /// # Errors
    ///
    /// What the place says.
    fn put_new(&self, name: &str, file: &Path) -> io::Result<bool>;

    /// Removes an object; there need be none.
    ///
    /// # Errors
    ///
    /// What the place says.
    fn delete(&self, name: &str) -> io::Result<()>;
}

/// Why an object store cannot be used. The store is as before.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum RemoteError {
    /// The object store refuses.
    #[error("cannot {step} `{object}`")]
    #[diagnostic(help(
        "check the address, the rights of the key and the network; nothing half done can be seen there"
    ))]
    Object {
        /// What was tried.
        step: &'static str,
        /// The object, with the place that it is in.
        object: String,
        /// What the place says.
        source: io::Error,
    },
    /// Somebody else put an object under this name.
    #[error("`{object}` was put there by somebody else in the meantime")]
    #[diagnostic(help("do it again: what the other one put there is looked at then"))]
    Taken {
        /// The object.
        object: String,
    },
    /// The copy on this machine cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of the store"))]
    Copy {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// An object store with its copy on this machine.
#[derive(Debug, Clone)]
pub(crate) struct Mirror {
    remote: Arc<dyn Remote>,
    /// The copy; a name below it is the object's.
    dir: PathBuf,
}

/// Held while the copy is changed.
pub(crate) struct Locked(#[expect(dead_code, reason = "the lock goes with the file")] File);

impl Mirror {
    pub(super) fn new(store: &Path, remote: Arc<dyn Remote>) -> Self {
        let name = digest::hex(remote.name().as_bytes()).chars().take(digest::SHORT).collect::<String>();
        Self { dir: store.join(COPIES).join(name), remote }
    }

    /// The copy.
    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    fn failed(&self, step: &'static str, name: &str) -> impl FnOnce(io::Error) -> RemoteError {
        let object = format!("{}/{name}", self.remote.name());
        move |source| RemoteError::Object { step, object, source }
    }

    /// The object that a file of the copy stands for.
    fn object(&self, path: &Path) -> String {
        let words = path.strip_prefix(&self.dir).unwrap_or(path).components();
        words.map(|word| word.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    /// Waits until nobody else changes the copy.
    pub(crate) fn lock(&self) -> Result<Locked, RemoteError> {
        let path = self.dir.join(LOCK);
        let locked = fs::create_dir_all(&self.dir).and_then(|()| {
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.lock()?;
            Ok(Locked(file))
        });
        locked.map_err(copy(&path))
    }

    /// Makes the copy like the object store: of one jurisdiction, or of all.
    pub(super) fn pull(&self, jurisdiction: Option<Jurisdiction>) -> Result<(), RemoteError> {
        let _locked = self.lock()?;
        let below = jurisdiction.map_or_else(|| format!("{ROLLS}/"), |one| format!("{ROLLS}/{}/", one.slug()));
        let names = self.remote.list(&below).map_err(self.failed("list", &below))?;
        let small: BTreeSet<String> = names.into_iter().filter(|name| is_small(name)).collect();
        for name in &small {
            let mut bytes = Vec::new();
            self.remote.get(name, &mut bytes).map_err(self.failed("read", name))?;
            let path = self.dir.join(name);
            if fs::read(&path).ok().as_ref() != Some(&bytes) {
                write_file(&path, &bytes).map_err(copy(&path))?;
            }
        }
        let folder = self.dir.join(&below);
        match jurisdiction {
            Some(_) => self.forget(&folder, &small),
            None => folders(&folder).map_err(copy(&folder))?.iter().try_for_each(|one| self.forget(one, &small)),
        }
    }

    /// Removes from the copy of a jurisdiction what the object store does not list.
    fn forget(&self, folder: &Path, listed: &BTreeSet<String>) -> Result<(), RemoteError> {
        for below in folders(folder).map_err(copy(folder))? {
            let is_snapshot = below.join(MANIFEST_FILE).exists();
            if is_snapshot && !listed.contains(&self.object(&below.join(MANIFEST_FILE))) {
                fs::remove_dir_all(&below).map_err(copy(&below))?;
            } else if !is_snapshot {
                for entry in fs::read_dir(&below).map_err(copy(&below))? {
                    let path = entry.map_err(copy(&below))?.path();
                    if path.is_file() && is_small(&self.object(&path)) && !listed.contains(&self.object(&path)) {
                        fs::remove_file(&path).map_err(copy(&path))?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Fetches a file of a snapshot, where it is not there yet.
    pub(crate) fn fetch(&self, snapshot: &Path, file: &OutputFile, path: &Path) -> Result<(), RemoteError> {
        if path.exists() {
            return Ok(());
        }
        let name = format!("{}/{}", self.object(snapshot), file.sha256);
        let folder = path.parent().unwrap_or(snapshot);
        fs::create_dir_all(folder).map_err(copy(folder))?;
        // Under a name of this thread alone: two may want the same file.
        let thread = format!("{:?}", std::thread::current().id());
        let thread: String = thread.chars().filter(char::is_ascii_digit).collect();
        let staged = folder.join(format!(".fetching-{}-{thread}-{}", std::process::id(), file.sha256));
        let fetched = File::create(&staged).map_err(copy(&staged)).and_then(|out| {
            let mut out = io::BufWriter::new(out);
            self.remote.get(&name, &mut out).map_err(self.failed("read", &name))?;
            out.into_inner().map_err(|error| copy(path)(error.into_error()))?.sync_all().map_err(copy(path))?;
            fs::rename(&staged, path).map_err(copy(path))
        });
        fetched.inspect_err(|_| drop(fs::remove_file(&staged)))
    }

    /// Puts a snapshot into the object store; `false` where one of its id is there already, which has the last word.
    pub(super) fn publish(&self, snapshot: &Snapshot) -> Result<bool, RemoteError> {
        self.put_files(snapshot)?;
        let path = snapshot.path().join(MANIFEST_FILE);
        let name = self.object(&path);
        let is_ours = self.remote.put_new(&name, &path).map_err(self.failed("write", &name))?;
        if is_ours {
            // The snapshot is there. What else lies there is seen by nobody, and the next one to put it there tries again.
            let _ = self.sweep(snapshot);
        }
        Ok(is_ours)
    }

    /// Changes a snapshot in the object store over to its files as they are now.
    pub(crate) fn publish_again(&self, snapshot: &Snapshot) -> Result<(), RemoteError> {
        self.put_files(snapshot)?;
        self.put(&snapshot.path().join(MANIFEST_FILE))?;
        self.sweep(snapshot)
    }

    fn put_files(&self, snapshot: &Snapshot) -> Result<(), RemoteError> {
        let at = self.object(snapshot.path());
        snapshot.manifest().files.iter().try_for_each(|file| {
            let name = format!("{at}/{}", file.sha256);
            let path = snapshot.files_dir().join(&file.name);
            self.remote.put(&name, &path).map_err(self.failed("write", &name))
        })
    }

    /// Removes what an earlier or interrupted one left of a snapshot.
    fn sweep(&self, snapshot: &Snapshot) -> Result<(), RemoteError> {
        let Manifest { files, .. } = snapshot.manifest();
        self.delete_below(snapshot.path(), |word| word == MANIFEST_FILE || files.iter().any(|file| file.sha256 == word))
    }

    fn delete_below(&self, folder: &Path, keep: impl Fn(&str) -> bool) -> Result<(), RemoteError> {
        let below = format!("{}/", self.object(folder));
        let names = self.remote.list(&below).map_err(self.failed("list", &below))?;
        let mut others = names.iter().filter(|name| !name.strip_prefix(&below).is_some_and(&keep));
        others.try_for_each(|name| self.remote.delete(name).map_err(self.failed("remove", name)))
    }

    /// Removes a snapshot from the object store: its manifest first, so that it is gone at once.
    pub(super) fn remove(&self, snapshot: &Path) -> Result<(), RemoteError> {
        let manifest = self.object(&snapshot.join(MANIFEST_FILE));
        self.remote.delete(&manifest).map_err(self.failed("remove", &manifest))?;
        self.delete_below(snapshot, |_| false)
    }

    /// Puts a file of the copy where it belongs, whatever is there.
    pub(super) fn put(&self, path: &Path) -> Result<(), RemoteError> {
        let name = self.object(path);
        self.remote.put(&name, path).map_err(self.failed("write", &name))
    }

    /// Puts a new file of the copy where it belongs.
    pub(super) fn put_new(&self, path: &Path) -> Result<(), RemoteError> {
        let name = self.object(path);
        match self.remote.put_new(&name, path).map_err(self.failed("write", &name))? {
            true => Ok(()),
            false => Err(RemoteError::Taken { object: format!("{}/{name}", self.remote.name()) }),
        }
    }
}

impl Store {
    /// Keeps rolls, lists and records of removals in an object store from now on; keys stay in the folder of this store.
    #[must_use]
    pub fn with_remote(mut self, remote: Arc<dyn Remote>) -> Self {
        self.mirror = Some(Mirror::new(&self.dir, remote));
        self
    }

    /// Lets a snapshot appear; `false` where somebody else put the same one into the object store in the meantime.
    pub(crate) fn keep_snapshot(&self, staging: Staging, target: &Path) -> Result<bool, ImportError> {
        let Some(mirror) = &self.mirror else {
            staging.commit()?;
            return Ok(true);
        };
        let locked = mirror.lock()?;
        staging.commit()?;
        let published = mirror.publish(&self.open_snapshot(target)?);
        if !matches!(published, Ok(true)) {
            // What is not in the object store is not there.
            fs::remove_dir_all(target).map_err(copy(target))?;
        }
        drop(locked);
        Ok(published?)
    }

    /// Makes the copy of a jurisdiction's rolls like the object store, where there is one.
    pub(crate) fn pull(&self, jurisdiction: Jurisdiction) -> Result<(), RemoteError> {
        self.mirror.as_ref().map_or(Ok(()), |mirror| mirror.pull(Some(jurisdiction)))
    }
}

fn copy(path: &Path) -> impl Fn(io::Error) -> RemoteError {
    let path = path.to_owned();
    move |source| RemoteError::Copy { path: path.clone(), source }
}

/// The folders in a folder, but hidden ones; none where it is not there.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let names = super::folder_names(folder)?;
    Ok(names.iter().map(|name| folder.join(name)).filter(|path| path.is_dir()).collect())
}

/// Whether an object is a manifest, a list or a record: `rolls/<code>/<one>/<two>`. Anything that could lead out of the copy
/// is none.
fn is_small(name: &str) -> bool {
    let words: Vec<&str> = name.split('/').collect();
    let is_plain = |word: &&str| !word.is_empty() && !word.starts_with('.') && !word.contains(['\\', ':', '\0']);
    let [rolls, code, one, two] = words.as_slice() else { return false };
    *rolls == ROLLS
        && code.parse::<Jurisdiction>().is_ok()
        && words.iter().all(is_plain)
        && (super::SMALL.contains(one) || *two == MANIFEST_FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_copy() {
        for name in
            ["rolls/ut/ut-2017/manifest.json", "rolls/ut/protections/2017-06-30-001.sealed", "rolls/ut/removed/a"]
        {
            assert!(is_small(name), "{name}");
        }
        for name in [
            "rolls/ut/../manifest.json",
            "rolls/../ut-2017/manifest.json",
            "/rolls/ut/a/manifest.json",
            "rolls/ut/protections/..",
            "rolls/ut/protections/.hidden",
            "rolls/ut/protections/a/b",
            "rolls/xx/ut-2017/manifest.json",
            "rolls/ut/ut-2017/0123",
            "rolls/ut//manifest.json",
            "keys/ut/protections/keyring.age",
        ] {
            assert!(!is_small(name), "{name}");
        }
    }
}
