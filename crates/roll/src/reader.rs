//! Reading what a snapshot holds.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use age::stream::StreamReader;
use arrow_array::{RecordBatch, RecordBatchReader};
use arrow_schema::Schema;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::encryption::decrypt::{FileDecryptionProperties, KeyRetriever};
use parquet::errors::ParquetError;

use crate::manifest::names;
use crate::schema::Table;
use crate::snapshot::{Snapshot, SnapshotError, damaged};
use crate::vault::{Compartment, KeyId, Keys, aad, unsealing};

/// A snapshot, and the keys of what may be read of it.
///
/// A column whose key is not among them cannot be read: the error names column and key, and nothing of it is decrypted.
#[derive(Debug)]
pub struct Reader {
    snapshot: Snapshot,
    keys: Arc<Keys>,
    /// Files that were compared with the manifest.
    verified: Mutex<BTreeSet<String>>,
}

/// A sealed file that is not what was sealed under this name and key.
#[derive(Debug, thiserror::Error)]
#[error("its content is not what was sealed under this name and key")]
struct Unsealed;

/// The keys, for the Parquet reader: it asks for them by the name that stands in the file.
struct AtHand(Arc<Keys>);

impl KeyRetriever for AtHand {
    // CAUTION: the Parquet reader keeps what it gets in a plain vector, and does not wipe it.
    fn retrieve_key(&self, name: &[u8]) -> parquet::errors::Result<Vec<u8>> {
        let id = std::str::from_utf8(name).ok().and_then(|text| text.parse::<KeyId>().ok());
        let secret = id.and_then(|id| self.0.get(&id));
        secret.map(|secret| secret.bytes().to_vec()).ok_or_else(|| ParquetError::General("no key".to_owned()))
    }
}

