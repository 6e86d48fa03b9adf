//! The first pass: which lines are rows, which go to quarantine, and the keys by which rows are sorted.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use memchr::{memchr, memchr2};
use rayon::prelude::*;

use super::form::Form;
use super::sort::{Fields, Places, Record};
use super::text::Text;
use super::value::{Decoding, clean};
use super::{Cell, Fault};
use crate::import::ImportError;
use crate::layout::Role;
use crate::progress::Meter;
use crate::table::slots::Slots;

/// LIMIT: the longest line that is read. The widest known rows have about 2,000 bytes. A part of [`PART_ROWS`] lines of
/// this length stays below the 2 GiB that an Arrow text column can address, also when every latin-1 byte becomes two.
pub(crate) const LINE_BYTES_MAX: usize = 8_000;

/// Rows of a part: large enough that a column of it compresses well, small enough that some parts fit in memory.
pub(crate) const PART_ROWS: usize = 131_072;

const _: () = assert!(LINE_BYTES_MAX * 2 * PART_ROWS < i32::MAX as usize);

/// Bytes behind the longest line by which one is known that is longer, its end included.
const LINE_REST_BYTES: u64 = 4;

/// Bytes of a block that one thread scans at a time.
pub(crate) const BLOCK_BYTES: usize = 4 * 1024 * 1024;

/// LIMIT: lines of a table that are kept in mind for the quarantine, some 150 MB. No roll has that many damaged ones.
pub(crate) const BROKEN_MAX: usize = 2_000_000;

/// LIMIT: the longest voter number; the longest known has 20 characters (New York).
pub(crate) const VOTER_ID_BYTES_MAX: usize = 24;

/// A voter number as three numbers that compare like its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct IdKey([u64; 3]);

impl IdKey {
    /// `None` for an id that is longer than [`VOTER_ID_BYTES_MAX`]. Ids hold no NUL, so padding keeps them apart.
    pub(crate) fn new(id: &[u8]) -> Option<Self> {
        let mut padded = [0_u8; VOTER_ID_BYTES_MAX];
        padded.get_mut(..id.len())?.copy_from_slice(id);
        let (words, _) = padded.as_chunks::<8>();
        let mut key = [0_u64; 3];
        for (number, word) in key.iter_mut().zip(words) {
            *number = u64::from_be_bytes(*word);
        }
        Some(Self(key))
    }

    /// The number that stands for a row without one: sixteen digits of its content, so that the same row has the same
    /// number in every delivery.
    pub(crate) fn of_content(line: &[u8]) -> Self {
        let digits: String = crate::digest::hex(line).chars().take(16).collect();
        Self::new(digits.as_bytes()).unwrap_or(Self([0; 3]))
    }

    /// The id's bytes.
    pub(crate) fn text(self) -> Vec<u8> {
        let bytes = self.0.iter().flat_map(|word| word.to_be_bytes());
        bytes.take_while(|byte| *byte != 0).collect()
    }

    pub(crate) fn put(self, out: &mut Vec<u8>) {
        self.0.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
    }

    pub(crate) fn take(fields: &mut Fields<'_>) -> Self {
        Self(std::array::from_fn(|_| u64::from_le_bytes(fields.word())))
    }
}

/// A row that will be stored: its sort key and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowRef {
    /// The place of the county's name among all names, in the order of the alphabet. While files are still read it is
    /// the number in [`Counties`].
    pub(crate) county: u32,
    pub(crate) id: IdKey,
    /// Index of the table.
    pub(crate) source: u32,
    /// Line of the table, from 1.
    pub(crate) line: u32,
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

impl Record for RowRef {
    const BYTES: usize = 4 + 24 + 4 + 4 + 8 + 4;

    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.county.to_le_bytes());
        self.id.put(out);
        out.extend_from_slice(&self.source.to_le_bytes());
        out.extend_from_slice(&self.line.to_le_bytes());
        out.extend_from_slice(&self.offset.to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
    }

    fn name(&mut self) -> Option<&mut u32> {
        Some(&mut self.county)
    }

    fn take(bytes: &[u8]) -> Self {
        let mut fields = Fields(bytes);
        Self {
            county: u32::from_le_bytes(fields.word()),
            id: IdKey::take(&mut fields),
            source: u32::from_le_bytes(fields.word()),
            line: u32::from_le_bytes(fields.word()),
            offset: u64::from_le_bytes(fields.word()),
            length: u32::from_le_bytes(fields.word()),
        }
    }
}

