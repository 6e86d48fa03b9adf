//! Words of a record, held without an allocation wherever they come from an embedded table.

use std::fmt;

/// A value of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    /// A word of a table.
    Word(&'static str),
    /// Two words and what stands between them, such as `Smith`, `-`, `Jones`.
    Joined(&'static str, &'static str, &'static str),
    /// A word and a number, such as `PO Box ` and 12.
    Numbered(&'static str, u32),
    /// The initial of a name.
    Initial(char),
    /// A text of its own, for the rare rows that need one.
    Own(Box<str>),
}

impl Text {
    /// The empty value.
    pub(crate) const EMPTY: Self = Self::Word("");

    /// A text of its own.
    pub(crate) fn own(text: impl Into<Box<str>>) -> Self {
        Self::Own(text.into())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Joined(first, between, second) => write!(f, "{first}{between}{second}"),
            Self::Numbered(word, number) => write!(f, "{word}{number}"),
            Self::Initial(letter) => write!(f, "{letter}"),
            Self::Own(text) => f.write_str(text),
        }
    }
}
