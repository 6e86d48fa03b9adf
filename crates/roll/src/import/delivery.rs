//! The tables of a delivery: taken out of their files, each with its layout.

use std::path::{Path, PathBuf};

use super::{ImportError, ImportRequest};
use crate::layout::{Layout, Layouts, Role};
use crate::read::form::{Form, is_blank};
use crate::read::recognize::{Chosen, HEAD_BYTES, Refusal, choose, nearest, refusal};
use crate::read::text::Text;
use crate::read::unpack::{Taking, members};
use crate::read::value::Decoding;

/// A delivered file.
#[derive(Debug)]
pub(super) struct Delivered {
    pub(super) name: String,
    pub(super) path: PathBuf,
}

/// A table of a delivery.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// The delivered file, by its place in the delivery.
    pub(super) file: usize,
    /// Where it stands inside that file.
    pub(super) member: Option<String>,
    /// How provenance names it: the delivered file, and the member where it has several.
    pub(super) name: String,
    pub(super) text: Text,
    pub(super) form: Form<'a>,
    /// What the file's name tells.
    pub(super) named: Vec<(String, String)>,
}

impl Table<'_> {
    pub(super) fn role(&self) -> Role {
        self.form.layout.role()
    }

    /// The county that the file's name tells.
    pub(super) fn county(&self) -> Option<&str> {
        let told = ["county", "county_code"].iter().find_map(|to| self.named.iter().find(|(name, _)| name == to));
        told.map(|(_, county)| county.as_str())
    }
}

/// The files of a delivery and their tables.
#[derive(Debug)]
pub(super) struct Delivery<'a> {
    /// The layout of the voter files; of several, the first in the order of the alphabet.
    pub(super) layout: &'a Layout,
    pub(super) files: Vec<Delivered>,
    pub(super) tables: Vec<Table<'a>>,
}

/// Which layouts a file may be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum As {
    Any,
    History,
}

impl<'a> Delivery<'a> {
    /// Takes the tables out of the files and finds the layout of each.
    pub(super) fn open(request: &ImportRequest<'a>, spool: &Path) -> Result<Self, ImportError> {
        if request.files.is_empty() {
            return Err(ImportError::NoFile);
        }
        let asked = asked_for(request)?;
        let mut paths: Vec<(As, String, &PathBuf)> = Vec::new();
        for (list, role) in [(&request.files, As::Any), (&request.history, As::History)] {
            let name =
                |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            paths.extend(list.iter().map(|path| (role, name(path), path)));
        }
        // By name, not as given, so that it does not matter how a shell lists them.
        paths.sort();
        let mut delivery = Opening { request, asked, files: Vec::new(), tables: Vec::new() };
        for (role, name, path) in paths {
            delivery.add(name, path, role, spool)?;
        }
        delivery.finish()
    }

    /// The layouts that were used, by id.
    pub(super) fn layouts(&self) -> Vec<&'a Layout> {
        let mut layouts: Vec<&Layout> = self.tables.iter().map(|table| table.form.layout).collect();
        layouts.sort_by_key(|layout| layout.id());
        layouts.dedup_by_key(|layout| layout.id());
        layouts
    }

    /// The tables of a role, with their places.
    pub(super) fn of_role(&self, role: Role) -> impl Iterator<Item = (usize, &Table<'a>)> {
        self.tables.iter().enumerate().filter(move |(_, table)| table.role() == role)
    }
}

/// The voter layout that was asked for, and everything that may come with it.
fn asked_for<'a>(request: &ImportRequest<'a>) -> Result<Option<Family<'a>>, ImportError> {
    let Some(id) = &request.layout else { return Ok(None) };
    let family = Family::of(request.layouts, id)?;
    if family.history.is_none() && !request.history.is_empty() {
        return Err(ImportError::NoHistory { layout: family.layout.id().to_owned() });
    }
    Ok(Some(family))
}

/// A voter layout with the layouts of the tables that belong to it.
struct Family<'a> {
    layout: &'a Layout,
    history: Option<&'a Layout>,
    lookups: Vec<&'a Layout>,
}

impl<'a> Family<'a> {
    fn of(layouts: &'a Layouts, id: &str) -> Result<Self, ImportError> {
        let find = |id: &str, role: Role| {
            let found = layouts.get(id).filter(|layout| layout.role() == role);
            found.ok_or_else(|| ImportError::NoLayout { role: role.as_str(), id: id.to_owned() })
        };
        let layout = find(id, Role::Voter)?;
        let history = layout.history().file.as_ref().map(|id| find(id, Role::History)).transpose()?;
        let is_joined = |other: &&Layout| other.role() == Role::Lookup && other.jurisdiction() == layout.jurisdiction();
        let lookups = layouts.iter().filter(is_joined).collect();
        Ok(Self { layout, history, lookups })
    }

    fn all(&self) -> Vec<&'a Layout> {
        let mut all = vec![self.layout];
        all.extend(self.history);
        all.extend(&self.lookups);
        all
    }
}

