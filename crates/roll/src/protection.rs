//! Lists of protected registrants, and of canaries.
//!
//! A list is data beside the roll: it is joined by voter number when a release is made, never when a roll is imported,
//! so that a registrant who is protected today is protected in yesterday's snapshot as well.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use terms::{Date, Field, Fields, Ground};

use crate::advice;
use crate::layout::DateForm;
use crate::read::Splitter;
use crate::read::split::Delimited;
use crate::store::RemoteError;
use crate::vault::VaultError;

/// The header of a protection list.
pub const PROTECTION_HEADER: &str = "voter_id,ground,since,until";

/// The header of a list whose fifth column names fields, separated by spaces, for grounds that hold for single fields.
pub const PROTECTION_FIELDS_HEADER: &str = "voter_id,ground,since,until,fields";

/// LIMIT: a list of 64 MiB holds more than a million registrants, more than any state protects.
pub const LIST_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// LIMIT: a shorter token would occur in honest data by chance.
pub const CANARY_BYTES_MIN: usize = 6;

/// One ground of protection of one registrant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// Why.
    pub ground: Ground,
    /// The first day on which it holds.
    pub since: Date,
    /// The first day on which it holds no longer; `None` while no end is known.
    pub until: Option<Date>,
    /// The fields for which it holds; empty for all of them, and for every ground that is not by field.
    pub fields: Fields,
}

impl Protection {
    /// Whether it holds for a field, or for one that tells of it. Where the list names none, it holds for every field.
    pub fn marks(&self, field: Field) -> bool {
        self.fields.is_empty() || self.fields.tell_of(field)
    }

    /// Whether it holds on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        self.since <= day && self.until.is_none_or(|until| day < until)
    }
}

/// A protection list: voter number to protections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Protections {
    by_voter: HashMap<Box<str>, Vec<Protection>>,
}

impl Protections {
    /// The protections of a registrant, in the order of the list; empty for everybody else.
    pub fn of(&self, voter_id: &str) -> &[Protection] {
        self.by_voter.get(voter_id).map_or(&[], Vec::as_slice)
    }

    /// How many registrants are on the list.
    pub fn len(&self) -> usize {
        self.by_voter.len()
    }

    /// Whether nobody is on the list.
    pub fn is_empty(&self) -> bool {
        self.by_voter.is_empty()
    }

    /// Adds a protection of a registrant, unless it is there.
    pub fn add(&mut self, voter_id: &str, protection: Protection) {
        let known = self.by_voter.entry(voter_id.into()).or_default();
        if !known.contains(&protection) {
            known.push(protection);
        }
    }

    /// The list as it is read, by voter number.
    pub fn csv(&self) -> String {
        let sorted: BTreeMap<&str, &Vec<Protection>> = self.by_voter.iter().map(|(id, list)| (&**id, list)).collect();
        let mut text = format!("{PROTECTION_FIELDS_HEADER}\n");
        for (id, list) in sorted {
            let id = if id.contains([',', '"']) { format!("\"{}\"", id.replace('"', "\"\"")) } else { id.to_owned() };
            for protection in list {
                let until = protection.until.map(|day| day.to_string()).unwrap_or_default();
                let fields: Vec<&str> = Field::ALL
                    .iter()
                    .filter(|field| protection.fields.contains(**field))
                    .map(|field| field.as_str())
                    .collect();
                let (ground, since) = (protection.ground, protection.since);
                text.push_str(&format!("{id},{ground},{since},{until},{}\n", fields.join(" ")));
            }
        }
        text
    }

