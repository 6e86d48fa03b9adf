//! Changes as Parquet files, one row for each.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{StringBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::error::DiffError;
use super::report::Diff;
use crate::schema::ColumnType;
use crate::staging::Staging;

/// Rows of a file. Every file but the last is cut here, whatever the size of windows and parts.
const FILE_ROWS: usize = 524_288;

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
    staging: Staging,
    schema: SchemaRef,
    words: [StringDictionaryBuilder<Int32Type>; 4],
    texts: [StringBuilder; 3],
    rows: usize,
    files: usize,
    file_rows: usize,
}

impl Writer {
    /// Begins a folder that the owner alone can read.
    pub(super) fn new(target: &Path) -> Result<Self, DiffError> {
        let staging = Staging::new(target)?;
        shut(staging.path()).map_err(DiffError::write(staging.path()))?;
        let fields: Vec<Field> = COLUMNS.iter().map(|(name, kind)| kind.arrow_field(name)).collect();
        Ok(Self {
            staging,
            schema: Arc::new(Schema::new(fields)),
            words: Default::default(),
            texts: Default::default(),
            rows: 0,
            files: 0,
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
        let [kind, county_before, county_after, column] = &mut self.words;
        kind.append_option(Some(row.kind));
        county_before.append_option(row.county_before);
        county_after.append_option(row.county_after);
        column.append_option(row.column);
        let [voter_id, before, after] = &mut self.texts;
        voter_id.append_value(row.voter_id);
        before.append_option(row.before);
        after.append_option(row.after);
        self.rows += 1;
        if self.rows >= self.file_rows { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), DiffError> {
        let path = self.staging.path().join(format!("changes-{:05}.parquet", self.files));
        let [kind, county_before, county_after, column] = &mut self.words;
        let [voter_id, before, after] = &mut self.texts;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(kind.finish()),
            Arc::new(voter_id.finish()),
            Arc::new(county_before.finish()),
            Arc::new(county_after.finish()),
            Arc::new(column.finish()),
            Arc::new(before.finish()),
            Arc::new(after.finish()),
        ];
        let batch = RecordBatch::try_new(self.schema.clone(), columns).map_err(DiffError::write(&path))?;
        let file = BufWriter::new(File::create_new(&path).map_err(DiffError::write(&path))?);
        let properties = WriterProperties::builder()
            .set_created_by(CREATED_BY.to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(Some(self.file_rows.max(1)))
            .build();
        let failed = DiffError::write_parquet;
        let mut writer = ArrowWriter::try_new(file, self.schema.clone(), Some(properties)).map_err(failed(&path))?;
        writer.write(&batch).map_err(failed(&path))?;
        let written = writer.into_inner().map_err(failed(&path))?;
        written.into_inner().map_err(|error| DiffError::write(&path)(error.into_error()))?;
        self.rows = 0;
        self.files += 1;
        Ok(())
    }

    /// Writes what is left and the numbers, and lets the folder appear.
    pub(super) fn finish(mut self, diff: &Diff) -> Result<(), DiffError> {
        if self.rows > 0 || self.files == 0 {
            self.flush()?;
        }
        let path = self.staging.path().join(DIFF_FILE);
        let mut text = serde_json::to_vec_pretty(diff).map_err(DiffError::write(&path))?;
        text.push(b'\n');
        std::fs::write(&path, text).map_err(DiffError::write(&path))?;
        Ok(self.staging.commit()?)
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
