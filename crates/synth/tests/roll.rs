//! Synthetic rolls, seen from outside: bytes, shares, hard cases, canaries, damage.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a panic in a helper of a test is a failing test"
)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Read;
use std::path::Path;

use roll::layout::Layouts;
use synth::{Options, Summary, SynthError};
use tempfile::TempDir;

/// A roll as its files say.
struct Made {
    _folder: TempDir,
    summary: Summary,
    voters: Vec<u8>,
    history: Vec<u8>,
    protections: String,
    canaries: Vec<String>,
}

fn make(layout: &str, rows: u64, seed: u64, broken_per_thousand: u32) -> Made {
    let layouts = Layouts::built_in().unwrap();
    let voters = layouts.get(layout).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let options = Options { broken_per_thousand, ..Options::new(voters, rows, seed).unwrap() };
    let summary = synth::write(&layouts, voters, folder.path(), &options).unwrap();
    Made {
        voters: data_of(&summary.voters[0]),
        history: summary.history.first().map(|path| data_of(path)).unwrap_or_default(),
        protections: fs::read_to_string(&summary.protections).unwrap(),
        canaries: fs::read_to_string(&summary.canaries).unwrap().lines().map(str::to_owned).collect(),
        summary,
        _folder: folder,
    }
}

/// The text of a data file, unpacked if need be.
fn data_of(path: &Path) -> Vec<u8> {
    if path.extension().unwrap() != "zip" {
        return fs::read(path).unwrap();
    }
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    assert_eq!(archive.len(), 1);
    let mut data = Vec::new();
    archive.by_index(0).unwrap().read_to_end(&mut data).unwrap();
    data
}

fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// Reads a file strictly: every record must have as many fields as the first.
fn records(data: &[u8], delimiter: u8) -> Vec<HashMap<String, String>> {
    let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(data);
    let text = |record: &csv::ByteRecord| -> Vec<String> {
        // Latin-1 letters become those of the same number; UTF-8 is kept.
        let decode = |cell: &[u8]| match std::str::from_utf8(cell) {
            Ok(text) => text.to_owned(),
            Err(_) => cell.iter().map(|byte| char::from(*byte)).collect(),
        };
        record.iter().map(decode).collect()
    };
    let headers = text(reader.byte_headers().unwrap());
    reader.byte_records().map(|record| headers.iter().cloned().zip(text(&record.unwrap())).collect()).collect()
}

fn utah(made: &Made) -> Vec<HashMap<String, String>> {
    records(&made.voters, b',')
}

/// Voter number to ground, since, until.
fn protections(made: &Made) -> BTreeMap<String, Vec<[String; 3]>> {
    let mut by_voter: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
    assert!(made.protections.starts_with("voter_id,ground,since,until\n"));
    for line in made.protections.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, ground, since, until] = cells.as_slice() else { panic!("{line}") };
        by_voter.entry((*id).to_owned()).or_default().push([ground, since, until].map(|cell| (*cell).to_owned()));
    }
    by_voter
}

/// A date as `M/D/YYYY` in a form that sorts.
fn sortable(date: &str) -> String {
    let parts: Vec<&str> = date.split('/').collect();
    format!("{:0>4}{:0>2}{:0>2}", parts[2], parts[0], parts[1])
}

#[test]
fn the_bytes_depend_on_the_seed_and_not_on_the_threads() {
    for layout in ["ut", "nc-voter"] {
        let alone = in_pool(1, || make(layout, 9_100, 7, 10));
        let four = in_pool(4, || make(layout, 9_100, 7, 10));
        let other = make(layout, 9_100, 8, 10);
        assert!(alone.voters == four.voters && alone.history == four.history);
        assert_eq!(alone.protections, four.protections);
        assert_eq!(alone.canaries, four.canaries);
        assert_eq!(alone.summary.counts, four.summary.counts);
        assert!(alone.voters != other.voters && alone.canaries != other.canaries);
        assert_eq!(fs::read(&alone.summary.voters[0]).unwrap(), fs::read(&four.summary.voters[0]).unwrap());
    }
}

