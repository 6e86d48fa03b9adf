//! A synthetic roll is read back by the reader of `roll`, and exactly its damaged lines go to quarantine.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic in a helper of a test is a failing test"
)]

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use roll::layout::Layouts;
use roll::vault::{Unlock, Vault};
use roll::{ImportRequest, Reader, Snapshot, Store};
use rows::{Row, elections, participations, voters};
use synth::{Options, Summary};

/// The voter layouts whose rolls can be made, of the ten largest states that have one, and of Utah.
const LAYOUTS: [&str; 11] =
    ["ut", "nc-voter", "oh", "fl-voter", "ga-voter", "tx-fixed", "ny", "mi-voter", "nj-voter", "ca-voter", "pa-voter"];

/// A roll, made and read back.
struct Made {
    _folder: tempfile::TempDir,
    summary: Summary,
    snapshot: Snapshot,
    store: Store,
    vault: Vault,
}

impl Made {
    /// Makes a roll, and imports every file of its folder that is one of the state's.
    fn new(layout: &str, rows: u64, broken_per_thousand: u32) -> Self {
        let layouts = Layouts::built_in().unwrap();
        let voters = layouts.get(layout).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let options = Options { broken_per_thousand, ..Options::new(voters, rows, 11).unwrap() };
        let summary = synth::write(&layouts, voters, &folder.path().join("files"), &options).unwrap();
        let store = Store::open(folder.path().join("store"));
        let files = files(&folder.path().join("files"));
        let request = ImportRequest::recognized(&layouts, files, options.as_of);
        let mut vault = store.vault_or_new(Unlock::default()).unwrap();
        let snapshot = match store.import(&request, &mut vault, &()) {
            Ok(imported) => imported.snapshot,
            Err(error) => panic!("{layout}: {error}"),
        };
        assert_eq!(snapshot.manifest().layout.id, layout);
        store.import_protections(voters.jurisdiction(), &summary.protections, options.as_of, &mut vault).unwrap();
        store.import_canaries(voters.jurisdiction(), &summary.canaries, &mut vault).unwrap();
        Self { _folder: folder, summary, snapshot, store, vault }
    }

    fn quarantine(&self) -> String {
        self.reader().quarantine().unwrap().map(|line| format!("{:?}\n", line.unwrap())).collect()
    }

    fn reader(&self) -> Reader {
        self.snapshot.reader(self.vault.all_keys(&self.snapshot).unwrap())
    }
}

/// The state's files of a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_office = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        ["protections.csv", "canaries.txt"].contains(&name)
    };
    paths.filter(|path| !is_office(path)).collect()
}

#[test]
fn every_layout_is_read_back_whole() {
    for layout in LAYOUTS {
        let made = Made::new(layout, 2_000, 0);
        let (counts, written) = (&made.snapshot.manifest().counts, &made.summary.counts);
        assert_eq!(counts.quarantined, 0, "{layout}: {}", made.quarantine());
        assert_eq!((counts.voters, counts.voters_repeated), (written.rows, 0), "{layout}");
        assert_eq!(counts.participations, written.participations, "{layout}");
        assert_eq!(counts.participations_unmatched, 0, "{layout}");
        assert!(counts.participations > 2 * counts.voters, "{layout}: {}", counts.participations);
        let rows = voters(&made.reader());
        the_protected_and_the_canaries_are_there(layout, &made, &rows);
        histories_tell_whole_elections(layout, &made.reader());
        // North Carolina's many districts of a few are not drawn.
        if layout != "nc-voter" {
            every_canonical_column_has_values(layout, &made.snapshot, &rows);
        }
    }
}

#[test]
fn exactly_the_damaged_lines_go_to_quarantine() {
    for layout in LAYOUTS {
        let made = Made::new(layout, 6_000, 15);
        let counts = &made.snapshot.manifest().counts;
        assert!(made.summary.counts.damaged > 30, "{layout}: {}", made.summary.counts.damaged);
        assert_eq!(counts.quarantined, made.summary.counts.damaged, "{layout}: {}", made.quarantine());
        assert_eq!(counts.voters, made.summary.counts.rows - made.summary.counts.damaged, "{layout}");
        assert_eq!(counts.voters_repeated, 0, "{layout}");
        let jurisdiction = made.snapshot.manifest().jurisdiction;
        assert_eq!(made.store.canaries(jurisdiction, &made.vault).unwrap().len() as u64, made.summary.counts.canaries);
        assert!(!made.store.protections(jurisdiction, None, &made.vault).unwrap().unwrap().is_empty());
    }
}

