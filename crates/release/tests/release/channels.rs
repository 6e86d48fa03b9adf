//! One test per inference channel that exists by now, named after it. The channels that only a later part of the
//! project can open (log, delivery, study, look-up services) get theirs with that part.

use std::collections::BTreeSet;

use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use proptest::test_runner::TestRunner;
use release::Format;
use terms::{Date, Field, Form, Ground, Purpose, RequesterClass};

use crate::pipeline::{Outputs, Stored, csv, decide, outputs, raw_outputs, request};
use crate::views::{VIEWS, View, view};
use crate::world::{Person, World, drawn, fixed_world, person};

const THEN: Date = Date::constant(2017, 6, 30);
const NOW: Date = Date::constant(2026, 6, 1);

/// What anybody may see on 30 June 2017.
fn public() -> View {
    view(THEN, RequesterClass::AnyPerson, Purpose::Unstated)
}

/// Twelve ordinary registrants, released to anybody, and then changed in one way.
fn people() -> Vec<Person> {
    let mut runner = TestRunner::deterministic();
    (0..12)
        .map(|n| {
            let mut person = drawn(&person(), &mut runner);
            person.id = 4_000_000 + n;
            person.born = Some(Date::constant(1960, 1, 1));
            person.protections.clear();
            person
        })
        .collect()
}

fn world(people: Vec<Person>) -> World {
    World { people, file: "ut.csv".to_owned() }
}

fn released(people: Vec<Person>, view: &View) -> Outputs {
    let stored = Stored::new(&world(people));
    outputs(&stored.release(&view.request, &view.decision).unwrap())
}

fn protected(mut person: Person) -> Person {
    person.protections = vec![(Ground::SafetyRisk, Date::constant(2016, 1, 1), None)];
    person
}

fn column(outputs: &Outputs, name: &str) -> Option<Vec<String>> {
    let rows = csv(outputs);
    let place = rows[0].iter().position(|column| column == name)?;
    Some(rows[1..].iter().map(|row| row[place].clone()).collect())
}

fn text(outputs: &Outputs, file: &str) -> String {
    String::from_utf8(outputs[file].clone()).unwrap()
}

#[test]
fn c01_status_and_reason_are_fields_of_their_own() {
    let view = public();
    let words: BTreeSet<String> = column(&released(people(), &view), "status").unwrap().into_iter().collect();
    assert!(words.iter().all(|word| matches!(word.as_str(), "active" | "inactive" | "")));
    assert_ne!(roll::schema::field_of("status"), roll::schema::field_of("status_reason"));
    assert_eq!(roll::schema::field_of("status_reason_raw"), None);
}

#[test]
fn c03_a_mailing_address_that_tells_military_service_is_a_warning_and_never_blanked_by_row() {
    let stored = Stored::new(&world(people()));
    let view = public();
    let built = stored.release(&view.request, &view.decision).unwrap();
    assert!(built.record.warnings.iter().any(|warning| warning.channel == "C03"));
    let lines = column(&outputs(&built), "mailing_city_state_zip").unwrap();
    let given = people().iter().filter(|person| !person.mailing[1].is_empty()).count();
    assert_eq!(lines.iter().filter(|line| !line.is_empty()).count(), given);
}

#[test]
fn c04_a_published_status_code_is_never_released() {
    for column in roll::schema::VOTER.iter().filter(|column| column.name.ends_with("_raw")) {
        assert_eq!(column.field, None, "{}", column.name);
    }
}

#[test]
fn c07_a_protection_mark_is_in_no_view() {
    for view in VIEWS.iter() {
        let marks = [Field::ConfidentialFlag, Field::Preregistered];
        let open = view.decision.released().any(|given| marks.contains(&given.field));
        assert!(!open, "{}", view.name);
    }
}

#[test]
fn c08_a_blanked_cell_is_like_an_empty_one() {
    // Utah, 2023: to a party, a withheld record goes without identity.
    let view = view(Date::constant(2024, 1, 10), RequesterClass::Party, Purpose::Political);
    let mut protected_one = people();
    protected_one[0].protections = vec![(Ground::DomesticViolence, Date::constant(2021, 1, 1), None)];
    let rows = csv(&released(protected_one, &view));
    let names = &rows[0];
    let blank: Vec<&String> =
        rows[1..].iter().filter(|row| row[place(names, "last_name")].is_empty()).flat_map(|row| row.iter()).collect();
    assert!(!blank.is_empty(), "the record must stay, without identity");
    assert!(blank.iter().all(|cell| !cell.contains('*') && !cell.to_lowercase().contains("protected")));
}

