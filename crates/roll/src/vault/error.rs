//! Why keys cannot be had.

use std::io;
use std::path::PathBuf;

use super::age::AgeError;
use super::key::{KeyId, KeyringId};
use crate::advice;

/// Why keys cannot be had. No variant holds a secret.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum VaultError {
    /// There is no keyring.
    #[error("the store has no keyring `{}`", path.display())]
    #[diagnostic(help(
        "the first import makes one; where the store has rolls already, restore it from a backup, since nobody can read \
         them without it"
    ))]
    NoKeyring {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A key that is needed is not in the keyring.
    #[error("the key `{key}` of {} is not in the keyring; `{of}` needs it", key.compartment().in_words())]
    #[diagnostic(help(
        "restore the keyring from a backup that has this key; without it nobody can read {} there, and only importing it again \
         brings it back",
        key.compartment().in_words()
    ))]
    Lost {
        /// The key.
        key: Box<KeyId>,
        /// The snapshot or list that is encrypted under it.
        of: String,
    },
    /// The keyring of another store.
    #[error("`{of}` is encrypted under keyring {}, and `{}` is keyring {found}", key.keyring(), path.display())]
    #[diagnostic(help("put the keyring of this store back, or name the store it belongs to with `--store`"))]
    OtherKeyring {
        /// The key that is needed.
        key: Box<KeyId>,
        /// The snapshot or list that is encrypted under it.
        of: String,
        /// The keyring at hand.
        path: PathBuf,
        /// Its name.
        found: KeyringId,
    },
    /// Another passphrase.
    #[error("the passphrase does not open `{}`", path.display())]
    #[diagnostic(help("check the passphrase, and that the file is this store's keyring as it was saved"))]
    WrongPassphrase {
        /// The keyring.
        path: PathBuf,
    },
    /// Another identity.
    #[error("the identity in `{}` does not open `{}`", identity.display(), path.display())]
    #[diagnostic(help("name the identity file that the keyring was sealed to with `--identity`"))]
    WrongIdentity {
        /// The keyring.
        path: PathBuf,
        /// The identity file.
        identity: PathBuf,
    },
    /// Sealed with a passphrase, and none was given.
    #[error("`{}` is sealed with a passphrase", path.display())]
    #[diagnostic(help("give it with `--passphrase-file FILE`, or in OPENROLL_PASSPHRASE"))]
    NeedsPassphrase {
        /// The keyring.
        path: PathBuf,
    },
    /// Sealed to an identity, and none is at hand.
    #[error("`{}` is sealed to an identity, and there is none at `{}`", path.display(), identity.display())]
    #[diagnostic(help("name the identity file with `--identity FILE`, or in OPENROLL_IDENTITY"))]
    NeedsIdentity {
        /// The keyring.
        path: PathBuf,
        /// Where an identity was looked for.
        identity: PathBuf,
    },
    /// A file that holds no identity.
    #[error("`{}` is not an identity file", path.display())]
    #[diagnostic(help("it must hold a line that begins with AGE-SECRET-KEY-1, and otherwise comments only"))]
    BadIdentity {
        /// The file.
        path: PathBuf,
    },
    /// The keyring is not what was saved.
    #[error("`{}` is damaged: {why}", path.display())]
    #[diagnostic(help("restore it from a backup; without it nobody can read the rolls of this store"))]
    Damaged {
        /// The keyring.
        path: PathBuf,
        /// What is wrong; never a part of it.
        why: &'static str,
    },
    /// Larger than any keyring.
    #[error("`{}` is larger than any keyring or identity file", path.display())]
    #[diagnostic(help("name the file that was meant"))]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Somebody rotates the keys, or uses them while they shall be rotated.
    #[error("the keys of `{}` are in use by another openroll", path.display())]
    #[diagnostic(help("wait until it has ended, and try again"))]
    InUse {
        /// The folder of the keys.
        path: PathBuf,
    },
    /// A file cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("{}", advice::on_reading(source)))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of the store; no key was changed"))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives no randomness.
    #[error("the system gives no random bytes for new keys")]
    NoRandomness,
}

impl VaultError {
    /// What an age file says of itself, said of a keyring.
    pub(super) fn of_age(error: AgeError, path: PathBuf, identity: PathBuf) -> Self {
        match error {
            AgeError::Malformed(why) => Self::Damaged { path, why },
            AgeError::NeedsIdentity => Self::NeedsIdentity { path, identity },
            AgeError::NeedsPassphrase => Self::NeedsPassphrase { path },
            AgeError::WrongIdentity => Self::WrongIdentity { path, identity },
            AgeError::WrongPassphrase => Self::WrongPassphrase { path },
            AgeError::NoRandomness => Self::NoRandomness,
        }
    }
}
