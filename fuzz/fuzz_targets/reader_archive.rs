//! Archives, and archives in archives: the first byte says what is made of the rest; other bytes are a file as it is.
#![no_main]

use fuzz::{Delivery, LAYOUTS, archive, gzip, utf_16};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let file = match input.split_first() {
        Some((b'z', rest)) => archive(rest),
        Some((b'g', rest)) => gzip(rest),
        Some((b'G', rest)) => gzip(&gzip(rest)),
        Some((b'a', rest)) => gzip(&archive(rest)),
        Some((b'u', rest)) => utf_16(rest),
        Some((b'U', rest)) => gzip(&utf_16(rest)),
        _ => input.to_vec(),
    };
    let utah = LAYOUTS.get("ut").expect("Utah has a layout");
    Delivery::new(&file).import(utah);
    Delivery::new(&file).identify();
});
