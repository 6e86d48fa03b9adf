//! Participations of a part → one history cell per registrant.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, UInt32Type};
use roll::{Reader, SnapshotError};
use terms::Date;

use crate::days::{day_of, days_of};
use crate::text::TextColumn;

/// The columns of the participation table that a history cell is made of.
pub(crate) const COLUMNS: [&str; 3] = ["row", "election_id", "outcome"];

/// The elections of a snapshot that a history cell may name, with the day written out.
#[derive(Debug, Clone, Default)]
pub struct Elections(BTreeMap<String, (i32, String)>);

impl Elections {
    /// Reads the table of elections and keeps those on or after `since`. An election without a date is left out:
    /// whether it lies in the period cannot be told.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the table cannot be read.
    pub fn read(roll: &Reader, since: Option<Date>) -> Result<Self, SnapshotError> {
        let batch = roll.elections()?;
        let (Some(ids), Some(dates)) = (batch.column_by_name("election_id"), batch.column_by_name("date")) else {
            return Ok(Self::default());
        };
        let earliest = since.map_or(i32::MIN, days_of);
        let dates = dates.as_primitive::<Date32Type>();
        let known = ids.as_string::<i32>().iter().zip(dates).filter_map(|(id, days)| {
            let days = days.filter(|days| *days >= earliest)?;
            Some((id?.to_owned(), (days, day_of(days)?.to_string())))
        });
        Ok(Self(known.collect()))
    }
}

/// The history cells of one part, ready to be written row by row.
#[derive(Debug, Default)]
pub struct History {
    /// For each election word, the day written out.
    days: Vec<String>,
    /// Where each row's participations begin in `of_row`; one more entry than rows.
    starts: Vec<u32>,
    /// Indices into `days`, by row, in order of the day.
    of_row: Vec<u16>,
}

impl History {
    /// Reads the participations of a part that count as a vote (`outcome` is `voted`).
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the part cannot be read.
    pub fn read(roll: &Reader, part: usize, elections: &Elections) -> Result<Self, SnapshotError> {
        let batch = roll.read_participations(part, &COLUMNS)?;
        let rows = roll.snapshot().manifest().parts.get(part).map_or(0, |part| part.voters);
        let (Some(ids), Some(outcomes)) = (TextColumn::new(batch.column(1)), TextColumn::new(batch.column(2))) else {
            return Ok(Self::default());
        };
        let mut by_day: Vec<(i32, &str)> = elections.0.values().map(|(days, text)| (*days, text.as_str())).collect();
        by_day.sort_unstable();
        by_day.dedup();
        let place: BTreeMap<&str, u16> = (0_u16..).zip(&by_day).map(|(place, (_, text))| (*text, place)).collect();
        let place_of = |id: &str| elections.0.get(id).and_then(|(_, text)| place.get(text.as_str()).copied());

        let places = ids.map_cells(place_of);
        let voted = outcomes.map_cells(|word| (word == "voted").then_some(()));
        let voters = batch.column(0).as_primitive::<UInt32Type>();
        let votes = voters.iter().zip(places).zip(voted);
        let mut votes: Vec<(u32, u16)> =
            votes.filter_map(|((voter, place), voted)| voted.and(Some((voter?, place?)))).collect();
        votes.sort_unstable();
        votes.dedup();
        Ok(Self {
            starts: starts(&votes, rows),
            of_row: votes.into_iter().map(|(_, place)| place).collect(),
            days: by_day.into_iter().map(|(_, text)| text.to_owned()).collect(),
        })
    }

    /// Appends a row's cell, such as `2012-11-06;2016-11-08`; says whether there is one.
    pub(crate) fn write(&self, row: usize, out: &mut String) -> bool {
        let bounds = (self.starts.get(row), self.starts.get(row + 1));
        let (Some(start), Some(end)) = bounds else { return false };
        let places = self.of_row.get(*start as usize..*end as usize).unwrap_or_default();
        for (index, place) in places.iter().enumerate() {
            if index > 0 {
                out.push(';');
            }
            out.push_str(self.days.get(usize::from(*place)).map(String::as_str).unwrap_or_default());
        }
        !places.is_empty()
    }
}

/// Where each row's votes begin, for votes sorted by row.
fn starts(votes: &[(u32, u16)], rows: u64) -> Vec<u32> {
    let mut starts = Vec::new();
    let mut at = 0_u32;
    let mut rest = votes.iter().peekable();
    for row in 0..rows {
        starts.push(at);
        while rest.next_if(|(voter, _)| u64::from(*voter) == row).is_some() {
            at += 1;
        }
    }
    starts.push(at);
    starts
}
