//! Who is on a roll, in numbers that tell of nobody.

mod count;
mod suppress;

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use terms::{Date, Jurisdiction};

use crate::reader::Reader;
use crate::snapshot::SnapshotError;
use count::{Counts, Labels};
use suppress::{cross, merge, parts};

/// The schema word of the numbers.
pub const STATS_SCHEMA: &str = "openroll.roll-stats/1";

/// What is shown for rows without a value.
pub const NO_VALUE: &str = "(none)";

/// What is shown for values that are put together without being named.
pub const OTHER_VALUES: &str = "(other)";

/// The smallest number that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MinCell(u64);

impl MinCell {
    /// Every number is told.
    pub const ALL: Self = Self(1);

    /// Ten, a common choice.
    pub const USUAL: Self = Self(10);

    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl FromStr for MinCell {
    type Err = MinCellError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(number) if number == 1 || number >= 3 => Ok(Self(number)),
            _ => Err(MinCellError(text.to_owned())),
        }
    }
}

impl std::fmt::Display for MinCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A smallest number that hides nothing, or everything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a smallest number: write 1 to tell all, or 3 or more; with 2 every hidden number would be 1")]
pub struct MinCellError(String);

/// Why a roll has no numbers to show.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum StatsError {
    /// It cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
    /// It was asked for by county, and no column tells the county.
    #[error("snapshot `{snapshot}` has no column of the county")]
    #[diagnostic(help("leave `--by county` out"))]
    NoCounty {
        /// The snapshot.
        snapshot: String,
    },
    /// There are so few that any number would tell of them.
    #[error("snapshot `{snapshot}` has {registrants} registrants, and no number below {min_cell} is told")]
    #[diagnostic(help("`--min-cell 1` tells every number; then it is private to the office"))]
    TooFew {
        /// The snapshot.
        snapshot: String,
        /// Its registrants.
        registrants: u64,
        /// The smallest number that is told.
        min_cell: MinCell,
    },
}

/// Who is on a roll, in numbers; those that could tell of somebody are hidden or put together.
///
/// A registrant is a row. How small numbers are hidden: see [`Stats::of`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stats {
    /// [`STATS_SCHEMA`].
    pub schema: String,
    /// The snapshot.
    pub snapshot: String,
    /// Whose roll it is.
    pub jurisdiction: Jurisdiction,
    /// The day that it speaks of.
    pub as_of: Date,
    /// Registrants.
    pub registrants: u64,
    /// The smallest number that is told.
    pub min_cell: MinCell,
    /// Status, county, party, age and year of registration, as far as the roll has them.
    pub dimensions: Vec<Dimension>,
    /// What became of the cells of each column.
    pub columns: Vec<ColumnFill>,
}

/// Registrants by one of their attributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// `status`, `county`, `party`, `age` or `registration_year`.
    pub name: String,
    /// Each value, in an order of its own; the numbers add up to all registrants.
    pub values: Vec<Value>,
    /// The same by county, if that was asked for; empty for the county itself.
    pub by_county: Vec<CountyRow>,
}

/// How many registrants have a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// The value; several that are told together joined by commas for status and age, else [`OTHER_VALUES`];
    /// [`NO_VALUE`] for rows without one.
    pub value: String,
    /// How many.
    pub registrants: u64,
}

/// A county's registrants by the values of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountyRow {
    /// The county.
    pub county: String,
    /// One number for each value, in its order; `None` where it is hidden.
    pub registrants: Vec<Option<u64>>,
}

/// What became of the cells of a column; `None` where a number is hidden. The numbers add up to all registrants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnFill {
    /// The column. Those of published codes are left out: they stand in the cells of their canonical columns.
    pub column: String,
    /// Cells with a value as the layout says.
    pub filled: Option<u64>,
    /// Cells in which nothing stood.
    pub absent: Option<u64>,
    /// Cells that the custodian blanked.
    pub masked: Option<u64>,
    /// Cells with what stands for "not known".
    pub placeholder: Option<u64>,
    /// Cells with what no value can be, such as 30 February.
    pub invalid: Option<u64>,
    /// Cells with a code that the layout does not know.
    pub unparsed: Option<u64>,
}

