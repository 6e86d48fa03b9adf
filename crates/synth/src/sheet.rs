//! A file of the roll: its columns, its header and its rows.

use roll::Layout;
use roll::layout::{Codes, ColumnKind, LayoutColumn, Pattern};
use terms::Date;

use crate::calendar::DayTexts;
use crate::cell::{AreaCell, BallotCell, Cell, HomeCell, MailCell, PersonCell};
use crate::elections::Election;
use crate::household::Population;
use crate::line::{Line, LineForm};
use crate::names::Group;
use crate::person::{DateOddity, Person};
use crate::places::{Division, Place};

/// What a slip of the hand makes of 17 May 2010.
const WRONG_YEAR: Date = Date::constant(201, 5, 17);

/// A layout made ready for writing.
#[derive(Debug)]
pub(crate) struct Sheet<'a> {
    population: &'a Population,
    form: LineForm,
    columns: Vec<Column<'a>>,
    /// Headers of a wide history; the cell of an election repeats its header.
    elections: Vec<String>,
}

#[derive(Debug)]
struct Column<'a> {
    published: &'a LayoutColumn,
    cell: Cell,
    /// Every day in the column's date form; empty for other columns.
    days: Option<DayTexts>,
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
    /// The ballot, in a history file.
    pub(crate) ballot: Option<&'a Election>,
}

impl<'a> Sheet<'a> {
    /// Prepares a layout. Optional columns that nothing can fill are left out.
    pub(crate) fn new(layout: &'a Layout, population: &'a Population) -> Self {
        let columns = layout.columns().iter().map(|published| Column {
            published,
            cell: Cell::of(&published.to, population.profile),
            days: match &published.kind {
                ColumnKind::Date(forms) => forms.first().map(|form| DayTexts::new(&population.calendar, form)),
                _ => None,
            },
            placeholder: published.placeholders.first().map(|text| placeholder(&published.kind, text)),
            wrong_year: written(&published.kind, WRONG_YEAR),
        });
        let elections = match layout.history().headers.first() {
            Some(rule) => {
                population.elections.iter().map(|election| header(population, &rule.pattern, election)).collect()
            }
            None => Vec::new(),
        };
        Self {
            population,
            form: LineForm::new(layout.file(), population.profile),
            columns: columns.filter(|column| !column.published.is_optional || column.cell != Cell::Blank).collect(),
            elections,
        }
    }

    /// How the file's lines are written.
    pub(crate) fn form(&self) -> &LineForm {
        &self.form
    }

    /// Writes the header line.
    pub(crate) fn write_header(&self, out: &mut Vec<u8>) {
        let form = self.form.of_header();
        let mut line = Line::new(&form, out);
        let names = self.columns.iter().map(|column| &column.published.name);
        names.chain(&self.elections).for_each(|name| line.word(name));
        line.end();
    }

    /// Writes one row.
    pub(crate) fn write_row(&self, row: Row<'_>, line: &mut Line<'_>) {
        let Some(place) = self.population.places.get(row.person.place) else { return };
        for column in &self.columns {
            match column.cell {
                Cell::Blank => line.word(""),
                Cell::Person(cell) => self.write_person(cell, column, row, place, line),
                Cell::Home(cell) => self.write_home(cell, column, row.person, place, line),
                Cell::Mail(cell) => write_mail(cell, row.person, line),
                Cell::Area(cell) => self.write_area(cell, row.person, place, line),
                Cell::Ballot(cell) => write_ballot(cell, column, row, line),
            }
        }
        for (header, bit) in self.elections.iter().zip(0..u64::BITS) {
            let has_voted = row.person.votes >> bit & 1 == 1;
            line.ready(if has_voted { header.as_bytes() } else { b"" });
        }
        line.end();
    }

