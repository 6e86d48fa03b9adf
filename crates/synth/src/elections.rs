//! The elections that a roll's histories speak of.

use terms::Date;

use crate::calendar::{Calendar, Day};
use crate::table::{Cells, rows};

/// One election.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Election {
    /// When it was held.
    pub(crate) day: Day,
    /// The year it was held in.
    pub(crate) year: i16,
    /// Its name as in a history file.
    pub(crate) name: &'static str,
    /// Votes cast by an average registrant, in per cent.
    pub(crate) turnout: u32,
}

/// LIMIT: a registrant's votes are held as one bit per election.
pub(crate) const ELECTIONS_MAX: usize = 64;

/// Lists the elections of a table from one year up to a day, the oldest first.
pub(crate) fn elections(text: &'static str, calendar: &Calendar, from_year: i16, until: Day) -> Vec<Election> {
    rows(text, |cells| election(cells, calendar))
        .filter(|election| election.year >= from_year && election.day <= until)
        .take(ELECTIONS_MAX)
        .collect()
}

/// Reads `date,name,turnout_percent`.
fn election(cells: &mut Cells<'static>, calendar: &Calendar) -> Option<Election> {
    let date: Date = cells.text()?.parse().ok()?;
    let name = cells.text()?;
    let turnout = u32::try_from(cells.number()?).ok()?;
    Some(Election { day: calendar.day(date), year: date.year(), name, turnout })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_tables_is_passed_over() {
        let calendar = Calendar::new();
        let end = calendar.day(Date::MAX);
        for text in [include_str!("../data/ut_elections.csv"), include_str!("../data/nc_elections.csv")] {
            let all = elections(text, &calendar, 0, end);
            assert_eq!(all.len(), text.lines().count() - 1);
            assert!(all.len() <= ELECTIONS_MAX);
            assert!(all.windows(2).all(|pair| pair[0].day < pair[1].day));
        }
    }

    #[test]
    fn a_roll_knows_only_the_elections_before_it() {
        let calendar = Calendar::new();
        let until = calendar.day(Date::new(2017, 6, 1).unwrap());
        let known = elections(include_str!("../data/ut_elections.csv"), &calendar, 2000, until);
        assert_eq!(calendar.date(known.last().unwrap().day), Date::new(2016, 11, 8).unwrap());
    }
}
