//! Channels that a law leaves open by its own words: shown to the officer before signing, with the legal reason.

use law::Decision;
use serde::{Deserialize, Serialize};
use terms::{Field, Form};

/// A channel that the law leaves open, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The channel's id, such as `C03`.
    pub channel: String,
    /// What can be inferred, and why it stays open.
    pub text: String,
}

/// The open channels of a decision.
pub(crate) fn warnings(decision: &Decision) -> Vec<Warning> {
    let form = |field: Field| {
        decision.dispositions.iter().find(|disposition| disposition.field == field).map(|disposition| &disposition.form)
    };
    let released = |field| form(field).is_some_and(|form| *form != Form::Withheld);
    let not_released = |field| !released(field);
    let whole_records = decision.record_rules.iter().any(|rule| rule.fields.is_none());
    let mut warnings = Vec::new();
    let mut warn = |channel: &str, text: &str| {
        warnings.push(Warning { channel: channel.to_owned(), text: text.to_owned() });
    };
    if released(Field::MailingAddress) && (not_released(Field::Military) || not_released(Field::Overseas)) {
        warn(
            "C03",
            "An APO, FPO, DPO or foreign mailing address tells a military or overseas voter. The law opens the mailing \
             address by name for every record that is released, so it is given for all of them alike.",
        );
    }
    if whole_records && released(Field::ResidentialAddress) {
        warn(
            "C09",
            "A registrant who lives with a protected one and is not protected stays in the list with the shared \
             address. The law protects household members only on their own ground.",
        );
    }
    if whole_records && released(Field::County) {
        warn(
            "C25",
            "Registration totals published by county count protected registrants as well; compare them with the counts \
             of this list before signing where a difference of 1 to 10 could point to a person.",
        );
    }
    if whole_records {
        warn("C34", "Whoever holds another list of the same day under another class can compare the two.");
        warn(
            "C35",
            "Whoever holds an earlier list can see who is missing from this one. A registrant who has become protected \
             should be told what has left before, and to whom.",
        );
    }
    warnings
}
