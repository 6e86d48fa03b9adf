//! A snapshot compared with its manifest.

#[cfg(test)]
mod office;

use std::fs;

use office::{Office, content, damage};
use roll::SnapshotError;

#[test]
fn one_flipped_byte_in_any_file_is_found() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2, 3, 4])).unwrap().snapshot;
    snapshot.verify().unwrap();
    let files = snapshot.manifest().files.clone();
    assert_eq!(files.len(), 4);
    for file in &files {
        let path = snapshot.path().join(&file.name);
        let good = fs::read(&path).unwrap();
        for place in [0, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[place] ^= 1;
            fs::write(&path, bad).unwrap();
            let error = snapshot.verify().unwrap_err();
            assert!(matches!(&error, SnapshotError::Damaged { path: named, .. } if *named == path), "{error}");
        }
        fs::write(&path, good).unwrap();
    }
    snapshot.verify().unwrap();
}

#[test]
fn what_is_said_of_a_damaged_a_short_and_a_missing_file() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2, 3, 4])).unwrap().snapshot;
    let path = snapshot.path().join("voter-00000.parquet");
    let good = fs::read(&path).unwrap();
    let mut bad = good.clone();
    bad[good.len() / 2] ^= 1;
    fs::write(&path, bad).unwrap();
    insta::assert_snapshot!(damage(&snapshot), @r"
    `DIR/voter-00000.parquet` is damaged
    help: a snapshot is never changed after its import; restore it, or import the delivery again
    cause: its SHA-256 is not the one that the manifest lists
    ");
    fs::write(&path, &good[..100]).unwrap();
    let said = damage(&snapshot).replace(&good.len().to_string(), "[all]");
    insta::assert_snapshot!(said, @r"
    `DIR/voter-00000.parquet` is damaged
    help: a snapshot is never changed after its import; restore it, or import the delivery again
    cause: it has 100 bytes, the manifest lists [all]
    ");
    fs::remove_file(&path).unwrap();
    insta::assert_snapshot!(damage(&snapshot), @r"
    cannot read `DIR/voter-00000.parquet`
    help: a snapshot is never changed after its import; restore it, or import the delivery again
    cause: No such file or directory (os error 2)
    ");
}
