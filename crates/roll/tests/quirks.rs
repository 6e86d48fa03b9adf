//! What real files do, feature by feature: the table in `layouts/README.md` names these tests.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by panicking")]

#[cfg(test)]
mod office;

use std::collections::BTreeMap;
use std::path::PathBuf;

use office::sample::{Sheet, gzip, zip};
use office::{Office, day};
use roll::layout::Layout;
use roll::{ImportRequest, Snapshot};

/// An office that has laid down some files.
struct Desk {
    office: Office,
    files: Vec<PathBuf>,
}

impl Desk {
    fn new() -> Self {
        Self { office: Office::new(), files: Vec::new() }
    }

    fn layout(&self, id: &str) -> &Layout {
        self.office.layouts.get(id).unwrap()
    }

    fn with(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.office.file(name, content);
        self.files.push(path);
        self
    }

    /// Imports the files as what they are recognized to be.
    fn import(self) -> Rolled {
        let request = ImportRequest::recognized(&self.office.layouts, self.files.clone(), day("2024-01-02"));
        match self.office.keep(&request) {
            Ok(imported) => Rolled { snapshot: imported.snapshot, _desk: self },
            Err(error) => panic!("{}", office::words(&error)),
        }
    }
}

/// A snapshot, with the office in which it lies.
struct Rolled {
    snapshot: Snapshot,
    _desk: Desk,
}

impl std::ops::Deref for Rolled {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

/// Changes a sample of a layout.
fn sheet<'a>(layout: &'a Layout, change: impl FnOnce(&mut Sheet<'a>)) -> Sheet<'a> {
    let mut sheet = Sheet::of(layout);
    // Of one county, registrants keep their order.
    for name in ["county", "county_code"].iter().filter_map(|to| layout.column_to(to)).map(|column| column.name.clone())
    {
        sheet.fill(&name, "01");
    }
    change(&mut sheet);
    sheet
}

/// The filled columns of the registrants, row by row.
fn voters(snapshot: &Snapshot) -> Vec<BTreeMap<String, String>> {
    pairs(&office::rows(&office::voters(snapshot, 0), &[]))
}

fn participations(snapshot: &Snapshot) -> Vec<BTreeMap<String, String>> {
    pairs(&office::rows(&office::participations(snapshot, 0), &[]))
}

fn pairs(rows: &[String]) -> Vec<BTreeMap<String, String>> {
    let pair = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned()));
    rows.iter().map(|row| row.lines().filter_map(pair).collect()).collect()
}

/// One column of some rows; `-` for a null.
fn column(rows: &[BTreeMap<String, String>], name: &str) -> Vec<String> {
    rows.iter().map(|row| row.get(name).cloned().unwrap_or("-".to_owned())).collect()
}

#[test]
fn the_delimiter_is_the_one_by_which_the_header_can_be_read() {
    let desk = Desk::new();
    let layout = desk.layout("vt").clone();
    let expected = voters(&Desk::new().with("vt.txt", Sheet::of(&layout).text()).import());
    for delimiter in ['|', '\t', ','] {
        let snapshot = Desk::new().with("vt.txt", Sheet::of(&layout).text_with(delimiter)).import();
        assert_eq!(column(&voters(&snapshot), "last_name"), column(&expected, "last_name"), "{delimiter:?}");
    }
}

#[test]
fn three_record_lengths_in_one_delivery() {
    let desk = Desk::new();
    let of = |id: &str, first: usize| {
        let layout = desk.layout(id).clone();
        let mut sheet = Sheet::of(&layout);
        sheet.number_from(first);
        sheet.text()
    };
    let (long, middle, short) = (of("tx-fixed", 100), of("tx-fixed-679", 200), of("tx-fixed-666", 300));
    let snapshot = Desk::new().with("HARRIS.txt", long).with("BEXAR.txt", middle).with("TRAVIS.txt", short).import();
    let manifest = snapshot.manifest();
    assert_eq!((manifest.counts.voters, manifest.counts.quarantined), (9, 0));
    let layouts: Vec<&str> = manifest.sources.iter().map(|source| source.layout.as_str()).collect();
    assert_eq!(layouts, ["tx-fixed-679", "tx-fixed", "tx-fixed-666"]);
    let mut ids = column(&voters(&snapshot), "voter_id");
    ids.sort();
    assert_eq!(ids.first().zip(ids.last()), Some((&"00000100".to_owned(), &"00000302".to_owned())));
}

