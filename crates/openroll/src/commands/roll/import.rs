//! `openroll roll import`: a delivery to a snapshot.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use roll::vault::Vault;
use roll::{Imported, Store};
use terms::Jurisdiction;

use super::{identify, remove};
use crate::cli::Import;
use crate::commands::{Context, synth};
use crate::exit::{Exit, Failure, of_import, of_list, of_vault};
use crate::output;
use crate::progress::{Progress, grouped, rate};
use crate::unlock::unlock;

/// Imports, and says what was read.
pub(super) fn run(context: &Context, args: &Import) -> Result<Exit, Failure> {
    let layouts = synth::layouts()?;
    let files = identify::files(&args.files)?;
    let jurisdiction = match &args.layout {
        Some(id) => synth::layout(&layouts, id)?.jurisdiction(),
        None => identify::jurisdiction(&layouts, &files)?,
    };
    let store = context.open_store()?;
    if !args.again {
        let all: Vec<PathBuf> = files.iter().chain(&args.history).cloned().collect();
        remove::refuse(&store, jurisdiction, &all)?;
    }
    let request = match &args.layout {
        Some(id) => roll::ImportRequest::new(&layouts, id, files, args.as_of),
        None => roll::ImportRequest::recognized(&layouts, files, args.as_of),
    };
    let request = request.with_history(args.history.clone());
    // The lists come first: a roll without the list that came with it would be released as if nobody were protected.
    let mut vault = store.vault_or_new(unlock(&args.unlock)?).map_err(|error| Failure::new(of_vault(&error), error))?;
    keep_lists(context, &store, (jurisdiction, &mut vault), args)?;
    let is_told = tell_identity(context, &vault);
    let progress = Reading::new(context);
    let imported = store.import(&request, &mut vault, &progress);
    let imported = imported.map_err(|error| Failure::new(of_import(&error), error))?;
    let elapsed = progress.done();
    output::line(&imported.snapshot.manifest().snapshot);
    if imported.is_new {
        report(context, &imported, elapsed);
    } else {
        context.note("no change: these files were imported before, with the same layout and day");
    }
    let manifest = imported.snapshot.manifest();
    if manifest.counts.quarantined > 0 {
        context
            .note(&format!("each line in quarantine, with its reason: openroll roll quarantine {}", manifest.snapshot));
    }
    if !is_told {
        tell_identity(context, &vault);
    }
    context.note(&format!("next: openroll release REQUEST --roll {} --out DIR", manifest.snapshot));
    Ok(Exit::Done)
}

/// Says what became of the rows of a new snapshot.
pub(super) fn report(context: &Context, imported: &Imported, elapsed: Duration) {
    let manifest = imported.snapshot.manifest();
    let rows: u64 = manifest.sources.iter().map(|source| source.rows_read).sum();
    let bytes: u64 = manifest.sources.iter().map(|source| source.bytes).sum();
    context.note(&format!(
        "{} rows read, {} stored, {} in quarantine; {} registrants, {} participations; {} rows/s, {} MB/s",
        grouped(rows),
        grouped(manifest.sources.iter().map(|source| source.rows_stored).sum()),
        grouped(manifest.counts.quarantined),
        grouped(manifest.counts.voters),
        grouped(manifest.counts.participations),
        grouped(rate(rows, elapsed)),
        grouped(rate(bytes, elapsed) / 1_000_000),
    ));
}

/// Says where the identity lies that was made with the first key, if it was made just now.
fn tell_identity(context: &Context, vault: &Vault) -> bool {
    let Some(identity) = vault.new_identity() else { return false };
    context.note(&format!("the keys of this store are sealed to a new identity: {}", identity.display()));
    context
        .note("whoever has that file and the store can read the rolls; keep it elsewhere, and name it with --identity");
    true
}

/// Keeps the lists that came with the roll.
fn keep_lists(
    context: &Context,
    store: &Store,
    (jurisdiction, vault): (Jurisdiction, &mut Vault),
    args: &Import,
) -> Result<(), Failure> {
    let failed = |error: roll::ListError| Failure::new(of_list(&error), error);
    if let Some(path) = &args.protections {
        let kept = store.import_protections(jurisdiction, path, args.as_of, vault).map_err(failed)?;
        context.note(&format!("{} registrants on protection list {}", grouped(kept.entries as u64), kept.id));
    }
    if let Some(path) = &args.canaries {
        let kept = store.import_canaries(jurisdiction, path, vault).map_err(failed)?;
        context.note(&format!("{} canaries registered", grouped(kept.entries as u64)));
    }
    Ok(())
}

/// Progress of an import: only the last stage counts rows.
pub(super) struct Reading {
    line: Progress,
    rows: AtomicU64,
}

impl Reading {
    pub(super) fn new(context: &Context) -> Self {
        Self { line: Progress::new(context.quiet, "rows"), rows: AtomicU64::new(0) }
    }

    /// Removes the line and returns the time since the beginning.
    pub(super) fn done(&self) -> Duration {
        self.line.done()
    }
}

impl roll::Progress for Reading {
    fn advance(&self, stage: roll::Stage, done: u64, _total: u64) {
        if stage == roll::Stage::Writing {
            self.rows.fetch_max(done, Ordering::Relaxed);
        }
        self.line.at(self.rows.load(Ordering::Relaxed));
    }
}
