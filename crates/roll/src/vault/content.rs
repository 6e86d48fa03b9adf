//! What a table holds, as one digest: the same for the same rows, however they are encoded, compressed or encrypted.
//!
//! CAUTION: private. Who knows all of a roll but one value can test guesses of it. The digest of a snapshot is over all of
//! its files, so that this takes the whole roll, and no less than the digests of the delivered files take.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{ArrowPrimitiveType, Date32Type, Int16Type, Int32Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrowNativeTypeOp, BooleanArray, DictionaryArray, PrimitiveArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Schema};
use sha2::{Digest, Sha256};

/// Begins what is digested, and grows when the same rows would give another digest.
const MARK: &[u8] = b"openroll content 1\n";

/// Bytes that are put together before they are digested.
const PIECE_BYTES: usize = 64 * 1024;

/// A SHA-256.
pub(crate) type Sum = [u8; 32];

/// The digest of what one file holds, piece by piece.
#[derive(Debug, Clone, Default)]
pub(crate) struct Content(Sha256);

impl Content {
    /// Takes the next bytes.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Takes the next rows, which are one row group.
    ///
    /// # Errors
    ///
    /// [`ArrowError`] for a type that no column has.
    pub(crate) fn batch(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        self.0.update(of_batch(batch)?);
        Ok(())
    }

    /// The digest.
    pub(crate) fn sum(self) -> Sum {
        self.0.finalize().into()
    }
}

/// The digest of a table: names, and values column by column, each with its length; what stands under a null is not read.
///
/// # Errors
///
/// [`ArrowError`] for a type that no column has.
fn of_batch(batch: &RecordBatch) -> Result<Sum, ArrowError> {
    let mut out = Pieces { digest: Sha256::new(), piece: Vec::with_capacity(PIECE_BYTES + 64) };
    out.put(MARK);
    out.number(batch.num_rows());
    out.number(batch.num_columns());
    let schema: &Schema = batch.schema_ref();
    for (field, column) in schema.fields().iter().zip(batch.columns()) {
        out.text(field.name().as_bytes());
        put_column(&mut out, column.as_ref())?;
    }
    out.flush();
    Ok(out.digest.finalize().into())
}

fn put_column(out: &mut Pieces, column: &dyn Array) -> Result<(), ArrowError> {
    match column.data_type() {
        DataType::Utf8 => {
            out.put(b"text");
            put_text(out, column.as_string());
        }
        DataType::Dictionary(key, _) if **key == DataType::Int32 => {
            out.put(b"dict");
            put_dictionary(out, column.as_dictionary())?;
        }
        DataType::Date32 => put_primitive::<Date32Type>(out, b"date", column.as_primitive()),
        DataType::Int16 => put_primitive::<Int16Type>(out, b"int ", column.as_primitive()),
        DataType::UInt32 => put_primitive::<UInt32Type>(out, b"posi", column.as_primitive()),
        DataType::UInt64 => put_primitive::<UInt64Type>(out, b"line", column.as_primitive()),
        DataType::Boolean => {
            out.put(b"flag");
            put_flags(out, column.as_boolean());
        }
        other => return Err(ArrowError::SchemaError(format!("no column has the type {other}"))),
    }
    Ok(())
}

/// Lengths first, then the text in one piece. A length takes one byte; 254 stands before a longer one, and 255 is a null.
fn put_text(out: &mut Pieces, column: &StringArray) {
    const LONGER: u8 = 254;
    const NULL: u8 = 255;
    for text in column {
        match (text.map(str::len), text.and_then(|text| u8::try_from(text.len()).ok())) {
            (None, _) => out.put(&[NULL]),
            (Some(_), Some(length)) if length < LONGER => out.put(&[length]),
            (Some(length), _) => {
                out.put(&[LONGER]);
                out.number(length);
            }
        }
    }
    match (column.null_count(), column.value_offsets()) {
        (0, [first, .., last]) => {
            let range = usize::try_from(*first).unwrap_or(0)..usize::try_from(*last).unwrap_or(0);
            out.put(column.value_data().get(range).unwrap_or_default());
        }
        _ => column.iter().flatten().for_each(|text| out.put(text.as_bytes())),
    }
}

