//! What can be wrong with a layout file.

use miette::{Diagnostic, NamedSource, SourceSpan};
use thiserror::Error;

/// A layout file that cannot be used, with the place in its text.
#[derive(Debug, Error, Diagnostic)]
#[error("layout `{file}`: {problem}")]
pub struct LayoutError {
    file: String,
    problem: LayoutProblem,
    #[source_code]
    text: NamedSource<String>,
    #[label("here")]
    at: SourceSpan,
    #[help]
    help: Option<String>,
}

impl LayoutError {
    pub(super) fn new(file: &str, text: &str, problem: LayoutProblem, at: std::ops::Range<usize>) -> Self {
        let help = problem.help();
        let named = NamedSource::new(file, text.to_owned()).with_language("TOML");
        Self { file: file.to_owned(), problem, text: named, at: at.into(), help }
    }

    /// What is wrong.
    pub fn problem(&self) -> &LayoutProblem {
        &self.problem
    }
}

/// What is wrong with a layout file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LayoutProblem {
    /// Not TOML, or a key or value that the format does not know.
    #[error("{message}")]
    Syntax {
        /// The parser's words.
        message: String,
    },
    /// A word that is not of the vocabulary expected at this place.
    #[error("`{word}` is not a known {noun}")]
    UnknownWord {
        /// The word.
        word: String,
        /// What was expected.
        noun: &'static str,
        /// The known word nearest in spelling.
        nearest: Option<String>,
    },
    /// Two columns with one header, or two that fill one canonical column.
    #[error("`{word}` stands twice")]
    Twice {
        /// The header or the canonical column.
        word: String,
    },
    /// A value that does not go with another one.
    #[error("{message}")]
    Unfit {
        /// What does not go with what.
        message: String,
        /// What to write instead.
        remedy: &'static str,
    },
}

impl LayoutProblem {
    fn help(&self) -> Option<String> {
        match self {
            Self::UnknownWord { nearest, .. } => nearest.as_ref().map(|word| format!("did you mean `{word}`?")),
            Self::Twice { .. } => Some("give each header and each canonical column once".to_owned()),
            Self::Unfit { remedy, .. } => Some((*remedy).to_owned()),
            Self::Syntax { .. } => None,
        }
    }
}

/// The known word that takes the fewest slips to become this one, if it is near enough to be one.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|candidate| (strsim::osa_distance(word, candidate), candidate))
        .filter(|(slips, candidate)| *slips <= 1 || strsim::jaro_winkler(word, candidate) >= 0.8)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate.to_owned())
}
