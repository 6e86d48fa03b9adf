//! What holds for every two snapshots, and what cannot be seen through the public face: several parts and windows.

use std::collections::BTreeMap;
use std::path::Path;

use arrow_array::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;

use super::*;
use crate::cells::Cells;
use crate::import::ImportRequest;
use crate::layout::Layouts;
use crate::reader::Reader;
use crate::store::Store;
use crate::vault::Unlock;

const COUNTIES: [&str; 4] = ["Utah", "Cache", "Salt Lake", ""];
const STATUSES: [&str; 3] = ["Active", "Inactive", "Gone"];
const PARTIES: [&str; 3] = ["", "Green", "Whig"];
const ELECTIONS: [&str; 2] = ["11/4/2008", "11/8/2016"];

/// A made-up registrant, with some of the columns that vary.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Person {
    id: u8,
    county: usize,
    status: usize,
    party: usize,
    votes: [bool; 2],
}

impl Person {
    fn line(&self) -> String {
        let cell = |place: usize| if self.votes[place] { ELECTIONS[place] } else { "" };
        format!(
            "{:03},Testa,Ida,,,{},0,,1/2/2003,01/02/2003,{},,,,{},P1,1,,N,Main,,ST,,,Provo,84601,5/6/1970,1,2,3,4,5,6,7,{},{}",
            self.id,
            STATUSES[self.status],
            PARTIES[self.party],
            COUNTIES[self.county],
            cell(0),
            cell(1)
        )
    }
}

fn person() -> impl Strategy<Value = Person> {
    (0_u8..12, 0..COUNTIES.len(), 0..STATUSES.len(), 0..PARTIES.len(), any::<[bool; 2]>())
        .prop_map(|(id, county, status, party, votes)| Person { id, county, status, party, votes })
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    prop::collection::vec(person(), 1..24)
}

fn content(people: &[Person]) -> String {
    let header = "Voter ID,Last Name,First Name,Middle Name,Name Suffix,Status,Absentee,UOCAVA,Registration Date,\
                  Original Registration Date,Party,Phone,Mailing Address,\"Mailing city, state  zip\",County ID,Precinct,\
                  House Number,House Number Suffix,Direction Prefix,Street,Direction Suffix,Street Type,Unit Type,\
                  Unit Number,City,Zip,DOB,Congressional,State House,State Senate,State Schoolboard,Local Schoolboard,\
                  County Council,City Council,11/4/2008,11/8/2016";
    let lines: Vec<String> = people.iter().map(Person::line).collect();
    format!("{header}\n{}\n", lines.join("\n"))
}

/// Imports some people as of a day, in parts of so many rows.
fn import(folder: &Path, people: &[Person], (name, as_of): (&str, &str), part_rows: usize) -> Reader {
    let layouts = Layouts::built_in().unwrap();
    let file = folder.join(format!("{name}.csv"));
    std::fs::write(&file, content(people)).unwrap();
    let request = ImportRequest::new(&layouts, "ut", vec![file], as_of.parse().unwrap()).with_part_rows(part_rows);
    let store = Store::open(folder.join(name));
    let mut vault = store.vault_or_new(Unlock::default()).unwrap();
    let snapshot = store.import(&request, &mut vault, &()).unwrap().snapshot;
    snapshot.reader(vault.all_keys(&snapshot).unwrap())
}

struct Two {
    folder: tempfile::TempDir,
    before: Reader,
    after: Reader,
}

impl Two {
    fn new(before: &[Person], after: &[Person], part_rows: (usize, usize)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let before = import(folder.path(), before, ("before", "2017-06-30"), part_rows.0);
        let after = import(folder.path(), after, ("after", "2017-07-31"), part_rows.1);
        Self { folder, before, after }
    }

    fn diff(&self) -> Diff {
        Diff::between(&self.before, &self.after, &DiffOptions::default(), &()).unwrap()
    }

    /// The comparison with the bytes of every file that it writes.
    fn written(&self, limits: Option<Limits>) -> (Diff, Vec<(String, Vec<u8>)>) {
        let out = self.folder.path().join("out");
        let options = DiffOptions { limits, ..DiffOptions::default().out(out.clone()) };
        let diff = Diff::between(&self.before, &self.after, &options, &()).unwrap();
        let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
            .collect();
        files.sort();
        std::fs::remove_dir_all(&out).unwrap();
        (diff, files)
    }
}

