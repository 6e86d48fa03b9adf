//! Which columns of a file fill which column of a table, compiled from layout and header.

use std::ops::RangeInclusive;

use terms::Date;

use super::columns::{Column, FastMap};
use super::lines::Lines;
use super::outline::Outline;
use super::states::{INVALID, MASKED, PARTIAL, PLACEHOLDER, States, UNPARSED};
use crate::layout::{Binding, Bound, ColumnKind, DateForm, LayoutColumn, Merge};
use crate::read::scan::zero_filled;
use crate::read::value::clean;

/// How one column of a table is filled.
#[derive(Debug)]
pub(crate) struct ColumnPlan<'a> {
    /// The table's column.
    slot: usize,
    /// The table's column for the published text: always for codes, where it cannot be read for dates and numbers.
    raw_slot: Option<usize>,
    /// For a date of birth, the column of the year, unless the file fills that by itself.
    year_slot: Option<usize>,
    to: &'a str,
    inputs: Vec<Input<'a>>,
    /// What stands between joined inputs; `None` to take the first one that gives a value.
    between: Option<&'a str>,
}

/// One column of the file that goes into a column of the table.
#[derive(Debug)]
struct Input<'a> {
    /// The file's column, from 0.
    cell: usize,
    column: &'a LayoutColumn,
    conversion: Conversion<'a>,
    placeholder_days: Vec<i32>,
}

#[derive(Debug)]
enum Conversion<'a> {
    Text,
    /// Text filled up with zeros to so many digits.
    Zeros(usize),
    /// The first characters.
    First(usize),
    Code {
        words: FastMap<&'a [u8], &'a str>,
        otherwise: Option<&'static str>,
    },
    Date {
        forms: &'a [DateForm],
        days: RangeInclusive<i32>,
        latest: Date,
    },
    Integer,
}

/// A cell's value.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value<'v> {
    Null,
    Text(std::borrow::Cow<'v, [u8]>),
    Word(&'v str),
    Day(i32),
    Year(i16),
    Number(i16),
}

/// A value, or why there is none.
type Told<'v> = (Value<'v>, Option<&'static str>);

/// LIMIT: no living registrant was born, and none registered, before this day.
const EARLIEST: Date = Date::constant(1850, 1, 1);

/// LIMIT: a roll may carry dates shortly after its own day, such as those on which a registration takes effect; a date
/// more than a year later is a slip of the keyboard (2200, 2218 are published).
const DAYS_AHEAD_MAX: i32 = 366;

/// Days since 1 January 1970.
pub(crate) fn day_number(date: Date) -> i32 {
    let seconds = Date::constant(1970, 1, 1).duration_until(date).as_secs();
    i32::try_from(seconds / (24 * 60 * 60)).unwrap_or(i32::MAX)
}

/// The plans of the columns of a table that a bound file fills; `is_planned` tells by a column's name which.
pub(crate) fn column_plans<'a>(
    binding: &Binding<'a>,
    outline: &Outline,
    as_of: Date,
    is_planned: fn(&str) -> bool,
) -> Vec<ColumnPlan<'a>> {
    let mut plans: Vec<ColumnPlan<'a>> = Vec::new();
    let fills_year = binding.find("birth_year").is_some();
    for (cell, bound) in binding.columns.iter().enumerate() {
        let Bound::Column(column) = bound else { continue };
        if !column.groups.is_empty() {
            continue;
        }
        let own = Input::new(cell, column, as_of);
        let taken = column.also.iter().map(|taken| {
            (
                taken.to.as_str(),
                Input { cell, column, conversion: Conversion::First(taken.first), placeholder_days: Vec::new() },
            )
        });
        for (to, input) in std::iter::once((column.to.as_str(), own)).chain(taken) {
            let Some(slot) = outline.slot(to).filter(|_| is_planned(to)) else { continue };
            if let Some(plan) = plans.iter_mut().find(|plan| plan.slot == slot) {
                plan.inputs.push(input);
                continue;
            }
            let year_slot = outline.slot("birth_year").filter(|_| to == "date_of_birth" && !fills_year);
            plans.push(ColumnPlan {
                slot,
                raw_slot: outline.slot(&format!("{to}_raw")),
                year_slot,
                to,
                inputs: vec![input],
                between: match &column.merge {
                    Some(Merge::Join(between)) => Some(between),
                    Some(Merge::First) | None => None,
                },
            });
        }
    }
    plans
}

