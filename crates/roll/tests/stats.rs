//! Who is on a roll, in numbers that tell of nobody.

#[cfg(test)]
mod office;

use office::{Office, UT_HEADER, reader, ut_row};
use proptest::prelude::*;
use roll::Snapshot;
use roll::stats::{Dimension, MinCell, Stats};

const COUNTIES: [&str; 4] = ["Utah", "Cache", "Salt Lake", "Weber"];
const PARTIES: [&str; 4] = ["", "Green", "Whig", "Unaffiliated"];
const STATUSES: [&str; 3] = ["Active", "Inactive", "Gone"];
const BIRTHS: [&str; 4] = ["5/6/1970", "7/1/1999", "1/1/1900", "2/30/1970"];

#[cfg(test)]
fn min_cell(number: u64) -> MinCell {
    number.to_string().parse().unwrap()
}

#[cfg(test)]
fn row(id: usize, (county, party, status, born): (usize, usize, usize, usize)) -> String {
    ut_row(&format!("{id:04}"), COUNTIES[county], ",")
        .replace("Unaffiliated", PARTIES[party])
        .replace("Active", STATUSES[status])
        .replace("5/6/1970", BIRTHS[born])
}

#[cfg(test)]
fn snapshot(office: &Office, people: &[(usize, usize, usize, usize)]) -> Snapshot {
    let rows: Vec<String> = people.iter().enumerate().map(|(id, person)| row(id, *person)).collect();
    office.import("ut", format!("{UT_HEADER}\n{}\n", rows.join("\n"))).unwrap().snapshot
}

fn values(dimension: &Dimension) -> Vec<(&str, u64)> {
    dimension.values.iter().map(|value| (value.value.as_str(), value.registrants)).collect()
}

/// 30 in Utah, 12 in Cache, 3 in Weber; among them 4 Greens, 2 of no party, 5 inactive, 1 with an unknown code.
fn people() -> Vec<(usize, usize, usize, usize)> {
    (0..45)
        .map(|n| {
            let county = if n < 30 {
                0
            } else if n < 42 {
                1
            } else {
                3
            };
            let party = match n {
                0..4 => 1,
                4..6 => 0,
                6..26 => 2,
                _ => 3,
            };
            let status = match n {
                10..15 => 1,
                20 => 2,
                _ => 0,
            };
            (county, party, status, if n < 14 { 1 } else { usize::from(n == 40) * 2 })
        })
        .collect()
}

#[test]
fn small_values_are_put_together() {
    let office = Office::new();
    let snapshot = snapshot(&office, &people());
    let stats = Stats::of(&reader(&snapshot), MinCell::USUAL, false).unwrap();
    let [status, county, party, age, year] = stats.dimensions.as_slice() else { panic!("five dimensions") };
    // Five inactive and one unknown are fewer than ten, so that the next larger value joins them.
    assert_eq!(values(status), [("active, inactive, unknown", 45)]);
    assert_eq!(values(county), [("Utah", 30), ("(other)", 15)]);
    assert_eq!(values(party), [("Whig", 20), ("(other)", 25)]);
    assert_eq!(values(age), [("45 to 54", 30), ("under 18, (none)", 15)]);
    assert_eq!(values(year), [("2003", 45)]);
    assert!(stats.dimensions.iter().all(|dimension| dimension.by_county.is_empty()));
    let fill = |name: &str| stats.columns.iter().find(|column| column.column == name).unwrap();
    let (last_name, born) = (fill("last_name"), fill("date_of_birth"));
    assert_eq!((last_name.filled, last_name.absent), (Some(45), Some(0)));
    // One placeholder: filled and empty are hidden both.
    assert_eq!((born.filled, born.placeholder, born.absent), (None, None, None));
    assert!(stats.columns.iter().all(|column| !column.column.ends_with("_raw")));
}

