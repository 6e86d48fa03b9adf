//! Whatever the bytes: no reader panics, every line is accounted for, and a refusal leaves the store empty.

#[cfg(test)]
mod office;

use std::path::Path;

use miette::Diagnostic;
use office::edit::{edited, edits};
use office::{Office, UT_HEADER, archive, day, row_of, ut_row};
use proptest::prelude::*;
use proptest::sample::select;
use roll::{ImportError, Imported, Layout, ListError, Protections};

const NC_HEADER: &str = include_str!("nc-voter-header.txt");
const NC_HISTORY_HEADER: &str = include_str!("nc-history-header.txt");
const LIST: &str = "voter_id,ground,since,until\n1,judge,2017-01-01,\n2,safety_risk,2016-05-01,2018-01-01\n";

/// Rows of a table, some whole and some not, and bytes between them.
fn body(row: String) -> impl Strategy<Value = Vec<u8>> {
    let broken = {
        let row = row.clone();
        edits().prop_map(move |edits| edited(&row, &edits))
    };
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        select(vec!["\n", "\r\n", "\"", ",", "\t"]).prop_map(|text| text.as_bytes().to_vec()),
        Just(format!("{row}\n").into_bytes()),
        broken,
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn nc_row(header: &str, values: &[(&str, &str)]) -> String {
    let cell = |name: &str| values.iter().find(|(column, _)| *column == name).map_or("", |(_, value)| *value);
    header.trim_end().split('\t').map(|name| format!("\"{}\"", cell(name))).collect::<Vec<_>>().join("\t")
}

fn nc_voter() -> String {
    nc_row(NC_HEADER, &[("ncid", "AA12"), ("county_desc", "ALAMANCE"), ("last_name", "TESTA")])
}

fn nc_vote() -> String {
    let name = ("election_desc", "11/08/2016 GENERAL");
    nc_row(NC_HISTORY_HEADER, &[("ncid", "AA12"), ("election_lbl", "11/08/2016"), name])
}

/// Rows after the header, with the empty lines told apart; a last line without an end counts.
fn lines(content: &[u8]) -> u64 {
    let lines = content.split(|byte| *byte == b'\n').count() as u64;
    lines - 1 - u64::from(content.last().is_none_or(|byte| *byte == b'\n'))
}

/// What was imported is whole and accounts for every row; what was refused left nothing.
fn reconciles(office: &Office, imported: Result<Imported, ImportError>) -> Result<Option<Imported>, TestCaseError> {
    let Ok(imported) = imported else {
        prop_assert!(office.stored().is_empty(), "left {:?}", office.stored());
        return Ok(None);
    };
    let manifest = imported.snapshot.manifest();
    for source in &manifest.sources {
        prop_assert_eq!(source.rows_stored + source.rows_quarantined, source.rows_read);
    }
    let stored: u64 = manifest.sources.iter().map(|source| source.rows_stored).sum();
    let counts = manifest.counts;
    prop_assert_eq!(manifest.sources.iter().map(|source| source.rows_quarantined).sum::<u64>(), counts.quarantined);
    if manifest.history_layout.is_some() {
        prop_assert_eq!(stored, counts.voters + counts.participations + counts.participations_unmatched);
    } else {
        prop_assert_eq!(stored, counts.voters);
    }
    prop_assert!(imported.snapshot.verify().is_ok());
    Ok(Some(imported))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn voter_files_of_two_states(
        (layout, header, body) in prop_oneof![
            body(ut_row("5", "Cache", ",")).prop_map(|body| ("ut", format!("{UT_HEADER}\n{}\n", ut_row("1", "Utah", ",")), body)),
            body(nc_voter()).prop_map(|body| ("nc-voter", format!("{NC_HEADER}{}\n", nc_voter()), body)),
        ],
        block in 1_usize..400,
    ) {
        let office = Office::new();
        let content = [header.into_bytes(), body].concat();
        let file = office.file("roll.txt", &content);
        let imported = office.keep(&office.request(layout, vec![file]).with_block_bytes(block));
        // The first row is whole, so whatever follows cannot make the delivery worthless.
        let imported = reconciles(&office, imported)?.expect("a delivery with a whole row is imported");
        let source = &imported.snapshot.manifest().sources[0];
        prop_assert_eq!(source.rows_read + source.lines_empty, lines(&content));
    }

    #[test]
    fn history_files(body in body(nc_vote()), block in 1_usize..400) {
        let office = Office::new();
        let content = [format!("{NC_HISTORY_HEADER}{}\n", nc_vote()).into_bytes(), body].concat();
        let voters = office.file("voters.txt", format!("{NC_HEADER}{}\n", nc_voter()));
        let history = office.file("history.txt", &content);
        let request = office.request("nc-voter", vec![voters]).with_history(vec![history]).with_block_bytes(block);
        let imported = reconciles(&office, office.keep(&request))?.expect("a history with a whole row");
        let source = &imported.snapshot.manifest().sources[1];
        prop_assert_eq!(source.rows_read + source.lines_empty, lines(&content));
    }

    #[test]
    fn files_without_a_known_beginning(
        layout in select(vec!["ut", "nc-voter"]),
        content in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            edits().prop_map(|edits| edited(format!("\u{feff}{UT_HEADER}\r\n{}\r\n", ut_row("1", "Utah", ",")), &edits)),
            edits().prop_map(|edits| edited(format!("{NC_HEADER}{}\n", nc_voter()), &edits)),
        ],
    ) {
        let office = Office::new();
        reconciles(&office, office.import(layout, content))?;
    }

    #[test]
    fn archives_changed_in_some_places(edits in edits()) {
        let content = format!("{UT_HEADER}\n{}\n", ut_row("1", "Utah", ","));
        let packed = archive(&[("__MACOSX/._ut.csv", b"\0"), ("ut.csv", content.as_bytes())]);
        let office = Office::new();
        if let Some(imported) = reconciles(&office, office.import("ut", edited(packed, &edits)))? {
            // The archive's own checksum holds the content together.
            prop_assert_eq!(imported.snapshot.manifest().counts.voters, 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn lists_of_protections(
        bytes in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            edits().prop_map(|edits| edited(LIST, &edits)),
            prop::collection::vec(any::<u8>(), 0..80).prop_map(|tail| [LIST.as_bytes(), &tail].concat()),
        ],
    ) {
        let lines = bytes.split(|byte| *byte == b'\n').count();
        match Protections::parse(Path::new("list.csv"), &bytes) {
            Ok(list) => prop_assert!(list.len() < lines),
            Err(ListError::Line { line, column, .. }) => {
                prop_assert!((1..=lines).contains(&line) && (1..=4).contains(&column), "{line}, {column}");
            }
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn lists_of_canaries(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let office = Office::new();
        let utah = "UT".parse().unwrap();
        match office.store.import_canaries(utah, &office.file("canaries.txt", &bytes), &mut office.vault()) {
            Ok(kept) => prop_assert_eq!(office.store.canaries(utah, &office.vault()).unwrap().len(), kept.entries),
            Err(_) => prop_assert!(office.stored().is_empty()),
        }
    }

    #[test]
    fn layout_files(
        good in select(vec![
            include_str!("../../../layouts/ut.toml"),
            include_str!("../../../layouts/nc-voter.toml"),
            include_str!("../../../layouts/nc-history.toml"),
        ]),
        edits in edits(),
    ) {
        let text = String::from_utf8_lossy(&edited(good, &edits)).into_owned();
        match Layout::parse("state.toml", &text) {
            Ok(layout) => prop_assert!(layout.column_to("voter_id").is_some()),
            Err(error) => {
                let label = error.labels().and_then(|mut labels| labels.next()).expect("a place");
                let place = text.get(label.offset()..label.offset() + label.len());
                prop_assert!(place.is_some(), "the place {label:?} is not in the text");
            }
        }
    }
}

#[test]
fn the_longest_line_and_the_longest_voter_number() {
    let rows = [row_of("1", 7_999), row_of("2", 8_000), row_of("3", 8_001)];
    let ids = [23, 24, 25].map(|length| ut_row(&"9".repeat(length), "Utah", ","));
    let content = format!("{UT_HEADER}\n{}\n{}\n", rows.join("\n"), ids.join("\r\n"));
    let office = Office::new();
    let snapshot = office.import("ut", content).unwrap().snapshot;
    assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.quarantined), (4, 2));
    let quarantine = office::quarantine(&snapshot);
    let said: Vec<&str> = quarantine.lines().skip(1).map(|line| line.split(",\"").nth(2).unwrap()).collect();
    assert_eq!(said, ["line is longer than 8000 bytes\"", "voter number is longer than 24 bytes\""]);
}

#[test]
fn the_shortest_canary_and_the_largest_list() {
    let office = Office::new();
    let utah = "UT".parse().unwrap();
    for (token, is_kept) in [("QZX-1", false), ("QZX-12", true), ("QZX-123", true)] {
        let file = office.file("canaries.txt", token);
        assert_eq!(office.store.import_canaries(utah, &file, &mut office.vault()).is_ok(), is_kept, "{token}");
    }
    let path = office.file("list.csv", "");
    for (bytes, is_too_large) in [(-1, false), (0, false), (1, true)] {
        let file = std::fs::File::create(&path).unwrap();
        // Without content, so that it takes no space; what is not too large is refused for its header.
        file.set_len(roll::LIST_BYTES_MAX.checked_add_signed(bytes).unwrap()).unwrap();
        let error = office.store.import_protections(utah, &path, day("2017-06-30"), &mut office.vault()).unwrap_err();
        assert_eq!(matches!(error, ListError::TooLarge { .. }), is_too_large, "{error}");
    }
}
