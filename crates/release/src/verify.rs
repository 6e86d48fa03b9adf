//! Verifying a release offline: signature, digests, and whether the files fit the decision.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use law::{Decision, Lawbook};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::build::DECISION_FILE;
use crate::extract::Format;
use crate::letter::LETTER_FILE;
use crate::manifest::{MANIFEST_FILE, MANIFEST_SCHEMA, Manifest, SIGNATURE_FILE, fingerprint, signature_fits};

/// Largest manifest, signature, decision or letter that is read, in bytes; real ones take some 100 KB.
pub const DOCUMENT_BYTES_MAX: u64 = 16 << 20;

/// Why a folder cannot be verified at all.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum VerifyError {
    /// A file is missing or cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("name the folder of a release: it holds manifest.json and manifest.sig"))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A document is larger than any release writes.
    #[error("`{}` is larger than {DOCUMENT_BYTES_MAX} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A document is not what it should be.
    #[error("`{}` is malformed: {why}", path.display())]
    #[diagnostic(help(
        "the file has been changed or was written by another version; ask the office for the release again"
    ))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

/// One check, and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was checked.
    pub what: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was seen.
    pub seen: String,
}

/// What [`verify`] checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Whether every check holds.
    pub holds: bool,
    /// The checks in order.
    pub checks: Vec<Check>,
    /// Fingerprint of the key that the manifest names.
    pub key: String,
}

/// Verifies the release in a folder.
///
/// * `key`: the office's public key in Base64, got from the office by another way. Without it the signature shows only
///   that the folder has not changed since somebody signed it.
/// * `lawbook`: law files to compare the pinned editions with.
///
/// # Errors
///
/// [`VerifyError`] when there is no manifest to start from. Everything else is a failed check.
pub fn verify(folder: &Path, key: Option<&str>, lawbook: &Lawbook) -> Result<Verification, VerifyError> {
    let bytes = document(&folder.join(MANIFEST_FILE))?;
    let manifest: Manifest = parse(&folder.join(MANIFEST_FILE), &bytes)?;
    let mut checks = Checks::default();
    checks.add("manifest schema", manifest.schema == MANIFEST_SCHEMA, manifest.schema.clone());
    let signature = document(&folder.join(SIGNATURE_FILE))?;
    let fits = signature_fits(&manifest.signing_key, &String::from_utf8_lossy(&signature), &bytes);
    checks.add("signature", fits, format!("Ed25519, key {}", fingerprint(&manifest.signing_key)));
    match key {
        Some(key) => {
            let same = key.trim() == manifest.signing_key;
            checks.add("signing key", same, format!("compared with the key you gave, {}", fingerprint(key.trim())));
        }
        None => checks.add(
            "signing key",
            true,
            "not compared; ask the office for its key and pass it with `--key`".to_owned(),
        ),
    }
    check_files(folder, &manifest, &mut checks)?;
    check_decision(folder, &manifest, lawbook, &mut checks)?;
    check_header(folder, &manifest, &mut checks);
    Ok(Verification {
        holds: checks.0.iter().all(|check| check.holds),
        checks: checks.0,
        key: fingerprint(&manifest.signing_key),
    })
}

#[derive(Default)]
struct Checks(Vec<Check>);

impl Checks {
    fn add(&mut self, what: &str, holds: bool, seen: String) {
        self.0.push(Check { what: what.to_owned(), holds, seen });
    }
}

