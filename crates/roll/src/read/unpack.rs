//! What a delivered file holds: tables, taken out of archives and workbooks, and made UTF-8 where they are UTF-16.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::text::Text;
use super::workbook;
use crate::import::{ArchiveProblem, ImportError};

/// LIMIT: a delivery has one data file for each county, a legend, a count file and their shadows. Entries of archives
/// within it count as well.
pub(crate) const MEMBERS_MAX: usize = 1000;

/// LIMIT: published voter files shrink to about a ninth (4.26 GB in 478 MB); a hundredfold is no text of people.
pub(crate) const RATIO_MAX: u64 = 100;

/// Below this size the ratio is not looked at: short generated files repeat themselves.
pub(crate) const RATIO_FREE_BYTES: u64 = 16 * 1024 * 1024;

/// LIMIT: a delivery is a zip in a zip at most; one more for somebody who packed it again.
pub(crate) const NESTING_MAX: usize = 3;

/// A text up to this size is kept in memory; a larger one goes to disk.
const MEMORY_BYTES: u64 = 4 * 1024 * 1024;

/// LIMIT: what is kept in memory of all texts of a file; further ones go to disk whatever their size.
const MEMORY_BYTES_ALL: u64 = 64 * 1024 * 1024;

/// LIMIT: an archive within an archive that is only looked at is held in memory, since nothing is written then.
pub(crate) const INNER_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// One table of a delivered file.
#[derive(Debug)]
pub(crate) struct Member {
    /// Where it stands inside the file, such as `voters.txt` or `book.xlsx/Sheet1`; `None` for the file itself.
    pub(crate) path: Option<String>,
    pub(crate) text: Text,
    /// Whether the text was made UTF-8 here, whatever the layout says of its encoding.
    pub(crate) is_made: bool,
}

/// How much of a delivery is taken out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Taking<'a> {
    /// The first bytes of each table, in memory.
    Head(u64),
    /// Everything; what does not fit in memory goes into this folder.
    All(&'a Path),
}

/// The tables of a delivered file, in the order in which they stand there.
pub(crate) fn members(path: &Path, taking: Taking<'_>) -> Result<Vec<Member>, ImportError> {
    let failed = |source| ImportError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let most = RATIO_FREE_BYTES.max(bytes.saturating_mul(RATIO_MAX));
    let mut unpacker = Unpacker { taking, most, taken: 0, in_memory: 0, entries: 0, found: Vec::new() };
    let mut reader = BufReader::new(file);
    let magic = magic(&mut reader).map_err(failed)?;
    let problem = |problem| match (problem, taking) {
        (ArchiveProblem::Unreadable(source), _) => failed(source),
        (ArchiveProblem::Unwritable(source), Taking::All(spool)) => ImportError::write(spool)(source),
        (problem, _) => ImportError::Archive { file: name.clone(), problem },
    };
    match Kind::of(&magic) {
        None => {
            let text = match taking {
                Taking::All(_) => Text::open(path).map_err(failed)?,
                Taking::Head(most) => Text::Memory(Text::open(path).and_then(|text| text.head(most)).map_err(failed)?),
            };
            return Ok(vec![Member { path: None, text, is_made: false }]);
        }
        Some(Kind::Zip) => unpacker.zip(reader, "", 1).map_err(problem)?,
        Some(Kind::Gzip | Kind::Utf16 { .. }) => unpacker.content(&mut reader, "", 0).map_err(problem)?,
    }
    if unpacker.found.is_empty() {
        return Err(ImportError::Archive { file: name, problem: ArchiveProblem::NoData });
    }
    Ok(unpacker.found)
}

/// What the first bytes of a file say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Gzip,
    Utf16 { is_big_endian: bool },
}

impl Kind {
    fn of(magic: &[u8]) -> Option<Self> {
        match magic {
            [b'P', b'K', 3, 4] | [b'P', b'K', 5, 6] => Some(Self::Zip),
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0xff, 0xfe, ..] => Some(Self::Utf16 { is_big_endian: false }),
            [0xfe, 0xff, ..] => Some(Self::Utf16 { is_big_endian: true }),
            _ => None,
        }
    }
}

/// Bytes that tell what a file is.
const MAGIC_BYTES: u64 = 4;

