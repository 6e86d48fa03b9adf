//! Reading text cells, whether the column is plain or a dictionary.

use arrow_array::cast::AsArray;
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, StringArray};
use arrow_schema::DataType;

/// A text column of a snapshot.
pub(crate) enum TextColumn<'a> {
    /// One string per row.
    Plain(&'a StringArray),
    /// One key per row into distinct strings.
    Dict {
        /// Null where the row has no value.
        keys: &'a arrow_array::PrimitiveArray<Int32Type>,
        /// The distinct strings.
        values: &'a StringArray,
    },
}

impl<'a> TextColumn<'a> {
    /// The column as text; `None` where its type is another.
    pub(crate) fn new(array: &'a ArrayRef) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => array.as_string_opt::<i32>().map(Self::Plain),
            DataType::Dictionary(..) => {
                let dictionary = array.as_dictionary_opt::<Int32Type>()?;
                let values = dictionary.values().as_string_opt::<i32>()?;
                Some(Self::Dict { keys: dictionary.keys(), values })
            }
            _ => None,
        }
    }

    /// The cell of a row; `None` where it is null or there is no such row.
    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Plain(array) => (row < array.len() && array.is_valid(row)).then(|| array.value(row)),
            Self::Dict { keys, values } => {
                let key = (row < keys.len() && keys.is_valid(row)).then(|| keys.value(row))?;
                let key = usize::try_from(key).ok()?;
                (key < values.len()).then(|| values.value(key))
            }
        }
    }

    /// What `look_up` says of each cell, in order; called once per distinct string of a dictionary.
    pub(crate) fn map_cells<T: Copy>(&self, look_up: impl Fn(&str) -> Option<T>) -> Vec<Option<T>> {
        match self {
            Self::Plain(array) => array.iter().map(|cell| cell.and_then(&look_up)).collect(),
            Self::Dict { keys, values } => {
                let known: Vec<Option<T>> = values.iter().map(|value| value.and_then(&look_up)).collect();
                let of_key = |key: i32| known.get(usize::try_from(key).ok()?).copied().flatten();
                keys.iter().map(|key| key.and_then(of_key)).collect()
            }
        }
    }
}