fn the_protected_and_the_canaries_are_there(layout: &str, made: &Made, rows: &[Row]) {
    let list = fs::read_to_string(&made.summary.protections).unwrap();
    let protected: BTreeSet<&str> = list.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    let ids: BTreeSet<&str> = rows.iter().map(|row| row["voter_id"].as_str()).collect();
    assert_eq!(protected.difference(&ids).count(), 0, "{layout}");
    let tokens = fs::read_to_string(&made.summary.canaries).unwrap();
    let mut found = BTreeSet::new();
    for row in rows {
        let own: BTreeSet<&str> =
            tokens.lines().filter(|token| row.values().any(|value| value.contains(token))).collect();
        assert!(own.len() <= 1, "{layout}");
        assert!(own.is_empty() || protected.contains(row["voter_id"].as_str()), "{layout}");
        found.extend(own);
    }
    assert_eq!(found, tokens.lines().collect(), "{layout}");
}

fn histories_tell_whole_elections(layout: &str, roll: &Reader) {
    let mut ballots: BTreeMap<String, usize> = BTreeMap::new();
    for row in participations(roll) {
        assert!(!row.get("field_state").is_some_and(|state| state.contains("election_id")), "{layout}");
        *ballots.entry(row["election_id"].clone()).or_default() += 1;
    }
    let held = elections(roll);
    assert!(held.len() > 8, "{layout}: {}", held.len());
    let has_kinds = !["ut", "nc-voter", "mi-voter"].contains(&layout);
    for row in &held {
        assert_eq!(row["date_precision"], "day", "{layout}");
        assert!(!has_kinds || row["kind"] != "unknown", "{layout}: {}", row["election_id"]);
    }
    // The election of a president has more ballots than any other of its year.
    let (year, day) = if layout == "ut" { ("2016", "2016-11-08") } else { ("2020", "2020-11-03") };
    let of_year = ballots.iter().filter(|(id, _)| id.contains(year));
    let most = of_year.max_by_key(|(_, count)| **count).unwrap();
    assert!(most.0.contains(day) && *most.1 > 600, "{layout}: {most:?}");
}

/// Columns that no registrant of a synthetic roll fills: further lines of an address, districts of a few, and what
/// the reader makes of other columns.
fn is_rare(column: &str) -> bool {
    let is_number = |prefix: &str| {
        column.strip_prefix(prefix).and_then(|number| number.parse::<u32>().ok()).is_some_and(|number| number > 6)
    };
    let parts = ["extra.", "districts.super_", "districts.land_", "districts.village", "mailing_address_"];
    let whole = [
        "address_nonstandard",
        "birth_year",
        "districts.county_commission_name",
        "districts.exempted_village_school",
        "districts.fire",
        "districts.local_school",
        "districts.municipal_school",
        "districts.school_precinct",
        "districts.township",
        "districts.water",
        "field_state",
        "house_number_prefix",
        "mailing_house_number",
        "mailing_unit",
        "residential_address_2",
        "status_reason",
    ];
    is_number("districts.zone_")
        || parts.iter().any(|part| column.starts_with(part))
        || whole.contains(&column)
        || column.ends_with("_raw")
}

fn every_canonical_column_has_values(layout: &str, snapshot: &Snapshot, rows: &[Row]) {
    let filled: BTreeSet<&str> = rows.iter().flat_map(|row| row.keys().map(String::as_str)).collect();
    let columns = snapshot.manifest().voter_columns.iter().map(String::as_str);
    let empty: Vec<&str> = columns.filter(|column| !is_rare(column) && !filled.contains(column)).collect();
    assert!(empty.is_empty(), "{layout}: {empty:?}");
}
