//! What holds for every delivery.

#[cfg(test)]
mod office;

use std::collections::HashMap;
use std::fs;
use std::sync::{Mutex, PoisonError};

use office::{Office, UT_HEADER, bytes, content, held, quarantine, reader, rows, ut_row, voters};
use proptest::prelude::*;
use roll::{Progress, Snapshot, Stage};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever follows the header: every line is stored, in quarantine, or empty.
    #[test]
    fn every_line_of_arbitrary_bytes_is_accounted_for(
        pieces in prop::collection::vec(prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            Just(b"\n".to_vec()), Just(b"\"".to_vec()), Just(b",".to_vec()), Just(b"\r\n".to_vec()),
            Just(ut_row("5", "Cache", ",").into_bytes()),
        ], 0..40),
        block in 1_usize..400,
    ) {
        let office = Office::new();
        let mut content = format!("{UT_HEADER}\n{}\n", ut_row("1", "Utah", ",")).into_bytes();
        content.extend(pieces.concat());
        let lines = content.split(|byte| *byte == b'\n').skip(1).collect::<Vec<_>>();
        let trailing = usize::from(lines.last().is_some_and(|line| line.is_empty()));
        let file = office.file("roll.txt", &content);
        let request = office.request("ut", vec![file]).with_block_bytes(block);
        let snapshot = office.keep(&request).unwrap().snapshot;
        let source = &snapshot.manifest().sources[0];
        prop_assert_eq!(source.rows_stored + source.rows_quarantined, source.rows_read);
        prop_assert_eq!(source.rows_read + source.lines_empty, (lines.len() - trailing) as u64);
        prop_assert_eq!(voters(&snapshot, 0).num_rows() as u64, source.rows_stored);
    }

    /// Blocks of every size, read by several threads, give the snapshot that one block gives.
    #[test]
    fn the_snapshot_does_not_depend_on_blocks(ids in prop::collection::vec(any::<u16>(), 1..60), block in 1_usize..3000) {
        let office = Office::new();
        let (one, other) = (Office::new(), Office::new());
        let file = office.file("roll.txt", content(&ids));
        let whole = office.request("ut", vec![file.clone()]).with_block_bytes(usize::MAX);
        let cut = office.request("ut", vec![file]).with_block_bytes(block);
        let whole = one.keep(&whole).unwrap().snapshot;
        let cut = other.keep(&cut).unwrap().snapshot;
        prop_assert_eq!(held(&whole), held(&cut));
    }

    /// The order of lines changes nothing but the line numbers.
    #[test]
    fn the_order_of_lines_does_not_matter(
        (ids, shuffled) in prop::collection::hash_set(any::<u16>(), 1..60)
            .prop_map(|set| set.into_iter().filter(|id| *id != 1).collect::<Vec<u16>>())
            .prop_flat_map(|ids| (Just(ids.clone()), Just(ids).prop_shuffle())),
    ) {
        let (one, other) = (Office::new(), Office::new());
        let first = one.import("ut", content(&ids)).unwrap().snapshot;
        let second = other.import("ut", content(&shuffled)).unwrap().snapshot;
        let without = ["source_row"];
        prop_assert_eq!(rows(&voters(&first, 0), &without), rows(&voters(&second, 0), &without));
        let participations = |snapshot: &Snapshot| rows(&office::participations(snapshot, 0), &without);
        prop_assert_eq!(participations(&first), participations(&second));
    }
}

#[test]
fn the_snapshot_does_not_depend_on_the_number_of_threads() {
    let ids: Vec<u16> = (2..2000).collect();
    let office = Office::new();
    let file = office.file("roll.txt", content(&ids));
    let request = office.request("ut", vec![file]).with_block_bytes(10_000);
    let import = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let office = Office::new();
        held(&pool.install(|| office.keep(&request)).unwrap().snapshot)
    };
    assert_eq!(import(1), import(7));
}

/// Remembers how far each stage came.
#[derive(Default)]
struct Heard(Mutex<HashMap<String, (u64, u64)>>);

impl Progress for Heard {
    fn advance(&self, stage: Stage, done: u64, total: u64) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = heard.get(&format!("{stage:?}")).map_or(0, |(done, _)| *done);
        heard.insert(format!("{stage:?}"), (done.max(before), total));
    }
}

