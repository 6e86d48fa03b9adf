//! Decision × snapshot schema → the columns of the extract. No voter's value is read here.

use std::collections::BTreeSet;

use law::{Decision, Disposition};
use roll::{Snapshot, schema};
use terms::{Bands, Date, Field, Form};

/// The columns that one release gives, and the columns of the snapshot that they are made of.
///
/// Built from the decision alone and the names of the snapshot's columns, before any file of voters is opened; what
/// stands in no [`OutColumn`] is never read for the extract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    columns: Vec<OutColumn>,
    not_in_roll: Vec<Field>,
    reckoned_on: Date,
}

/// One column of the extract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutColumn {
    /// Its name in the header.
    pub name: String,
    /// The field it belongs to.
    pub field: Field,
    /// Further fields that come to the same column; a cap on any of them holds for it as well.
    pub also: Vec<Field>,
    /// How a value is made.
    pub make: Make,
}

/// How the values of a column are made from columns of the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Make {
    /// As the roll holds them.
    Copy(String),
    /// A keyed code.
    Hashed(String),
    /// The first five digits of a ZIP.
    Zip5(String),
    /// The year in the first of these columns that a registrant has: of a date, or the number of a year.
    Year(Vec<String>),
    /// Month and year of a date, as `1984-07`.
    MonthYear(String),
    /// Age in completed years on the day [`Plan::reckoned_on`], from the same columns as a year: on the last day of a
    /// year it follows from the year of birth.
    Age(Vec<String>),
    /// Age band on that day.
    AgeRange(Vec<String>, Bands),
    /// `active` or `inactive`; any other status tells more than the field does and stays blank (channel C01).
    ActiveStatus(String),
    /// `yes` where the registration is removed, else `no`.
    CancelledStatus(String),
    /// Dates of the elections in which the registrant voted, in order, joined by `;`.
    History {
        /// First day of the period asked for.
        since: Option<Date>,
    },
}

impl Make {
    /// The snapshot's voter columns that are read; none for history, which is a table of its own.
    pub fn sources(&self) -> &[String] {
        match self {
            Self::Year(names) | Self::Age(names) | Self::AgeRange(names, _) => names,
            Self::Copy(name)
            | Self::Hashed(name)
            | Self::Zip5(name)
            | Self::MonthYear(name)
            | Self::ActiveStatus(name)
            | Self::CancelledStatus(name) => std::slice::from_ref(name),
            Self::History { .. } => &[],
        }
    }

    /// The form of a birth that a value tells, whichever column it is made of; `None` where each value is of the field
    /// that was granted.
    pub(crate) fn birth_form(&self) -> Option<Form> {
        match self {
            Self::Year(_) => Some(Form::Year),
            Self::Age(_) => Some(Form::Age),
            Self::AgeRange(_, bands) => Some(Form::AgeRange(bands.clone())),
            _ => None,
        }
    }
}

/// The columns that tell a year of birth, the most exact first.
const BIRTH: [&str; 2] = ["date_of_birth", "birth_year"];

/// The name of the history column.
pub(crate) const HISTORY: &str = "voter_history";

impl Plan {
    /// Chooses the columns.
    ///
    /// * Columns stand in canonical order, whatever the order of the request, so that equal grants give equal files.
    /// * A granted field for which the snapshot has no column is listed in [`Plan::not_in_roll`].
    pub fn new(decision: &Decision, snapshot: &Snapshot) -> Self {
        let held: Vec<&str> = snapshot.manifest().voter_columns.iter().map(String::as_str).collect();
        Self::from_columns(decision, &held, snapshot.manifest().as_of)
    }

    /// Chooses the columns from the names of the columns held, for a list of the day `list_day`.
    pub(crate) fn from_columns(decision: &Decision, held: &[&str], list_day: Date) -> Self {
        let mut columns = Vec::new();
        let mut not_in_roll = Vec::new();
        for disposition in decision.released() {
            let made = columns_for(disposition, held);
            if made.is_empty() {
                not_in_roll.push(disposition.field);
            }
            columns.extend(made);
        }
        columns.sort_by_key(|column| (rank(&column.make), column.name.clone()));
        // Two fields may come to one column: a date of birth given as its year, and the year of birth.
        columns.dedup_by(|again, kept| {
            let is_same = again.name == kept.name;
            if is_same {
                kept.also.push(again.field);
            }
            is_same
        });
        Self { columns, not_in_roll, reckoned_on: year_end(list_day) }
    }