#[test]
fn fixed_width_with_commas_between_the_fields() {
    let desk = Desk::new();
    let layout = desk.layout("ct").clone();
    let mut sheet = sheet(&layout, |_| {});
    let name = layout.column_to("last_name").unwrap().name.clone();
    sheet.fill(&name, "TESTA, IDA");
    let commas = |line: &str| {
        let mut letters: Vec<char> = line.chars().collect();
        for column in layout.columns() {
            let end = column.span.unwrap().start + column.span.unwrap().width;
            if let Some(letter) = letters.get_mut(end as usize).filter(|letter| **letter == ' ') {
                *letter = ',';
            }
        }
        letters.into_iter().collect::<String>() + "\n"
    };
    let text: String = sheet.text().lines().map(commas).collect();
    let snapshot = Desk::new().with("VOTELCT1", text).import();
    assert_eq!(column(&voters(&snapshot), "last_name"), ["TESTA, IDA"; 3], "a comma inside a value is data");
}

#[test]
fn a_workbook_with_day_numbers_and_a_legend() {
    let desk = Desk::new();
    let layout = desk.layout("az-2019").clone();
    let registered = layout.column_to("registration_date").unwrap().name.clone();
    let active = sheet(&layout, |sheet| sheet.fill(&registered, "42682"));
    let canceled = sheet(&layout, |sheet| sheet.number_from(500));
    let packed = zip(&[
        ("ACTIVE.xlsx", &active.workbook()),
        ("CANCELED.xlsx", &canceled.workbook()),
        ("LEGEND.xlsx", &office::sample::workbook(&[vec!["code".into(), "meaning".into()]])),
    ]);
    let snapshot = Desk::new().with("delivery.zip", packed).import();
    let voters = voters(&snapshot);
    assert_eq!(voters.len(), 6);
    let days = column(&voters, "registration_date");
    assert_eq!(days.iter().filter(|day| *day == "2016-11-08").count(), 3, "{days:?}");
}

#[test]
fn quotes_of_every_kind() {
    let desk = Desk::new();
    let ny = sheet(desk.layout("ny"), |sheet| {
        sheet.quotes_all = true;
        sheet.fill("LASTNAME", "O\"\"TESTA");
    });
    assert_eq!(
        column(&voters(&Desk::new().with("AllNYSVoters.txt", ny.text()).import()), "last_name"),
        ["O\"TESTA"; 3]
    );
    let fl = sheet(desk.layout("fl-voter"), |sheet| sheet.set(0, "Name_Last", "TESTA \"T"));
    let snapshot = Desk::new().with("ALA_20240102.txt", fl.text()).import();
    assert_eq!(column(&voters(&snapshot), "last_name")[0], "TESTA \"T", "quotes are data");
    let pa = sheet(desk.layout("pa-voter"), |sheet| {
        sheet.quotes_all = true;
        sheet.fill("Last Name", "TESTA \\\"T\\\"");
    });
    let snapshot = Desk::new().with("ADAMS FVE 20240102.txt", pa.text()).import();
    assert_eq!(column(&voters(&snapshot), "last_name"), ["TESTA \"T\""; 3]);
}

#[test]
fn encodings_differ_from_file_to_file() {
    let desk = Desk::new();
    let layout = desk.layout("mn-voter").clone();
    let name = layout.column_to("last_name").unwrap().name.clone();
    let text = |first: usize| {
        let mut sheet = Sheet::of(&layout);
        sheet.number_from(first);
        sheet.fill(&name, "Pe\u{f1}a");
        sheet.text()
    };
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(text(30).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let snapshot = Desk::new()
        .with("Voter01.txt", text(10))
        .with("Voter02.txt", office::latin_1(&text(20)))
        .with("Voter03.txt", wide)
        .with("Voter04.txt", format!("\u{feff}{}", text(40)))
        .import();
    assert_eq!(column(&voters(&snapshot), "last_name"), ["Pe\u{f1}a"; 12]);
}

#[test]
fn line_ends_and_empty_lines() {
    let desk = Desk::new();
    let text = Sheet::of(desk.layout("wa-voter-2018")).text();
    for ended in [text.replace('\n', "\r\n"), text.replace('\n', "\n\n"), text.trim_end().to_owned()] {
        let snapshot = Desk::new().with("201701_VRDB_Extract.txt", ended).import();
        assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.quarantined), (3, 0));
    }
}

