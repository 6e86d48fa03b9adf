//! The fields of a registrant's record, as disclosure law names them.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// One attribute of a registrant that a law can open or close.
    ///
    /// The list follows the words of state election codes as collected in the project's facts, and the letter of
    /// 28 June 2017. Where a file stores one field in several columns (a residence has a house number, a street, a
    /// ZIP), the columns map to one field, never the other way round.
    Field, "field" {
        VoterId = "voter_id", "voter number";
        CountyVoterId = "county_voter_id", "county voter number";
        NameTitle = "name_title", "name title";
        FirstName = "first_name", "first name";
        MiddleName = "middle_name", "middle name or initial";
        LastName = "last_name", "last name";
        NameSuffix = "name_suffix", "name suffix";
        FullName = "full_name", "full name";
        PreviousName = "previous_name", "previous name";
        ResidentialAddress = "residential_address", "residence address";
        MailingAddress = "mailing_address", "mailing address";
        PreviousAddress = "previous_address", "previous address";
        County = "county", "county";
        Precinct = "precinct", "precinct";
        Districts = "districts", "districts";
        PollingPlace = "polling_place", "polling place";
        DateOfBirth = "date_of_birth", "date of birth";
        BirthYear = "birth_year", "year of birth";
        Age = "age", "age";
        Gender = "gender", "gender";
        Race = "race", "race or ethnicity";
        PlaceOfBirth = "place_of_birth", "place of birth";
        Nationality = "nationality", "nationality";
        Citizenship = "citizenship", "citizenship";
        Language = "language", "language preference";
        Occupation = "occupation", "occupation";
        ParentName = "parent_name", "name of a parent";
        Disability = "disability", "disability or assistance";
        VeteranStatus = "veteran_status", "veteran status";
        Party = "party", "political party";
        PartyDate = "party_date", "date of party affiliation";
        Phone = "phone", "telephone number";
        Email = "email", "e-mail address";
        SsnFull = "ssn_full", "Social Security number";
        SsnLast4 = "ssn_last4", "last four digits of the Social Security number";
        DriverLicense = "driver_license", "driver license number";
        MilitaryIdNumber = "military_id_number", "military identification number";
        PassportNumber = "passport_number", "passport number";
        TribalCensusNumber = "tribal_census_number", "tribal census number";
        Signature = "signature", "signature";
        RegistrationDate = "registration_date", "registration date";
        OriginalRegistrationDate = "original_registration_date", "original registration date";
        EffectiveDate = "effective_date", "effective date of registration";
        LastUpdatedDate = "last_updated_date", "date of last update";
        LastContactDate = "last_contact_date", "date of last contact";
        PriorRegistration = "prior_registration", "prior registration";
        RegistrationSourceAgency = "registration_source_agency", "agency or way of registration";
        StatusActive = "status_active", "active or inactive status";
        StatusCancelled = "status_cancelled", "canceled status";
        StatusReason = "status_reason", "reason of the status";
        StatusDate = "status_date", "date of the status";
        SpecialStatus = "special_status", "special status";
        Felony = "felony", "felony conviction";
        Military = "military", "military status";
        Overseas = "overseas", "overseas citizen status";
        OtherStateRegistration = "other_state_registration", "registration in another state";
        FederalOnly = "federal_only", "federal-only voter";
        IdRequired = "id_required", "identification still required";
        AbsenteeStatus = "absentee_status", "absentee or mail ballot status";
        ConfidentialFlag = "confidential_flag", "confidentiality mark";
        Preregistered = "preregistered", "preregistration";
        VoterHistory = "voter_history", "voter history";
        LastVotedDate = "last_voted_date", "date of last vote";
        BallotStyle = "ballot_style_or_party_ballot", "ballot style or party ballot";
    }
}

impl Field {
    /// Whether a value of one tells something of the other: the full name and its parts, the date of birth and what is
    /// reckoned from it. Who closes one by name has closed the other.
    ///
    /// ```
    /// use terms::Field;
    /// assert!(Field::DateOfBirth.tells_of(Field::Age));
    /// assert!(Field::LastName.tells_of(Field::FullName) && !Field::LastName.tells_of(Field::FirstName));
    /// ```
    pub fn tells_of(self, other: Self) -> bool {
        let birth = |field| matches!(field, Self::DateOfBirth | Self::BirthYear | Self::Age);
        let name = |field| matches!(field, Self::FirstName | Self::MiddleName | Self::LastName | Self::NameSuffix);
        self == other
            || birth(self) && birth(other)
            || self == Self::FullName && name(other)
            || other == Self::FullName && name(self)
    }
}

/// A set of fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Fields(u128);

/// LIMIT: a set is the bits of one number.
const _: () = assert!(Field::ALL.len() <= 128, "more fields than bits");

impl Fields {
    /// Whether no field is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the field is in it.
    pub const fn contains(self, field: Field) -> bool {
        self.0 & (1 << (field as u32)) != 0
    }

    /// Whether a field of the set tells something of this one.
    pub fn tell_of(self, field: Field) -> bool {
        Field::ALL.iter().any(|known| self.contains(*known) && known.tells_of(field))
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Self {
        Self(fields.into_iter().fold(0, |bits, field| bits | 1 << (field as u32)))
    }
}
