//! Rolls in Utah's layout: no bytes make the import panic, no row is lost, and the size of a block changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| fuzz::import("ut", bytes, None));