#[test]
fn a_header_in_the_first_part_only() {
    let desk = Desk::new();
    let layout = desk.layout("ia").clone();
    let names: Vec<String> = layout.columns().iter().map(|column| column.name.clone()).collect();
    let part = |first: usize| sheet(&layout, |sheet| sheet.number_from(first)).text();
    let first = format!("{}\n{}", names.join(","), part(10));
    let snapshot = Desk::new().with("CD1Part1.txt", first).with("CD1Part2.txt", part(20)).import();
    assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.quarantined), (6, 0));
    let rows: Vec<String> = column(&voters(&snapshot), "source_row");
    assert_eq!(rows, ["2", "3", "4", "1", "2", "3"]);
}

#[test]
fn a_header_on_the_second_line() {
    let desk = Desk::new();
    for (layout, first) in [("ri-voter", "2"), ("sd-voter", "4")] {
        let text = Sheet::of(desk.layout(layout)).text();
        let rows = voters(&Desk::new().with("Voter.txt", text).import());
        let expected = if layout == "ri-voter" { "3" } else { first };
        assert_eq!((rows.len(), rows[0]["source_row"].as_str()), (3, expected), "{layout}");
    }
}

#[test]
fn headers_that_repeat_names() {
    let desk = Desk::new();
    let snapshot = Desk::new().with("de_voter_reg.txt", Sheet::of(desk.layout("de")).bytes()).import();
    let voters = voters(&snapshot);
    assert_ne!(voters[0]["districts.municipal"], voters[0]["districts.municipal_2"]);
}

#[test]
fn rows_that_end_with_a_delimiter() {
    let desk = Desk::new();
    let text = Sheet::of(desk.layout("ks")).text();
    let header_too = text.replacen('\n', "\t\n", 1);
    let with_value = text.replace("\t\n", "\tx\n");
    for (text, stored) in
        [(&text, 3), (&header_too, 3), (&text.replace("\t\n", "\n"), 3), (&text.replace("\t\n", "\t\t \t\n"), 3)]
    {
        let snapshot = Desk::new().with("ks.txt", office::latin_1(text)).import();
        assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.quarantined), (stored, 0));
    }
    // A value beyond the last column is a shifted row and not an empty field.
    let office = Office::new();
    let file = office.file("ks.txt", office::latin_1(&with_value));
    let error = office.keep(&office.request("ks", vec![file])).unwrap_err();
    assert!(error.to_string().contains("none of the 3 rows"), "{error}");
}

#[test]
fn renamed_and_reordered_headers() {
    let desk = Desk::new();
    let layout = desk.layout("nh-voter").clone();
    let plain = Sheet::of(&layout);
    let expected = voters(&Desk::new().with("nh.csv", plain.bytes()).import());
    let mut renamed = Sheet::of(&layout);
    for name in renamed.header.iter_mut().flatten() {
        let column = layout.columns().iter().find(|column| column.is_named(name)).unwrap();
        *name = column.aliases.first().unwrap_or(name).clone();
    }
    renamed.header.as_mut().unwrap().reverse();
    renamed.rows.iter_mut().for_each(|row| row.reverse());
    assert_ne!(renamed.header, plain.header);
    let found = voters(&Desk::new().with("nh.csv", renamed.bytes()).import());
    for name in ["voter_id", "last_name", "party", "zip"] {
        assert_eq!(column(&found, name), column(&expected, name), "{name}");
    }
}

