//! Participations in the making.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;

use super::columns::{Column, FastMap};
use super::elections::Elections;
use super::lines::Lines;
use super::outline::{Filled, Outline};
use super::slots::{Beside, Participation, Slots};
use super::source::batch;
use crate::read::scan::RowRef;
use crate::schema::{FIELD_STATE, SOURCE_FILE, SOURCE_ROW, Table};

/// LIMIT: how many different cells are remembered before the memory is begun anew. What is read does not depend on it.
const REMEMBERED_MAX: usize = 200_000;

/// Which table of participations is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Of registrants, from cells of their own rows.
    Registrants,
    /// Of registrants, from rows of a history.
    History,
    /// Of nobody on the roll.
    Unmatched,
}

impl Of {
    /// Columns that are filled in another way than by slots.
    pub(crate) fn own(self) -> &'static [&'static str] {
        match self {
            Self::Registrants => &["row"],
            Self::History => &["row", SOURCE_FILE, SOURCE_ROW],
            Self::Unmatched => &["voter_id", SOURCE_FILE, SOURCE_ROW],
        }
    }
}

/// The columns of participations that some slots fill, with further columns of a history file.
pub(crate) fn outline<'s>(of: Of, slots: impl Iterator<Item = &'s Slots<'s>>, extras: &[String]) -> Outline {
    let mut filled = Filled::default();
    let mut own: Vec<&str> = of.own().to_vec();
    for slots in slots {
        own.extend(slots.columns());
    }
    if of != Of::Registrants {
        own.push(FIELD_STATE);
    }
    extras.iter().for_each(|extra| filled.name(extra));
    Outline::new(Table::Participation, &filled, &own)
}

/// A table of participations that grows row by row.
#[derive(Debug)]
pub(crate) struct Participations<'o> {
    outline: &'o Outline,
    columns: Vec<Column>,
    /// Where the columns of a participation stand.
    told: Vec<(usize, &'static str)>,
    places: Places,
    elections: Elections,
    /// Keys of participations in the dictionaries of the columns, one after the other; `None` for null.
    entries: Vec<Option<i32>>,
    /// What was read before, by slot and cells.
    known: FastMap<(usize, Vec<u8>), Entries>,
    /// The last cells of each slot: most rows repeat them.
    last: Vec<Last>,
    /// What the lines being read told: entry and row to which it belongs.
    pending: Vec<(usize, u32)>,
    repeated: Repeated,
}

/// Counts rows that repeat the registrant and election of an earlier one.
#[derive(Debug, Default)]
struct Repeated {
    /// By key of the election, behind that of none: the registrant's row that had it last, plus one. The rows of one
    /// registrant follow each other.
    last: Vec<u32>,
    count: u64,
}

