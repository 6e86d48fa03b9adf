//! How the rolls of the largest states are written, layout by layout: bytes, masks, histories, tables beside them.
#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a panic in a helper of a test is a failing test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use roll::layout::{Layouts, Role};
use synth::{Options, Summary, SynthError};
use tempfile::TempDir;

/// The layouts of the states that the others of these tests do not look at.
const LARGE: [&str; 9] =
    ["oh", "fl-voter", "ga-voter", "tx-fixed", "ny", "mi-voter", "nj-voter", "ca-voter", "pa-voter"];

struct Made {
    _folder: TempDir,
    summary: Summary,
}

fn make(layout: &str, rows: u64) -> Made {
    let layouts = Layouts::built_in().unwrap();
    let voters = layouts.get(layout).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let options = Options { broken_per_thousand: 5, ..Options::new(voters, rows, 3).unwrap() };
    let summary = synth::write(&layouts, voters, folder.path(), &options).unwrap();
    Made { _folder: folder, summary }
}

/// The lines of some files, unpacked, as latin-1 text.
fn lines(paths: &[PathBuf]) -> Vec<String> {
    let text: String = paths.iter().flat_map(|path| data_of(path)).map(char::from).collect();
    text.lines().map(str::to_owned).collect()
}

fn data_of(path: &Path) -> Vec<u8> {
    let file = fs::File::open(path).unwrap();
    let mut data = Vec::new();
    match path.extension().unwrap().to_str().unwrap() {
        "gz" => flate2::read::GzDecoder::new(file).read_to_end(&mut data).unwrap(),
        "zip" => {
            let mut archive = zip::ZipArchive::new(file).unwrap();
            assert_eq!(archive.len(), 1);
            archive.by_index(0).unwrap().read_to_end(&mut data).unwrap()
        }
        _ => fs::read(path).map(|read| data = read).map(|()| 0).unwrap(),
    };
    data
}

fn names(paths: &[PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect()
}

fn cells(line: &str) -> Vec<&str> {
    line.split('\t').collect()
}

#[test]
fn the_bytes_do_not_depend_on_the_threads() {
    let in_pool = |threads: usize, layout: &str| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let made = pool.install(|| make(layout, 4_300));
        let summary = &made.summary;
        let files = summary.voters.iter().chain(&summary.history).chain(&summary.lookups);
        let files = files.chain([&summary.protections, &summary.canaries]);
        let name = |path: &PathBuf| path.file_name().unwrap().to_owned();
        let bytes: BTreeMap<_, _> = files.map(|path| (name(path), fs::read(path).unwrap())).collect();
        (bytes, summary.counts.clone())
    };
    for layout in LARGE {
        assert!(in_pool(1, layout) == in_pool(4, layout), "{layout}");
    }
}

#[test]
fn files_have_the_names_of_their_layout() {
    let names_of = |layout: &str| {
        let made = make(layout, 600);
        let summary = &made.summary;
        let named = [&summary.voters, &summary.history, &summary.lookups].map(|paths| names(paths).join(" "));
        named.map(|names| names.chars().take(70).collect::<String>())
    };
    assert_eq!(names_of("oh"), ["SWVF_20240601.txt.gz", "", ""]);
    assert_eq!(names_of("ny"), ["AllNYSVoters_20240601.zip", "", ""]);
    assert_eq!(names_of("mi-voter"), ["EntireStateVoters.zip", "EntireStateVoterHistory.zip", ""]);
    assert!(names_of("fl-voter")[0].contains("DAD_20240601.zip") || names_of("fl-voter")[0].starts_with("ALA_"));
    assert!(names_of("nj-voter")[0].starts_with("vlist_Atlantic.csv.zip vlist_Bergen.csv.zip"));
    let [voters, _, maps] = names_of("pa-voter");
    assert!(voters.starts_with("ADAMS FVE 20240601.zip ALLEGHENY FVE 20240601.zip"), "{voters}");
    assert!(maps.starts_with("ADAMS Election Map 20240601.zip "), "{maps}");
}

