//! A broken calendar file: what is wrong, where, and what to do.

use law::calendar::Calendar;
use miette::{Diagnostic, SourceSpan};

const HEAD: &str = "id = \"xx\"\nname = \"Example\"\nweekend = [\"sat\", \"sun\"]\ncite = \"X\"\nsource = \"Y\"\n";

/// The message, the help and the text under the mark, a line each.
fn report(text: &str) -> String {
    let error = Calendar::parse("xx.toml", text).unwrap_err();
    let label = error.labels().unwrap().next().unwrap();
    let span: &SourceSpan = label.inner();
    let (before, from) = text.split_at(span.offset());
    let (under, _) = from.split_at(span.len());
    let line = before.matches('\n').count() + 1;
    format!("{error}\nhelp: {}\nline {line}: {under}", error.help().unwrap())
}

fn holiday(lines: &str) -> String {
    format!("{HEAD}[[holiday]]\nname = \"Arbor Day\"\ncite = \"X\"\nsource = \"Y\"\n{lines}\n")
}

#[test]
fn an_unknown_key_is_named_with_its_neighbor() {
    insta::assert_snapshot!(report(&holiday("day = { month = 4, day = 24 }\nobserve = { sat = -1 }")), @r"
    calendar `xx.toml` cannot be read: unknown field `observe`, expected one of `name`, `day`, `observed`, `from`, `until`, `cite`, `source`, `note`
    help: did you mean `observed`?
    line 11: observe
    ");
}

#[test]
fn an_unknown_weekday_is_named_with_its_neighbor() {
    insta::assert_snapshot!(report(&holiday("day = { month = 4, nth = 1, weekday = \"mond\" }")), @r#"
    calendar `xx.toml` cannot be read: unknown variant `mond`, expected one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`
    help: did you mean `mon`?
    line 10: "mond"
    "#);
}

#[test]
fn a_holiday_without_citation_is_refused() {
    let text = format!("{HEAD}[[holiday]]\nname = \"Arbor Day\"\nday = {{ month = 4, day = 24 }}\nsource = \"Y\"\n");
    insta::assert_snapshot!(report(&text), @r"
    calendar `xx.toml` cannot be read: missing field `cite`
    help: every calendar and every day needs `cite`, where the law stands, and `source`, where it was read
    line 6: [[holiday]]
    ");
}

#[test]
fn month_thirteen_does_not_exist() {
    insta::assert_snapshot!(report(&holiday("day = { month = 13, day = 24 }")), @r"
    calendar `xx.toml`, `Arbor Day`: month 13 does not exist
    help: months run from 1 to 12
    line 10: { month = 13, day = 24 }
    ");
}

#[test]
fn february_has_no_day_thirty() {
    insta::assert_snapshot!(report(&holiday("day = { month = 2, day = 30 }")), @r"
    calendar `xx.toml`, `Arbor Day`: month 2 has no day 30
    help: give a day that the month has; 29 February is allowed and falls in leap years only
    line 10: { month = 2, day = 30 }
    ");
}

#[test]
fn a_fifth_weekday_is_not_in_every_month() {
    insta::assert_snapshot!(report(&holiday("day = { month = 4, nth = 5, weekday = \"fri\" }")), @r#"
    calendar `xx.toml`, `Arbor Day`: nth = 5 is not a weekday that every month has
    help: nth runs from 1 to 4; write `last = "mon"` for the last one of a month
    line 10: { month = 4, nth = 5, weekday = "fri" }
    "#);
}

#[test]
fn keys_of_two_rules_do_not_mix() {
    insta::assert_snapshot!(report(&holiday("day = { month = 4, easter = 1 }")), @r"
    calendar `xx.toml`, `Arbor Day`: the keys of this rule do not go together
    help: write one of: { month, day }, { month, nth, weekday }, { month, last = weekday }, { easter = days }
    line 10: { month = 4, easter = 1 }
    ");
}

#[test]
fn a_shift_stays_within_its_week() {
    insta::assert_snapshot!(report(&holiday("day = { month = 4, day = 24 }\nobserved = { sat = 7 }")), @r"
    calendar `xx.toml`, `Arbor Day`: a shift of 7 days moves the holiday out of its week
    help: shifts run from -6 to 6 days
    line 11: { sat = 7 }
    ");
}

#[test]
fn a_rule_that_ends_before_it_begins_is_refused() {
    let text = holiday("day = { month = 4, day = 24 }\nfrom = 2020-01-01\nuntil = 2020-01-01");
    insta::assert_snapshot!(report(&text), @r"
    calendar `xx.toml`, `Arbor Day`: the rule is never law: `until` is not after `from`
    help: `from` is the first day of the rule, `until` the first day without it
    line 12: 2020-01-01
    ");
}

#[test]
fn a_date_with_a_time_is_refused() {
    insta::assert_snapshot!(report(&holiday("day = { month = 4, day = 24 }\nfrom = 2020-01-01T00:00:00")), @r"
    calendar `xx.toml` cannot be read: `2020-01-01T00:00:00` is not a date; write it without a time, as 2017-06-30
    help: compare with the other files in `calendars/`
    line 11: 2020-01-01T00:00:00
    ");
}

/// One byte below the limit and at it the text is read; above it is refused unread.
#[test]
fn a_calendar_has_a_largest_size() {
    let padded = |bytes: usize| format!("{HEAD}#{}", "x".repeat(bytes - HEAD.len() - 1));
    let max = 1 << 20;
    assert!(Calendar::parse("xx.toml", &padded(max - 1)).is_ok());
    assert!(Calendar::parse("xx.toml", &padded(max)).is_ok());
    let error = Calendar::parse("xx.toml", &padded(max + 1)).unwrap_err();
    insta::assert_snapshot!(error, @"calendar `xx.toml` has 1048577 bytes, more than the 1048576 a calendar may have");
}
