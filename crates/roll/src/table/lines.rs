//! Some checked lines of one table, split.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use crate::read::Cell;
use crate::read::form::Form;
use crate::read::scan::RowRef;
use crate::read::text::Text;

/// Rows that are split at a time: their cells stay in the cache while column after column is filled.
pub(crate) const CHUNK_ROWS: usize = 256;

/// Lines with their fields, a rectangle of `width` columns.
#[derive(Debug)]
pub(crate) struct Lines<'f> {
    form: &'f Form<'f>,
    /// What was read, and behind it what had to be decoded.
    buffer: Vec<u8>,
    /// Where each line stands in the buffer, in UTF-8.
    places: Vec<Range<usize>>,
    cells: Vec<Cell>,
}

impl<'f> Lines<'f> {
    pub(crate) fn new(form: &'f Form<'f>) -> Self {
        Self { form, buffer: Vec::new(), places: Vec::new(), cells: Vec::new() }
    }

    /// Reads and splits rows that the first pass has checked. Rows that follow each other are read at once.
    pub(crate) fn load(&mut self, rows: &[RowRef], text: &Text) -> io::Result<()> {
        self.buffer.clear();
        self.places.clear();
        self.cells.clear();
        let is_next = |a: &RowRef, b: &RowRef| {
            let end = a.offset + u64::from(a.length);
            b.offset > end && b.offset - end <= LINE_END_MAX
        };
        for run in rows.chunk_by(is_next) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            let base = self.buffer.len();
            text.read(first.offset..last.offset + u64::from(last.length), &mut self.buffer)?;
            for row in run {
                let start = usize::try_from(row.offset - first.offset).unwrap_or(usize::MAX).saturating_add(base);
                self.add(start..start.saturating_add(row.length as usize));
            }
        }
        Ok(())
    }

    /// Decodes and splits a line that was read.
    fn add(&mut self, mut place: Range<usize>) {
        let raw = self.buffer.get(place.clone()).unwrap_or_default();
        if let Cow::Owned(decoded) = self.form.decoding.decode(raw) {
            place = self.buffer.len()..self.buffer.len() + decoded.len();
            self.buffer.extend_from_slice(&decoded);
        }
        let before = self.cells.len();
        // INVARIANT: the first pass let the line through, so it splits into `width` fields. If it ever did not, as
        // when the file changes meanwhile, the row would be of empty fields and not shift its neighbors.
        let line = self.buffer.get(place.clone()).unwrap_or_default();
        if self.form.split(line, &mut self.cells).is_err() {
            self.cells.truncate(before);
        }
        self.cells.resize(before + self.form.width, Cell::default());
        self.places.push(place);
    }

    /// A column's cells with their lines.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = (&[u8], Cell)> {
        let cells = self.cells.iter().skip(column).step_by(self.form.width.max(1));
        self.lines().zip(cells).map(|(line, cell)| (line, *cell))
    }

    /// A row's line and cells.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&[u8], &[Cell])> {
        self.lines().zip(self.cells.chunks_exact(self.form.width.max(1)))
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.places.iter().map(|place| self.buffer.get(place.clone()).unwrap_or_default())
    }

    pub(crate) fn quote(&self) -> Option<u8> {
        self.form.splitter.quote()
    }
}

/// Bytes between two lines that follow each other.
const LINE_END_MAX: u64 = 2;
