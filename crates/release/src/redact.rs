//! The redactor: decision × record batch → record batch. Everything that leaves passes through here.

use std::sync::Arc;

use arrow_array::builder::{Date32Builder, Int16Builder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type};
use arrow_array::{Array, ArrayRef, BooleanArray, PrimitiveArray, RecordBatch};
use arrow_schema::{DataType, Field as ArrowField, Schema, SchemaRef};
use roll::schema;
use terms::{Date, Field, Form};

use crate::code::CodeKey;
use crate::history::History;
use crate::mask::{Capped, Mask};
use crate::plan::{Make, OutColumn, Plan};
use crate::text::TextColumn;

/// Why a batch cannot be redacted: the snapshot is not what its manifest says.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("column `{column}` of the snapshot is missing or has an unexpected type")]
#[diagnostic(help("the snapshot is damaged or was written by other software; import the delivery again"))]
pub struct RedactError {
    column: String,
}

/// Builds the released rows of a part, in the plan's columns.
///
/// * `batch`: the columns [`Plan::sources`], one row per registrant of the part.
/// * Returns freshly built plain arrays: `Utf8`, `Date32` or `Int16`, no dictionary, no buffer of the input (channels
///   C39, C40), and types that follow from the plan, never from the data (C41).
///
/// # Errors
///
/// [`RedactError`] when a column of the plan is not in the batch.
pub fn redact(
    batch: &RecordBatch,
    plan: &Plan,
    mask: &Mask,
    history: &History,
    key: &CodeKey,
) -> Result<RecordBatch, RedactError> {
    let columns = plan.columns().iter().map(|column| {
        let named =
            |name: &String| batch.column_by_name(name).ok_or_else(|| RedactError { column: column.name.clone() });
        let sources = column.make.sources().iter().map(named).collect::<Result<Vec<_>, _>>()?;
        Cells { column, sources, caps: Caps::of(column, mask), mask, plan, history, key }.build()
    });
    let columns = columns.collect::<Result<Vec<ArrayRef>, RedactError>>()?;
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(mask.kept.len()));
    // INVARIANT: every column is built with one cell per kept row and the type that `schema_of` names.
    RecordBatch::try_new_with_options(schema_of(plan, batch), columns, &options)
        .map_err(|_| RedactError { column: "all".to_owned() })
}

/// The Arrow schema of the extract. Without metadata, which could carry a file name (C40).
fn schema_of(plan: &Plan, batch: &RecordBatch) -> SchemaRef {
    let fields = plan.columns().iter().map(|column| {
        let source = column.make.sources().first().and_then(|name| batch.column_by_name(name));
        ArrowField::new(&column.name, type_of(&column.make, source.map(|array| array.data_type())), true)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The type of a released column: dates and numbers keep theirs, everything else is text.
fn type_of(make: &Make, source: Option<&DataType>) -> DataType {
    match (make, source) {
        (Make::Copy(_), Some(DataType::Date32)) => DataType::Date32,
        (Make::Copy(_), Some(DataType::Int16)) | (Make::Year(_) | Make::Age(_), _) => DataType::Int16,
        _ => DataType::Utf8,
    }
}

/// The caps of record rules on one column.
struct Caps<'a> {
    rules: Vec<(&'a [bool], &'a Form)>,
}

impl<'a> Caps<'a> {
    fn of(column: &OutColumn, mask: &'a Mask) -> Self {
        let made_of: Vec<Field> = column.make.sources().iter().filter_map(|name| schema::field_of(name)).collect();
        let told = column.make.birth_form();
        let holds = |capped: &&Capped| {
            let answers = |field: &Field| column.field == *field || column.also.contains(field);
            // INVARIANT: what is closed of a birth stays in, whichever column a row's value comes from; a cap that leaves
            // as much as the column tells closes nothing
            // (conditions.rs::a_mark_on_either_source_blanks_the_year_and_the_age).
            let closes = told.as_ref().is_some_and(|told| capped.cap.is_coarser_than(told));
            let tells = |field: &Field| made_of.iter().any(|source| source.tells_of(*field));
            capped.fields.iter().any(|field| answers(field) || closes && tells(field))
        };
        let rules = mask.capped.iter().filter(holds);
        Self { rules: rules.map(|capped| (capped.rows.as_slice(), &capped.cap)).collect() }
    }

    /// The coarsest cap on a row, if any rule covers it.
    fn on(&self, row: usize) -> Option<&'a Form> {
        let covering = self.rules.iter().filter(|(rows, _)| rows.get(row) == Some(&true)).map(|(_, cap)| *cap);
        covering.reduce(|a, b| if b.is_coarser_than(a) { b } else { a })
    }
}

/// Everything that the cells of one column are made of.
struct Cells<'a> {
    column: &'a OutColumn,
    /// The columns it is made of, in the order in which they count.
    sources: Vec<&'a ArrayRef>,
    caps: Caps<'a>,
    mask: &'a Mask,
    plan: &'a Plan,
    history: &'a History,
    key: &'a CodeKey,
}

