//! Verifying a release: no folder makes it panic, and only the office's own manifest passes with the office's key.
#![no_main]

use std::sync::LazyLock;

use law::{Law, Lawbook};
use libfuzzer_sys::fuzz_target;
use release::{DECISION_FILE, Format, INDEX_FILE, LETTER_FILE, MANIFEST_FILE, SIGNATURE_FILE, verify};

const SEED: &[u8] = include_bytes!("../seeds/release_folder/small.txt");
const KEY: &str = include_str!("../seeds/release_folder.key");

static LAWBOOK: LazyLock<Lawbook> = LazyLock::new(|| {
    let mut lawbook = Lawbook::default();
    for (name, text) in
        [("ut.toml", include_str!("../../laws/ut.toml")), ("us.toml", include_str!("../../laws/us.toml"))]
    {
        let law = Law::parse(name, text).expect("the stored laws can be read");
        lawbook.laws.insert(law.code, law);
    }
    lawbook
});

fuzz_target!(|input: &[u8]| {
    let known = [
        MANIFEST_FILE,
        SIGNATURE_FILE,
        DECISION_FILE,
        LETTER_FILE,
        INDEX_FILE,
        Format::Csv.file_name(),
        Format::Parquet.file_name(),
    ];
    let folder = fuzz::folder(input, &known);
    match verify(folder.path(), Some(KEY), &LAWBOOK) {
        Ok(verification) if verification.holds => {
            let genuine = fuzz::sections(SEED).into_iter().find(|(name, _)| name == MANIFEST_FILE);
            let manifest = std::fs::read(folder.path().join(MANIFEST_FILE)).expect("what holds has a manifest");
            assert_eq!(genuine.map(|(_, bytes)| bytes), Some(manifest.as_slice()), "a forged manifest holds");
        }
        Ok(_) => {}
        Err(error) => fuzz::show(&error),
    }
});
