//! The custodian's choice: no text makes the reader panic.
#![no_main]

use law::Choice;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = Choice::parse("fuzz.toml", text) {
        fuzz::show(&error);
    }
});