    fn write_person(&self, cell: PersonCell, column: &Column<'_>, row: Row<'_>, place: &Place, line: &mut Line<'_>) {
        let person = row.person;
        match cell {
            PersonCell::VoterId => line.format(self.population.profile.voter_id(row.number)),
            PersonCell::CountyVoterId => line.format(format_args!("{:012}", row.number)),
            PersonCell::Last => line.text(&person.last),
            PersonCell::First => line.text(&person.first),
            PersonCell::Middle => line.text(&person.middle),
            PersonCell::Suffix => line.word(person.suffix),
            PersonCell::Status => line.word(column.code(person.standing.status)),
            PersonCell::StatusName => line.word(person.standing.status),
            PersonCell::Reason => line.word(person.standing.reason),
            PersonCell::ReasonName => line.word(person.standing.reason_name),
            PersonCell::Absentee => line.word(column.code(if person.is_absentee { "permanent" } else { "no" })),
            PersonCell::Overseas => line.word(column.code(flag(person.is_overseas))),
            PersonCell::Confidential => line.word(column.code(flag(person.is_protected))),
            PersonCell::Registered => line.word(column.odd_date(person)),
            PersonCell::RegisteredFirst => line.word(column.day(person.registered_first)),
            PersonCell::Born => line.word(column.day(person.born)),
            PersonCell::Party => line.word(person.party.code),
            PersonCell::PartyName => line.word(person.party.name),
            PersonCell::Phone => write_phone(person, place, line),
            PersonCell::BirthYear => line.format(self.population.calendar.date(person.born).year()),
            PersonCell::AgeAtYearEnd => line.format(self.age_at_year_end(person)),
            PersonCell::Gender => line.word(column.code(if person.is_female { "F" } else { "M" })),
            PersonCell::Race => line.word(column.code(race(person.group))),
            PersonCell::Ethnicity => {
                line.word(column.code(if person.group == Group::Hispanic { "hispanic" } else { "not_hispanic" }));
            }
            PersonCell::PlaceOfBirth => line.word(self.place_of_birth(person)),
            PersonCell::HasLicense => line.word(if person.zeal.is_multiple_of(8) { "N" } else { "Y" }),
        }
    }

    fn age_at_year_end(&self, person: &Person) -> i16 {
        let year = |day| self.population.calendar.date(day).year();
        year(self.population.as_of) - year(person.born)
    }

    /// The state of the roll for most, another for the rest, nothing where the office never asked.
    fn place_of_birth(&self, person: &Person) -> &'static str {
        match person.born.0 % 10 {
            0..5 => self.population.profile.code,
            5 => "NY",
            6 => "VA",
            7 => "OC",
            _ => "",
        }
    }

    fn write_home(&self, cell: HomeCell, column: &Column<'_>, person: &Person, place: &Place, line: &mut Line<'_>) {
        let home = &person.home;
        match cell {
            HomeCell::OneLine => match column.published.masked.first() {
                Some(mask) if person.standing.status == "removed" => line.word(mask),
                _ => line.format(home),
            },
            HomeCell::Number => line.number(home.number),
            HomeCell::NumberSuffix => line.word(home.number_suffix),
            HomeCell::Before => line.word(home.before),
            HomeCell::Street => line.text(&home.street),
            HomeCell::After => line.word(home.after),
            HomeCell::Kind => line.word(home.kind),
            HomeCell::UnitType => line.word(home.unit_type),
            HomeCell::Unit => line.text(&home.unit),
            HomeCell::City => line.word(place.city),
            HomeCell::State => line.word(self.population.profile.code),
            HomeCell::Zip => line.word(place.zip),
        }
    }

    fn write_area(&self, cell: AreaCell, person: &Person, place: &Place, line: &mut Line<'_>) {
        let precinct = place.precinct_number(person.precinct);
        match cell {
            AreaCell::County => line.word(place.county),
            AreaCell::CountyNumber => line.word(place.county_number),
            AreaCell::Precinct => line.format(format_args!("{}{precinct:03}", place.county_code)),
            AreaCell::PrecinctName => line.format(format_args!("{} {precinct}", place.city)),
            AreaCell::District(Division::CityName) => line.word(place.city),
            AreaCell::District(division) => match self.population.places.district(place, person.precinct, division) {
                Some(number) => line.number(number),
                None => line.word(""),
            },
        }
    }
}

