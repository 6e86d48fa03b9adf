//! Days as numbers, so that dates are drawn, compared and written without calendar arithmetic per cell.

use roll::layout::DateForm;
use terms::Date;

/// The years that a roll can speak of: the oldest registrant is 104 at the earliest as-of date, and a protection may
/// begin in the year of the newest law.
const YEARS: std::ops::Range<i16> = 1895..2031;

/// A day, counted from the first day of the [`Calendar`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Day(pub(crate) u32);

/// Every day of the years that a roll can speak of.
#[derive(Debug)]
pub(crate) struct Calendar {
    dates: Vec<Date>,
}

impl Calendar {
    /// Lists the days.
    pub(crate) fn new() -> Self {
        let first = Date::new(YEARS.start, 1, 1).ok();
        let days = std::iter::successors(first, |date| date.tomorrow().ok());
        Self { dates: days.take_while(|date| date.year() < YEARS.end).collect() }
    }

    /// The day of a date; a date outside the years falls on the nearest day.
    pub(crate) fn day(&self, date: Date) -> Day {
        let days = self.dates.first().map_or(0, |first| date.duration_since(*first).as_hours() / 24);
        Day(u32::try_from(days).unwrap_or(0)).min(self.last())
    }

    /// The date of a day.
    pub(crate) fn date(&self, day: Day) -> Date {
        usize::try_from(day.0).ok().and_then(|index| self.dates.get(index)).copied().unwrap_or(Date::MAX)
    }

    /// The same day of the month some years later; 29 February becomes 28 February in a common year.
    pub(crate) fn after_years(&self, day: Day, years: i16) -> Day {
        let date = self.date(day);
        let year = date.year().saturating_add(years);
        let same = Date::new(year, date.month(), date.day());
        self.day(same.or_else(|_| Date::new(year, date.month(), 28)).unwrap_or(date))
    }

    fn last(&self) -> Day {
        Day(u32::try_from(self.dates.len().saturating_sub(1)).unwrap_or(u32::MAX))
    }
}

/// Every day of a [`Calendar`] in one written form.
#[derive(Debug)]
pub(crate) struct DayTexts {
    text: String,
    ends: Vec<usize>,
}

impl DayTexts {
    /// Writes all days once.
    pub(crate) fn new(calendar: &Calendar, form: &DateForm) -> Self {
        let mut text = String::with_capacity(calendar.dates.len() * 10);
        let mut ends = vec![0];
        for date in &calendar.dates {
            // Writing into a string does not fail.
            let _ = form.write(*date, &mut text);
            ends.push(text.len());
        }
        Self { text, ends }
    }

    /// The text of a day.
    pub(crate) fn get(&self, day: Day) -> &str {
        let at = |index: u32| self.ends.get(usize::try_from(index).ok()?).copied();
        at(day.0).zip(at(day.0 + 1)).and_then(|(from, to)| self.text.get(from..to)).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        let calendar = Calendar::new();
        for (year, month, day) in [(1895, 1, 1), (1900, 2, 28), (2000, 2, 29), (2017, 6, 30), (2030, 12, 31)] {
            let date = Date::new(year, month, day).unwrap();
            assert_eq!(calendar.date(calendar.day(date)), date);
        }
        assert_eq!(calendar.day(Date::new(1800, 1, 1).unwrap()), Day(0));
        assert_eq!(calendar.day(Date::new(2100, 1, 1).unwrap()), calendar.last());
    }

    #[test]
    fn an_anniversary_of_a_leap_day_is_in_february() {
        let calendar = Calendar::new();
        let leap = calendar.day(Date::new(1996, 2, 29).unwrap());
        assert_eq!(calendar.date(calendar.after_years(leap, 18)), Date::new(2014, 2, 28).unwrap());
        assert_eq!(calendar.date(calendar.after_years(leap, 20)), Date::new(2016, 2, 29).unwrap());
    }

    #[test]
    fn texts_follow_the_form() {
        let calendar = Calendar::new();
        let texts = DayTexts::new(&calendar, &"M/D/YYYY".parse().unwrap());
        assert_eq!(texts.get(calendar.day(Date::new(2016, 11, 8).unwrap())), "11/8/2016");
        assert_eq!(texts.get(Day(0)), "1/1/1895");
    }
}
