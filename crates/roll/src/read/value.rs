//! A field's bytes to its value: quotes undone, ends trimmed, runs of blanks collapsed.

use std::borrow::Cow;

use super::Cell;
use crate::layout::Encoding;

/// The value of a field: without doubled quotes, blanks at the ends, and runs of blanks inside.
///
/// Borrows from the line where nothing has to change.
pub(crate) fn clean<'a>(line: &'a [u8], cell: Cell, quote: Option<u8>, scratch: &'a mut Vec<u8>) -> &'a [u8] {
    let raw = cell.of(line);
    // Most fields have no blank at all, and this test is vectorized.
    if !cell.is_escaped && (!raw.iter().fold(false, |found, byte| found | (*byte <= b' ')) || is_clean(raw)) {
        return raw;
    }
    rewritten(raw, cell, quote, scratch)
}

/// Whether all blanks of a text are spaces, none at an end and none beside another one.
fn is_clean(raw: &[u8]) -> bool {
    let mut was_blank = true;
    for byte in raw {
        let is_space = *byte == b' ';
        if (is_space && was_blank) || (is_blank(*byte) && !is_space) {
            return false;
        }
        was_blank = is_space;
    }
    !was_blank
}

#[inline(never)]
fn rewritten<'a>(raw: &[u8], cell: Cell, quote: Option<u8>, scratch: &'a mut Vec<u8>) -> &'a [u8] {
    scratch.clear();
    let mut owes_blank = false;
    let mut bytes = raw.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if is_blank(byte) {
            owes_blank = !scratch.is_empty();
            continue;
        }
        // Of two quotes, or a backslash and a quote, the quote is what is meant.
        let byte = match bytes.peek() {
            Some(next) if cell.is_escaped && Some(*next) == quote && (Some(byte) == quote || byte == b'\\') => {
                bytes.next().unwrap_or(byte)
            }
            _ => byte,
        };
        if owes_blank {
            scratch.push(b' ');
            owes_blank = false;
        }
        scratch.push(byte);
    }
    scratch
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// How the bytes of a line become characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decoding {
    Utf8,
    Latin1,
    /// A line that is valid UTF-8 is that, any other one is latin-1: files of both are found within one delivery.
    Either,
}

impl Decoding {
    pub(crate) fn of(encodings: &[Encoding]) -> Self {
        match encodings {
            [Encoding::Latin1, ..] => Self::Latin1,
            [Encoding::Utf8, rest @ ..] if rest.contains(&Encoding::Latin1) => Self::Either,
            _ => Self::Utf8,
        }
    }

    /// A line in UTF-8. Where only UTF-8 is allowed the line was checked before.
    pub(crate) fn decode(self, line: &[u8]) -> Cow<'_, [u8]> {
        let is_kept = match self {
            Self::Utf8 => true,
            Self::Latin1 => line.is_ascii(),
            Self::Either => std::str::from_utf8(line).is_ok(),
        };
        if is_kept {
            return Cow::Borrowed(line);
        }
        let text: String = line.iter().map(|byte| char::from(*byte)).collect();
        Cow::Owned(text.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Splitter;
    use crate::read::split::Delimited;

    fn values(line: &str) -> Vec<String> {
        let mut cells = Vec::new();
        let comma = Delimited { delimiter: b',', quote: Some(b'"'), is_backslashed: false };
        Splitter::Delimited(comma).split(line.as_bytes(), &mut cells).unwrap();
        let mut scratch = Vec::new();
        let clean = |cell: &Cell| clean(line.as_bytes(), *cell, Some(b'"'), &mut scratch).to_vec();
        cells.iter().map(clean).map(|bytes| String::from_utf8(bytes).unwrap()).collect()
    }

    #[test]
    fn blanks_at_the_ends_go_and_runs_become_one() {
        assert_eq!(values("  A  B ,\t,C D, \u{e9} "), ["A B", "", "C D", "\u{e9}"]);
    }

    #[test]
    fn a_doubled_quote_stands_for_one() {
        assert_eq!(values(r#""a ""b"" c","""""""#), [r#"a "b" c"#, r#""""#]);
    }

    #[test]
    fn latin_1_bytes_become_their_characters() {
        assert_eq!(Decoding::Latin1.decode(b"Pe\xf1a"), "Pe\u{f1}a".as_bytes());
        assert!(matches!(Decoding::Latin1.decode(b"Pena"), Cow::Borrowed(_)));
        assert_eq!(Decoding::Either.decode("Pe\u{f1}a".as_bytes()), "Pe\u{f1}a".as_bytes());
        assert_eq!(Decoding::Either.decode(b"Pe\xf1a"), "Pe\u{f1}a".as_bytes());
    }
}
