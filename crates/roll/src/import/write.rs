//! Files of a snapshot.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use data_encoding::HEXLOWER;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::ImportError;
use crate::manifest::OutputFile;
use crate::vault::{Compartment, Content, Sealer};

/// What the footer of every Parquet file names as its writer; without a version, so that the bytes stay the same.
const CREATED_BY: &str = "openroll";

/// Columns in which nearly every value is another one: a dictionary of them costs time and saves nothing.
const DISTINCT: [&str; 5] = ["voter_id", "county_voter_id", "phone", "email", "residential_address"];

/// Columns of numbers of which most are a little larger than the one before: only the difference is written.
const RISING: [&str; 2] = ["row", "source_row"];

/// Columns by which rows are sorted, so that smallest and largest values help to find them.
const SORTED_BY: [&str; 2] = ["county", "voter_id"];

/// Counts and digests what is written.
struct Digesting<W> {
    inner: W,
    hasher: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.hasher.update(buffer.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Digesting<BufWriter<File>> {
    fn create(path: &Path) -> Result<Self, ImportError> {
        let file = File::create_new(path).map_err(ImportError::write(path))?;
        Ok(Self { inner: BufWriter::new(file), hasher: Sha256::new(), bytes: 0 })
    }

    fn finish(mut self, path: &Path) -> Result<OutputFile, ImportError> {
        self.flush().map_err(ImportError::write(path))?;
        let sha256 = HEXLOWER.encode(&self.hasher.finalize());
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(OutputFile { name, bytes: self.bytes, sha256 })
    }
}

/// The name that a file is sealed under: its own, without folder.
fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Writes a table as one row group.
pub(crate) fn parquet(path: &Path, batch: &RecordBatch, sealer: &Sealer) -> Result<OutputFile, ImportError> {
    ParquetFile::create(path, batch, sealer)?.finish()
}

/// A Parquet file in the making, each batch a row group of its own.
pub(crate) struct ParquetFile<'a> {
    path: PathBuf,
    writer: ArrowWriter<Digesting<BufWriter<File>>>,
    sealer: &'a Sealer,
    content: Content,
}

impl<'a> ParquetFile<'a> {
    /// Begins a file with a first batch.
    pub(crate) fn create(path: &Path, batch: &RecordBatch, sealer: &'a Sealer) -> Result<Self, ImportError> {
        let encryption = sealer.parquet(&name_of(path), batch.schema_ref()).map_err(ImportError::write(path))?;
        let properties = properties(batch).with_file_encryption_properties(encryption).build();
        let file = Digesting::create(path)?;
        let writer = ArrowWriter::try_new(file, batch.schema(), Some(properties));
        let writer = writer.map_err(ImportError::write_parquet(path))?;
        let mut file = Self { path: path.to_owned(), writer, sealer, content: Content::default() };
        file.write(batch)?;
        Ok(file)
    }

    /// Appends a batch of the same columns.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), ImportError> {
        self.content.batch(batch).map_err(ImportError::write(&self.path))?;
        let written = self.writer.write(batch).and_then(|()| self.writer.flush());
        written.map_err(ImportError::write_parquet(&self.path))
    }

    /// Ends the file.
    pub(crate) fn finish(self) -> Result<OutputFile, ImportError> {
        let file = self.writer.into_inner().map_err(ImportError::write_parquet(&self.path))?.finish(&self.path)?;
        self.sealer.holds(&file.name, self.content);
        Ok(file)
    }
}

fn properties(batch: &RecordBatch) -> WriterPropertiesBuilder {
    let mut properties = WriterProperties::builder()
        .set_created_by(CREATED_BY.to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(batch.num_rows().max(1)));
    for name in DISTINCT {
        properties = properties.set_column_dictionary_enabled(name.into(), false);
    }
    for name in RISING {
        properties = properties
            .set_column_dictionary_enabled(name.into(), false)
            .set_column_encoding(name.into(), Encoding::DELTA_BINARY_PACKED);
    }
    for name in SORTED_BY {
        properties = properties.set_column_statistics_enabled(name.into(), EnabledStatistics::Chunk);
    }
    properties
}

/// Writes what `content` writes as a file that is sealed whole.
pub(crate) fn sealed(
    path: &Path,
    (compartment, sealer): (&Compartment, &Sealer),
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<OutputFile, ImportError> {
    let name = name_of(path);
    let file = Digesting::create(path)?;
    let whole = sealer.whole(&name, compartment, file).map_err(ImportError::write(path))?;
    let mut out = Holding { inner: BufWriter::new(whole), content: Content::default() };
    content(&mut out).map_err(ImportError::write(path))?;
    sealer.holds(&name, out.content);
    let sealed = out.inner.into_inner().map_err(io::IntoInnerError::into_error).and_then(|whole| whole.finish());
    sealed.map_err(ImportError::write(path))?.finish(path)
}

/// Digests what goes into a sealed file.
struct Holding<W: Write> {
    inner: BufWriter<W>,
    content: Content,
}

impl<W: Write> Write for Holding<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buffer)?;
        self.content.bytes(buffer.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Writes a value as JSON that people can read.
pub(super) fn json(path: &Path, value: &impl Serialize) -> Result<OutputFile, ImportError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(ImportError::write(path))?;
    text.push(b'\n');
    let mut file = Digesting::create(path)?;
    file.write_all(&text).map_err(ImportError::write(path))?;
    file.finish(path)
}
