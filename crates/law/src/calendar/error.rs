//! What can be wrong with a calendar file.

use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

/// A calendar file that cannot be used.
#[derive(Debug, Error, Diagnostic)]
#[non_exhaustive]
pub enum CalendarError {
    /// The text is longer than any calendar.
    #[error("calendar `{file}` has {bytes} bytes, more than the {bytes_max} a calendar may have")]
    #[diagnostic(help("check that the file is a calendar"))]
    TooLarge {
        /// The file as the caller named it.
        file: String,
        /// Its length.
        bytes: usize,
        /// The longest allowed.
        bytes_max: usize,
    },
    /// Not TOML, or a key is missing, unknown or of the wrong kind.
    #[error("calendar `{file}` cannot be read: {problem}")]
    Unreadable {
        /// The file as the caller named it.
        file: String,
        /// What the reader found, on one line.
        problem: String,
        /// The remedy.
        #[help]
        help: String,
        /// The whole file.
        #[source_code]
        text: Arc<NamedSource<String>>,
        /// The place in it.
        #[label("here")]
        at: SourceSpan,
    },
    /// A rule that names no day of any year.
    #[error("calendar `{file}`, `{holiday}`: {problem}")]
    DayRule {
        /// The file as the caller named it.
        file: String,
        /// The name of the holiday.
        holiday: String,
        /// What is impossible about the rule.
        problem: DayRuleError,
        /// The whole file.
        #[source_code]
        text: Arc<NamedSource<String>>,
        /// The remedy.
        #[help]
        help: &'static str,
        /// The place in it.
        #[label("this rule")]
        at: SourceSpan,
    },
}

/// Why a day rule, an observance table or its dates are impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DayRuleError {
    /// The keys do not form one of the four kinds of rule.
    #[error("the keys of this rule do not go together")]
    Shape,
    /// No such month.
    #[error("month {0} does not exist")]
    Month(i8),
    /// No such day in that month.
    #[error("month {month} has no day {day}")]
    Day {
        /// The month.
        month: i8,
        /// The impossible day.
        day: i8,
    },
    /// Not every month has so many of a weekday.
    #[error("nth = {0} is not a weekday that every month has")]
    Nth(i8),
    /// So far from Easter that the day could leave its year.
    #[error("easter = {0} is too far from Easter Sunday")]
    Easter(i8),
    /// A shift longer than a week.
    #[error("a shift of {0} days moves the holiday out of its week")]
    Shift(i8),
    /// The rule ends before it begins.
    #[error("the rule is never law: `until` is not after `from`")]
    NeverLaw,
}

impl DayRuleError {
    /// What to write instead.
    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Shape => {
                "write one of: { month, day }, { month, nth, weekday }, { month, last = weekday }, { easter = days }"
            }
            Self::Month(_) => "months run from 1 to 12",
            Self::Day { .. } => "give a day that the month has; 29 February is allowed and falls in leap years only",
            Self::Nth(_) => "nth runs from 1 to 4; write `last = \"mon\"` for the last one of a month",
            Self::Easter(_) => "easter runs from -60 to 60 days",
            Self::Shift(_) => "shifts run from -6 to 6 days",
            Self::NeverLaw => "`from` is the first day of the rule, `until` the first day without it",
        }
    }
}
