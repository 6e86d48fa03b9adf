//! Files in the making: packed as their layout says, under their own name only when they are whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::write::GzEncoder;
use roll::layout::Packing;
use roll::{Layout, Staging};
use terms::Date;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::deferred::{Deferred, Failure};
use crate::error::SynthError;
use crate::places::Place;
use crate::sheet::Sheet;

/// Bytes that a UTF-8 file with a byte order mark begins with.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The files of one table: one, or one for each county, which is begun with its first row.
pub(crate) struct TableFiles {
    folder: PathBuf,
    packing: Packing,
    /// What stands before the first row.
    head: Vec<u8>,
    parts: Vec<(String, Option<Output>)>,
}

impl TableFiles {
    /// Prepares the files of a table; `name` is its name without an ending, where the layout does not tell one.
    pub(crate) fn new(folder: &Path, name: &str, layout: &Layout, sheet: &Sheet<'_>) -> Result<Self, SynthError> {
        if layout.file().packing == Packing::Workbook {
            return Err(SynthError::Workbook { id: layout.id().to_owned() });
        }
        let mut head = Vec::new();
        if layout.file().has_mark {
            head.extend_from_slice(MARK);
        }
        sheet.write_header(&mut head);
        let day = sheet.population.calendar.date(sheet.population.as_of);
        let counties = sheet.population.places.counties().take(sheet.parts());
        let is_in_capitals = sheet.population.profile.is_in_capitals;
        let names = counties.map(|county| file_name(name, layout, county, is_in_capitals, day));
        let parts = names.map(|name| (name, None)).collect();
        let mut files = Self { folder: folder.to_owned(), packing: layout.file().packing, head, parts };
        // The only file of a table is there even without a row.
        if files.parts.len() == 1 {
            files.open(0)?;
        }
        Ok(files)
    }

    fn open(&mut self, part: usize) -> Result<Option<&mut Output>, SynthError> {
        let Some((name, output)) = self.parts.get_mut(part) else { return Ok(None) };
        if output.is_none() {
            let mut opened = Output::new(&self.folder, name, self.packing)?;
            opened.write(&self.head)?;
            *output = Some(opened);
        }
        Ok(output.as_mut())
    }

    /// Appends rows to one of the files.
    pub(crate) fn write(&mut self, part: usize, bytes: &[u8]) -> Result<(), SynthError> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.open(part)?.map_or(Ok(()), |output| output.write(bytes))
    }

    /// Gives the files their names. Returns their paths in the order of the counties, and the bytes of text in them.
    pub(crate) fn finish(self) -> Result<(Vec<PathBuf>, u64), SynthError> {
        let (mut paths, mut total) = (Vec::new(), 0);
        for output in self.parts.into_iter().filter_map(|(_, output)| output) {
            let (path, bytes) = output.finish()?;
            paths.push(path);
            total += bytes;
        }
        paths.sort_unstable();
        Ok((paths, total))
    }
}

/// The name of a file: the profile's, or one of the layout's pattern, or the layout's id.
fn file_name(name: &str, layout: &Layout, county: &Place, is_in_capitals: bool, day: Date) -> String {
    let day = day.strftime("%Y%m%d").to_string();
    let mut name = match layout.file().names.first() {
        _ if !name.is_empty() => name.replace('*', &day),
        Some(pattern) => {
            let county_name = if is_in_capitals { county.county.to_uppercase() } else { county.county.to_owned() };
            let text = pattern.as_str().replace("{county}", &county_name);
            let text = text.replace("{county_code}", county.county_number);
            // A star at the end stands for what a file is packed in, unless it stands for all of the rest.
            let text = if text.contains('.') { text.trim_end_matches('*').to_owned() } else { text.replace('*', "_*") };
            text.replace('*', &day)
        }
        None => layout.id().to_owned(),
    };
    if !name.contains('.') {
        name.push_str(if layout.file().delimiter() == Some(b',') { ".csv" } else { ".txt" });
    }
    name
}

