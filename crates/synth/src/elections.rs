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
    /// Its place among the elections of the roll.
    pub(crate) index: u32,
    /// Its name as in a history file.
    pub(crate) name: &'static str,
    /// Its kind, a word of the canonical vocabulary; empty where the state's files do not tell kinds.
    pub(crate) kind: &'static str,
    /// Votes cast by an average registrant, in per cent.
    pub(crate) turnout: u32,
}

/// LIMIT: a registrant's votes are held as one bit per election.
pub(crate) const ELECTIONS_MAX: usize = 64;

/// Lists the elections of a table from one year up to a day, the oldest first.
pub(crate) fn elections(text: &'static str, calendar: &Calendar, from_year: i16, until: Day) -> Vec<Election> {
    let known = rows(text, |cells| election(cells, calendar))
        .filter(|election| election.year >= from_year && election.day <= until)
        .take(ELECTIONS_MAX);
    known.zip(0..).map(|(election, index)| Election { index, ..election }).collect()
}

/// Reads `date,name,turnout_percent,kind`, the last of which may be missing.
fn election(cells: &mut Cells<'static>, calendar: &Calendar) -> Option<Election> {
    let date: Date = cells.text()?.parse().ok()?;
    let name = cells.text()?;
    let turnout = u32::try_from(cells.number()?).ok()?;
    let kind = cells.text().unwrap_or("");
    Some(Election { day: calendar.day(date), year: date.year(), index: 0, name, kind, turnout })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_the_tables_is_passed_over() {
        let calendar = Calendar::new();
        let end = calendar.day(Date::MAX);
        for code in ["CA", "FL", "GA", "MI", "NC", "NJ", "NY", "OH", "PA", "TX", "UT"] {
            let text = crate::profile::Profile::of(code.parse().unwrap()).unwrap().elections;
            let all = elections(text, &calendar, 0, end);
            assert_eq!(all.len(), text.lines().count() - 1);
            assert!(all.len() <= ELECTIONS_MAX);
            assert!(all.windows(2).all(|pair| pair[0].day < pair[1].day));
            let is_known = |kind: &str| kind.is_empty() || roll::schema::ELECTION_KINDS.contains(&kind);
            assert!(all.iter().all(|election| is_known(election.kind)));
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
