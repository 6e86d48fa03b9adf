//! What is written into each cell of a row.

use crate::address::Home;
use crate::cell::{AreaCell, BallotCell, HomeCell, MailCell, PersonCell, PhonePart};
use crate::elections::Election;
use crate::line::Line;
use crate::names::Group;
use crate::person::Person;
use crate::places::{Division, Place};
use crate::rng::Rng;
use crate::sheet::{Column, Row, Sheet};

/// Number of the stream of former names, and of former addresses, of a registrant.
const FORMER_STREAM: u64 = 1;
/// Ways in which a registration reached the office.
const REGISTRATION_METHODS: [&str; 5] = ["DMV", "DMV", "MAIL", "ONLINE", "AGENCY"];

impl Sheet<'_> {
    pub(crate) fn write_person(
        &self,
        cell: PersonCell,
        column: &Column<'_>,
        row: Row<'_>,
        place: &Place,
        line: &mut Line<'_>,
    ) {
        let person = row.person;
        match cell {
            PersonCell::VoterId => line.format(self.population.profile.voter_id(row.number, place)),
            PersonCell::CountyVoterId => line.format(format_args!("{:012}", row.number)),
            PersonCell::LegacyId => line.format(format_args!("{:09}", row.number ^ 1)),
            PersonCell::Last => line.text(&person.last),
            PersonCell::First => line.text(&person.first),
            PersonCell::Middle => line.text(&person.middle),
            PersonCell::Suffix => line.word(person.suffix),
            PersonCell::Status => line.word(status(column, person)),
            PersonCell::StatusName => line.word(person.standing.status),
            PersonCell::Reason => line.word(person.standing.reason),
            PersonCell::ReasonName => line.word(person.standing.reason_name),
            PersonCell::Absentee => line.word(column.code(if person.is_absentee { "permanent" } else { "no" })),
            PersonCell::AbsenteeFlag => line.word(if person.is_absentee { "Y" } else { "N" }),
            PersonCell::Overseas => line.word(column.code(flag(person.is_overseas))),
            PersonCell::Confidential => line.word(column.code(flag(person.is_protected))),
            PersonCell::Registered => line.word(column.odd_date(person)),
            PersonCell::RegisteredFirst => line.word(column.day(person.registered_first)),
            PersonCell::Changed => line.word(column.day(person.registered)),
            PersonCell::LastVoted => line.word(self.last_voted(column, person)),
            PersonCell::Born => line.word(column.day(person.born)),
            PersonCell::Party => line.word(person.party.code),
            PersonCell::PartyName => line.word(person.party.name),
            PersonCell::Phone(part) => write_phone(part, person, place, line),
            PersonCell::BirthYear => line.format(self.population.calendar.date(person.born).year()),
            PersonCell::AgeAtYearEnd => line.format(self.age_at_year_end(person)),
            PersonCell::Gender => line.word(column.code(if person.is_female { "F" } else { "M" })),
            PersonCell::Race => line.word(self.race(column, person)),
            PersonCell::Ethnicity => {
                line.word(column.code(if person.group == Group::Hispanic { "hispanic" } else { "not_hispanic" }));
            }
            PersonCell::PlaceOfBirth => line.word(self.place_of_birth(person)),
            PersonCell::HasLicense => line.word(if person.zeal.is_multiple_of(8) { "N" } else { "Y" }),
            _ => self.write_rare(cell, column, row, line),
        }
    }

    /// Cells that few layouts have. They follow from what is drawn already, so that a roll does not change with them.
    fn write_rare(&self, cell: PersonCell, column: &Column<'_>, row: Row<'_>, line: &mut Line<'_>) {
        let person = row.person;
        let every = |number: u32| (person.zeal + person.born.0).is_multiple_of(number);
        match cell {
            PersonCell::Title if every(5) => line.word(if person.is_female { "Ms" } else { "Mr" }),
            PersonCell::FormerName if person.is_female && !person.is_canary && every(9) => {
                let mut rng = Rng::stream(u64::from(row.number), FORMER_STREAM);
                line.text(&self.population.names.surname(person.group, &mut rng));
            }
            PersonCell::FormerAddress if !person.is_canary && every(7) => {
                let mut rng = Rng::stream(u64::from(row.number), FORMER_STREAM);
                let home = Home::draw(self.population.profile, &mut rng);
                line.format(format_args!("{} {} {}", home.number, home.street, home.kind));
            }
            PersonCell::Email => match &person.email_text {
                Some(text) => line.format(format_args!("{text}@example.org")),
                None if every(3) => line.format(format_args!("voter{}@example.org", row.number)),
                None => line.word(""),
            },
            PersonCell::PartyOther if person.party.code == "OTH" => line.word(person.party.name),
            PersonCell::RegistrationMethod => {
                let at = usize::try_from(person.born.0).unwrap_or(0) % REGISTRATION_METHODS.len();
                line.word(REGISTRATION_METHODS.get(at).copied().unwrap_or(""));
            }
            PersonCell::HispanicSurname => line.word(column.code(flag(person.group == Group::Hispanic))),
            PersonCell::Language if person.group == Group::Hispanic && every(4) => line.word("Spanish"),
            PersonCell::Language => line.word("English"),
            PersonCell::IdRequired => line.word(column.code(flag(every(40)))),
            PersonCell::IdMet => line.word(column.code(flag(!every(80)))),
            PersonCell::NeedsAssistance => line.word(column.code(flag(every(90)))),
            _ => line.word(""),
        }
    }

    fn age_at_year_end(&self, person: &Person) -> i16 {
        let year = |day| self.population.calendar.date(day).year();
        year(self.population.as_of) - year(person.born)
    }

    /// The day of the last election with her ballot.
    fn last_voted<'c>(&self, column: &'c Column<'_>, person: &Person) -> &'c str {
        let last = self.population.elections.iter().rev().find(|held| person.votes >> held.index & 1 == 1);
        last.map_or("", |held| column.day(held.day))
    }

    /// The group by the layout's codes or in the state's words.
    fn race<'c>(&self, column: &'c Column<'_>, person: &Person) -> &'c str {
        let at = |list: [&'static str; 4]| {
            let of = Group::ALL.into_iter().zip(list).find(|(group, _)| *group == person.group);
            of.map_or("", |(_, word)| word)
        };
        if !column.has_codes() {
            return at(self.population.profile.race_words);
        }
        // Where the codes have no word for the last group it is one of the others.
        column.known_code(at(["W", "B", "A", "H"])).unwrap_or_else(|| column.code(at(["W", "B", "A", "O"])))
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

    pub(crate) fn write_home(
        &self,
        cell: HomeCell,
        column: &Column<'_>,
        row: Row<'_>,
        place: &Place,
        line: &mut Line<'_>,
    ) {
        let (person, home) = (row.person, &row.person.home);
        match cell {
            HomeCell::OneLine => match column.published.masked.first() {
                Some(mask) if person.standing.status == "removed" => line.word(mask),
                _ => line.format(home),
            },
            HomeCell::FirstLine => {
                let with = Street { home, before: true, kind: true, after: true };
                line.format(format_args!(
                    "{}{}{} {with}",
                    home.number,
                    blank_before(home.number_suffix),
                    home.number_suffix
                ));
            }
            HomeCell::SecondLine if home.unit_type.is_empty() => line.word(""),
            HomeCell::SecondLine => line.format(format_args!("{} {}", home.unit_type, home.unit)),
            HomeCell::Number => line.number(home.number),
            HomeCell::NumberSuffix => line.word(home.number_suffix),
            HomeCell::NumberFraction => line.word(if home.number_suffix == FRACTION { FRACTION } else { "" }),
            HomeCell::NumberLetters => line.word(if home.number_suffix == FRACTION { "" } else { home.number_suffix }),
            HomeCell::Before => line.word(home.before),
            HomeCell::Street => line.text(&home.street),
            HomeCell::StreetWith { before, kind, after } => line.format(Street { home, before, kind, after }),
            HomeCell::After => line.word(home.after),
            HomeCell::Kind => line.word(home.kind),
            HomeCell::UnitType => line.word(home.unit_type),
            HomeCell::Unit => line.text(&home.unit),
            HomeCell::City => line.word(place.city),
            HomeCell::State => line.word(self.population.profile.code),
            HomeCell::Zip => line.word(place.zip),
            HomeCell::ZipFour => line.number(1_000 + home.number % 9_000),
        }
    }

    pub(crate) fn write_mail(&self, cell: MailCell, person: &Person, line: &mut Line<'_>) {
        let Some(mailing) = &person.mailing else { return line.word("") };
        match cell {
            MailCell::Line => line.text(&mailing.line),
            MailCell::CityStateZip if mailing.state.is_empty() => {
                line.format(format_args!("{}, {}", mailing.city, mailing.country));
            }
            MailCell::CityStateZip => {
                line.format(format_args!("{}, {}  {}", mailing.city, mailing.state, mailing.zip));
            }
            MailCell::City => line.word(mailing.city),
            MailCell::State => line.word(mailing.state),
            MailCell::Zip => line.text(&mailing.zip),
            MailCell::ZipFour if mailing.state == self.population.profile.code => {
                line.number(1_000 + person.home.number % 7_000);
            }
            MailCell::ZipFour => line.word(""),
            MailCell::Country => line.word(mailing.country),
        }
    }

    /// A division in which a precinct of a place lies.
    pub(crate) fn write_area(&self, cell: AreaCell, precinct: u32, place: &Place, line: &mut Line<'_>) {
        let number = place.precinct_number(precinct);
        match cell {
            AreaCell::County => line.word(place.county),
            AreaCell::CountyNumber => line.word(place.county_number),
            AreaCell::Precinct => line.format(format_args!("{}{number:03}", place.county_code)),
            AreaCell::PrecinctName => line.format(format_args!("{} {number}", place.city)),
            AreaCell::PrecinctSplit => line.format(format_args!("{number:03}.{}", 1 + number % 3)),
            AreaCell::District(Division::CityName) => line.word(place.city),
            AreaCell::District(Division::CityCode) => line.word(place.zip),
            AreaCell::District(Division::CountyName) => line.word(place.county),
            AreaCell::District(division) => match self.population.places.district(place, precinct, division) {
                Some(number) => match division {
                    Division::Named(word, _) => line.format(format_args!("{word}{number}")),
                    _ => line.number(number),
                },
                None => line.word(""),
            },
        }
    }

    pub(crate) fn write_ballot(
        &self,
        cell: BallotCell,
        column: &Column<'_>,
        person: &Person,
        ballot: Option<&Election>,
        place: &Place,
        line: &mut Line<'_>,
    ) {
        let Some(ballot) = ballot else { return line.word("") };
        match cell {
            BallotCell::Day => line.word(column.day(ballot.day)),
            BallotCell::Election => line.word(ballot.name),
            BallotCell::Kind => line.word(self.kind(column, ballot)),
            BallotCell::Code => line.number(ballot.index + 1),
            BallotCell::Method => line.word(method(column, person, ballot)),
            BallotCell::Party => line.word(self.ballot_party(person, ballot)),
            BallotCell::PartyThen => line.word(person.party.code),
            BallotCell::City => line.word(place.city),
            BallotCell::CityCode => line.word(place.zip),
            BallotCell::Packed => line.word(""),
        }
    }

    /// Every ballot of a registrant in one cell, the last one first.
    pub(crate) fn write_packed(&self, column: &Column<'_>, person: &Person, line: &mut Line<'_>) {
        let mut text = String::new();
        let separator = column.published.separator.unwrap_or(';');
        for (token, bit) in column.tokens.iter().zip(0..u64::BITS).rev() {
            if person.votes >> bit & 1 == 1 {
                if !text.is_empty() {
                    text.push(separator);
                }
                text.push_str(token);
            }
        }
        line.word(&text);
    }

    /// The kind of an election by the column's codes, or in words: its name, where no other column holds that.
    pub(crate) fn kind<'c>(&'c self, column: &'c Column<'_>, ballot: &'c Election) -> &'c str {
        if column.has_codes() {
            let near = match ballot.kind {
                "presidential_primary" => "primary",
                _ => "other",
            };
            return column.known_code(ballot.kind).unwrap_or_else(|| column.code(near));
        }
        if self.layout.column_to("election.name").is_some() {
            self.layout.history().word_of(ballot.kind)
        } else {
            ballot.name
        }
    }

    /// The party of the ballot: in a primary that of the registrant, if it holds one.
    fn ballot_party<'p>(&self, person: &'p Person, ballot: &Election) -> &'p str {
        let holds_one = self.population.profile.primaries.contains(&person.party.code);
        match ballot.kind {
            // A table of elections without kinds belongs to a file that repeats the registrant's party.
            "" => person.party.code,
            "primary" | "presidential_primary" if holds_one => person.party.code,
            _ => "",
        }
    }

    /// What the cell of an election shows of somebody who voted, where it shows the party of the ballot.
    pub(crate) fn ballot_mark<'p>(&self, person: &'p Person, bit: u32) -> &'p str {
        let held = self.population.elections.iter().find(|held| held.index == bit);
        let party = held.map_or("", |held| self.ballot_party(person, held));
        if party.is_empty() { "X" } else { party }
    }
}

