//! Columns and headers of elections.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_spanned::Spanned;
use terms::Status;

use super::raw::{OneGroupOrMore, RawColumn, RawColumnKind};
use super::{Problem, known_word, unfit};
use crate::layout::error::{LayoutProblem, nearest};
use crate::layout::{
    Codes, ColumnKind, DateForm, ElectionPart, HeaderRule, LayoutColumn, Merge, Pattern, Role, Span, Taken,
};
use crate::schema::{self, ColumnType, Table};

/// A column with the places of its names and of its target, for messages.
pub(super) struct Placed {
    pub(super) column: LayoutColumn,
    pub(super) names_at: Vec<Range<usize>>,
    pub(super) to_at: Range<usize>,
}

/// LIMIT: the widest known repetition has 40 runs (Pennsylvania).
const REPEAT_MAX: u16 = 200;

/// A column, or the run of columns that a repetition stands for.
pub(super) fn columns(raw: &Spanned<RawColumn>, role: Role) -> Result<Vec<Placed>, Problem> {
    let inner = raw.get_ref();
    let Some(times) = inner.repeat else { return Ok(vec![column(raw, role, None)?]) };
    if times == 0 || times > REPEAT_MAX || inner.of.is_empty() || inner.name.is_some() {
        let message = "a repetition names how often, and in `of` what comes again";
        return Err(unfit(message, "write `repeat = 10` and `of = [{ name = \"Election {n}\", … }]`", raw.span()));
    }
    let runs = (1..=times).flat_map(|number| inner.of.iter().map(move |of| (number, of)));
    runs.map(|(number, of)| column(of, role, Some(Run { number, every: inner.every }))).collect()
}

/// Which run of a repetition a column belongs to.
#[derive(Clone, Copy)]
struct Run {
    number: u16,
    every: Option<u32>,
}

impl Run {
    /// A name with `{n}` replaced by the number, and `{_n}` by nothing in the first run and by `_2` in the second.
    fn name(self, text: &str) -> String {
        let suffix = if self.number == 1 { String::new() } else { format!("_{}", self.number) };
        text.replace("{n}", &self.number.to_string()).replace("{_n}", &suffix)
    }
}

fn column(raw: &Spanned<RawColumn>, role: Role, run: Option<Run>) -> Result<Placed, Problem> {
    let at = raw.span();
    let raw = raw.get_ref();
    let Some(name) = &raw.name else {
        return Err(unfit("a column without a name", "write the header as published in `name`", at));
    };
    let in_run = |text: &str| run.map_or_else(|| text.to_owned(), |run| run.name(text));
    let groups = match (&raw.group, run) {
        (Some(OneGroupOrMore::One(group)), _) => vec![*group],
        (Some(OneGroupOrMore::More(groups)), _) => groups.clone(),
        (None, Some(run)) if raw.to.as_ref().is_some_and(|to| is_of_participation(to.get_ref(), role)) => {
            vec![run.number]
        }
        (None, _) => Vec::new(),
    };
    let table = if role == Role::History || !groups.is_empty() { Table::Participation } else { Table::Voter };
    let published = in_run(name.get_ref());
    let (to, to_at) = match &raw.to {
        Some(to) => (in_run(to.get_ref()), to.span()),
        None => (format!("{}{published}", schema::EXTRA), name.span()),
    };
    let held = target(&to, &to_at, table, role)?;
    let kind = kind(raw, &to, held, &to_at)?;
    check_details(raw, &to, table, &to_at)?;
    let mut names_at = vec![name.span()];
    names_at.extend(raw.aliases.iter().map(Spanned::span));
    let column = LayoutColumn {
        name: published,
        aliases: raw.aliases.iter().map(|alias| in_run(alias.get_ref())).collect(),
        to,
        kind,
        is_optional: raw.optional,
        masked: raw.masked.clone(),
        marks: raw.marks.clone(),
        placeholders: raw.placeholders.clone(),
        span: raw.at.as_ref().map(|at| span(at, run)).transpose()?,
        groups,
        election_kind: raw.election.as_ref().map(election_kind).transpose()?,
        merge: match (&raw.join, raw.first) {
            (Some(between), _) => Some(Merge::Join(between.clone())),
            (None, true) => Some(Merge::First),
            (None, false) => None,
        },
        also: raw.also.iter().map(|taken| also(taken, role)).collect::<Result<_, _>>()?,
        zeros: raw.zeros,
        separator: raw.separator,
        note: raw.note.clone(),
    };
    Ok(Placed { column, names_at, to_at })
}

