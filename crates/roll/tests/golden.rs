//! Small files with every published quirk, and the canonical rows that come of them.

#[cfg(test)]
mod office;

use office::{Office, UT_HEADER, latin_1, quarantine, tables, ut_row};

#[test]
fn utah_2014_with_its_quirks() {
    let office = Office::new();
    let content = format!(
        "\u{feff}{UT_HEADER}\r\n\
         0070,O'Testa,\"Ida \"\"Ike\"\"\",  M ,JR,Inactive,1,YES,12:00:00 AM,01/01/1900,Independent American,801-555-0100,\"1  Main  St, #2\",\
         \"Provo, UT  84601\",Utah,PR01,12,A,N,Center,W,ST,APT,2,Provo,84601,2/30/1970,1,2,3,4,5,6,7,,11/8/2016\r\n\
         0003,Pe\u{f1}a,Zo\u{eb},,,Suspended,,MAYBE,2/3/2218,2/3/2010,Green,,,,Cache,,,,,,,,,,,,01/09/1990,,,,,,,,11/4/2008,11/8/2016\r\n\
         {}",
        ut_row("0001", "Utah", ",")
    );
    let snapshot = office.import("ut", content).unwrap().snapshot;
    insta::assert_snapshot!(tables(&snapshot));
    assert_eq!(snapshot.manifest().counts.quarantined, 0);
}

#[test]
fn utah_2019_has_other_headers_and_no_birth_date() {
    let office = Office::new();
    let header = UT_HEADER.replace("DOB,", "").replace("Absentee", "PermanentAbsentee");
    let header = header.split(',').map(|name| if name.contains('/') { name.to_owned() } else { name.replace(' ', "") });
    let header: Vec<String> = header.collect();
    let row = ut_row("1", "Utah", ",").replace("5/6/1970,", "");
    let snapshot = office.import("ut", format!("{}\n{row}\n", header.join(","))).unwrap().snapshot;
    assert!(!snapshot.has_column("date_of_birth"));
    assert_eq!(snapshot.manifest().counts.voters, 1);
}

#[test]
fn utah_broken_lines_go_to_quarantine_one_by_one() {
    let office = Office::new();
    let good = ut_row("7", "Utah", ",");
    let lines = [
        good.replace("Testa", "Te\"sta"),
        good.replace("Testa", "\"Testa"),
        good.replace("Testa", "\"Testa\" x"),
        good.replace(",Ida", ""),
        good.replace(",Ida", ",Ida,Ida"),
        good.replacen('7', " ", 1),
        good.replacen('7', "1234567890123456789012345", 1),
        good.replace("Testa", "Te\0sta"),
        good.replace("Testa", "Te\rsta"),
        good.clone(),
    ];
    let mut content = format!("{UT_HEADER}\n{}\n\n", lines.join("\n")).into_bytes();
    content.extend_from_slice(
        &good
            .replace("Ida", "@")
            .into_bytes()
            .iter()
            .map(|byte| match byte {
                b'@' => 0xe9,
                other => *other,
            })
            .collect::<Vec<u8>>(),
    );
    let snapshot = office.import("ut", content).unwrap().snapshot;
    insta::assert_snapshot!(quarantine(&snapshot).replace('\0', "<NUL>").replace('\r', "<CR>"));
    let source = &snapshot.manifest().sources[0];
    assert_eq!((source.rows_read, source.rows_stored, source.rows_quarantined, source.lines_empty), (11, 1, 10, 1));
}

const NC_HEADER: &str = include_str!("nc-voter-header.txt");
const NC_HISTORY_HEADER: &str = include_str!("nc-history-header.txt");

/// A North Carolina row: every column filled with a word that names it, some with given values.
fn nc_row(header: &str, values: &[(&str, &str)]) -> String {
    let cell = |name: &str| {
        let given = values.iter().find(|(column, _)| *column == name).map(|(_, value)| *value);
        format!("\"{}\"", given.unwrap_or("  "))
    };
    header.trim_end().split('\t').map(cell).collect::<Vec<_>>().join("\t")
}