/// How many words there are; their numbers row by row, in the order in which they first occur, whatever the order of the
/// dictionary; then the words. A number takes as many bytes as the count needs, and a null is the largest that fits.
fn put_dictionary(out: &mut Pieces, column: &DictionaryArray<Int32Type>) -> Result<(), ArrowError> {
    let unknown = || ArrowError::SchemaError("a dictionary of something else than text".to_owned());
    let words = column.values().as_string_opt::<i32>().ok_or_else(unknown)?;
    let mut numbers: Vec<Option<u32>> = vec![None; words.len()];
    // Two entries of one dictionary may hold the same word.
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut order: Vec<&str> = Vec::new();
    let mut number_of = |key: Option<i32>| {
        let place = usize::try_from(key?).ok().filter(|place| words.is_valid(*place))?;
        Some(*numbers.get_mut(place)?.get_or_insert_with(|| {
            *known.entry(words.value(place)).or_insert_with(|| {
                order.push(words.value(place));
                // LIMIT: a dictionary with 32-bit keys has fewer words.
                u32::try_from(order.len() - 1).unwrap_or(u32::MAX)
            })
        }))
    };
    let rows: Vec<u32> = column.keys().iter().map(|key| number_of(key).unwrap_or(u32::MAX)).collect();
    out.number(order.len());
    match order.len() {
        0..=0xff => rows.iter().for_each(|row| out.put(row.to_le_bytes().first_chunk::<1>().unwrap_or(&[0]))),
        0x100..=0xffff => rows.iter().for_each(|row| out.put(row.to_le_bytes().first_chunk::<2>().unwrap_or(&[0; 2]))),
        _ => rows.iter().for_each(|row| out.put(&row.to_le_bytes())),
    }
    order.iter().for_each(|word| out.text(word.as_bytes()));
    Ok(())
}

fn put_primitive<T: ArrowPrimitiveType>(out: &mut Pieces, kind: &[u8], column: &PrimitiveArray<T>)
where
    T::Native: Bytes,
{
    out.put(kind);
    put_nulls(out, column);
    if column.null_count() > 0 {
        column.iter().for_each(|value| value.unwrap_or(T::Native::ZERO).put(out));
    } else if cfg!(target_endian = "little") {
        // As they lie in memory, which is how every machine puts them.
        out.put(column.values().inner().as_slice());
    } else {
        column.values().iter().for_each(|value| value.put(out));
    }
}

fn put_flags(out: &mut Pieces, column: &BooleanArray) {
    put_nulls(out, column);
    column.iter().for_each(|flag| out.put(&[u8::from(flag == Some(true))]));
}

/// Whether there are nulls, and one byte for each row if so.
fn put_nulls(out: &mut Pieces, column: &dyn Array) {
    match column.nulls().filter(|nulls| nulls.null_count() > 0) {
        None => out.put(&[0]),
        Some(nulls) => {
            out.put(&[1]);
            nulls.iter().for_each(|is_valid| out.put(&[u8::from(is_valid)]));
        }
    }
}

/// A number as bytes.
trait Bytes: Copy {
    fn put(self, out: &mut Pieces);
}

macro_rules! bytes {
    ($($number:ty),*) => {
        $(impl Bytes for $number {
            fn put(self, out: &mut Pieces) {
                out.put(&self.to_le_bytes());
            }
        })*
    };
}

bytes!(i16, i32, u32, u64);

/// Collects small values, so that the digest gets large pieces.
struct Pieces {
    digest: Sha256,
    piece: Vec<u8>,
}

impl Pieces {
    fn put(&mut self, bytes: &[u8]) {
        if bytes.len() >= PIECE_BYTES {
            self.flush();
            self.digest.update(bytes);
            return;
        }
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES {
            self.flush();
        }
    }

    fn flush(&mut self) {
        self.digest.update(&self.piece);
        self.piece.clear();
    }

    fn number(&mut self, number: usize) {
        self.put(&(number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &[u8]) {
        self.number(text.len());
        self.put(text);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Date32Array, Int16Array, Int32Array, UInt64Array};

    use super::*;

    fn sum(columns: Vec<(&str, ArrayRef)>) -> Sum {
        of_batch(&RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(n, a)| (n, a, true))).unwrap())
            .unwrap()
    }

