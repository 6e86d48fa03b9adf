//! A state's own file format, as data.
//!
//! A layout file (`layouts/ut.toml`, say) lists the columns of one physical table in their published order, says how
//! each is written (text, code, date, number) and which canonical column it fills, and names the quirks, sources and
//! confidence of what it says. The reader is driven by it, and so is the writer of synthetic rolls.

mod catalog;
mod column;
mod date;
mod error;
mod file;
mod header;
mod history;
mod parse;
mod pattern;

use terms::{Confidence, Jurisdiction};

pub use catalog::{CatalogError, Layouts};
pub use column::{Codes, ColumnKind, LayoutColumn, Merge, Span, Taken};
pub use date::{DateForm, DateFormError, Precision, WrittenDate};
pub use error::LayoutError;
pub use file::{Encoding, FileForm, HeaderLine, LineEnding, NamePattern, Packing, Shape};
pub use header::{Binding, Bound, HeaderElection, HeaderError};
pub use history::{ElectionPart, HeaderRule, History, KindRule, Lookup, Numbered, Pivot};
pub use pattern::{Pattern, PatternError, Told};

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
    pub(crate) lookups: Vec<Lookup>,
    pub(crate) numbered: Option<Numbered>,
    pub(crate) pivot: Option<Pivot>,
    pub(crate) has_surrogate_id: bool,
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

    /// The named columns in published order. Columns that are named after an election are not among them.
    pub fn columns(&self) -> &[LayoutColumn] {
        &self.columns
    }

    /// Where participations stand.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The tables that are joined to this one.
    pub fn lookups(&self) -> &[Lookup] {
        &self.lookups
    }

    /// The columns that stand for something else in each county.
    pub fn numbered(&self) -> Option<&Numbered> {
        self.numbered.as_ref()
    }

    /// In a lookup table with a row for each value: which columns name the target and hold the value.
    pub fn pivot(&self) -> Option<&Pivot> {
        self.pivot.as_ref()
    }

    /// Whether the file has no number of its own for a registrant, so that rows get one made of their content.
    pub fn has_surrogate_id(&self) -> bool {
        self.has_surrogate_id
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// One row per registration.
    Voter,
    /// One row per registrant and election, or per registrant with several elections.
    History,
    /// Rows that are joined to another table: districts of a precinct, the meaning of a code.
    Lookup,
}

impl Role {
    /// The word in messages and manifests.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Voter => "voter",
            Self::History => "history",
            Self::Lookup => "lookup",
        }
    }
}