/// Whether a target within a repetition is a part of a participation.
fn is_of_participation(to: &str, role: Role) -> bool {
    let is_column = Table::Participation.column(to).is_some() && to != "voter_id";
    ElectionPart::of(to).is_some() || (is_column && (role == Role::History || Table::Voter.column(to).is_none()))
}

/// How the values of a target are held; a lookup table may name anything that one of the other tables has.
fn target(to: &str, at: &Range<usize>, table: Table, role: Role) -> Result<ColumnType, Problem> {
    let part = ElectionPart::of(to).map(|part| match part {
        ElectionPart::Date => ColumnType::Date,
        ElectionPart::Whole | ElectionPart::Kind | ElectionPart::Name | ElectionPart::Code => ColumnType::Text,
    });
    let of_table = table.type_of(to).filter(|_| !is_own(to));
    let held = match (table, role) {
        (Table::Participation, _) => part.or(of_table),
        (Table::Voter, Role::Lookup) => of_table.or(part),
        (Table::Voter, _) => of_table,
    };
    held.ok_or_else(|| {
        let names = table.columns().iter().map(|column| column.name).filter(|name| !is_own(name));
        let nearest = nearest(to, names.chain(ElectionPart::ALL.map(|(word, _)| word)));
        (LayoutProblem::UnknownWord { word: to.to_owned(), noun: "canonical column", nearest }, at.clone())
    })
}

/// Columns that the reader fills by itself.
fn is_own(to: &str) -> bool {
    matches!(to, schema::FIELD_STATE | schema::SOURCE_FILE | schema::SOURCE_ROW | "row" | "raw" | "election_id")
        || to.ends_with("_raw")
}

fn check_details(raw: &RawColumn, to: &str, table: Table, at: &Range<usize>) -> Result<(), Problem> {
    let refuse = |message, remedy| Err(unfit(message, remedy, at.clone()));
    if !raw.outcomes.is_empty() && table == Table::Voter {
        return refuse("`outcomes` go with a column of a participation", "move them there");
    }
    if raw.zeros.is_some() && !matches!(to, "voter_id" | "zip" | "mailing_zip" | "county_voter_id") {
        return refuse("`zeros` go with numbers and ZIPs", "leave them out");
    }
    if raw.separator.is_some() && raw.kind != RawColumnKind::Election {
        return refuse("`separator` goes with kind `election`", "leave it out, or read the cell as elections");
    }
    if raw.election.is_some() && table == Table::Voter {
        return refuse("`election` goes with a column of a participation", "give the column a `group`");
    }
    Ok(())
}

fn kind(raw: &RawColumn, to: &str, held: ColumnType, at: &Range<usize>) -> Result<ColumnKind, Problem> {
    let is_text = matches!(held, ColumnType::Text | ColumnType::Dict);
    let fits = match raw.kind {
        RawColumnKind::Text => is_text,
        RawColumnKind::Code => held == ColumnType::Flag || is_text,
        RawColumnKind::Date => held == ColumnType::Date,
        RawColumnKind::Integer => held == ColumnType::Int,
        RawColumnKind::Election => to == "election",
    };
    if !fits {
        let message = format!("the kind of this column does not fit `{to}`");
        let remedy = "use `date` for dates, `integer` for numbers, `code` for flags, `election` for elections";
        return Err(unfit(&message, remedy, at.clone()));
    }
    let has_forms = matches!(raw.kind, RawColumnKind::Date | RawColumnKind::Election);
    let lacks_codes = raw.kind == RawColumnKind::Code && raw.codes.is_empty();
    let spare_codes = !matches!(raw.kind, RawColumnKind::Code | RawColumnKind::Election) && !raw.codes.is_empty();
    if lacks_codes || spare_codes || has_forms == raw.forms.is_empty() {
        let message = "`codes` go with kinds `code` and `election`, `forms` with kinds `date` and `election`";
        return Err(unfit(message, "give exactly what the kind needs", at.clone()));
    }
    Ok(match raw.kind {
        RawColumnKind::Text => ColumnKind::Text,
        RawColumnKind::Integer => ColumnKind::Integer,
        RawColumnKind::Date => ColumnKind::Date(raw.forms.iter().map(date_form).collect::<Result<_, _>>()?),
        RawColumnKind::Election => {
            let patterns = raw.forms.iter().map(pattern).collect::<Result<_, _>>()?;
            ColumnKind::Election(patterns, codes(raw, "method", held)?)
        }
        RawColumnKind::Code => ColumnKind::Code(codes(raw, to, held)?),
    })
}

