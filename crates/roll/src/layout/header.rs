//! The header of a real file against its layout.

use terms::Date;

use super::{History, Layout, LayoutColumn};

/// What stands in one column of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound<'a> {
    /// A column of the layout.
    Column(&'a LayoutColumn),
    /// The election of this date.
    Election(Date),
}

/// A file's columns in their order in the file.
#[derive(Debug, Clone)]
pub struct Binding<'a> {
    /// One entry per column of the file.
    pub columns: Vec<Bound<'a>>,
    /// The headers as published in the file.
    pub headers: Vec<String>,
}

/// How a header differs from the layout.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Another header stands where one of the layout is due.
    #[error("header {position} is `{found}`, expected `{expected}`")]
    Other {
        /// Position from 1.
        position: usize,
        /// The header in the file.
        found: String,
        /// The header of the layout.
        expected: String,
    },
    /// A header beyond the last of the layout.
    #[error("header {position} is `{found}`, but the layout ends before it")]
    Beyond {
        /// Position from 1.
        position: usize,
        /// The header in the file.
        found: String,
    },
    /// The file ends before the layout does.
    #[error("the header line ends after {count} columns, expected `{expected}` next")]
    Short {
        /// Headers in the file.
        count: usize,
        /// The next header of the layout.
        expected: String,
    },
    /// The headers are the layout's, written in another way.
    #[error("the header line has {found}, expected {expected}")]
    Form {
        /// The delimiter, quote or encoding of the file, in words.
        found: String,
        /// That of the layout.
        expected: String,
    },
    /// An election's column stands twice.
    #[error("header {position}, `{found}`, names an election that an earlier column names")]
    Twice {
        /// Position from 1.
        position: usize,
        /// The header in the file.
        found: String,
    },
}

impl LayoutColumn {
    /// Whether a published header names this column.
    pub fn is_named(&self, header: &str) -> bool {
        self.name == header || self.aliases.iter().any(|alias| alias == header)
    }
}

impl Layout {
    /// How many of a file's headers are names of the layout's columns, in whichever place, if at least half are.
    /// Dates of elections do not count: a row of data may hold many.
    pub(crate) fn shared(&self, headers: &[String]) -> Option<usize> {
        let names = headers.iter().filter(|header| self.election_of(header).is_none());
        let is_known = |header: &&String| self.columns.iter().any(|column| column.is_named(header));
        let (known, unknown): (Vec<&String>, Vec<&String>) = names.partition(is_known);
        (!known.is_empty() && known.len() >= unknown.len()).then_some(known.len())
    }

    /// The date of the election that a header of a wide history names.
    fn election_of(&self, header: &str) -> Option<Date> {
        match &self.history {
            History::Wide(form) => form.parse(header.as_bytes()),
            History::None | History::File(_) | History::Long(_) => None,
        }
    }

    /// Lays a file's headers beside the layout: same columns, same order, optional ones present or not.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] at the first header that differs.
    pub fn bind(&self, headers: &[String]) -> Result<Binding<'_>, HeaderError> {
        let mut due = self.columns.iter();
        let mut columns = Vec::with_capacity(headers.len());
        for (header, position) in headers.iter().zip(1..) {
            if let Some(date) = self.election_of(header) {
                if columns.contains(&Bound::Election(date)) {
                    return Err(HeaderError::Twice { position, found: header.clone() });
                }
                columns.push(Bound::Election(date));
                continue;
            }
            let expected = due.as_slice().first();
            let Some(column) = due.by_ref().find(|column| column.is_named(header) || !column.is_optional) else {
                return Err(HeaderError::Beyond { position, found: header.clone() });
            };
            if !column.is_named(header) {
                let expected = expected.unwrap_or(column).name.clone();
                return Err(HeaderError::Other { position, found: header.clone(), expected });
            }
            columns.push(Bound::Column(column));
        }
        if let Some(missing) = due.find(|column| !column.is_optional) {
            return Err(HeaderError::Short { count: headers.len(), expected: missing.name.clone() });
        }
        Ok(Binding { columns, headers: headers.to_vec() })
    }
}
