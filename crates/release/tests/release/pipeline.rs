//! World → import → decision → release → bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use law::calendar::Calendar;
use law::{Ask, AskCondition, Choice, Dates, Decision, Document, Law, Lawbook, Request, Requester};
use release::{AppealOfficer, Built, Format, Keys, Office, Order, ReleaseError};
use roll::layout::Layouts;
use roll::vault::{Unlock, Vault};
use roll::{ImportRequest, Protections, Reader, Snapshot, Store};
use tempfile::TempDir;
use terms::{Custody, Date, Field, Jurisdiction, Need, Promise, Purpose, RequesterClass};

use crate::world::{LIST_DAY, World};

pub(crate) static TEMPLATE: LazyLock<String> = LazyLock::new(|| read("letters/letter.html"));

pub(crate) static LAWBOOK: LazyLock<Lawbook> = LazyLock::new(|| {
    let mut lawbook = Lawbook::default();
    for name in ["laws/ut.toml", "laws/us.toml"] {
        let law = Law::parse(name, &read(name)).unwrap();
        lawbook.laws.insert(law.code, law);
    }
    for name in ["calendars/ut.toml", "calendars/us.toml"] {
        let calendar = Calendar::parse(name, &read(name)).unwrap();
        lawbook.calendars.insert(calendar.id.clone(), calendar);
    }
    lawbook
});

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).unwrap()
}

pub(crate) fn utah() -> Jurisdiction {
    "UT".parse().unwrap()
}

pub(crate) fn office() -> Office {
    Office {
        name: "Office of the Lieutenant Governor".to_owned(),
        address: vec!["Salt Lake City".to_owned()],
        contact: "records@utah.example".to_owned(),
        appeal_officer: Some(AppealOfficer {
            name: "A. Example".to_owned(),
            title: "chief administrative officer".to_owned(),
            address: vec!["Salt Lake City".to_owned()],
        }),
    }
}

pub(crate) fn keys() -> Keys {
    Keys::new([1; 32], [2; 32], [3; 32])
}

/// A request for these fields that brings every paper, accepts every duty and names a duty of office.
pub(crate) fn request(fields: &[Field], class: RequesterClass, purpose: Purpose) -> Request {
    let day = Date::constant(2017, 6, 28);
    Request {
        schema: law::REQUEST_SCHEMA.to_owned(),
        id: "test".to_owned(),
        title: None,
        requester: Requester {
            name: "A. Requester".to_owned(),
            class,
            proof: Some("credentials".to_owned()),
            address: vec!["1 Road".to_owned()],
            phone: None,
            email: None,
        },
        to: vec![utah()],
        purpose,
        purpose_text: None,
        custody: Custody::State,
        includes: Vec::new(),
        condition: AskCondition::None,
        promises: Promise::ALL.to_vec(),
        rules_out: Vec::new(),
        dates: Dates { written: day, sent: None, received: day, wished: None },
        expedite: None,
        ask: vec![Ask {
            n: 1,
            text: "records".to_owned(),
            fields: fields.to_vec(),
            qualifier: None,
            since: Some(Date::constant(2006, 1, 1)),
            duty: Some("a duty imposed by law".to_owned()),
        }],
        questions: Vec::new(),
        documents: Need::ALL
            .iter()
            .map(|kind| Document { kind: *kind, received: day, signatures: None, note: None })
            .collect(),
        sources: Vec::new(),
    }
}

/// A choice that confirms no reading and finds every field necessary for the stated duty.
pub(crate) fn choice() -> Choice {
    Choice { necessary: Field::ALL.iter().copied().collect(), ..Choice::default() }
}

pub(crate) fn decide(request: &Request, as_of: Date) -> Decision {
    LAWBOOK.decide(request, utah(), as_of, &choice()).unwrap()
}

/// A world in a store.
pub(crate) struct Stored {
    pub(crate) folder: TempDir,
    pub(crate) snapshot: Snapshot,
    pub(crate) protections: Protections,
    pub(crate) canaries: BTreeSet<String>,
}

impl Stored {
    /// Imports a world.
    pub(crate) fn new(world: &World) -> Self {
        Self::on(world, LIST_DAY)
    }

    /// Imports a world as the list of another day.
    pub(crate) fn on(world: &World, list_day: Date) -> Self {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join(&world.file);
        std::fs::write(&file, world.file_text()).unwrap();
        Self::from_file_on(folder, &file, &world.protections_text(), list_day)
    }

    /// Imports a file in Utah's layout.
    pub(crate) fn from_file(folder: TempDir, file: &Path, protections: &str) -> Self {
        Self::from_file_on(folder, file, protections, LIST_DAY)
    }

    fn from_file_on(folder: TempDir, file: &Path, protections: &str, list_day: Date) -> Self {
        Self::in_layouts(&Layouts::built_in().unwrap(), folder, file, protections, list_day)
    }

