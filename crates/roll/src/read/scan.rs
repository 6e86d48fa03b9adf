//! The first pass: which lines are rows, which go to quarantine, and the keys by which rows are sorted.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2};
use rayon::prelude::*;

use super::{Cell, Fault, Splitter, value};
use crate::layout::{DateForm, Encoding};
use crate::progress::Meter;

/// LIMIT: the longest line that is read. The widest known rows have about 2,000 bytes. A part of [`PART_ROWS`] lines of
/// this length stays below the 2 GiB that an Arrow text column can address, also when every latin-1 byte becomes two.
pub(crate) const LINE_BYTES_MAX: usize = 8_000;

/// Rows of a part: large enough that a column of it compresses well, small enough that some parts fit in memory.
pub(crate) const PART_ROWS: usize = 131_072;

const _: () = assert!(LINE_BYTES_MAX * 2 * PART_ROWS < i32::MAX as usize);

/// Bytes of a block that one thread scans at a time.
pub(crate) const BLOCK_BYTES: usize = 8 * 1024 * 1024;

/// LIMIT: the longest voter number; the longest known has 20 characters (New York).
pub(crate) const VOTER_ID_BYTES_MAX: usize = 24;

/// A voter number as three numbers that compare like its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct IdKey([u64; 3]);

impl IdKey {
    /// `None` for an id that is longer than [`VOTER_ID_BYTES_MAX`]. Ids hold no NUL, so padding keeps them apart.
    fn new(id: &[u8]) -> Option<Self> {
        let mut padded = [0_u8; VOTER_ID_BYTES_MAX];
        padded.get_mut(..id.len())?.copy_from_slice(id);
        let (words, _) = padded.as_chunks::<8>();
        let mut key = [0_u64; 3];
        for (number, word) in key.iter_mut().zip(words) {
            *number = u64::from_be_bytes(*word);
        }
        Some(Self(key))
    }
}

/// A row that will be stored: its sort key and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RowRef {
    /// Rank of the county's name among all counties, in the order of the alphabet.
    pub(crate) county: u32,
    pub(crate) id: IdKey,
    /// Index of the source.
    pub(crate) source: u32,
    /// Line of the source, from 1.
    pub(crate) line: u32,
    pub(crate) offset: u64,
    pub(crate) length: u32,
}

impl RowRef {
    /// The line's bytes in its source.
    pub(crate) fn of(self, content: &[u8]) -> &[u8] {
        let start = usize::try_from(self.offset).unwrap_or(usize::MAX);
        content.get(start..start.saturating_add(self.length as usize)).unwrap_or_default()
    }
}

/// A line that goes to quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) line: u32,
    /// The field at fault, from 0.
    pub(crate) column: usize,
    pub(crate) fault: Fault,
    /// The line's bytes in its source.
    pub(crate) range: Range<usize>,
}

/// What is known of a source after the first pass.
#[derive(Debug, Default)]
pub(crate) struct Scanned {
    pub(crate) rows: Vec<RowRef>,
    pub(crate) broken: Vec<Broken>,
    pub(crate) rows_read: u64,
    pub(crate) lines_empty: u64,
}

/// What the first pass must know of a source.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    pub(crate) source: u32,
    pub(crate) content: &'a [u8],
    /// Where the first row begins.
    pub(crate) body: usize,
    pub(crate) splitter: Splitter,
    pub(crate) encoding: Encoding,
    /// Fields of a line.
    pub(crate) width: usize,
    pub(crate) id_column: usize,
    pub(crate) county_column: Option<usize>,
    /// The election's date in a history file.
    pub(crate) election: Option<(usize, &'a [DateForm])>,
}

/// A block's rows; lines are counted from the block's beginning, counties in order of appearance.
#[derive(Default)]
struct Block {
    scanned: Scanned,
    lines: u32,
    counties: Vec<Vec<u8>>,
    county_of: HashMap<Vec<u8>, u32>,
    /// The county of the row before, which most rows share.
    last: u32,
}

