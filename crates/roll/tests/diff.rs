//! What changed between two snapshots, through the public face: reasons, layouts that differ, history files.

#[cfg(test)]
mod office;

use office::{Office, UT_HEADER, day, reader, ut_row};
use roll::diff::{Diff, DiffOptions, Flow, OTHER_WORD};
use roll::{ImportRequest, Reader};

const NC_HEADER: &str = include_str!("nc-voter-header.txt");
const NC_HISTORY_HEADER: &str = include_str!("nc-history-header.txt");

fn nc_row(header: &str, values: &[(&str, &str)]) -> String {
    let cell = |name: &str| values.iter().find(|(column, _)| *column == name).map_or("", |(_, value)| *value);
    header.trim_end().split('\t').map(cell).collect::<Vec<_>>().join("\t")
}

/// A roll of North Carolina: number, status, reason, and the ways of voting in two elections.
#[cfg(test)]
fn carolina(office: &Office, name: &str, as_of: &str, people: &[(u32, &str, &str, [&str; 2])]) -> Reader {
    let mut voters = vec![NC_HEADER.trim_end().to_owned()];
    let mut history = vec![NC_HISTORY_HEADER.trim_end().to_owned()];
    for (id, status, reason, votes) in people {
        let id = format!("AA{id}");
        voters.push(nc_row(
            NC_HEADER,
            &[("ncid", &id), ("county_desc", "ALAMANCE"), ("status_cd", status), ("reason_cd", reason)],
        ));
        for (election, method) in
            ["11/06/2012", "11/08/2016"].iter().zip(votes).filter(|(_, method)| !method.is_empty())
        {
            let election = [("ncid", id.as_str()), ("election_lbl", election), ("voting_method", method)];
            history.push(nc_row(NC_HISTORY_HEADER, &election));
        }
    }
    let voters = office.file(&format!("{name}-voters.txt"), voters.join("\n"));
    let history = office.file(&format!("{name}-history.txt"), history.join("\n"));
    let request = ImportRequest::new(&office.layouts, "nc-voter", vec![voters], day(as_of)).with_history(vec![history]);
    reader(&office.keep(&request).unwrap().snapshot)
}

#[cfg(test)]
fn utah(office: &Office, content: String) -> Reader {
    reader(&office.import("ut", content).unwrap().snapshot)
}

fn flow(flow: &Flow) -> (&str, &str, &str, u64) {
    let status = |standing: &Option<roll::diff::Standing>| standing.as_ref().map(|standing| standing.status.clone());
    let word = |status: Option<String>| match status.as_deref() {
        Some("active") => "active",
        Some("removed") => "removed",
        Some(_) => "another",
        None => "-",
    };
    (word(status(&flow.from)), word(status(&flow.to)), flow.reason().unwrap_or("-"), flow.registrants)
}

/// Reasons are told by number of registrants, the later one first; a reason of a few is not named.
#[test]
fn flows_tell_the_reason_that_is_known() {
    let office = Office::new();
    let before: Vec<_> = (0..60)
        .map(|id| (id, if id < 50 { "A" } else { "R" }, if id < 50 { "" } else { "RD" }, ["IN-PERSON", ""]))
        .collect();
    let mut after = before.clone();
    for person in &mut after {
        match person.0 {
            0..12 => (person.1, person.2) = ("R", "RM"),
            12..15 => (person.1, person.2) = ("R", "a name that slipped in"),
            _ => {}
        }
    }
    // Those who were removed for the reason RD leave the list.
    after.truncate(50);
    let before = carolina(&office, "before", "2024-01-01", &before);
    let after = carolina(&office, "after", "2024-06-01", &after);
    let diff = Diff::between(&before, &after, &DiffOptions::default(), &()).unwrap();
    let told: Vec<_> = diff.details.flows.iter().map(flow).collect();
    assert_eq!(
        told,
        [
            ("active", "active", "-", 35),
            ("active", "removed", OTHER_WORD, 3),
            ("active", "removed", "RM", 12),
            ("removed", "-", "RD", 10),
        ]
    );
}

