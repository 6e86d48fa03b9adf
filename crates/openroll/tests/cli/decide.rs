//! `openroll decide`.

use insta::assert_snapshot;

use crate::desk::Desk;

const THE_LETTER: &str = "decide letter.toml --to UT --as-of 2017-06-30";

#[test]
fn the_answer_of_utah_as_a_table() {
    assert_snapshot!(Desk::with_letter().run(THE_LETTER));
}

#[test]
fn the_answer_of_utah_in_sentences() {
    assert_snapshot!(Desk::with_letter().run(&format!("{THE_LETTER} --explain")));
}

#[test]
fn the_answer_of_utah_for_a_spreadsheet() {
    assert_snapshot!(Desk::with_letter().run(&format!("{THE_LETTER} --format csv")));
}

#[test]
fn the_answer_of_utah_for_a_program() {
    let ran = Desk::with_letter().done(&format!("{THE_LETTER} --format json"));
    assert!(ran.stderr.is_empty(), "{ran}");
    let decision: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(decision["schema"], "openroll.decision/2");
    assert_eq!(decision["outcome"], "in_part");
    assert_eq!(decision["dispositions"].as_array().unwrap().len(), 15);
}

/// The law of 2026 gives nothing to a commission that has not accepted its duties.
#[test]
fn a_request_that_is_refused_ends_with_one() {
    assert_snapshot!(Desk::with_letter().run("decide letter.toml --to UT --as-of 2026-06-01"));
}

#[test]
fn a_class_without_proof_is_decided_as_any_person() {
    let desk = Desk::with_letter();
    let letter = desk.read("letter.toml");
    desk.write("letter.toml", letter.replace("proof = \"Executive Order 13799 of 11 May 2017, 82 FR 22389\"\n", ""));
    let ran = desk.done(THE_LETTER);
    assert!(ran.stdout.starts_with("UT as of 2017-06-30, edition ut-2014, any person: granted in part"), "{ran}");
}

#[test]
fn whose_law_must_be_said() {
    let desk = Desk::with_letter();
    assert_snapshot!(desk.run("decide letter.toml --as-of 2017-06-30"));
    let bare = Desk::with_two_laws();
    assert_snapshot!(bare.run("decide letter.toml --to CA --as-of 2017-06-30 --data data"));
    desk.write("letter.toml", desk.read("letter.toml").replace("condition =", "to = [\"NC\"]\ncondition ="));
    assert_snapshot!(desk.run(THE_LETTER));
}

#[test]
fn a_request_that_does_not_hold_is_not_decided() {
    let desk = Desk::with_letter();
    desk.write("letter.toml", desk.read("letter.toml").replace("received = 2017-06-28", "received = 2999-01-01"));
    assert_snapshot!(desk.run(THE_LETTER));
}

#[test]
fn a_day_before_the_first_edition_has_no_answer() {
    assert_snapshot!(Desk::with_letter().run("decide letter.toml --to UT --as-of 2014-05-12"));
}