    fn dictionary(keys: &[Option<i32>], words: &[&str]) -> ArrayRef {
        let words = Arc::new(StringArray::from_iter_values(words));
        Arc::new(DictionaryArray::<Int32Type>::new(Int32Array::from(keys.to_vec()), words))
    }

    #[test]
    fn the_same_words_give_the_same_digest_whatever_the_dictionary() {
        let plain = sum(vec![("a", dictionary(&[Some(0), None, Some(1), Some(0)], &["x", "y"]))]);
        let other = sum(vec![("a", dictionary(&[Some(3), None, Some(1), Some(2)], &["unused", "y", "x", "x"]))]);
        assert_eq!(plain, other);
        for keys in [[Some(0), None, Some(1), Some(1)], [Some(0), Some(0), Some(1), Some(0)]] {
            assert_ne!(plain, sum(vec![("a", dictionary(&keys, &["x", "y"]))]));
        }
        assert_ne!(plain, sum(vec![("a", dictionary(&[Some(0), None, Some(1), Some(0)], &["x", "z"]))]));
    }

    #[test]
    fn a_null_is_no_word_however_many_words_there_are() {
        for words in [1, 255, 256, 257, 65_535, 65_536, 65_537] {
            let names: Vec<String> = (0..words).map(|number| number.to_string()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let keys = |last: Option<i32>| (0..words).map(Some).chain([last]).collect::<Vec<_>>();
            let of = |last| sum(vec![("a", dictionary(&keys(last), &names))]);
            let all = [of(None), of(Some(0)), of(Some(words - 1))];
            assert_ne!(all[0], all[1], "{words}");
            assert_ne!(all[0], all[2], "{words}");
        }
    }

    #[test]
    fn what_stands_under_a_null_does_not_count_and_all_else_does() {
        let dates = |values: Vec<i32>, nulls: Vec<bool>| -> ArrayRef {
            Arc::new(Date32Array::new(values.into(), Some(nulls.into())))
        };
        let one = sum(vec![("a", dates(vec![1, 7], vec![true, false]))]);
        assert_eq!(one, sum(vec![("a", dates(vec![1, 8], vec![true, false]))]));
        assert_ne!(one, sum(vec![("a", dates(vec![2, 7], vec![true, false]))]));
        assert_ne!(one, sum(vec![("a", dates(vec![1, 0], vec![true, true]))]));
        assert_ne!(one, sum(vec![("b", dates(vec![1, 7], vec![true, false]))]));
        let text = |values: Vec<Option<&str>>| sum(vec![("a", Arc::new(StringArray::from(values)) as ArrayRef)]);
        let all = [
            text(vec![Some("ab"), Some("c")]),
            text(vec![Some("a"), Some("bc")]),
            text(vec![Some("abc"), Some("")]),
            text(vec![Some("abc"), None]),
            text(vec![Some("abc")]),
            text(vec![]),
        ];
        for (place, one) in all.iter().enumerate() {
            assert!(all[place + 1..].iter().all(|other| other != one), "{place}");
        }
        let whole = StringArray::from(vec!["x", "ab", "c"]);
        assert_eq!(sum(vec![("a", Arc::new(whole.slice(1, 2)))]), all[0]);
    }

    #[test]
    fn every_type_of_a_column_counts() {
        let columns = || -> Vec<(&str, ArrayRef)> {
            vec![
                ("flag", Arc::new(BooleanArray::from(vec![Some(true), None]))),
                ("int", Arc::new(Int16Array::from(vec![1, 2]))),
                ("line", Arc::new(UInt64Array::from(vec![1, 2]))),
            ]
        };
        let one = sum(columns());
        assert_eq!(one, sum(columns()));
        let changed: [(usize, ArrayRef); 3] = [
            (0, Arc::new(BooleanArray::from(vec![Some(true), Some(false)]))),
            (1, Arc::new(Int16Array::from(vec![1, 3]))),
            (2, Arc::new(UInt64Array::from(vec![0, 2]))),
        ];
        for (place, array) in changed {
            let mut other = columns();
            other[place].1 = array;
            assert_ne!(one, sum(other));
        }
        let float: ArrayRef = Arc::new(arrow_array::Float32Array::from(vec![1.0]));
        assert!(of_batch(&RecordBatch::try_from_iter([("f", float)]).unwrap()).is_err());
    }
}