/// A line that goes to quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: u32,
    /// The field at fault, from 0.
    pub(crate) column: usize,
    pub(crate) fault: Fault,
    /// The line's bytes in its table.
    pub(crate) range: Range<u64>,
}

/// What became of the lines of a table.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    pub(crate) broken: Vec<Broken>,
    pub(crate) rows_read: u64,
    pub(crate) lines_empty: u64,
}

/// The rows of some lines that follow each other.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Registrants.
    pub(crate) voters: Vec<RowRef>,
    /// Rows of the history.
    pub(crate) history: Vec<RowRef>,
}

/// The names of counties, numbered as they appear.
#[derive(Debug, Default)]
pub(crate) struct Counties(Mutex<HashMap<Vec<u8>, u32>>);

impl Counties {
    fn number(&self, name: &[u8]) -> u32 {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = known.get(name) {
            return *number;
        }
        let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
        known.insert(name.to_vec(), next);
        next
    }
}

impl Places for Counties {
    fn places(&self) -> Vec<u32> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<(&Vec<u8>, u32)> = known.iter().map(|(name, number)| (name, *number)).collect();
        names.sort_unstable();
        let mut places = vec![0; names.len()];
        for (place, (_, number)) in (0..).zip(names) {
            if let Some(slot) = places.get_mut(number as usize) {
                *slot = place;
            }
        }
        places
    }
}

/// What the first pass must know of a table.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    pub(crate) source: u32,
    pub(crate) text: &'a Text,
    pub(crate) form: &'a Form<'a>,
    /// The county that the file's name tells.
    pub(crate) county: Option<&'a str>,
    pub(crate) counties: &'a Counties,
    keys: Keys,
    /// How participations are found, to tell rows of a history from registrants, and rows without an election.
    slots: Slots<'a>,
}

/// Where the keys of a row stand.
#[derive(Debug, Clone, Copy)]
struct Keys {
    /// The number, and the digits to which it is filled up; `None` where the file has none.
    id: Option<(usize, usize)>,
    county: Option<(usize, usize)>,
    /// The first fields among which everything stands that the first pass looks at.
    fields: usize,
}

/// What one block of lines gave.
#[derive(Default)]
struct Block {
    rows: Rows,
    scanned: Scanned,
    lines: u32,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(
        source: u32,
        text: &'a Text,
        form: &'a Form<'a>,
        county: Option<&'a str>,
        counties: &'a Counties,
    ) -> Self {
        let binding = &form.binding;
        let id = binding.find("voter_id").map(|(place, column)| (place, column.zeros.unwrap_or(0)));
        let whole =
            ["county", "county_code"].iter().find_map(|to| binding.find(to)).map(|(place, _)| (place, usize::MAX));
        let part = || {
            binding.columns.iter().enumerate().find_map(|(place, bound)| {
                let crate::layout::Bound::Column(column) = bound else { return None };
                let taken = column.also.iter().find(|taken| matches!(taken.to.as_str(), "county" | "county_code"))?;
                Some((place, taken.first))
            })
        };
        let found = whole.or_else(part).filter(|_| form.layout.role() == Role::Voter);
        let slots = Slots::new(form.layout, binding);
        let looks_for_elections = form.layout.role() == Role::History || form.layout.history().is_in_same_rows;
        let last = [id.map(|(place, _)| place), found.map(|(place, _)| place)].into_iter().flatten().max();
        let fields = if looks_for_elections { usize::MAX } else { last.map_or(0, |place| place + 1) };
        let keys = Keys { id, county: found, fields };
        Self { source, text, form, county, counties, keys, slots }
    }

