//! Why filled cells became null.

use super::columns::Words;

/// Collects, row by row, which columns became null and why.
#[derive(Debug)]
pub(crate) struct States<'a> {
    /// Row, column and state.
    found: Vec<(usize, &'a str, &'static str)>,
}

pub(crate) const INVALID: &str = "invalid";
pub(crate) const MASKED: &str = "masked";
pub(crate) const PARTIAL: &str = "partial";
pub(crate) const PLACEHOLDER: &str = "placeholder";
pub(crate) const UNPARSED: &str = "unparsed";

impl<'a> States<'a> {
    pub(crate) fn new() -> Self {
        Self { found: Vec::new() }
    }

    pub(crate) fn note(&mut self, row: usize, column: &'a str, state: &'static str) {
        self.found.push((row, column, state));
    }

    /// Appends one entry per row, such as `registration_date=placeholder;zip=masked`, and forgets the rows.
    pub(crate) fn drain_into(&mut self, rows: usize, column: &mut Words) {
        self.found.sort_unstable();
        let mut found = self.found.drain(..).peekable();
        let mut text = String::new();
        for row in 0..rows {
            text.clear();
            while let Some((_, column, state)) = found.next_if(|(at, _, _)| *at == row) {
                if !text.is_empty() {
                    text.push(';');
                }
                text.push_str(column);
                text.push('=');
                text.push_str(state);
            }
            column.push((!text.is_empty()).then_some(text.as_bytes()));
        }
    }
}
