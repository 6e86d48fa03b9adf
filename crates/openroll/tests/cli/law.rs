//! `openroll law`.

use insta::assert_snapshot;

use crate::desk::Desk;

#[test]
fn the_stored_laws() {
    assert_snapshot!(Desk::with_two_laws().run("law show --data data"));
}

/// Every law that is built in parses, and none has a warning.
#[test]
fn the_laws_that_are_built_in() {
    let listed = Desk::new().done("law show --format csv").stdout;
    assert!(listed.lines().count() > 2, "{listed}");
    assert_eq!(Desk::new().run("law check --format csv").code, Some(0));
}

#[test]
fn the_editions_of_utah() {
    assert_snapshot!(Desk::new().run("law show UT"));
}

#[test]
fn the_clauses_of_the_seed_story() {
    assert_snapshot!(Desk::new().run("law show UT --as-of 2017-06-30"));
}

#[test]
fn no_clause_before_the_first_edition() {
    assert_snapshot!(Desk::new().run("law show UT --as-of 2014-05-12"));
}

#[test]
fn a_jurisdiction_without_a_law_and_one_that_does_not_exist() {
    let desk = Desk::with_two_laws();
    assert_snapshot!(desk.run("law show CA --data data"));
    assert_snapshot!(desk.run("law show XX"));
}

#[test]
fn the_stored_laws_are_checked() {
    assert_snapshot!(Desk::with_two_laws().run("law check --data data"));
}

#[test]
fn a_broken_law_file_is_shown_with_its_place() {
    let desk = Desk::new();
    let law = include_str!("../../../../laws/ut.toml");
    desk.write("misspelt.toml", law.replacen("\"first_name\"", "\"frist_name\"", 1));
    desk.write("cut-off.toml", law.split_at(law.find("[[edition]]").unwrap() + 6).0);
    assert_snapshot!(desk.run("law check misspelt.toml"));
    assert_snapshot!(desk.run("law check cut-off.toml"));
    assert_snapshot!(desk.run("law check nowhere.toml"));
}

#[test]
fn a_data_folder_with_a_broken_law() {
    let desk = Desk::with_letter();
    let law = include_str!("../../../../laws/ut.toml");
    desk.write("data/laws/ut.toml", law.replacen("\"first_name\"", "\"frist_name\"", 1));
    desk.write("data/calendars/ut.toml", include_str!("../../../../calendars/ut.toml"));
    assert_snapshot!(desk.run("law show --data data"));
    assert_eq!(desk.run("decide letter.toml --to UT --as-of 2017-06-30 --data data").code, Some(5));
    assert_snapshot!(desk.run("law show --data nowhere"));
}

#[test]
fn a_data_folder_takes_the_place_of_the_built_in_laws() {
    let desk = Desk::new();
    desk.write("data/laws/us.toml", include_str!("../../../../laws/us.toml"));
    desk.write("data/calendars/us.toml", include_str!("../../../../calendars/us.toml"));
    let listed = desk.done("law show --data data --format csv").stdout;
    assert_eq!(listed.lines().count(), 2, "{listed}");
    assert!(listed.lines().nth(1).unwrap().starts_with("US,"), "{listed}");
}

#[test]
fn a_withheld_field_is_explained_with_its_citation() {
    let ran = Desk::new().run("law explain UT --field date_of_birth --as-of 2017-06-30 --class any_person");
    assert_snapshot!(ran);
}

#[test]
fn a_released_field_is_explained() {
    assert_snapshot!(Desk::new().run("law explain UT --field party --as-of 2017-06-30"));
}

#[test]
fn a_class_and_what_it_rules_out_count() {
    let desk = Desk::new();
    let birth_date =
        "law explain UT --field date_of_birth --as-of 2017-06-30 --class government --purpose governmental";
    assert_snapshot!(desk.run(birth_date));
    assert_snapshot!(desk.run(&format!("{birth_date} --rules-out no_publication")));
}

