//! Counties, cities and the districts that a precinct lies in.

use crate::draw::Weighted;
use crate::rng::Rng;
use crate::table::{Cells, rows};

/// A city or ZIP area of a county.
#[derive(Debug)]
pub(crate) struct Place {
    /// The county's name.
    pub(crate) county: &'static str,
    /// The county's mark in precinct names.
    pub(crate) county_code: &'static str,
    /// The state's own number of the county.
    pub(crate) county_number: &'static str,
    /// The city as in a postal address.
    pub(crate) city: &'static str,
    /// The ZIP code.
    pub(crate) zip: &'static str,
    /// The telephone area code.
    pub(crate) area_code: &'static str,
    /// The county, counted from 0 in the order of the table.
    pub(crate) county_index: u32,
    /// Registrants, in tens.
    weight: u64,
    /// Registrants of the places before this one, in tens.
    before: u64,
    /// How many precincts the place has.
    precincts: u32,
    /// How many precincts of the county come before.
    precincts_before: u32,
    /// How many precincts the county has.
    precincts_of_county: u32,
}

/// How a kind of district divides the state, and so which number a precinct gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Division {
    /// The state in so many districts of about equal registration, in the order of the places.
    State(u32),
    /// Each county in so many.
    County(u32),
    /// Each city in so many.
    City(u32),
    /// The state in so many, with a word before the number.
    Named(&'static str, u32),
    /// The city itself, by name.
    CityName,
    /// The city itself, by a code of its own.
    CityCode,
    /// The county itself, by name.
    CountyName,
}

/// All places of a state in geographic order.
#[derive(Debug)]
pub(crate) struct Places {
    list: Vec<Place>,
    draw: Weighted<u32>,
    total: u64,
    /// For each county in the order of the list, the first of its places.
    counties: Vec<u32>,
    /// Registrants of each county, in tens.
    county_weights: Vec<u64>,
}

impl Places {
    /// Reads a table of places; a precinct holds about `precinct_tens` times ten registrants.
    pub(crate) fn new(text: &'static str, precinct_tens: u64) -> Self {
        let mut list: Vec<Place> = rows(text, place).collect();
        let mut counties: Vec<(u32, u32)> = Vec::new();
        let mut county_weights: Vec<u64> = Vec::new();
        let (mut total, mut county) = (0, "");
        for (place, index) in list.iter_mut().zip(0..) {
            if place.county != county {
                county = place.county;
                counties.push((index, 0));
            }
            place.county_index = u32::try_from(counties.len().saturating_sub(1)).unwrap_or(u32::MAX);
            place.before = total;
            total += place.weight;
            match county_weights.get_mut(counties.len().saturating_sub(1)) {
                Some(weight) => *weight += place.weight,
                None => county_weights.push(place.weight),
            }
            place.precincts = u32::try_from(place.weight / precinct_tens.max(1)).unwrap_or(0) + 1;
            if let Some((_, precincts)) = counties.last_mut() {
                place.precincts_before = *precincts;
                *precincts += place.precincts;
            }
        }
        for (first, precincts) in &counties {
            let name = usize::try_from(*first).ok().and_then(|first| list.get(first)).map_or("", |place| place.county);
            for place in list.iter_mut().filter(|place| place.county == name) {
                place.precincts_of_county = *precincts;
            }
        }
        let draw = Weighted::new(list.iter().zip(0..).map(|(place, index)| (index, place.weight)));
        let counties = counties.into_iter().map(|(first, _)| first).collect();
        Self { list, draw, total, counties, county_weights }
    }

    /// Draws a place by its registrants.
    pub(crate) fn draw(&self, rng: &mut Rng) -> u32 {
        self.draw.draw(rng).unwrap_or(0)
    }