    /// Imports a world in Utah's layout with one text of it changed.
    pub(crate) fn in_changed_layout(world: &World, text: &str, by: &str) -> Self {
        let layout = read("layouts/ut.toml");
        assert!(layout.contains(text), "`{text}` is not in the layout");
        let layouts = Layouts::parse([("ut.toml", layout.replacen(text, by, 1).as_str())]).unwrap();
        let folder = TempDir::new().unwrap();
        let file = folder.path().join(&world.file);
        std::fs::write(&file, world.file_text()).unwrap();
        Self::in_layouts(&layouts, folder, &file, &world.protections_text(), LIST_DAY)
    }

    fn in_layouts(layouts: &Layouts, folder: TempDir, file: &Path, protections: &str, list_day: Date) -> Self {
        let store = Store::open(folder.path().join("store"));
        let import = ImportRequest::new(layouts, "ut", vec![file.to_owned()], list_day);
        let mut vault = store.vault_or_new(Unlock::default()).unwrap();
        let snapshot = store.import(&import, &mut vault, &()).unwrap().snapshot;
        let list = folder.path().join("protections.csv");
        std::fs::write(&list, protections).unwrap();
        store.import_protections(utah(), &list, list_day, &mut vault).unwrap();
        let protections = store.protections(utah(), None, &vault).unwrap().unwrap();
        Self { folder, snapshot, protections, canaries: BTreeSet::new() }
    }

    pub(crate) fn store(&self) -> Store {
        Store::open(self.folder.path().join("store"))
    }

    pub(crate) fn vault(&self) -> Vault {
        self.store().vault(Unlock::default()).unwrap()
    }

    /// The roll with the keys that a decision names.
    pub(crate) fn roll_for(&self, decision: &Decision) -> Reader {
        let named = release::compartments(decision, &self.snapshot);
        self.snapshot.reader(self.vault().keys(&self.snapshot, &named).unwrap())
    }

    /// Releases into a fresh folder of this store.
    pub(crate) fn release(&self, request: &Request, decision: &Decision) -> Result<Built, ReleaseError> {
        self.release_as(request, decision, &[Format::Csv, Format::Parquet])
    }

    pub(crate) fn release_as(
        &self,
        request: &Request,
        decision: &Decision,
        formats: &[Format],
    ) -> Result<Built, ReleaseError> {
        let folder = tempfile::tempdir_in(self.folder.path()).unwrap();
        let out = folder.path().join("release");
        // Kept until the whole store is dropped.
        let _ = folder.keep();
        self.release_into(request, decision, formats, &out)
    }

    pub(crate) fn release_into(
        &self,
        request: &Request,
        decision: &Decision,
        formats: &[Format],
        out: &Path,
    ) -> Result<Built, ReleaseError> {
        self.release_with(&self.roll_for(decision), request, decision, formats, out)
    }

    /// Releases with whatever keys a reader has.
    pub(crate) fn release_with(
        &self,
        roll: &Reader,
        request: &Request,
        decision: &Decision,
        formats: &[Format],
        out: &Path,
    ) -> Result<Built, ReleaseError> {
        let (office, keys, records) = (office(), keys(), self.records());
        let order = Order {
            request,
            decision,
            law: &LAWBOOK.laws[&utah()],
            roll,
            protections: Some(&self.protections),
            canaries: &self.canaries,
            office: &office,
            keys: &keys,
            template: &TEMPLATE,
            formats,
            records: &records,
        };
        order.build(out)
    }

    pub(crate) fn records(&self) -> PathBuf {
        self.folder.path().join("records")
    }
}

/// Every byte that leaves, by file name.
pub(crate) type Outputs = BTreeMap<String, Vec<u8>>;

/// Reads a release folder. The commitment to the snapshot, a hash over 32 secret bytes, and the signature over it are
/// set to a constant: they must differ, and tell nothing to those who do not have the salt.
pub(crate) fn outputs(built: &Built) -> Outputs {
    let mut outputs = raw_outputs(built);
    let manifest = String::from_utf8(outputs[release::MANIFEST_FILE].clone()).unwrap();
    let hidden = manifest.replace(&built.manifest.snapshot_commitment, "commitment");
    outputs.insert(release::MANIFEST_FILE.to_owned(), hidden.into_bytes());
    outputs.remove(release::SIGNATURE_FILE);
    outputs
}

/// Reads a release folder as it is.
pub(crate) fn raw_outputs(built: &Built) -> Outputs {
    std::fs::read_dir(&built.folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())
        })
        .collect()
}

/// The CSV extract, header and lines; nothing where no extract leaves.
pub(crate) fn csv(outputs: &Outputs) -> Vec<Vec<String>> {
    let Some(bytes) = outputs.get("extract.csv") else { return Vec::new() };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}
