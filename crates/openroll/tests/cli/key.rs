//! `openroll key`: the keys of the rolls, and what opens them.

use std::fs;

use insta::assert_snapshot;

use crate::desk::Desk;

const RELEASE: &str = "release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out";

#[test]
fn the_keys_of_a_store() {
    let desk = Desk::with_roll(20);
    let list = desk.run("key list");
    // Some seventy rows of one kind, each on one line.
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert!(lines.len() > 60 && lines.len() < 90, "{} lines", lines.len());
    let csv = desk.done("key list --format csv").stdout;
    let is_shown =
        |line: &&str| ["key,", "/roll/", "/lists/", ".ssn_last4/", ".phone/"].iter().any(|word| line.contains(word));
    let shown: Vec<String> = csv
        .lines()
        .filter(is_shown)
        .map(|line| line.split_once('/').map_or(line, |(_, rest)| rest).to_owned())
        .collect();
    assert_snapshot!(shown.join("\n"));
    assert_snapshot!(list.stderr);
    // No secret is shown, nor the identity that opens the keyring.
    let identity = desk.read("openroll-store/keys/identity.txt");
    let secret = identity.lines().find(|line| line.starts_with("AGE-SECRET-KEY-1")).unwrap();
    for format in ["table", "csv", "json"] {
        let ran = desk.done(&format!("key list --format {format}"));
        assert!(!ran.to_string().contains(secret));
    }
}

#[test]
fn what_a_person_sees_of_the_identity_on_first_use_only() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 20 --seed 1 --out roll");
    assert_snapshot!(desk.run("roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01"));
    let again = desk.done("roll import roll/ut_voters.csv --layout ut --as-of 2017-07-01");
    assert!(!again.stderr.contains("identity"), "{again}");
}

/// No value of a protected record is at rest in the open: the canaries of a synthetic roll are nowhere in the store.
#[test]
fn no_canary_lies_in_the_open() {
    let desk = Desk::with_roll(2000);
    desk.done(&format!("{RELEASE} out"));
    let canaries = desk.read("state-file/canaries.txt");
    let tokens: Vec<&str> = canaries.lines().collect();
    assert!(tokens.len() > 3);
    let holds = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        tokens.iter().any(|token| text.contains(token))
    };
    assert!(holds(desk.read("state-file/ut_voters.csv").as_bytes()), "the roll itself holds them");
    let stored = desk.tree("openroll-store");
    assert!(stored.len() > 10);
    for (name, bytes) in stored {
        assert!(!holds(&bytes), "{name} holds a canary in the open");
    }
}

#[test]
fn new_keys_and_the_same_release() {
    let desk = Desk::with_roll(300);
    desk.done(&format!("{RELEASE} before"));
    assert_snapshot!(desk.run("key rotate"));
    desk.done("roll show ut-2017 --verify");
    desk.done(&format!("{RELEASE} after"));
    assert_eq!(desk.tree("before"), desk.tree("after"));
    assert_snapshot!(desk.run("key rotate NC"));
    // Nothing is left of the old files or keys.
    let csv = desk.done("key list --format csv").stdout;
    assert!(csv.lines().skip(1).all(|line| line.contains("/2,") && line.contains(",rotation,")), "{csv}");
    let names = desk.names("openroll-store/rolls/ut");
    assert_eq!(names.iter().filter(|name| name.ends_with("voter-00000.parquet")).count(), 1, "{names:?}");
}

#[test]
fn a_passphrase_opens_what_it_sealed() {
    let desk = Desk::with_roll(50);
    desk.write("word.txt", "correct horse\n");
    desk.write("other.txt", "correct Horse\n");
    assert_snapshot!(desk.run("key seal --passphrase-file word.txt"));
    assert_snapshot!(desk.run(&format!("{RELEASE} out")));
    assert_snapshot!(desk.run(&format!("{RELEASE} out --passphrase-file other.txt")));
    assert!(!desk.path("out").exists());
    let ran = desk.run_with(("OPENROLL_PASSPHRASE", "correct horse"), &format!("{RELEASE} out"));
    assert_eq!(ran.code, Some(0), "{ran}");
    assert!(!ran.to_string().contains("correct horse"));
    desk.write("empty.txt", "\n");
    assert_snapshot!(desk.run("key list --passphrase-file empty.txt"));
}

#[test]
fn an_identity_that_is_kept_elsewhere() {
    let desk = Desk::with_roll(50);
    fs::rename(desk.path("openroll-store/keys/identity.txt"), desk.path("officer.txt")).unwrap();
    assert_snapshot!(desk.run(&format!("{RELEASE} out")));
    desk.done(&format!("{RELEASE} out --identity officer.txt"));
    let ran = desk.run_with(("OPENROLL_IDENTITY", "officer.txt"), "key list");
    assert_eq!(ran.code, Some(0), "{ran}");
    // To another identity, by its public half.
    let other = Desk::with_roll(20);
    let text = other.read("openroll-store/keys/identity.txt");
    let recipient = text.lines().find_map(|line| line.strip_prefix("# public key: ")).unwrap();
    desk.write("other.txt", &text);
    desk.done(&format!("key seal --recipient {recipient} --identity officer.txt"));
    assert_snapshot!(desk.run("key list --identity officer.txt"));
    desk.done("key list --identity other.txt");
    desk.write("officers.pub", format!("# officers\n{recipient}\n"));
    desk.done("key seal --recipient-file officers.pub --identity other.txt");
    desk.done("key list --identity other.txt");
    assert_snapshot!(desk.run("key seal --recipient age1nobody --identity other.txt"));
    assert_snapshot!(desk.run("key seal --recipient-file other.txt --identity other.txt"));
    assert_snapshot!(desk.run("key seal --identity other.txt"));
}

#[test]
fn keys_that_are_lost() {
    let desk = Desk::with_roll(20);
    let before = fs::read(desk.path("openroll-store/keys/keyring.age")).unwrap();
    desk.done("synth --layout nc-voter --rows 20 --seed 1 --out nc");
    desk.done(
        "roll import nc/ncvoter_Statewide.zip --layout nc-voter --history nc/ncvhis_Statewide.zip --as-of 2017-06-01",
    );
    // A backup from before the second roll takes the place of the keyring.
    desk.write("openroll-store/keys/keyring.age", &before);
    let ran = desk.run("key list --format csv");
    assert_eq!(ran.code, Some(1), "{ran}");
    let lost = ran.stdout.lines().filter(|line| line.ends_with(",LOST")).count();
    assert!(lost > 20 && ran.stdout.lines().filter(|line| line.ends_with(",LOST")).all(|line| line.contains("/nc/")));
    assert_snapshot!(desk.run("roll quarantine nc-"));
    // The other roll is as well as before.
    desk.done(&format!("{RELEASE} out"));
    fs::remove_file(desk.path("openroll-store/keys/keyring.age")).unwrap();
    assert_snapshot!(desk.run(&format!("{RELEASE} again")));
    desk.write("openroll-store/keys/keyring.age", "no keyring");
    assert_snapshot!(desk.run(&format!("{RELEASE} again")));
}
