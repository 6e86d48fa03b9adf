//! Households: who lives together, and what they share.

use terms::Date;

use crate::address::{Home, Mailing, Phone};
use crate::calendar::{Calendar, Day};
use crate::draw::Weighted;
use crate::elections::{Election, elections};
use crate::names::{Group, Names};
use crate::person::{DateOddity, Person};
use crate::places::Places;
use crate::profile::{Party, Profile, Standing};
use crate::rng::Rng;
use crate::text::Text;

/// Registrants per year of age at certain ages, straight lines between: a hump of young families, the wave of those
/// born after the war, and a thin tail to 104. Made up to resemble a state's roll.
const AGES: [(u32, u64); 13] = [
    (18, 1_300),
    (22, 1_900),
    (30, 2_200),
    (40, 2_100),
    (50, 1_700),
    (60, 1_750),
    (68, 1_500),
    (75, 950),
    (82, 520),
    (88, 230),
    (94, 60),
    (99, 9),
    (104, 1),
];
/// The oldest age that is made.
pub(crate) const AGE_MAX: u32 = 104;
/// The first year in which registrations are dated.
const REGISTERED_FROM: i16 = 1955;

/// The tables that one roll is drawn from.
#[derive(Debug)]
pub(crate) struct Population {
    pub(crate) profile: &'static Profile,
    pub(crate) calendar: Calendar,
    pub(crate) as_of: Day,
    pub(crate) places: Places,
    pub(crate) elections: Vec<Election>,
    pub(crate) names: Names,
    ages: Weighted<u32>,
    groups: Weighted<Group>,
    parties: Weighted<Party>,
    standings: Weighted<Standing>,
    registered_from: Day,
}

impl Population {
    /// Reads the embedded tables of a state.
    pub(crate) fn new(profile: &'static Profile, as_of: Date) -> Self {
        let calendar = Calendar::new();
        let day = calendar.day(as_of);
        let history_from = profile.history_years.map_or(0, |years| as_of.year() - years + 1);
        Self {
            profile,
            as_of: day,
            places: Places::new(profile.places, profile.precinct_tens),
            elections: elections(profile.elections, &calendar, history_from, day),
            names: Names::new(),
            ages: Weighted::new((18..=AGE_MAX).map(|age| (age, registrants_of(age)))),
            groups: Weighted::new(Group::ALL.into_iter().zip(profile.groups)),
            parties: Weighted::new(profile.parties.iter().copied()),
            standings: Weighted::new(profile.statuses.iter().copied()),
            registered_from: calendar.day(Date::new(REGISTERED_FROM, 1, 1).unwrap_or(as_of)),
            calendar,
        }
    }

    /// The election that a county gives a number from 1 on, among the last `most`.
    ///
    /// Every county counts from another one, so that a number means nothing without its county.
    pub(crate) fn coded(&self, county: u32, number: u32, most: u32) -> Option<&Election> {
        let known = u32::try_from(self.elections.len()).ok()?;
        let count = known.min(most);
        if number == 0 || number > count {
            return None;
        }
        let at = known - count + (number - 1 + county).checked_rem(count)?;
        self.elections.get(usize::try_from(at).ok()?)
    }

    /// Draws one household into `people`, which then has at most `limit` persons.
    pub(crate) fn household(&self, people: &mut Vec<Person>, limit: usize, rng: &mut Rng) {
        let age = self.ages.draw(rng).unwrap_or(40);
        let shared = self.shared(rng);
        let head_is_female = rng.per_mille(515);
        let kind = rng.below(100);
        let has_partner = kind < 52;
        let children = if age >= 35 && !(17..95).contains(&kind) { rng.between(1, 3) } else { 0 };
        if has_partner {
            people.push(self.partner(&shared, head_is_female, age, rng));
        }
        for _ in 0..children {
            if let Some(child) = self.child(&shared, age, rng) {
                people.push(child);
            }
        }
        let mut head = self.person(shared, head_is_female, age, rng);
        head.mailing = self.mailing(&mut head, rng);
        people.push(head);
        people.truncate(limit);
    }