impl Reader {
    pub(crate) fn new(snapshot: Snapshot, keys: Keys) -> Self {
        Self { snapshot, keys: Arc::new(keys), verified: Mutex::default() }
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The named columns of a part of the voter table, in the order asked for. No other column is decrypted.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for a part or column that is not there, for a column whose key is not at hand, and for a file
    /// that cannot be read.
    pub fn read_voters(&self, part: usize, columns: &[&str]) -> Result<RecordBatch, SnapshotError> {
        self.read_part(Table::Voter, part, columns)
    }

    /// The named columns of a part of the participation table, in the order asked for.
    ///
    /// # Errors
    ///
    /// As [`Reader::read_voters`].
    pub fn read_participations(&self, part: usize, columns: &[&str]) -> Result<RecordBatch, SnapshotError> {
        self.read_part(Table::Participation, part, columns)
    }

    /// The table of elections: `election_id`, `date`, `year`, `date_precision`, `kind`, `name` and `source_label`,
    /// sorted by `election_id`.
    ///
    /// * `date`: `Date32`, null where the file does not tell the day; `year`: `Int16`, null where it tells none.
    /// * `date_precision`: `day`, `month`, `year` or `none`. The others are `Utf8`; `name` is null where there is none.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] for a file that cannot be read.
    pub fn elections(&self) -> Result<RecordBatch, SnapshotError> {
        self.read(names::ELECTIONS, None)
    }

    /// Opens a file that is sealed whole.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] where the key of its compartment is not at hand, and for a file that cannot be read.
    pub(crate) fn unseal(
        &self,
        name: &str,
        compartment: &Compartment,
    ) -> Result<BufReader<StreamReader<File>>, SnapshotError> {
        let id = self.check_key(compartment)?;
        let path = self.snapshot.files_dir().join(name);
        self.verify(name)?;
        let file = File::open(&path).map_err(|source| SnapshotError::Read { path: path.clone(), source })?;
        let bound_to = aad(&self.snapshot.manifest().snapshot, name);
        let content = self.keys.get(id).and_then(|secret| unsealing(id, secret, &bound_to, file));
        Ok(BufReader::new(content.ok_or_else(|| damaged(&path, Unsealed))?))
    }

    fn read_part(&self, table: Table, part: usize, columns: &[&str]) -> Result<RecordBatch, SnapshotError> {
        if part >= self.snapshot.parts() {
            return Err(SnapshotError::NoPart { part, parts: self.snapshot.parts() });
        }
        let manifest = self.snapshot.manifest();
        let (held, file) = match table {
            Table::Voter => (&manifest.voter_columns, names::voters(part)),
            Table::Participation => (&manifest.participation_columns, names::participations(part)),
        };
        for column in columns {
            if !held.iter().any(|name| name == column) {
                return Err(SnapshotError::NoColumn { column: (*column).to_owned() });
            }
            self.check_key(&Compartment::of(table, column))?;
        }
        self.read(&file, Some(columns))
    }

    /// The key that the manifest names for a compartment.
    fn key_named(&self, compartment: &Compartment) -> Result<&KeyId, SnapshotError> {
        self.snapshot.manifest().keys.iter().find(|id| id.compartment() == compartment).ok_or_else(|| {
            SnapshotError::Keyless { path: self.snapshot.path().to_owned(), what: compartment.in_words() }
        })
    }

    fn check_key(&self, compartment: &Compartment) -> Result<&KeyId, SnapshotError> {
        let id = self.key_named(compartment)?;
        match self.keys.get(id) {
            Some(_) => Ok(id),
            None => Err(SnapshotError::NoKey { key: Box::new(id.clone()) }),
        }
    }

    /// Every column of a file, row group by row group; a file without rows is one of none.
    pub(crate) fn groups(
        &self,
        name: &str,
    ) -> Result<impl Iterator<Item = Result<RecordBatch, SnapshotError>>, SnapshotError> {
        let groups = self.open(name)?.1.metadata().num_row_groups();
        let group = move |number| {
            let (path, builder) = self.open(name)?;
            if groups == 0 {
                return read_one(builder, 0, &path);
            }
            let rows = builder.metadata().row_group(number).num_rows();
            let rows = usize::try_from(rows).map_err(|error| damaged(&path, error))?;
            read_one(builder.with_row_groups(vec![number]), rows, &path)
        };
        Ok((0..groups.max(1)).map(group))
    }

    fn read(&self, name: &str, columns: Option<&[&str]>) -> Result<RecordBatch, SnapshotError> {
        let (path, builder) = self.open(name)?;
        let rows =
            usize::try_from(builder.metadata().file_metadata().num_rows()).map_err(|error| damaged(&path, error))?;
        let mask = match columns {
            None => ProjectionMask::all(),
            // By position: the names of districts hold a dot, which Parquet would take for a path.
            Some(columns) => {
                let positions = columns.iter().map(|column| position(builder.schema(), column));
                ProjectionMask::roots(builder.parquet_schema(), positions.collect::<Result<Vec<_>, _>>()?)
            }
        };
        // LIMIT: a part is written as one row group of a bounded number of rows, so one batch holds it.
        let batch = read_one(builder.with_projection(mask), rows, &path)?;
        let Some(columns) = columns else { return Ok(batch) };
        let order = columns.iter().map(|column| position(batch.schema_ref(), column));
        batch.project(&order.collect::<Result<Vec<_>, _>>()?).map_err(|error| damaged(&path, error))
    }

    fn open(&self, name: &str) -> Result<(PathBuf, ParquetRecordBatchReaderBuilder<File>), SnapshotError> {
        self.check_key(&Compartment::Roll)?;
        let path = self.snapshot.files_dir().join(name);
        self.verify(name)?;
        let file = File::open(&path).map_err(|source| SnapshotError::Read { path: path.clone(), source })?;
        let builder = self.decrypting(name, file, &path)?;
        Ok((path, builder))
    }

    fn decrypting(
        &self,
        name: &str,
        file: File,
        path: &Path,
    ) -> Result<ParquetRecordBatchReaderBuilder<File>, SnapshotError> {
        let properties = FileDecryptionProperties::with_key_retriever(Arc::new(AtHand(self.keys.clone())))
            .with_aad_prefix(aad(&self.snapshot.manifest().snapshot, name).into_bytes())
            .build()
            .map_err(|error| damaged(path, error))?;
        let options = ArrowReaderOptions::new().with_file_decryption_properties(properties);
        ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(|error| damaged(path, error))
    }

    /// Compares a file with the manifest before its first use.
    ///
    /// CAUTION: the Parquet reader takes the length of an encrypted piece from in front of it, and in version 59.3 it
    /// panics, or takes gigabytes of memory, where that length is damaged. So no damaged file reaches it.
    fn verify(&self, name: &str) -> Result<(), SnapshotError> {
        let verified = || self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if verified().contains(name) {
            return Ok(());
        }
        self.snapshot.verify_named(name)?;
        verified().insert(name.to_owned());
        Ok(())
    }
}

/// Reads what is left to read as one batch.
fn read_one(
    builder: ParquetRecordBatchReaderBuilder<File>,
    rows: usize,
    path: &Path,
) -> Result<RecordBatch, SnapshotError> {
    let mut reader = builder.with_batch_size(rows.max(1)).build().map_err(|error| damaged(path, error))?;
    let schema = reader.schema();
    match reader.next() {
        Some(batch) => batch.map_err(|error| damaged(path, error)),
        None => Ok(RecordBatch::new_empty(schema)),
    }
}

fn position(schema: &Schema, column: &str) -> Result<usize, SnapshotError> {
    schema.index_of(column).map_err(|_| SnapshotError::NoColumn { column: column.to_owned() })
}
