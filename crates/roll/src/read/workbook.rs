//! Worksheets as tables of text.

use std::io::{Read, Seek, Write};

use calamine::{DataRef, Reader, Xlsx, XlsxError};

use crate::import::ArchiveProblem;

/// What stands between two cells of a worksheet that was made text; no cell holds it.
pub(crate) const DELIMITER: u8 = 0x1f;

/// Rows that are enough to know a worksheet by.
pub(crate) const HEAD_ROWS: u32 = 120;

/// LIMIT: the columns of a worksheet that are read; the widest known layout has 211.
const COLUMNS_MAX: u32 = 4096;

/// A workbook.
pub(crate) struct Workbook<R: Read + Seek> {
    inner: Xlsx<R>,
}

impl<R: Read + Seek> Workbook<R> {
    pub(crate) fn open(reader: R) -> Result<Self, ArchiveProblem> {
        Ok(Self { inner: Xlsx::new(reader).map_err(problem)? })
    }

    /// The worksheets in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.inner.sheet_names()
    }

    /// Writes a worksheet as lines with [`DELIMITER`] between cells, at most `rows` of them.
    pub(crate) fn write(&mut self, sheet: &str, rows: Option<u32>, out: &mut dyn Write) -> Result<(), ArchiveProblem> {
        let mut cells = self.inner.worksheet_cells_reader(sheet).map_err(problem)?;
        let mut line = Line::default();
        let mut row = 0;
        while let Some(cell) = cells.next_cell().map_err(problem)? {
            let (at, column) = cell.get_position();
            if rows.is_some_and(|most| at >= most) {
                break;
            }
            if column >= COLUMNS_MAX {
                return Err(ArchiveProblem::Workbook(format!("a worksheet has more than {COLUMNS_MAX} columns")));
            }
            while row < at {
                line.end(out)?;
                row += 1;
            }
            line.put(column, &text(cell.get_value()));
        }
        if !line.text.is_empty() {
            line.end(out)?;
        }
        Ok(())
    }
}

/// A line in the making.
#[derive(Default)]
struct Line {
    text: String,
    /// Cells begun.
    column: u32,
    /// Cells of the widest line so far: rows leave out empty cells at their end.
    width: u32,
}

impl Line {
    fn put(&mut self, column: u32, text: &str) {
        while self.column < column {
            self.text.push(char::from(DELIMITER));
            self.column += 1;
        }
        // A line break inside a cell is a blank, so that a record stays one line.
        self.text.extend(text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }));
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<(), ArchiveProblem> {
        if !self.text.is_empty() {
            self.width = self.width.max(self.column);
            self.put(self.width, "");
        }
        self.text.push('\n');
        out.write_all(self.text.as_bytes()).map_err(|error| match error.kind() {
            std::io::ErrorKind::QuotaExceeded => ArchiveProblem::Bomb { ratio: super::unpack::RATIO_MAX },
            _ => ArchiveProblem::Unreadable(error),
        })?;
        self.text.clear();
        self.column = 0;
        Ok(())
    }
}

/// A cell as text. A whole number is written without a point, a date as its day number: the layout knows `serial`.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Float(number) => format!("{number}"),
        DataRef::Int(number) => number.to_string(),
        DataRef::Bool(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(day) => format!("{}", day.as_f64()),
    }
}

fn problem(error: XlsxError) -> ArchiveProblem {
    ArchiveProblem::Workbook(error.to_string())
}
