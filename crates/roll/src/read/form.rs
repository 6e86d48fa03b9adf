//! How one table is read: its delimiter, its header, its columns.

use super::scan::LINE_BYTES_MAX;
use super::split::{Delimited, Fixed};
use super::value::{Decoding, clean};
use super::workbook;
use super::{Cell, Fault, Splitter};
use crate::layout::{Binding, Bound, ColumnKind, HeaderError, HeaderLine, Layout, Shape};

/// LIMIT: the widest known layout has 211 columns; histories add some hundreds.
pub(crate) const COLUMNS_MAX: usize = 4096;

const MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a text holds nothing, not even when it begins with a mark.
pub(crate) fn is_blank(text: &[u8]) -> bool {
    text.is_empty() || text == MARK
}

/// Rows at the beginning of a table without a header that must look like the layout's.
const ROWS_LOOKED_AT: usize = 50;

/// How one table is read.
#[derive(Debug, Clone)]
pub(crate) struct Form<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) splitter: Splitter,
    pub(crate) decoding: Decoding,
    pub(crate) binding: Binding<'a>,
    /// Fields of a line.
    pub(crate) width: usize,
    /// Whether the last fields may be missing, or empty ones follow.
    pub(crate) is_ragged: bool,
    /// Where the first row begins, in bytes.
    pub(crate) body: u64,
    /// Lines before it.
    pub(crate) lines_before: u32,
    /// Whether the table told its columns itself.
    pub(crate) has_header: bool,
}

/// Why a table is not in a layout.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// The header line itself is broken.
    Line(Fault),
    /// The headers, or the rows, are other ones.
    Differs(HeaderError),
}

impl<'a> Form<'a> {
    /// Lays the beginning of a table beside a layout.
    pub(crate) fn of(head: &[u8], layout: &'a Layout) -> Result<Self, Unfit> {
        let mut first = None;
        for splitter in splitters(head, layout) {
            match Self::with(head, layout, splitter) {
                Ok(form) => return Ok(form),
                Err(unfit) => first = first.or(Some(unfit)),
            }
        }
        Err(first.unwrap_or(Unfit::Differs(HeaderError::Width { found: 0, expected: layout.columns().len() })))
    }

