//! Which value stands in which column.

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
    /// Something of one ballot; filled in a history file only.
    Ballot(BallotCell),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonCell {
    VoterId,
    CountyVoterId,
    Last,
    First,
    Middle,
    Suffix,
    Status,
    StatusName,
    Reason,
    ReasonName,
    Absentee,
    Overseas,
    Registered,
    RegisteredFirst,
    Party,
    PartyName,
    Phone,
    Confidential,
    Born,
    BirthYear,
    AgeAtYearEnd,
    Gender,
    Race,
    Ethnicity,
    PlaceOfBirth,
    HasLicense,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HomeCell {
    OneLine,
    Number,
    NumberSuffix,
    Before,
    Street,
    After,
    Kind,
    UnitType,
    Unit,
    City,
    State,
    Zip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MailCell {
    Line,
    CityStateZip,
    City,
    State,
    Zip,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AreaCell {
    County,
    CountyNumber,
    Precinct,
    PrecinctName,
    District(Division),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BallotCell {
    Day,
    Election,
    Method,
}

impl Cell {
    /// What fills the column of a layout that is named by its canonical column, or by its own name after `extra.`.
    pub(crate) fn of(to: &str, profile: &Profile) -> Self {
        person(to)
            .map(Self::Person)
            .or_else(|| home(to).map(Self::Home))
            .or_else(|| mail(to).map(Self::Mail))
            .or_else(|| area(to, profile).map(Self::Area))
            .or_else(|| ballot(to).map(Self::Ballot))
            .unwrap_or(Self::Blank)
    }
}

fn person(to: &str) -> Option<PersonCell> {
    Some(match to {
        "voter_id" => PersonCell::VoterId,
        "county_voter_id" | "extra.voter_reg_num" => PersonCell::CountyVoterId,
        "last_name" => PersonCell::Last,
        "first_name" => PersonCell::First,
        "middle_name" => PersonCell::Middle,
        "name_suffix" => PersonCell::Suffix,
        "status" => PersonCell::Status,
        "extra.voter_status_desc" => PersonCell::StatusName,
        "status_reason" => PersonCell::Reason,
        "extra.voter_status_reason_desc" => PersonCell::ReasonName,
        "absentee_status" => PersonCell::Absentee,
        "overseas" => PersonCell::Overseas,
        "registration_date" => PersonCell::Registered,
        "original_registration_date" => PersonCell::RegisteredFirst,
        "party" | "ballot_party" => PersonCell::Party,
        "extra.voted_party_desc" => PersonCell::PartyName,
        "phone" => PersonCell::Phone,
        "confidential_flag" => PersonCell::Confidential,
        "date_of_birth" => PersonCell::Born,
        "birth_year" => PersonCell::BirthYear,
        "age" => PersonCell::AgeAtYearEnd,
        "gender" => PersonCell::Gender,
        "race" => PersonCell::Race,
        "ethnicity" => PersonCell::Ethnicity,
        "place_of_birth" => PersonCell::PlaceOfBirth,
        "extra.drivers_lic" => PersonCell::HasLicense,
        _ => return None,
    })
}

fn home(to: &str) -> Option<HomeCell> {
    Some(match to {
        "residential_address" => HomeCell::OneLine,
        "house_number" => HomeCell::Number,
        "house_number_suffix" => HomeCell::NumberSuffix,
        "street_predirection" => HomeCell::Before,
        "street_name" => HomeCell::Street,
        "street_postdirection" => HomeCell::After,
        "street_type" => HomeCell::Kind,
        "unit_type" => HomeCell::UnitType,
        "unit" => HomeCell::Unit,
        "city" => HomeCell::City,
        "state" => HomeCell::State,
        "zip" => HomeCell::Zip,
        _ => return None,
    })
}

fn mail(to: &str) -> Option<MailCell> {
    Some(match to {
        "mailing_address" => MailCell::Line,
        "mailing_city_state_zip" => MailCell::CityStateZip,
        "mailing_city" => MailCell::City,
        "mailing_state" => MailCell::State,
        "mailing_zip" => MailCell::Zip,
        _ => return None,
    })
}

fn area(to: &str, profile: &Profile) -> Option<AreaCell> {
    Some(match to {
        "county" | "extra.county_desc" => AreaCell::County,
        "county_code" | "extra.county_id" | "extra.voted_county_id" => AreaCell::CountyNumber,
        "precinct" | "extra.vtd_abbrv" | "extra.vtd_label" => AreaCell::Precinct,
        "precinct_name" | "extra.vtd_desc" | "extra.pct_description" | "extra.vtd_description" => {
            AreaCell::PrecinctName
        }
        _ => AreaCell::District(profile.districts.iter().find(|(name, _)| *name == to)?.1),
    })
}

fn ballot(to: &str) -> Option<BallotCell> {
    Some(match to {
        "election.date" => BallotCell::Day,
        "election.name" => BallotCell::Election,
        "method" => BallotCell::Method,
        _ => return None,
    })
}
