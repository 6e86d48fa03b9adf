//! A snapshot on disk.

use std::fs::File;
use std::path::{Path, PathBuf};

use terms::Field;

use crate::advice;
use crate::digest;
use crate::manifest::{FORMAT, MANIFEST_FILE, Manifest, OutputFile};
use crate::reader::Reader;
use crate::schema;
use crate::store::{Mirror, RemoteError};
use crate::vault::{KeyId, Keys};

/// The roll as of one day, as it lies on disk, encrypted; what it holds never changes.
///
/// Registrants are sorted by county, voter number and source line, and cut into parts of equal size. Part *i* of the
/// participations holds exactly those of the registrants in voter part *i*, in the same order; their column `row`
/// is the registrant's row within that part.
///
/// A snapshot tells what it holds; to read it takes keys ([`Snapshot::reader`]).
#[derive(Debug, Clone)]
pub struct Snapshot {
    path: PathBuf,
    manifest: Manifest,
    /// Where its files come from that are not in the folder yet.
    mirror: Option<Mirror>,
}

/// Why a snapshot cannot be read.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum SnapshotError {
    /// There is none at this place.
    #[error("no snapshot at `{}`", path.display())]
    #[diagnostic(help("`openroll roll list` shows the snapshots of the store"))]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The object store cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Remote(#[from] RemoteError),
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("{}", advice::on_reading_store(source)))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is not what the snapshot format says.
    #[error("`{}` is damaged", path.display())]
    #[diagnostic(help("a snapshot is never changed after its import; restore it, or import the delivery again"))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Another version of the format.
    #[error("the snapshot at `{}` has format {found}, this software reads format {FORMAT}", path.display())]
    #[diagnostic(help("import the delivery again with this version"))]
    OtherFormat {
        /// The snapshot.
        path: PathBuf,
        /// Its format.
        found: u64,
    },
    /// A key was not handed over.
    #[error("the key `{key}` of {} is not among those handed over", key.compartment().in_words())]
    #[diagnostic(help(
        "whoever reads gets the keys of what may be read, and no other; ask the vault for this one as well"
    ))]
    NoKey {
        /// The key.
        key: Box<KeyId>,
    },
    /// The manifest names no key for something that it lists.
    #[error("the manifest of the snapshot at `{}` names no key for {what}", path.display())]
    #[diagnostic(help("restore the manifest, or import the delivery again"))]
    Keyless {
        /// The snapshot.
        path: PathBuf,
        /// What has no key, in words.
        what: String,
    },
    /// A column was asked for that the snapshot does not have.
    #[error("the snapshot has no column `{column}`")]
    #[diagnostic(help("ask `has_column` first: a column that the layout does not fill is absent"))]
    NoColumn {
        /// The column.
        column: String,
    },
    /// A part was asked for that the snapshot does not have.
    #[error("the snapshot has {parts} parts, and no part {part}")]
    NoPart {
        /// The number asked for, from 0.
        part: usize,
        /// How many there are.
        parts: usize,
    },
}

/// How a file differs from what the manifest lists.
#[derive(Debug, thiserror::Error)]
enum Altered {
    #[error("it has {found} bytes, the manifest lists {listed}")]
    Size { found: u64, listed: u64 },
    #[error("its SHA-256 is not the one that the manifest lists")]
    Content,
    #[error("it names a folder outside the snapshot")]
    Folder,
    #[error("it does not list `{0}`")]
    Unlisted(String),
}

/// Begins the name of a folder of files whose keys were rotated.
pub(crate) const ROTATED: &str = "keys-";

