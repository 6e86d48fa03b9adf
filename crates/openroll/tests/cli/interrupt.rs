//! Ctrl-C and sudden death in the middle of the work: the old state or the new one, and the next run succeeds.

use std::process::{Child, Command};
use std::time::Duration;

use crate::desk::{Desk, Ran};

/// Large enough that the work goes on for a while after its folder in the making has appeared.
const ROWS: u32 = 30_000;

/// What is waited for before the blow: a file or folder in the making whose path contains this.
fn wait_for(desk: &Desk, child: &mut Child, part: &str) {
    loop {
        if desk.names(".").iter().any(|name| name.contains(".staging-") && name.contains(part)) {
            return;
        }
        assert!(child.try_wait().unwrap().is_none(), "the command ended before `{part}` was seen");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Starts a command, waits for a sign of work, and sends a signal.
fn struck(desk: &Desk, words: &str, part: &str, signal: &str) -> Ran {
    let mut child = desk.start(words);
    wait_for(desk, &mut child, part);
    let sent = Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status().unwrap();
    assert!(sent.success());
    desk.ran(words, &child.wait_with_output().unwrap())
}

/// Paths that are in the making.
fn staged(desk: &Desk) -> Vec<String> {
    desk.names(".").into_iter().filter(|name| name.contains(".staging-")).collect()
}

/// Everything below the desk but what is in the making, and the keys that were made before.
fn visible(desk: &Desk) -> Vec<String> {
    let is_key = |name: &String| name.starts_with("openroll-store/keys/");
    let is_visible = |name: &String| !name.contains(".staging-") && !name.ends_with('/') && !is_key(name);
    desk.names(".").into_iter().filter(is_visible).collect()
}

const IMPORT: &str = "roll import state-file/ut_voters.csv --layout ut --as-of 2017-06-01";
const RELEASE: &str = "release complete.toml --to UT --as-of 2017-06-30 --roll ut-2017 --out out";

#[test]
fn ctrl_c_during_an_import() {
    let desk = Desk::new();
    desk.done(&format!("synth --layout ut --rows {ROWS} --seed 1 --out state-file"));
    let before = visible(&desk);
    for part in ["", "content"] {
        let ran = struck(&desk, IMPORT, part, "INT");
        assert_eq!(ran.code, Some(130), "{ran}");
        assert!(ran.stdout.is_empty() && !ran.stderr.contains("panicked"), "{ran}");
        assert_eq!(visible(&desk), before);
        assert_eq!(staged(&desk), [""; 0]);
    }
    desk.done(IMPORT);
    assert!(desk.done("roll list --format csv").stdout.lines().count() == 2);
}

#[test]
fn sudden_death_during_an_import() {
    let desk = Desk::new();
    desk.done(&format!("synth --layout ut --rows {ROWS} --seed 1 --out state-file"));
    let before = visible(&desk);
    let ran = struck(&desk, IMPORT, "content", "KILL");
    assert_eq!(ran.code, None, "{ran}");
    assert_eq!(visible(&desk), before);
    assert!(!staged(&desk).is_empty());
    assert_eq!(desk.done("roll list --format csv").stdout.lines().count(), 1);
    desk.done(IMPORT);
    assert_eq!(staged(&desk), [""; 0]);
}

#[test]
fn ctrl_c_during_a_release() {
    let desk = Desk::with_roll(ROWS);
    let before = visible(&desk);
    for part in ["out-", "extract.csv"] {
        let ran = struck(&desk, RELEASE, part, "INT");
        assert_eq!(ran.code, Some(130), "{ran}");
        assert!(ran.stdout.is_empty() && !ran.stderr.contains("panicked"), "{ran}");
        assert_eq!(visible(&desk), before);
        assert_eq!(staged(&desk), [""; 0]);
    }
    desk.done(RELEASE);
    desk.done("verify out");
}

#[test]
fn sudden_death_during_a_release() {
    let desk = Desk::with_roll(ROWS);
    let before = visible(&desk);
    let ran = struck(&desk, RELEASE, "extract.csv", "KILL");
    assert_eq!(ran.code, None, "{ran}");
    assert_eq!(visible(&desk), before);
    assert!(!staged(&desk).is_empty());
    desk.done(RELEASE);
    assert_eq!(staged(&desk), [""; 0]);
    desk.done("verify out");
}

/// Whenever the blow falls, also at the very end: either all of the release is there or nothing of it.
#[test]
fn ctrl_c_late_in_a_release() {
    let desk = Desk::with_roll(500);
    let before = visible(&desk);
    for part in ["extract.parquet", "letter.html", "manifest.json"] {
        let mut child = desk.start(RELEASE);
        while child.try_wait().unwrap().is_none() {
            if staged(&desk).iter().any(|name| name.contains(part)) {
                Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
                break;
            }
        }
        let ran = desk.ran(RELEASE, &child.wait_with_output().unwrap());
        assert!(matches!(ran.code, Some(0 | 130)), "{ran}");
        assert_eq!(staged(&desk), [""; 0]);
        if desk.path("out").exists() {
            desk.done("verify out");
            std::fs::remove_dir_all(desk.path("out")).unwrap();
            std::fs::remove_dir_all(desk.path("openroll-store/records")).unwrap();
        }
        // An office record may stand for a release that was stopped just before it appeared.
        let rest: Vec<String> = visible(&desk).into_iter().filter(|name| !name.contains("/records/")).collect();
        assert_eq!(rest, before);
    }
}

const DIFF: &str = "roll diff ut-2017-06-01 ut-2017-06-02 --out changes";

#[test]
fn a_comparison_that_is_struck_leaves_nothing_or_all() {
    let desk = Desk::new();
    for seed in [1, 2] {
        desk.done(&format!("synth --layout ut --rows {ROWS} --seed {seed} --out roll-{seed}"));
        desk.done(&format!("roll import roll-{seed}/ut_voters.csv --layout ut --as-of 2017-06-0{seed}"));
    }
    let before = visible(&desk);
    let ran = struck(&desk, DIFF, "content", "INT");
    assert_eq!(ran.code, Some(130), "{ran}");
    assert!(ran.stdout.is_empty() && !ran.stderr.contains("panicked"), "{ran}");
    assert_eq!((visible(&desk), staged(&desk)), (before.clone(), vec![]));
    let ran = struck(&desk, DIFF, "content", "KILL");
    assert_eq!(ran.code, None, "{ran}");
    assert_eq!(visible(&desk), before);
    assert!(!staged(&desk).is_empty());
    assert_eq!(desk.run(DIFF).code, Some(1));
    assert_eq!(staged(&desk), [""; 0]);
    assert_eq!(desk.names("changes"), ["changes-00000.parquet", "diff.json"]);
}

/// Whenever the blow falls: the snapshot is there, or it is gone and a record says why.
#[test]
fn sudden_death_during_a_removal() {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 2000 --seed 1 --out state-file");
    let id = desk.done(IMPORT).stdout.trim_end().to_owned();
    for _ in 0..20 {
        let mut child = desk.start("roll remove ut-2017 --reason withdrawn");
        while child.try_wait().unwrap().is_none() && !desk.path("openroll-store/rolls/ut/removed").exists() {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        let is_there = desk.path(&format!("openroll-store/rolls/ut/{id}/manifest.json")).exists();
        let listed = desk.done("--quiet roll list --format csv").stdout.lines().count() == 2;
        let removed = desk.done("--quiet roll list --removed --format csv").stdout.lines().count() == 2;
        assert_eq!((listed, removed), (is_there, !is_there));
        desk.done(&format!("{IMPORT} --again"));
        std::fs::remove_dir_all(desk.path("openroll-store/rolls/ut/removed")).unwrap();
    }
    desk.done("roll remove ut-2017 --reason withdrawn");
    assert!(desk.names("openroll-store/rolls/ut").iter().all(|name| !name.contains(".removed-")));
}
