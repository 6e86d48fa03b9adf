//! Worksheets as tables of text.

use std::io::{Read, Seek, Write};

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use memchr::{memchr_iter, memmem};
use zip::ZipArchive;

use super::unpack::{MEMBERS_MAX, RATIO_MAX, broken, zip_problem};
use crate::import::ArchiveProblem;

/// What stands between two cells of a worksheet that was made text; no cell holds it.
pub(crate) const DELIMITER: u8 = 0x1f;

/// Rows that are enough to know a worksheet by.
pub(crate) const HEAD_ROWS: u32 = 120;

/// LIMIT: the columns of a worksheet that are read; the widest known layout has 211.
const COLUMNS_MAX: u32 = 4096;

/// LIMIT: the rows of a worksheet; the format itself has no more.
const ROWS_MAX: u32 = 1_048_576;

/// LIMIT: the bytes of a row. One that is longer than a line of a text file goes to quarantine; one that is far longer
/// is none, and the row is made in memory.
const ROW_BYTES_MAX: usize = 1024 * 1024;

/// LIMIT: a part that the reader of workbooks holds in memory, as it does with texts that cells share. A sheet of a
/// million rows shares some 100 MB.
const PART_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// LIMIT: bytes between two tags: the longest text of a cell has 32,767 characters.
const PIECE_BYTES_MAX: usize = 1024 * 1024;

/// Looks at the parts of a workbook before their reader does, which takes memory for what they say of themselves.
pub(super) fn check_parts<R: Read + Seek>(zip: &mut ZipArchive<R>, most: u64) -> Result<(), ArchiveProblem> {
    let mut left = most;
    for index in 0..zip.len() {
        let name = zip.name_for_index(index).transpose().map_err(zip_problem)?.unwrap_or_default();
        // Rows are read one after the other; what else there is is held in memory.
        let is_held = !name.starts_with("xl/worksheets/sheet");
        let mut part = zip.by_index(index).map_err(zip_problem)?;
        let bytes = check_part(&mut part, left)?;
        if is_held && bytes > PART_BYTES_MAX {
            return Err(ArchiveProblem::Workbook(format!("a part of it has more than {PART_BYTES_MAX} bytes")));
        }
        left = left.saturating_sub(bytes);
    }
    Ok(())
}

/// The size of a part. Its tags are near to each other, and it says of no more texts than it can hold.
fn check_part(part: &mut dyn Read, most: u64) -> Result<u64, ArchiveProblem> {
    let refused = |what: String| Err(ArchiveProblem::Workbook(what));
    let mut measure = Measure::default();
    let mut piece = vec![0; 64 * 1024];
    loop {
        let read = part.read(&mut piece).map_err(broken)?;
        if read == 0 {
            break;
        }
        measure.add(piece.get(..read).unwrap_or_default());
        if measure.bytes > most {
            return Err(ArchiveProblem::Bomb { ratio: RATIO_MAX });
        }
        if measure.between_tags > PIECE_BYTES_MAX {
            return refused(format!("a cell has more than {PIECE_BYTES_MAX} bytes"));
        }
    }
    if measure.texts > measure.bytes / TEXT_BYTES_MIN {
        return refused("it says that its cells share more texts than it holds".to_owned());
    }
    Ok(measure.bytes)
}

/// The least that a shared text takes: `<si/>`.
const TEXT_BYTES_MIN: u64 = 5;

/// The attribute by which a part says how many shared texts it holds.
const TEXTS: &[u8] = b"uniqueCount";

/// Bytes behind that word in which its number stands.
const NUMBER_BYTES: usize = 40;

/// What is to be known of a part.
#[derive(Default)]
struct Measure {
    bytes: u64,
    /// Most bytes from one tag to the next.
    between_tags: usize,
    since_tag: usize,
    /// The most texts of which the part says that it holds them.
    texts: u64,
    /// The end of the piece before, in which the word may have begun.
    tail: Vec<u8>,
}

