//! How the tables of a delivery become the tables of a snapshot.

use std::collections::BTreeMap;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use terms::Date;

use super::ImportError;
use super::delivery::{Delivery, Table};
use crate::layout::{Bound, Layout, Role};
use crate::read::scan::RowRef;
use crate::schema::{EXTRA, FIELD_STATE, SOURCE_FILE, SOURCE_ROW};
use crate::table::columns::Column;
use crate::table::elections::Elections;
use crate::table::lines::Lines;
use crate::table::lookup::{LOOKUP_BYTES_MAX, LookupPlan, LookupRows, LookupTable, election_codes};
use crate::table::numbered::{NumberedPlan, NumberedTable};
use crate::table::outline::{Filled, Outline};
use crate::table::participations::{self, Belonging, Of, Participations};
use crate::table::slots::{Beside, ElectionCodes, Slots};
use crate::table::source::{OwnSlots, SourcePlan, batch, chunks};
use crate::table::states::States;

/// Columns of the voter table that the reader fills by itself.
const OWN_VOTER: [&str; 3] = [FIELD_STATE, SOURCE_FILE, SOURCE_ROW];

/// Tables that are joined, and what codes of elections mean.
#[derive(Debug, Default)]
pub(super) struct Joined {
    /// By layout of the voter table, and by the place of the lookup in it.
    tables: BTreeMap<(String, usize), LookupTable>,
    /// What numbered columns stand for, by layout of the voter table.
    numbered: BTreeMap<String, NumberedTable>,
    codes: ElectionCodes,
}

impl Joined {
    /// Reads the lookup tables of a delivery.
    pub(super) fn read(delivery: &Delivery<'_>) -> Result<Self, ImportError> {
        let mut joined = Self::default();
        let mut rows: BTreeMap<(String, usize), LookupRows> = BTreeMap::new();
        for (_, table) in delivery.of_role(Role::Lookup) {
            if table.text.len() > LOOKUP_BYTES_MAX {
                return Err(ImportError::LookupTooLarge { file: table.name.clone(), bytes_max: LOOKUP_BYTES_MAX });
            }
            let content = table.text.head(LOOKUP_BYTES_MAX);
            let path = || delivery.files.get(table.file).map(|file| file.path.clone()).unwrap_or_default();
            let content = content.map_err(|source| ImportError::Read { path: path(), source })?;
            election_codes(&content, &table.form, table.county(), &mut joined.codes);
            for layout in delivery.layouts() {
                for (place, lookup) in layout.lookups().iter().enumerate() {
                    if lookup.layout == table.form.layout.id() {
                        let key: Vec<&str> = lookup.on.iter().map(|(_, theirs)| theirs.as_str()).collect();
                        let known = rows.entry((layout.id().to_owned(), place)).or_default();
                        known.add(&content, &table.form, &key, table.county());
                    }
                }
                if let Some(numbered) = layout.numbered().filter(|by| by.layout == table.form.layout.id()) {
                    let known = joined.numbered.entry(layout.id().to_owned()).or_default();
                    known.add(&content, &table.form, numbered, table.county());
                }
            }
        }
        joined.tables = rows.into_iter().map(|(of, rows)| (of, rows.finish())).collect();
        Ok(joined)
    }

    fn of<'j>(&'j self, layout: &'j Layout) -> impl Iterator<Item = (usize, &'j LookupTable)> {
        layout
            .lookups()
            .iter()
            .enumerate()
            .filter_map(|(place, _)| Some((place, self.tables.get(&(layout.id().to_owned(), place))?)))
    }
}

/// The plans of every table of a delivery.
pub(super) struct Plans<'a> {
    delivery: &'a Delivery<'a>,
    joined: &'a Joined,
    as_of: Date,
    pub(super) voters: Outline,
    /// The participations of registrants.
    pub(super) participations: Outline,
    unmatched: Outline,
    /// Whether participations stand in rows of a history rather than in those of the registrants.
    pub(super) has_history: bool,
    tables: Vec<TablePlan<'a>>,
}

/// The plan of one table.
struct TablePlan<'a> {
    registrants: SourcePlan<'a>,
    slots: Slots<'a>,
    /// Where the slots of this table begin among those of all.
    base: usize,
    extras: SourcePlan<'a>,
    unmatched_extras: SourcePlan<'a>,
}

