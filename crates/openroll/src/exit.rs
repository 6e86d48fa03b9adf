//! Exit codes, and the failures that lead to them.

use std::process::ExitCode;

use miette::Diagnostic;

/// How a command ended. `openroll help exit-codes` prints this list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// The answer is "no": withheld, differs, nothing found.
    No,
    /// The command line is wrong.
    Usage,
    /// Input data are bad.
    Data,
    /// Not permitted, or something required is not on file.
    NotPermitted,
    /// The law is unknown or conflicting.
    Law,
    /// A signature, digest or gate failed.
    Integrity,
    /// Interrupted.
    Interrupted,
}

impl Exit {
    /// Every code, with its meaning.
    pub(crate) const ALL: [(Self, &'static str); 8] = [
        (Self::Done, "done"),
        (Self::No, "the answer is no: withheld, differs, nothing found"),
        (Self::Usage, "the command line is wrong"),
        (Self::Data, "input data are bad, or a file cannot be read or written"),
        (Self::NotPermitted, "not permitted, or something required is not on file"),
        (Self::Law, "the law is unknown or conflicting"),
        (Self::Integrity, "a signature, digest or gate failed"),
        (Self::Interrupted, "interrupted"),
    ];

    /// The number.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Data => 3,
            Self::NotPermitted => 4,
            Self::Law => 5,
            Self::Integrity => 6,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// A failed command: what to print, and the code.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    report: Box<miette::Report>,
}

impl Failure {
    /// A failure with this report.
    pub(crate) fn new(exit: Exit, error: impl Diagnostic + Send + Sync + 'static) -> Self {
        Self { exit, report: Box::new(miette::Report::new(error)) }
    }

    /// A failure that has a message and a remedy and no type of its own.
    pub(crate) fn message(exit: Exit, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(exit, Plain { message: message.into(), help: help.into() })
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// What to print.
    pub(crate) fn report(&self) -> &miette::Report {
        &self.report
    }
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(help("{help}"))]
struct Plain {
    message: String,
    help: String,
}

/// Gives an error its exit code.
pub(crate) trait OrExit<T> {
    /// The value, or a failure with this code.
    fn or_exit(self, exit: Exit) -> Result<T, Failure>;
}

impl<T, E: Diagnostic + Send + Sync + 'static> OrExit<T> for Result<T, E> {
    fn or_exit(self, exit: Exit) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(exit, error))
    }
}

/// The code of a release that was not made.
pub(crate) fn of_release(error: &release::ReleaseError) -> Exit {
    use release::ReleaseError as E;
    match error {
        E::Missing { .. }
        | E::NoProtectionList { .. }
        | E::ListTooNew { .. }
        | E::Letter(release::LetterError::MissingPart { .. }) => Exit::NotPermitted,
        E::OtherEdition { .. } | E::OtherRoll { .. } => Exit::Law,
        E::Gate(_) | E::KeyTooMany { .. } => Exit::Integrity,
        E::EmptyRoll
        | E::Exists { .. }
        | E::Extract(_)
        | E::Letter(_)
        | E::Staging(_)
        | E::Write { .. }
        | E::Serialize { .. } => Exit::Data,
    }
}

/// The code of keys that cannot be had.
pub(crate) fn of_vault(error: &roll::vault::VaultError) -> Exit {
    use roll::vault::VaultError as E;
    match error {
        E::NoKeyring { .. }
        | E::Lost { .. }
        | E::OtherKeyring { .. }
        | E::WrongPassphrase { .. }
        | E::WrongIdentity { .. }
        | E::NeedsPassphrase { .. }
        | E::NeedsIdentity { .. }
        | E::InUse { .. } => Exit::NotPermitted,
        E::Damaged { .. } => Exit::Integrity,
        _ => Exit::Data,
    }
}

/// The code of a roll that was not imported.
pub(crate) fn of_import(error: &roll::ImportError) -> Exit {
    match error {
        roll::ImportError::Vault(error) => of_vault(error),
        _ => Exit::Data,
    }
}

/// The code of a list that cannot be read or kept.
pub(crate) fn of_list(error: &roll::ListError) -> Exit {
    match error {
        roll::ListError::Vault(error) => of_vault(error),
        roll::ListError::Damaged { .. } => Exit::Integrity,
        _ => Exit::Data,
    }
}

/// The code of keys that were not rotated.
pub(crate) fn of_rotation(error: &roll::vault::RotateError) -> Exit {
    use roll::vault::RotateError as E;
    match error {
        E::Vault(error) => of_vault(error),
        E::List(error) => of_list(error),
        E::Changed { .. } => Exit::Integrity,
        _ => Exit::Data,
    }
}

/// The code of a folder that cannot be verified at all: no release, or one whose documents have been damaged.
pub(crate) fn of_verify(error: &release::VerifyError) -> Exit {
    use release::VerifyError as E;
    match error {
        E::TooLarge { .. } | E::Malformed { .. } => Exit::Integrity,
        _ => Exit::Data,
    }
}

/// The code of a synthetic roll that was not made.
pub(crate) fn of_synth(error: &synth::SynthError) -> Exit {
    use synth::SynthError as E;
    match error {
        E::Exists { .. } | E::Write { .. } => Exit::Data,
        _ => Exit::Usage,
    }
}

/// The code of an office that cannot be read.
pub(crate) fn of_office(error: &release::OfficeError) -> Exit {
    use release::OfficeError as E;
    match error {
        E::NoOffice { .. } => Exit::NotPermitted,
        E::Malformed { .. } | E::Io { .. } | E::NoRandomness => Exit::Data,
    }
}
