//! `openroll release`.

use insta::assert_snapshot;

use crate::desk::Desk;

const RELEASE: &str = "release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out";

#[test]
fn a_store_without_an_office() {
    let desk = Desk::with_letter();
    desk.import_roll(50, "2017-06-01");
    assert_snapshot!(desk.run(RELEASE));
    assert!(!desk.path("out").exists());
    assert!(!desk.path("openroll-store/keys.toml").exists());
}

#[test]
fn a_request_whose_papers_are_missing() {
    let desk = Desk::with_roll(50);
    assert_snapshot!(desk.run("release letter.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out"));
    assert!(!desk.path("out").exists());
}

#[test]
fn a_dry_run_says_what_would_leave_and_writes_nothing() {
    let desk = Desk::with_roll(50);
    let before = desk.tree(".");
    assert_snapshot!(desk.run(&format!("{RELEASE} --dry-run")));
    assert_snapshot!(desk.run("release letter.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out --dry-run"));
    assert_eq!(desk.tree("."), before);
}

#[test]
fn a_good_release_and_the_same_folder_again() {
    let desk = Desk::with_roll(300);
    assert_snapshot!(desk.run(RELEASE));
    let made = desk.tree(".");
    assert_snapshot!(desk.run(RELEASE));
    assert_eq!(desk.tree("."), made);
    assert_eq!(
        desk.names("out"),
        [
            "decision.json",
            "extract.csv",
            "extract.parquet",
            "letter.html",
            "manifest.json",
            "manifest.sig",
            "withholding-index.csv"
        ]
    );
}

#[test]
fn one_extract_where_one_is_wanted() {
    let desk = Desk::with_roll(50);
    desk.done(&format!("{RELEASE} --extract csv"));
    assert!(desk.path("out/extract.csv").exists() && !desk.path("out/extract.parquet").exists());
    desk.done("verify out");
}

#[test]
fn a_snapshot_that_is_not_there() {
    let desk = Desk::with_roll(20);
    assert_snapshot!(desk.run("release complete.toml --to UT --as-of 2017-06-30 --roll ut-2018 --out out"));
}

/// The freeze of 2026 gives the list as of 8 March; a later one is not that list.
#[test]
fn a_list_that_is_too_new_for_the_law() {
    let desk = Desk::with_letter();
    desk.open_office();
    desk.import_roll(50, "2026-04-01");
    let request = r#"{
        "schema": "openroll.request/1", "id": "frozen", "requester": { "name": "A. Campaign" }, "to": ["UT"],
        "purpose": "political", "promises": ["no_publication", "stated_use_only", "data_security"],
        "dates": { "written": "2026-04-14", "received": "2026-04-14" },
        "ask": [{ "n": 1, "text": "names", "fields": ["first_name", "last_name"] }],
        "document": [
            { "kind": "written_request", "received": "2026-04-14" }, { "kind": "fee", "received": "2026-04-14" },
            { "kind": "signed_form", "received": "2026-04-14" }, { "kind": "attestation", "received": "2026-04-14" }
        ]
    }"#;
    desk.write("frozen.json", request);
    assert_snapshot!(desk.run("release frozen.json --as-of 2026-04-15 --roll ut-2026 --out out"));
    assert!(!desk.path("out").exists());
}

#[test]
fn a_day_before_the_first_edition() {
    let desk = Desk::with_roll(20);
    assert_snapshot!(desk.run("release complete.toml --to UT --as-of 2014-05-12 --roll ut-2017 --out out"));
}

/// The roll of one state is not released under the law of another.
#[test]
fn the_roll_of_another_state() {
    let desk = Desk::with_letter();
    desk.open_office();
    desk.done("synth --layout nc-voter --rows 20 --seed 1 --out nc");
    desk.done(
        "roll import nc/ncvoter_Statewide.zip --layout nc-voter --history nc/ncvhis_Statewide.zip --as-of 2017-06-01",
    );
    assert_snapshot!(desk.run("release complete.toml --to UT --as-of 2017-06-30 --roll nc- --out out"));
    assert!(!desk.path("out").exists());
}

#[test]
fn an_office_file_that_is_malformed() {
    let desk = Desk::with_roll(20);
    desk.write("openroll-store/office.toml", "name = 7\n");
    assert_snapshot!(desk.run(RELEASE));
    desk.open_office();
    desk.write("openroll-store/keys.toml", "signing = \"c2VjcmV0c2VjcmV0\"\n");
    let ran = desk.run(RELEASE);
    assert!(!ran.to_string().contains("c2VjcmV0"), "{ran}");
    assert_snapshot!(ran);
}

#[test]
fn a_roll_that_came_without_a_protection_list() {
    let desk = Desk::with_letter();
    desk.open_office();
    desk.done("synth --layout ut --rows 300 --seed 1 --out roll");
    desk.done("roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01");
    assert_snapshot!(desk.run(RELEASE));
    assert!(!desk.path("out").exists());
}

#[test]
fn the_public_key_of_the_office() {
    let desk = Desk::with_roll(50);
    desk.done(RELEASE);
    let key = desk.done("key --quiet").stdout;
    desk.write("office.pub", &key);
    let verified = desk.run("verify out --key office.pub");
    assert_eq!(verified.code, Some(0), "{verified}");
}
