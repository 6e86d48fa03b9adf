//! Limits as data, and counts that cannot be made.

use jiff::ToSpan;
use jiff::civil::date;
use law::clock::{ClockError, ClockRules, DAYS_MAX, Deadline, Limit, Pause, Start};

use super::cases::{calendar, count, rules};

fn limit(keys: &str) -> Result<Limit, toml::de::Error> {
    toml::from_str(&format!("{keys}\ncite = \"X\"\nsource = \"Y\"\n"))
}

#[test]
fn a_limit_without_a_number_gives_no_date() {
    let promptly = limit("wording = \"promptly\"").unwrap();
    let deadline = rules("ut").due(&promptly, &Start::on(date(2017, 6, 28)), &calendar("ut")).unwrap();
    assert_eq!(deadline.due(), None);
    assert_eq!(deadline, Deadline::NoFixedLimit { wording: "promptly".to_owned(), citation: promptly.citation });
}

#[test]
fn an_extension_without_a_number_gives_no_date() {
    let deadline = count(&rules("ut"), "extension h", &Start::on(date(2017, 6, 28)), &calendar("ut")).unwrap();
    assert_eq!(deadline.due(), None);
}

#[test]
fn keys_of_a_limit_that_do_not_go_together_are_refused_with_a_remedy() {
    let message = |keys: &str| limit(keys).unwrap_err().message().to_owned();
    insta::assert_snapshot!(message("days = 0\nunit = \"business\""), @"a limit of 0 days is no limit; give `wording` in place of `days` if the law gives no number");
    insta::assert_snapshot!(message("days = 30\nunit = \"calendar\""), @"calendar days need `roll`, either `next_business_day` or `none`");
    insta::assert_snapshot!(message("days = 10\nunit = \"business\"\nroll = \"none\""), @"business days never end on a weekend or holiday; take `roll` out");
    insta::assert_snapshot!(message("days = 10"), @"a limit needs either `days` and `unit`, or `wording` alone");
    insta::assert_snapshot!(message("days = 10\nunit = \"business\"\nwording = \"promptly\""), @"a limit needs either `days` and `unit`, or `wording` alone");
    insta::assert_snapshot!(message("day = 10\nunit = \"business\""), @"unknown field `day`, expected one of `days`, `unit`, `roll`, `wording`, `from`, `cite`, `source`, `confidence`, `review`");
}

#[test]
fn rules_and_due_dates_survive_storage() {
    for id in ["ut", "us"] {
        let rules = rules(id);
        let stored = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<ClockRules>(&stored).unwrap(), rules);
        for limit in ["respond", "appeal", "expedited"] {
            let deadline = count(&rules, limit, &Start::on(date(2017, 6, 28)), &calendar(id)).unwrap();
            let stored = serde_json::to_string(&deadline).unwrap();
            assert_eq!(serde_json::from_str::<Deadline>(&stored).unwrap(), deadline);
        }
    }
}

/// The first count ends on the last day that is walked; one more day is an error.
#[test]
fn a_count_has_a_longest_walk() {
    let (rules, calendar, from) = (rules("ut"), calendar("ut"), date(2017, 6, 28));
    let walk = |days: usize| limit(&format!("days = {days}\nunit = \"calendar\"\nroll = \"none\"")).unwrap();
    // Day 0 takes a place in the list.
    let longest = rules.due(&walk(DAYS_MAX - 1), &Start::on(from), &calendar).unwrap();
    assert_eq!(longest.due().unwrap().days.len(), DAYS_MAX);
    assert_eq!(longest.due().unwrap().on, from.checked_add(i64::try_from(DAYS_MAX - 1).unwrap().days()).unwrap());
    let error = rules.due(&walk(DAYS_MAX), &Start::on(from), &calendar).unwrap_err();
    assert_eq!(error, ClockError::TooLong { from, days_max: DAYS_MAX });
    insta::assert_snapshot!(error, @"the count from 2017-06-28 passes 3660 days without an end");
}

#[test]
fn a_calendar_without_business_days_ends_in_an_error() {
    let text = "id = \"ut\"\nname = \"x\"\nweekend = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]\n\
        cite = \"X\"\nsource = \"Y\"\n";
    let closed = law::calendar::Calendar::parse("ut.toml", text).unwrap();
    let error = count(&rules("ut"), "respond", &Start::on(date(2017, 6, 28)), &closed).unwrap_err();
    assert!(matches!(error, ClockError::TooLong { .. }));
}

#[test]
fn the_end_of_time_is_an_error() {
    let error = count(&rules("ut"), "respond", &Start::on(date(9999, 12, 31)), &calendar("ut")).unwrap_err();
    assert!(matches!(error, ClockError::TooLong { .. }));
}

#[test]
fn another_calendar_is_refused() {
    let error = count(&rules("ut"), "respond", &Start::on(date(2017, 6, 28)), &calendar("us")).unwrap_err();
    insta::assert_snapshot!(error, @"the clock counts by calendar `ut`, but calendar `us` was given");
}

#[test]
fn a_clock_stops_only_as_the_law_says() {
    let pause = |ground: &str, asked, answered| Pause { ground: ground.to_owned(), asked, answered };
    let error = |id: &str, pauses: Vec<Pause>| {
        let start = Start { pauses, ..Start::on(date(2017, 6, 30)) };
        count(&rules(id), "respond", &start, &calendar(id)).unwrap_err()
    };
    let (asked, answered) = (date(2017, 7, 11), date(2017, 7, 19));
    insta::assert_snapshot!(error("ut", vec![pause("information", asked, answered)]), @"the law has no ground `information` that stops this clock");
    insta::assert_snapshot!(error("us", vec![pause("fees", answered, asked)]), @"the clock stopped on 2017-07-19 and went on before that, on 2017-07-11");
    insta::assert_snapshot!(error("us", vec![pause("information", asked, answered); 2]), @"ground `information` was used 2 times to stop the clock; the law allows 1");
}

#[test]
fn fees_may_stop_the_federal_clock_again_and_again() {
    let pause = |asked, answered| Pause { ground: "fees".to_owned(), asked, answered };
    let pauses = vec![pause(date(2017, 7, 5), date(2017, 7, 6)), pause(date(2017, 7, 10), date(2017, 7, 12))];
    let start = Start { pauses, ..Start::on(date(2017, 6, 30)) };
    let deadline = count(&rules("us"), "respond", &start, &calendar("us")).unwrap();
    // 31 July without stops; 6, 11 and 12 July do not count.
    assert_eq!(deadline.due().unwrap().on, date(2017, 8, 3));
}

/// An office that counts the receipt day does so for the request alone, not for an appeal from its notice.
#[test]
fn the_receipt_day_counts_for_receipt_alone() {
    let mut rules = rules("us");
    rules.count_receipt_day = true;
    let deadline = count(&rules, "appeal", &Start::on(date(2017, 7, 28)), &calendar("us")).unwrap();
    assert_eq!(deadline.due().unwrap().on, date(2017, 10, 26));
}