    /// Scans the table in blocks; `rows` hears of them in their order. The result does not depend on the size of blocks
    /// or the number of threads.
    pub(crate) fn scan(
        &self,
        block_bytes: usize,
        meter: &Meter<'_>,
        mut rows: impl FnMut(Rows) -> Result<(), ImportError>,
    ) -> Result<Scanned, ImportError> {
        let mut scanned = Scanned::default();
        let mut lines = self.form.lines_before;
        let mut start = self.form.body;
        let at_a_time = 4 * rayon::current_num_threads();
        // A file with more broken lines is refused, so the rest of it need not be read.
        while start < self.text.len() && scanned.broken.len() <= BROKEN_MAX {
            let mut ranges = Vec::with_capacity(at_a_time);
            while ranges.len() < at_a_time && start < self.text.len() {
                let least = start.saturating_add(block_bytes.max(1) as u64) - 1;
                let end = self.text.line_end(least.min(self.text.len())).map_err(self.failed())?;
                // The last line of a block begins no later than `least`. Of one that is too long a part is enough.
                let read = end.min(least.saturating_add(LINE_BYTES_MAX as u64 + LINE_REST_BYTES));
                ranges.push((start..end, read));
                start = end;
            }
            let blocks: Vec<Block> =
                ranges.into_par_iter().map(|(range, read)| self.block(range, read, meter)).collect::<Result<_, _>>()?;
            for block in blocks {
                lines = scanned.append(block, lines, &mut rows)?;
            }
        }
        Ok(scanned)
    }

    fn failed(&self) -> impl Fn(std::io::Error) -> ImportError {
        let path = match self.text {
            Text::Disk(disk) => disk.path.clone(),
            Text::Memory(_) => std::path::PathBuf::new(),
        };
        move |source| ImportError::Read { path: path.clone(), source }
    }

    /// Scans the lines of a range, of which the bytes up to `read` are read.
    fn block(&self, range: Range<u64>, read: u64, meter: &Meter<'_>) -> Result<Block, ImportError> {
        let mut bytes = Vec::new();
        self.text.read(range.start..read, &mut bytes).map_err(self.failed())?;
        meter.add(usize::try_from(range.end - range.start).unwrap_or(usize::MAX));
        let mut block = Block::default();
        let mut last_county = (Vec::new(), u32::MAX);
        let (mut cells, mut scratch) = (Vec::new(), Vec::new());
        let mut start = 0;
        while start < bytes.len() {
            let rest = bytes.get(start..).unwrap_or_default();
            let length = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            block.lines = block.lines.saturating_add(1);
            let offset = range.start + start as u64;
            start += length + 1;
            if line.is_empty() {
                block.scanned.lines_empty += 1;
                continue;
            }
            block.scanned.rows_read += 1;
            self.line(line, offset, &mut block, &mut last_county, &mut cells, &mut scratch);
        }
        if read < range.end
            && let Some(last) = block.scanned.broken.last_mut()
        {
            last.range.end = self.end_of_text(range.end)?;
        }
        Ok(block)
    }

    /// The end of the line that ends here, without the bytes that end it.
    fn end_of_text(&self, line_end: u64) -> Result<u64, ImportError> {
        let mut end = Vec::new();
        self.text.read(line_end.saturating_sub(2)..line_end, &mut end).map_err(self.failed())?;
        let line = end.strip_suffix(b"\n").unwrap_or(&end);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        Ok(line_end - (end.len() - line.len()) as u64)
    }

    fn line(
        &self,
        raw: &[u8],
        offset: u64,
        block: &mut Block,
        last_county: &mut (Vec<u8>, u32),
        cells: &mut Vec<Cell>,
        scratch: &mut Vec<u8>,
    ) {
        match self.key(raw, last_county, cells, scratch) {
            Ok((id, county, is_history)) => {
                let row = RowRef {
                    county,
                    id,
                    source: self.source,
                    line: block.lines,
                    offset,
                    // LIMIT: LINE_BYTES_MAX.
                    length: u32::try_from(raw.len()).unwrap_or(u32::MAX),
                };
                let rows = if is_history { &mut block.rows.history } else { &mut block.rows.voters };
                rows.push(row);
            }
            Err((column, fault)) => {
                let range = offset..offset + raw.len() as u64;
                block.scanned.broken.push(Broken { line: block.lines, column, fault, range });
            }
        }
    }

