//! `openroll synth`: a synthetic roll in a state's own layout.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use roll::layout::{Layout, Layouts};

use super::Context;
use crate::cli::Synth;
use crate::exit::{Exit, Failure, OrExit, of_synth};
use crate::output;
use crate::progress::{grouped, rate};

/// Runs the command.
pub(crate) fn run(context: &Context, args: &Synth) -> Result<Exit, Failure> {
    let started = std::time::Instant::now();
    let layouts = layouts()?;
    let mut options =
        synth::Options::new(layout(&layouts, &args.layout)?, args.rows, args.seed).or_exit(Exit::Usage)?;
    options.broken_per_thousand = args.broken_per_thousand;
    if let Some(as_of) = args.as_of {
        options.as_of = as_of;
    }
    let summary = write(&layouts, &args.layout, &args.out, &options)?;
    let state_files = summary.voters.iter().chain(&summary.history).chain(&summary.lookups);
    for path in state_files.chain([&summary.protections, &summary.canaries]) {
        output::line(&path.display().to_string());
    }
    let elapsed = started.elapsed();
    context.note(&format!(
        "{} registrants as of {}, {} MB, {} canaries, {} damaged lines, {} rows/s",
        grouped(summary.counts.rows),
        options.as_of,
        summary.bytes / 1_000_000,
        grouped(summary.counts.canaries),
        grouped(summary.counts.damaged),
        grouped(rate(summary.counts.rows, elapsed)),
    ));
    context.note(&format!(
        "next: openroll roll import {} --as-of {} --protections {} --canaries {}",
        to_import(&summary, &args.layout),
        options.as_of,
        summary.protections.display(),
        summary.canaries.display(),
    ));
    Ok(Exit::Done)
}

/// The files to import, and their layout. Of many files those of one ending are named together.
fn to_import(summary: &synth::Summary, layout: &str) -> String {
    if let ([voters], [] | [_], []) = (&*summary.voters, &*summary.history, &*summary.lookups) {
        let history = summary.history.iter().map(|path| format!(" --history {}", path.display()));
        return format!("{} --layout {layout}{}", voters.display(), history.collect::<String>());
    }
    let files = summary.voters.iter().chain(&summary.history).chain(&summary.lookups);
    let alike = |path: &PathBuf| {
        let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        path.with_file_name(format!("*.{ending}")).display().to_string()
    };
    let alike: BTreeSet<String> = files.map(alike).collect();
    format!("{} --layout {layout}", alike.into_iter().collect::<Vec<_>>().join(" "))
}

/// Writes a roll into a folder that appears complete or not at all.
pub(crate) fn write(
    layouts: &Layouts,
    id: &str,
    out: &Path,
    options: &synth::Options,
) -> Result<synth::Summary, Failure> {
    let voters = layout(layouts, id)?;
    let staging = roll::Staging::new(out).or_exit(Exit::Data)?;
    let mut summary = synth::write(layouts, voters, staging.path(), options)
        .map_err(|error| Failure::new(of_synth(&error), error))?;
    let moved = |path: &Path| path.strip_prefix(staging.path()).map_or_else(|_| path.to_owned(), |name| out.join(name));
    let state_files = summary.voters.iter_mut().chain(&mut summary.history).chain(&mut summary.lookups);
    for path in state_files.chain([&mut summary.protections, &mut summary.canaries]) {
        *path = moved(path);
    }
    staging.commit().or_exit(Exit::Data)?;
    Ok(summary)
}

/// The built-in layouts.
pub(crate) fn layouts() -> Result<Layouts, Failure> {
    Layouts::built_in().or_exit(Exit::Data)
}

/// The layout with this id.
pub(crate) fn layout<'l>(layouts: &'l Layouts, id: &str) -> Result<&'l Layout, Failure> {
    layouts.get(id).ok_or_else(|| {
        let known = layouts.iter().map(|layout| (strsim::jaro_winkler(layout.id(), id), layout.id()));
        let nearest = known.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(similarity, _)| *similarity >= 0.8);
        let nearest = nearest.map(|(_, id)| format!("did you mean `{id}`? ")).unwrap_or_default();
        let help = format!("{nearest}`openroll roll layouts` lists them");
        Failure::message(Exit::Usage, format!("there is no layout `{id}`"), help)
    })
}
