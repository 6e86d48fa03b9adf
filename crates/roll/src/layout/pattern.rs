//! How an election is named in a header or in a cell.

use std::str::FromStr;

use terms::Date;

use super::date::{DateForm, WrittenDate};

/// A pattern such as `{kind}-{MM/DD/YYYY}` or `{YY}{kind} {method}`.
///
/// `{kind}`, `{code}`, `{name}`, `{method}`, `{party}` and `{place}` stand for a text that is not empty and reaches to
/// what follows in the pattern; `{*}` for any text, which is not kept; any other braces hold a [`DateForm`]. What
/// stands outside of braces stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Date(DateForm),
    Word(Part),
    Anything,
    Literal(String),
}

/// What a word of a pattern tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Kind,
    Code,
    Name,
    Method,
    Party,
    Place,
}

const PARTS: [(&str, Part); 6] = [
    ("kind", Part::Kind),
    ("code", Part::Code),
    ("name", Part::Name),
    ("method", Part::Method),
    ("party", Part::Party),
    ("place", Part::Place),
];

/// What a text told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told<'t> {
    /// When.
    pub date: Option<WrittenDate>,
    /// The word for the kind of election.
    pub kind: Option<&'t str>,
    /// The custodian's code of the election.
    pub code: Option<&'t str>,
    /// Its name.
    pub name: Option<&'t str>,
    /// The word for the way of voting.
    pub method: Option<&'t str>,
    /// The party of the ballot.
    pub party: Option<&'t str>,
    /// Where the vote was cast.
    pub place: Option<&'t str>,
}

/// A pattern that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a pattern; write dates and the words kind, code, name, method, party, place in braces, such as \
     `{{kind}}-{{MM/DD/YYYY}}`, with something between two words"
)]
pub struct PatternError(String);

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || PatternError(text.to_owned());
        let mut pieces: Vec<Piece> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = if let Some(inner) = rest.strip_prefix('{') {
                let (word, after) = inner.split_once('}').ok_or_else(refuse)?;
                (braced(word).ok_or_else(refuse)?, after)
            } else {
                let end = rest.find('{').unwrap_or(rest.len());
                let (literal, after) = rest.split_at_checked(end).ok_or_else(refuse)?;
                (Piece::Literal(literal.to_owned()), after)
            };
            // Two texts side by side have no border.
            if piece.is_open() && pieces.last().is_some_and(Piece::is_open) {
                return Err(refuse());
            }
            pieces.push(piece);
            rest = after;
        }
        let tells = pieces.iter().any(|piece| matches!(piece, Piece::Date(_) | Piece::Word(_)));
        if tells { Ok(Self { text: text.to_owned(), pieces }) } else { Err(refuse()) }
    }
}

fn braced(word: &str) -> Option<Piece> {
    if word == "*" {
        return Some(Piece::Anything);
    }
    match PARTS.iter().find(|(name, _)| *name == word) {
        Some((_, part)) => Some(Piece::Word(*part)),
        None => word.parse().ok().map(Piece::Date),
    }
}

impl Piece {
    /// Whether where it ends is told only by what follows.
    fn is_open(&self) -> bool {
        matches!(self, Self::Word(_) | Self::Anything)
    }
}

impl Pattern {
    /// The pattern as written in a layout.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Reads a text; `None` when it does not match. Years of two digits are not after `latest`.
    pub fn read<'t>(&self, text: &'t str, latest: Option<Date>) -> Option<Told<'t>> {
        let mut told = Told::default();
        matches(&self.pieces, text, latest, &mut told).then_some(told)
    }

    /// Writes the header of an election; `kind` stands for `{kind}`, `{name}` and `{code}`.
    pub fn write(&self, date: Date, kind: &str) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                // Writing into a string does not fail.
                Piece::Date(form) => drop(form.write(date, &mut out)),
                Piece::Word(_) => out.push_str(kind),
                Piece::Anything => {}
                Piece::Literal(literal) => out.push_str(literal),
            }
        }
        out
    }
}

/// LIMIT: years in which an election may be.
const YEARS: std::ops::Range<i16> = 1900..2200;

