//! Where participations stand in a row, and what their cells say.
//!
//! Every form of history is one thing here: a row has slots, and each slot has some cells that tell one participation.
//! In a history file with a row for each vote there is one slot; in wide files a slot for each election or each group
//! of columns.

use std::collections::{BTreeSet, HashMap};

use terms::{Date, Jurisdiction};

use super::elections::{Election, UNKNOWN_KIND};
use super::states::{INVALID, UNPARSED};
use crate::layout::{
    Binding, Bound, Codes, ColumnKind, ElectionPart, HeaderElection, Layout, LayoutColumn, Pattern, Role, WrittenDate,
};
use crate::read::Cell;
use crate::read::value::clean;
use crate::schema::Table;

/// What codes or numbers of elections mean, by county (empty where it does not matter) and code.
pub(crate) type ElectionCodes = HashMap<(String, String), CodedElection>;

/// An election as a lookup table tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CodedElection {
    pub(crate) date: Option<WrittenDate>,
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<String>,
}

/// The slots of a table's rows.
#[derive(Debug)]
pub(crate) struct Slots<'a> {
    layout: &'a Layout,
    pub(crate) slots: Vec<Slot<'a>>,
}

/// The cells of one participation.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    /// The number of its group of columns; 0 for a row of its own.
    number: u16,
    /// The election that the header names, and the header.
    header: Option<(HeaderElection<'a>, String)>,
    parts: Vec<Part<'a>>,
}

/// One cell of a slot.
#[derive(Debug)]
struct Part<'a> {
    cell: usize,
    column: &'a LayoutColumn,
    election: Option<ElectionPart>,
}

/// One participation: an election, and the values of the other columns by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Participation {
    pub(crate) election: Election,
    pub(crate) outcome: String,
    pub(crate) values: Vec<(&'static str, String)>,
    /// Why filled cells told nothing.
    states: Vec<(&'static str, &'static str)>,
}

/// What is known besides the cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beside<'a> {
    pub(crate) jurisdiction: Jurisdiction,
    /// The county of the row, for codes that mean something else in each county.
    pub(crate) county: &'a str,
    pub(crate) codes: &'a ElectionCodes,
    pub(crate) as_of: Date,
}

impl<'a> Slots<'a> {
    /// The slots of a bound table, groups of columns before headers.
    pub(crate) fn new(layout: &'a Layout, binding: &Binding<'a>) -> Self {
        let mut slots: Vec<Slot<'a>> = Vec::new();
        let mut add = |slot: Slot<'a>, part: Part<'a>, is_same: &dyn Fn(&Slot<'a>) -> bool| {
            let at = slots.iter().position(is_same).unwrap_or(slots.len());
            if at == slots.len() {
                slots.push(slot);
            }
            if let Some(slot) = slots.get_mut(at) {
                slot.parts.push(part);
            }
        };
        for (cell, (bound, label)) in binding.columns.iter().zip(&binding.headers).enumerate() {
            match bound {
                Bound::Election(election) => {
                    let column = &election.rule.column;
                    let part = Part { cell, column, election: ElectionPart::of(&column.to) };
                    let is_same = |slot: &Slot<'a>| {
                        slot.header
                            .as_ref()
                            .is_some_and(|(known, _)| (known.date, &known.word) == (election.date, &election.word))
                    };
                    let slot = Slot { number: 1, header: Some((election.clone(), label.clone())), parts: Vec::new() };
                    add(slot, part, &is_same);
                }
                Bound::Column(column) => {
                    let is_of_row = layout.role() == Role::History && column.groups.is_empty() && is_told(column);
                    for number in column.groups.iter().copied().chain(is_of_row.then_some(0)) {
                        let part = Part { cell, column, election: ElectionPart::of(&column.to) };
                        let is_same = |slot: &Slot<'a>| slot.header.is_none() && slot.number == number;
                        add(Slot { number, header: None, parts: Vec::new() }, part, &is_same);
                    }
                }
                Bound::Nothing => {}
            }
        }
        Self { layout, slots }
    }

    /// Whether a row has one slot, so that its other columns belong to that participation.
    pub(crate) fn is_single(&self) -> bool {
        matches!(self.slots.as_slice(), [slot] if slot.number == 0 && slot.header.is_none())
    }

    /// The columns of a participation that the slots may fill.
    pub(crate) fn columns(&self) -> BTreeSet<&'static str> {
        let mut columns = BTreeSet::from(["election_id", "outcome"]);
        for part in self.slots.iter().flat_map(|slot| &slot.parts) {
            columns.extend(part.fills());
        }
        columns
    }

    /// Whether an election stands in a row: in a table of registrants that holds rows of the history too.
    pub(crate) fn has_election(&self, line: &[u8], cells: &[Cell], quote: Option<u8>) -> bool {
        let mut scratch = Vec::new();
        let parts = self.slots.iter().flat_map(|slot| &slot.parts).filter(|part| part.election.is_some());
        parts.into_iter().any(|part| !part.value(line, cells, quote, &mut scratch).is_empty())
    }

    /// The column at fault in a row of a history file that names no election.
    pub(crate) fn fault(&self, line: &[u8], cells: &[Cell], quote: Option<u8>) -> Option<usize> {
        let [slot] = self.slots.as_slice() else { return None };
        if !self.is_single() {
            return None;
        }
        let mut scratch = Vec::new();
        let mut first = None;
        for part in slot.parts.iter().filter(|part| part.election.is_some_and(ElectionPart::is_naming)) {
            let value = part.value(line, cells, quote, &mut scratch);
            let tells = match &part.column.kind {
                ColumnKind::Date(forms) => forms.iter().any(|form| form.read(value, None).is_some()),
                _ => !value.is_empty() && part.election != Some(ElectionPart::Name),
            };
            if tells {
                return None;
            }
            first = first.or(Some(part.cell));
        }
        first
    }
}

