//! What cannot be seen through the public face: several parts in a small roll.

use std::path::Path;

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
    let store = Store::open(dir.path().join("store"));
    let mut vault = store.vault_or_new(crate::vault::Unlock::default()).unwrap();
    let snapshot = store.import(&request, &mut vault, &()).unwrap().snapshot;
    let reader = snapshot.reader(vault.all_keys(&snapshot).unwrap());
    assert_eq!(snapshot.parts(), 4);
    let mut ids = Vec::new();
    for part in 0..snapshot.parts() {
        let voters = reader.read_voters(part, &["voter_id"]).unwrap();
        let participations = reader.read_participations(part, &["source_row", "row"]).unwrap();
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
    assert!(matches!(reader.read_voters(4, &[]), Err(SnapshotError::NoPart { part: 4, parts: 4 })));
    assert!(matches!(reader.read_voters(0, &["email"]), Err(SnapshotError::NoColumn { .. })));
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

/// The address space of the process that imports a larger file. What it needs is the program itself, some parts, and
/// the keys that are sorted at a time.
const SPACE_KB: u64 = 256 * 1024;
const FILE_BYTES: u64 = 300 * 1024 * 1024;
const FILE: &str = "OPENROLL_TEST_LARGE_FILE";

/// A file that would not fit into the memory that there is, imported by a process of its own.
#[test]
fn a_file_larger_than_memory() {
    if let Some(file) = std::env::var_os(FILE) {
        return import_large(Path::new(&file));
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("roll.txt");
    write_large(&file);
    let name = std::thread::current().name().unwrap().to_owned();
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", "ulimit -v \"$1\" && exec \"$2\" --exact \"$3\" --nocapture || exit 99", "sh"]);
    shell.arg(SPACE_KB.to_string()).arg(std::env::current_exe().unwrap()).arg(name);
    // One arena and two threads: each would reserve space of its own.
    shell.env(FILE, &file).env("MALLOC_ARENA_MAX", "1").env("RAYON_NUM_THREADS", "2").env("RUST_TEST_THREADS", "1");
    let output = match shell.output() {
        Ok(output) if output.status.code() != Some(99) => output,
        other => return println!("skipped: memory cannot be limited here: {other:?}"),
    };
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// Rows of a thousand bytes each, in an order of their own, and a line that would not fit into memory either.
fn write_large(path: &Path) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let name = "T".repeat(900);
    std::io::Write::write_all(&mut file, HEADER.as_bytes()).unwrap();
    for n in 0..FILE_BYTES / 1_000 {
        let id = format!("A{}", (n * 7_919) % 1_000_003);
        let county = ["B", "A", "C"][usize::try_from(n % 3).unwrap()];
        let line = row(HEADER, &[("ncid", &id), ("county_desc", county), ("last_name", &name)]);
        std::io::Write::write_all(&mut file, format!("{line}\n").as_bytes()).unwrap();
    }
    (0..FILE_BYTES >> 10).for_each(|_| std::io::Write::write_all(&mut file, &[b'"'; 1 << 10]).unwrap());
}

fn import_large(file: &Path) {
    let layouts = Layouts::built_in().unwrap();
    let request = ImportRequest::new(&layouts, "nc-voter", vec![file.to_owned()], "2017-06-30".parse().unwrap())
        .with_part_rows(5_000)
        .with_run_bytes(1 << 20)
        .with_block_bytes(1 << 20);
    let store = Store::open(file.with_extension("store"));
    let mut vault = store.vault_or_new(crate::vault::Unlock::default()).unwrap();
    let snapshot = store.import(&request, &mut vault, &()).unwrap().snapshot;
    let counts = snapshot.manifest().counts;
    assert_eq!((counts.voters, counts.quarantined), (FILE_BYTES / 1_000, 1));
}
