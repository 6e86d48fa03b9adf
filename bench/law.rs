//! How long the law takes: loading every law file, deciding the letter of 2017 for every jurisdiction, one decision.
//!
//! `cargo run --release -p law --example speed` prints the figures; no test asserts them.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use law::calendar::Calendar;
use law::{Choice, Law, Lawbook, Request};
use terms::{Date, Jurisdiction};

/// Repetitions, of which the median counts.
const RUNS: usize = 21;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let letter = std::fs::read_to_string(root.join("inquiries/2017-commission/letter.toml"))?;
    let day = Date::constant(2017, 6, 30);

    let mut all = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        let (book, request) = (load(&root)?, Request::parse("letter.toml", &letter)?);
        let loaded = started.elapsed();
        let mut decided = 0;
        for code in book.laws.keys().filter(|code| **code != Jurisdiction::FEDERAL) {
            book.decide(&request, *code, day, &Choice::default())?;
            decided += 1;
        }
        all.push((started.elapsed(), loaded, decided));
    }
    all.sort();
    let (total, loaded, decided) = all.get(RUNS / 2).copied().unwrap_or_default();

    let (book, request) = (load(&root)?, Request::parse("letter.toml", &letter)?);
    let utah = "UT".parse()?;
    let mut one = Vec::new();
    for _ in 0..RUNS {
        let started = Instant::now();
        for _ in 0..100 {
            book.decide(&request, utah, day, &Choice::default())?;
        }
        one.push(started.elapsed() / 100);
    }
    one.sort();
    let one = one.get(RUNS / 2).copied().unwrap_or_default();

    let mut out = std::io::stdout().lock();
    writeln!(out, "read and check {} law files: {loaded:.1?}", book.laws.len())?;
    writeln!(out, "the same, and decide the letter for {decided} jurisdictions: {total:.1?}")?;
    writeln!(out, "one decision once loaded: {one:.1?}")?;
    Ok(())
}

/// Reads every law and calendar of the project.
fn load(root: &Path) -> Result<Lawbook, Box<dyn Error>> {
    let mut book = Lawbook::default();
    for (name, text) in files(&root.join("laws"))? {
        let law = Law::parse(&name, &text)?;
        book.laws.insert(law.code, law);
    }
    for (name, text) in files(&root.join("calendars"))? {
        let calendar = Calendar::parse(&name, &text)?;
        book.calendars.insert(calendar.id.clone(), calendar);
    }
    Ok(book)
}

fn files(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.push((path.display().to_string(), std::fs::read_to_string(&path)?));
        }
    }
    Ok(files)
}
