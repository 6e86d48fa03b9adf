//! The header of a real file against its layout.

use super::{HeaderRule, Layout, LayoutColumn, WrittenDate};

/// What stands in one column of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bound<'a> {
    /// A column of the layout.
    Column(&'a LayoutColumn),
    /// A column that is named after an election.
    Election(HeaderElection<'a>),
    /// A column without a name at the end of the header, in a layout that allows it. Its cells are empty.
    Nothing,
}

/// The election that a header names, and what its cells tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderElection<'a> {
    /// The rule that read the header.
    pub rule: &'a HeaderRule,
    /// When it was, as far as the header says.
    pub date: Option<WrittenDate>,
    /// Its kind, code or name, as published.
    pub word: Option<String>,
}

/// A file's columns in their order in the file.
#[derive(Debug, Clone)]
pub struct Binding<'a> {
    /// One entry per column of the file.
    pub columns: Vec<Bound<'a>>,
    /// The headers as published in the file, or the layout's names where it has none.
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
    /// A header that the layout does not have, in a file whose columns may stand in any order.
    #[error("header {position} is `{found}`, which the layout does not have")]
    Unknown {
        /// Position from 1.
        position: usize,
        /// The header in the file.
        found: String,
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
    /// A file without a header has another number of columns.
    #[error("the lines have {found} columns, expected {expected}")]
    Width {
        /// Columns of the first line.
        found: usize,
        /// Columns of the layout.
        expected: usize,
    },
    /// A line of fixed width has another length.
    #[error("the lines have {found} characters, expected {expected}")]
    Length {
        /// Characters of the first line.
        found: usize,
        /// Characters of the layout.
        expected: usize,
    },
    /// A file without a header whose rows do not look like the layout's.
    #[error("the first rows do not fit: column {position}, `{expected}`, holds no value of its kind")]
    Rows {
        /// Position from 1.
        position: usize,
        /// The layout's name of the column.
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
    /// A column stands twice.
    #[error("header {position}, `{found}`, stands for what an earlier column stands for")]
    Twice {
        /// Position from 1.
        position: usize,
        /// The header in the file.
        found: String,
    },
}

impl Layout {
    /// How many of a file's headers are names of the layout's columns, in whichever place, if at least half are.
    /// Headers named after elections do not count: a row of data may hold many dates.
    pub(crate) fn shared(&self, headers: &[String]) -> Option<usize> {
        let names = headers.iter().filter(|header| !header.is_empty() && self.election_of(header).is_none());
        let is_known = |header: &&String| self.columns.iter().any(|column| column.is_named(header));
        let (known, unknown): (Vec<&String>, Vec<&String>) = names.partition(is_known);
        (!known.is_empty() && known.len() >= unknown.len()).then_some(known.len())
    }

    /// The election that a header names, by the first rule that reads it.
    fn election_of(&self, header: &str) -> Option<HeaderElection<'_>> {
        // A layout's own name is a column of its own, whatever a rule would read in it.
        if self.columns.iter().any(|column| column.is_named(header)) {
            return None;
        }
        self.history.headers.iter().find_map(|rule| {
            let told = rule.pattern.read(header, None)?;
            let word = told.kind.or(told.name).or(told.code).map(str::to_owned);
            Some(HeaderElection { rule, date: told.date, word })
        })
    }

    /// Lays a file's headers beside the layout: same columns, optional ones present or not, in the layout's order
    /// unless it allows any.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] at the first header that differs.
    pub fn bind(&self, headers: &[String]) -> Result<Binding<'_>, HeaderError> {
        let named = if self.file.is_ragged { trimmed(headers) } else { headers };
        let mut columns = if self.file.is_any_order { self.by_name(named)? } else { self.in_order(named)? };
        columns.resize(headers.len(), Bound::Nothing);
        Ok(Binding { columns, headers: headers.to_vec() })
    }

    fn in_order(&self, headers: &[String]) -> Result<Vec<Bound<'_>>, HeaderError> {
        let mut due = self.columns.iter();
        let mut columns: Vec<Bound<'_>> = Vec::with_capacity(headers.len());
        for (header, position) in headers.iter().zip(1..) {
            if let Some(election) = self.election_of(header) {
                add_election(&mut columns, election, position, header)?;
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
        match due.find(|column| !column.is_optional) {
            Some(missing) => Err(HeaderError::Short { count: headers.len(), expected: missing.name.clone() }),
            None => Ok(columns),
        }
    }

    fn by_name(&self, headers: &[String]) -> Result<Vec<Bound<'_>>, HeaderError> {
        let mut columns: Vec<Bound<'_>> = Vec::with_capacity(headers.len());
        for (header, position) in headers.iter().zip(1..) {
            let found = || header.clone();
            if let Some(election) = self.election_of(header) {
                add_election(&mut columns, election, position, header)?;
                continue;
            }
            let column = self.columns.iter().find(|column| column.is_named(header));
            let column = column.ok_or_else(|| HeaderError::Unknown { position, found: found() })?;
            let bound = Bound::Column(column);
            if columns.contains(&bound) {
                return Err(HeaderError::Twice { position, found: found() });
            }
            columns.push(bound);
        }
        let is_there = |column: &LayoutColumn| columns.contains(&Bound::Column(column));
        match self.columns.iter().find(|column| !column.is_optional && !is_there(column)) {
            Some(missing) => Err(HeaderError::Short { count: headers.len(), expected: missing.name.clone() }),
            None => Ok(columns),
        }
    }

    /// The columns of a file without a header whose lines have so many fields: all of the layout's, or those that are
    /// not optional, or all up to an optional one at the end.
    ///
    /// # Errors
    ///
    /// [`HeaderError::Width`] for any other number.
    pub(crate) fn by_place(&self, fields: usize) -> Result<Binding<'_>, HeaderError> {
        let needed: Vec<&LayoutColumn> = self.columns.iter().filter(|column| !column.is_optional).collect();
        let all: Vec<&LayoutColumn> = self.columns.iter().collect();
        let front = all.get(..fields).filter(|_| all.iter().skip(fields).all(|column| column.is_optional));
        let columns = match (front, fields) {
            (Some(front), _) => front.to_vec(),
            (None, _) if fields == needed.len() => needed,
            (None, _) if fields > all.len() && self.file.is_ragged => all,
            (None, _) => return Err(HeaderError::Width { found: fields, expected: all.len() }),
        };
        let headers = columns.iter().map(|column| column.name.clone()).collect();
        Ok(Binding { columns: columns.into_iter().map(Bound::Column).collect(), headers })
    }
}

/// Headers without the empty ones at the end.
fn trimmed(headers: &[String]) -> &[String] {
    let count = headers.iter().rposition(|header| !header.is_empty()).map_or(0, |last| last + 1);
    headers.get(..count).unwrap_or(headers)
}

fn add_election<'a>(
    columns: &mut Vec<Bound<'a>>,
    election: HeaderElection<'a>,
    position: usize,
    header: &str,
) -> Result<(), HeaderError> {
    let bound = Bound::Election(election);
    if columns.contains(&bound) {
        return Err(HeaderError::Twice { position, found: header.to_owned() });
    }
    columns.push(bound);
    Ok(())
}

impl<'a> Binding<'a> {
    /// The first column that fills a canonical one, with its place.
    pub(crate) fn find(&self, to: &str) -> Option<(usize, &'a LayoutColumn)> {
        self.columns.iter().enumerate().find_map(|(place, bound)| match bound {
            Bound::Column(column) if column.to == to && column.groups.is_empty() => Some((place, *column)),
            _ => None,
        })
    }
}