impl<'a> Plans<'a> {
    pub(super) fn new(delivery: &'a Delivery<'a>, joined: &'a Joined, as_of: Date) -> Self {
        let voters = Outline::new(crate::schema::Table::Voter, &filled(delivery, joined), &OWN_VOTER);
        let has_history = delivery.tables.iter().any(has_history_rows);
        let told: Vec<Slots<'a>> =
            delivery.tables.iter().map(|table| Slots::new(table.form.layout, &table.form.binding)).collect();
        let is_of_history =
            |table: &Table<'_>| if has_history { has_history_rows(table) } else { table.role() == Role::Voter };
        let used =
            || delivery.tables.iter().zip(&told).filter(|(table, _)| is_of_history(table)).map(|(_, slots)| slots);
        let extras = extras(delivery, &told);
        let of = if has_history { Of::History } else { Of::Registrants };
        let participations = participations::outline(of, used(), &extras);
        let unmatched = participations::outline(Of::Unmatched, used(), &extras);
        let mut base = 0;
        let tables = delivery.tables.iter().zip(told).map(|(table, slots)| {
            let at = base;
            base += slots.slots.len();
            let lookups = joined.of(table.form.layout).filter_map(|(place, found)| {
                let lookup = table.form.layout.lookups().get(place)?;
                Some(LookupPlan::new(found, lookup, &table.form.binding, &table.named, &voters))
            });
            let layout = table.form.layout;
            let numbered = joined.numbered.get(layout.id()).zip(layout.numbered()).map(|(found, numbered)| {
                NumberedPlan::new(found, numbered, &table.form.binding, &table.named, &voters)
            });
            let (lookups, own) = (lookups.collect(), own_of(layout));
            TablePlan {
                registrants: SourcePlan::new(&table.form, &table.named, lookups, numbered, &voters, &own, as_of),
                slots,
                base: at,
                extras: SourcePlan::of_extras(&table.form, &participations, as_of),
                unmatched_extras: SourcePlan::of_extras(&table.form, &unmatched, as_of),
            }
        });
        let tables = tables.collect();
        Self { delivery, joined, as_of, voters, participations, unmatched, has_history, tables }
    }

    fn beside<'t>(&'t self, table: &'t Table<'_>) -> Beside<'t> {
        Beside {
            jurisdiction: self.delivery.layout.jurisdiction(),
            county: table.county().unwrap_or(""),
            codes: &self.joined.codes,
            as_of: self.as_of,
        }
    }

    fn failed(&self, table: &Table<'_>) -> impl Fn(std::io::Error) -> ImportError {
        let path = self.delivery.files.get(table.file).map(|file| file.path.clone()).unwrap_or_default();
        move |source| ImportError::Read { path: path.clone(), source }
    }

    /// Makes the voter table of some sorted rows, and the participations that stand in their own cells.
    pub(super) fn build_voters(&self, rows: &[RowRef]) -> Result<Made<RecordBatch>, ImportError> {
        let mut columns = self.voters.builders(rows.len());
        let mut participations = (!self.has_history).then(|| Participations::new(&self.participations));
        let own = OwnSlots::of(&self.voters);
        let mut states = States::new();
        let mut first = 0_u32;
        for chunk in chunks(rows) {
            let Some((table, plan)) = self.of(chunk) else { continue };
            let mut lines = Lines::new(&table.form);
            lines.load(chunk, &table.text).map_err(self.failed(table))?;
            plan.registrants.fill(&lines, chunk.len(), &mut columns, &mut states);
            own.fill(chunk, &table.name, &mut columns, &mut states);
            self.fill_surrogates(table, chunk, &mut columns);
            if let Some(participations) = &mut participations {
                let belonging = |n: usize| Belonging { row: first + narrow(n), source: None };
                participations.fill(plan.base, &plan.slots, &lines, self.beside(table), belonging);
            }
            first = first.saturating_add(narrow(chunk.len()));
        }
        let made = participations.map(Participations::finish).transpose().map_err(Made::<()>::failed)?;
        let (participations, elections, repeated) = match made {
            Some((batch, elections, repeated)) => (Some(batch), elections, repeated),
            None => (None, Elections::default(), 0),
        };
        let voters = batch(&self.voters, columns).map_err(Made::<()>::failed)?;
        Ok(Made { table: voters, participations, elections, repeated })
    }

    fn fill_surrogates(&self, table: &Table<'_>, rows: &[RowRef], columns: &mut [Column]) {
        if !table.form.layout.has_surrogate_id() {
            return;
        }
        if let Some(column) = self.voters.slot("voter_id").and_then(|slot| columns.get_mut(slot)) {
            rows.iter().for_each(|row| column.push_text(&row.id.text()));
        }
    }

    /// Makes the participations of some rows of a history; `places` are the registrants' rows in their part, empty for
    /// rows without one.
    pub(super) fn build_history(&self, rows: &[RowRef], places: &[u32]) -> Result<Made<()>, ImportError> {
        let is_matched = places.len() == rows.len();
        let outline = if is_matched { &self.participations } else { &self.unmatched };
        let mut made = Participations::new(outline);
        let mut states = States::new();
        let mut done = 0;
        for chunk in chunks(rows) {
            let Some((table, plan)) = self.of(chunk) else { continue };
            let mut lines = Lines::new(&table.form);
            lines.load(chunk, &table.text).map_err(self.failed(table))?;
            let belonging = |n: usize| Belonging {
                row: places.get(done + n).copied().unwrap_or_default(),
                source: chunk.get(n).map(|row| (table.name.as_str(), *row)),
            };
            made.fill(plan.base, &plan.slots, &lines, self.beside(table), belonging);
            if plan.slots.is_single() {
                let extras = if is_matched { &plan.extras } else { &plan.unmatched_extras };
                extras.fill(&lines, chunk.len(), made.columns_mut(), &mut states);
            }
            done += chunk.len();
        }
        let (batch, elections, repeated) = made.finish().map_err(Made::<()>::failed)?;
        Ok(Made { table: (), participations: Some(batch), elections, repeated })
    }

    /// The table of some rows, with its plan.
    fn of(&self, rows: &[RowRef]) -> Option<(&'a Table<'a>, &TablePlan<'a>)> {
        let source = rows.first()?.source as usize;
        Some((self.delivery.tables.get(source)?, self.tables.get(source)?))
    }

    /// Whether every row of a history gives exactly one participation.
    pub(super) fn is_one_each(&self) -> bool {
        let of_history = self.delivery.tables.iter().zip(&self.tables).filter(|(table, _)| has_history_rows(table));
        of_history.into_iter().all(|(_, plan)| plan.slots.is_single())
    }
}

