//! Rolls in North Carolina's layouts, voters and history: as for Utah's, with two files, each plain or zipped.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let part =
        |wanted: &str| fuzz::sections(input).into_iter().find(|(name, _)| name == wanted).map(|(_, bytes)| bytes);
    if let Some(voters) = part("voters") {
        fuzz::import("nc-voter", voters, part("history"));
    }
});