impl<'a> Input<'a> {
    fn new(cell: usize, column: &'a LayoutColumn, as_of: Date) -> Self {
        let conversion = match &column.kind {
            ColumnKind::Text => column.zeros.map_or(Conversion::Text, Conversion::Zeros),
            ColumnKind::Election(..) => Conversion::Text,
            ColumnKind::Integer => Conversion::Integer,
            ColumnKind::Date(forms) => {
                let latest = day_number(as_of).saturating_add(DAYS_AHEAD_MAX);
                Conversion::Date { forms, days: day_number(EARLIEST)..=latest, latest: as_of }
            }
            ColumnKind::Code(codes) => Conversion::Code {
                words: codes.iter().map(|(code, word)| (code.as_bytes(), word)).collect(),
                otherwise: match column.to.as_str() {
                    "status" => Some("unknown"),
                    // CAUTION: a mark that nobody can read protects.
                    "confidential_flag" => Some("true"),
                    _ => None,
                },
            },
        };
        let iso = column.placeholders.iter().filter_map(|text| text.parse::<Date>().ok());
        Self { cell, column, conversion, placeholder_days: iso.map(day_number).collect() }
    }

    /// What a cell says.
    fn tell<'v>(&self, value: &'v [u8]) -> Told<'v>
    where
        'a: 'v,
    {
        let is_one_of = |list: &[String]| list.iter().any(|text| text.as_bytes() == value);
        if value.is_empty() && !matches!(self.conversion, Conversion::Code { .. }) {
            (Value::Null, None)
        } else if is_one_of(&self.column.masked) {
            (Value::Null, Some(MASKED))
        } else if is_one_of(&self.column.placeholders) {
            (Value::Null, Some(PLACEHOLDER))
        } else {
            self.convert(value)
        }
    }

    fn convert<'v>(&self, value: &'v [u8]) -> Told<'v>
    where
        'a: 'v,
    {
        match &self.conversion {
            Conversion::Text => (Value::Text(value.into()), None),
            Conversion::Zeros(digits) => (Value::Text(zero_filled(value, *digits)), None),
            Conversion::First(most) => {
                let text = std::str::from_utf8(value).unwrap_or_default();
                let end = text.char_indices().nth(*most).map_or(text.len(), |(at, _)| at);
                (Value::Text(value.get(..end).unwrap_or(value).into()), None)
            }
            Conversion::Code { words, otherwise } => {
                let known = words.get(value).copied();
                // An empty cell without a code of its own is an absence, not an unknown code.
                let word = known.or(if value.is_empty() { None } else { *otherwise });
                let state = (known.is_none() && !value.is_empty()).then_some(UNPARSED);
                (word.map_or(Value::Null, Value::Word), state)
            }
            Conversion::Date { forms, days, latest } => {
                let Some(date) = forms.iter().find_map(|form| form.read(value, Some(*latest))) else {
                    return (Value::Null, Some(INVALID));
                };
                let Some(day) = date.date().map(day_number) else { return self.partial(date.year, days) };
                if self.placeholder_days.contains(&day) {
                    (Value::Null, Some(PLACEHOLDER))
                } else if days.contains(&day) {
                    (Value::Day(day), None)
                } else {
                    (Value::Null, Some(INVALID))
                }
            }
            Conversion::Integer => {
                let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<i16>().ok());
                (number.map_or(Value::Null, Value::Number), number.is_none().then_some(INVALID))
            }
        }
    }

    /// A date of which the day is not written.
    fn partial<'v>(&self, year: i16, days: &RangeInclusive<i32>) -> Told<'v> {
        let first = Date::new(year, 1, 1).ok().map(day_number);
        match first {
            Some(first) if self.placeholder_days.contains(&first) => (Value::Null, Some(PLACEHOLDER)),
            Some(first) if days.contains(&first) => (Value::Year(year), Some(PARTIAL)),
            _ => (Value::Null, Some(INVALID)),
        }
    }
}

