//! Participations in wide columns: one column per election, a filled cell means that the registrant voted.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use terms::{Date, Jurisdiction};

use super::columns::{Column, Words};
use super::elections::{Election, Elections, UNKNOWN_KIND, election_id};
use super::lines::Lines;
use super::plan::Outline;
use super::voters::batch;
use crate::layout::{Binding, Bound};
use crate::read::value::clean;
use crate::schema::Table;

/// The columns of participations from a wide file.
const COLUMNS: [&str; 4] = ["row", "election_id", "outcome", "raw"];

/// The elections of a wide source: its column in the file and its place in the table of elections, by place.
pub(crate) type ElectionCells = Vec<(usize, usize)>;

/// The elections that the header of a source names.
pub(crate) fn elections(jurisdiction: Jurisdiction, binding: &Binding<'_>) -> Elections {
    let mut elections = Elections::default();
    for (bound, header) in binding.columns.iter().zip(&binding.headers) {
        if let Bound::Election(date) = bound {
            let election = Election { date: *date, kind: UNKNOWN_KIND.into(), name: None, label: header.clone() };
            elections.add(election_id(jurisdiction, *date, UNKNOWN_KIND), election);
        }
    }
    elections
}

/// Where the elections of a source stand, in the order of the table of elections.
pub(crate) fn election_cells(jurisdiction: Jurisdiction, binding: &Binding<'_>, all: &Elections) -> ElectionCells {
    let place = |date: Date| all.position(&election_id(jurisdiction, date, UNKNOWN_KIND));
    let mut cells: ElectionCells = Vec::new();
    for (cell, bound) in binding.columns.iter().enumerate() {
        if let Bound::Election(date) = bound {
            cells.extend(place(*date).map(|place| (cell, place)));
        }
    }
    cells.sort_by_key(|(_, place)| *place);
    cells
}

pub(crate) fn outline() -> Outline {
    Outline::new(Table::Participation, &[], &COLUMNS)
}

/// The participations of a part in the making.
#[derive(Debug)]
pub(crate) struct WideParticipations {
    rows: Vec<u32>,
    elections: Words,
    /// Keys of the elections in `elections`, by their place in the table of elections.
    keys: Vec<i32>,
    outcomes: Words,
    raws: Words,
    /// The last cell of each election with its key: nearly every cell repeats the date of its header.
    last_raw: Vec<(Vec<u8>, i32)>,
}

impl WideParticipations {
    pub(crate) fn new(all: &Elections) -> Self {
        let mut elections = Words::new(0);
        let keys = all.ids().map(|id| elections.key(id.as_bytes())).collect();
        let last_raw = vec![(Vec::new(), 0); all.len()];
        Self { rows: Vec::new(), elections, keys, outcomes: Words::new(0), raws: Words::new(0), last_raw }
    }

    /// Appends the participations of some lines, the first of which is row `first` of the part.
    pub(crate) fn fill(&mut self, lines: &Lines<'_>, cells: &ElectionCells, first: u32) {
        let mut scratch = Vec::new();
        for (row, (line, fields)) in (first..).zip(lines.rows()) {
            for (cell, place) in cells {
                let Some(field) = fields.get(*cell).filter(|field| !field.is_empty()) else { continue };
                let raw = clean(line, *field, lines.quote(), &mut scratch);
                if !raw.is_empty() {
                    self.push(row, *place, raw);
                }
            }
        }
    }

    fn push(&mut self, row: u32, place: usize, raw: &[u8]) {
        let (Some(key), Some(last)) = (self.keys.get(place), self.last_raw.get_mut(place)) else { return };
        if last.0 != raw {
            *last = (raw.to_vec(), self.raws.key(raw));
        }
        self.rows.push(row);
        self.elections.push_key(*key);
        self.outcomes.push(Some(b"voted"));
        self.raws.push_key(last.1);
    }

    pub(crate) fn finish(self) -> Result<RecordBatch, ArrowError> {
        let columns = vec![
            Column::Position(self.rows),
            Column::Dict(self.elections),
            Column::Dict(self.outcomes),
            Column::Dict(self.raws),
        ];
        batch(&outline(), columns)
    }
}
