//! Conditions on records that no edition of Utah's own uses: marks by field, election cycles, an age on election day.

use law::{AgeDay, Condition, Decision, RecordRule};
use terms::{Basis, Confidence, Date, Field, Form, Ground, Purpose, RequesterClass};

use crate::pipeline::{Stored, csv, outputs};
use crate::views::{View, view};
use crate::world::{LIST_DAY, World, fixed_world};

const THEN: Date = Date::constant(2017, 6, 30);

fn public_view() -> View {
    view(THEN, RequesterClass::AnyPerson, Purpose::Unstated)
}

/// A world in which one registrant has a last name and a telephone number like nobody else, and nobody is protected.
fn world() -> World {
    let mut world = fixed_world(9);
    world.is_mixed = false;
    for person in &mut world.people {
        person.protections.clear();
        person.marked.clear();
        (person.born, person.is_year_only) = (Some(Date::constant(1960, 1, 1)), false);
    }
    let person = &mut world.people[0];
    (person.first, person.last) = ("Given".to_owned(), "Marked".to_owned());
    (person.street, person.phone) = ("HIDDEN".to_owned(), "801-555-0177".to_owned());
    world
}

/// Every cell that leaves of a list.
fn cells(stored: &Stored, view: &View) -> Vec<String> {
    let outputs = outputs(&stored.release(&view.request, &view.decision).unwrap());
    csv(&outputs).into_iter().flatten().collect()
}

/// The decision with this one rule on whole records in place of all others.
fn ruled(records: Condition) -> View {
    let mut view = public_view();
    let authority = law::Authority {
        cite: "a rule".to_owned(),
        source: String::new(),
        basis: Basis::Rule,
        confidence: Confidence::High,
    };
    let (clause, says) = ("ut-2014/test".to_owned(), "A rule of this test.".to_owned());
    view.decision.record_rules =
        vec![RecordRule { clause, records, fields: None, cap: Form::Withheld, says, authority }];
    view
}

fn has_marked(stored: &Stored, view: &View) -> bool {
    cells(stored, view).contains(&"Marked".to_owned())
}

#[test]
fn of_a_registrant_only_the_fields_marked_are_blanked() {
    let view = public_view();
    let mut world = world();
    world.people[0].protections = vec![(Ground::MotorVehicleRecord, Date::constant(2016, 1, 1), None)];
    world.people[0].marked = vec![Field::LastName, Field::ResidentialAddress];
    let cells = cells(&Stored::new(&world), &view);
    let leaves = |cell: &str| cells.contains(&cell.to_owned());
    assert!(!leaves("Marked") && !leaves("HIDDEN"));
    assert!(leaves("Given"), "the first name was given by the voter, and the row stays");
}

#[test]
fn an_old_list_without_fields_blanks_every_field_of_the_clause() {
    let view = public_view();
    let stored = Stored::new(&world());
    let id = world().people[0].id;
    let file = stored.folder.path().join(&world().file);
    let list = format!("voter_id,ground,since,until\n{id},motor_vehicle_record,2016-01-01,\n");
    let folder = tempfile::tempdir().unwrap();
    let cells = cells(&Stored::from_file(folder, &file, &list), &view);
    for hidden in ["Marked", "Given", "HIDDEN"] {
        assert!(!cells.contains(&hidden.to_owned()), "{hidden}");
    }
}

#[test]
fn a_mark_on_the_date_of_birth_blanks_the_year_and_the_age() {
    let view = |as_of| view(as_of, RequesterClass::AnyPerson, Purpose::Political);
    let mut view = view(Date::constant(2026, 6, 1));
    let rule = |decision: &Decision| decision.record_rules[0].authority.clone();
    let authority = rule(&view.decision);
    view.decision.record_rules = vec![RecordRule {
        clause: "ut-2026/test".to_owned(),
        records: Condition { protection: vec![Ground::ItemMarkedPrivate], only_marked: true, ..Condition::default() },
        fields: Some(vec![Field::Age, Field::LastName]),
        cap: Form::Withheld,
        says: "A rule of this test.".to_owned(),
        authority,
    }];
    let mut world = world();
    world.people.truncate(1);
    world.people[0].protections = vec![(Ground::ItemMarkedPrivate, Date::constant(2016, 1, 1), None)];
    let range = "56-65".to_owned();
    assert!(cells(&Stored::new(&world), &view).iter().all(|cell| *cell != range), "no field named: every field");
    world.people[0].marked = vec![Field::Phone];
    assert!(cells(&Stored::new(&world), &view).contains(&range));
    world.people[0].marked = vec![Field::DateOfBirth];
    assert!(!cells(&Stored::new(&world), &view).contains(&range));
}