#[test]
fn utah_is_written_in_its_own_form() {
    let made = make("ut", 1_000, 1, 0);
    let text = String::from_utf8(made.voters.clone()).unwrap();
    assert!(text.starts_with("\u{feff}Voter ID,Last Name,"));
    assert!(text.lines().next().unwrap().contains(",\"Mailing city, state  zip\","));
    assert!(text.lines().next().unwrap().ends_with(",6/28/2016,11/8/2016"));
    let rows = utah(&made);
    assert_eq!(rows.len(), 1_000);
    assert_eq!(rows.iter().map(|row| &row["Voter ID"]).collect::<BTreeSet<_>>().len(), 1_000);
    for row in &rows {
        let election = &row["11/8/2016"];
        assert!(election.is_empty() || election == "11/8/2016");
        assert!(["Active", "Inactive"].contains(&row["Status"].as_str()));
        assert!(row["DOB"].split('/').count() == 3);
        if !["12:00:00 AM", "5/17/0201"].contains(&row["Registration Date"].as_str()) {
            assert!(sortable(&row["Original Registration Date"]) <= sortable(&row["Registration Date"]));
        }
    }
}

#[test]
fn districts_follow_from_the_precinct() {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in utah(&make("ut", 20_000, 1, 0)) {
        let kinds = ["County ID", "City", "Zip", "Congressional", "State House", "State Senate", "City Council"];
        let districts: Vec<String> = kinds.iter().map(|kind| row[*kind].clone()).collect();
        let first = seen.entry(row["Precinct"].clone()).or_insert_with(|| districts.clone());
        assert_eq!(*first, districts, "precinct {}", row["Precinct"]);
    }
    assert!(seen.len() > 500);
}

#[test]
fn shares_are_those_of_the_state() {
    let rows = utah(&make("ut", 40_000, 5, 0));
    let share = |test: &dyn Fn(&HashMap<String, String>) -> bool| {
        rows.iter().filter(|row| test(row)).count() * 1_000 / rows.len()
    };
    assert!(share(&|row| row["Party"] == "Republican").abs_diff(465) < 20);
    assert!(share(&|row| row["Party"] == "Unaffiliated").abs_diff(388) < 20);
    assert!(share(&|row| row["Party"] == "Democratic").abs_diff(111) < 15);
    assert!(share(&|row| row["Status"] == "Inactive").abs_diff(118) < 15);
    assert!(share(&|row| row["County ID"] == "Salt Lake").abs_diff(370) < 40);
    assert!(share(&|row| !row["Phone"].is_empty()).abs_diff(660) < 20);
    assert!((5..30).contains(&share(&|row| row["UOCAVA"] == "YES")));
    let votes = |election: &str, born: std::ops::Range<&str>| {
        let born: Vec<_> = rows.iter().filter(|row| born.contains(&&row["DOB"][row["DOB"].len() - 4..])).collect();
        born.iter().filter(|row| !row[election].is_empty()).count() * 1_000 / born.len()
    };
    assert!(votes("11/8/2016", "1940".."1955") > votes("11/8/2016", "1985".."1996") + 150);
    assert!(votes("11/8/2016", "1940".."1955") > votes("11/3/2015", "1940".."1955") + 150);
}

#[test]
fn every_ground_of_utah_is_there_and_spread_over_the_counties() {
    let all = [
        "safety_risk",
        "private_by_request",
        "domestic_violence",
        "law_enforcement",
        "armed_forces",
        "public_figure",
        "protective_order",
        "household_member",
        "at_risk",
    ];
    for rows in [200, 5_000] {
        let made = make("ut", rows, 2, 0);
        let protections = protections(&made);
        let canary = canary_ids(&made);
        let others: Vec<&Vec<[String; 3]>> =
            protections.iter().filter(|(id, _)| !canary.contains(*id)).map(|(_, grounds)| grounds).collect();
        let grounds: BTreeSet<&str> = others.iter().flat_map(|own| own.iter().map(|entry| entry[0].as_str())).collect();
        assert_eq!(grounds, BTreeSet::from(all), "{rows}");
        let only_private = |before: bool| {
            others.iter().any(|own| {
                matches!(own.as_slice(), [[ground, since, until]]
                    if ground == "private_by_request" && until.is_empty() && (since.as_str() < "2020-05-12") == before)
            })
        };
        assert!(only_private(true) && only_private(false), "{rows}");
        assert!(others.iter().any(|own| own.iter().any(|entry| !entry[2].is_empty())), "one that has ended, {rows}");
        let counted: u64 = made.summary.counts.protected.values().sum();
        assert_eq!(counted, protections.values().map(|own| own.len() as u64).sum::<u64>());
    }
    let made = make("ut", 5_000, 2, 0);
    let protections = protections(&made);
    let early =
        |id: &String| protections.get(id).is_some_and(|own| own.iter().any(|entry| entry[1].as_str() < "2020-05-12"));
    let counties: BTreeSet<String> =
        utah(&made).iter().filter(|row| early(&row["Voter ID"])).map(|row| row["County ID"].clone()).collect();
    assert_eq!(counties.len(), 29);
}

