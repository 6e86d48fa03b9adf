//! Bytes of a delimited file: quoting, capitals, encoding.

use std::fmt::Display;
use std::io::Write;

use roll::layout::{Encoding, FileForm};

use crate::profile::Profile;
use crate::text::Text;

/// How the cells of a file are written.
#[derive(Debug, Clone)]
pub(crate) struct LineForm {
    delimiter: u8,
    quote: Option<u8>,
    encoding: Encoding,
    quotes_all: bool,
    is_in_capitals: bool,
    ending: &'static [u8],
}

impl LineForm {
    /// The layout's form with the state's habits.
    pub(crate) fn new(file: &FileForm, profile: &Profile) -> Self {
        Self {
            delimiter: file.delimiter().unwrap_or(b','),
            quote: file.quote(),
            encoding: file.encoding(),
            quotes_all: profile.quotes_all,
            is_in_capitals: profile.is_in_capitals,
            ending: file.line_ending.bytes(),
        }
    }

    /// Between two cells.
    pub(crate) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    /// Around a cell.
    pub(crate) fn quote(&self) -> Option<u8> {
        self.quote
    }

    /// How characters become bytes.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// After the last cell.
    pub(crate) fn ending(&self) -> &'static [u8] {
        self.ending
    }

    /// The form of a header line, whose words keep their case.
    pub(crate) fn of_header(&self) -> Self {
        Self { is_in_capitals: false, ..self.clone() }
    }
}

/// One line as it grows at the end of a buffer.
#[derive(Debug)]
pub(crate) struct Line<'a> {
    form: &'a LineForm,
    out: &'a mut Vec<u8>,
    scratch: Vec<u8>,
    is_empty: bool,
}

impl<'a> Line<'a> {
    /// A writer of lines to the end of `out`.
    pub(crate) fn new(form: &'a LineForm, out: &'a mut Vec<u8>) -> Self {
        Self { form, out, scratch: Vec::new(), is_empty: true }
    }

    /// Adds a cell whose text `write` appends.
    fn cell(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if !self.is_empty {
            self.out.push(self.form.delimiter);
        }
        self.is_empty = false;
        let start = self.out.len();
        write(self.out);
        if self.is_plain(start) {
            return;
        }
        self.scratch.clear();
        self.scratch.extend_from_slice(self.out.get(start..).unwrap_or_default());
        self.out.truncate(start);
        self.rewrite();
    }

    /// Whether the cell that begins at `start` may stand as it is. Changes its case on the way.
    fn is_plain(&mut self, start: usize) -> bool {
        let form = self.form;
        let cell = self.out.get_mut(start..).unwrap_or_default();
        if form.is_in_capitals {
            cell.make_ascii_uppercase();
        }
        let has_quoting = form.quote.is_some();
        let is_ordinary = |byte: &u8| {
            *byte < 0x80 && *byte != form.delimiter && *byte != b'\n' && *byte != b'\r' && Some(*byte) != form.quote
        };
        !(form.quotes_all && has_quoting) && cell.iter().all(is_ordinary)
    }

    /// Writes the cell held in `scratch` with quotes where needed, in the file's encoding.
    fn rewrite(&mut self) {
        let text = String::from_utf8_lossy(&self.scratch);
        let special = |letter: char| {
            letter == '\n'
                || letter == '\r'
                || [Some(self.form.delimiter), self.form.quote].contains(&u8::try_from(letter).ok())
        };
        let quote = self.form.quote.filter(|_| self.form.quotes_all || text.contains(special));
        self.out.extend(quote);
        let mut put = |letter: char| {
            match self.form.encoding {
                Encoding::Utf8 => self.out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                // Every letter of the tables is in the first 256 code points, which are Latin-1.
                Encoding::Latin1 => self.out.push(u8::try_from(letter).unwrap_or(b'?')),
            }
            if quote.map(char::from) == Some(letter) {
                self.out.extend(quote);
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
        if !self.is_empty {
            self.out.push(self.form.delimiter);
        }
        self.is_empty = false;
        self.out.extend_from_slice(bytes);
    }

    /// Ends the line.
    pub(crate) fn end(&mut self) {
        self.out.extend_from_slice(self.form.ending);
        self.is_empty = true;
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
        LineForm::new(layout.file(), Profile::of(layout.jurisdiction()).unwrap())
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
    fn numbers_are_decimal() {
        for number in [0, 7, 10, 84_101, u32::MAX] {
            let mut out = Vec::new();
            push_number(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
