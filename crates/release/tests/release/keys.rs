//! The keys of a release: those that its decision names, and no other.

use std::collections::BTreeSet;
use std::fs;

use release::{Format, ReleaseError, compartments};
use roll::schema::{self, Table};
use roll::vault::{Compartment, KeyId};
use roll::{Reader, SnapshotError};
use terms::{Date, Field, Purpose, RequesterClass};

use crate::pipeline::{Stored, csv, decide, outputs, request};
use crate::views::{VIEWS, view};
use crate::world::fixed_world;

const THEN: Date = Date::constant(2017, 6, 30);

const BOTH: [Format; 2] = [Format::Csv, Format::Parquet];

fn of_reader(roll: &Reader) -> BTreeSet<Compartment> {
    roll.keys().ids().map(|id| id.compartment().clone()).collect()
}

/// Reads every column of the roll; returns those that cannot be read, with the key that each lacks.
fn closed(roll: &Reader) -> Vec<(Compartment, KeyId)> {
    let manifest = roll.snapshot().manifest();
    let mut closed = Vec::new();
    let mut look = |table, column: &str, read: Result<_, SnapshotError>| match read.err() {
        None => {}
        Some(SnapshotError::NoKey { key }) => closed.push((Compartment::of(table, column), *key)),
        Some(other) => assert_eq!(other.to_string(), "", "{column}"),
    };
    for column in &manifest.voter_columns {
        look(Table::Voter, column, roll.read_voters(0, &[column]));
    }
    for column in &manifest.participation_columns {
        look(Table::Participation, column, roll.read_participations(0, &[column]));
    }
    closed
}

#[test]
fn a_release_runs_with_the_other_keys_absent() {
    let stored = Stored::new(&fixed_world(9));
    let everything: BTreeSet<Compartment> =
        stored.snapshot.manifest().keys.iter().map(|id| id.compartment().clone()).collect();
    let mut absent = 0;
    // Every reader has its keys; then there is no keyring any more that anything could be fetched from.
    let readers: Vec<Reader> = VIEWS.iter().map(|view| stored.roll_for(&view.decision)).collect();
    let keys = stored.store().path().join("keys");
    fs::rename(&keys, stored.folder.path().join("elsewhere")).unwrap();
    for (number, (view, roll)) in VIEWS.iter().zip(&readers).enumerate() {
        let named = of_reader(roll);
        assert!(named.len() < everything.len(), "{} has every key", view.name);
        let out = stored.folder.path().join(format!("release-{number}"));
        let built = stored.release_with(roll, &view.request, &view.decision, &BOTH, &out);
        assert!(built.is_ok(), "{}: {:?}", view.name, built.err());
        // What was not granted cannot be read with these keys, and the error names column and key.
        for (compartment, key) in closed(roll) {
            assert!(!named.contains(&key.compartment().clone()), "{}: {key}", view.name);
            let lacks_roll = key.compartment() == &Compartment::Roll;
            assert!(lacks_roll || key.compartment() == &compartment, "{}: {key} for {compartment}", view.name);
            absent += 1;
        }
        assert!(roll.quarantine().is_err(), "{}: no release reads the quarantine", view.name);
    }
    assert!(absent > 10 * VIEWS.len(), "only {absent} closed columns over {} views", VIEWS.len());
    assert!(!keys.exists());
}

