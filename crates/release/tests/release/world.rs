//! Small synthetic worlds: a roll, its protection lists, and how it is written in Utah's layout.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use terms::{Date, Field, Ground};

/// The day of every list in these tests.
pub(crate) const LIST_DAY: Date = Date::constant(2017, 6, 1);

/// The elections of the file, in the order of its columns.
pub(crate) const ELECTIONS: [Date; 5] = [
    Date::constant(2004, 11, 2),
    Date::constant(2006, 11, 7),
    Date::constant(2012, 11, 6),
    Date::constant(2016, 6, 28),
    Date::constant(2016, 11, 8),
];

/// One registrant, in the values of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: u32,
    pub(crate) first: String,
    pub(crate) middle: String,
    pub(crate) last: String,
    pub(crate) suffix: String,
    pub(crate) is_active: bool,
    pub(crate) is_absentee: bool,
    pub(crate) is_overseas: bool,
    pub(crate) registered: Option<Date>,
    pub(crate) party: String,
    pub(crate) phone: String,
    pub(crate) mailing: [String; 2],
    pub(crate) county: String,
    pub(crate) precinct: String,
    pub(crate) house: String,
    pub(crate) street: String,
    pub(crate) unit: String,
    pub(crate) city: String,
    pub(crate) zip: String,
    pub(crate) born: Option<Date>,
    /// Whether the file gives the year of birth only; in a world whose file can.
    pub(crate) is_year_only: bool,
    pub(crate) district: String,
    /// One flag per election of [`ELECTIONS`].
    pub(crate) voted: [bool; ELECTIONS.len()],
    pub(crate) protections: Vec<(Ground, Date, Option<Date>)>,
    /// The fields for which every ground that holds by field does; none for all of them.
    pub(crate) marked: Vec<Field>,
}

/// A roll and what the office knows beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct World {
    pub(crate) people: Vec<Person>,
    /// Name of the delivered file, which must not matter.
    pub(crate) file: String,
    /// Whether the file gives a full date of birth for some registrants and a year for others, as those of Arizona or
    /// Virginia do.
    pub(crate) is_mixed: bool,
}

impl World {
    /// The delivered file in Utah's layout of about 2014.
    pub(crate) fn file_text(&self) -> String {
        let mut text = "\u{feff}".to_owned();
        let fixed = [
            "Voter ID",
            "Last Name",
            "First Name",
            "Middle Name",
            "Name Suffix",
            "Status",
            "Absentee",
            "UOCAVA",
            "Registration Date",
            "Original Registration Date",
            "Party",
            "Phone",
            "Mailing Address",
            "\"Mailing city, state  zip\"",
            "County ID",
            "Precinct",
            "House Number",
            "House Number Suffix",
            "Direction Prefix",
            "Street",
            "Direction Suffix",
            "Street Type",
            "Unit Type",
            "Unit Number",
            "City",
            "Zip",
            "DOB",
            "Congressional",
            "State House",
            "State Senate",
            "State Schoolboard",
            "Local Schoolboard",
            "County Council",
            "City Council",
        ];
        text.push_str(&fixed.join(","));
        for day in ELECTIONS {
            text.push_str(&format!(",{}", american(day)));
        }
        text.push('\n');
        for person in &self.people {
            let cells: Vec<String> = person.cells().iter().map(|cell| quoted(cell)).collect();
            text.push_str(&cells.join(","));
            text.push('\n');
        }
        text
    }

    /// The protection list of the office.
    pub(crate) fn protections_text(&self) -> String {
        let mut text = "voter_id,ground,since,until,fields\n".to_owned();
        for person in &self.people {
            for (ground, since, until) in &person.protections {
                let until = until.map(|day| day.to_string()).unwrap_or_default();
                let marked = person.marked.iter().filter(|_| ground.is_by_field());
                let marked: Vec<&str> = marked.map(|field| field.as_str()).collect();
                text.push_str(&format!("{},{ground},{since},{until},{}\n", person.id, marked.join(" ")));
            }
        }
        text
    }
}

