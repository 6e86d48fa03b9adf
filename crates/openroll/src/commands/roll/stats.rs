//! `openroll roll stats`: who is on a roll, in numbers that tell of nobody.

use roll::stats::{ColumnFill, Dimension, MinCell, Stats, StatsError};

use super::{find, open_vault, with_all_keys};
use crate::cli::{Format, RollStats};
use crate::commands::Context;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::progress::grouped;

/// The schema word of the printed rows; JSON is the numbers themselves, which name their own.
const SCHEMA: &str = "openroll.roll-stats-rows/1";

/// What stands for a hidden number.
const HIDDEN: &str = "hidden";

/// A table by county with more values than this is printed value below value.
const VALUES_ACROSS_MAX: usize = 10;

/// Prints the numbers.
pub(super) fn run(context: &Context, args: &RollStats) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let snapshot = find(&store, &args.snapshot)?;
    let roll = with_all_keys(&open_vault(&store, &args.unlock)?, &snapshot)?;
    let stats = Stats::of(&roll, args.min_cell, args.by.is_some()).map_err(|error| {
        let exit = match &error {
            StatsError::TooFew { .. } => Exit::NotPermitted,
            _ => Exit::Data,
        };
        Failure::new(exit, error)
    })?;
    match args.format {
        Format::Table => tables(&stats),
        Format::Csv => output::rows(&HEADER, &rows(&stats), Format::Csv, SCHEMA),
        Format::Json => output::json(&stats),
    }
    let total = grouped(stats.registrants);
    match stats.min_cell {
        MinCell::ALL => context.note(&format!("{total} registrants, every number told: private to the office")),
        min_cell => context.note(&format!("{total} registrants; no number below {min_cell} is told")),
    }
    Ok(Exit::Done)
}

fn tables(stats: &Stats) {
    for dimension in &stats.dimensions {
        let name = dimension.name.replace('_', " ");
        let rows: Vec<Vec<String>> = dimension
            .values
            .iter()
            .map(|value| {
                let share = share(value.registrants, stats.registrants);
                vec![value.value.clone(), grouped(value.registrants), share]
            })
            .collect();
        output::rows(&[&name, "registrants", "share"], &rows, Format::Table, SCHEMA);
        by_county(dimension, &name);
    }
    let column = |fill: &ColumnFill| {
        let share = fill.filled.map_or_else(|| HIDDEN.to_owned(), |filled| share(filled, stats.registrants));
        let counts = [fill.filled, fill.absent, fill.masked, fill.placeholder, fill.invalid, fill.unparsed].map(cell);
        [fill.column.clone(), share].into_iter().chain(counts).collect()
    };
    let rows: Vec<Vec<String>> = stats.columns.iter().map(column).collect();
    let header = ["column", "share", "filled", "absent", "masked", "placeholder", "invalid", "unparsed"];
    output::rows(&header, &rows, Format::Table, SCHEMA);
}

fn by_county(dimension: &Dimension, name: &str) {
    if dimension.by_county.is_empty() {
        return;
    }
    if dimension.values.len() <= VALUES_ACROSS_MAX {
        let values = dimension.values.iter().map(|value| value.value.as_str());
        let header: Vec<&str> = std::iter::once("county").chain(values).collect();
        let row = |county: &roll::stats::CountyRow| {
            std::iter::once(county.county.clone()).chain(county.registrants.iter().map(|count| cell(*count))).collect()
        };
        let rows: Vec<Vec<String>> = dimension.by_county.iter().map(row).collect();
        output::rows(&header, &rows, Format::Table, SCHEMA);
        return;
    }
    let mut rows = Vec::new();
    for county in &dimension.by_county {
        for (value, count) in dimension.values.iter().zip(&county.registrants).filter(|(_, count)| **count != Some(0)) {
            rows.push(vec![county.county.clone(), value.value.clone(), cell(*count)]);
        }
    }
    output::rows(&["county", name, "registrants"], &rows, Format::Table, SCHEMA);
}

fn cell(count: Option<u64>) -> String {
    count.map_or_else(|| HIDDEN.to_owned(), grouped)
}

/// A share in percent with one digit behind the point.
fn share(part: u64, whole: u64) -> String {
    let tenths = part.saturating_mul(1000).saturating_add(whole / 2) / whole.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

/// The header of the rows for a spreadsheet.
const HEADER: [&str; 4] = ["about", "county", "value", "registrants"];

/// One row for each number, so that a spreadsheet can filter and add up.
fn rows(stats: &Stats) -> Vec<Vec<String>> {
    let plain = |count: Option<u64>| count.map_or_else(|| HIDDEN.to_owned(), |count| count.to_string());
    let row = |about: &str, county: &str, value: &str, count: Option<u64>| {
        vec![about.to_owned(), county.to_owned(), value.to_owned(), plain(count)]
    };
    let mut rows = vec![row("registrants", "", "", Some(stats.registrants))];
    for dimension in &stats.dimensions {
        for value in &dimension.values {
            rows.push(row(&dimension.name, "", &value.value, Some(value.registrants)));
        }
        for county in &dimension.by_county {
            for (value, count) in dimension.values.iter().zip(&county.registrants) {
                rows.push(row(&dimension.name, &county.county, &value.value, *count));
            }
        }
    }
    for fill in &stats.columns {
        for (about, count) in [
            ("filled", fill.filled),
            ("absent", fill.absent),
            ("masked", fill.masked),
            ("placeholder", fill.placeholder),
            ("invalid", fill.invalid),
            ("unparsed", fill.unparsed),
        ] {
            rows.push(row(about, "", &fill.column, count));
        }
    }
    rows
}
