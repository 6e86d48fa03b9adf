//! Every layout reads a delivery that is made from the layout alone; the snapshot is what came of it.

#[cfg(test)]
#[path = "../office/mod.rs"]
mod office;

use office::{Office, quarantine, sample};
use roll::ImportRequest;
use roll::layout::{Layout, Role};

/// The rows of a sample of every voter layout, with its history and its lookup tables, as the layout was asked for.
#[test]
fn every_layout_reads_its_sample() {
    let office = Office::new();
    let mut failures = Vec::new();
    let voters: Vec<&Layout> = office.layouts.iter().filter(|layout| layout.role() == Role::Voter).collect();
    for layout in voters {
        let folder = office.folder.path().join(layout.id());
        std::fs::create_dir_all(&folder).unwrap();
        let files = sample::delivery(&office.layouts, layout, &folder);
        let request = ImportRequest::new(&office.layouts, layout.id(), files, office::day("2024-01-02"));
        let imported = office.keep(&request);
        let snapshot = match imported {
            Ok(imported) => imported.snapshot,
            Err(error) => {
                failures.push(format!("{}: {}", layout.id(), office::words(&error)));
                continue;
            }
        };
        let manifest = snapshot.manifest();
        assert_eq!(manifest.counts.quarantined, 0, "{}: {}", layout.id(), quarantine(&snapshot));
        assert_eq!(manifest.counts.voters, sample::ROWS as u64, "{}", layout.id());
        insta::with_settings!({ snapshot_suffix => layout.id(), omit_expression => true }, {
            insta::assert_snapshot!(office::shown(&snapshot));
        });
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Whatever encoding a state uses: a file that a program saved as UTF-16, or as UTF-8 with its mark, says the same.
#[test]
fn a_sample_says_the_same_in_utf_16_and_behind_a_mark() {
    let office = Office::new();
    let is_packed = |bytes: &[u8]| bytes.starts_with(b"PK") || bytes.starts_with(b"\x1f\x8b");
    let mut tried = 0;
    for layout in office.layouts.iter().filter(|layout| layout.role() == Role::Voter) {
        let folder = office.folder.path().join(layout.id());
        std::fs::create_dir_all(&folder).unwrap();
        let files = sample::delivery(&office.layouts, layout, &folder);
        if files.iter().any(|file| is_packed(&std::fs::read(file).unwrap())) {
            continue;
        }
        let read = || {
            let request = ImportRequest::new(&office.layouts, layout.id(), files.clone(), office::day("2024-01-02"));
            office::shown(&office.keep(&request).unwrap().snapshot)
        };
        let plain = read();
        let texts = files.iter().map(|file| std::fs::read(file).unwrap()).map(|bytes| match String::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(latin_1) => latin_1.as_bytes().iter().map(|byte| char::from(*byte)).collect(),
        });
        let texts: Vec<String> = texts.collect();
        for way in ["utf-16", "mark"] {
            for (file, text) in files.iter().zip(&texts) {
                let text = format!("\u{feff}{text}");
                let utf_16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
                std::fs::write(file, if way == "mark" { text.into_bytes() } else { utf_16 }).unwrap();
            }
            assert_eq!(read(), plain, "{} with {way}", layout.id());
        }
        tried += 1;
    }
    assert!(tried > 10, "only {tried} layouts are delivered as plain text");
}