/// One file, which has its name only when it is whole.
pub(crate) struct Output {
    path: PathBuf,
    partial: Partial,
    sink: Sink,
    bytes: u64,
}

enum Sink {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
    Zip(Box<ZipWriter<Deferred<BufWriter<File>>>>, Failure),
}

impl Output {
    /// A data file as its layout publishes it. Of an archive of archives the inner ones are written.
    fn new(folder: &Path, name: &str, packing: Packing) -> Result<Self, SynthError> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        match packing {
            Packing::Zip => Self::zipped(folder.join(format!("{stem}.zip")), name),
            Packing::ZipInZip => Self::zipped(folder.join(format!("{name}.zip")), name),
            Packing::Gzip => Self::gzipped(folder.join(format!("{name}.gz"))),
            Packing::Plain | Packing::Workbook => Self::plain(folder.join(name)),
        }
    }

    /// A file that is not packed.
    pub(crate) fn plain(path: PathBuf) -> Result<Self, SynthError> {
        let (partial, file) = create(&path)?;
        Ok(Self { path, partial, sink: Sink::Plain(BufWriter::new(file)), bytes: 0 })
    }

    fn gzipped(path: PathBuf) -> Result<Self, SynthError> {
        let (partial, file) = create(&path)?;
        // The encoder names no file and no time: the bytes must not tell the clock.
        let encoder = GzEncoder::new(BufWriter::new(file), flate2::Compression::fast());
        Ok(Self { path, partial, sink: Sink::Gzip(Box::new(encoder)), bytes: 0 })
    }

    fn zipped(path: PathBuf, inner: &str) -> Result<Self, SynthError> {
        let (partial, file) = create(&path)?;
        let (file, failure) = Deferred::new(BufWriter::new(file));
        let mut archive = ZipWriter::new(file);
        // The level is the fastest: such a file is read once. The time is fixed: the bytes must not tell the clock.
        let member = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .last_modified_time(zip::DateTime::default())
            .large_file(true);
        archive.start_file(inner, member).map_err(io::Error::from).map_err(SynthError::at(&path))?;
        Ok(Self { path, partial, sink: Sink::Zip(Box::new(archive), failure), bytes: 0 })
    }

    /// Appends bytes of text.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), SynthError> {
        let written = match &mut self.sink {
            Sink::Plain(file) => file.write_all(bytes),
            Sink::Gzip(encoder) => encoder.write_all(bytes),
            Sink::Zip(archive, failure) => archive.write_all(bytes).and_then(|()| failure.take()),
        };
        written.map_err(SynthError::at(&self.path))?;
        self.bytes += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(())
    }

    /// Gives the file its name. Returns its path and the bytes of text in it.
    pub(crate) fn finish(self) -> Result<(PathBuf, u64), SynthError> {
        let flushed = match self.sink {
            Sink::Plain(mut file) => file.flush(),
            Sink::Gzip(encoder) => encoder.finish().and_then(|mut file| file.flush()),
            Sink::Zip(archive, failure) => {
                let finished = archive.finish().map_err(io::Error::from).and_then(|mut file| file.flush());
                finished.and_then(|()| failure.take())
            }
        };
        flushed.and_then(|()| fs::rename(&self.partial.0, &self.path)).map_err(SynthError::at(&self.path))?;
        Ok((self.path, self.bytes))
    }
}

/// A file that is not whole yet; it goes away unless it is renamed.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // After a rename there is nothing to remove; after a failure there is nothing better to do.
        let _ = fs::remove_file(&self.0);
    }
}

/// Opens the file that a finished one will be named after; the finished one may not exist.
fn create(path: &Path) -> Result<(Partial, File), SynthError> {
    if path.exists() {
        return Err(SynthError::Exists { path: Staging::shown(path) });
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Partial(PathBuf::from(partial));
    let file = File::create(&partial.0).map_err(SynthError::at(path))?;
    Ok((partial, file))
}
