//! How a file is written: shape, characters, header, packing.

use terms::Date;

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileForm {
    /// Between delimiters, or in fixed places.
    pub shape: Shape,
    /// The encodings in which it is published. With several, a file that is valid in the first one is read as that.
    pub encodings: Vec<Encoding>,
    /// Whether the published file begins with a UTF-8 byte order mark. A file is read with or without.
    pub has_mark: bool,
    /// How the published file ends a line. Both ways are read.
    pub line_ending: LineEnding,
    /// What the file is published in. It is read from whatever holds it.
    pub packing: Packing,
    /// Whether and where the header stands.
    pub header: HeaderLine,
    /// Lines before the header, or before the first row where there is none.
    pub lines_before: usize,
    /// Whether columns may stand in any order; they are then told by their names.
    pub is_any_order: bool,
    /// Whether several columns may have one name; they are then told by their order.
    pub has_same_names: bool,
    /// Whether header or rows may end with empty fields beyond the last column, or lack empty fields at the end.
    pub is_ragged: bool,
    /// Names under which the file is published; see [`NamePattern`].
    pub names: Vec<NamePattern>,
    /// Names of files that travel with it and are no part of the roll: a legend, a count.
    pub beside: Vec<NamePattern>,
}

/// How the fields of a line are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// By a character between them.
    Delimited {
        /// The bytes that may stand between two fields; the published one first.
        delimiters: Vec<u8>,
        /// The byte around a quoted field; `None` when quote characters are data.
        quote: Option<u8>,
        /// Whether a quote inside a field stands behind a backslash rather than doubled.
        is_backslashed: bool,
    },
    /// By their place; each column has its [`Span`](super::Span).
    Fixed {
        /// Characters of a line.
        width: u32,
    },
}

impl FileForm {
    /// The byte between two fields; `None` for fixed places.
    pub fn delimiter(&self) -> Option<u8> {
        match &self.shape {
            Shape::Delimited { delimiters, .. } => delimiters.first().copied(),
            Shape::Fixed { .. } => None,
        }
    }

    /// The byte around a quoted field.
    pub fn quote(&self) -> Option<u8> {
        match &self.shape {
            Shape::Delimited { quote, .. } => *quote,
            Shape::Fixed { .. } => None,
        }
    }

    /// The published encoding.
    pub fn encoding(&self) -> Encoding {
        self.encodings.first().copied().unwrap_or(Encoding::Utf8)
    }

    /// Whether a file of this name is one that travels beside the roll.
    pub fn is_beside(&self, name: &str) -> bool {
        self.beside.iter().any(|pattern| pattern.read(name).is_some())
    }

    /// What a file's name tells: canonical columns with their values, for the first pattern that matches.
    pub fn told_by_name(&self, name: &str) -> Option<Vec<(String, String)>> {
        self.names.iter().find_map(|pattern| pattern.read(name))
    }
}

/// How characters are written as bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// ISO 8859-1: one byte per character, every byte valid.
    #[serde(rename = "latin-1")]
    Latin1,
}

impl Encoding {
    /// The name as it stands in a layout.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Latin1 => "latin-1",
        }
    }
}

/// What ends a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineEnding {
    /// A line feed.
    #[default]
    Lf,
    /// A carriage return and a line feed.
    Crlf,
}

impl LineEnding {
    /// The bytes.
    pub fn bytes(self) -> &'static [u8] {
        match self {
            Self::Lf => b"\n",
            Self::Crlf => b"\r\n",
        }
    }
}

/// What a file is published in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// The file itself.
    #[default]
    Plain,
    /// A zip archive.
    Zip,
    /// A zip archive of zip archives.
    ZipInZip,
    /// A gzip file.
    Gzip,
    /// A worksheet of a workbook.
    Workbook,
}

/// Whether a file has a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeaderLine {
    /// Every file has one.
    #[default]
    Always,
    /// None has; columns are told by their place.
    Never,
    /// Some have, such as the first part of a set; a first line of known names is taken for one.
    Sometimes,
}

/// A pattern of file names, such as `{county} FVE *.txt`: `*` stands for any text, a canonical column in braces for a
/// text that is its value in every row. Case does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern {
    text: String,
    pieces: Vec<NamePiece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum NamePiece {
    Literal(String),
    Any,
    Column(String),
}

impl NamePattern {
    /// Reads a pattern; `None` for braces that do not close.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('*') {
                pieces.push(NamePiece::Any);
                rest = after;
            } else if let Some(inner) = rest.strip_prefix('{') {
                let (column, after) = inner.split_once('}')?;
                pieces.push(NamePiece::Column(column.to_owned()));
                rest = after;
            } else {
                let (literal, after) = rest.split_at_checked(rest.find(['*', '{']).unwrap_or(rest.len()))?;
                pieces.push(NamePiece::Literal(literal.to_ascii_lowercase()));
                rest = after;
            }
        }
        Some(Self { text: text.to_owned(), pieces })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The canonical columns that a name tells.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            NamePiece::Column(column) => Some(column.as_str()),
            NamePiece::Literal(_) | NamePiece::Any => None,
        })
    }

    /// The columns and values of a name; `None` where it does not match.
    pub(crate) fn read(&self, name: &str) -> Option<Vec<(String, String)>> {
        let mut told = Vec::new();
        matches(&self.pieces, name, &mut told).then(|| {
            told.reverse();
            told
        })
    }

    /// A name that the pattern matches, for a generated file; each value in braces becomes `value`.
    pub fn example(&self, value: &str, day: Date) -> String {
        let piece = |piece: &NamePiece| match piece {
            NamePiece::Literal(text) => text.clone(),
            NamePiece::Any => day.strftime("%Y%m%d").to_string(),
            NamePiece::Column(_) => value.to_owned(),
        };
        self.pieces.iter().map(piece).collect()
    }
}

fn matches(pieces: &[NamePiece], name: &str, told: &mut Vec<(String, String)>) -> bool {
    let Some((piece, after)) = pieces.split_first() else { return name.is_empty() };
    if let NamePiece::Literal(literal) = piece {
        let split = name.split_at_checked(literal.len());
        return split.is_some_and(|(front, rest)| front.eq_ignore_ascii_case(literal) && matches(after, rest, told));
    }
    let least = usize::from(matches!(piece, NamePiece::Column(_)));
    let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]).filter(|at| *at >= least);
    for end in ends {
        let Some((value, rest)) = name.split_at_checked(end) else { continue };
        if matches(after, rest, told) {
            if let NamePiece::Column(column) = piece {
                told.push((column.clone(), value.to_owned()));
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_county() {
        let read = |pattern: &str, name: &str| NamePattern::parse(pattern).unwrap().read(name);
        let county = |value: &str| Some(vec![("county".to_owned(), value.to_owned())]);
        assert_eq!(read("{county} FVE *.txt", "ADAMS FVE 20240101.txt"), county("ADAMS"));
        assert_eq!(read("cty{county}_vr.csv", "CTY07_vr.csv"), county("07"));
        assert_eq!(read("*.txt", "a.csv"), None);
        assert_eq!(read("{county}.txt", ".txt"), None);
        assert_eq!(NamePattern::parse("{county.txt"), None);
    }
}
