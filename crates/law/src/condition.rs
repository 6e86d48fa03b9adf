//! Conditions on a record, as a small table over a closed vocabulary.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Date, Ground, Status};

use crate::election_day::general_election;

/// Which records a withholding covers. The keys of one table are joined by *and*; several clauses by *or*.
///
/// An officer can read it, a letter can say it ([`Condition::in_words`]), and `release` compiles it to a mask. It is
/// evaluated for the day of the list, with the protection lists that are newest when the release is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The registrant has at least one of these grounds on that day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protection: Vec<Ground>,
    /// The ground has stood since before this day. Only with `protection`.
    #[serde(default, deserialize_with = "crate::dates::optional", skip_serializing_if = "Option::is_none")]
    pub protected_before: Option<Date>,
    /// The ground lapses this many years after it began, unless it has been renewed. Only with `protection`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapses_after_years: Option<u8>,
    /// The ground lapses after so many whole election cycles ([`crate::after_cycles`]), unless it has been renewed. Only
    /// with `protection`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapses_after_cycles: Option<u8>,
    /// Of the fields of the clause only those that the protection list names for the registrant; where it names none, all
    /// of them. Only with grounds that hold by field ([`Ground::is_by_field`]).
    #[serde(default, skip_serializing_if = "is_false")]
    pub only_marked: bool,
    /// The registrant is younger than this, in completed years; a missing birth date does not count as young.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_age: Option<u8>,
    /// The day on which that age is reckoned. Only with `under_age`.
    #[serde(default, skip_serializing_if = "AgeDay::is_of_list")]
    pub under_age_on: AgeDay,
    /// The registration has one of these statuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<Status>,
}

/// The day on which an age is reckoned.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgeDay {
    /// The day of the list.
    #[default]
    List,
    /// From 1 January of a year with a general election until that election, its day; on every other day that of the list.
    GeneralElection,
}

impl AgeDay {
    fn is_of_list(&self) -> bool {
        *self == Self::List
    }

    /// The day, for a list of `list_day`.
    ///
    /// ```
    /// use law::AgeDay::GeneralElection;
    /// let reckoned_on = |list: &str| GeneralElection.for_list(list.parse().unwrap()).to_string();
    /// assert_eq!(reckoned_on("2019-12-31"), "2019-12-31");
    /// assert_eq!(reckoned_on("2020-01-01"), "2020-11-03");
    /// assert_eq!(reckoned_on("2020-11-04"), "2020-11-04");
    /// ```
    pub fn for_list(self, list_day: Date) -> Date {
        match self {
            Self::List => list_day,
            Self::GeneralElection => general_election(list_day.year()).map_or(list_day, |day| day.max(list_day)),
        }
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Condition {
    /// Whether no key is set, so that the condition would cover every record.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The condition in words, to follow "records of registrants".
    ///
    /// ```
    /// use law::Condition;
    /// let condition = Condition { under_age: Some(18), ..Condition::default() };
    /// assert_eq!(condition.in_words(), "who are under 18 years of age");
    /// ```
    pub fn in_words(&self) -> String {
        let mut parts = Vec::new();
        if !self.protection.is_empty() {
            let grounds: Vec<&str> = self.protection.iter().map(|ground| ground.label()).collect();
            let lapse = self.lapses_after_years.map(|years| format!(", for {years} years")).unwrap_or_default();
            let since = self.protected_before.map(|day| format!(", since before {day}")).unwrap_or_default();
            let cycles =
                self.lapses_after_cycles.map(|cycles| format!(", for {cycles} election cycles")).unwrap_or_default();
            let marked = if self.only_marked { ", for the items marked" } else { "" };
            parts
                .push(format!("with this protection on file: {}{since}{lapse}{cycles}{marked}", grounds.join("; or ")));
        }
        if let Some(age) = self.under_age {
            let day = match self.under_age_on {
                AgeDay::List => "",
                AgeDay::GeneralElection => ", and will be on the day of this year's general election, if it lies ahead",
            };
            parts.push(format!("who are under {age} years of age{day}"));
        }
        if !self.status.is_empty() {
            let statuses: Vec<&str> = self.status.iter().map(|status| status.label()).collect();
            parts.push(format!("whose registration is {}", statuses.join(" or ")));
        }
        parts.join(", and ")
    }
}
