//! Keys, and what they are called.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use terms::Jurisdiction;
use zeroize::Zeroizing;

use super::age::{AgeError, random};
use super::compartment::Compartment;

/// Bytes of a key: AES-256.
pub(crate) const KEY_BYTES: usize = 32;

/// The name of a keyring: eight hex digits, drawn when it was made, so that two stores are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyringId([u8; 4]);

impl KeyringId {
    pub(crate) fn new() -> Result<Self, AgeError> {
        random().map(Self)
    }
}

impl fmt::Display for KeyringId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl FromStr for KeyringId {
    type Err = BadKeyId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or(BadKeyId)
    }
}

/// The name of a key, such as `9f3c61aa/ut/voter.date_of_birth/1`: keyring, jurisdiction, compartment, version.
///
/// It stands in manifests and in the files themselves, and is no secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId {
    jurisdiction: Jurisdiction,
    compartment: Compartment,
    version: u32,
    keyring: KeyringId,
}

/// A text that is not the name of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not the name of a key: keyring/jurisdiction/compartment/version")]
pub struct BadKeyId;

impl KeyId {
    pub(crate) fn new(keyring: KeyringId, jurisdiction: Jurisdiction, compartment: Compartment, version: u32) -> Self {
        Self { jurisdiction, compartment, version, keyring }
    }

    /// The keyring that it belongs to.
    pub fn keyring(&self) -> KeyringId {
        self.keyring
    }

    /// Whose roll it opens.
    pub fn jurisdiction(&self) -> Jurisdiction {
        self.jurisdiction
    }

    /// What it opens.
    pub fn compartment(&self) -> &Compartment {
        &self.compartment
    }

    /// The first key of a compartment is number 1; each rotation makes the next.
    pub fn version(&self) -> u32 {
        self.version
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { jurisdiction, compartment, version, keyring } = self;
        write!(f, "{keyring}/{}/{compartment}/{version}", jurisdiction.slug())
    }
}

impl FromStr for KeyId {
    type Err = BadKeyId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (keyring, rest) = text.split_once('/').ok_or(BadKeyId)?;
        let (jurisdiction, rest) = rest.split_once('/').ok_or(BadKeyId)?;
        let (compartment, version) = rest.rsplit_once('/').ok_or(BadKeyId)?;
        let id = Self {
            jurisdiction: jurisdiction.parse().map_err(|_| BadKeyId)?,
            compartment: compartment.parse().map_err(|_| BadKeyId)?,
            version: version.parse().map_err(|_| BadKeyId)?,
            keyring: keyring.parse()?,
        };
        // One name for one key: `+1`, `01` and `UT` are other spellings.
        if id.to_string() == text { Ok(id) } else { Err(BadKeyId) }
    }
}

impl Serialize for KeyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The bytes of a key. They are wiped when it is dropped; nothing shows them.
#[derive(Clone)]
pub(crate) struct Secret(Zeroizing<[u8; KEY_BYTES]>);

impl Secret {
    pub(crate) fn new() -> Result<Self, AgeError> {
        Ok(Self(Zeroizing::new(random()?)))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = Zeroizing::new([0; TEXT_BYTES]);
        BASE64.encode_mut(self.0.as_slice(), text.as_mut_slice());
        serializer.serialize_str(std::str::from_utf8(text.as_slice()).map_err(serde::ser::Error::custom)?)
    }
}

/// Characters of a key in Base64.
const TEXT_BYTES: usize = 44;

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{KEY_BYTES} bytes in Base64")
            }

            // Decoded from where it stands, so that no copy of the text is left in memory.
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Secret, E> {
                let mut padded = Zeroizing::new([0; KEY_BYTES + 1]);
                let is_long = text.len() == TEXT_BYTES;
                let length =
                    if is_long { BASE64.decode_mut(text.as_bytes(), padded.as_mut_slice()).ok() } else { None };
                let mut bytes = Zeroizing::new([0; KEY_BYTES]);
                bytes.iter_mut().zip(padded.iter()).for_each(|(to, from)| *to = *from);
                match length {
                    Some(KEY_BYTES) => Ok(Secret(bytes)),
                    _ => Err(E::custom("not a key")),
                }
            }
        }

        deserializer.deserialize_str(Visitor)
    }
}

/// The keys that somebody may use, and no other: what a [`Reader`](crate::Reader) reads with.
///
/// A vault gives them out ([`Vault::keys`](super::Vault::keys)). Nothing shows their bytes.
#[derive(Clone, Default)]
pub struct Keys(BTreeMap<KeyId, Secret>);

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Keys {
    /// Their names, in order.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        self.0.keys()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn get(&self, id: &KeyId) -> Option<&Secret> {
        self.0.get(id)
    }

    pub(crate) fn insert(&mut self, id: KeyId, secret: Secret) {
        self.0.insert(id, secret);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_one_name() {
        let name = "9f3c61aa/nc/voter.extra.a/b/12";
        let id: KeyId = name.parse().unwrap();
        assert_eq!((id.to_string().as_str(), id.version()), (name, 12));
        assert_eq!(id.compartment(), &Compartment::Voter("extra.a/b".to_owned()));
        for other in [
            "",
            "9f3c61aa/nc/roll",
            "9F3C61AA/nc/roll/1",
            "9f3c61/nc/roll/1",
            "9f3c61aa/NC/roll/1",
            "9f3c61aa/xx/roll/1",
            "9f3c61aa/nc/rolls/1",
            "9f3c61aa/nc/roll/01",
            "9f3c61aa/nc/roll/+1",
            "9f3c61aa/nc/roll/-1",
        ] {
            assert_eq!(other.parse::<KeyId>(), Err(BadKeyId), "{other}");
        }
    }

    #[test]
    fn a_secret_is_read_as_it_is_written_and_shown_nowhere() {
        let secret = Secret::new().unwrap();
        let text = serde_json::to_string(&secret).unwrap();
        let shown = text.trim_matches('"').split_at(20).0;
        let again: Secret = serde_json::from_str(&text).unwrap();
        assert_eq!(again.bytes(), secret.bytes());
        let mut keys = Keys::default();
        keys.insert("9f3c61aa/ut/roll/1".parse().unwrap(), secret);
        assert!(!format!("{keys:?}{again:?}").contains(shown));
        for bad in ["\"\"", "\"AAAA\"", "7", &text.replace('=', "A"), &text.replace('=', "==")] {
            let error = serde_json::from_str::<Secret>(bad).unwrap_err().to_string();
            assert!(!error.contains(shown), "{error}");
        }
    }
}
