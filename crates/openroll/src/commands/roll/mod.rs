//! `openroll roll`: list, show, layouts; the other commands have files of their own.

mod diff;
mod identify;
mod import;
mod protect;
mod quarantine;
mod reimport;
mod remove;
mod stats;

use roll::layout::Layout;
use roll::vault::{Compartment, Vault};
use roll::{Reader, Snapshot, Store};
use serde::Serialize;

use super::{Context, synth};
use crate::cli::{Format, RollCommand, Unlock};
use crate::exit::{Exit, Failure, OrExit, of_vault};
use crate::output;
use crate::progress::grouped;
use crate::unlock::unlock;

/// Runs a roll command.
pub(crate) fn run(context: &Context, command: RollCommand) -> Result<Exit, Failure> {
    match command {
        RollCommand::Import(args) => import::run(context, &args),
        RollCommand::Identify { paths, format } => identify::run(&paths, format),
        RollCommand::List { removed, format } => list(context, removed, format),
        RollCommand::Show { snapshot, verify, format } => show(context, &snapshot, verify, format),
        RollCommand::Layouts { format } => layouts(format),
        RollCommand::Diff(args) => diff::run(context, &args),
        RollCommand::Stats(args) => stats::run(context, &args),
        RollCommand::Quarantine(args) => quarantine::run(context, &args),
        RollCommand::Reimport(args) => reimport::run(context, &args),
        RollCommand::Remove(args) => remove::run(context, &args),
        RollCommand::Protect(args) => protect::run(context, &args),
    }
}

/// Every snapshot of the store, by jurisdiction and day.
fn snapshots(store: &Store) -> Result<Vec<Snapshot>, Failure> {
    store.all_snapshots().or_exit(Exit::Data)
}

/// The one snapshot whose id is, or begins with, these letters.
pub(crate) fn find(store: &Store, id: &str) -> Result<Snapshot, Failure> {
    let mut matching: Vec<Snapshot> =
        snapshots(store)?.into_iter().filter(|snapshot| snapshot.manifest().snapshot.starts_with(id)).collect();
    if let Some(exact) = matching.iter().position(|snapshot| snapshot.manifest().snapshot == id) {
        return Ok(matching.swap_remove(exact));
    }
    let help = "`openroll roll list` shows the snapshots of the store";
    match (matching.pop(), matching.len()) {
        (Some(one), 0) => Ok(one),
        (None, _) => {
            if let Some(gone) = remove::gone(store, id)? {
                let help = "`openroll roll list --removed` shows what was removed, with the reason";
                return Err(Failure::message(Exit::Data, gone, help));
            }
            Err(Failure::message(Exit::Data, format!("no snapshot begins with `{id}`"), help))
        }
        (Some(_), more) => {
            let message = format!("{} snapshots begin with `{id}`", more + 1);
            Err(Failure::message(Exit::Data, message, help))
        }
    }
}

/// The keyring of a store, opened.
fn open_vault(store: &Store, args: &Unlock) -> Result<Vault, Failure> {
    store.vault(unlock(args)?).map_err(|error| Failure::new(of_vault(&error), error))
}

/// A snapshot with all of its keys; the keyring is closed again.
fn with_all_keys(vault: &Vault, snapshot: &Snapshot) -> Result<Reader, Failure> {
    let keys = vault.all_keys(snapshot).map_err(|error| Failure::new(of_vault(&error), error))?;
    Ok(snapshot.reader(keys))
}

/// A snapshot with the keys of some compartments and no other.
fn with_keys<'c>(
    vault: &Vault,
    snapshot: &Snapshot,
    compartments: impl IntoIterator<Item = &'c Compartment>,
) -> Result<Reader, Failure> {
    let keys = vault.keys(snapshot, compartments).map_err(|error| Failure::new(of_vault(&error), error))?;
    Ok(snapshot.reader(keys))
}

fn list(context: &Context, removed: bool, format: Format) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    if removed {
        if remove::list(&store, format)? == 0 {
            context.note("no snapshot was removed");
        }
        return Ok(Exit::Done);
    }
    let row = |snapshot: &Snapshot| {
        let manifest = snapshot.manifest();
        vec![
            manifest.snapshot.clone(),
            manifest.jurisdiction.to_string(),
            manifest.as_of.to_string(),
            manifest.layout.id.clone(),
            manifest.counts.voters.to_string(),
            manifest.counts.participations.to_string(),
            manifest.counts.quarantined.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = snapshots(&store)?.iter().map(row).collect();
    let header = ["snapshot", "code", "as of", "layout", "registrants", "participations", "quarantined"];
    output::rows(&header, &rows, format, "openroll.snapshots/1");
    if rows.is_empty() {
        context.note("the store has no snapshot; next: openroll roll import FILE --layout ID --as-of DATE");
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Shown<'a> {
    schema: &'static str,
    #[serde(flatten)]
    manifest: &'a roll::Manifest,
}

fn show(context: &Context, id: &str, verify: bool, format: Format) -> Result<Exit, Failure> {
    let snapshot = find(&context.open_store()?, id)?;
    let manifest = snapshot.manifest();
    if verify {
        snapshot.verify().or_exit(Exit::Integrity)?;
        context.note(&format!("{} files are as they were written", manifest.files.len()));
    }
    if format == Format::Json {
        output::json(&Shown { schema: "openroll.snapshot/1", manifest });
        return Ok(Exit::Done);
    }
    let counts = &manifest.counts;
    let mut rows: Vec<Vec<String>> = vec![
        vec!["snapshot".to_owned(), manifest.snapshot.clone()],
        vec!["jurisdiction".to_owned(), manifest.jurisdiction.to_string()],
        vec!["as of".to_owned(), manifest.as_of.to_string()],
        vec!["layout".to_owned(), manifest.layout.id.clone()],
        vec!["registrants".to_owned(), grouped(counts.voters)],
        vec!["registrants repeated".to_owned(), grouped(counts.voters_repeated)],
        vec!["participations".to_owned(), grouped(counts.participations)],
        vec!["participations repeated".to_owned(), grouped(counts.participations_repeated)],
        vec!["participations without a registrant".to_owned(), grouped(counts.participations_unmatched)],
        vec!["elections".to_owned(), grouped(counts.elections)],
        vec!["lines in quarantine".to_owned(), grouped(counts.quarantined)],
        vec!["columns".to_owned(), manifest.voter_columns.join(", ")],
        vec!["folder".to_owned(), snapshot.path().display().to_string()],
    ];
    for source in &manifest.sources {
        let text = format!(
            "{} bytes, SHA-256 {}, {} rows read = {} stored + {} in quarantine",
            grouped(source.bytes),
            source.sha256,
            grouped(source.rows_read),
            grouped(source.rows_stored),
            grouped(source.rows_quarantined),
        );
        rows.push(vec![format!("source {}", source.name), text]);
    }
    output::rows(&["", "value"], &rows, format, "openroll.snapshot/1");
    Ok(Exit::Done)
}

fn layouts(format: Format) -> Result<Exit, Failure> {
    let layouts = synth::layouts()?;
    let row = |layout: &Layout| {
        vec![
            layout.id().to_owned(),
            layout.jurisdiction().to_string(),
            layout.columns().len().to_string(),
            layout.confidence().to_string(),
            layout.title().to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = layouts.iter().map(row).collect();
    output::rows(&["layout", "code", "columns", "confidence", "what it is"], &rows, format, "openroll.layouts/1");
    Ok(Exit::Done)
}
