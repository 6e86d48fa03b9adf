//! Counting: every number as it is, for the rules of `suppress` to look at.

use std::collections::{BTreeMap, HashMap};

use arrow_array::{Array, ArrayRef, RecordBatch};
use rayon::prelude::*;
use terms::{Date, Status};

use super::NO_VALUE;
use super::suppress::Counted;
use crate::cells::{Cells, day_of};
use crate::reader::Reader;
use crate::schema::{COUNTY_COLUMNS, FIELD_STATE, SOURCE_FILE, SOURCE_ROW};
use crate::snapshot::{Snapshot, SnapshotError};
use crate::words::{NONE, Words};

/// The name of the dimension of counties.
pub(super) const COUNTY: &str = "county";

/// Bands of age: the first year beyond each.
const BANDS: [(i16, &str); 9] = [
    (18, "under 18"),
    (25, "18 to 24"),
    (35, "25 to 34"),
    (45, "35 to 44"),
    (55, "45 to 54"),
    (65, "55 to 64"),
    (75, "65 to 74"),
    (85, "75 to 84"),
    (i16::MAX, "85 and over"),
];

/// Columns that no reader has filled from a cell.
const OWN: [&str; 3] = [FIELD_STATE, SOURCE_FILE, SOURCE_ROW];

/// Every number of a snapshot.
#[derive(Debug)]
pub(super) struct Counts {
    pub(super) dimensions: Vec<Labels>,
    pub(super) columns: Vec<ColumnCounts>,
}

/// Registrants by the values of a dimension.
#[derive(Debug)]
pub(super) struct Labels {
    pub(super) name: &'static str,
    /// Whether values that are told together are named one by one: they are few, and no words of the file.
    pub(super) is_closed: bool,
    pub(super) values: Vec<Counted>,
    /// By county in the order of the counties, then by value.
    pub(super) by_county: Vec<Vec<u64>>,
}

/// What became of the cells of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct ColumnCounts {
    pub(super) column: String,
    pub(super) filled: u64,
    pub(super) absent: u64,
    pub(super) masked: u64,
    pub(super) placeholder: u64,
    pub(super) invalid: u64,
    pub(super) unparsed: u64,
}

/// A kind of count, with the columns that it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Status,
    County(&'static str),
    Party,
    Age,
    RegistrationYear,
}

/// Registrants by county and value; `None` for rows without one.
type Pairs = BTreeMap<(Option<String>, Option<String>), u64>;

impl Kind {
    /// Those that a snapshot can tell.
    fn of(snapshot: &Snapshot) -> Vec<Self> {
        let has = |column: &str| snapshot.has_column(column);
        let county = COUNTY_COLUMNS.into_iter().find(|column| has(column)).map(Self::County);
        let mut kinds = Vec::new();
        kinds.extend(Some(Self::Status).filter(|_| has("status")));
        kinds.extend(county);
        kinds.extend(Some(Self::Party).filter(|_| has("party")));
        kinds.extend(Some(Self::Age).filter(|_| AGE.iter().any(|column| has(column))));
        kinds.extend(Some(Self::RegistrationYear).filter(|_| has("registration_date")));
        kinds
    }

    fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::County(_) => COUNTY,
            Self::Party => "party",
            Self::Age => "age",
            Self::RegistrationYear => "registration_year",
        }
    }

    /// The number of each row's value.
    fn numbers(self, part: &Part<'_>, words: &mut Words) -> Result<Vec<u32>, SnapshotError> {
        let plain = |column: &str, words: &mut Words| Ok(words.numbers(Cells::new(&part.column(column)?)));
        match self {
            Self::Status => plain("status", words),
            Self::County(column) => plain(column, words),
            Self::Party => plain("party", words),
            Self::Age => {
                Ok(ages(part)?.into_iter().map(|age| age.map_or(NONE, |age| words.number(band(age)))).collect())
            }
            Self::RegistrationYear => {
                let days = part.column("registration_date")?;
                let year = |row: usize| Some(day(Cells::new(&days), row)?.year().to_string());
                Ok((0..days.len()).map(|row| year(row).map_or(NONE, |year| words.number(&year))).collect())
            }
        }
    }

    /// Puts values in an order that people expect; rows without one come last.
    fn order(self, values: &mut [Counted]) {
        let place = |known: &[&str], value: &str| known.iter().position(|word| *word == value).unwrap_or(usize::MAX);
        let statuses: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
        let bands = BANDS.map(|(_, band)| band);
        values.sort_by_cached_key(|counted| {
            let rank = match self {
                Self::Status => place(&statuses, &counted.value),
                Self::Age => place(&bands, &counted.value),
                // The largest first.
                Self::Party => usize::try_from(u64::MAX - counted.registrants).unwrap_or(usize::MAX),
                Self::County(_) | Self::RegistrationYear => 0,
            };
            (counted.value == NO_VALUE, rank, counted.value.clone())
        });
    }
}