/// Matches pieces to the whole of a text. A word takes as little as the rest allows.
fn matches<'t>(pieces: &[Piece], text: &'t str, latest: Option<Date>, told: &mut Told<'t>) -> bool {
    let Some((piece, after)) = pieces.split_first() else { return text.is_empty() };
    match piece {
        Piece::Literal(literal) => {
            text.strip_prefix(literal.as_str()).is_some_and(|rest| matches(after, rest, latest, told))
        }
        Piece::Date(form) => {
            let Some((date, rest)) = form.read_front(text.as_bytes(), latest) else { return false };
            // Six digits may be a month and a year or a whole day; nobody on a roll voted in the year 816.
            if !YEARS.contains(&date.year) {
                return false;
            }
            told.date = Some(date);
            // What a date form reads is ASCII, so the rest begins with a character.
            let rest = text.get(text.len() - rest.len()..).unwrap_or_default();
            matches(after, rest, latest, told)
        }
        Piece::Word(_) | Piece::Anything => {
            let least = usize::from(matches!(piece, Piece::Word(_)));
            let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]).filter(|at| *at >= least);
            for end in ends {
                let Some((word, rest)) = text.split_at_checked(end) else { continue };
                if matches(after, rest, latest, told) {
                    if let Piece::Word(part) = piece {
                        told.keep(*part, word.trim());
                    }
                    return true;
                }
            }
            false
        }
    }
}

impl<'t> Told<'t> {
    fn keep(&mut self, part: Part, word: &'t str) {
        let place = match part {
            Part::Kind => &mut self.kind,
            Part::Code => &mut self.code,
            Part::Name => &mut self.name,
            Part::Method => &mut self.method,
            Part::Party => &mut self.party,
            Part::Place => &mut self.place,
        };
        *place = Some(word).filter(|word| !word.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(pattern: &str, text: &str) -> Option<String> {
        let pattern: Pattern = pattern.parse().unwrap();
        let told = pattern.read(text, Date::new(2024, 1, 1).ok())?;
        let date = told.date.map(|date| date.to_string());
        let words = [told.kind, told.code, told.name, told.method, told.party, told.place];
        let words = words.into_iter().flatten().map(str::to_owned);
        Some(date.into_iter().chain(words).collect::<Vec<_>>().join("|"))
    }

    #[test]
    fn elections_are_read_from_headers_and_cells() {
        for (pattern, text, expected) in [
            ("{kind}-{MM/DD/YYYY}", "PRIMARY-05/02/2006", Some("2006-05-02|PRIMARY")),
            ("{MM/DD/YYYY}-{name}", "11/08/2016-GENERAL ELECTION", Some("2016-11-08|GENERAL ELECTION")),
            ("{YY}{kind} {method}", "18GENR P", Some("2018|GENR|P")),
            ("{kind}{YYYY}", "GN2016", Some("2016|GN")),
            ("{MonthYYYY}", "November2016", Some("2016-11")),
            ("{YYYY} Gen Election Participation", "2016 Gen Election Participation", Some("2016")),
            ("{method}-{place}", "E-BERNALILLO", Some("E|BERNALILLO")),
            ("{name}CountyVotedIn", "2016GeneralCountyVotedIn", Some("2016General")),
            ("{*}{MM/DD/YYYY}{*}", "on 11/08/2016 (gen)", Some("2016-11-08")),
            ("{kind}-{MM/DD/YYYY}", "PRIMARY-05/02/06", None),
            ("{kind}-{MM/DD/YYYY}", "-05/02/2006", None),
            ("{kind}{YYYY}", "2016", None),
        ] {
            assert_eq!(told(pattern, text).as_deref(), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_has_borders_and_tells_something() {
        for text in ["{kind}{name}", "{kind", "plain", "{*}", "{month}", "", "{name}{*}"] {
            assert!(text.parse::<Pattern>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_header_is_written_as_it_is_read() {
        let pattern: Pattern = "{kind}-{MM/DD/YYYY}".parse().unwrap();
        assert_eq!(pattern.write(Date::new(2016, 11, 8).unwrap(), "GENERAL"), "GENERAL-11/08/2016");
    }
}
