//! A state's own file format, as data.
//!
//! A layout file (`layouts/ut.toml`, say) lists the columns of one physical table in their published order, says how
//! each is written (text, code, date, number) and which canonical column it fills, and names the quirks, sources and
//! confidence of what it says. The reader is driven by it, and so is the writer of synthetic rolls.

mod catalog;
mod date;
mod error;
mod header;
mod parse;

use std::collections::BTreeMap;

use terms::{Confidence, Jurisdiction};

pub use catalog::{CatalogError, Layouts};
pub use date::{DateForm, DateFormError};
pub use error::LayoutError;
pub use header::{Binding, Bound, HeaderError};
pub(crate) use parse::{ELECTION_DATE, ELECTION_NAME};

/// One physical table of a jurisdiction's delivery.
#[derive(Debug, Clone)]
pub struct Layout {
    pub(crate) id: String,
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) role: Role,
    pub(crate) title: String,
    pub(crate) file: FileForm,
    pub(crate) columns: Vec<LayoutColumn>,
    pub(crate) history: History,
    pub(crate) quirks: Vec<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) confidence: Confidence,
    pub(crate) digest: String,
}

impl Layout {
    /// The name that manifests and command lines use, such as `nc-voter`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whose file it is.
    pub fn jurisdiction(&self) -> Jurisdiction {
        self.jurisdiction
    }

    /// What the table holds.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The layout's name for people.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// How the file is written.
    pub fn file(&self) -> &FileForm {
        &self.file
    }

    /// The named columns in published order. The columns of a wide history are not among them.
    pub fn columns(&self) -> &[LayoutColumn] {
        &self.columns
    }

    /// Where participations stand.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// What is odd about the file, one sentence each.
    pub fn quirks(&self) -> &[String] {
        &self.quirks
    }

    /// Where the layout was read.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// How sure the reading is.
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// SHA-256 of the layout file's text, in hex.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The column that fills a canonical column, such as `voter_id`.
    pub fn column_to(&self, canonical: &str) -> Option<&LayoutColumn> {
        self.columns.iter().find(|column| column.to == canonical)
    }
}

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// One row per registration.
    Voter,
    /// One row per registrant and election.
    History,
}

/// How a delimited file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileForm {
    /// The byte between two fields.
    pub delimiter: u8,
    /// The byte around a quoted field; `None` when quote characters are data.
    pub quote: Option<u8>,
    /// How characters are written as bytes.
    pub encoding: Encoding,
    /// Whether the published file begins with a UTF-8 byte order mark. A file is read with or without.
    pub has_mark: bool,
    /// How the published file ends a line. Both ways are read.
    pub line_ending: LineEnding,
    /// What a delivery may be packed in; the published way first.
    pub containers: Vec<Container>,
}

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// ISO 8859-1: one byte per character, every byte valid.
    #[serde(rename = "latin-1")]
    Latin1,
}

impl Encoding {
    /// The name as it stands in a layout.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Latin1 => "latin-1",
        }
    }
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnding {
    /// A line feed.
    Lf,
    /// A carriage return and a line feed.
    Crlf,
}

impl LineEnding {
    /// The bytes.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::Crlf => b"\r\n",
        }
    }
}

/// What a delivery is packed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// The file itself.
    Plain,
    /// A zip archive with one data file.
    Zip,
}

/// One published column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutColumn {
    /// The header as published.
    pub name: String,
    /// Other headers under which the same column was published.
    pub aliases: Vec<String>,
    /// The canonical column it fills: a name of the schema, `districts.<type>`, `extra.<name>`, or in a history file
    /// `election.date` or `election.name`.
    pub to: String,
    /// How its values are written.
    pub kind: ColumnKind,
    /// Whether a file may lack it.
    pub is_optional: bool,
    /// Values that stand where the custodian blanked the true one.
    pub masked: Vec<String>,
    /// Values that stand for "not known"; a date in ISO form matches that day in whichever form it is written.
    pub placeholders: Vec<String>,
    /// A word on what it holds.
    pub note: Option<String>,
}

/// How a column's values are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnKind {
    /// As they are.
    Text,
    /// As one of a list of codes.
    Code(Codes),
    /// As a date in one of these forms; a writer uses the first.
    Date(Vec<DateForm>),
    /// As a whole number.
    Integer,
}

/// A map between published codes and canonical words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    pub(crate) map: BTreeMap<String, String>,
    pub(crate) outcomes: BTreeMap<String, String>,
}

impl Codes {
    /// The canonical word of a published code; the empty code stands for an empty cell.
    pub fn canonical(&self, published: &str) -> Option<&str> {
        self.map.get(published).map(String::as_str)
    }

    /// The published code of a canonical word; where several mean the same, the last in the order of the alphabet, so
    /// that a written code comes before an empty cell.
    pub fn published(&self, canonical: &str) -> Option<&str> {
        self.map.iter().rev().find(|(_, word)| *word == canonical).map(|(code, _)| code.as_str())
    }

    /// Every published code with its canonical word, in the order of the alphabet.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.map.iter().map(|(code, word)| (code.as_str(), word.as_str()))
    }

    /// What a code of a history file says about voting; `None` for a vote.
    pub fn outcome(&self, published: &str) -> Option<&str> {
        self.outcomes.get(published).map(String::as_str)
    }
}

/// Where participations stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum History {
    /// Nowhere in this delivery.
    None,
    /// In columns of this table, one per election, named by its date; a filled cell means that the registrant voted.
    Wide(DateForm),
    /// In a separate file of the layout named here, joined by `voter_id`.
    File(String),
    /// In the rows of this table; the kind of election is read from its name.
    Long(Vec<KindRule>),
}

/// How a kind of election is told from its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindRule {
    /// Text that the name contains.
    pub contains: String,
    /// The kind, a word of [`crate::schema::ELECTION_KINDS`].
    pub kind: String,
}