    /// The columns of the extract, in order.
    pub fn columns(&self) -> &[OutColumn] {
        &self.columns
    }

    /// Granted fields of which the roll holds nothing.
    pub fn not_in_roll(&self) -> &[Field] {
        &self.not_in_roll
    }

    /// The day for which ages are reckoned: the last of the list's year. One fixed day a year, so that no sequence of
    /// lists tells a birthday (channel C12).
    pub fn reckoned_on(&self) -> Date {
        self.reckoned_on
    }

    /// The snapshot's voter columns that are read for the extract.
    pub fn sources(&self) -> Vec<&str> {
        let sources = self.columns.iter().flat_map(|column| column.make.sources());
        sources.map(String::as_str).collect::<BTreeSet<&str>>().into_iter().collect()
    }

    /// Whether the participation table is read.
    pub fn reads_history(&self) -> bool {
        self.columns.iter().any(|column| matches!(column.make, Make::History { .. }))
    }
}

/// The last day of a day's year; the day itself if the calendar ends there.
fn year_end(day: Date) -> Date {
    Date::new(day.year(), 12, 31).unwrap_or(day)
}

/// Place in the extract: the place of the first source in the canonical table, then districts, then history.
fn rank(make: &Make) -> (usize, usize) {
    let Some(source) = make.sources().first() else { return (2, 0) };
    match schema::VOTER.iter().position(|column| column.name == source) {
        Some(position) => (0, position),
        None => (1, 0),
    }
}

fn columns_for(disposition: &Disposition, held: &[&str]) -> Vec<OutColumn> {
    let field = disposition.field;
    let one_held = |name: &str| held.contains(&name).then(|| name.to_owned());
    // A file may give a date of birth for some and a year for others: the date, or else the year.
    let birth = || {
        let names: Vec<String> = BIRTH.iter().filter_map(|name| one_held(name)).collect();
        (!names.is_empty()).then_some(names)
    };
    let one = |name: &str, make: Option<Make>| {
        make.map(|make| OutColumn { name: name.to_owned(), field, also: Vec::new(), make })
            .into_iter()
            .collect::<Vec<_>>()
    };
    match (field, &disposition.form) {
        (_, Form::Withheld) => Vec::new(),
        (Field::VoterHistory, _) => one(HISTORY, Some(Make::History { since: disposition.since })),
        (Field::StatusActive, _) => one("status", one_held("status").map(Make::ActiveStatus)),
        (Field::StatusCancelled, _) => one("cancelled", one_held("status").map(Make::CancelledStatus)),
        (Field::DateOfBirth | Field::Age, Form::AgeRange(bands)) => {
            one("age_range", birth().map(|names| Make::AgeRange(names, bands.clone())))
        }
        (Field::DateOfBirth, Form::Age) | (Field::Age, Form::Full) => one("age", birth().map(Make::Age)),
        (Field::DateOfBirth, Form::Year) | (Field::BirthYear, Form::Full) => one("birth_year", birth().map(Make::Year)),
        (Field::DateOfBirth, Form::MonthYear) => one("birth_month", one_held("date_of_birth").map(Make::MonthYear)),
        (_, form) => held
            .iter()
            .filter(|name| schema::field_of(name) == Some(field))
            .filter_map(|name| plain_column(name, field, form))
            .collect(),
    }
}

/// A column that keeps its name, in the form granted; none where the form leaves nothing of this column.
fn plain_column(name: &str, field: Field, form: &Form) -> Option<OutColumn> {
    let source = name.to_owned();
    let is_zip = matches!(name, "zip" | "mailing_zip");
    let is_city = matches!(name, "city" | "mailing_city");
    let is_street = matches!(
        name,
        "street_predirection" | "street_name" | "street_type" | "street_postdirection" | "mailing_street_name"
    );
    let make = match form {
        Form::Full => Make::Copy(source),
        Form::Hashed => Make::Hashed(source),
        Form::Zip5 if is_zip => Make::Zip5(source),
        Form::City if is_city => Make::Copy(source),
        Form::StreetWithoutUnit if is_city || is_street => Make::Copy(source),
        Form::Year => Make::Year(vec![source]),
        Form::MonthYear => Make::MonthYear(source),
        _ => return None,
    };
    let suffix = match make {
        Make::Year(_) => "_year",
        Make::MonthYear(_) => "_month",
        Make::Hashed(_) => "_code",
        _ => "",
    };
    Some(OutColumn { name: format!("{name}{suffix}"), field, also: Vec::new(), make })
}
