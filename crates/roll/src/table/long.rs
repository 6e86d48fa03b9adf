//! Participations in a file of their own: one row per registrant and election.

use std::collections::HashMap;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use terms::{Date, Jurisdiction};

use super::columns::{Column, Words};
use super::elections::{Election, Elections, UNKNOWN_KIND, election_id};
use super::lines::Lines;
use super::plan::Outline;
use super::states::States;
use super::voters::{OwnSlots, SourcePlan, batch, chunks};
use crate::layout::{Binding, Bound, Codes, ColumnKind, DateForm, History, KindRule, Layout, LayoutColumn};
use crate::layout::{ELECTION_DATE, ELECTION_NAME};
use crate::read::Cell;
use crate::read::scan::RowRef;
use crate::read::value::clean;
use crate::schema::Table;

/// Columns that the reader fills by itself for registrants on the roll.
pub(crate) const OWN_MATCHED: [&str; 6] = ["row", "election_id", "outcome", "field_state", "source_file", "source_row"];

/// The same for rows without a registrant.
pub(crate) const OWN_UNMATCHED: [&str; 5] = ["election_id", "outcome", "field_state", "source_file", "source_row"];

/// The columns of the participation table that a history layout fills.
pub(crate) fn outline<'a>(filled: impl Iterator<Item = &'a LayoutColumn>, own: &[&str]) -> Outline {
    let is_kept = |column: &&LayoutColumn| {
        let is_election = matches!(column.to.as_str(), ELECTION_DATE | ELECTION_NAME);
        // The registrant is known by the row; the number is kept where there is none.
        !is_election && (column.to != "voter_id" || !own.contains(&"row"))
    };
    let filled: Vec<&LayoutColumn> = filled.filter(is_kept).collect();
    Outline::new(Table::Participation, &filled, own)
}

/// What is read of an election, per source: the columns of its date and name, and of the way of voting.
#[derive(Debug)]
pub(crate) struct ElectionPlan<'a> {
    date: (usize, &'a [DateForm]),
    name: Option<usize>,
    method: Option<(usize, &'a Codes)>,
    rules: &'a [KindRule],
}

impl<'a> ElectionPlan<'a> {
    /// `None` when the layout has no date of an election, which its parser does not let through.
    pub(crate) fn new(layout: &'a Layout, binding: &Binding<'a>) -> Option<Self> {
        let find = |to: &str| {
            binding.columns.iter().enumerate().find_map(|(cell, bound)| match bound {
                Bound::Column(column) if column.to == to => Some((cell, *column)),
                _ => None,
            })
        };
        let (date, column) = find(ELECTION_DATE)?;
        let ColumnKind::Date(forms) = &column.kind else { return None };
        let rules = match layout.history() {
            History::Long(rules) => rules.as_slice(),
            History::None | History::Wide(_) | History::File(_) => &[],
        };
        let method = find("method").and_then(|(cell, column)| match &column.kind {
            ColumnKind::Code(codes) => Some((cell, codes)),
            _ => None,
        });
        Some(Self { date: (date, forms), name: find(ELECTION_NAME).map(|(cell, _)| cell), method, rules })
    }

    /// The kind that a name tells.
    fn kind(&self, name: &str) -> &str {
        let rule = self.rules.iter().find(|rule| name.contains(&rule.contains));
        rule.map_or(UNKNOWN_KIND, |rule| &rule.kind)
    }
}

/// How history files become a table.
#[derive(Debug)]
pub(crate) struct LongTable<'a> {
    pub(crate) jurisdiction: Jurisdiction,
    pub(crate) outline: Outline,
    /// One plan per file.
    pub(crate) plans: Vec<(SourcePlan<'a>, ElectionPlan<'a>)>,
}

/// A finished table with its elections.
#[derive(Debug)]
pub(crate) struct LongBatch {
    pub(crate) batch: RecordBatch,
    pub(crate) elections: Elections,
    /// Key of the election in the batch, row by row.
    pub(crate) keys: Vec<i32>,
}

