//! Business days of a jurisdiction: weekends and legal holidays as dated data with citations.
//!
//! A calendar is a TOML file under `calendars/`. Each holiday says on which day it falls, to which day it moves when
//! it falls on a given weekday, and from when until when that rule was law. Local closures of an office are not legal
//! holidays and have no place here.

mod day_rule;
mod error;
mod file;

use terms::{Citation, Date};

pub use day_rule::{DayName, DayRule, Observance};
pub use error::{CalendarError, DayRuleError};

/// The legal holidays and weekend days of one jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The name that clock rules use, such as `ut`.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Where the list of legal holidays stands.
    pub citation: Citation,
    weekend: Vec<DayName>,
    holidays: Vec<Holiday>,
    days: Vec<ProclaimedDay>,
    unsettled: Vec<UnsettledDay>,
}

/// A legal holiday that returns every year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The name as the law gives it.
    pub name: String,
    /// Where it stands.
    pub citation: Citation,
    /// What a reader of the law should know about it.
    pub note: Option<String>,
    yearly: YearlyDay,
}

/// A single day proclaimed a legal holiday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProclaimedDay {
    /// The day itself.
    pub date: Date,
    /// The name as the proclamation gives it.
    pub name: String,
    /// Where the proclamation stands.
    pub citation: Citation,
}

/// A yearly day of which it is not settled whether it is a legal holiday. It counts as a business day: the earlier
/// due date is in time under either reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsettledDay {
    /// The name of the day.
    pub name: String,
    /// What must be checked, and where.
    pub review: String,
    /// Where the doubt comes from.
    pub citation: Citation,
    yearly: YearlyDay,
}

/// A day of every year while its rule is law.
#[derive(Debug, Clone, PartialEq, Eq)]
struct YearlyDay {
    rule: DayRule,
    observance: Observance,
    /// First day on which the rule is law; compared with the day on which the holiday falls, before any move.
    from: Option<Date>,
    /// First day on which it is no longer law.
    until: Option<Date>,
}

/// A holiday found on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HolidayOn<'a> {
    /// The name as the law gives it.
    pub name: &'a str,
    /// Where it stands.
    pub citation: &'a Citation,
    /// The day on which the holiday falls before it moves off a weekend; it may lie in another year.
    pub falls_on: Date,
    /// Whether the holiday was moved to the date that was asked about.
    pub is_moved: bool,
}

impl Calendar {
    /// The legal holiday observed on `date`: a proclaimed day first, else the first holiday of the file that matches.
    ///
    /// ```
    /// let text = include_str!("../../../calendars/ut.toml");
    /// let utah = law::calendar::Calendar::parse("ut.toml", text)?;
    /// // 1 January 2022 was a Saturday: the holiday of 2022 is observed in 2021.
    /// let holiday = utah.holiday_on(jiff::civil::date(2021, 12, 31)).unwrap();
    /// assert_eq!(holiday.falls_on, jiff::civil::date(2022, 1, 1));
    /// # Ok::<(), law::calendar::CalendarError>(())
    /// ```
    pub fn holiday_on(&self, date: Date) -> Option<HolidayOn<'_>> {
        let proclaimed = self.days.iter().find(|day| day.date == date).map(|day| HolidayOn {
            name: &day.name,
            citation: &day.citation,
            falls_on: date,
            is_moved: false,
        });
        proclaimed.or_else(|| {
            self.holidays.iter().find_map(|holiday| {
                let falls_on = holiday.yearly.origin_of(date)?;
                let (name, citation) = (holiday.name.as_str(), &holiday.citation);
                Some(HolidayOn { name, citation, falls_on, is_moved: falls_on != date })
            })
        })
    }

    /// The yearly holidays of the file, in its order.
    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }

    /// The day observed on `date` of which it is not settled whether it is a legal holiday.
    pub fn unsettled_on(&self, date: Date) -> Option<&UnsettledDay> {
        self.unsettled.iter().find(|day| day.yearly.origin_of(date).is_some())
    }

    /// Whether `date` falls on a weekend day of this jurisdiction.
    pub fn is_weekend(&self, date: Date) -> bool {
        self.weekend.iter().any(|name| name.weekday() == date.weekday())
    }

    /// Whether `date` is neither a weekend day nor a legal holiday.
    pub fn is_business_day(&self, date: Date) -> bool {
        !self.is_weekend(date) && self.holiday_on(date).is_none()
    }
}

impl YearlyDay {
    /// The day on which the holiday falls whose observed day is `date`. It may lie in the year before or after.
    fn origin_of(&self, date: Date) -> Option<Date> {
        // A holiday moves by some days at most: most dates are near none, and only those around New Year meet one of
        // another year.
        if !self.rule.is_near(date.month()) {
            return None;
        }
        let year = date.year();
        let first = if date.month() == 1 { year.checked_sub(1)? } else { year };
        let last = if date.month() == 12 { year.checked_add(1)? } else { year };
        (first..=last)
            .filter_map(|year| self.rule.in_year(year))
            .filter(|falls_on| self.is_law_on(*falls_on))
            .find(|falls_on| self.observance.observed(*falls_on) == Some(date))
    }

    fn is_law_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.until.is_none_or(|until| date < until)
    }
}
