//! The count as people read it.

use jiff::civil::date;
use law::clock::{Pause, Start};

use super::cases::{due, rules};

#[test]
fn the_letter_of_2017_is_counted_past_independence_day() {
    let due = due("ut", "respond", &Start::on(date(2017, 6, 28)));
    insta::assert_snapshot!(due.explain(), @r"
    Wed 2017-06-28 day 0
    Thu 2017-06-29 day 1
    Fri 2017-06-30 day 2
    Sat 2017-07-01 not counted, weekend
    Sun 2017-07-02 not counted, weekend
    Mon 2017-07-03 day 3
    Tue 2017-07-04 not counted, Independence Day (Utah Code § 63G-1-301)
    Wed 2017-07-05 day 4
    Thu 2017-07-06 day 5
    Fri 2017-07-07 day 6
    Sat 2017-07-08 not counted, weekend
    Sun 2017-07-09 not counted, weekend
    Mon 2017-07-10 day 7
    Tue 2017-07-11 day 8
    Wed 2017-07-12 day 9
    Thu 2017-07-13 day 10
    due Thursday, 13 July 2017
    ");
    insta::assert_snapshot!(due.explain_short(), @"Wed 28 Jun (0) · Thu 29 (1) · Fri 30 (2) · Mon 3 Jul (3) · Tue 4 Independence Day · Wed 5 (4) · Thu 6 (5) · Fri 7 (6) · Mon 10 (7) · Tue 11 (8) · Wed 12 (9) · Thu 13 (10)");
}

#[test]
fn veterans_day_observed_and_the_day_after_thanksgiving() {
    let due = due("ut", "respond", &Start::on(date(2017, 11, 8)));
    insta::assert_snapshot!(due.explain_short(), @"Wed 8 Nov (0) · Thu 9 (1) · Fri 10 Veterans Day observed · Mon 13 (2) · Tue 14 (3) · Wed 15 (4) · Thu 16 (5) · Fri 17 (6) · Mon 20 (7) · Tue 21 (8) · Wed 22 (9) · Thu 23 Thanksgiving Day · Fri 24 (10)");
}

#[test]
fn two_holidays_observed_on_the_day_before() {
    let due = due("ut", "respond", &Start::on(date(2021, 12, 20)));
    insta::assert_snapshot!(due.explain(), @r"
    Mon 2021-12-20 day 0
    Tue 2021-12-21 day 1
    Wed 2021-12-22 day 2
    Thu 2021-12-23 day 3
    Fri 2021-12-24 not counted, Christmas Day observed (Utah Code § 63G-1-301)
    Sat 2021-12-25 not counted, weekend
    Sun 2021-12-26 not counted, weekend
    Mon 2021-12-27 day 4
    Tue 2021-12-28 day 5
    Wed 2021-12-29 day 6
    Thu 2021-12-30 day 7
    Fri 2021-12-31 not counted, New Year's Day observed (Utah Code § 63G-1-301)
    Sat 2022-01-01 not counted, weekend
    Sun 2022-01-02 not counted, weekend
    Mon 2022-01-03 day 8
    Tue 2022-01-04 day 9
    Wed 2022-01-05 day 10
    due Wednesday, 5 January 2022
    ");
    insta::assert_snapshot!(due.explain_short(), @"Mon 20 Dec 2021 (0) · Tue 21 (1) · Wed 22 (2) · Thu 23 (3) · Fri 24 Christmas Day observed · Mon 27 (4) · Tue 28 (5) · Wed 29 (6) · Thu 30 (7) · Fri 31 New Year's Day observed · Mon 3 Jan 2022 (8) · Tue 4 (9) · Wed 5 (10)");
}

#[test]
fn a_limit_in_calendar_days_rolls_past_christmas() {
    let due = due("ut", "appeal", &Start::on(date(2017, 11, 24)));
    insta::assert_snapshot!(due.explain_short(), @"Fri 24 Nov (0) · Sat 25 (1) · … · Sun 24 Dec (30) · Mon 25 Christmas Day · Tue 26 next business day");
    let last_lines: Vec<String> = due.explain().lines().rev().take(5).map(str::to_owned).collect();
    insta::assert_snapshot!(last_lines.join("\n"), @r"
    not settled: the Archives read the 30 days as calendar days; whether a deemed denial counts from the limit itself or from the day after is not settled, and the earlier day is used
    due Tuesday, 26 December 2017
    Tue 2017-12-26 next business day
    Mon 2017-12-25 not counted, Christmas Day (Utah Code § 63G-1-301)
    Sun 2017-12-24 day 30, weekend
    ");
}

#[test]
fn an_extension_goes_on_from_the_limit() {
    let due = due("ut", "extension f", &Start::on(date(2017, 6, 30)));
    insta::assert_snapshot!(due.explain_short(), @"Fri 30 Jun (0) · Mon 3 Jul (1) · Tue 4 Independence Day · Wed 5 (2) · … · Mon 17 (10) · Tue 18 (+1) · … · Fri 21 (+4) · Mon 24 Pioneer Day · Tue 25 (+5)");
    assert_eq!(due.citations.len(), 2);
    assert_eq!(due.review.len(), 1);
}

#[test]
fn a_stopped_clock_shows_its_days() {
    let pause = Pause { ground: "information".to_owned(), asked: date(2017, 7, 11), answered: date(2017, 7, 19) };
    let start = Start { pauses: vec![pause], ..Start::on(date(2017, 6, 30)) };
    insta::assert_snapshot!(due("us", "respond", &start).explain_short(), @"Fri 30 Jun (0) · Mon 3 Jul (1) · Tue 4 Independence Day · Wed 5 (2) · … · Tue 11 (6) · Wed 12 stopped · … · Wed 19 stopped · Thu 20 (7) · … · Tue 8 Aug (20)");
}

#[test]
fn a_day_that_is_not_settled_is_said() {
    let due = due("ut", "expedited", &Start::on(date(2027, 3, 22)));
    assert_eq!(due.on, date(2027, 3, 29));
    insta::assert_snapshot!(due.explain(), @r"
    Mon 2027-03-22 day 0
    Tue 2027-03-23 day 1
    Wed 2027-03-24 day 2
    Thu 2027-03-25 day 3
    Fri 2027-03-26 day 4
    Sat 2027-03-27 not counted, weekend
    Sun 2027-03-28 not counted, Easter Sunday (Utah Code § 63G-1-301; SB 259 (2025))
    Mon 2027-03-29 day 5
    due Monday, 29 March 2027
    not settled: Good Friday 2027-03-26: the version of § 63G-1-301 of 6 May 2026 adds Good Friday subject to its subsection (6), which was not read, and ends on 1 January 2027; read the version in force; the day is counted as a business day
    ");
}

#[test]
fn a_receipt_after_office_hours_is_shown() {
    let mut rules = rules("ut");
    rules.deemed_receipt =
        Some(toml::from_str("cutoff = \"17:00\"\ncite = \"Office rule 1\"\nsource = \"example\"").unwrap());
    let calendar = super::cases::calendar("ut");
    let at = |time| Start { at: time, ..Start::on(date(2018, 8, 17)) };
    let late = rules.due(&rules.respond, &at(Some(jiff::civil::time(17, 0, 1, 0))), &calendar).unwrap();
    insta::assert_snapshot!(late.due().unwrap().explain_short(), @"Fri 17 Aug arrived late · Mon 20 (0) · Tue 21 (1) · Wed 22 (2) · Thu 23 (3) · Fri 24 (4) · Mon 27 (5) · Tue 28 (6) · Wed 29 (7) · Thu 30 (8) · Fri 31 (9) · Mon 3 Sep Labor Day · Tue 4 (10)");
    let in_time = rules.due(&rules.respond, &at(Some(jiff::civil::time(17, 0, 0, 0))), &calendar).unwrap();
    assert_eq!(in_time.due().unwrap().on, date(2018, 8, 31));
    let unknown = rules.due(&rules.respond, &at(None), &calendar).unwrap();
    assert_eq!(unknown.due().unwrap().on, date(2018, 8, 31));
    insta::assert_snapshot!(unknown.due().unwrap().review.join("\n"), @"the time of receipt is not known; it is counted as not after 17:00");
}