    fn with(head: &[u8], layout: &'a Layout, splitter: Splitter) -> Result<Self, Unfit> {
        let file = layout.file();
        let mut lines = Lines::new(head);
        let before = lines.by_ref().take(file.lines_before).count();
        let behind_before = lines.at;
        let decoding = match Decoding::of(&file.encodings) {
            // A text that begins with the mark of UTF-8 is that.
            Decoding::Latin1 if head.starts_with(MARK) => Decoding::Either,
            decoding => decoding,
        };
        let form = |binding: Binding<'a>, body: usize, lines_before: usize, has_header| Self {
            layout,
            splitter: splitter.clone(),
            decoding,
            width: binding.columns.len(),
            binding,
            is_ragged: file.is_ragged,
            body: body as u64,
            // LIMIT: a layout names a handful.
            lines_before: u32::try_from(lines_before).unwrap_or(u32::MAX),
            has_header,
        };
        if file.header != HeaderLine::Never {
            let line = lines.next().unwrap_or_default();
            let bound = names(&splitter, decoding, line)
                .map_err(Unfit::Line)
                .and_then(|names| layout.bind(&names).map_err(Unfit::Differs));
            match (bound, file.header) {
                (Ok(binding), _) => return Ok(form(binding, lines.at, before + 1, true)),
                (Err(unfit), HeaderLine::Always) => return Err(unfit),
                (Err(_), _) => {}
            }
        }
        let form = form(
            by_place(layout, &splitter, decoding, head.get(behind_before..).unwrap_or_default())?,
            behind_before,
            before,
            false,
        );
        form.check_rows(head).map(|()| form)
    }

    /// Appends the fields of a line, and checks their number.
    pub(crate) fn split(&self, line: &[u8], cells: &mut Vec<Cell>) -> Result<(), (usize, Fault)> {
        let before = cells.len();
        self.splitter.split(line, cells)?;
        let (found, expected) = (cells.len() - before, self.width);
        if found == expected {
            return Ok(());
        }
        if self.is_ragged {
            let is_spare = |bound: &Bound<'_>| *bound == Bound::Nothing;
            let are_spare = self.binding.columns.iter().skip(found).all(is_spare);
            let are_empty = cells.iter().skip(before + expected).all(|cell| cell.of(line).trim_ascii().is_empty());
            if are_spare && are_empty {
                cells.resize(before + expected, Cell::default());
                return Ok(());
            }
        }
        Err(self.misfit(found))
    }

    /// Checks a line as [`Form::split`] does, and appends at least its first fields.
    pub(crate) fn check(&self, line: &[u8], keep: usize, cells: &mut Vec<Cell>) -> Result<(), (usize, Fault)> {
        if self.is_ragged {
            return self.split(line, cells);
        }
        let found = self.splitter.count(line, keep, cells)?;
        if found == self.width { Ok(()) } else { Err(self.misfit(found)) }
    }

    fn misfit(&self, found: usize) -> (usize, Fault) {
        let expected = self.width;
        if found < expected {
            (found, Fault::TooFew { found, expected })
        } else {
            (expected, Fault::TooMany { found, expected })
        }
    }

    /// The first rows of a table without a header: a number for each registrant, dates that are dates.
    fn check_rows(&self, head: &[u8]) -> Result<(), Unfit> {
        let body = head.get(usize::try_from(self.body).unwrap_or(usize::MAX)..).unwrap_or_default();
        let mut filled = vec![0_usize; self.width];
        let mut good = vec![0_usize; self.width];
        let (mut cells, mut scratch) = (Vec::new(), Vec::new());
        // The last line of a head may be cut off.
        let lines: Vec<&[u8]> = Lines::new(body).take(ROWS_LOOKED_AT).collect();
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let line = self.decoding.decode(line);
            cells.clear();
            if self.split(&line, &mut cells).is_err() {
                continue;
            }
            for (place, (cell, bound)) in cells.iter().zip(&self.binding.columns).enumerate() {
                let value = clean(&line, *cell, self.splitter.quote(), &mut scratch);
                let (Bound::Column(column), false) = (bound, value.is_empty()) else { continue };
                let is_good = match &column.kind {
                    _ if column.masked.iter().chain(&column.placeholders).any(|known| known.as_bytes() == value) => {
                        true
                    }
                    ColumnKind::Date(forms) => forms.iter().any(|form| form.read(value, None).is_some()),
                    ColumnKind::Integer => value.iter().all(u8::is_ascii_digit),
                    ColumnKind::Code(codes) if column.to == "status" => {
                        std::str::from_utf8(value).is_ok_and(|value| codes.canonical(value).is_some())
                    }
                    _ if column.to == "voter_id" => value.len() <= super::scan::VOTER_ID_BYTES_MAX,
                    _ => true,
                };
                if let (Some(filled), Some(good)) = (filled.get_mut(place), good.get_mut(place)) {
                    *filled += 1;
                    *good += usize::from(is_good);
                }
            }
        }
        let misfit = filled.iter().zip(&good).position(|(filled, good)| good * 2 < *filled);
        match (misfit, filled.iter().all(|filled| *filled == 0)) {
            (None, false) => Ok(()),
            (misfit, _) => {
                let place = misfit.unwrap_or_default();
                let expected = self.binding.headers.get(place).cloned().unwrap_or_default();
                Err(Unfit::Differs(HeaderError::Rows { position: place + 1, expected }))
            }
        }
    }
}

