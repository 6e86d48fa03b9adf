//! Lists of protected persons by name and date of birth: who they are on the roll, for an officer to confirm.
//!
//! Courts and address-confidentiality programs know no voter numbers. A match by name is never taken by itself: it is
//! shown, and becomes a protection only through a list of numbers.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type, Int32Type};
use arrow_array::{Array, ArrayRef, StringArray};
use terms::{Date, Ground};

use crate::protection::{LIST_BYTES_MAX, ListError, ListProblem, text_lines};
use crate::read::Splitter;
use crate::read::split::Delimited;
use crate::reader::Reader;
use crate::snapshot::SnapshotError;
use crate::table::plan::day_number;

/// The header of a list by name; `until` may be empty.
pub const NAMED_HEADER: &str = "first_name,last_name,date_of_birth,ground,since,until";

/// One line of a list by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedProtection {
    /// Its line in the list, from 1, with the header.
    pub line: usize,
    first: String,
    last: String,
    born: Date,
    /// Why.
    pub ground: Ground,
    /// The first day on which it holds.
    pub since: Date,
    /// The first day on which it holds no longer.
    pub until: Option<Date>,
}

/// How much of a person agrees with a registrant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// Name and date of birth.
    BirthDate,
    /// Name and year of birth; the roll holds no date.
    BirthYear,
    /// The name; the roll holds nothing of the birth.
    NameAlone,
}

impl Agreement {
    /// The agreement in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::BirthDate => "name and date of birth",
            Self::BirthYear => "name and year of birth",
            Self::NameAlone => "name alone",
        }
    }
}

/// A registrant who may be the person of a line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What agrees.
    pub agreement: Agreement,
    /// The registrant's number.
    pub voter_id: String,
    /// The registrant's county, if the roll has one.
    pub county: Option<String>,
}

/// A line and the registrants who may be meant, the surest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMatch {
    /// The line.
    pub protection: NamedProtection,
    /// The registrants.
    pub candidates: Vec<Candidate>,
}

