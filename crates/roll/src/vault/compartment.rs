//! The parts of a roll that have a key of their own.

use std::fmt;
use std::str::FromStr;

use crate::schema::{DISTRICTS, Table};

/// A part of a roll that has a key of its own.
///
/// Written `roll`, `quarantine`, `lists`, `voter.<column>` or `participation.<column>`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Compartment {
    /// Footers, elections, and every column that a law may open without more ado. Nothing of a snapshot can be read
    /// without it.
    Roll,
    /// A protected column of the voter table, or one without a legal field.
    Voter(String),
    /// A protected column of the participation table, or one without a legal field.
    Participation(String),
    /// Lines that could not be read.
    Quarantine,
    /// Lists of protected registrants, and of canaries.
    Lists,
}

/// A word that names no compartment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no compartment has this name")]
pub struct UnknownCompartment;

impl Compartment {
    /// The compartment that a column lies in. A column that the schema does not know is protected.
    pub fn of(table: Table, column: &str) -> Self {
        let is_open = match table.column(column) {
            Some(column) => !column.is_protected,
            None => table == Table::Voter && column.starts_with(DISTRICTS),
        };
        match table {
            _ if is_open => Self::Roll,
            Table::Voter => Self::Voter(column.to_owned()),
            Table::Participation => Self::Participation(column.to_owned()),
        }
    }

    /// Every compartment that the canonical columns of both tables lie in.
    pub(crate) fn canonical() -> impl Iterator<Item = Self> {
        let tables = [Table::Voter, Table::Participation].into_iter();
        tables.flat_map(|table| table.columns().iter().map(move |column| Self::of(table, column.name)))
    }

    /// What it holds, in words, such as: column `phone`.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Roll => "the roll".to_owned(),
            Self::Voter(column) => format!("column `{column}`"),
            Self::Participation(column) => format!("participation column `{column}`"),
            Self::Quarantine => "the quarantine".to_owned(),
            Self::Lists => "the protection lists".to_owned(),
        }
    }
}

impl fmt::Display for Compartment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roll => f.write_str("roll"),
            Self::Voter(column) => write!(f, "voter.{column}"),
            Self::Participation(column) => write!(f, "participation.{column}"),
            Self::Quarantine => f.write_str("quarantine"),
            Self::Lists => f.write_str("lists"),
        }
    }
}

impl FromStr for Compartment {
    type Err = UnknownCompartment;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word.split_once('.') {
            None if word == "roll" => Ok(Self::Roll),
            None if word == "quarantine" => Ok(Self::Quarantine),
            None if word == "lists" => Ok(Self::Lists),
            Some(("voter", column)) if !column.is_empty() => Ok(Self::Voter(column.to_owned())),
            Some(("participation", column)) if !column.is_empty() => Ok(Self::Participation(column.to_owned())),
            _ => Err(UnknownCompartment),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_law_opens_without_more_ado_has_a_compartment_of_its_own() {
        let own = |table, column: &str| Compartment::of(table, column) != Compartment::Roll;
        for column in ["date_of_birth", "ssn_last4", "status_raw", "source_row", "extra.vtd_abbrv", "no_such_column"] {
            assert!(own(Table::Voter, column), "{column}");
        }
        for column in ["voter_id", "last_name", "party", "districts.state_senate"] {
            assert!(!own(Table::Voter, column), "{column}");
        }
        for column in ["row", "voter_id", "ballot_party", "extra.note", "districts.fire"] {
            assert!(own(Table::Participation, column), "{column}");
        }
        assert!(!own(Table::Participation, "election_id"));
    }

    #[test]
    fn each_is_read_as_it_is_written() {
        let more = [Compartment::Quarantine, Compartment::Lists, Compartment::of(Table::Voter, "extra.a.b")];
        for compartment in Compartment::canonical().chain(more) {
            assert_eq!(compartment.to_string().parse(), Ok(compartment));
        }
        for word in ["", "voter", "voter.", "rolls", "election.date"] {
            assert_eq!(word.parse::<Compartment>(), Err(UnknownCompartment), "{word}");
        }
    }
}
