//! A layout file as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_spanned::Spanned;
use terms::{Confidence, Ground, Jurisdiction};

use crate::layout::{Encoding, HeaderLine, LineEnding, Packing, Role};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLayout {
    pub(super) id: Spanned<String>,
    pub(super) jurisdiction: Jurisdiction,
    pub(super) role: Role,
    pub(super) title: String,
    pub(super) confidence: Confidence,
    pub(super) sources: Vec<String>,
    #[serde(default)]
    pub(super) quirks: Vec<String>,
    #[serde(default)]
    pub(super) surrogate_id: bool,
    pub(super) file: Spanned<RawFile>,
    pub(super) history: Option<Spanned<RawHistory>>,
    #[serde(default)]
    pub(super) lookup: Vec<RawLookup>,
    pub(super) numbered: Option<Spanned<RawNumbered>>,
    pub(super) pivot: Option<RawPivot>,
    pub(super) column: Vec<Spanned<RawColumn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    pub(super) delimiter: Option<Spanned<OneOrMore>>,
    pub(super) width: Option<u32>,
    pub(super) quote: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) backslash: bool,
    pub(super) encoding: EncodingOrMore,
    #[serde(default)]
    pub(super) mark: bool,
    #[serde(default)]
    pub(super) line_ending: LineEnding,
    #[serde(default)]
    pub(super) packed: Packing,
    #[serde(default)]
    pub(super) header: HeaderLine,
    #[serde(default)]
    pub(super) before: usize,
    #[serde(default)]
    pub(super) any_order: bool,
    #[serde(default)]
    pub(super) same_names: bool,
    #[serde(default)]
    pub(super) ragged: bool,
    #[serde(default)]
    pub(super) names: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) beside: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum EncodingOrMore {
    One(Encoding),
    More(Vec<Encoding>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawHistory {
    pub(super) file: Option<String>,
    #[serde(default)]
    pub(super) headers: Vec<Spanned<RawColumn>>,
    #[serde(default)]
    pub(super) kinds: Vec<RawKind>,
    pub(super) elections: Option<String>,
    #[serde(default)]
    pub(super) same_rows: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKind {
    pub(super) contains: Option<String>,
    pub(super) is: Option<String>,
    pub(super) kind: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLookup {
    pub(super) layout: String,
    pub(super) on: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNumbered {
    pub(super) layout: String,
    pub(super) columns: String,
    pub(super) on: BTreeMap<String, String>,
    pub(super) number: String,
    pub(super) names: Vec<String>,
    pub(super) kinds: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPivot {
    pub(super) kind: String,
    pub(super) value: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTaken {
    pub(super) to: Spanned<String>,
    pub(super) first: usize,
}

/// A column, or with `repeat` and `of` a run of columns that comes several times.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawColumn {
    pub(super) name: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) aliases: Vec<Spanned<String>>,
    pub(super) to: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) kind: RawColumnKind,
    #[serde(default)]
    pub(super) forms: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) codes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) outcomes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) masked: Vec<String>,
    #[serde(default)]
    pub(super) marks: BTreeMap<String, Ground>,
    #[serde(default)]
    pub(super) placeholders: Vec<String>,
    /// First character, from 1, and how many.
    pub(super) at: Option<Spanned<[u32; 2]>>,
    pub(super) group: Option<OneGroupOrMore>,
    pub(super) election: Option<Spanned<String>>,
    pub(super) join: Option<String>,
    #[serde(default)]
    pub(super) first: bool,
    #[serde(default)]
    pub(super) also: Vec<RawTaken>,
    pub(super) zeros: Option<usize>,
    pub(super) separator: Option<char>,
    pub(super) note: Option<String>,
    pub(super) repeat: Option<u16>,
    /// Characters from one run to the next, in a line of fixed width.
    pub(super) every: Option<u32>,
    #[serde(default)]
    pub(super) of: Vec<Spanned<RawColumn>>,
}

#[derive(Deserialize, Clone)]
#[serde(untagged)]
pub(super) enum OneGroupOrMore {
    One(u16),
    More(Vec<u16>),
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum RawColumnKind {
    #[default]
    Text,
    Code,
    Date,
    Integer,
    Election,
}