impl Person {
    /// The cells of the person's line.
    fn cells(&self) -> Vec<String> {
        let date = |day: Option<Date>| day.map(american).unwrap_or_default();
        let word = |flag: bool, word: &str| if flag { word.to_owned() } else { String::new() };
        let mut cells = vec![
            self.id.to_string(),
            self.last.clone(),
            self.first.clone(),
            self.middle.clone(),
            self.suffix.clone(),
            if self.is_active { "Active" } else { "Inactive" }.to_owned(),
            word(self.is_absentee, "1"),
            word(self.is_overseas, "YES"),
            date(self.registered),
            date(self.registered),
            self.party.clone(),
            self.phone.clone(),
            self.mailing[0].clone(),
            self.mailing[1].clone(),
            self.county.clone(),
            self.precinct.clone(),
            self.house.clone(),
            String::new(),
            "S".to_owned(),
            self.street.clone(),
            String::new(),
            "ST".to_owned(),
            word(!self.unit.is_empty(), "APT"),
            self.unit.clone(),
            self.city.clone(),
            self.zip.clone(),
            self.born.filter(|_| self.is_year_only).map_or_else(|| date(self.born), |born| born.year().to_string()),
            self.district.clone(),
            "12".to_owned(),
            "3".to_owned(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ];
        cells.extend(
            ELECTIONS.iter().zip(self.voted).map(|(day, voted)| if voted { american(*day) } else { String::new() }),
        );
        cells
    }

    /// The date of birth, where the file gives one.
    pub(crate) fn birth_date(&self) -> Option<Date> {
        self.born.filter(|_| !self.is_year_only)
    }

    /// Whether any ground stands on the day of the list.
    pub(crate) fn stands(until: Option<Date>) -> bool {
        until.is_none_or(|until| until > LIST_DAY)
    }
}

fn american(day: Date) -> String {
    day.strftime("%-m/%-d/%Y").to_string()
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> + Clone {
    prop::sample::select(words).prop_map(str::to_owned)
}

/// A day with every distance from the eighteenth birthday that matters, and ordinary ones.
fn birth_date() -> impl Strategy<Value = Option<Date>> {
    prop_oneof![
        1 => Just(None),
        2 => prop::sample::select(vec![
            Date::constant(1999, 5, 31),
            Date::constant(1999, 6, 1),
            Date::constant(1999, 6, 2),
            Date::constant(2000, 2, 29),
            Date::constant(1996, 2, 29),
        ]).prop_map(Some),
        5 => (1925_i16..2001, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Some(Date::constant(y, m, d))),
    ]
}

/// Fields that a ground by field may name.
const MARKED: [Field; 7] = [
    Field::FirstName,
    Field::LastName,
    Field::ResidentialAddress,
    Field::MailingAddress,
    Field::Phone,
    Field::DateOfBirth,
    Field::BirthYear,
];

fn protections() -> impl Strategy<Value = Vec<(Ground, Date, Option<Date>)>> {
    let since =
        prop::sample::select(vec![Date::constant(2013, 1, 1), Date::constant(2020, 5, 12), Date::constant(2024, 1, 1)]);
    let until = prop::option::weighted(0.3, prop::sample::select(vec![LIST_DAY, Date::constant(2030, 1, 1)]));
    // A value from a motor-vehicle record is closed by federal law in every view, so it is drawn more often.
    let ground = prop_oneof![3 => prop::sample::select(Ground::ALL), 1 => Just(Ground::MotorVehicleRecord)];
    let one = (ground, since, until);
    let one = one
        .prop_filter("a protection ends after it begins", |(_, since, until)| until.is_none_or(|until| until > *since));
    prop_oneof![3 => Just(Vec::new()), 2 => prop::collection::vec(one, 1..3)]
}

prop_compose! {
    /// A registrant without a number.
    pub(crate) fn person()(
        names in (one_of(&["Ana", "José", "O'Neil", "Li \"Bo\"", "=1+1"]), one_of(&["", "Q"]), one_of(&["Smith", "Ñuñez", "O'Brien", "Lee-Ray"]), one_of(&["", "JR"])),
        flags in (any::<bool>(), any::<bool>(), any::<bool>()),
        registered in prop::option::of((1980_i16..2017, 1_i8..=12).prop_map(|(y, m)| Date::constant(y, m, 3))),
        party in one_of(&["Republican", "Democratic", "Unaffiliated"]),
        phone in one_of(&["", "801-555-0100", "801-555-0101"]),
        mailing in (one_of(&["", "PO BOX 7", "@SUM(A1)", "PSC 3 BOX 9"]), one_of(&["", "Provo, UT  84601", "APO, AE 09001"])),
        place in (one_of(&["Salt Lake", "Utah"]), one_of(&["SL001", "UT010"]), one_of(&["12", "1234"]), one_of(&["MAIN", "700 E", "A \"B\" C"]), one_of(&["", "4"]), one_of(&["Provo", "Sandy"]), one_of(&["84601", "84070-1234"])),
        born in birth_date(),
        is_year_only in prop::bool::weighted(0.4),
        district in one_of(&["1", "2"]),
        voted in any::<[bool; ELECTIONS.len()]>(),
        protections in protections(),
        marked in prop::sample::subsequence(&MARKED, 0..=3),
    ) -> Person {
        let (county, precinct, house, street, unit, city, zip) = place;
        Person {
            id: 0,
            first: names.0, middle: names.1, last: names.2, suffix: names.3,
            is_active: flags.0, is_absentee: flags.1, is_overseas: flags.2,
            registered, party, phone, mailing: [mailing.0, mailing.1],
            county, precinct, house, street, unit, city, zip, born, is_year_only, district, voted, protections, marked,
        }
    }
}

/// A world of one to `most` registrants, with numbers that do not follow their order.
pub(crate) fn world(most: usize) -> impl Strategy<Value = World> {
    (prop::collection::vec(person(), 1..=most), any::<bool>()).prop_map(|(mut people, is_mixed)| {
        let count = u32::try_from(people.len()).unwrap();
        for (n, person) in (0..).zip(&mut people) {
            person.id = 1_000_000 + (n * 7 + 3) % (count * 7 + 1) * 11;
            person.is_year_only &= is_mixed;
        }
        World { people, file: "ut.csv".to_owned(), is_mixed }
    })
}

/// Draws one value; the same runner gives the same values in every run.
pub(crate) fn drawn<S: Strategy>(strategy: &S, runner: &mut TestRunner) -> S::Value {
    strategy.new_tree(runner).unwrap().current()
}

/// A world of exactly so many draws that it is the same in every run.
pub(crate) fn fixed_world(most: usize) -> World {
    drawn(&world(most), &mut TestRunner::deterministic())
}
