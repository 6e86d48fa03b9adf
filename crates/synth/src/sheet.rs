//! A file of the roll: its columns, its header and its rows.

use roll::Layout;
use roll::layout::{Codes, ColumnKind, DateForm, HeaderLine, HeaderRule, LayoutColumn, Precision};
use terms::Date;

use crate::calendar::{Day, DayTexts};
use crate::cell::{BallotCell, Cell};
use crate::elections::Election;
use crate::household::Population;
use crate::line::{Line, LineForm};
use crate::person::{DateOddity, Person};
use crate::places::Place;

/// What a slip of the hand makes of 17 May 2010.
const WRONG_YEAR: Date = Date::constant(201, 5, 17);

/// A layout made ready for writing.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    pub(crate) population: &'a Population,
    pub(crate) layout: &'a Layout,
    form: LineForm,
    columns: Vec<Column<'a>>,
    /// The columns of a wide history that are named after elections.
    elections: Vec<ElectionColumn>,
    slots: Slots,
    /// Whether there is a file for each county.
    is_by_county: bool,
}

/// Where the ballots of a registrant stand in her row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slots {
    /// Nowhere.
    None,
    /// In columns that are named after elections.
    Headers,
    /// All in one cell.
    Packed,
    /// Each in a row of its own, which repeats the registrant.
    Rows,
    /// In so many groups of columns; the number of a group is that of an election in the county.
    Coded(u32),
    /// In so many groups of columns, the last ballot first.
    Recent(u32),
}

/// A column that is named after an election.
#[derive(Debug)]
struct ElectionColumn {
    header: String,
    /// What stands in the cell of somebody who voted; `None` for the party of the ballot.
    cell: Option<String>,
}

/// A column made ready for writing.
#[derive(Debug)]
pub(crate) struct Column<'a> {
    pub(crate) published: &'a LayoutColumn,
    pub(crate) cell: Cell,
    /// Every day in the column's date form; empty for other columns.
    days: Option<DayTexts>,
    /// Canonical words with the code that is written for each.
    codes: Vec<(&'a str, &'a str)>,
    /// A code of a ballot that was not counted.
    pub(crate) not_counted: Option<&'a str>,
    /// Every election as it stands in a cell of several.
    pub(crate) tokens: Vec<String>,
    /// What stands for a value of a registrant whom the office protects.
    mask: Option<&'a str>,
    /// What stands for a date that the office does not know.
    placeholder: Option<String>,
    /// A day of a year that cannot be meant, in the column's date form.
    wrong_year: Option<String>,
}

/// One row to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    /// The registrant.
    pub(crate) person: &'a Person,
    /// The registrant's number, from which the voter number is made.
    pub(crate) number: u32,
    /// The ballot, in a row of a history.
    pub(crate) ballot: Option<&'a Election>,
}

impl<'a> Sheet<'a> {
    /// Prepares a layout. Optional columns that nothing can fill are left out.
    pub(crate) fn new(layout: &'a Layout, population: &'a Population) -> Self {
        let columns = layout.columns().iter().map(|published| Column::new(published, layout, population));
        let columns: Vec<Column<'a>> =
            columns.filter(|column| !column.published.is_optional || column.cell != Cell::Blank).collect();
        let elections: Vec<ElectionColumn> = match layout.history().headers.first() {
            Some(rule) => population.elections.iter().map(|held| election_column(population, rule, held)).collect(),
            None => Vec::new(),
        };
        let spans = columns.iter().filter_map(|column| column.published.span).collect();
        Self {
            population,
            layout,
            form: LineForm::new(layout, population.profile).with_spans(spans),
            slots: Slots::of(layout, &columns),
            columns,
            elections,
            is_by_county: layout.file().names.first().is_some_and(|name| name.as_str().contains("{county")),
        }
    }

    /// The columns that are written.
    pub(crate) fn columns(&self) -> &[Column<'a>] {
        &self.columns
    }

    /// How the file's lines are written.
    pub(crate) fn form(&self) -> &LineForm {
        &self.form
    }

    /// How many files the table has.
    pub(crate) fn parts(&self) -> usize {
        if self.is_by_county { self.population.places.counties().count() } else { 1 }
    }

    /// The file in which the registrants of a place stand.
    pub(crate) fn part_of(&self, place: &Place) -> usize {
        if self.is_by_county { usize::try_from(place.county_index).unwrap_or(0) } else { 0 }
    }

    /// Whether the ballots stand in rows of their own among those of registrants.
    pub(crate) fn repeats_registrants(&self) -> bool {
        self.slots == Slots::Rows
    }

