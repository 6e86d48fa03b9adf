//! Which value stands in which column.

use roll::Layout;
use roll::layout::{ColumnKind, LayoutColumn, Merge};

use crate::places::Division;
use crate::profile::Profile;

/// What a column is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Nothing.
    Blank,
    /// Something of the registrant.
    Person(PersonCell),
    /// A part of the residence.
    Home(HomeCell),
    /// A part of the mailing address.
    Mail(MailCell),
    /// A division of the state.
    Area(AreaCell),
    /// Something of one ballot.
    Ballot(BallotCell),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonCell {
    VoterId,
    CountyVoterId,
    LegacyId,
    Title,
    Last,
    First,
    Middle,
    Suffix,
    FormerName,
    FormerAddress,
    Status,
    StatusName,
    Reason,
    ReasonName,
    Absentee,
    AbsenteeFlag,
    Overseas,
    Registered,
    RegisteredFirst,
    RegistrationMethod,
    Changed,
    LastVoted,
    Party,
    PartyName,
    PartyOther,
    Phone(PhonePart),
    Email,
    Confidential,
    Born,
    BirthYear,
    AgeAtYearEnd,
    Gender,
    Race,
    Ethnicity,
    HispanicSurname,
    Language,
    PlaceOfBirth,
    HasLicense,
    IdRequired,
    IdMet,
    NeedsAssistance,
}

