//! Workbooks that are no rolls: refused in bounded time and memory, with the whole message.

#[cfg(test)]
mod office;

use office::{Office, UT_HEADER, archive, quarantine, refusal, ut_row};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook with a sheet and shared texts as they are given.
fn workbook(sheet: &str, shared: &str) -> Vec<u8> {
    let rels = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/officeDocument\" \
         Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Roll\" sheetId=\"1\" r:id=\"r1\"/>\
         </sheets></workbook>"
    );
    let book_rels = format!(
        "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/worksheet\" \
         Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    archive(&[
        ("_rels/.rels", rels.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", book_rels.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A workbook with these rows, and no shared text.
fn of_rows(rows: &str) -> Vec<u8> {
    workbook(&format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"), "<sst></sst>")
}

fn cell(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// The cells of a line of text, as a row.
fn row(number: u32, line: &str) -> String {
    let line =
        line.replace("\"Mailing city, state  zip\"", "Mailing city; state  zip").replace("\"Provo, UT", "Provo; UT");
    let cells = line
        .replace('"', "")
        .split(',')
        .map(|text| format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", text.replace("city; state", "city, state")))
        .collect::<String>();
    format!("<row r=\"{number}\">{cells}</row>")
}

fn header() -> String {
    row(1, UT_HEADER)
}

fn said(rows: &str) -> String {
    let said = refusal("ut", of_rows(rows));
    said.lines().next().unwrap_or_default().replace("archive `roll.txt` is a workbook that cannot be read: ", "")
}

#[test]
fn a_good_one_is_read_also_where_its_rows_lie_far_apart() {
    let office = Office::new();
    let rows = [header(), row(2, &ut_row("1", "Utah", ",")), row(1_048_576, &ut_row("2", "Utah", ","))].concat();
    let snapshot = office.import("ut", of_rows(&rows)).unwrap().snapshot;
    let source = &snapshot.manifest().sources[0];
    assert_eq!((source.rows_stored, source.rows_quarantined, source.lines_empty), (2, 0, 1_048_573));
}

#[test]
fn places_that_are_none() {
    let at = |place: &str| said(&format!("{}<row r=\"2\">{}</row>", header(), cell(place, "x")));
    assert!(at("FAM2").contains("line 2: 4095 fields, expected 36"));
    assert!(at("FAN2").contains("line 2: 4096 fields, expected 36"));
    assert_eq!(at("FAO2"), "a worksheet has more than 4096 columns");
    assert_eq!(at("XFD2"), "a worksheet has more than 4096 columns");
    assert_eq!(at("A1048577"), "a worksheet has more than 1048576 rows");
    assert_eq!(at("A4294967295"), "a worksheet has more than 1048576 rows");
    assert_eq!(at("A1"), "the cells of a worksheet are not in their order");
    // A place beyond every integer is some place or none; what counts is that nothing breaks.
    for place in ["A99999999999", "ZZZZZZZZZZ2", "A0", "1", "", "A\u{e9}"] {
        assert!(!at(place).contains("it was imported"), "{place}");
    }
    let twice = format!("{}<row r=\"2\">{}{}</row>", header(), cell("A2", "x"), cell("A2", "y"));
    assert_eq!(said(&twice), "the cells of a worksheet are not in their order");
}

#[test]
fn a_sheet_that_says_it_ends_before_it_begins() {
    let rows = format!("{}{}", header(), row(2, &ut_row("1", "Utah", ",")));
    let sheet =
        format!("<worksheet xmlns=\"{MAIN}\"><dimension ref=\"C9:A1\"/><sheetData>{rows}</sheetData></worksheet>");
    assert_eq!(Office::new().import("ut", workbook(&sheet, "")).map(|imported| imported.is_new).ok(), None);
    let snapshot = Office::new().import("ut", workbook(&sheet, "<sst></sst>")).unwrap().snapshot;
    assert_eq!(snapshot.manifest().counts.voters, 1);
}

/// 24 bytes of memory for each text that the workbook says it has, before the first is read: far more than there is.
#[test]
fn texts_that_are_only_said_to_be_there() {
    let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{}</sheetData></worksheet>", header());
    for count in ["=\"99999999999999\"", " = '999999999999999999'", &format!("{}=\"99999999\"", " ".repeat(50))] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(refusal("ut", workbook(&sheet, &format!("<sst uniqueCount{count}></sst>"))), @"
            archive `roll.txt` is a workbook that cannot be read: it says that its cells share more texts than it holds
            help: get the archive again; if it is as delivered, unpack it and name the file inside
            ");
        }
    }
    // On both sides of what is read at a time.
    for before in 65_500..65_540 {
        let shared = format!("<sst a=\"{}\" uniqueCount=\"99999999999999\"></sst>", "x".repeat(before - 8));
        assert!(refusal("ut", workbook(&sheet, &shared)).contains("more texts than it holds"), "{before}");
    }
}

#[test]
fn texts_that_are_shared_by_very_many_cells() {
    let shared = |bytes: usize| format!("<sst><si><t>{}</t></si></sst>", "x".repeat(bytes));
    let sheet = |rows: usize, cells: usize| {
        let row = format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(cells));
        format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{}{}</sheetData></worksheet>", header(), row.repeat(rows))
    };
    let said =
        |sheet: String, shared: String| refusal("ut", workbook(&sheet, &shared)).lines().next().unwrap().to_owned();
    assert_eq!(
        said(sheet(1, 4000), shared(500_000)),
        "archive `roll.txt` is a workbook that cannot be read: a row has more than 1048576 bytes"
    );
    assert_eq!(said(sheet(40, 1), shared(500_000)), "archive `roll.txt` unpacks to more than 100 times its size");
    assert_eq!(
        said(sheet(1, 1), shared(1_048_600)),
        "archive `roll.txt` is a workbook that cannot be read: a cell has more than 1048576 bytes"
    );
}

#[test]
fn parts_that_unpack_too_far_together() {
    let half = "<row></row>".repeat(9 * 1024 * 1024 / 11);
    let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{half}</sheetData></worksheet>");
    let shared = format!("<sst>{}</sst>", half.replace("row", "abc"));
    insta::assert_snapshot!(refusal("ut", workbook(&sheet, &shared)), @"
    archive `roll.txt` unpacks to more than 100 times its size
    help: get the archive again; if it is as delivered, unpack it and name the file inside
    ");
}

#[test]
fn what_a_damaged_cell_holds_is_not_said() {
    let odd = |cell: &str| said(&format!("{}<row r=\"2\">{cell}</row>", header()));
    assert_eq!(odd("<c t=\"e\"><v>TESTA</v></c>"), "a cell holds an error that is not known");
    assert_eq!(odd("<c t=\"TESTA\"><v>1</v></c>"), "a cell is of a kind that is not known");
    assert_eq!(odd("<c t=\"n\"><v>TESTA</v></c>"), "Parse float error: invalid float literal");
    assert_eq!(odd("<c t=\"str\"><v>&TESTA;</v></c>"), "its XML is damaged");
    assert_eq!(odd("<c t=\"s\"><v>7</v></c>"), "Cell string index not found in shared strings table");
    assert_eq!(odd("<c><v>TESTA</TESTA>"), "its XML is damaged");
}

#[test]
fn a_row_longer_than_a_line_goes_to_quarantine() {
    let office = Office::new();
    let long = ut_row("2", "Utah", ",").replace("Testa", &"T".repeat(9_000));
    let rows = [header(), row(2, &ut_row("1", "Utah", ",")), row(3, &long)].concat();
    let snapshot = office.import("ut", of_rows(&rows)).unwrap().snapshot;
    assert_eq!((snapshot.manifest().counts.voters, snapshot.manifest().counts.quarantined), (1, 1));
    assert!(quarantine(&snapshot).contains("\"line is longer than 8000 bytes\""));
}