    /// How many ballots of a registrant her own row tells of.
    pub(crate) fn ballots_in_row(&self, person: &Person) -> u64 {
        let all = u64::from(person.votes.count_ones());
        match self.slots {
            Slots::None | Slots::Rows => 0,
            Slots::Headers | Slots::Packed => all,
            Slots::Coded(groups) => {
                let bits = (1..=groups).filter_map(|number| self.population.coded(0, number, groups));
                bits.map(|held| person.votes >> held.index & 1).sum()
            }
            Slots::Recent(groups) => all.min(u64::from(groups)),
        }
    }

    /// The groups of columns whose numbers are codes of elections.
    pub(crate) fn coded_groups(&self) -> Option<u32> {
        match self.slots {
            Slots::Coded(groups) => Some(groups),
            _ => None,
        }
    }

    /// Writes what stands before the first row.
    pub(crate) fn write_header(&self, out: &mut Vec<u8>) {
        for _ in 0..self.layout.file().lines_before {
            out.extend_from_slice(b"Synthetic roll");
            out.extend_from_slice(self.form.ending());
        }
        if self.layout.file().header == HeaderLine::Never {
            return;
        }
        let form = self.form.of_header();
        let mut line = Line::new(&form, out);
        let names = self.columns.iter().map(|column| &column.published.name);
        names.chain(self.elections.iter().map(|column| &column.header)).for_each(|name| line.word(name));
        line.end();
    }

    /// Writes one row.
    pub(crate) fn write_row(&self, row: Row<'_>, line: &mut Line<'_>) {
        let Some(place) = self.population.places.get(row.person.place) else { return };
        let is_masked = row.person.is_protected && !row.person.is_canary;
        for column in &self.columns {
            if let Some(mask) = column.mask.filter(|_| is_masked) {
                line.word(mask);
                continue;
            }
            match column.cell {
                Cell::Blank => line.word(""),
                Cell::Person(cell) => self.write_person(cell, column, row, place, line),
                Cell::Home(cell) => self.write_home(cell, column, row, place, line),
                Cell::Mail(cell) => self.write_mail(cell, row.person, line),
                Cell::Area(cell) => self.write_area(cell, row.person.precinct, place, line),
                Cell::Ballot(BallotCell::Packed) => self.write_packed(column, row.person, line),
                Cell::Ballot(cell) => {
                    let ballot = self.ballot(column, row, place);
                    self.write_ballot(cell, column, row.person, ballot, place, line);
                }
            }
        }
        for (column, bit) in self.elections.iter().zip(0..u64::BITS) {
            let has_voted = row.person.votes >> bit & 1 == 1;
            match &column.cell {
                _ if !has_voted => line.ready(b""),
                Some(cell) => line.ready(cell.as_bytes()),
                None => line.ready(self.ballot_mark(row.person, bit).as_bytes()),
            }
        }
        line.end();
    }

    /// The ballot that a column tells of.
    fn ballot<'r>(&'r self, column: &Column<'_>, row: Row<'r>, place: &Place) -> Option<&'r Election> {
        let number = u32::from(*column.published.groups.first().unwrap_or(&1));
        let held = match self.slots {
            Slots::Coded(groups) => self.population.coded(place.county_index, number, groups)?,
            Slots::Recent(_) => {
                let held = self.population.elections.iter().rev();
                let mut voted = held.filter(|held| row.person.votes >> held.index & 1 == 1);
                return voted.nth(usize::try_from(number - 1).ok()?);
            }
            _ => return row.ballot,
        };
        (row.person.votes >> held.index & 1 == 1).then_some(held)
    }
}

impl Slots {
    fn of(layout: &Layout, columns: &[Column<'_>]) -> Self {
        let groups = columns.iter().flat_map(|column| column.published.groups.iter().copied()).max();
        let groups = groups.map(u32::from);
        let history = layout.history();
        let is_packed = |column: &Column<'_>| column.cell == Cell::Ballot(BallotCell::Packed);
        match groups {
            _ if history.is_in_same_rows => Self::Rows,
            _ if !history.headers.is_empty() => Self::Headers,
            _ if columns.iter().any(is_packed) => Self::Packed,
            Some(groups) if history.elections.is_some() => Self::Coded(groups),
            Some(groups) => Self::Recent(groups),
            None => Self::None,
        }
    }
}

impl<'a> Column<'a> {
    fn new(published: &'a LayoutColumn, layout: &'a Layout, population: &'a Population) -> Self {
        let codes = published.codes();
        let cell = Cell::of(published, layout, population.profile);
        let token = |held: &Election| token(published, layout, population, held);
        Self {
            cell,
            days: match &published.kind {
                ColumnKind::Date(forms) => written_form(forms).map(|form| DayTexts::new(&population.calendar, form)),
                _ => None,
            },
            codes: codes.map(written_codes).unwrap_or_default(),
            not_counted: codes
                .and_then(|codes| codes.iter().map(|(code, _)| code).find(|code| codes.outcome(code).is_some())),
            tokens: match cell {
                Cell::Ballot(BallotCell::Packed) => population.elections.iter().map(token).collect(),
                _ => Vec::new(),
            },
            mask: published.masked.first().map(String::as_str).filter(|_| population.profile.masks_protected),
            placeholder: published.placeholders.first().map(|text| placeholder(&published.kind, text)),
            wrong_year: written(&published.kind, WRONG_YEAR),
            published,
        }
    }

