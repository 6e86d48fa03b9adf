//! Folders that appear complete or not at all.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The staging folders that this process has open, with their targets.
static LIVE: Mutex<BTreeMap<PathBuf, PathBuf>> = Mutex::new(BTreeMap::new());

const PREFIX: &str = ".staging-";
const LOCK: &str = "lock";
const CONTENT: &str = "content";

/// A folder in the making.
///
/// Files are written under [`Staging::path`]. [`Staging::commit`] makes them durable and moves the folder to its target
/// in one step; a staging that is dropped before is removed. If the process dies, the remains lie beside the target
/// under a name that begins with a dot, and the next staging in the same folder removes them.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    /// Holds `content`, and `lock`, which is locked as long as the owner lives.
    outer: PathBuf,
    content: PathBuf,
    _lock: File,
}

/// Why a folder could not be staged or committed.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum StagingError {
    /// The target has no parent folder or no name.
    #[error("`{}` cannot be the name of a new folder", path.display())]
    BadTarget {
        /// The target.
        path: PathBuf,
    },
    /// There is something at the target already.
    #[error("`{}` is there already", path.display())]
    #[diagnostic(help("nothing is overwritten; name another folder or move this one away"))]
    Exists {
        /// The target.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("cannot {step} `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of this folder; nothing was left behind"))]
    Io {
        /// What was tried.
        step: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The work was interrupted by [`Staging::abandon_all`].
    #[error("interrupted before `{}` was complete", path.display())]
    Abandoned {
        /// The target.
        path: PathBuf,
    },
}

fn live() -> MutexGuard<'static, BTreeMap<PathBuf, PathBuf>> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn failed(step: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StagingError {
    let path = path.to_owned();
    move |source| StagingError::Io { step, path, source }
}

