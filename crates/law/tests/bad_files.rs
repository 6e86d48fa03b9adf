//! Broken law and request files: what a person reads, with line, caret and remedy.

#![expect(clippy::unwrap_used, reason = "a test says what it expects by panicking")]

use law::{Law, Request};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};

const LAW: &str = r#"code = "UT"
name = "Utah"
custodian = "Office of the Lieutenant Governor"
reviewed = 2026-11-24
records_act = { name = "Government Records Access and Management Act", short = "GRAMA", cite = "Utah Code 63G-2" }

[[edition]]
id = "ut-2014"
title = "birth dates become private"
from = 2014-05-13
until = 2018-05-08
made_by = [{ cite = "Laws of Utah 2014 ch. 373", source = "https://le.utah.gov/" }]

[edition.clock]
calendar = "ut"
silence = "deemed_denial"
respond = { days = 10, unit = "business", cite = "Utah Code 63G-2-204", source = "https://le.utah.gov/grama" }

[edition.fee]
amount_usd = 1050
unit = "statewide list"
cite = "Utah Code 20A-2-104"
source = "https://le.utah.gov/fee"

[edition.denial]
parts = ["citations"]
appeal_to = "chief administrative officer"
cite = "Utah Code 63G-2-205"
source = "https://le.utah.gov/denial"

[[edition.route]]
id = "public-list"
to = ["any_person"]
purpose = ["any"]
gives = ["first_name", "last_name"]
needs = ["written_request"]
promises = ["data_security"]
says = "The list is open to everybody."
cite = "Utah Code 20A-2-308"
source = "https://le.utah.gov/list"
basis = "statute"
confidence = "high"

[[edition.withhold]]
id = "minors"
records = { under_age = 18 }
says = "Records of minors are private."
cite = "Utah Code 63G-2-302"
source = "https://le.utah.gov/minors"
basis = "statute"
confidence = "high"

[[edition.elsewhere]]
id = "felonies"
fields = ["felony"]
says = "Convictions are kept by the courts."
cite = "Utah Code 77-1"
source = "https://le.utah.gov/courts"
basis = "statute"
confidence = "low"

[[edition]]
id = "ut-2026"
title = "the list is frozen"
from = 2018-05-08
made_by = [{ cite = "Utah Code 20A-2-607", source = "https://le.utah.gov/freeze" }]
freeze = { list_as_of = 2018-05-07, entitled_as_of = 2018-05-07, purpose = ["any"], says = "The list stands still.", cite = "Utah Code 20A-2-607", source = "https://le.utah.gov/frozen" }
"#;

