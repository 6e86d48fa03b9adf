//! The letter of 28 June 2017 under the law of Utah.

use std::fmt::Write;

use law::{Choice, Request};
use terms::RequesterClass;

use crate::case::form_word;
use crate::{BOOK, Failure};

const LETTER: &str = include_str!("../../../../inquiries/2017-commission/letter.toml");

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
    let decision = BOOK.decide(&letter()?, "UT".parse()?, as_of.parse()?, &Choice::default())?;
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
