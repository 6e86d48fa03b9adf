//! `openroll roll`: import, list, show, layouts.

use insta::assert_snapshot;

use crate::desk::Desk;

const IMPORT: &str = "roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01";

#[test]
fn a_fresh_import_and_the_same_again() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 300 --seed 1 --out roll");
    let lists = "--protections roll/protections.csv --canaries roll/canaries.txt";
    assert_snapshot!(desk.run(&format!("{IMPORT} {lists}")));
    let store = desk.tree("openroll-store");
    assert_snapshot!(desk.run(&format!("{IMPORT} {lists}")));
    assert_eq!(desk.tree("openroll-store"), store);
    assert_snapshot!(desk.run("roll list"));
    assert_snapshot!(desk.run("roll show ut-2017"));
}

#[test]
fn a_state_with_two_zipped_files() {
    let desk = Desk::new();
    desk.done("synth --layout nc-voter --rows 200 --seed 7 --out roll");
    assert_snapshot!(desk.run(
        "roll import roll/ncvoter_Statewide.zip --layout nc-voter --history roll/ncvhis_Statewide.zip --as-of 2024-06-01"
    ));
    assert_snapshot!(desk.run("roll show nc-voter-2024"));
}

#[test]
fn an_empty_store() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("roll list"));
    assert_snapshot!(desk.run("roll show ut-2017"));
    assert!(desk.names(".").is_empty());
}

#[test]
fn a_beginning_that_fits_two_snapshots() {
    let desk = Desk::new();
    for seed in [1, 2] {
        desk.done(&format!("synth --layout ut --rows 20 --seed {seed} --out roll-{seed}"));
        desk.done(&format!("roll import roll-{seed}/ut_voters.csv --layout ut --as-of 2017-06-01"));
    }
    assert_snapshot!(desk.run("roll show ut-2017"));
}

#[test]
fn the_layouts() {
    assert_snapshot!(Desk::new().run("roll layouts"));
}

/// One line in a hundred is broken: they land in quarantine with file, line and reason, and the counts add up.
#[test]
fn broken_lines_land_in_quarantine() {
    let desk = Desk::new();
    let made = desk.done("synth --layout ut --rows 2000 --seed 1 --broken-per-thousand 10 --out roll");
    let damaged = number_before(&made.stderr, " damaged lines");
    assert!((10..=40).contains(&damaged), "{made}");
    let ran = desk.done(IMPORT);
    assert_snapshot!(ran);

    let rows = desk.read("roll/ut_voters.csv").lines().count() as u64 - 1;
    let (read, stored) = (number_before(&ran.stderr, " rows read"), number_before(&ran.stderr, " stored"));
    let quarantined = number_before(&ran.stderr, " in quarantine");
    assert_eq!(read, stored + quarantined);
    assert_eq!(read, rows);
    assert_eq!(quarantined, damaged);

    let snapshot = ran.stdout.trim_end();
    let quarantine = desk.quarantine(snapshot);
    assert_eq!(quarantine.split(|byte| *byte == b'\n').count() as u64, quarantined + 2);
    let shown: serde_json::Value =
        serde_json::from_str(&desk.done(&format!("roll show {snapshot} --format json")).stdout).unwrap();
    assert_eq!(shown["counts"]["quarantined"], quarantined);
    assert_eq!(shown["sources"][0]["rows_read"], read);
    assert_eq!(shown["sources"][0]["rows_stored"], stored);
}

/// The number that stands before these words, commas left out.
fn number_before(text: &str, words: &str) -> u64 {
    let before = text.split(words).next().unwrap();
    let number: Vec<char> = before.chars().rev().take_while(|c| c.is_ascii_digit() || *c == ',').collect();
    number.iter().rev().filter(|c| **c != ',').collect::<String>().parse().unwrap()
}

/// A client for the network is in no default build.
#[cfg(not(feature = "s3"))]
#[test]
fn rolls_in_a_bucket_without_a_client_for_it() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("roll list --rolls s3://bucket/office"));
}
