//! Reading a calendar file.

use std::collections::BTreeMap;
use std::sync::Arc;

use miette::NamedSource;
use serde::Deserialize;
use terms::{Citation, Date};
use toml::Spanned;

use super::day_rule::{DayName, DayRule, Observance};
use super::error::{CalendarError, DayRuleError};
use super::{Calendar, Holiday, ProclaimedDay, UnsettledDay, YearlyDay};

/// The longest calendar file: a hundred times the largest one of today.
pub(super) const CALENDAR_BYTES_MAX: usize = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CalendarFile {
    id: String,
    name: String,
    weekend: Vec<DayName>,
    cite: String,
    source: String,
    #[serde(default)]
    holiday: Vec<HolidayEntry>,
    #[serde(default)]
    day: Vec<DayEntry>,
    #[serde(default)]
    unsettled: Vec<UnsettledEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayEntry {
    name: String,
    day: Spanned<RuleEntry>,
    #[serde(default)]
    observed: Option<Spanned<BTreeMap<DayName, i8>>>,
    from: Option<Spanned<DateEntry>>,
    until: Option<Spanned<DateEntry>>,
    cite: String,
    source: String,
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayEntry {
    date: DateEntry,
    name: String,
    cite: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnsettledEntry {
    name: String,
    day: Spanned<RuleEntry>,
    from: Option<Spanned<DateEntry>>,
    until: Option<Spanned<DateEntry>>,
    review: String,
    cite: String,
    source: String,
}

/// A date that keeps its place in the file.
#[derive(Deserialize)]
#[serde(transparent)]
struct DateEntry(#[serde(deserialize_with = "crate::dates::required")] Date);

/// One of `{ month, day }`, `{ month, nth, weekday }`, `{ month, last }`, `{ easter }`.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    month: Option<i8>,
    day: Option<i8>,
    nth: Option<i8>,
    weekday: Option<DayName>,
    last: Option<DayName>,
    easter: Option<i8>,
}

/// A fault and the bytes of the file at which it stands.
type Placed<T> = Result<T, (DayRuleError, std::ops::Range<usize>)>;

impl Calendar {
    /// Reads a calendar.
    ///
    /// * `file`: the name to show in errors.
    /// * `text`: TOML, at most 1 MiB.
    /// * Errors: [`CalendarError`] with the place in the file and the remedy.
    pub fn parse(file: &str, text: &str) -> Result<Self, CalendarError> {
        if text.len() > CALENDAR_BYTES_MAX {
            let (file, bytes) = (file.to_owned(), text.len());
            return Err(CalendarError::TooLarge { file, bytes, bytes_max: CALENDAR_BYTES_MAX });
        }
        let entries: CalendarFile = toml::from_str(text).map_err(|error| unreadable(file, text, &error))?;
        let placed = |holiday: &str, (problem, at): (DayRuleError, std::ops::Range<usize>)| CalendarError::DayRule {
            file: file.to_owned(),
            holiday: holiday.to_owned(),
            problem,
            text: source(file, text),
            help: problem.help(),
            at: at.into(),
        };
        let holidays = entries.holiday.into_iter().map(|entry| {
            let name = entry.name.clone();
            entry.check().map_err(|fault| placed(&name, fault))
        });
        let unsettled = entries.unsettled.into_iter().map(|entry| {
            let name = entry.name.clone();
            entry.check().map_err(|fault| placed(&name, fault))
        });
        Ok(Self {
            id: entries.id,
            name: entries.name,
            citation: Citation { cite: entries.cite, source: entries.source },
            weekend: entries.weekend,
            holidays: holidays.collect::<Result<_, _>>()?,
            days: entries.day.into_iter().map(DayEntry::into_day).collect(),
            unsettled: unsettled.collect::<Result<_, _>>()?,
        })
    }
}

impl HolidayEntry {
    fn check(self) -> Placed<Holiday> {
        Ok(Holiday {
            yearly: YearlyDay {
                rule: check_rule(&self.day)?,
                observance: self.observed.as_ref().map(check_observance).transpose()?.unwrap_or_default(),
                from: self.from.as_ref().map(|from| from.get_ref().0),
                until: check_until(self.from.as_ref(), self.until.as_ref())?,
            },
            name: self.name,
            citation: Citation { cite: self.cite, source: self.source },
            note: self.note,
        })
    }
}

impl DayEntry {
    fn into_day(self) -> ProclaimedDay {
        let citation = Citation { cite: self.cite, source: self.source };
        ProclaimedDay { date: self.date.0, name: self.name, citation }
    }
}

impl UnsettledEntry {
    fn check(self) -> Placed<UnsettledDay> {
        Ok(UnsettledDay {
            yearly: YearlyDay {
                rule: check_rule(&self.day)?,
                observance: Observance::default(),
                from: self.from.as_ref().map(|from| from.get_ref().0),
                until: check_until(self.from.as_ref(), self.until.as_ref())?,
            },
            name: self.name,
            review: self.review,
            citation: Citation { cite: self.cite, source: self.source },
        })
    }
}

fn check_rule(entry: &Spanned<RuleEntry>) -> Placed<DayRule> {
    let RuleEntry { month, day, nth, weekday, last, easter } = *entry.get_ref();
    let rule = match (month, day, nth, weekday, last, easter) {
        (Some(month), Some(day), None, None, None, None) => fixed(month, day),
        (Some(month), None, Some(nth), Some(weekday), None, None) => {
            if (1..=4).contains(&nth) {
                known_month(month).map(|month| DayRule::Nth { month, nth, weekday })
            } else {
                Err(DayRuleError::Nth(nth))
            }
        }
        (Some(month), None, None, None, Some(weekday), None) => {
            known_month(month).map(|month| DayRule::Last { month, weekday })
        }
        (None, None, None, None, None, Some(days)) if (-60..=60).contains(&days) => Ok(DayRule::Easter { days }),
        (None, None, None, None, None, Some(days)) => Err(DayRuleError::Easter(days)),
        _ => Err(DayRuleError::Shape),
    };
    rule.map_err(|problem| (problem, entry.span()))
}

fn known_month(month: i8) -> Result<i8, DayRuleError> {
    (1..=12).contains(&month).then_some(month).ok_or(DayRuleError::Month(month))
}

fn fixed(month: i8, day: i8) -> Result<DayRule, DayRuleError> {
    known_month(month)?;
    // A leap year has every day that any year has.
    let rule = DayRule::Fixed { month, day };
    rule.in_year(2000).map(|_| rule).ok_or(DayRuleError::Day { month, day })
}

fn check_observance(entry: &Spanned<BTreeMap<DayName, i8>>) -> Placed<Observance> {
    let allowed = -Observance::SHIFT_DAYS_MAX..=Observance::SHIFT_DAYS_MAX;
    match entry.get_ref().values().find(|shift| !allowed.contains(shift)) {
        Some(shift) => Err((DayRuleError::Shift(*shift), entry.span())),
        None => Ok(Observance::new(entry.get_ref().iter().map(|(name, shift)| (*name, *shift)))),
    }
}

fn check_until(from: Option<&Spanned<DateEntry>>, until: Option<&Spanned<DateEntry>>) -> Placed<Option<Date>> {
    match (from, until) {
        (Some(from), Some(until)) if until.get_ref().0 <= from.get_ref().0 => {
            Err((DayRuleError::NeverLaw, until.span()))
        }
        _ => Ok(until.map(|until| until.get_ref().0)),
    }
}

fn source(file: &str, text: &str) -> Arc<NamedSource<String>> {
    Arc::new(NamedSource::new(file, text.to_owned()))
}

/// Turns the reader's error into one with a place and a remedy.
fn unreadable(file: &str, text: &str, error: &toml::de::Error) -> CalendarError {
    let problem = error.message().replace('\n', ", ");
    CalendarError::Unreadable {
        file: file.to_owned(),
        help: remedy(&problem),
        problem,
        text: source(file, text),
        at: error.span().unwrap_or(0..0).into(),
    }
}

/// The nearest known name for an unknown key or word; else where to look.
///
/// The reader's message names the word first and then what it expected, each in backticks.
fn remedy(problem: &str) -> String {
    let mut words = problem.split('`').skip(1).step_by(2);
    let nearest = words.next().filter(|_| problem.starts_with("unknown")).and_then(|word| {
        words
            .map(|known| (strsim::jaro_winkler(word, known), known))
            .filter(|(similarity, _)| *similarity >= 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0))
    });
    match nearest {
        Some((_, known)) => format!("did you mean `{known}`?"),
        None if problem.starts_with("missing field `cite`") || problem.starts_with("missing field `source`") => {
            "every calendar and every day needs `cite`, where the law stands, and `source`, where it was read"
                .to_owned()
        }
        None => "compare with the other files in `calendars/`".to_owned(),
    }
}