impl Repeated {
    fn add(&mut self, row: u32, election: Option<i32>) {
        let at = election.and_then(|key| usize::try_from(key).ok()).map_or(0, |key| key + 1);
        if self.last.len() <= at {
            self.last.resize(at + 1, 0);
        }
        // LIMIT: a part has far fewer rows than `u32::MAX`.
        if let Some(last) = self.last.get_mut(at) {
            let row = row.saturating_add(1);
            self.count += u64::from(*last == row);
            *last = row;
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Places {
    row: Option<usize>,
    voter_id: Option<usize>,
    source_file: Option<usize>,
    source_row: Option<usize>,
    election_id: usize,
}

/// What a slot told last.
#[derive(Debug, Clone, Default)]
struct Last {
    /// Its only cell as it stands in the file; empty where there are several, or quotes to be undone.
    raw: Vec<u8>,
    key: Vec<u8>,
    entries: Entries,
}

/// Some participations among the entries: the first, and how many.
#[derive(Debug, Clone, Copy, Default)]
struct Entries {
    first: usize,
    count: usize,
}

/// The row to which participations belong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belonging<'a> {
    /// The registrant's row in its part.
    pub(crate) row: u32,
    /// The file and line, for rows of a history.
    pub(crate) source: Option<(&'a str, RowRef)>,
}

impl<'o> Participations<'o> {
    pub(crate) fn new(outline: &'o Outline) -> Self {
        let columns = outline.builders(0);
        let slots = outline.columns.iter().enumerate();
        let told = slots.filter_map(|(slot, (name, _))| Some((slot, *TOLD.iter().find(|known| *known == name)?)));
        let places = Places {
            row: outline.slot("row"),
            voter_id: outline.slot("voter_id"),
            source_file: outline.slot(SOURCE_FILE),
            source_row: outline.slot(SOURCE_ROW),
            election_id: outline.slot("election_id").unwrap_or(usize::MAX),
        };
        Self {
            outline,
            columns,
            told: told.collect(),
            places,
            elections: Elections::default(),
            entries: Vec::new(),
            known: FastMap::default(),
            last: Vec::new(),
            pending: Vec::new(),
            repeated: Repeated::default(),
        }
    }

    /// Appends the participations of some lines. `base` tells the slots of one table from those of another one;
    /// `belonging` gives the row to which each line's participations belong.
    pub(crate) fn fill<'b>(
        &mut self,
        base: usize,
        slots: &Slots<'_>,
        lines: &Lines<'_>,
        beside: Beside<'_>,
        mut belonging: impl FnMut(usize) -> Belonging<'b>,
    ) {
        let (mut scratch, mut key) = (Vec::new(), Vec::new());
        if self.last.len() < base + slots.slots.len() {
            self.last.resize(base + slots.slots.len(), Last::default());
        }
        for (n, (line, cells)) in lines.rows().enumerate() {
            let mut owner = None;
            for (slot, at) in slots.slots.iter().zip(base..) {
                if slot.is_empty(cells) {
                    continue;
                }
                // No key is made of a cell that is written as the last one.
                let raw = slot.only_cell(line, cells).unwrap_or_default();
                let entries = match self.last.get(at).filter(|last| !raw.is_empty() && last.raw == raw) {
                    Some(last) => last.entries,
                    None => {
                        slot.key(line, cells, lines.quote(), &mut scratch, &mut key);
                        let entries = match self.last.get(at).filter(|last| last.key == key) {
                            Some(last) => last.entries,
                            None => self.read(at, &key, beside, || slot.read(&key, slots, beside)),
                        };
                        self.remember(at, raw, &key, entries);
                        entries
                    }
                };
                let owner = owner.get_or_insert_with(|| belonging(n));
                for number in entries.first..entries.first + entries.count {
                    self.pending.push((number, owner.row));
                    self.push_source(*owner);
                }
            }
        }
        self.settle();
    }

    /// The entries of some cells, read once.
    fn read(
        &mut self,
        at: usize,
        key: &[u8],
        beside: Beside<'_>,
        read: impl FnOnce() -> Vec<Participation>,
    ) -> Entries {
        let mut full = key.to_vec();
        if !beside.codes.is_empty() {
            full.extend_from_slice(beside.county.as_bytes());
        }
        let known = self.known.get(&(at, full.clone())).copied();
        known.unwrap_or_else(|| {
            if self.known.len() >= REMEMBERED_MAX {
                self.settle();
                self.known.clear();
                self.entries.clear();
                self.last.fill(Last::default());
            }
            let first = self.entries.len() / self.told.len().max(1);
            let made = read();
            let entries = Entries { first, count: made.len() };
            made.into_iter().for_each(|participation| self.enter(participation, beside));
            self.known.insert((at, full), entries);
            entries
        })
    }

    fn remember(&mut self, at: usize, raw: &[u8], key: &[u8], entries: Entries) {
        let Some(last) = self.last.get_mut(at) else { return };
        raw.clone_into(&mut last.raw);
        key.clone_into(&mut last.key);
        last.entries = entries;
    }

    fn enter(&mut self, participation: Participation, beside: Beside<'_>) {
        let id = participation.election.id(beside.jurisdiction);
        for (slot, name) in &self.told {
            let value = match *name {
                "election_id" => Some(id.as_str()),
                "outcome" => Some(participation.outcome.as_str()),
                name => participation.value(name),
            };
            let words = match self.columns.get_mut(*slot) {
                Some(Column::Dict(words)) => Some(words),
                _ => None,
            };
            self.entries.push(value.zip(words).map(|(value, words)| words.key(value.as_bytes())));
        }
        self.elections.add(id, participation.election);
    }

    /// Appends what the lines told, column by column.
    fn settle(&mut self) {
        let width = self.told.len();
        for (place, (slot, _)) in self.told.iter().enumerate() {
            let Some(Column::Dict(words)) = self.columns.get_mut(*slot) else { continue };
            let keys =
                self.pending.iter().map(|(number, _)| self.entries.get(number * width + place).copied().flatten());
            words.extend_keys(keys);
        }
        let election = self.told.iter().position(|(slot, _)| *slot == self.places.election_id).unwrap_or(width);
        for (number, row) in &self.pending {
            self.repeated.add(*row, self.entries.get(number * width + election).copied().flatten());
        }
        if let Some(Column::Position(rows)) = self.places.row.and_then(|slot| self.columns.get_mut(slot)) {
            rows.extend(self.pending.iter().map(|(_, row)| *row));
        }
        self.pending.clear();
    }

    /// Appends where a participation was written, for rows of a history.
    fn push_source(&mut self, belonging: Belonging<'_>) {
        let Some((file, row)) = belonging.source else { return };
        if let Some(column) = self.places.voter_id.and_then(|slot| self.columns.get_mut(slot)) {
            column.push_text(&row.id.text());
        }
        if let Some(Column::Dict(files)) = self.places.source_file.and_then(|slot| self.columns.get_mut(slot)) {
            files.push(Some(file.as_bytes()));
        }
        if let Some(Column::Line(lines)) = self.places.source_row.and_then(|slot| self.columns.get_mut(slot)) {
            lines.push(u64::from(row.line));
        }
    }

    /// The columns, for what is filled in another way.
    pub(crate) fn columns_mut(&mut self) -> &mut [Column] {
        &mut self.columns
    }

    /// The finished table, its elections, and how many rows repeat the registrant and election of an earlier one.
    pub(crate) fn finish(self) -> Result<(RecordBatch, Elections, u64), ArrowError> {
        Ok((batch(self.outline, self.columns)?, self.elections, self.repeated.count))
    }
}

/// The columns that a participation tells.
const TOLD: [&str; 11] = [
    "election_id",
    "outcome",
    "method",
    "method_raw",
    "ballot_party",
    "party_then",
    "county",
    "municipality",
    "precinct",
    "raw",
    FIELD_STATE,
];
