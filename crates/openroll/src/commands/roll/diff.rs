//! `openroll roll diff`: what changed between two snapshots.

use std::collections::BTreeMap;

use roll::diff::{County, Details, Diff, DiffError, DiffOptions, Election, Flow};

use super::{find, open_vault, with_all_keys};
use crate::cli::{Format, RollDiff};
use crate::commands::Context;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::progress::{Progress, grouped};

/// The schema word of the printed rows; JSON is the comparison itself, which names its own.
const SCHEMA: &str = "openroll.roll-diff-rows/1";

/// Compares two snapshots; exit code 1 where they differ.
pub(super) fn run(context: &Context, args: &RollDiff) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let (before, after) = (find(&store, &args.before)?, find(&store, &args.after)?);
    let mut options = DiffOptions::default().without(args.without.clone());
    if let Some(folder) = &args.out {
        options = options.out(folder.clone());
    }
    let vault = open_vault(&store, &args.unlock)?;
    let (before, after) = (with_all_keys(&vault, &before)?, with_all_keys(&vault, &after)?);
    drop(vault);
    let progress = Comparing(Progress::new(context.quiet, "cells compared"));
    let diff =
        Diff::between(&before, &after, &options, &progress).map_err(|error| Failure::new(code(&error), error))?;
    progress.0.done();
    match args.format {
        Format::Table => tables(&diff),
        Format::Csv => output::rows(&HEADER, &rows(&diff), Format::Csv, SCHEMA),
        Format::Json => output::json(&diff),
    }
    if diff.before.as_of > diff.after.as_of {
        context.note("the first snapshot is the later one: what is called added was removed, and the other way round");
    }
    let registrants = diff.registrants;
    context.note(&format!(
        "{} registrants added, {} removed, {} changed, {} the same",
        grouped(registrants.added),
        grouped(registrants.removed),
        grouped(registrants.changed),
        grouped(registrants.same),
    ));
    if let Some(folder) = &args.out {
        let folder = folder.display();
        context
            .note(&format!("every change stands in {folder}, with values of registrants: it is private to the office"));
    }
    Ok(if diff.is_empty() { Exit::Done } else { Exit::No })
}

fn code(error: &DiffError) -> Exit {
    match error {
        DiffError::NoColumn { .. } => Exit::Usage,
        DiffError::SurrogateIds { .. } => Exit::NotPermitted,
        DiffError::Uneven { .. } => Exit::Integrity,
        _ => Exit::Data,
    }
}

struct Comparing(Progress);

impl roll::Progress for Comparing {
    fn advance(&self, _stage: roll::Stage, done: u64, _total: u64) {
        self.0.at(done);
    }
}

fn tables(diff: &Diff) {
    registrants(diff);
    let details = &diff.details;
    let rows: Vec<Vec<String>> = details
        .columns
        .iter()
        .filter(|column| column.changed > 0)
        .map(|c| cells(&c.column, [c.changed, c.filled, c.emptied]))
        .collect();
    table(&["column", "changed", "filled", "emptied"], &rows);
    let rows: Vec<Vec<String>> = flows(details)
        .into_iter()
        .filter(|((from, to, _), _)| from != to)
        .map(|((from, to, reason), count)| vec![from, to, reason, grouped(count)])
        .collect();
    table(&["status", "became", "reason", "registrants"], &rows);
    let county = |c: &County| {
        cells(&county_name(c), [c.before, c.after, c.added, c.removed, c.moved_in, c.moved_out, c.changed])
    };
    let rows: Vec<Vec<String>> = diff.counties.iter().map(county).collect();
    table(&["county", "before", "after", "added", "removed", "moved in", "moved out", "changed"], &rows);
    let is_moved = |e: &&Election| [e.added, e.removed, e.changed, e.came, e.left] != [0; 5];
    let election = |e: &Election| {
        let mut row = cells(&e.election, [e.before, e.after, e.added, e.removed, e.changed, e.came, e.left]);
        let known = match (e.is_in_before, e.is_in_after) {
            (true, false) => "the first only",
            (false, true) => "the second only",
            _ => "both",
        };
        row.insert(1, known.to_owned());
        row
    };
    let rows: Vec<Vec<String>> = diff.elections.iter().filter(is_moved).map(election).collect();
    table(&["election", "in", "before", "after", "added", "removed", "changed", "came", "left"], &rows);
    for (words, columns) in [
        ("columns of the first only:", &diff.only_before),
        ("columns of the second only:", &diff.only_after),
        ("columns left out:", &diff.left_out),
    ] {
        if !columns.is_empty() {
            output::line(&format!("{words} {}", columns.join(", ")));
        }
    }
}

