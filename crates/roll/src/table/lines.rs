//! Some checked lines of one source, split.

use std::borrow::Cow;

use crate::layout::Encoding;
use crate::read::scan::RowRef;
use crate::read::{Cell, Splitter, value};

/// Rows that are split at a time: their cells stay in the cache while column after column is filled.
pub(crate) const CHUNK_ROWS: usize = 256;

/// Lines with their fields, a rectangle of `width` columns.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    lines: Vec<Cow<'a, [u8]>>,
    cells: Vec<Cell>,
    width: usize,
    quote: Option<u8>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(splitter: Splitter, width: usize) -> Self {
        Self { lines: Vec::new(), cells: Vec::new(), width, quote: splitter.quote }
    }

    /// Splits rows that the first pass has checked.
    pub(crate) fn load(&mut self, rows: &[RowRef], content: &'a [u8], splitter: Splitter, encoding: Encoding) {
        self.lines.clear();
        self.cells.clear();
        for row in rows {
            let line = value::decode(row.of(content), encoding);
            let before = self.cells.len();
            // INVARIANT: the first pass let the line through, so it splits into `width` fields. If it ever did not, the
            // row would be of empty fields and not shift its neighbors.
            let _ = splitter.split(&line, &mut self.cells);
            self.cells.resize(before + self.width, Cell::default());
            self.lines.push(line);
        }
    }

    /// A column's cells with their lines.
    pub(crate) fn column(&self, column: usize) -> impl Iterator<Item = (&[u8], Cell)> {
        let cells = self.cells.iter().skip(column).step_by(self.width.max(1));
        self.lines.iter().zip(cells).map(|(line, cell)| (line.as_ref(), *cell))
    }

    /// A row's line and cells.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&[u8], &[Cell])> {
        self.lines.iter().zip(self.cells.chunks_exact(self.width.max(1))).map(|(line, cells)| (line.as_ref(), cells))
    }

    pub(crate) fn quote(&self) -> Option<u8> {
        self.quote
    }
}
