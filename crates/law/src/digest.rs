//! Digests of editions and decisions.

use std::sync::OnceLock;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256, in hex, of a value's JSON. Structs serialize their keys in declared order, and no value in this crate
/// holds a map with unordered keys, so equal values give equal bytes.
pub(crate) fn digest_of<T: Serialize>(value: &T) -> String {
    // INVARIANT: plain data with string keys always serializes; an error here would hash as empty text and make
    // every comparison with a stored digest fail, never pass.
    let json = serde_json::to_vec(value).unwrap_or_default();
    Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest that is computed once. A copy starts without it, since what is copied is mostly changed afterwards; two
/// are always equal, since they follow from what stands beside them.
#[derive(Debug, Default)]
pub(crate) struct KnownDigest(OnceLock<String>);

impl KnownDigest {
    pub(crate) fn get_or_compute(&self, compute: impl FnOnce() -> String) -> &str {
        self.0.get_or_init(compute)
    }
}

impl Clone for KnownDigest {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for KnownDigest {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for KnownDigest {}