#[test]
fn a_protection_ends_after_two_whole_election_cycles() {
    // Before the list of 1 June 2017 general elections were held on 6 November 2012, 4 November 2014 and 8 November 2016.
    let view = ruled(Condition {
        protection: vec![Ground::PrivateByRequest],
        lapses_after_cycles: Some(2),
        ..Condition::default()
    });
    for (since, protects) in
        [((2010, 11, 3), false), ((2012, 11, 6), false), ((2012, 11, 7), true), ((2016, 1, 1), true)]
    {
        let mut world = world();
        let (year, month, day) = since;
        world.people[0].protections = vec![(Ground::PrivateByRequest, Date::constant(year, month, day), None)];
        assert_eq!(!has_marked(&Stored::new(&world), &view), protects, "{since:?}");
    }
}

#[test]
fn a_minor_opens_on_1_january_of_the_year_of_the_election_by_which_the_voter_is_18() {
    let view = ruled(Condition { under_age: Some(18), under_age_on: AgeDay::GeneralElection, ..Condition::default() });
    // The general election of 2016 was held on 8 November.
    let election_day = Some(Date::constant(1998, 11, 8));
    let day_after = Some(Date::constant(1998, 11, 9));
    let lists = [
        (Date::constant(2015, 12, 31), election_day, false),
        (Date::constant(2016, 1, 1), election_day, true),
        (Date::constant(2016, 1, 1), day_after, false),
        (Date::constant(2016, 11, 8), day_after, false),
        (Date::constant(2016, 11, 9), day_after, true),
        (LIST_DAY, Some(Date::constant(1999, 6, 2)), false),
        (LIST_DAY, None, true),
    ];
    for (list_day, born, is_open) in lists {
        let mut world = world();
        world.people[0].born = born;
        assert_eq!(has_marked(&Stored::on(&world, list_day), &view), is_open, "born {born:?}, list of {list_day}");
    }
}

/// Florida writes `*`, Oregon `ACP` into ordinary columns: such a mark protects whether or not a list names the
/// registrant, never lapses, and no list takes it away.
#[test]
fn a_mark_inside_an_ordinary_column_protects_without_a_list() {
    let plain = Condition { protection: vec![Ground::AddressConfidentiality], ..Condition::default() };
    let lapsing = Condition { lapses_after_years: Some(4), ..plain.clone() };
    let other = Condition { protection: vec![Ground::Judge], ..Condition::default() };
    let mut world = world();
    world.people[0].phone = "ACP".to_owned();
    let phone = "name = \"Phone\"\n";
    let marks = format!("{phone}marks = {{ \"ACP\" = \"address_confidentiality\" }}\n");
    let stored = Stored::in_changed_layout(&world, phone, &marks);
    for (condition, leaves) in [(plain, false), (lapsing, false), (other, true)] {
        assert_eq!(has_marked(&stored, &ruled(condition.clone())), leaves, "{condition:?}");
    }
    assert!(
        has_marked(
            &Stored::new(&world),
            &ruled(Condition { protection: vec![Ground::AddressConfidentiality], ..Condition::default() })
        ),
        "without the mark in the layout nothing protects"
    );
}

/// A decision that gives the date of birth as a year, and the year of birth beside it.
fn year_twice() -> View {
    let mut view = public_view();
    let mut year = view.decision.released().next().unwrap().clone();
    (year.field, year.form) = (Field::DateOfBirth, Form::Year);
    let mut again = year.clone();
    (again.field, again.form) = (Field::BirthYear, Form::Full);
    view.decision.dispositions.retain(|given| !matches!(given.field, Field::DateOfBirth | Field::BirthYear));
    view.decision.dispositions.extend([year, again]);
    view
}

#[test]
fn two_fields_that_come_to_one_column_are_both_answered_by_it() {
    // The second form makes the roll hold years of birth, so that the field may not be missing from the extract.
    let dates = "to = \"date_of_birth\"\nkind = \"date\"\nforms = [\"M/D/YYYY\"";
    let stored = Stored::in_changed_layout(&world(), dates, &format!("{dates}, \"YYYY\""));
    let view = year_twice();
    assert!(stored.snapshot.has_column("birth_year"));
    let rows = csv(&outputs(&stored.release(&view.request, &view.decision).unwrap()));
    assert_eq!(rows[0].iter().filter(|name| *name == "birth_year").count(), 1);
    assert!(rows.len() > 1);
}

#[test]
fn a_cap_on_either_of_two_fields_holds_for_their_column() {
    for capped in [Field::DateOfBirth, Field::BirthYear] {
        let mut view = year_twice();
        let records = Condition { protection: vec![Ground::SafetyRisk], ..Condition::default() };
        view.decision.record_rules = ruled(records).decision.record_rules;
        view.decision.record_rules[0].fields = Some(vec![capped]);
        let mut world = world();
        world.people[0].protections = vec![(Ground::SafetyRisk, Date::constant(2016, 1, 1), None)];
        world.people[0].born = Some(Date::constant(1931, 1, 1));
        let cells = cells(&Stored::new(&world), &view);
        assert!(cells.contains(&"Marked".to_owned()) && cells.contains(&"1960".to_owned()));
        assert!(!cells.contains(&"1931".to_owned()), "a cap on {capped} does not reach the column");
    }
}

