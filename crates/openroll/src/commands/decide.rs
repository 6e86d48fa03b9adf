//! `openroll decide`: a request under the law of a day.

use law::{Choice, Decision, Disposition, Lawbook, LimitKind, RecordRule, Request};
use terms::Jurisdiction;

use super::{Context, request, today};
use crate::cli::{Ask, Decide, Format};
use crate::data;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// Runs the command; exit code 1 where nothing asked for leaves.
pub(crate) fn run(context: &Context, args: &Decide) -> Result<Exit, Failure> {
    let lawbook = data::lawbook(context.data())?;
    let (_, decision) = decide(&lawbook, &args.ask)?;
    match args.format {
        Format::Json => output::json(&decision),
        Format::Csv => output::rows(&HEADER, &rows(&decision), Format::Csv, "openroll.decision-table/1"),
        Format::Table if args.explain => output::line(decision.explain().trim_end()),
        Format::Table => print(&decision),
    }
    if args.format == Format::Table && !args.explain {
        context.note("every reason in sentences: add `--explain`");
    }
    Ok(if decision.released().next().is_some() { Exit::Done } else { Exit::No })
}

/// Reads the request and the custodian's choice, and decides.
pub(crate) fn decide(lawbook: &Lawbook, ask: &Ask) -> Result<(Request, Decision), Failure> {
    let request = request::read(&ask.request)?;
    let blocking = request.check(today()).into_iter().find(|finding| finding.blocks);
    if let Some(finding) = blocking {
        let message = format!("`{}`, {}: {}", ask.request.display(), finding.at, finding.message);
        return Err(Failure::message(Exit::Data, message, finding.help));
    }
    let jurisdiction = one_jurisdiction(&request.to, ask.to)?;
    let choice = match &ask.choice {
        None => Choice::default(),
        Some(path) => {
            let text = data::read(path)?;
            Choice::parse(&path.display().to_string(), &text).or_exit(Exit::Data)?
        }
    };
    let as_of = ask.as_of.unwrap_or_else(today);
    let decision = lawbook.decide(&request, jurisdiction, as_of, &choice).or_exit(Exit::Law)?;
    Ok((request, decision))
}

/// The one jurisdiction that is meant.
fn one_jurisdiction(named: &[Jurisdiction], to: Option<Jurisdiction>) -> Result<Jurisdiction, Failure> {
    match (to, named) {
        (Some(to), named) if named.is_empty() || named.contains(&to) => Ok(to),
        (Some(to), _) => {
            let message = format!("the request is not addressed to {to}");
            Err(Failure::message(Exit::Usage, message, "name one of the jurisdictions under `to` in the request"))
        }
        (None, [one]) => Ok(*one),
        (None, _) => {
            let message = "the request names several jurisdictions or none";
            Err(Failure::message(Exit::Usage, message, "say whose law with `--to`, such as `--to UT`"))
        }
    }
}

/// The header of the field table.
pub(crate) const HEADER: [&str; 4] = ["field", "answer", "reason", "citation"];

/// The field table.
pub(crate) fn rows(decision: &Decision) -> Vec<Vec<String>> {
    let row = |disposition: &Disposition| {
        let reason = disposition.because.first();
        let authority = reason.and_then(|reason| reason.authority.as_ref());
        vec![
            disposition.field.to_string(),
            disposition.form.label(),
            reason.map(|reason| reason.says.clone()).unwrap_or_default(),
            authority.map(|authority| authority.cite.clone()).unwrap_or_default(),
        ]
    };
    decision.dispositions.iter().map(row).collect()
}

/// Prints the verdict, the field table, record rules, what is missing, and the due date.
fn print(decision: &Decision) {
    let edition = decision.editions.first().map(|pin| pin.edition.as_str()).unwrap_or_default();
    output::line(&format!(
        "{} as of {}, edition {edition}, {}: {}",
        decision.jurisdiction,
        decision.as_of,
        decision.class.label(),
        decision.outcome.label(),
    ));
    output::rows(&HEADER, &rows(decision), Format::Table, "");
    for rule in &decision.record_rules {
        output::line(&format!("{} [{}]", record_rule(rule), rule.authority.cite));
    }
    for missing in &decision.missing {
        output::line(&format!("still to bring: {} [{}]", missing.item.label(), missing.cite));
    }
    if let Some(limit) = due_line(decision) {
        output::line(&limit);
    }
}

/// Which records a rule leaves out or reduces.
fn record_rule(rule: &RecordRule) -> String {
    let records = rule.records.in_words();
    match &rule.fields {
        None => format!("left out: records {records}"),
        Some(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| field.label()).collect();
            format!("{} of records {records}: {}", fields.join(", "), rule.cap.label())
        }
    }
}

/// The day by which an answer is due, counted day by day.
pub(crate) fn due_line(decision: &Decision) -> Option<String> {
    let limit = decision.time_limits.iter().find(|limit| limit.kind == LimitKind::Respond)?;
    let due = limit.deadline.due()?;
    Some(format!("answer due {}: {}", due.on.strftime("%A %-d %B %Y"), due.explain_short()))
}