#[test]
fn every_number_when_asked_for() {
    let office = Office::new();
    let snapshot = snapshot(&office, &people());
    let stats = Stats::of(&reader(&snapshot), MinCell::ALL, true).unwrap();
    let [status, county, party, age, _] = stats.dimensions.as_slice() else { panic!("five dimensions") };
    assert_eq!(values(status), [("active", 39), ("inactive", 5), ("unknown", 1)]);
    assert_eq!(values(county), [("Cache", 12), ("Utah", 30), ("Weber", 3)]);
    assert_eq!(values(party), [("Whig", 20), ("Unaffiliated", 19), ("Green", 4), ("(none)", 2)]);
    // Born on 1 July 1999 is not yet eighteen on 30 June 2017.
    assert_eq!(values(age), [("under 18", 14), ("45 to 54", 30), ("(none)", 1)]);
    let told: Vec<(&str, Vec<Option<u64>>)> =
        status.by_county.iter().map(|row| (row.county.as_str(), row.registrants.clone())).collect();
    let some = |counts: [u64; 3]| counts.map(Some).to_vec();
    assert_eq!(told, [("Cache", some([12, 0, 0])), ("Utah", some([24, 5, 1])), ("Weber", some([3, 0, 0]))]);
    let born = stats.columns.iter().find(|column| column.column == "date_of_birth").unwrap();
    assert_eq!((born.filled, born.placeholder, born.invalid), (Some(44), Some(1), Some(0)));
    let status = stats.columns.iter().find(|column| column.column == "status").unwrap();
    // A code that is not known has a value, `unknown`; its cell counts once.
    assert_eq!((status.filled, status.unparsed, status.absent), (Some(44), Some(1), Some(0)));
}

#[test]
fn a_roll_of_a_few_has_no_numbers() {
    let office = Office::new();
    let snapshot = snapshot(&office, &people()[..9]);
    let error = Stats::of(&reader(&snapshot), MinCell::USUAL, false).unwrap_err();
    assert!(error.to_string().ends_with("has 9 registrants, and no number below 10 is told"), "{error}");
    assert_eq!(Stats::of(&reader(&snapshot), MinCell::ALL, false).unwrap().registrants, 9);
    for text in ["0", "2", "-1", "ten", ""] {
        assert!(text.parse::<MinCell>().is_err(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// No number below the smallest is told anywhere, sums come out, and what is told is true.
    #[test]
    fn no_small_number_is_told(
        people in prop::collection::vec((0_usize..4, 0_usize..4, 0_usize..3, 0_usize..4), 20..80),
        min in 3_u64..8,
    ) {
        let office = Office::new();
        let snapshot = snapshot(&office, &people);
        let (told, all) = (
            Stats::of(&reader(&snapshot), min_cell(min), true).unwrap(),
            Stats::of(&reader(&snapshot), MinCell::ALL, true).unwrap(),
        );
        for (dimension, whole) in told.dimensions.iter().zip(&all.dimensions) {
            let sum: u64 = dimension.values.iter().map(|value| value.registrants).sum();
            prop_assert_eq!(sum, people.len() as u64);
            prop_assert!(dimension.values.iter().all(|value| value.registrants >= min));
            for row in &dimension.by_county {
                prop_assert!(row.registrants.iter().flatten().all(|count| *count == 0 || *count >= min));
                let known = whole.by_county.iter().find(|other| other.county == row.county);
                for (value, count) in dimension.values.iter().zip(&row.registrants) {
                    let at = whole.values.iter().position(|other| other.value == value.value);
                    let true_count = known.zip(at).and_then(|(known, at)| known.registrants[at]);
                    prop_assert!(count.is_none() || true_count.is_none() || *count == true_count);
                }
            }
        }
        for (column, whole) in told.columns.iter().zip(&all.columns) {
            let counts = |c: &roll::stats::ColumnFill| [c.filled, c.absent, c.masked, c.placeholder, c.invalid, c.unparsed];
            let total: u64 = counts(whole).iter().flatten().sum();
            prop_assert_eq!(total, people.len() as u64);
            for (count, true_count) in counts(column).iter().zip(counts(whole)) {
                prop_assert!(count.is_none() || (*count == true_count && !(1..min).contains(&count.unwrap_or(0))));
            }
        }
    }
}
