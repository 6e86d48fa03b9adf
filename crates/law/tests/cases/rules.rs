//! Rules for every law file and its cases.

use std::collections::BTreeSet;
use std::fmt::Write;

use law::{Law, Mode, Severity};
use terms::Jurisdiction;

use crate::case::CaseFile;
use crate::{BOOK, Failure, data_files};

fn case_files() -> Result<Vec<CaseFile>, Failure> {
    data_files("laws/cases")?.iter().map(|(_, text)| Ok(toml::from_str(text)?)).collect()
}

#[test]
fn every_case_comes_out_as_it_says() -> Result<(), Failure> {
    let mut failures = String::new();
    for file in case_files()? {
        for case in &file.case {
            let differences = match case.decide(&BOOK, file.jurisdiction) {
                Ok(decision) => case.differences(&decision),
                Err(error) => vec![error.to_string()],
            };
            for difference in differences {
                writeln!(failures, "{}: {}: {difference}", file.jurisdiction, case.name)?;
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    Ok(())
}

/// Every law but the overlay has cases, at least eight, each edition among them, each with a name of its own.
#[test]
fn every_edition_has_a_case_and_every_case_a_name_of_its_own() -> Result<(), Failure> {
    let files = case_files()?;
    for law in BOOK.laws.values().filter(|law| law.code != Jurisdiction::FEDERAL) {
        let file = files.iter().find(|file| file.jurisdiction == law.code);
        let cases = file.map(|file| file.case.as_slice()).unwrap_or_default();
        assert!(cases.len() >= 8, "{}: {} cases", law.code, cases.len());
        let editions: BTreeSet<&str> = law.editions.iter().map(|edition| edition.id.get_ref().as_str()).collect();
        let covered: BTreeSet<&str> = cases.iter().map(|case| case.edition.as_str()).collect();
        assert_eq!(editions, covered, "{}", law.code);
        let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), cases.len(), "{}: a name stands twice", law.code);
    }
    Ok(())
}

/// Every clause that reaches some records only must be seen at work in a case, else a slip in its grounds stays unseen.
#[test]
fn every_record_rule_has_a_case() -> Result<(), Failure> {
    let files = case_files()?;
    let mut unseen = Vec::new();
    for law in BOOK.laws.values().filter(|law| law.code != Jurisdiction::FEDERAL) {
        let cases = files.iter().filter(|file| file.jurisdiction == law.code).flat_map(|file| &file.case);
        let seen: BTreeSet<&str> = cases.flat_map(|case| case.records_out.iter().map(String::as_str)).collect();
        for edition in &law.editions {
            let rules = edition.withholdings.iter().filter(|clause| clause.records.is_some());
            let rules = rules.map(|clause| format!("{}/{}", edition.id.get_ref(), clause.id.get_ref()));
            unseen.extend(rules.filter(|rule| !seen.contains(rule.as_str())));
        }
    }
    assert!(unseen.is_empty(), "no case for {unseen:?}");
    Ok(())
}

#[test]
fn the_laws_have_no_gap_and_no_weak_reading_without_review() {
    for law in BOOK.laws.values() {
        let findings = law.lint(law.reviewed).into_iter();
        let warnings: Vec<_> = findings.filter(|finding| finding.severity == Severity::Warning).collect();
        assert!(warnings.is_empty(), "{}: {warnings:?}", law.code);
    }
}

/// A reading that waits for a review must be looked at again within a year.
#[test]
fn a_review_expires_after_a_year() -> Result<(), Failure> {
    let expired = |law: &Law, day| law.lint(day).iter().any(|finding| finding.message.contains("review has expired"));
    let utah = BOOK.laws.get(&"UT".parse()?).ok_or("no law of Utah")?;
    let year = jiff::Span::new().years(1);
    assert!(!expired(utah, utah.reviewed.checked_add(year)?));
    assert!(expired(utah, utah.reviewed.checked_add(year.days(1))?));
    Ok(())
}

/// What a state closes must stay closed: federal law opens inspection at most, with photocopies at the office of what is
/// inspected, and never a file.
#[test]
fn the_federal_overlay_opens_no_copy() -> Result<(), Failure> {
    let overlay = BOOK.laws.get(&Jurisdiction::FEDERAL).ok_or("no overlay")?;
    for edition in &overlay.editions {
        for route in &edition.routes {
            assert_ne!(route.mode, Mode::Copy, "{}/{}", edition.id.get_ref(), route.id.get_ref());
        }
    }
    Ok(())
}