    /// Reads a list: UTF-8 CSV with the header [`PROTECTION_HEADER`] or [`PROTECTION_FIELDS_HEADER`], dates in ISO form,
    /// `until` and `fields` possibly empty.
    ///
    /// # Errors
    ///
    /// [`ListError`] with file, line and column at the first line that is not exactly so.
    pub fn parse(file: &Path, bytes: &[u8]) -> Result<Self, ListError> {
        let mut lines = text_lines(file, bytes)?;
        let fault = |line, column, problem| ListError::Line { file: file.to_owned(), line, column, problem };
        let has_fields = match lines.next() {
            Some((_, PROTECTION_HEADER)) => false,
            Some((_, PROTECTION_FIELDS_HEADER)) => true,
            _ => return Err(fault(1, 1, ListProblem::Header)),
        };
        let iso: DateForm = "YYYY-MM-DD".parse().map_err(|_| fault(1, 1, ListProblem::Header))?;
        let mut by_voter: HashMap<Box<str>, Vec<Protection>> = HashMap::new();
        for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
            let (voter_id, protection) =
                protection(text, has_fields, &iso).map_err(|(column, problem)| fault(line, column, problem))?;
            by_voter.entry(voter_id).or_default().push(protection);
        }
        Ok(Self { by_voter })
    }
}

fn protection(text: &str, has_fields: bool, iso: &DateForm) -> Result<(Box<str>, Protection), (usize, ListProblem)> {
    let mut cells = Vec::with_capacity(5);
    let splitter = Splitter::Delimited(Delimited { delimiter: b',', quote: Some(b'"'), is_backslashed: false });
    splitter.split(text.as_bytes(), &mut cells).map_err(|(column, _)| (column + 1, ListProblem::Quote))?;
    let (voter_id, ground, since, until, fields) = match (cells.as_slice(), has_fields) {
        ([voter_id, ground, since, until], false) => (voter_id, ground, since, until, None),
        ([voter_id, ground, since, until, fields], true) => (voter_id, ground, since, until, Some(fields)),
        (cells, false) => return Err((cells.len().min(4), ListProblem::Four)),
        (cells, true) => return Err((cells.len().min(5), ListProblem::Five)),
    };
    let word = |cell: &crate::read::Cell| text.get(cell.start as usize..cell.end as usize).unwrap_or_default().trim();
    let voter_id = Some(word(voter_id)).filter(|id| !id.is_empty()).ok_or((1, ListProblem::NoVoterId))?;
    let ground: Ground = word(ground).parse().map_err(|_| (2, ListProblem::Ground))?;
    let since = iso.parse(word(since).as_bytes()).ok_or((3, ListProblem::Date))?;
    let until = match word(until) {
        "" => None,
        day => Some(iso.parse(day.as_bytes()).ok_or((4, ListProblem::Date))?),
    };
    if until.is_some_and(|until| until <= since) {
        return Err((4, ListProblem::Order));
    }
    let fields = fields.map(word).unwrap_or_default().split_whitespace().map(str::parse);
    let fields: Fields = fields.collect::<Result<_, _>>().map_err(|_| (5, ListProblem::UnknownField))?;
    if !fields.is_empty() && !ground.is_by_field() {
        return Err((5, ListProblem::WholeRecord));
    }
    Ok((voter_id.into(), Protection { ground, since, until, fields }))
}

/// Reads a list of canaries: UTF-8 text, one token on each line.
///
/// # Errors
///
/// [`ListError`] with file and line for a token that is too short.
pub(crate) fn parse_canaries(file: &Path, bytes: &[u8]) -> Result<BTreeSet<String>, ListError> {
    let mut canaries = BTreeSet::new();
    for (line, text) in text_lines(file, bytes)?.filter(|(_, text)| !text.trim().is_empty()) {
        if text.trim().len() < CANARY_BYTES_MIN {
            return Err(ListError::Line { file: file.to_owned(), line, column: 1, problem: ListProblem::ShortCanary });
        }
        canaries.insert(text.trim().to_owned());
    }
    Ok(canaries)
}

/// The lines of a UTF-8 text with their numbers, with or without a byte order mark and carriage returns.
pub(crate) fn text_lines<'a>(
    file: &Path,
    bytes: &'a [u8],
) -> Result<impl Iterator<Item = (usize, &'a str)>, ListError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        ListError::Line { file: file.to_owned(), line, column: 1, problem: ListProblem::NotUtf8 }
    })?;
    Ok((1..).zip(text.lines()))
}

