//! The withholding index: what was withheld or reduced, by which clause, and why.

use law::{Decision, Disposition, Reason, RecordRule};
use terms::Form;

/// Name of the index in a release.
pub const INDEX_FILE: &str = "withholding-index.csv";

/// The index as CSV: one line per withheld or reduced field and reason, one per record rule.
///
/// How many records a rule covers is not in it, since the number itself tells (channel C24); it is written whether or
/// not any record is covered.
///
/// # Errors
///
/// Only when the CSV writer fails, which writing to memory does not.
pub fn withholding_index(decision: &Decision) -> Result<Vec<u8>, csv::Error> {
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    csv.write_record(["covers", "name", "given", "clause", "citation", "basis", "confidence", "reason", "source"])?;
    for disposition in decision.dispositions.iter().filter(|disposition| disposition.form != Form::Full) {
        for reason in &disposition.because {
            csv.write_record(field_line(disposition, reason))?;
        }
    }
    for rule in &decision.record_rules {
        csv.write_record(rule_line(rule))?;
    }
    csv.into_inner().map_err(|error| error.into_error().into())
}

fn field_line(disposition: &Disposition, reason: &Reason) -> [String; 9] {
    let authority = reason.authority.as_ref();
    [
        "field".to_owned(),
        disposition.field.to_string(),
        disposition.form.label(),
        reason.clause.clone().unwrap_or_default(),
        authority.map(|authority| authority.cite.clone()).unwrap_or_default(),
        authority.map(|authority| authority.basis.to_string()).unwrap_or_default(),
        authority.map(|authority| authority.confidence.to_string()).unwrap_or_default(),
        reason.says.clone(),
        authority.map(|authority| authority.source.clone()).unwrap_or_default(),
    ]
}

fn rule_line(rule: &RecordRule) -> [String; 9] {
    let covers = match &rule.fields {
        None => "records".to_owned(),
        Some(fields) => {
            let names: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
            format!("of some records: {}", names.join(", "))
        }
    };
    [
        covers,
        rule.records.in_words(),
        rule.cap.label(),
        rule.clause.clone(),
        rule.authority.cite.clone(),
        rule.authority.basis.to_string(),
        rule.authority.confidence.to_string(),
        rule.says.clone(),
        rule.authority.source.clone(),
    ]
}
