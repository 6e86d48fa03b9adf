//! The office's own count of a release: record by record, apart from the mask that the extract used.

use std::collections::HashSet;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type};
use arrow_array::{Array, RecordBatch};
use jiff::civil::Weekday;
use law::{AgeDay, Condition};
use rayon::prelude::*;
use roll::{Protection, Protections, SnapshotError};
use terms::{Date, Ground};

use crate::days::day_of;
use crate::order::Order;
use crate::text::TextColumn;

/// How many records leave, and the voter numbers of those that do not.
#[derive(Debug, Default)]
pub(crate) struct Recount {
    pub(crate) kept: u64,
    pub(crate) dropped: HashSet<Vec<u8>>,
}

/// One registrant as the conditions see it.
struct Registrant<'a> {
    born: Option<Date>,
    birth_year: Option<i16>,
    preregistered: bool,
    marked: bool,
    marks: &'a str,
    status: &'a str,
    protections: &'a [Protection],
}

impl Recount {
    /// Counts over the whole roll.
    pub(crate) fn of(order: &Order<'_>) -> Result<Self, SnapshotError> {
        let list_day = order.roll.snapshot().manifest().as_of;
        let rules: Vec<&Condition> =
            order.decision.record_rules.iter().filter(|rule| rule.fields.is_none()).map(|rule| &rule.records).collect();
        // Chosen here once more, and not taken from the mask: a column that the mask forgets is missed by its key.
        let wanted = |column: &&str| rules.iter().any(|condition| looks_at(condition, column));
        let columns =
            ["date_of_birth", "birth_year", "preregistered", "confidential_flag", "protection_marks", "status"];
        let columns = columns.into_iter().filter(|column| order.roll.snapshot().has_column(column));
        let columns: Vec<&str> = std::iter::once("voter_id").chain(columns.filter(wanted)).collect();
        let protections = order.protections();
        let parts = (0..order.roll.snapshot().parts()).into_par_iter().map(|part| {
            let batch = order.roll.read_voters(part, &columns)?;
            Ok(Self::of_part(&protections, &batch, &rules, list_day))
        });
        let parts: Vec<Self> = parts.collect::<Result<_, SnapshotError>>()?;
        Ok(parts.into_iter().fold(Self::default(), |mut sum, part| {
            sum.kept += part.kept;
            sum.dropped.extend(part.dropped);
            sum
        }))
    }

    fn of_part(protections: &Protections, batch: &RecordBatch, rules: &[&Condition], list_day: Date) -> Self {
        let mut recount = Self::default();
        let status = batch.column_by_name("status").and_then(TextColumn::new);
        let marks = batch.column_by_name("protection_marks").and_then(TextColumn::new);
        for (row, id) in batch.column(0).as_string::<i32>().iter().enumerate() {
            let id = id.unwrap_or_default();
            let registrant = Registrant {
                born: date(batch, "date_of_birth", row),
                birth_year: number(batch, "birth_year", row),
                preregistered: flag(batch, "preregistered", row),
                marked: flag(batch, "confidential_flag", row),
                marks: marks.as_ref().and_then(|column| column.get(row)).unwrap_or_default(),
                status: status.as_ref().and_then(|column| column.get(row)).unwrap_or("unknown"),
                protections: protections.of(id),
            };
            if rules.iter().any(|condition| registrant.is_covered_by(condition, list_day)) {
                recount.dropped.insert(id.as_bytes().to_vec());
            } else {
                recount.kept += 1;
            }
        }
        recount
    }
}

/// Whether a condition cannot be judged without a column.
fn looks_at(condition: &Condition, column: &str) -> bool {
    match column {
        "confidential_flag" => condition.protection.contains(&Ground::MarkedConfidential),
        "protection_marks" => !condition.protection.is_empty(),
        "status" => !condition.status.is_empty() || condition.under_age.is_some(),
        _ => condition.under_age.is_some(),
    }
}

impl Registrant<'_> {
    fn is_covered_by(&self, condition: &Condition, list_day: Date) -> bool {
        let protected = condition.protection.is_empty() || self.is_protected(condition, list_day);
        let young = condition.under_age.is_none_or(|age| match condition.under_age_on {
            AgeDay::List => self.may_be_under(age, list_day) || self.is_preregistered(),
            AgeDay::GeneralElection => {
                let unknown = self.born.is_none() && self.birth_year.is_none();
                let election = election_of(list_day.year()).filter(|day| list_day <= *day).unwrap_or(list_day);
                self.may_be_under(age, election) || unknown && self.is_preregistered()
            }
        });
        let status = condition.status.is_empty() || condition.status.iter().any(|word| word.as_str() == self.status);
        protected && young && status
    }

    fn is_protected(&self, condition: &Condition, list_day: Date) -> bool {
        let told = |ground: &Ground| {
            self.marked && *ground == Ground::MarkedConfidential
                || self.marks.split(' ').any(|word| word == ground.as_str())
        };
        let marked = condition.protected_before.is_none() && condition.protection.iter().any(told);
        let listed = self.protections.iter().any(|protection| {
            let ended = protection.until.is_some_and(|until| until <= list_day);
            let early = condition.protected_before.is_none_or(|before| protection.since < before);
            let lapsed = condition.lapses_after_years.is_some_and(|years| {
                let (y, m, d) = (protection.since.year(), protection.since.month(), protection.since.day());
                (y.saturating_add(i16::from(years)), m, d) <= (list_day.year(), list_day.month(), list_day.day())
            });
            let elections = condition.lapses_after_cycles.map(|_| elections_between(protection.since, list_day));
            let lapsed = lapsed || elections > condition.lapses_after_cycles.map(usize::from);
            condition.protection.contains(&protection.ground) && !ended && early && !lapsed
        });
        marked || listed
    }

    fn may_be_under(&self, age: u8, day: Date) -> bool {
        let birthday = |born: Date| born.saturating_add(jiff::Span::new().years(i64::from(age)));
        let by_date = self.born.is_some_and(|born| birthday(born) > day);
        let by_year = self.birth_year.is_some_and(|year| year.saturating_add(i16::from(age)) >= day.year());
        by_date || by_year
    }

    fn is_preregistered(&self) -> bool {
        self.preregistered || self.status == "preregistered"
    }
}

/// The Tuesday after the first Monday of November, looked for day by day.
fn election_of(year: i16) -> Option<Date> {
    let mut days = (2..=8).filter_map(|day| Date::new(year, 11, day).ok()).filter(|_| year % 2 == 0);
    days.find(|day| day.weekday() == Weekday::Tuesday)
}

/// How many general elections have been held from `since` on, before `day`.
fn elections_between(since: Date, day: Date) -> usize {
    (since.year()..=day.year()).filter_map(election_of).filter(|held| since <= *held && *held < day).count()
}

fn date(batch: &RecordBatch, column: &str, row: usize) -> Option<Date> {
    let days = batch.column_by_name(column)?.as_primitive_opt::<Date32Type>()?;
    if days.is_valid(row) { day_of(days.value(row)) } else { None }
}

fn number(batch: &RecordBatch, column: &str, row: usize) -> Option<i16> {
    let numbers = batch.column_by_name(column)?.as_primitive_opt::<Int16Type>()?;
    numbers.is_valid(row).then(|| numbers.value(row))
}

fn flag(batch: &RecordBatch, column: &str, row: usize) -> bool {
    let flags = batch.column_by_name(column).and_then(|flags| flags.as_boolean_opt());
    flags.is_some_and(|flags| flags.is_valid(row) && flags.value(row))
}
