//! The keyring and the identity file: no bytes make a reader panic, and no error holds a secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roll::Store;
use roll::vault::{IDENTITY_FILE, KEYRING_FILE, KEYS_FOLDER, Unlock};

fuzz_target!(|input: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder for the input");
    let keys = folder.path().join(KEYS_FOLDER);
    std::fs::create_dir(&keys).expect("a folder for the keys");
    for (name, bytes) in fuzz::sections(input) {
        if [IDENTITY_FILE, KEYRING_FILE].contains(&name.as_str()) {
            fuzz::write(&keys, &name, bytes);
        }
    }
    // By identity alone: an input that asks for a passphrase would ask for a second of work as well.
    match Store::open(folder.path()).vault(Unlock::default()) {
        Ok(vault) => {
            let again = Store::open(folder.path()).vault(Unlock::default()).expect("what opened opens again");
            assert_eq!(vault.entries(), again.entries());
        }
        Err(error) => {
            fuzz::show(&error);
            assert!(!error.to_string().contains("AGE-SECRET-KEY-1"));
        }
    }
});
