//! One limit: how long, from what, and where that stands.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Citation, Confidence};

use super::error::LimitError;

/// A time limit of the law.
///
/// In TOML: `{ days = 10, unit = "business", cite = "…", source = "…" }`; calendar days say what happens when the last
/// one is no business day (`roll = "next_business_day"` or `"none"`); a limit without a number gives the law's own
/// words (`wording = "promptly"`) in place of `days` and `unit`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "LimitEntry", into = "LimitEntry")]
pub struct Limit {
    /// How long.
    pub length: Length,
    /// What starts the count.
    pub from: Origin,
    /// Where the limit stands.
    pub citation: Citation,
    /// How sure the reading is, when the file says so.
    pub confidence: Option<Confidence>,
    /// What is not settled about the limit.
    pub review: Option<String>,
}

/// The length of a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Length {
    /// Days that are neither weekend days nor legal holidays.
    Business {
        /// At least 1.
        days: u16,
    },
    /// Every day counts.
    Calendar {
        /// At least 1.
        days: u16,
        /// What happens when the last day is no business day.
        roll: Roll,
    },
    /// The law gives no number; no date may be derived.
    NotFixed {
        /// The law's own words, such as `promptly`.
        wording: String,
    },
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Business { days: 1 } => f.write_str("1 business day"),
            Self::Business { days } => write!(f, "{days} business days"),
            Self::Calendar { days: 1, .. } => f.write_str("1 calendar day"),
            Self::Calendar { days, .. } => write!(f, "{days} calendar days"),
            Self::NotFixed { wording } => f.write_str(wording),
        }
    }
}

/// Which days a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Neither weekend days nor legal holidays.
    Business,
    /// Every day.
    Calendar,
}

/// What happens when the last calendar day is no business day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Roll {
    /// The limit ends on the next business day.
    NextBusinessDay,
    /// The limit ends on that day all the same.
    None,
}

/// What starts the count of a limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The request is received.
    #[default]
    Receipt,
    /// The requester is told, or silence counts as a denial.
    Notice,
    /// The appeal is received.
    Appeal,
    /// The limit that is extended runs out.
    Limit,
}

/// The keys of a limit as they stand in a law file.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Unit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roll: Option<Roll>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wording: Option<String>,
    #[serde(default)]
    from: Origin,
    cite: String,
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<String>,
}

impl TryFrom<LimitEntry> for Limit {
    type Error = LimitError;

    fn try_from(entry: LimitEntry) -> Result<Self, Self::Error> {
        let length = match (entry.days, entry.unit, entry.roll, entry.wording) {
            (Some(0), ..) => return Err(LimitError::NoDays),
            (Some(days), Some(Unit::Business), None, None) => Length::Business { days },
            (Some(_), Some(Unit::Business), Some(_), None) => return Err(LimitError::RollOfBusinessDays),
            (Some(days), Some(Unit::Calendar), Some(roll), None) => Length::Calendar { days, roll },
            (Some(_), Some(Unit::Calendar), None, None) => return Err(LimitError::RollMissing),
            (None, None, None, Some(wording)) => Length::NotFixed { wording },
            _ => return Err(LimitError::Shape),
        };
        let citation = Citation { cite: entry.cite, source: entry.source };
        let (confidence, review) = (entry.confidence, entry.review);
        Ok(Self { length, from: entry.from, citation, confidence, review })
    }
}

impl From<Limit> for LimitEntry {
    fn from(limit: Limit) -> Self {
        let (days, unit, roll, wording) = match limit.length {
            Length::Business { days } => (Some(days), Some(Unit::Business), None, None),
            Length::Calendar { days, roll } => (Some(days), Some(Unit::Calendar), Some(roll), None),
            Length::NotFixed { wording } => (None, None, None, Some(wording)),
        };
        let Citation { cite, source } = limit.citation;
        let (confidence, review) = (limit.confidence, limit.review);
        Self { days, unit, roll, wording, from: limit.from, cite, source, confidence, review }
    }
}
