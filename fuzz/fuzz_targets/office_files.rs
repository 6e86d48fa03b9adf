//! The office file and the key file: no bytes make a reader panic, and no error holds a secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use release::{KEYS_FILE, Keys, OFFICE_FILE, Office};

fuzz_target!(|input: &[u8]| {
    let folder = fuzz::folder(input, &[OFFICE_FILE, KEYS_FILE]);
    if let Err(error) = Office::read(folder.path()) {
        fuzz::show(&error);
    }
    match Keys::open_or_create(folder.path()) {
        Ok(keys) => {
            let again = Keys::open_or_create(folder.path()).expect("keys that were read or made can be read");
            assert_eq!(keys.public(), again.public());
        }
        Err(error) => fuzz::show(&error),
    }
});
