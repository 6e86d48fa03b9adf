//! Files that have no end where one is expected: read or refused in bounded memory, and no line swallows the next one.

#[cfg(test)]
mod office;

use std::io::Write;

use office::{Office, UT_HEADER, quarantine, refusal, ut_row};
use roll::ImportError;

/// What is said of the one line in quarantine.
#[cfg(test)]
fn fault(line: &[u8]) -> String {
    let office = Office::new();
    let good = ut_row("1", "Utah", ",");
    let content = [format!("{UT_HEADER}\n{good}\n").as_bytes(), line, format!("\n{good}\n").as_bytes()].concat();
    let snapshot = office.import("ut", content).unwrap().snapshot;
    let counts = snapshot.manifest().counts;
    assert_eq!((counts.voters, counts.quarantined), (2, 1));
    let said = quarantine(&snapshot);
    let said = said.lines().nth(1).unwrap();
    // Behind the reason stands the line itself.
    let (end, _) = said.match_indices("\",\"").nth(1).unwrap();
    said.get(..=end).unwrap().to_owned()
}

#[test]
fn a_million_columns() {
    let commas = ",".repeat(1_000_000);
    insta::assert_snapshot!(refusal("ut", &commas), @r"
    the header line of `roll.txt` cannot be read: line is longer than 8000 bytes
    help: is it the file of this layout, as delivered? it is not a header of any other known layout either
    ");
    assert_eq!(fault(commas.as_bytes()), r#""roll.txt",3,8001,"","line is longer than 8000 bytes""#);
    assert_eq!(fault(&[b','; 7000]), r#""roll.txt",3,37,"","7001 fields, expected 36""#);
}

#[test]
fn bytes_that_are_no_text() {
    let row = ut_row("2", "Utah", ",");
    let nul = row.replace("Ida", "I\0da");
    assert_eq!(fault(nul.as_bytes()), r#""roll.txt",3,3,"First Name","NUL byte""#);
    assert_eq!(fault(&[0; 1000]), r#""roll.txt",3,1,"Voter ID","NUL byte""#);
    assert_eq!(
        fault(row.replace("Ida", "I\rda").as_bytes()),
        r#""roll.txt",3,3,"First Name","carriage return inside the line""#
    );
    insta::assert_snapshot!(refusal("ut", [0; 100_000]), @r"
    the header line of `roll.txt` cannot be read: line is longer than 8000 bytes
    help: is it the file of this layout, as delivered? it is not a header of any other known layout either
    ");
    assert!(refusal("ut", UT_HEADER.replace("Last", "La\0st")).contains("expected `Last Name`"));
}

#[test]
fn nothing_but_a_mark() {
    for mark in [&b"\xef\xbb\xbf"[..], b"\xff\xfe", b"\xfe\xff"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(refusal("ut", mark), @r"
            `roll.txt` is empty
            help: the download may have failed; get the file again
            ");
        }
    }
}

#[test]
fn half_a_pair_of_utf_16_takes_its_line_alone() {
    let office = Office::new();
    let text = format!("{UT_HEADER}\r\n{}\r\n{}\r\n", ut_row("1", "Utah", ","), ut_row("2", "Utah", ","));
    for of in [u16::to_le_bytes, u16::to_be_bytes] {
        let mut units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
        let name = units.windows(3).rposition(|units| units == [0x49, 0x64, 0x61]).unwrap();
        units[name] = 0xd83d;
        let mut bytes: Vec<u8> = units.iter().flat_map(|unit| of(*unit)).collect();
        bytes.push(b'x');
        let file = office.file("roll.txt", bytes);
        let snapshot = office.keep(&office.request("ut", vec![file])).unwrap().snapshot;
        let quarantine = quarantine(&snapshot);
        let said: Vec<&str> = quarantine.lines().skip(1).map(|line| line.split(",\"").nth(2).unwrap()).collect();
        assert_eq!(said, ["byte 9 of the line is not valid UTF-8\"", "byte 1 of the line is not valid UTF-8\""]);
        assert_eq!(snapshot.manifest().counts.voters, 1);
    }
}

/// A quote that never closes, before 40,000 lines and before a hundred megabytes in one line.
#[test]
fn a_quote_that_never_closes() {
    let office = Office::new();
    let open = ut_row("2", "Utah", ",").replace("Ida", "\"Ida");
    let rest: String = (3..40_000).map(|id| ut_row(&id.to_string(), "Utah", ",") + "\n").collect();
    let snapshot = office.import("ut", format!("{UT_HEADER}\n{open}\n{rest}")).unwrap().snapshot;
    assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.quarantined), (39_997, 1));

    const BYTES: usize = 100 * 1024 * 1024;
    let path = office.folder.path().join("long.txt");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    write!(file, "{UT_HEADER}\n{}\n{open}", ut_row("1", "Utah", ",")).unwrap();
    (0..BYTES / 1024).for_each(|_| file.write_all(&[b'x'; 1024]).unwrap());
    write!(file, "\r\n{}\r\n", ut_row("3", "Utah", ",")).unwrap();
    file.into_inner().unwrap();
    for block in [1, 1000, 1 << 22] {
        let store = roll::Store::open(office.folder.path().join(format!("store-{block}")));
        let request = office.request("ut", vec![path.clone()]).with_block_bytes(block);
        let mut vault = store.vault_or_new(roll::vault::Unlock::default()).unwrap();
        let snapshot = store.import(&request, &mut vault, &()).unwrap().snapshot;
        assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.quarantined), (2, 1), "{block}");
        let line = office::reader(&snapshot).quarantine().unwrap().next().unwrap().unwrap();
        assert_eq!(format!("{line:?}"), "long.txt line 3, column 37 (): line is longer than 8000 bytes");
        assert_eq!(line.raw().len(), open.len() + BYTES, "{block}");
    }
}

#[test]
fn more_damaged_lines_than_any_roll_has() {
    let content = format!("{UT_HEADER}\n{}\n{}", ut_row("1", "Utah", ","), "x\n".repeat(2_000_001));
    insta::assert_snapshot!(refusal("ut", content), @r"
    more than 2000000 lines of `roll.txt` could not be read; the first one, line 3: 1 fields, expected 36
    help: is it the file of this layout, as delivered, in the right encoding?
    ");
}

#[test]
fn a_long_line_at_the_end_has_its_place_too() {
    for end in ["", "\n", "\r\n"] {
        let content = format!("{UT_HEADER}\n{}\n{}{end}", ut_row("1", "Utah", ","), "x".repeat(8_001));
        let office = Office::new();
        let snapshot = office.import("ut", content).unwrap().snapshot;
        assert!(quarantine(&snapshot).ends_with(&format!(",\"{}\"\n", "x".repeat(8_001))), "{end:?}");
    }
    assert!(matches!(Office::new().import("ut", "x".repeat(9_000)), Err(ImportError::HeaderLine { .. })));
}