impl<'a> ColumnPlan<'a> {
    /// The columns of the table that this plan fills.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.slot).chain(self.raw_slot).chain(self.year_slot)
    }

    /// Appends the column's values of some lines.
    pub(crate) fn fill(&self, lines: &Lines<'_>, columns: &mut [Column], states: &mut States<'a>) {
        match self.inputs.as_slice() {
            [input] => self.fill_one(input, lines, columns, states),
            inputs => self.fill_merged(inputs, lines, columns, states),
        }
    }

    fn fill_one(&self, input: &Input<'a>, lines: &Lines<'_>, columns: &mut [Column], states: &mut States<'a>) {
        let mut scratch = Vec::new();
        let quote = lines.quote();
        // Most columns are text that is kept as it is: no question is asked for each row that has one answer for all.
        match columns.get_mut(self.slot).filter(|_| self.is_plain(input)) {
            Some(Column::Text(texts)) => {
                for (line, cell) in lines.column(input.cell) {
                    texts.push(Some(clean(line, cell, quote, &mut scratch)).filter(|value| !value.is_empty()));
                }
                return;
            }
            Some(Column::Dict(words)) => {
                for (line, cell) in lines.column(input.cell) {
                    words.push(Some(clean(line, cell, quote, &mut scratch)).filter(|value| !value.is_empty()));
                }
                return;
            }
            _ => {}
        }
        for (row, (line, cell)) in lines.column(input.cell).enumerate() {
            let value = clean(line, cell, quote, &mut scratch);
            let (told, state) = input.tell(value);
            self.put(&told, columns);
            self.put_raw(value, state, columns);
            if let Some(state) = state {
                states.note(row, self.to, state);
            }
        }
    }

    /// Whether an input's values are its cells, and tell no other column anything.
    fn is_plain(&self, input: &Input<'a>) -> bool {
        matches!(input.conversion, Conversion::Text)
            && input.column.masked.is_empty()
            && input.column.placeholders.is_empty()
            && self.raw_slot.is_none()
            && self.year_slot.is_none()
    }

    fn fill_merged(&self, inputs: &[Input<'a>], lines: &Lines<'_>, columns: &mut [Column], states: &mut States<'a>) {
        let mut scratch = Vec::new();
        let mut joined: Vec<u8> = Vec::new();
        for (row, (line, cells)) in lines.rows().enumerate() {
            joined.clear();
            let mut first: Option<(Value<'static>, Vec<u8>)> = None;
            let mut why = None;
            for input in inputs {
                let cell = cells.get(input.cell).copied().unwrap_or_default();
                let value = clean(line, cell, lines.quote(), &mut scratch);
                let (told, state) = input.tell(value);
                why = why.or(state);
                match (self.between, &told) {
                    (_, Value::Null) => {}
                    (Some(between), Value::Text(text)) => {
                        if !joined.is_empty() {
                            joined.extend_from_slice(between.as_bytes());
                        }
                        joined.extend_from_slice(text);
                    }
                    _ => first = first.or_else(|| Some((told.owned(), value.to_vec()))),
                }
            }
            let (told, raw) = match first {
                Some((told, raw)) => (told, raw),
                None if joined.is_empty() => (Value::Null, Vec::new()),
                None => (Value::Text(joined.as_slice().into()), joined.clone()),
            };
            if told != Value::Null {
                why = None;
            }
            self.put(&told, columns);
            self.put_raw(&raw, why, columns);
            if let Some(state) = why {
                states.note(row, self.to, state);
            }
        }
    }

    fn put(&self, told: &Value<'_>, columns: &mut [Column]) {
        if let Some(column) = columns.get_mut(self.slot) {
            match (told, column) {
                (Value::Text(text), column) => column.push_text(text),
                (Value::Word(word), Column::Flag(flags)) => flags.push(Some(*word == "true")),
                (Value::Word(word), column) => column.push_text(word.as_bytes()),
                (Value::Day(day), Column::Date(days)) => days.push(Some(*day)),
                (Value::Number(number), Column::Int(numbers)) => numbers.push(Some(*number)),
                // The layout's parser lets no other pair through.
                (Value::Null | Value::Year(_) | Value::Day(_) | Value::Number(_), column) => column.push_null(),
            }
        }
        if let Some(Column::Int(years)) = self.year_slot.and_then(|slot| columns.get_mut(slot)) {
            years.push(match told {
                Value::Year(year) => Some(*year),
                _ => None,
            });
        }
    }

    fn put_raw(&self, value: &[u8], state: Option<&str>, columns: &mut [Column]) {
        let Some(raw) = self.raw_slot.and_then(|slot| columns.get_mut(slot)) else { return };
        let is_code = self.inputs.iter().any(|input| matches!(input.conversion, Conversion::Code { .. }));
        // A date that was read stands in its column; what was not read must not be lost.
        let is_kept = is_code || matches!(state, Some(INVALID | PARTIAL));
        if value.is_empty() || !is_kept { raw.push_null() } else { raw.push_text(value) }
    }
}

impl Value<'_> {
    fn owned(&self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Text(text) => Value::Text(text.clone().into_owned().into()),
            Value::Word(word) => Value::Text(word.as_bytes().to_vec().into()),
            Value::Day(day) => Value::Day(*day),
            Value::Year(year) => Value::Year(*year),
            Value::Number(number) => Value::Number(*number),
        }
    }
}
