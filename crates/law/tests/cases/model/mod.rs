//! What the model must be able to say: rules of real law, each with the decision that it makes of the stored law files.
//!
//! One file per kind of rule. A test says in its name what the law does, and quotes the clause with its citation.

mod authority;
mod custodians;
mod federal;
mod fees;
mod forms;
mod modes;
mod records;
mod requesters;
mod time;
mod unsettled;

use law::matrix::Question;
use law::{Choice, Condition, DecideError, Decision, Disposition, Effect, Fee, Mode, Reason, RecordRule};
use terms::{Basis, Custody, Field, Form, Ground, Need, Promise, Purpose, RequesterClass};

use crate::case::form_word;
use crate::{BOOK, Failure};

/// A request in the making. As [`ask`] leaves it, any person asks the state office, states no purpose, and brings every
/// paper and promise, so that the law alone speaks.
struct Asked {
    jurisdiction: &'static str,
    as_of: &'static str,
    class: RequesterClass,
    purpose: Purpose,
    custody: Custody,
    rules_out: Vec<Promise>,
    is_empty_handed: bool,
    duty: Option<&'static str>,
    /// How many registered voters have signed; none where the office has counted them.
    signatures: Option<u16>,
    choice: Choice,
}

fn ask(jurisdiction: &'static str, as_of: &'static str) -> Asked {
    Asked {
        jurisdiction,
        as_of,
        class: RequesterClass::AnyPerson,
        purpose: Purpose::Unstated,
        custody: Custody::State,
        rules_out: Vec::new(),
        is_empty_handed: false,
        duty: None,
        signatures: None,
        choice: Choice::default(),
    }
}

impl Asked {
    /// The class, with proof.
    fn by(self, class: RequesterClass) -> Self {
        Self { class, ..self }
    }

    fn stating(self, purpose: Purpose) -> Self {
        Self { purpose, ..self }
    }

    /// The level of office that is asked.
    fn at(self, custody: Custody) -> Self {
        Self { custody, ..self }
    }

    /// The requester will not accept this duty.
    fn ruling_out(mut self, promise: Promise) -> Self {
        self.rules_out.push(promise);
        self
    }

    /// The requester brings no paper and makes no promise.
    fn empty_handed(self) -> Self {
        Self { is_empty_handed: true, ..self }
    }

    /// The official duty that the request names for every field.
    fn under_duty(self, duty: &'static str) -> Self {
        Self { duty: Some(duty), ..self }
    }

    /// A request that so many registered voters have signed.
    fn signed_by(&self, signatures: u16) -> Self {
        Self { signatures: Some(signatures), choice: self.choice.clone(), rules_out: self.rules_out.clone(), ..*self }
    }

    /// The office has verified that the duty needs the field.
    fn verified(mut self, field: Field) -> Self {
        self.choice.necessary.insert(field);
        self
    }

    /// An officer confirms the reading of a clause under review.
    fn confirming(mut self, clause: &str) -> Self {
        self.choice.confirm.insert(clause.to_owned());
        self
    }

    /// The custodian gives less than the law allows.
    fn withholding(mut self, field: Field, why: &str) -> Self {
        self.choice.withhold.insert(field, why.to_owned());
        self
    }

    fn decide(&self, fields: &[Field]) -> Result<Result<Decision, DecideError>, Failure> {
        let (jurisdiction, as_of) = (self.jurisdiction.parse()?, self.as_of.parse()?);
        let question = Question { as_of, class: self.class, purpose: self.purpose, custody: self.custody };
        let mut request = question.request(fields);
        request.promises.retain(|promise| !self.is_empty_handed && !self.rules_out.contains(promise));
        request.documents.retain(|_| !self.is_empty_handed);
        request.documents.iter_mut().for_each(|document| document.signatures = self.signatures);
        request.rules_out.clone_from(&self.rules_out);
        for ask in &mut request.ask {
            ask.duty = self.duty.map(str::to_owned);
        }
        Ok(BOOK.decide(&request, jurisdiction, as_of, &self.choice))
    }

