//! Hard cases: rows that a careless reader, redactor or writer gets wrong.

use terms::{Date, Ground};

use crate::address::Mailing;
use crate::calendar::Day;
use crate::household::{AGE_MAX, Population};
use crate::person::{DateOddity, Person};
use crate::profile::Mark;
use crate::rng::Rng;
use crate::text::Text;
use crate::window::Protection;

/// One kind of hard case.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Case {
    /// Protected on these grounds, since a day of the span.
    Protected(&'static [Ground], Span),
    /// Protected, and so is another member of the household for living there.
    ProtectedHousehold(Ground, Span),
    /// Was protected once; the protection ended before any as-of date.
    Lapsed(Ground),
    /// 16 or 17 years old.
    Preregistered,
    /// 100 to 104 years old.
    Centenarian,
    /// An apostrophe in the surname.
    Apostrophe,
    /// A double quote in the first name.
    QuoteInName,
    /// A double quote in the street.
    QuoteInStreet,
    /// A mailing address that a spreadsheet would run as a formula.
    Formula(&'static str),
    /// Letters outside ASCII, all of them in Latin-1.
    Diacritics(&'static str, &'static str),
    /// A registration date that stands for "not known".
    PlaceholderDate,
    /// A registration date that was masked.
    MaskedDate,
    /// A registration date in the third century.
    WrongYear,
    /// The longest names that a form takes.
    LongName,
    /// A hyphen in the surname.
    Hyphen,
    /// Two at one address with one birth date and one surname.
    Twins,
    /// Two who share name and birth date and nothing else.
    Strangers,
    /// Mail through a military post office.
    Military(&'static str),
    /// A civil address abroad.
    Abroad,
    /// Removed from the roll, but still in the file.
    Removed,
}

/// A range of days, both ends included, as year, month, day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: (i16, i8, i8),
    pub(crate) to: (i16, i8, i8),
}

/// How often a case is planted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Planting {
    pub(crate) case: Case,
    /// How many in one window of 200 rows.
    pub(crate) times: u32,
    /// Planted in the first window and in every so many-th after it.
    pub(crate) every: u64,
}

const fn planted(case: Case, times: u32, every: u64) -> Planting {
    Planting { case, times, every }
}

/// The cases that any state's roll has.
pub(crate) static PLANTINGS: [Planting; 23] = [
    planted(Case::Preregistered, 2, 1),
    planted(Case::Centenarian, 1, 20),
    planted(Case::Apostrophe, 1, 1),
    planted(Case::QuoteInName, 1, 10),
    planted(Case::QuoteInStreet, 1, 20),
    planted(Case::Formula("=HYPERLINK(\"http://example.org\",\"Mail\")"), 1, 40),
    planted(Case::Formula("+1 Rural Route"), 1, 40),
    planted(Case::Formula("-12 General Delivery"), 1, 40),
    planted(Case::Formula("@Home Farm"), 1, 40),
    planted(Case::Diacritics("José", "Núñez"), 1, 5),
    planted(Case::Diacritics("Zoë", "Peña"), 1, 10),
    planted(Case::Diacritics("Åse", "Müller"), 1, 20),
    planted(Case::PlaceholderDate, 1, 5),
    planted(Case::MaskedDate, 1, 5),
    planted(Case::WrongYear, 1, 20),
    planted(Case::LongName, 1, 40),
    planted(Case::Hyphen, 1, 10),
    planted(Case::Twins, 1, 4),
    planted(Case::Strangers, 1, 5),
    planted(Case::Military("APO"), 1, 10),
    planted(Case::Military("FPO"), 1, 20),
    planted(Case::Abroad, 1, 20),
    planted(Case::Removed, 1, 10),
];

/// Windows in which protected registrants are led to one county after the other, so that a roll of 5,000 rows has some
/// in each. Later ones live where they were drawn, or small counties would consist of protected registrants.
const LED_WINDOWS: u64 = 25;
/// The youngest registrant that a case other than a minor's is planted on.
const ADULT: u32 = 21;
/// The youngest registrant whose record can have been protected before 2014 whatever the as-of date.
const LONG_ADULT: u32 = 40;
/// A canary is protected from the year before the first edition of the law that is modeled.
const CANARY_SINCE: Span = Span { from: (2013, 1, 1), to: (2014, 5, 1) };
/// A protection that began and ended before any as-of date.
const LAPSED: (Span, (i16, i8, i8)) = (Span { from: (2013, 1, 1), to: (2014, 12, 31) }, (2015, 1, 1));

/// Plants cases into the people of one window.
#[derive(Debug)]
pub(crate) struct Planter<'a> {
    population: &'a Population,
    people: &'a mut [Person],
    /// Indices of people who are not planted on yet, shuffled.
    free: Vec<usize>,
    protections: &'a mut Vec<Protection>,
    rng: Rng,
    /// The county that the next protected registrant is led to; `None` once every county has some of its own.
    county: Option<u64>,
}

