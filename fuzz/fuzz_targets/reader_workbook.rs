//! Workbooks: each section of the input is a part of one. Whatever it says, it is read or refused, and a refusal leaves
//! nothing.
#![no_main]

use fuzz::{Delivery, workbook};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // Bytes that begin like an archive are the workbook itself.
    let book = if input.starts_with(b"PK") { input.to_vec() } else { workbook(input) };
    Delivery::new(&book).identify();
});
