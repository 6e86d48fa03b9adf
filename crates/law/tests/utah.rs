//! Utah and the federal overlay: every edition parses, every case of `laws/cases/ut.toml` comes out as it says, and the
//! letter of 28 June 2017 is answered as the office answered it.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;

use law::calendar::Calendar;
use law::{Choice, Decision, Disposition, Effect, Law, Lawbook, Mode, Outcome, Request, Severity};
use serde::Deserialize;
use terms::{Date, Field, Form, Jurisdiction, Promise, Purpose, RequesterClass};

type Failure = Box<dyn Error>;

const CASES: &str = include_str!("../../../laws/cases/ut.toml");
const LETTER: &str = include_str!("../../../inquiries/2017-commission/letter.toml");
const LAWS: [(&str, &str); 2] =
    [("us.toml", include_str!("../../../laws/us.toml")), ("ut.toml", include_str!("../../../laws/ut.toml"))];
const CALENDARS: [(&str, &str); 2] =
    [("us.toml", include_str!("../../../calendars/us.toml")), ("ut.toml", include_str!("../../../calendars/ut.toml"))];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    jurisdiction: Jurisdiction,
    case: Vec<Case>,
}

/// A request in short, and what the law answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
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
    /// The duty that the request names for every field.
    duty: Option<String>,
    /// Fields for which the office has verified that the duty needs them.
    #[serde(default)]
    necessary: BTreeSet<Field>,
    /// Clauses under review that an officer confirms.
    #[serde(default)]
    confirm: BTreeSet<String>,
    edition: String,
    outcome: Option<Outcome>,
    /// Form, effect of the first reason, and its clause, per field.
    expect: BTreeMap<Field, Expected>,
    /// Clauses that must be among the record rules.
    #[serde(default)]
    records_out: Vec<String>,
    /// Clauses that must not be among them.
    #[serde(default)]
    records_kept: Vec<String>,
    /// Duties that must travel with the data.
    #[serde(default)]
    duties: Vec<Promise>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    form: String,
    because: Effect,
    clause: Option<String>,
    /// Another clause that must stand among the reasons.
    also: Option<String>,
    otherwise: Option<Mode>,
}

fn any_person() -> RequesterClass {
    RequesterClass::AnyPerson
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
            "promises": self.promises,
            "rules_out": self.rules_out,
            "dates": { "written": day.to_string(), "received": day.to_string() },
            "ask": asks,
        });
        Ok(Request::parse("case.json", &request.to_string())?)
    }

    fn decide(&self, book: &Lawbook, jurisdiction: Jurisdiction) -> Result<Decision, Failure> {
        let choice = Choice { confirm: self.confirm.clone(), necessary: self.necessary.clone(), ..Choice::default() };
        Ok(book.decide(&self.request()?, jurisdiction, self.as_of.to_string().parse()?, &choice)?)
    }

    /// What came out otherwise than the case says, one line per difference.
    fn differences(&self, decision: &Decision) -> Vec<String> {
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
        differences
    }
}

impl Expected {
    fn difference(&self, disposition: &Disposition) -> Option<String> {
        let form = form_word(&disposition.form);
        let first = disposition.because.first()?;
        let mut others = disposition.because.iter().filter_map(|reason| reason.clause.as_deref());
        let also = self.also.as_deref().is_none_or(|also| others.any(|clause| clause == also));
        let otherwise = self.otherwise.is_none_or(|mode| disposition.otherwise.contains(&mode));
        let equal =
            form == self.form && first.effect == self.because && first.clause == self.clause && also && otherwise;
        (!equal).then(|| {
            let reasons: Vec<_> = disposition.because.iter().map(|reason| (reason.effect, &reason.clause)).collect();
            format!("{}: {form} because {reasons:?}, otherwise {:?}", disposition.field, disposition.otherwise)
        })
    }
}

