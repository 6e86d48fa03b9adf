//! The canonical columns: what a snapshot's tables hold, whatever the state's file looked like.
//!
//! One flat table for `voter` and one for `participation`. A column that a layout does not fill is absent from the
//! snapshot, not present and empty. Two families are open: `districts.<type>` for districts, and
//! `extra.<published name>` for source columns without a canonical home.

use arrow_schema::{DataType, Field as ArrowField};
use terms::Field;

/// The family of district columns, such as `districts.state_senate`.
pub const DISTRICTS: &str = "districts.";

/// The family of source columns without a canonical home, such as `extra.vtd_abbrv`.
pub const EXTRA: &str = "extra.";

/// The column that says why other columns of the same row are null, such as `registration_date=placeholder;zip=masked`.
///
/// Entries are sorted by column; the states are those of [`STATES`]. Null when every null is a plain absence.
pub const FIELD_STATE: &str = "field_state";

/// The column with the grounds of protection that the file itself tells by marks in other columns, such as
/// `address_confidentiality marked_confidential`.
pub const PROTECTION_MARKS: &str = "protection_marks";

/// The column with the name of the file that a row was read from.
pub const SOURCE_FILE: &str = "source_file";

/// The column with the line of that file, counted from 1 and with the header line.
pub const SOURCE_ROW: &str = "source_row";

/// Columns that tell the county; the first one that a snapshot has counts.
pub(crate) const COUNTY_COLUMNS: [&str; 3] = ["county", "county_code", "county_fips"];

/// Why a value is null although its cell was filled.
///
/// `partial` stands for a date of which only the year or the month is written; what is written stands in the column's
/// `_raw`.
pub const STATES: [&str; 5] = ["invalid", "masked", "partial", "placeholder", "unparsed"];

/// Why a registration has its status, for `status_reason` where a layout knows the codes.
pub const REASONS: [&str; 15] = [
    "administrative",
    "death",
    "duplicate",
    "felony",
    "incompetence",
    "merged",
    "moved_in_state",
    "moved_out_of_state",
    "no_response",
    "not_citizen",
    "returned_mail",
    "underage",
    "unknown",
    "unverified",
    "voter_request",
];

/// Ways of voting, for `method`.
pub const METHODS: [&str; 8] = [
    "absentee_in_person",
    "early",
    "election_day",
    "mail",
    "mail_precinct",
    "military_overseas",
    "provisional",
    "unknown",
];

/// What the file says of a registrant and an election, for `outcome`.
pub const OUTCOMES: [&str; 5] = ["not_counted", "not_eligible", "not_voted", "unknown", "voted"];

/// Kinds of election, for `kind`.
pub const ELECTION_KINDS: [&str; 11] = [
    "caucus",
    "general",
    "municipal",
    "other",
    "presidential_primary",
    "primary",
    "referendum",
    "runoff",
    "school",
    "special",
    "unknown",
];

/// How a column's values are held in memory and in Parquet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// UTF-8 text with few distinct values: `Dictionary(Int32, Utf8)`.
    Dict,
    /// A calendar day: `Date32`.
    Date,
    /// A small number, such as a year or an age: `Int16`.
    Int,
    /// `Boolean`.
    Flag,
    /// A position within a part: `UInt32`.
    Position,
    /// A line number: `UInt64`.
    Line,
}

impl ColumnType {
    /// The Arrow type.
    pub fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Dict => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Self::Date => DataType::Date32,
            Self::Int => DataType::Int16,
            Self::Flag => DataType::Boolean,
            Self::Position => DataType::UInt32,
            Self::Line => DataType::UInt64,
        }
    }

    /// The Arrow field of a nullable column of this type.
    pub fn arrow_field(self, name: &str) -> ArrowField {
        ArrowField::new(name, self.data_type(), true)
    }
}

/// One canonical column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in snapshots and in the `to` of a layout.
    pub name: &'static str,
    /// How its values are held.
    pub kind: ColumnType,
    /// The legal field it belongs to; a column without one can never be released.
    pub field: Option<Field>,
    /// Whether it is closed unless a law opens it in so many words.
    pub is_protected: bool,
    /// What it means.
    pub meaning: &'static str,
}

/// A column that a law may open.
const fn open(name: &'static str, kind: ColumnType, field: Field, meaning: &'static str) -> Column {
    Column { name, kind, field: Some(field), is_protected: false, meaning }
}

/// A column of a field that is protected by default.
const fn shut(name: &'static str, kind: ColumnType, field: Field, meaning: &'static str) -> Column {
    Column { name, kind, field: Some(field), is_protected: true, meaning }
}