#[test]
fn florida_masks_whom_it_exempts_and_keeps_canaries_readable() {
    let made = make("fl-voter", 4_000);
    let rows = lines(&made.summary.voters);
    let exempt: Vec<Vec<&str>> = rows.iter().map(|row| cells(row)).filter(|row| row[6] == "Y").collect();
    let is_canary = |row: &&Vec<&str>| row[2].starts_with("ZQX");
    assert_eq!(exempt.iter().filter(is_canary).count() as u64, made.summary.counts.canaries);
    for row in exempt.iter().filter(|row| !row[2].starts_with("ZQX")) {
        let open = [0, 1, 6, 19, 20, 22, 23, 28];
        for (place, cell) in row.iter().enumerate() {
            assert_eq!(*cell == "*", !open.contains(&place), "column {place}");
        }
    }
    assert!(exempt.len() > 60);
    // A row is masked if and only if the office protects it today, and history stays open.
    let protections = fs::read_to_string(&made.summary.protections).unwrap();
    let today = protections.lines().skip(1).filter(|line| line.ends_with(','));
    let protected: BTreeSet<&str> = today.map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(exempt.iter().map(|row| row[1]).collect::<BTreeSet<_>>(), protected);
}

#[test]
fn texas_repeats_the_registrant_in_rows_of_685_characters() {
    let made = make("tx-fixed", 3_000);
    let rows = lines(&made.summary.voters);
    let text: Vec<u8> = data_of(&made.summary.voters[0]);
    let text = String::from_utf8(text).unwrap();
    let other = text.lines().filter(|row| row.chars().count() != 685).count();
    assert_eq!(other as u64, made.summary.counts.damaged);
    assert_eq!(rows.len() as u64, made.summary.counts.rows + made.summary.counts.participations);
    let history: Vec<&str> =
        text.lines().filter(|row| row.is_ascii() && row.len() == 685 && &row[666..674] != "        ").collect();
    assert!(history.iter().all(|row| row[666..674].parse::<u32>().is_ok_and(|day| day > 20_110_000)));
    let kinds: BTreeSet<&str> = history.iter().map(|row| &row[674..676]).collect();
    assert_eq!(kinds, BTreeSet::from(["GE", "PO", "RU", "SE"]));
    assert!(history.iter().any(|row| &row[676..679] == "REP") && history.iter().any(|row| &row[676..679] == "DEM"));
}

#[test]
fn new_york_packs_ballots_into_one_cell() {
    let made = make("ny", 3_000);
    let rows = lines(&made.summary.voters);
    let tokens: Vec<&str> =
        rows.iter().flat_map(|row| row.rsplit(',').next().unwrap().trim_matches('"').split(';')).collect();
    assert!(tokens.contains(&"20201103 GE") && tokens.contains(&"20160419 PP"));
    assert!(rows.iter().any(|row| row.contains("\"\"BUD\"\"")), "doubled quotes");
    assert!(rows.iter().any(|row| row.contains("PE\u{d1}A")), "latin-1");
    assert!(rows.iter().any(|row| row.contains(",\"17\",")), "preregistered");
}

#[test]
fn pennsylvania_numbers_elections_by_county() {
    let made = make("pa-voter", 6_000);
    let maps = lines(&made.summary.lookups);
    let of = |county: &str, number: &str| {
        let start = format!("\"{county}\"\t\"{number}\"\t");
        maps.iter().find_map(|line| line.strip_prefix(start.as_str())).unwrap().to_owned()
    };
    assert_ne!(of("ADAMS", "7"), of("ERIE", "7"));
    let rows = lines(&made.summary.voters);
    assert!(rows.iter().any(|row| row.contains("\\\"MILL\\\"") || row.contains("\\\"BUD\\\"")), "backslash");
    // Party at that election stands beside the way of voting, and nowhere else.
    for row in rows.iter().map(|row| cells(row)).filter(|row| row.len() == 154) {
        for group in row[70..150].chunks(2) {
            assert_eq!(group[0] == "\"\"", group[1] == "\"\"");
        }
    }
}

