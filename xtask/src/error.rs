//! Why a task did not succeed.

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

/// What went wrong, and what to do.
#[derive(Debug)]
pub(crate) enum TaskError {
    /// The command line is wrong.
    Usage(String),
    /// Something that the task needs is not on this machine.
    Missing {
        /// What.
        what: &'static str,
        /// How to get it.
        remedy: String,
    },
    /// A program could not be started.
    Start {
        /// The program.
        program: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file cannot be read or written.
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A program, or one of several steps, reported a failure.
    Failed(String),
}

impl TaskError {
    /// 2 for a wrong command line, 1 for everything else.
    pub(crate) fn exit(&self) -> ExitCode {
        ExitCode::from(if matches!(self, Self::Usage(_)) { 2 } else { 1 })
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(what) => write!(f, "{what}; `cargo xtask` lists the tasks"),
            Self::Missing { what, remedy } => write!(f, "{what} is not here; {remedy}"),
            Self::Start { program, source } => write!(f, "cannot start `{program}`: {source}"),
            Self::File { path, source } => write!(f, "cannot read or write `{}`: {source}", path.display()),
            Self::Failed(what) => write!(f, "{what} failed"),
        }
    }
}
