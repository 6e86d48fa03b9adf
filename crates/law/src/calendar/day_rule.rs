//! On which day of a year a holiday falls, and where it moves.

use jiff::ToSpan;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};
use terms::Date;

/// A day of the week as it stands in a calendar file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayName {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl DayName {
    /// The weekday that the name stands for.
    pub const fn weekday(self) -> Weekday {
        match self {
            Self::Mon => Weekday::Monday,
            Self::Tue => Weekday::Tuesday,
            Self::Wed => Weekday::Wednesday,
            Self::Thu => Weekday::Thursday,
            Self::Fri => Weekday::Friday,
            Self::Sat => Weekday::Saturday,
            Self::Sun => Weekday::Sunday,
        }
    }
}

/// The day of a year on which a holiday falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRule {
    /// The same day and month each year; 29 February falls in leap years only.
    Fixed {
        /// 1 to 12.
        month: i8,
        /// 1 to the length of the month.
        day: i8,
    },
    /// A weekday counted from the start of a month.
    Nth {
        /// 1 to 12.
        month: i8,
        /// 1 to 4: every month has so many of each weekday.
        nth: i8,
        /// Which weekday is counted.
        weekday: DayName,
    },
    /// The last of a weekday in a month.
    Last {
        /// 1 to 12.
        month: i8,
        /// Which weekday.
        weekday: DayName,
    },
    /// Days after Easter Sunday, Western reckoning; negative before it.
    Easter {
        /// −60 to 60, so that the day stays in its year.
        days: i8,
    },
}

impl DayRule {
    /// The day in `year`, or `None` when that year has no such day.
    pub fn in_year(&self, year: i16) -> Option<Date> {
        match *self {
            Self::Fixed { month, day } => Date::new(year, month, day).ok(),
            Self::Nth { month, nth, weekday } => nth_weekday(year, month, nth, weekday),
            Self::Last { month, weekday } => nth_weekday(year, month, -1, weekday),
            Self::Easter { days } => easter_sunday(year)?.checked_add(i64::from(days).days()).ok(),
        }
    }

    /// Whether the day, moved by less than a month, can lie in `month`.
    pub(super) fn is_near(&self, month: i8) -> bool {
        match *self {
            Self::Fixed { month: own, .. } | Self::Nth { month: own, .. } | Self::Last { month: own, .. } => {
                matches!(own.abs_diff(month), 0 | 1 | 11)
            }
            Self::Easter { .. } => true,
        }
    }
}

/// The `nth` weekday of a month; −1 is the last.
fn nth_weekday(year: i16, month: i8, nth: i8, weekday: DayName) -> Option<Date> {
    Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday.weekday()).ok()
}

/// Easter Sunday of the Gregorian calendar.
///
/// Source: the anonymous Gregorian algorithm (Nature, 20 April 1876; J. Meeus, Astronomical Algorithms, chapter 8).
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let (century, of_century) = (y.div_euclid(100), y.rem_euclid(100));
    let skipped_leap_days = century - century.div_euclid(4) - (8 * century + 13).div_euclid(25);
    let epact = (19 * golden + skipped_leap_days + 15).rem_euclid(30);
    let to_sunday = (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4) - epact - of_century.rem_euclid(4))
        .rem_euclid(7);
    let correction = (golden + 11 * epact + 22 * to_sunday).div_euclid(451);
    let days = epact + to_sunday - 7 * correction;
    // Day 0 of this count is 22 March, the earliest Easter.
    Date::new(year, 3, 22).ok()?.checked_add(i64::from(days).days()).ok()
}

/// To which day a holiday moves: a shift in days for each weekday on which it may fall.
///
/// Weekdays without an entry keep the holiday where it falls. Pure data, so that a rule such as "the Monday before"
/// needs no code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observance(Vec<(DayName, i8)>);

impl Observance {
    /// The largest shift: a holiday moves within a week.
    pub const SHIFT_DAYS_MAX: i8 = 6;

    pub(super) fn new(shifts: impl IntoIterator<Item = (DayName, i8)>) -> Self {
        Self(shifts.into_iter().collect())
    }

    /// The day on which a holiday that falls on `date` is observed; `None` only at the end of the date range.
    pub fn observed(&self, date: Date) -> Option<Date> {
        let shift = self.0.iter().find(|(name, _)| name.weekday() == date.weekday()).map_or(0, |(_, shift)| *shift);
        date.checked_add(i64::from(shift).days()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Dates of Easter from published tables; 1818 and 1943 are the earliest and latest possible days.
    #[test]
    fn easter_falls_on_the_published_days() {
        let published = [
            date(1818, 3, 22),
            date(1943, 4, 25),
            date(2000, 4, 23),
            date(2016, 3, 27),
            date(2024, 3, 31),
            date(2025, 4, 20),
            date(2026, 4, 5),
            date(2027, 3, 28),
            date(2038, 4, 25),
        ];
        for day in published {
            assert_eq!(easter_sunday(day.year()), Some(day));
        }
    }

    #[test]
    fn leap_day_falls_in_leap_years_only() {
        let rule = DayRule::Fixed { month: 2, day: 29 };
        assert_eq!(rule.in_year(2024), Some(date(2024, 2, 29)));
        assert_eq!(rule.in_year(2023), None);
    }
}
