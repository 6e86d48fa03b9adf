//! Why a request cannot be decided.

use terms::{Date, Field, Jurisdiction};

use crate::clock::ClockError;

/// Why a request cannot be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum DecideError {
    /// No law file for the jurisdiction.
    #[error("no law is stored for {0}")]
    #[diagnostic(help("`openroll law show` lists the jurisdictions whose law is stored"))]
    NoLaw(Jurisdiction),
    /// No edition covers the day.
    #[error("no edition of the law of {jurisdiction} is stored for {day}{}", first_day(.earliest))]
    #[diagnostic(help("decide as of a day that an edition covers, or add the edition to the law file"))]
    NoEdition {
        /// Whose law.
        jurisdiction: Jurisdiction,
        /// The day asked for.
        day: Date,
        /// First day of the earliest stored edition.
        earliest: Option<Date>,
    },
    /// The custodian's choice names a clause that is not under review.
    #[error("`{0}` is not a clause under review in the editions applied")]
    #[diagnostic(help("confirm a clause as `edition/clause`; `openroll law show` marks those under review"))]
    NotUnderReview(String),
    /// The custodian's choice withholds what a clause guarantees.
    #[error("the {} cannot be withheld by choice: `{clause}` guarantees it", .field.label())]
    #[diagnostic(help("take `{field}` out of the choice's `withhold`"))]
    Guaranteed {
        /// The field.
        field: Field,
        /// The clause, as `edition/clause`.
        clause: String,
    },
    /// The edition names a calendar that is not stored.
    #[error("the calendar `{0}` is not stored")]
    #[diagnostic(help("add the calendar file, or mend `clock.calendar` in the law file"))]
    NoCalendar(String),
    /// A time limit cannot be counted.
    #[error("a time limit of edition `{edition}` cannot be counted")]
    Clock {
        /// The edition.
        edition: String,
        /// Why.
        #[source]
        why: ClockError,
    },
}

fn first_day(earliest: &Option<Date>) -> String {
    earliest.map(|day| format!("; the earliest begins on {day}")).unwrap_or_default()
}