#[test]
fn every_hard_case_is_there_from_200_rows_on() {
    for rows in [200, 5_000] {
        let made = make("ut", rows, 4, 0);
        let roll = utah(&made);
        let any = |column: &str, test: &dyn Fn(&str) -> bool| roll.iter().any(|row| test(&row[column]));
        assert!(any("Last Name", &|name| name.contains('\'')), "apostrophe");
        assert!(any("First Name", &|name| name.contains('"')), "quote in a name");
        assert!(any("Street", &|name| name.contains('"')), "quote in a street");
        for start in ['=', '+', '-', '@'] {
            assert!(any("Mailing Address", &|line| line.starts_with(start)), "formula {start}");
        }
        assert!(any("First Name", &|name| name == "José") && any("Last Name", &|name| name == "Peña"));
        assert!(any("Registration Date", &|date| date == "12:00:00 AM"), "placeholder");
        assert!(any("Registration Date", &|date| date == "5/17/0201"), "wrong year");
        assert!(any("Last Name", &|name| name.len() > 40), "long name");
        assert!(any("Last Name", &|name| name.contains('-')), "hyphen");
        assert!(any("Mailing city, state  zip", &|line| line.starts_with("APO, ")));
        assert!(any("Mailing city, state  zip", &|line| line.starts_with("FPO, ")));
        assert!(any("UOCAVA", &|flag| flag == "YES"));
        assert!(any("DOB", &|born| sortable(born).as_str() < "19170602"), "a hundred years");
        assert!(any("DOB", &|born| sortable(born).as_str() > "19990601"), "a minor");
        assert!(made.summary.counts.preregistered > 0);
        let key = |row: &HashMap<String, String>, columns: &[&str]| -> Vec<String> {
            columns.iter().map(|column| row[*column].clone()).collect()
        };
        let pairs = |same: &[&str], other: &str| {
            let mut seen: HashMap<Vec<String>, BTreeSet<String>> = HashMap::new();
            for row in &roll {
                seen.entry(key(row, same)).or_default().insert(row[other].clone());
            }
            seen.values().any(|others| others.len() > 1)
        };
        assert!(pairs(&["Last Name", "DOB", "House Number", "Street"], "Voter ID"), "twins");
        assert!(pairs(&["Last Name", "First Name", "DOB"], "Street"), "strangers of one name and birth date");
    }
}

/// Voter numbers of the rows that hold a token.
fn canary_ids(made: &Made) -> BTreeSet<String> {
    let id = |row: &HashMap<String, String>| row["Voter ID"].clone();
    utah(made).iter().filter(|row| row.values().any(|cell| cell.contains("ZQX"))).map(id).collect()
}

