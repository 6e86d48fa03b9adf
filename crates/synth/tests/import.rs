//! A synthetic roll is read back by the reader of `roll`, and exactly its damaged lines go to quarantine.
#![expect(clippy::unwrap_used, reason = "a panic in a helper of a test is a failing test")]

use std::path::Path;

use roll::layout::Layouts;
use roll::{ImportRequest, Snapshot, Store};
use synth::{Options, Summary};

fn make_and_import(layout: &str, folder: &Path) -> (Summary, Snapshot, Store) {
    let layouts = Layouts::built_in().unwrap();
    let voters = layouts.get(layout).unwrap();
    let history = voters.history().file.as_ref().and_then(|id| layouts.get(id));
    let options = Options { broken_per_thousand: 15, ..Options::new(voters, 6_000, 11).unwrap() };
    let summary = synth::write(voters, history, &folder.join("files"), &options).unwrap();
    let store = Store::open(folder.join("store"));
    let request = ImportRequest::new(&layouts, layout, vec![summary.voters.clone()], options.as_of)
        .with_history(summary.history.iter().cloned().collect());
    let snapshot = store.import(&request, &()).unwrap().snapshot;
    store.import_protections(voters.jurisdiction(), &summary.protections, options.as_of).unwrap();
    store.import_canaries(voters.jurisdiction(), &summary.canaries).unwrap();
    (summary, snapshot, store)
}

#[test]
fn exactly_the_damaged_lines_go_to_quarantine() {
    for layout in ["ut", "nc-voter"] {
        let folder = tempfile::tempdir().unwrap();
        let (summary, snapshot, store) = make_and_import(layout, folder.path());
        let counts = &snapshot.manifest().counts;
        assert!(summary.counts.damaged > 50);
        assert_eq!(counts.quarantined, summary.counts.damaged, "{layout}");
        assert_eq!(counts.voters, summary.counts.rows - summary.counts.damaged, "{layout}");
        assert_eq!(counts.voters_repeated, 0, "{layout}");
        assert!(counts.participations > 2 * counts.voters, "{layout}");
        let jurisdiction = snapshot.manifest().jurisdiction;
        assert_eq!(store.canaries(jurisdiction).unwrap().len() as u64, summary.counts.canaries);
        assert!(!store.protections(jurisdiction, None).unwrap().unwrap().is_empty());
    }
}