impl<'a> Planter<'a> {
    /// A planter for the window of this number.
    pub(crate) fn new(
        population: &'a Population,
        people: &'a mut [Person],
        protections: &'a mut Vec<Protection>,
        window: u64,
        mut rng: Rng,
    ) -> Self {
        let mut free: Vec<usize> = (0..people.len()).collect();
        for last in (1..free.len()).rev() {
            let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
            free.swap(last, usize::try_from(rng.below(bound)).unwrap_or(0));
        }
        let county = (window < LED_WINDOWS).then(|| window.wrapping_mul(13));
        Self { population, people, free, protections, rng, county }
    }

    /// Plants every case that is due in a window.
    pub(crate) fn plant(&mut self, window: u64) {
        let due = |planting: &&Planting| window.checked_rem(planting.every) == Some(0);
        for planting in self.population.profile.protections.iter().chain(&PLANTINGS).filter(due) {
            for _ in 0..planting.times {
                self.place(planting.case);
            }
        }
    }

    /// Takes somebody of at least this age who is not planted on yet.
    fn take(&mut self, age: u32) -> Option<usize> {
        let at = self.free.iter().rposition(|index| self.people.get(*index).is_some_and(|person| person.age >= age))?;
        Some(self.free.swap_remove(at))
    }

    /// Plants one case; a window too small for it goes without.
    fn place(&mut self, case: Case) -> Option<()> {
        let index = self.take(ADULT)?;
        match case {
            Case::Protected(grounds, span) => self.protect(index, grounds, span)?,
            Case::ProtectedHousehold(ground, span) => self.protect_household(index, ground, span)?,
            Case::Lapsed(ground) => self.lapse(index, ground)?,
            Case::Twins => self.twins(index)?,
            Case::Strangers => self.strangers(index)?,
            Case::Preregistered => self.reborn(index, 16, 17)?,
            Case::Centenarian => self.reborn(index, 100, AGE_MAX)?,
            _ => self.place_on_one(index, case)?,
        }
        Some(())
    }

    /// Plants a case that changes a few cells of one row.
    fn place_on_one(&mut self, index: usize, case: Case) -> Option<()> {
        let population = self.population;
        let person = self.people.get_mut(index)?;
        let place = population.places.get(person.place)?;
        match case {
            Case::Apostrophe => {
                person.last = Text::Word(self.rng.word(&["O'Brien", "O'Connor", "D'Angelo", "O'Neill", "N'Diaye"]));
            }
            Case::QuoteInName => person.first = Text::own(format!("{} \"Bud\"", person.first)),
            Case::QuoteInStreet => person.home.street = Text::Word("Old \"Mill\" Road"),
            Case::Formula(line) => {
                person.mailing = Some(Box::new(Mailing::at(population.profile, place, Text::Word(line))));
            }
            Case::Diacritics(first, last) => (person.first, person.last) = (Text::Word(first), Text::Word(last)),
            Case::PlaceholderDate => person.dates = DateOddity::Placeholder,
            Case::MaskedDate => person.dates = DateOddity::Masked,
            Case::WrongYear => person.dates = DateOddity::WrongYear,
            Case::LongName => {
                person.first = Text::Word("Maximiliana Bartholomea");
                person.last = Text::Word("Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh");
            }
            Case::Hyphen => person.last = Text::Word(self.rng.word(&["Smith-Jones", "Garcia-Lopez", "Lee-Nguyen"])),
            Case::Military(office) => {
                person.is_overseas = true;
                person.mailing = Some(Box::new(Mailing::military(office, &mut self.rng)));
            }
            Case::Abroad => {
                person.is_overseas = true;
                person.mailing = Some(Box::new(Mailing::abroad(&mut self.rng)));
            }
            Case::Removed => {
                let removed = population.profile.statuses.iter().find(|(standing, _)| standing.status == "removed");
                person.standing = removed.map_or(person.standing, |(standing, _)| *standing);
            }
            _ => {}
        }
        Some(())
    }

    /// Protects one registrant.
    fn protect(&mut self, index: usize, grounds: &[Ground], span: Span) -> Option<()> {
        if let Some(county) = &mut self.county {
            let place = self.population.places.of_county(*county);
            *county += 1;
            let person = self.people.get_mut(index)?;
            person.place = place;
            person.precinct = self.population.places.get(place)?.draw_precinct(&mut self.rng);
        }
        let person = self.people.get_mut(index)?;
        person.is_protected = true;
        let since = self.draw(span).max(self.people.get(index)?.registered_first);
        self.protections.extend(grounds.iter().map(|ground| Protection { index, ground: *ground, since, until: None }));
        Some(())
    }