/// Slips that people make in law files: what, which text, and what stands in its place.
const SLIPS: &[(&str, &str, &str)] = &[
    ("not toml at all", "code = \"UT\"", "code: UT"),
    ("a quote that never closes", "name = \"Utah\"", "name = \"Utah"),
    ("a bracket that never closes", "[[edition.withhold]]", "[[edition.withhold"),
    ("a key twice", "name = \"Utah\"", "name = \"Utah\"\nname = \"Utah\""),
    ("a jurisdiction that does not exist", "code = \"UT\"", "code = \"UX\""),
    ("a jurisdiction as a number", "code = \"UT\"", "code = 49"),
    ("no name", "name = \"Utah\"\n", ""),
    ("no custodian", "custodian = \"Office of the Lieutenant Governor\"\n", ""),
    ("no day of its last review", "reviewed = 2026-11-24\n", ""),
    ("a day of review in words", "reviewed = 2026-11-24", "reviewed = \"lately\""),
    ("no records act", "records_act =", "record_act ="),
    ("a key of the act misspelled", "short = \"GRAMA\"", "shrot = \"GRAMA\""),
    ("an unknown key of the law", "custodian =", "custodians ="),
    ("no id of an edition", "id = \"ut-2014\"\n", ""),
    ("no title of an edition", "title = \"birth dates become private\"\n", ""),
    ("no first day", "from = 2014-05-13\n", ""),
    ("a first day in words", "from = 2014-05-13", "from = \"May 2014\""),
    ("a first day with a time", "from = 2014-05-13", "from = 2014-05-13T00:00:00"),
    ("a day that does not exist", "from = 2014-05-13", "from = 2014-02-30"),
    ("a year alone", "from = 2014-05-13", "from = 2014"),
    ("an edition that ends before it begins", "until = 2018-05-08", "until = 2014-05-13"),
    ("two editions on one day", "until = 2018-05-08", "until = 2018-05-09"),
    ("an edition without end before another", "until = 2018-05-08\n", ""),
    ("two editions of one id", "id = \"ut-2026\"", "id = \"ut-2014\""),
    (
        "no act that made it",
        "made_by = [{ cite = \"Laws of Utah 2014 ch. 373\", source = \"https://le.utah.gov/\" }]",
        "made_by = []",
    ),
    (
        "an act without source",
        "cite = \"Laws of Utah 2014 ch. 373\", source = \"https://le.utah.gov/\"",
        "cite = \"Laws of Utah 2014 ch. 373\"",
    ),
    (
        "an unknown key of an edition",
        "title = \"birth dates become private\"",
        "titel = \"birth dates become private\"",
    ),
    ("a freeze of a day without law", "entitled_as_of = 2018-05-07", "entitled_as_of = 2013-01-01"),
    ("a freeze of a later day", "entitled_as_of = 2018-05-07", "entitled_as_of = 2019-01-01"),
    (
        "a freeze without purpose",
        "purpose = [\"any\"], says = \"The list stands still.\"",
        "says = \"The list stands still.\"",
    ),
    ("a limit without number or words", "respond = { days = 10, unit = \"business\",", "respond = {"),
    ("a limit of no days", "days = 10", "days = 0"),
    ("an unknown unit", "unit = \"business\"", "unit = \"work\""),
    ("an unknown meaning of silence", "silence = \"deemed_denial\"", "silence = \"denial\""),
    ("a limit without citation", "cite = \"Utah Code 63G-2-204\", ", ""),
    ("a fee in words", "amount_usd = 1050", "amount_usd = \"1,050\""),
    ("a fee below nothing", "amount_usd = 1050", "amount_usd = -1"),
    ("a fee in a fraction", "amount_usd = 1050", "amount_usd = 2.5"),
    ("a fee with one digit of cents", "amount_usd = 1050", "amount_usd = \"2.5\""),
    ("a fee that no list costs", "amount_usd = 1050", "amount_usd = 1_000_000"),
    ("a fee of one amount and by size", "amount_usd = 1050", "amount_usd = 1050\ntier = [{ base_usd = 10 }]"),
    ("a ceiling without a figure", "amount_usd = 1050", "ceiling = true"),
    ("thousands counted in a way unknown", "amount_usd = 1050", "tier = [{ per_1000_cents = 5, thousands = \"up\" }]"),
    (
        "a fee of a route without citation",
        "promises = [\"data_security\"]",
        "promises = [\"data_security\"]\nfee = { amount_usd = 0, unit = \"list\", source = \"https://le.utah.gov/f\" }",
    ),
    ("signatures without their number", "needs = [\"written_request\"]", "needs = [\"co_signers\"]"),
    ("signatures without their need", "needs = [\"written_request\"]", "co_signers = 25"),
    ("no signatures", "needs = [\"written_request\"]", "needs = [\"co_signers\"]\nco_signers = 0"),
    ("a fee without unit", "unit = \"statewide list\"\n", ""),
    ("an unknown part of a denial", "parts = [\"citations\"]", "parts = [\"citation\"]"),
    ("two clauses of one id", "id = \"minors\"", "id = \"public-list\""),
    ("a clause of an id elsewhere", "id = \"felonies\"", "id = \"minors\""),
    ("an unknown class", "to = [\"any_person\"]", "to = [\"anybody\"]"),
    ("a class misspelled", "to = [\"any_person\"]", "to = [\"any_persons\"]"),
    ("a class that is no list", "to = [\"any_person\"]", "to = \"any_person\""),
    ("a route to nobody", "to = [\"any_person\"]", "to = []"),
    ("an unknown purpose", "purpose = [\"any\"]\ngives", "purpose = [\"all\"]\ngives"),
    ("a route for nothing", "purpose = [\"any\"]\ngives", "purpose = []\ngives"),
    ("an unknown key of a route", "purpose = [\"any\"]\ngives", "purposes = [\"any\"]\ngives"),
    ("an unknown field", "\"last_name\"]", "\"lastname\"]"),
    ("a route that gives nothing", "gives = [\"first_name\", \"last_name\"]", "gives = []"),
    ("a form without field", "\"last_name\"]", "{ as = \"year\" }]"),
    ("a field without form", "\"last_name\"]", "{ field = \"last_name\" }]"),
    ("an unknown form", "\"last_name\"]", "{ field = \"last_name\", as = \"initial\" }]"),
    ("a form of another field", "\"last_name\"]", "{ field = \"last_name\", as = \"year\" }]"),
    ("an age range without bands", "\"last_name\"]", "{ field = \"age\", as = \"age_range\" }]"),
    ("bands with a gap", "\"last_name\"]", "{ field = \"age\", as = \"age_range\", bands = [\"18-19\", \"21-25\"] }]"),
    ("bands that are no bands", "\"last_name\"]", "{ field = \"age\", as = \"age_range\", bands = [\"young\"] }]"),
    ("bands of a year", "\"last_name\"]", "{ field = \"date_of_birth\", as = \"year\", bands = [\"18+\"] }]"),
    ("an unknown paper", "needs = [\"written_request\"]", "needs = [\"letter\"]"),
    ("an unknown promise", "promises = [\"data_security\"]", "promises = [\"security\"]"),
    ("a route without words", "says = \"The list is open to everybody.\"\n", ""),
    ("a route that says nothing", "says = \"The list is open to everybody.\"", "says = \"\""),
    ("a citation that is empty", "cite = \"Utah Code 20A-2-308\"", "cite = \" \""),
    ("a source that is no address", "source = \"https://le.utah.gov/list\"", "source = \"the code\""),
    ("an unknown basis", "basis = \"statute\"\nconfidence = \"low\"", "basis = \"custom\"\nconfidence = \"low\""),
    ("an unknown confidence", "confidence = \"low\"", "confidence = \"some\""),
    ("a withholding of nothing", "records = { under_age = 18 }\n", ""),
    ("records that are all alike", "records = { under_age = 18 }", "records = {}"),
    ("an unknown condition", "records = { under_age = 18 }", "records = { younger_than = 18 }"),
    ("an age that no one has", "records = { under_age = 18 }", "records = { under_age = 300 }"),
    ("an unknown ground", "records = { under_age = 18 }", "records = { protection = [\"famous\"] }"),
    (
        "a time of protection without ground",
        "records = { under_age = 18 }",
        "records = { protected_before = 2020-05-12 }",
    ),
    (
        "a lapse by years and by cycles",
        "records = { under_age = 18 }",
        "records = { protection = [\"judge\"], lapses_after_years = 4, lapses_after_cycles = 2 }",
    ),
    ("cycles of no ground", "records = { under_age = 18 }", "records = { lapses_after_cycles = 2 }"),
    (
        "marks of a ground that has none",
        "records = { under_age = 18 }",
        "fields = [\"phone\"]\nrecords = { protection = [\"judge\"], only_marked = true }",
    ),
    (
        "marks on whole records",
        "records = { under_age = 18 }",
        "records = { protection = [\"item_marked_private\"], only_marked = true }",
    ),
    ("a day of no age", "records = { under_age = 18 }", "records = { under_age_on = \"general_election\" }"),
    (
        "an age on a day unknown",
        "records = { under_age = 18 }",
        "records = { under_age = 18, under_age_on = \"primary\" }",
    ),
    ("an unknown status", "records = { under_age = 18 }", "records = { status = [\"dead\"] }"),
    ("a cap on whole records", "records = { under_age = 18 }", "records = { under_age = 18 }\ncap = \"year\""),
    ("fields that are none", "records = { under_age = 18 }", "fields = []"),
    ("a level of office unknown", "fields = [\"felony\"]", "fields = [\"felony\"]\nfrom = [\"town\"]"),
    ("a guarantee in words", "promises = [\"data_security\"]", "promises = [\"data_security\"]\nguaranteed = \"yes\""),
    ("a clause of another kind", "[[edition.withhold]]", "[[edition.withold]]"),
];

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

/// Every slip is refused with a message, a place and a remedy; the snapshot is what a person reads of all of them.
#[test]
fn every_slip_is_shown_with_its_place_and_remedy() {
    assert!(SLIPS.len() >= 60);
    let mut text = String::new();
    for (what, from, to) in SLIPS {
        let report = report(from, to);
        assert!(report.contains("laws/ut.toml:"), "{what}: no place\n{report}");
        assert!(report.contains("help: "), "{what}: no remedy\n{report}");
        text.push_str(&format!("── {what}\n{report}\n\n"));
    }
    insta::assert_snapshot!(text);
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
