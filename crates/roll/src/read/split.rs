//! One line to its fields, strictly.

use memchr::{memchr, memchr_iter};

use super::Fault;

/// Where a field stands in its line, without its quotes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether the field holds doubled quotes.
    pub(crate) is_doubled: bool,
}

impl Cell {
    /// LIMIT: lines are far shorter than `u32::MAX`; see [`super::scan::LINE_BYTES_MAX`].
    fn new(start: usize, end: usize, is_doubled: bool) -> Self {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end), is_doubled }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The field's bytes in its line, doubled quotes as they are.
    pub(crate) fn of(self, line: &[u8]) -> &[u8] {
        line.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Splits lines of a delimited file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Splitter {
    pub(crate) delimiter: u8,
    /// `None` when quote characters are data.
    pub(crate) quote: Option<u8>,
}

impl Splitter {
    /// Appends the fields of a line.
    ///
    /// # Errors
    ///
    /// The field, counted from 0, and what is wrong with its quotes; fields before it may have been appended.
    pub(crate) fn split(self, line: &[u8], cells: &mut Vec<Cell>) -> Result<(), (usize, Fault)> {
        let before = cells.len();
        let mut start = 0;
        loop {
            // Up to the next quote every field is plain.
            let rest = line.get(start..).unwrap_or_default();
            let quote = self.quote.and_then(|quote| Some((quote, memchr(quote, rest)?)));
            let plain = quote.and_then(|(_, length)| rest.get(..length)).unwrap_or(rest);
            let base = start;
            for at in memchr_iter(self.delimiter, plain) {
                cells.push(Cell::new(start, base + at, false));
                start = base + at + 1;
            }
            let Some((quote, length)) = quote else {
                cells.push(Cell::new(start, line.len(), false));
                return Ok(());
            };
            let column = cells.len() - before;
            let open = base + length;
            if open != start {
                return Err((column, Fault::LoneQuote));
            }
            let (cell, after) = quoted(line, open + 1, quote).ok_or((column, Fault::UnclosedQuote))?;
            cells.push(cell);
            match line.get(after) {
                None => return Ok(()),
                Some(byte) if *byte == self.delimiter => start = after + 1,
                Some(_) => return Err((column, Fault::TextAfterQuote)),
            }
        }
    }
}

/// The quoted field whose text begins at `start`, and the place behind its closing quote.
fn quoted(line: &[u8], start: usize, quote: u8) -> Option<(Cell, usize)> {
    let mut from = start;
    let mut is_doubled = false;
    loop {
        let close = from + memchr(quote, line.get(from..)?)?;
        if line.get(close + 1) != Some(&quote) {
            return Some((Cell::new(start, close, is_doubled), close + 1));
        }
        is_doubled = true;
        from = close + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Splitter = Splitter { delimiter: b',', quote: Some(b'"') };

    fn fields(splitter: Splitter, line: &str) -> Result<Vec<String>, (usize, Fault)> {
        let mut cells = Vec::new();
        splitter.split(line.as_bytes(), &mut cells)?;
        Ok(cells.iter().map(|cell| String::from_utf8(cell.of(line.as_bytes()).to_vec()).unwrap()).collect())
    }

    #[test]
    fn fields_stand_between_delimiters() {
        assert_eq!(fields(COMMA, "a,,b").unwrap(), ["a", "", "b"]);
        assert_eq!(fields(COMMA, "").unwrap(), [""]);
        assert_eq!(fields(COMMA, ",").unwrap(), ["", ""]);
        assert_eq!(fields(COMMA, r#""a,b",c,"""#).unwrap(), ["a,b", "c", ""]);
        assert_eq!(fields(COMMA, r#"x,"","y""#).unwrap(), ["x", "", "y"]);
        assert_eq!(fields(COMMA, r#""say ""no""",b"#).unwrap(), [r#"say ""no"""#, "b"]);
    }

    #[test]
    fn quotes_are_strict() {
        assert_eq!(fields(COMMA, r#"a,b"c,d"#), Err((1, Fault::LoneQuote)));
        assert_eq!(fields(COMMA, r#"a, "b""#), Err((1, Fault::LoneQuote)));
        assert_eq!(fields(COMMA, r#"a,b,"c,d"#), Err((2, Fault::UnclosedQuote)));
        assert_eq!(fields(COMMA, r#"a,"b""#).unwrap(), ["a", "b"]);
        assert_eq!(fields(COMMA, r#""a"b,c"#), Err((0, Fault::TextAfterQuote)));
        assert_eq!(fields(COMMA, r#""a""#).unwrap(), ["a"]);
        assert_eq!(fields(COMMA, r#"""#), Err((0, Fault::UnclosedQuote)));
        assert_eq!(fields(COMMA, r#"""""#), Err((0, Fault::UnclosedQuote)));
    }

    #[test]
    fn quotes_are_data_where_the_layout_has_none() {
        let plain = Splitter { delimiter: b'\t', quote: None };
        assert_eq!(fields(plain, "a\"\t\"b").unwrap(), ["a\"", "\"b"]);
    }
}
