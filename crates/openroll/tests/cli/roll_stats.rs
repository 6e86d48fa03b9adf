//! `openroll roll stats`: numbers that tell of nobody.

use insta::assert_snapshot;

use crate::desk::Desk;

fn desk(rows: u32) -> Desk {
    let desk = Desk::new();
    desk.done(&format!("synth --layout ut --rows {rows} --seed 1 --out roll"));
    desk.done("roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01");
    desk
}

#[test]
fn a_roll_in_numbers() {
    let desk = desk(3000);
    assert_snapshot!(desk.run("roll stats ut-2017"));
}

#[test]
fn a_roll_by_county() {
    let desk = desk(3000);
    let ran = desk.done("roll stats ut-2017 --by county --format csv");
    let status: Vec<&str> = ran.stdout.lines().filter(|row| row.starts_with("status,")).collect();
    assert_snapshot!(status.join("\n"));
    // No number below ten is told, with or without the counties.
    let told = ran.stdout.lines().skip(1).filter_map(|row| row.rsplit(',').next()?.parse::<u64>().ok());
    let small: Vec<u64> = told.filter(|count| (1..10).contains(count)).collect();
    assert!(small.is_empty(), "{small:?}");
}

#[test]
fn a_roll_that_is_too_small() {
    let desk = desk(8);
    assert_snapshot!(desk.run("roll stats ut-2017"));
    assert_snapshot!(desk.run("roll stats ut-2017 --min-cell 2"));
    let ran = desk.done("roll stats ut-2017 --min-cell 1 --format csv");
    assert!(ran.stdout.contains("registrants,,,8\n"), "{ran}");
    assert!(ran.stderr.contains("private to the office"), "{ran}");
}

/// A word that stands in one row may be a name that slipped into the column.
#[test]
fn a_word_of_one_row_is_not_named() {
    let desk = desk(500);
    let text = desk.read("roll/ut_voters.csv");
    let slipped = text.replacen(",Unaffiliated,", ",QZXTOKEN,", 1).replacen(",Salt Lake,", ",QZXTOKEN,", 1);
    assert_eq!(slipped.matches("QZXTOKEN").count(), 2);
    desk.write("slipped.csv", slipped);
    desk.done("roll import slipped.csv --layout ut --as-of 2017-07-01");
    for format in ["table", "csv", "json"] {
        let ran = desk.done(&format!("roll stats ut-2017-07 --by county --format {format}"));
        assert!(!ran.stdout.contains("QZXTOKEN") && !ran.stderr.contains("QZXTOKEN"), "{ran}");
    }
}