fn place(names: &[String], name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap()
}

#[test]
fn c09_an_unprotected_household_is_a_warning() {
    let stored = Stored::new(&world(people()));
    let view = public();
    let record = stored.release(&view.request, &view.decision).unwrap().record;
    assert!(record.warnings.iter().any(|warning| warning.channel == "C09"));
}

#[test]
fn c12_an_age_is_reckoned_on_the_last_day_of_the_year() {
    let view = view(NOW, RequesterClass::AnyPerson, Purpose::Political);
    let born = |month, day| {
        let mut people = people();
        people[0].born = Some(Date::constant(1980, month, day));
        column(&released(people, &view), "age_range").unwrap()
    };
    assert_eq!(born(1, 1), born(12, 31));
}

#[test]
fn c14_the_agency_of_registration_is_in_no_view() {
    for view in VIEWS.iter() {
        assert!(view.decision.released().all(|given| given.field != Field::RegistrationSourceAgency), "{}", view.name);
    }
}

#[test]
fn c15_a_column_without_a_field_is_never_released() {
    let fieldless = roll::schema::VOTER.iter().filter(|column| column.field.is_none()).map(|column| column.name);
    let fieldless: BTreeSet<&str> = fieldless.chain(["hispanic_surname_flag", "extra.surname_flag"]).collect();
    for view in VIEWS.iter() {
        let outputs = released(people(), view);
        let Some(header) = csv(&outputs).into_iter().next() else { continue };
        assert!(header.iter().all(|column| !fieldless.contains(column.as_str())), "{}", view.name);
    }
    assert_eq!(roll::schema::field_of("extra.surname_flag"), None);
}

#[test]
fn c17_a_former_name_or_address_is_in_no_view() {
    for view in VIEWS.iter() {
        let old = [Field::PreviousName, Field::PreviousAddress];
        assert!(view.decision.released().all(|given| !old.contains(&given.field)), "{}", view.name);
    }
}

#[test]
fn c18_a_voter_number_leaves_only_where_the_law_names_it() {
    for view in VIEWS.iter() {
        let granted = view.decision.released().any(|given| given.field == Field::VoterId);
        let outputs = released(people(), view);
        let has = csv(&outputs).first().is_some_and(|header| header.iter().any(|column| column.contains("voter_id")));
        assert_eq!(granted, has, "{}", view.name);
    }
}

#[test]
fn c20_a_code_is_keyed() {
    let view = view(Date::constant(2024, 1, 10), RequesterClass::Party, Purpose::Political);
    let mut one = people();
    one[0].protections = vec![(Ground::PublicFigure, Date::constant(2021, 1, 1), None)];
    let id = one[0].id.to_string();
    let ids = column(&released(one, &view), "voter_id").unwrap();
    let code = crate::pipeline::keys().codes().code(Field::VoterId, &id);
    assert!(ids.contains(&code) && !ids.contains(&id));
    assert_ne!(code, release::CodeKey::new([9; 32]).code(Field::VoterId, &id));
}

#[test]
fn c21_the_order_follows_from_released_columns_alone() {
    // Birth date and voter number are withheld or not asked for; they differ, and so does the order of the source.
    let mut view = public();
    view.request = request(&[Field::LastName, Field::Party], RequesterClass::AnyPerson, Purpose::Unstated);
    view.decision = decide(&view.request, THEN);
    let sorted = released(people(), &view);
    let mut other: Vec<Person> = people().into_iter().rev().collect();
    for (n, person) in (0..).zip(&mut other) {
        person.id = 5_000_000 + n * 31 % 17;
        person.born = Some(Date::constant(1950, 1 + i8::try_from(n % 12).unwrap(), 1));
    }
    assert_eq!(sorted, released(other, &view));
    let lines: Vec<&str> = std::str::from_utf8(&sorted["extract.csv"]).unwrap().lines().skip(1).collect();
    assert!(lines.is_sorted());
}