fn registrants(diff: &Diff) {
    let count = diff.registrants;
    let (before, after) = (&diff.before, &diff.after);
    let rows = [
        (before.snapshot.as_str(), before.registrants),
        (after.snapshot.as_str(), after.registrants),
        ("added", count.added),
        ("removed", count.removed),
        ("changed", count.changed),
        ("moved between counties", count.moved),
        ("same", count.same),
        ("numbers repeated in the first", before.repeated),
        ("numbers repeated in the second", after.repeated),
    ];
    let rows: Vec<Vec<String>> = rows.into_iter().map(|(name, count)| cells(name, [count])).collect();
    table(&["", "registrants"], &rows);
}

/// Prints a table, unless it has no row.
fn table(header: &[&str], rows: &[Vec<String>]) {
    if !rows.is_empty() {
        output::rows(header, rows, Format::Table, SCHEMA);
    }
}

fn cells<const N: usize>(name: &str, counts: [u64; N]) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(counts.map(grouped)).collect()
}

fn county_name(county: &County) -> String {
    county.county.clone().unwrap_or_else(|| "(none)".to_owned())
}

/// From, to and reason as people read them, with how many.
fn flows(details: &Details) -> BTreeMap<(String, String, String), u64> {
    let status = |standing: &Option<roll::diff::Standing>, absent: &str| {
        standing.as_ref().map_or_else(|| absent.to_owned(), |standing| standing.status.clone())
    };
    let mut flows = BTreeMap::new();
    for flow in &details.flows {
        let Flow { from, to, registrants } = flow;
        let reason = flow.reason().unwrap_or_default().to_owned();
        *flows.entry((status(from, "(appeared)"), status(to, "(vanished)"), reason)).or_default() += registrants;
    }
    flows
}

/// The header of the rows for a spreadsheet.
const HEADER: [&str; 7] = ["about", "county", "name", "from", "to", "reason", "count"];

/// One row for each number, so that a spreadsheet can filter and add up.
fn rows(diff: &Diff) -> Vec<Vec<String>> {
    let mut rows = Rows(Vec::new());
    let r = diff.registrants;
    for (name, count) in [
        ("before", diff.before.registrants),
        ("after", diff.after.registrants),
        ("added", r.added),
        ("removed", r.removed),
        ("changed", r.changed),
        ("moved", r.moved),
        ("same", r.same),
        ("repeated before", diff.before.repeated),
        ("repeated after", diff.after.repeated),
    ] {
        rows.push("registrants", "", name, count);
    }
    rows.details("", &diff.details);
    for c in &diff.counties {
        let county = county_name(c);
        for (name, count) in [
            ("before", c.before),
            ("after", c.after),
            ("added", c.added),
            ("removed", c.removed),
            ("moved in", c.moved_in),
            ("moved out", c.moved_out),
            ("changed", c.changed),
        ] {
            rows.push("registrants", &county, name, count);
        }
        rows.details(&county, &c.details);
    }
    rows.details("(between counties)", &diff.between_counties);
    for e in &diff.elections {
        for (about, count) in [
            ("participations before", e.before),
            ("participations after", e.after),
            ("participations added", e.added),
            ("participations removed", e.removed),
            ("participations with another outcome", e.changed),
            ("participations of added registrants", e.came),
            ("participations of removed registrants", e.left),
        ] {
            rows.push(about, "", &e.election, count);
        }
    }
    for (about, columns) in [
        ("column of the first only", &diff.only_before),
        ("column of the second only", &diff.only_after),
        ("column left out", &diff.left_out),
    ] {
        columns.iter().for_each(|column| rows.push(about, "", column, 1));
    }
    rows.0
}

struct Rows(Vec<Vec<String>>);

impl Rows {
    fn push(&mut self, about: &str, county: &str, name: &str, count: u64) {
        let empty = String::new;
        self.0.push(vec![
            about.to_owned(),
            county.to_owned(),
            name.to_owned(),
            empty(),
            empty(),
            empty(),
            count.to_string(),
        ]);
    }

    fn details(&mut self, county: &str, details: &Details) {
        for column in &details.columns {
            self.push("column changed", county, &column.column, column.changed);
            self.push("column filled", county, &column.column, column.filled);
            self.push("column emptied", county, &column.column, column.emptied);
        }
        for ((from, to, reason), count) in flows(details) {
            let about = "status".to_owned();
            self.0.push(vec![about, county.to_owned(), String::new(), from, to, reason, count.to_string()]);
        }
    }
}
