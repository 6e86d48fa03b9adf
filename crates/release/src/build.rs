//! Building a release: decision × snapshot → a folder that appears complete or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use roll::Staging;
use sha2::{Digest, Sha256};

use crate::compartments::compartments;
use crate::error::ReleaseError;
use crate::extract::{Extract, ExtractError};
use crate::gates::Gates;
use crate::index::{INDEX_FILE, withholding_index};
use crate::letter::{LETTER_FILE, Letter, missing_in_words};
use crate::manifest::{MANIFEST_FILE, MANIFEST_SCHEMA, Manifest, ReleasedFile, SIGNATURE_FILE, commitment};
use crate::mask::Rules;
use crate::order::Order;
use crate::plan::Plan;
use crate::record::Record;

/// Name of the decision in a release.
pub const DECISION_FILE: &str = "decision.json";

/// A finished release.
#[derive(Debug)]
pub struct Built {
    /// The folder.
    pub folder: PathBuf,
    /// The manifest as published.
    pub manifest: Manifest,
    /// The office's private record.
    pub record: Record,
    /// Whether there were canaries to look for.
    pub has_canaries: bool,
}

impl Order<'_> {
    /// Builds the release into `folder`.
    ///
    /// A function of decision, snapshot, protection lists, office, keys and software version: no clock, no thread
    /// count, no host name. A decision that releases nothing yields a letter and an index without an extract.
    ///
    /// # Errors
    ///
    /// [`ReleaseError`]; nothing is visible then.
    pub fn build(&self, folder: &Path) -> Result<Built, ReleaseError> {
        self.check(folder)?;
        let plan = Plan::new(self.decision, self.roll.snapshot());
        let rules = Rules::new(self.decision, self.roll.snapshot());
        let staging = Staging::new(folder)?;

        let mut files = Vec::new();
        let extract = if plan.columns().is_empty() { None } else { Some(self.extract(&plan, &rules)?) };
        if let Some(extract) = &extract {
            for format in self.formats {
                let (bytes, sha256) = extract.write(staging.path(), *format)?;
                files.push(ReleasedFile { name: format.file_name().to_owned(), bytes, sha256 });
            }
        }
        for (name, bytes) in self.documents(&plan)? {
            files.push(write(staging.path(), name, &bytes)?);
        }
        files.sort();

        let manifest = self.manifest(&plan, files);
        let bytes = manifest
            .bytes()
            .map_err(|source| ReleaseError::Serialize { document: "manifest", source: source.into() })?;
        let written = write(staging.path(), MANIFEST_FILE, &bytes)?;
        write(staging.path(), SIGNATURE_FILE, format!("{}\n", self.keys.sign(&bytes)).as_bytes())?;

        let rows_released = extract.as_ref().map_or(0, Extract::rows);
        let touched = extract.as_ref().map(|extract| extract.touched().to_vec()).unwrap_or_default();
        // The rows in memory are not needed any more, and the gates read the files anew.
        drop(extract);
        let gates = Gates { order: self }.check(staging.path())?;
        let record = Record::new(self, rows_released, &touched, gates, written.sha256);
        // The record first: if the process dies between the two, the office has a record of a release that nobody
        // has, and never the other way round.
        let kept = keep(self.records, &record)?;
        staging.commit().inspect_err(|_| {
            let _ = fs::remove_file(&kept);
        })?;
        Ok(Built { folder: folder.to_owned(), manifest, record, has_canaries: !self.canaries.is_empty() })
    }

    fn check(&self, folder: &Path) -> Result<(), ReleaseError> {
        let manifest = self.roll.snapshot().manifest();
        if folder.exists() {
            return Err(ReleaseError::Exists { folder: folder.to_owned() });
        }
        if !self.decision.missing.is_empty() {
            return Err(ReleaseError::Missing { missing: missing_in_words(self.decision) });
        }
        if manifest.jurisdiction != self.decision.jurisdiction {
            return Err(ReleaseError::OtherRoll { decision: self.decision.jurisdiction, roll: manifest.jurisdiction });
        }
        if let Some(limit) = self.decision.list_not_after.as_ref().filter(|limit| manifest.as_of > limit.day) {
            let (list_day, limit, cite) = (manifest.as_of, limit.day, limit.cite.clone());
            return Err(ReleaseError::ListTooNew { list_day, limit, cite });
        }
        let on_list = |rule: &&law::RecordRule| !rule.records.protection.is_empty();
        if let (None, Some(rule)) = (self.protections, self.decision.record_rules.iter().find(on_list)) {
            return Err(ReleaseError::NoProtectionList { clause: rule.clause.clone() });
        }
        for pin in self.decision.editions.iter().filter(|pin| pin.jurisdiction == self.law.code) {
            if self.law.edition(&pin.edition).map(|edition| edition.digest()).as_ref() != Some(&pin.digest) {
                return Err(ReleaseError::OtherEdition { edition: pin.edition.clone() });
            }
        }
        let named = compartments(self.decision, self.roll.snapshot());
        if let Some(key) = self.roll.keys().ids().find(|id| !named.contains(id.compartment())) {
            return Err(ReleaseError::KeyTooMany { key: Box::new(key.clone()) });
        }
        if self.roll.snapshot().parts() == 0 { Err(ReleaseError::EmptyRoll) } else { Ok(()) }
    }

    fn extract(&self, plan: &Plan, rules: &Rules<'_>) -> Result<Extract, ExtractError> {
        Extract::new(self.roll, plan, rules, &self.protections(), &self.keys.codes(), self.formats)
    }

    /// Letter, index and decision, by name.
    fn documents(&self, plan: &Plan) -> Result<[(&'static str, Vec<u8>); 3], ReleaseError> {
        let unserialized = |document| {
            move |source: Box<dyn std::error::Error + Send + Sync>| ReleaseError::Serialize { document, source }
        };
        let edition = self.decision.editions.first().and_then(|pin| self.law.edition(&pin.edition));
        let edition = edition.ok_or_else(|| ReleaseError::OtherEdition { edition: "none".to_owned() })?;
        let letter = Letter {
            template: self.template,
            request: self.request,
            decision: self.decision,
            law: self.law,
            edition,
            office: self.office,
            plan,
            list_day: self.roll.snapshot().manifest().as_of,
        };
        let letter = letter.write()?;
        let index =
            withholding_index(self.decision).map_err(|error| unserialized("withholding index")(error.into()))?;
        let mut decision =
            serde_json::to_vec_pretty(self.decision).map_err(|error| unserialized("decision")(error.into()))?;
        decision.push(b'\n');
        Ok([(LETTER_FILE, letter.into_bytes()), (INDEX_FILE, index), (DECISION_FILE, decision)])
    }

    fn manifest(&self, plan: &Plan, files: Vec<ReleasedFile>) -> Manifest {
        let decision = self.decision.digest();
        let snapshot = self.roll.snapshot().digest();
        Manifest {
            schema: MANIFEST_SCHEMA.to_owned(),
            software: concat!("openroll ", env!("CARGO_PKG_VERSION")).to_owned(),
            jurisdiction: self.decision.jurisdiction,
            as_of: self.decision.as_of,
            list_day: self.roll.snapshot().manifest().as_of,
            editions: self.decision.editions.clone(),
            columns: plan.columns().iter().map(|column| column.name.clone()).collect(),
            files,
            snapshot_commitment: commitment(&self.keys.salt(snapshot, &decision), snapshot),
            signing_key: self.keys.public(),
            decision,
        }
    }
}

/// Keeps a record in a folder: whole or not at all.
fn keep(folder: &Path, record: &Record) -> Result<PathBuf, ReleaseError> {
    let mut bytes = serde_json::to_vec_pretty(record)
        .map_err(|error| ReleaseError::Serialize { document: "record", source: error.into() })?;
    bytes.push(b'\n');
    let name = format!("{}.json", record.release);
    let unwritten = |source| ReleaseError::Write { path: folder.join(&name), source };
    fs::create_dir_all(folder).map_err(unwritten)?;
    let draft = format!(".{name}");
    write(folder, &draft, &bytes)?;
    let path = folder.join(&name);
    fs::rename(folder.join(&draft), &path).map_err(unwritten)?;
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(unwritten)?;
    Ok(path)
}

/// Writes a document, synced to the disk. An error names the file alone: the folder is hidden while it is made.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<ReleasedFile, ReleaseError> {
    let written = fs::File::create(folder.join(name)).and_then(|mut file| {
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    written.map_err(|source| ReleaseError::Write { path: PathBuf::from(name), source })?;
    let sha256 = HEXLOWER.encode(&Sha256::digest(bytes));
    Ok(ReleasedFile { name: name.to_owned(), bytes: bytes.len() as u64, sha256 })
}