/// The first bytes, left in place.
fn magic(reader: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    let mut magic = Vec::new();
    reader.by_ref().take(MAGIC_BYTES).read_to_end(&mut magic)?;
    reader.rewind()?;
    Ok(magic)
}

/// Takes tables out of one delivered file.
struct Unpacker<'a> {
    taking: Taking<'a>,
    /// LIMIT: bytes that may come out of the file, all in all.
    most: u64,
    taken: u64,
    /// Bytes of texts that are kept in memory.
    in_memory: u64,
    /// Entries of all archives.
    entries: usize,
    found: Vec<Member>,
}

type Unpacked = Result<(), ArchiveProblem>;

impl Unpacker<'_> {
    /// Bytes that may still come out.
    fn left(&self) -> u64 {
        self.most.saturating_sub(self.taken)
    }

    /// Takes an archive apart; `depth` counts it and those around it.
    fn zip(&mut self, reader: impl Read + Seek, within: &str, depth: usize) -> Unpacked {
        let mut zip = ZipArchive::new(reader).map_err(zip_problem)?;
        if zip.has_duplicate_names() {
            return Err(ArchiveProblem::SameNames);
        }
        self.entries = self.entries.saturating_add(zip.len());
        if self.entries > MEMBERS_MAX {
            return Err(ArchiveProblem::Members { found: self.entries, most: MEMBERS_MAX });
        }
        if zip.index_for_name("xl/workbook.xml").is_some() {
            workbook::check_parts(&mut zip, self.left())?;
            return self.workbook(zip.into_inner(), within);
        }
        for index in 0..zip.len() {
            let Some(name) = zip.name_for_index(index).transpose().map_err(zip_problem)? else { continue };
            if !is_data(&name) {
                continue;
            }
            let path = join(within, &name);
            let member = zip.by_index(index).map_err(zip_problem)?;
            // A link holds the name of a file, and no table. It is never followed.
            if member.is_symlink() {
                continue;
            }
            let mut member = BufReader::new(Limited { inner: member, left: self.left() });
            self.content(&mut member, &path, depth)?;
        }
        Ok(())
    }

    fn workbook(&mut self, reader: impl Read + Seek, within: &str) -> Unpacked {
        let rows = match self.taking {
            Taking::Head(_) => Some(workbook::HEAD_ROWS),
            Taking::All(_) => None,
        };
        let mut sheets = workbook::Workbook::open(reader)?;
        for name in sheets.names()? {
            let mut sink = self.sink();
            let left = self.left();
            sheets.write(&name, rows, &mut Bounded { inner: &mut sink, left, taken: &mut self.taken })?;
            let text = self.finish(sink)?;
            if text.len() > 0 {
                self.found.push(Member { path: Some(join(within, &name)), text, is_made: true });
            }
        }
        Ok(())
    }

    /// What a stream holds: a table, or an archive; `depth` counts the archives around it.
    fn content(&mut self, reader: &mut dyn BufRead, path: &str, depth: usize) -> Unpacked {
        let mut magic = Vec::new();
        Read::take(&mut *reader, MAGIC_BYTES).read_to_end(&mut magic).map_err(broken)?;
        let kind = Kind::of(&magic);
        let mut reader = Cursor::new(magic).chain(reader);
        if matches!(kind, Some(Kind::Zip | Kind::Gzip)) && depth >= NESTING_MAX {
            return Err(ArchiveProblem::Nested { most: NESTING_MAX });
        }
        match kind {
            // An archive is read from its end, so an inner one is taken out first.
            Some(Kind::Zip) => match self.whole(&mut reader)? {
                Whole::Memory(content) => self.zip(Cursor::new(content), path, depth + 1),
                Whole::Disk(file) => self.zip(BufReader::new(file), path, depth + 1),
            },
            Some(Kind::Gzip) => {
                let inner = Limited { inner: MultiGzDecoder::new(reader), left: self.left() };
                self.content(&mut BufReader::new(inner), path, depth + 1)
            }
            Some(Kind::Utf16 { is_big_endian }) => {
                let mut text = Utf16 { inner: &mut reader, is_big_endian, ready: Vec::new(), at: 0, lead: None };
                self.table(&mut text, path, true)
            }
            None => self.table(&mut reader, path, false),
        }
    }

    fn table(&mut self, reader: &mut dyn Read, path: &str, is_made: bool) -> Unpacked {
        let mut sink = self.sink();
        match self.taking {
            Taking::Head(most) => {
                copy(&mut reader.take(most), &mut sink)?;
            }
            Taking::All(_) => self.copy(reader, &mut sink)?,
        }
        let path = Some(path.to_owned()).filter(|path| !path.is_empty());
        let text = self.finish(sink)?;
        self.found.push(Member { path, text, is_made });
        Ok(())
    }

    /// Copies a stream to its end; one that unpacks too far is refused.
    fn copy(&mut self, reader: &mut dyn Read, sink: &mut Sink) -> Unpacked {
        let left = self.left();
        let taken = copy(&mut reader.take(left.saturating_add(1)), sink)?;
        self.taken = self.taken.saturating_add(taken);
        if taken > left { Err(ArchiveProblem::Bomb { ratio: RATIO_MAX }) } else { Ok(()) }
    }

    /// An inner archive as a whole.
    fn whole(&mut self, reader: &mut dyn Read) -> Result<Whole, ArchiveProblem> {
        let mut sink = self.sink();
        match self.taking {
            Taking::All(_) => self.copy(reader, &mut sink)?,
            Taking::Head(_) => {
                self.copy(&mut reader.take(INNER_BYTES_MAX + 1), &mut sink)?;
                if sink.memory.len() as u64 > INNER_BYTES_MAX {
                    return Err(ArchiveProblem::Inner { bytes_max: INNER_BYTES_MAX });
                }
            }
        }
        match self.finish(sink)? {
            Text::Memory(content) => {
                self.in_memory = self.in_memory.saturating_sub(content.len() as u64);
                Ok(Whole::Memory(content))
            }
            Text::Disk(disk) => Ok(Whole::Disk(File::open(&disk.path).map_err(ArchiveProblem::Unreadable)?)),
        }
    }

    fn sink(&self) -> Sink {
        let most = MEMORY_BYTES.min(MEMORY_BYTES_ALL.saturating_sub(self.in_memory));
        let spool = match self.taking {
            Taking::Head(_) => None,
            Taking::All(folder) => Some(folder.to_owned()),
        };
        Sink { spool, most, memory: Vec::new(), disk: None }
    }

    fn finish(&mut self, sink: Sink) -> Result<Text, ArchiveProblem> {
        let text = sink.finish().map_err(ArchiveProblem::Unwritable)?;
        if let Text::Memory(content) = &text {
            self.in_memory = self.in_memory.saturating_add(content.len() as u64);
        }
        Ok(text)
    }
}