/// The ways in which a layout's lines may be split, the published one first.
fn splitters(head: &[u8], layout: &Layout) -> Vec<Splitter> {
    let file = layout.file();
    match &file.shape {
        Shape::Fixed { width } => {
            let spans = layout.columns().iter().filter_map(|column| column.span).collect();
            vec![Splitter::Fixed(Fixed { spans, width: *width, is_ragged: file.is_ragged })]
        }
        Shape::Delimited { delimiters, .. } => {
            // A worksheet was made text with a delimiter of our own and no quotes.
            let first = Lines::new(head).nth(file.lines_before).unwrap_or_default();
            if first.contains(&workbook::DELIMITER) {
                let sheet = Delimited { delimiter: workbook::DELIMITER, quote: None, is_backslashed: false };
                return vec![Splitter::Delimited(sheet)];
            }
            delimiters.iter().filter_map(|delimiter| Splitter::delimited(file, *delimiter)).collect()
        }
    }
}

/// The headers of a line.
pub(crate) fn names(splitter: &Splitter, decoding: Decoding, line: &[u8]) -> Result<Vec<String>, Fault> {
    if line.len() > LINE_BYTES_MAX {
        return Err(Fault::TooLong { bytes_max: LINE_BYTES_MAX });
    }
    if decoding == Decoding::Utf8
        && let Err(error) = std::str::from_utf8(line)
    {
        return Err(Fault::NotUtf8 { byte: error.valid_up_to() + 1 });
    }
    let line = decoding.decode(line);
    let mut cells = Vec::new();
    splitter.split(&line, &mut cells).map_err(|(_, fault)| fault)?;
    if cells.len() > COLUMNS_MAX {
        return Err(Fault::TooMany { found: cells.len(), expected: COLUMNS_MAX });
    }
    Ok(cells.iter().map(|cell| name(splitter, *cell, &line)).collect())
}

/// A header. Blanks inside are part of its name; escaped quotes are not, nor are single quotes around the whole.
fn name(splitter: &Splitter, cell: Cell, line: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell.of(line)).trim().to_owned();
    let text = match splitter.quote().map(char::from).filter(|_| cell.is_escaped) {
        Some(quote) => text.replace(&format!("{quote}{quote}"), &quote.to_string()),
        None => text,
    };
    match text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(inner) => inner.to_owned(),
        None => text,
    }
}

/// The columns of a table without a header, by the width of its first line that can be split.
fn by_place<'a>(
    layout: &'a Layout,
    splitter: &Splitter,
    decoding: Decoding,
    body: &[u8],
) -> Result<Binding<'a>, Unfit> {
    let mut cells = Vec::new();
    let mut first: Option<Unfit> = None;
    for line in Lines::new(body).take(ROWS_LOOKED_AT).filter(|line| !line.is_empty() && line.len() <= LINE_BYTES_MAX) {
        let line = decoding.decode(line);
        cells.clear();
        let unfit = match splitter.split(&line, &mut cells) {
            Ok(()) => {
                let count = cells.len();
                let columns = layout.columns().len();
                let are_empty =
                    |from: usize| cells.iter().skip(from).all(|cell| cell.of(&line).trim_ascii().is_empty());
                let fields =
                    if layout.file().is_ragged && count > columns && are_empty(columns) { columns } else { count };
                match layout.by_place(fields) {
                    Ok(binding) => return Ok(binding),
                    Err(error) => Unfit::Differs(error),
                }
            }
            Err((_, Fault::OtherLength { found, expected })) => Unfit::Differs(HeaderError::Length { found, expected }),
            Err((_, fault)) => Unfit::Line(fault),
        };
        first = first.or(Some(unfit));
    }
    Err(first.unwrap_or(Unfit::Differs(HeaderError::Width { found: 0, expected: layout.columns().len() })))
}

/// The lines of a beginning, without their ends; `at` is where the next one begins. A mark before the first is skipped.
pub(crate) struct Lines<'t> {
    text: &'t [u8],
    pub(crate) at: usize,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t [u8]) -> Self {
        Self { text, at: if text.starts_with(MARK) { MARK.len() } else { 0 } }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = &'t [u8];

    fn next(&mut self) -> Option<&'t [u8]> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest);
        self.at += length.map_or(rest.len(), |length| length + 1);
        let line = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}
