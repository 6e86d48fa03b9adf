//! TOML text to [`Layout`].

mod column;
mod raw;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_spanned::Spanned;

use super::error::{LayoutProblem, nearest};
use super::{
    ColumnKind, ElectionPart, FileForm, HeaderLine, History, KindRule, Layout, LayoutColumn, LayoutError, Lookup,
    Merge, NamePattern, Numbered, Pivot, Role, Shape,
};
use crate::schema::{DISTRICTS, Table};
use column::Placed;
use raw::{EncodingOrMore, OneOrMore, RawFile, RawHistory, RawLayout, RawNumbered};

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
        let remedy = "use small letters, digits and `-`";
        return Err(unfit("the id of a layout becomes part of folder names", remedy, raw.id.span()));
    }
    let at = raw.id.span();
    let file = file_form(raw.file)?;
    let history = raw.history.map(|history| history_form(history, raw.role)).transpose()?.unwrap_or_default();
    let placed = raw.column.iter().map(|raw_column| column::columns(raw_column, raw.role));
    let placed: Vec<Placed> = placed.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    check_once(&placed, &file, raw.role)?;
    check_spans(&placed, &file)?;
    let columns: Vec<LayoutColumn> = placed.into_iter().map(|placed| placed.column).collect();
    check_needed(&columns, &history, raw.role, raw.surrogate_id, &at)?;
    Ok(Layout {
        id: raw.id.into_inner(),
        jurisdiction: raw.jurisdiction,
        role: raw.role,
        title: raw.title,
        file,
        columns,
        history,
        lookups: raw
            .lookup
            .into_iter()
            .map(|raw| Lookup { layout: raw.layout, on: raw.on.into_iter().collect() })
            .collect(),
        numbered: raw.numbered.map(numbered).transpose()?,
        pivot: raw.pivot.map(|raw| Pivot { kind: raw.kind, value: raw.value }),
        has_surrogate_id: raw.surrogate_id,
        quirks: raw.quirks,
        sources: raw.sources,
        confidence: raw.confidence,
        digest: crate::digest::hex(text.as_bytes()),
    })
}

fn numbered(raw: Spanned<RawNumbered>) -> Result<Numbered, Problem> {
    let at = raw.span();
    let raw = raw.into_inner();
    if !raw.columns.starts_with(DISTRICTS) || raw.columns.matches("{n}").count() != 1 {
        let message = "numbered columns are districts, told apart by their number";
        return Err(unfit(message, "write `columns = \"districts.zone_{n}\"`, say", at));
    }
    let mut kinds = BTreeMap::new();
    for (kind, names) in raw.kinds {
        for name in names {
            if kinds.insert(name.to_lowercase(), kind.clone()).is_some() {
                return Err((LayoutProblem::Twice { word: name }, at));
            }
        }
    }
    let on = raw.on.into_iter().collect();
    Ok(Numbered { layout: raw.layout, columns: raw.columns, on, number: raw.number, names: raw.names, kinds })
}

fn unfit(message: &str, remedy: &'static str, at: Range<usize>) -> Problem {
    (LayoutProblem::Unfit { message: message.to_owned(), remedy }, at)
}

fn known_word(word: &str, known: &[&str], noun: &'static str, at: &Range<usize>) -> Result<(), Problem> {
    if known.contains(&word) {
        return Ok(());
    }
    let nearest = nearest(word, known.iter().copied());
    Err((LayoutProblem::UnknownWord { word: word.to_owned(), noun, nearest }, at.clone()))
}

fn one_byte(text: &str, at: Range<usize>) -> Result<u8, Problem> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'\n' | b'\r' | 0) => Ok(*byte),
        _ => {
            let message = "a delimiter or quote is one ASCII character";
            Err(unfit(message, "write one character, such as `,` or `\\t`", at))
        }
    }
}

fn file_form(raw: Spanned<RawFile>) -> Result<FileForm, Problem> {
    let at = raw.span();
    let raw = raw.into_inner();
    let shape = shape(&raw, &at)?;
    let encodings = match raw.encoding {
        EncodingOrMore::One(encoding) => vec![encoding],
        EncodingOrMore::More(encodings) => encodings,
    };
    if encodings.is_empty() {
        return Err(unfit("a file has at least one encoding", "write `encoding = \"utf-8\"`", at));
    }
    let is_by_place = raw.header != HeaderLine::Always || matches!(shape, Shape::Fixed { .. });
    if raw.any_order && (is_by_place || raw.same_names) {
        let message = "columns in any order need a header with a name for each";
        return Err(unfit(message, "leave `any_order` out", at));
    }
    let patterns = |texts: &[Spanned<String>]| texts.iter().map(name_pattern).collect::<Result<Vec<_>, _>>();
    Ok(FileForm {
        shape,
        encodings,
        has_mark: raw.mark,
        line_ending: raw.line_ending,
        packing: raw.packed,
        header: raw.header,
        lines_before: raw.before,
        is_any_order: raw.any_order,
        has_same_names: raw.same_names,
        is_ragged: raw.ragged,
        names: patterns(&raw.names)?,
        beside: patterns(&raw.beside)?,
    })
}

