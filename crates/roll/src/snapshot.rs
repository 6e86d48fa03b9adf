//! Reading a snapshot.

use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::Schema;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use terms::Field;

use crate::advice;
use crate::digest;
use crate::manifest::{FORMAT, MANIFEST_FILE, Manifest, names};
use crate::schema;

/// The roll as of one day, as it lies on disk; it never changes.
///
/// Registrants are sorted by county, voter number and source line, and cut into parts of equal size. Part *i* of the
/// participations holds exactly those of the registrants in voter part *i*, in the same order; their column `row`
/// is the registrant's row within that part.
#[derive(Debug, Clone)]
pub struct Snapshot {
    path: PathBuf,
    manifest: Manifest,
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
}

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
        let manifest = serde_json::from_value(value).map_err(damaged)?;
        Ok(Self { path: path.to_owned(), manifest })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the snapshot says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 in hex over the digests of all files, as the manifest lists them.
    ///
    /// CAUTION: private. Somebody who knows all but one row can test guesses of it; a public document carries a salted
    /// commitment instead.
    pub fn digest(&self) -> String {
        self.manifest.digest()
    }

    /// Reads every file that the manifest lists, and compares its size and SHA-256 with the manifest's.
    ///
    /// This tells damage, not fraud: who can change a file can change the manifest as well.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for the first file, in the manifest's order, that is another one, or cannot be read.
    pub fn verify(&self) -> Result<(), SnapshotError> {
        for file in &self.manifest.files {
            let path = self.path.join(&file.name);
            let failed = |source| SnapshotError::Read { path: path.clone(), source };
            let mut reader = File::open(&path).map_err(failed)?;
            let (sha256, bytes) = digest::hex_of_reader(&mut reader).map_err(failed)?;
            if bytes != file.bytes {
                return Err(damaged(&path, Altered::Size { found: bytes, listed: file.bytes }));
            }
            if sha256 != file.sha256 {
                return Err(damaged(&path, Altered::Content));
            }
        }
        Ok(())
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

    /// The named columns of a part of the voter table, in the order asked for. No other column is read from disk.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for a part or column that is not there, and for a file that cannot be read.
    pub fn read_voters(&self, part: usize, columns: &[&str]) -> Result<RecordBatch, SnapshotError> {
        self.read_part(part, &names::voters(part), columns)
    }

    /// The named columns of a part of the participation table, in the order asked for.
    ///
    /// # Errors
    ///
    /// As [`Snapshot::read_voters`].
    pub fn read_participations(&self, part: usize, columns: &[&str]) -> Result<RecordBatch, SnapshotError> {
        self.read_part(part, &names::participations(part), columns)
    }

    /// The table of elections: `election_id`, `date`, `year`, `date_precision`, `kind`, `name` and `source_label`,
    /// sorted by `election_id`.
    ///
    /// * `date`: `Date32`, null where the file does not tell the day; `year`: `Int16`, null where it tells none.
    /// * `date_precision`: `day`, `month`, `year` or `none`. The others are `Utf8`; `name` is null where there is none.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for a file that cannot be read.
    pub fn elections(&self) -> Result<RecordBatch, SnapshotError> {
        self.read(names::ELECTIONS, None)
    }

    fn read_part(&self, part: usize, file: &str, columns: &[&str]) -> Result<RecordBatch, SnapshotError> {
        if part >= self.parts() {
            return Err(SnapshotError::NoPart { part, parts: self.parts() });
        }
        self.read(file, Some(columns))
    }

    fn read(&self, name: &str, columns: Option<&[&str]>) -> Result<RecordBatch, SnapshotError> {
        let path = self.path.join(name);
        let file = File::open(&path).map_err(|source| SnapshotError::Read { path: path.clone(), source })?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(&path, error))?;
        let rows =
            usize::try_from(builder.metadata().file_metadata().num_rows()).map_err(|error| damaged(&path, error))?;
        let mask = match columns {
            None => ProjectionMask::all(),
            // By position: the names of districts hold a dot, which Parquet would take for a path.
            Some(columns) => {
                let positions = columns.iter().map(|column| position(builder.schema(), column));
                ProjectionMask::roots(builder.parquet_schema(), positions.collect::<Result<Vec<_>, _>>()?)
            }
        };
        // LIMIT: a part is written as one row group of a bounded number of rows, so one batch holds it.
        let mut reader = builder
            .with_projection(mask)
            .with_batch_size(rows.max(1))
            .build()
            .map_err(|error| damaged(&path, error))?;
        let schema = reader.schema();
        let batch = match reader.next() {
            Some(batch) => batch.map_err(|error| damaged(&path, error))?,
            None => RecordBatch::new_empty(schema),
        };
        let Some(columns) = columns else { return Ok(batch) };
        let order = columns.iter().map(|column| position(batch.schema_ref(), column));
        batch.project(&order.collect::<Result<Vec<_>, _>>()?).map_err(|error| damaged(&path, error))
    }
}

fn position(schema: &Schema, column: &str) -> Result<usize, SnapshotError> {
    schema.index_of(column).map_err(|_| SnapshotError::NoColumn { column: column.to_owned() })
}

fn damaged(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> SnapshotError {
    SnapshotError::Damaged { path: path.to_owned(), source: Box::new(source) }
}
