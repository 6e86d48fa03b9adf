//! Why no release was made.

use std::io;
use std::path::PathBuf;

use roll::StagingError;
use terms::Date;

use crate::extract::ExtractError;
use crate::gates::GateError;
use crate::letter::LetterError;

/// Why no release was made. Nothing is visible in any of these cases.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReleaseError {
    /// Something that the law asks for is not on file.
    #[error("the release may not leave yet: {}", missing.join("; "))]
    #[diagnostic(help(
        "add each to the request as a `[[document]]` or under `promises` when it has reached the office"
    ))]
    Missing {
        /// What is missing, with citations.
        missing: Vec<String>,
    },
    /// The decision belongs to another jurisdiction's roll.
    #[error("the decision is for {decision}, the roll is of {roll}")]
    #[diagnostic(help("name a snapshot of that jurisdiction; `openroll roll list` shows them"))]
    OtherRoll {
        /// Whose law was applied.
        decision: terms::Jurisdiction,
        /// Whose roll it is.
        roll: terms::Jurisdiction,
    },
    /// The law leaves protected records out, and the office keeps no list that tells which they are.
    #[error("the law leaves protected records out (`{clause}`), and no protection list is kept for this roll")]
    #[diagnostic(help(
        "import the list with `openroll roll import … --protections FILE`; where nobody is protected, a list with its \
         header alone says so"
    ))]
    NoProtectionList {
        /// The clause.
        clause: String,
    },
    /// The list is newer than the law lets it be.
    #[error("the list of {list_day} is newer than the law allows: it must not be newer than {limit} ({cite})")]
    #[diagnostic(help("release from a snapshot of that day or before; `openroll roll list` shows them"))]
    ListTooNew {
        /// Day of the list.
        list_day: Date,
        /// Latest day allowed.
        limit: Date,
        /// Citation.
        cite: String,
    },
    /// The edition that the decision pins is not the one stored.
    #[error("the decision pins edition `{edition}`, which is not in the law file or has changed since")]
    #[diagnostic(help("decide again under the law file as it is now"))]
    OtherEdition {
        /// The edition pinned.
        edition: String,
    },
    /// A key was handed over that the decision does not name.
    #[error("the key `{key}` was handed over, and the decision does not name what it opens")]
    #[diagnostic(help(
        "a release gets the keys that its decision names and no other; report this as a fault of openroll"
    ))]
    KeyTooMany {
        /// The key.
        key: Box<roll::vault::KeyId>,
    },
    /// The roll has no row.
    #[error("the roll has no row")]
    #[diagnostic(help("import the delivery again and read its quarantine"))]
    EmptyRoll,
    /// The folder is there already.
    #[error("`{}` exists already", folder.display())]
    #[diagnostic(help("a release is made once; name another folder, or verify this one"))]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// The extract.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Extract(#[from] ExtractError),
    /// The letter.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Letter(#[from] LetterError),
    /// A gate.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gate(#[from] GateError),
    /// The folder in the making.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Staging(#[from] StagingError),
    /// A file cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check space and permissions; nothing of the release is visible"))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A document cannot be serialized.
    #[error("cannot write the {document}")]
    Serialize {
        /// Which one.
        document: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
