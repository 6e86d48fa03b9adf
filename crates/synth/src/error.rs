//! Why a roll is not made.

use std::io;
use std::path::{Path, PathBuf};

use roll::Staging;
use terms::{Date, Jurisdiction};

use crate::options::ROWS_MAX;
use crate::profile::Profile;

/// Why a synthetic roll is not made.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum SynthError {
    /// There are no tables of places and parties for the state.
    #[error("no synthetic roll of {jurisdiction} can be made")]
    #[diagnostic(help("use the layout of a state that has a profile: {known}"))]
    NoProfile {
        /// The state.
        jurisdiction: Jurisdiction,
        /// The states that have one.
        known: String,
    },
    /// The layout is not one of a voter file.
    #[error("layout `{id}` does not describe a voter file")]
    #[diagnostic(help("name the layout of the voter file; its history file is written beside it"))]
    NotVoters {
        /// The layout.
        id: String,
    },
    /// A layout needs another one that is not among those given.
    #[error("layout `{id}` needs the layout `{other}`, which is not known")]
    #[diagnostic(help("pass the layouts of all tables that belong together"))]
    NoOther {
        /// The layout.
        id: String,
        /// The layout it names.
        other: String,
    },
    /// The table is published as a workbook.
    #[error("layout `{id}` describes a workbook, which is not written")]
    #[diagnostic(help("use a layout of a text file"))]
    Workbook {
        /// The layout.
        id: String,
    },
    /// The number of rows is out of bounds.
    #[error("a roll has from 1 to {ROWS_MAX} rows, not {rows}")]
    #[diagnostic(help("choose a smaller or larger number of rows"))]
    Rows {
        /// What was asked for.
        rows: u64,
    },
    /// The as-of date is out of bounds.
    #[error("a roll speaks as of a day from 2015-01-01 to 2029-12-31, not {as_of}")]
    #[diagnostic(help("choose a day in these years"))]
    AsOf {
        /// What was asked for.
        as_of: Date,
    },
    /// More than all lines are to be damaged.
    #[error("{broken_per_thousand} of 1,000 lines cannot be damaged")]
    #[diagnostic(help("choose a number from 0 to 1000"))]
    Broken {
        /// What was asked for.
        broken_per_thousand: u32,
    },
    /// A file stands there already.
    #[error("`{path}` exists already")]
    #[diagnostic(help("choose an empty folder; a roll is never written over"))]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file cannot be written.
    #[error("cannot write `{path}`")]
    #[diagnostic(help("check the free space and the rights of this folder; nothing was left behind"))]
    Write {
        /// The file or folder; one in the making is named by where it would stand.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl SynthError {
    /// The refusal of a state without tables.
    pub(crate) fn no_profile(jurisdiction: Jurisdiction) -> Self {
        Self::NoProfile { jurisdiction, known: Profile::codes().join(", ") }
    }

    /// A failure of the system at a path.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| {
            let path = Staging::shown(&path);
            match source.kind() {
                io::ErrorKind::AlreadyExists => Self::Exists { path },
                _ => Self::Write { path, source },
            }
        }
    }
}
