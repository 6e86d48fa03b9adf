//! Record rules → which rows of a part leave, and which cells of them are capped.

use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type};
use law::{AgeDay, Condition, Decision, RecordRule, after_cycles};
use roll::schema::PROTECTION_MARKS;
use roll::{Protections, Reader, Snapshot, SnapshotError};
use terms::{Date, Field, Form, Ground, Status};

use crate::days::days_of;
use crate::text::TextColumn;

/// The record rules of a decision, ready to be evaluated on the parts of one snapshot.
#[derive(Debug)]
pub struct Rules<'a> {
    rules: &'a [RecordRule],
    columns: Vec<&'static str>,
    list_day: Date,
}

/// What the rules say about the rows of one part.
#[derive(Debug, Default)]
pub struct Mask {
    /// Rows that leave, ascending.
    pub kept: Vec<u32>,
    /// For each rule about fields, which rows of the part it covers.
    pub capped: Vec<Capped>,
    /// How many rows each rule covers, in the order of the decision's rules. Private: the number itself tells (C24).
    pub touched: Vec<u64>,
}

/// A rule about fields, and the rows it covers.
#[derive(Debug)]
pub struct Capped {
    /// The fields concerned.
    pub fields: Vec<Field>,
    /// The finest form that still leaves.
    pub cap: Form,
    /// One flag per row of the part.
    pub rows: Vec<bool>,
}

/// The voter columns that the rules of a decision look at, besides the voter number; those that a snapshot has.
pub(crate) fn columns(decision: &Decision, snapshot: &Snapshot) -> Vec<&'static str> {
    let looks_at = |column: &str| {
        decision.record_rules.iter().map(|rule| &rule.records).any(|condition| {
            let by_age = condition.under_age.is_some();
            match column {
                "date_of_birth" | "birth_year" | "preregistered" => by_age,
                "status" => by_age || !condition.status.is_empty(),
                "confidential_flag" => condition.protection.contains(&Ground::MarkedConfidential),
                _ => !condition.protection.is_empty(),
            }
        })
    };
    let columns = ["date_of_birth", "birth_year", "preregistered", "status", "confidential_flag", PROTECTION_MARKS];
    columns.into_iter().filter(|column| snapshot.has_column(column) && looks_at(column)).collect()
}

impl<'a> Rules<'a> {
    /// Prepares the rules for a snapshot.
    ///
    /// Protection is evaluated with the newest lists, for the day of the decision or of the list, whichever is
    /// earlier; a ground that began later protects all the same.
    pub fn new(decision: &'a Decision, snapshot: &Snapshot) -> Self {
        let columns = columns(decision, snapshot);
        Self { rules: &decision.record_rules, columns, list_day: snapshot.manifest().as_of }
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Evaluates every rule on a part.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the part cannot be read.
    pub fn mask(&self, roll: &Reader, part: usize, protections: &Protections) -> Result<Mask, SnapshotError> {
        let mut columns = vec!["voter_id"];
        columns.extend(&self.columns);
        let batch = roll.read_voters(part, &columns)?;
        let people = People::new(&batch, protections, self.list_day);
        let mut dropped = vec![false; batch.num_rows()];
        let mut mask = Mask::default();
        for rule in self.rules {
            let mut covered = people.covered_by(&rule.records, None);
            match &rule.fields {
                None => or(&mut dropped, &covered),
                Some(fields) if rule.records.only_marked => {
                    covered.fill(false);
                    for field in fields {
                        let rows = people.covered_by(&rule.records, Some(*field));
                        or(&mut covered, &rows);
                        mask.capped.push(Capped { fields: vec![*field], cap: rule.cap.clone(), rows });
                    }
                }
                Some(fields) => {
                    let rows = covered.clone();
                    mask.capped.push(Capped { fields: fields.clone(), cap: rule.cap.clone(), rows });
                }
            }
            mask.touched.push(covered.iter().filter(|covered| **covered).count() as u64);
        }
        mask.kept = (0_u32..).zip(&dropped).filter(|(_, dropped)| !**dropped).map(|(row, _)| row).collect();
        Ok(mask)
    }
}

/// What conditions look at, column by column.
struct People<'a> {
    batch: &'a RecordBatch,
    list_day: Date,
    /// Every ground of the row, as bits.
    grounds: Vec<u32>,
    /// The grounds that the file itself tells; since when, it does not say.
    marked: Vec<u32>,
    /// The protections of the row that has any, for conditions on when they began.
    protected: Vec<(usize, &'a [roll::Protection])>,
}

impl<'a> People<'a> {
    fn new(batch: &'a RecordBatch, protections: &'a Protections, list_day: Date) -> Self {
        let mut grounds = vec![0; batch.num_rows()];
        let mut protected = Vec::new();
        let ids = batch.column(0).as_string::<i32>();
        for (row, (bits, id)) in grounds.iter_mut().zip(ids).enumerate() {
            let list = id.map(|id| protections.of(id)).unwrap_or_default();
            for protection in list.iter().filter(|protection| stands(protection, list_day)) {
                *bits |= protection.ground.bit();
            }
            if *bits != 0 {
                protected.push((row, list));
            }
        }
        let marked = marked(batch);
        grounds.iter_mut().zip(&marked).for_each(|(bits, marked)| *bits |= marked);
        Self { batch, list_day, grounds, marked, protected }
    }

