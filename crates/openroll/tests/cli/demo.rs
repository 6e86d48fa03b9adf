//! `openroll demo`.

use insta::assert_snapshot;

use crate::desk::Desk;

#[test]
fn the_whole_story() {
    let desk = Desk::new();
    assert_snapshot!(desk.run("demo --rows 2000"));
    for release in ["commission", "journalist", "any-person", "commission-2026", "campaign-2026"] {
        desk.done(&format!("verify openroll-demo/releases/{release}"));
    }
    desk.done("decide openroll-demo/requests/commission.json --to UT --as-of 2017-06-30");
}

#[test]
fn two_runs_in_different_folders_give_the_same_bytes() {
    let (here, there) = (Desk::new(), Desk::new());
    let first = here.done("demo --rows 500 --dir a --quiet");
    let second = there.done("demo --rows 500 --dir deeper/b --quiet");
    assert_eq!(first.stdout, second.stdout);
    assert!(first.stderr.is_empty(), "{first}");
    // The rolls in the store are encrypted under keys drawn by lot.
    for part in ["releases", "requests", "state-file", "store/records"] {
        let (a, b) = (here.tree(&format!("a/{part}")), there.tree(&format!("deeper/b/{part}")));
        assert!(!a.is_empty());
        assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
        for (name, bytes) in &a {
            assert!(bytes == &b[name], "{part}/{name} differs");
        }
    }
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let desk = Desk::new();
    desk.write("openroll-demo/mine.txt", "mine");
    assert_snapshot!(desk.run("demo"));
    assert_eq!(desk.names("openroll-demo"), ["mine.txt"]);
}