enum Whole {
    Memory(Vec<u8>),
    Disk(File),
}

/// Copies a stream, and tells a stream that cannot be read from a disk that cannot be written.
fn copy(reader: &mut dyn Read, sink: &mut Sink) -> Result<u64, ArchiveProblem> {
    let mut buffer = vec![0; 64 * 1024];
    let mut copied = 0_u64;
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(0) => return Ok(copied),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(broken(error)),
        };
        sink.write_all(buffer.get(..count).unwrap_or_default()).map_err(ArchiveProblem::Unwritable)?;
        copied = copied.saturating_add(count as u64);
    }
}

/// Reads no more than a bound. What lies between two layers of packing counts as well: a stream can unpack to very much
/// that itself unpacks to nothing.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.checked_sub(count as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::from(io::ErrorKind::QuotaExceeded)),
        }
        Ok(count)
    }
}

/// Refuses to pass on more than a bound.
struct Bounded<'a> {
    inner: &'a mut Sink,
    left: u64,
    taken: &'a mut u64,
}

impl Write for Bounded<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let bytes = buffer.len() as u64;
        *self.taken = self.taken.saturating_add(bytes);
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => return Err(io::Error::from(io::ErrorKind::QuotaExceeded)),
        }
        self.inner.write_all(buffer)?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Keeps a short text in memory and a long one on disk.
struct Sink {
    spool: Option<PathBuf>,
    /// Bytes that are kept in memory where there is a spool.
    most: u64,
    memory: Vec<u8>,
    disk: Option<(PathBuf, io::BufWriter<File>)>,
}

