//! Calendar files: no text makes the reader panic, and what it accepts answers for every day.
#![no_main]

use law::calendar::Calendar;
use libfuzzer_sys::fuzz_target;
use terms::Date;

fuzz_target!(|text: &str| {
    let calendar = match Calendar::parse("fuzz.toml", text) {
        Ok(calendar) => calendar,
        Err(error) => return fuzz::show(&error),
    };
    let mut days = vec![Date::MIN, Date::MAX];
    let mut day = Date::constant(2015, 12, 24);
    for _ in 0..800 {
        days.push(day);
        day = day.tomorrow().expect("the calendar goes on");
    }
    for day in days {
        let is_free = calendar.is_weekend(day) || calendar.holiday_on(day).is_some();
        assert_eq!(calendar.is_business_day(day), !is_free, "{day}");
        calendar.unsettled_on(day);
    }
});