impl NamedMatch {
    /// The registrant, if exactly one agrees in name and date of birth.
    pub fn certain(&self) -> Option<&Candidate> {
        let mut sure = self.candidates.iter().filter(|candidate| candidate.agreement == Agreement::BirthDate);
        match (sure.next(), sure.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }
}

/// Reads a list by name: UTF-8 CSV with the header [`NAMED_HEADER`], dates in ISO form.
///
/// # Errors
///
/// [`ListError`] with file, line and column at the first line that is not exactly so. No message holds a value.
pub fn read_named(path: &Path) -> Result<Vec<NamedProtection>, ListError> {
    let io = |source| ListError::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(io)?.len() > LIST_BYTES_MAX {
        return Err(ListError::TooLarge { file: path.to_owned() });
    }
    parse_named(path, &std::fs::read(path).map_err(io)?)
}

fn parse_named(path: &Path, bytes: &[u8]) -> Result<Vec<NamedProtection>, ListError> {
    let file: PathBuf = path.to_owned();
    let fault = |line, column, problem| ListError::Line { file: file.clone(), line, column, problem };
    let mut lines = text_lines(path, bytes)?;
    if lines.next().is_none_or(|(_, header)| header != NAMED_HEADER) {
        return Err(fault(1, 1, ListProblem::NamedHeader));
    }
    let mut named = Vec::new();
    for (line, text) in lines.filter(|(_, text)| !text.is_empty()) {
        named.push(one(line, text).map_err(|(column, problem)| fault(line, column, problem))?);
    }
    Ok(named)
}

fn one(line: usize, text: &str) -> Result<NamedProtection, (usize, ListProblem)> {
    let splitter = Splitter::Delimited(Delimited { delimiter: b',', quote: Some(b'"'), is_backslashed: false });
    let mut cells = Vec::with_capacity(6);
    splitter.split(text.as_bytes(), &mut cells).map_err(|(column, _)| (column + 1, ListProblem::Quote))?;
    let word = |cell: &crate::read::Cell| text.get(cell.start as usize..cell.end as usize).unwrap_or_default().trim();
    let [first, last, born, ground, since, until] = cells.as_slice() else {
        return Err((cells.len().min(6), ListProblem::Six));
    };
    let name = |cell, column| match folded(word(cell)) {
        name if name.is_empty() => Err((column, ListProblem::NoName)),
        name => Ok(name),
    };
    let day = |cell, column| word(cell).parse::<Date>().map_err(|_| (column, ListProblem::Date));
    let since = day(since, 5)?;
    let until = if word(until).is_empty() { None } else { Some(day(until, 6)?) };
    if until.is_some_and(|until| until <= since) {
        return Err((6, ListProblem::Order));
    }
    Ok(NamedProtection {
        line,
        first: name(first, 1)?,
        last: name(last, 2)?,
        born: day(born, 3)?,
        ground: word(ground).parse().map_err(|_| (4, ListProblem::Ground))?,
        since,
        until,
    })
}

/// A name for comparison: letters and digits, in small letters.
fn folded(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Reader {
    /// Finds the persons of a list by name on the roll. First and last name must agree in their letters, whatever their
    /// case, blanks and signs; the birth must agree as far as the roll holds it.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`] when the roll cannot be read.
    pub fn find_named(&self, list: Vec<NamedProtection>) -> Result<Vec<NamedMatch>, SnapshotError> {
        let mut by_name: HashMap<(String, String), Vec<usize>> = HashMap::new();
        for (at, person) in list.iter().enumerate() {
            by_name.entry((person.last.clone(), person.first.clone())).or_default().push(at);
        }
        let mut found: BTreeMap<usize, Vec<Candidate>> = BTreeMap::new();
        let optional = ["date_of_birth", "birth_year", "county"];
        let mut columns = vec!["voter_id", "first_name", "last_name"];
        columns.extend(optional.into_iter().filter(|column| self.snapshot().has_column(column)));
        for part in 0..self.snapshot().parts() {
            let batch = self.read_voters(part, &columns)?;
            let text = |name: &str, row| batch.column_by_name(name).and_then(|column| text_of(column, row));
            for row in 0..batch.num_rows() {
                let names = (
                    folded(&text("last_name", row).unwrap_or_default()),
                    folded(&text("first_name", row).unwrap_or_default()),
                );
                for at in by_name.get(&names).into_iter().flatten() {
                    let Some(person) = list.get(*at) else { continue };
                    let born = batch.column_by_name("date_of_birth").and_then(|column| day_of(column, row));
                    let year = batch.column_by_name("birth_year").and_then(|column| year_of(column, row));
                    let Some(agreement) = agreement(person, born, year) else { continue };
                    let voter_id = text("voter_id", row).unwrap_or_default();
                    found.entry(*at).or_default().push(Candidate { agreement, voter_id, county: text("county", row) });
                }
            }
        }
        let matched = list.into_iter().enumerate().map(|(at, protection)| {
            let mut candidates = found.remove(&at).unwrap_or_default();
            candidates.sort_unstable();
            NamedMatch { protection, candidates }
        });
        Ok(matched.collect())
    }
}

/// How a registrant's birth agrees with a person's; `None` where it contradicts.
fn agreement(person: &NamedProtection, born: Option<i32>, year: Option<i16>) -> Option<Agreement> {
    match (born, year) {
        (Some(born), _) => (born == day_number(person.born)).then_some(Agreement::BirthDate),
        (None, Some(year)) => (year == person.born.year()).then_some(Agreement::BirthYear),
        (None, None) => Some(Agreement::NameAlone),
    }
}

fn text_of(column: &ArrayRef, row: usize) -> Option<String> {
    if column.is_null(row) {
        return None;
    }
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Some(texts.value(row).to_owned());
    }
    let words = column.as_dictionary_opt::<Int32Type>()?.downcast_dict::<StringArray>()?;
    Some(arrow_array::ArrayAccessor::value(&words, row).to_owned())
}

fn day_of(column: &ArrayRef, row: usize) -> Option<i32> {
    column.as_primitive_opt::<Date32Type>().filter(|days| days.is_valid(row)).map(|days| days.value(row))
}

fn year_of(column: &ArrayRef, row: usize) -> Option<i16> {
    column.as_primitive_opt::<Int16Type>().filter(|years| years.is_valid(row)).map(|years| years.value(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<NamedProtection>, String> {
        parse_named(Path::new("list.csv"), text.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_slip_is_told_with_its_place_and_without_its_value() {
        let head = format!("{NAMED_HEADER}\n");
        for (text, place) in [
            ("voter_id,ground\n".to_owned(), "line 1, column 1: the header must be"),
            (format!("{head}Ida,Testa,1970-05-06,judge,2017-01-01\n"), "line 2, column 5: expected six fields"),
            (format!("{head}Ida,,1970-05-06,judge,2017-01-01,\n"), "line 2, column 2: no name"),
            (format!("{head}Ida,Testa,5/6/1970,judge,2017-01-01,\n"), "line 2, column 3: not a date"),
            (format!("{head}Ida,Testa,1970-05-06,juge,2017-01-01,\n"), "line 2, column 4: not a protection ground"),
            (
                format!("{head}Ida,Testa,1970-05-06,judge,2017-01-01,2016-01-01\n"),
                "line 2, column 6: `until` is not after",
            ),
        ] {
            let error = parse(&text).unwrap_err();
            assert!(error.contains(place), "{error}");
            assert!(!error.contains("Testa") && !error.contains("1970"), "{error}");
        }
        assert_eq!(
            parse(&format!("{head}Ida,\"Testa, O'\",1970-05-06,judge,2017-01-01,\n")).unwrap()[0].last,
            "testao"
        );
    }

    #[test]
    fn the_birth_agrees_as_far_as_the_roll_holds_it() {
        let person = &parse(&format!("{NAMED_HEADER}\nIda,Testa,1970-05-06,judge,2017-01-01,\n")).unwrap()[0];
        let born = day_number(Date::new(1970, 5, 6).unwrap());
        assert_eq!(agreement(person, Some(born), Some(1970)), Some(Agreement::BirthDate));
        assert_eq!(agreement(person, Some(born + 1), Some(1970)), None);
        assert_eq!(agreement(person, None, Some(1970)), Some(Agreement::BirthYear));
        assert_eq!(agreement(person, None, Some(1971)), None);
        assert_eq!(agreement(person, None, None), Some(Agreement::NameAlone));
    }
}
