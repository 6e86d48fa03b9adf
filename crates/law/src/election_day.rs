//! General elections, and what runs from one to the next.

use terms::Date;

/// The day of the general election of a year: the Tuesday after the first Monday of November of an even year; none in an
/// odd one (2 U.S.C. §§ 1, 7).
///
/// ```
/// use law::general_election;
/// assert_eq!(general_election(2020), Some("2020-11-03".parse()?));
/// assert_eq!(general_election(2022), Some("2022-11-08".parse()?));
/// assert_eq!(general_election(2021), None);
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn general_election(year: i16) -> Option<Date> {
    // The Tuesday after the first Monday is the one Tuesday from the 2nd to the 8th.
    let second = Date::new(year, 11, 2).ok().filter(|_| year % 2 == 0)?;
    let after_tuesday = second.weekday().since(jiff::civil::Weekday::Tuesday);
    let days = (7 - i64::from(after_tuesday)) % 7;
    second.checked_add(jiff::Span::new().days(days)).ok()
}

/// The first day after so many whole election cycles.
///
/// A cycle runs from the day after one general election to the day of the next. The cycle in which `since` lies is not
/// whole and is not counted: whichever way a law counts, it has not counted fewer.
///
/// ```
/// # use law::after_cycles;
/// // Begun before the election of 2020: the cycles of 2022 and 2024 are two whole ones.
/// assert_eq!(after_cycles(2, "2020-08-01".parse()?), Some("2024-11-06".parse()?));
/// assert_eq!(after_cycles(2, "2020-11-04".parse()?), Some("2026-11-04".parse()?));
/// # Ok::<(), jiff::Error>(())
/// ```
pub fn after_cycles(cycles: u8, since: Date) -> Option<Date> {
    let mut years = [0, 1, 2].into_iter().filter_map(|ahead| since.year().checked_add(ahead));
    let first = years.find_map(|year| general_election(year).filter(|day| since <= *day))?;
    let last = general_election(first.year().checked_add(i16::from(cycles) * 2)?)?;
    last.tomorrow().ok()
}
