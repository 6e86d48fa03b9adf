//! The calendars against the published days, and against each other.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use law::calendar::Calendar;

use super::cases::{FEDERAL, UTAH, calendar};

/// Every day of the twelve years of the table, with a margin for holidays that move into another year.
fn days() -> impl Iterator<Item = Date> {
    date(2015, 12, 20).series(jiff::ToSpan::days(1)).take_while(|day| *day <= date(2028, 1, 10))
}

fn holidays_on_weekdays(calendar: &Calendar) -> BTreeSet<String> {
    days()
        .filter(|day| !calendar.is_weekend(*day))
        .filter_map(|day| calendar.holiday_on(day).map(|holiday| (day, holiday)))
        .filter(|(_, holiday)| (2016..=2027).contains(&holiday.falls_on.year()))
        .map(|(day, holiday)| format!("{};{};{day}", holiday.falls_on.year(), holiday.name))
        .collect()
}

/// Neither a day too few nor one too many.
#[test]
fn utah_holidays_on_weekdays_are_those_of_the_table() {
    let table = include_str!("../data/clock/utah_holidays.csv").lines().skip(1).map(str::to_owned);
    let table: BTreeSet<String> = table.collect();
    assert_eq!(table.len(), 138);
    let found = holidays_on_weekdays(&calendar("ut"));
    let missing: Vec<_> = table.difference(&found).collect();
    let surplus: Vec<_> = found.difference(&table).collect();
    assert!(missing.is_empty() && surplus.is_empty(), "missing: {missing:#?}, surplus: {surplus:#?}");
}

/// Pioneer Day is Utah's alone; Juneteenth is a Monday in Utah, the day itself or its neighbor in federal law, and a
/// year older there. Nothing else differs.
#[test]
fn utah_and_federal_business_days_differ_where_the_laws_do() {
    let (utah, federal) = (calendar("ut"), calendar("us"));
    let differing = |open: &Calendar, closed: &Calendar| -> Vec<String> {
        let found = days().filter(|day| open.is_business_day(*day) && !closed.is_business_day(*day));
        found.map(|day| day.to_string()).collect()
    };
    let utah_alone = "2016-07-25 2017-07-24 2018-07-24 2019-07-24 2020-07-24 2021-07-23 2022-07-25 2023-07-24 \
        2024-06-17 2024-07-24 2025-06-16 2025-07-24 2026-06-15 2026-07-24 2027-06-21 2027-07-23";
    let federal_alone = "2021-06-18 2024-06-19 2025-06-19 2026-06-19 2027-06-18";
    assert_eq!(differing(&federal, &utah).join(" "), utah_alone);
    assert_eq!(differing(&utah, &federal).join(" "), federal_alone);
}

#[test]
fn local_closures_and_private_holidays_are_business_days_in_utah() {
    let utah = calendar("ut");
    // The day after Thanksgiving, Christmas Eve, 19 June where the holiday is the Monday before.
    for day in [date(2017, 11, 24), date(2024, 12, 24), date(2024, 6, 19)] {
        assert!(utah.is_business_day(day), "{day}");
    }
}

/// Printed as 31 December 2022 in one public list, which would close a Saturday and miss the Friday a year before.
#[test]
fn new_year_on_a_saturday_is_observed_in_the_year_before() {
    for id in ["ut", "us"] {
        let calendar = calendar(id);
        let holiday = calendar.holiday_on(date(2021, 12, 31)).unwrap();
        assert_eq!((holiday.falls_on, holiday.is_moved), (date(2022, 1, 1), true));
        assert_eq!(calendar.holiday_on(date(2022, 12, 31)), None);
        assert_eq!(calendar.holiday_on(date(2022, 1, 1)), None);
    }
}

#[test]
fn names_follow_the_edition_of_the_section() {
    let utah = calendar("ut");
    assert_eq!(utah.holiday_on(date(2026, 2, 16)).unwrap().name, "Washington and Lincoln Day");
    assert_eq!(utah.holiday_on(date(2027, 2, 15)).unwrap().name, "Presidents' Day");
    assert_eq!(utah.holiday_on(date(2025, 4, 20)), None, "Easter Sunday is listed from 7 May 2025");
    assert_eq!(utah.holiday_on(date(2026, 4, 5)).unwrap().name, "Easter Sunday");
}

#[test]
fn good_friday_is_not_settled_from_2027_and_counts() {
    let utah = calendar("ut");
    let (before, after) = (date(2026, 4, 3), date(2027, 3, 26));
    assert_eq!(utah.unsettled_on(before), None);
    assert_eq!(utah.unsettled_on(after).unwrap().name, "Good Friday");
    assert!(utah.is_business_day(after));
}

#[test]
fn a_proclaimed_day_is_a_holiday_of_its_own() {
    let text = format!(
        "{UTAH}\n[[day]]\ndate = 2031-03-12\nname = \"Day of Thanks\"\ncite = \"Proclamation 1\"\nsource = \"example\"\n"
    );
    let utah = Calendar::parse("ut.toml", &text).unwrap();
    let holiday = utah.holiday_on(date(2031, 3, 12)).unwrap();
    assert_eq!((holiday.name, holiday.citation.cite.as_str()), ("Day of Thanks", "Proclamation 1"));
    assert!(!utah.is_business_day(date(2031, 3, 12)));
    assert!(utah.is_business_day(date(2030, 3, 12)));
}

#[test]
fn every_holiday_is_cited() {
    for (id, text) in [("ut", UTAH), ("us", FEDERAL)] {
        let calendar = calendar(id);
        assert_eq!(calendar.holidays().len(), text.matches("[[holiday]]").count());
        for holiday in calendar.holidays() {
            assert!(
                !holiday.citation.cite.is_empty() && holiday.citation.source.starts_with("http"),
                "{}",
                holiday.name
            );
        }
    }
}
