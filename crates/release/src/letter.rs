//! The letter: the decision in plain words, as a page.

use law::{
    Decision, DenialPart, Disposition, Edition, Effect, Law, LimitKind, MissingItem, Otherwise, Outcome, Request,
};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use terms::{Date, Form};

use crate::office::{AppealOfficer, Office};
use crate::plan::Plan;

/// Name of the letter in a release.
pub const LETTER_FILE: &str = "letter.html";

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum LetterError {
    /// The law wants a part in the notice that the office has not filled in.
    #[error("the law wants {part} in a notice of denial ({cite}), and the office file does not hold it")]
    #[diagnostic(help("add `[appeal_officer]` with `name`, `title` and `address` to `office.toml`"))]
    MissingPart {
        /// The part.
        part: &'static str,
        /// The citation that wants it.
        cite: String,
    },
    /// The template is faulty.
    #[error("the letter template is faulty: {0}")]
    #[diagnostic(help("mend the template under `letters/`"))]
    Template(#[from] minijinja::Error),
}

/// What the template sees. Everything in it follows from decision, request, office and plan.
#[derive(Debug, Serialize)]
struct Page<'a> {
    office: &'a Office,
    requester: Vec<String>,
    date: String,
    subject: String,
    verdict: String,
    fields: Vec<Row<'a>>,
    not_in_roll: Vec<&'static str>,
    records: Vec<RecordLine<'a>>,
    questions: Option<String>,
    reckoned_on: Option<String>,
    list: ListDay,
    duties: Vec<Cited>,
    fees: Vec<Cited>,
    due: Option<Cited>,
    denial: Option<Denial<'a>>,
    law_name: String,
    edition: &'a str,
    decision: String,
}

/// One row of the table: the fields with the same answer for the same reasons.
#[derive(Debug, Serialize)]
struct Row<'a> {
    fields: Vec<&'static str>,
    answer: String,
    released: bool,
    reasons: Vec<ReasonLine<'a>>,
    otherwise: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ReasonLine<'a> {
    says: &'a str,
    cite: &'a str,
    source: &'a str,
}

#[derive(Debug, Serialize)]
struct RecordLine<'a> {
    what: String,
    says: &'a str,
    cite: &'a str,
    source: &'a str,
}

#[derive(Debug, Serialize)]
struct Cited {
    text: String,
    cite: String,
}

#[derive(Debug, Serialize)]
struct ListDay {
    day: String,
    rule: Option<Cited>,
}

/// The parts of a notice of denial.
#[derive(Debug, Serialize)]
struct Denial<'a> {
    appeal_to: &'a str,
    until: Option<String>,
    limit_cite: Option<&'a str>,
    officer: Option<&'a AppealOfficer>,
    cite: &'a str,
}

/// A letter in the making.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// The text of `letters/letter.html`, a minijinja template.
    pub template: &'a str,
    /// The request. The requester's name and address stand in the marked address block and nowhere else, so that
    /// letters to two requesters differ there alone.
    pub request: &'a Request,
    /// The decision.
    pub decision: &'a Decision,
    /// The law that was applied.
    pub law: &'a Law,
    /// Its edition.
    pub edition: &'a Edition,
    /// The office that answers.
    pub office: &'a Office,
    /// The columns of the extract.
    pub plan: &'a Plan,
    /// The day of the list.
    pub list_day: Date,
}

impl Letter<'_> {
    /// Writes the letter as a page of HTML in which every value is escaped.
    ///
    /// # Errors
    ///
    /// [`LetterError`] when the law wants a part that is missing, or the template is faulty.
    pub fn write(&self) -> Result<String, LetterError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
        environment.add_template("letter", self.template)?;
        Ok(environment.get_template("letter")?.render(Serde(self.page()?))?)
    }

    fn page(&self) -> Result<Page<'_>, LetterError> {
        let decision = self.decision;
        let columns = self.plan.columns();
        let has_age = columns.iter().any(|column| matches!(column.name.as_str(), "age" | "age_range"));
        let duty = |duty: &'_ law::Duty| Cited { text: duty.promise.label().to_owned(), cite: duty.cite.clone() };
        Ok(Page {
            office: self.office,
            requester: address_block(self.request),
            date: written_out(decision.as_of),
            subject: format!("Records of the voter roll of {}", self.law.name),
            verdict: verdict(decision),
            fields: rows(decision),
            not_in_roll: self.plan.not_in_roll().iter().map(|field| field.label()).collect(),
            questions: questions(self.request.questions.len()),
            records: decision.record_rules.iter().map(record_line).collect(),
            reckoned_on: has_age.then(|| written_out(self.plan.reckoned_on())),
            list: ListDay {
                day: written_out(self.list_day),
                rule: decision
                    .list_not_after
                    .as_ref()
                    .map(|rule| Cited { text: rule.says.clone(), cite: rule.cite.clone() }),
            },
            duties: decision.duties.iter().map(duty).collect(),
            fees: decision.fees.iter().map(|charge| fee(&charge.fee)).collect(),
            due: due(decision),
            denial: denial(decision, self.edition, self.office)?,
            law_name: format!("the law of {} ({})", self.law.name, self.law.records_act.short),
            edition: self.edition.id.get_ref(),
            decision: decision.digest(),
        })
    }
}

fn address_block(request: &Request) -> Vec<String> {
    std::iter::once(&request.requester.name).chain(&request.requester.address).cloned().collect()
}