impl Stats {
    /// Counts the registrants of a snapshot.
    ///
    /// No number from 1 to below `min_cell` is told, and none can be worked out from those that are told, sums included:
    ///
    /// * Values with fewer registrants are put together; if they are too few even so, the smallest other value joins
    ///   them. Rows without a value do not, unless they are few themselves: their number stands with the columns too.
    /// * By county, a small number is hidden together with three others that form a rectangle with it, so that one
    ///   registrant could be moved around it without changing a sum. Where there is none, the table is hidden.
    /// * A column's small numbers are hidden together with the next larger ones: among the kinds of empty cells, or
    ///   filled and empty both.
    ///
    /// A smallest number of 1 tells all.
    ///
    /// CAUTION: the rules hold for one snapshot. Whoever has the numbers of two, or those for two smallest numbers, can
    /// subtract them.
    ///
    /// # Errors
    ///
    /// [`StatsError`] for a snapshot that cannot be read, or with fewer registrants than `min_cell`.
    pub fn of(roll: &Reader, min_cell: MinCell, is_by_county: bool) -> Result<Self, StatsError> {
        let manifest = roll.snapshot().manifest();
        let (id, registrants) = (manifest.snapshot.clone(), manifest.counts.voters);
        if registrants < min_cell.get() {
            return Err(StatsError::TooFew { snapshot: id, registrants, min_cell });
        }
        let counts = Counts::of(roll)?;
        let counties = match counts.counties() {
            Some(labels) if is_by_county => Some(told(labels, min_cell)),
            None if is_by_county => return Err(StatsError::NoCounty { snapshot: id }),
            _ => None,
        };
        let dimension = |labels: &Labels| dimension(labels, counties.as_deref(), min_cell);
        Ok(Self {
            schema: STATS_SCHEMA.to_owned(),
            snapshot: id,
            jurisdiction: manifest.jurisdiction,
            as_of: manifest.as_of,
            registrants,
            min_cell,
            dimensions: counts.dimensions.iter().map(dimension).collect(),
            columns: counts.columns.iter().map(|column| fill(column, min_cell)).collect(),
        })
    }
}

/// A value that is told, and the places of those that it is made of.
#[derive(Debug)]
struct Told {
    value: String,
    places: Vec<usize>,
}

/// The values of a dimension that are told.
fn told(labels: &Labels, min_cell: MinCell) -> Vec<Told> {
    let name = |places: &[usize]| {
        let names: Vec<&str> =
            places.iter().filter_map(|place| labels.values.get(*place)).map(|counted| counted.value.as_str()).collect();
        // A rare word of an open column may be a registrant's name that slipped into it.
        if labels.is_closed || names.len() == 1 { names.join(", ") } else { OTHER_VALUES.to_owned() }
    };
    let groups = merge(&labels.values, min_cell.get());
    groups.into_iter().map(|places| Told { value: name(&places), places }).collect()
}

fn dimension(labels: &Labels, counties: Option<&[Told]>, min_cell: MinCell) -> Dimension {
    let groups = told(labels, min_cell);
    let registrants = |places: &[usize]| {
        places.iter().filter_map(|place| labels.values.get(*place)).map(|value| value.registrants).sum()
    };
    let values = groups.iter().map(|told| Value { value: told.value.clone(), registrants: registrants(&told.places) });
    let values = values.collect();
    let counties = counties.filter(|_| labels.name != count::COUNTY).unwrap_or_default();
    let cell = |county: &Told, value: &Told| {
        let rows = county.places.iter().filter_map(|place| labels.by_county.get(*place));
        rows.map(|row| value.places.iter().filter_map(|place| row.get(*place)).sum::<u64>()).sum()
    };
    let table: Vec<Vec<u64>> =
        counties.iter().map(|county| groups.iter().map(|value| cell(county, value)).collect()).collect();
    let rows = counties.iter().zip(cross(&table, min_cell.get()));
    let by_county = rows.map(|(county, registrants)| CountyRow { county: county.value.clone(), registrants }).collect();
    Dimension { name: labels.name.to_owned(), values, by_county }
}

fn fill(column: &count::ColumnCounts, min_cell: MinCell) -> ColumnFill {
    let empty = [column.absent, column.masked, column.placeholder, column.invalid, column.unparsed];
    let [filled, whole] = parts([column.filled, empty.iter().sum()], min_cell.get());
    let [absent, masked, placeholder, invalid, unparsed] =
        if whole.is_some() { parts(empty, min_cell.get()) } else { [None; 5] };
    ColumnFill { column: column.column.clone(), filled, absent, masked, placeholder, invalid, unparsed }
}
