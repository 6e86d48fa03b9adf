//! Columns in the making.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, DictionaryArray, Int16Array, Int32Array, StringArray, UInt32Array, UInt64Array,
};
use arrow_buffer::{BooleanBufferBuilder, Buffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use arrow_schema::ArrowError;

use crate::schema::ColumnType;

/// A map of short texts. Its hash is keyed at random in each process, as that of the standard library, and several times
/// as fast on the few bytes of a word; nothing depends on the order of its entries.
pub(crate) type FastMap<K, V> = HashMap<K, V, ahash::RandomState>;

/// A column that grows row by row.
#[derive(Debug)]
pub(crate) enum Column {
    Text(Texts),
    Dict(Words),
    Date(Numbers<i32>),
    Int(Numbers<i16>),
    Flag(Flags),
    Position(Vec<u32>),
    Line(Vec<u64>),
}

impl Column {
    pub(crate) fn new(kind: ColumnType, rows: usize) -> Self {
        match kind {
            ColumnType::Text => Self::Text(Texts::new(rows)),
            ColumnType::Dict => Self::Dict(Words::new(rows)),
            ColumnType::Date => Self::Date(Numbers::new(rows)),
            ColumnType::Int => Self::Int(Numbers::new(rows)),
            ColumnType::Flag => Self::Flag(Flags::new(rows)),
            ColumnType::Position => Self::Position(Vec::with_capacity(rows)),
            ColumnType::Line => Self::Line(Vec::with_capacity(rows)),
        }
    }

    pub(crate) fn push_null(&mut self) {
        match self {
            Self::Text(texts) => texts.push(None),
            Self::Dict(words) => words.push(None),
            Self::Date(numbers) => numbers.push(None),
            Self::Int(numbers) => numbers.push(None),
            Self::Flag(flags) => flags.push(None),
            // Positions and lines are the reader's own and never missing.
            Self::Position(positions) => positions.push(0),
            Self::Line(lines) => lines.push(0),
        }
    }

    /// Appends a text to a text or dictionary column.
    pub(crate) fn push_text(&mut self, text: &[u8]) {
        match self {
            Self::Text(texts) => texts.push(Some(text)),
            Self::Dict(words) => words.push(Some(text)),
            _ => self.push_null(),
        }
    }

    pub(crate) fn finish(self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(texts) => Arc::new(texts.finish()?),
            Self::Dict(words) => words.finish()?,
            Self::Date(Numbers { values, mut nulls }) => Arc::new(Date32Array::try_new(values.into(), nulls.finish())?),
            Self::Int(Numbers { values, mut nulls }) => Arc::new(Int16Array::try_new(values.into(), nulls.finish())?),
            Self::Flag(Flags { mut values, mut nulls }) => Arc::new(BooleanArray::new(values.finish(), nulls.finish())),
            Self::Position(positions) => Arc::new(UInt32Array::from(positions)),
            Self::Line(lines) => Arc::new(UInt64Array::from(lines)),
        })
    }
}

/// UTF-8 texts.
#[derive(Debug)]
pub(crate) struct Texts {
    offsets: Vec<i32>,
    bytes: Vec<u8>,
    nulls: NullBufferBuilder,
}

impl Texts {
    pub(crate) fn new(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, bytes: Vec::new(), nulls: NullBufferBuilder::new(rows) }
    }

    pub(crate) fn push(&mut self, text: Option<&[u8]>) {
        match text {
            Some(text) => {
                self.bytes.extend_from_slice(text);
                self.nulls.append_non_null();
            }
            None => self.nulls.append_null(),
        }
        // LIMIT: holds by LINE_BYTES_MAX and PART_ROWS; see there.
        self.offsets.push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
    }

    /// Checks all texts at once for valid UTF-8.
    pub(crate) fn finish(mut self) -> Result<StringArray, ArrowError> {
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        StringArray::try_new(offsets, Buffer::from_vec(self.bytes), self.nulls.finish())
    }
}

/// UTF-8 texts of which few are distinct, in the order of their first appearance.
#[derive(Debug)]
pub(crate) struct Words {
    keys: Vec<i32>,
    nulls: NullBufferBuilder,
    words: Texts,
    key_of: FastMap<Box<[u8]>, i32>,
    /// The word of the row before, which many rows share.
    last: (Vec<u8>, i32),
}

impl Words {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            keys: Vec::with_capacity(rows),
            nulls: NullBufferBuilder::new(rows),
            words: Texts::new(0),
            key_of: FastMap::default(),
            last: (Vec::new(), -1),
        }
    }

    pub(crate) fn push(&mut self, word: Option<&[u8]>) {
        let Some(word) = word else {
            self.keys.push(0);
            self.nulls.append_null();
            return;
        };
        if self.last.1 < 0 || self.last.0 != word {
            self.last.1 = self.key(word);
            self.last.0.clear();
            self.last.0.extend_from_slice(word);
        }
        self.push_key(self.last.1);
    }

    /// Appends a word by the key that [`Words::key`] gave.
    fn push_key(&mut self, key: i32) {
        self.keys.push(key);
        self.nulls.append_non_null();
    }

    /// Appends words by their keys.
    pub(crate) fn extend_keys(&mut self, keys: impl Iterator<Item = Option<i32>>) {
        for key in keys {
            self.keys.push(key.unwrap_or_default());
            self.nulls.append(key.is_some());
        }
    }

    /// The key of a word.
    pub(crate) fn key(&mut self, word: &[u8]) -> i32 {
        if let Some(key) = self.key_of.get(word) {
            return *key;
        }
        let key = i32::try_from(self.key_of.len()).unwrap_or(i32::MAX);
        self.words.push(Some(word));
        self.key_of.insert(word.into(), key);
        key
    }

    pub(crate) fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        let keys = Int32Array::try_new(self.keys.into(), self.nulls.finish())?;
        Ok(Arc::new(DictionaryArray::try_new(keys, Arc::new(self.words.finish()?))?))
    }
}

/// Numbers or days.
#[derive(Debug)]
pub(crate) struct Numbers<N> {
    values: Vec<N>,
    nulls: NullBufferBuilder,
}

impl<N: Default> Numbers<N> {
    fn new(rows: usize) -> Self {
        Self { values: Vec::with_capacity(rows), nulls: NullBufferBuilder::new(rows) }
    }

    pub(crate) fn push(&mut self, value: Option<N>) {
        self.nulls.append(value.is_some());
        self.values.push(value.unwrap_or_default());
    }
}

/// Truth values.
#[derive(Debug)]
pub(crate) struct Flags {
    values: BooleanBufferBuilder,
    nulls: NullBufferBuilder,
}

impl Flags {
    fn new(rows: usize) -> Self {
        Self { values: BooleanBufferBuilder::new(rows), nulls: NullBufferBuilder::new(rows) }
    }

    pub(crate) fn push(&mut self, value: Option<bool>) {
        self.nulls.append(value.is_some());
        self.values.append(value.unwrap_or_default());
    }
}
