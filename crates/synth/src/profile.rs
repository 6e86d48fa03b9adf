//! What a state's roll looks like beyond its layout: places, parties, elections, habits of writing.

mod large;
mod states;

use terms::{Ground, Jurisdiction};

use crate::places::{Division, Place};
use crate::planting::{Case, Planting};
use large::LARGE;
use states::STATES;

/// The facts of one state, as data.
#[derive(Debug)]
pub(crate) struct Profile {
    /// The postal code.
    pub(crate) code: &'static str,
    /// The table of places.
    pub(crate) places: &'static str,
    /// The table of elections.
    pub(crate) elections: &'static str,
    /// How many calendar years a history reaches back, the as-of year included; `None` for all of the table.
    pub(crate) history_years: Option<i16>,
    /// The as-of date of a roll when none is asked for: year, month, day.
    pub(crate) as_of: (i16, i8, i8),
    /// Parties as the file writes them, with their share.
    pub(crate) parties: &'static [(Party, u64)],
    /// Shares of the groups that couple first names and surnames, in the order of `Group::ALL`.
    pub(crate) groups: [u64; 4],
    /// Statuses with their share.
    pub(crate) statuses: &'static [(Standing, u64)],
    /// District columns and how they divide the state.
    pub(crate) districts: &'static [(&'static str, Division)],
    /// Protected registrants, by ground.
    pub(crate) protections: &'static [Planting],
    /// The grounds that close an invented record against everybody but government, in every edition that protects.
    pub(crate) canary_grounds: &'static [Ground],
    /// What of an invented record those grounds close, and so where its token may stand.
    pub(crate) canary_marks: &'static [Mark],
    /// Whether an invented record is protected since the last year only, because a protection lapses with time.
    pub(crate) canary_is_recent: bool,
    /// Whether the file shows nothing but masks, where the layout has them, of whom the office protects.
    pub(crate) masks_protected: bool,
    /// What the file calls the groups, in the order of `Group::ALL`, where it does so in words.
    pub(crate) race_words: [&'static str; 4],
    /// Parties that hold primaries, as the file writes them.
    pub(crate) primaries: &'static [&'static str],
    /// Registrants in a precinct, in tens.
    pub(crate) precinct_tens: u64,
    /// Of 1,000 residences, how many have an address on the street grid, such as `1234 S 700 E`.
    pub(crate) grid_per_mille: u32,
    /// Of 1,000 streets that are not on the grid, how many have a direction behind their name.
    pub(crate) directed_per_mille: u32,
    /// Whether all values are in capitals.
    pub(crate) is_in_capitals: bool,
    /// Whether every cell is quoted, needed or not.
    pub(crate) quotes_all: bool,
    /// How voter numbers are written.
    pub(crate) ids: Ids,
    /// Names of the voter and history files, without their ending, where the layout has none; `*` stands for the day.
    pub(crate) files: [&'static str; 2],
}

/// How voter numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ids {
    /// As they are.
    Plain,
    /// Behind two letters, such as `AB123456`.
    Letters,
    /// Filled up with zeros to so many digits, behind a word.
    Padded(&'static str, usize),
    /// Nine digits and the number of the county, such as `012345678-51`.
    WithCounty,
}

/// A part of an invented record that a token can stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The surname.
    Name,
    /// The street of the residence.
    Home,
    /// The telephone number.
    Phone,
    /// The mailing address.
    Mail,
    /// The e-mail address.
    Email,
}

/// A party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Party {
    /// As the voter file writes it.
    pub(crate) code: &'static str,
    /// In full.
    pub(crate) name: &'static str,
}

/// A status with its published reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The canonical word; the layout knows the code.
    pub(crate) status: &'static str,
    /// The code itself, where the layout has several for one word; empty for the usual one.
    pub(crate) published: &'static str,
    /// Code of the reason.
    pub(crate) reason: &'static str,
    /// The reason in words.
    pub(crate) reason_name: &'static str,
}

const fn party(code: &'static str, name: &'static str) -> Party {
    Party { code, name }
}

const fn standing(status: &'static str, reason: &'static str, reason_name: &'static str) -> Standing {
    Standing { status, published: "", reason, reason_name }
}

const fn published(status: &'static str, published: &'static str) -> Standing {
    Standing { status, published, reason: "", reason_name: "" }
}

const fn planted(case: Case, times: u32, every: u64) -> Planting {
    Planting { case, times, every }
}

/// What the profiles have in common.
const PLAIN: Profile = Profile {
    code: "",
    places: "",
    elections: "",
    history_years: None,
    as_of: (2024, 6, 1),
    parties: &[],
    groups: [60, 12, 6, 19],
    statuses: &[(standing("active", "", ""), 88), (standing("inactive", "", ""), 12)],
    districts: &[],
    protections: &[],
    canary_grounds: &[],
    canary_marks: &[Mark::Name, Mark::Home, Mark::Phone, Mark::Mail, Mark::Email],
    canary_is_recent: false,
    masks_protected: false,
    race_words: ["White", "Black", "Asian/Pacific Islander", "Hispanic/Latino"],
    primaries: &[],
    precinct_tens: 150,
    grid_per_mille: 0,
    directed_per_mille: 60,
    is_in_capitals: false,
    quotes_all: false,
    ids: Ids::Plain,
    files: ["", ""],
};

impl Profile {
    /// The profile of a state, if its rolls can be made.
    pub(crate) fn of(jurisdiction: Jurisdiction) -> Option<&'static Self> {
        STATES.iter().chain(&LARGE).find(|profile| profile.code == jurisdiction.code())
    }

    /// The states whose rolls can be made, by their postal codes.
    pub(crate) fn codes() -> Vec<&'static str> {
        let mut codes: Vec<&str> = STATES.iter().chain(&LARGE).map(|profile| profile.code).collect();
        codes.sort_unstable();
        codes
    }

    /// A voter number as the file writes it, of a registrant who lives in a place.
    pub(crate) fn voter_id(&self, number: u32, place: &Place) -> String {
        match self.ids {
            Ids::Plain => number.to_string(),
            Ids::Letters => {
                let letter = |value: u32| char::from(b'A' + u8::try_from(value % 26).unwrap_or(0));
                let prefix = number / 1_000_000;
                format!("{}{}{:06}", letter(prefix / 26), letter(prefix), number % 1_000_000)
            }
            Ids::Padded(prefix, digits) => format!("{prefix}{number:0digits$}"),
            Ids::WithCounty => format!("{number:09}-{}", place.county_number),
        }
    }
}
