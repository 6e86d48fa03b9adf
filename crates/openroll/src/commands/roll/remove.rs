//! `openroll roll remove`: a snapshot goes, a record stays.

use std::path::PathBuf;

use roll::{RemoveError, Removed, Store};
use terms::Jurisdiction;

use super::find;
use crate::cli::{Format, RollRemove};
use crate::commands::{Context, today};
use crate::exit::{Exit, Failure, OrExit};
use crate::output;
use crate::progress::grouped;

/// Removes a snapshot.
pub(super) fn run(context: &Context, args: &RollRemove) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let snapshot = find(&store, &args.snapshot)?;
    let manifest = snapshot.manifest();
    let on = args.on.unwrap_or_else(today);
    let removed = store.remove(manifest.jurisdiction, &manifest.snapshot, &args.reason, on);
    let removed = removed.map_err(|error| {
        let exit = if matches!(error, RemoveError::Reason) { Exit::Usage } else { Exit::Data };
        Failure::new(exit, error)
    })?;
    output::line(&removed.snapshot);
    let (registrants, participations) = (grouped(removed.counts.voters), grouped(removed.counts.participations));
    context.note(&format!("removed with {registrants} registrants and {participations} participations"));
    context.note("what it was and why it went stays on record: openroll roll list --removed");
    Ok(Exit::Done)
}

/// Lists what was removed.
pub(super) fn list(store: &Store, format: Format) -> Result<usize, Failure> {
    let row = |removed: &Removed| {
        let last = removed.removals.last();
        vec![
            removed.snapshot.clone(),
            removed.jurisdiction.to_string(),
            removed.as_of.to_string(),
            removed.layout.clone(),
            removed.counts.voters.to_string(),
            last.map(|removal| removal.on.to_string()).unwrap_or_default(),
            last.map(|removal| removal.reason.clone()).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = all(store)?.iter().map(row).collect();
    let header = ["snapshot", "code", "as of", "layout", "registrants", "removed", "reason"];
    output::rows(&header, &rows, format, "openroll.removed-snapshots/1");
    Ok(rows.len())
}

/// Every removed snapshot of the store, by jurisdiction and day.
fn all(store: &Store) -> Result<Vec<Removed>, Failure> {
    let mut all = Vec::new();
    for jurisdiction in Jurisdiction::all() {
        all.extend(store.removed(jurisdiction).or_exit(Exit::Data)?);
    }
    Ok(all)
}

/// What is said of a snapshot that is not there any more.
pub(super) fn gone(store: &Store, id: &str) -> Result<Option<String>, Failure> {
    Ok(all(store)?.iter().find(|removed| removed.snapshot.starts_with(id)).map(in_words))
}

/// Refuses files whose snapshot was removed.
pub(super) fn refuse(store: &Store, jurisdiction: Jurisdiction, files: &[PathBuf]) -> Result<(), Failure> {
    match store.removed_with(jurisdiction, files).or_exit(Exit::Data)? {
        Some(removed) => {
            let message = format!("these files were imported before: {}", in_words(&removed));
            Err(Failure::message(Exit::NotPermitted, message, "`--again` imports them all the same"))
        }
        None => Ok(()),
    }
}

fn in_words(removed: &Removed) -> String {
    let Some(last) = removed.removals.last() else { return format!("snapshot `{}` was removed", removed.snapshot) };
    format!("snapshot `{}` was removed on {}: {}", removed.snapshot, last.on, last.reason)
}
