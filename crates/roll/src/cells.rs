//! Values of a column, whatever their type: compared, told apart from nothing, written as text.

use std::fmt::Write;
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type, Int32Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef, BooleanArray, PrimitiveArray, StringArray};
use arrow_schema::DataType;

use terms::Date;

/// A column of a part, ready to be looked at row by row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cells<'a> {
    /// One string per row.
    Text(&'a StringArray),
    /// One key per row into distinct strings.
    Words(&'a PrimitiveArray<Int32Type>, &'a StringArray),
    /// Days since 1970.
    Days(&'a PrimitiveArray<Date32Type>),
    /// Small numbers.
    Int(&'a PrimitiveArray<Int16Type>),
    /// Yes or no.
    Flag(&'a BooleanArray),
    /// Positions.
    Position(&'a PrimitiveArray<UInt32Type>),
    /// Lines.
    Line(&'a PrimitiveArray<UInt64Type>),
    /// A type that no column has: every cell counts as empty.
    Nothing,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(array: &'a ArrayRef) -> Self {
        let found = match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().map(Self::Text),
            DataType::Dictionary(..) => array.as_dictionary_opt::<Int32Type>().and_then(|dictionary| {
                Some(Self::Words(dictionary.keys(), dictionary.values().as_string_opt::<i32>()?))
            }),
            DataType::Date32 => array.as_primitive_opt().map(Self::Days),
            DataType::Int16 => array.as_primitive_opt().map(Self::Int),
            DataType::Boolean => array.as_boolean_opt().map(Self::Flag),
            DataType::UInt32 => array.as_primitive_opt().map(Self::Position),
            DataType::UInt64 => array.as_primitive_opt().map(Self::Line),
            _ => None,
        };
        found.unwrap_or(Self::Nothing)
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text(array) => array.len(),
            Self::Words(keys, _) => keys.len(),
            Self::Days(array) => array.len(),
            Self::Int(array) => array.len(),
            Self::Flag(array) => array.len(),
            Self::Position(array) => array.len(),
            Self::Line(array) => array.len(),
            Self::Nothing => 0,
        }
    }

    /// Whether a row has a value.
    pub(crate) fn is_filled(&self, row: usize) -> bool {
        let within = row < self.len();
        within
            && match self {
                Self::Text(array) => array.is_valid(row),
                Self::Words(keys, _) => keys.is_valid(row),
                Self::Days(array) => array.is_valid(row),
                Self::Int(array) => array.is_valid(row),
                Self::Flag(array) => array.is_valid(row),
                Self::Position(array) => array.is_valid(row),
                Self::Line(array) => array.is_valid(row),
                Self::Nothing => false,
            }
    }

    /// The text of a row in a column of texts or words.
    pub(crate) fn text(&self, row: usize) -> Option<&'a str> {
        if !self.is_filled(row) {
            return None;
        }
        match self {
            Self::Text(array) => Some(array.value(row)),
            Self::Words(keys, values) => {
                let key = usize::try_from(keys.value(row)).ok()?;
                (key < values.len()).then(|| values.value(key))
            }
            _ => None,
        }
    }

    /// A number that is the same for two rows exactly when their values are, in a column of numbers.
    pub(crate) fn number(&self, row: usize) -> Option<u64> {
        if !self.is_filled(row) {
            return None;
        }
        match self {
            Self::Days(array) => Some(u64::from(array.value(row).cast_unsigned())),
            Self::Int(array) => Some(u64::from(array.value(row).cast_unsigned())),
            Self::Flag(array) => Some(u64::from(array.value(row))),
            Self::Position(array) => Some(u64::from(array.value(row))),
            Self::Line(array) => Some(array.value(row)),
            Self::Text(_) | Self::Words(..) | Self::Nothing => None,
        }
    }

    /// Appends the value of a row as text: dates in ISO form, `true` and `false`; nothing for an empty cell.
    pub(crate) fn write(&self, row: usize, out: &mut String) {
        if !self.is_filled(row) {
            return;
        }
        let written = match self {
            Self::Text(_) | Self::Words(..) => out.write_str(self.text(row).unwrap_or_default()),
            Self::Days(array) => match day_of(array.value(row)) {
                Some(day) => write!(out, "{day}"),
                None => write!(out, "day {}", array.value(row)),
            },
            Self::Int(array) => write!(out, "{}", array.value(row)),
            Self::Flag(array) => write!(out, "{}", array.value(row)),
            Self::Position(array) => write!(out, "{}", array.value(row)),
            Self::Line(array) => write!(out, "{}", array.value(row)),
            Self::Nothing => Ok(()),
        };
        debug_assert!(written.is_ok(), "writing into a string cannot fail");
    }
}

/// The calendar day of an Arrow `Date32`; `None` outside the years that a date can have.
pub(crate) fn day_of(days: i32) -> Option<Date> {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    let length = Duration::from_secs(u64::from(days.unsigned_abs()) * 24 * 60 * 60);
    if days < 0 { EPOCH.checked_sub(length).ok() } else { EPOCH.checked_add(length).ok() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Date32Array, DictionaryArray, Int16Array, UInt8Array};

    use super::*;

    fn written(array: &ArrayRef) -> Vec<String> {
        let cells = Cells::new(array);
        let text = |row| {
            let mut text = String::new();
            cells.write(row, &mut text);
            text
        };
        (0..array.len()).map(text).collect()
    }

    #[test]
    fn values_are_written_as_people_write_them() {
        let arrays: [(ArrayRef, [&str; 2]); 5] = [
            (Arc::new(StringArray::from(vec![Some("a b"), None])), ["a b", ""]),
            (Arc::new(DictionaryArray::<Int32Type>::from_iter([Some("x"), None])), ["x", ""]),
            (Arc::new(Date32Array::from(vec![Some(-1), None])), ["1969-12-31", ""]),
            (Arc::new(Int16Array::from(vec![Some(-7), None])), ["-7", ""]),
            (Arc::new(BooleanArray::from(vec![Some(true), None])), ["true", ""]),
        ];
        for (array, expected) in arrays {
            assert_eq!(written(&array), expected);
            let cells = Cells::new(&array);
            assert!(cells.is_filled(0) && !cells.is_filled(1) && !cells.is_filled(2));
        }
        let unknown: ArrayRef = Arc::new(UInt8Array::from(vec![1, 2]));
        assert_eq!(written(&unknown), ["", ""]);
    }

    #[test]
    fn days_before_and_after_the_epoch_and_days_that_are_none() {
        for (days, text) in [(0, "1970-01-01"), (17_000, "2016-07-18"), (-43_829, "1850-01-01")] {
            assert_eq!(day_of(days).unwrap().to_string(), text);
        }
        assert_eq!((day_of(i32::MIN), day_of(i32::MAX)), (None, None));
    }
}
