//! `openroll roll reimport`: the files of a snapshot with today's layout.

use roll::ReimportError;

use super::import::{self, Reading};
use super::remove;
use super::{find, open_vault};
use crate::cli::RollReimport;
use crate::commands::{Context, synth};
use crate::exit::{Exit, Failure, of_import, of_vault};
use crate::output;
use crate::progress::grouped;

/// Reads the files again, and says what became of the lines in quarantine.
pub(super) fn run(context: &Context, args: &RollReimport) -> Result<Exit, Failure> {
    let layouts = synth::layouts()?;
    let store = context.open_store()?;
    let snapshot = find(&store, &args.snapshot)?;
    if !args.again {
        // The snapshot itself is there; another one of the same files may have been removed for a reason.
        remove::refuse(&store, snapshot.manifest().jurisdiction, &args.files)?;
    }
    let progress = Reading::new(context);
    let mut vault = open_vault(&store, &args.unlock)?;
    let layout = args.layout.as_deref();
    let reimported = store.reimport(&snapshot, (&layouts, layout), &args.files, &mut vault, &progress);
    let reimported = reimported.map_err(|error| {
        let exit = match &error {
            ReimportError::NotASource { .. } => Exit::Integrity,
            ReimportError::Vault(error) => of_vault(error),
            ReimportError::Import(error) => of_import(error),
            _ => Exit::Data,
        };
        Failure::new(exit, error)
    })?;
    let elapsed = progress.done();
    output::line(&reimported.imported.snapshot.manifest().snapshot);
    if !reimported.imported.is_new {
        let same = reimported.imported.snapshot.manifest().snapshot == snapshot.manifest().snapshot;
        context.note(if same {
            "no change: the layout reads these files as it did before"
        } else {
            "no change: these files were imported with this layout before"
        });
    } else {
        import::report(context, &reimported.imported, elapsed);
    }
    context.note(&format!(
        "{} lines in quarantine before, {} now; {} of them are read now, {} that were read are not",
        grouped(reimported.quarantined_before),
        grouped(reimported.quarantined_now),
        grouped(reimported.read_now),
        grouped(reimported.refused_now),
    ));
    let id = &reimported.imported.snapshot.manifest().snapshot;
    context.note(&if reimported.imported.is_new {
        format!("next: openroll roll diff {} {id}", snapshot.manifest().snapshot)
    } else {
        format!("next: openroll roll quarantine {id}")
    });
    Ok(Exit::Done)
}
