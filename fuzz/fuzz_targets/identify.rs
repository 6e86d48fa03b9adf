//! Any bytes, looked at and imported as what they are: no panic, every line accounted for, nothing left of a refusal, and
//! no value in a message.
#![no_main]

use fuzz::Delivery;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| Delivery::new(bytes).identify());