/// What was made of some rows.
pub(super) struct Made<T> {
    pub(super) table: T,
    pub(super) participations: Option<RecordBatch>,
    pub(super) elections: Elections,
    /// Participations whose registrant and election an earlier row has.
    pub(super) repeated: u64,
}

impl<T> Made<T> {
    /// Columns of one table that do not fit each other: a fault of this software, found before anything is written.
    fn failed(error: ArrowError) -> ImportError {
        ImportError::Table { source: error }
    }
}

/// LIMIT: a part has at most [`crate::read::scan::PART_ROWS`] rows.
fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn own_of(layout: &Layout) -> Vec<&'static str> {
    let surrogate = layout.has_surrogate_id().then_some("voter_id");
    OWN_VOTER.into_iter().chain(surrogate).collect()
}

/// Whether a table holds rows of a history.
fn has_history_rows(table: &Table<'_>) -> bool {
    table.role() == Role::History || table.form.layout.history().is_in_same_rows
}

/// The columns of the voter table that a delivery fills.
fn filled(delivery: &Delivery<'_>, joined: &Joined) -> Filled {
    let mut filled = Filled::default();
    for (_, table) in delivery.of_role(Role::Voter) {
        let layout = table.form.layout;
        let here = |bound: &Bound<'_>| match bound {
            Bound::Column(column) if column.groups.is_empty() => Some((*column).clone()),
            _ => None,
        };
        table.form.binding.columns.iter().filter_map(here).for_each(|column| filled.column(&column));
        table.named.iter().for_each(|(name, _)| filled.name(name));
        joined.of(layout).for_each(|(_, found)| found.columns.iter().for_each(|column| filled.name(column)));
        let numbered = joined.numbered.get(layout.id()).into_iter().flat_map(NumberedTable::columns);
        numbered.for_each(|column| filled.name(column));
        if layout.has_surrogate_id() {
            filled.name("voter_id");
        }
    }
    filled
}

/// The columns without a home of history files with a row for each participation.
fn extras(delivery: &Delivery<'_>, slots: &[Slots<'_>]) -> Vec<String> {
    let tables =
        delivery.tables.iter().zip(slots).filter(|(table, slots)| table.role() == Role::History && slots.is_single());
    let columns = tables.flat_map(|(table, _)| &table.form.binding.columns).filter_map(|bound| match bound {
        Bound::Column(column) if column.to.starts_with(EXTRA) => Some(column.to.clone()),
        _ => None,
    });
    columns.collect()
}