    /// One flag per row: whether the condition covers it, or a field of it where the protection list marks fields.
    fn covered_by(&self, condition: &Condition, field: Option<Field>) -> Vec<bool> {
        let mut covered = vec![true; self.batch.num_rows()];
        if !condition.protection.is_empty() {
            and(&mut covered, &self.protected_as(condition, field));
        }
        if let Some(age) = condition.under_age {
            and(&mut covered, &self.under(age, condition.under_age_on));
        }
        if !condition.status.is_empty() {
            and(&mut covered, &self.with_status(&condition.status));
        }
        covered
    }

    fn protected_as(&self, condition: &Condition, field: Option<Field>) -> Vec<bool> {
        let wanted = condition.protection.iter().fold(0, |bits, ground| bits | ground.bit());
        let lapses = condition.lapses_after_years.is_some() || condition.lapses_after_cycles.is_some();
        if condition.protected_before.is_none() && !lapses && field.is_none() {
            return self.grounds.iter().map(|bits| bits & wanted != 0).collect();
        }
        let mut covered = vec![false; self.batch.num_rows()];
        for (row, list) in &self.protected {
            let protects = |protection: &roll::Protection| {
                let since = protection.since;
                stands(protection, self.list_day)
                    && protection.ground.bit() & wanted != 0
                    && condition.protected_before.is_none_or(|before| since < before)
                    && !condition.lapses_after_years.is_some_and(|years| have_passed(years, since, self.list_day))
                    && condition
                        .lapses_after_cycles
                        .is_none_or(|cycles| after_cycles(cycles, since).is_none_or(|lapsed| self.list_day < lapsed))
                    && field.is_none_or(|field| protection.marks(field))
            };
            if let Some(cell) = covered.get_mut(*row) {
                *cell = list.iter().any(protects);
            }
        }
        // CAUTION: a mark of the file has no day on which it began, so it never lapses, and holds for every field.
        if condition.protected_before.is_none() {
            covered.iter_mut().zip(&self.marked).for_each(|(covered, bits)| *covered |= bits & wanted != 0);
        }
        covered
    }

