//! What a careful reader would say about a law that parses: gaps, silences and weak readings.

use std::collections::BTreeSet;

use jiff::Span;
use serde::Serialize;
use terms::{Confidence, Date, Field};

use crate::edition::{Edition, Law};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing to mend.
    Note,
    /// Somebody should look at it.
    Warning,
}

/// One finding of [`Law::lint`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The edition or clause, as `edition` or `edition/clause`.
    pub at: String,
    /// What was found.
    pub message: String,
}

/// The data points of the letter of 28 June 2017: an edition that says nothing about one of them leaves the
/// requester with "no basis found", which is right only if the facts were searched.
const LETTER_FIELDS: [Field; 15] = [
    Field::FirstName,
    Field::LastName,
    Field::MiddleName,
    Field::ResidentialAddress,
    Field::MailingAddress,
    Field::DateOfBirth,
    Field::Party,
    Field::SsnLast4,
    Field::VoterHistory,
    Field::StatusActive,
    Field::StatusCancelled,
    Field::Felony,
    Field::OtherStateRegistration,
    Field::Military,
    Field::Overseas,
];

/// LIMIT: legislatures sit every year, so a reading that is not settled is looked at again within one.
const REVIEW_YEARS: i64 = 1;

impl Law {
    /// What a reader would say on `today`, in the order of the editions.
    pub fn lint(&self, today: Date) -> Vec<Finding> {
        let mut findings = Vec::new();
        if self.review_expired(today) {
            let message = format!(
                "the review has expired: it was last read against its sources on {}, and readings of it are not settled",
                self.reviewed
            );
            findings.push(Finding { severity: Severity::Warning, at: self.code.to_string(), message });
        }
        for pair in self.editions.windows(2) {
            let [before, after] = pair else { continue };
            if before.until != Some(after.from) {
                findings.push(Finding {
                    severity: Severity::Warning,
                    at: after.id.get_ref().clone(),
                    message: format!("no edition is in force between `{}` and {}", before.id.get_ref(), after.from),
                });
            }
        }
        for edition in &self.editions {
            lint_clauses(edition, &mut findings);
            lint_fees(edition, &mut findings);
            if self.code != terms::Jurisdiction::FEDERAL && edition.freeze.is_none() {
                lint_edition(edition, &mut findings);
            }
        }
        findings
    }

    /// Whether a clause waits for a review and nobody has looked for longer than [`REVIEW_YEARS`].
    fn review_expired(&self, today: Date) -> bool {
        let waits = |edition: &Edition| {
            let routes = edition.routes.iter().map(|route| &route.review);
            let of_routes = edition.routes.iter().map(|route| route.fee.as_ref());
            let mut fees = of_routes.chain([edition.fee.as_ref()]).flatten();
            routes.chain(edition.withholdings.iter().map(|clause| &clause.review)).any(Option::is_some)
                || fees.any(|fee| fee.review.is_some())
        };
        let last_day = self.reviewed.saturating_add(Span::new().years(REVIEW_YEARS));
        today > last_day && self.editions.iter().any(waits)
    }
}

fn lint_clauses(edition: &Edition, findings: &mut Vec<Finding>) {
    let routes = edition.routes.iter().map(|route| (&route.id, &route.review, route.confidence));
    let withholdings = edition.withholdings.iter().map(|clause| (&clause.id, &clause.review, clause.confidence));
    for (id, review, confidence) in routes.chain(withholdings) {
        let at = format!("{}/{}", edition.id.get_ref(), id.get_ref());
        match review {
            Some(review) => {
                findings.push(Finding { severity: Severity::Note, at, message: format!("under review: {review}") });
            }
            None if confidence == Confidence::Low => {
                let message = "confidence is low and no review is asked for".to_owned();
                findings.push(Finding { severity: Severity::Warning, at, message });
            }
            None => {}
        }
    }
}

/// Fees whose figure is not settled.
fn lint_fees(edition: &Edition, findings: &mut Vec<Finding>) {
    let id = edition.id.get_ref();
    let of_routes = edition.routes.iter().map(|route| (format!("{id}/{}", route.id.get_ref()), route.fee.as_ref()));
    for (at, fee) in of_routes.chain([(id.clone(), edition.fee.as_ref())]) {
        if let Some(review) = fee.and_then(|fee| fee.review.as_ref()) {
            let message = format!("the fee is under review: {review}");
            findings.push(Finding { severity: Severity::Note, at, message });
        }
    }
}

fn lint_edition(edition: &Edition, findings: &mut Vec<Finding>) {
    let given = edition.routes.iter().flat_map(|route| route.gives.iter().map(|grant| grant.field));
    let closed = edition.withholdings.iter().flat_map(|clause| clause.fields.iter().flatten().copied());
    let elsewhere = edition.elsewhere.iter().flat_map(|clause| clause.fields.iter().copied());
    let spoken: BTreeSet<Field> = given.chain(closed).chain(elsewhere).collect();
    let silent: Vec<&str> =
        LETTER_FIELDS.iter().filter(|field| !spoken.contains(field)).map(|field| field.as_str()).collect();
    let mut note = |message| {
        findings.push(Finding { severity: Severity::Note, at: edition.id.get_ref().clone(), message });
    };
    if !silent.is_empty() {
        note(format!("no clause speaks of {}; they are withheld for lack of a basis", silent.join(", ")));
    }
    if edition.clock.is_none() {
        note("no time limit is stored".to_owned());
    }
}
