//! The properties of a decision, over every stored law and every edition: with generated requests, and for every class
//! and purpose in turn.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by panicking")]

mod enumerated;
mod generated;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use law::calendar::Calendar;
use law::{Choice, Decision, Edition, Law, Lawbook, Request};
use terms::{Date, Jurisdiction};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// Every `.toml` file of a data folder, by stem.
fn data_files(name: &str) -> Vec<(String, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let read = |path: &PathBuf| {
        (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
    };
    files.iter().map(read).collect()
}

static LAWBOOK: LazyLock<Lawbook> = LazyLock::new(|| {
    let laws = data_files("laws").into_iter().map(|(name, text)| Law::parse(&name, &text).unwrap());
    let calendars = data_files("calendars").into_iter().map(|(name, text)| Calendar::parse(&name, &text).unwrap());
    Lawbook {
        laws: laws.map(|law| (law.code, law)).collect(),
        calendars: calendars.map(|calendar| (calendar.id.clone(), calendar)).collect(),
    }
});

/// Every stored edition of every jurisdiction but the overlay, with a day on which it is in force.
fn editions() -> impl Iterator<Item = (Jurisdiction, Date)> {
    let laws = LAWBOOK.laws.values().filter(|law| law.code != Jurisdiction::FEDERAL);
    laws.flat_map(|law| law.editions.iter().map(|edition| (law.code, edition.from)))
}

fn decide_in(lawbook: &Lawbook, request: &Request, (jurisdiction, day): (Jurisdiction, Date)) -> Decision {
    lawbook.decide(request, jurisdiction, day, &Choice::default()).unwrap()
}

fn decide(request: &Request, at: (Jurisdiction, Date)) -> Decision {
    decide_in(&LAWBOOK, request, at)
}

/// One jurisdiction's law and the overlay, with every edition changed in the same way.
fn changed(jurisdiction: Jurisdiction, change: impl Fn(&mut Edition)) -> Lawbook {
    let laws = [jurisdiction, Jurisdiction::FEDERAL].map(|code| (code, LAWBOOK.laws[&code].clone()));
    let mut lawbook = Lawbook { laws: laws.into(), calendars: LAWBOOK.calendars.clone() };
    lawbook.laws.values_mut().flat_map(|law| law.editions.iter_mut()).for_each(change);
    lawbook
}

/// Whether `less` releases no field in a finer form than `more`, and keeps every whole-record rule of it.
fn releases_no_more(less: &Decision, more: &Decision) -> bool {
    let fields = less.dispositions.iter().zip(&more.dispositions).all(|(a, b)| !b.form.is_coarser_than(&a.form));
    let nothing_left = less.released().next().is_none();
    let rules = more.record_rules.iter().filter(|rule| rule.fields.is_none());
    fields
        && (nothing_left || rules.clone().all(|rule| less.record_rules.iter().any(|kept| kept.clause == rule.clause)))
}