    /// Asks for the fields, and asserts of each the form, the effect of the first reason, and its clause, as in
    /// `year: opens ga-2017/public-list` or `withheld: no_basis`.
    #[track_caller]
    fn gives(self, expected: &[(Field, &str)]) -> Result<Decision, Failure> {
        let fields: Vec<Field> = expected.iter().map(|(field, _)| *field).collect();
        let decision = self.decide(&fields)??;
        let cells: Vec<(Field, String)> = decision.dispositions.iter().map(cell).collect();
        let expected: Vec<(Field, String)> =
            expected.iter().map(|(field, words)| (*field, (*words).to_owned())).collect();
        assert_eq!(cells, expected, "{} as of {}", self.jurisdiction, self.as_of);
        Ok(decision)
    }
}

fn cell(disposition: &Disposition) -> (Field, String) {
    let first = disposition.because.first();
    let effect = first.map(|reason| effect_word(reason.effect)).unwrap_or_default();
    let clause = first.and_then(|reason| reason.clause.as_deref()).unwrap_or_default();
    (disposition.field, format!("{}: {effect} {clause}", form_word(&disposition.form)).trim_end().to_owned())
}

/// The effect as it stands in the case files.
fn effect_word(effect: Effect) -> String {
    serde_json::to_value(effect).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn disposition(decision: &Decision, field: Field) -> Result<&Disposition, Failure> {
    let found = decision.dispositions.iter().find(|disposition| disposition.field == field);
    Ok(found.ok_or_else(|| format!("{field} was not asked for"))?)
}

/// The reason that a clause gives for a field, wherever it stands among the reasons.
fn reason<'d>(decision: &'d Decision, field: Field, clause: &str) -> Result<&'d Reason, Failure> {
    let mut because = disposition(decision, field)?.because.iter();
    let found = because.find(|reason| reason.clause.as_deref() == Some(clause));
    Ok(found.ok_or_else(|| format!("{field}: no reason by {clause}"))?)
}

/// What kind of authority a reason rests on.
fn basis(decision: &Decision, field: Field, clause: &str) -> Result<Option<Basis>, Failure> {
    Ok(reason(decision, field, clause)?.authority.as_ref().map(|authority| authority.basis))
}

/// The modes in which a field is open though no copy leaves.
fn otherwise(decision: &Decision, field: Field) -> Result<Vec<Mode>, Failure> {
    Ok(disposition(decision, field)?.otherwise.iter().map(|other| other.mode).collect())
}

fn rule<'d>(decision: &'d Decision, clause: &str) -> Result<&'d RecordRule, Failure> {
    let found = decision.record_rules.iter().find(|rule| rule.clause == clause);
    Ok(found.ok_or_else(|| format!("no record rule {clause}"))?)
}

fn has_rule(decision: &Decision, clause: &str) -> bool {
    rule(decision, clause).is_ok()
}

/// How far a rule on records reaches: which records, which of the requested fields (none for the whole record), and the
/// finest form that still leaves.
fn reach(decision: &Decision, clause: &str) -> Result<(Condition, Option<Vec<Field>>, Form), Failure> {
    let rule = rule(decision, clause)?;
    Ok((rule.records.clone(), rule.fields.clone(), rule.cap.clone()))
}

/// The records of registrants with one of these grounds.
fn protected(grounds: &[Ground]) -> Condition {
    Condition { protection: grounds.to_vec(), ..Condition::default() }
}

/// The duties that travel with the data, in the order of the vocabulary.
fn duties(decision: &Decision) -> Vec<Promise> {
    decision.duties.iter().map(|duty| duty.promise).collect()
}

/// The papers that are still missing.
fn missing(decision: &Decision) -> Vec<Need> {
    decision.missing.iter().filter_map(|missing| missing.item.need()).collect()
}

/// The ids of the editions applied.
fn editions(decision: &Decision) -> Vec<&str> {
    decision.editions.iter().map(|pin| pin.edition.as_str()).collect()
}

fn fee(decision: &Decision) -> Result<&Fee, Failure> {
    match decision.fees.as_slice() {
        [charge] => Ok(&charge.fee),
        fees => Err(format!("{} fees", fees.len()).into()),
    }
}