impl Staging {
    /// Begins a folder that will stand at `target`; creates the folders above it.
    ///
    /// # Errors
    ///
    /// [`StagingError`] when the target exists or the system refuses.
    pub fn new(target: &Path) -> Result<Self, StagingError> {
        let named = target.parent().zip(target.file_name().and_then(|name| name.to_str()));
        let Some((parent, name)) = named else { return Err(StagingError::BadTarget { path: target.to_owned() }) };
        if target.symlink_metadata().is_ok() {
            return Err(StagingError::Exists { path: target.to_owned() });
        }
        // A target such as `out` has the empty path for a parent, which names the current folder.
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        create_folders(parent).map_err(failed("create", parent))?;
        remove_stale(parent).map_err(failed("clean up", parent))?;
        let mut attempts = ATTEMPTS;
        loop {
            attempts -= 1;
            match Self::begin(target, parent, name) {
                // Another process that cleans up took the folder for a dead one's before it was locked.
                Err(StagingError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound && attempts > 0 => {}
                begun => return begun,
            }
        }
    }

    fn begin(target: &Path, parent: &Path, name: &str) -> Result<Self, StagingError> {
        let mut registry = live();
        let mut number = registry.len();
        let outer = loop {
            let outer = parent.join(format!("{PREFIX}{name}-{}-{number}", std::process::id()));
            match create_private(&outer) {
                Ok(()) => break outer,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number = number.saturating_add(1),
                Err(error) => return Err(failed("create", target)(error)),
            }
        };
        registry.insert(outer.clone(), target.to_owned());
        drop(registry);
        Self::furnish(target, outer.clone()).inspect_err(|_| discard(&outer))
    }

    fn furnish(target: &Path, outer: PathBuf) -> Result<Self, StagingError> {
        let lock = File::create(outer.join(LOCK)).map_err(failed("create", target))?;
        lock.lock().map_err(failed("lock", target))?;
        let content = outer.join(CONTENT);
        fs::create_dir(&content).map_err(failed("create", target))?;
        Ok(Self { target: target.to_owned(), outer, content, _lock: lock })
    }

    /// The folder to write into.
    pub fn path(&self) -> &Path {
        &self.content
    }

    /// Where a file in the making will stand, so that messages name what people know. A path outside every staging
    /// folder of this process stays as it is.
    pub fn shown(path: &Path) -> PathBuf {
        let registry = live();
        let mut shown = path.to_owned();
        // A staging folder may lie within another one. From the last to the first, the innermost comes first.
        for (outer, target) in registry.iter().rev() {
            if let Ok(inside) = shown.strip_prefix(outer.join(CONTENT)) {
                shown = target.components().chain(inside.components()).collect();
            }
        }
        shown
    }

    /// Makes every file durable and moves the folder to its target.
    ///
    /// # Errors
    ///
    /// [`StagingError`]; nothing is left at the target then.
    pub fn commit(self) -> Result<(), StagingError> {
        sync_tree(&self.content).map_err(failed("make durable", &self.target))?;
        // Held over the rename, so that an interrupt finds the folder either staged or complete.
        let mut registry = live();
        if !registry.contains_key(&self.outer) {
            return Err(StagingError::Abandoned { path: self.target.clone() });
        }
        if self.target.symlink_metadata().is_ok() {
            return Err(StagingError::Exists { path: self.target.clone() });
        }
        fs::rename(&self.content, &self.target).map_err(failed("move into place", &self.target))?;
        // From here on the folder is there; the process may die without harm.
        let parent = self.outer.parent().unwrap_or(Path::new("."));
        if let Err(error) = sync_folder(parent) {
            // Nobody can say whether the move will last, so it is taken back: who hears of a failure finds nothing.
            let _ = fs::rename(&self.target, &self.content);
            return Err(failed("make durable", parent)(error));
        }
        registry.remove(&self.outer);
        Ok(())
    }

    /// Removes every staging folder of this process; their owners' commits fail from then on. For an interrupt handler.
    pub fn abandon_all() {
        let abandoned = std::mem::take(&mut *live());
        for outer in abandoned.into_keys() {
            remove(&outer);
        }
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        discard(&self.outer);
    }
}

/// Forgets and removes a staging folder.
fn discard(outer: &Path) {
    live().remove(outer);
    remove(outer);
}

/// How often something is tried that another process or thread may get in the way of.
const ATTEMPTS: usize = 3;

/// Removes a folder whose owner may still be writing into it; what stays behind is removed by the next staging. The
/// lock goes last: without it, what is left would be taken for a folder that another process has just begun.
fn remove(outer: &Path) {
    let content = outer.join(CONTENT);
    for _ in 0..ATTEMPTS {
        let is_empty = fs::remove_dir_all(&content).is_ok() || !content.exists();
        if is_empty && (fs::remove_dir_all(outer).is_ok() || !outer.exists()) {
            return;
        }
    }
}

/// Removes what processes that died left in a folder. A living owner holds the lock of what is in the making.
pub(crate) fn remove_stale(parent: &Path) -> io::Result<()> {
    let registry = live();
    for entry in fs::read_dir(parent)? {
        let path = entry?.path();
        let is_ours = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(PREFIX));
        if !is_ours || registry.contains_key(&path) {
            continue;
        }
        let is_dead = |lock: &Path| File::open(lock).is_ok_and(|lock| lock.try_lock().is_ok());
        if path.symlink_metadata().is_ok_and(|data| data.is_file()) {
            if is_dead(&path) {
                let _ = fs::remove_file(&path);
            }
        } else if is_dead(&path.join(LOCK)) {
            remove(&path);
        } else {
            // The owner died before it had a lock. One that lives and is as far begins again.
            let _ = fs::remove_dir(&path);
        }
    }
    Ok(())
}

/// Makes a folder that only its owner may enter: what is in the making may lie there in the open.
fn create_private(folder: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no mode to set"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a folder and those above it, each of them durable.
fn create_folders(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    create_folders(above)?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists || !folder.is_dir() => Err(error),
        _ => sync_folder(above),
    }
}

