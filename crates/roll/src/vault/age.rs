//! The age format, for the keyring and for every file that is sealed whole.
//!
//! **Specification**: C2SP `age.md`, <https://c2sp.org/age>, by the `age` crate. What is sealed here to identities or with a
//! passphrase opens with any other program for age files.

use std::fmt;
use std::io::{Read, Write};
use std::str::FromStr;

use age::secrecy::{ExposeSecret, SecretString};
use age::{DecryptError, Decryptor, EncryptError, Encryptor, scrypt, x25519};
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use super::Passphrase;

/// LIMIT: 2^20 rounds cost a gigabyte of memory and some seconds. A file that asks for more is not ours.
const WORK_MAX: u8 = 20;

/// Why a file is not sealed or unsealed. No variant holds a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AgeError {
    /// Not the format, or changed since it was written.
    #[error("{0}")]
    Malformed(&'static str),
    /// Sealed to identities, and none was given.
    #[error("it is sealed to an identity")]
    NeedsIdentity,
    /// Sealed with a passphrase, and none was given.
    #[error("it is sealed with a passphrase")]
    NeedsPassphrase,
    /// None of the identities opens it.
    #[error("it is sealed to another identity")]
    WrongIdentity,
    /// Another passphrase, or a changed header.
    #[error("it is sealed with another passphrase")]
    WrongPassphrase,
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

/// What a file is sealed to.
#[derive(Debug)]
pub(crate) enum SealTo<'a> {
    Recipients(&'a [Recipient]),
    Passphrase(&'a Passphrase),
}

/// What a file is unsealed with.
#[derive(Debug)]
pub(crate) enum UnsealWith<'a> {
    Identities(&'a Identities),
    Passphrase(&'a Passphrase),
}

/// Bytes from the system's source.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], AgeError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| AgeError::NoRandomness)?;
    Ok(bytes)
}

/// Seals some bytes.
pub(crate) fn seal(plain: &[u8], to: &SealTo<'_>) -> Result<Vec<u8>, AgeError> {
    const UNSEALED: AgeError = AgeError::Malformed("it cannot be sealed");
    let encryptor = match to {
        SealTo::Recipients(recipients) => {
            Encryptor::with_recipients(recipients.iter().map(|recipient| &recipient.0 as &dyn age::Recipient))
        }
        SealTo::Passphrase(passphrase) => {
            let mut recipient = scrypt::Recipient::new(secret(passphrase.text()));
            recipient.set_work_factor(passphrase.work());
            Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        }
    };
    let sealed = |encryptor: Encryptor| {
        let mut out = encryptor.wrap_output(Vec::new())?;
        out.write_all(plain)?;
        out.finish()
    };
    encryptor.and_then(|encryptor| sealed(encryptor).map_err(EncryptError::Io)).map_err(|_| UNSEALED)
}

/// Unseals a file; the whole of it is checked before a byte is given back.
pub(crate) fn unseal(sealed: &[u8], with: &UnsealWith<'_>) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let decryptor = header(sealed)?;
    let mut stream = match (decryptor.is_scrypt(), with) {
        (true, UnsealWith::Passphrase(passphrase)) => {
            let mut identity = scrypt::Identity::new(secret(passphrase.text()));
            identity.set_max_work_factor(WORK_MAX);
            let opened = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity));
            opened.map_err(|error| not_unsealed(&error, AgeError::WrongPassphrase))?
        }
        (false, UnsealWith::Identities(identities)) => {
            let opened = decryptor.decrypt(identities.0.iter().map(|identity| identity as &dyn age::Identity));
            opened.map_err(|error| not_unsealed(&error, AgeError::WrongIdentity))?
        }
        (true, UnsealWith::Identities(_)) => return Err(AgeError::NeedsPassphrase),
        (false, UnsealWith::Passphrase(_)) => return Err(AgeError::NeedsIdentity),
    };
    // As long as what it was sealed from, so that it never grows and leaves a copy behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    stream.read_to_end(&mut plain).map_err(|_| CHANGED)?;
    Ok(plain)
}

/// Whether a file is sealed with a passphrase.
pub(crate) fn wants_passphrase(sealed: &[u8]) -> Result<bool, AgeError> {
    Ok(header(sealed)?.is_scrypt())
}

const CHANGED: AgeError = AgeError::Malformed("it was changed since it was sealed, or is cut off");

fn header(sealed: &[u8]) -> Result<Decryptor<&[u8]>, AgeError> {
    Decryptor::new(sealed).map_err(|_| AgeError::Malformed("it is not an age file"))
}

