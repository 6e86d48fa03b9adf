//! Every stored law: it parses, its cases come out as they say, and the letter of 28 June 2017 is answered.

#![expect(clippy::unwrap_used, reason = "a law file that does not parse is a failing test")]

mod case;
mod letter;
mod model;
mod rules;

use std::error::Error;
use std::path::Path;
use std::sync::LazyLock;

use law::calendar::Calendar;
use law::{Law, Lawbook};

type Failure = Box<dyn Error>;

/// Every law and calendar of the project.
static BOOK: LazyLock<Lawbook> = LazyLock::new(|| {
    let mut book = Lawbook::default();
    for (name, text) in data_files("laws").unwrap() {
        let law = Law::parse(&name, &text).unwrap();
        book.laws.insert(law.code, law);
    }
    for (name, text) in data_files("calendars").unwrap() {
        let calendar = Calendar::parse(&name, &text).unwrap();
        book.calendars.insert(calendar.id.clone(), calendar);
    }
    book
});

/// The `.toml` files of a data folder, by name.
fn data_files(folder: &str) -> Result<Vec<(String, String)>, Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, std::fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
