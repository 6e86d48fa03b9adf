//! `openroll roll quarantine`, `reimport` and `remove`.

use insta::assert_snapshot;

use crate::desk::Desk;

const IMPORT: &str = "roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01";

fn broken() -> Desk {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 1000 --seed 1 --broken-per-thousand 10 --out roll");
    desk.done(IMPORT);
    desk
}

#[test]
fn why_lines_stand_in_quarantine() {
    let desk = broken();
    assert_snapshot!(desk.run("roll quarantine ut-2017"));
    assert_snapshot!(desk.run("roll quarantine ut-2017 --reason quote --format csv"));
    assert_snapshot!(desk.run("roll quarantine ut-2017 --reason nonsense"));
}

#[test]
fn raw_lines_only_when_asked_for() {
    let desk = broken();
    let text = desk.read("roll/ut_voters.csv");
    for format in ["table", "csv", "json"] {
        let without = desk.done(&format!("roll quarantine ut-2017 --format {format}"));
        let with = desk.done(&format!("--quiet roll quarantine ut-2017 --raw --format {format}"));
        assert_eq!(with.stderr, "warning: raw lines hold registrants' values: they are private to the office\n");
        assert!(with.stdout.len() > without.stdout.len(), "{with}");
    }
    // Every raw line is one of the file.
    let ran = desk.done("roll quarantine ut-2017 --raw --format json");
    let shown: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let lines = shown["lines"].as_array().unwrap();
    assert!(!lines.is_empty());
    for line in lines {
        let raw = line["raw"].as_str().unwrap();
        let number = usize::try_from(line["line"].as_u64().unwrap()).unwrap();
        assert_eq!(raw, text.split('\n').nth(number - 1).unwrap().trim_end_matches('\r'), "{line}");
    }
}

#[test]
fn a_roll_without_quarantine() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 50 --seed 1 --out roll");
    desk.done(IMPORT);
    assert_snapshot!(desk.run("roll quarantine ut-2017"));
}

/// A table for people ends somewhere.
#[test]
fn a_long_quarantine() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 500 --seed 1 --broken-per-thousand 500 --out roll");
    desk.done(IMPORT);
    let ran = desk.done("roll quarantine ut-2017");
    assert!(ran.stderr.ends_with("the first 100 are shown; `--format csv` prints all of them\n"), "{ran}");
    let all = desk.done("roll quarantine ut-2017 --format csv").stdout.lines().count();
    assert!(all > 200, "{all}");
}

#[test]
fn the_same_files_with_the_same_layout_again() {
    let desk = broken();
    let store = desk.tree("openroll-store");
    assert_snapshot!(desk.run("roll reimport ut-2017 roll/ut_voters.csv"));
    assert_eq!(desk.tree("openroll-store"), store);
}

#[test]
fn files_that_are_not_those_of_the_snapshot() {
    let desk = broken();
    desk.done("synth --layout ut --rows 20 --seed 2 --out other");
    assert_snapshot!(desk.run("roll reimport ut-2017 other/ut_voters.csv"));
    assert_snapshot!(desk.run("roll reimport ut-2017 nowhere.csv"));
    assert_snapshot!(desk.run("roll reimport ut-2017 roll/ut_voters.csv --layout nc-voter"));
    desk.done("synth --layout nc-voter --rows 20 --seed 7 --out nc");
    let (voters, history) = ("nc/ncvoter_Statewide.zip", "nc/ncvhis_Statewide.zip");
    desk.done(&format!("roll import {voters} --layout nc-voter --history {history} --as-of 2024-06-01"));
    assert_snapshot!(desk.run(&format!("roll reimport nc-voter {voters}")));
    let ran = desk.done(&format!("roll reimport nc-voter {history} {voters}"));
    assert!(ran.stderr.starts_with("no change: "), "{ran}");
}

#[test]
fn a_snapshot_goes_and_a_record_stays() {
    let desk = broken();
    let id = desk.done(IMPORT).stdout.trim_end().to_owned();
    assert_snapshot!(desk.run("roll remove ut-2017 --reason withdrawn --on 2017-07-03"));
    assert_eq!(desk.names("openroll-store/rolls/ut"), ["removed/", &format!("removed/{id}.json")]);
    assert_snapshot!(desk.run("roll list"));
    assert_snapshot!(desk.run("roll list --removed"));
    assert_snapshot!(desk.run("roll show ut-2017"));
    assert_snapshot!(desk.run(IMPORT));
    // Under another name, and as of another day, they are the same files.
    std::fs::rename(desk.path("roll"), desk.path("renamed")).unwrap();
    let other = "roll import renamed/ut_voters.csv --layout ut --as-of 2017-06-02";
    assert_eq!(desk.run(other).code, Some(4));
    assert_eq!(desk.names("openroll-store/rolls/ut").len(), 2);
    std::fs::rename(desk.path("renamed"), desk.path("roll")).unwrap();

    assert_snapshot!(desk.run(&format!("{IMPORT} --again")));
    assert_eq!(desk.done("roll list --removed --format csv").stdout.lines().count(), 1);
    // Nothing is refused any more, since it is there.
    desk.done(IMPORT);
    desk.done("roll remove ut-2017 --reason superseded --on 2017-08-01");
    let record: serde_json::Value =
        serde_json::from_str(&desk.read(&format!("openroll-store/rolls/ut/removed/{id}.json"))).unwrap();
    let reasons: Vec<&str> =
        record["removals"].as_array().unwrap().iter().map(|r| r["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["withdrawn", "superseded"]);
    assert_eq!(record["snapshot"], id);
    assert_eq!(record["counts"]["voters"], 993);
}

#[test]
fn what_cannot_be_removed() {
    let desk = broken();
    let store = desk.tree("openroll-store");
    assert_snapshot!(desk.run("roll remove ut-2018 --reason withdrawn"));
    assert_snapshot!(desk.run("roll remove ut-2017"));
    let mut empty = desk.command("roll remove ut-2017 --reason");
    let ran = desk.ran("roll remove ut-2017 --reason ''", &empty.arg(" ").output().unwrap());
    assert_snapshot!(ran);
    assert_eq!(desk.tree("openroll-store"), store);
}

/// What a process that died in a removal left out of sight goes with the next one.
#[test]
fn sudden_death_during_a_removal() {
    let desk = broken();
    desk.write("openroll-store/rolls/ut/.removed-ut-2016/voter-00000.parquet", "registrants");
    assert_eq!(desk.done("roll list --format csv").stdout.lines().count(), 2);
    desk.done("roll remove ut-2017 --reason withdrawn");
    assert!(!desk.path("openroll-store/rolls/ut/.removed-ut-2016").exists());
}