#[test]
fn california_tells_districts_in_a_table_beside() {
    let made = make("ca-voter", 2_000);
    let districts = lines(&made.summary.lookups);
    assert_eq!(districts[0], "PrecinctId\tDistrictTypeCode\tDistrictName");
    let known: BTreeSet<&str> = districts.iter().map(|line| cells(line)[0]).collect();
    let rows = lines(&made.summary.voters);
    let precincts = rows.iter().skip(1).map(|row| cells(row)).filter(|row| row.len() == 56).map(|row| row[55]);
    assert!(precincts.into_iter().all(|precinct| known.contains(precinct)));
    let phone = |row: &Vec<&str>| format!("{}-{}", row[20], row[21]);
    let phones =
        rows.iter().map(|row| cells(row)).filter(|row| row.len() == 56 && !row[19].is_empty()).map(|row| phone(&row));
    assert!(phones.skip(1).all(|phone| phone.starts_with("555-01")));
}

#[test]
fn michigan_ends_its_rows_with_a_comma_that_the_header_lacks() {
    let made = make("mi-voter", 2_000);
    for paths in [&made.summary.voters, &made.summary.history] {
        let rows = lines(paths);
        assert!(!rows[0].ends_with(','));
        assert!(rows.iter().skip(1).filter(|row| !row.ends_with(',')).count() as u64 <= made.summary.counts.damaged);
    }
}

#[test]
fn where_the_law_closes_the_residence_alone_a_token_stands_there_alone() {
    for layout in ["ga-voter", "tx-fixed", "mi-voter", "nj-voter"] {
        let made = make(layout, 2_000);
        let tokens = fs::read_to_string(&made.summary.canaries).unwrap();
        let is_own = |row: &&String| row.contains("ZQX");
        let rows = lines(&made.summary.voters);
        let rows: Vec<&String> = if layout == "tx-fixed" {
            rows.iter().filter(is_own).filter(|row| row.trim_end().len() < 667).collect()
        } else {
            rows.iter().filter(is_own).collect()
        };
        assert_eq!(rows.len(), tokens.lines().count(), "{layout}");
        assert!(rows.iter().all(|row| row.matches("ZQX").count() == 1), "{layout}");
    }
}

#[test]
fn a_workbook_is_refused() {
    let text = include_str!("../../../layouts/oh.toml").replace("packed = \"gzip\"", "packed = \"workbook\"");
    let layouts = Layouts::parse([("oh.toml", text.as_str())]).unwrap();
    let ohio = layouts.get("oh").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let refused = synth::write(&layouts, ohio, folder.path(), &Options::new(ohio, 10, 1).unwrap()).unwrap_err();
    assert_eq!(refused.to_string(), "layout `oh` describes a workbook, which is not written");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn every_layout_of_a_known_state_is_written_or_refused_by_name() {
    let layouts = Layouts::built_in().unwrap();
    let states = ["CA", "FL", "GA", "MI", "NC", "NJ", "NY", "OH", "PA", "TX", "UT"];
    let known = layouts.iter().filter(|layout| layout.role() == Role::Voter);
    for layout in known {
        let options = match Options::new(layout, 250, 1) {
            Ok(options) => options,
            Err(error) => {
                assert!(matches!(error, SynthError::NoProfile { .. }));
                assert!(!states.contains(&layout.jurisdiction().code()));
                continue;
            }
        };
        let folder = tempfile::tempdir().unwrap();
        let summary = synth::write(&layouts, layout, &folder.path().join("files"), &options).unwrap();
        let files: Vec<PathBuf> = [summary.voters, summary.history, summary.lookups].into_iter().flatten().collect();
        let store = roll::Store::open(folder.path().join("store"));
        let request = roll::ImportRequest::new(&layouts, layout.id(), files, options.as_of);
        let mut vault = store.vault_or_new(roll::vault::Unlock::default()).unwrap();
        let snapshot = store.import(&request, &mut vault, &()).unwrap().snapshot;
        let counts = &snapshot.manifest().counts;
        assert_eq!((counts.voters, counts.quarantined), (250, 0), "{}", layout.id());
        assert_eq!(counts.participations, summary.counts.participations, "{}", layout.id());
    }
}