impl Column<'_> {
    /// The published code of a canonical word; a text column writes the word.
    fn code<'b>(&'b self, canonical: &'b str) -> &'b str {
        match &self.published.kind {
            ColumnKind::Code(codes) => Codes::published(codes, canonical).unwrap_or(""),
            _ => canonical,
        }
    }

    fn day(&self, day: crate::calendar::Day) -> &str {
        self.days.as_ref().map_or("", |days| days.get(day))
    }

    /// The registration date, or what stands in its place.
    fn odd_date(&self, person: &Person) -> &str {
        let stand_in = match person.dates {
            DateOddity::None => None,
            DateOddity::Placeholder => self.placeholder.as_ref(),
            DateOddity::Masked => self.published.masked.first(),
            DateOddity::WrongYear => self.wrong_year.as_ref(),
        };
        stand_in.map_or_else(|| self.day(person.registered), String::as_str)
    }
}

fn header(population: &Population, pattern: &Pattern, election: &Election) -> String {
    pattern.write(population.calendar.date(election.day), election.name)
}

/// A placeholder as the file writes it: one that is a day in ISO form is written in the column's form.
fn placeholder(kind: &ColumnKind, text: &str) -> String {
    text.parse().ok().and_then(|date| written(kind, date)).unwrap_or_else(|| text.to_owned())
}

/// A date in the first form of a date column.
fn written(kind: &ColumnKind, date: Date) -> Option<String> {
    let ColumnKind::Date(forms) = kind else { return None };
    let mut text = String::new();
    forms.first()?.write(date, &mut text).ok()?;
    Some(text)
}

const fn flag(is_set: bool) -> &'static str {
    if is_set { "true" } else { "false" }
}

const fn race(group: Group) -> &'static str {
    match group {
        Group::White => "W",
        Group::Black => "B",
        Group::Asian => "A",
        Group::Hispanic => "O",
    }
}

fn write_phone(person: &Person, place: &Place, line: &mut Line<'_>) {
    match (&person.phone_text, person.phone) {
        (Some(text), _) => line.text(text),
        (None, Some(phone)) => line.format(format_args!("{}-555-01{:02}", place.area_code, phone.line)),
        (None, None) => line.word(""),
    }
}

fn write_mail(cell: MailCell, person: &Person, line: &mut Line<'_>) {
    let Some(mailing) = &person.mailing else { return line.word("") };
    match cell {
        MailCell::Line => line.text(&mailing.line),
        MailCell::CityStateZip if mailing.state.is_empty() => {
            line.format(format_args!("{}, {}", mailing.city, mailing.country));
        }
        MailCell::CityStateZip => line.format(format_args!("{}, {}  {}", mailing.city, mailing.state, mailing.zip)),
        MailCell::City => line.word(mailing.city),
        MailCell::State => line.word(mailing.state),
        MailCell::Zip => line.text(&mailing.zip),
    }
}

fn write_ballot(cell: BallotCell, column: &Column<'_>, row: Row<'_>, line: &mut Line<'_>) {
    let Some(ballot) = row.ballot else { return line.word("") };
    match cell {
        BallotCell::Day => line.word(column.day(ballot.day)),
        BallotCell::Election => line.word(ballot.name),
        BallotCell::Method => {
            // Early voters are the more zealous ones; no further draw is needed to make them a fixed part.
            let method = ["election_day", "early", "early", "mail"];
            let at = usize::try_from(row.person.zeal).unwrap_or(0) % method.len();
            line.word(column.code(method.get(at).copied().unwrap_or("")));
        }
    }
}
