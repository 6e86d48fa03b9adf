//! `openroll roll diff`: what changed between two snapshots.

use insta::assert_snapshot;

use crate::desk::Desk;

/// A desk with a synthetic roll of June and its successor of July: some are gone, new, moved, inactive, of another party.
fn two_months() -> Desk {
    let desk = Desk::new();
    desk.done("synth --layout ut --rows 2000 --seed 1 --out roll");
    desk.done("roll import roll/ut_voters.csv --layout ut --as-of 2017-06-01");
    let june = desk.read("roll/ut_voters.csv");
    let mut reader = csv::Reader::from_reader(june.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (id, county, party) = (at("Voter ID"), at("County ID"), at("Party"));
    let (status, phone, last) = (at("Status"), at("Phone"), header.len() - 1);
    let mut july = csv::Writer::from_writer(Vec::new());
    july.write_record(&header).unwrap();
    for (place, row) in reader.records().enumerate() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        match place % 50 {
            0 => continue,
            1 => row[county] = "Salt Lake".to_owned(),
            2 => row[status] = "Inactive".to_owned(),
            3 => row[party] = "Whig".to_owned(),
            4 => row[phone].clear(),
            5 => row[last] = if row[last].is_empty() { "11/8/2016".to_owned() } else { String::new() },
            6 if place % 100 == 6 => row[id] = format!("77{}", row[id]),
            _ => {}
        }
        july.write_record(&row).unwrap();
    }
    desk.write("july.csv", july.into_inner().unwrap());
    desk.done("roll import july.csv --layout ut --as-of 2017-07-01");
    desk
}

#[test]
fn one_month_and_the_next() {
    let desk = two_months();
    assert_snapshot!(desk.run("roll diff ut-2017-06 ut-2017-07"));
    let csv = desk.run("roll diff ut-2017-06 ut-2017-07 --format csv");
    let few = csv.stdout.lines().filter(|row| row.contains(",Utah,") || row.starts_with("registrants,,"));
    let few: Vec<&str> = few.collect();
    assert_snapshot!(few.join("\n"));
    assert_eq!(csv.code, Some(1));
}

#[test]
fn the_folder_of_changes() {
    let desk = two_months();
    let ran = desk.run("roll diff ut-2017-06 ut-2017-07 --format csv --out changes");
    assert_eq!(ran.code, Some(1), "{ran}");
    assert_snapshot!(ran.stderr);
    assert_eq!(desk.names("changes"), ["changes-00000.parquet", "diff.json"]);
    let printed = desk.run("roll diff ut-2017-06 ut-2017-07 --format json");
    assert_eq!(printed.stdout, desk.read("changes/diff.json"));
    let first = desk.tree("changes");
    desk.run("roll diff ut-2017-06 ut-2017-07 --out changes-again");
    assert_eq!(desk.tree("changes-again"), first);
    assert_snapshot!(desk.run("roll diff ut-2017-06 ut-2017-07 --out changes"));
    assert_eq!(desk.tree("changes"), first);
}

#[test]
fn a_snapshot_and_itself() {
    let desk = two_months();
    assert_snapshot!(desk.run("roll diff ut-2017-06 ut-2017-06"));
}

#[test]
fn the_later_one_first() {
    let desk = two_months();
    assert_snapshot!(desk.run("roll diff ut-2017-07 ut-2017-06").stderr);
}

#[test]
fn snapshots_that_cannot_be_compared() {
    let desk = two_months();
    desk.done("synth --layout nc-voter --rows 50 --seed 7 --out nc");
    desk.done("roll import nc/ncvoter_Statewide.zip --layout nc-voter --as-of 2024-06-01");
    assert_snapshot!(desk.run("roll diff ut-2017-06 nc-voter"));
    assert_snapshot!(desk.run("roll diff ut-2017-06 ut-2017-08"));
    assert_snapshot!(desk.run("roll diff ut-2017-06 ut-2017-07 --without shoe_size"));
}

/// What stands in a protected column never reaches the screen, nor does a word that hardly any row has.
#[test]
fn no_value_is_printed() {
    let desk = two_months();
    let july = desk.read("july.csv");
    let token = "QZXTOKEN";
    let lines: Vec<String> = july
        .lines()
        .enumerate()
        .map(|(number, line)| {
            // A phone, a street, and a county in one row only.
            if number == 100 {
                line.replace(",Salt Lake,", &format!(",{token},")).replace("801-555", token)
            } else {
                line.to_owned()
            }
        })
        .collect();
    let changed = lines.join("\n").replacen("801-555", token, 40);
    assert!(changed.contains(token));
    desk.write("august.csv", changed);
    desk.done("roll import august.csv --layout ut --as-of 2017-08-01");
    for format in ["table", "csv", "json"] {
        let ran = desk.run(&format!("roll diff ut-2017-07 ut-2017-08 --format {format} --out changes-{format}"));
        assert_eq!(ran.code, Some(1), "{ran}");
        assert!(ran.stdout.contains("phone"), "{ran}");
        assert!(!ran.stdout.contains(token) && !ran.stderr.contains(token), "{ran}");
        assert!(!desk.read(&format!("changes-{format}/diff.json")).contains(token));
    }
}