fn not_unsealed(error: &DecryptError, wrong: AgeError) -> AgeError {
    match error {
        DecryptError::NoMatchingKeys | DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => wrong,
        DecryptError::ExcessiveWork { .. } => AgeError::Malformed("it asks for more work than any passphrase is worth"),
        _ => CHANGED,
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

/// The public half of an age identity, such as `age1…`: what a keyring is sealed to.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(x25519::Recipient);

/// A word that is no recipient.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{shown} is not an age recipient")]
#[diagnostic(help("a recipient begins with `age1`; `age-keygen -y FILE` prints the one of an identity file"))]
pub struct RecipientError {
    shown: String,
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        // A secret that was taken for a recipient does not belong in a message.
        let shown = || match word.starts_with("age1") {
            true => format!("`{word}`"),
            false => "what does not begin with `age1`".to_owned(),
        };
        word.parse().map(Self).map_err(|_| RecipientError { shown: shown() })
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// The secret that opens what is sealed to its recipient.
pub(crate) struct Identity(x25519::Identity);

impl Identity {
    /// A new one.
    pub(crate) fn generate() -> Self {
        Self(x25519::Identity::generate())
    }

    /// Its public half.
    pub(crate) fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }

    /// The line of an identity file.
    pub(crate) fn line(&self) -> Zeroizing<String> {
        Zeroizing::new(self.0.to_string().expose_secret().to_owned())
    }
}

/// The identities of a file, at least one.
pub(crate) struct Identities(Vec<x25519::Identity>);

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identities")
    }
}

impl Identities {
    /// Reads an identity file: one identity on each line, comments behind `#`. `None` where a line is something else or
    /// there is none; which line is not said, since it may be a secret.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let identities = lines.map(|line| line.parse().ok()).collect::<Option<Vec<_>>>()?;
        (!identities.is_empty()).then_some(Self(identities))
    }

    /// Their public halves.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = Recipient> {
        self.0.iter().map(|identity| Recipient(identity.to_public()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(text: &str) -> Passphrase {
        Passphrase::new(text.to_owned()).unwrap().with_work(4)
    }

    #[test]
    fn each_identity_opens_what_is_sealed_to_it_and_no_other_does() {
        let identities = [Identity::generate(), Identity::generate(), Identity::generate()];
        let to: Vec<Recipient> = identities.iter().take(2).map(Identity::recipient).collect();
        let sealed = seal(b"keys", &SealTo::Recipients(&to)).unwrap();
        assert_eq!(wants_passphrase(&sealed), Ok(false));
        for (place, identity) in identities.iter().enumerate() {
            let file = Identities::parse(&format!("# comment\n\n{}\n", identity.line().as_str())).unwrap();
            let opened = unseal(&sealed, &UnsealWith::Identities(&file));
            match place {
                0 | 1 => assert_eq!(opened.unwrap().as_slice(), b"keys"),
                _ => assert_eq!(opened.unwrap_err(), AgeError::WrongIdentity),
            }
        }
        assert_eq!(unseal(&sealed, &UnsealWith::Passphrase(&passphrase("x"))).unwrap_err(), AgeError::NeedsIdentity);
    }

    #[test]
    fn only_the_passphrase_opens_what_is_sealed_with_it() {
        let sealed = seal(b"keys", &SealTo::Passphrase(&passphrase("right"))).unwrap();
        assert_eq!(wants_passphrase(&sealed), Ok(true));
        let with = |text: &str| unseal(&sealed, &UnsealWith::Passphrase(&passphrase(text)));
        assert_eq!(with("right").unwrap().as_slice(), b"keys");
        assert_eq!(with("wrong").unwrap_err(), AgeError::WrongPassphrase);
        let identities = Identities(vec![x25519::Identity::generate()]);
        assert_eq!(unseal(&sealed, &UnsealWith::Identities(&identities)).unwrap_err(), AgeError::NeedsPassphrase);
    }

    #[test]
    fn no_changed_byte_is_taken() {
        let identities = Identities(vec![x25519::Identity::generate()]);
        let to: Vec<Recipient> = identities.recipients().collect();
        let sealed = seal(b"keys", &SealTo::Recipients(&to)).unwrap();
        for place in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[place] ^= 1;
            assert!(unseal(&bad, &UnsealWith::Identities(&identities)).is_err(), "byte {place}");
            assert!(unseal(&sealed[..place], &UnsealWith::Identities(&identities)).is_err(), "cut at {place}");
        }
    }

    #[test]
    fn a_passphrase_that_asks_for_too_much_work_is_refused_before_any_is_done() {
        let sealed = seal(b"keys", &SealTo::Passphrase(&passphrase("right"))).unwrap();
        let line = String::from_utf8_lossy(&sealed).lines().nth(1).unwrap().to_owned();
        let asks = line.replace(" 4", " 63");
        let mut bad = sealed.clone();
        let at = bad.windows(line.len()).position(|part| part == line.as_bytes()).unwrap();
        bad.splice(at..at + line.len(), asks.bytes());
        let error = unseal(&bad, &UnsealWith::Passphrase(&passphrase("right"))).unwrap_err();
        assert_eq!(error, AgeError::Malformed("it asks for more work than any passphrase is worth"));
    }

    #[test]
    fn a_secret_taken_for_a_recipient_is_not_shown() {
        let line = Identity::generate().line();
        let error = line.parse::<Recipient>().unwrap_err().to_string();
        assert_eq!(error, "what does not begin with `age1` is not an age recipient");
        assert!(Identities::parse("").is_none() && Identities::parse("AGE-SECRET-KEY-1X").is_none());
    }
}