/// A column that serves the office only.
const fn inner(name: &'static str, kind: ColumnType, meaning: &'static str) -> Column {
    Column { name, kind, field: None, is_protected: true, meaning }
}

/// The canonical columns of `voter` outside the two open families, in output order.
///
/// Published codes (`…_raw`) have no field: the code of a status or a reason can tell what the canonical value hides.
#[rustfmt::skip]
pub const VOTER: &[Column] = {
    use ColumnType::{Date, Dict, Flag, Int, Line, Text};
    &[
        open("voter_id", Text, Field::VoterId, "state-wide number as published, leading zeros kept"),
        open("county_voter_id", Text, Field::CountyVoterId, "number within the county"),
        inner("legacy_voter_id", Text, "number in an earlier system"),
        open("name_title", Dict, Field::NameTitle, "title before the name"),
        open("first_name", Text, Field::FirstName, "first name"),
        open("middle_name", Text, Field::MiddleName, "middle name or initial"),
        open("last_name", Text, Field::LastName, "last name"),
        open("name_suffix", Dict, Field::NameSuffix, "suffix such as JR"),
        open("full_name", Text, Field::FullName, "the name where the file gives one string"),
        shut("previous_name", Text, Field::PreviousName, "former name"),
        shut("residential_address", Text, Field::ResidentialAddress, "residence in one line"),
        shut("residential_address_2", Text, Field::ResidentialAddress, "second line of the residence"),
        shut("residential_address_3", Text, Field::ResidentialAddress, "third line of the residence"),
        shut("house_number_prefix", Text, Field::ResidentialAddress, "letters before the house number"),
        shut("house_number", Text, Field::ResidentialAddress, "house number as text"),
        shut("house_number_fraction", Text, Field::ResidentialAddress, "fraction such as 1/2"),
        shut("house_number_suffix", Text, Field::ResidentialAddress, "letters behind the house number"),
        shut("street_predirection", Dict, Field::ResidentialAddress, "direction before the street name"),
        shut("street_name", Text, Field::ResidentialAddress, "street name"),
        shut("street_type", Dict, Field::ResidentialAddress, "street type such as AVE"),
        shut("street_postdirection", Dict, Field::ResidentialAddress, "direction behind the street name"),
        shut("unit_type", Dict, Field::ResidentialAddress, "kind of unit such as APT"),
        shut("unit", Text, Field::ResidentialAddress, "unit"),
        shut("address_nonstandard", Text, Field::ResidentialAddress, "place described in words"),
        open("city", Dict, Field::ResidentialAddress, "city of the residence"),
        open("state", Dict, Field::ResidentialAddress, "state of the residence"),
        open("zip", Dict, Field::ResidentialAddress, "ZIP of the residence as text"),
        open("zip4", Text, Field::ResidentialAddress, "four further ZIP digits of the residence"),
        shut("previous_address", Text, Field::PreviousAddress, "former address"),
        shut("mailing_address", Text, Field::MailingAddress, "first line of the mailing address"),
        shut("mailing_address_2", Text, Field::MailingAddress, "second line"),
        shut("mailing_address_3", Text, Field::MailingAddress, "third line"),
        shut("mailing_address_4", Text, Field::MailingAddress, "fourth line"),
        shut("mailing_address_5", Text, Field::MailingAddress, "fifth line"),
        shut("mailing_house_number", Text, Field::MailingAddress, "house number"),
        shut("mailing_house_number_suffix", Text, Field::MailingAddress, "letters behind the house number"),
        shut("mailing_street_name", Text, Field::MailingAddress, "street name"),
        shut("mailing_unit", Text, Field::MailingAddress, "unit"),
        shut("mailing_city_state_zip", Text, Field::MailingAddress, "city, state and ZIP in one string"),
        shut("mailing_city", Dict, Field::MailingAddress, "city"),
        shut("mailing_state", Dict, Field::MailingAddress, "state"),
        shut("mailing_zip", Text, Field::MailingAddress, "ZIP as text"),
        shut("mailing_zip4", Text, Field::MailingAddress, "four further ZIP digits"),
        shut("mailing_country", Dict, Field::MailingAddress, "country"),
        shut("mailing_same_as_residence", Flag, Field::MailingAddress, "the residence serves for mail"),
        shut("date_of_birth", Date, Field::DateOfBirth, "only where the file gives day, month and year"),
        open("birth_year", Int, Field::BirthYear, "year of birth where the file gives it"),
        open("age", Int, Field::Age, "age where the file gives it"),
        open("gender", Dict, Field::Gender, "M, F, X or U"),
        inner("gender_raw", Dict, "published code of the gender"),
        shut("race", Dict, Field::Race, "AI, A, B, H, M, O, P, W or U"),
        inner("race_raw", Dict, "published code of the race"),
        shut("ethnicity", Dict, Field::Race, "hispanic, not_hispanic or unknown"),
        inner("ethnicity_raw", Dict, "published code of the ethnicity"),
        inner("hispanic_surname_flag", Flag, "guessed from the surname, not declared"),
        shut("place_of_birth", Dict, Field::PlaceOfBirth, "state or country of birth"),
        open("language", Dict, Field::Language, "language preference"),
        shut("occupation", Text, Field::Occupation, "occupation"),
        open("party", Dict, Field::Party, "party as published"),
        open("party_other", Text, Field::Party, "party in free text"),
        open("party_date", Date, Field::PartyDate, "date of the party affiliation"),
        shut("phone", Text, Field::Phone, "telephone number"),
        shut("email", Text, Field::Email, "e-mail address"),
        shut("ssn_last4", Text, Field::SsnLast4, "four digits of the Social Security number"),
        shut("driver_license", Text, Field::DriverLicense, "driver license number"),
        open("registration_date", Date, Field::RegistrationDate, "registration date"),
        open("original_registration_date", Date, Field::OriginalRegistrationDate, "first registration date"),
        open("effective_date", Date, Field::EffectiveDate, "day the registration took effect"),
        inner("eligible_date", Date, "day the registrant may first vote"),
        open("last_updated_date", Date, Field::LastUpdatedDate, "day of the last change"),
        shut("registration_method", Dict, Field::RegistrationSourceAgency, "agency or way of registration"),
        open("status", Dict, Field::StatusActive, "canonical status"),
        inner("status_raw", Dict, "published code of the status"),
        shut("status_reason", Dict, Field::StatusReason, "reason of the status"),
        inner("status_reason_raw", Dict, "published code of the reason"),
        open("status_date", Date, Field::StatusDate, "date of the status"),
        shut("felony", Flag, Field::Felony, "a reason code says felony"),
        shut("military", Flag, Field::Military, "military voter"),
        shut("overseas", Flag, Field::Overseas, "military or overseas voter"),
        inner("overseas_raw", Dict, "published code of the overseas mark"),
        open("federal_only", Flag, Field::FederalOnly, "may vote in federal races only"),
        open("absentee_status", Dict, Field::AbsenteeStatus, "permanent, no, or as published"),
        inner("absentee_status_raw", Dict, "published code of the absentee status"),
        shut("assistance_flag", Flag, Field::Disability, "needs assistance in voting"),
        open("id_required", Flag, Field::IdRequired, "identification still required"),
        inner("id_met", Flag, "identification requirement met"),
        shut("confidential_flag", Flag, Field::ConfidentialFlag, "the file marks the row; true for an unknown code"),
        inner("confidential_flag_raw", Dict, "published code of the confidentiality mark"),
        inner(PROTECTION_MARKS, Dict, "grounds of protection that the file itself tells"),
        open("preregistered", Flag, Field::Preregistered, "under 18 at registration"),
        open("county", Dict, Field::County, "county by name"),
        open("county_code", Dict, Field::County, "the state's own county number, not FIPS"),
        open("county_fips", Dict, Field::County, "county by FIPS code"),
        open("precinct", Dict, Field::Precinct, "precinct"),
        open("precinct_name", Dict, Field::Precinct, "name of the precinct"),
        open("precinct_split", Dict, Field::Precinct, "part of the precinct"),
        open("polling_place", Dict, Field::PollingPlace, "polling place"),
        open("last_voted_date", Date, Field::LastVotedDate, "date of the last vote"),
        open("last_contact_date", Date, Field::LastContactDate, "date of the last contact"),
        open("special_status", Dict, Field::SpecialStatus, "special status"),
        inner(FIELD_STATE, Dict, "why filled cells of this row became null"),
        inner(SOURCE_FILE, Dict, "file the row was read from"),
        inner(SOURCE_ROW, Line, "line of that file"),
    ]
};

