//! Protection lists and canary lists: no bytes make a reader panic, and what is kept can be read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roll::{Protections, Store};
use terms::{Date, Jurisdiction};

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    let file = fuzz::write(folder.path(), "list", bytes);
    let store = Store::open(folder.path().join("store"));
    let mut vault = fuzz::vault(&store);
    let utah: Jurisdiction = "UT".parse().expect("Utah is a jurisdiction");
    match Protections::parse(&file, bytes) {
        Ok(list) => {
            let kept = store.import_protections(utah, &file, Date::constant(2017, 6, 30), &mut vault);
            kept.expect("a good list is kept");
            assert_eq!(store.protections(utah, None, &vault).expect("and read again"), Some(list));
        }
        Err(error) => fuzz::show(&error),
    }
    match store.import_canaries(utah, &file, &mut vault) {
        Ok(kept) => assert_eq!(store.canaries(utah, &vault).expect("a kept list can be read").len(), kept.entries),
        Err(error) => fuzz::show(&error),
    }
});
