//! What cannot be seen through the public face: several parts in a small roll.

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;

use super::*;

const HEADER: &str = include_str!("../../tests/nc-voter-header.txt");
const HISTORY_HEADER: &str = include_str!("../../tests/nc-history-header.txt");

fn row(header: &str, values: &[(&str, &str)]) -> String {
    let cell = |name| values.iter().find(|(column, _)| *column == name).map_or("", |(_, value)| *value);
    header.trim_end().split('\t').map(cell).collect::<Vec<_>>().join("\t")
}

#[test]
fn each_part_holds_the_participations_of_its_own_registrants() {
    let dir = tempfile::tempdir().unwrap();
    let voters: Vec<String> = (0..10)
        .map(|n| {
            row(HEADER, &[("ncid", &format!("A{}", (n * 7) % 10)), ("county_desc", if n % 2 == 0 { "B" } else { "A" })])
        })
        .collect();
    let votes: Vec<String> = (0..40)
        .map(|n| {
            row(
                HISTORY_HEADER,
                &[("ncid", &format!("A{}", n % 10)), ("election_lbl", &format!("11/{:02}/2016", 1 + n / 10))],
            )
        })
        .collect();
    let (roll, history) = (dir.path().join("v.txt"), dir.path().join("h.txt"));
    std::fs::write(&roll, format!("{HEADER}{}", voters.join("\n"))).unwrap();
    std::fs::write(&history, format!("{HISTORY_HEADER}{}", votes.join("\n"))).unwrap();
    let layouts = Layouts::built_in().unwrap();
    let request = ImportRequest::new(&layouts, "nc-voter", vec![roll], "2017-06-30".parse().unwrap())
        .with_history(vec![history])
        .with_part_rows(3);
    let snapshot = Store::open(dir.path().join("store")).import(&request, &()).unwrap().snapshot;
    assert_eq!(snapshot.parts(), 4);
    let mut ids = Vec::new();
    for part in 0..snapshot.parts() {
        let voters = snapshot.read_voters(part, &["voter_id"]).unwrap();
        let participations = snapshot.read_participations(part, &["source_row", "row"]).unwrap();
        let counts = snapshot.manifest().parts[part];
        assert_eq!(
            (voters.num_rows() as u64, participations.num_rows() as u64),
            (counts.voters, counts.participations)
        );
        let (lines, rows) = (participations.column(0), participations.column(1).as_primitive::<UInt32Type>());
        assert!(rows.values().is_sorted());
        for (line, row) in lines.as_primitive::<arrow_array::types::UInt64Type>().values().iter().zip(rows.values()) {
            let id = voters.column(0).as_string::<i32>().value(*row as usize);
            assert_eq!(id, format!("A{}", (line - 2) % 10));
        }
        ids.extend(voters.column(0).as_string::<i32>().iter().map(|id| id.unwrap().to_owned()));
    }
    assert_eq!(ids, ["A1", "A3", "A5", "A7", "A9", "A0", "A2", "A4", "A6", "A8"]);
    assert!(matches!(snapshot.read_voters(4, &[]), Err(SnapshotError::NoPart { part: 4, parts: 4 })));
    assert!(matches!(snapshot.read_voters(0, &["email"]), Err(SnapshotError::NoColumn { .. })));
}

#[test]
fn what_the_system_says_of_a_full_disk_is_said_once_and_names_what_people_know() {
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("snapshot");
    let staging = Staging::new(&target).unwrap();
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    let said = full.to_string();
    let wrapped = parquet::errors::ParquetError::External(Box::new(full));
    let error = ImportError::write_parquet(&staging.path().join("voter-00000.parquet"))(wrapped);
    assert_eq!(error.to_string(), format!("cannot write `{}`", target.join("voter-00000.parquet").display()));
    let cause = std::error::Error::source(&error).unwrap();
    assert_eq!((cause.to_string(), cause.source().is_none()), (said, true));
}