/// The canonical columns of `participation` outside `extra`, in output order.
#[rustfmt::skip]
pub const PARTICIPATION: &[Column] = {
    use ColumnType::{Dict, Line, Position, Text};
    &[
        inner("row", Position, "row of the registrant within the voter part of the same number"),
        inner("voter_id", Text, "the registrant's number, only among the unmatched"),
        open("election_id", Dict, Field::VoterHistory, "which election, into `election`"),
        open("outcome", Dict, Field::VoterHistory, "voted, not_counted, not_voted, not_eligible or unknown"),
        open("method", Dict, Field::VoterHistory, "way of voting"),
        inner("method_raw", Dict, "published word for the way of voting"),
        shut("ballot_party", Dict, Field::BallotStyle, "party of the primary ballot"),
        shut("party_then", Dict, Field::BallotStyle, "party of the registration at that election"),
        open("county", Dict, Field::VoterHistory, "county where the vote was cast"),
        open("municipality", Dict, Field::VoterHistory, "city or town where the vote was cast"),
        open("precinct", Dict, Field::VoterHistory, "precinct where the vote was cast"),
        inner("raw", Dict, "the cell as published"),
        inner(FIELD_STATE, Dict, "why filled cells of this row became null"),
        inner(SOURCE_FILE, Dict, "file the row was read from"),
        inner(SOURCE_ROW, Line, "line of that file"),
    ]
};

