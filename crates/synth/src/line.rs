//! Bytes of a line: delimiters or places, quoting, capitals, encoding.

use std::fmt::Display;
use std::io::Write;

use roll::Layout;
use roll::layout::{Encoding, HeaderLine, Shape, Span};

use crate::profile::Profile;
use crate::text::Text;

/// How the cells of a file are written.
#[derive(Debug, Clone)]
pub(crate) struct LineForm {
    shape: CellShape,
    encoding: Encoding,
    /// Whether a reader of the layout takes any byte for a letter.
    takes_any_byte: bool,
    is_in_capitals: bool,
    ending: &'static [u8],
}

/// How cells are told apart.
#[derive(Debug, Clone)]
enum CellShape {
    Delimited {
        delimiter: u8,
        quote: Option<u8>,
        is_backslashed: bool,
        quotes_all: bool,
        /// Whether a row ends with a delimiter.
        has_spare_end: bool,
    },
    /// The places of the columns that are written, and the characters of a line.
    Fixed { spans: Vec<Span>, width: u32 },
}

impl LineForm {
    /// The layout's form with the state's habits.
    pub(crate) fn new(layout: &Layout, profile: &Profile) -> Self {
        let file = layout.file();
        let shape = match &file.shape {
            Shape::Delimited { quote, is_backslashed, .. } => CellShape::Delimited {
                delimiter: file.delimiter().unwrap_or(b','),
                quote: *quote,
                is_backslashed: *is_backslashed,
                quotes_all: profile.quotes_all && quote.is_some(),
                has_spare_end: file.is_ragged && file.header != HeaderLine::Never,
            },
            Shape::Fixed { width } => {
                CellShape::Fixed { spans: layout.columns().iter().filter_map(|c| c.span).collect(), width: *width }
            }
        };
        Self {
            shape,
            encoding: file.encoding(),
            takes_any_byte: file.encodings.contains(&Encoding::Latin1),
            is_in_capitals: profile.is_in_capitals,
            ending: file.line_ending.bytes(),
        }
    }

    /// The same with only the columns of these places; those that are not written leave blanks.
    pub(crate) fn with_spans(mut self, written: Vec<Span>) -> Self {
        if let CellShape::Fixed { spans, .. } = &mut self.shape {
            *spans = written;
        }
        self
    }

    /// Between two cells; `None` for fixed places.
    pub(crate) fn delimiter(&self) -> Option<u8> {
        match &self.shape {
            CellShape::Delimited { delimiter, .. } => Some(*delimiter),
            CellShape::Fixed { .. } => None,
        }
    }

    /// Around a cell.
    pub(crate) fn quote(&self) -> Option<u8> {
        match &self.shape {
            CellShape::Delimited { quote, .. } => *quote,
            CellShape::Fixed { .. } => None,
        }
    }

    /// Whether a row may end with empty cells beyond the last.
    pub(crate) fn has_spare_end(&self) -> bool {
        matches!(self.shape, CellShape::Delimited { has_spare_end: true, .. })
    }

    /// Whether a reader of the layout takes any byte for a letter.
    pub(crate) fn takes_any_byte(&self) -> bool {
        self.takes_any_byte
    }

    /// After the last cell.
    pub(crate) fn ending(&self) -> &'static [u8] {
        self.ending
    }

    /// The form of a header line, whose words keep their case and which ends with its last word.
    pub(crate) fn of_header(&self) -> Self {
        let mut form = Self { is_in_capitals: false, ..self.clone() };
        if let CellShape::Delimited { has_spare_end, .. } = &mut form.shape {
            *has_spare_end = false;
        }
        form
    }

    fn quotes_all(&self) -> bool {
        matches!(self.shape, CellShape::Delimited { quotes_all: true, .. })
    }
}

/// One line as it grows at the end of a buffer.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    form: &'a LineForm,
    out: &'a mut Vec<u8>,
    scratch: Vec<u8>,
    /// Cells written.
    cells: usize,
    /// Characters written, in a line of fixed places.
    characters: u32,
}

impl<'a> Line<'a> {
    /// A writer of lines to the end of `out`.
    pub(crate) fn new(form: &'a LineForm, out: &'a mut Vec<u8>) -> Self {
        Self { form, out, scratch: Vec::new(), cells: 0, characters: 0 }
    }