/// A date as in `30 June 2017`.
fn written_out(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

fn verdict(decision: &Decision) -> String {
    let given = decision.released().count();
    let asked = decision.dispositions.len();
    match decision.outcome {
        Outcome::Full => "Your request is granted in full.".to_owned(),
        Outcome::InPart if given == asked => "Your request is granted, but for the reductions and the records named \
             below: every data point you asked for is enclosed."
            .to_owned(),
        Outcome::InPart => format!(
            "Your request is granted in part: {given} of the {asked} data points you asked for are enclosed, and \
             {} are withheld.{}",
            asked - given,
            if decision.complete_as_asked {
                " You asked for what is publicly available; this is all of it."
            } else {
                ""
            }
        ),
        Outcome::Refused => "Your request is denied: nothing you asked for may be given to you.".to_owned(),
        Outcome::NoRecords => "This office holds no record of what you asked for.".to_owned(),
        Outcome::Referred => "Another office holds what you asked for.".to_owned(),
    }
}

/// Fields with the same answer for the same reasons share a row, where the first of them stands.
fn rows(decision: &Decision) -> Vec<Row<'_>> {
    let mut rows: Vec<(&Disposition, Row<'_>)> = Vec::new();
    for disposition in &decision.dispositions {
        let alike = |(first, _): &&mut (&Disposition, Row<'_>)| {
            first.form == disposition.form
                && first.because == disposition.because
                && first.otherwise == disposition.otherwise
        };
        match rows.iter_mut().find(alike) {
            Some((_, row)) => row.fields.push(disposition.field.label()),
            None => rows.push((disposition, row(disposition))),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn row(disposition: &Disposition) -> Row<'_> {
    let answer = match &disposition.form {
        Form::Withheld if disposition.because.first().is_some_and(|reason| reason.effect == Effect::NotHeld) => {
            "not held here".to_owned()
        }
        Form::Withheld => "withheld".to_owned(),
        form => format!("released {}", form.label()),
    };
    Row {
        fields: vec![disposition.field.label()],
        answer,
        released: disposition.is_released(),
        reasons: reasons(disposition),
        otherwise: disposition.otherwise.iter().map(Otherwise::label).collect(),
    }
}

/// The reasons that concern this requester. Ways that are open to other classes stand in the decision and the index;
/// the letter names them only where nothing else speaks.
fn reasons(disposition: &Disposition) -> Vec<ReasonLine<'_>> {
    let for_others = |reason: &&law::Reason| reason.effect == Effect::OtherClass;
    let only_others = disposition.because.iter().all(|reason| for_others(&reason));
    let shown = disposition.because.iter().filter(|reason| only_others || !for_others(reason));
    shown.map(reason_line).collect()
}

fn reason_line(reason: &law::Reason) -> ReasonLine<'_> {
    let authority = reason.authority.as_ref();
    ReasonLine {
        says: &reason.says,
        cite: authority.map(|authority| authority.cite.as_str()).unwrap_or_default(),
        source: authority.map(|authority| authority.source.as_str()).unwrap_or_default(),
    }
}

/// How many questions the request asks beside the records.
fn questions(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("one question".to_owned()),
        count => Some(format!("{count} questions")),
    }
}

fn record_line(rule: &law::RecordRule) -> RecordLine<'_> {
    let who = format!("records of registrants {}", rule.records.in_words());
    let what = match &rule.fields {
        None => format!("Left out: {who}."),
        Some(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.label()).collect();
            let how = if rule.cap == Form::Withheld { "left blank".to_owned() } else { rule.cap.label() };
            format!("In {who}: {} {how}.", names.join(", "))
        }
    };
    RecordLine { what, says: &rule.says, cite: &rule.authority.cite, source: &rule.authority.source }
}

/// The fee as a sentence.
fn fee(fee: &law::Fee) -> Cited {
    let words = fee.in_words();
    let mut letters = words.chars();
    let capital = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    Cited { text: capital + letters.as_str(), cite: fee.cite.clone() }
}

fn due(decision: &Decision) -> Option<Cited> {
    let limit = decision.time_limits.iter().find(|limit| limit.kind == LimitKind::Respond)?;
    let due = limit.deadline.due()?;
    Some(Cited { text: format!("{} ({})", written_out(due.on), due.explain_short()), cite: limit.cite.clone() })
}

/// The appeal part, where something is withheld or left out and the edition asks for it.
fn denial<'a>(
    decision: &'a Decision,
    edition: &'a Edition,
    office: &'a Office,
) -> Result<Option<Denial<'a>>, LetterError> {
    let Some(notice) = edition.denial.as_ref().filter(|_| decision.outcome != Outcome::Full) else {
        return Ok(None);
    };
    let missing = |part| LetterError::MissingPart { part, cite: notice.cite.clone() };
    let wants = |part: DenialPart| notice.parts.contains(&part);
    let officer = office.appeal_officer.as_ref();
    if wants(DenialPart::AppealOfficer) && officer.is_none() {
        return Err(missing("the name and business address of the officer who decides the appeal"));
    }
    let limit = decision.time_limits.iter().find(|limit| limit.kind == LimitKind::Appeal);
    if wants(DenialPart::TimeLimit) && limit.is_none() {
        return Err(missing("the time limit of the appeal"));
    }
    Ok(Some(Denial {
        appeal_to: &notice.appeal_to,
        until: limit.and_then(|limit| limit.deadline.due()).map(|due| written_out(due.on)),
        limit_cite: limit.map(|limit| limit.cite.as_str()),
        officer,
        cite: &notice.cite,
    }))
}

/// What is still missing, in words, for messages.
pub(crate) fn missing_in_words(decision: &Decision) -> Vec<String> {
    let line = |item: &MissingItem, cite: &str| format!("{} ({cite})", item.label());
    decision.missing.iter().map(|missing| line(&missing.item, &missing.cite)).collect()
}