#[test]
fn every_stage_is_heard_until_its_end() {
    let office = Office::new();
    let ids: Vec<u16> = (2..500).collect();
    let file = office.file("roll.txt", content(&ids));
    let size = fs::metadata(&file).unwrap().len();
    let heard = Heard::default();
    let snapshot = office.keep_heard(&office.request("ut", vec![file]), &heard).unwrap().snapshot;
    let heard = heard.0.into_inner().unwrap();
    let (rows, body) = (snapshot.manifest().counts.voters, size - UT_HEADER.len() as u64 - 1);
    assert_eq!((heard["Reading"], heard["Writing"]), ((size, size), (rows, rows)));
    assert_eq!(heard["Checking"], (body, body));
}

#[test]
fn one_broken_row_in_a_hundred_lands_in_quarantine() {
    let office = Office::new();
    let lines: Vec<String> = (0..2000)
        .map(|n| (n, ut_row(&format!("{n:05}"), "Utah", ",")))
        .map(|(n, row)| if n % 100 == 50 { row.replace("Provo,84601", "Provo") } else { row })
        .collect();
    let snapshot = office.import("ut", format!("{UT_HEADER}\n{}\n", lines.join("\n"))).unwrap().snapshot;
    let counts = snapshot.manifest().counts;
    assert_eq!((counts.voters, counts.quarantined), (1980, 20));
    assert_eq!(quarantine(&snapshot).lines().count(), 21);
    assert!(quarantine(&snapshot).contains("\"roll.txt\",52,36,\"11/8/2016\",\"35 fields, expected 36\",\"00050,"));
}

#[test]
fn a_second_import_changes_nothing() {
    let office = Office::new();
    let content = content(&[2, 3, 4]);
    let first = office.import("ut", &content).unwrap();
    let before = bytes(&first.snapshot);
    let second = office.import("ut", &content).unwrap();
    assert!(first.is_new && !second.is_new);
    assert_eq!(second.snapshot.manifest().snapshot, first.snapshot.manifest().snapshot);
    assert_eq!(bytes(&second.snapshot), before);
    // Another day is another snapshot of the same roll.
    let file = office.file("roll.txt", &content);
    let later = roll::ImportRequest::new(&office.layouts, "ut", vec![file], office::day("2017-07-31"));
    assert!(office.keep(&later).unwrap().is_new);
    let utah = "UT".parse().unwrap();
    let ids: Vec<String> =
        office.store.snapshots(utah).unwrap().iter().map(|snapshot| snapshot.manifest().as_of.to_string()).collect();
    assert_eq!(ids, ["2017-06-30", "2017-07-31"]);
    let id = &first.snapshot.manifest().snapshot;
    assert_eq!(office.store.snapshot(utah, id).unwrap().digest(), first.snapshot.digest());
    assert!(office.store.snapshot(utah, &format!("../ut/{id}")).is_err());
}

#[test]
fn the_digest_follows_every_file() {
    let (one, other) = (Office::new(), Office::new());
    let first = one.import("ut", content(&[2, 3, 4])).unwrap().snapshot;
    let second = other.import("ut", content(&[2, 3, 5])).unwrap().snapshot;
    assert_ne!(first.digest(), second.digest());
    for file in &first.manifest().files {
        let bytes = fs::read(first.path().join(&file.name)).unwrap();
        assert_eq!(bytes.len() as u64, file.bytes, "{}", file.name);
    }
    assert_eq!(first.manifest().files.len() + 1, fs::read_dir(first.path()).unwrap().count());
}

#[test]
fn a_damaged_snapshot_is_told_with_its_file() {
    let office = Office::new();
    let snapshot = office.import("ut", content(&[2])).unwrap().snapshot;
    let part = snapshot.path().join("voter-00000.parquet");
    let whole = fs::read(&part).unwrap();
    fs::write(&part, &whole[..whole.len() / 2]).unwrap();
    let error = reader(&snapshot).read_voters(0, &["voter_id"]).unwrap_err();
    assert!(error.to_string().ends_with("voter-00000.parquet` is damaged"), "{error}");
    fs::write(snapshot.path().join("manifest.json"), "{\"format\": 99}").unwrap();
    let error = Snapshot::open(snapshot.path()).unwrap_err();
    assert!(error.to_string().ends_with("has format 99, this software reads format 3"), "{error}");
}
