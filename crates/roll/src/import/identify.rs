//! Which layouts the tables of some files are in.

use std::path::{Path, PathBuf};

use super::ImportError;
use crate::layout::{Bound, HeaderError, Layout, Layouts};
use crate::read::form::is_blank;
use crate::read::recognize::{Chosen, HEAD_BYTES, choose, nearest};
use crate::read::unpack::{Taking, members};

/// Layouts that are named as near to a table that is in none.
const NEAR_MAX: usize = 3;

/// One table of a file, and what it is.
#[derive(Debug, Clone)]
pub struct Identified<'a> {
    /// The file.
    pub path: PathBuf,
    /// Where the table stands inside it, for an archive or a workbook.
    pub member: Option<String>,
    /// What it is.
    pub verdict: Verdict<'a>,
}

/// What a table is.
#[derive(Debug, Clone)]
pub enum Verdict<'a> {
    /// In a layout.
    Known {
        /// The layout.
        layout: &'a Layout,
        /// Whether the table says so itself, by its header; else it was told by the number, place and look of its
        /// columns.
        by_header: bool,
        /// Columns of the layout that it has.
        columns: usize,
        /// Columns that are named after an election.
        elections: usize,
        /// What the file's name tells: canonical columns and their values.
        named: Vec<(String, String)>,
    },
    /// More than one layout fits, by id.
    Several(Vec<String>),
    /// A file that travels with a roll and is no part of it.
    Beside(&'a Layout),
    /// Without content.
    Empty,
    /// In no layout that is known; the nearest ones, each with the first difference.
    Unknown(Vec<(&'a Layout, HeaderError)>),
}

/// Looks at the beginning of every table in some files.
///
/// # Errors
///
/// [`ImportError`] for a file that cannot be read or taken apart.
pub fn identify<'a>(layouts: &'a Layouts, files: &[PathBuf]) -> Result<Vec<Identified<'a>>, ImportError> {
    let mut identified = Vec::new();
    for path in files {
        for member in members(path, Taking::Head(HEAD_BYTES))? {
            let name = member.path.as_deref().map(Path::new).unwrap_or(path).file_name().unwrap_or_default();
            let name = name.to_string_lossy();
            let failed = |source| ImportError::Read { path: path.clone(), source };
            let head = member.text.head(HEAD_BYTES).map_err(failed)?;
            let verdict = verdict(&head, &name, layouts);
            identified.push(Identified { path: path.clone(), member: member.path, verdict });
        }
    }
    Ok(identified)
}

fn verdict<'a>(head: &[u8], name: &str, layouts: &'a Layouts) -> Verdict<'a> {
    if is_blank(head) {
        return Verdict::Empty;
    }
    let all: Vec<&Layout> = layouts.iter().collect();
    match choose(head, name, &all, &[]) {
        Chosen::One(form) => {
            let is_election = |bound: &&Bound<'_>| matches!(bound, Bound::Election(_));
            let elections = form.binding.columns.iter().filter(is_election).count();
            let columns = form.binding.columns.iter().filter(|bound| matches!(bound, Bound::Column(_))).count();
            let named = form.layout.file().told_by_name(name).unwrap_or_default();
            Verdict::Known { layout: form.layout, by_header: form.has_header, columns, elections, named }
        }
        Chosen::Several(ids) => Verdict::Several(ids),
        Chosen::None => match all.into_iter().find(|layout| layout.file().is_beside(name)) {
            Some(layout) => Verdict::Beside(layout),
            None => Verdict::Unknown(nearest(head, layouts, NEAR_MAX)),
        },
    }
}
