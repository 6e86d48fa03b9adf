//! Rolls of fixed width: the first line names the layout, the rest is the file. Every line is accounted for, a refusal
//! leaves nothing and says no value, and the size of a block changes nothing.
#![no_main]

use fuzz::{Delivery, LAYOUTS};
use libfuzzer_sys::fuzz_target;
use roll::layout::{Role, Shape};

fuzz_target!(|input: &[u8]| {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let (id, content) = (String::from_utf8_lossy(&input[..end]), &input[end + 1..]);
    let Some(layout) = LAYOUTS.get(&id) else { return };
    if layout.role() == Role::Voter && matches!(layout.file().shape, Shape::Fixed { .. }) {
        Delivery::new(content).import(layout);
    }
});