/// The table that a column stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// One row per registration.
    Voter,
    /// One row per registrant and election.
    Participation,
}

impl Table {
    /// The table's canonical columns outside the open families.
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Voter => VOTER,
            Self::Participation => PARTICIPATION,
        }
    }

    /// The canonical column of a name; `None` for a member of an open family or an unknown name.
    pub fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }

    /// How the values of a column are held; `None` when the table can have no such column.
    pub fn type_of(self, name: &str) -> Option<ColumnType> {
        if let Some(column) = self.column(name) {
            return Some(column.kind);
        }
        let is_member = |family: &str| name.strip_prefix(family).is_some_and(|rest| !rest.is_empty());
        if self == Self::Voter && is_member(DISTRICTS) {
            return Some(ColumnType::Dict);
        }
        // Most columns without a home are descriptions of a code and repeat.
        is_member(EXTRA).then_some(ColumnType::Dict)
    }
}

/// The legal field of a voter column; `None` when it can never be released.
pub fn field_of(name: &str) -> Option<Field> {
    match Table::Voter.column(name) {
        Some(column) => column.field,
        None if name.strip_prefix(DISTRICTS).is_some_and(|rest| !rest.is_empty()) => Some(Field::Districts),
        None => None,
    }
}

/// The canonical voter columns of a field in output order.
///
/// Districts have none here, since their columns depend on the layout; [`Snapshot::columns_of`](crate::Snapshot::columns_of)
/// gives the columns of a field that a snapshot really has.
pub fn columns_of(field: Field) -> impl Iterator<Item = &'static Column> {
    VOTER.iter().filter(move |column| column.field == Some(field))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_column_stands_once_and_belongs_to_at_most_one_field() {
        for table in [Table::Voter, Table::Participation] {
            let names: BTreeSet<&str> = table.columns().iter().map(|column| column.name).collect();
            assert_eq!(names.len(), table.columns().len(), "a name stands twice in {table:?}");
            assert!(table.columns().iter().all(|column| !column.meaning.is_empty()));
        }
        for column in VOTER {
            let owners: Vec<&Field> =
                Field::ALL.iter().filter(|field| columns_of(**field).any(|c| c.name == column.name)).collect();
            assert_eq!(owners.len(), usize::from(column.field.is_some()), "{}", column.name);
            assert_eq!(field_of(column.name), column.field);
        }
    }

    #[test]
    fn published_codes_belong_to_no_field() {
        assert!(VOTER.iter().filter(|column| column.name.ends_with("_raw")).all(|column| column.field.is_none()));
    }

    #[test]
    fn a_residence_leaves_in_the_order_of_an_envelope() {
        let names: Vec<&str> = columns_of(Field::ResidentialAddress).map(|column| column.name).collect();
        let position = |name: &str| names.iter().position(|known| *known == name).unwrap();
        let order =
            ["house_number", "street_predirection", "street_name", "street_type", "unit", "city", "state", "zip"];
        assert!(order.windows(2).all(|pair| position(pair[0]) < position(pair[1])));
    }

    #[test]
    fn the_open_families_need_a_member() {
        assert_eq!(field_of("districts.fire"), Some(Field::Districts));
        assert_eq!(field_of("districts."), None);
        assert_eq!(field_of("extra.vtd_abbrv"), None);
        assert_eq!(Table::Voter.type_of("extra.vtd_abbrv"), Some(ColumnType::Dict));
        assert_eq!(Table::Participation.type_of("districts.fire"), None);
        assert_eq!(Table::Voter.type_of("no_such_column"), None);
    }
}
