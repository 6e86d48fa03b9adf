//! The slow, obvious redactor: row by row, from the world and the decision, without a line of the code under test.

use std::collections::BTreeMap;

use law::{Condition, Decision, RecordRule};
use proptest::prelude::*;
use terms::{Basis, Confidence, Date, Field, Form, Ground, Status};

use crate::pipeline::{Stored, csv, keys, outputs, request};
use crate::views::{View, any_view};
use crate::world::{ELECTIONS, LIST_DAY, Person, World, world};

/// The released rows that a decision allows, sorted, under the header.
pub(crate) fn expected(world: &World, decision: &Decision) -> Vec<Vec<String>> {
    let columns = columns(decision);
    if columns.is_empty() {
        return Vec::new();
    }
    let kept = world.people.iter().filter(|person| !is_left_out(person, decision));
    let mut rows: Vec<Vec<String>> = kept
        .map(|person| {
            let values = values(person, decision);
            columns.iter().map(|column| values.get(column).cloned().unwrap_or_default()).collect()
        })
        .collect();
    rows.sort_by_key(|row| line(row));
    rows.insert(0, columns);
    rows
}

/// A row as a line, whose bytes give the order.
fn line(row: &[String]) -> Vec<u8> {
    let cell = |cell: &String| {
        if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    let mut line = row.iter().map(cell).collect::<Vec<_>>().join(",");
    line.push('\n');
    line.into_bytes()
}

pub(crate) fn is_left_out(person: &Person, decision: &Decision) -> bool {
    decision.record_rules.iter().any(|rule| rule.fields.is_none() && covers(&rule.records, person))
}

pub(crate) fn covers(condition: &Condition, person: &Person) -> bool {
    let protected = || {
        person.protections.iter().any(|(ground, since, until)| {
            condition.protection.contains(ground)
                && Person::stands(*until)
                && condition.protected_before.is_none_or(|before| *since < before)
                && condition.lapses_after_cycles.is_none()
                && condition.lapses_after_years.is_none_or(|years| {
                    let end = since.year() + i16::from(years);
                    (end, since.month(), since.day()) > (LIST_DAY.year(), LIST_DAY.month(), LIST_DAY.day())
                })
        })
    };
    let young = |age: u8| {
        // A year of birth counts as born on its last day.
        let born = |born: Date| if person.is_year_only { Date::new(born.year(), 12, 31).unwrap() } else { born };
        person.born.map(born).is_some_and(|born| {
            let (y, m, d) = (LIST_DAY.year() - born.year(), LIST_DAY.month(), LIST_DAY.day());
            let had_birthday = (m, d) >= (born.month(), born.day());
            (if had_birthday { y } else { y - 1 }) < i16::from(age)
        })
    };
    let status = if person.is_active { Status::Active } else { Status::Inactive };
    (condition.protection.is_empty() || protected())
        && condition.under_age.is_none_or(young)
        && (condition.status.is_empty() || condition.status.contains(&status))
}

/// The columns that Utah's layout has for the granted fields, in the canonical order.
fn columns(decision: &Decision) -> Vec<String> {
    const ORDER: [&str; 41] = [
        "voter_id",
        "voter_id_code",
        "first_name",
        "middle_name",
        "last_name",
        "name_suffix",
        "house_number",
        "house_number_suffix",
        "street_predirection",
        "street_name",
        "street_type",
        "street_postdirection",
        "unit_type",
        "unit",
        "city",
        "zip",
        "mailing_address",
        "mailing_city_state_zip",
        "age",
        "age_range",
        "birth_month",
        "birth_year",
        "date_of_birth",
        "party",
        "phone",
        "registration_date",
        "original_registration_date",
        "cancelled",
        "status",
        "overseas",
        "absentee_status",
        "county",
        "precinct",
        "districts.city_council",
        "districts.congressional",
        "districts.county_council",
        "districts.school",
        "districts.state_board_of_education",
        "districts.state_house",
        "districts.state_senate",
        "voter_history",
    ];
    let granted: Vec<&str> = decision.released().flat_map(|given| names(given.field, &given.form)).collect();
    ORDER.iter().filter(|name| granted.contains(name)).map(|name| (*name).to_owned()).collect()
}

fn names(field: Field, form: &Form) -> Vec<&'static str> {
    match (field, form) {
        (Field::VoterId, Form::Full) => vec!["voter_id"],
        (Field::FirstName, Form::Full) => vec!["first_name"],
        (Field::MiddleName, Form::Full) => vec!["middle_name"],
        (Field::LastName, Form::Full) => vec!["last_name"],
        (Field::NameSuffix, Form::Full) => vec!["name_suffix"],
        (Field::ResidentialAddress, Form::Full) => vec![
            "house_number",
            "house_number_suffix",
            "street_predirection",
            "street_name",
            "street_type",
            "street_postdirection",
            "unit_type",
            "unit",
            "city",
            "zip",
        ],
        (Field::MailingAddress, Form::Full) => vec!["mailing_address", "mailing_city_state_zip"],
        (Field::DateOfBirth, Form::Full) => vec!["date_of_birth"],
        (Field::DateOfBirth, Form::MonthYear) => vec!["birth_month"],
        (Field::DateOfBirth, Form::Year) | (Field::BirthYear, Form::Full) => vec!["birth_year"],
        (Field::Age, Form::Full) | (Field::DateOfBirth, Form::Age) => vec!["age"],
        (Field::Age | Field::DateOfBirth, Form::AgeRange(_)) => vec!["age_range"],
        (Field::Party, Form::Full) => vec!["party"],
        (Field::Phone, Form::Full) => vec!["phone"],
        (Field::RegistrationDate, Form::Full) => vec!["registration_date"],
        (Field::OriginalRegistrationDate, Form::Full) => vec!["original_registration_date"],
        (Field::StatusActive, Form::Full) => vec!["status"],
        (Field::StatusCancelled, Form::Full) => vec!["cancelled"],
        (Field::Overseas, Form::Full) => vec!["overseas"],
        (Field::AbsenteeStatus, Form::Full) => vec!["absentee_status"],
        (Field::County, Form::Full) => vec!["county"],
        (Field::Precinct, Form::Full) => vec!["precinct"],
        (Field::Districts, Form::Full) => vec![
            "districts.city_council",
            "districts.congressional",
            "districts.county_council",
            "districts.school",
            "districts.state_board_of_education",
            "districts.state_house",
            "districts.state_senate",
        ],
        (Field::VoterHistory, Form::Full) => vec!["voter_history"],
        // Utah's file has no column for any other field.
        _ => Vec::new(),
    }
}

