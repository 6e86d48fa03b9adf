//! Why a delivery is not imported. The store is as before then.

use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;

use crate::advice;
use crate::layout::HeaderError;
use crate::snapshot::SnapshotError;
use crate::staging::{Staging, StagingError};
use crate::store::RemoteError;
use crate::vault::VaultError;

/// Why a delivery is not imported. No variant holds a registrant's value.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum ImportError {
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("{}", advice::on_reading(source)))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// No file was named.
    #[error("no file to import")]
    #[diagnostic(help("name the file that the state delivered"))]
    NoFile,
    /// One file was named twice, or under two names.
    #[error("`{first}` and `{second}` are the same file")]
    #[diagnostic(help("name each file once; otherwise every registrant would stand in the roll twice"))]
    SameFile {
        /// The first name.
        first: String,
        /// The second name.
        second: String,
    },
    /// No layout of this id is known, or it is not of the kind needed here.
    #[error("no {role} layout `{id}`")]
    #[diagnostic(help("`openroll roll layouts` lists the layouts"))]
    NoLayout {
        /// `voter` or `history`.
        role: &'static str,
        /// The id asked for.
        id: String,
    },
    /// History files for a layout that has none.
    #[error("layout `{layout}` has no separate history file")]
    #[diagnostic(help("leave the history file out"))]
    NoHistory {
        /// The layout.
        layout: String,
    },
    /// Nothing in the file.
    #[error("`{file}` is empty")]
    #[diagnostic(help("the download may have failed; get the file again"))]
    Empty {
        /// The file.
        file: String,
    },
    /// A header and nothing else.
    #[error("`{file}` has a header and no rows")]
    #[diagnostic(help("the download may have failed; get the file again"))]
    NoRows {
        /// The file.
        file: String,
    },
    /// No line could be read.
    #[error("none of the {rows} rows of `{file}` could be read; the first one, line {line}: {reason}")]
    #[diagnostic(help("is it the file of this layout, as delivered, in the right encoding?"))]
    NothingReadable {
        /// The file.
        file: String,
        /// Rows read.
        rows: u64,
        /// The first line at fault.
        line: u32,
        /// What is wrong with it.
        reason: String,
    },
    /// So many lines cannot be read that the file is no roll.
    #[error("more than {most} lines of `{file}` could not be read; the first one, line {line}: {reason}")]
    #[diagnostic(help("is it the file of this layout, as delivered, in the right encoding?"))]
    TooManyBroken {
        /// The file.
        file: String,
        /// The limit.
        most: usize,
        /// The first line at fault.
        line: u32,
        /// What is wrong with it.
        reason: String,
    },
    /// An archive that cannot be used.
    #[error("archive `{file}` {problem}")]
    #[diagnostic(help("get the archive again; if it is as delivered, unpack it and name the file inside"))]
    Archive {
        /// The archive.
        file: String,
        /// What is wrong.
        problem: ArchiveProblem,
    },
    /// The header line itself is broken, in this layout's way of writing and in that of every other one.
    #[error("the header line of `{file}` cannot be read: {reason}")]
    #[diagnostic(help(
        "is it the file of this layout, as delivered? it is not a header of any other known layout either"
    ))]
    HeaderLine {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// The first line is no header that is known.
    #[error("the first line of `{file}` is not a header of layout `{layout}`, nor of any other known layout")]
    #[diagnostic(help("is it the file of this layout, as delivered? it may lack its header, or be of another state"))]
    NoHeader {
        /// The file.
        file: String,
        /// The layout asked for.
        layout: String,
    },
    /// Another header than the layout's.
    #[error("`{file}` is not in layout `{layout}`: {difference}")]
    Header {
        /// The file.
        file: String,
        /// The layout asked for.
        layout: String,
        /// The first difference.
        difference: Box<HeaderError>,
        /// What to do.
        #[help]
        help: String,
    },
    /// More than one layout fits a file without a header.
    #[error("`{file}` may be in any of the layouts `{layouts}`")]
    #[diagnostic(help("name the one that is meant with --layout"))]
    Ambiguous {
        /// The file.
        file: String,
        /// Their ids.
        layouts: String,
    },
    /// No known layout fits a file.
    #[error("`{file}` is in no known layout{}", if near.is_empty() { String::new() } else { format!("; near are {near}") })]
    #[diagnostic(help(
        "`openroll roll layouts` lists the layouts; a form that is not known needs a new one, nothing is read by guess"
    ))]
    Unrecognized {
        /// The file.
        file: String,
        /// The nearest layouts, each with the first difference.
        near: String,
    },
    /// No file of registrants is among the files.
    #[error("`{file}` and the other files hold no registrants")]
    #[diagnostic(help("name the voter file as well: history and lookup tables belong to one"))]
    NoVoters {
        /// The first file.
        file: String,
    },
    /// Files of two jurisdictions.
    #[error("`{file}` is in layout `{found}`, the other files are in `{expected}`")]
    #[diagnostic(help("import the files of each jurisdiction by themselves"))]
    OtherJurisdiction {
        /// The file.
        file: String,
        /// Its layout.
        found: String,
        /// The layout of the others.
        expected: String,
    },
    /// A lookup table that is no lookup table.
    #[error("the lookup table `{file}` has more than {bytes_max} bytes")]
    #[diagnostic(help("is it the file that the layout names?"))]
    LookupTooLarge {
        /// The file.
        file: String,
        /// The limit.
        bytes_max: u64,
    },
    /// A file was written to while it was read.
    #[error("`{file}` changed while it was read")]
    #[diagnostic(help("import it again when nothing writes to it; nothing was kept"))]
    Changed {
        /// The file.
        file: String,
    },
    /// Columns that do not fit each other: a fault of this software.
    #[error("the rows do not make a table")]
    #[diagnostic(help("this is a fault of the software; nothing was kept, please report it"))]
    Table {
        /// What the columns say.
        source: arrow_schema::ArrowError,
    },
    /// The object store cannot be written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Remote(#[from] RemoteError),
    /// The keys cannot be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Vault(#[from] VaultError),
    /// The folder cannot be made.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Staging(#[from] StagingError),
    /// A file of the snapshot cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of the store; the store is as before"))]
    Write {
        /// The file, where it would stand in the finished snapshot.
        path: PathBuf,
        /// What the writer says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The finished snapshot cannot be read back.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
    /// Rows read are not rows stored and rows quarantined: a fault of this software.
    #[error("`{file}`: {read} rows read, but {stored} stored and {quarantined} quarantined")]
    #[diagnostic(help("this is a fault of the software; nothing was kept, please report it"))]
    Uneven {
        /// The file.
        file: String,
        /// Rows read.
        read: u64,
        /// Rows stored.
        stored: u64,
        /// Rows quarantined.
        quarantined: u64,
    },
}

