//! Deliveries that must be refused, with the whole message, and nothing left in the store.

#[cfg(test)]
mod office;

use office::{Office, UT_HEADER, archive, day, refusal, request_refusal, ut_row, words};

#[test]
fn another_states_file() {
    let header = include_str!("nc-voter-header.txt").replace('\t', ",");
    insta::assert_snapshot!(refusal("ut", header), @r"
    `roll.txt` is not in layout `ut`: header 1 is `county_id`, expected `Voter ID`
    help: the headers are those of layout `nc-voter`, North Carolina voter file since February 2022
    ");
    insta::assert_snapshot!(refusal("nc-voter", format!("{}\n", UT_HEADER.replace(',', "\t"))), @r"
    `roll.txt` is not in layout `nc-voter`: header 1 is `Voter ID`, expected `county_id`
    help: the headers are those of layout `ut`, Utah statewide voter file
    ");
}

/// The header of North Carolina as published: every field in quotes, tabs between them.
fn quoted_header() -> String {
    let names = include_str!("nc-voter-header.txt").trim_end().split('\t').map(|name| format!("\"{name}\""));
    names.collect::<Vec<_>>().join("\t")
}

/// A line of one state cannot be split in the way of another one; it is recognized all the same.
#[test]
fn another_states_file_as_published() {
    insta::assert_snapshot!(refusal("nc-voter", format!("\u{feff}{UT_HEADER}\r\n")), @r"
    `roll.txt` is not in layout `nc-voter`: header 1 is `Voter ID`, expected `county_id`
    help: the headers are those of layout `ut`, Utah statewide voter file
    ");
    insta::assert_snapshot!(refusal("ut", format!("{}\r\n", quoted_header())), @r"
    `roll.txt` is not in layout `ut`: header 1 is `county_id`, expected `Voter ID`
    help: the headers are those of layout `nc-voter`, North Carolina voter file since February 2022
    ");
    insta::assert_snapshot!(refusal("ut", archive(&[("nc.txt", quoted_header().as_bytes())])), @r"
    `roll.txt` is not in layout `ut`: header 1 is `county_id`, expected `Voter ID`
    help: the headers are those of layout `nc-voter`, North Carolina voter file since February 2022
    ");
    let history = include_str!("nc-history-header.txt");
    insta::assert_snapshot!(refusal("ut", history), @r"
    `roll.txt` is not in layout `ut`: header 1 is `county_id`, expected `Voter ID`
    help: the headers are those of layout `nc-history`, North Carolina voter history file
    ");
    insta::assert_snapshot!(refusal("nc-voter", history), @r"
    `roll.txt` and the other files hold no registrants
    help: name the voter file as well: history and lookup tables belong to one
    ");
}

#[test]
fn the_right_headers_written_in_another_way() {
    let tabs = format!("{}\n", UT_HEADER.replace("\"Mailing city, state  zip\"", "Mailing city, state  zip"));
    let tabs = tabs.replace("city, state", "city; state").replace(',', "\t").replace("city; state", "city, state");
    insta::assert_snapshot!(refusal("ut", tabs), @r"
    `roll.txt` is not in layout `ut`: the header line has tabs between its fields, expected `,` between its fields
    help: the headers are those of the layout; get the file as the state delivers it, not as a program saved it
    ");
    insta::assert_snapshot!(refusal("nc-voter", quoted_header().replace('\t', ",")), @r"
    `roll.txt` is not in layout `nc-voter`: the header line has `,` between its fields, expected tabs between its fields
    help: the headers are those of the layout; get the file as the state delivers it, not as a program saved it
    ");
}

/// Whatever the first line of a file without a header cannot be split into, no part of it is said.
#[test]
fn a_first_registrant_is_never_quoted() {
    let (ut, nc) = (ut_row("8812345", "Utah", "11/4/2008,11/8/2016"), "\"8812345\"\t\"TESTA\"\t\"IDA\"".to_owned());
    let lone = ut.replace("Testa", "Te\"sta");
    let swapped = ut.replace(',', "\t");
    for row in [&ut, &nc, &lone, &swapped] {
        for layout in ["ut", "nc-voter"] {
            let said = refusal(layout, format!("{row}\n{row}\n")).to_uppercase();
            assert!(said.contains("HEADER"), "{said}");
            for value in ["8812345", "TESTA", "IDA", "PROVO", "11/4/2008"] {
                assert!(!said.contains(value), "{value}: {said}");
            }
        }
    }
}

#[test]
fn a_changed_header() {
    let row = ut_row("1", "Utah", ",");
    insta::assert_snapshot!(refusal("ut", format!("{}\n{row}\n", UT_HEADER.replace("Zip,", "res_zip,"))), @r"
    `roll.txt` is not in layout `ut`: header 26 is `res_zip`, expected `Zip`
    help: if the state changed its file, the layout needs a new edition; nothing is read by guess
    ");
    insta::assert_snapshot!(refusal("ut", format!("{}\n{row}\n", UT_HEADER.replace("Zip,", ""))), @r"
    `roll.txt` is not in layout `ut`: header 26 is `DOB`, expected `Zip`
    help: if the state changed its file, the layout needs a new edition; nothing is read by guess
    ");
    insta::assert_snapshot!(refusal("ut", format!("{UT_HEADER},Email\n{row},\n")), @r"
    `roll.txt` is not in layout `ut`: header 37 is `Email`, but the layout ends before it
    help: if the state changed its file, the layout needs a new edition; nothing is read by guess
    ");
    insta::assert_snapshot!(refusal("ut", format!("{UT_HEADER},11/08/2016\n{row},\n")), @r"
    `roll.txt` is not in layout `ut`: header 37, `11/08/2016`, stands for what an earlier column stands for
    help: if the state changed its file, the layout needs a new edition; nothing is read by guess
    ");
    insta::assert_snapshot!(refusal("ut", "Voter ID,Last Name\n1,Testa\n"), @r"
    `roll.txt` is not in layout `ut`: the header line ends after 2 columns, expected `First Name` next
    help: if the state changed its file, the layout needs a new edition; nothing is read by guess
    ");
    let swapped = UT_HEADER.replace("Last Name,First Name", "First Name,Last Name");
    insta::assert_snapshot!(refusal("ut", format!("{swapped}\n{row}\n")), @r"
    `roll.txt` is not in layout `ut`: header 2 is `First Name`, expected `Last Name`
    help: if the state changed its file, the layout needs a new edition; nothing is read by guess
    ");
}

#[test]
fn a_file_without_a_header_is_refused_without_quoting_its_first_registrant() {
    let said = refusal("ut", format!("{}\n", ut_row("8812345", "Utah", "11/4/2008,11/8/2016")));
    insta::assert_snapshot!(said, @r"
    the first line of `roll.txt` is not a header of layout `ut`, nor of any other known layout
    help: is it the file of this layout, as delivered? it may lack its header, or be of another state
    ");
    assert!(refusal("ut", "number,surname,town\n1,Testa,Provo\n").contains("not a header"));
}

#[test]
fn a_broken_header_line() {
    insta::assert_snapshot!(refusal("ut", "Voter ID,\"Last Name\n1,2\n"), @r#"
    `roll.txt` is not in layout `ut`: the header line has no quotes, expected the quote `"`
    help: the headers are those of the layout; get the file as the state delivers it, not as a program saved it
    "#);
    insta::assert_snapshot!(refusal("ut", b"Voter ID,Pe\xf1a\n"), @r"
    `roll.txt` is not in layout `ut`: the header line has latin-1 text, expected utf-8 text
    help: the headers are those of the layout; get the file as the state delivers it, not as a program saved it
    ");
    insta::assert_snapshot!(refusal("ut", ",".repeat(5000)), @r"
    the header line of `roll.txt` cannot be read: 5001 fields, expected 4096
    help: is it the file of this layout, as delivered? it is not a header of any other known layout either
    ");
    insta::assert_snapshot!(refusal("ut", "x".repeat(9000)), @r"
    the header line of `roll.txt` cannot be read: line is longer than 8000 bytes
    help: is it the file of this layout, as delivered? it is not a header of any other known layout either
    ");
}

#[test]
fn nothing_in_it() {
    insta::assert_snapshot!(refusal("ut", ""), @r"
    `roll.txt` is empty
    help: the download may have failed; get the file again
    ");
    insta::assert_snapshot!(refusal("ut", UT_HEADER), @r"
    `roll.txt` has a header and no rows
    help: the download may have failed; get the file again
    ");
    insta::assert_snapshot!(refusal("ut", format!("{UT_HEADER}\r\n\r\n\n")), @r"
    `roll.txt` has a header and no rows
    help: the download may have failed; get the file again
    ");
}

#[test]
fn no_line_that_can_be_read() {
    let row = ut_row("1", "Utah", ",").replace("Ida", "I\"da");
    insta::assert_snapshot!(refusal("ut", format!("{UT_HEADER}\n{row}\n{row}\n")), @r"
    none of the 2 rows of `roll.txt` could be read; the first one, line 2: quote inside an unquoted field
    help: is it the file of this layout, as delivered, in the right encoding?
    ");
}

#[test]
fn packed_in_something_else_or_in_half_an_archive() {
    let content = format!("{UT_HEADER}\n{}\n", ut_row("1", "Utah", ","));
    let packed = archive(&[("__MACOSX/._ut.csv", b"\0"), ("ut.csv", content.as_bytes())]);
    let office = Office::new();
    let source = office.import("ut", &packed).unwrap().snapshot.manifest().sources[0].clone();
    assert_eq!((source.member.as_deref(), source.rows_stored), (Some("ut.csv"), 1));

    insta::assert_snapshot!(refusal("ut", &packed[..packed.len() - 30]), @r"
    archive `roll.txt` is truncated or damaged: invalid Zip archive: Could not find EOCD
    help: get the archive again; if it is as delivered, unpack it and name the file inside
    ");
    insta::assert_snapshot!(refusal("ut", archive(&[("a.csv", b"x"), ("b.csv", b"x")])), @r"
    the first line of `roll.txt/a.csv` is not a header of layout `ut`, nor of any other known layout
    help: is it the file of this layout, as delivered? it may lack its header, or be of another state
    ");
    insta::assert_snapshot!(refusal("ut", archive(&[("a.csv", &vec![b'a'; 17 * 1024 * 1024])])), @r"
    archive `roll.txt` unpacks to more than 100 times its size
    help: get the archive again; if it is as delivered, unpack it and name the file inside
    ");
    insta::assert_snapshot!(refusal("ut", b"\x1f\x8b\x08\x00"), @r"
    archive `roll.txt` is truncated or damaged: i/o error: unexpected end of file
    help: get the archive again; if it is as delivered, unpack it and name the file inside
    ");
    insta::assert_snapshot!(refusal("ut", b"\xff\xfeV\0o\0"), @r"
    the first line of `roll.txt` is not a header of layout `ut`, nor of any other known layout
    help: is it the file of this layout, as delivered? it may lack its header, or be of another state
    ");
}

#[test]
fn requests_that_do_not_fit() {
    let office = Office::new();
    let file = office.file("a.csv", format!("{UT_HEADER}\n{}\n", ut_row("1", "Utah", ",")));
    let same = office.file("b.csv", std::fs::read(&file).unwrap());
    insta::assert_snapshot!(request_refusal(&office, "ut", vec![], vec![]), @r"
    no file to import
    help: name the file that the state delivered
    ");
    insta::assert_snapshot!(request_refusal(&office, "utah", vec![file.clone()], vec![]), @r"
    no voter layout `utah`
    help: `openroll roll layouts` lists the layouts
    ");
    insta::assert_snapshot!(request_refusal(&office, "nc-history", vec![file.clone()], vec![]), @r"
    no voter layout `nc-history`
    help: `openroll roll layouts` lists the layouts
    ");
    insta::assert_snapshot!(request_refusal(&office, "ut", vec![file.clone()], vec![same.clone()]), @r"
    layout `ut` has no separate history file
    help: leave the history file out
    ");
    insta::assert_snapshot!(request_refusal(&office, "ut", vec![same, file], vec![]), @r"
    `a.csv` and `b.csv` are the same file
    help: name each file once; otherwise every registrant would stand in the roll twice
    ");
}

#[test]
fn files_that_cannot_be_read() {
    let office = Office::new();
    let none = vec![office.folder.path().join("none.csv")];
    insta::assert_snapshot!(request_refusal(&office, "ut", none, vec![]), @r"
    cannot read `DIR/none.csv`
    help: check the name; it is looked for from the folder in which the command runs
    ");
    let folder = vec![office.folder.path().to_owned()];
    insta::assert_snapshot!(request_refusal(&office, "ut", folder, vec![]), @r"
    cannot read `DIR`
    help: this is a folder; name the file in it
    ");
    let (utah, none) = ("UT".parse().unwrap(), office.folder.path().join("list.csv"));
    let said = |error: roll::ListError| words(&error).replace(&office.folder.path().display().to_string(), "DIR");
    insta::assert_snapshot!(said(office.store.import_protections(utah, &none, day("2017-06-30"), &mut office.vault()).unwrap_err()), @r"
    cannot read `DIR/list.csv`
    help: check the name; it is looked for from the folder in which the command runs
    ");
    insta::assert_snapshot!(said(office.store.import_canaries(utah, &none, &mut office.vault()).unwrap_err()), @r"
    cannot read `DIR/list.csv`
    help: check the name; it is looked for from the folder in which the command runs
    ");
}

/// A full disk, as far as a test can make one: what is written into the device `full` finds no space.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    use std::error::Error;

    let office = Office::new();
    let (utah, list) = ("UT".parse().unwrap(), office.file("list.csv", "voter_id,ground,since,until\n"));
    let lists = office.store.path().join("rolls/ut/protections");
    std::fs::create_dir_all(&lists).unwrap();
    let id = office.store.import_protections(utah, &list, day("2017-06-30"), &mut office.vault()).unwrap().id;
    std::fs::remove_file(lists.join(format!("{id}.sealed"))).unwrap();
    std::os::unix::fs::symlink("/dev/full", lists.join(format!(".staging-{id}.sealed"))).unwrap();
    let error = office.store.import_protections(utah, &list, day("2017-06-30"), &mut office.vault()).unwrap_err();
    assert!(error.source().unwrap().to_string().starts_with("No space left"));
    let said = words(&error).replace(&office.folder.path().display().to_string(), "DIR");
    insta::assert_snapshot!(said, @r"
    cannot write `DIR/store/rolls/ut/protections/2017-06-30-001.sealed`
    help: check the free space and the rights of the store; the list was not kept
    ");
}

#[test]
fn a_store_that_cannot_be_written() {
    let office = Office::new();
    // A file where the store's folder must stand: refused for every user, also for root.
    std::fs::write(office.store.path(), "x").unwrap();
    let error = office.import("ut", format!("{UT_HEADER}\n{}\n", ut_row("1", "Utah", ","))).unwrap_err();
    let said = words(&error).replace(&office.folder.path().display().to_string(), "DIR");
    insta::assert_snapshot!(said, @r"
    cannot create `DIR/store`
    help: check the free space and the rights of this folder; nothing was left behind
    ");
}