/// Why a list is refused. Nothing of it is kept then.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[non_exhaustive]
pub enum ListError {
    /// A line is not as it must be.
    #[error("`{}` line {line}, column {column}: {problem}", file.display())]
    #[diagnostic(help("correct the line and import the list again; nothing of it was kept"))]
    Line {
        /// The file.
        file: PathBuf,
        /// The line, from 1, with the header.
        line: usize,
        /// The field of the line, from 1.
        column: usize,
        /// What is wrong.
        problem: ListProblem,
    },
    /// The list is larger than [`LIST_BYTES_MAX`].
    #[error("`{}` is larger than {LIST_BYTES_MAX} bytes", file.display())]
    #[diagnostic(help("is this the list, or the roll?"))]
    TooLarge {
        /// The file.
        file: PathBuf,
    },
    /// The object store cannot be read or written.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Remote(#[from] RemoteError),
    /// A list cannot be read.
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("{}", advice::on_reading(source)))]
    Read {
        /// The list, or the folder of the lists.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A list in the store is not what was kept there.
    #[error("`{}` is not as it was sealed", file.display())]
    #[diagnostic(help("restore it from a backup, or import the list again; until then nothing is released"))]
    Damaged {
        /// The list in the store.
        file: PathBuf,
    },
    /// The keys cannot be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Vault(#[from] VaultError),
    /// A list cannot be written into the store.
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("check the free space and the rights of the store; the list was not kept"))]
    Write {
        /// The list in the store.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// What is wrong with a line of a list. No variant holds a value of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ListProblem {
    /// Another header.
    #[error("the header must be `{PROTECTION_HEADER}`, or `{PROTECTION_FIELDS_HEADER}`")]
    Header,
    /// Not four fields.
    #[error("expected four fields: {PROTECTION_HEADER}")]
    Four,
    /// Not five fields.
    #[error("expected five fields: {PROTECTION_FIELDS_HEADER}")]
    Five,
    /// Not a word of [`Field`].
    #[error("not a field of a registrant; separate several by spaces")]
    UnknownField,
    /// Fields beside a ground that holds for the registrant.
    #[error("this ground protects the registrant, not single fields; leave `fields` empty")]
    WholeRecord,
    /// A quote that does not open and close a field.
    #[error("a quote must open and close a field")]
    Quote,
    /// Bytes that are not UTF-8.
    #[error("not valid UTF-8")]
    NotUtf8,
    /// Another header, for a list by name.
    #[error("the header must be `{}`", crate::named::NAMED_HEADER)]
    NamedHeader,
    /// Not six fields.
    #[error("expected six fields: {}", crate::named::NAMED_HEADER)]
    Six,
    /// A name without a letter.
    #[error("no name")]
    NoName,
    /// No number.
    #[error("no voter number")]
    NoVoterId,
    /// Not a word of [`Ground`].
    #[error("not a protection ground; known are {}", grounds())]
    Ground,
    /// Not a date.
    #[error("not a date; write it as 2017-06-30")]
    Date,
    /// The end is not after the beginning.
    #[error("`until` is not after `since`")]
    Order,
    /// A canary that could occur by chance.
    #[error("a canary has at least {CANARY_BYTES_MIN} characters")]
    ShortCanary,
}

