//! Real incidents as tests: the cases T01–T34 that concern decisions and releases as they exist by now.

use law::Outcome;
use release::ReleaseError;
use terms::{Date, Field, Ground, Purpose, RequesterClass};

use crate::pipeline::{Stored, csv, decide, outputs, request};
use crate::views::{VIEWS, view};
use crate::world::{World, fixed_world};

const THEN: Date = Date::constant(2017, 6, 30);

/// A world with one registrant who carries these grounds.
fn with_grounds(grounds: &[Ground]) -> World {
    let mut world = fixed_world(9);
    for person in &mut world.people {
        person.protections.clear();
        person.born = Some(Date::constant(1960, 1, 1));
    }
    let since = Date::constant(2016, 1, 1);
    world.people[0].protections = grounds.iter().map(|ground| (*ground, since, None)).collect();
    world.people[0].last = "Marked".to_owned();
    world
}

fn names(world: &World, as_of: Date, class: RequesterClass, purpose: Purpose) -> Vec<String> {
    let request = request(&[Field::LastName], class, purpose);
    let stored = Stored::new(world);
    let outputs = outputs(&stored.release(&request, &decide(&request, as_of)).unwrap());
    csv(&outputs).into_iter().skip(1).flatten().collect()
}

#[test]
fn t01_a_column_outside_the_decision_cannot_be_had() {
    // Ohio 2006, Georgia 2015, Linn County 2017, Pierce County: a column too many. Columns come from the decision, and
    // the decision has no room for staff to pick one.
    let decision = decide(&request(&[Field::LastName], RequesterClass::AnyPerson, Purpose::Unstated), THEN);
    let stored = Stored::new(&fixed_world(9));
    let plan = release::Plan::new(&decision, &stored.snapshot);
    assert_eq!(plan.sources(), ["last_name"], "nothing else is even read for the extract");
}

#[test]
fn t04_no_ground_of_protection_is_forgotten_in_any_view() {
    // Florida 2015, Arizona and Idaho 2020: suppression lost in a new report. Each ground that an edition closes is
    // looked for in every view that closes it.
    for view in VIEWS.iter().filter(|view| view.decision.released().any(|given| given.field == Field::LastName)) {
        let closing = view.decision.record_rules.iter().filter(|rule| rule.fields.is_none());
        for ground in closing.flat_map(|rule| rule.records.protection.iter()) {
            let stored = Stored::new(&with_grounds(&[*ground]));
            let outputs = outputs(&stored.release(&view.request, &view.decision).unwrap());
            let found = csv(&outputs).iter().flatten().any(|cell| cell == "Marked");
            assert!(!found, "{ground} under {}", view.name);
        }
    }
}

#[test]
fn t20_a_private_record_opens_on_25_may_2026_and_the_law_of_the_day_decides() {
    let mut world = with_grounds(&[]);
    world.people[0].protections = vec![(Ground::PrivateByRequest, Date::constant(2021, 3, 1), None)];
    let on = |day| names(&world, day, RequesterClass::AnyPerson, Purpose::Political);
    assert!(!on(Date::constant(2026, 5, 24)).contains(&"Marked".to_owned()));
    assert!(on(Date::constant(2026, 5, 26)).contains(&"Marked".to_owned()));
    world.people[0].protections.push((Ground::AtRisk, Date::constant(2026, 5, 20), None));
    let names = names(&world, Date::constant(2026, 5, 26), RequesterClass::AnyPerson, Purpose::Political);
    assert!(!names.contains(&"Marked".to_owned()), "an at-risk voter stays closed");
}

#[test]
fn t28_protection_between_decision_and_extract_is_applied() {
    // Colorado 2017: the newest list counts, not the one of the day of import or decision.
    let mut world = with_grounds(&[]);
    let view = view(THEN, RequesterClass::AnyPerson, Purpose::Unstated);
    let stored = Stored::new(&world);
    let before = csv(&outputs(&stored.release(&view.request, &view.decision).unwrap()));
    world.people[0].protections = vec![(Ground::SafetyRisk, Date::constant(2017, 7, 1), None)];
    let list = stored.folder.path().join("newer.csv");
    std::fs::write(&list, world.protections_text()).unwrap();
    let (store, mut vault) = (stored.store(), stored.vault());
    store.import_protections(crate::pipeline::utah(), &list, Date::constant(2017, 7, 1), &mut vault).unwrap();
    let newest = store.protections(crate::pipeline::utah(), None, &vault).unwrap().unwrap();
    let stored = Stored { protections: newest, ..stored };
    let after = csv(&outputs(&stored.release(&view.request, &view.decision).unwrap()));
    let marked = |rows: &[Vec<String>]| rows.iter().flatten().any(|cell| cell == "Marked");
    assert!(marked(&before) && !marked(&after));
}

#[test]
fn t30_a_derived_column_has_no_route() {
    // Texas 2017: an order form offers a surname flag. Here it belongs to no field, so no request can name it.
    assert!("hispanic_surname_flag".parse::<Field>().is_err());
    assert_eq!(roll::schema::field_of("hispanic_surname_flag"), None);
}

#[test]
fn a_refusal_leaves_a_letter_and_no_extract() {
    let request = request(&[Field::SsnLast4], RequesterClass::AnyPerson, Purpose::Unstated);
    let decision = decide(&request, THEN);
    assert_eq!(decision.outcome, Outcome::Refused);
    let stored = Stored::new(&fixed_world(9));
    let outputs = outputs(&stored.release(&request, &decision).unwrap());
    let files: Vec<&String> = outputs.keys().collect();
    assert_eq!(files, ["decision.json", "letter.html", "manifest.json", "withholding-index.csv"]);
}

#[test]
fn a_decision_under_a_law_file_that_has_changed_is_not_released() {
    let request = request(&[Field::LastName], RequesterClass::AnyPerson, Purpose::Unstated);
    let mut decision = decide(&request, THEN);
    decision.editions[0].digest = "0".repeat(64);
    let stored = Stored::new(&fixed_world(9));
    assert!(matches!(stored.release(&request, &decision), Err(ReleaseError::OtherEdition { .. })));
}
