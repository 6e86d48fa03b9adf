//! A disk that fills up at some point: the message names the file, and nothing half-written is to be seen.

use insta::assert_snapshot;

use crate::desk::{Desk, Ran};

/// Blocks of 512 bytes in the shell that POSIX describes, of 1,024 in some others; either way files of the tests are
/// larger than the smallest limits.
const LIMITS: [u32; 6] = [0, 1, 8, 20, 60, 200];

/// Runs a command at each limit; where it fails, it fails clearly and leaves the folder as it was.
fn fails_clearly(desk: &Desk, words: &str) -> Vec<Ran> {
    let before = files(desk);
    let mut failed = Vec::new();
    for limit in LIMITS {
        let ran = desk.run_on_full_disk(limit, words);
        // A comparison that differs is done as well.
        if matches!(ran.code, Some(0 | 1)) {
            desk.remove("changes");
            continue;
        }
        assert_eq!(ran.code, Some(3), "at {limit} blocks\n{ran}");
        assert!(ran.stderr.contains("File too large"), "at {limit} blocks\n{ran}");
        assert!(ran.stderr.contains('`') && ran.stderr.contains("help: "), "at {limit} blocks\n{ran}");
        assert!(ran.stdout.is_empty(), "at {limit} blocks\n{ran}");
        assert_eq!(files(desk), before, "at {limit} blocks\n{ran}");
        failed.push(ran);
    }
    assert!(failed.len() >= 3, "only {} of {} limits were too small", failed.len(), LIMITS.len());
    failed
}

/// Every file below the desk, hidden ones too, but for the keys: those that were made stay for the next attempt.
fn files(desk: &Desk) -> Vec<String> {
    let is_kept = |name: &String| !name.ends_with('/') && !name.starts_with("openroll-store/keys/");
    desk.names(".").into_iter().filter(is_kept).collect()
}

#[test]
fn synth() {
    let desk = Desk::new();
    let failed = fails_clearly(&desk, "synth --layout ut --rows 2000 --seed 1 --out roll");
    assert_snapshot!(failed[2]);
    desk.done("synth --layout ut --rows 2000 --seed 1 --out roll");
}

#[test]
fn import() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 2000 --seed 1 --out roll");
    desk.done("roll import roll/ut_voters.csv --layout ut --as-of 2017-05-01");
    let import = "roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01";
    let failed = fails_clearly(&desk, import);
    assert_snapshot!(failed[1]);
    desk.done(import);
}

/// Where the very first key cannot be kept, nothing is encrypted under it.
#[test]
fn first_import() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 2000 --seed 1 --out roll");
    let import = "roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01";
    let failed = fails_clearly(&desk, import);
    assert_snapshot!(failed[1]);
    assert!(!failed[0].stderr.contains("keyring.age"), "the identity comes first\n{}", failed[0]);
    desk.done(import);
}

#[test]
fn release() {
    let desk = Desk::with_roll(2000);
    let release = "release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out";
    let failed = fails_clearly(&desk, release);
    assert_snapshot!(failed[2]);
    desk.done(release);
    desk.done("verify out");
}

#[test]
fn comparison() {
    let desk = Desk::new();
    for seed in [1, 2] {
        desk.done(&format!("synth --layout ut --rows 2000 --seed {seed} --out roll-{seed}"));
        desk.done(&format!("roll import roll-{seed}/ut_voters.csv --layout ut --as-of 2017-06-0{seed}"));
    }
    let diff = "roll diff ut-2017-06-01 ut-2017-06-02 --out changes";
    let failed = fails_clearly(&desk, diff);
    assert_snapshot!(failed[1]);
}