#[test]
fn c22_no_row_number_or_offset_is_released() {
    for view in VIEWS.iter() {
        let outputs = released(people(), view);
        for header in csv(&outputs).into_iter().take(1) {
            assert!(header.iter().all(|column| !column.starts_with("source_") && column != "row"), "{}", view.name);
        }
    }
}

#[test]
fn c24_the_count_of_withheld_rows_is_not_told() {
    let view = public();
    let none = released(people(), &view);
    let mut three = people();
    three.extend(people().into_iter().take(3).map(|mut person| {
        person.id += 1_000;
        protected(person)
    }));
    assert_eq!(none, released(three, &view));
    for file in ["letter.html", "withholding-index.csv", "decision.json", "manifest.json"] {
        assert!(text(&none, file).contains("safety") || file == "manifest.json", "{file} names the rule all the same");
    }
}

#[test]
fn c25_totals_published_elsewhere_are_a_warning() {
    let view = public();
    let stored = Stored::new(&world(people()));
    let record = stored.release(&view.request, &view.decision).unwrap().record;
    assert!(record.warnings.iter().any(|warning| warning.channel == "C25"));
}

#[test]
fn c31_no_public_file_commits_to_what_is_not_released() {
    let view = public();
    let stored = Stored::new(&world(people()));
    let built = stored.release(&view.request, &view.decision).unwrap();
    let snapshot = stored.snapshot.manifest();
    let mut secrets = vec![built.record.snapshot_digest.clone(), built.record.salt.clone(), snapshot.snapshot.clone()];
    secrets.extend(snapshot.files.iter().chain(&[]).map(|file| file.sha256.clone()));
    secrets.extend(snapshot.sources.iter().map(|source| source.sha256.clone()));
    for (name, bytes) in raw_outputs(&built) {
        for secret in &secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{name} holds a private digest");
        }
    }
}

#[test]
fn c32_errors_name_rules_and_never_values() {
    let view = public();
    let mut request = view.request.clone();
    request.documents.clear();
    let stored = Stored::new(&world(people()));
    let error = stored.release(&request, &decide(&request, THEN)).unwrap_err().to_string();
    for person in people() {
        assert!(!error.contains(&person.last) && !error.contains(&person.id.to_string()));
    }
}

#[test]
fn c34_views_of_several_classes_are_a_warning() {
    let stored = Stored::new(&world(people()));
    let view = public();
    let record = stored.release(&view.request, &view.decision).unwrap().record;
    assert!(record.warnings.iter().any(|warning| warning.channel == "C34"));
}

#[test]
fn c35_becoming_protected_is_a_warning() {
    let stored = Stored::new(&world(people()));
    let view = public();
    let record = stored.release(&view.request, &view.decision).unwrap().record;
    assert!(record.warnings.iter().any(|warning| warning.channel == "C35"));
}

#[test]
fn c39_a_redacted_batch_shares_no_buffer_with_the_roll() {
    use arrow_array::Array;
    let view = public();
    let stored = Stored::new(&world(people().into_iter().map(protected).collect()));
    let plan = release::Plan::new(&view.decision, &stored.snapshot);
    let roll = stored.roll_for(&view.decision);
    let mask = release::Rules::new(&view.decision, &stored.snapshot).mask(&roll, 0, &stored.protections).unwrap();
    let batch = roll.read_voters(0, &plan.sources()).unwrap();
    let key = crate::pipeline::keys().codes();
    let redacted = release::redact(&batch, &plan, &mask, &release::History::default(), &key).unwrap();
    assert_eq!(redacted.num_rows(), 0);
    for column in redacted.columns() {
        let data = column.to_data();
        assert!(!matches!(column.data_type(), arrow_schema::DataType::Dictionary(..)));
        let held: usize = data.buffers().iter().skip(1).map(|buffer| buffer.len()).sum();
        assert_eq!(held, 0, "a column of left-out records still holds bytes");
    }
}