#[test]
fn participations_are_compared_registrant_by_registrant() {
    let office = Office::new();
    let (here, away, provisional) = ("IN-PERSON", "ABSENTEE BY MAIL", "PROVISIONAL");
    let before =
        [(1, "A", "", [here, here]), (2, "A", "", [here, ""]), (3, "A", "", ["", here]), (4, "A", "", [here, ""])];
    let after = [
        (1, "A", "", [here, here]),
        (2, "A", "", ["", away]),
        (3, "A", "", ["", away]),
        (5, "A", "", [here, provisional]),
    ];
    let before = carolina(&office, "before", "2024-01-01", &before);
    let after = carolina(&office, "after", "2024-06-01", &after);
    let diff = Diff::between(&before, &after, &DiffOptions::default(), &()).unwrap();
    let told: Vec<[u64; 7]> =
        diff.elections.iter().map(|e| [e.before, e.after, e.added, e.removed, e.changed, e.came, e.left]).collect();
    // In 2012: the second one's is gone, the fourth left with theirs, the fifth came with one. In 2016: the second
    // one's is new, and the fifth came with one; another way of voting is no other outcome.
    assert_eq!(told, [[3, 2, 0, 1, 0, 1, 1], [2, 4, 1, 0, 0, 1, 0]]);
    assert_eq!((diff.registrants.added, diff.registrants.removed), (1, 1));
}

/// A column that one file lacks is told once, and not as a change of every registrant.
#[test]
fn a_column_that_only_one_has_is_no_change() {
    let office = Office::new();
    let rows: Vec<String> = (0..20).map(|id| ut_row(&format!("{id:03}"), "Utah", ",")).collect();
    let with = format!("{UT_HEADER}\n{}\n", rows.join("\n"));
    let without = with.replace(",DOB,", ",").replace(",5/6/1970,", ",");
    let (before, after) = (utah(&office, with), utah(&office, without));
    let diff = Diff::between(&before, &after, &DiffOptions::default(), &()).unwrap();
    assert_eq!(diff.registrants.same, 20);
    let of_birth = ["date_of_birth".to_owned(), "date_of_birth_raw".to_owned()];
    assert_eq!((diff.only_before.as_slice(), diff.only_after.len()), (&of_birth[..], 0));
    assert_eq!(diff.left_out, ["field_state"]);
    assert!(!diff.is_empty());
    let back = Diff::between(&after, &before, &DiffOptions::default(), &()).unwrap();
    assert_eq!(back.only_after, of_birth);
}

#[test]
fn a_column_is_left_out_when_asked() {
    let office = Office::new();
    let one = format!("{UT_HEADER}\n{}\n", ut_row("1", "Utah", ","));
    let other = one.replace("Unaffiliated", "Green");
    let (before, after) = (utah(&office, one), utah(&office, other));
    let diff = |options: &DiffOptions| Diff::between(&before, &after, options, &()).unwrap();
    assert_eq!(diff(&DiffOptions::default()).registrants.changed, 1);
    let without = diff(&DiffOptions::default().without(vec!["party".to_owned()]));
    assert_eq!((without.registrants.changed, without.left_out), (0, vec!["party".to_owned()]));
}

/// A number that stands twice: one row of it more is one registrant added.
#[test]
fn repeated_numbers_are_counted() {
    let office = Office::new();
    let row = ut_row("1", "Utah", ",");
    let one = utah(&office, format!("{UT_HEADER}\n{row}\n{row}\n"));
    let other = utah(&office, format!("{UT_HEADER}\n{row}\n{row}\n{row}\n"));
    let diff = Diff::between(&one, &other, &DiffOptions::default(), &()).unwrap();
    assert_eq!((diff.before.repeated, diff.after.repeated), (1, 2));
    assert_eq!((diff.registrants.same, diff.registrants.added), (2, 1));
}

/// A damaged part is told with its file, and no folder appears.
#[test]
fn a_damaged_snapshot_is_not_compared() {
    let office = Office::new();
    let rows: Vec<String> = (0..20).map(|id| ut_row(&format!("{id:03}"), "Utah", ",")).collect();
    let snapshot = office.import("ut", format!("{UT_HEADER}\n{}\n", rows.join("\n"))).unwrap().snapshot;
    let roll = reader(&snapshot);
    let part = snapshot.path().join("voter-00000.parquet");
    let whole = std::fs::read(&part).unwrap();
    std::fs::write(&part, &whole[..whole.len() / 2]).unwrap();
    let out = office.folder.path().join("changes");
    let error = Diff::between(&roll, &roll, &DiffOptions::default().out(out.clone()), &()).unwrap_err();
    assert!(error.to_string().ends_with("voter-00000.parquet` is damaged"), "{error}");
    assert!(!out.exists());
}
