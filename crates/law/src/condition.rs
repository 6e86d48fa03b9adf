//! Conditions on a record, as a small table over a closed vocabulary.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Date, Ground, Status};

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
    /// The registrant is younger than this, in completed years; a missing birth date does not count as young.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_age: Option<u8>,
    /// The registration has one of these statuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<Status>,
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
            parts.push(format!("with this protection on file: {}{since}{lapse}", grounds.join("; or ")));
        }
        if let Some(age) = self.under_age {
            parts.push(format!("who are under {age} years of age"));
        }
        if !self.status.is_empty() {
            let statuses: Vec<&str> = self.status.iter().map(|status| status.label()).collect();
            parts.push(format!("whose registration is {}", statuses.join(" or ")));
        }
        parts.join(", and ")
    }
}