    /// The main place of a county, counted round and round.
    pub(crate) fn of_county(&self, number: u64) -> u32 {
        let count = u64::try_from(self.counties.len()).unwrap_or(0);
        let index = number.checked_rem(count).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| self.counties.get(index)).copied().unwrap_or(0)
    }

    /// All places, in geographic order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.list.iter()
    }

    /// The main place of each county.
    pub(crate) fn counties(&self) -> impl Iterator<Item = &Place> {
        self.counties.iter().filter_map(|first| self.list.get(usize::try_from(*first).ok()?))
    }

    /// How many of so many registrants live in the county of a place, on average.
    pub(crate) fn share_of_county(&self, place: &Place, rows: u64) -> u64 {
        let weight = usize::try_from(place.county_index).ok().and_then(|index| self.county_weights.get(index));
        weight.and_then(|weight| (rows * weight).checked_div(self.total)).unwrap_or(0)
    }

    /// The place of an index; an index past the end is the first place.
    pub(crate) fn get(&self, index: u32) -> Option<&Place> {
        usize::try_from(index).ok().and_then(|index| self.list.get(index)).or_else(|| self.list.first())
    }

    /// The number of the district that a precinct of a place lies in, from 1; `None` for a division by name.
    pub(crate) fn district(&self, place: &Place, precinct: u32, division: Division) -> Option<u32> {
        let share = |position: u64, of: u64, seats: u32| {
            (position * u64::from(seats)).checked_div(of).and_then(|seat| u32::try_from(seat).ok()).map(|seat| seat + 1)
        };
        match division {
            Division::State(seats) | Division::Named(_, seats) => {
                let within = (place.weight * u64::from(precinct)).checked_div(u64::from(place.precincts))?;
                share(place.before + within, self.total, seats)
            }
            Division::County(seats) => {
                share(u64::from(place.precincts_before + precinct), u64::from(place.precincts_of_county), seats)
            }
            Division::City(seats) => share(u64::from(precinct), u64::from(place.precincts), seats),
            Division::CityName | Division::CityCode | Division::CountyName => None,
        }
    }
}

impl Place {
    /// Draws a precinct of the place, from 0.
    pub(crate) fn draw_precinct(&self, rng: &mut Rng) -> u32 {
        rng.below(self.precincts)
    }

    /// How many precincts the place has.
    pub(crate) fn precincts(&self) -> u32 {
        self.precincts
    }

    /// The number of a precinct within the county, from 1.
    pub(crate) fn precinct_number(&self, precinct: u32) -> u32 {
        self.precincts_before + precinct + 1
    }
}

/// Reads `county,county_code,county_number,city,zip,weight,area_code`.
fn place(cells: &mut Cells<'static>) -> Option<Place> {
    Some(Place {
        county: cells.text()?,
        county_code: cells.text()?,
        county_number: cells.text()?,
        city: cells.text()?,
        zip: cells.text()?,
        weight: cells.number()?,
        area_code: cells.text()?,
        county_index: 0,
        before: 0,
        precincts: 1,
        precincts_before: 0,
        precincts_of_county: 1,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::profile::Profile;

    const UTAH: &str = include_str!("../data/ut_places.csv");

    #[test]
    fn no_line_of_the_tables_is_passed_over() {
        let counties = [
            ("CA", 58),
            ("FL", 67),
            ("GA", 159),
            ("MI", 83),
            ("NC", 100),
            ("NJ", 21),
            ("NY", 62),
            ("OH", 88),
            ("PA", 67),
            ("TX", 254),
            ("UT", 29),
        ];
        for (code, counties) in counties {
            let text = Profile::of(code.parse().unwrap()).unwrap().places;
            let places = Places::new(text, 75);
            assert_eq!(places.list.len(), text.lines().count() - 1);
            assert_eq!(places.counties.len(), counties);
            assert!(places.list.iter().all(|place| place.zip.len() == 5 && place.area_code.len() == 3));
        }
    }

    #[test]
    fn districts_cover_the_state_and_are_fixed_for_a_precinct() {
        let places = Places::new(UTAH, 75);
        let mut seen = BTreeSet::new();
        for place in &places.list {
            for precinct in 0..place.precincts {
                seen.insert(places.district(place, precinct, Division::State(75)).unwrap());
                let seat = places.district(place, precinct, Division::County(5)).unwrap();
                assert!((1..=5).contains(&seat));
            }
        }
        assert_eq!(seen, (1..=75).collect());
    }

    #[test]
    fn precinct_numbers_are_unique_in_a_county() {
        let places = Places::new(UTAH, 75);
        let mut seen = BTreeSet::new();
        for place in &places.list {
            for precinct in 0..place.precincts {
                assert!(seen.insert((place.county, place.precinct_number(precinct))));
            }
        }
    }
}
