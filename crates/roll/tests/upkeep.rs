//! Quarantine read back, files read again with another layout, snapshots removed.

#[cfg(test)]
mod office;

use std::fs;

use office::{Office, UT_HEADER, day, reader, ut_row};
use roll::layout::Layouts;
use roll::{ImportRequest, Quarantined, ReimportError, RemoveError, Snapshot, SnapshotError};
use terms::Jurisdiction;

#[cfg(test)]
fn utah() -> Jurisdiction {
    "UT".parse().unwrap()
}

/// A line that is too short, one with a stray quote, one with a Latin-1 byte, and three sound ones.
#[cfg(test)]
fn content() -> Vec<u8> {
    let row = |id: &str| ut_row(id, "Utah", ",");
    let latin = [row("4").replace("Testa", "Te").into_bytes(), b"\n".to_vec()].concat();
    let at = latin.iter().position(|byte| *byte == b'T').unwrap();
    let mut latin = latin;
    latin.insert(at + 1, 0xe9);
    let lines = [
        UT_HEADER.to_owned(),
        row("1"),
        row("2").replace(",Provo,84601", ",Provo"),
        row("3").replace("Ida", "I\"d\"\"a"),
    ];
    let rest = [row("5"), row("6")];
    [lines.join("\n").as_bytes(), b"\n", &latin, rest.join("\n").as_bytes(), b"\n"].concat()
}