#[test]
fn columns_of_elections_differ_between_the_files_of_a_set() {
    let desk = Desk::new();
    let layout = desk.layout("oh").clone();
    let first = sheet(&layout, |sheet| sheet.number_from(10));
    let second = sheet(&layout, |sheet| sheet.number_from(20));
    let other = second.text().replace("-11/08/2016", "-03/15/2016");
    let snapshot = Desk::new()
        .with("SWVF_1_22.txt.gz", gzip(first.text().as_bytes()))
        .with("SWVF_23_44.txt.gz", gzip(other.as_bytes()))
        .import();
    assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.elections), (6, 3));
    let ids = column(&participations(&snapshot), "election_id");
    assert!(ids.contains(&"OH-2016-03-15-general".to_owned()) && ids.contains(&"OH-2016-11-08-general".to_owned()));
}

#[test]
fn archives_with_shadows_and_files_beside() {
    let desk = Desk::new();
    let layout = desk.layout("tx-fixed-666").clone();
    let of = |first: usize| sheet(&layout, |sheet| sheet.number_from(first)).text();
    let inner = zip(&[("BEXAR.txt", of(20).as_bytes())]);
    let packed = zip(&[
        ("__MACOSX/._HARRIS.txt", b"\0\0"),
        ("a/.DS_Store", b"x"),
        ("a/HARRIS.txt", of(10).as_bytes()),
        ("a/BEXAR.zip", &inner),
        ("a/EMPTY.txt", b""),
        ("a/Voter_count.txt", b"6 voters\n"),
    ]);
    let snapshot = Desk::new().with("texas.zip", packed).import();
    let members: Vec<Option<&str>> =
        snapshot.manifest().sources.iter().map(|source| source.member.as_deref()).collect();
    assert_eq!(members, [Some("a/HARRIS.txt"), Some("a/BEXAR.zip/BEXAR.txt")]);
    assert_eq!(snapshot.manifest().counts.voters, 6);
}

#[test]
fn a_set_of_county_files_is_one_roll() {
    let desk = Desk::new();
    let layout = desk.layout("ok-voter").clone();
    let of = |first: usize| sheet(&layout, |sheet| sheet.number_from(first)).bytes();
    let snapshot = Desk::new().with("CTY01_vr.csv", of(10)).with("CTY77_vr.csv", of(20)).import();
    let voters = voters(&snapshot);
    assert_eq!(voters.len(), 6);
    let ma = desk.layout("ma-voter").clone();
    let town = |first: usize| sheet(&ma, |sheet| sheet.number_from(first)).bytes();
    let snapshot = Desk::new().with("035VOT_1.txt", town(10)).with("351VOT_1.txt", town(20)).import();
    assert_eq!(column(&self::voters(&snapshot), "county_code"), ["035", "035", "035", "351", "351", "351"]);
}

#[test]
fn districts_are_joined_by_precinct() {
    let desk = Desk::new();
    let voters_sheet = sheet(desk.layout("ca-voter"), |sheet| {
        sheet.set(0, "PrecinctId", "7001");
        sheet.set(1, "PrecinctId", "7002");
        sheet.set(2, "PrecinctId", "7003");
    });
    let districts = "PrecinctId\tDistrictTypeCode\tDistrictName\n7001\tCG\t12\n7001\tSS\t3\n7002\tCG\t13\n";
    let snapshot = Desk::new().with("r-vrd.TXT", voters_sheet.bytes()).with("r-pd.TXT", districts).import();
    let voters = voters(&snapshot);
    assert_eq!(column(&voters, "districts.cg"), ["12", "13", "-"]);
    assert_eq!(column(&voters, "districts.ss"), ["3", "-", "-"]);
}