fn shape(raw: &RawFile, at: &Range<usize>) -> Result<Shape, Problem> {
    let delimiters: Vec<&str> = match raw.delimiter.as_ref().map(Spanned::get_ref) {
        None => Vec::new(),
        Some(OneOrMore::One(one)) => vec![one],
        Some(OneOrMore::More(more)) => more.iter().map(String::as_str).collect(),
    };
    match raw.width {
        Some(width) if delimiters.is_empty() && raw.quote.is_none() && width > 0 => return Ok(Shape::Fixed { width }),
        None if !delimiters.is_empty() => {}
        _ => {
            let remedy = "write `delimiter`, or `width` for lines of fixed width, which have no quote";
            return Err(unfit("a file has either a delimiter or a width", remedy, at.clone()));
        }
    }
    let delimiters_at = raw.delimiter.as_ref().map_or_else(|| at.clone(), Spanned::span);
    let delimiters: Vec<u8> =
        delimiters.into_iter().map(|text| one_byte(text, delimiters_at.clone())).collect::<Result<_, _>>()?;
    let quote = raw.quote.as_ref().map(|text| one_byte(text.get_ref(), text.span())).transpose()?;
    if let (true, Some(text)) = (quote.is_some_and(|quote| delimiters.contains(&quote)), &raw.quote) {
        return Err(unfit("quote and delimiter are the same character", "use two different characters", text.span()));
    }
    Ok(Shape::Delimited { delimiters, quote, is_backslashed: raw.backslash })
}

fn name_pattern(text: &Spanned<String>) -> Result<NamePattern, Problem> {
    let pattern = NamePattern::parse(text.get_ref());
    let pattern = pattern.ok_or_else(|| unfit("a brace that does not close", "close it with `}`", text.span()))?;
    let unknown = pattern.columns().find(|column| Table::Voter.type_of(column).is_none()).map(str::to_owned);
    let Some(word) = unknown else { return Ok(pattern) };
    let nearest = nearest(&word, Table::Voter.columns().iter().map(|column| column.name));
    Err((LayoutProblem::UnknownWord { word, noun: "canonical column", nearest }, text.span()))
}

fn history_form(raw: Spanned<RawHistory>, role: Role) -> Result<History, Problem> {
    let at = raw.span();
    let raw = raw.into_inner();
    if role != Role::Voter && (raw.file.is_some() || raw.same_rows) {
        return Err(unfit("only a voter layout has its history elsewhere", "change `role`, or leave it out", at));
    }
    let mut kinds = Vec::new();
    for rule in raw.kinds {
        let (text, is_whole) = match (rule.contains, rule.is) {
            (Some(text), None) => (text, false),
            (None, Some(text)) => (text, true),
            _ => return Err(unfit("a kind is told by `contains` or by `is`", "write one of them", rule.kind.span())),
        };
        kinds.push(KindRule { text, is_whole, kind: column::election_kind(&rule.kind)? });
    }
    let headers = raw.headers.iter().map(|rule| column::header_rule(rule, role)).collect::<Result<_, _>>()?;
    Ok(History { file: raw.file, headers, kinds, elections: raw.elections, is_in_same_rows: raw.same_rows })
}

/// A column that a table cannot do without.
fn check_needed(
    columns: &[LayoutColumn],
    history: &History,
    role: Role,
    has_surrogate_id: bool,
    at: &Range<usize>,
) -> Result<(), Problem> {
    if role == Role::Lookup {
        return Ok(());
    }
    let has = |to: &str| columns.iter().any(|column| column.to == to && !column.is_optional);
    let refuse = |what: &str, remedy| Err(unfit(&format!("no required column fills {what}"), remedy, at.clone()));
    if has("voter_id") == has_surrogate_id {
        return refuse(
            "`voter_id`",
            "rows are kept, joined and told apart by it; write `surrogate_id = true` where the file has none",
        );
    }
    let names_election = |column: &LayoutColumn| ElectionPart::of(&column.to).is_some();
    if role == Role::History && !columns.iter().any(names_election) && history.headers.is_empty() {
        return refuse("`election.date`", "a history names its elections");
    }
    Ok(())
}

/// Every header and every canonical column stands once, unless columns go by their place or are merged.
fn check_once(placed: &[Placed], file: &FileForm, role: Role) -> Result<(), Problem> {
    let (mut headers, mut targets) = (BTreeSet::new(), BTreeSet::new());
    for Placed { column, names_at, to_at } in placed {
        let names = std::iter::once(&column.name).chain(&column.aliases);
        for (name, at) in names.zip(names_at) {
            if !headers.insert(name.as_str()) && !file.has_same_names {
                return Err((LayoutProblem::Twice { word: name.clone() }, at.clone()));
            }
        }
        let is_repeated = match (&column.merge, &column.kind) {
            (Some(Merge::Join(_) | Merge::First), _) => true,
            // A code of a lookup table may be a key of several columns.
            (None, ColumnKind::Election(..)) => true,
            (None, _) => role == Role::Lookup,
        };
        let groups = if column.groups.is_empty() { vec![0] } else { column.groups.clone() };
        for group in groups {
            if !targets.insert((group, column.to.as_str())) && !is_repeated {
                return Err((LayoutProblem::Twice { word: column.to.clone() }, to_at.clone()));
            }
        }
    }
    Ok(())
}

/// Every column of a fixed line has its place within it, and no other column has one.
fn check_spans(placed: &[Placed], file: &FileForm) -> Result<(), Problem> {
    for Placed { column, to_at, .. } in placed {
        let problem = match (&file.shape, column.span) {
            (Shape::Fixed { .. }, None) => Some("a column of a fixed line needs `at`, its first character and width"),
            (Shape::Delimited { .. }, Some(_)) => Some("`at` belongs to lines of fixed width"),
            (Shape::Fixed { width }, Some(span)) if span.start.saturating_add(span.width) > *width => {
                Some("the column reaches beyond the width of the line")
            }
            _ => None,
        };
        if let Some(message) = problem {
            return Err(unfit(message, "correct `at` or the form of the file", to_at.clone()));
        }
    }
    Ok(())
}