/// A voter whose cells show the quirks of the file.
const ANA: [(&str, &str); 27] = [
    ("county_id", "1"),
    ("county_desc", "ALAMANCE"),
    ("voter_reg_num", "000000012"),
    ("ncid", "AA12"),
    ("last_name", "PE\u{d1}A"),
    ("first_name", "ANA"),
    ("status_cd", "A"),
    ("voter_status_desc", "ACTIVE"),
    ("reason_cd", "AV"),
    ("res_street_address", "12   OAK    ST  "),
    ("res_city_desc", "BURLINGTON"),
    ("state_cd", "NC"),
    ("zip_code", "27215"),
    ("mail_addr1", "PO BOX \"\"7\"\""),
    ("confidential_ind", "N"),
    ("registr_dt", "##/##/####"),
    ("race_code", "I"),
    ("ethnic_code", "HL"),
    ("party_cd", "UNA"),
    ("gender_code", "F"),
    ("birth_year", "1970"),
    ("age_at_year_end", "47"),
    ("birth_state", "OC"),
    ("drivers_lic", "Y"),
    ("precinct_abbrv", "03N"),
    ("ward_abbrv", "W1"),
    ("vtd_abbrv", "03N"),
];

/// A removed voter, with values that no legend knows.
const BOB: [(&str, &str); 9] = [
    ("county_desc", "ALAMANCE"),
    ("ncid", "AA03"),
    ("last_name", "TESTA"),
    ("status_cd", "R"),
    ("res_street_address", "REMOVED"),
    ("registr_dt", "01/01/1900"),
    ("confidential_ind", "?"),
    ("race_code", "Z"),
    ("birth_year", "19x0"),
];

#[test]
fn north_carolina_with_its_quirks_and_its_history_file() {
    let office = Office::new();
    let roll = format!("{NC_HEADER}{}\r\n{}\r\n", nc_row(NC_HEADER, &ANA), nc_row(NC_HEADER, &BOB));
    let vote = |id: &str, date: &str, name: &str, method: &str| {
        let values = [
            ("ncid", id),
            ("election_lbl", date),
            ("election_desc", name),
            ("voting_method", method),
            ("voted_party_cd", "DEM"),
            ("pct_label", "03N"),
            ("voted_county_desc", "ALAMANCE"),
        ];
        nc_row(NC_HISTORY_HEADER, &values)
    };
    let votes = [
        vote("AA12", "11/08/2016", "11/08/2016 GENERAL", "ABSENTEE ONESTOP"),
        vote("AA12", "11/08/2016", "11/08/2016 GENERAL", "ABSENTEE ONESTOP"),
        vote("AA12", "03/15/2016", "03/15/2016 PRIMARY", "DRIVE-THROUGH"),
        vote("AA03", "11/08/2016", "11/08/2016 GENERAL", "ELIGIBLE DID NOT VOTE"),
        vote("ZZ99", "11/08/2016", "11/08/2016 GENERAL", "IN-PERSON"),
        vote("AA12", "11/31/2016", "11/31/2016 GENERAL", "IN-PERSON"),
    ];
    let history = format!("{NC_HISTORY_HEADER}{}\r\n", votes.join("\r\n"));
    let files = vec![office.file("ncvoter1.txt", latin_1(&roll))];
    let request = office.request("nc-voter", files).with_history(vec![office.file("ncvhis1.txt", history)]);
    let snapshot = office.keep(&request).unwrap().snapshot;
    insta::assert_snapshot!(tables(&snapshot));
    let counts = snapshot.manifest().counts;
    assert_eq!((counts.voters, counts.participations, counts.participations_repeated), (2, 4, 1));
    assert_eq!((counts.participations_unmatched, counts.quarantined, counts.elections), (1, 1, 2));
    assert!(quarantine(&snapshot).contains("\"ncvhis1.txt\",7,4,\"election_lbl\",\"no election that can be read\""));
    assert!(snapshot.path().join("participation-unmatched.parquet").is_file());
}
