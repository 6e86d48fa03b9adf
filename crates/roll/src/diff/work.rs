//! The work of a comparison: window by window, then the registrants who are new.

use std::ops::Range;

use arrow_array::ArrayRef;
use rayon::prelude::*;

use super::Limits;
use super::columns::Columns;
use super::error::DiffError;
use super::ids::{ALONE, Matching};
use super::report::{Compared, DIFF_SCHEMA, Diff};
use super::side::Side;
use super::tally::{Group, Names, Stand, Tallies};
use super::votes::{Counts, Elections, Votes, add};
use super::window::{Changes, Room, Window};
use super::write::{Row, Writer};
use crate::cells::Cells;
use crate::progress::{Meter, Progress, Stage};
use crate::words::Words;

/// Parts of the second snapshot whose new registrants are held in memory together.
const WAVE_PARTS: usize = 8;

/// A comparison under way.
pub(super) struct Work<'a> {
    before: &'a Side<'a>,
    after: &'a Side<'a>,
    columns: &'a Columns,
    counties: Words,
    statuses: Words,
    reasons: Words,
    tallies: Tallies,
    elections: Elections,
    counts: Vec<Counts>,
    writer: Option<Writer>,
}

/// County, status and reason of rows by their numbers.
#[derive(Debug)]
struct Traits {
    counties: Vec<u32>,
    statuses: Vec<u32>,
    reasons: Vec<u32>,
}

impl Traits {
    fn county(&self, place: usize) -> u32 {
        self.counties.get(place).copied().unwrap_or(crate::words::NONE)
    }

    fn stand(&self, place: usize) -> Stand {
        let of = |numbers: &[u32]| numbers.get(place).copied().unwrap_or(crate::words::NONE);
        Stand { status: of(&self.statuses), reason: of(&self.reasons) }
    }
}

impl<'a> Work<'a> {
    pub(super) fn new(
        (before, after): (&'a Side<'a>, &'a Side<'a>),
        columns: &'a Columns,
        writer: Option<Writer>,
    ) -> Result<Self, DiffError> {
        let elections = Elections::read(before, after)?;
        Ok(Self {
            before,
            after,
            columns,
            counties: Words::default(),
            statuses: Words::default(),
            reasons: Words::default(),
            tallies: Tallies::default(),
            counts: elections.counts(),
            elections,
            writer,
        })
    }

    /// Finds who is who.
    pub(super) fn matching(&mut self) -> Result<Matching, DiffError> {
        Matching::new((self.before, self.after), self.columns.county, &mut self.counties)
    }

    /// Compares the first snapshot, window by window.
    pub(super) fn windows(
        &mut self,
        matching: &Matching,
        limits: Limits,
        progress: &dyn Progress,
    ) -> Result<(), DiffError> {
        let rows = self.before.rows();
        let cells = u64::from(rows) * self.columns.compared.len() as u64;
        let meter = Meter::new(progress, Stage::Comparing, cells);
        // What is read for a window that turns out too large is lost: begin with a small one.
        let (mut start, mut size) = (0, (limits.window_rows / 8).max(limits.window_rows_min).max(1));
        while start < rows {
            let end = start.saturating_add(size).min(rows);
            let is_last_cut = size <= limits.window_rows_min;
            let room = Room::new(if is_last_cut { usize::MAX } else { limits.change_bytes });
            let window = Window::new((self.before, self.after), start..end, matching);
            let changes = self.changes(&window, &room, &meter)?;
            if room.is_full() {
                size = (size / 2).max(limits.window_rows_min).max(1);
                continue;
            }
            self.count(&window, &changes)?;
            start = end;
            if room.used() < limits.change_bytes / 4 {
                size = size.saturating_mul(2).min(limits.window_rows.max(1));
            }
        }
        Ok(())
    }

    /// The changed values of every column.
    fn changes(&self, window: &Window<'_>, room: &Room, meter: &Meter<'_>) -> Result<Vec<Changes>, DiffError> {
        let with_texts = self.writer.is_some();
        let columns = self.columns.compared.par_iter().map(|(column, _)| {
            let changes = window.changes(column, with_texts, room)?;
            meter.add(window.rows.len());
            Ok(changes)
        });
        columns.collect()
    }

