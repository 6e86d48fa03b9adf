//! General laws of counting, over generated days and limits.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use law::calendar::Calendar;
use law::clock::{ClockRules, Closed, Due, Limit, Role, Start};
use proptest::prelude::*;

use super::cases::{UTAH, calendar, counted, rules};

fn any_day() -> impl Strategy<Value = Date> {
    (0..5_500_i64).prop_map(|days| date(2014, 1, 1).checked_add(days.days()).unwrap())
}

fn business(days: u16) -> Limit {
    toml::from_str(&format!("days = {days}\nunit = \"business\"\ncite = \"X\"\nsource = \"Y\"")).unwrap()
}

fn rolling(days: u16) -> Limit {
    let keys = "unit = \"calendar\"\nroll = \"next_business_day\"\ncite = \"X\"\nsource = \"Y\"";
    toml::from_str(&format!("days = {days}\n{keys}")).unwrap()
}

fn any_limit() -> impl Strategy<Value = (u16, Limit)> {
    (1..60_u16, any::<bool>())
        .prop_map(|(days, is_business)| (days, if is_business { business(days) } else { rolling(days) }))
}

fn due(rules: &ClockRules, limit: &Limit, from: Date, calendar: &Calendar) -> Due {
    rules.due(limit, &Start::on(from), calendar).unwrap().due().unwrap().clone()
}

proptest! {
    #[test]
    fn a_due_date_is_a_business_day(
        from in any_day(), (_, limit) in any_limit(), id in prop_oneof![Just("ut"), Just("us")],
    ) {
        let calendar = calendar(id);
        prop_assert!(calendar.is_business_day(due(&rules(id), &limit, from, &calendar).on));
    }

    #[test]
    fn later_receipt_is_never_due_earlier(from in any_day(), later in 0..40_i64, (_, limit) in any_limit()) {
        let (rules, calendar) = (rules("ut"), calendar("ut"));
        let then = from.checked_add(later.days()).unwrap();
        prop_assert!(due(&rules, &limit, from, &calendar).on <= due(&rules, &limit, then, &calendar).on);
    }

    #[test]
    fn one_more_holiday_is_never_due_earlier(from in any_day(), after in 0..80_i64, (_, limit) in any_limit()) {
        let rules = rules("ut");
        let added = from.checked_add(after.days()).unwrap();
        let text = format!("{UTAH}\n[[day]]\ndate = {added}\nname = \"x\"\ncite = \"X\"\nsource = \"Y\"\n");
        let more = Calendar::parse("ut.toml", &text).unwrap();
        prop_assert!(due(&rules, &limit, from, &calendar("ut")).on <= due(&rules, &limit, from, &more).on);
    }

    #[test]
    fn receipt_on_a_closed_day_equals_receipt_on_the_business_day_before(from in any_day(), days in 1..60_u16) {
        let (rules, calendar, limit) = (rules("ut"), calendar("ut"), business(days));
        let mut before = from;
        while !calendar.is_business_day(before) {
            before = before.yesterday().unwrap();
        }
        prop_assert_eq!(due(&rules, &limit, from, &calendar).on, due(&rules, &limit, before, &calendar).on);
    }

    #[test]
    fn the_list_counts_the_limit_and_replays_to_the_date(from in any_day(), (days, limit) in any_limit()) {
        let calendar = calendar("ut");
        let due = due(&rules("ut"), &limit, from, &calendar);
        prop_assert_eq!(counted(&due), usize::from(days));
        prop_assert_eq!(due.days.first().map(|day| (day.date, day.role)), Some((from, Role::Start)));
        prop_assert_eq!(due.days.last().map(|day| day.date), Some(due.on));
        for pair in due.days.windows(2) {
            prop_assert_eq!(pair[0].date.tomorrow().unwrap(), pair[1].date);
        }
        for day in &due.days {
            prop_assert_eq!(day.closed.is_some(), !calendar.is_business_day(day.date));
            prop_assert!(day.role != Role::NotCounted || day.closed.is_some());
        }
        let lines = due.explain().lines().filter(|line| line.contains(" day ") && !line.starts_with("not settled")).count();
        prop_assert_eq!(lines, usize::from(days) + 1);
    }

    /// A slow and obvious count with no part of the engine: step day by day, ask the calendar, subtract.
    #[test]
    fn the_count_agrees_with_an_obvious_one(from in any_day(), days in 1..60_u16) {
        let calendar = calendar("us");
        let (mut day, mut left) = (from, days);
        while left > 0 {
            day = day.tomorrow().unwrap();
            left -= u16::from(calendar.is_business_day(day));
        }
        prop_assert_eq!(due(&rules("us"), &business(days), from, &calendar).on, day);
    }

    #[test]
    fn a_pause_never_brings_the_date_forward(from in any_day(), asked in 0..30_i64, waited in 0..90_i64) {
        let (mut rules, calendar) = (rules("us"), calendar("us"));
        let asked = from.checked_add(asked.days()).unwrap();
        let answered = asked.checked_add(waited.days()).unwrap();
        let pause = law::clock::Pause { ground: "information".to_owned(), asked, answered };
        let start = Start { pauses: vec![pause], ..Start::on(from) };
        let without = due(&rules, &rules.respond, from, &calendar).on;
        let counting = rules.due(&rules.respond, &start, &calendar).unwrap().due().unwrap().clone();
        rules.stop_day_counts = false;
        let not_counting = rules.due(&rules.respond, &start, &calendar).unwrap().due().unwrap().clone();
        prop_assert!(without <= counting.on && counting.on <= not_counting.on);
    }

    #[test]
    fn a_weekend_is_closed_and_a_holiday_is_named(day in any_day()) {
        let calendar = calendar("ut");
        let due = due(&rules("ut"), &business(1), day, &calendar);
        let first = &due.days[0];
        match calendar.holiday_on(day) {
            Some(holiday) => {
                let is_named = matches!(&first.closed, Some(Closed::Holiday { name, .. }) if name == holiday.name);
                prop_assert!(is_named);
            }
            None => prop_assert_eq!(first.closed == Some(Closed::Weekend), calendar.is_weekend(day)),
        }
    }
}