impl Snapshot {
    /// Opens the snapshot in a folder; reads the manifest only.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when there is none, or its manifest cannot be read.
    pub fn open(path: &Path) -> Result<Self, SnapshotError> {
        let file = path.join(MANIFEST_FILE);
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(SnapshotError::Missing { path: path.to_owned() });
            }
            Err(source) => return Err(SnapshotError::Read { path: file, source }),
        };
        let damaged = |source: serde_json::Error| SnapshotError::Damaged { path: file.clone(), source: source.into() };
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(damaged)?;
        let found = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if found != u64::from(FORMAT) {
            return Err(SnapshotError::OtherFormat { path: path.to_owned(), found });
        }
        let manifest: Manifest = serde_json::from_value(value).map_err(damaged)?;
        // A folder within the snapshot is one name; anything else would lead out of it.
        let leads_out = |name: &String| !name.starts_with(ROTATED) || name.contains(['/', '\\', '.']);
        if manifest.folder.as_ref().is_some_and(leads_out) {
            return Err(SnapshotError::Damaged { path: file, source: Altered::Folder.into() });
        }
        Ok(Self { path: path.to_owned(), manifest, mirror: None })
    }

    pub(crate) fn in_mirror(mut self, mirror: Option<Mirror>) -> Self {
        self.mirror = mirror;
        self
    }

    pub(crate) fn mirror(&self) -> Option<&Mirror> {
        self.mirror.as_ref()
    }

    /// A reader that has these keys.
    pub fn reader(&self, keys: Keys) -> Reader {
        Reader::new(self.clone(), keys)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the snapshot says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The folder that holds its files.
    pub(crate) fn files_dir(&self) -> PathBuf {
        self.manifest.folder.as_ref().map_or_else(|| self.path.clone(), |folder| self.path.join(folder))
    }

    /// SHA-256 in hex over what the files hold: the same for the same delivery, whatever the keys.
    ///
    /// CAUTION: private. Somebody who knows all but one row can test guesses of it; a public document carries a salted
    /// commitment instead.
    pub fn digest(&self) -> &str {
        &self.manifest.content
    }

    /// Reads every file that the manifest lists, as it lies on disk, and compares its size and SHA-256 with the manifest's.
    ///
    /// This takes no key. It tells damage, not fraud: who can change a file can change the manifest as well.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for the first file, in the manifest's order, that is another one, or cannot be read.
    pub fn verify(&self) -> Result<(), SnapshotError> {
        self.manifest.files.iter().try_for_each(|file| self.verify_file(file))
    }

    /// The same for one file.
    pub(crate) fn verify_named(&self, name: &str) -> Result<(), SnapshotError> {
        match self.manifest.files.iter().find(|file| file.name == name) {
            Some(file) => self.verify_file(file),
            None => Err(damaged(&self.path.join(MANIFEST_FILE), Altered::Unlisted(name.to_owned()))),
        }
    }

    fn verify_file(&self, file: &OutputFile) -> Result<(), SnapshotError> {
        let path = self.files_dir().join(&file.name);
        let Some(mirror) = &self.mirror else { return Self::compare(&path, file) };
        mirror.fetch(&self.path, file, &path)?;
        if let Err(SnapshotError::Damaged { .. }) = Self::compare(&path, file) {
            // A copy that went bad is fetched once more.
            std::fs::remove_file(&path).map_err(|source| SnapshotError::Read { path: path.clone(), source })?;
            mirror.fetch(&self.path, file, &path)?;
        }
        Self::compare(&path, file)
    }

    /// Compares a file with what the manifest says of it.
    fn compare(path: &Path, file: &OutputFile) -> Result<(), SnapshotError> {
        let failed = |source| SnapshotError::Read { path: path.to_owned(), source };
        let mut reader = File::open(path).map_err(failed)?;
        let (sha256, bytes) = digest::hex_of_reader(&mut reader).map_err(failed)?;
        if bytes != file.bytes {
            return Err(damaged(path, Altered::Size { found: bytes, listed: file.bytes }));
        }
        if sha256 == file.sha256 { Ok(()) } else { Err(damaged(path, Altered::Content)) }
    }

    /// Whether the voter table has a column.
    pub fn has_column(&self, name: &str) -> bool {
        self.manifest.voter_columns.iter().any(|column| column == name)
    }

    /// The voter columns of a field that this snapshot has, in output order.
    pub fn columns_of(&self, field: Field) -> impl Iterator<Item = &str> {
        let columns = self.manifest.voter_columns.iter().map(String::as_str);
        columns.filter(move |column| schema::field_of(column) == Some(field))
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.manifest.parts.len()
    }
}

pub(crate) fn damaged(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> SnapshotError {
    SnapshotError::Damaged { path: path.to_owned(), source: Box::new(source) }
}
