//! The text files of the repository, and where they stand.

use std::fs;

use crate::run::{command, root};

/// A text file that git keeps, or would keep.
pub(super) struct TextFile {
    /// Its path from the top of the repository, with `/`.
    pub(super) path: String,
    /// Its text.
    pub(super) text: String,
}

impl TextFile {
    /// Whether it is Rust.
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether it is a file of tests: under `tests/`, named `tests.rs`, a fuzz target, or the tidy test itself.
    pub(super) fn is_test(&self) -> bool {
        let path = &self.path;
        path.contains("/tests/") || path.ends_with("tests.rs") || path.starts_with("fuzz/") || path.contains("/tidy/")
    }

    /// Whether a program writes it.
    pub(super) fn is_made(&self) -> bool {
        self.path.ends_with("Cargo.lock")
    }
}

/// Every text file, in order of path. Files that are not UTF-8 are data, and left out.
pub(super) fn all() -> Vec<TextFile> {
    // A checkout may belong to another user, as on a machine that only tests it.
    let list = ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = command("git", &list).output().expect("git is installed");
    assert!(output.status.success(), "git lists the files of a checkout: {}", String::from_utf8_lossy(&output.stderr));
    let paths = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let mut paths: Vec<&str> = paths.split_terminator('\0').collect();
    paths.sort_unstable();
    let read =
        |path: &&str| Some(TextFile { path: (*path).to_owned(), text: fs::read_to_string(root().join(path)).ok()? });
    let files: Vec<TextFile> = paths.iter().filter_map(read).collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "the list of files is of this repository");
    files
}

#[test]
fn no_snapshot_waits_for_review() {
    let waiting = all().into_iter().map(|file| file.path).filter(|path| path.ends_with(".snap.new"));
    super::assert_none(&waiting.collect::<Vec<_>>());
}
