//! What a keyring is opened with.

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

/// 2^18 rounds cost about a second and 256 MiB, as the age tool has it: a stolen keyring is guessed at slowly.
const WORK: u8 = 18;

/// A passphrase. It is wiped when it is dropped; nothing shows it.
#[derive(Clone)]
pub struct Passphrase {
    text: Zeroizing<String>,
    work: u8,
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase")
    }
}

impl Passphrase {
    /// Takes a passphrase; `None` if it is empty.
    pub fn new(text: String) -> Option<Self> {
        let text = Zeroizing::new(text);
        (!text.is_empty()).then_some(Self { text, work: WORK })
    }

    /// Sets the rounds, as a power of two, so that a test need not wait for as many as an attacker must.
    #[must_use]
    pub fn with_work(mut self, log_2: u8) -> Self {
        self.work = log_2;
        self
    }

    pub(crate) fn work(&self) -> u8 {
        self.work
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// What a keyring is opened with, as far as the caller knows: an identity file, a passphrase, both, or neither.
///
/// The keyring itself says which it wants. Where neither is given, the identity beside the keyring serves
/// ([`IDENTITY_FILE`](super::IDENTITY_FILE)).
#[derive(Debug, Clone, Default)]
pub struct Unlock {
    pub(crate) identity: Option<PathBuf>,
    pub(crate) passphrase: Option<Passphrase>,
}

impl Unlock {
    /// Opens with the identities in a file.
    #[must_use]
    pub fn with_identity(mut self, file: impl Into<PathBuf>) -> Self {
        self.identity = Some(file.into());
        self
    }

    /// Opens with a passphrase.
    #[must_use]
    pub fn with_passphrase(mut self, passphrase: Passphrase) -> Self {
        self.passphrase = Some(passphrase);
        self
    }
}
