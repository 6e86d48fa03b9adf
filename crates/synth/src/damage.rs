//! Broken lines, as they occur in real deliveries.

use roll::layout::Encoding;

use crate::line::LineForm;
use crate::rng::Rng;

/// How many cells are cut off or added.
const CELLS: usize = 3;

/// Breaks the line that begins at `start`, in one of the ways that a strict reader refuses.
///
/// The line is that of an ordinary registrant: no cell of its first two columns holds a quote or delimiter.
pub(crate) fn damage(out: &mut Vec<u8>, start: usize, form: &LineForm, rng: &mut Rng) {
    let end = out.len().saturating_sub(form.ending().len());
    let second = second_cell(out, start, form.delimiter());
    match (rng.below(4), form.quote()) {
        (0, Some(quote)) => out.insert(second, quote),
        // A byte that is no letter in UTF-8; in a file where every byte is a letter, cells are added instead.
        (1, _) if form.encoding() == Encoding::Utf8 => out.insert(second, 0xE9),
        (2, _) => cut(out, start, end, form),
        _ => out.splice(end..end, std::iter::repeat_n(form.delimiter(), CELLS)).for_each(drop),
    }
}

/// Where the second cell begins.
fn second_cell(out: &[u8], start: usize, delimiter: u8) -> usize {
    let line = out.get(start..).unwrap_or_default();
    line.iter().position(|byte| *byte == delimiter).map_or(out.len(), |at| start + at + 1)
}

/// Cuts the last cells off.
fn cut(out: &mut Vec<u8>, start: usize, end: usize, form: &LineForm) {
    let line = out.get(start..end).unwrap_or_default();
    let delimiters = line.iter().enumerate().rev().filter(|(_, byte)| **byte == form.delimiter());
    if let Some((at, _)) = delimiters.take(CELLS).last() {
        out.truncate(start + at);
        out.extend_from_slice(form.ending());
    }
}
