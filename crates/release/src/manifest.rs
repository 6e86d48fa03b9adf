//! The public manifest: what was released, under which law, signed.

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, VerifyingKey};
use law::EditionPin;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use terms::{Date, Jurisdiction};

/// The schema word of a manifest.
pub const MANIFEST_SCHEMA: &str = "openroll.manifest/1";

/// Name of the manifest in a release.
pub const MANIFEST_FILE: &str = "manifest.json";

/// Name of the signature over the manifest's bytes, in Base64 and a line end.
pub const SIGNATURE_FILE: &str = "manifest.sig";

/// What a release says about itself to everybody. It holds no name, no free text, and no digest of anything that is
/// not released (channel C31); the snapshot stands in it as a salted commitment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always [`MANIFEST_SCHEMA`].
    pub schema: String,
    /// Name and version of the software, such as `openroll 0.1.0`.
    pub software: String,
    /// Whose roll.
    pub jurisdiction: Jurisdiction,
    /// The day whose law was applied.
    pub as_of: Date,
    /// The day of the list.
    pub list_day: Date,
    /// The editions applied.
    pub editions: Vec<EditionPin>,
    /// SHA-256 of the decision's canonical JSON, in hex.
    pub decision: String,
    /// The columns of the extract, in order.
    pub columns: Vec<String>,
    /// Every other file of the release but the signature, by name.
    pub files: Vec<ReleasedFile>,
    /// SHA-256 over a secret salt and the snapshot's digest, in hex. The office can open it; nobody can guess it.
    pub snapshot_commitment: String,
    /// The public key of the signature, in Base64.
    pub signing_key: String,
}

/// One file of a release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasedFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

impl Manifest {
    /// The manifest's bytes as written and signed.
    pub(crate) fn bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

/// The commitment to a snapshot: SHA-256 over salt and digest, in hex.
pub(crate) fn commitment(salt: &[u8; 32], snapshot: &str) -> String {
    HEXLOWER.encode(&Sha256::new().chain_update(salt).chain_update(snapshot.as_bytes()).finalize())
}

/// Whether a Base64 signature, with its line end, by a Base64 key fits the bytes. Anything malformed does not.
pub(crate) fn signature_fits(key: &str, signature: &str, bytes: &[u8]) -> bool {
    let key = BASE64.decode(key.as_bytes()).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
    let key = key.and_then(|key| VerifyingKey::from_bytes(&key).ok());
    let signature = signature.strip_suffix('\n').and_then(|signature| BASE64.decode(signature.as_bytes()).ok());
    let signature = signature.and_then(|signature| Signature::from_slice(&signature).ok());
    matches!((key, signature), (Some(key), Some(signature)) if key.verify_strict(bytes, &signature).is_ok())
}

/// A key's fingerprint for people: the first 16 hex digits of its SHA-256, in groups of four.
pub fn fingerprint(key: &str) -> String {
    let hex = HEXLOWER.encode(&Sha256::digest(key.as_bytes()));
    let groups: Vec<String> =
        hex.as_bytes().chunks(4).take(4).map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    groups.join(" ")
}