/// Columns that tell the age, the most exact first.
const AGE: [&str; 3] = ["date_of_birth", "birth_year", "age"];

/// A part of a snapshot.
#[derive(Debug, Clone, Copy)]
struct Part<'a> {
    roll: &'a Reader,
    part: usize,
}

impl Part<'_> {
    fn column(&self, column: &str) -> Result<ArrayRef, SnapshotError> {
        let batch: RecordBatch = self.roll.read_voters(self.part, &[column])?;
        let none = || SnapshotError::NoColumn { column: column.to_owned() };
        batch.columns().first().cloned().ok_or_else(none)
    }
}

/// The age of each registrant on the snapshot's day: from the date of birth; else the age that the year of birth gives
/// at the end of that day's year; else as the file has it.
fn ages(part: &Part<'_>) -> Result<Vec<Option<i16>>, SnapshotError> {
    let as_of = part.roll.snapshot().manifest().as_of;
    let mut ages: Vec<Option<i16>> = Vec::new();
    for column in AGE.into_iter().filter(|column| part.roll.snapshot().has_column(column)) {
        let array = part.column(column)?;
        let cells = Cells::new(&array);
        ages.resize(array.len(), None);
        for (row, age) in ages.iter_mut().enumerate().filter(|(_, age)| age.is_none()) {
            *age = match (column, cells) {
                ("date_of_birth", cells) => day(cells, row).map(|born| years_between(born, as_of)),
                ("birth_year", Cells::Int(years)) if cells.is_filled(row) => {
                    Some(as_of.year().saturating_sub(years.value(row)))
                }
                ("age", Cells::Int(years)) if cells.is_filled(row) => Some(years.value(row)),
                _ => None,
            };
        }
    }
    Ok(ages)
}

fn day(cells: Cells<'_>, row: usize) -> Option<Date> {
    match cells {
        Cells::Days(days) if cells.is_filled(row) => day_of(days.value(row)),
        _ => None,
    }
}

/// Whole years from one day to another.
fn years_between(born: Date, day: Date) -> i16 {
    let is_before_birthday = (day.month(), day.day()) < (born.month(), born.day());
    day.year().saturating_sub(born.year()).saturating_sub(i16::from(is_before_birthday))
}

fn band(age: i16) -> &'static str {
    BANDS.iter().find(|(beyond, _)| age < *beyond).map_or("85 and over", |(_, band)| band)
}

impl Counts {
    pub(super) fn of(roll: &Reader) -> Result<Self, SnapshotError> {
        let kinds = Kind::of(roll.snapshot());
        let counted: Vec<(Vec<Pairs>, Vec<ColumnCounts>)> = (0..roll.snapshot().parts())
            .into_par_iter()
            .map(|part| {
                let part = Part { roll, part };
                Ok((pairs(&part, &kinds)?, columns(&part)?))
            })
            .collect::<Result<_, SnapshotError>>()?;
        let mut pairs = vec![Pairs::new(); kinds.len()];
        let mut columns: Vec<ColumnCounts> = Vec::new();
        for (part_pairs, part_columns) in counted {
            for (sum, part) in pairs.iter_mut().zip(part_pairs) {
                part.into_iter().for_each(|(pair, registrants)| *sum.entry(pair).or_default() += registrants);
            }
            if columns.is_empty() {
                columns = part_columns;
            } else {
                columns.iter_mut().zip(&part_columns).for_each(|(sum, part)| sum.add(part));
            }
        }
        let counties = kinds.iter().zip(&pairs).find(|(kind, _)| matches!(kind, Kind::County(_)));
        let counties = counties.map(|(kind, pairs)| values(*kind, pairs)).unwrap_or_default();
        let dimensions = kinds.iter().zip(&pairs).map(|(kind, pairs)| labels(*kind, pairs, &counties)).collect();
        Ok(Self { dimensions, columns })
    }

    /// The dimension of counties, if the roll has one.
    pub(super) fn counties(&self) -> Option<&Labels> {
        self.dimensions.iter().find(|labels| labels.name == COUNTY)
    }
}

/// Registrants by value, in order.
fn values(kind: Kind, pairs: &Pairs) -> Vec<Counted> {
    let mut sums: BTreeMap<&Option<String>, u64> = BTreeMap::new();
    for ((_, value), registrants) in pairs {
        *sums.entry(value).or_default() += registrants;
    }
    let counted = |(value, registrants): (&Option<String>, u64)| Counted {
        value: value.clone().unwrap_or_else(|| NO_VALUE.to_owned()),
        registrants,
        // Both stand with the columns too: as cells that are not filled, or hold a code that is not known.
        is_known: value.is_none() || (kind == Kind::Status && value.as_deref() == Some(Status::Unknown.as_str())),
    };
    let mut values: Vec<Counted> = sums.into_iter().map(counted).collect();
    kind.order(&mut values);
    values
}

