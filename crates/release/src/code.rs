//! Keyed codes: the statutory form that is irreversible and always the same for the same value.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use terms::Field;

/// The custodian's key for codes. Without it a code could be reversed by hashing every possible value (channel C20).
#[derive(Clone)]
pub struct CodeKey([u8; 32]);

impl std::fmt::Debug for CodeKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CodeKey")
    }
}

impl CodeKey {
    /// Takes 32 secret bytes.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// The code of a value: HMAC-SHA256 over the field's name and the value, its first 128 bits in hex.
    pub fn code(&self, field: Field, value: &str) -> String {
        let mac = mac(&self.0, &[field.as_str().as_bytes(), b"\0", value.as_bytes()]);
        HEXLOWER.encode(mac.get(..16).unwrap_or_default())
    }
}

/// HMAC-SHA256 over the parts in order.
pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC pads a key with zeros up to the block of its hash, 64 bytes.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_repeats_for_its_value_and_differs_by_key_and_field() {
        let key = CodeKey::new([7; 32]);
        assert_eq!(key.code(Field::VoterId, "123"), key.code(Field::VoterId, "123"));
        assert_ne!(key.code(Field::VoterId, "123"), key.code(Field::VoterId, "124"));
        assert_ne!(key.code(Field::VoterId, "123"), key.code(Field::CountyVoterId, "123"));
        assert_ne!(key.code(Field::VoterId, "123"), CodeKey::new([8; 32]).code(Field::VoterId, "123"));
        assert_eq!(key.code(Field::VoterId, "123").len(), 32);
    }
}