impl<'a> Cells<'a> {
    fn build(&self) -> Result<ArrayRef, RedactError> {
        let built = match &self.column.make {
            Make::History { .. } => Some(self.texts(|row, out| self.history.write(row, out))),
            Make::Year(_) => self.years().map(|year| self.ints(year)),
            Make::Age(_) => self.ages().map(|age| self.ints(move |row| age(row).map(i16::from))),
            Make::AgeRange(_, bands) => self.ages().map(|age| {
                self.texts(move |row, out| match age(row).and_then(|age| bands.band_of(age)) {
                    Some(band) => {
                        out.push_str(&band.to_string());
                        true
                    }
                    None => false,
                })
            }),
            Make::MonthYear(_) => self.dates().map(|dates| {
                self.texts(move |row, out| match day_of(dates, row) {
                    Some(day) => {
                        out.push_str(&day.strftime("%Y-%m").to_string());
                        true
                    }
                    None => false,
                })
            }),
            Make::ActiveStatus(_) => self.mapped(|word| matches!(word, "active" | "inactive").then_some(word)),
            Make::CancelledStatus(_) => self.mapped(|word| Some(if word == "removed" { "yes" } else { "no" })),
            Make::Zip5(_) => self.mapped(|word| word.get(..5)),
            Make::Copy(_) | Make::Hashed(_) => self.copied(),
        };
        built.ok_or_else(|| RedactError { column: self.column.name.clone() })
    }

    /// The kept rows, each with the cap on it.
    fn rows(&self) -> impl Iterator<Item = (usize, Option<&'a Form>)> {
        self.mask.kept.iter().map(|row| {
            let row = *row as usize;
            (row, self.caps.on(row))
        })
    }

    /// Text cells; `write` appends a cell and says whether there is one. A capped cell is blank, or a code where the
    /// cap is a code: the same blank as a value that is missing (C08).
    fn texts(&self, write: impl Fn(usize, &mut String) -> bool) -> ArrayRef {
        let all_hashed = matches!(self.column.make, Make::Hashed(_));
        let mut builder = StringBuilder::with_capacity(self.mask.kept.len(), self.mask.kept.len() * 8);
        let mut cell = String::new();
        for (row, cap) in self.rows() {
            cell.clear();
            let hashed = all_hashed || cap == Some(&Form::Hashed);
            let blank = cap.is_some() && !hashed;
            if blank || !write(row, &mut cell) {
                builder.append_null();
            } else if hashed {
                builder.append_value(self.key.code(self.column.field, &cell));
            } else {
                builder.append_value(&cell);
            }
        }
        Arc::new(builder.finish())
    }

    fn ints(&self, value: impl Fn(usize) -> Option<i16>) -> ArrayRef {
        let mut builder = Int16Builder::with_capacity(self.mask.kept.len());
        for (row, cap) in self.rows() {
            builder.append_option(if cap.is_some() { None } else { value(row) });
        }
        Arc::new(builder.finish())
    }