#[test]
fn four_files_for_each_county() {
    let desk = Desk::new();
    let mut request = Desk::new();
    for (county, first, on) in [("ADAMS", 10, "11/08/2016"), ("YORK", 20, "05/16/2017")] {
        let roll = sheet(desk.layout("pa-voter"), |sheet| {
            sheet.number_from(first);
            sheet.fill("County", county);
            (1..=40).for_each(|n| sheet.fill(&format!("Election {n} Vote Method"), if n == 7 { "AP" } else { "" }));
            (1..=40).for_each(|n| sheet.fill(&format!("Election {n} Party"), ""));
        });
        let map = format!("\"{county}\"\t\"7\"\t\"{on} ELECTION\"\t\"{on}\"\n");
        request = request
            .with(&format!("{county} FVE 20240102.txt"), roll.text())
            .with(&format!("{county} Election Map 20240102.txt"), map)
            .with(
                &format!("{county} Zone Types 20240102.txt"),
                format!("\"{county}\"\t\"1\"\t\"CON\"\t\"Congressional\"\n"),
            )
            .with(&format!("{county} Zone Codes 20240102.txt"), format!("\"{county}\"\t\"1\"\t\"C13\"\t\"13th\"\n"));
    }
    let snapshot = request.import();
    let elections = column(&participations(&snapshot), "election_id");
    let mut expected = vec!["PA-2016-11-08-unknown"; 3];
    expected.extend(["PA-2017-05-16-unknown"; 3]);
    assert_eq!(elections, expected, "election 7 is another one in each county");
}

#[test]
fn histories_in_columns_named_after_elections() {
    let desk = Desk::new();
    for (layout, ids) in [
        ("wi", ["WI-2016-11-unknown", "WI-2018-06-unknown"]),
        ("vt", ["VT-2016-general", "VT-2018-general"]),
        ("nm", ["NM-2016-11-08-general", "NM-2018-06-26-general"]),
        ("oh", ["OH-2016-11-08-general", "OH-2018-06-26-general"]),
    ] {
        let snapshot = Desk::new().with("roll.txt", Sheet::of(desk.layout(layout)).bytes()).import();
        let mut found = column(&participations(&snapshot), "election_id");
        found.sort();
        found.dedup();
        assert_eq!(found, ids, "{layout}");
    }
    let nm = sheet(desk.layout("nm"), |sheet| {
        sheet.set(1, "11/08/2016-general", "E-TAOS");
        sheet.set(2, "11/08/2016-general", "P");
    });
    let found = participations(&Desk::new().with("nm.csv", nm.bytes()).import());
    let of = |row: &str| {
        found.iter().find(|vote| vote["row"] == row && vote["election_id"].contains("2016")).unwrap().clone()
    };
    assert_eq!((of("1")["method"].as_str(), of("1")["county"].as_str()), ("early", "TAOS"));
    assert_eq!(of("2")["method"], "election_day");
}

#[test]
fn histories_in_groups_of_columns() {
    let desk = Desk::new();
    let ok = sheet(desk.layout("ok-voter"), |sheet| {
        (1..=10).for_each(|n| sheet.fill(&format!("VoterHist{n}"), ""));
        (1..=10).for_each(|n| sheet.fill(&format!("HistMethod{n}"), ""));
        sheet.set(0, "VoterHist1", "11/08/2016");
        sheet.set(0, "HistMethod1", "AI");
        sheet.set(0, "VoterHist2", "06/28/2016");
        sheet.set(0, "HistMethod2", "IP");
    });
    let found = participations(&Desk::new().with("CTY01_vr.csv", ok.bytes()).import());
    assert_eq!(column(&found, "election_id"), ["OK-2016-11-08-unknown", "OK-2016-06-28-unknown"]);
    assert_eq!(column(&found, "method"), ["absentee_in_person", "election_day"]);
    // The kind of election is told by the group of columns alone.
    let ia = participations(&Desk::new().with("CD1Part2.txt", Sheet::of(desk.layout("ia")).text()).import());
    let kinds: std::collections::BTreeSet<String> =
        column(&ia, "election_id").iter().map(|id| id.rsplit('-').next().unwrap().to_owned()).collect();
    assert!(
        ["general", "primary", "school", "municipal", "special"].iter().all(|kind| kinds.contains(*kind)),
        "{kinds:?}"
    );
}

