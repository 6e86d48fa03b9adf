//! Deliveries that are not imported: the message says which file, what is wrong and what to do, and the store is empty.

use insta::assert_snapshot;

use crate::desk::Desk;

/// A desk with a small synthetic roll of Utah in `roll`, and its file as text.
fn utah() -> (Desk, String) {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 20 --seed 1 --out roll");
    let text = desk.read("roll/ut_voters.csv");
    (desk, text)
}

/// Imports a file that must be refused, and gives what a person reads.
fn refused(desk: &Desk, words: &str) -> String {
    let ran = desk.run(&format!("roll import {words} --as-of 2017-06-01"));
    assert!(matches!(ran.code, Some(2 | 3)), "{ran}");
    assert!(ran.stdout.is_empty(), "{ran}");
    let files: Vec<String> = desk.names("openroll-store").into_iter().filter(|name| !name.ends_with('/')).collect();
    assert!(files.is_empty(), "{files:?}");
    ran.to_string()
}

#[test]
fn the_file_of_another_state() {
    let (desk, _) = utah();
    assert_snapshot!(refused(&desk, "roll/ut_voters.csv --layout nc-voter"));
    desk.done("synth --layout nc-voter --rows 20 --seed 1 --out nc");
    assert_snapshot!(refused(&desk, "nc/ncvoter_Statewide.zip --layout ut"));
}

#[test]
fn a_changed_header() {
    let (desk, text) = utah();
    desk.write("ut.csv", text.replacen("Voter ID", "Voter Number", 1));
    assert_snapshot!(refused(&desk, "ut.csv --layout ut"));
}

#[test]
fn a_file_without_its_header() {
    let (desk, text) = utah();
    desk.write("ut.csv", text.split_once('\n').unwrap().1);
    assert_snapshot!(refused(&desk, "ut.csv --layout ut"));
}

#[test]
fn a_file_that_is_empty_or_not_there() {
    let (desk, text) = utah();
    desk.write("empty.csv", "");
    desk.write("header.csv", text.split_inclusive('\n').next().unwrap());
    assert_snapshot!(refused(&desk, "empty.csv --layout ut"));
    assert_snapshot!(refused(&desk, "header.csv --layout ut"));
    assert_snapshot!(refused(&desk, "nowhere.csv --layout ut"));
    assert_snapshot!(refused(&desk, "roll --layout ut"));
    assert_snapshot!(refused(&desk, "roll/ut_voters.csv roll/ut_voters.csv --layout ut"));
}

#[test]
fn a_truncated_zip() {
    let desk = Desk::new();
    desk.done("synth --layout nc-voter --rows 50 --seed 7 --out nc");
    let archive = std::fs::read(desk.path("nc/ncvoter_Statewide.zip")).unwrap();
    desk.write("half.zip", &archive[..archive.len() / 2]);
    assert_snapshot!(refused(&desk, "half.zip --layout nc-voter --history nc/ncvhis_Statewide.zip"));
    let mut damaged = archive.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    desk.write("damaged.zip", &damaged);
    assert_snapshot!(refused(&desk, "damaged.zip --layout nc-voter --history nc/ncvhis_Statewide.zip"));
}

#[test]
fn a_layout_or_a_day_that_does_not_exist() {
    let (desk, _) = utah();
    assert_snapshot!(refused(&desk, "roll/ut_voters.csv --layout utah"));
    assert_snapshot!(desk.run("roll import roll/ut_voters.csv --layout ut --as-of yesterday"));
}

/// A line that is too short, a lone quote and Latin-1 bytes cost only themselves.
#[test]
fn broken_lines_do_not_take_others_with_them() {
    let (desk, text) = utah();
    let mut lines: Vec<Vec<u8>> = text.split_inclusive('\n').map(|line| line.as_bytes().to_vec()).collect();
    let short = lines[3].iter().position(|byte| *byte == b',').unwrap();
    lines[3] = [&lines[3][..short], b"\n"].concat();
    let quote = lines[6].iter().position(|byte| *byte == b',').unwrap();
    lines[6].insert(quote + 1, b'"');
    let latin = lines[9].iter().position(|byte| *byte == b',').unwrap();
    lines[9].insert(latin + 1, 0xe9);
    desk.write("ut.csv", lines.concat());
    let ran = desk.done("roll import ut.csv --layout ut --as-of 2017-06-01");
    assert_snapshot!(ran);
    let quarantine = desk.quarantine(ran.stdout.trim_end());
    let quarantine = String::from_utf8_lossy(&quarantine);
    let places: Vec<String> = quarantine.lines().map(|line| line.chars().take(120).collect()).collect();
    assert_snapshot!(places.join("\n"));
}

#[test]
fn lists_that_do_not_hold_stop_the_import() {
    let (desk, _) = utah();
    desk.write("protections.csv", "voter_id,ground,since,until\n1,secret,2017-01-01,\n");
    desk.write("canaries.txt", "ab\n");
    assert_snapshot!(refused(&desk, "roll/ut_voters.csv --layout ut --protections protections.csv"));
    assert_snapshot!(refused(&desk, "roll/ut_voters.csv --layout ut --protections nowhere.csv"));
    assert_snapshot!(refused(&desk, "roll/ut_voters.csv --layout ut --canaries canaries.txt"));
}