/// Every value of a person that leaves, by column.
fn values(person: &Person, decision: &Decision) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for given in decision.released() {
        for name in names(given.field, &given.form) {
            let caps = decision.record_rules.iter().filter(|rule| is_capped(rule, name, decision, person));
            let caps: Vec<&Form> = caps.map(|rule| &rule.cap).collect();
            let value = value(person, name, given);
            let value = match caps.as_slice() {
                [] => value,
                caps if caps.iter().any(|cap| **cap != Form::Hashed) => String::new(),
                _ if value.is_empty() => value,
                _ => keys().codes().code(given.field, &value),
            };
            values.insert(name.to_owned(), value);
        }
    }
    values
}

/// Whether a rule caps a person's cell of a column: by a field that the column answers, or by one of the birth that it is
/// made of, if it closes more than the column tells.
fn is_capped(rule: &RecordRule, name: &str, decision: &Decision, person: &Person) -> bool {
    let birth = [Field::DateOfBirth, Field::BirthYear, Field::Age];
    let told = match name {
        "birth_year" => Some(Form::Year),
        "age" => Some(Form::Age),
        "age_range" => Some(Form::AgeRange(terms::Bands::parse(&["18+"]).unwrap())),
        _ => None,
    };
    let answers = |field: Field| {
        decision.released().any(|given| given.field == field && names(given.field, &given.form).contains(&name))
    };
    let reaches = |field: Field| {
        answers(field) || birth.contains(&field) && told.as_ref().is_some_and(|told| rule.cap.is_coarser_than(told))
    };
    let marked = |field: Field| !rule.records.only_marked || person.marked.is_empty() || is_marked(person, field);
    let fields = rule.fields.iter().flatten().copied();
    covers(&rule.records, person) && fields.into_iter().any(|field| reaches(field) && marked(field))
}

/// Whether the list names the field, or one of the same birth or name.
fn is_marked(person: &Person, field: Field) -> bool {
    let birth = |field| matches!(field, Field::DateOfBirth | Field::BirthYear | Field::Age);
    person.marked.iter().any(|marked| match field {
        field if birth(field) => birth(*marked),
        Field::FullName => matches!(marked, Field::FirstName | Field::LastName),
        field => *marked == field,
    })
}

