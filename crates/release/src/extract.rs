//! The data files of a release, written from scratch out of redacted batches.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use arrow_array::RecordBatch;
use arrow_select::interleave::interleave_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use rayon::prelude::*;
use roll::{Protections, Reader, SnapshotError};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::code::CodeKey;
use crate::history::{Elections, History};
use crate::lines::{Lines, Place, header, ordered};
use crate::mask::Rules;
use crate::plan::{Make, Plan};
use crate::redact::{RedactError, redact};

/// Rows per row group of a Parquet extract; fixed, so that the file's shape follows from the released rows alone.
const ROW_GROUP_ROWS: usize = 131_072;

/// A file format of the extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values: UTF-8, LF, RFC 4180 quoting.
    Csv,
    /// Apache Parquet, zstd, plain columns.
    Parquet,
}

impl Format {
    /// The file's name in the release.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "extract.csv",
            Self::Parquet => "extract.parquet",
        }
    }
}

/// Why an extract cannot be written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ExtractError {
    /// The snapshot cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The snapshot does not fit its manifest.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Redact(#[from] RedactError),
    /// A file cannot be written.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check space and permissions; nothing of the release is visible"))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The Parquet writer failed.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check space and permissions; nothing of the release is visible"))]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the writer says.
        source: ParquetError,
    },
}

/// The released rows, redacted and in their final order, before they are written.
#[derive(Debug)]
pub struct Extract {
    batches: Vec<RecordBatch>,
    lines: Vec<Lines>,
    order: Vec<Place>,
    columns: Vec<String>,
    touched: Vec<u64>,
}

impl Extract {
    /// Redacts every part of a snapshot and orders the rows.
    ///
    /// Parts are worked on in parallel; the result does not depend on how many threads there are.
    ///
    /// # Errors
    ///
    /// [`ExtractError`] when the snapshot cannot be read.
    pub fn new(
        roll: &Reader,
        plan: &Plan,
        rules: &Rules<'_>,
        protections: &Protections,
        key: &CodeKey,
        formats: &[Format],
    ) -> Result<Self, ExtractError> {
        let since = plan.columns().iter().find_map(|column| match column.make {
            Make::History { since } => Some(since),
            _ => None,
        });
        let elections = since.map(|since| Elections::read(roll, since)).transpose()?;
        let sources = plan.sources();
        let parts: Vec<(RecordBatch, Lines, Vec<u64>)> = (0..roll.snapshot().parts())
            .into_par_iter()
            .map(|part| {
                let mask = rules.mask(roll, part, protections)?;
                let batch = roll.read_voters(part, &sources)?;
                let history = match &elections {
                    Some(elections) => History::read(roll, part, elections)?,
                    None => History::default(),
                };
                let batch = redact(&batch, plan, &mask, &history, key)?;
                let lines = Lines::of(&batch);
                // CSV is made of the lines; the batch is kept only where Parquet needs it.
                let batch = if formats.contains(&Format::Parquet) { batch } else { batch.slice(0, 0) };
                Ok((batch, lines, mask.touched))
            })
            .collect::<Result<_, ExtractError>>()?;

        let mut touched = vec![0; rules.len()];
        let (mut batches, mut lines) = (Vec::new(), Vec::new());
        for (batch, part_lines, counts) in parts {
            touched.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            batches.push(batch);
            lines.push(part_lines);
        }
        let order = ordered(&lines);
        let columns = plan.columns().iter().map(|column| column.name.clone()).collect();
        Ok(Self { batches, lines, order, columns, touched })
    }

    /// How many rows leave.
    pub fn rows(&self) -> u64 {
        self.order.len() as u64
    }

    /// How many rows of the roll each record rule covers. Private (channel C24).
    pub fn touched(&self) -> &[u64] {
        &self.touched
    }

    /// Writes one file into a folder and returns its size and SHA-256 in hex.
    ///
    /// # Errors
    ///
    /// [`ExtractError`] when the file cannot be written.
    pub fn write(&self, folder: &Path, format: Format) -> Result<(u64, String), ExtractError> {
        // The folder is hidden while the release is made; a message names the file as the reader will know it.
        let path = PathBuf::from(format.file_name());
        let file =
            File::create(folder.join(&path)).map_err(|source| ExtractError::Write { path: path.clone(), source })?;
        let mut out = Hashing::new(BufWriter::with_capacity(1 << 20, file));
        match format {
            Format::Csv => {
                self.write_csv(&mut out).map_err(|source| ExtractError::Write { path: path.clone(), source })?;
            }
            Format::Parquet => {
                self.write_parquet(&mut out).map_err(|source| ExtractError::Parquet { path: path.clone(), source })?
            }
        }
        out.finish().map_err(|source| ExtractError::Write { path, source })
    }

    fn write_csv(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(&header(self.columns.iter().map(String::as_str)))?;
        for place in &self.order {
            if let Some(lines) = self.lines.get(place.part as usize) {
                out.write_all(lines.line(place.row as usize))?;
            }
        }
        Ok(())
    }

    fn write_parquet(&self, out: &mut (impl Write + Send)) -> Result<(), ParquetError> {
        let Some(first) = self.batches.first() else { return Ok(()) };
        let properties = WriterProperties::builder()
            .set_created_by("openroll".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_offset_index_disabled(true)
            .build();
        // Without the Arrow schema, whose metadata can carry what the writer knew (channel C40).
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        let mut writer = ArrowWriter::try_new_with_options(out, first.schema(), options)?;
        let batches: Vec<&RecordBatch> = self.batches.iter().collect();
        for chunk in self.order.chunks(ROW_GROUP_ROWS) {
            let rows: Vec<(usize, usize)> =
                chunk.iter().map(|place| (place.part as usize, place.row as usize)).collect();
            let batch = interleave_record_batch(&batches, &rows)?;
            writer.write(&batch)?;
        }
        writer.close().map(|_| ())
    }
}

/// A writer that counts and digests what passes.
pub(crate) struct Hashing<W> {
    inner: W,
    digest: Sha256,
    bytes: u64,
}

impl Hashing<BufWriter<File>> {
    pub(crate) fn new(inner: BufWriter<File>) -> Self {
        Self { inner, digest: Sha256::new(), bytes: 0 }
    }

    /// Flushes to the disk and returns size and digest.
    pub(crate) fn finish(mut self) -> io::Result<(u64, String)> {
        self.inner.flush()?;
        self.inner.get_ref().sync_all()?;
        Ok((self.bytes, data_encoding::HEXLOWER.encode(&self.digest.finalize())))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
