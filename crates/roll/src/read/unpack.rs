//! What a delivered file holds: tables, taken out of archives and workbooks, and made UTF-8 where they are UTF-16.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, Write};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use zip::ZipArchive;

use super::text::Text;
use super::workbook;
use crate::import::{ArchiveProblem, ImportError};

/// LIMIT: a delivery has one data file for each county, a legend, a count file and their shadows.
pub(crate) const MEMBERS_MAX: usize = 1000;

/// LIMIT: published voter files shrink to about a ninth (4.26 GB in 478 MB); a hundredfold is no text of people.
pub(crate) const RATIO_MAX: u64 = 100;

/// Below this size the ratio is not looked at: short generated files repeat themselves.
pub(crate) const RATIO_FREE_BYTES: u64 = 16 * 1024 * 1024;

/// LIMIT: a delivery is a zip in a zip at most.
const NESTING_MAX: usize = 3;

/// A text up to this size is kept in memory; a larger one goes to disk.
const MEMORY_BYTES: u64 = 4 * 1024 * 1024;

/// One table of a delivered file.
#[derive(Debug)]
pub(crate) struct Member {
    /// Where it stands inside the file, such as `voters.txt` or `book.xlsx/Sheet1`; `None` for the file itself.
    pub(crate) path: Option<String>,
    pub(crate) text: Text,
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
    let mut unpacker =
        Unpacker { taking, most: RATIO_FREE_BYTES.max(bytes.saturating_mul(RATIO_MAX)), taken: 0, found: Vec::new() };
    let mut reader = BufReader::new(file);
    let magic = magic(&mut reader).map_err(failed)?;
    let problem = |problem| match problem {
        ArchiveProblem::Unreadable(source) => failed(source),
        problem => ImportError::Archive { file: name.clone(), problem },
    };
    match Kind::of(&magic) {
        None => {
            let text = match taking {
                Taking::All(_) => Text::open(path).map_err(failed)?,
                Taking::Head(most) => Text::Memory(Text::open(path).and_then(|text| text.head(most)).map_err(failed)?),
            };
            return Ok(vec![Member { path: None, text }]);
        }
        Some(Kind::Zip) => unpacker.zip(reader, "", 1).map_err(problem)?,
        Some(kind) => unpacker.stream(kind, &mut reader, "", 1).map_err(problem)?,
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

/// The first four bytes, left in place.
fn magic(reader: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    let mut magic = Vec::new();
    reader.by_ref().take(4).read_to_end(&mut magic)?;
    reader.rewind()?;
    Ok(magic)
}

/// Takes tables out of one delivered file.
struct Unpacker<'a> {
    taking: Taking<'a>,
    /// LIMIT: bytes that may come out of the file, all in all.
    most: u64,
    taken: u64,
    found: Vec<Member>,
}

type Unpacked = Result<(), ArchiveProblem>;

impl Unpacker<'_> {
    fn zip(&mut self, reader: impl Read + Seek, within: &str, depth: usize) -> Unpacked {
        if depth > NESTING_MAX {
            return Err(ArchiveProblem::Nested { most: NESTING_MAX });
        }
        let mut zip = ZipArchive::new(reader).map_err(ArchiveProblem::Broken)?;
        if zip.len() > MEMBERS_MAX {
            return Err(ArchiveProblem::Members { found: zip.len(), most: MEMBERS_MAX });
        }
        if zip.index_for_name("xl/workbook.xml").is_some() {
            // The reader of workbooks holds texts in memory, so their size is measured before it sees them.
            for index in 0..zip.len() {
                let left = self.most.saturating_sub(self.taken);
                let mut part = zip.by_index(index).map_err(ArchiveProblem::Broken)?.take(left.saturating_add(1));
                if io::copy(&mut part, &mut io::sink()).map_err(broken)? > left {
                    return Err(ArchiveProblem::Bomb { ratio: RATIO_MAX });
                }
            }
            return self.workbook(zip.into_inner(), within);
        }
        for index in 0..zip.len() {
            let Some(name) = zip.name_for_index(index).transpose().map_err(ArchiveProblem::Broken)? else { continue };
            if !is_data(&name) {
                continue;
            }
            let path = join(within, &name);
            let mut member = BufReader::new(zip.by_index(index).map_err(ArchiveProblem::Broken)?);
            let magic = io::BufRead::fill_buf(&mut member).map_err(broken)?;
            let kind = Kind::of(magic.get(..4).unwrap_or(magic));
            match kind {
                // An archive is read from its end, so an inner one is taken out first.
                Some(Kind::Zip) => match self.whole(&mut member)? {
                    Whole::Memory(content) => self.zip(Cursor::new(content), &path, depth + 1)?,
                    Whole::Disk(file) => self.zip(BufReader::new(file), &path, depth + 1)?,
                },
                Some(kind) => self.stream(kind, &mut member, &path, depth + 1)?,
                None => self.table(&mut member, &path)?,
            }
        }
        Ok(())
    }