#[test]
fn canaries_are_protected_rows_and_stand_nowhere_else() {
    for (rows, expected) in [(200, 20), (5_000, 22)] {
        let made = make("ut", rows, 6, 0);
        assert_eq!((made.canaries.len() as u64, made.summary.counts.canaries), (expected, expected));
        let protections = protections(&made);
        let mut found = BTreeSet::new();
        for row in utah(&made).iter().filter(|row| row.values().any(|cell| cell.contains("ZQX"))) {
            let token = &row["Last Name"];
            assert!(found.insert(token.clone()), "one row per token");
            assert!(
                [&row["Street"], &row["Phone"]] == [token, token] && row["Mailing Address"].ends_with(token.as_str())
            );
            let grounds = &protections[&row["Voter ID"]];
            for ground in ["safety_risk", "private_by_request", "protective_order", "at_risk"] {
                let own = grounds.iter().find(|entry| entry[0] == ground).unwrap();
                assert!(own[1].as_str() < "2014-05-13" && own[2].is_empty());
            }
            assert!(sortable(&row["Registration Date"]).as_str() < "20140513");
            assert!(sortable(&row["DOB"]).as_str() < "19780101");
        }
        assert_eq!(found, made.canaries.iter().cloned().collect());
    }
}

#[test]
fn no_telephone_number_can_be_called() {
    for row in utah(&make("ut", 20_000, 9, 0)) {
        let phone = &row["Phone"];
        let digits: String = phone.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect();
        let is_fictitious = digits == "000-000-0000" && &phone[4..10] == "555-01";
        assert!(phone.is_empty() || is_fictitious || phone.starts_with("ZQX"));
    }
}

#[test]
fn damaged_lines_are_refused_by_a_strict_reader_and_the_others_are_whole() {
    for (layout, delimiter) in [("ut", b','), ("nc-voter", b'\t')] {
        let (whole, broken) = (make(layout, 10_000, 3, 0), make(layout, 10_000, 3, 20));
        let lines = |made: &Made| -> Vec<Vec<u8>> {
            made.voters.strip_suffix(b"\n").unwrap().split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
        };
        let fields = |line: &[u8]| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(line);
            reader.byte_records().next().unwrap().unwrap().len()
        };
        let (whole, broken) = (lines(&whole), (lines(&broken), broken.summary.counts.damaged));
        assert_eq!(whole.len(), broken.0.len());
        let expected = fields(&whole[0]);
        let mut damaged = 0;
        for (before, after) in whole.iter().zip(&broken.0) {
            assert_eq!(fields(before), expected);
            if before != after {
                damaged += 1;
                let is_text = layout != "ut" || std::str::from_utf8(after).is_ok();
                // A reader that knows quotes must not find one that is neither first, last nor doubled.
                let has_lone_quote = after.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
                assert!(!is_text || has_lone_quote || fields(after) != expected);
            }
        }
        assert_eq!(broken.1, damaged);
        assert!((140..240).contains(&damaged), "{damaged}");
    }
}

#[test]
fn north_carolina_is_written_in_its_own_form() {
    let made = make("nc-voter", 5_000, 1, 0);
    assert!(made.voters.starts_with(b"\"county_id\"\t\"county_desc\"\t"));
    assert!(made.voters.ends_with(b"\"\r\n") && made.history.ends_with(b"\"\r\n"));
    assert!(made.voters.windows(4).any(|bytes| bytes == b"PE\xD1A"), "latin-1");
    let (roll, history) = (records(&made.voters, b'\t'), records(&made.history, b'\t'));
    assert_eq!(roll.len(), 5_000);
    assert_eq!(history.len() as u64, made.summary.counts.history_rows);
    let ids: BTreeSet<&String> = roll.iter().map(|row| &row["ncid"]).collect();
    assert_eq!(ids.len(), 5_000);
    assert!(history.iter().all(|row| ids.contains(&row["ncid"]) && row["election_lbl"].len() == 10));
    let key = |row: &HashMap<String, String>| (row["ncid"].clone(), row["election_lbl"].clone());
    assert!(history.iter().map(key).collect::<BTreeSet<_>>().len() < history.len(), "repeated rows");
    let any = |column: &str, test: &dyn Fn(&str) -> bool| roll.iter().any(|row| test(&row[column]));
    assert!(any("res_street_address", &|line| line == "REMOVED"));
    assert!(any("res_street_address", &|line| line.ends_with("  ") && line.contains("  ")));
    assert!(any("registr_dt", &|date| date == "##/##/####"));
    assert!(any("registr_dt", &|date| date == "01/01/1900"));
    assert!(any("confidential_ind", &|flag| flag == "Y"));
    assert!(!any("last_name", &|name| name.contains(char::is_lowercase)));
    for row in &roll {
        let born: i32 = row["birth_year"].parse().unwrap();
        assert_eq!(row["age_at_year_end"].parse::<i32>().unwrap(), 2024 - born);
        assert!(["A", "I", "D", "R", "S"].contains(&row["status_cd"].as_str()));
    }
}