#[cfg(test)]
fn quarantined(snapshot: &Snapshot) -> Vec<Quarantined> {
    reader(snapshot).quarantine().unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn quarantine_comes_back_as_it_was_written() {
    let office = Office::new();
    let content = content();
    let snapshot = office.import("ut", &content).unwrap().snapshot;
    let lines: Vec<&[u8]> = content.split(|byte| *byte == b'\n').collect();
    let found = quarantined(&snapshot);
    let told: Vec<(u64, u64, &str, &str)> =
        found.iter().map(|line| (line.line, line.column, line.field.as_str(), line.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            (3, 36, "11/8/2016", "35 fields, expected 36"),
            (4, 3, "First Name", "quote inside an unquoted field"),
            (5, 2, "Last Name", "byte 4 of the line is not valid UTF-8"),
        ]
    );
    for line in &found {
        assert_eq!(line.raw(), lines[usize::try_from(line.line).unwrap() - 1]);
        assert!(!format!("{line:?}").contains("Main"), "a debug print shows no value");
    }
}

#[test]
fn a_damaged_quarantine_is_told_with_its_file() {
    let office = Office::new();
    let snapshot = office.import("ut", content()).unwrap().snapshot;
    let path = snapshot.path().join("quarantine.sealed");
    let said = || reader(&snapshot).quarantine().err();
    let whole = fs::read(&path).unwrap();
    for bad in [b"something else\n".as_slice(), &whole[..whole.len() - 1], b""] {
        fs::write(&path, bad).unwrap();
        assert!(matches!(said(), Some(SnapshotError::Damaged { path: named, .. }) if named == path));
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(said(), Some(SnapshotError::Read { .. })));
}

/// The layouts with Utah's file in another encoding.
#[cfg(test)]
fn latin_layouts() -> Layouts {
    let text = include_str!("../../../layouts/ut.toml");
    let latin =
        text.replacen("encoding = \"utf-8\"", "encoding = \"latin-1\"", 1).replacen("mark = true", "mark = false", 1);
    assert_ne!(latin, text);
    Layouts::parse([("ut.toml", latin.as_str())]).unwrap()
}

#[test]
fn a_better_layout_reads_what_stood_in_quarantine() {
    let office = Office::new();
    let file = office.file("ut.csv", content());
    let before = office.keep(&office.request("ut", vec![file.clone()])).unwrap().snapshot;
    let renamed = office.folder.path().join("renamed.csv");
    fs::rename(&file, &renamed).unwrap();
    let files = [renamed];
    let again = office.store.reimport(&before, (&office.layouts, None), &files, &mut office.vault(), &()).unwrap();
    assert!(!again.imported.is_new);
    assert_eq!((again.quarantined_before, again.quarantined_now, again.read_now, again.refused_now), (3, 3, 0, 0));

    let better = office.store.reimport(&before, (&latin_layouts(), None), &files, &mut office.vault(), &()).unwrap();
    assert!(better.imported.is_new);
    assert_eq!((better.quarantined_before, better.quarantined_now, better.read_now, better.refused_now), (3, 2, 1, 0));
    let after = better.imported.snapshot;
    assert_eq!(after.manifest().as_of, before.manifest().as_of);
    assert_eq!(office.store.snapshots(utah()).unwrap().len(), 2);

    // And back: what Latin-1 reads, UTF-8 refuses.
    let back = office.store.reimport(&after, (&office.layouts, None), &files, &mut office.vault(), &()).unwrap();
    assert_eq!((back.imported.is_new, back.read_now, back.refused_now), (false, 0, 1));
}

#[test]
fn only_the_files_of_the_snapshot_are_read_again() {
    let office = Office::new();
    let snapshot = office.import("ut", content()).unwrap().snapshot;
    let other = office.file("other.csv", format!("{UT_HEADER}\n{}\n", ut_row("9", "Utah", ",")));
    let error =
        office.store.reimport(&snapshot, (&office.layouts, None), &[other], &mut office.vault(), &()).unwrap_err();
    assert!(matches!(error, ReimportError::NotASource { .. }), "{error}");
    let error = office.store.reimport(&snapshot, (&office.layouts, None), &[], &mut office.vault(), &()).unwrap_err();
    assert!(matches!(&error, ReimportError::MissingSource { name, .. } if name == "roll.txt"), "{error}");
    let error = office
        .store
        .reimport(&snapshot, (&office.layouts, Some("nc-voter")), &[], &mut office.vault(), &())
        .unwrap_err();
    assert!(matches!(error, ReimportError::OtherJurisdiction { .. }), "{error}");
    assert_eq!(office.store.snapshots(utah()).unwrap().len(), 1);
}

#[test]
fn a_removed_snapshot_leaves_a_record() {
    let office = Office::new();
    let file = office.file("ut.csv", content());
    let request = || office.request("ut", vec![file.clone()]);
    let snapshot = office.keep(&request()).unwrap().snapshot;
    let id = snapshot.manifest().snapshot.clone();
    let digest = snapshot.digest();
    let files = [file.clone()];
    assert_eq!(office.store.removed_with(utah(), &files).unwrap(), None);
    let removed = office.store.remove(utah(), &id, " withdrawn ", day("2017-07-03")).unwrap();
    assert_eq!((removed.snapshot.as_str(), removed.digest.as_str()), (id.as_str(), digest));
    assert_eq!(removed.counts, snapshot.manifest().counts);
    assert_eq!(removed.removals.len(), 1);
    assert_eq!(removed.removals[0].reason, "withdrawn");
    assert_eq!(office.stored(), [format!("rolls/ut/removed/{id}.json")]);
    assert!(office.store.snapshots(utah()).unwrap().is_empty());
    assert_eq!(office.store.removed(utah()).unwrap(), std::slice::from_ref(&removed));
    assert_eq!(office.store.removed_with(utah(), &files).unwrap(), Some(removed));
    // Other files, and those files with others beside them, are another delivery.
    let other = office.file("other.csv", format!("{UT_HEADER}\n{}\n", ut_row("9", "Utah", ",")));
    assert_eq!(office.store.removed_with(utah(), std::slice::from_ref(&other)).unwrap(), None);
    assert_eq!(office.store.removed_with(utah(), &[file.clone(), other]).unwrap(), None);
    assert_eq!(office.store.removed_with(utah(), &[]).unwrap(), None);

    let again = office.keep(&request()).unwrap();
    assert!(again.is_new);
    assert_eq!(again.snapshot.digest(), digest);
    assert!(office.store.removed(utah()).unwrap().is_empty(), "it is there again");
    let removed = office.store.remove(utah(), &id, "superseded", day("2017-08-01")).unwrap();
    let reasons: Vec<&str> = removed.removals.iter().map(|removal| removal.reason.as_str()).collect();
    assert_eq!(reasons, ["withdrawn", "superseded"]);
}

#[test]
fn what_is_not_removed() {
    let office = Office::new();
    let snapshot = office.import("ut", content()).unwrap().snapshot;
    let id = &snapshot.manifest().snapshot;
    let remove = |id: &str, reason: &str| office.store.remove(utah(), id, reason, day("2017-07-03")).unwrap_err();
    let before = office.stored();
    assert!(matches!(remove(id, " "), RemoveError::Reason));
    assert!(matches!(remove(id, &"x".repeat(roll::REASON_BYTES_MAX + 1)), RemoveError::Reason));
    assert!(matches!(remove("ut-2018", "withdrawn"), RemoveError::Snapshot(SnapshotError::Missing { .. })));
    assert!(matches!(remove(&format!("../ut/{id}"), "withdrawn"), RemoveError::Snapshot(_)));
    assert_eq!(office.stored(), before);
    // A record that cannot be read is not written over.
    let record = office.store.path().join(format!("rolls/ut/removed/{id}.json"));
    fs::create_dir_all(record.parent().unwrap()).unwrap();
    fs::write(&record, "{}").unwrap();
    assert!(matches!(remove(id, "withdrawn"), RemoveError::Damaged { .. }));
    assert_eq!(fs::read_to_string(&record).unwrap(), "{}");
    assert_eq!(office.store.snapshots(utah()).unwrap().len(), 1);
    assert!(matches!(office.store.removed(utah()), Err(RemoveError::Damaged { .. })));
}

/// The process may die between record and removal: the snapshot is still there, and nothing says that it is gone.
#[test]
fn a_record_of_a_snapshot_that_is_there_is_no_removal() {
    let office = Office::new();
    let file = office.file("ut.csv", content());
    let snapshot = office.keep(&office.request("ut", vec![file.clone()])).unwrap().snapshot;
    let id = &snapshot.manifest().snapshot;
    office.store.remove(utah(), id, "withdrawn", day("2017-07-03")).unwrap();
    let request = ImportRequest::new(&office.layouts, "ut", vec![file.clone()], day("2017-06-30"));
    office.keep(&request).unwrap();
    assert!(office.store.removed(utah()).unwrap().is_empty());
    assert_eq!(office.store.removed_with(utah(), &[file]).unwrap(), None);
}