    /// Draws what a household shares.
    fn shared(&self, rng: &mut Rng) -> Shared {
        let group = self.groups.draw(rng).unwrap_or(Group::White);
        let place = self.places.draw(rng);
        let precinct = self.places.get(place).map_or(0, |place| place.draw_precinct(rng));
        Shared {
            group,
            last: self.names.surname(group, rng),
            place,
            precinct,
            home: Home::draw(self.profile, rng),
            party: self.draw_party(rng),
        }
    }

    /// Draws a spouse or partner: of about the same age, mostly of the same surname.
    fn partner(&self, shared: &Shared, head_is_female: bool, age: u32, rng: &mut Rng) -> Person {
        let mut shared = shared.clone();
        let is_female = if rng.per_mille(15) { head_is_female } else { !head_is_female };
        match rng.below(100) {
            0..82 => {}
            82..86 => {
                if let (Text::Word(own), Text::Word(other)) = (self.names.surname(shared.group, rng), &shared.last) {
                    shared.last = Text::Joined(own, "-", other);
                }
            }
            _ => shared.last = self.names.surname(shared.group, rng),
        }
        let age = (age + rng.below(9)).saturating_sub(4).clamp(18, AGE_MAX);
        self.person(shared, is_female, age, rng)
    }

    /// Draws a child who is old enough to be on the roll; one in eight is 16 or 17 and only preregistered.
    fn child(&self, shared: &Shared, age_of_head: u32, rng: &mut Rng) -> Option<Person> {
        let oldest = age_of_head.checked_sub(20)?.min(34);
        let age = if rng.per_mille(125) { rng.between(16, 17) } else { rng.between(18, oldest.max(18)) };
        (age <= oldest).then(|| self.person(shared.clone(), rng.per_mille(490), age, rng))
    }

    /// Draws everything that is a person's own.
    fn person(&self, shared: Shared, is_female: bool, age: u32, rng: &mut Rng) -> Person {
        let born = self.born(age, rng);
        let born_year = self.calendar.date(born).year();
        let first = self.names.first(is_female, born_year, shared.group, rng);
        let middle = match rng.below(100) {
            0..50 => Text::Word(self.names.first(is_female, born_year, shared.group, rng)),
            50..84 => {
                Text::Initial(self.names.first(is_female, born_year, shared.group, rng).chars().next().unwrap_or('A'))
            }
            _ => Text::EMPTY,
        };
        let suffix =
            if !is_female && rng.per_mille(35) { rng.word(&["Jr", "Jr", "Jr", "Sr", "III", "II", "IV"]) } else { "" };
        let (registered_first, registered) = self.registered(born, age, rng);
        Person {
            last: shared.last,
            first: Text::Word(first),
            middle,
            suffix,
            is_female,
            group: shared.group,
            born,
            age,
            registered_first,
            registered,
            place: shared.place,
            precinct: shared.precinct,
            home: shared.home,
            mailing: None,
            phone: Phone::draw(rng),
            phone_text: None,
            email_text: None,
            party: if rng.per_mille(650) { shared.party } else { self.draw_party(rng) },
            standing: self.standing(age, rng),
            is_absentee: age >= 18 && rng.per_mille(620),
            is_overseas: false,
            is_protected: false,
            is_canary: false,
            dates: DateOddity::None,
            zeal: 5 + rng.below(190),
            votes: 0,
        }
    }

    /// Draws a birth date for an age on the as-of date.
    pub(crate) fn born(&self, age: u32, rng: &mut Rng) -> Day {
        let years = i16::try_from(age).unwrap_or(i16::MAX);
        let oldest = self.calendar.after_years(self.as_of, -years - 1).0 + 1;
        Day(rng.between(oldest, self.calendar.after_years(self.as_of, -years).0))
    }

    /// Draws the first and the present registration date, from the 18th birthday on (the 16th for a minor).
    pub(crate) fn registered(&self, born: Day, age: u32, rng: &mut Rng) -> (Day, Day) {
        let earliest = self.calendar.after_years(born, if age < 18 { 16 } else { 18 }).max(self.registered_from);
        let first = rng.between(earliest.min(self.as_of).0, self.as_of.0);
        let now = if rng.per_mille(430) {
            first
        } else {
            rng.between(first, self.as_of.0).max(rng.between(first, self.as_of.0))
        };
        (Day(first), Day(now))
    }

