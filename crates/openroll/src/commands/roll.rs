//! `openroll roll`: import, list, show.

use std::sync::atomic::{AtomicU64, Ordering};

use roll::layout::Layout;
use roll::{Imported, Snapshot, Store};
use serde::Serialize;
use terms::Jurisdiction;

use super::{Context, identify, synth};
use crate::cli::{Format, Import, RollCommand};
use crate::exit::{Exit, Failure, OrExit};
use crate::output;
use crate::progress::{Progress, grouped, rate};

/// Runs a roll command.
pub(crate) fn run(context: &Context, command: RollCommand) -> Result<Exit, Failure> {
    match command {
        RollCommand::Import(args) => import(context, &args),
        RollCommand::Identify { paths, format } => identify::run(&paths, format),
        RollCommand::List { format } => list(context, format),
        RollCommand::Show { snapshot, verify, format } => show(context, &snapshot, verify, format),
        RollCommand::Layouts { format } => layouts(format),
    }
}

fn import(context: &Context, args: &Import) -> Result<Exit, Failure> {
    let layouts = synth::layouts()?;
    let files = identify::files(&args.files)?;
    let (jurisdiction, request) = match &args.layout {
        Some(id) => {
            let jurisdiction = synth::layout(&layouts, id)?.jurisdiction();
            (jurisdiction, roll::ImportRequest::new(&layouts, id, files, args.as_of))
        }
        None => {
            let jurisdiction = identify::jurisdiction(&layouts, &files)?;
            (jurisdiction, roll::ImportRequest::recognized(&layouts, files, args.as_of))
        }
    };
    let request = request.with_history(args.history.clone());
    let store = Store::open(&context.store);
    // The lists come first: a roll without the list that came with it would be released as if nobody were protected.
    keep_lists(context, &store, jurisdiction, args)?;
    let progress = Reading { line: Progress::new(context.quiet, "rows"), rows: AtomicU64::new(0) };
    let imported = store.import(&request, &progress).or_exit(Exit::Data)?;
    let elapsed = progress.line.done();
    let manifest = imported.snapshot.manifest();
    output::line(&manifest.snapshot);
    if imported.is_new {
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
    } else {
        context.note("no change: these files were imported before, with the same layout and day");
    }
    if manifest.counts.quarantined > 0 {
        let path = imported.snapshot.path().join("quarantine.csv");
        context.note(&format!("each line in quarantine stands with its reason in {}", path.display()));
    }
    context.note(&format!("next: openroll release REQUEST --roll {} --out DIR", manifest.snapshot));
    Ok(Exit::Done)
}

/// Keeps the lists that came with the roll.
fn keep_lists(context: &Context, store: &Store, jurisdiction: Jurisdiction, args: &Import) -> Result<(), Failure> {
    if let Some(path) = &args.protections {
        let kept = store.import_protections(jurisdiction, path, args.as_of).or_exit(Exit::Data)?;
        context.note(&format!("{} registrants on protection list {}", grouped(kept.entries as u64), kept.id));
    }
    if let Some(path) = &args.canaries {
        let kept = store.import_canaries(jurisdiction, path).or_exit(Exit::Data)?;
        context.note(&format!("{} canaries registered", grouped(kept.entries as u64)));
    }
    Ok(())
}

/// Progress of an import: only the last stage counts rows.
struct Reading {
    line: Progress,
    rows: AtomicU64,
}

impl roll::Progress for Reading {
    fn advance(&self, stage: roll::Stage, done: u64, _total: u64) {
        if stage == roll::Stage::Writing {
            self.rows.fetch_max(done, Ordering::Relaxed);
        }
        self.line.at(self.rows.load(Ordering::Relaxed));
    }
}

/// Imports without a word, for the demo.
pub(crate) fn import_quietly(store: &Store, request: &roll::ImportRequest<'_>) -> Result<Imported, Failure> {
    store.import(request, &()).or_exit(Exit::Data)
}

/// Every snapshot of the store, by jurisdiction and day.
fn snapshots(store: &Store) -> Result<Vec<Snapshot>, Failure> {
    let mut all = Vec::new();
    for jurisdiction in Jurisdiction::all() {
        all.extend(store.snapshots(jurisdiction).or_exit(Exit::Data)?);
    }
    Ok(all)
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
        (None, _) => Err(Failure::message(Exit::Data, format!("no snapshot begins with `{id}`"), help)),
        (Some(_), more) => {
            let message = format!("{} snapshots begin with `{id}`", more + 1);
            Err(Failure::message(Exit::Data, message, help))
        }
    }
}

fn list(context: &Context, format: Format) -> Result<Exit, Failure> {
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
    let rows: Vec<Vec<String>> = snapshots(&Store::open(&context.store))?.iter().map(row).collect();
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
    let snapshot = find(&Store::open(&context.store), id)?;
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
