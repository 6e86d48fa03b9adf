//! Building a release: decision × snapshot → a folder that appears complete or not at all.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use law::{Decision, Law, Request};
use roll::{Protections, Snapshot, Staging, StagingError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use terms::Date;

use crate::extract::{Extract, ExtractError, Format};
use crate::gates::{GateError, GateReport, Gates};
use crate::index::{INDEX_FILE, withholding_index};
use crate::letter::{LETTER_FILE, Letter, LetterError, missing_in_words};
use crate::manifest::{MANIFEST_FILE, MANIFEST_SCHEMA, Manifest, ReleasedFile, SIGNATURE_FILE, commitment};
use crate::mask::Rules;
use crate::office::{Keys, Office};
use crate::plan::Plan;

/// Name of the decision in a release.
pub const DECISION_FILE: &str = "decision.json";

/// Everything that one release is made of.
#[derive(Debug)]
pub struct Order<'a> {
    /// The request; its requester's name and address go into the letter's address block and nowhere else.
    pub request: &'a Request,
    /// The decision.
    pub decision: &'a Decision,
    /// The law that was applied.
    pub law: &'a Law,
    /// The roll.
    pub snapshot: &'a Snapshot,
    /// The newest protection list; none where the office keeps none, and then no rule on protection can be applied.
    pub protections: Option<&'a Protections>,
    /// Tokens that must never appear in any output.
    pub canaries: &'a BTreeSet<String>,
    /// The office that answers.
    pub office: &'a Office,
    /// Its keys.
    pub keys: &'a Keys,
    /// The letter template.
    pub template: &'a str,
    /// The files wanted.
    pub formats: &'a [Format],
    /// The folder of the office's private records.
    pub records: &'a Path,
}

/// What the office keeps about a release, and nobody else sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Schema word.
    pub schema: String,
    /// The release's id.
    pub release: String,
    /// The request's id.
    pub request: String,
    /// The requester's name.
    pub requester: String,
    /// SHA-256 of the decision.
    pub decision: String,
    /// The snapshot's id.
    pub snapshot: String,
    /// The snapshot's digest, which the manifest only commits to.
    pub snapshot_digest: String,
    /// The salt that opens the commitment, in hex.
    pub salt: String,
    /// Rows of the roll.
    pub rows_in_roll: u64,
    /// Rows released.
    pub rows_released: u64,
    /// How many rows each record rule covers.
    pub rules: Vec<RuleCount>,
    /// What the officer should know before signing.
    pub warnings: Vec<Warning>,
    /// What the gates checked.
    pub gates: Vec<GateReport>,
    /// SHA-256 of the manifest.
    pub manifest: String,
}

/// How many rows one record rule covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    /// The clause.
    pub clause: String,
    /// Rows it covers.
    pub rows: u64,
}

/// A channel that the law leaves open, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The channel's id, such as `C03`.
    pub channel: String,
    /// What can be inferred, and why it stays open.
    pub text: String,
}

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