impl ElectionPart {
    /// Whether it can name an election by itself.
    fn is_naming(self) -> bool {
        !matches!(self, Self::Kind)
    }
}

/// Whether a column of a history row tells of the participation.
fn is_told(column: &LayoutColumn) -> bool {
    let is_column = Table::Participation.column(&column.to).is_some();
    ElectionPart::of(&column.to).is_some() || (is_column && column.to != "voter_id")
}

impl Part<'_> {
    fn value<'l>(&self, line: &'l [u8], cells: &[Cell], quote: Option<u8>, scratch: &'l mut Vec<u8>) -> &'l [u8] {
        clean(line, cells.get(self.cell).copied().unwrap_or_default(), quote, scratch)
    }

    /// The columns of a participation that it may fill.
    fn fills(&self) -> Vec<&'static str> {
        let own = Table::Participation.column(&self.column.to).map(|column| column.name);
        let mut fills: Vec<&'static str> = own.into_iter().collect();
        if own == Some("method") {
            fills.extend(["method_raw", "field_state"]);
        }
        if self.election.is_some() {
            fills.push("field_state");
        }
        if let ColumnKind::Election(patterns, _) = &self.column.kind {
            fills.push("raw");
            for (word, columns) in
                [("{method}", &["method", "method_raw"][..]), ("{party}", &["ballot_party"]), ("{place}", &["county"])]
            {
                if patterns.iter().any(|pattern| pattern.as_str().contains(word)) {
                    fills.extend(columns);
                }
            }
        }
        fills
    }
}

impl<'a> Slot<'a> {
    /// Whether all of its cells are empty.
    pub(crate) fn is_empty(&self, cells: &[Cell]) -> bool {
        self.parts.iter().all(|part| cells.get(part.cell).is_none_or(|cell| cell.is_empty()))
    }

    /// Its only cell as it stands in the file, unless quotes in it are to be undone.
    pub(crate) fn only_cell<'l>(&self, line: &'l [u8], cells: &[Cell]) -> Option<&'l [u8]> {
        let [part] = self.parts.as_slice() else { return None };
        cells.get(part.cell).filter(|cell| !cell.is_escaped).map(|cell| cell.of(line))
    }

    /// The values of its cells, with a separator between them: what the participation depends on.
    pub(crate) fn key(&self, line: &[u8], cells: &[Cell], quote: Option<u8>, scratch: &mut Vec<u8>, key: &mut Vec<u8>) {
        key.clear();
        for part in &self.parts {
            key.extend_from_slice(part.value(line, cells, quote, scratch));
            key.push(SEPARATOR);
        }
    }

    /// What its cells say, in the order of the cell where one holds several; nothing where they are blank.
    pub(crate) fn read(&self, key: &[u8], slots: &Slots<'a>, beside: Beside<'_>) -> Vec<Participation> {
        let text = String::from_utf8_lossy(key);
        let values: Vec<&str> = text.split(char::from(SEPARATOR)).take(self.parts.len()).collect();
        if values.iter().all(|value| value.is_empty()) {
            return Vec::new();
        }
        let packed = self.parts.iter().zip(&values).find(|(part, _)| part.column.separator.is_some());
        match packed.and_then(|(part, value)| Some((part, value.split(part.column.separator?)))) {
            None => self.one(&values, slots, beside).into_iter().collect(),
            Some((part, tokens)) => {
                let tokens = tokens.map(str::trim).filter(|token| !token.is_empty());
                tokens.filter_map(|token| self.token(part, token, slots, beside)).collect()
            }
        }
    }

    /// One of several elections in one cell.
    fn token(&self, part: &Part<'_>, token: &str, slots: &Slots<'a>, beside: Beside<'_>) -> Option<Participation> {
        let mut told = Reading::new(self, slots, beside);
        told.part(part, token);
        told.finish()
    }

    fn one(&self, values: &[&str], slots: &Slots<'a>, beside: Beside<'_>) -> Option<Participation> {
        let mut told = Reading::new(self, slots, beside);
        for (part, value) in self.parts.iter().zip(values) {
            told.part(part, value);
        }
        told.finish()
    }
}