impl LongTable<'_> {
    /// Makes a table of rows; `positions` are the registrants' rows in their part, empty for rows without one.
    pub(crate) fn build(&self, rows: &[RowRef], positions: &[u32]) -> Result<LongBatch, ArrowError> {
        let mut columns = self.outline.builders(rows.len());
        let mut keys = Vec::with_capacity(rows.len());
        let mut elections = ElectionIds::new(self.jurisdiction);
        let own = OwnSlots::of(&self.outline);
        let mut states = States::new();
        for chunk in chunks(rows) {
            let Some(first) = chunk.first() else { continue };
            let Some((plan, election)) = self.plans.get(first.source as usize) else { continue };
            let mut lines = Lines::new(plan.splitter, plan.width);
            lines.load(chunk, &plan.source.content, plan.splitter, plan.encoding);
            plan.fill(&lines, chunk.len(), &mut columns, &mut states);
            self.fill_election(election, &lines, &mut columns, &mut elections, &mut keys);
            own.fill(chunk, &plan.source.name, &mut columns, &mut states);
        }
        if let Some(Column::Position(column)) = self.outline.slot("row").and_then(|slot| columns.get_mut(slot)) {
            column.extend_from_slice(positions);
        }
        Ok(LongBatch { batch: batch(&self.outline, columns)?, elections: elections.found, keys })
    }

    fn fill_election(
        &self,
        plan: &ElectionPlan<'_>,
        lines: &Lines<'_>,
        columns: &mut [Column],
        ids: &mut ElectionIds,
        keys: &mut Vec<i32>,
    ) {
        let (mut of_date, mut of_name, mut of_method) = (Vec::new(), Vec::new(), Vec::new());
        let (id_slot, outcome_slot) = (self.outline.slot("election_id"), self.outline.slot("outcome"));
        for (line, cells) in lines.rows() {
            let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
            let name = plan.name.map_or(Cell::default(), cell);
            let date = clean(line, cell(plan.date.0), lines.quote(), &mut of_date);
            let name = clean(line, name, lines.quote(), &mut of_name);
            if let Some(Column::Dict(words)) = id_slot.and_then(|slot| columns.get_mut(slot)) {
                let key = ids.key(plan, date, name, words);
                words.push_key(key);
                keys.push(key);
            }
            let outcome = plan.method.and_then(|(place, codes)| {
                let method = clean(line, cell(place), lines.quote(), &mut of_method);
                codes.outcome(std::str::from_utf8(method).ok()?)
            });
            if let Some(column) = outcome_slot.and_then(|slot| columns.get_mut(slot)) {
                column.push_text(outcome.unwrap_or("voted").as_bytes());
            }
        }
    }
}

/// Keys of elections by their published name and date.
#[derive(Debug)]
struct ElectionIds {
    jurisdiction: Jurisdiction,
    known: HashMap<Vec<u8>, HashMap<Vec<u8>, i32>>,
    found: Elections,
}

impl ElectionIds {
    fn new(jurisdiction: Jurisdiction) -> Self {
        Self { jurisdiction, known: HashMap::new(), found: Elections::default() }
    }

    fn key(&mut self, plan: &ElectionPlan<'_>, date: &[u8], name: &[u8], words: &mut Words) -> i32 {
        if let Some(key) = self.known.get(name).and_then(|by_date| by_date.get(date)) {
            return *key;
        }
        // INVARIANT: the first pass let only rows with a date through.
        let day = plan.date.1.iter().find_map(|form| form.parse(date)).unwrap_or(Date::ZERO);
        let text = String::from_utf8_lossy(name).into_owned();
        let kind = plan.kind(&text).to_owned();
        let id = election_id(self.jurisdiction, day, &kind);
        let key = words.key(id.as_bytes());
        let label = if text.is_empty() { String::from_utf8_lossy(date).into_owned() } else { text.clone() };
        let named = Some(text).filter(|text| !text.is_empty());
        self.found.add(id, Election { date: day, kind, name: named, label });
        self.known.entry(name.to_vec()).or_default().insert(date.to_vec(), key);
        key
    }
}