/// Why no release was made. Nothing is visible in any of these cases.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReleaseError {
    /// Something that the law asks for is not on file.
    #[error("the release may not leave yet: {}", missing.join("; "))]
    #[diagnostic(help(
        "add each to the request as a `[[document]]` or under `promises` when it has reached the office"
    ))]
    Missing {
        /// What is missing, with citations.
        missing: Vec<String>,
    },
    /// The decision belongs to another jurisdiction's roll.
    #[error("the decision is for {decision}, the roll is of {roll}")]
    #[diagnostic(help("name a snapshot of that jurisdiction; `openroll roll list` shows them"))]
    OtherRoll {
        /// Whose law was applied.
        decision: terms::Jurisdiction,
        /// Whose roll it is.
        roll: terms::Jurisdiction,
    },
    /// The law leaves protected records out, and the office keeps no list that tells which they are.
    #[error("the law leaves protected records out (`{clause}`), and no protection list is kept for this roll")]
    #[diagnostic(help(
        "import the list with `openroll roll import … --protections FILE`; where nobody is protected, a list with its \
         header alone says so"
    ))]
    NoProtectionList {
        /// The clause.
        clause: String,
    },
    /// The list is newer than the law lets it be.
    #[error("the list of {list_day} is newer than the law allows: it must not be newer than {limit} ({cite})")]
    #[diagnostic(help("release from a snapshot of that day or before; `openroll roll list` shows them"))]
    ListTooNew {
        /// Day of the list.
        list_day: Date,
        /// Latest day allowed.
        limit: Date,
        /// Citation.
        cite: String,
    },
    /// The edition that the decision pins is not the one stored.
    #[error("the decision pins edition `{edition}`, which is not in the law file or has changed since")]
    #[diagnostic(help("decide again under the law file as it is now"))]
    OtherEdition {
        /// The edition pinned.
        edition: String,
    },
    /// The roll has no row.
    #[error("the roll has no row")]
    #[diagnostic(help("import the delivery again and read its quarantine"))]
    EmptyRoll,
    /// The folder is there already.
    #[error("`{}` exists already", folder.display())]
    #[diagnostic(help("a release is made once; name another folder, or verify this one"))]
    Exists {
        /// The folder.
        folder: PathBuf,
    },
    /// The extract.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Extract(#[from] ExtractError),
    /// The letter.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Letter(#[from] LetterError),
    /// A gate.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gate(#[from] GateError),
    /// The folder in the making.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Staging(#[from] StagingError),
    /// A file cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check space and permissions; nothing of the release is visible"))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A document cannot be serialized.
    #[error("cannot write the {document}")]
    Serialize {
        /// Which one.
        document: &'static str,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
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
        let plan = Plan::new(self.decision, self.snapshot);
        let rules = Rules::new(self.decision, self.snapshot);
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
        let record = self.record(rows_released, &touched, gates, written.sha256);
        // The record first: if the process dies between the two, the office has a record of a release that nobody
        // has, and never the other way round.
        let kept = keep(self.records, &record)?;
        staging.commit().inspect_err(|_| {
            let _ = fs::remove_file(&kept);
        })?;
        Ok(Built { folder: folder.to_owned(), manifest, record, has_canaries: !self.canaries.is_empty() })
    }

    fn check(&self, folder: &Path) -> Result<(), ReleaseError> {
        let manifest = self.snapshot.manifest();
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
        if self.snapshot.parts() == 0 { Err(ReleaseError::EmptyRoll) } else { Ok(()) }
    }

    fn extract(&self, plan: &Plan, rules: &Rules<'_>) -> Result<Extract, ExtractError> {
        Extract::new(self.snapshot, plan, rules, &self.protections(), &self.keys.codes(), self.formats)
    }

    /// The protection list; empty where none is kept, which [`Order::check`] lets pass only where no rule looks at it.
    pub(crate) fn protections(&self) -> Cow<'_, Protections> {
        self.protections.map_or_else(Cow::default, Cow::Borrowed)
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
            list_day: self.snapshot.manifest().as_of,
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
        let snapshot = self.snapshot.digest();
        Manifest {
            schema: MANIFEST_SCHEMA.to_owned(),
            software: concat!("openroll ", env!("CARGO_PKG_VERSION")).to_owned(),
            jurisdiction: self.decision.jurisdiction,
            as_of: self.decision.as_of,
            list_day: self.snapshot.manifest().as_of,
            editions: self.decision.editions.clone(),
            columns: plan.columns().iter().map(|column| column.name.clone()).collect(),
            files,
            snapshot_commitment: commitment(&self.keys.salt(&snapshot, &decision), &snapshot),
            signing_key: self.keys.public(),
            decision,
        }
    }

    fn record(&self, rows_released: u64, touched: &[u64], gates: Vec<GateReport>, manifest: String) -> Record {
        let decision = self.decision.digest();
        let snapshot_digest = self.snapshot.digest();
        let identity = format!("{decision}\0{snapshot_digest}\0{}", self.request.requester.name);
        let short = HEXLOWER.encode(Sha256::digest(identity).get(..6).unwrap_or_default());
        let rules = self.decision.record_rules.iter().zip(touched);
        Record {
            schema: "openroll.record/1".to_owned(),
            release: format!("{}-{}-{short}", self.decision.jurisdiction.slug(), self.request.id),
            request: self.request.id.clone(),
            requester: self.request.requester.name.clone(),
            snapshot: self.snapshot.manifest().snapshot.clone(),
            salt: HEXLOWER.encode(&self.keys.salt(&snapshot_digest, &decision)),
            snapshot_digest,
            decision,
            rows_in_roll: self.snapshot.manifest().counts.voters,
            rows_released,
            rules: rules.map(|(rule, rows)| RuleCount { clause: rule.clause.clone(), rows: *rows }).collect(),
            warnings: crate::warnings::warnings(self.decision),
            gates,
            manifest,
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