    fn days(&self, dates: &PrimitiveArray<Date32Type>) -> ArrayRef {
        let mut builder = Date32Builder::with_capacity(self.mask.kept.len());
        for (row, cap) in self.rows() {
            builder.append_option(if cap.is_some() { None } else { cell(dates, row) });
        }
        Arc::new(builder.finish())
    }

    /// The source as it is, in the type that it has.
    fn copied(&self) -> Option<ArrayRef> {
        let source = self.source()?;
        if let Some(column) = TextColumn::new(source) {
            return Some(self.texts(|row, out| push(out, column.get(row))));
        }
        match source.data_type() {
            DataType::Date32 => self.dates().map(|dates| self.days(dates)),
            DataType::Int16 => {
                let numbers = source.as_primitive_opt::<Int16Type>()?;
                Some(self.ints(|row| cell(numbers, row)))
            }
            DataType::Boolean => {
                let flags = source.as_boolean_opt()?;
                Some(self.texts(|row, out| push(out, flag(flags, row).map(|flag| if flag { "yes" } else { "no" }))))
            }
            _ => None,
        }
    }

    /// The source with each word mapped; `None` blanks the cell.
    fn mapped(&self, map: impl Fn(&'a str) -> Option<&'a str>) -> Option<ArrayRef> {
        let column = TextColumn::new(self.source()?)?;
        Some(self.texts(|row, out| push(out, column.get(row).and_then(&map))))
    }

    fn source(&self) -> Option<&'a ArrayRef> {
        self.sources.first().copied()
    }

    fn dates(&self) -> Option<&'a PrimitiveArray<Date32Type>> {
        self.source()?.as_primitive_opt::<Date32Type>()
    }

    /// The year of a row: of the first source that has one.
    fn years(&self) -> Option<impl Fn(usize) -> Option<i16> + 'a> {
        let years = self.sources.iter().map(|source| Years::of(source)).collect::<Option<Vec<_>>>()?;
        Some(move |row| years.iter().find_map(|years| years.on(row)))
    }

    /// The age of a row on the day of reckoning, which is the last of a year: so the year of birth decides alone.
    fn ages(&self) -> Option<impl Fn(usize) -> Option<u8> + 'a> {
        let years = self.years()?;
        let reckoned = self.plan.reckoned_on().year();
        Some(move |row| years(row).and_then(|year| u8::try_from(reckoned.checked_sub(year)?).ok()))
    }
}

/// A column that tells years.
enum Years<'a> {
    Days(&'a PrimitiveArray<Date32Type>),
    Numbers(&'a PrimitiveArray<Int16Type>),
}

impl<'a> Years<'a> {
    fn of(source: &'a ArrayRef) -> Option<Self> {
        let days = source.as_primitive_opt::<Date32Type>().map(Self::Days);
        days.or_else(|| source.as_primitive_opt::<Int16Type>().map(Self::Numbers))
    }

    fn on(&self, row: usize) -> Option<i16> {
        match self {
            Self::Days(dates) => day_of(dates, row).map(Date::year),
            Self::Numbers(numbers) => cell(numbers, row),
        }
    }
}

fn push(out: &mut String, word: Option<&str>) -> bool {
    out.push_str(word.unwrap_or_default());
    word.is_some()
}

fn cell<T: arrow_array::ArrowPrimitiveType>(array: &PrimitiveArray<T>, row: usize) -> Option<T::Native> {
    (row < array.len() && array.is_valid(row)).then(|| array.value(row))
}

fn flag(array: &BooleanArray, row: usize) -> Option<bool> {
    (row < array.len() && array.is_valid(row)).then(|| array.value(row))
}

fn day_of(dates: &PrimitiveArray<Date32Type>, row: usize) -> Option<Date> {
    crate::days::day_of(cell(dates, row)?)
}