fn labels(kind: Kind, pairs: &Pairs, counties: &[Counted]) -> Labels {
    let values = values(kind, pairs);
    let places = |values: &[Counted]| -> HashMap<String, usize> {
        values.iter().enumerate().map(|(place, counted)| (counted.value.clone(), place)).collect()
    };
    let (value_places, county_places) = (places(&values), places(counties));
    let mut by_county = vec![vec![0; values.len()]; counties.len()];
    for ((county, value), registrants) in pairs {
        let place = |places: &HashMap<String, usize>, word: &Option<String>| {
            places.get(word.as_deref().unwrap_or(NO_VALUE)).copied()
        };
        let cell = place(&county_places, county).and_then(|county| by_county.get_mut(county));
        let cell = cell.zip(place(&value_places, value)).and_then(|(row, value)| row.get_mut(value));
        if let Some(cell) = cell {
            *cell += registrants;
        }
    }
    let is_closed = matches!(kind, Kind::Status | Kind::Age);
    Labels { name: kind.name(), is_closed, values, by_county }
}

/// The pairs of a part, kind by kind.
fn pairs(part: &Part<'_>, kinds: &[Kind]) -> Result<Vec<Pairs>, SnapshotError> {
    let mut county_words = Words::default();
    let county = kinds.iter().find(|kind| matches!(kind, Kind::County(_)));
    let counties = county.map(|county| county.numbers(part, &mut county_words)).transpose()?;
    let mut all = Vec::new();
    for kind in kinds {
        let mut words = Words::default();
        let numbers = kind.numbers(part, &mut words)?;
        let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
        for (row, value) in numbers.iter().enumerate() {
            let county = counties.as_ref().and_then(|counties| counties.get(row)).copied().unwrap_or(NONE);
            *counts.entry((county, *value)).or_default() += 1;
        }
        let word = |words: &Words, number: u32| words.word(number).map(str::to_owned);
        let named = counts
            .into_iter()
            .map(|((county, value), registrants)| ((word(&county_words, county), word(&words, value)), registrants));
        all.push(named.collect());
    }
    Ok(all)
}

impl ColumnCounts {
    fn add(&mut self, other: &Self) {
        self.filled += other.filled;
        self.absent += other.absent;
        self.masked += other.masked;
        self.placeholder += other.placeholder;
        self.invalid += other.invalid;
        self.unparsed += other.unparsed;
    }
}

/// What became of the cells of a part.
fn columns(part: &Part<'_>) -> Result<Vec<ColumnCounts>, SnapshotError> {
    let names = &part.roll.snapshot().manifest().voter_columns;
    let states = match part.roll.snapshot().has_column(FIELD_STATE) {
        true => states(Cells::new(&part.column(FIELD_STATE)?)),
        false => HashMap::new(),
    };
    let mut all = Vec::new();
    for name in names.iter().filter(|name| !OWN.contains(&name.as_str()) && !name.ends_with("_raw")) {
        let array = part.column(name)?;
        let empty = array.null_count() as u64;
        let mut counts = ColumnCounts { column: name.clone(), ..ColumnCounts::default() };
        counts.filled = array.len() as u64 - empty;
        counts.absent = empty;
        for (row, state) in states.get(name).into_iter().flatten() {
            // A code that is not known may have a value all the same, `unknown`; the cell counts once.
            let from = if Cells::new(&array).is_filled(*row) { &mut counts.filled } else { &mut counts.absent };
            *from = from.saturating_sub(1);
            match state {
                State::Masked => counts.masked += 1,
                State::Placeholder => counts.placeholder += 1,
                State::Invalid => counts.invalid += 1,
                State::Unparsed => counts.unparsed += 1,
            }
        }
        all.push(counts);
    }
    Ok(all)
}

/// Why a cell is not what it could be.
#[derive(Debug, Clone, Copy)]
enum State {
    Masked,
    Placeholder,
    Invalid,
    Unparsed,
}

/// The rows of each column whose cells are not as they could be.
fn states(cells: Cells<'_>) -> HashMap<String, Vec<(usize, State)>> {
    let mut words = Words::default();
    let numbers = words.numbers(cells);
    let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, number) in numbers.into_iter().enumerate().filter(|(_, number)| *number != NONE) {
        rows.entry(number).or_default().push(row);
    }
    let mut states: HashMap<String, Vec<(usize, State)>> = HashMap::new();
    for (number, rows) in rows {
        let entries = words.word(number).unwrap_or_default().split(';').filter_map(|entry| entry.rsplit_once('='));
        for (column, state) in entries {
            let state = match state {
                "masked" => State::Masked,
                "placeholder" => State::Placeholder,
                "invalid" => State::Invalid,
                _ => State::Unparsed,
            };
            states.entry(column.to_owned()).or_default().extend(rows.iter().map(|row| (*row, state)));
        }
    }
    states
}
