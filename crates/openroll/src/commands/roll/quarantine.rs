//! `openroll roll quarantine`: why lines could not be read.

use std::collections::BTreeMap;

use roll::Quarantined;
use roll::vault::Compartment;
use serde::Serialize;

use super::{find, open_vault, with_keys};
use crate::cli::{Format, RollQuarantine};
use crate::commands::Context;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;
use crate::progress::grouped;

/// The schema word of the result.
const SCHEMA: &str = "openroll.quarantine/1";

/// LIMIT: lines of a table for people; a spreadsheet or program gets all of them.
const TABLE_LINES_MAX: usize = 100;

/// A line as it is printed.
#[derive(Serialize)]
struct Line {
    file: String,
    line: u64,
    column: u64,
    field: String,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
}

/// How many lines stand there for one reason.
#[derive(Serialize)]
struct Reason {
    reason: String,
    lines: u64,
}

#[derive(Serialize)]
struct Shown {
    schema: &'static str,
    snapshot: String,
    reasons: Vec<Reason>,
    lines: Vec<Line>,
}

/// Shows the lines; exit code 1 where none stands there for the reason asked for.
pub(super) fn run(context: &Context, args: &RollQuarantine) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let snapshot = find(&store, &args.snapshot)?;
    let vault = open_vault(&store, &args.unlock)?;
    let reader = with_keys(&vault, &snapshot, [&Compartment::Quarantine])?;
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    let mut lines = Vec::new();
    let lines_max = if args.format == Format::Table { TABLE_LINES_MAX } else { usize::MAX };
    for line in reader.quarantine().or_exit(Exit::Data)? {
        let line = line.or_exit(Exit::Data)?;
        if args.reason.as_ref().is_some_and(|reason| !line.reason.contains(reason.as_str())) {
            continue;
        }
        *reasons.entry(kind(&line.reason)).or_default() += 1;
        if lines.len() < lines_max {
            lines.push(Line::new(line, args.raw));
        }
    }
    let total: u64 = reasons.values().sum();
    let mut reasons: Vec<Reason> = reasons.into_iter().map(|(reason, lines)| Reason { reason, lines }).collect();
    reasons.sort_by(|a, b| (b.lines, &a.reason).cmp(&(a.lines, &b.reason)));
    if args.raw {
        output::warn("raw lines hold registrants' values: they are private to the office");
    }
    let shown = Shown { schema: SCHEMA, snapshot: snapshot.manifest().snapshot.clone(), reasons, lines };
    match args.format {
        Format::Json => output::json(&shown),
        Format::Csv => print_lines(&shown, args.raw, Format::Csv),
        Format::Table => tables(&shown, args.raw),
    }
    let all = snapshot.manifest().counts.quarantined;
    context.note(&match &args.reason {
        Some(_) => format!("{} of {} lines in quarantine", grouped(total), grouped(all)),
        None => format!("{} lines in quarantine", grouped(all)),
    });
    if (shown.lines.len() as u64) < total {
        let first = grouped(shown.lines.len() as u64);
        context.note(&format!("the first {first} are shown; `--format csv` prints all of them"));
    }
    Ok(if args.reason.is_some() && total == 0 { Exit::No } else { Exit::Done })
}

/// The reason without the place within the line, which nearly every line has to itself.
fn kind(reason: &str) -> String {
    match reason.strip_prefix("byte ").and_then(|rest| rest.split_once(' ')) {
        Some((_, rest)) => format!("a byte {rest}"),
        None => reason.to_owned(),
    }
}

impl Line {
    fn new(line: Quarantined, with_raw: bool) -> Self {
        let raw = with_raw.then(|| String::from_utf8_lossy(line.raw()).into_owned());
        let Quarantined { file, line, column, field, reason, .. } = line;
        Self { file, line, column, field, reason, raw }
    }
}

fn tables(shown: &Shown, with_raw: bool) {
    if shown.reasons.is_empty() {
        return;
    }
    let rows: Vec<Vec<String>> =
        shown.reasons.iter().map(|reason| vec![reason.reason.clone(), grouped(reason.lines)]).collect();
    output::rows(&["reason", "lines"], &rows, Format::Table, SCHEMA);
    print_lines(shown, with_raw, Format::Table);
}

fn print_lines(shown: &Shown, with_raw: bool, format: Format) {
    let mut header = vec!["file", "line", "column", "field", "reason"];
    header.extend(with_raw.then_some("raw"));
    let row = |line: &Line| {
        let mut row = vec![
            line.file.clone(),
            line.line.to_string(),
            line.column.to_string(),
            line.field.clone(),
            line.reason.clone(),
        ];
        row.extend(line.raw.clone());
        row
    };
    let rows: Vec<Vec<String>> = shown.lines.iter().map(row).collect();
    output::rows(&header, &rows, format, SCHEMA);
}
