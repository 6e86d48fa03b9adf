//! The table of elections.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, RecordBatch, StringArray};
use arrow_schema::ArrowError;
use terms::{Date, Jurisdiction};

use super::plan::day_number;

/// The kind of an election of which only the date is known.
pub(crate) const UNKNOWN_KIND: &str = "unknown";

/// One election as a file tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Election {
    pub(crate) date: Date,
    pub(crate) kind: String,
    /// Its published name, if it has one.
    pub(crate) name: Option<String>,
    /// The header or date from which it was made.
    pub(crate) label: String,
}

/// Elections by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Elections(BTreeMap<String, Election>);

/// The id of an election, such as `UT-2016-11-08-unknown`: the same in every delivery.
pub(crate) fn election_id(jurisdiction: Jurisdiction, date: Date, kind: &str) -> String {
    format!("{jurisdiction}-{date}-{kind}")
}

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

    /// Ids in order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The place of an id in that order.
    pub(crate) fn position(&self, id: &str) -> Option<usize> {
        self.0.keys().position(|known| known == id)
    }

    pub(crate) fn batch(&self) -> Result<RecordBatch, ArrowError> {
        let texts = |of: fn(&Election) -> &str| -> ArrayRef {
            Arc::new(self.0.values().map(|election| Some(of(election))).collect::<StringArray>())
        };
        let names: StringArray = self.0.values().map(|election| election.name.as_deref()).collect();
        let dates: Date32Array = self.0.values().map(|election| Some(day_number(election.date))).collect();
        RecordBatch::try_from_iter_with_nullable([
            ("election_id", Arc::new(self.ids().map(Some).collect::<StringArray>()) as ArrayRef, false),
            ("date", Arc::new(dates) as ArrayRef, false),
            ("kind", texts(|election| &election.kind), false),
            ("name", Arc::new(names) as ArrayRef, true),
            ("source_label", texts(|election| &election.label), false),
        ])
    }
}
