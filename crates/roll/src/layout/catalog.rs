//! All layouts that are known.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

use super::{Layout, LayoutError};

static BUILT_IN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../layouts");

/// The layouts that a command can use, by id.
#[derive(Debug, Clone, Default)]
pub struct Layouts {
    by_id: BTreeMap<String, Layout>,
}

/// Why a set of layouts is refused.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum CatalogError {
    /// One of the files cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Layout(#[from] Box<LayoutError>),
    /// Two files describe one id.
    #[error("two layouts have the id `{id}`")]
    #[diagnostic(help("give each layout an id of its own"))]
    SameId {
        /// The id.
        id: String,
    },
    /// A layout points to another one that is not there.
    #[error("layout `{id}` needs `{other}`, which is not known")]
    #[diagnostic(help("add that layout, or correct the name in `history` or `lookup`"))]
    NoOther {
        /// The layout.
        id: String,
        /// The layout it points to.
        other: String,
    },
}

impl Layouts {
    /// The layouts that are compiled in: every `*.toml` under `layouts/`.
    ///
    /// # Errors
    ///
    /// [`CatalogError`] when one of them is not usable; a test holds that none is.
    pub fn built_in() -> Result<Self, CatalogError> {
        let files = BUILT_IN.files().filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)));
        Self::parse(files.filter(|(name, _)| name.ends_with(".toml")))
    }

    /// Reads layouts from pairs of file name and text.
    ///
    /// # Errors
    ///
    /// [`CatalogError`] for a layout that is not usable, an id that stands twice, a layout that another one needs and that is missing.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CatalogError> {
        let mut by_id = BTreeMap::new();
        for (name, text) in files {
            let layout = Layout::parse(name, text)?;
            if let Some(before) = by_id.insert(layout.id.clone(), layout) {
                return Err(CatalogError::SameId { id: before.id });
            }
        }
        for layout in by_id.values() {
            let history = layout.history();
            let lookups = layout.lookups.iter().map(|lookup| &lookup.layout);
            let numbered = layout.numbered.iter().map(|numbered| &numbered.layout);
            for other in history.file.iter().chain(&history.elections).chain(lookups).chain(numbered) {
                if !by_id.contains_key(other) {
                    return Err(CatalogError::NoOther { id: layout.id().to_owned(), other: other.clone() });
                }
            }
        }
        Ok(Self { by_id })
    }

    /// The layout of an id.
    pub fn get(&self, id: &str) -> Option<&Layout> {
        self.by_id.get(id)
    }

    /// The layouts in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Layout> {
        self.by_id.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_layout_is_usable() {
        let layouts = Layouts::built_in().unwrap();
        assert!(layouts.iter().count() >= 91, "the layouts of the research are all there");
        assert!(layouts.iter().all(|layout| !layout.sources().is_empty() && !layout.quirks().is_empty()));
    }

    #[test]
    fn a_history_layout_must_be_known() {
        let text = include_str!("../../../../layouts/nc-voter.toml");
        let error = Layouts::parse([("nc-voter.toml", text)]).unwrap_err();
        assert_eq!(error.to_string(), "layout `nc-voter` needs `nc-history`, which is not known");
    }
}
