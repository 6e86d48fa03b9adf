//! `openroll synth`.

use insta::assert_snapshot;

use crate::desk::Desk;

#[test]
fn a_roll_of_utah() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("synth --layout ut --rows 300 --seed 1 --out roll"));
    assert_eq!(desk.names("."), ["roll/", "roll/canaries.txt", "roll/protections.csv", "roll/ut_voters.csv"]);
}

#[test]
fn a_roll_of_north_carolina_has_its_history_beside_it() {
    assert_snapshot!(Desk::new().run("synth --layout nc-voter --rows 200 --seed 7 --out roll"));
}

#[test]
fn a_roll_of_florida_has_a_file_for_each_county() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("synth --layout fl-voter --rows 12 --seed 7 --out roll"));
    let files: Vec<String> = desk.names("roll").into_iter().filter(|name| name.ends_with(".zip")).collect();
    desk.done(&format!("roll import roll/{} --as-of 2024-06-01", files.join(" roll/")));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let desk = Desk::new();
    for layout in ["ut", "nc-voter", "oh", "fl-voter", "tx-fixed"] {
        let synth = format!("synth --layout {layout} --rows 200 --broken-per-thousand 20 --seed");
        for (seed, out) in [(1, "a"), (1, "b"), (2, "c")] {
            desk.done(&format!("{synth} {seed} --out {layout}-{out}"));
        }
        let tree = |out: &str| desk.tree(&format!("{layout}-{out}"));
        assert_eq!(tree("a"), tree("b"));
        assert_ne!(tree("a"), tree("c"));
    }
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let desk = Desk::new();
    desk.write("roll/mine.txt", "mine");
    assert_snapshot!(desk.run("synth --layout ut --rows 10 --seed 1 --out roll"));
    assert_eq!(desk.names("."), ["roll/", "roll/mine.txt"]);
}

#[test]
fn sizes_days_and_layouts_that_cannot_be() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("synth --layout ut --rows 0 --seed 1"));
    assert_snapshot!(desk.run("synth --layout ut --rows 10 --seed 1 --as-of 1850-01-01"));
    assert_snapshot!(desk.run("synth --layout ut --rows 10 --seed 1 --broken-per-thousand 1001"));
    assert_snapshot!(desk.run("synth --layout utah --rows 10 --seed 1"));
    assert_snapshot!(desk.run("synth --layout nc-history --rows 10 --seed 1"));
    assert_snapshot!(desk.run("synth --layout ak --rows 10 --seed 1"));
    assert!(desk.names(".").is_empty());
}
