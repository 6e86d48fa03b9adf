//! One registrant, as the office knows her.

use crate::address::{Home, Mailing, Phone};
use crate::calendar::Day;
use crate::names::Group;
use crate::profile::{Party, Standing};
use crate::text::Text;

/// One registrant.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) last: Text,
    pub(crate) first: Text,
    pub(crate) middle: Text,
    pub(crate) suffix: &'static str,
    pub(crate) is_female: bool,
    pub(crate) group: Group,
    pub(crate) born: Day,
    /// Age in whole years on the as-of date.
    pub(crate) age: u32,
    pub(crate) registered_first: Day,
    pub(crate) registered: Day,
    /// Index into the places.
    pub(crate) place: u32,
    /// Precinct within the place, from 0.
    pub(crate) precinct: u32,
    pub(crate) home: Home,
    pub(crate) mailing: Option<Box<Mailing>>,
    pub(crate) phone: Option<Phone>,
    /// Stands in the telephone's cell instead of a number; only invented records have it.
    pub(crate) phone_text: Option<Text>,
    /// Stands in the e-mail address; only invented records have it.
    pub(crate) email_text: Option<Text>,
    pub(crate) party: Party,
    pub(crate) standing: Standing,
    pub(crate) is_absentee: bool,
    pub(crate) is_overseas: bool,
    /// Whether the office protects the record on any ground.
    pub(crate) is_protected: bool,
    /// Whether the record is invented to carry a token.
    pub(crate) is_canary: bool,
    pub(crate) dates: DateOddity,
    /// How often she votes beside an average registrant, in per cent.
    pub(crate) zeal: u32,
    /// One bit per election, the oldest lowest.
    pub(crate) votes: u64,
}

/// What stands in place of the registration date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateOddity {
    /// The date.
    None,
    /// The layout's placeholder for an unknown date.
    Placeholder,
    /// The layout's mask over a withheld date.
    Masked,
    /// A year that a slip of the hand made, such as 0201.
    WrongYear,
}