impl Measure {
    fn add(&mut self, piece: &[u8]) {
        self.bytes = self.bytes.saturating_add(piece.len() as u64);
        let mut from = 0;
        for at in memchr_iter(b'<', piece).chain([piece.len()]) {
            self.since_tag = self.since_tag.saturating_add(at - from);
            self.between_tags = self.between_tags.max(self.since_tag);
            from = at;
            if at < piece.len() {
                self.since_tag = 0;
            }
        }
        self.tail.extend_from_slice(piece);
        for at in memmem::find_iter(&self.tail, TEXTS) {
            let number = self.tail.get(at + TEXTS.len()..).unwrap_or_default();
            self.texts = self.texts.max(said(number));
        }
        let kept = self.tail.len().min(TEXTS.len() + NUMBER_BYTES);
        self.tail.drain(..self.tail.len() - kept);
    }
}

/// The number behind its word. One that cannot be found in all the bytes that it may take is taken for the largest.
fn said(text: &[u8]) -> u64 {
    let value = text.trim_ascii_start().strip_prefix(b"=").unwrap_or_default().trim_ascii_start();
    let digits = value.get(1..).unwrap_or_default();
    let length = digits.iter().take_while(|digit| digit.is_ascii_digit()).count();
    match std::str::from_utf8(digits.get(..length).unwrap_or_default()).map(str::parse) {
        Ok(Ok(number)) => number,
        _ if text.len() < NUMBER_BYTES => 0,
        _ => u64::MAX,
    }
}

/// A workbook.
pub(crate) struct Workbook<R: Read + Seek> {
    inner: Xlsx<R>,
}

impl<R: Read + Seek> Workbook<R> {
    pub(crate) fn open(reader: R) -> Result<Self, ArchiveProblem> {
        Ok(Self { inner: Xlsx::new(reader).map_err(problem)? })
    }

    /// The worksheets in their order; sheets with a chart hold no table.
    pub(crate) fn names(&self) -> Result<Vec<String>, ArchiveProblem> {
        let sheets = self.inner.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
        if names.len() > MEMBERS_MAX {
            return Err(ArchiveProblem::Members { found: names.len(), most: MEMBERS_MAX });
        }
        Ok(names)
    }

    /// Writes a worksheet as lines with [`DELIMITER`] between cells, at most `rows` of them.
    pub(crate) fn write(&mut self, sheet: &str, rows: Option<u32>, out: &mut dyn Write) -> Result<(), ArchiveProblem> {
        let refused = |what: &str| Err(ArchiveProblem::Workbook(what.to_owned()));
        let mut cells = self.inner.worksheet_cells_reader(sheet).map_err(problem)?;
        let mut line = Line::default();
        let mut row = 0;
        while let Some(cell) = cells.next_cell().map_err(problem)? {
            let (at, column) = cell.get_position();
            if rows.is_some_and(|most| at >= most) {
                break;
            }
            if at >= ROWS_MAX {
                return Err(ArchiveProblem::Workbook(format!("a worksheet has more than {ROWS_MAX} rows")));
            }
            if column >= COLUMNS_MAX {
                return Err(ArchiveProblem::Workbook(format!("a worksheet has more than {COLUMNS_MAX} columns")));
            }
            while row < at {
                line.end(out)?;
                row += 1;
            }
            if at < row || column < line.next {
                return refused("the cells of a worksheet are not in their order");
            }
            let text = text(cell.get_value());
            if line.text.len() + text.len() > ROW_BYTES_MAX {
                return Err(ArchiveProblem::Workbook(format!("a row has more than {ROW_BYTES_MAX} bytes")));
            }
            line.put(column, &text);
            line.next = column + 1;
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
    /// The first column that has no cell yet.
    next: u32,
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
            std::io::ErrorKind::QuotaExceeded => ArchiveProblem::Bomb { ratio: RATIO_MAX },
            _ => ArchiveProblem::Unwritable(error),
        })?;
        self.text.clear();
        self.column = 0;
        self.next = 0;
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

/// What is wrong with a workbook. Its reader may quote what a cell holds; that is left out.
fn problem(error: XlsxError) -> ArchiveProblem {
    match error {
        XlsxError::Io(error) => broken(error),
        XlsxError::Zip(error) => zip_problem(error),
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) | XlsxError::Encoding(_) => {
            ArchiveProblem::Workbook("its XML is damaged".to_owned())
        }
        XlsxError::CellError(_) => ArchiveProblem::Workbook("a cell holds an error that is not known".to_owned()),
        XlsxError::CellTAttribute(_) => ArchiveProblem::Workbook("a cell is of a kind that is not known".to_owned()),
        other => ArchiveProblem::Workbook(other.to_string()),
    }
}
