//! One line to its fields, strictly.

use memchr::{memchr, memchr_iter};

use super::Fault;
use crate::layout::{FileForm, Shape, Span};

/// Where a field stands in its line, without its quotes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Whether the field holds quotes that stand doubled or behind a backslash.
    pub(crate) is_escaped: bool,
}

impl Cell {
    /// LIMIT: lines are far shorter than `u32::MAX`; see [`super::scan::LINE_BYTES_MAX`].
    fn new(start: usize, end: usize, is_escaped: bool) -> Self {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: narrow(start), end: narrow(end), is_escaped }
    }

    pub(crate) fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The field's bytes in its line, escaped quotes as they are.
    pub(crate) fn of(self, line: &[u8]) -> &[u8] {
        line.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// Splits lines into fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Splitter {
    /// At a delimiter.
    Delimited(Delimited),
    /// At fixed places.
    Fixed(Fixed),
}

/// How quotes stand in a delimited file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Delimited {
    pub(crate) delimiter: u8,
    /// `None` when quote characters are data.
    pub(crate) quote: Option<u8>,
    /// Whether a quote inside a field stands behind a backslash rather than doubled.
    pub(crate) is_backslashed: bool,
}

/// The places of a line of fixed width, in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fixed {
    pub(crate) spans: Vec<Span>,
    pub(crate) width: u32,
    /// Whether a line may be shorter, or longer by blanks.
    pub(crate) is_ragged: bool,
}

impl Splitter {
    /// The splitter of a delimited file, by the layout's published delimiter.
    pub(crate) fn delimited(form: &FileForm, delimiter: u8) -> Option<Self> {
        match &form.shape {
            Shape::Delimited { quote, is_backslashed, .. } => {
                Some(Self::Delimited(Delimited { delimiter, quote: *quote, is_backslashed: *is_backslashed }))
            }
            Shape::Fixed { .. } => None,
        }
    }

    /// Appends the fields of a line.
    ///
    /// # Errors
    ///
    /// The field, counted from 0, and what is wrong; fields before it may have been appended.
    pub(crate) fn split(&self, line: &[u8], cells: &mut Vec<Cell>) -> Result<(), (usize, Fault)> {
        match self {
            Self::Delimited(delimited) => delimited.split(line, cells),
            Self::Fixed(fixed) => fixed.split(line, cells),
        }
    }

    /// The quote around a field.
    pub(crate) fn quote(&self) -> Option<u8> {
        match self {
            Self::Delimited(delimited) => delimited.quote,
            Self::Fixed(_) => None,
        }
    }

    /// The field that holds a byte; a delimiter within quotes counts as one.
    pub(crate) fn column_at(&self, line: &[u8], at: usize) -> usize {
        match self {
            Self::Delimited(delimited) => memchr_iter(delimited.delimiter, line.get(..at).unwrap_or_default()).count(),
            Self::Fixed(fixed) => {
                let ends = |span: &&Span| (span.start.saturating_add(span.width) as usize) <= at;
                fixed.spans.iter().take_while(ends).count()
            }
        }
    }
}