fn sync_tree(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        } else {
            File::open(entry.path())?.sync_all()?;
        }
    }
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Writes one file so that it appears complete or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (Some(parent), Some(name)) = (path.parent(), path.file_name().and_then(|name| name.to_str())) else {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    };
    create_folders(parent)?;
    remove_stale(parent)?;
    let staged = parent.join(format!("{PREFIX}{name}"));
    let written = (|| {
        let mut file = File::create(&staged)?;
        file.lock()?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&staged, path)?;
        sync_folder(parent)
    })();
    if written.is_err() {
        // The error that is reported is the first one; a leftover begins with a dot and is never listed.
        let _ = fs::remove_file(&staged);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_committed_folder_stands_alone_at_its_target() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::new(&folder.path().join("a/b")).unwrap();
        fs::write(staging.path().join("file"), "x").unwrap();
        fs::create_dir(staging.path().join("inner")).unwrap();
        assert!(!folder.path().join("a/b").exists());
        staging.commit().unwrap();
        assert_eq!(entries(&folder.path().join("a")), ["b"]);
        assert_eq!(entries(&folder.path().join("a/b")), ["file", "inner"]);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_enters_what_is_in_the_making() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::new(&folder.path().join("b")).unwrap();
        assert_eq!(fs::metadata(&staging.outer).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_dropped_staging_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::new(&folder.path().join("b")).unwrap();
        fs::write(staging.path().join("file"), "x").unwrap();
        drop(staging);
        assert!(entries(folder.path()).is_empty());
    }

    #[test]
    fn a_file_in_the_making_is_shown_at_its_target() {
        let folder = tempfile::tempdir().unwrap();
        let (target, inner_target) = (folder.path().join("b"), Path::new("c"));
        let staging = Staging::new(&target).unwrap();
        let inner = Staging::new(&staging.path().join(inner_target)).unwrap();
        assert_eq!(Staging::shown(staging.path()), target);
        assert_eq!(Staging::shown(&staging.path().join("x/y")), target.join("x/y"));
        assert_eq!(Staging::shown(&inner.path().join("file")), target.join("c/file"));
        assert_eq!(Staging::shown(Path::new("elsewhere/file")), Path::new("elsewhere/file"));
        drop(inner);
        staging.commit().unwrap();
        assert_eq!(Staging::shown(&target.join("file")), target.join("file"));
    }

    #[test]
    fn a_failure_names_the_target_and_no_hidden_folder() {
        let folder = tempfile::tempdir().unwrap();
        let staging = Staging::new(&folder.path().join("b")).unwrap();
        fs::remove_dir_all(staging.path()).unwrap();
        let error = staging.commit().unwrap_err();
        assert_eq!(error.to_string(), format!("cannot make durable `{}`", folder.path().join("b").display()));
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("b");
        let first = Staging::new(&target).unwrap();
        let second = Staging::new(&target).unwrap();
        first.commit().unwrap();
        assert!(matches!(second.commit(), Err(StagingError::Exists { .. })));
        assert!(matches!(Staging::new(&target), Err(StagingError::Exists { .. })));
        assert_eq!(entries(folder.path()), ["b"]);
    }

    #[test]
    fn what_a_dead_process_left_is_removed_by_the_next_staging() {
        let folder = tempfile::tempdir().unwrap();
        let stale = folder.path().join(".staging-b-1-0");
        fs::create_dir_all(stale.join(CONTENT)).unwrap();
        File::create(stale.join(LOCK)).unwrap();
        let staging = Staging::new(&folder.path().join("b")).unwrap();
        assert!(!stale.exists());
        staging.commit().unwrap();
    }

    #[test]
    fn what_a_process_left_that_died_at_any_moment_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        // Before it had a lock; after its content was moved away; for another target; with a file in the making.
        fs::create_dir(at(".staging-b-1-0")).unwrap();
        fs::create_dir(at(".staging-b-2-0")).unwrap();
        File::create(at(".staging-b-2-0/lock")).unwrap();
        fs::create_dir_all(at(".staging-other-3-0/content/inner")).unwrap();
        File::create(at(".staging-other-3-0/lock")).unwrap();
        fs::write(at(".staging-list.csv"), "1,judge").unwrap();
        drop(Staging::new(&at("b")).unwrap());
        assert!(entries(folder.path()).is_empty(), "{:?}", entries(folder.path()));
    }

    #[test]
    fn what_a_living_owner_makes_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (outer, list) = (folder.path().join(".staging-a-1-0"), folder.path().join(".staging-list.csv"));
        fs::create_dir_all(outer.join(CONTENT)).unwrap();
        let locks = [File::create(outer.join(LOCK)).unwrap(), File::create(&list).unwrap()];
        locks.iter().for_each(|lock| lock.lock().unwrap());
        drop(Staging::new(&folder.path().join("b")).unwrap());
        write_file(&folder.path().join("other.csv"), b"x").unwrap();
        assert!(outer.join(CONTENT).exists() && list.exists());
    }

    #[test]
    fn an_interrupted_file_is_not_listed_under_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.csv");
        write_file(&path, b"one").unwrap();
        write_file(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(entries(folder.path()), ["list.csv"]);
    }
}