#[test]
fn words_that_are_not_known() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("law explain UT --field date_of_brith --as-of 2017-06-30"));
    assert_snapshot!(desk.run("law explain UT --class reporter"));
    assert_snapshot!(desk.run("law explain UT --as-of 2017-06-31"));
}

#[test]
fn a_day_before_the_first_edition_has_no_answer() {
    assert_snapshot!(Desk::new().run("law explain UT --field party --as-of 2014-05-12"));
}

#[test]
fn one_law_on_two_days() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("law diff UT 2017-06-30 2026-06-01 --purpose political"));
    assert_snapshot!(desk.run("law diff UT 2017-06-30 2017-07-01"));
    assert_snapshot!(desk.run("law diff UT 2010-01-01 2017-07-01"));
}

#[test]
fn a_due_date_counted_day_by_day() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("law due UT --from 2017-06-28"));
    assert_snapshot!(desk.run("law due UT --from 2017-07-17 --limit appeal"));
    assert_snapshot!(desk.run("law due US --from 2017-06-28 --limit expedited"));
    assert_snapshot!(desk.run("law due UT --from 2010-01-04"));
}

/// Other laws come and go; Utah's row must say what `decide` says.
#[test]
fn the_matrix_of_every_law() {
    let desk = Desk::new();
    let csv = desk.done("law matrix --as-of 2017-06-30 --format csv").stdout;
    let utah: Vec<&str> = csv.lines().filter(|line| line.starts_with("UT,")).collect();
    assert_eq!(utah.len(), 15);
    assert!(
        utah.iter()
            .any(|line| line.starts_with("UT,ut-2014,date_of_birth,closed,withheld,ut-2014/birth-date-private,"))
    );
    assert!(utah.iter().any(|line| line.starts_with("UT,ut-2014,last_name,open,in full,ut-2014/public-list,")));
    let table = desk.done("law matrix --as-of 2017-06-30").stdout;
    assert!(table.contains("│ UT   ┆ O ┆ O ┆ O ┆ O ┆ O ┆ x ┆ O ┆ x ┆ O ┆ O  ┆ I  ┆ .  ┆ .  ┆ .  ┆ .  │"), "{table}");
    let page = desk.done("law matrix --as-of 2017-06-30 --format html").stdout;
    assert!(page.contains("<b>closed</b>") && page.contains("Utah Code §§ 20A-2-104, 63G-2-302"));
    assert!(
        !page.contains("<script") && !page.contains("src=") && !page.contains("href="),
        "the page needs nothing else"
    );
    let any = desk.done("law matrix --as-of 2017-06-30 --purpose any").stdout;
    assert_eq!(any, table, "what is open for any purpose is open for none that is stated");
}

/// The schema describes the keys of a law file, and the check says when a reading should be looked at again.
#[test]
fn the_schema_and_an_expired_review() {
    let desk = Desk::new();
    let schema = desk.done("law schema").stdout;
    assert!(schema.starts_with("{\n  \"$schema\"") && schema.contains("\"withhold\""), "{schema}");
    let late = desk.run("law check --as-of 2040-01-01");
    assert_eq!(late.code, Some(1));
    assert!(late.stdout.contains("the review has expired"), "{}", late.stdout);
}

/// Utah said what its law says; a law that is not stored is said to be missing.
#[test]
fn the_answers_of_2017_beside_the_law() {
    let csv = Desk::new().done("law compare-2017 --format csv").stdout;
    assert_eq!(csv.lines().count(), 52, "51 jurisdictions and a header");
    let utah = csv.lines().find(|line| line.starts_with("UT,")).unwrap();
    assert!(utah.starts_with("UT,8 of 15,in_part (2017-07-26),no difference seen,,,"), "{utah}");
    let bare = Desk::with_two_laws().done("law compare-2017 --data data").stdout;
    assert!(bare.contains("no law stored"), "{bare}");
}
