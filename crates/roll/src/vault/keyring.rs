//! The keys of a store, as they lie in the keyring once it is unsealed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use terms::Jurisdiction;
use zeroize::Zeroizing;

use super::age::{AgeError, Recipient};
use super::compartment::Compartment;
use super::key::{KeyId, KeyringId, Secret};

/// The schema word of a keyring.
const SCHEMA: &str = "openroll.keyring/1";

/// LIMIT: a state has some seventy protected columns, and as many again without a canonical home; 52 of them, rotated many
/// times, stay below.
const KEYS_MAX: usize = 100_000;

/// Bytes that an entry takes at most, so that the text is written without growing and leaves no copy of a key behind.
const ENTRY_BYTES: usize = 512;

/// A keyring.
#[derive(Debug)]
pub(super) struct Keyring {
    pub(super) id: KeyringId,
    /// Who can open it; none where it is sealed with a passphrase.
    pub(super) recipients: Vec<Recipient>,
    keys: BTreeMap<KeyId, Held>,
}

/// A key, and what it was made for.
#[derive(Debug)]
struct Held {
    made_for: String,
    secret: Secret,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<E> {
    schema: String,
    id: String,
    recipients: Vec<Recipient>,
    keys: Vec<E>,
}

#[derive(Serialize)]
struct WriteEntry<'a> {
    id: &'a KeyId,
    made_for: &'a str,
    secret: &'a Secret,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadEntry {
    id: KeyId,
    made_for: String,
    secret: Secret,
}

fn write_entry<'a>((id, held): (&'a KeyId, &'a Held)) -> WriteEntry<'a> {
    WriteEntry { id, made_for: &held.made_for, secret: &held.secret }
}

impl Keyring {
    /// An empty one.
    pub(super) fn new(recipients: Vec<Recipient>) -> Result<Self, AgeError> {
        Ok(Self { id: KeyringId::new()?, recipients, keys: BTreeMap::new() })
    }

