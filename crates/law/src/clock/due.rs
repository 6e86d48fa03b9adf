//! A due date and the days that lead to it.

use std::fmt::Write as _;
use std::mem;

use serde::{Deserialize, Serialize};
use terms::{Citation, Date};

use super::limit::{Length, Limit};
use crate::calendar::HolidayOn;

/// What a limit comes to for one start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deadline {
    /// A date.
    Due(Due),
    /// The law gives no number of days, so there is no date.
    NoFixedLimit {
        /// The law's own words, such as `promptly`.
        wording: String,
        /// Where they stand.
        citation: Citation,
    },
}

impl Deadline {
    /// The due date with its days, where there is one.
    pub const fn due(&self) -> Option<&Due> {
        match self {
            Self::Due(due) => Some(due),
            Self::NoFixedLimit { .. } => None,
        }
    }

    pub(super) fn no_fixed_limit(limit: &Limit) -> Self {
        let wording = match &limit.length {
            Length::NotFixed { wording } => wording.clone(),
            fixed @ (Length::Business { .. } | Length::Calendar { .. }) => fixed.to_string(),
        };
        Self::NoFixedLimit { wording, citation: limit.citation.clone() }
    }
}

/// A due date and why it is that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day.
    pub on: Date,
    /// Every day from the start to the last one, in order.
    pub days: Vec<CountedDay>,
    /// Where the rules applied stand, in the order of their use.
    pub citations: Vec<Citation>,
    /// What is not settled and could move the date.
    pub review: Vec<String>,
}

/// A day that was walked, and what it meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    /// The day.
    pub date: Date,
    /// What it meant for the count.
    #[serde(flatten)]
    pub role: Role,
    /// Why it is no business day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
}

/// What a day meant for the count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Role {
    /// Arrived outside office hours; received later.
    Arrived,
    /// Day 0.
    Start,
    /// Counted towards the limit.
    Counted {
        /// 1 for the first day counted.
        day: u16,
    },
    /// Counted towards the extension of the limit.
    Extended {
        /// 1 for the first day counted.
        day: u16,
    },
    /// Passed over: a weekend day or a holiday.
    NotCounted,
    /// Passed over: the clock stood.
    Paused,
    /// The business day on which a limit ends that ran out on a weekend day or a holiday.
    Rolled,
}

/// Why a day is no business day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// A weekend day.
    Weekend,
    /// A legal holiday.
    Holiday {
        /// The name as the law gives it.
        name: String,
        /// Where it stands.
        cite: String,
        /// Whether it was moved to this day.
        is_moved: bool,
    },
}

impl Closed {
    pub(super) fn holiday(holiday: &HolidayOn<'_>) -> Self {
        let (name, cite) = (holiday.name.to_owned(), holiday.citation.cite.clone());
        Self::Holiday { name, cite, is_moved: holiday.is_moved }
    }
}

/// The most days the one-line form lists in full; above it, runs of like days are shortened.
const SHORT_DAYS_MAX: usize = 14;

/// The fewest like days in a row that the one-line form shortens.
const RUN_DAYS_MIN: usize = 4;

impl Due {
    /// The count with one line per day and a last line for the due date; no line break at the end.
    pub fn explain(&self) -> String {
        let mut text = String::new();
        for day in &self.days {
            text.push_str(&day.line());
            text.push('\n');
        }
        // Writing into a string cannot fail.
        let _ = write!(text, "due {}", self.on.strftime("%A, %-d %B %Y"));
        for note in &self.review {
            let _ = write!(text, "\nnot settled: {note}");
        }
        text
    }

    /// The count on one line, without plain weekend days, such as
    /// `Mon 3 Jul (0) · Tue 4 Independence Day · Wed 5 (1)`. The month stands where it changes, the year where the
    /// count crosses one. In a long count the middle of each run of like days is left out.
    pub fn explain_short(&self) -> String {
        let shown: Vec<&CountedDay> = self.days.iter().filter(|day| !day.is_plain_weekend()).collect();
        let crosses_year = shown.first().is_some_and(|first| first.date.year() != self.on.year());
        let shortens = shown.len() > SHORT_DAYS_MAX;
        let mut parts = Vec::new();
        let mut before: Option<Date> = None;
        for run in shown.chunk_by(|a, b| a.is_alike(b)) {
            let is_long = shortens && run.len() >= RUN_DAYS_MIN;
            for (index, day) in run.iter().enumerate() {
                if is_long && index > 0 && index + 1 < run.len() {
                    if index == 1 {
                        parts.push("…".to_owned());
                    }
                    continue;
                }
                parts.push(day.short(before, crosses_year));
                before = Some(day.date);
            }
        }
        parts.join(" · ")
    }
}

impl CountedDay {
    /// Whether both days mean the same for the count and neither is a holiday to name.
    fn is_alike(&self, other: &Self) -> bool {
        let is_holiday = |day: &Self| matches!(day.closed, Some(Closed::Holiday { .. }));
        mem::discriminant(&self.role) == mem::discriminant(&other.role) && !is_holiday(self) && !is_holiday(other)
    }

    fn is_plain_weekend(&self) -> bool {
        self.role == Role::NotCounted && self.closed == Some(Closed::Weekend)
    }

    fn line(&self) -> String {
        let role = match self.role {
            Role::Arrived => "arrived outside office hours".to_owned(),
            Role::Start => "day 0".to_owned(),
            Role::Counted { day } => format!("day {day}"),
            Role::Extended { day } => format!("day {day} of the extension"),
            Role::NotCounted => "not counted".to_owned(),
            Role::Paused => "clock stopped".to_owned(),
            Role::Rolled => "next business day".to_owned(),
        };
        let closed = match &self.closed {
            None => String::new(),
            Some(Closed::Weekend) => ", weekend".to_owned(),
            Some(Closed::Holiday { name, cite, is_moved: false }) => format!(", {name} ({cite})"),
            Some(Closed::Holiday { name, cite, is_moved: true }) => format!(", {name} observed ({cite})"),
        };
        format!("{} {role}{closed}", self.date.strftime("%a %Y-%m-%d"))
    }

    fn short(&self, before: Option<Date>, crosses_year: bool) -> String {
        let is_new_year = before.is_none_or(|before| before.year() != self.date.year());
        let is_new_month = is_new_year || before.is_none_or(|before| before.month() != self.date.month());
        let format = match (is_new_month, is_new_year && crosses_year) {
            (_, true) => "%a %-d %b %Y",
            (true, false) => "%a %-d %b",
            (false, false) => "%a %-d",
        };
        let mut text = self.date.strftime(format).to_string();
        text.push_str(&match self.role {
            Role::Arrived => " arrived late".to_owned(),
            Role::Start => " (0)".to_owned(),
            Role::Counted { day } => format!(" ({day})"),
            Role::Extended { day } => format!(" (+{day})"),
            Role::NotCounted => String::new(),
            Role::Paused => " stopped".to_owned(),
            Role::Rolled => " next business day".to_owned(),
        });
        match &self.closed {
            Some(Closed::Holiday { name, is_moved: false, .. }) => text.push_str(&format!(" {name}")),
            Some(Closed::Holiday { name, is_moved: true, .. }) => text.push_str(&format!(" {name} observed")),
            Some(Closed::Weekend) | None => {}
        }
        text
    }
}