/// The word of a form, without the bands of an age range.
fn form_word(form: &Form) -> String {
    match serde_json::to_value(form) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(serde_json::Value::Object(table)) => table.keys().next().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

fn lawbook() -> Result<Lawbook, Failure> {
    let mut book = Lawbook::default();
    for (name, text) in LAWS {
        let law = Law::parse(name, text)?;
        book.laws.insert(law.code, law);
    }
    for (name, text) in CALENDARS {
        let calendar = Calendar::parse(name, text)?;
        book.calendars.insert(calendar.id.clone(), calendar);
    }
    Ok(book)
}

fn utah() -> Result<Jurisdiction, Failure> {
    Ok("UT".parse()?)
}

#[test]
fn every_case_comes_out_as_it_says() -> Result<(), Failure> {
    let book = lawbook()?;
    let file: CaseFile = toml::from_str(CASES)?;
    let mut failures = String::new();
    for case in &file.case {
        let differences = match case.decide(&book, file.jurisdiction) {
            Ok(decision) => case.differences(&decision),
            Err(error) => vec![error.to_string()],
        };
        for difference in differences {
            writeln!(failures, "{}: {difference}", case.name)?;
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    Ok(())
}

#[test]
fn every_edition_has_a_case_and_every_case_a_name_of_its_own() -> Result<(), Failure> {
    let book = lawbook()?;
    let file: CaseFile = toml::from_str(CASES)?;
    let law = book.laws.get(&file.jurisdiction).ok_or("no law")?;
    let editions: BTreeSet<&str> = law.editions.iter().map(|edition| edition.id.get_ref().as_str()).collect();
    let covered: BTreeSet<&str> = file.case.iter().map(|case| case.edition.as_str()).collect();
    assert_eq!(editions, covered);
    let names: BTreeSet<&str> = file.case.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), file.case.len());
    Ok(())
}

/// Every clause that reaches some records only must be seen at work in a case, else a slip in its grounds stays unseen.
#[test]
fn every_record_rule_has_a_case() -> Result<(), Failure> {
    let book = lawbook()?;
    let file: CaseFile = toml::from_str(CASES)?;
    let law = book.laws.get(&file.jurisdiction).ok_or("no law")?;
    let mut clauses = BTreeSet::new();
    for edition in &law.editions {
        let rules = edition.withholdings.iter().filter(|clause| clause.records.is_some());
        clauses.extend(rules.map(|clause| format!("{}/{}", edition.id.get_ref(), clause.id.get_ref())));
    }
    let seen: BTreeSet<String> = file.case.iter().flat_map(|case| case.records_out.iter().cloned()).collect();
    let unseen: Vec<_> = clauses.difference(&seen).collect();
    assert!(unseen.is_empty(), "no case for {unseen:?}");
    Ok(())
}

#[test]
fn the_laws_have_no_gap_and_no_weak_reading_without_review() -> Result<(), Failure> {
    for law in lawbook()?.laws.values() {
        let warnings: Vec<_> = law.lint().into_iter().filter(|finding| finding.severity == Severity::Warning).collect();
        assert!(warnings.is_empty(), "{}: {warnings:?}", law.code);
        assert!(law.editions.iter().all(|edition| edition.clock.is_some()), "{}: an edition without clock", law.code);
    }
    Ok(())
}

/// What a state closes must stay closed: federal law opens inspection at most.
#[test]
fn the_federal_overlay_opens_no_copy() -> Result<(), Failure> {
    let book = lawbook()?;
    let overlay = book.laws.get(&Jurisdiction::FEDERAL).ok_or("no overlay")?;
    for edition in &overlay.editions {
        for route in &edition.routes {
            assert_ne!(route.mode, Mode::Copy, "{}/{}", edition.id.get_ref(), route.id.get_ref());
        }
    }
    Ok(())
}

fn letter() -> Result<Request, Failure> {
    Ok(Request::parse("letter.toml", LETTER)?)
}

#[test]
fn the_letter_is_well_formed() -> Result<(), Failure> {
    let letter = letter()?;
    assert_eq!(letter.check("2017-06-30".parse()?), []);
    assert_eq!((letter.ask.len(), letter.fields().len(), letter.questions.len()), (13, 15, 7));
    assert_eq!(letter.accepted_class(), RequesterClass::FederalCommission);
    Ok(())
}

/// Field, form, first reason and where it stands; then the record rules, the duties and the days.
fn answer(as_of: &str) -> Result<String, Failure> {
    let decision = lawbook()?.decide(&letter()?, utah()?, as_of.parse()?, &Choice::default())?;
    let mut table = format!("{:?}, complete as asked: {}\n\n", decision.outcome, decision.complete_as_asked);
    for disposition in &decision.dispositions {
        let reason = disposition.because.first().ok_or("a disposition without reason")?;
        let cite = reason.authority.as_ref().map_or("-", |authority| authority.cite.as_str());
        let (field, form, says) = (disposition.field, form_word(&disposition.form), &reason.says);
        writeln!(table, "{field:<26} {form:<10} {:?}: {says} [{cite}]", reason.effect)?;
    }
    table.push('\n');
    for rule in &decision.record_rules {
        writeln!(table, "records {}: {} [{}]", rule.records.in_words(), rule.says, rule.authority.cite)?;
    }
    for duty in &decision.duties {
        writeln!(table, "duty {}", duty.promise)?;
    }
    for missing in &decision.missing {
        writeln!(table, "missing: {} [{}]", missing.item.label(), missing.cite)?;
    }
    for limit in &decision.time_limits {
        let on = limit.deadline.due().ok_or("a limit without a date")?.on;
        writeln!(table, "{}: {on} [{}]", limit.kind.label(), limit.cite)?;
    }
    Ok(table)
}

#[test]
fn the_letter_under_the_law_of_30_june_2017() -> Result<(), Failure> {
    insta::assert_snapshot!(answer("2017-06-30")?);
    Ok(())
}

#[test]
fn the_letter_under_the_law_of_1_june_2026() -> Result<(), Failure> {
    insta::assert_snapshot!(answer("2026-06-01")?);
    Ok(())
}