    fn count(&mut self, window: &Window<'_>, changes: &[Changes]) -> Result<(), DiffError> {
        let mut is_changed = vec![false; window.partners.len()];
        for item in changes.iter().flat_map(|changes| &changes.items) {
            if let Some(is_changed) = is_changed.get_mut(item.row as usize) {
                *is_changed = true;
            }
        }
        let (before, after) = self.traits(window)?;
        let mut groups = Vec::with_capacity(window.partners.len());
        for (place, (partner, is_changed)) in window.partners.iter().zip(&is_changed).enumerate() {
            let stands = self.columns.has_status.then(|| (before.stand(place), after.stand(place)));
            groups.push(if *partner == ALONE {
                self.tallies.removed(before.county(place), stands.map(|(stand, _)| stand));
                Group::Movers
            } else {
                self.tallies.kept((before.county(place), after.county(place)), stands, *is_changed)
            });
        }
        for (column, changes) in changes.iter().enumerate() {
            for item in &changes.items {
                if let Some(group) = groups.get(item.row as usize) {
                    self.tallies.changed(*group, column, item.change);
                }
            }
        }
        add(&mut self.counts, &window.votes(&self.elections)?);
        self.write(window, changes, &is_changed, (&before, &after))
    }

    /// What the window's rows and their partners are counted by.
    fn traits(&mut self, window: &Window<'_>) -> Result<(Traits, Traits), DiffError> {
        let stand = |column| self.columns.has_status.then_some(column);
        let (counties, after_counties) = window.numbers(self.columns.county, &mut self.counties)?;
        let (statuses, after_statuses) = window.numbers(stand("status"), &mut self.statuses)?;
        let (reasons, after_reasons) = window.numbers(stand("status_reason"), &mut self.reasons)?;
        let after = Traits { counties: after_counties, statuses: after_statuses, reasons: after_reasons };
        Ok((Traits { counties, statuses, reasons }, after))
    }

    /// Writes the removed and changed registrants of a window in the order of its rows.
    fn write(
        &mut self,
        window: &Window<'_>,
        changes: &[Changes],
        is_changed: &[bool],
        (before, after): (&Traits, &Traits),
    ) -> Result<(), DiffError> {
        let Some(writer) = &mut self.writer else { return Ok(()) };
        let mut next: Vec<_> = changes.iter().map(|changes| changes.items.iter().peekable()).collect();
        for part in window.before.parts_of(&window.rows) {
            let ids = window.before.column(part, "voter_id")?;
            let ids = Cells::new(&ids);
            for row in inside(window.before.rows_of(part), &window.rows) {
                let place = row - window.rows.start;
                let at = place as usize;
                let is_alone = window.partners.get(at) == Some(&ALONE);
                if !is_alone && is_changed.get(at) != Some(&true) {
                    continue;
                }
                let id = (row - window.before.rows_of(part).start) as usize;
                let registrant = Row {
                    kind: if is_alone { "removed" } else { "changed" },
                    voter_id: ids.text(id).unwrap_or_default(),
                    county_before: self.counties.word(before.county(at)),
                    county_after: self.counties.word(after.county(at)),
                    ..Row::default()
                };
                if is_alone {
                    writer.push(&registrant)?;
                    continue;
                }
                for ((items, changes), (column, _)) in next.iter_mut().zip(changes).zip(&self.columns.compared) {
                    let Some(item) = items.next_if(|item| item.row == place) else { continue };
                    let (before, after) = changes.texts(item);
                    writer.push(&Row { column: Some(column), before, after, ..registrant })?;
                }
            }
        }
        Ok(())
    }

    /// Counts and writes the registrants who are in the second snapshot only.
    pub(super) fn added(&mut self, matching: &Matching) -> Result<(), DiffError> {
        let parts: Vec<usize> = self.after.parts().collect();
        for wave in parts.chunks(WAVE_PARTS) {
            let read = |part: &usize| self.newcomers(*part, matching);
            let read = wave.par_iter().map(read).collect::<Result<Vec<Newcomers>, _>>()?;
            for newcomers in read {
                add(&mut self.counts, &newcomers.counts);
                self.add_newcomers(&newcomers)?;
            }
        }
        Ok(())
    }

