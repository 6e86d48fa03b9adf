//! `openroll law`: show and check; the other commands have files of their own.

mod compare;
mod coverage;
mod diff;
mod due;
mod explain;
mod matrix;

use std::path::PathBuf;

use law::{Edition, Finding, Law, Lawbook, Severity};
use terms::{Date, Field, RequesterClass};

use super::{Context, today};
use crate::cli::{Format, LawCommand};
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// Runs a law command.
pub(crate) fn run(context: &Context, command: LawCommand) -> Result<Exit, Failure> {
    match command {
        LawCommand::Show { jurisdiction: None, as_of: None, format } => {
            show_all(&data::lawbook(context.data())?, format);
            Ok(Exit::Done)
        }
        LawCommand::Show { jurisdiction, as_of, format } => {
            let lawbook = data::lawbook(context.data())?;
            let laws = lawbook.laws.values().filter(|law| jurisdiction.is_none_or(|code| code == law.code));
            let laws: Vec<&Law> = laws.collect();
            if let (Some(code), true) = (jurisdiction, laws.is_empty()) {
                return Err(Failure::new(Exit::Law, law::DecideError::NoLaw(code)));
            }
            match as_of {
                Some(day) => show_clauses(&laws, day, format),
                None => Ok(show_editions(&laws, format)),
            }
        }
        LawCommand::Check { files, as_of, format } => check(context, &files, as_of.unwrap_or_else(today), format),
        LawCommand::Explain(args) => explain::run(context, &args),
        LawCommand::Matrix(args) => matrix::run(context, &args),
        LawCommand::Diff(args) => diff::run(context, &args),
        LawCommand::Due(args) => due::run(context, &args),
        LawCommand::Compare2017 { format } => compare::run(context, format),
        LawCommand::Coverage { format } => coverage::run(context, format),
        LawCommand::Schema => {
            output::json(&Law::schema());
            Ok(Exit::Done)
        }
    }
}

fn show_all(lawbook: &Lawbook, format: Format) {
    let rows: Vec<Vec<String>> = lawbook
        .laws
        .values()
        .map(|law| {
            let first = law.editions.first().map(|edition| edition.from.to_string()).unwrap_or_default();
            let clauses: usize =
                law.editions.iter().map(|edition| edition.routes.len() + edition.withholdings.len()).sum();
            let (code, name) = (law.code.to_string(), law.name.clone());
            vec![code, name, law.records_act.short.clone(), law.editions.len().to_string(), clauses.to_string(), first]
        })
        .collect();
    output::rows(&["code", "name", "records act", "editions", "clauses", "from"], &rows, format, "openroll.laws/1");
}

fn show_editions(laws: &[&Law], format: Format) -> Exit {
    let row = |law: &Law, edition: &Edition| {
        vec![
            law.code.to_string(),
            edition.id.get_ref().clone(),
            edition.from.to_string(),
            edition.until.map(|day| day.to_string()).unwrap_or_default(),
            edition.title.clone(),
            edition.made_by.iter().map(|act| act.cite.as_str()).collect::<Vec<_>>().join("; "),
        ]
    };
    let rows: Vec<Vec<String>> =
        laws.iter().flat_map(|law| law.editions.iter().map(|edition| row(law, edition))).collect();
    output::rows(&["code", "edition", "from", "until", "what made it", "acts"], &rows, format, "openroll.editions/1");
    Exit::Done
}

fn show_clauses(laws: &[&Law], day: Date, format: Format) -> Result<Exit, Failure> {
    let mut rows = Vec::new();
    for edition in laws.iter().filter_map(|law| law.edition_on(day)) {
        rows.extend(clause_rows(edition));
    }
    if rows.is_empty() {
        let message = format!("no clause is in force on {day} in the laws named");
        return Err(Failure::message(Exit::Law, message, "`openroll law show UT` lists the editions of a law"));
    }
    output::rows(
        &["clause", "does", "fields or records", "to or but for", "citation"],
        &rows,
        format,
        "openroll.clauses/1",
    );
    Ok(Exit::Done)
}

fn clause_rows(edition: &Edition) -> Vec<Vec<String>> {
    let words = |classes: &[RequesterClass]| classes.iter().map(|class| class.as_str()).collect::<Vec<_>>().join(", ");
    let names = |fields: &[Field]| fields.iter().map(|field| field.as_str()).collect::<Vec<_>>().join(", ");
    let id = |id: &str, review: bool| format!("{}/{id}{}", edition.id.get_ref(), if review { " (review)" } else { "" });
    let routes = edition.routes.iter().map(|route| {
        let fields: Vec<Field> = route.gives.iter().map(|grant| grant.field).collect();
        let does = "opens".to_owned();
        vec![id(route.id.get_ref(), route.review.is_some()), does, names(&fields), words(&route.to), route.cite.clone()]
    });
    let withholdings = edition.withholdings.iter().map(|clause| {
        let records = clause.records.as_ref().map(|records| format!("records {}", records.in_words()));
        let covers = [clause.fields.as_deref().map(names), records];
        let covers = covers.into_iter().flatten().collect::<Vec<_>>().join(" of ");
        let aimed = match &clause.to {
            Some(to) => words(to),
            None if clause.except_to.is_empty() => "everybody".to_owned(),
            None => format!("all but {}", words(&clause.except_to)),
        };
        let does = if clause.cap == terms::Form::Withheld { "closes".to_owned() } else { clause.cap.label() };
        vec![id(clause.id.get_ref(), clause.review.is_some()), does, covers, aimed, clause.cite.clone()]
    });
    let elsewhere = edition.elsewhere.iter().map(|clause| {
        let held = clause.custodian.clone().unwrap_or_else(|| "not held".to_owned());
        vec![id(clause.id.get_ref(), false), "not held".to_owned(), names(&clause.fields), held, clause.cite.clone()]
    });
    routes.chain(withholdings).chain(elsewhere).collect()
}

fn check(context: &Context, files: &[PathBuf], today: Date, format: Format) -> Result<Exit, Failure> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut checked = 0;
    if files.is_empty() {
        let lawbook = data::lawbook(context.data())?;
        checked = lawbook.laws.len();
        findings.extend(lawbook.laws.values().flat_map(|law| law.lint(today)));
    }
    for path in files {
        let law = Law::parse(&path.display().to_string(), &data::read(path)?).or_exit(Exit::Law)?;
        findings.extend(law.lint(today));
        checked += 1;
    }
    let word = |severity| match severity {
        Severity::Warning => "warning".to_owned(),
        Severity::Note => "note".to_owned(),
    };
    let rows: Vec<Vec<String>> = findings
        .iter()
        .map(|finding| vec![word(finding.severity), finding.at.clone(), finding.message.clone()])
        .collect();
    output::rows(&["severity", "at", "finding"], &rows, format, "openroll.law-check/1");
    let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning).count();
    let notes = findings.len() - warnings;
    context.note(&format!("{checked} law files read, {warnings} warnings, {notes} notes"));
    Ok(if warnings == 0 { Exit::Done } else { Exit::No })
}