/// The birth of every registrant, as a year, as an age and as an age range.
fn birth_views() -> [(View, &'static str, &'static str); 3] {
    let given = |field, form: Form| {
        let mut view = public_view();
        view.decision.record_rules.clear();
        let model = view.decision.released().next().unwrap().clone();
        let births = [Field::DateOfBirth, Field::BirthYear, Field::Age];
        view.decision.dispositions.retain(|given| !births.contains(&given.field));
        view.decision.dispositions.push(law::Disposition { field, form, ..model });
        view
    };
    let bands = terms::Bands::parse(&["18-55", "56-65", "66+"]).unwrap();
    [
        (given(Field::DateOfBirth, Form::Year), "birth_year", "1960"),
        (given(Field::DateOfBirth, Form::Age), "age", "57"),
        (given(Field::Age, Form::AgeRange(bands)), "age_range", "56-65"),
    ]
}

/// A world of which half have a full date of birth and half a year, all of 1960.
fn mixed_world() -> World {
    let mut world = world();
    world.is_mixed = true;
    world.people.iter_mut().step_by(2).for_each(|person| person.is_year_only = true);
    world
}

fn column(stored: &Stored, view: &View, name: &str) -> Vec<String> {
    let rows = csv(&outputs(&stored.release(&view.request, &view.decision).unwrap()));
    let place = rows[0].iter().position(|column| column == name).unwrap();
    rows[1..].iter().map(|row| row[place].clone()).collect()
}

/// Arizona, Missouri, Nebraska, New Jersey, New Mexico and Virginia write a full date of birth for some and a year for
/// others. An age is reckoned on the last day of a year, so that the year alone tells it.
#[test]
fn a_year_and_an_age_come_from_the_date_of_birth_or_else_from_the_year() {
    for (view, name, expected) in birth_views() {
        let cells = column(&Stored::new(&mixed_world()), &view, name);
        assert!(!cells.is_empty() && cells.iter().all(|cell| cell == expected), "{name}: {cells:?}");
    }
}

/// The column is made of two columns of the roll: what is closed of either stays in, from whichever the value comes.
#[test]
fn a_mark_on_either_source_blanks_the_year_and_the_age() {
    for (closed, marked) in [
        (Field::DateOfBirth, vec![Field::DateOfBirth]),
        (Field::DateOfBirth, vec![Field::BirthYear]),
        (Field::BirthYear, vec![Field::BirthYear]),
        (Field::BirthYear, vec![Field::DateOfBirth]),
        (Field::BirthYear, Vec::new()),
    ] {
        for (mut view, name, expected) in birth_views() {
            let only_marked =
                Condition { protection: vec![Ground::ItemMarkedPrivate], only_marked: true, ..Condition::default() };
            view.decision.record_rules = ruled(only_marked).decision.record_rules;
            view.decision.record_rules[0].fields = Some(vec![closed]);
            let mut world = mixed_world();
            // One of either kind is marked: a year alone, and a full date.
            for person in &mut world.people[..2] {
                person.protections = vec![(Ground::ItemMarkedPrivate, Date::constant(2016, 1, 1), None)];
                person.marked.clone_from(&marked);
            }
            let cells = column(&Stored::new(&world), &view, name);
            let blank = cells.iter().filter(|cell| cell.is_empty()).count();
            assert_eq!(blank, 2, "{closed} closed, {marked:?} marked, {name}: {cells:?}");
            assert_eq!(cells.iter().filter(|cell| *cell == expected).count(), cells.len() - 2);
        }
    }
}

/// A rule that leaves the year of a date of birth does not take a year that leaves anyway.
#[test]
fn a_cap_at_the_year_leaves_the_year() {
    let [(mut view, name, expected), ..] = birth_views();
    for given in view.decision.dispositions.iter_mut().filter(|given| given.field == Field::DateOfBirth) {
        (given.field, given.form) = (Field::BirthYear, Form::Full);
    }
    view.decision.record_rules =
        ruled(Condition { protection: vec![Ground::SafetyRisk], ..Condition::default() }).decision.record_rules;
    view.decision.record_rules[0].fields = Some(vec![Field::DateOfBirth]);
    view.decision.record_rules[0].cap = Form::Year;
    let mut world = mixed_world();
    world.people[1].protections = vec![(Ground::SafetyRisk, Date::constant(2016, 1, 1), None)];
    let cells = column(&Stored::new(&world), &view, name);
    assert!(cells.iter().all(|cell| cell == expected), "{cells:?}");
    view.decision.record_rules[0].cap = Form::Age;
    let cells = column(&Stored::new(&world), &view, name);
    assert_eq!(cells.iter().filter(|cell| cell.is_empty()).count(), 1, "{cells:?}");
}