/// The rows of a file of changes.
fn rows(file: &[u8]) -> Vec<Vec<Option<String>>> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes(file)).unwrap().build().unwrap();
    let batches: Vec<RecordBatch> = reader.collect::<Result<_, _>>().unwrap();
    let mut rows = Vec::new();
    for batch in batches {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|array| Cells::new(array).text(row).map(str::to_owned));
            rows.push(cells.collect());
        }
    }
    rows
}

fn bytes(file: &[u8]) -> std::fs::File {
    let mut copy = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut copy, file).unwrap();
    copy
}

/// The same comparison seen from the other side.
fn mirrored(diff: &Diff) -> Diff {
    let details = |details: &Details| {
        let mut mirrored = details.clone();
        mirrored.columns.iter_mut().for_each(|column| std::mem::swap(&mut column.filled, &mut column.emptied));
        mirrored.flows.iter_mut().for_each(|flow| std::mem::swap(&mut flow.from, &mut flow.to));
        mirrored.flows.sort();
        mirrored
    };
    let county = |county: &County| County {
        before: county.after,
        after: county.before,
        added: county.removed,
        removed: county.added,
        moved_in: county.moved_out,
        moved_out: county.moved_in,
        details: details(&county.details),
        ..county.clone()
    };
    let election = |election: &Election| Election {
        is_in_before: election.is_in_after,
        is_in_after: election.is_in_before,
        before: election.after,
        after: election.before,
        added: election.removed,
        removed: election.added,
        came: election.left,
        left: election.came,
        ..election.clone()
    };
    Diff {
        before: diff.after.clone(),
        after: diff.before.clone(),
        registrants: Registrants {
            added: diff.registrants.removed,
            removed: diff.registrants.added,
            ..diff.registrants
        },
        details: details(&diff.details),
        between_counties: details(&diff.between_counties),
        counties: diff.counties.iter().map(county).collect(),
        elections: diff.elections.iter().map(election).collect(),
        only_before: diff.only_after.clone(),
        only_after: diff.only_before.clone(),
        ..diff.clone()
    }
}

/// Who is who, found slowly: rows in the order of the snapshot; within the county first, then whatever is left.
fn slow_pairs(before: &[Person], after: &[Person]) -> Vec<(Person, Option<Person>)> {
    let mut free: Vec<Option<&Person>> = after.iter().map(Some).collect();
    let mut partners: Vec<Option<Person>> = vec![None; before.len()];
    for only_in_county in [true, false] {
        for (one, partner) in before.iter().zip(&mut partners).filter(|(_, partner)| partner.is_none()) {
            let fits = |other: &&mut Option<&Person>| {
                other.is_some_and(|other| other.id == one.id && (!only_in_county || other.county == one.county))
            };
            *partner = free.iter_mut().find(fits).and_then(Option::take).cloned();
        }
    }
    before.iter().cloned().zip(partners).collect()
}

/// In the order in which a snapshot holds them.
fn in_order(people: &[Person]) -> Vec<Person> {
    let mut sorted = people.to_vec();
    sorted.sort_by_key(|person| (COUNTIES[person.county], person.id));
    sorted
}