    /// Whether the registrant is, or may be, younger than `age` on the day on which the age is reckoned. A year of birth
    /// counts as born on its last day; a missing birth date alone does not count as young. A preregistration does, unless
    /// the age is reckoned for a later day: then it does where nothing tells the age.
    fn under(&self, age: u8, on: AgeDay) -> Vec<bool> {
        let day = on.for_list(self.list_day);
        let mut young = vec![false; self.batch.num_rows()];
        let mut known = vec![false; self.batch.num_rows()];
        if let Some(dates) = self.batch.column_by_name("date_of_birth") {
            // Born after this day means not yet `age` years old.
            let limit = days_of(years_before(day, age));
            for ((young, known), born) in young.iter_mut().zip(&mut known).zip(dates.as_primitive::<Date32Type>()) {
                *young |= born.is_some_and(|born| born > limit);
                *known |= born.is_some();
            }
        }
        if let Some(years) = self.batch.column_by_name("birth_year") {
            let limit = day.year().saturating_sub(i16::from(age));
            for ((young, known), year) in young.iter_mut().zip(&mut known).zip(years.as_primitive::<Int16Type>()) {
                *young |= year.is_some_and(|year| year >= limit);
                *known |= year.is_some();
            }
        }
        let mut preregistered = self.with_status(&[Status::Preregistered]);
        if let Some(flags) = self.batch.column_by_name("preregistered") {
            for (preregistered, flag) in preregistered.iter_mut().zip(flags.as_boolean()) {
                *preregistered |= flag == Some(true);
            }
        }
        for ((young, known), preregistered) in young.iter_mut().zip(&known).zip(&preregistered) {
            *young |= preregistered & (on == AgeDay::List || !known);
        }
        young
    }

    /// A row without a status counts as `unknown`.
    fn with_status(&self, wanted: &[Status]) -> Vec<bool> {
        let Some(column) = self.batch.column_by_name("status").and_then(TextColumn::new) else {
            return vec![wanted.contains(&Status::Unknown); self.batch.num_rows()];
        };
        let is_wanted = |word: Option<&str>| {
            let word = word.unwrap_or(Status::Unknown.as_str());
            wanted.iter().any(|status| status.as_str() == word)
        };
        (0..self.batch.num_rows()).map(|row| is_wanted(column.get(row))).collect()
    }
}

/// The grounds that the file itself tells, row by row, as bits.
fn marked(batch: &RecordBatch) -> Vec<u32> {
    let mut marked = vec![0; batch.num_rows()];
    if let Some(flags) = batch.column_by_name("confidential_flag") {
        for (bits, flag) in marked.iter_mut().zip(flags.as_boolean()) {
            *bits |= if flag == Some(true) { Ground::MarkedConfidential.bit() } else { 0 };
        }
    }
    if let Some(marks) = batch.column_by_name(PROTECTION_MARKS).and_then(TextColumn::new) {
        for (row, bits) in marked.iter_mut().enumerate() {
            let grounds = marks.get(row).unwrap_or_default().split(' ').filter_map(|word| word.parse::<Ground>().ok());
            *bits |= grounds.fold(0, |bits, ground| bits | ground.bit());
        }
    }
    marked
}

/// Whether a protection has not ended by the day of the list.
pub(crate) fn stands(protection: &roll::Protection, list_day: Date) -> bool {
    protection.until.is_none_or(|until| until > list_day)
}

fn or(covered: &mut [bool], other: &[bool]) {
    covered.iter_mut().zip(other).for_each(|(covered, other)| *covered |= other);
}

fn and(covered: &mut [bool], other: &[bool]) {
    covered.iter_mut().zip(other).for_each(|(covered, other)| *covered &= other);
}

/// Whether so many years have passed; what began on 29 February ends on 1 March of a common year.
fn have_passed(years: u8, since: Date, day: Date) -> bool {
    let anniversary = since.year().saturating_add(i16::from(years));
    (anniversary, since.month(), since.day()) <= (day.year(), day.month(), day.day())
}

/// The same day `years` earlier; 29 February becomes 28 February.
fn years_before(day: Date, years: u8) -> Date {
    day.saturating_sub(jiff::Span::new().years(i64::from(years)))
}
