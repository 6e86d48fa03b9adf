//! Law files: no text makes the reader panic, and what it accepts decides every request on every day.
#![no_main]

use law::calendar::Calendar;
use law::{Choice, Law, Lawbook, Request};
use libfuzzer_sys::fuzz_target;
use terms::Date;

const LETTER: &str = include_str!("../../inquiries/2017-commission/letter.toml");
const CALENDAR: &str = include_str!("../../calendars/ut.toml");

fuzz_target!(|text: &str| {
    let law = match Law::parse("fuzz.toml", text) {
        Ok(law) => law,
        Err(error) => return fuzz::show(&error),
    };
    law.lint(law.reviewed);
    let request = Request::parse("letter.toml", LETTER).expect("the letter is a request");
    let days: Vec<Date> = law.editions.iter().map(|edition| edition.from).collect();
    let code = law.code;
    let mut lawbook = Lawbook::default();
    lawbook.laws.insert(code, law);
    let calendar = Calendar::parse("ut.toml", CALENDAR).expect("the calendar can be read");
    lawbook.calendars.insert(calendar.id.clone(), calendar);
    for day in days {
        match lawbook.decide(&request, code, day, &Choice::default()) {
            Ok(decision) => {
                assert_eq!(decision.dispositions.len(), request.fields().len(), "one disposition for each field");
                assert!(decision.dispositions.iter().all(|disposition| !disposition.because.is_empty()));
                decision.explain();
            }
            Err(error) => fuzz::show(&error),
        }
    }
});