#[test]
fn histories_packed_into_a_cell() {
    let desk = Desk::new();
    let cell = |layout: &str, name: &str, values: &[&str]| {
        let sheet = sheet(desk.layout(layout), |sheet| {
            values.iter().enumerate().for_each(|(row, value)| sheet.set(row, name, value));
        });
        participations(&Desk::new().with("AllNYSVoters.txt", sheet.text()).import())
    };
    let ny = cell("ny", "VOTERHISTORY", &["20201103 GE;PE 20200623; 2016 GENERAL ELECTION", "", "?"]);
    let of = |row: &str| {
        let mine = ny.iter().filter(|vote| vote["row"] == row).cloned().collect::<Vec<_>>();
        column(&mine, "election_id")
    };
    assert_eq!(of("0"), ["NY-2020-11-03-general", "NY-2020-06-23-primary", "NY-2016-general"]);
    assert!(of("1").is_empty());
    assert_eq!(of("2"), ["NY-undated-unknown"], "a token that nobody can read is kept, and merged with nothing");
    let ks = sheet(desk.layout("ks"), |sheet| {
        (2..=10).for_each(|n| sheet.fill(&format!("text_election_code_{n}"), ""));
        sheet.fill("text_election_code_1", "GN2016");
    });
    let found = participations(&Desk::new().with("ks.txt", ks.bytes()).import());
    assert_eq!(column(&found, "election_id"), ["KS-2016-general"; 3]);
    let mo = sheet(desk.layout("mo"), |sheet| {
        (2..=20).for_each(|n| sheet.fill(&format!("Voter History {n}"), ""));
        sheet.fill("Voter History 1", "11/08/2016 General Election");
    });
    let found = participations(&Desk::new().with("mo.txt", mo.bytes()).import());
    assert_eq!(column(&found, "election_id"), ["MO-2016-11-08-general"; 3]);
}

#[test]
fn rows_of_a_history_that_are_no_votes() {
    let desk = Desk::new();
    let voters = sheet(desk.layout("fl-voter"), |sheet| sheet.number_from(10));
    let line = |id: usize, code: &str| format!("ALA\t{id:08}\t11/08/2016\tGEN\t{code}\n");
    let history = line(10, "Y") + &line(10, "N") + &line(11, "B") + &line(12, "P") + &line(99, "E");
    let snapshot = Desk::new().with("ALA_20240102.txt", voters.text()).with("ALA_H_20240102.txt", history).import();
    let found = participations(&snapshot);
    let shown: Vec<(String, String)> = column(&found, "outcome").into_iter().zip(column(&found, "method")).collect();
    let pair = |outcome: &str, method: &str| (outcome.to_owned(), method.to_owned());
    assert_eq!(
        shown,
        [
            pair("voted", "election_day"),
            pair("not_voted", "unknown"),
            pair("not_counted", "mail"),
            pair("not_counted", "provisional")
        ]
    );
    assert_eq!(snapshot.manifest().counts.participations_unmatched, 1);
}

#[test]
fn dates_that_stand_for_not_known() {
    let desk = Desk::new();
    let ct = sheet(desk.layout("ct"), |sheet| {
        let name = desk.layout("ct").column_to("date_of_birth").unwrap().name.clone();
        sheet.set(0, &name, "01/01/1800");
        sheet.set(1, &name, "02/30/1970");
        sheet.set(2, &name, "05/06/1970");
    });
    let voters = voters(&Desk::new().with("VOTELCT1", ct.text()).import());
    assert_eq!(column(&voters, "date_of_birth"), ["-", "-", "1970-05-06"]);
    assert_eq!(column(&voters, "date_of_birth_raw"), ["-", "02/30/1970", "-"]);
    assert!(voters[0]["field_state"].contains("date_of_birth=placeholder"));
    assert!(voters[1]["field_state"].contains("date_of_birth=invalid"));
}

#[test]
fn a_year_in_the_column_of_the_birth_date() {
    let desk = Desk::new();
    let nj = sheet(desk.layout("nj-voter"), |sheet| {
        sheet.set(0, "dob", "1970");
        sheet.set(1, "dob", "05/06/71");
        sheet.set(2, "dob", "1972-05-06 00:00:00");
    });
    let voters = voters(&Desk::new().with("vlist_Essex.csv", nj.bytes()).import());
    assert_eq!(column(&voters, "date_of_birth"), ["-", "1971-05-06", "1972-05-06"]);
    assert_eq!(column(&voters, "birth_year"), ["1970", "-", "-"], "a year is never made a day");
    assert_eq!(column(&voters, "date_of_birth_raw"), ["1970", "-", "-"]);
}