/// The fraction that a house number may have.
const FRACTION: &str = "1/2";

/// A street with some of its parts.
struct Street<'a> {
    home: &'a Home,
    before: bool,
    kind: bool,
    after: bool,
}

impl std::fmt::Display for Street<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.before && !self.home.before.is_empty() {
            write!(f, "{} ", self.home.before)?;
        }
        write!(f, "{}", self.home.street)?;
        for (is_due, word) in [(self.kind, self.home.kind), (self.after, self.home.after)] {
            if is_due && !word.is_empty() {
                write!(f, " {word}")?;
            }
        }
        Ok(())
    }
}

fn blank_before(word: &str) -> &'static str {
    if word.is_empty() { "" } else { " " }
}

/// The status by the layout's codes; a minor is preregistered where they know that.
fn status<'c>(column: &'c Column<'_>, person: &'c Person) -> &'c str {
    let minor = if person.age < 18 { column.known_code("preregistered") } else { None };
    let published = Some(person.standing.published).filter(|code| !code.is_empty() && column.is_code(code));
    minor.or(published).unwrap_or_else(|| column.code(person.standing.status))
}

const fn flag(is_set: bool) -> &'static str {
    if is_set { "true" } else { "false" }
}

fn write_phone(part: PhonePart, person: &Person, place: &Place, line: &mut Line<'_>) {
    let is_last = matches!(part, PhonePart::Whole | PhonePart::Line | PhonePart::Number);
    match (&person.phone_text, person.phone) {
        (Some(text), _) if is_last => line.text(text),
        (Some(_), _) | (None, None) => line.word(""),
        (None, Some(phone)) => match part {
            PhonePart::Whole => line.format(format_args!("{}-555-01{:02}", place.area_code, phone.line)),
            PhonePart::Area => line.word(place.area_code),
            PhonePart::Exchange => line.word("555"),
            PhonePart::Line => line.format(format_args!("01{:02}", phone.line)),
            PhonePart::Number => line.format(format_args!("55501{:02}", phone.line)),
            PhonePart::Extension => line.word(""),
        },
    }
}

/// The way of voting. Early voters are the more zealous ones; no further draw is needed to make them a fixed part.
fn method<'c>(column: &'c Column<'_>, person: &Person, ballot: &Election) -> &'c str {
    let zeal = usize::try_from(person.zeal).unwrap_or(0);
    let pick = |list: &[&'static str], at: usize| list.get(at % list.len().max(1)).copied().unwrap_or("");
    if ballot.kind.is_empty() {
        return column.code(pick(&["election_day", "early", "early", "mail"], zeal));
    }
    let at = zeal + 7 * usize::try_from(ballot.index).unwrap_or(0);
    if let Some(code) = column.not_counted.filter(|_| at % 101 == 7) {
        return code;
    }
    let method = pick(&["election_day", "early", "mail", "election_day", "mail", "early", "provisional"], at);
    if !column.has_codes() {
        return match method {
            "mail" => "Mail-In",
            "early" => "Early",
            "provisional" => "Provisional",
            _ => "Polling Place",
        };
    }
    column.known_code(method).unwrap_or_else(|| column.code("election_day"))
}