/// Every change as the Parquet file has it, found slowly.
fn slow_changes(before: &[Person], after: &[Person]) -> Vec<Vec<Option<String>>> {
    let word = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let columns = |person: &Person| {
        [
            ("party", PARTIES[person.party]),
            ("status", ["active", "inactive", "unknown"][person.status]),
            ("status_raw", STATUSES[person.status]),
            ("county", COUNTIES[person.county]),
        ]
    };
    let state = |person: &Person| if person.status == 2 { "status=unparsed" } else { "" };
    let mut rows = Vec::new();
    for (one, other) in slow_pairs(&in_order(before), &in_order(after)) {
        let id = Some(format!("{:03}", one.id));
        let county = word(COUNTIES[one.county]);
        let Some(other) = other else {
            rows.push(vec![word("removed"), id, county, None, None, None, None]);
            continue;
        };
        let county_after = word(COUNTIES[other.county]);
        let mut put = |column: &str, before: &str, after: &str| {
            if before != after {
                let (id, county, county_after) = (id.clone(), county.clone(), county_after.clone());
                rows.push(vec![word("changed"), id, county, county_after, word(column), word(before), word(after)]);
            }
        };
        for ((column, value), (_, other)) in columns(&one).into_iter().zip(columns(&other)) {
            put(column, value, other);
        }
        put("field_state", state(&one), state(&other));
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_snapshot_does_not_differ_from_itself(people in people(), parts in (1_usize..6, 1_usize..6)) {
        let two = Two::new(&people, &people, parts);
        let diff = two.diff();
        prop_assert!(diff.is_empty(), "{diff:?}");
        prop_assert_eq!(diff.registrants.same, people.len() as u64);
    }

    #[test]
    fn the_other_way_round_everything_is_mirrored(before in people(), after in people()) {
        let two = Two::new(&before, &after, (5, 3));
        let back = Diff::between(&two.after, &two.before, &DiffOptions::default(), &()).unwrap();
        prop_assert_eq!(mirrored(&two.diff()), back);
    }

    #[test]
    fn the_numbers_add_up(before in people(), after in people()) {
        let diff = Two::new(&before, &after, (4, 4)).diff();
        let r = diff.registrants;
        prop_assert_eq!(r.same + r.changed + r.removed, before.len() as u64);
        prop_assert_eq!(r.same + r.changed + r.added, after.len() as u64);
        for c in &diff.counties {
            prop_assert_eq!(c.after + c.removed + c.moved_out, c.before + c.added + c.moved_in);
        }
        let sum = |of: fn(&County) -> u64| diff.counties.iter().map(of).sum::<u64>();
        prop_assert_eq!((sum(|c| c.added), sum(|c| c.removed)), (r.added, r.removed));
        prop_assert_eq!((sum(|c| c.moved_in), sum(|c| c.moved_out)), (r.moved, r.moved));
        let counted: u64 = diff.details.flows.iter().map(|flow| flow.registrants).sum();
        prop_assert_eq!(counted, r.same + r.changed + r.added + r.removed);
        for (place, e) in diff.elections.iter().enumerate() {
            let votes = |people: &[Person]| people.iter().filter(|person| person.votes[place]).count() as u64;
            prop_assert_eq!((e.before, e.after), (votes(&before), votes(&after)));
        }
    }

    #[test]
    fn the_changes_are_those_that_a_slow_comparison_finds(before in people(), after in people()) {
        let two = Two::new(&before, &after, (6, 6));
        let (diff, files) = two.written(None);
        let mut rows = rows(&files.iter().find(|(name, _)| name == "changes-00000.parquet").unwrap().1);
        let added = rows.split_off(rows.iter().filter(|row| row[0].as_deref() != Some("added")).count());
        prop_assert_eq!(&rows, &slow_changes(&before, &after));
        prop_assert_eq!(added.len() as u64, diff.registrants.added);
        prop_assert!(added.iter().all(|row| row[0].as_deref() == Some("added") && row[2].is_none()));
        let mut by_column: BTreeMap<String, u64> = BTreeMap::new();
        for column in rows.iter().filter_map(|row| row[4].clone()) {
            *by_column.entry(column).or_default() += 1;
        }
        let told = diff.details.columns.iter().filter(|c| c.changed > 0).map(|c| (c.column.clone(), c.changed));
        prop_assert_eq!(by_column, told.collect());
    }

    #[test]
    fn neither_parts_nor_windows_nor_threads_change_a_byte(
        before in people(),
        after in people(),
        parts in (1_usize..9, 1_usize..9),
        window in 1_u32..9,
        change_bytes in 0_usize..200,
        threads in 1_usize..5,
    ) {
        let whole = Two::new(&before, &after, (1000, 1000)).written(None);
        let cut = Two::new(&before, &after, parts);
        let limits = Limits { window_rows: window, window_rows_min: 1, change_bytes };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        prop_assert_eq!(pool.install(|| cut.written(Some(limits))), whole);
    }

    #[test]
    fn the_number_of_passes_changes_nothing(before in people(), after in people(), pass in 1_usize..30) {
        let two = Two::new(&before, &after, (5, 7));
        let sides = (Side::new(&two.before).unwrap(), Side::new(&two.after).unwrap());
        let partners = |rows| {
            let mut counties = crate::words::Words::default();
            ids::Matching::in_passes((&sides.0, &sides.1), Some("county"), &mut counties, rows).unwrap().partners
        };
        prop_assert_eq!(partners(pass), partners(usize::MAX));
    }
}

fn one(id: u8) -> Person {
    Person { id, county: 0, status: 0, party: 1, votes: [true, false] }
}

#[test]
fn who_moves_is_changed_and_not_removed_and_added() {
    let before: Vec<Person> = (0..40).map(one).collect();
    let mut after = before.clone();
    (after[3].county, after[3].party, after[4].county) = (1, 2, 1);
    let diff = Two::new(&before, &after, (7, 7)).diff();
    let expected = Registrants { same: 38, changed: 2, added: 0, removed: 0, moved: 2 };
    assert_eq!(diff.registrants, expected);
    let changed: Vec<(&str, u64)> =
        diff.between_counties.columns.iter().map(|c| (c.column.as_str(), c.changed)).collect();
    assert_eq!(changed, [("party", 1), ("county", 2)]);
}

#[test]
fn counties_that_are_written_differently_throughout_are_moves() {
    let before: Vec<Person> = (0..40).map(one).collect();
    let after: Vec<Person> = before.iter().map(|person| Person { county: 2, ..person.clone() }).collect();
    let diff = Two::new(&before, &after, (7, 9)).diff();
    assert_eq!(diff.registrants, Registrants { changed: 40, moved: 40, ..Registrants::default() });
    let told: Vec<(Option<&str>, u64, u64)> =
        diff.counties.iter().map(|c| (c.county.as_deref(), c.moved_in, c.moved_out)).collect();
    assert_eq!(told, [(Some("Salt Lake"), 40, 0), (Some("Utah"), 0, 40)]);
}

/// A word that hardly any row has may be a name that slipped into the column: it is not told.
#[test]
fn rare_counties_are_not_named() {
    let mut before: Vec<Person> = (0..40).map(one).collect();
    before[0].county = 1;
    let diff = Two::new(&before, &before, (100, 100)).diff();
    let told: Vec<Option<&str>> = diff.counties.iter().map(|c| c.county.as_deref()).collect();
    assert_eq!(told, [Some(OTHER_WORD), Some("Utah")]);
}

#[test]
fn many_files_hold_the_rows_in_the_same_order_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, file_rows: usize| {
        let mut writer = write::Writer::new(&folder.path().join(name)).unwrap().with_file_rows(file_rows);
        for number in 0..10 {
            let id = number.to_string();
            writer.push(&write::Row { kind: "added", voter_id: &id, ..write::Row::default() }).unwrap();
        }
        let people = [one(1)];
        writer.finish(&Two::new(&people, &people, (1, 1)).diff()).unwrap();
        let mut rows_of_all = Vec::new();
        for file in 0..10 {
            let path = folder.path().join(name).join(format!("changes-{file:05}.parquet"));
            rows_of_all.extend(std::fs::read(path).map(|file| rows(&file)).unwrap_or_default());
        }
        rows_of_all
    };
    let whole = write("one", 100);
    assert_eq!(whole.len(), 10);
    assert_eq!(write("many", 3), whole);
}

