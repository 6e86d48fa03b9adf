//! The door: what keeps a release in, and what a stranger can check afterwards.

use std::fs;

use law::Lawbook;
use release::{Format, ReleaseError, verify};
use terms::{Date, Field, Purpose, RequesterClass};

use crate::pipeline::{LAWBOOK, Stored, decide, keys, request};
use crate::views::{VIEWS, view};
use crate::world::fixed_world;

const THEN: Date = Date::constant(2017, 6, 30);

fn public() -> crate::views::View {
    view(THEN, RequesterClass::AnyPerson, Purpose::Unstated)
}

#[test]
fn a_good_release_verifies_under_every_view() {
    let stored = Stored::new(&fixed_world(9));
    for view in VIEWS.iter() {
        let built = stored.release(&view.request, &view.decision).unwrap();
        let verification = verify(&built.folder, Some(&keys().public()), &LAWBOOK).unwrap();
        assert!(verification.holds, "{}: {:?}", view.name, verification.checks);
    }
}

#[test]
fn every_byte_of_every_file_counts() {
    let stored = Stored::new(&fixed_world(9));
    let view = public();
    let built = stored.release(&view.request, &view.decision).unwrap();
    for entry in fs::read_dir(&built.folder).unwrap() {
        let path = entry.unwrap().path();
        let good = fs::read(&path).unwrap();
        let step = (good.len() / 40).max(1);
        for at in (0..good.len()).step_by(step) {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            let holds = verify(&built.folder, None, &LAWBOOK).is_ok_and(|verification| verification.holds);
            assert!(!holds, "byte {at} of {} is not covered", path.display());
        }
        fs::write(&path, &good).unwrap();
    }
    assert!(verify(&built.folder, None, &LAWBOOK).unwrap().holds);
}

#[test]
fn a_file_more_or_less_is_noticed() {
    let stored = Stored::new(&fixed_world(9));
    let view = public();
    let built = stored.release(&view.request, &view.decision).unwrap();
    fs::write(built.folder.join("notes.txt"), "a note").unwrap();
    assert!(!verify(&built.folder, None, &LAWBOOK).unwrap().holds);
    fs::remove_file(built.folder.join("notes.txt")).unwrap();
    fs::remove_file(built.folder.join("extract.csv")).unwrap();
    assert!(!verify(&built.folder, None, &LAWBOOK).unwrap().holds);
}

#[test]
fn another_key_and_another_law_are_noticed() {
    let stored = Stored::new(&fixed_world(9));
    let view = public();
    let built = stored.release(&view.request, &view.decision).unwrap();
    let other = release::Keys::new([8; 32], [2; 32], [3; 32]).public();
    assert!(!verify(&built.folder, Some(&other), &LAWBOOK).unwrap().holds);
    assert!(!verify(&built.folder, None, &Lawbook::default()).unwrap().holds);
}

#[test]
fn a_release_is_made_once() {
    let stored = Stored::new(&fixed_world(9));
    let view = public();
    let out = stored.folder.path().join("out");
    stored.release_into(&view.request, &view.decision, &[Format::Csv], &out).unwrap();
    let before = fs::read(out.join("manifest.json")).unwrap();
    let again = stored.release_into(&view.request, &view.decision, &[Format::Csv], &out);
    assert!(matches!(again, Err(ReleaseError::Exists { .. })));
    assert_eq!(fs::read(out.join("manifest.json")).unwrap(), before);
}

#[test]
fn nothing_leaves_while_a_paper_or_promise_is_missing() {
    let stored = Stored::new(&fixed_world(9));
    let mut request = request(&[Field::LastName], RequesterClass::AnyPerson, Purpose::Political);
    request.promises.clear();
    let decision = decide(&request, Date::constant(2026, 6, 1));
    let out = stored.folder.path().join("out");
    let result = stored.release_into(&request, &decision, &[Format::Csv], &out);
    assert!(matches!(result, Err(ReleaseError::Missing { .. })), "{result:?}");
    assert!(!out.exists() && !stored.records().exists());
}

