//! One line to its fields, strictly.

use memchr::{memchr, memchr_iter, memrchr};

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

    /// Counts the fields of a line, and appends the first ones; finds every fault that [`Splitter::split`] finds.
    pub(crate) fn count(&self, line: &[u8], keep: usize, cells: &mut Vec<Cell>) -> Result<usize, (usize, Fault)> {
        match self {
            Self::Delimited(delimited) => delimited.count(line, keep, cells),
            Self::Fixed(fixed) => {
                let before = cells.len();
                fixed.split(line, cells)?;
                Ok(cells.len() - before)
            }
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
        self.count(line, usize::MAX, cells).map(drop)
    }

    fn count(self, line: &[u8], keep: usize, cells: &mut Vec<Cell>) -> Result<usize, (usize, Fault)> {
        let mut count = 0;
        let mut start = 0;
        loop {
            // Up to the next quote every field is plain.
            let rest = line.get(start..).unwrap_or_default();
            let quote = self.quote.and_then(|quote| Some((quote, memchr(quote, rest)?)));
            let open = quote.map_or(line.len(), |(_, length)| start + length);
            let plain = line.get(start..open).unwrap_or_default();
            start = self.plain(plain, start, keep, &mut count, cells);
            let Some((quote, _)) = quote else {
                count += 1;
                if count <= keep {
                    cells.push(Cell::new(start, line.len(), false));
                }
                return Ok(count);
            };
            if open != start {
                return Err((count, Fault::LoneQuote));
            }
            let closed =
                if self.is_backslashed { backslashed(line, open + 1, quote) } else { doubled(line, open + 1, quote) };
            let (cell, after) = closed.ok_or((count, Fault::UnclosedQuote))?;
            if count < keep {
                cells.push(cell);
            }
            match line.get(after) {
                None => return Ok(count + 1),
                Some(byte) if *byte == self.delimiter => start = after + 1,
                Some(_) => return Err((count, Fault::TextAfterQuote)),
            }
            count += 1;
        }
    }

    /// Counts the fields that end within a text without quotes, and appends those that are kept; the text begins at
    /// `start`. Returns where the next field begins.
    fn plain(self, text: &[u8], start: usize, keep: usize, count: &mut usize, cells: &mut Vec<Cell>) -> usize {
        let mut next = start;
        let before = cells.len();
        let push = |at: usize| {
            cells.push(Cell::new(next, start + at, false));
            next = start + at + 1;
        };
        if keep == usize::MAX {
            each_place(self.delimiter, text, push);
            *count += cells.len() - before;
            return next;
        }
        memchr_iter(self.delimiter, text).take(keep.saturating_sub(*count)).for_each(push);
        *count += cells.len() - before;
        // Of what is left only the number of fields and the beginning of the last one matter.
        let rest = text.get(next - start..).unwrap_or_default();
        *count += bytecount(rest, self.delimiter);
        memrchr(self.delimiter, rest).map_or(next, |last| next + last + 1)
    }
}

/// Hears of every place of a byte in a text: fields are so short that a search begun anew behind each delimiter costs
/// more than all it finds.
fn each_place(byte: u8, text: &[u8], mut found: impl FnMut(usize)) {
    let mut base = 0;
    let (blocks, rest) = text.as_chunks::<64>();
    for block in blocks {
        let mut places = (0_u32..).step_by(8).zip(block.as_chunks::<8>().0);
        let mut places = places.by_ref().fold(0, |all, (shift, word)| all | (places_in(byte, *word) << shift));
        while places != 0 {
            found(base + places.trailing_zeros() as usize);
            places &= places - 1;
        }
        base += 64;
    }
    rest.iter().zip(base..).filter(|(other, _)| **other == byte).for_each(|(_, at)| found(at));
}

/// The places of a byte among eight, as bits.
fn places_in(byte: u8, word: [u8; 8]) -> u64 {
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    /// Moves the lowest bit of byte n to bit 56 + n.
    const TO_THE_TOP: u64 = 0x0102_0408_1020_4080;
    let differs = u64::from_le_bytes(word) ^ u64::from_ne_bytes([byte; 8]);
    // The highest bit of each byte that is zero, so of each byte that is wanted; nothing is carried between bytes.
    let highest = !((differs & LOW).wrapping_add(LOW) | differs | LOW);
    (highest >> 7).wrapping_mul(TO_THE_TOP) >> 56
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
        let found = if line.is_ascii() { line.len() } else { characters(line) };
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

/// How often a byte stands in a text.
fn bytecount(text: &[u8], byte: u8) -> usize {
    // Sums that fit a byte are added many at a time.
    let sum =
        |piece: &[u8]| usize::from(piece.iter().fold(0_u8, |sum, other| sum.wrapping_add(u8::from(*other == byte))));
    text.chunks(usize::from(u8::MAX)).map(sum).sum()
}

/// Characters of valid UTF-8.
fn characters(line: &[u8]) -> usize {
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
    fn a_byte_is_found_wherever_it_stands() {
        let mut text: Vec<u8> = (0..=255).chain([0xac, 0x2c, 0x2d, 0x2c, 0x2c, 0, 0x2c]).collect();
        text.rotate_left(3);
        for byte in [0x2c, 0, 0xac, 0xff] {
            let mut found = Vec::new();
            each_place(byte, &text, |at| found.push(at));
            assert_eq!(found, memchr_iter(byte, &text).collect::<Vec<_>>());
        }
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
    fn counting_finds_what_splitting_finds() {
        let lines =
            ["", ",", "a,,b", r#""a,b",c,"""#, r#"x,"","y""#, r#"a,b"c,d"#, r#"a,b,"c,d"#, r#""a"b,c"#, r#"a,"b","#];
        for line in lines {
            let mut all = Vec::new();
            let split = comma().split(line.as_bytes(), &mut all);
            for keep in [0, 1, 2, 9] {
                let mut some = Vec::new();
                let counted = comma().count(line.as_bytes(), keep, &mut some);
                assert_eq!(counted, split.map(|()| all.len()), "{line}");
                assert_eq!(some, all.iter().copied().take(keep).collect::<Vec<_>>(), "{line}");
            }
        }
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