    /// Draws a mailing address for those who have one, and makes a few of them voters overseas.
    fn mailing(&self, person: &mut Person, rng: &mut Rng) -> Option<Box<Mailing>> {
        if rng.per_mille(140) {
            return self.places.get(person.place).map(|place| Box::new(Mailing::box_at(self.profile, place, rng)));
        }
        person.is_overseas = rng.per_mille(9);
        person.is_overseas.then(|| {
            Box::new(match rng.below(10) {
                0..5 => Mailing::military("APO", rng),
                5..7 => Mailing::military("FPO", rng),
                7 => Mailing::military("DPO", rng),
                _ => Mailing::abroad(rng),
            })
        })
    }

    /// Draws a status; a minor has the first of the profile, since she was not on the roll long enough for another.
    pub(crate) fn standing(&self, age: u32, rng: &mut Rng) -> Standing {
        let drawn = if age < 18 { None } else { self.standings.draw(rng) };
        let first = self.profile.statuses.first().map(|(standing, _)| *standing);
        drawn.or(first).unwrap_or(Standing { status: "", published: "", reason: "", reason_name: "" })
    }

    fn draw_party(&self, rng: &mut Rng) -> Party {
        self.parties.draw(rng).unwrap_or(Party { code: "", name: "" })
    }
}

/// What the members of a household have in common.
#[derive(Debug, Clone)]
struct Shared {
    group: Group,
    last: Text,
    place: u32,
    precinct: u32,
    home: Home,
    /// The party that most of the household belongs to.
    party: Party,
}

/// Registrants of an age, on the lines between the points of [`AGES`].
fn registrants_of(age: u32) -> u64 {
    let pairs = AGES.iter().zip(AGES.iter().skip(1));
    let line = pairs.into_iter().find(|((from, _), (to, _))| (*from..=*to).contains(&age));
    line.map_or(0, |((from, low), (to, high))| {
        let (done, width) = (u64::from(age - from), u64::from(to - from));
        (low * (width - done) + high * done) / width.max(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(count: usize) -> (Population, Vec<Person>) {
        let profile = Profile::of("UT".parse().unwrap()).unwrap();
        let population = Population::new(profile, Date::new(2017, 6, 1).unwrap());
        let mut rng = Rng::stream(1, 1);
        let mut people = Vec::new();
        while people.len() < count {
            population.household(&mut people, count, &mut rng);
        }
        (population, people)
    }

    #[test]
    fn dates_are_in_order_and_nobody_registers_as_a_child() {
        let (population, people) = people(20_000);
        for person in &people {
            let years = i16::try_from(person.age).unwrap();
            assert!(population.calendar.after_years(person.born, years) <= population.as_of);
            assert!(population.calendar.after_years(person.born, years + 1) > population.as_of);
            let earliest = if person.age < 18 { 16 } else { 18 };
            assert!(person.registered_first >= population.calendar.after_years(person.born, earliest));
            assert!(person.registered_first <= person.registered && person.registered <= population.as_of);
        }
        assert!(people.iter().any(|person| person.age < 18));
        assert!(people.iter().all(|person| (16..=AGE_MAX).contains(&person.age)));
    }

    #[test]
    fn every_county_counts_elections_from_another_one() {
        let profile = Profile::of("PA".parse().unwrap()).unwrap();
        let population = Population::new(profile, Date::new(2024, 6, 1).unwrap());
        let known = population.elections.len();
        let counted = |county: u32, most: u32| -> Vec<u32> {
            (0..60).filter_map(|number| population.coded(county, number, most)).map(|held| held.index).collect()
        };
        let (first, second) = (counted(0, 40), counted(1, 40));
        assert_eq!((first.len(), second.len()), (known, known));
        assert_eq!((first[0], second[0]), (0, 1));
        // The oldest ones have no number where a county gives few.
        assert_eq!(counted(0, 5).len(), 5);
        assert!(counted(3, 5).iter().all(|index| *index as usize >= known - 5));
    }

    #[test]
    fn ages_form_a_pyramid() {
        assert_eq!(registrants_of(18), 1_300);
        assert_eq!(registrants_of(20), 1_600);
        assert_eq!(registrants_of(104), 1);
        let (_, people) = people(50_000);
        let share = |ages: std::ops::Range<u32>| people.iter().filter(|person| ages.contains(&person.age)).count();
        assert!(share(18..45) > share(45..75));
        assert!(share(45..75) > 4 * share(75..105));
    }
}
