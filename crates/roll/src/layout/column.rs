//! One published column.

use std::collections::BTreeMap;

use terms::Ground;

use super::date::DateForm;
use super::pattern::Pattern;

/// One published column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayoutColumn {
    /// The header as published.
    pub name: String,
    /// Other headers under which the same column was published.
    pub aliases: Vec<String>,
    /// The canonical column it fills: a name of the schema, `districts.<type>`, `extra.<name>`; in a history, a column
    /// of participations or one of [`ElectionPart`](super::ElectionPart).
    pub to: String,
    /// How its values are written.
    pub kind: ColumnKind,
    /// Whether a file may lack it.
    pub is_optional: bool,
    /// Values that stand where the custodian blanked the true one.
    pub masked: Vec<String>,
    /// Values that mark the registrant as protected, with the ground.
    pub marks: BTreeMap<String, Ground>,
    /// Values that stand for "not known"; a date in ISO form matches that day in whichever form it is written.
    pub placeholders: Vec<String>,
    /// Where it stands in a line of fixed width.
    pub span: Option<Span>,
    /// The participations that it is part of, in a table of registrants; empty for a column of the registrant.
    pub groups: Vec<u16>,
    /// The kind of election that its participation is of, where the file says so by the column alone.
    pub election_kind: Option<String>,
    /// How it goes together with other columns that fill the same one.
    pub merge: Option<Merge>,
    /// Further canonical columns that are filled from a part of it.
    pub also: Vec<Taken>,
    /// The digits to which a number is filled up with zeros, where a program that saved the file dropped them.
    pub zeros: Option<usize>,
    /// What stands between several elections in one cell.
    pub separator: Option<char>,
    /// A word on what it holds.
    pub note: Option<String>,
}

/// Characters of a line of fixed width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first character, from 0.
    pub start: u32,
    /// How many.
    pub width: u32,
}

/// How several columns fill one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Merge {
    /// Those that are not empty, one after the other, with this between them.
    Join(String),
    /// The first one that gives a value.
    First,
}

/// A canonical column that is filled from the first characters of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The canonical column.
    pub to: String,
    /// How many characters are taken.
    pub first: usize,
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
    /// As an election in one of these patterns; the codes are those of `{method}`.
    Election(Vec<Pattern>, Codes),
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

    /// What a code of a history says about voting; `None` for a vote.
    pub fn outcome(&self, published: &str) -> Option<&str> {
        self.outcomes.get(published).map(String::as_str)
    }
}

impl LayoutColumn {
    /// Whether a published header names this column.
    pub fn is_named(&self, header: &str) -> bool {
        self.name == header || self.aliases.iter().any(|alias| alias == header)
    }

    /// The codes of a code column.
    pub fn codes(&self) -> Option<&Codes> {
        match &self.kind {
            ColumnKind::Code(codes) => Some(codes),
            ColumnKind::Text | ColumnKind::Date(_) | ColumnKind::Integer | ColumnKind::Election(..) => None,
        }
    }
}
