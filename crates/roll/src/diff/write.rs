//! Changes as Parquet files, one row for each.

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufWriter;
use std::mem::replace;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::error::DiffError;
use super::report::Diff;
use crate::schema::ColumnType;
use crate::staging::Staging;
use crate::table::columns::{Texts, Words};

/// Rows of a file. Every file but the last is cut here, whatever the size of windows and parts.
const FILE_ROWS: usize = 524_288;

/// LIMIT: bytes of text of a file; one with longer values is cut here, so that a column of it stays below the 2 GiB that
/// Arrow can address. Usual values take a fifth of that.
const FILE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What the footer of every file names as its writer; without a version, so that the bytes stay the same.
const CREATED_BY: &str = "openroll";

/// The columns of a file of changes, all of them text.
const COLUMNS: [(&str, ColumnType); 7] = [
    ("kind", ColumnType::Dict),
    ("voter_id", ColumnType::Text),
    ("county_before", ColumnType::Dict),
    ("county_after", ColumnType::Dict),
    ("column", ColumnType::Dict),
    ("before", ColumnType::Text),
    ("after", ColumnType::Text),
];

/// One change.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row<'a> {
    /// `added`, `removed` or `changed`.
    pub(super) kind: &'a str,
    pub(super) voter_id: &'a str,
    pub(super) county_before: Option<&'a str>,
    pub(super) county_after: Option<&'a str>,
    /// The column, for a changed value.
    pub(super) column: Option<&'a str>,
    pub(super) before: Option<&'a str>,
    pub(super) after: Option<&'a str>,
}

/// A folder of changes in the making.
pub(super) struct Writer {
    /// Declared before the folder: files are no longer written when that is removed.
    files: Files,
    staging: Staging,
    schema: SchemaRef,
    rows: Rows,
    file_rows: usize,
}

/// The rows of a file in the making.
struct Rows {
    words: [Words; 4],
    texts: [Texts; 3],
    count: usize,
    bytes: usize,
}

impl Rows {
    fn new() -> Self {
        Self {
            words: std::array::from_fn(|_| Words::new(0)),
            texts: std::array::from_fn(|_| Texts::new(0)),
            count: 0,
            bytes: 0,
        }
    }

    fn push(&mut self, row: &Row<'_>) {
        let [kind, county_before, county_after, column] = &mut self.words;
        kind.push(Some(row.kind.as_bytes()));
        county_before.push(row.county_before.map(str::as_bytes));
        county_after.push(row.county_after.map(str::as_bytes));
        column.push(row.column.map(str::as_bytes));
        let [voter_id, before, after] = &mut self.texts;
        voter_id.push(Some(row.voter_id.as_bytes()));
        before.push(row.before.map(str::as_bytes));
        after.push(row.after.map(str::as_bytes));
        self.count += 1;
        let length = |text: Option<&str>| text.map_or(0, str::len);
        self.bytes += row.voter_id.len() + length(row.before) + length(row.after);
    }

    fn batch(self, schema: SchemaRef) -> Result<RecordBatch, ArrowError> {
        let [kind, county_before, county_after, column] = self.words;
        let [voter_id, before, after] = self.texts;
        let columns: Vec<ArrayRef> = vec![
            kind.finish()?,
            Arc::new(voter_id.finish()?),
            county_before.finish()?,
            county_after.finish()?,
            column.finish()?,
            Arc::new(before.finish()?),
            Arc::new(after.finish()?),
        ];
        RecordBatch::try_new(schema, columns)
    }
}

impl Writer {
    /// Begins a folder that the owner alone can read.
    pub(super) fn new(target: &Path) -> Result<Self, DiffError> {
        let staging = Staging::new(target)?;
        shut(staging.path()).map_err(DiffError::write(staging.path()))?;
        let fields: Vec<Field> = COLUMNS.iter().map(|(name, kind)| kind.arrow_field(name)).collect();
        Ok(Self {
            files: Files::default(),
            staging,
            schema: Arc::new(Schema::new(fields)),
            rows: Rows::new(),
            file_rows: FILE_ROWS,
        })
    }