    /// Checks a line and finds its key: number, county, and whether it is a row of the history.
    fn key(
        &self,
        raw: &[u8],
        last_county: &mut (Vec<u8>, u32),
        cells: &mut Vec<Cell>,
        scratch: &mut Vec<u8>,
    ) -> Result<(IdKey, u32, bool), (usize, Fault)> {
        self.check_bytes(raw)?;
        let line = self.form.decoding.decode(raw);
        cells.clear();
        self.form.check(&line, self.keys.fields, cells)?;
        let quote = self.form.splitter.quote();
        let id = match self.keys.id {
            None => IdKey::of_content(&line),
            Some((column, zeros)) => {
                let value = clean(&line, cells.get(column).copied().unwrap_or_default(), quote, scratch);
                if value.is_empty() {
                    return Err((column, Fault::NoVoterId));
                }
                let too_long = (column, Fault::VoterIdTooLong { bytes_max: VOTER_ID_BYTES_MAX });
                IdKey::new(&zero_filled(value, zeros)).ok_or(too_long)?
            }
        };
        let is_history = match self.form.layout.role() {
            Role::Voter => self.form.layout.history().is_in_same_rows && self.slots.has_election(&line, cells, quote),
            Role::History => {
                if let Some(column) = self.slots.fault(&line, cells, quote) {
                    return Err((column, Fault::NoElection));
                }
                true
            }
            Role::Lookup => false,
        };
        if is_history {
            return Ok((id, 0, true));
        }
        let county = match (self.keys.county, self.county) {
            (Some((column, first)), _) => {
                let value = clean(&line, cells.get(column).copied().unwrap_or_default(), quote, scratch);
                value.get(..first.min(value.len())).unwrap_or(value)
            }
            (None, Some(county)) => county.as_bytes(),
            (None, None) => b"",
        };
        if last_county.1 == u32::MAX || last_county.0 != county {
            *last_county = (county.to_vec(), self.counties.number(county));
        }
        Ok((id, last_county.1, false))
    }

    /// Checks what can be told before the line is split.
    fn check_bytes(&self, line: &[u8]) -> Result<(), (usize, Fault)> {
        let column_at = |at: usize| self.form.splitter.column_at(line, at);
        if line.len() > LINE_BYTES_MAX {
            return Err((column_at(LINE_BYTES_MAX), Fault::TooLong { bytes_max: LINE_BYTES_MAX }));
        }
        if let Some(at) = memchr2(0, b'\r', line) {
            let fault = if line.get(at) == Some(&0) { Fault::Nul } else { Fault::CarriageReturn };
            return Err((column_at(at), fault));
        }
        if self.form.decoding == Decoding::Utf8
            && let Err(error) = std::str::from_utf8(line)
        {
            let at = error.valid_up_to();
            return Err((column_at(at), Fault::NotUtf8 { byte: at + 1 }));
        }
        Ok(())
    }
}

/// A number filled up with zeros to so many digits.
pub(crate) fn zero_filled(value: &[u8], digits: usize) -> std::borrow::Cow<'_, [u8]> {
    let missing = digits.saturating_sub(value.len());
    if missing == 0 || !value.iter().all(u8::is_ascii_digit) {
        return value.into();
    }
    let mut filled = vec![b'0'; missing];
    filled.extend_from_slice(value);
    filled.into()
}

impl Scanned {
    /// Adds a block that begins after `before` lines; returns the lines up to its end.
    fn append(
        &mut self,
        mut block: Block,
        before: u32,
        rows: &mut impl FnMut(Rows) -> Result<(), ImportError>,
    ) -> Result<u32, ImportError> {
        for row in block.rows.voters.iter_mut().chain(&mut block.rows.history) {
            row.line = row.line.saturating_add(before);
        }
        let broken = block.scanned.broken.into_iter();
        self.broken.extend(broken.map(|broken| Broken { line: broken.line.saturating_add(before), ..broken }));
        self.rows_read += block.scanned.rows_read;
        self.lines_empty += block.scanned.lines_empty;
        rows(block.rows)?;
        Ok(before.saturating_add(block.lines))
    }
}