#[test]
fn a_roll_of_any_size_has_as_many_rows_as_asked_for() {
    for rows in [1, 2, 199, 201, 399, 4_001] {
        let made = make("ut", rows, 1, 0);
        assert_eq!((utah(&made).len() as u64, made.summary.counts.rows), (rows, rows));
    }
}

#[test]
fn a_failure_leaves_nothing_behind() {
    let layouts = Layouts::built_in().unwrap();
    let utah = layouts.get("ut").unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("canaries.txt"), "").unwrap();
    let refused = synth::write(&layouts, utah, folder.path(), &Options::new(utah, 200, 1).unwrap());
    assert!(matches!(refused, Err(SynthError::Exists { .. })));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_roll_is_never_written_over() {
    let layouts = Layouts::built_in().unwrap();
    let utah = layouts.get("ut").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let options = Options::new(utah, 200, 1).unwrap();
    synth::write(&layouts, utah, folder.path(), &options).unwrap();
    let before = fs::read(folder.path().join("ut_voters.csv")).unwrap();
    let again = synth::write(&layouts, utah, folder.path(), &Options { seed: 2, ..options });
    assert!(matches!(again, Err(SynthError::Exists { .. })));
    assert_eq!(fs::read(folder.path().join("ut_voters.csv")).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

/// A full disk, as far as a test can make one: what is written into the device `full` finds no space.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_once_under_the_name_of_the_finished_file() {
    use std::error::Error;

    let layouts = Layouts::built_in().unwrap();
    for (id, file) in [("ut", "ut_voters.csv"), ("nc-voter", "ncvoter_Statewide.zip"), ("oh", "SWVF_20240601.txt.gz")] {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out");
        let staging = roll::Staging::new(&target).unwrap();
        std::os::unix::fs::symlink("/dev/full", staging.path().join(format!("{file}.partial"))).unwrap();
        let layout = layouts.get(id).unwrap();
        let options = Options::new(layout, 2_000, 1).unwrap();
        let error = synth::write(&layouts, layout, staging.path(), &options).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write `{}`", target.join(file).display()));
        assert!(error.source().unwrap().to_string().starts_with("No space left"));
        assert_eq!(fs::read_dir(staging.path()).unwrap().count(), 0);
    }
}

#[test]
fn options_out_of_bounds_and_layouts_that_do_not_fit_are_refused() {
    let layouts = Layouts::built_in().unwrap();
    let (utah, carolina) = (layouts.get("ut").unwrap(), layouts.get("nc-voter").unwrap());
    let history = layouts.get("nc-history").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let refused = |voters, change: &dyn Fn(&mut Options)| {
        let mut options = Options::new(utah, 200, 1).unwrap();
        change(&mut options);
        synth::write(&layouts, voters, folder.path(), &options).unwrap_err().to_string()
    };
    assert_eq!(refused(utah, &|options| options.rows = 0), "a roll has from 1 to 134217728 rows, not 0");
    assert_eq!(
        refused(utah, &|options| options.rows = synth::ROWS_MAX + 1),
        "a roll has from 1 to 134217728 rows, not 134217729"
    );
    assert_eq!(
        refused(utah, &|options| options.as_of = terms::Date::new(2014, 12, 31).unwrap()),
        "a roll speaks as of a day from 2015-01-01 to 2029-12-31, not 2014-12-31"
    );
    assert_eq!(refused(utah, &|options| options.broken_per_thousand = 1_001), "1001 of 1,000 lines cannot be damaged");
    let options = Options::new(carolina, 200, 1).unwrap();
    let alone = synth::write(&Layouts::default(), carolina, folder.path(), &options).unwrap_err();
    assert_eq!(alone.to_string(), "layout `nc-voter` needs the layout `nc-history`, which is not known");
    assert_eq!(refused(history, &|_| ()), "layout `nc-history` does not describe a voter file");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
