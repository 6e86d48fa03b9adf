//! `openroll request check`.

use insta::assert_snapshot;

use crate::desk::{Desk, Ran};

/// Checks the letter of 2017 with one place changed.
fn check(what: &str, by: &str) -> Ran {
    let desk = Desk::with_letter();
    let letter = desk.read("letter.toml");
    let changed = letter.replacen(what, by, 1);
    assert_ne!(letter, changed, "`{what}` does not stand in the letter");
    desk.write("changed.toml", changed);
    desk.run("request check changed.toml")
}

#[test]
fn the_real_letter() {
    assert_snapshot!(Desk::with_letter().run("request check letter.toml"));
}

#[test]
fn a_class_without_proof() {
    assert_snapshot!(check("proof = \"Executive Order 13799 of 11 May 2017, 82 FR 22389\"\n", ""));
}

#[test]
fn a_received_date_in_the_future() {
    assert_snapshot!(check("received = 2017-06-28", "received = 2999-01-01"));
}

#[test]
fn dates_that_run_backwards() {
    assert_snapshot!(check("received = 2017-06-28", "received = 2017-06-27"));
}

#[test]
fn an_unknown_key() {
    assert_snapshot!(check("purpose = ", "purpos = "));
}

#[test]
fn an_unknown_field() {
    assert_snapshot!(check("\"date_of_birth\"", "\"date_of_brith\""));
}

#[test]
fn a_day_that_does_not_exist() {
    assert_snapshot!(check("received = 2017-06-28", "received = 2017-06-31"));
}

#[test]
fn a_file_that_is_no_request() {
    let desk = Desk::new();
    desk.write("empty.toml", "");
    desk.write("cut-off.json", "{\"schema\": \"openroll.request/1\",");
    desk.write("binary.toml", [0xff, 0xfe, 0x00]);
    for file in ["empty.toml", "cut-off.json", "binary.toml", "nowhere.toml"] {
        assert_snapshot!(file, desk.run(&format!("request check {file}")));
    }
}

#[test]
fn findings_for_programs() {
    let desk = Desk::with_letter();
    desk.write("changed.toml", desk.read("letter.toml").replace("received = 2017-06-28", "received = 2999-01-01"));
    assert_snapshot!(desk.run("request check changed.toml --format json"));
    assert_snapshot!(desk.run("request check letter.toml --format csv"));
}