    /// Reads an unsealed keyring; says what is wrong without showing it.
    pub(super) fn parse(text: &[u8]) -> Result<Self, &'static str> {
        let file: File<ReadEntry> = serde_json::from_slice(text).map_err(|_| "it holds no keyring of this version")?;
        if file.schema != SCHEMA {
            return Err("it holds a keyring of another version");
        }
        let id: KeyringId = file.id.parse().map_err(|_| "its name is not that of a keyring")?;
        if file.keys.len() > KEYS_MAX {
            return Err("it holds more keys than a store has");
        }
        let mut keys = BTreeMap::new();
        for ReadEntry { id: key, made_for, secret } in file.keys {
            if key.keyring() != id {
                return Err("it holds a key of another keyring");
            }
            if keys.insert(key, Held { made_for, secret }).is_some() {
                return Err("it holds two keys of one name");
            }
        }
        Ok(Self { id, recipients: file.recipients, keys })
    }

    /// The text that [`Keyring::parse`] reads.
    pub(super) fn text(&self) -> Result<Zeroizing<Vec<u8>>, &'static str> {
        let file = File {
            schema: SCHEMA.to_owned(),
            id: self.id.to_string(),
            recipients: self.recipients.clone(),
            keys: self.keys.iter().map(write_entry).collect(),
        };
        let mut text = Zeroizing::new(Vec::with_capacity(ENTRY_BYTES * (self.keys.len() + self.recipients.len() + 1)));
        serde_json::to_writer(&mut *text, &file).map_err(|_| "it cannot be written as JSON")?;
        Ok(text)
    }

    pub(super) fn get(&self, id: &KeyId) -> Option<&Secret> {
        self.keys.get(id).map(|held| &held.secret)
    }

    /// Every key with what it was made for.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&KeyId, &str)> {
        self.keys.iter().map(|(id, held)| (id, held.made_for.as_str()))
    }

    /// The key of a compartment with the highest version.
    pub(super) fn newest(&self, jurisdiction: Jurisdiction, compartment: &Compartment) -> Option<(&KeyId, &Secret)> {
        let first = KeyId::new(self.id, jurisdiction, compartment.clone(), 0);
        let last = KeyId::new(self.id, jurisdiction, compartment.clone(), u32::MAX);
        self.keys.range(first..=last).next_back().map(|(id, held)| (id, &held.secret))
    }

    /// Makes the next key of a compartment.
    pub(super) fn add(
        &mut self,
        jurisdiction: Jurisdiction,
        compartment: Compartment,
        made_for: &str,
    ) -> Result<(), AgeError> {
        let version = self.newest(jurisdiction, &compartment).map_or(1, |(id, _)| id.version().saturating_add(1));
        let id = KeyId::new(self.id, jurisdiction, compartment, version);
        self.keys.insert(id, Held { made_for: made_for.to_owned(), secret: Secret::new()? });
        Ok(())
    }

    /// Forgets keys.
    pub(super) fn retain(&mut self, keep: impl Fn(&KeyId) -> bool) {
        self.keys.retain(|id, _| keep(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Keyring {
        let mut keyring = Keyring::new(Vec::new()).unwrap();
        for code in ["UT", "NC"] {
            for compartment in Compartment::canonical().chain([Compartment::Lists]) {
                let jurisdiction = code.parse().unwrap();
                if keyring.newest(jurisdiction, &compartment).is_none() {
                    keyring.add(jurisdiction, compartment, "ut-2017-06-01-0123456789ab").unwrap();
                }
            }
        }
        keyring
    }

    #[test]
    fn a_keyring_is_read_as_it_is_written() {
        let keyring = filled();
        let text = keyring.text().unwrap();
        let again = Keyring::parse(&text).unwrap();
        assert_eq!(again.text().unwrap(), text);
        assert_eq!((again.id, again.iter().count()), (keyring.id, keyring.iter().count()));
        assert!(text.capacity() >= text.len() && text.len() < ENTRY_BYTES * keyring.iter().count());
    }

    #[test]
    fn the_next_key_of_a_compartment_has_the_next_version() {
        let (utah, mut keyring) = ("UT".parse().unwrap(), filled());
        let phone = Compartment::Voter("phone".to_owned());
        let version = |keyring: &Keyring| keyring.newest(utah, &phone).unwrap().0.version();
        assert_eq!(version(&keyring), 1);
        let first = *keyring.newest(utah, &phone).unwrap().1.bytes();
        keyring.add(utah, phone.clone(), "rotation").unwrap();
        assert_eq!(version(&keyring), 2);
        assert_ne!(keyring.newest(utah, &phone).unwrap().1.bytes(), &first);
        keyring.retain(|id| id.version() == 1);
        assert_eq!(version(&keyring), 1);
    }

    #[test]
    fn what_is_wrong_is_said_without_showing_it() {
        let text = String::from_utf8(filled().text().unwrap().to_vec()).unwrap();
        let (id, other) = (filled().id.to_string(), "00000000");
        let said = |text: &str| Keyring::parse(text.as_bytes()).err();
        assert_eq!(said(&text.replace("keyring/1", "keyring/2")), Some("it holds a keyring of another version"));
        assert_eq!(said(&text.replace("\"made_for\"", "\"for\"")), Some("it holds no keyring of this version"));
        assert_eq!(said("{}"), Some("it holds no keyring of this version"));
        let changed = text.replacen("/ut/roll/1", "/ut/roll/x", 1);
        assert_eq!(said(&changed), Some("it holds no keyring of this version"));
        let twice = text.replacen("/nc/roll/1", "/ut/roll/1", 1);
        assert_eq!(said(&twice), Some("it holds two keys of one name"));
        let renamed = text.replacen("\"id\":\"", &format!("\"id\":\"{other}\",\"x\":\""), 1);
        assert_eq!(said(&renamed), Some("it holds no keyring of this version"));
        let mine = Keyring::parse(text.as_bytes()).unwrap().id.to_string();
        assert_ne!(mine, id);
        assert_eq!(said(&text.replacen(&mine, other, 1)), Some("it holds a key of another keyring"));
    }
}
