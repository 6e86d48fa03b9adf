//! The office that answers, and its keys.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use serde::{Deserialize, Serialize};

use crate::code::{CodeKey, mac};

/// Name of the office file in a store.
pub const OFFICE_FILE: &str = "office.toml";

/// Name of the key file in a store.
pub const KEYS_FILE: &str = "keys.toml";

/// The office as its letters show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// Name of the office.
    pub name: String,
    /// Mailing address, one line per element.
    pub address: Vec<String>,
    /// How to reach the records officer.
    pub contact: String,
    /// Who decides appeals; required where the law wants the name in a denial.
    pub appeal_officer: Option<AppealOfficer>,
}

/// The officer who decides appeals inside the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppealOfficer {
    /// Name.
    pub name: String,
    /// Title.
    pub title: String,
    /// Business address, one line per element.
    pub address: Vec<String>,
}

/// Why office or keys cannot be had.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum OfficeError {
    /// No office file.
    #[error("the store has no `{}`", path.display())]
    #[diagnostic(help(
        "write it: `name`, `address`, `contact`, and `[appeal_officer]` with `name`, `title`, `address`"
    ))]
    NoOffice {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A file is malformed.
    #[error("`{}` is malformed: {why}", path.display())]
    #[diagnostic(help("mend the file; the README shows an office file, and a key file is written on first use"))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong; never a key.
        why: String,
    },
    /// A file cannot be read or written.
    #[error("cannot read or write `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system gives no randomness.
    #[error("the system gives no random bytes for new keys")]
    NoRandomness,
}

impl Office {
    /// Reads the office file of a store.
    ///
    /// # Errors
    ///
    /// [`OfficeError`] when there is none or it is malformed.
    pub fn read(store: &Path) -> Result<Self, OfficeError> {
        let path = store.join(OFFICE_FILE);
        match fs::read_to_string(&path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|error| OfficeError::Malformed { path, why: error.message().to_owned() })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(OfficeError::NoOffice { path }),
            Err(source) => Err(OfficeError::Io { path, source }),
        }
    }
}

/// The office's secrets: one to sign, one for keyed codes, one for commitments.
pub struct Keys {
    signing: SigningKey,
    codes: [u8; 32],
    commitments: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// The key file: three secrets of 32 bytes in Base64.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    signing: String,
    codes: String,
    commitments: String,
}

impl Keys {
    /// Takes three secrets.
    pub fn new(signing: [u8; 32], codes: [u8; 32], commitments: [u8; 32]) -> Self {
        Self { signing: SigningKey::from_bytes(&signing), codes, commitments }
    }

    /// Reads the keys of a store, or makes new ones on first use, readable by the owner alone.
    ///
    /// # Errors
    ///
    /// [`OfficeError`] when the file is malformed or cannot be read or written.
    pub fn open_or_create(store: &Path) -> Result<Self, OfficeError> {
        let path = store.join(KEYS_FILE);
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(&path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut secrets = [[0_u8; 32]; 3];
                for secret in &mut secrets {
                    getrandom::fill(secret).map_err(|_| OfficeError::NoRandomness)?;
                }
                let [signing, codes, commitments] = secrets;
                let keys = Self::new(signing, codes, commitments);
                keys.save(store)?;
                Ok(keys)
            }
            Err(source) => Err(OfficeError::Io { path, source }),
        }
    }

    fn parse(path: &Path, text: &str) -> Result<Self, OfficeError> {
        // The parser's own message may quote the line, and the line is a secret.
        let malformed = || OfficeError::Malformed {
            path: path.to_owned(),
            why: "it must hold `signing`, `codes` and `commitments`, 32 bytes each in Base64".to_owned(),
        };
        let file: KeyFile = toml::from_str(text).map_err(|_| malformed())?;
        let secret = |text: &str| -> Option<[u8; 32]> { BASE64.decode(text.as_bytes()).ok()?.try_into().ok() };
        match (secret(&file.signing), secret(&file.codes), secret(&file.commitments)) {
            (Some(signing), Some(codes), Some(commitments)) => Ok(Self::new(signing, codes, commitments)),
            _ => Err(malformed()),
        }
    }

    /// Writes the key file of a store, readable by the owner alone; an existing one is never overwritten.
    ///
    /// # Errors
    ///
    /// [`OfficeError`] when there is one already or it cannot be written.
    pub fn save(&self, store: &Path) -> Result<(), OfficeError> {
        let path = store.join(KEYS_FILE);
        self.write(&path).map_err(|source| OfficeError::Io { path, source })
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        writeln!(file, "# Secret. Back it up; whoever has it can sign in the office's name and reverse its codes.")?;
        writeln!(file, "signing = \"{}\"", BASE64.encode(&self.signing.to_bytes()))?;
        writeln!(file, "codes = \"{}\"", BASE64.encode(&self.codes))?;
        writeln!(file, "commitments = \"{}\"", BASE64.encode(&self.commitments))?;
        file.sync_all()
    }

    /// The public half of the signing key, in Base64.
    pub fn public(&self) -> String {
        BASE64.encode(self.signing.verifying_key().as_bytes())
    }

    /// Signs bytes; the signature in Base64.
    pub(crate) fn sign(&self, bytes: &[u8]) -> String {
        BASE64.encode(&self.signing.sign(bytes).to_bytes())
    }

    /// The key for statutory codes.
    pub fn codes(&self) -> CodeKey {
        CodeKey::new(self.codes)
    }

    /// The salt of a commitment to a snapshot in a release: secret, and the same when the release is built again.
    pub(crate) fn salt(&self, snapshot: &str, decision: &str) -> [u8; 32] {
        mac(&self.commitments, &[b"snapshot\0", snapshot.as_bytes(), b"\0", decision.as_bytes()])
    }
}