/// What is wrong with an archive.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveProblem {
    /// Truncated, damaged or encrypted.
    #[error("is truncated or damaged: {0}")]
    Broken(zip::result::ZipError),
    /// More entries than a delivery has.
    #[error("holds {found} entries, at most {most} are read")]
    Members {
        /// Entries.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// Unpacks to more than any text does.
    #[error("unpacks to more than {ratio} times its size")]
    Bomb {
        /// The limit.
        ratio: u64,
    },
    /// Two entries of one name.
    #[error("holds two entries of the same name")]
    SameNames,
    /// An archive inside that is too large to be looked at.
    #[error("holds an archive of more than {bytes_max} bytes")]
    Inner {
        /// The limit.
        bytes_max: u64,
    },
    /// Archives within archives, deeper than any delivery.
    #[error("holds archives within archives, more than {most} deep")]
    Nested {
        /// The limit.
        most: usize,
    },
    /// No data file.
    #[error("holds no data file")]
    NoData,
    /// A workbook that cannot be read.
    #[error("is a workbook that cannot be read: {0}")]
    Workbook(String),
    /// The system refuses to read the archive.
    #[error("cannot be unpacked: {0}")]
    Unreadable(std::io::Error),
    /// The system refuses to write what comes out of it.
    #[error("cannot be unpacked: {0}")]
    Unwritable(std::io::Error),
}

impl ImportError {
    /// A failure to write a file of the snapshot in the making.
    pub(crate) fn write<E>(staged: &Path) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let staged = staged.to_owned();
        move |source| Self::Write { path: Staging::shown(&staged), source: source.into() }
    }

    /// The same for a Parquet file. Its writer wraps what the system says in an error that only repeats it.
    pub(crate) fn write_parquet(staged: &Path) -> impl FnOnce(ParquetError) -> Self {
        let failed = Self::write(staged);
        move |error| match error {
            ParquetError::External(source) => failed(source),
            other => failed(other.into()),
        }
    }
}
