//! Broken lines, as they occur in real deliveries.

use crate::line::LineForm;
use crate::rng::Rng;

/// How many cells are cut off or added.
const CELLS: usize = 3;

/// Breaks the line that begins at `start`, in one of the ways that a strict reader refuses.
///
/// The line is that of an ordinary registrant: no cell of its first two columns holds a quote or delimiter.
pub(crate) fn damage(out: &mut Vec<u8>, start: usize, form: &LineForm, rng: &mut Rng) {
    let end = out.len().saturating_sub(form.ending().len());
    let Some(delimiter) = form.delimiter() else { return resize(out, end, form, rng) };
    let second = second_cell(out, start, delimiter);
    match (rng.below(4), form.quote()) {
        (0, Some(quote)) => out.insert(second, quote),
        // A byte that is no letter in UTF-8; in a file where every byte is a letter, cells are added instead.
        (1, _) if !form.takes_any_byte() => out.insert(second, 0xE9),
        (2, _) => cut(out, start, end, form),
        _ => {
            // Where a row may end with empty cells, one that is not empty is too many.
            let spare = form.has_spare_end().then_some(b'x');
            out.splice(end..end, std::iter::repeat_n(delimiter, CELLS).chain(spare)).for_each(drop);
        }
    }
}

/// Makes a line of fixed places too short or too long.
fn resize(out: &mut Vec<u8>, end: usize, form: &LineForm, rng: &mut Rng) {
    if rng.per_mille(500) {
        out.truncate(end.saturating_sub(CELLS));
        out.extend_from_slice(form.ending());
    } else {
        out.splice(end..end, std::iter::repeat_n(b'x', CELLS)).for_each(drop);
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
    let delimiters = line.iter().enumerate().rev().filter(|(_, byte)| Some(**byte) == form.delimiter());
    if let Some((at, _)) = delimiters.take(CELLS).last() {
        out.truncate(start + at);
        out.extend_from_slice(form.ending());
    }
}
