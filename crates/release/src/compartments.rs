//! Which keys a release gets.

use std::collections::BTreeSet;

use law::Decision;
use roll::Snapshot;
use roll::schema::Table;
use roll::vault::Compartment;

use crate::history;
use crate::mask;
use crate::plan::Plan;

/// The compartments of a snapshot that a release under a decision reads: the columns of the fields that it grants, those
/// that its record rules look at, and what joins participations to registrants where history is granted.
///
/// [`Order::build`](crate::Order::build) refuses to work with a key of any other. A decision that releases nothing names
/// none at all.
pub fn compartments(decision: &Decision, snapshot: &Snapshot) -> BTreeSet<Compartment> {
    let plan = Plan::new(decision, snapshot);
    if plan.columns().is_empty() {
        return BTreeSet::new();
    }
    let rules = mask::columns(decision, snapshot);
    let voters = plan.sources().into_iter().chain(rules).map(|column| Compartment::of(Table::Voter, column));
    let history: &[&str] = if plan.reads_history() { &history::COLUMNS } else { &[] };
    let participations = history.iter().map(|column| Compartment::of(Table::Participation, column));
    voters.chain(participations).chain([Compartment::Roll]).collect()
}