/// A delivery in the making.
struct Opening<'r, 'a> {
    request: &'r ImportRequest<'a>,
    asked: Option<Family<'a>>,
    files: Vec<Delivered>,
    tables: Vec<Table<'a>>,
}

impl<'a> Opening<'_, 'a> {
    fn candidates(&self, role: As) -> Vec<&'a Layout> {
        match (&self.asked, role) {
            (Some(family), As::History) => family.history.into_iter().collect(),
            (Some(family), As::Any) => family.all(),
            (None, As::History) => {
                self.request.layouts.iter().filter(|layout| layout.role() == Role::History).collect()
            }
            (None, As::Any) => self.request.layouts.iter().collect(),
        }
    }

    fn add(&mut self, name: String, path: &Path, role: As, spool: &Path) -> Result<(), ImportError> {
        let file = self.files.len();
        let members = members(path, Taking::All(spool))?;
        self.files.push(Delivered { name: name.clone(), path: path.to_owned() });
        let candidates = self.candidates(role);
        let has_several = members.len() > 1;
        let before = self.tables.len();
        for member in members {
            let base = member.path.as_deref().map_or(name.as_str(), |path| path.rsplit('/').next().unwrap_or(path));
            let mut parts = member.path.iter().flat_map(|path| path.split('/'));
            if parts.any(|part| candidates.iter().any(|layout| layout.file().is_beside(part))) {
                continue;
            }
            let head =
                member.text.head(HEAD_BYTES).map_err(|source| ImportError::Read { path: path.to_owned(), source })?;
            if is_blank(&head) {
                // Empty files travel in archives of many.
                if has_several {
                    continue;
                }
                return Err(ImportError::Empty { file: name });
            }
            let shown = match &member.path {
                Some(path) if has_several => format!("{name}/{path}"),
                _ => name.clone(),
            };
            let base = base.to_owned();
            let asked: Vec<&Layout> = match (&self.asked, role) {
                (Some(family), As::History) => family.history.into_iter().collect(),
                (Some(family), As::Any) => [family.layout].into_iter().chain(family.history).collect(),
                (None, _) => Vec::new(),
            };
            let form = match choose(&head, &base, &candidates, &asked) {
                Chosen::One(form) if member.is_made => Form { decoding: Decoding::Utf8, ..*form },
                Chosen::One(form) => *form,
                Chosen::Several(layouts) => {
                    return Err(ImportError::Ambiguous { file: shown, layouts: layouts.join("`, `") });
                }
                Chosen::None => return Err(self.refused(&head, shown, role)),
            };
            let named = form.layout.file().told_by_name(&base).unwrap_or_default();
            self.tables.push(Table { file, member: member.path, name: shown, text: member.text, form, named });
        }
        if self.tables.len() == before {
            return Err(ImportError::Archive { file: name, problem: super::ArchiveProblem::NoData });
        }
        Ok(())
    }

    /// Why a table is in none of the layouts.
    fn refused(&self, head: &[u8], file: String, role: As) -> ImportError {
        let all = self.request.layouts;
        let layout = match (&self.asked, role) {
            (None, _) => {
                let near = nearest(head, all, 3);
                let near = near.iter().map(|(layout, difference)| format!("`{}`: {difference}", layout.id()));
                return ImportError::Unrecognized { file, near: near.collect::<Vec<_>>().join("; ") };
            }
            (Some(family), As::History) => family.history.unwrap_or(family.layout),
            (Some(family), As::Any) => family.layout,
        };
        let Err(unfit) = Form::of(head, layout) else {
            return ImportError::NoHeader { file, layout: layout.id().to_owned() };
        };
        let layout_id = layout.id().to_owned();
        match refusal(head, layout, unfit, all) {
            Refusal::HeaderLine { reason } => ImportError::HeaderLine { file, reason },
            Refusal::NoHeader => ImportError::NoHeader { file, layout: layout_id },
            Refusal::Rows { difference } => {
                let help = "is it the file of this layout, as delivered? nothing is read by guess".to_owned();
                ImportError::Header { file, layout: layout_id, difference: Box::new(difference), help }
            }
            Refusal::Header { difference, help } => {
                ImportError::Header { file, layout: layout_id, difference: Box::new(difference), help }
            }
        }
    }

    fn finish(self) -> Result<Delivery<'a>, ImportError> {
        let voters = self.tables.iter().map(|table| table.form.layout).filter(|layout| layout.role() == Role::Voter);
        let Some(layout) = voters.min_by_key(|layout| layout.id()) else {
            let name = self.files.first().map(|file| file.name.clone()).unwrap_or_default();
            return Err(ImportError::NoVoters { file: name });
        };
        let other = self.tables.iter().find(|table| table.form.layout.jurisdiction() != layout.jurisdiction());
        if let Some(other) = other {
            return Err(ImportError::OtherJurisdiction {
                file: other.name.clone(),
                found: other.form.layout.id().to_owned(),
                expected: layout.id().to_owned(),
            });
        }
        Ok(Delivery { layout, files: self.files, tables: self.tables })
    }
}
