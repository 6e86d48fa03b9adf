//! TOML text to [`Layout`].

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Deserialize;
use serde_spanned::Spanned;
use terms::{Confidence, Jurisdiction, Status};

use super::error::{LayoutProblem, nearest};
use super::{
    Codes, ColumnKind, Container, DateForm, Encoding, FileForm, History, KindRule, Layout, LayoutColumn, LayoutError,
    LineEnding, Role,
};
use crate::schema::{self, ColumnType, Table};

/// The two targets of a history file that go into the table of elections.
pub(crate) const ELECTION_DATE: &str = "election.date";
pub(crate) const ELECTION_NAME: &str = "election.name";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLayout {
    id: Spanned<String>,
    jurisdiction: Jurisdiction,
    role: Role,
    title: String,
    confidence: Confidence,
    sources: Vec<String>,
    #[serde(default)]
    quirks: Vec<String>,
    file: RawFile,
    history: Option<Spanned<RawHistory>>,
    column: Vec<Spanned<RawColumn>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    delimiter: Spanned<String>,
    quote: Option<Spanned<String>>,
    encoding: Encoding,
    #[serde(default)]
    mark: bool,
    line_ending: LineEnding,
    containers: Spanned<Vec<Container>>,
}

#[derive(Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
enum RawHistory {
    Wide { header: String },
    File { layout: String },
    Long { kinds: Vec<RawKind> },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKind {
    contains: String,
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawColumn {
    name: Spanned<String>,
    #[serde(default)]
    aliases: Vec<Spanned<String>>,
    to: Option<Spanned<String>>,
    #[serde(default)]
    kind: RawKindOfColumn,
    #[serde(default)]
    forms: Vec<Spanned<String>>,
    #[serde(default)]
    codes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    outcomes: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    masked: Vec<String>,
    #[serde(default)]
    placeholders: Vec<String>,
    note: Option<String>,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum RawKindOfColumn {
    #[default]
    Text,
    Code,
    Date,
    Integer,
}

type Problem = (LayoutProblem, Range<usize>);

impl Layout {
    /// Reads a layout from its text.
    ///
    /// # Errors
    ///
    /// [`LayoutError`] with the place in the text, for text that is not TOML, unknown keys and words, headers or
    /// canonical columns that stand twice, and columns whose kind does not fit what they fill.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, Box<LayoutError>> {
        let refuse = |(problem, at)| Box::new(LayoutError::new(file_name, text, problem, at));
        let raw: RawLayout = toml::from_str(text)
            .map_err(|error| refuse((syntax(error.message()), error.span().unwrap_or_default())))?;
        build(raw, text).map_err(refuse)
    }
}

/// Turns the parser's words into ours; for an unknown key it names the nearest known one.
fn syntax(message: &str) -> LayoutProblem {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (true, [word, known @ ..]) = (message.starts_with("unknown "), quoted.as_slice()) {
        let nearest = nearest(word, known.iter().copied());
        let noun = if message.starts_with("unknown field") { "key of a layout" } else { "word at this place" };
        return LayoutProblem::UnknownWord { word: (*word).to_owned(), noun, nearest };
    }
    LayoutProblem::Syntax { message: message.to_owned() }
}

fn build(raw: RawLayout, text: &str) -> Result<Layout, Problem> {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if raw.id.get_ref().is_empty() || !raw.id.get_ref().bytes().all(is_word) {
        return Err(unfit(
            "the id of a layout becomes part of folder names",
            "use small letters, digits and `-`",
            raw.id.span(),
        ));
    }
    let file = file_form(raw.file)?;
    let history = raw.history.map(|history| history_form(history, raw.role)).transpose()?.unwrap_or(History::None);
    let columns =
        raw.column.into_iter().map(|column| layout_column(column, raw.role)).collect::<Result<Vec<_>, _>>()?;
    check_once(&columns)?;
    let columns: Vec<LayoutColumn> = columns.into_iter().map(|(column, _)| column).collect();
    let needed: &[&str] = if raw.role == Role::Voter { &["voter_id"] } else { &["voter_id", ELECTION_DATE] };
    for name in needed {
        if !columns.iter().any(|column| column.to == *name && !column.is_optional) {
            let message = format!("no required column fills `{name}`");
            return Err(unfit(&message, "rows are kept, joined and told apart by it", raw.id.span()));
        }
    }
    Ok(Layout {
        id: raw.id.into_inner(),
        jurisdiction: raw.jurisdiction,
        role: raw.role,
        title: raw.title,
        file,
        columns,
        history,
        quirks: raw.quirks,
        sources: raw.sources,
        confidence: raw.confidence,
        digest: crate::digest::hex(text.as_bytes()),
    })
}

fn unfit(message: &str, remedy: &'static str, at: Range<usize>) -> Problem {
    (LayoutProblem::Unfit { message: message.to_owned(), remedy }, at)
}

fn one_byte(text: &Spanned<String>) -> Result<u8, Problem> {
    match text.get_ref().as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Ok(*byte),
        _ => Err(unfit(
            "a delimiter or quote is one ASCII character",
            "write one character, such as `,` or `\\t`",
            text.span(),
        )),
    }
}

fn file_form(raw: RawFile) -> Result<FileForm, Problem> {
    let delimiter = one_byte(&raw.delimiter)?;
    let quote = raw.quote.as_ref().map(one_byte).transpose()?;
    if let (true, Some(text)) = (quote == Some(delimiter), &raw.quote) {
        return Err(unfit("quote and delimiter are the same character", "use two different characters", text.span()));
    }
    if raw.containers.get_ref().is_empty() {
        return Err(unfit("a delivery comes in at least one container", "write `[\"plain\"]`", raw.containers.span()));
    }
    Ok(FileForm {
        delimiter,
        quote,
        encoding: raw.encoding,
        has_mark: raw.mark,
        line_ending: raw.line_ending,
        containers: raw.containers.into_inner(),
    })
}

fn history_form(raw: Spanned<RawHistory>, role: Role) -> Result<History, Problem> {
    let at = raw.span();
    let history = match raw.into_inner() {
        RawHistory::Wide { header } => {
            let form = header.parse::<DateForm>();
            History::Wide(
                form.map_err(|error| unfit(&error.to_string(), "name the headers by their date", at.clone()))?,
            )
        }
        RawHistory::File { layout } => History::File(layout),
        RawHistory::Long { kinds } => {
            for rule in &kinds {
                known_word(&rule.kind, &schema::ELECTION_KINDS, "kind of election", &at)?;
            }
            let rules = kinds.into_iter().map(|rule| KindRule { contains: rule.contains, kind: rule.kind });
            History::Long(rules.collect())
        }
    };
    if matches!(history, History::Long(_)) != (role == Role::History) {
        return Err(unfit(
            "a long history is the form of a history layout and of no other",
            "change `role` or `form`",
            at,
        ));
    }
    Ok(history)
}

fn known_word(word: &str, known: &[&str], noun: &'static str, at: &Range<usize>) -> Result<(), Problem> {
    if known.contains(&word) {
        return Ok(());
    }
    let nearest = nearest(word, known.iter().copied());
    Err((LayoutProblem::UnknownWord { word: word.to_owned(), noun, nearest }, at.clone()))
}

/// How the values of a target are held; `None` for a name that the table cannot have.
fn target_type(to: &str, role: Role) -> Option<ColumnType> {
    match (role, to) {
        (Role::Voter, _) => Table::Voter.type_of(to),
        (Role::History, ELECTION_DATE) => Some(ColumnType::Date),
        (Role::History, ELECTION_NAME) => Some(ColumnType::Text),
        (Role::History, _) => Table::Participation.type_of(to),
    }
}

/// Columns that the reader fills by itself.
fn is_own(to: &str) -> bool {
    matches!(
        to,
        schema::FIELD_STATE | schema::SOURCE_FILE | schema::SOURCE_ROW | "row" | "raw" | "election_id" | "outcome"
    ) || to.ends_with("_raw")
}

fn layout_column(raw: Spanned<RawColumn>, role: Role) -> Result<(LayoutColumn, Vec<Range<usize>>), Problem> {
    let raw = raw.into_inner();
    let (to, to_at) = match &raw.to {
        Some(to) => (to.get_ref().clone(), to.span()),
        None => (format!("{}{}", schema::EXTRA, raw.name.get_ref()), raw.name.span()),
    };
    let Some(held) = target_type(&to, role).filter(|_| !is_own(&to)) else {
        let table = if role == Role::Voter { Table::Voter } else { Table::Participation };
        let names = table.columns().iter().map(|column| column.name).filter(|name| !is_own(name));
        let nearest = nearest(&to, names.chain([ELECTION_DATE, ELECTION_NAME]));
        return Err((LayoutProblem::UnknownWord { word: to, noun: "canonical column", nearest }, to_at));
    };
    let kind = column_kind(&raw, &to, held, &to_at)?;
    let name_at = raw.name.span();
    let spans = std::iter::once(name_at).chain(raw.aliases.iter().map(Spanned::span)).chain([to_at]).collect();
    let column = LayoutColumn {
        name: raw.name.into_inner(),
        aliases: raw.aliases.into_iter().map(Spanned::into_inner).collect(),
        to,
        kind,
        is_optional: raw.optional,
        masked: raw.masked,
        placeholders: raw.placeholders,
        note: raw.note,
    };
    Ok((column, spans))
}

fn column_kind(raw: &RawColumn, to: &str, held: ColumnType, at: &Range<usize>) -> Result<ColumnKind, Problem> {
    let fits = match raw.kind {
        RawKindOfColumn::Text => matches!(held, ColumnType::Text | ColumnType::Dict),
        RawKindOfColumn::Code => matches!(held, ColumnType::Dict | ColumnType::Flag),
        RawKindOfColumn::Date => held == ColumnType::Date,
        RawKindOfColumn::Integer => held == ColumnType::Int,
    };
    if !fits {
        let message = format!("the kind of this column does not fit `{to}`");
        return Err(unfit(&message, "use `date` for dates, `integer` for numbers, `code` for flags", at.clone()));
    }
    let is_code = raw.kind == RawKindOfColumn::Code;
    if is_code == raw.codes.is_empty() || (raw.kind == RawKindOfColumn::Date) == raw.forms.is_empty() {
        return Err(unfit(
            "`codes` go with kind `code`, `forms` with kind `date`",
            "give exactly what the kind needs",
            at.clone(),
        ));
    }
    if !raw.outcomes.is_empty() && to != "method" {
        return Err(unfit("`outcomes` go with the column that fills `method`", "move them there", at.clone()));
    }
    match raw.kind {
        RawKindOfColumn::Text => Ok(ColumnKind::Text),
        RawKindOfColumn::Integer => Ok(ColumnKind::Integer),
        RawKindOfColumn::Date => raw.forms.iter().map(date_form).collect::<Result<_, _>>().map(ColumnKind::Date),
        RawKindOfColumn::Code => codes(raw, to, held).map(ColumnKind::Code),
    }
}

fn date_form(text: &Spanned<String>) -> Result<DateForm, Problem> {
    let form = text.get_ref().parse::<DateForm>();
    form.map_err(|error| unfit(&error.to_string(), "the form is case sensitive", text.span()))
}

fn codes(raw: &RawColumn, to: &str, held: ColumnType) -> Result<Codes, Problem> {
    let statuses: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
    let known: Option<(&[&str], &'static str)> = match (to, held) {
        (_, ColumnType::Flag) => Some((&["false", "true"], "truth value")),
        ("status", _) => Some((&statuses, "registration status")),
        ("method", _) => Some((&schema::METHODS, "way of voting")),
        _ => None,
    };
    if let Some((words, noun)) = known {
        for word in raw.codes.values() {
            known_word(word.get_ref(), words, noun, &word.span())?;
        }
    }
    for word in raw.outcomes.values() {
        known_word(word.get_ref(), &schema::OUTCOMES, "outcome", &word.span())?;
    }
    let plain = |map: &BTreeMap<String, Spanned<String>>| {
        map.iter().map(|(code, word)| (code.clone(), word.get_ref().clone())).collect()
    };
    Ok(Codes { map: plain(&raw.codes), outcomes: plain(&raw.outcomes) })
}

/// Every header and every canonical column stands once.
fn check_once(columns: &[(LayoutColumn, Vec<Range<usize>>)]) -> Result<(), Problem> {
    let (mut headers, mut targets) = (BTreeSet::new(), BTreeSet::new());
    for (column, spans) in columns {
        let names = std::iter::once(&column.name).chain(&column.aliases);
        for (name, at) in names.zip(spans) {
            if !headers.insert(name.as_str()) {
                return Err((LayoutProblem::Twice { word: name.clone() }, at.clone()));
            }
        }
        if !targets.insert(column.to.as_str()) {
            let at = spans.last().cloned().unwrap_or_default();
            return Err((LayoutProblem::Twice { word: column.to.clone() }, at));
        }
    }
    Ok(())
}