#[test]
fn c40_a_parquet_footer_holds_nothing_but_the_view() {
    let view = public();
    let mut people = people();
    people.push(protected(Person { last: "HIDDENNAME".to_owned(), id: 4_999_999, ..people[0].clone() }));
    let stored = Stored::new(&world(people));
    let built = stored.release(&view.request, &view.decision).unwrap();
    let bytes = std::fs::read(built.folder.join("extract.parquet")).unwrap();
    for secret in ["ut.csv", "HIDDENNAME", "ARROW:schema", "voter_id"] {
        let allowed = secret == "voter_id" && built.manifest.columns.iter().any(|column| column == "voter_id");
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found || allowed, "the file holds `{secret}`");
    }
    let file = std::fs::File::open(built.folder.join("extract.parquet")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let metadata = reader.metadata().file_metadata();
    assert_eq!(metadata.created_by(), Some("openroll"));
    assert!(metadata.key_value_metadata().is_none_or(Vec::is_empty));
    for group in reader.metadata().row_groups() {
        for column in group.columns() {
            assert_eq!(column.bloom_filter_offset(), None);
        }
    }
}

#[test]
fn c41_types_and_columns_follow_from_layout_and_law() {
    // An election in which only left-out registrants voted adds a column to the file and nothing to the release.
    let view = public();
    let mut people = people();
    people.push(protected(Person { id: 4_999_999, ..people[0].clone() }));
    let stored = Stored::new(&world(people.clone()));
    let plain = outputs(&stored.release(&view.request, &view.decision).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ut.csv");
    let roll = world(people);
    let text = roll.file_text();
    let mut lines: Vec<String> = text.lines().map(|line| format!("{line},")).collect();
    lines[0].push_str("3/3/2015");
    lines.last_mut().unwrap().push_str("3/3/2015");
    std::fs::write(&file, lines.join("\n") + "\n").unwrap();
    let wider = Stored::from_file(folder, &file, &roll.protections_text());
    assert_eq!(plain, outputs(&wider.release(&view.request, &view.decision).unwrap()));
}

#[test]
fn c44_a_letter_is_built_from_the_decision() {
    let mut view = public();
    let name = "<script>alert(1)</script> & Sons";
    view.request.requester.name = name.to_owned();
    let letter = text(&released(people(), &view), "letter.html");
    assert!(!letter.contains("<script>") && letter.contains("&lt;script&gt;"));
    assert_eq!(letter.matches("&lt;script&gt;").count(), 1, "the name stands in the address block alone");
    for person in people() {
        assert!(!letter.contains(&person.id.to_string()));
    }
}

#[test]
fn c46_the_dialect_of_the_csv_is_fixed() {
    let bytes = released(people(), &public()).remove("extract.csv").unwrap();
    assert!(!bytes.starts_with(b"\xef\xbb\xbf"), "no byte order mark");
    assert!(!bytes.contains(&b'\r') && bytes.ends_with(b"\n"));
    let rows = csv(&Outputs::from([("extract.csv".to_owned(), bytes)]));
    assert!(rows.iter().flatten().any(|cell| cell.starts_with(['=', '@'])), "a formula cell stays as it is");
}

#[test]
fn c49_a_preview_names_columns_and_no_row() {
    let stored = Stored::new(&fixed_world(5));
    let view = public();
    let plan = release::Plan::new(&view.decision, &stored.snapshot);
    let debug = format!("{plan:?}");
    for person in fixed_world(5).people {
        assert!(!debug.contains(&person.id.to_string()));
    }
}

#[test]
fn c50_every_output_goes_through_the_one_redactor() {
    // A release holds these files and no other; a new one must be added here, with a look at where its bytes come from.
    let mut names: Vec<String> = released(people(), &public()).into_keys().collect();
    names.sort();
    let known =
        ["decision.json", "extract.csv", "extract.parquet", "letter.html", "manifest.json", "withholding-index.csv"];
    assert_eq!(names, known);
    assert_eq!(Format::Csv.file_name(), "extract.csv");
}

#[test]
fn a_full_birth_date_opens_no_coarser_form() {
    // A form is granted by name: in 2017 a party may have the full date, and nobody the year.
    let fields = [Field::DateOfBirth, Field::BirthYear];
    let decision = decide(&request(&fields, RequesterClass::Party, Purpose::Political), THEN);
    let form = |field| decision.dispositions.iter().find(|given| given.field == field).map(|given| given.form.clone());
    assert_eq!(form(Field::DateOfBirth), Some(Form::Full));
    assert_eq!(form(Field::BirthYear), Some(Form::Withheld));
}
