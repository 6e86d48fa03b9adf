//! `openroll roll identify`: which layouts files are in.

use std::path::{Path, PathBuf};

use roll::layout::{HeaderError, Layout};
use roll::{Identified, Verdict};
use terms::Jurisdiction;

use crate::cli::Format;
use crate::commands::synth;
use crate::exit::{Exit, Failure, OrExit};
use crate::output;

/// Names the layout of every table; exit code 1 where one is in none.
pub(super) fn run(paths: &[PathBuf], format: Format) -> Result<Exit, Failure> {
    let layouts = synth::layouts()?;
    let identified = roll::identify(&layouts, &files(paths)?).or_exit(Exit::Data)?;
    let rows: Vec<Vec<String>> = identified.iter().map(row).collect();
    output::rows(&["file", "layout", "confidence", "why"], &rows, format, "openroll.identified/1");
    let is_known = |one: &Identified<'_>| matches!(one.verdict, Verdict::Known { .. } | Verdict::Beside(_));
    Ok(if identified.iter().all(is_known) { Exit::Done } else { Exit::No })
}

/// The jurisdiction whose roll some files are.
pub(super) fn jurisdiction(layouts: &roll::layout::Layouts, paths: &[PathBuf]) -> Result<Jurisdiction, Failure> {
    let identified = roll::identify(layouts, paths).or_exit(Exit::Data)?;
    let known = identified.iter().find_map(|one| match &one.verdict {
        Verdict::Known { layout, .. } => Some(layout.jurisdiction()),
        _ => None,
    });
    known.ok_or_else(|| {
        let why = identified.first().map(|one| row(one).pop().unwrap_or_default()).unwrap_or_default();
        let help = "`openroll roll identify` says what is near; `openroll roll layouts` lists what is known";
        Failure::message(Exit::Data, format!("the files are in no known layout: {why}"), help)
    })
}

/// Files as they are, and the files of folders, by name.
pub(super) fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        walk(path, &mut files).map_err(|error| {
            Failure::message(Exit::Data, format!("cannot read `{}`: {error}", path.display()), "check its rights")
        })?;
        if files.len() == before {
            let message = format!("`{}` holds no file", path.display());
            return Err(Failure::message(Exit::Data, message, "name the files of the delivery"));
        }
    }
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
        match entry.file_type()? {
            _ if is_hidden => {}
            kind if kind.is_dir() => walk(&entry.path(), files)?,
            _ => files.push(entry.path()),
        }
    }
    Ok(())
}

fn row(one: &Identified<'_>) -> Vec<String> {
    let file = match &one.member {
        Some(member) => format!("{}/{member}", one.path.display()),
        None => one.path.display().to_string(),
    };
    let (layout, confidence, why) = match &one.verdict {
        Verdict::Known { layout, by_header, columns, elections, named } => {
            let mut why = match by_header {
                true => format!("its header: {columns} columns"),
                false => format!("no header; {columns} columns, and rows that fit"),
            };
            if *elections > 0 {
                why.push_str(&format!(", {elections} of elections"));
            }
            named.iter().for_each(|(column, value)| why.push_str(&format!("; its name says {column} {value}")));
            (layout.id().to_owned(), if *by_header { "certain" } else { "likely" }, why)
        }
        Verdict::Several(ids) => ("?".to_owned(), "none", format!("fits {} alike", ids.join(", "))),
        Verdict::Beside(layout) => {
            ("-".to_owned(), "certain", format!("travels with {} and is no part of it", layout.id()))
        }
        Verdict::Empty => ("-".to_owned(), "certain", "empty".to_owned()),
        Verdict::Unknown(near) => ("?".to_owned(), "none", unknown(near)),
    };
    vec![file, layout, confidence.to_owned(), why]
}

fn unknown(near: &[(&Layout, HeaderError)]) -> String {
    if near.is_empty() {
        return "no known layout is near".to_owned();
    }
    let near: Vec<String> =
        near.iter().map(|(layout, difference)| format!("near {}: {difference}", layout.id())).collect();
    near.join("; ")
}
