//! Every worked example, computed beforehand by two other routines and partly by hand.

use jiff::civil::{Date, Time};
use law::clock::{Closed, DeemedReceipt, Pause, Role, Start};
use serde::Deserialize;

use super::cases::{calendar, count, due, rules};

/// Runs every row and reports all that differ, by id.
#[test]
fn plain_examples_give_the_worked_dates() {
    let rows: Vec<&str> = include_str!("../data/clock/worked.csv").lines().skip(1).collect();
    assert_eq!(rows.len(), 43);
    let failures: Vec<String> = rows.iter().filter_map(|row| plain_failure(row)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn plain_failure(row: &str) -> Option<String> {
    let [id, calendar_id, limit, received, expected, skipped, _why] =
        row.splitn(7, ',').collect::<Vec<_>>().try_into().unwrap();
    let due = due(calendar_id, limit, &Start::on(received.parse().unwrap()));
    let holidays: Vec<String> = due
        .days
        .iter()
        .filter(|day| day.role == Role::NotCounted && day.closed != Some(Closed::Weekend))
        .map(|day| day.date.to_string())
        .collect();
    let holidays = if holidays.is_empty() { "-".to_owned() } else { holidays.join(";") };
    let is_right = due.on.to_string() == expected && holidays == skipped;
    (!is_right).then(|| format!("{id}: expected {expected} past {skipped}, got {} past {holidays}", due.on))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variants {
    case: Vec<Variant>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    id: String,
    rules: String,
    limit: String,
    start: Option<Date>,
    after: Option<After>,
    at: Option<Time>,
    cutoff: Option<Time>,
    count_receipt_day: Option<bool>,
    stop_day_counts: Option<bool>,
    pause: Option<Asked>,
    last_counted: Date,
    due: Date,
    #[serde(rename = "why")]
    _why: String,
}

/// A start that is itself a due date.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    limit: String,
    start: Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    ground: String,
    asked: Date,
    answered: Date,
}

#[test]
fn chains_and_variants_give_the_worked_dates() {
    let variants: Variants = toml::from_str(include_str!("../data/clock/variants.toml")).unwrap();
    assert_eq!(variants.case.len(), 17);
    let failures: Vec<String> = variants.case.iter().filter_map(variant_failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn variant_failure(case: &Variant) -> Option<String> {
    let mut rules = rules(&case.rules);
    rules.count_receipt_day = case.count_receipt_day.unwrap_or(rules.count_receipt_day);
    rules.stop_day_counts = case.stop_day_counts.unwrap_or(rules.stop_day_counts);
    rules.deemed_receipt = case.cutoff.map(|cutoff| {
        let (cite, source) = ("office hours of the example".to_owned(), "none".to_owned());
        DeemedReceipt { cutoff, cite, source }
    });
    let on = match (&case.start, &case.after) {
        (Some(start), None) => *start,
        (None, Some(after)) => due(&case.rules, &after.limit, &Start::on(after.start)).on,
        _ => panic!("{}: give either start or after", case.id),
    };
    let pauses = case.pause.iter().map(|pause| {
        let Asked { ground, asked, answered } = pause;
        Pause { ground: ground.clone(), asked: *asked, answered: *answered }
    });
    let start = Start { on, at: case.at, pauses: pauses.collect() };
    let deadline = count(&rules, &case.limit, &start, &calendar(&case.rules)).unwrap();
    let due = deadline.due().unwrap();
    let last_counted =
        due.days.iter().rfind(|day| matches!(day.role, Role::Counted { .. } | Role::Extended { .. })).unwrap().date;
    let is_right = due.on == case.due && last_counted == case.last_counted;
    (!is_right).then(|| {
        let Variant { id, due: expected, last_counted: expected_last, .. } = case;
        format!("{id}: expected {expected} (last day counted {expected_last}), got {} ({last_counted})", due.on)
    })
}