/// Between the values of a key; no line holds it, except as the delimiter of a worksheet.
const SEPARATOR: u8 = 0x1f;

/// A participation in the making.
struct Reading<'r, 'a> {
    slot: &'r Slot<'a>,
    layout: &'a Layout,
    beside: Beside<'r>,
    date: Option<WrittenDate>,
    kind: Option<String>,
    name: Option<String>,
    code: Option<String>,
    label: String,
    outcome: Outcome,
    made: Participation,
}

/// What the cells say of voting.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// Nothing: the participation is a vote.
    Silent,
    Told(String),
    /// The slot has a column that would say it, and its cell is empty: there is no participation.
    Blank,
}

impl<'r, 'a> Reading<'r, 'a> {
    fn new(slot: &'r Slot<'a>, slots: &Slots<'a>, beside: Beside<'r>) -> Self {
        let mut reading = Self {
            slot,
            layout: slots.layout,
            beside,
            date: None,
            kind: None,
            name: None,
            code: None,
            label: String::new(),
            outcome: Outcome::Silent,
            made: Participation::default(),
        };
        if let Some((header, label)) = &slot.header {
            reading.date = header.date;
            reading.label.clone_from(label);
            if let Some(word) = &header.word {
                reading.word(word);
            }
        }
        reading
    }

    /// A word that stands for the election: its kind if a rule knows it, and its name.
    fn word(&mut self, word: &str) {
        self.kind = self.kind.take().or_else(|| self.layout.history().kind_of(word).map(str::to_owned));
        self.name = self.name.take().or_else(|| Some(word.to_owned()));
    }

    fn part(&mut self, part: &Part<'_>, value: &str) {
        let column = part.column;
        if let Some(kind) = &column.election_kind {
            self.kind = Some(kind.clone());
        }
        if column.masked.iter().chain(&column.placeholders).any(|known| known == value) {
            return;
        }
        match part.election {
            Some(election) => self.election_part(election, column, value),
            None => self.column_part(column, value),
        }
    }

    fn election_part(&mut self, part: ElectionPart, column: &LayoutColumn, value: &str) {
        if value.is_empty() {
            return;
        }
        if self.label.is_empty() || part != ElectionPart::Kind {
            self.label = value.to_owned();
        }
        match (part, &column.kind) {
            (ElectionPart::Date, ColumnKind::Date(forms)) => {
                self.date = forms.iter().find_map(|form| form.read(value.as_bytes(), Some(self.beside.as_of)));
                if self.date.is_none() {
                    self.made.states.push(("election_id", INVALID));
                    self.name = Some(value.to_owned());
                }
            }
            (ElectionPart::Whole, ColumnKind::Election(patterns, codes)) => self.whole(patterns, codes, value),
            (ElectionPart::Kind, ColumnKind::Code(codes)) => match codes.canonical(value) {
                Some(kind) => self.kind = Some(kind.to_owned()),
                None => self.word_of_kind(value),
            },
            (ElectionPart::Kind, _) => self.word_of_kind(value),
            (ElectionPart::Code, _) => self.code = Some(value.to_owned()),
            _ => self.name = Some(value.to_owned()),
        }
    }

    /// A published word for the kind; one that no rule knows is a part of the name.
    fn word_of_kind(&mut self, value: &str) {
        match self.layout.history().kind_of(value) {
            Some(kind) => self.kind = Some(kind.to_owned()),
            None => self.name = self.name.take().or_else(|| Some(value.to_owned())),
        }
    }