#[test]
fn a_frozen_list_must_not_be_newer_than_the_freeze() {
    let stored = Stored::new(&fixed_world(9));
    let request = request(&[Field::LastName], RequesterClass::AnyPerson, Purpose::Political);
    let mut decision = decide(&request, Date::constant(2026, 4, 1));
    assert_eq!(decision.list_not_after.as_ref().map(|limit| limit.day), Some(Date::constant(2026, 3, 8)));
    assert!(stored.release(&request, &decision).is_ok(), "the list of 2017 is old enough");
    decision.list_not_after.as_mut().unwrap().day = Date::constant(2017, 5, 31);
    assert!(matches!(stored.release(&request, &decision), Err(ReleaseError::ListTooNew { .. })));
}

#[test]
fn a_canary_in_any_encoding_keeps_the_release_in() {
    // The token stands in a record that nothing protects: the gate is the last to notice.
    let mut world = fixed_world(9);
    world.people[0].protections.clear();
    world.people[0].born = Some(Date::constant(1960, 1, 1));
    world.people[0].last = "ZQXABCDEFGHIJ".to_owned();
    let mut stored = Stored::new(&world);
    stored.canaries.insert("ZQXABCDEFGHIJ".to_owned());
    let view = public();
    let error = stored.release(&view.request, &view.decision).unwrap_err();
    assert!(matches!(error, ReleaseError::Gate(release::GateError::Canary { .. })), "{error}");
    assert!(!error.to_string().contains("ZQX"), "the message does not repeat the token");
    assert!(!stored.records().exists(), "nothing is recorded as released");
}

#[test]
fn a_value_of_a_withheld_kind_in_another_column_keeps_the_release_in() {
    let values = ["123-45-6789", "1980-02-29", "2/29/1980", "a.person@example.org", "(801) 555-0100"];
    let view = public();
    for value in values {
        let mut world = fixed_world(9);
        world.people[0].protections.clear();
        world.people[0].born = Some(Date::constant(1960, 1, 1));
        world.people[0].mailing[0] = value.to_owned();
        let stored = Stored::new(&world);
        let error = stored.release(&view.request, &view.decision).unwrap_err();
        let text = error.to_string();
        assert!(matches!(error, ReleaseError::Gate(release::GateError::Pattern { .. })), "{value}: {text}");
        assert!(text.contains("mailing_address") && !text.contains(value), "{text}");
    }
}

#[test]
fn a_letter_without_the_appeal_officer_does_not_leave() {
    let mut office = crate::pipeline::office();
    office.appeal_officer = None;
    let stored = Stored::new(&fixed_world(9));
    let view = public();
    let keys = keys();
    let order = release::Order {
        request: &view.request,
        decision: &view.decision,
        law: &LAWBOOK.laws[&crate::pipeline::utah()],
        roll: &stored.roll_for(&view.decision),
        protections: Some(&stored.protections),
        canaries: &stored.canaries,
        office: &office,
        keys: &keys,
        template: &crate::pipeline::TEMPLATE,
        formats: &[Format::Csv],
        records: &stored.records(),
    };
    let error = order.build(&stored.folder.path().join("out")).unwrap_err();
    assert!(matches!(error, ReleaseError::Letter(release::LetterError::MissingPart { .. })), "{error}");
    assert!(!stored.folder.path().join("out").exists());
}

#[test]
fn a_roll_without_a_protection_list_is_not_released_where_the_law_protects() {
    let stored = Stored::new(&fixed_world(9));
    let view = public();
    let (office, keys) = (crate::pipeline::office(), keys());
    let order = release::Order {
        request: &view.request,
        decision: &view.decision,
        law: &LAWBOOK.laws[&crate::pipeline::utah()],
        roll: &stored.roll_for(&view.decision),
        protections: None,
        canaries: &stored.canaries,
        office: &office,
        keys: &keys,
        template: &crate::pipeline::TEMPLATE,
        formats: &[Format::Csv],
        records: &stored.records(),
    };
    let error = order.build(&stored.folder.path().join("out")).unwrap_err();
    assert!(matches!(error, ReleaseError::NoProtectionList { .. }), "{error}");
    assert!(!stored.folder.path().join("out").exists());
}