#[cfg(unix)]
#[test]
fn the_folder_of_changes_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let two = Two::new(&[one(1)], &[one(2)], (1, 1));
    let out = two.folder.path().join("changes");
    Diff::between(&two.before, &two.after, &DiffOptions::default().out(out.clone()), &()).unwrap();
    assert_eq!(std::fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o700);
    let again = Diff::between(&two.before, &two.after, &DiffOptions::default().out(out), &()).unwrap_err();
    assert!(matches!(again, DiffError::Staging(_)), "{again}");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let two = Two::new(&[one(1)], &[one(2)], (1, 1));
    let (before, mut after) = (two.before.snapshot().manifest().clone(), two.after.snapshot().manifest().clone());
    comparable([&before, &after]).unwrap();
    after.id_is_surrogate = true;
    let error = comparable([&before, &after]).unwrap_err();
    assert!(error.to_string().starts_with("the ids of snapshot `ut-2017-07-31-"), "{error}");
    after.jurisdiction = "NC".parse().unwrap();
    after.id_is_surrogate = false;
    let error = comparable([&before, &after]).unwrap_err();
    assert_eq!(error.to_string(), "the first snapshot is of UT, the second of NC");
    let options = DiffOptions::default().without(vec!["shoe_size".into()]);
    let error = Diff::between(&two.before, &two.after, &options, &()).unwrap_err();
    assert_eq!(error.to_string(), "neither snapshot has a column `shoe_size`");
}