    fn whole(&mut self, patterns: &[Pattern], codes: &Codes, value: &str) {
        self.keep("raw", value);
        let Some(told) = patterns.iter().find_map(|pattern| pattern.read(value, Some(self.beside.as_of))) else {
            self.made.states.push(("election_id", UNPARSED));
            self.name = Some(value.to_owned());
            return;
        };
        self.date = told.date.or(self.date);
        told.kind.or(told.name).into_iter().for_each(|word| self.word(word));
        if let Some(name) = told.name {
            self.name = Some(name.to_owned());
        }
        self.code = told.code.map(str::to_owned).or(self.code.take());
        if let Some(method) = told.method {
            self.method(Some(codes), method);
        }
        told.party.into_iter().for_each(|party| self.keep("ballot_party", party));
        told.place.into_iter().for_each(|place| self.keep("county", place));
    }

    fn column_part(&mut self, column: &LayoutColumn, value: &str) {
        let Some(name) = Table::Participation.column(&column.to).map(|column| column.name) else { return };
        if let Some(outcome) = column.codes().and_then(|codes| codes.outcome(value)) {
            self.outcome = Outcome::Told(outcome.to_owned());
        }
        match (name, &column.kind) {
            ("outcome", _) if value.is_empty() => self.outcome = Outcome::Blank,
            ("outcome", ColumnKind::Code(codes)) => {
                self.outcome = Outcome::Told(codes.canonical(value).unwrap_or("unknown").to_owned());
            }
            ("method", ColumnKind::Code(codes)) => self.method(Some(codes), value),
            ("method", _) => self.method(None, value),
            (_, ColumnKind::Code(codes)) if name != "raw" => {
                let word = codes.canonical(value).unwrap_or(value).to_owned();
                self.keep(name, &word);
            }
            _ => self.keep(name, value),
        }
    }

    /// The way of voting; the first of several columns that knows one decides.
    fn method(&mut self, codes: Option<&Codes>, value: &str) {
        let known = codes.and_then(|codes| codes.canonical(value));
        let is_new = !self.made.values.iter().any(|(name, _)| *name == "method");
        if let (Some(word), true) = (known, is_new) {
            self.keep("method", word);
        }
        if value.is_empty() {
            return;
        }
        if known.is_none() && is_new {
            self.keep("method", "unknown");
            if codes.is_some() {
                self.made.states.push(("method", UNPARSED));
            }
        }
        match self.made.values.iter_mut().find(|(name, _)| *name == "method_raw") {
            None => self.keep("method_raw", value),
            Some((_, raw)) => {
                raw.push(' ');
                raw.push_str(value);
            }
        }
    }

    fn keep(&mut self, name: &'static str, value: &str) {
        if !value.is_empty() && !self.made.values.iter().any(|(known, _)| *known == name) {
            self.made.values.push((name, value.to_owned()));
        }
    }

    fn finish(mut self) -> Option<Participation> {
        self.look_up();
        let is_named = self.date.is_some() || self.name.is_some() || self.code.is_some();
        // A row of a history is a participation whatever it says; a group of cells is one if it names an election.
        if self.slot.number > 0 && (!is_named || self.outcome == Outcome::Blank) {
            return None;
        }
        if let (None, Some(name)) = (&self.kind, &self.name) {
            self.kind = self.layout.history().kind_of(name).map(str::to_owned);
        }
        self.made.outcome = match self.outcome {
            Outcome::Told(outcome) => outcome,
            Outcome::Silent | Outcome::Blank => "voted".to_owned(),
        };
        self.made.states.sort_unstable();
        self.made.states.dedup();
        let states: Vec<String> = self.made.states.iter().map(|(column, state)| format!("{column}={state}")).collect();
        if !states.is_empty() {
            self.made.values.push(("field_state", states.join(";")));
        }
        self.made.election = Election {
            date: self.date,
            kind: self.kind.unwrap_or_else(|| UNKNOWN_KIND.to_owned()),
            name: self.name.or(self.code),
            label: self.label,
        };
        Some(self.made)
    }

    /// What a code, or the number of the group, means.
    fn look_up(&mut self) {
        if self.layout.history().elections.is_none() {
            return;
        }
        let code = self.code.clone().unwrap_or_else(|| self.slot.number.to_string());
        let known = [self.beside.county, ""]
            .iter()
            .find_map(|county| self.beside.codes.get(&((*county).to_owned(), code.clone())));
        match known {
            Some(known) => {
                self.date = self.date.or(known.date);
                self.kind = self.kind.take().or_else(|| known.kind.clone());
                self.name = self.name.take().or_else(|| known.name.clone());
                self.label = code;
            }
            // A code that nothing explains makes an election of this snapshot alone.
            None => {
                self.code = Some(code);
                self.made.states.push(("election_id", UNPARSED));
            }
        }
    }
}

impl Participation {
    /// The value of a column.
    pub(crate) fn value(&self, column: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| *name == column).map(|(_, value)| value.as_str())
    }
}