    /// Adds a cell whose text `write` appends.
    fn cell(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.begin();
        let start = self.out.len();
        write(self.out);
        if !self.is_plain(start) {
            self.scratch.clear();
            self.scratch.extend_from_slice(self.out.get(start..).unwrap_or_default());
            self.out.truncate(start);
            self.rewrite();
        }
        self.fit(start);
    }

    /// Goes to where the next cell begins.
    fn begin(&mut self) {
        match &self.form.shape {
            CellShape::Delimited { delimiter, .. } => {
                if self.cells > 0 {
                    self.out.push(*delimiter);
                }
            }
            CellShape::Fixed { spans, .. } => {
                let start = spans.get(self.cells).map_or(self.characters, |span| span.start);
                self.pad(start);
            }
        }
        self.cells += 1;
    }

    /// Blanks up to a place.
    fn pad(&mut self, to: u32) {
        let blanks = usize::try_from(to.saturating_sub(self.characters)).unwrap_or(0);
        self.out.extend(std::iter::repeat_n(b' ', blanks));
        self.characters = self.characters.max(to);
    }

    /// Cuts the cell that begins at `start` to its width.
    fn fit(&mut self, start: usize) {
        let CellShape::Fixed { spans, .. } = &self.form.shape else { return };
        let width = spans.get(self.cells.wrapping_sub(1)).map_or(0, |span| span.width);
        // In latin-1 each byte is a character, in UTF-8 each byte that continues none.
        let is_first = |byte: u8| self.form.encoding == Encoding::Latin1 || byte & 0xC0 != 0x80;
        let mut count = 0;
        let mut end = self.out.len();
        for (byte, at) in self.out.get(start..).unwrap_or_default().iter().zip(start..) {
            if is_first(*byte) {
                if count == width {
                    end = at;
                    break;
                }
                count += 1;
            }
        }
        self.out.truncate(end);
        self.characters += count;
    }

    /// Whether the cell that begins at `start` may stand as it is. Changes its case on the way.
    fn is_plain(&mut self, start: usize) -> bool {
        let form = self.form;
        let cell = self.out.get_mut(start..).unwrap_or_default();
        if form.is_in_capitals {
            cell.make_ascii_uppercase();
        }
        let (delimiter, quote) = (form.delimiter(), form.quote());
        let is_ordinary = |byte: &u8| {
            *byte < 0x80 && Some(*byte) != delimiter && *byte != b'\n' && *byte != b'\r' && Some(*byte) != quote
        };
        !form.quotes_all() && cell.iter().all(is_ordinary)
    }

    /// Writes the cell held in `scratch` with quotes where needed, in the file's encoding.
    fn rewrite(&mut self) {
        let text = String::from_utf8_lossy(&self.scratch);
        let delimiter = self.form.delimiter().map(char::from);
        let special = |letter: char| {
            letter == '\n'
                || letter == '\r'
                || [self.form.delimiter(), self.form.quote()].contains(&Some(u8::try_from(letter).unwrap_or(0)))
        };
        let is_backslashed = matches!(self.form.shape, CellShape::Delimited { is_backslashed: true, .. });
        let quote = self.form.quote().filter(|_| self.form.quotes_all() || text.contains(special));
        self.out.extend(quote);
        let mut put = |letter: char| {
            // Without quotes nothing can hold a delimiter.
            let letter = if quote.is_none() && Some(letter) == delimiter { ' ' } else { letter };
            if quote.map(char::from) == Some(letter) {
                self.out.extend(if is_backslashed { Some(b'\\') } else { quote });
            }
            match self.form.encoding {
                Encoding::Utf8 => self.out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                // Every letter of the tables is in the first 256 code points, which are Latin-1.
                Encoding::Latin1 => self.out.push(u8::try_from(letter).unwrap_or(b'?')),
            }
        };
        for letter in text.chars() {
            if self.form.is_in_capitals { letter.to_uppercase().for_each(&mut put) } else { put(letter) }
        }
        self.out.extend(quote);
    }

    /// Adds a word.
    pub(crate) fn word(&mut self, word: &str) {
        self.cell(|out| out.extend_from_slice(word.as_bytes()));
    }