fn date_form(text: &Spanned<String>) -> Result<DateForm, Problem> {
    let form = text.get_ref().parse::<DateForm>();
    form.map_err(|error| unfit(&error.to_string(), "the form is case sensitive", text.span()))
}

pub(super) fn pattern(text: &Spanned<String>) -> Result<Pattern, Problem> {
    let pattern = text.get_ref().parse::<Pattern>();
    pattern.map_err(|error| unfit(&error.to_string(), "the pattern is case sensitive", text.span()))
}

pub(super) fn election_kind(word: &Spanned<String>) -> Result<String, Problem> {
    known_word(word.get_ref(), &schema::ELECTION_KINDS, "kind of election", &word.span())?;
    Ok(word.get_ref().clone())
}

fn codes(raw: &RawColumn, to: &str, held: ColumnType) -> Result<Codes, Problem> {
    let statuses: Vec<&str> = Status::ALL.iter().map(|status| status.as_str()).collect();
    let known: Option<(&[&str], &'static str)> = match (to, held) {
        (_, ColumnType::Flag) => Some((&["false", "true"], "truth value")),
        ("status", _) => Some((&statuses, "registration status")),
        ("status_reason", _) => Some((&schema::REASONS, "reason of a status")),
        ("method", _) => Some((&schema::METHODS, "way of voting")),
        ("outcome", _) => Some((&schema::OUTCOMES, "outcome")),
        ("election.kind", _) => Some((&schema::ELECTION_KINDS, "kind of election")),
        _ => None,
    };
    if let Some((words, noun)) = known {
        for word in raw.codes.values() {
            known_word(word.get_ref(), words, noun, &word.span())?;
        }
    }
    Ok(Codes { map: plain(&raw.codes), outcomes: outcomes(raw)? })
}

fn outcomes(raw: &RawColumn) -> Result<BTreeMap<String, String>, Problem> {
    for word in raw.outcomes.values() {
        known_word(word.get_ref(), &schema::OUTCOMES, "outcome", &word.span())?;
    }
    Ok(plain(&raw.outcomes))
}

fn plain(map: &BTreeMap<String, Spanned<String>>) -> BTreeMap<String, String> {
    map.iter().map(|(code, word)| (code.clone(), word.get_ref().clone())).collect()
}

fn span(at: &Spanned<[u32; 2]>, run: Option<Run>) -> Result<Span, Problem> {
    let [first, width] = *at.get_ref();
    let moved = run.map_or(0, |run| u32::from(run.number - 1).saturating_mul(run.every.unwrap_or(0)));
    match first.checked_sub(1).and_then(|start| start.checked_add(moved)) {
        Some(start) if width > 0 => Ok(Span { start, width }),
        _ => Err(unfit("characters are counted from 1, and a column has at least one", "write `[1, 8]`", at.span())),
    }
}

fn also(raw: &super::raw::RawTaken, role: Role) -> Result<Taken, Problem> {
    let to = raw.to.get_ref().clone();
    let table = if role == Role::History { Table::Participation } else { Table::Voter };
    match target(&to, &raw.to.span(), table, role)? {
        ColumnType::Text | ColumnType::Dict if raw.first > 0 => Ok(Taken { to, first: raw.first }),
        _ => Err(unfit("only text is taken from another column", "name a text column and `first`", raw.to.span())),
    }
}

/// A column that is named after an election.
pub(super) fn header_rule(raw: &Spanned<RawColumn>, role: Role) -> Result<HeaderRule, Problem> {
    let inner = raw.get_ref();
    let Some(name) = &inner.name else {
        return Err(unfit("a header without a pattern", "write the pattern in `name`", raw.span()));
    };
    let read = pattern(name)?;
    if inner.to.is_none() {
        // A filled cell says that the registrant voted, and no more.
        let column = LayoutColumn {
            name: name.get_ref().clone(),
            aliases: Vec::new(),
            to: "raw".to_owned(),
            kind: ColumnKind::Code(Codes { map: BTreeMap::new(), outcomes: outcomes(inner)? }),
            is_optional: true,
            masked: Vec::new(),
            marks: BTreeMap::new(),
            placeholders: Vec::new(),
            span: None,
            groups: vec![1],
            election_kind: inner.election.as_ref().map(election_kind).transpose()?,
            merge: None,
            also: Vec::new(),
            zeros: None,
            separator: None,
            note: inner.note.clone(),
        };
        return Ok(HeaderRule { pattern: read, column });
    }
    let mut placed = column(raw, if role == Role::Lookup { role } else { Role::History }, None)?;
    placed.column.groups = vec![1];
    Ok(HeaderRule { pattern: read, column: placed.column })
}