    fn protect_household(&mut self, index: usize, ground: Ground, span: Span) -> Option<()> {
        let other = self.take(ADULT)?;
        self.protect(index, &[ground], span)?;
        let head = self.people.get(index)?.clone();
        let since = self.protections.last()?.since;
        let member = self.people.get_mut(other)?;
        (member.place, member.precinct, member.home) = (head.place, head.precinct, head.home);
        member.last = head.last;
        member.is_protected = true;
        let since = since.max(member.registered_first);
        self.protections.push(Protection { index: other, ground: Ground::HouseholdMember, since, until: None });
        Some(())
    }

    fn lapse(&mut self, index: usize, ground: Ground) -> Option<()> {
        let (span, until) = LAPSED;
        let since = self.draw(span);
        let until = Some(self.day(until));
        // Registered before the protection began, if old enough; the protection is over in either case.
        let person = self.people.get_mut(index)?;
        let adult = self.population.calendar.after_years(person.born, 18);
        person.registered_first = person.registered_first.min(since.max(adult));
        self.protections.push(Protection { index, ground, since, until });
        Some(())
    }

    fn twins(&mut self, index: usize) -> Option<()> {
        let other = self.take(ADULT)?;
        let first = self.people.get(index)?.clone();
        let twin = self.people.get_mut(other)?;
        (twin.place, twin.precinct, twin.home, twin.last) = (first.place, first.precinct, first.home, first.last);
        (twin.born, twin.age, twin.registered_first, twin.registered) =
            (first.born, first.age, first.registered_first, first.registered);
        Some(())
    }

    fn strangers(&mut self, index: usize) -> Option<()> {
        let other = self.take(ADULT)?;
        let first = self.people.get(index)?.clone();
        let stranger = self.people.get_mut(other)?;
        (stranger.first, stranger.middle, stranger.last, stranger.suffix) =
            (first.first, first.middle, first.last, first.suffix);
        (stranger.is_female, stranger.group) = (first.is_female, first.group);
        (stranger.born, stranger.age, stranger.registered_first, stranger.registered) =
            (first.born, first.age, first.registered_first, first.registered);
        Some(())
    }

    /// Gives a registrant another age, and the registration dates that go with it.
    fn reborn(&mut self, index: usize, youngest: u32, oldest: u32) -> Option<()> {
        let age = self.rng.between(youngest, oldest);
        let born = self.population.born(age, &mut self.rng);
        let (registered_first, registered) = self.population.registered(born, age, &mut self.rng);
        let standing = self.population.standing(age, &mut self.rng);
        let person = self.people.get_mut(index)?;
        (person.born, person.age, person.standing) = (born, age, standing);
        person.is_absentee &= age >= 18;
        (person.registered_first, person.registered) = (registered_first, registered);
        Some(())
    }

    /// Plants an invented protected record that carries a token in every field that could show it.
    pub(crate) fn canary(&mut self, token: &str) -> Option<()> {
        let index = self.take(LONG_ADULT)?;
        self.protect(index, self.population.profile.canary_grounds, CANARY_SINCE)?;
        let since = self.canary_since();
        let population = self.population;
        let person = self.people.get_mut(index)?;
        let place = population.places.get(person.place)?;
        person.is_canary = true;
        for mark in population.profile.canary_marks {
            match mark {
                Mark::Name => person.last = Text::own(token),
                Mark::Home => person.home.street = Text::own(token),
                Mark::Phone => person.phone_text = Some(Text::own(token)),
                Mark::Email => person.email_text = Some(Text::own(token)),
                Mark::Mail => {
                    let line = Text::own(format!("PO Box {token}"));
                    person.mailing = Some(Box::new(Mailing::at(population.profile, place, line)));
                }
            }
        }
        let adult = population.calendar.after_years(person.born, 18);
        person.registered_first = Day(self.rng.between(adult.0, since.0));
        person.registered = person.registered_first;
        let own = self.protections.iter_mut().filter(|protection| protection.index == index);
        own.for_each(|protection| protection.since = since);
        Some(())
    }

    /// Since when an invented record is protected.
    fn canary_since(&mut self) -> Day {
        let drawn = self.draw(CANARY_SINCE);
        let as_of = self.population.as_of;
        if self.population.profile.canary_is_recent { Day(as_of.0.saturating_sub(30 + drawn.0 % 300)) } else { drawn }
    }

    fn draw(&mut self, span: Span) -> Day {
        Day(self.rng.between(self.day(span.from).0, self.day(span.to).0))
    }

    fn day(&self, (year, month, day): (i16, i8, i8)) -> Day {
        Date::new(year, month, day).map_or(Day(0), |date| self.population.calendar.day(date))
    }
}