    /// Adds a whole number.
    pub(crate) fn number(&mut self, number: u32) {
        self.cell(|out| push_number(out, number));
    }

    /// Adds a text.
    pub(crate) fn text(&mut self, text: &Text) {
        self.cell(|out| push_text(out, text));
    }

    /// Adds anything that can be formatted; slower than the others.
    pub(crate) fn format(&mut self, value: impl Display) {
        // Writing into a vector does not fail.
        self.cell(|out| drop(write!(out, "{value}")));
    }

    /// Adds a cell of a wide history, empty or a date: it needs no quotes and no change of case.
    pub(crate) fn ready(&mut self, bytes: &[u8]) {
        self.begin();
        self.out.extend_from_slice(bytes);
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        match &self.form.shape {
            CellShape::Fixed { width, .. } => self.pad(*width),
            CellShape::Delimited { delimiter, has_spare_end: true, .. } => self.out.push(*delimiter),
            CellShape::Delimited { .. } => {}
        }
        self.out.extend_from_slice(self.form.ending);
        (self.cells, self.characters) = (0, 0);
    }
}
/// Appends a text.
fn push_text(out: &mut Vec<u8>, text: &Text) {
    match text {
        Text::Word(word) => out.extend_from_slice(word.as_bytes()),
        Text::Joined(first, between, second) => {
            for part in [first, between, second] {
                out.extend_from_slice(part.as_bytes());
            }
        }
        Text::Numbered(word, number) => {
            out.extend_from_slice(word.as_bytes());
            push_number(out, *number);
        }
        Text::Initial(letter) => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        Text::Own(text) => out.extend_from_slice(text.as_bytes()),
    }
}

/// Appends a number in decimal; `write!` takes several times as long, which shows at ten numbers a row.
pub(crate) fn push_number(out: &mut Vec<u8>, number: u32) {
    let mut digits = [b'0'; 10];
    let mut rest = number;
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend(digits.iter().skip(digits.len() - used));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(layout: &str) -> LineForm {
        let layouts = roll::layout::Layouts::built_in().unwrap();
        let layout = layouts.get(layout).unwrap();
        LineForm::new(layout, Profile::of(layout.jurisdiction()).unwrap())
    }

    fn line(form: &LineForm, words: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut line = Line::new(form, &mut out);
        words.iter().for_each(|word| line.word(word));
        line.end();
        out
    }

    #[test]
    fn quotes_only_where_needed_and_doubles_them() {
        let line = line(&form("ut"), &["Provo, UT 84601", "Robert \"Bob\"", "José", ""]);
        assert_eq!(String::from_utf8(line).unwrap(), "\"Provo, UT 84601\",\"Robert \"\"Bob\"\"\",José,\n");
    }

    #[test]
    fn writes_capitals_in_latin_1_within_quotes() {
        assert_eq!(line(&form("nc-voter"), &["Peña", "a\tb"]), b"\"PE\xD1A\"\t\"A\tB\"\r\n");
    }

    #[test]
    fn a_quote_stands_behind_a_backslash_where_the_layout_says_so() {
        assert_eq!(line(&form("pa-voter"), &["a \"b\"", ""]), b"\"A \\\"B\\\"\"\t\"\"\n");
    }

    #[test]
    fn without_quotes_no_cell_holds_a_delimiter() {
        assert_eq!(line(&form("fl-voter"), &["a\tb", "\"c\""]), b"a b\t\"c\"\n");
    }

    #[test]
    fn cells_of_fixed_places_are_cut_and_filled_up_by_characters() {
        let written = line(&form("tx-fixed"), &["0571", "Pe\u{f1}a", "1"]);
        let text = String::from_utf8(written).unwrap();
        assert!(text.starts_with("057PE\u{d1}A      1         "));
        assert_eq!(text.trim_end_matches('\n').chars().count(), 685);
    }

    #[test]
    fn a_spare_delimiter_ends_rows_and_no_header() {
        let spare = form("mi-voter");
        assert_eq!(line(&spare, &["a", ""]), b"A,,\n");
        assert_eq!(line(&spare.of_header(), &["a", ""]), b"a,\n");
    }

    #[test]
    fn numbers_are_decimal() {
        for number in [0, 7, 10, 84_101, u32::MAX] {
            let mut out = Vec::new();
            push_number(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
