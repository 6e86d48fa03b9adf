//! `openroll law compare-2017`: what the states answered to the letter of 2017, beside what their law opened that day.

use std::collections::BTreeMap;

use law::{Choice, Decision, Lawbook, Request};
use serde::Deserialize;
use terms::{Date, Field, Form, Jurisdiction};

use crate::cli::Format;
use crate::commands::Context;
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// The day whose law is compared.
const DAY: Date = Date::constant(2017, 6, 30);

/// One dated report of what a state said or did, in `inquiries/2017-commission/answers.csv`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Report {
    code: Jurisdiction,
    date: String,
    date_precision: String,
    kind: String,
    request: String,
    status: String,
    releases: String,
    withholds: String,
    reported_by: String,
    source: String,
}

/// How a state's answer stands beside its law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Same,
    Less,
    More,
    Both,
    Undecided,
    NoLaw,
}

impl Verdict {
    fn label(self) -> &'static str {
        match self {
            Self::Same => "no difference seen",
            Self::Less => "gave less than the law file opens",
            Self::More => "announced more than the law file opens",
            Self::Both => "both more and less than the law file opens",
            Self::Undecided => "no decision reported",
            Self::NoLaw => "no law stored",
        }
    }
}

/// Prints one row per jurisdiction; a difference is a finding about the law file or about the state, for a reader to
/// judge.
pub(crate) fn run(context: &Context, format: Format) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let letter = Request::parse("inquiries/2017-commission/letter.toml", data::letter_of_2017()).or_exit(Exit::Data)?;
    let mut reports: BTreeMap<Jurisdiction, Vec<Report>> = BTreeMap::new();
    for report in csv::Reader::from_reader(data::answers_of_2017().as_bytes()).into_deserialize() {
        let report: Report = report.map_err(|error| {
            let message = format!("`inquiries/2017-commission/answers.csv`: {error}");
            Failure::message(Exit::Data, message, "mend the line")
        })?;
        reports.entry(report.code).or_default().push(report);
    }
    let mut rows = Vec::new();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, reports) in &reports {
        let row = compare(&lawbook, &letter, *code, reports)?;
        *counts.entry(row.verdict.label()).or_default() += 1;
        rows.push(row.cells(format));
    }
    let header: &[&str] = match format {
        Format::Table => &["code", "law opens", "state said", "verdict", "more", "less"],
        _ => &["code", "law_opens", "state_said", "verdict", "more", "less", "clauses", "reported_by", "sources"],
    };
    output::rows(header, &rows, format, "openroll.compare-2017/1");
    counts.iter().for_each(|(verdict, count)| context.note(&format!("{count:>3} {verdict}")));
    Ok(Exit::Done)
}

/// One jurisdiction's answer beside its law.
struct Row {
    code: Jurisdiction,
    open: Option<usize>,
    asked: usize,
    said: String,
    verdict: Verdict,
    more: Vec<Field>,
    less: Vec<Field>,
    clauses: Vec<String>,
    reported_by: Vec<String>,
    sources: Vec<String>,
}

impl Row {
    fn cells(self, format: Format) -> Vec<String> {
        let words = |fields: &[Field]| fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(" ");
        let open = self.open.map(|open| format!("{open} of {}", self.asked)).unwrap_or_default();
        let verdict = self.verdict.label().to_owned();
        let mut cells = vec![self.code.to_string(), open, self.said, verdict, words(&self.more), words(&self.less)];
        if format != Format::Table {
            cells.extend([self.clauses.join(" "), self.reported_by.join("; "), self.sources.join(" ")]);
        }
        cells
    }
}

fn compare(lawbook: &Lawbook, letter: &Request, code: Jurisdiction, reports: &[Report]) -> Result<Row, Failure> {
    // Lists of the press repeat each other; what a state said itself comes first, and only on the first letter.
    let own = |report: &&Report| report.kind == "state_report" && report.request == "2017-06-28";
    let mut told: Vec<&Report> = reports.iter().filter(own).collect();
    if told.is_empty() {
        told = reports.iter().filter(|report| report.request == "2017-06-28").collect();
    }
    told.sort_by(|a, b| (&a.date, &a.date_precision).cmp(&(&b.date, &b.date_precision)));
    let decided = told.iter().rev().find(|report| matches!(report.status.as_str(), "in_part" | "refused" | "full"));
    let mut row = Row {
        code,
        open: None,
        asked: letter.fields().len(),
        said: decided.or(told.last()).map(|report| format!("{} ({})", report.status, report.date)).unwrap_or_default(),
        verdict: Verdict::NoLaw,
        more: Vec::new(),
        less: Vec::new(),
        clauses: Vec::new(),
        reported_by: told.iter().map(|report| report.reported_by.clone()).collect(),
        sources: told.iter().map(|report| report.source.clone()).collect(),
    };
    if !lawbook.laws.contains_key(&code) {
        return Ok(row);
    }
    let decision = lawbook.decide(letter, code, DAY, &Choice::default()).or_exit(Exit::Law)?;
    let is_open = |field: Field| decision.released().any(|given| given.field == field);
    // A coarser form is neither more nor less than a word of the press.
    let is_full = |field: Field| decision.released().any(|given| given.field == field && given.form == Form::Full);
    let is_asked = |field: Field| decision.dispositions.iter().any(|given| given.field == field);
    row.open = Some(decision.released().count());
    row.more = named(&told, |report| &report.releases).into_iter().filter(|f| is_asked(*f) && !is_open(*f)).collect();
    row.less = named(&told, |report| &report.withholds).into_iter().filter(|field| is_full(*field)).collect();
    let refused = decided.is_some_and(|report| report.status == "refused") && row.open > Some(0);
    row.verdict = match (decided.is_none(), row.more.is_empty(), row.less.is_empty() && !refused) {
        (true, ..) => Verdict::Undecided,
        (_, true, true) => Verdict::Same,
        (_, true, false) => Verdict::Less,
        (_, false, true) => Verdict::More,
        (_, false, false) => Verdict::Both,
    };
    row.clauses = clauses(&decision, row.more.iter().chain(&row.less));
    Ok(row)
}

/// The fields that reports name, each once; words that are no field of a roll are passed over.
fn named<'r>(reports: &[&'r Report], list: impl Fn(&'r Report) -> &'r String) -> Vec<Field> {
    let words = reports.iter().flat_map(|report| list(report).split_whitespace());
    let mut fields: Vec<Field> = words.filter_map(|word| word.parse().ok()).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
}

/// The deciding clauses of some fields.
fn clauses<'f>(decision: &Decision, fields: impl Iterator<Item = &'f Field>) -> Vec<String> {
    let clause_of = |field: &Field| {
        let disposition = decision.dispositions.iter().find(|given| given.field == *field)?;
        disposition.because.first()?.clause.clone()
    };
    let mut clauses: Vec<String> = fields.filter_map(clause_of).collect();
    clauses.sort();
    clauses.dedup();
    clauses
}
