//! Every layout reads a delivery that is made from the layout alone; the snapshot is what came of it.

#[path = "../office/mod.rs"]
mod office;
mod sample;

use office::{Office, quarantine};
use roll::layout::{Layout, Role};
use roll::{ImportRequest, Snapshot};

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
        let imported = office.store.import(&request, &());
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
            insta::assert_snapshot!(shown(&snapshot));
        });
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Registrants with a line for each value, participations and elections in a line each.
fn shown(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    let provenance = ["source_file", "source_row"];
    for row in office::rows(&office::voters(snapshot, 0), &provenance) {
        text.push_str(&format!("[voter]\n{row}\n"));
    }
    let participations = office::rows(&office::participations(snapshot, 0), &provenance);
    for row in participations.iter().chain(&office::rows(&snapshot.elections().unwrap(), &[])) {
        text.push_str(&format!("{}\n", row.trim_end().replace('\n', " · ")));
    }
    text
}