/// A part of a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PhonePart {
    /// Such as `801-555-0123`.
    Whole,
    /// The first three digits.
    Area,
    /// The next three.
    Exchange,
    /// The last four.
    Line,
    /// The last seven.
    Number,
    /// A number within a house, which nobody has.
    Extension,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HomeCell {
    OneLine,
    FirstLine,
    SecondLine,
    Number,
    NumberFraction,
    NumberSuffix,
    /// What follows the number, but for a fraction, which has a column of its own.
    NumberLetters,
    Before,
    Street,
    /// The street with those of its parts that have no column of their own.
    StreetWith {
        before: bool,
        kind: bool,
        after: bool,
    },
    After,
    Kind,
    UnitType,
    Unit,
    City,
    State,
    Zip,
    ZipFour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailCell {
    Line,
    CityStateZip,
    City,
    State,
    Zip,
    ZipFour,
    Country,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AreaCell {
    County,
    CountyNumber,
    Precinct,
    PrecinctName,
    PrecinctSplit,
    District(Division),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BallotCell {
    Day,
    Election,
    /// The kind by the layout's codes or words.
    Kind,
    Code,
    Method,
    Party,
    PartyThen,
    City,
    CityCode,
    /// Every ballot of the registrant in one cell.
    Packed,
}

impl Cell {
    /// What fills a column of a layout.
    pub(crate) fn of(column: &LayoutColumn, layout: &Layout, profile: &Profile) -> Self {
        let to = column.to.as_str();
        if let Some(cell) = ballot(column, layout) {
            return Self::Ballot(cell);
        }
        person(to)
            .or_else(|| own(column, layout))
            .map(Self::Person)
            .or_else(|| home(to, layout).map(Self::Home))
            .or_else(|| mail(to, layout).map(Self::Mail))
            .or_else(|| area(column, profile).map(Self::Area))
            .unwrap_or(Self::Blank)
    }
}

fn person(to: &str) -> Option<PersonCell> {
    Some(match to {
        "voter_id" => PersonCell::VoterId,
        "county_voter_id" | "extra.voter_reg_num" => PersonCell::CountyVoterId,
        "legacy_voter_id" => PersonCell::LegacyId,
        "name_title" => PersonCell::Title,
        "last_name" => PersonCell::Last,
        "first_name" => PersonCell::First,
        "middle_name" => PersonCell::Middle,
        "name_suffix" => PersonCell::Suffix,
        "previous_name" => PersonCell::FormerName,
        "previous_address" => PersonCell::FormerAddress,
        "status" => PersonCell::Status,
        "extra.voter_status_desc" => PersonCell::StatusName,
        "status_reason" => PersonCell::Reason,
        "extra.voter_status_reason_desc" => PersonCell::ReasonName,
        "overseas" => PersonCell::Overseas,
        "registration_date" => PersonCell::Registered,
        "original_registration_date" => PersonCell::RegisteredFirst,
        "registration_method" => PersonCell::RegistrationMethod,
        "status_date" | "last_updated_date" | "last_contact_date" => PersonCell::Changed,
        "last_voted_date" => PersonCell::LastVoted,
        "party" => PersonCell::Party,
        "party_other" => PersonCell::PartyOther,
        "extra.voted_party_desc" => PersonCell::PartyName,
        "email" => PersonCell::Email,
        "confidential_flag" => PersonCell::Confidential,
        "date_of_birth" => PersonCell::Born,
        "birth_year" => PersonCell::BirthYear,
        "age" => PersonCell::AgeAtYearEnd,
        "gender" => PersonCell::Gender,
        "race" => PersonCell::Race,
        "ethnicity" => PersonCell::Ethnicity,
        "hispanic_surname_flag" => PersonCell::HispanicSurname,
        "language" => PersonCell::Language,
        "place_of_birth" => PersonCell::PlaceOfBirth,
        "extra.drivers_lic" => PersonCell::HasLicense,
        "id_required" => PersonCell::IdRequired,
        "id_met" => PersonCell::IdMet,
        "assistance_flag" => PersonCell::NeedsAssistance,
        _ => return None,
    })
}

/// Cells that depend on how the layout names or divides them.
fn own(column: &LayoutColumn, layout: &Layout) -> Option<PersonCell> {
    Some(match column.to.as_str() {
        // A text column that asks a question is answered with yes or no.
        "absentee_status" if column.codes().is_none() && column.name.starts_with("IS_") => PersonCell::AbsenteeFlag,
        "absentee_status" => PersonCell::Absentee,
        "phone" => PersonCell::Phone(phone(column, layout)),
        _ => return None,
    })
}

/// Which part of a number a column holds: all of it, unless several columns are joined.
fn phone(column: &LayoutColumn, layout: &Layout) -> PhonePart {
    if !matches!(column.merge, Some(Merge::Join(_))) {
        return PhonePart::Whole;
    }
    let names = |column: &LayoutColumn, word: &str| column.name.to_ascii_lowercase().contains(word);
    let has_exchange = layout.columns().iter().any(|other| other.to == column.to && names(other, "exchange"));
    if names(column, "area") {
        PhonePart::Area
    } else if names(column, "exchange") {
        PhonePart::Exchange
    } else if names(column, "extension") {
        PhonePart::Extension
    } else if has_exchange {
        PhonePart::Line
    } else {
        PhonePart::Number
    }
}

fn home(to: &str, layout: &Layout) -> Option<HomeCell> {
    let has = |to: &str| layout.column_to(to).is_some();
    Some(match to {
        "residential_address" if has("residential_address_2") => HomeCell::FirstLine,
        "residential_address" => HomeCell::OneLine,
        "residential_address_2" if !has("unit") => HomeCell::SecondLine,
        "house_number" => HomeCell::Number,
        "house_number_fraction" => HomeCell::NumberFraction,
        "house_number_suffix" if has("house_number_fraction") => HomeCell::NumberLetters,
        "house_number_suffix" => HomeCell::NumberSuffix,
        "street_predirection" => HomeCell::Before,
        "street_name" => {
            let without = ["street_predirection", "street_type", "street_postdirection"].map(|part| !has(part));
            match without {
                [false, false, false] => HomeCell::Street,
                [before, kind, after] => HomeCell::StreetWith { before, kind, after },
            }
        }
        "street_postdirection" => HomeCell::After,
        "street_type" => HomeCell::Kind,
        "unit_type" => HomeCell::UnitType,
        "unit" => HomeCell::Unit,
        "city" => HomeCell::City,
        "state" => HomeCell::State,
        "zip" => HomeCell::Zip,
        "zip4" => HomeCell::ZipFour,
        _ => return None,
    })
}

fn mail(to: &str, layout: &Layout) -> Option<MailCell> {
    Some(match to {
        "mailing_address" | "mailing_street_name" => MailCell::Line,
        "mailing_city_state_zip" => MailCell::CityStateZip,
        // Where the city has no column of its own it stands in the second line.
        "mailing_address_2" if layout.column_to("mailing_city").is_none() => MailCell::CityStateZip,
        "mailing_city" => MailCell::City,
        "mailing_state" => MailCell::State,
        "mailing_zip" => MailCell::Zip,
        "mailing_zip4" => MailCell::ZipFour,
        "mailing_country" => MailCell::Country,
        _ => return None,
    })
}

fn area(column: &LayoutColumn, profile: &Profile) -> Option<AreaCell> {
    let to = column.to.as_str();
    Some(match to {
        // Several states call a number the county.
        "county" if is_code(column) => AreaCell::CountyNumber,
        "county" | "extra.county_desc" => AreaCell::County,
        "county_code" | "extra.county_id" | "extra.voted_county_id" => AreaCell::CountyNumber,
        "precinct" | "extra.vtd_abbrv" | "extra.vtd_label" => AreaCell::Precinct,
        "precinct_name" | "extra.vtd_desc" | "extra.pct_description" | "extra.vtd_description" => {
            AreaCell::PrecinctName
        }
        "precinct_split" => AreaCell::PrecinctSplit,
        _ => AreaCell::District(profile.districts.iter().find(|(name, _)| *name == to)?.1),
    })
}

/// Whether a column is headed as one of codes.
fn is_code(column: &LayoutColumn) -> bool {
    column.name.to_ascii_lowercase().contains("code")
}

fn ballot(column: &LayoutColumn, layout: &Layout) -> Option<BallotCell> {
    let is_method = |other: &LayoutColumn| other.to == "method" && other.codes().is_some();
    Some(match column.to.as_str() {
        "election" if matches!(column.kind, ColumnKind::Election(..)) && column.separator.is_some() => {
            BallotCell::Packed
        }
        "election.date" => BallotCell::Day,
        "election.name" => BallotCell::Election,
        "election.kind" => BallotCell::Kind,
        "election.code" => BallotCell::Code,
        // Of several columns that may tell the way of voting, one in free words stays empty beside those with codes.
        "method" if column.codes().is_none() && layout.columns().iter().any(is_method) => return None,
        "method" => BallotCell::Method,
        "ballot_party" => BallotCell::Party,
        "party_then" => BallotCell::PartyThen,
        "municipality" if is_code(column) => BallotCell::CityCode,
        "municipality" => BallotCell::City,
        _ => return None,
    })
}
