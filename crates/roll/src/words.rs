//! Numbers for words, the same through all parts of a table.

use std::collections::HashMap;

use crate::cells::Cells;

/// The number of an empty cell.
pub(crate) const NONE: u32 = 0;

/// Words with their numbers, from 1.
#[derive(Debug, Default)]
pub(crate) struct Words {
    words: Vec<String>,
    numbers: HashMap<String, u32>,
}

impl Words {
    /// The number of a word; a new one for a word not seen before.
    pub(crate) fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        self.words.push(word.to_owned());
        // LIMIT: there are no more words than rows, and rows are numbered in 32 bits.
        let number = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The word of a number; `None` for an empty cell.
    pub(crate) fn word(&self, number: u32) -> Option<&str> {
        let place = usize::try_from(number).ok()?.checked_sub(1)?;
        self.words.get(place).map(String::as_str)
    }

    /// The number of every cell of a column.
    pub(crate) fn numbers(&mut self, cells: Cells<'_>) -> Vec<u32> {
        if let Cells::Words(keys, words) = cells {
            let known: Vec<u32> = words.iter().map(|word| word.map_or(NONE, |word| self.number(word))).collect();
            let number = |key: Option<i32>| known.get(usize::try_from(key?).ok()?).copied();
            return keys.iter().map(|key| number(key).unwrap_or(NONE)).collect();
        }
        let mut text = String::new();
        let mut number = |row| {
            if !cells.is_filled(row) {
                return NONE;
            }
            text.clear();
            cells.write(row, &mut text);
            self.number(&text)
        };
        (0..cells.len()).map(&mut number).collect()
    }
}