impl Sink {
    fn finish(self) -> io::Result<Text> {
        let Some((path, writer)) = self.disk else { return Ok(Text::Memory(self.memory)) };
        writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        Text::open(&path)
    }

    /// Moves what is in memory to a new file. Names inside an archive are never used as names on disk.
    fn spill(&mut self, folder: &Path) -> io::Result<()> {
        for number in 0_u32.. {
            let path = folder.join(format!("table-{number}"));
            match File::create_new(&path) {
                Ok(file) => {
                    let mut writer = io::BufWriter::with_capacity(1 << 20, file);
                    writer.write_all(&self.memory)?;
                    self.memory = Vec::new();
                    self.disk = Some((path, writer));
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::from(io::ErrorKind::AlreadyExists))
    }
}

impl Write for Sink {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        if let Some((_, writer)) = &mut self.disk {
            return writer.write(buffer);
        }
        let bytes = (self.memory.len() + buffer.len()) as u64;
        if bytes > self.most
            && let Some(folder) = self.spool.clone()
        {
            self.spill(&folder)?;
            return self.write(buffer);
        }
        self.memory.extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.disk.as_mut().map_or(Ok(()), |(_, writer)| writer.flush())
    }
}

/// UTF-16 to UTF-8. Half a pair becomes bytes that are not UTF-8, so that its line goes to quarantine.
struct Utf16<'a> {
    inner: &'a mut dyn BufRead,
    is_big_endian: bool,
    ready: Vec<u8>,
    at: usize,
    /// The first half of a pair that the last piece ended with.
    lead: Option<u16>,
}

/// A byte that no UTF-8 holds.
const NO_LETTER: u8 = 0xff;

impl Utf16<'_> {
    fn refill(&mut self) -> io::Result<()> {
        const UNITS: u64 = 32 * 1024;
        let mut bytes = Vec::new();
        Read::take(&mut self.inner, 2 * UNITS).read_to_end(&mut bytes)?;
        let (pairs, odd) = bytes.as_chunks::<2>();
        let unit =
            |pair: &[u8; 2]| if self.is_big_endian { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
        let mut units: Vec<u16> = self.lead.take().into_iter().chain(pairs.iter().map(unit)).collect();
        let is_end = pairs.len() < usize::try_from(UNITS).unwrap_or(usize::MAX);
        if !is_end && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            self.lead = units.pop();
        }
        self.ready.clear();
        self.at = 0;
        for decoded in char::decode_utf16(units) {
            match decoded {
                Ok(letter) => self.ready.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(_) => self.ready.push(NO_LETTER),
            }
        }
        if !odd.is_empty() {
            self.ready.push(NO_LETTER);
        }
        Ok(())
    }
}

impl Read for Utf16<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.refill()?;
        }
        let rest = self.ready.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        let (Some(from), Some(to)) = (rest.get(..count), buffer.get_mut(..count)) else { return Ok(0) };
        to.copy_from_slice(from);
        self.at += count;
        Ok(count)
    }
}

/// A path inside an archive, with what would steer a terminal made visible.
fn join(within: &str, name: &str) -> String {
    let steers = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = name.chars().map(|c| if steers(c) { c.escape_default().to_string() } else { c.to_string() });
    let name: String = shown.collect();
    if within.is_empty() { name } else { format!("{within}/{name}") }
}

/// A stream that ends before its time, or is not what it says. What the system says is not the archive's fault.
pub(super) fn broken(error: io::Error) -> ArchiveProblem {
    match error.kind() {
        io::ErrorKind::QuotaExceeded => ArchiveProblem::Bomb { ratio: RATIO_MAX },
        _ if error.raw_os_error().is_some() => ArchiveProblem::Unreadable(error),
        _ => ArchiveProblem::Broken(error.into()),
    }
}

/// The same for the reader of archives.
pub(super) fn zip_problem(error: ZipError) -> ArchiveProblem {
    match error {
        ZipError::Io(error) => broken(error),
        error => ArchiveProblem::Broken(error),
    }
}

/// Whether an entry can be a table: no folder, no shadow of a Mac, no hidden file.
fn is_data(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    !file.is_empty() && !file.starts_with('.') && !name.starts_with("__MACOSX/")
}

#[cfg(test)]
mod tests;
