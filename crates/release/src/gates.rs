//! Gates: the finished files, read again by another reader, before anything becomes visible.
//!
//! The CSV is read with the `csv` crate, the writer is our own; columns are judged from the decision and the canonical
//! schema, not from the plan; rows are counted from the roll, record by record. A gate that fails names the file, the
//! column and the remedy, and the release does not appear.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use law::Decision;
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;
use roll::{Snapshot, SnapshotError, schema};
use serde::{Deserialize, Serialize};
use terms::{Field, Form};

use crate::canaries::CanarySearch;
use crate::extract::Format;
use crate::order::Order;
use crate::patterns::{Kind, kind_of};
use crate::recount::Recount;

/// What a gate checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateReport {
    /// The gate's name.
    pub gate: String,
    /// What it found in order.
    pub checked: String,
}

/// Why a gate stopped a release.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GateError {
    /// A column that the decision does not grant.
    #[error("gate `columns`: `{file}` has the column `{column}`, which the decision does not grant")]
    #[diagnostic(help("do not deliver; report this as a fault of openroll"))]
    Column {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A granted field of which the roll holds something, and no column.
    #[error("gate `columns`: `{file}` lacks the field `{field}`, which the decision grants and the roll holds")]
    #[diagnostic(help("do not deliver; report this as a fault of openroll"))]
    Lacks {
        /// The file.
        file: String,
        /// The field.
        field: Field,
    },
    /// The row counts differ.
    #[error("gate `counts`: `{file}` has {found} rows, the office counts {expected}")]
    #[diagnostic(help("do not deliver; report this as a fault of openroll"))]
    Count {
        /// The file.
        file: String,
        /// Rows in the file.
        found: u64,
        /// Rows by the office's count.
        expected: u64,
    },
    /// The row of a registrant who is left out.
    #[error("gate `records`: line {line} of `{file}` bears the voter number of a registrant who is left out")]
    #[diagnostic(help("do not deliver; report this as a fault of openroll"))]
    Record {
        /// The file.
        file: String,
        /// Line in the released order.
        line: u64,
    },
    /// A canary.
    #[error("gate `canaries`: `{file}` holds a canary token at byte {byte}")]
    #[diagnostic(help(
        "a protected record reached the output; do not deliver, and report this as a fault of openroll"
    ))]
    Canary {
        /// The file.
        file: String,
        /// Byte offset.
        byte: u64,
    },
    /// A value of a kind that the column must not hold.
    #[error(
        "gate `patterns`: line {line} of `{file}`, column `{column}`, looks like {kind}, which the decision withholds"
    )]
    #[diagnostic(help(
        "look at the record in the roll: if the value stands in the wrong field, correct the roll, or withhold the \
         field by `--choice` and release again"
    ))]
    Pattern {
        /// The file.
        file: String,
        /// Line in the released order, the header being line 1.
        line: u64,
        /// The column.
        column: String,
        /// What it looks like.
        kind: &'static str,
    },
    /// A file cannot be read back.
    #[error("gate: cannot read back `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The roll cannot be read for the count.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// The gates of one release.
pub(crate) struct Gates<'a> {
    pub(crate) order: &'a Order<'a>,
}

impl Gates<'_> {
    /// Runs every gate on the files in `folder`.
    pub(crate) fn check(&self, folder: &Path) -> Result<Vec<GateReport>, GateError> {
        let has_extract = self.order.formats.iter().any(|format| folder.join(format.file_name()).exists());
        // The gates are independent of each other; the canaries are looked for while the rows are counted.
        let (extract, canaries) = rayon::join(
            || if has_extract { self.check_extract(folder) } else { Ok(Vec::new()) },
            || self.check_canaries(folder),
        );
        let mut reports = extract?;
        reports.push(canaries?);
        Ok(reports)
    }

    fn check_extract(&self, folder: &Path) -> Result<Vec<GateReport>, GateError> {
        let recount = Recount::of(self.order)?;
        let check = |format: &Format| match format {
            Format::Csv => self.check_csv(folder, &recount),
            Format::Parquet => self.check_parquet(folder, recount.kept),
        };
        self.order.formats.iter().map(check).collect()
    }

    fn check_csv(&self, folder: &Path, recount: &Recount) -> Result<GateReport, GateError> {
        let name = Format::Csv.file_name();
        let path = folder.join(name);
        let unreadable = |error: csv::Error| GateError::Read { path: path.clone(), source: error.into() };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(true)
            .buffer_capacity(1 << 20)
            .from_path(&path)
            .map_err(unreadable)?;
        let header = reader.headers().map_err(unreadable)?.clone();
        let columns: Vec<&str> = header.iter().collect();
        check_columns(name, &columns, self.order.decision, self.order.roll.snapshot())?;
        let allowed: Vec<Option<Kind>> = columns.iter().map(|column| allowed_kind(column)).collect();
        let id_column = columns.iter().position(|column| *column == "voter_id");
        let mut rows = 0;
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record).map_err(unreadable)? {
            rows += 1;
            // INVARIANT: our writer puts no line end into a cell that the roll, one line a record, could hold.
            let line = rows + 1;
            if let Some(id) = id_column.and_then(|column| record.get(column))
                && recount.dropped.contains(id)
            {
                return Err(GateError::Record { file: name.to_owned(), line });
            }
            for ((cell, allowed), column) in record.iter().zip(&allowed).zip(&columns) {
                if let Some(kind) = kind_of(cell).filter(|kind| Some(*kind) != *allowed) {
                    let column = (*column).to_owned();
                    return Err(GateError::Pattern { file: name.to_owned(), line, column, kind: kind.label() });
                }
            }
        }
        check_count(name, rows, recount.kept)?;
        let columns = columns.len();
        let checked = format!("{name}: {columns} columns, {rows} rows, no left-out record, no withheld kind of value");
        Ok(report("extract", checked))
    }

    fn check_parquet(&self, folder: &Path, expected: u64) -> Result<GateReport, GateError> {
        let name = Format::Parquet.file_name();
        let path = folder.join(name);
        let unreadable =
            |source: Box<dyn std::error::Error + Send + Sync>| GateError::Read { path: path.clone(), source };
        let file = fs::File::open(&path).map_err(|error| unreadable(error.into()))?;
        let reader = SerializedFileReader::new(file).map_err(|error| unreadable(error.into()))?;
        let metadata = reader.metadata().file_metadata();
        let columns: Vec<&str> = metadata.schema_descr().columns().iter().map(|column| column.name()).collect();
        check_columns(name, &columns, self.order.decision, self.order.roll.snapshot())?;
        // Channel C40: nothing in the footer but what the format needs.
        if metadata.key_value_metadata().is_some_and(|pairs| !pairs.is_empty()) {
            return Err(GateError::Column { file: name.to_owned(), column: "key-value metadata".to_owned() });
        }
        let rows = u64::try_from(metadata.num_rows()).unwrap_or(0);
        check_count(name, rows, expected)?;
        Ok(report("extract", format!("{name}: {} columns, {rows} rows, no metadata", columns.len())))
    }

    /// Looks for every canary in every file, in UTF-8, UTF-16 (both orders), hex and Base64.
    fn check_canaries(&self, folder: &Path) -> Result<GateReport, GateError> {
        let unreadable = |path: &Path, source: Box<dyn std::error::Error + Send + Sync>| {
            let path = path.to_owned();
            GateError::Read { path, source }
        };
        let search = CanarySearch::new(self.order.canaries).map_err(|error| unreadable(folder, error.into()))?;
        let mut files = 0;
        for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error.into()))? {
            let path = entry.map_err(|error| unreadable(folder, error.into()))?.path();
            let found = fs::File::open(&path).and_then(|file| search.find(file));
            if let Some(byte) = found.map_err(|error| unreadable(&path, error.into()))? {
                let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                return Err(GateError::Canary { file, byte });
            }
            files += 1;
        }
        let tokens = self.order.canaries.len();
        Ok(report("canaries", format!("{tokens} tokens in {files} files, in UTF-8, UTF-16, hex and Base64: none")))
    }
}