    fn newcomers(&self, part: usize, matching: &Matching) -> Result<Newcomers, DiffError> {
        let rows = self.after.rows_of(part);
        let is_partner = matching.is_partner.get(rows.start as usize..rows.end as usize).unwrap_or_default();
        let rows: Vec<u32> = (0..).zip(is_partner).filter(|(_, is)| !**is).map(|(row, _)| row).collect();
        let mut newcomers = Newcomers { rows, counts: self.elections.counts(), ..Newcomers::default() };
        if newcomers.rows.is_empty() {
            return Ok(newcomers);
        }
        let has = |column: &&str| self.after.snapshot().has_column(column);
        let read = |column: &str| self.after.column(part, column);
        newcomers.county = self.columns.county.map(read).transpose()?;
        if self.columns.has_status {
            newcomers.status = Some(read("status")?);
            newcomers.reason = Some("status_reason").filter(has).map(read).transpose()?;
        }
        newcomers.ids = self.writer.as_ref().map(|_| read("voter_id")).transpose()?;
        let votes = Votes::read(self.after, part, &self.elections)?;
        newcomers.rows.iter().for_each(|row| votes.came(*row, &mut newcomers.counts));
        Ok(newcomers)
    }

    fn add_newcomers(&mut self, newcomers: &Newcomers) -> Result<(), DiffError> {
        let numbers = |array: &Option<ArrayRef>, words: &mut Words| {
            array.as_ref().map(|array| words.numbers(Cells::new(array))).unwrap_or_default()
        };
        let traits = Traits {
            counties: numbers(&newcomers.county, &mut self.counties),
            statuses: numbers(&newcomers.status, &mut self.statuses),
            reasons: numbers(&newcomers.reason, &mut self.reasons),
        };
        for row in &newcomers.rows {
            let place = *row as usize;
            let stand = self.columns.has_status.then(|| traits.stand(place));
            self.tallies.added(traits.county(place), stand);
            if let (Some(writer), Some(ids)) = (&mut self.writer, &newcomers.ids) {
                let voter_id = Cells::new(ids).text(place).unwrap_or_default();
                let county_after = self.counties.word(traits.county(place));
                writer.push(&Row { kind: "added", voter_id, county_after, ..Row::default() })?;
            }
        }
        Ok(())
    }

    /// Puts words for numbers.
    pub(super) fn finish(self) -> (Diff, Option<Writer>) {
        let names = Names {
            counties: &self.counties,
            statuses: &self.statuses,
            reasons: &self.reasons,
            columns: &self.columns.compared,
        };
        let counted = self.tallies.finish(&names);
        let compared = |side: &Side<'_>| {
            let manifest = side.snapshot().manifest();
            Compared {
                snapshot: manifest.snapshot.clone(),
                as_of: manifest.as_of,
                layout: manifest.layout.id.clone(),
                registrants: manifest.counts.voters,
                repeated: manifest.counts.voters_repeated,
            }
        };
        let diff = Diff {
            schema: DIFF_SCHEMA.to_owned(),
            jurisdiction: self.before.snapshot().manifest().jurisdiction,
            before: compared(self.before),
            after: compared(self.after),
            registrants: counted.registrants,
            details: counted.details,
            between_counties: counted.between_counties,
            counties: if self.columns.county.is_some() { counted.counties } else { Vec::new() },
            elections: self.elections.finish(&self.counts),
            only_before: self.columns.only_before.clone(),
            only_after: self.columns.only_after.clone(),
            left_out: self.columns.left_out.clone(),
        };
        (diff, self.writer)
    }
}

/// The registrants of a part of the second snapshot who are new, and what they are counted by.
#[derive(Debug, Default)]
struct Newcomers {
    rows: Vec<u32>,
    county: Option<ArrayRef>,
    status: Option<ArrayRef>,
    reason: Option<ArrayRef>,
    ids: Option<ArrayRef>,
    counts: Vec<Counts>,
}

/// What two ranges have in common.
fn inside(one: Range<u32>, other: &Range<u32>) -> Range<u32> {
    one.start.max(other.start)..one.end.min(other.end)
}
