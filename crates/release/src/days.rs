//! Arrow's days and civil dates.

use terms::Date;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The civil date of a `Date32`; `None` outside the years that a date can have.
pub(crate) fn day_of(days: i32) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Days since 1 January 1970.
pub(crate) fn days_of(day: Date) -> i32 {
    // INVARIANT: `until` between two dates gives days and cannot fail.
    EPOCH.until(day).map(|span| span.get_days()).unwrap_or(0)
}
