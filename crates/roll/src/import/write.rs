//! Files of a snapshot.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use data_encoding::HEXLOWER;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::ImportError;
use crate::manifest::OutputFile;

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

/// Writes a table as one row group.
pub(super) fn parquet(path: &Path, batch: &RecordBatch) -> Result<OutputFile, ImportError> {
    ParquetFile::create(path, batch)?.finish()
}

/// A Parquet file in the making, each batch a row group of its own.
pub(super) struct ParquetFile {
    path: PathBuf,
    writer: ArrowWriter<Digesting<BufWriter<File>>>,
}

impl ParquetFile {
    /// Begins a file with a first batch.
    pub(super) fn create(path: &Path, batch: &RecordBatch) -> Result<Self, ImportError> {
        let file = Digesting::create(path)?;
        let writer = ArrowWriter::try_new(file, batch.schema(), Some(properties(batch)));
        let mut file = Self { path: path.to_owned(), writer: writer.map_err(ImportError::write_parquet(path))? };
        file.write(batch)?;
        Ok(file)
    }

    /// Appends a batch of the same columns.
    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), ImportError> {
        let written = self.writer.write(batch).and_then(|()| self.writer.flush());
        written.map_err(ImportError::write_parquet(&self.path))
    }

    /// Ends the file.
    pub(super) fn finish(self) -> Result<OutputFile, ImportError> {
        self.writer.into_inner().map_err(ImportError::write_parquet(&self.path))?.finish(&self.path)
    }
}

fn properties(batch: &RecordBatch) -> WriterProperties {
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
    properties.build()
}

/// Writes bytes.
pub(super) fn bytes(path: &Path, content: &[u8]) -> Result<OutputFile, ImportError> {
    stream(path, |out| out.write_all(content))
}

/// Writes what `content` writes.
pub(super) fn stream(
    path: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<OutputFile, ImportError> {
    let mut file = Digesting::create(path)?;
    content(&mut file).map_err(ImportError::write(path))?;
    file.finish(path)
}

/// Writes a value as JSON that people can read.
pub(super) fn json(path: &Path, value: &impl Serialize) -> Result<OutputFile, ImportError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(ImportError::write(path))?;
    text.push(b'\n');
    bytes(path, &text)
}
