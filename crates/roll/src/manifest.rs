//! What a snapshot says about itself.

use serde::{Deserialize, Serialize};
use terms::{Date, Jurisdiction};

use crate::vault::KeyId;

/// The version of the snapshot format; it grows when a snapshot written before would read differently.
pub(crate) const FORMAT: u32 = 3;

/// The file in a snapshot that holds the [`Manifest`].
pub(crate) const MANIFEST_FILE: &str = "manifest.json";

/// The manifest of a snapshot: where it comes from, what was kept, and what its files are.
///
/// It holds everything that is the same for all rows. It is private to the office: names of source files and counts
/// of quarantined lines are in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the snapshot format.
    pub format: u32,
    /// Name and version of the software that wrote it.
    pub software: String,
    /// The snapshot's id: layout, day, and twelve digits over sources, layouts and format.
    pub snapshot: String,
    /// Whose roll it is.
    pub jurisdiction: Jurisdiction,
    /// The day that the roll speaks of.
    pub as_of: Date,
    /// The layout of the voter files.
    pub layout: LayoutRef,
    /// The layout of separate history files.
    pub history_layout: Option<LayoutRef>,
    /// The layouts of further tables: other forms of the voter file, tables that were joined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub other_layouts: Vec<LayoutRef>,
    /// Whether registrants have a number made of their row's content, because the file has none. Such numbers do not
    /// tell whether two snapshots mean the same person.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub id_is_surrogate: bool,
    /// The files that were read, in the order given.
    pub sources: Vec<SourceRef>,
    /// What became of their rows.
    pub counts: Counts,
    /// Columns of the voter parts, in order.
    pub voter_columns: Vec<String>,
    /// Columns of the participation parts, in order.
    pub participation_columns: Vec<String>,
    /// The parts; the number of a part is its place in this list.
    pub parts: Vec<Part>,
    /// SHA-256 in hex over what the files hold, whatever they are encrypted under.
    pub content: String,
    /// The keys that the files are encrypted under.
    pub keys: Vec<KeyId>,
    /// The folder within the snapshot in which the files lie since their keys were rotated; at first they lie beside the
    /// manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Every file of the snapshot but this one, by name, as it lies on disk.
    pub files: Vec<OutputFile>,
}

/// A layout that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LayoutRef {
    /// Its id.
    pub id: String,
    /// SHA-256 of its text, in hex.
    pub sha256: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRef {
    /// Its name without folder.
    pub name: String,
    /// The data file inside, for an archive.
    pub member: Option<String>,
    /// The layout it was read by.
    pub layout: String,
    /// What its rows are.
    pub role: String,
    /// Size of the file as delivered, in bytes.
    pub bytes: u64,
    /// SHA-256 of the file as delivered, in hex.
    pub sha256: String,
    /// Rows read: lines after the header that are not empty.
    pub rows_read: u64,
    /// Rows stored, matched or not.
    pub rows_stored: u64,
    /// Rows in quarantine.
    pub rows_quarantined: u64,
    /// Empty lines.
    pub lines_empty: u64,
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Rows of the voter table.
    pub voters: u64,
    /// Voter rows whose number an earlier row has.
    pub voters_repeated: u64,
    /// Rows of the participation table.
    pub participations: u64,
    /// Participation rows whose registrant and election an earlier row has.
    pub participations_repeated: u64,
    /// History rows whose number is on no voter row; they stand in a file of their own.
    pub participations_unmatched: u64,
    /// Elections.
    pub elections: u64,
    /// Lines in quarantine.
    pub quarantined: u64,
}

/// A part of a snapshot: some registrants and all their participations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Rows of the voter file.
    pub voters: u64,
    /// Rows of the participation file.
    pub participations: u64,
}

/// A file of the snapshot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputFile {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256 in hex.
    pub sha256: String,
}

/// Names of the files of a snapshot.
pub(crate) mod names {
    use crate::schema::Table;

    /// Elections.
    pub(crate) const ELECTIONS: &str = "election.parquet";
    /// History rows without a registrant.
    pub(crate) const UNMATCHED: &str = "participation-unmatched.parquet";
    /// Lines that could not be read.
    pub(crate) const QUARANTINE: &str = "quarantine.sealed";

    const VOTERS: &str = "voter-";
    const PARTICIPATIONS: &str = "participation-";

    /// The table that a file holds rows of; `None` for elections and the quarantine.
    pub(crate) fn table(file: &str) -> Option<Table> {
        match file {
            file if file.starts_with(VOTERS) => Some(Table::Voter),
            file if file.starts_with(PARTICIPATIONS) => Some(Table::Participation),
            _ => None,
        }
    }

    /// Registrants of a part.
    pub(crate) fn voters(part: usize) -> String {
        format!("{VOTERS}{part:05}.parquet")
    }

    /// Participations of a part.
    pub(crate) fn participations(part: usize) -> String {
        format!("{PARTICIPATIONS}{part:05}.parquet")
    }
}
