//! Two columns, row by row.

use std::collections::HashMap;

use arrow_array::{Array, StringArray};

use crate::cells::Cells;

/// How a cell differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Two values.
    Other,
    /// A value where there was none.
    Filled,
    /// None where there was a value.
    Emptied,
}

/// Tells of each pair of rows whose cells differ.
pub(super) fn differences(
    before: Cells<'_>,
    after: Cells<'_>,
    pairs: &[(u32, u32)],
    mut tell: impl FnMut(&(u32, u32), Change),
) {
    match (before, after) {
        (Cells::Words(keys_before, words_before), Cells::Words(keys_after, words_after))
            if words_before.len().max(words_after.len()) < pairs.len() =>
        {
            let translated = translate(words_before, words_after);
            let same = |a: usize, b: usize| {
                let key = usize::try_from(keys_before.value(a)).ok().and_then(|key| translated.get(key));
                // A word could stand twice in a dictionary that another writer made.
                key == Some(&keys_after.value(b)) || before.text(a) == after.text(b)
            };
            each(before, after, pairs, same, &mut tell);
        }
        (Cells::Text(_) | Cells::Words(..), Cells::Text(_) | Cells::Words(..)) => {
            each(before, after, pairs, |a, b| before.text(a) == after.text(b), &mut tell);
        }
        _ if std::mem::discriminant(&before) == std::mem::discriminant(&after) => {
            each(before, after, pairs, |a, b| before.number(a) == after.number(b), &mut tell);
        }
        // Another version of the software may have held the column in another type.
        _ => each(before, after, pairs, |a, b| text_of(before, a) == text_of(after, b), &mut tell),
    }
}

/// `same` is asked of cells that both hold a value.
fn each(
    before: Cells<'_>,
    after: Cells<'_>,
    pairs: &[(u32, u32)],
    same: impl Fn(usize, usize) -> bool,
    tell: &mut impl FnMut(&(u32, u32), Change),
) {
    for pair in pairs {
        let (a, b) = (pair.0 as usize, pair.1 as usize);
        match (before.is_filled(a), after.is_filled(b)) {
            (true, true) if same(a, b) => {}
            (true, true) => tell(pair, Change::Other),
            (false, true) => tell(pair, Change::Filled),
            (true, false) => tell(pair, Change::Emptied),
            (false, false) => {}
        }
    }
}

fn text_of(cells: Cells<'_>, row: usize) -> String {
    let mut text = String::new();
    cells.write(row, &mut text);
    text
}

/// For each word of one dictionary its key in another one; -1 where it has none.
fn translate(words: &StringArray, into: &StringArray) -> Vec<i32> {
    let keys: HashMap<&str, i32> = into.iter().zip(0..).filter_map(|(word, key)| Some((word?, key))).collect();
    words.iter().map(|word| word.and_then(|word| keys.get(word).copied()).unwrap_or(-1)).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{ArrayRef, Date32Array, DictionaryArray, Int16Array};

    use super::*;

    fn told(before: &ArrayRef, after: &ArrayRef) -> Vec<(u32, Change)> {
        let pairs: Vec<(u32, u32)> = (0..4).map(|row| (row, row)).collect();
        let mut told = Vec::new();
        differences(Cells::new(before), Cells::new(after), &pairs, |pair, change| told.push((pair.0, change)));
        told
    }

    #[test]
    fn a_change_is_another_value_a_new_one_or_none() {
        let expected = [(1, Change::Other), (2, Change::Filled), (3, Change::Emptied)];
        let (one, other) = ([Some("a"), Some("b"), None, Some("d")], [Some("a"), Some("c"), Some("c"), None]);
        let texts: [ArrayRef; 2] =
            [Arc::new(StringArray::from(one.to_vec())), Arc::new(StringArray::from(other.to_vec()))];
        let words: [ArrayRef; 2] = [
            Arc::new(DictionaryArray::<Int32Type>::from_iter(one)),
            Arc::new(DictionaryArray::<Int32Type>::from_iter(other)),
        ];
        for before in [&texts[0], &words[0]] {
            for after in [&texts[1], &words[1]] {
                assert_eq!(told(before, after), expected);
            }
        }
        let days: [ArrayRef; 2] = [
            Arc::new(Date32Array::from(vec![Some(1), Some(2), None, Some(4)])),
            Arc::new(Date32Array::from(vec![Some(1), Some(3), Some(3), None])),
        ];
        assert_eq!(told(&days[0], &days[1]), expected);
    }

    #[test]
    fn a_column_of_another_type_is_compared_as_text() {
        let numbers: ArrayRef = Arc::new(Int16Array::from(vec![Some(7), Some(8), None, Some(9)]));
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("7"), Some("08"), None, Some("9")]));
        assert_eq!(told(&numbers, &texts), [(1, Change::Other)]);
    }
}