fn grounds() -> String {
    let words: Vec<&str> = Ground::ALL.iter().map(|ground| ground.as_str()).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Protections, String> {
        Protections::parse(Path::new("list.csv"), text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_protection_holds_from_its_first_day_until_the_day_before_its_end() {
        let list = parse("voter_id,ground,since,until\n007,judge,2017-01-01,2018-01-01\n007,safety_risk,2016-05-01,\n")
            .unwrap();
        let day = |text: &str| text.parse::<Date>().unwrap();
        let [judge, risk] = list.of("007") else { panic!("two protections") };
        assert!(judge.holds_on(day("2017-01-01")) && judge.holds_on(day("2017-12-31")));
        assert!(!judge.holds_on(day("2016-12-31")) && !judge.holds_on(day("2018-01-01")));
        assert!(risk.holds_on(day("2099-01-01")));
        assert!(list.of("7").is_empty());
        assert_eq!(list.len(), 1);
    }

    #[test]
    fn a_ground_by_field_holds_for_the_fields_it_names_and_for_what_tells_of_them() {
        let head = "voter_id,ground,since,until,fields\n";
        let lines = "007,item_marked_private,2017-01-01,,phone date_of_birth\n007,partner_data,2017-01-01,,\n";
        let list = parse(&format!("{head}{lines}")).unwrap();
        let [marked, exchange] = list.of("007") else { panic!("two protections") };
        assert!(marked.marks(Field::Phone) && marked.marks(Field::DateOfBirth) && marked.marks(Field::BirthYear));
        assert!(!marked.marks(Field::Party));
        assert!(exchange.marks(Field::Party), "where no field is named, it holds for every field");
        let old = parse("voter_id,ground,since,until\n007,item_marked_private,2017-01-01,\n").unwrap();
        assert!(old.of("007")[0].marks(Field::Party), "so it does in a list without the column");
    }

    #[test]
    fn every_slip_is_told_with_its_place_and_without_its_value() {
        let head = "voter_id,ground,since,until\n";
        let wide = "voter_id,ground,since,until,fields\n";
        for (text, place) in [
            (&format!("{wide}8812345,judge,2017-01-01,"), "line 2, column 4: expected five fields"),
            (&format!("{head}8812345,judge,2017-01-01,,"), "line 2, column 4: expected four fields"),
            (&format!("{wide}8812345,partner_data,2017-01-01,,telefone"), "line 2, column 5: not a field"),
            (
                &format!("{wide}8812345,judge,2017-01-01,,phone"),
                "line 2, column 5: this ground protects the registrant",
            ),
            (&"voter,ground\n".to_owned(), "line 1, column 1: the header must be"),
            (&String::new(), "line 1, column 1: the header must be"),
            (&format!("{head}8812345,judge,2017-01-01\n"), "line 2, column 3: expected four fields"),
            (&format!("{head}8812345,juge,2017-01-01,\n"), "line 2, column 2: not a protection ground"),
            (&format!("{head}8812345,judge,01/02/2017,\n"), "line 2, column 3: not a date"),
            (&format!("{head}8812345,judge,2017-02-30,\n"), "line 2, column 3: not a date"),
            (&format!("{head}8812345,judge,2017-01-01,2017-01-01\n"), "line 2, column 4: `until` is not after"),
            (&format!("{head} ,judge,2017-01-01,\n"), "line 2, column 1: no voter number"),
            (&format!("{head}88\"12345,judge,2017-01-01,\n"), "line 2, column 1: a quote must"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(place), "{error}");
            assert!(!error.contains("12345") && !error.contains("juge"), "{error}");
        }
        let error = Protections::parse(Path::new("list.csv"), b"voter_id,ground,since,until\n\xff").unwrap_err();
        assert_eq!(error.to_string(), "`list.csv` line 2, column 1: not valid UTF-8");
    }

    #[test]
    fn canaries_are_tokens_that_do_not_occur_by_chance() {
        let canaries = parse_canaries(Path::new("c.txt"), b"QZX-0001\r\n\nQZX-0002\n").unwrap();
        assert_eq!(canaries.into_iter().collect::<Vec<_>>(), ["QZX-0001", "QZX-0002"]);
        let error = parse_canaries(Path::new("c.txt"), b"QZX-0001\nLee\n").unwrap_err();
        assert_eq!(error.to_string(), "`c.txt` line 2, column 1: a canary has at least 6 characters");
    }
}