fn report(gate: &str, checked: String) -> GateReport {
    GateReport { gate: gate.to_owned(), checked }
}

fn check_count(file: &str, found: u64, expected: u64) -> Result<(), GateError> {
    if found == expected { Ok(()) } else { Err(GateError::Count { file: file.to_owned(), found, expected }) }
}

/// Every column belongs to a granted field, and every granted field that the roll holds has a column.
fn check_columns(file: &str, columns: &[&str], decision: &Decision, snapshot: &Snapshot) -> Result<(), GateError> {
    let mut answered: BTreeSet<Field> = BTreeSet::new();
    for column in columns {
        let granted = decision.released().filter(|disposition| belongs(column, disposition.field, &disposition.form));
        let fields: BTreeSet<Field> = granted.map(|disposition| disposition.field).collect();
        if fields.is_empty() {
            return Err(GateError::Column { file: file.to_owned(), column: (*column).to_owned() });
        }
        answered.extend(fields);
    }
    for disposition in decision.released() {
        let held = snapshot.columns_of(disposition.field).next().is_some();
        // A coarser form may leave nothing of a layout's columns; a full one leaves all of them.
        if held && disposition.form == Form::Full && !answered.contains(&disposition.field) {
            return Err(GateError::Lacks { file: file.to_owned(), field: disposition.field });
        }
    }
    Ok(())
}

/// Whether a released column may carry this field in this form.
fn belongs(column: &str, field: Field, form: &Form) -> bool {
    match (column, form) {
        ("voter_history", Form::Full) => field == Field::VoterHistory,
        ("status", Form::Full) => field == Field::StatusActive,
        ("cancelled", Form::Full) => field == Field::StatusCancelled,
        ("age_range", Form::AgeRange(_)) => matches!(field, Field::DateOfBirth | Field::Age),
        ("age", Form::Age) => field == Field::DateOfBirth,
        ("age", Form::Full) => field == Field::Age,
        ("birth_year", Form::Year) => field == Field::DateOfBirth,
        ("birth_year", Form::Full) => field == Field::BirthYear,
        ("birth_month", Form::MonthYear) => field == Field::DateOfBirth,
        (_, Form::Full) => schema::field_of(column) == Some(field),
        (_, Form::Hashed) => column.strip_suffix("_code").and_then(schema::field_of) == Some(field),
        (_, Form::Year) => column.strip_suffix("_year").and_then(schema::field_of) == Some(field),
        (_, Form::MonthYear) => column.strip_suffix("_month").and_then(schema::field_of) == Some(field),
        ("zip" | "mailing_zip", Form::Zip5) => schema::field_of(column) == Some(field),
        ("city" | "mailing_city", Form::City) => schema::field_of(column) == Some(field),
        (_, Form::StreetWithoutUnit) => {
            let finer = ["house", "unit", "zip", "address"].iter().any(|word| column.contains(word));
            !finer && schema::field_of(column) == Some(field)
        }
        _ => false,
    }
}

/// The kind of value that a column holds by right.
fn allowed_kind(column: &str) -> Option<Kind> {
    match column {
        "phone" => Some(Kind::Phone),
        "email" => Some(Kind::Email),
        "ssn_full" => Some(Kind::Ssn),
        "voter_history" => Some(Kind::Date),
        _ => match schema::Table::Voter.type_of(column) {
            Some(schema::ColumnType::Date) => Some(Kind::Date),
            _ => None,
        },
    }
}
