//! Which columns are compared.

use super::error::DiffError;
use crate::schema::{COUNTY_COLUMNS, FIELD_STATE, SOURCE_FILE, SOURCE_ROW, Table};
use crate::snapshot::Snapshot;

/// The key, and columns that say where a row was read: they differ between any two deliveries.
const NEVER: [&str; 3] = ["voter_id", SOURCE_FILE, SOURCE_ROW];

/// The columns of two snapshots.
#[derive(Debug)]
pub(super) struct Columns {
    /// Those that are compared, in canonical order, with whether they are protected.
    pub(super) compared: Vec<(String, bool)>,
    pub(super) only_before: Vec<String>,
    pub(super) only_after: Vec<String>,
    pub(super) left_out: Vec<String>,
    /// The column that tells the county, if both have one.
    pub(super) county: Option<&'static str>,
    /// Whether both have a status.
    pub(super) has_status: bool,
}

impl Columns {
    pub(super) fn new(before: &Snapshot, after: &Snapshot, without: &[String]) -> Result<Self, DiffError> {
        let (one, other) = (names(before), names(after));
        if let Some(column) = without.iter().find(|name| !one.contains(name) && !other.contains(name)) {
            return Err(DiffError::NoColumn { column: column.clone() });
        }
        let only = |these: &[String], others: &[String]| {
            these.iter().filter(|name| !others.contains(name)).cloned().collect::<Vec<String>>()
        };
        let (only_before, only_after) = (only(&one, &other), only(&other, &one));
        // It tells of columns that the other snapshot may not have.
        let has_states = only_before.is_empty() && only_after.is_empty();
        let is_left_out = |name: &String| without.contains(name) || (name == FIELD_STATE && !has_states);
        let both = one.into_iter().filter(|name| other.contains(name));
        let (left_out, compared) = both.partition::<Vec<String>, _>(is_left_out);
        let have = |column: &&str| before.has_column(column) && after.has_column(column);
        Ok(Self {
            compared: compared.into_iter().map(|name| (name.clone(), is_protected(&name))).collect(),
            only_before,
            only_after,
            left_out,
            county: COUNTY_COLUMNS.into_iter().find(have),
            has_status: have(&"status"),
        })
    }
}

/// The columns of a snapshot that can be compared, in canonical order.
fn names(snapshot: &Snapshot) -> Vec<String> {
    let mut names = snapshot.manifest().voter_columns.clone();
    names.retain(|name| !NEVER.contains(&name.as_str()));
    let place = |name: &String| Table::Voter.columns().iter().position(|column| column.name == name);
    // Districts and extras stand in the order of their layout, which may differ: here by name, after the others.
    names.sort_by_cached_key(|name| (place(name).unwrap_or(usize::MAX), name.clone()));
    names
}

/// Whether a column is closed unless a law opens it; what the schema does not know is closed.
fn is_protected(name: &str) -> bool {
    match Table::Voter.column(name) {
        Some(column) => column.is_protected,
        None => crate::schema::field_of(name).is_none(),
    }
}