    /// The published code of a canonical word; a text column writes the word.
    pub(crate) fn code<'b>(&'b self, canonical: &'b str) -> &'b str {
        match &self.published.kind {
            ColumnKind::Code(_) => self.known_code(canonical).unwrap_or(""),
            _ => canonical,
        }
    }

    /// The published code of a canonical word, if the column has codes and one of them says it.
    pub(crate) fn known_code(&self, canonical: &str) -> Option<&str> {
        self.codes.iter().find(|(word, _)| *word == canonical).map(|(_, code)| *code)
    }

    /// Whether this is one of the column's published codes.
    pub(crate) fn is_code(&self, published: &str) -> bool {
        self.published.codes().is_some_and(|codes| codes.canonical(published).is_some())
    }

    /// Whether the column has codes.
    pub(crate) fn has_codes(&self) -> bool {
        !self.codes.is_empty()
    }

    pub(crate) fn day(&self, day: Day) -> &str {
        self.days.as_ref().map_or("", |days| days.get(day))
    }

    /// The registration date, or what stands in its place.
    pub(crate) fn odd_date(&self, person: &Person) -> &str {
        let stand_in = match person.dates {
            DateOddity::None => None,
            DateOddity::Placeholder => self.placeholder.as_ref(),
            DateOddity::Masked => self.published.masked.first(),
            DateOddity::WrongYear => self.wrong_year.as_ref(),
        };
        stand_in.map_or_else(|| self.day(person.registered), String::as_str)
    }
}

/// For each canonical word the code that is written: of several one of a single character, which fits into any column,
/// and of these the last in the order of the alphabet, so that a letter comes before a digit. An empty cell comes only
/// where nothing else says the word, and the code of what is no vote never.
fn written_codes(codes: &Codes) -> Vec<(&str, &str)> {
    let mut written: Vec<(&str, &str)> = Vec::new();
    let rank = |code: &str| (codes.outcome(code).is_some(), code.is_empty(), code.len() > 1);
    for (code, word) in codes.iter() {
        match written.iter_mut().find(|(known, _)| *known == word) {
            Some((_, kept)) if rank(code) <= rank(kept) => *kept = code,
            Some(_) => {}
            None => written.push((word, code)),
        }
    }
    written.retain(|(_, code)| codes.outcome(code).is_none());
    written
}

fn election_column(population: &Population, rule: &HeaderRule, held: &Election) -> ElectionColumn {
    let header = rule.pattern.write(population.calendar.date(held.day), held.name);
    let cell = (rule.column.to != "ballot_party").then(|| header.clone());
    ElectionColumn { header, cell }
}

/// An election as it stands in a cell of several.
fn token(column: &LayoutColumn, layout: &Layout, population: &Population, held: &Election) -> String {
    let ColumnKind::Election(patterns, _) = &column.kind else { return String::new() };
    let date = population.calendar.date(held.day);
    patterns.first().map(|pattern| pattern.write(date, layout.history().word_of(held.kind))).unwrap_or_default()
}

/// The form in which a column's dates are written: the first that gives the day and the whole year, or else the first.
fn written_form(forms: &[DateForm]) -> Option<&DateForm> {
    let is_whole = |form: &&DateForm| form.precision() == Precision::Day && form.as_str().contains("YYYY");
    forms.iter().find(is_whole).or(forms.first())
}

/// A placeholder as the file writes it: one that is a day in ISO form is written in the column's form.
fn placeholder(kind: &ColumnKind, text: &str) -> String {
    text.parse().ok().and_then(|date| written(kind, date)).unwrap_or_else(|| text.to_owned())
}

/// A date in the written form of a date column.
fn written(kind: &ColumnKind, date: Date) -> Option<String> {
    let ColumnKind::Date(forms) = kind else { return None };
    let mut text = String::new();
    written_form(forms)?.write(date, &mut text).ok()?;
    Some(text)
}