#[test]
fn a_protected_column_is_opened_by_its_grant_by_a_rule_or_by_a_join_and_by_nothing_else() {
    let stored = Stored::new(&fixed_world(9));
    for view in VIEWS.iter() {
        let granted: BTreeSet<Field> = view.decision.released().map(|given| given.field).collect();
        let rules = &view.decision.record_rules;
        let by_age = rules.iter().any(|rule| rule.records.under_age.is_some());
        let by_mark = rules.iter().any(|rule| rule.records.protection.contains(&terms::Ground::MarkedConfidential));
        // A birth date serves age and year as well, where the roll has nothing else.
        let birth = [Field::DateOfBirth, Field::Age, Field::BirthYear];
        for compartment in compartments(&view.decision, &stored.snapshot) {
            let is_named = match &compartment {
                Compartment::Roll => true,
                Compartment::Voter(column) if column == "date_of_birth" => {
                    by_age || birth.iter().any(|field| granted.contains(field))
                }
                Compartment::Voter(column) if column == "confidential_flag" => by_mark,
                Compartment::Voter(column) => schema::field_of(column).is_some_and(|field| granted.contains(&field)),
                Compartment::Participation(column) => column == "row" && granted.contains(&Field::VoterHistory),
                Compartment::Quarantine | Compartment::Lists => false,
            };
            assert!(is_named, "{}: {compartment}", view.name);
        }
    }
}

#[test]
fn a_release_refuses_a_key_too_many() {
    let stored = Stored::new(&fixed_world(9));
    let view = view(THEN, RequesterClass::AnyPerson, Purpose::Unstated);
    let out = stored.folder.path().join("out");
    let named = compartments(&view.decision, &stored.snapshot);
    for id in stored.snapshot.manifest().keys.iter().filter(|id| !named.contains(id.compartment())) {
        let more: BTreeSet<Compartment> = named.iter().chain([id.compartment()]).cloned().collect();
        let roll = stored.snapshot.reader(stored.vault().keys(&stored.snapshot, &more).unwrap());
        let error = stored.release_with(&roll, &view.request, &view.decision, &BOTH, &out).unwrap_err();
        assert!(matches!(&error, ReleaseError::KeyTooMany { key } if **key == *id), "{id}: {error}");
        assert!(!out.exists() && !stored.records().exists());
    }
}

#[test]
fn a_release_with_a_key_too_few_is_not_made() {
    let stored = Stored::new(&fixed_world(9));
    let view = view(THEN, RequesterClass::AnyPerson, Purpose::Unstated);
    let out = stored.folder.path().join("out");
    let named = compartments(&view.decision, &stored.snapshot);
    assert!(named.len() > 5, "{named:?}");
    for lost in &named {
        let rest = named.iter().filter(|compartment| *compartment != lost);
        let roll = stored.snapshot.reader(stored.vault().keys(&stored.snapshot, rest).unwrap());
        let error = stored.release_with(&roll, &view.request, &view.decision, &BOTH, &out).unwrap_err();
        assert!(error.to_string().contains(&format!("/ut/{lost}/1`")), "{error}");
        assert!(!out.exists() && !stored.records().exists());
    }
}

#[test]
fn a_refusal_gets_no_key_at_all() {
    let stored = Stored::new(&fixed_world(9));
    let request = request(&[Field::SsnLast4], RequesterClass::AnyPerson, Purpose::Unstated);
    let decision = decide(&request, THEN);
    let roll = stored.roll_for(&decision);
    assert!(roll.keys().is_empty());
    let out = stored.folder.path().join("out");
    stored.release_with(&roll, &request, &decision, &BOTH, &out).unwrap();
    assert!(!out.join("extract.csv").exists());
}

#[test]
fn the_same_bytes_leave_whatever_the_keys() {
    let world = fixed_world(9);
    let (one, other) = (Stored::new(&world), Stored::new(&world));
    assert_eq!(one.snapshot.digest(), other.snapshot.digest());
    assert_ne!(one.snapshot.manifest().keys, other.snapshot.manifest().keys);
    let view = view(THEN, RequesterClass::AnyPerson, Purpose::Unstated);
    let released =
        |stored: &Stored| crate::pipeline::raw_outputs(&stored.release(&view.request, &view.decision).unwrap());
    let before = released(&one);
    assert_eq!(before, released(&other));
    one.store().rotate_keys(crate::pipeline::utah(), Default::default(), &()).unwrap();
    let rotated = Stored { snapshot: roll::Snapshot::open(one.snapshot.path()).unwrap(), ..one };
    assert_eq!(before, released(&rotated));
    assert!(csv(&outputs(&rotated.release(&view.request, &view.decision).unwrap())).len() > 1);
}