#[test]
fn rows_without_a_number() {
    let desk = Desk::new();
    let text = Sheet::of(desk.layout("ky")).text();
    let first = Desk::new().with("ky.txt", &text).import();
    // The same rows in another file and order have the same numbers.
    let turned: Vec<&str> = text.lines().rev().collect();
    let second = Desk::new().with("kentucky.txt", turned.join("\n")).import();
    let ids = |snapshot: &Rolled| column(&voters(snapshot), "voter_id");
    assert!(first.manifest().id_is_surrogate);
    let (mut a, mut b) = (ids(&first), ids(&second));
    a.sort();
    b.sort();
    assert_eq!(a, b);
    assert!(a.iter().all(|id| id.len() == 16), "{a:?}");
}

#[test]
fn masks_inside_ordinary_columns() {
    let desk = Desk::new();
    let fl = sheet(desk.layout("fl-voter"), |sheet| {
        sheet.fill("Name_Last", "*");
        sheet.fill("Birth_Date", "*");
        sheet.fill("Requested_public_records_exemption", "Y");
    });
    let fl = voters(&Desk::new().with("ALA_20240102.txt", fl.text()).import());
    assert_eq!(
        (column(&fl, "last_name"), column(&fl, "confidential_flag")),
        (vec!["-".to_owned(); 3], vec!["true".to_owned(); 3])
    );
    assert!(fl[0]["field_state"].contains("last_name=masked") && fl[0]["field_state"].contains("date_of_birth=masked"));
    let or = sheet(desk.layout("or"), |sheet| {
        let name = desk.layout("or").column_to("birth_year").unwrap().name.clone();
        sheet.set(0, &name, "ACP");
        sheet.set(1, &name, "XXXXXXXX");
        sheet.set(2, &name, "1801");
        sheet.fill("STATUS", "A");
    });
    let or = voters(&Desk::new().with("or.txt", or.text()).import());
    let state = |row: usize| {
        or[row]["field_state"].split(';').find(|state| state.starts_with("birth_year")).unwrap().to_owned()
    };
    assert_eq!([state(0), state(1), state(2)], ["birth_year=masked", "birth_year=masked", "birth_year=placeholder"]);
    let marks = column(&or, "protection_marks");
    assert_eq!((marks[0].as_str(), marks[2].as_str()), ("address_confidentiality", "-"));
    assert!(marks[1].contains("marked_confidential"));
}

#[test]
fn leading_zeros_are_kept_or_filled_up() {
    let desk = Desk::new();
    let ga = sheet(desk.layout("ga-voter"), |sheet| {
        sheet.set(0, "Voter Registration Number", "123");
        sheet.set(1, "Voter Registration Number", "00000124");
        sheet.set(2, "Voter Registration Number", "12345678");
    });
    let history = sheet(desk.layout("ga-history"), |sheet| {
        let name = desk.layout("ga-history").column_to("voter_id").unwrap().name.clone();
        sheet.set(0, &name, "00000123");
        sheet.set(1, &name, "124");
        sheet.set(2, &name, "99");
    });
    let snapshot = Desk::new().with("ga.csv", ga.bytes()).with("2024.csv", history.bytes()).import();
    assert_eq!(column(&voters(&snapshot), "voter_id"), ["00000123", "00000124", "12345678"]);
    assert_eq!(
        (snapshot.manifest().counts.participations, snapshot.manifest().counts.participations_unmatched),
        (2, 1)
    );
}

#[test]
fn codes_padded_with_blanks() {
    let desk = Desk::new();
    let ar = sheet(desk.layout("ar-voter"), |sheet| {
        sheet.set(0, "CDE_REGISTRANT_STATUS", "A   ");
        sheet.set(1, "CDE_REGISTRANT_STATUS", "NR  ");
        sheet.set(2, "CDE_REGISTRANT_STATUS", "Q   ");
    });
    let voters = voters(&Desk::new().with("VR.csv", ar.bytes()).import());
    assert_eq!(column(&voters, "status"), ["active", "not_registered", "unknown"]);
    assert_eq!(column(&voters, "status_raw"), ["A", "NR", "Q"]);
}
