//! Broken law and request files: what a person reads, with line, caret and remedy.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

use law::{Law, Request};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

const LAW: &str = r#"code = "UT"
name = "Utah"
custodian = "Office of the Lieutenant Governor"
records_act = { name = "Government Records Access and Management Act", short = "GRAMA", cite = "Utah Code 63G-2" }

[[edition]]
id = "ut-2014"
title = "birth dates become private"
from = 2014-05-13
until = 2018-05-08
made_by = [{ cite = "Laws of Utah 2014 ch. 373", source = "https://le.utah.gov/" }]

[[edition.route]]
id = "public-list"
to = ["any_person"]
purpose = ["any"]
gives = ["first_name", "last_name"]
says = "The list is open to everybody."
cite = "Utah Code 20A-2-308"
source = "https://le.utah.gov/"
basis = "statute"
confidence = "high"

[[edition.withhold]]
id = "minors"
records = { under_age = 18 }
says = "Records of minors are private."
cite = "Utah Code 63G-2-302"
source = "https://le.utah.gov/"
basis = "statute"
confidence = "high"
"#;

/// The report on a law file in which one text is replaced by another.
fn report(from: &str, to: &str) -> String {
    assert_eq!(LAW.matches(from).count(), 1, "`{from}` must stand in the file once");
    let error = Law::parse("laws/ut.toml", &LAW.replace(from, to)).unwrap_err();
    rendered(&error)
}

fn rendered(error: &dyn Diagnostic) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut text, error).unwrap();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_unbroken_file_is_read() {
    assert!(Law::parse("laws/ut.toml", LAW).is_ok());
}

#[test]
fn an_unknown_key_names_its_neighbor() {
    insta::assert_snapshot!(report("purpose = [\"any\"]", "purposes = [\"any\"]"));
}

#[test]
fn an_unknown_field_names_its_neighbor() {
    insta::assert_snapshot!(report("\"last_name\"]", "\"lastname\"]"));
}

#[test]
fn a_clause_without_citation_is_refused() {
    insta::assert_snapshot!(report("cite = \"Utah Code 63G-2-302\"\n", ""));
}

#[test]
fn an_empty_citation_is_refused() {
    insta::assert_snapshot!(report("cite = \"Utah Code 63G-2-302\"", "cite = \" \""));
}

#[test]
fn a_form_must_fit_its_field() {
    insta::assert_snapshot!(report("\"last_name\"]", "{ field = \"last_name\", as = \"year\" }]"));
}

#[test]
fn age_bands_leave_no_gap() {
    let to = "{ field = \"age\", as = \"age_range\", bands = [\"18-19\", \"21-25\"] }]";
    insta::assert_snapshot!(report("\"last_name\"]", to));
}

#[test]
fn a_withholding_covers_something() {
    insta::assert_snapshot!(report("records = { under_age = 18 }\n", ""));
}

#[test]
fn a_route_opens_something() {
    insta::assert_snapshot!(report("to = [\"any_person\"]", "to = []"));
}

#[test]
fn an_edition_ends_after_it_begins() {
    insta::assert_snapshot!(report("until = 2018-05-08", "until = 2014-05-13"));
}

#[test]
fn editions_do_not_overlap() {
    let second = "[[edition]]\nid = \"ut-2018\"\ntitle = \"private by request\"\nfrom = 2018-05-07\n\
                  made_by = [{ cite = \"Laws of Utah 2018 ch. 206\", source = \"https://le.utah.gov/\" }]\n";
    let error = Law::parse("laws/ut.toml", &format!("{LAW}\n{second}")).unwrap_err();
    insta::assert_snapshot!(rendered(&error));
}

#[test]
fn a_clause_id_stands_once() {
    insta::assert_snapshot!(report("id = \"minors\"", "id = \"public-list\""));
}

#[test]
fn a_date_is_no_text() {
    insta::assert_snapshot!(report("from = 2014-05-13", "from = \"May 2014\""));
}

#[test]
fn a_request_with_an_unknown_key_names_its_neighbor() {
    let text = "schema = \"openroll.request/1\"\nid = \"a\"\nrequester = { nam = \"A. Person\" }\n";
    insta::assert_snapshot!(rendered(&Request::parse("request.toml", text).unwrap_err()));
}

#[test]
fn a_request_in_json_shows_its_place() {
    let text = "{\n  \"schema\": \"openroll.request/1\",\n  \"id\": 7\n}";
    insta::assert_snapshot!(rendered(&Request::parse("request.json", text).unwrap_err()));
}

#[test]
fn files_have_a_largest_size() {
    let text = "#".repeat(law::LAW_BYTES_MAX + 1);
    assert!(rendered(&Law::parse("laws/ut.toml", &text).unwrap_err()).contains("the limit is"));
    let text = "#".repeat(law::REQUEST_BYTES_MAX + 1);
    assert!(rendered(&Request::parse("request.toml", &text).unwrap_err()).contains("the limit is"));
}