fn value(person: &Person, name: &str, given: &law::Disposition) -> String {
    let iso = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let age = person.born.map(|born| LIST_DAY.year() - born.year());
    let word = |flag: bool, yes: &str, no: &str| if flag { yes.to_owned() } else { no.to_owned() };
    match name {
        "voter_id" => person.id.to_string(),
        "first_name" => person.first.clone(),
        "middle_name" => person.middle.clone(),
        "last_name" => person.last.clone(),
        "name_suffix" => person.suffix.clone(),
        "house_number" => person.house.clone(),
        "street_predirection" => "S".to_owned(),
        "street_name" => person.street.clone(),
        "street_type" => "ST".to_owned(),
        "unit_type" => word(!person.unit.is_empty(), "APT", ""),
        "unit" => person.unit.clone(),
        "city" => person.city.clone(),
        "zip" => person.zip.clone(),
        "mailing_address" => person.mailing[0].clone(),
        // The reader collapses runs of spaces.
        "mailing_city_state_zip" => person.mailing[1].replace("  ", " "),
        "date_of_birth" => iso(person.birth_date()),
        "birth_month" => {
            person.birth_date().map(|born| format!("{}-{:02}", born.year(), born.month())).unwrap_or_default()
        }
        "birth_year" => person.born.map(|born| born.year().to_string()).unwrap_or_default(),
        "age" => age.map(|age| age.to_string()).unwrap_or_default(),
        "age_range" => {
            let Form::AgeRange(bands) = &given.form else { return String::new() };
            let band = age.and_then(|age| bands.band_of(u8::try_from(age).ok()?));
            band.map(|band| band.to_string()).unwrap_or_default()
        }
        "party" => person.party.clone(),
        "phone" => person.phone.clone(),
        "registration_date" | "original_registration_date" => iso(person.registered),
        "status" => word(person.is_active, "active", "inactive"),
        "cancelled" => "no".to_owned(),
        "overseas" => word(person.is_overseas, "yes", "no"),
        "absentee_status" => word(person.is_absentee, "permanent", "no"),
        "county" => person.county.clone(),
        "precinct" => person.precinct.clone(),
        "districts.congressional" => person.district.clone(),
        "districts.state_house" => "12".to_owned(),
        "districts.state_senate" => "3".to_owned(),
        "voter_history" => {
            let since = given.since.unwrap_or(Date::MIN);
            let days = ELECTIONS.iter().zip(person.voted).filter(|(day, voted)| *voted && **day >= since);
            days.map(|(day, _)| day.to_string()).collect::<Vec<_>>().join(";")
        }
        _ => String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    /// The fast columnar redactor gives, cell by cell, what the slow one gives.
    #[test]
    fn the_fast_redactor_agrees_with_the_slow_one(world in world(14), view in any_view()) {
        let View { decision, request, .. } = view;
        let stored = Stored::new(&world);
        let built = stored.release(&request, &decision).unwrap();
        prop_assert_eq!(csv(&outputs(&built)), expected(&world, &decision));
    }
}

/// A rule on the fields of a birth, where a list marks the registrant.
fn birth_rule(fields: Vec<Field>, cap: Form, only_marked: bool) -> RecordRule {
    let (cite, source) = ("a rule".to_owned(), String::new());
    RecordRule {
        clause: "test/birth".to_owned(),
        records: Condition { protection: vec![Ground::ItemMarkedPrivate], only_marked, ..Condition::default() },
        fields: Some(fields),
        cap,
        says: "A rule of this test.".to_owned(),
        authority: law::Authority { cite, source, basis: Basis::Rule, confidence: Confidence::High },
    }
}

/// Views in which the birth leaves in one form or several, and a rule closes a part of it for some registrants.
fn birth_view() -> impl Strategy<Value = View> {
    let bands = terms::Bands::parse(&["18-25", "26-40", "41-60", "61+"]).unwrap();
    let forms = vec![Form::Withheld, Form::AgeRange(bands.clone()), Form::Age, Form::Year, Form::MonthYear, Form::Full];
    let ages = vec![Form::Withheld, Form::AgeRange(bands), Form::Full];
    let caps = vec![Form::Withheld, Form::Withheld, Form::Age, Form::Year];
    let fields = prop::sample::subsequence(vec![Field::DateOfBirth, Field::BirthYear, Field::Age], 1..=3);
    let rule = (fields, prop::sample::select(caps), any::<bool>());
    let given = (prop::sample::select(forms), any::<bool>(), prop::sample::select(ages));
    (any_view(), given, rule).prop_map(|(mut view, (date, is_year_given, age), (fields, cap, only_marked))| {
        let year = if is_year_given { Form::Full } else { Form::Withheld };
        let model = view.decision.released().next().unwrap().clone();
        let births = [(Field::DateOfBirth, date), (Field::BirthYear, year), (Field::Age, age)];
        view.decision.dispositions.retain(|given| births.iter().all(|(field, _)| *field != given.field));
        let births = births.into_iter().map(|(field, form)| law::Disposition { field, form, ..model.clone() });
        view.decision.dispositions.extend(births);
        view.decision.record_rules.push(birth_rule(fields, cap, only_marked));
        view
    })
}

/// A world in which the rule of [`birth_view`] reaches every third registrant.
fn marked_world() -> impl Strategy<Value = World> {
    world(14).prop_map(|mut world| {
        let since = Date::constant(2013, 1, 1);
        let reached = world.people.iter_mut().step_by(3);
        reached.for_each(|person| person.protections.push((Ground::ItemMarkedPrivate, since, None)));
        world
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, ..ProptestConfig::default() })]

    /// A file of full dates and bare years gives each registrant the year and the age, under every form and rule.
    #[test]
    fn the_two_redactors_agree_on_every_form_of_a_birth(world in marked_world(), view in birth_view()) {
        let stored = Stored::new(&world);
        let built = stored.release(&view.request, &view.decision).unwrap();
        prop_assert_eq!(csv(&outputs(&built)), expected(&world, &view.decision));
    }
}

#[test]
fn every_field_that_utahs_file_holds_is_known_to_the_slow_redactor() {
    let everything =
        request(Field::ALL, terms::RequesterClass::ElectionOfficer, terms::Purpose::ElectionAdministration);
    let decision = crate::pipeline::decide(&everything, Date::constant(2026, 6, 1));
    // Election officers get nearly everything under that law: the widest view there is.
    assert!(columns(&decision).len() > 25);
}
