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
            insta::assert_snapshot!(office::shown(&snapshot));
        });
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