    fn workbook(&mut self, reader: impl Read + Seek, within: &str) -> Unpacked {
        let left = self.most.saturating_sub(self.taken);
        let rows = match self.taking {
            Taking::Head(_) => Some(workbook::HEAD_ROWS),
            Taking::All(_) => None,
        };
        let mut sheets = workbook::Workbook::open(reader)?;
        for name in sheets.names() {
            let mut sink = Sink::new(self.taking);
            sheets.write(&name, rows, &mut Bounded { inner: &mut sink, left, taken: &mut self.taken })?;
            let text = sink.finish()?;
            if text.len() > 0 {
                self.found.push(Member { path: Some(join(within, &name)), text });
            }
        }
        Ok(())
    }

    /// A stream that is unpacked from its beginning.
    fn stream(&mut self, kind: Kind, reader: &mut dyn io::BufRead, path: &str, depth: usize) -> Unpacked {
        if depth > NESTING_MAX {
            return Err(ArchiveProblem::Nested { most: NESTING_MAX });
        }
        match kind {
            Kind::Gzip => {
                let mut inner = BufReader::new(MultiGzDecoder::new(reader));
                let magic = io::BufRead::fill_buf(&mut inner).map_err(broken)?;
                match Kind::of(magic.get(..4).unwrap_or(magic)) {
                    Some(utf16 @ Kind::Utf16 { .. }) => self.stream(utf16, &mut inner, path, depth + 1),
                    Some(_) => Err(ArchiveProblem::Nested { most: NESTING_MAX }),
                    None => self.table(&mut inner, path),
                }
            }
            Kind::Utf16 { is_big_endian } => {
                self.table(&mut Utf16 { inner: reader, is_big_endian, ready: Vec::new(), at: 0, lead: None }, path)
            }
            Kind::Zip => Err(ArchiveProblem::Nested { most: NESTING_MAX }),
        }
    }

    fn table(&mut self, reader: &mut dyn Read, path: &str) -> Unpacked {
        let mut sink = Sink::new(self.taking);
        match self.taking {
            Taking::Head(most) => {
                io::copy(&mut reader.take(most), &mut sink).map_err(broken)?;
            }
            Taking::All(_) => self.copy(reader, &mut sink)?,
        }
        let path = Some(path.to_owned()).filter(|path| !path.is_empty());
        self.found.push(Member { path, text: sink.finish()? });
        Ok(())
    }

    /// Copies a stream to its end; one that unpacks too far is refused.
    fn copy(&mut self, reader: &mut dyn Read, sink: &mut Sink) -> Unpacked {
        let left = self.most.saturating_sub(self.taken);
        let taken = io::copy(&mut reader.take(left.saturating_add(1)), sink).map_err(broken)?;
        self.taken = self.taken.saturating_add(taken);
        if taken > left { Err(ArchiveProblem::Bomb { ratio: RATIO_MAX }) } else { Ok(()) }
    }

    /// An inner archive as a whole.
    fn whole(&mut self, reader: &mut dyn Read) -> Result<Whole, ArchiveProblem> {
        let mut sink = Sink::new(self.taking);
        self.copy(reader, &mut sink)?;
        match sink.finish()? {
            Text::Memory(content) => Ok(Whole::Memory(content)),
            Text::Disk(disk) => Ok(Whole::Disk(File::open(&disk.path).map_err(ArchiveProblem::Unreadable)?)),
        }
    }
}

enum Whole {
    Memory(Vec<u8>),
    Disk(File),
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
    memory: Vec<u8>,
    disk: Option<(PathBuf, io::BufWriter<File>)>,
}

impl Sink {
    fn new(taking: Taking<'_>) -> Self {
        let spool = match taking {
            Taking::Head(_) => None,
            Taking::All(folder) => Some(folder.to_owned()),
        };
        Self { spool, memory: Vec::new(), disk: None }
    }

    fn finish(self) -> Result<Text, ArchiveProblem> {
        let Some((path, writer)) = self.disk else { return Ok(Text::Memory(self.memory)) };
        writer.into_inner().map_err(|error| ArchiveProblem::Unreadable(error.into_error()))?;
        Text::open(&path).map_err(ArchiveProblem::Unreadable)
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
        if bytes > MEMORY_BYTES
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

/// UTF-16 to UTF-8. Half a pair becomes the replacement character.
struct Utf16<'a> {
    inner: &'a mut dyn io::BufRead,
    is_big_endian: bool,
    ready: Vec<u8>,
    at: usize,
    /// The first half of a pair that the last piece ended with.
    lead: Option<u16>,
}

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
        let text: String =
            char::decode_utf16(units).map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
        self.ready = text.into_bytes();
        if !odd.is_empty() {
            self.ready.extend_from_slice("\u{fffd}".as_bytes());
        }
        self.at = 0;
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

fn join(within: &str, name: &str) -> String {
    if within.is_empty() { name.to_owned() } else { format!("{within}/{name}") }
}

/// A stream that ends before its time, or is not what it says. A full disk is not the archive's fault.
fn broken(error: io::Error) -> ArchiveProblem {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::PermissionDenied => ArchiveProblem::Unreadable(error),
        io::ErrorKind::QuotaExceeded => ArchiveProblem::Bomb { ratio: RATIO_MAX },
        _ => ArchiveProblem::Broken(error.into()),
    }
}

/// Whether an entry can be a table: no folder, no shadow of a Mac, no hidden file.
fn is_data(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    !file.is_empty() && !file.starts_with('.') && !name.starts_with("__MACOSX/")
}