    /// Sets the rows of a file, so that a test can see several.
    #[cfg(test)]
    pub(super) fn with_file_rows(mut self, rows: usize) -> Self {
        self.file_rows = rows;
        self
    }

    pub(super) fn push(&mut self, row: &Row<'_>) -> Result<(), DiffError> {
        self.rows.push(row);
        let is_full = self.rows.count >= self.file_rows || self.rows.bytes >= FILE_BYTES_MAX;
        if is_full { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), DiffError> {
        let path = self.staging.path().join(format!("changes-{:05}.parquet", self.files.begun));
        let rows = replace(&mut self.rows, Rows::new());
        self.files.write(Pending { path, rows, schema: self.schema.clone(), rows_max: self.file_rows })
    }

    /// Writes what is left and the numbers, and lets the folder appear.
    pub(super) fn finish(mut self, diff: &Diff) -> Result<(), DiffError> {
        if self.rows.count > 0 || self.files.begun == 0 {
            self.flush()?;
        }
        self.files.end()?;
        let path = self.staging.path().join(DIFF_FILE);
        let mut text = serde_json::to_vec_pretty(diff).map_err(DiffError::write(&path))?;
        text.push(b'\n');
        std::fs::write(&path, text).map_err(DiffError::write(&path))?;
        Ok(self.staging.commit()?)
    }
}

/// LIMIT: files that are written at one time, each in a thread of its own; a file has some 40 MB in memory. They are no
/// threads of the pool: one of those could be waiting for them.
const FILES_MAX: usize = 2;

/// Files that are written while further rows come.
#[derive(Default)]
struct Files {
    begun: usize,
    writing: VecDeque<JoinHandle<Result<(), DiffError>>>,
}

impl Files {
    /// Begins to write a file, when there are not too many.
    fn write(&mut self, pending: Pending) -> Result<(), DiffError> {
        if self.writing.len() >= FILES_MAX
            && let Some(oldest) = self.writing.pop_front()
        {
            ended(oldest)?;
        }
        self.begun += 1;
        self.writing.push_back(std::thread::spawn(move || pending.write()));
        Ok(())
    }

    /// Waits until all are written.
    fn end(&mut self) -> Result<(), DiffError> {
        self.writing.drain(..).try_for_each(ended)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // Whoever drops them has another error to tell.
        self.writing.drain(..).for_each(|file| drop(file.join()));
    }
}

/// Waits for a file; a panic of its thread goes on in this one.
fn ended(file: JoinHandle<Result<(), DiffError>>) -> Result<(), DiffError> {
    file.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// A file to be written.
struct Pending {
    path: PathBuf,
    rows: Rows,
    schema: SchemaRef,
    rows_max: usize,
}

impl Pending {
    fn write(self) -> Result<(), DiffError> {
        let path = &self.path;
        let batch = self.rows.batch(self.schema.clone()).map_err(DiffError::write(path))?;
        let file = BufWriter::new(File::create_new(path).map_err(DiffError::write(path))?);
        let properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(Some(self.rows_max.max(1)))
            .build();
        let failed = DiffError::write_parquet;
        let mut writer = ArrowWriter::try_new(file, self.schema, Some(properties)).map_err(failed(path))?;
        writer.write(&batch).map_err(failed(path))?;
        let written = writer.into_inner().map_err(failed(path))?;
        written.into_inner().map_err(|error| DiffError::write(path)(error.into_error()))?;
        Ok(())
    }
}

/// The file with the numbers.
const DIFF_FILE: &str = "diff.json";

/// Lets nobody but the owner into a folder; where the system knows no such rights, its own hold.
fn shut(folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let owner_alone = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(folder, owner_alone)?;
    }
    let _ = folder;
    Ok(())
}
