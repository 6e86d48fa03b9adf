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
    if !cell.is_doubled && !raw.iter().fold(false, |found, byte| found | (*byte <= b' ')) {
        return raw;
    }
    scratch.clear();
    let (mut owes_blank, mut saw_quote) = (false, false);
    for byte in raw {
        if is_blank(*byte) {
            owes_blank = !scratch.is_empty();
            continue;
        }
        let is_second_quote = cell.is_doubled && saw_quote && Some(*byte) == quote;
        saw_quote = cell.is_doubled && !is_second_quote && Some(*byte) == quote;
        if is_second_quote {
            continue;
        }
        if owes_blank {
            scratch.push(b' ');
            owes_blank = false;
        }
        scratch.push(*byte);
    }
    scratch
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// A line in UTF-8. The line was checked before: it is valid in its encoding.
pub(crate) fn decode(line: &[u8], encoding: Encoding) -> Cow<'_, [u8]> {
    if encoding == Encoding::Utf8 || line.is_ascii() {
        return Cow::Borrowed(line);
    }
    let text: String = line.iter().map(|byte| char::from(*byte)).collect();
    Cow::Owned(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Splitter;

    fn values(line: &str) -> Vec<String> {
        let mut cells = Vec::new();
        Splitter { delimiter: b',', quote: Some(b'"') }.split(line.as_bytes(), &mut cells).unwrap();
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
        assert_eq!(decode(b"Pe\xf1a", Encoding::Latin1), "Pe\u{f1}a".as_bytes());
        assert!(matches!(decode(b"Pena", Encoding::Latin1), Cow::Borrowed(_)));
    }
}
