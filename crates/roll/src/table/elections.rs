//! The table of elections.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Int16Array, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use terms::Jurisdiction;

use super::plan::day_number;
use crate::layout::{Precision, WrittenDate};

/// The kind of an election of which only the date is known.
pub(crate) const UNKNOWN_KIND: &str = "unknown";

/// One election as a file tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Election {
    /// When, as far as it is told.
    pub(crate) date: Option<WrittenDate>,
    pub(crate) kind: String,
    /// Its published name or code, if it has one.
    pub(crate) name: Option<String>,
    /// The header, date or token from which it was made.
    pub(crate) label: String,
}

impl Election {
    /// The id, such as `UT-2016-11-08-unknown`: the same in every delivery. An election whose day is not known is told
    /// from others of the same time by its name; one without any date is of this snapshot alone.
    pub(crate) fn id(&self, jurisdiction: Jurisdiction) -> String {
        let when = self.date.map_or_else(|| "undated".to_owned(), |date| date.to_string());
        let is_dated = self.date.is_some_and(|date| date.precision() == Precision::Day);
        match self.name.as_deref().map(slug).filter(|name| !is_dated && !name.is_empty() && *name != self.kind) {
            Some(name) if self.kind == UNKNOWN_KIND || self.date.is_none() => {
                format!("{jurisdiction}-{when}-{}-{name}", self.kind)
            }
            _ => format!("{jurisdiction}-{when}-{}", self.kind),
        }
    }
}

/// A name in small letters, digits and `-`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for letter in name.chars() {
        match letter.to_ascii_lowercase() {
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// Elections by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Elections(BTreeMap<String, Election>);

impl Elections {
    /// Adds an election; of two with one id, name and label are the first in the order of the alphabet.
    pub(crate) fn add(&mut self, id: String, election: Election) {
        match self.0.entry(id) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(election);
            }
            std::collections::btree_map::Entry::Occupied(mut place) => {
                let known = place.get_mut();
                if election.name.is_some() && (known.name.is_none() || election.name < known.name) {
                    known.name = election.name;
                }
                if election.label < known.label {
                    known.label = election.label;
                }
            }
        }
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for (id, election) in other.0 {
            self.add(id, election);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let texts = |of: fn(&Election) -> &str| -> ArrayRef {
            Arc::new(self.0.values().map(|election| Some(of(election))).collect::<StringArray>())
        };
        let ids: StringArray = self.0.keys().map(|id| Some(id.as_str())).collect();
        let names: StringArray = self.0.values().map(|election| election.name.as_deref()).collect();
        let dates: Date32Array =
            self.0.values().map(|election| election.date.and_then(WrittenDate::date).map(day_number)).collect();
        let years: Int16Array = self.0.values().map(|election| election.date.map(|date| date.year)).collect();
        RecordBatch::try_from_iter_with_nullable([
            ("election_id", Arc::new(ids) as ArrayRef, false),
            ("date", Arc::new(dates) as ArrayRef, true),
            ("year", Arc::new(years) as ArrayRef, true),
            ("date_precision", texts(|election| election.date.map_or("none", |date| date.precision().as_str())), false),
            ("kind", texts(|election| &election.kind), false),
            ("name", Arc::new(names) as ArrayRef, true),
            ("source_label", texts(|election| &election.label), false),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elections_of_one_year_are_told_apart_by_their_names() {
        let id = |date: Option<WrittenDate>, kind: &str, name: Option<&str>| {
            let name = name.map(str::to_owned);
            Election { date, kind: kind.to_owned(), name, label: String::new() }.id("AR".parse().unwrap())
        };
        let year = Some(WrittenDate { year: 2016, month: None, day: None });
        let day = Some(WrittenDate { year: 2016, month: Some(11), day: Some(8) });
        assert_eq!(id(day, "general", Some("GENERAL")), "AR-2016-11-08-general");
        assert_eq!(id(year, "general", Some("GENERAL")), "AR-2016-general");
        assert_eq!(id(year, "unknown", Some("Dist. 4 (runoff)")), "AR-2016-unknown-dist-4-runoff");
        assert_eq!(id(None, "unknown", Some("EL1")), "AR-undated-unknown-el1");
    }
}