/// Size and digest of every file listed, and no file that is not.
fn check_files(folder: &Path, manifest: &Manifest, checks: &mut Checks) -> Result<(), VerifyError> {
    for listed in &manifest.files {
        // A name that leads out of the folder is no file of this release.
        let plain = Path::new(&listed.name).components().count() == 1 && !listed.name.contains(['/', '\\']);
        let found = if plain { digest(&folder.join(&listed.name)).ok() } else { None };
        let holds = found == Some((listed.bytes, listed.sha256.clone()));
        let seen = match found {
            Some((bytes, _)) if holds => format!("{bytes} bytes, SHA-256 as listed"),
            Some((bytes, _)) if bytes != listed.bytes => format!("{bytes} bytes, listed {}", listed.bytes),
            Some(_) => "SHA-256 differs: the file has been changed".to_owned(),
            None => "missing".to_owned(),
        };
        checks.add(&format!("file {}", listed.name), holds, seen);
    }
    let listed: BTreeSet<&str> =
        manifest.files.iter().map(|file| file.name.as_str()).chain([MANIFEST_FILE, SIGNATURE_FILE]).collect();
    let unreadable = |source| VerifyError::Read { path: folder.to_owned(), source };
    let mut foreign = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
        if !listed.contains(name.as_str()) {
            foreign.push(name);
        }
    }
    foreign.sort();
    let seen = if foreign.is_empty() { "none".to_owned() } else { foreign.join(", ") };
    checks.add("files not listed", foreign.is_empty(), seen);
    Ok(())
}

/// The decision is the one that the manifest names, its editions are those of the law files, and the letter is about it.
fn check_decision(
    folder: &Path,
    manifest: &Manifest,
    lawbook: &Lawbook,
    checks: &mut Checks,
) -> Result<(), VerifyError> {
    let path = folder.join(DECISION_FILE);
    let Ok(bytes) = document(&path) else {
        checks.add("decision", false, "missing or unreadable".to_owned());
        return Ok(());
    };
    let decision: Decision = parse(&path, &bytes)?;
    let same = decision.digest() == manifest.decision && decision.editions == manifest.editions;
    checks.add(
        "decision",
        same,
        format!("{} of {}, {}", decision.jurisdiction, decision.as_of, decision.outcome.label()),
    );
    for pin in &manifest.editions {
        let stored = lawbook.laws.get(&pin.jurisdiction).and_then(|law| law.edition(&pin.edition));
        let (holds, seen) = match stored.map(|edition| edition.digest() == pin.digest) {
            Some(true) => (true, "the text of the law file at hand".to_owned()),
            Some(false) => (false, "the law file at hand says something else".to_owned()),
            None => (false, "not in the law files at hand".to_owned()),
        };
        checks.add(&format!("edition {}", pin.edition), holds, seen);
    }
    let letter = document(&folder.join(LETTER_FILE)).unwrap_or_default();
    let named = String::from_utf8_lossy(&letter).contains(&manifest.decision);
    checks.add("letter", named, "names this decision".to_owned());
    Ok(())
}

/// The header of the CSV extract is the list of columns in the manifest.
fn check_header(folder: &Path, manifest: &Manifest, checks: &mut Checks) {
    let name = Format::Csv.file_name();
    if !manifest.files.iter().any(|file| file.name == name) {
        return;
    }
    let header = csv::Reader::from_path(folder.join(name)).and_then(|mut reader| reader.headers().cloned());
    let columns: Vec<String> = header.map(|header| header.iter().map(str::to_owned).collect()).unwrap_or_default();
    checks.add("columns", columns == manifest.columns, format!("{} in the header of {name}", columns.len()));
}

fn document(path: &Path) -> Result<Vec<u8>, VerifyError> {
    let unreadable = |source| VerifyError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(DOCUMENT_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > DOCUMENT_BYTES_MAX {
        return Err(VerifyError::TooLarge { path: path.to_owned() });
    }
    Ok(bytes)
}

fn parse<T: serde::de::DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, VerifyError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let what = if error.is_data() { "a key is missing, unknown or of another kind" } else { "this is not JSON" };
        let why = format!("{what} (line {}, column {})", error.line(), error.column());
        VerifyError::Malformed { path: path.to_owned(), why }
    })
}

/// Size and SHA-256 of a file.
fn digest(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, HEXLOWER.encode(&digest.finalize())));
        }
        digest.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}
