//! Where participations stand, and which tables are joined.

use std::collections::BTreeMap;

use super::column::LayoutColumn;
use super::pattern::Pattern;

/// Where participations stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The layout of a separate file, joined by `voter_id`.
    pub file: Option<String>,
    /// Headers that are named after elections. A header belongs to the first rule that reads it.
    pub headers: Vec<HeaderRule>,
    /// How the kind of an election is told.
    pub kinds: Vec<KindRule>,
    /// The layout of a lookup table that says what a code or a number of an election means.
    pub elections: Option<String>,
    /// Whether a row of the voter file in which an election stands is a row of the history.
    pub is_in_same_rows: bool,
}

/// A column that is named after an election.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderRule {
    /// How the header names the election.
    pub pattern: Pattern,
    /// What its cells tell; its name is the pattern. Columns of one election make one participation.
    pub column: LayoutColumn,
}

/// How a kind of election is told from its name or code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindRule {
    /// What the name contains, or is; case does not matter.
    pub text: String,
    /// Whether the name must be exactly that.
    pub is_whole: bool,
    /// The kind, a word of [`crate::schema::ELECTION_KINDS`].
    pub kind: String,
}

impl History {
    /// The kind that a name or code tells.
    pub fn kind_of(&self, name: &str) -> Option<&str> {
        let name = name.to_lowercase();
        let tells = |rule: &&KindRule| {
            let text = rule.text.to_lowercase();
            if rule.is_whole { name == text } else { name.contains(&text) }
        };
        self.kinds.iter().find(tells).map(|rule| rule.kind.as_str())
    }

    /// The word by which a writer names a kind; the kind itself where no rule does.
    pub fn word_of<'a>(&'a self, kind: &'a str) -> &'a str {
        self.kinds.iter().find(|rule| rule.kind == kind).map_or(kind, |rule| rule.text.as_str())
    }
}

/// What a column says of the election itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElectionPart {
    /// `election`: all that the column's patterns tell.
    Whole,
    /// `election.date`.
    Date,
    /// `election.kind`.
    Kind,
    /// `election.name`.
    Name,
    /// `election.code`.
    Code,
}

impl ElectionPart {
    /// Every part with its word in `to`.
    pub const ALL: [(&'static str, Self); 5] = [
        ("election", Self::Whole),
        ("election.date", Self::Date),
        ("election.kind", Self::Kind),
        ("election.name", Self::Name),
        ("election.code", Self::Code),
    ];

    /// The part of a `to`.
    pub fn of(to: &str) -> Option<Self> {
        Self::ALL.iter().find(|(word, _)| *word == to).map(|(_, part)| *part)
    }
}

/// A table that is joined to this one, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lookup {
    /// Its layout.
    pub layout: String,
    /// Columns of this table, by header, and those of the other one that hold the same; a canonical column that the
    /// file's name tells may stand in place of a header.
    pub on: Vec<(String, String)>,
}

/// In a lookup table with a row for each value: `districts.<what the type column says>` is filled from the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pivot {
    /// The header of the column that names the district's type.
    pub kind: String,
    /// The header of the column with the value.
    pub value: String,
}

/// Numbered columns whose meaning another table tells: that zone 3 of a county is its school district.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// The layout of that table, which has a row for each number.
    pub layout: String,
    /// The canonical columns, with `{n}` for the number, such as `districts.zone_{n}`.
    pub columns: String,
    /// Columns of this table and those of the other one that hold the same, as in a [`Lookup`].
    pub on: Vec<(String, String)>,
    /// The header of the column with the number.
    pub number: String,
    /// The headers of the columns that name what it stands for; the first whose name is known counts.
    pub names: Vec<String>,
    /// Known names in small letters, each with the `<type>` of `districts.<type>`.
    pub kinds: BTreeMap<String, String>,
}

impl Numbered {
    /// The canonical column of a number.
    pub fn column(&self, number: u16) -> String {
        self.columns.replace("{n}", &number.to_string())
    }

    /// Whether a canonical column is one of them.
    pub fn has(&self, column: &str) -> bool {
        let around = self.columns.split_once("{n}");
        let number = around.and_then(|(front, back)| column.strip_prefix(front)?.strip_suffix(back));
        number.is_some_and(|number| number.parse::<u16>().is_ok())
    }

    /// The type of district that goes by a name.
    pub fn kind_of(&self, name: &str) -> Option<&str> {
        self.kinds.get(&name.to_lowercase()).map(String::as_str)
    }
}