impl Delimited {
    fn split(self, line: &[u8], cells: &mut Vec<Cell>) -> Result<(), (usize, Fault)> {
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
            let closed =
                if self.is_backslashed { backslashed(line, open + 1, quote) } else { doubled(line, open + 1, quote) };
            let (cell, after) = closed.ok_or((column, Fault::UnclosedQuote))?;
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
fn doubled(line: &[u8], start: usize, quote: u8) -> Option<(Cell, usize)> {
    let mut from = start;
    let mut is_escaped = false;
    loop {
        let close = from + memchr(quote, line.get(from..)?)?;
        if line.get(close + 1) != Some(&quote) {
            return Some((Cell::new(start, close, is_escaped), close + 1));
        }
        is_escaped = true;
        from = close + 2;
    }
}

/// The same where a quote inside the field stands behind a backslash. A backslash elsewhere is a backslash.
fn backslashed(line: &[u8], start: usize, quote: u8) -> Option<(Cell, usize)> {
    let mut from = start;
    let mut is_escaped = false;
    loop {
        let close = from + memchr(quote, line.get(from..)?)?;
        // A field that ends with a backslash cannot be told from one that goes on; such a line goes to quarantine.
        if close == start || line.get(close - 1) != Some(&b'\\') {
            return Some((Cell::new(start, close, is_escaped), close + 1));
        }
        is_escaped = true;
        from = close + 1;
    }
}

impl Fixed {
    fn split(&self, line: &[u8], cells: &mut Vec<Cell>) -> Result<(), (usize, Fault)> {
        // Places are counted in characters; in most lines each of them is one byte.
        let found = if line.is_ascii() { line.len() } else { bytecount(line) };
        let expected = self.width as usize;
        if found != expected && !(self.is_ragged && (found < expected || is_blank_from(line, expected))) {
            return Err((0, Fault::OtherLength { found, expected }));
        }
        if line.is_ascii() {
            cells.extend(self.spans.iter().map(|span| {
                let start = (span.start as usize).min(line.len());
                Cell::new(start, (start + span.width as usize).min(line.len()), false)
            }));
        } else {
            // The byte at which each character begins.
            let begins = |byte: &u8| *byte & 0xc0 != 0x80;
            let starts: Vec<usize> =
                line.iter().enumerate().filter(|(_, byte)| begins(byte)).map(|(at, _)| at).collect();
            let byte_at = |character: u32| starts.get(character as usize).copied().unwrap_or(line.len());
            let cell = |span: &Span| Cell::new(byte_at(span.start), byte_at(span.start + span.width), false);
            cells.extend(self.spans.iter().map(cell));
        }
        Ok(())
    }
}

/// Characters of valid UTF-8.
fn bytecount(line: &[u8]) -> usize {
    line.iter().filter(|byte| **byte & 0xc0 != 0x80).count()
}

fn is_blank_from(line: &[u8], from: usize) -> bool {
    line.get(from..).is_none_or(|rest| rest.iter().all(|byte| *byte == b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comma() -> Splitter {
        Splitter::Delimited(Delimited { delimiter: b',', quote: Some(b'"'), is_backslashed: false })
    }

    fn fields(splitter: &Splitter, line: &str) -> Result<Vec<String>, (usize, Fault)> {
        let mut cells = Vec::new();
        splitter.split(line.as_bytes(), &mut cells)?;
        Ok(cells.iter().map(|cell| String::from_utf8(cell.of(line.as_bytes()).to_vec()).unwrap()).collect())
    }

    #[test]
    fn fields_stand_between_delimiters() {
        assert_eq!(fields(&comma(), "a,,b").unwrap(), ["a", "", "b"]);
        assert_eq!(fields(&comma(), "").unwrap(), [""]);
        assert_eq!(fields(&comma(), ",").unwrap(), ["", ""]);
        assert_eq!(fields(&comma(), r#""a,b",c,"""#).unwrap(), ["a,b", "c", ""]);
        assert_eq!(fields(&comma(), r#"x,"","y""#).unwrap(), ["x", "", "y"]);
        assert_eq!(fields(&comma(), r#""say ""no""",b"#).unwrap(), [r#"say ""no"""#, "b"]);
    }

    #[test]
    fn quotes_are_strict() {
        assert_eq!(fields(&comma(), r#"a,b"c,d"#), Err((1, Fault::LoneQuote)));
        assert_eq!(fields(&comma(), r#"a, "b""#), Err((1, Fault::LoneQuote)));
        assert_eq!(fields(&comma(), r#"a,b,"c,d"#), Err((2, Fault::UnclosedQuote)));
        assert_eq!(fields(&comma(), r#"a,"b""#).unwrap(), ["a", "b"]);
        assert_eq!(fields(&comma(), r#""a"b,c"#), Err((0, Fault::TextAfterQuote)));
        assert_eq!(fields(&comma(), r#""a""#).unwrap(), ["a"]);
        assert_eq!(fields(&comma(), r#"""#), Err((0, Fault::UnclosedQuote)));
        assert_eq!(fields(&comma(), r#"""""#), Err((0, Fault::UnclosedQuote)));
    }

    #[test]
    fn quotes_are_data_where_the_layout_has_none() {
        let plain = Splitter::Delimited(Delimited { delimiter: b'\t', quote: None, is_backslashed: false });
        assert_eq!(fields(&plain, "a\"\t\"b").unwrap(), ["a\"", "\"b"]);
    }

    #[test]
    fn a_quote_behind_a_backslash_is_data() {
        let tab = Splitter::Delimited(Delimited { delimiter: b'\t', quote: Some(b'"'), is_backslashed: true });
        assert_eq!(fields(&tab, "\"a \\\"b\\\" c\"\t\"d\"").unwrap(), ["a \\\"b\\\" c", "d"]);
        assert_eq!(fields(&tab, "\"a\\\\b\"\t\"\"").unwrap(), ["a\\\\b", ""]);
        assert_eq!(fields(&tab, "\"a\"\"b\""), Err((0, Fault::TextAfterQuote)));
    }

    #[test]
    fn places_are_counted_in_characters() {
        let span = |start, width| Span { start, width };
        let fixed = |is_ragged| Splitter::Fixed(Fixed { spans: vec![span(0, 3), span(4, 2)], width: 6, is_ragged });
        assert_eq!(fields(&fixed(false), "abc,de").unwrap(), ["abc", "de"]);
        assert_eq!(fields(&fixed(false), "Peñ,aé").unwrap(), ["Peñ", "aé"]);
        assert_eq!(fields(&fixed(false), "abc,d"), Err((0, Fault::OtherLength { found: 5, expected: 6 })));
        assert_eq!(fields(&fixed(true), "abc,d").unwrap(), ["abc", "d"]);
        assert_eq!(fields(&fixed(true), "ab").unwrap(), ["ab", ""]);
        assert_eq!(fields(&fixed(true), "abc,de  ").unwrap(), ["abc", "de"]);
        assert_eq!(fields(&fixed(true), "abc,def"), Err((0, Fault::OtherLength { found: 7, expected: 6 })));
        assert_eq!(fixed(false).column_at(b"abc,de", 5), 1);
    }
}
