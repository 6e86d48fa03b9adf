//! One case: a request in short, and what the law answers.

use std::collections::{BTreeMap, BTreeSet};

use law::{Choice, Decision, Disposition, Effect, Lawbook, Mode, Otherwise, Outcome, Request};
use serde::Deserialize;
use terms::{Custody, Date, Field, Form, Jurisdiction, Need, Promise, Purpose, RequesterClass, Status};

use crate::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CaseFile {
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) case: Vec<Case>,
}

/// A request in short, and what the law answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    as_of: toml::value::Datetime,
    #[serde(default = "any_person")]
    class: RequesterClass,
    #[serde(default)]
    proof: bool,
    #[serde(default = "unstated")]
    purpose: Purpose,
    #[serde(default)]
    promises: Vec<Promise>,
    #[serde(default)]
    rules_out: Vec<Promise>,
    /// The level of office that is asked.
    #[serde(default = "state")]
    custody: Custody,
    /// Statuses asked for in so many words.
    #[serde(default)]
    includes: Vec<Status>,
    /// The duty that the request names for every field.
    duty: Option<String>,
    /// Fields for which the office has verified that the duty needs them.
    #[serde(default)]
    necessary: BTreeSet<Field>,
    /// Clauses under review that an officer confirms.
    #[serde(default)]
    confirm: BTreeSet<String>,
    pub(crate) edition: String,
    outcome: Option<Outcome>,
    /// Form, effect of the first reason, and its clause, per field.
    expect: BTreeMap<Field, Expected>,
    /// Clauses that must be among the record rules.
    #[serde(default)]
    pub(crate) records_out: Vec<String>,
    /// Clauses that must not be among them.
    #[serde(default)]
    records_kept: Vec<String>,
    /// Duties that must travel with the data.
    #[serde(default)]
    duties: Vec<Promise>,
    /// Papers that must still be asked for; a case brings none.
    #[serde(default)]
    missing: Vec<Need>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    form: String,
    because: Effect,
    clause: Option<String>,
    /// Another clause that must stand among the reasons.
    also: Option<String>,
    /// A mode in which it is open though no copy leaves.
    otherwise: Option<Mode>,
    /// The form in which that mode shows it.
    shown: Option<String>,
}

fn any_person() -> RequesterClass {
    RequesterClass::AnyPerson
}

fn state() -> Custody {
    Custody::State
}

fn unstated() -> Purpose {
    Purpose::Unstated
}

impl Case {
    fn request(&self) -> Result<Request, Failure> {
        let day: Date = self.as_of.to_string().parse()?;
        let requester = serde_json::json!({
            "name": "A. Requester",
            "class": self.class,
            "proof": self.proof.then_some("on file"),
        });
        let asks: Vec<_> = (1..)
            .zip(self.expect.keys())
            .map(
                |(n, field)| serde_json::json!({ "n": n, "text": field.label(), "fields": [field], "duty": self.duty }),
            )
            .collect();
        let request = serde_json::json!({
            "schema": law::REQUEST_SCHEMA,
            "id": "case",
            "requester": requester,
            "purpose": self.purpose,
            "custody": self.custody,
            "includes": self.includes,
            "promises": self.promises,
            "rules_out": self.rules_out,
            "dates": { "written": day.to_string(), "received": day.to_string() },
            "ask": asks,
        });
        Ok(Request::parse("case.json", &request.to_string())?)
    }

    pub(crate) fn decide(&self, book: &Lawbook, jurisdiction: Jurisdiction) -> Result<Decision, Failure> {
        let choice = Choice { confirm: self.confirm.clone(), necessary: self.necessary.clone(), ..Choice::default() };
        Ok(book.decide(&self.request()?, jurisdiction, self.as_of.to_string().parse()?, &choice)?)
    }

    /// What came out otherwise than the case says, one line per difference.
    pub(crate) fn differences(&self, decision: &Decision) -> Vec<String> {
        let mut differences = Vec::new();
        let pinned = decision.editions.first().map(|pin| pin.edition.as_str());
        if pinned != Some(self.edition.as_str()) {
            differences.push(format!("edition {pinned:?}, expected {}", self.edition));
        }
        if self.outcome.is_some_and(|outcome| outcome != decision.outcome) {
            differences.push(format!("outcome {:?}, expected {:?}", decision.outcome, self.outcome));
        }
        for disposition in &decision.dispositions {
            let expected = self.expect.get(&disposition.field);
            differences.extend(expected.and_then(|expected| expected.difference(disposition)));
        }
        let rules: BTreeSet<&str> = decision.record_rules.iter().map(|rule| rule.clause.as_str()).collect();
        let absent = self.records_out.iter().filter(|clause| !rules.contains(clause.as_str()));
        differences.extend(absent.map(|clause| format!("record rule {clause} is absent; there are {rules:?}")));
        let present = self.records_kept.iter().filter(|clause| rules.contains(clause.as_str()));
        differences.extend(present.map(|clause| format!("record rule {clause} applies")));
        let duties: BTreeSet<Promise> = decision.duties.iter().map(|duty| duty.promise).collect();
        let free = self.duties.iter().filter(|promise| !duties.contains(promise));
        differences.extend(free.map(|promise| format!("duty {promise} is absent; there are {duties:?}")));
        let needs: Vec<Need> = decision.missing.iter().filter_map(|missing| missing.item.need()).collect();
        let unasked = self.missing.iter().filter(|need| !needs.contains(need));
        differences.extend(unasked.map(|need| format!("{need} is not asked for; there are {needs:?}")));
        differences
    }
}

impl Expected {
    fn difference(&self, disposition: &Disposition) -> Option<String> {
        let form = form_word(&disposition.form);
        let first = disposition.because.first()?;
        let mut others = disposition.because.iter().filter_map(|reason| reason.clause.as_deref());
        let also = self.also.as_deref().is_none_or(|also| others.any(|clause| clause == also));
        let shows = |other: &Otherwise| self.shown.as_deref().is_none_or(|form| form_word(&other.form) == form);
        let otherwise = self
            .otherwise
            .is_none_or(|mode| disposition.otherwise.iter().any(|other| other.mode == mode && shows(other)));
        let equal =
            form == self.form && first.effect == self.because && first.clause == self.clause && also && otherwise;
        (!equal).then(|| {
            let reasons: Vec<_> = disposition.because.iter().map(|reason| (reason.effect, &reason.clause)).collect();
            format!("{}: {form} because {reasons:?}, otherwise {:?}", disposition.field, disposition.otherwise)
        })
    }
}

/// The word of a form, without the bands of an age range.
pub(crate) fn form_word(form: &Form) -> String {
    match serde_json::to_value(form) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(table)) => table.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}
