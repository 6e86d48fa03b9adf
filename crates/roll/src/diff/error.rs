//! Why two snapshots cannot be compared.

use std::path::{Path, PathBuf};

use terms::Jurisdiction;

use crate::snapshot::SnapshotError;
use crate::staging::{Staging, StagingError};

/// Why two snapshots cannot be compared. No variant holds a registrant's value.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum DiffError {
    /// One of them cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Rolls of two jurisdictions.
    #[error("the first snapshot is of {before}, the second of {after}")]
    #[diagnostic(help("numbers of two jurisdictions say nothing about each other; name two snapshots of one"))]
    OtherJurisdiction {
        /// The first one's.
        before: Jurisdiction,
        /// The second one's.
        after: Jurisdiction,
    },
    /// The file had no voter numbers, so that the ids are the reader's own.
    #[error("the ids of snapshot `{snapshot}` are not voter numbers: its file had none")]
    #[diagnostic(help("the same id in another snapshot may be another person; such rolls cannot be compared by id"))]
    SurrogateIds {
        /// The snapshot.
        snapshot: String,
    },
    /// A column was to be left out that neither snapshot has.
    #[error("neither snapshot has a column `{column}`")]
    #[diagnostic(help("`openroll roll show SNAPSHOT` lists the columns of a snapshot"))]
    NoColumn {
        /// The column.
        column: String,
    },
    /// More rows than can be counted here.
    #[error("snapshot `{snapshot}` has {rows} registrants, at most {ROWS_MAX} can be compared")]
    #[diagnostic(help("compare the counties one by one"))]
    TooManyRows {
        /// The snapshot.
        snapshot: String,
        /// Its rows.
        rows: u64,
    },
    /// A file of the snapshot does not hold the rows that the manifest lists.
    #[error("part {part} of snapshot `{snapshot}` does not have the {rows} rows that its manifest lists")]
    #[diagnostic(help("`openroll roll show SNAPSHOT --verify` tells which file was changed; restore it"))]
    Uneven {
        /// The snapshot.
        snapshot: String,
        /// The part, from 0.
        part: usize,
        /// Rows listed.
        rows: u64,
    },
    /// The folder of changes cannot be made.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Staging(#[from] StagingError),
    /// A file of changes cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of the folder; nothing was left behind"))]
    Write {
        /// The file, where it would stand in the finished folder.
        path: PathBuf,
        /// What the writer says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// LIMIT: rows are numbered in 32 bits, and one number means "none". The largest roll has about 23 million.
pub(super) const ROWS_MAX: u64 = u32::MAX as u64 - 1;

impl DiffError {
    /// A failure to write a file in the making.
    pub(super) fn write<E>(staged: &Path) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let staged = staged.to_owned();
        move |source| Self::Write { path: Staging::shown(&staged), source: source.into() }
    }

    /// The same for a Parquet file. Its writer wraps what the system says in an error that only repeats it.
    pub(super) fn write_parquet(staged: &Path) -> impl FnOnce(parquet::errors::ParquetError) -> Self {
        let failed = Self::write(staged);
        move |error| match error {
            parquet::errors::ParquetError::External(source) => failed(source),
            other => failed(other.into()),
        }
    }
}
