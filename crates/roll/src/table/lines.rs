//! Some checked lines of one table, split.

use std::io;

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
    /// All lines in UTF-8, one after the other.
    buffer: Vec<u8>,
    /// Where each line ends.
    ends: Vec<usize>,
    cells: Vec<Cell>,
    raw: Vec<u8>,
}

impl<'f> Lines<'f> {
    pub(crate) fn new(form: &'f Form<'f>) -> Self {
        Self { form, buffer: Vec::new(), ends: Vec::new(), cells: Vec::new(), raw: Vec::new() }
    }

    /// Reads and splits rows that the first pass has checked. Rows that follow each other are read at once.
    pub(crate) fn load(&mut self, rows: &[RowRef], text: &Text) -> io::Result<()> {
        self.buffer.clear();
        self.ends.clear();
        self.cells.clear();
        let is_next = |a: &RowRef, b: &RowRef| {
            let end = a.offset + u64::from(a.length);
            b.offset > end && b.offset - end <= LINE_END_MAX
        };
        for run in rows.chunk_by(is_next) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            self.raw.clear();
            text.read(first.offset..last.offset + u64::from(last.length), &mut self.raw)?;
            for row in run {
                let start = usize::try_from(row.offset - first.offset).unwrap_or(usize::MAX);
                let raw = self.raw.get(start..start.saturating_add(row.length as usize)).unwrap_or_default();
                self.buffer.extend_from_slice(&self.form.decoding.decode(raw));
                self.ends.push(self.buffer.len());
            }
        }
        let mut split = Vec::with_capacity(self.form.width);
        let mut start = 0;
        for (n, end) in self.ends.iter().enumerate() {
            split.clear();
            // INVARIANT: the first pass let the line through, so it splits into `width` fields. If it ever did not, as
            // when the file changes meanwhile, the row would be of empty fields and not shift its neighbors.
            let _ = self.form.split(self.buffer.get(start..*end).unwrap_or_default(), &mut split);
            self.cells.extend_from_slice(&split);
            self.cells.resize((n + 1) * self.form.width, Cell::default());
            start = *end;
        }
        Ok(())
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
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.buffer.get(start..*end).unwrap_or_default())
    }

    pub(crate) fn quote(&self) -> Option<u8> {
        self.form.splitter.quote()
    }
}

/// Bytes between two lines that follow each other.
const LINE_END_MAX: u64 = 2;
