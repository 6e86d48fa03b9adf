//! Tables that are joined to those of the roll: the districts of a precinct, the meaning of a code.

use roll::Layout;
use roll::layout::Lookup;

use crate::cell::{AreaCell, Cell};
use crate::elections::Election;
use crate::line::Line;
use crate::places::{Division, Place};
use crate::sheet::Sheet;

/// A lookup table made ready for writing.
#[derive(Debug)]
pub(crate) struct LookupSheet<'a> {
    pub(crate) sheet: Sheet<'a>,
    subject: Subject<'a>,
}

/// What a lookup table tells.
#[derive(Debug)]
enum Subject<'a> {
    /// Which election a code stands for: in each county another one, where there are so many.
    Elections(Option<u32>),
    /// In which districts a precinct lies; the columns of the key.
    Precincts(&'a [(String, String)]),
}

impl<'a> LookupSheet<'a> {
    /// The table with the meaning of codes of elections, for ballots in these groups of columns.
    pub(crate) fn of_elections(layout: &'a Layout, voters: &Sheet<'a>) -> Self {
        Self { sheet: Sheet::new(layout, voters.population), subject: Subject::Elections(voters.coded_groups()) }
    }

    /// The table with the districts of precincts.
    pub(crate) fn of_precincts(layout: &'a Layout, lookup: &'a Lookup, voters: &Sheet<'a>) -> Self {
        Self { sheet: Sheet::new(layout, voters.population), subject: Subject::Precincts(&lookup.on) }
    }

    /// Writes the rows that belong to a county, given by its main place.
    pub(crate) fn write_county(&self, county: &Place, out: &mut Vec<u8>) {
        let mut line = Line::new(self.sheet.form(), out);
        let population = self.sheet.population;
        match &self.subject {
            Subject::Elections(Some(groups)) => {
                for number in 1..=*groups {
                    if let Some(held) = population.coded(county.county_index, number, *groups) {
                        self.write_election(county, number, held, &mut line);
                    }
                }
            }
            // The same for every county: written once.
            Subject::Elections(None) if county.county_index == 0 => {
                population
                    .elections
                    .iter()
                    .for_each(|held| self.write_election(county, held.index + 1, held, &mut line));
            }
            Subject::Elections(None) => {}
            Subject::Precincts(key) => {
                let places = population.places.iter().filter(|place| place.county_index == county.county_index);
                for place in places {
                    (0..place.precincts()).for_each(|precinct| self.write_precinct(place, precinct, key, &mut line));
                }
            }
        }
    }

    fn write_election(&self, county: &Place, number: u32, held: &Election, line: &mut Line<'_>) {
        for column in self.sheet.columns() {
            match column.published.to.as_str() {
                "election.code" => line.number(number),
                "election.date" => line.word(column.day(held.day)),
                "election.name" => line.word(held.name),
                "election.kind" => line.word(self.sheet.kind(column, held)),
                _ => match column.cell {
                    Cell::Area(cell) => self.sheet.write_area(cell, 0, county, line),
                    _ => line.word(""),
                },
            }
        }
        line.end();
    }

    /// A row for the precinct, or one for each of its districts.
    fn write_precinct(&self, place: &Place, precinct: u32, key: &[(String, String)], line: &mut Line<'_>) {
        if self.sheet.layout.pivot().is_none() {
            return self.write_row(place, precinct, key, None, line);
        }
        for (name, division) in self.sheet.population.profile.districts {
            self.write_row(place, precinct, key, Some((name, *division)), line);
        }
    }

    fn write_row(
        &self,
        place: &Place,
        precinct: u32,
        key: &[(String, String)],
        district: Option<(&str, Division)>,
        line: &mut Line<'_>,
    ) {
        let pivot = self.sheet.layout.pivot();
        for column in self.sheet.columns() {
            let name = &column.published.name;
            let is_key = key.iter().any(|(_, theirs)| theirs == name);
            match (district, pivot) {
                _ if is_key => self.sheet.write_area(AreaCell::Precinct, precinct, place, line),
                (Some((kind, _)), Some(pivot)) if pivot.kind == *name => {
                    let kind = kind.strip_prefix(roll::schema::DISTRICTS).unwrap_or(kind);
                    line.format(kind.to_ascii_uppercase());
                }
                (Some((_, division)), Some(pivot)) if pivot.value == *name => {
                    self.sheet.write_area(AreaCell::District(division), precinct, place, line);
                }
                _ => match column.cell {
                    Cell::Area(cell) => self.sheet.write_area(cell, precinct, place, line),
                    _ => line.word(""),
                },
            }
        }
        line.end();
    }
}