/// Scans all sources; the result does not depend on the size of blocks or the number of threads.
pub(crate) fn scan(scanners: &[Scanner<'_>], block_bytes: usize, meter: &Meter<'_>) -> Vec<Scanned> {
    let jobs: Vec<(usize, Range<usize>)> = scanners
        .iter()
        .enumerate()
        .flat_map(|(index, scanner)| scanner.blocks(block_bytes).into_iter().map(move |range| (index, range)))
        .collect();
    let blocks: Vec<(usize, Block)> = jobs
        .into_par_iter()
        .filter_map(|(index, range)| {
            let bytes = range.len();
            let block = scanners.get(index)?.scan_block(range);
            meter.add(bytes);
            Some((index, block))
        })
        .collect();
    let names: BTreeSet<&[u8]> =
        blocks.iter().flat_map(|(_, block)| block.counties.iter().map(Vec::as_slice)).collect();
    let rank: HashMap<Vec<u8>, u32> = names.into_iter().map(<[u8]>::to_vec).zip(0..).collect();
    let mut sources: Vec<Scanned> = scanners.iter().map(|_| Scanned::default()).collect();
    let mut lines: Vec<u32> = vec![FIRST_LINE; sources.len()];
    for (index, block) in blocks {
        if let (Some(source), Some(before)) = (sources.get_mut(index), lines.get_mut(index)) {
            *before = source.append(block, *before, &rank);
        }
    }
    sources
}

/// Lines before the first row: the header.
const FIRST_LINE: u32 = 1;

impl Scanned {
    /// Adds a block that begins after `before` lines; returns the lines up to its end.
    fn append(&mut self, block: Block, before: u32, rank: &HashMap<Vec<u8>, u32>) -> u32 {
        let ranks: Vec<u32> = block.counties.iter().map(|name| rank.get(name).copied().unwrap_or_default()).collect();
        self.rows.extend(block.scanned.rows.into_iter().map(|row| RowRef {
            county: ranks.get(row.county as usize).copied().unwrap_or_default(),
            line: row.line.saturating_add(before),
            ..row
        }));
        self.broken.extend(
            block
                .scanned
                .broken
                .into_iter()
                .map(|broken| Broken { line: broken.line.saturating_add(before), ..broken }),
        );
        self.rows_read += block.scanned.rows_read;
        self.lines_empty += block.scanned.lines_empty;
        before.saturating_add(block.lines)
    }
}

impl Scanner<'_> {
    /// Cuts the body into blocks that end with a line.
    fn blocks(&self, block_bytes: usize) -> Vec<Range<usize>> {
        let mut blocks = Vec::new();
        let mut start = self.body;
        while start < self.content.len() {
            let least = start.saturating_add(block_bytes.max(1)) - 1;
            let rest = self.content.get(least..).unwrap_or_default();
            let end = memchr(b'\n', rest).map_or(self.content.len(), |at| least + at + 1);
            blocks.push(start..end);
            start = end;
        }
        blocks
    }

    fn scan_block(&self, range: Range<usize>) -> Block {
        let mut block = Block::default();
        let bytes = self.content.get(range.clone()).unwrap_or_default();
        let mut cells = Vec::new();
        let mut start = 0;
        while start < bytes.len() {
            let rest = bytes.get(start..).unwrap_or_default();
            let length = memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..length).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            block.lines = block.lines.saturating_add(1);
            self.scan_line(line, range.start + start, &mut block, &mut cells);
            start += length + 1;
        }
        block
    }

    fn scan_line(&self, line: &[u8], offset: usize, block: &mut Block, cells: &mut Vec<Cell>) {
        if line.is_empty() {
            block.scanned.lines_empty += 1;
            return;
        }
        block.scanned.rows_read += 1;
        match self.key(line, block, cells) {
            Ok((id, county)) => block.scanned.rows.push(RowRef {
                county,
                id,
                source: self.source,
                line: block.lines,
                offset: offset as u64,
                // LIMIT: LINE_BYTES_MAX.
                length: u32::try_from(line.len()).unwrap_or(u32::MAX),
            }),
            Err((column, fault)) => {
                let range = offset..offset + line.len();
                block.scanned.broken.push(Broken { line: block.lines, column, fault, range });
            }
        }
    }

    /// Checks a line and finds its key.
    fn key(&self, line: &[u8], block: &mut Block, cells: &mut Vec<Cell>) -> Result<(IdKey, u32), (usize, Fault)> {
        self.check_bytes(line)?;
        cells.clear();
        self.split(line, cells)?;
        let mut scratch = Vec::new();
        let id = self.value(line, self.id_column, cells, &mut scratch);
        if id.is_empty() {
            return Err((self.id_column, Fault::NoVoterId));
        }
        let too_long = (self.id_column, Fault::VoterIdTooLong { bytes_max: VOTER_ID_BYTES_MAX });
        let id = IdKey::new(&id).ok_or(too_long)?;
        if let Some((column, forms)) = self.election {
            let date = self.value(line, column, cells, &mut scratch);
            if !forms.iter().any(|form| form.parse(&date).is_some()) {
                return Err((column, Fault::NoElectionDate));
            }
        }
        let county = match self.county_column {
            Some(column) => block.county(&self.value(line, column, cells, &mut scratch)),
            None => block.county(b""),
        };
        Ok((id, county))
    }

    /// Checks what can be told before the line is split.
    fn check_bytes(&self, line: &[u8]) -> Result<(), (usize, Fault)> {
        if line.len() > LINE_BYTES_MAX {
            let column = self.column_at(line, LINE_BYTES_MAX);
            return Err((column, Fault::TooLong { bytes_max: LINE_BYTES_MAX }));
        }
        if let Some(at) = memchr2(0, b'\r', line) {
            let fault = if line.get(at) == Some(&0) { Fault::Nul } else { Fault::CarriageReturn };
            return Err((self.column_at(line, at), fault));
        }
        if self.encoding == Encoding::Utf8
            && let Err(error) = std::str::from_utf8(line)
        {
            let at = error.valid_up_to();
            return Err((self.column_at(line, at), Fault::NotUtf8 { byte: at + 1 }));
        }
        Ok(())
    }

    /// The field that holds a byte; a delimiter within quotes counts as one.
    fn column_at(&self, line: &[u8], at: usize) -> usize {
        memchr_iter(self.splitter.delimiter, line.get(..at).unwrap_or_default()).count()
    }

    /// Splits a line and checks its number of fields.
    fn split(&self, line: &[u8], cells: &mut Vec<Cell>) -> Result<(), (usize, Fault)> {
        self.splitter.split(line, cells)?;
        let (found, expected) = (cells.len(), self.width);
        match found.cmp(&expected) {
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Less => Err((found, Fault::TooFew { found, expected })),
            std::cmp::Ordering::Greater => Err((expected, Fault::TooMany { found, expected })),
        }
    }

    /// A field's canonical value.
    fn value<'b>(
        &self,
        line: &'b [u8],
        column: usize,
        cells: &[Cell],
        scratch: &'b mut Vec<u8>,
    ) -> std::borrow::Cow<'b, [u8]> {
        let Some(cell) = cells.get(column) else { return std::borrow::Cow::Borrowed(&[]) };
        value::decode(value::clean(line, *cell, self.splitter.quote, scratch), self.encoding)
    }
}

impl Block {
    fn county(&mut self, name: &[u8]) -> u32 {
        if self.counties.get(self.last as usize).is_some_and(|last| last == name) {
            return self.last;
        }
        let next = u32::try_from(self.counties.len()).unwrap_or(u32::MAX);
        self.last = match self.county_of.get(name) {
            Some(known) => *known,
            None => {
                self.counties.push(name.to_vec());
                self.county_of.insert(name.to_vec(), next);
                next
            }
        };
        self.last
    }
}
