//! Who asks, in the categories that disclosure law distinguishes.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// The legal category of a requester.
    ///
    /// A class other than [`RequesterClass::AnyPerson`] needs proof; without it the requester is decided as any
    /// person. A narrower class [includes](RequesterClass::includes) the wider ones: a federal commission is a
    /// government body, and everybody is any person.
    RequesterClass, "requester class" {
        AnyPerson = "any_person", "any person";
        RegisteredVoter = "registered_voter", "registered voter of the jurisdiction";
        Resident = "resident", "resident of the jurisdiction";
        Citizen = "citizen", "citizen of the jurisdiction";
        Party = "party", "political party";
        Candidate = "candidate", "candidate";
        PoliticalCommittee = "political_committee", "political committee";
        BallotMeasureCommittee = "ballot_measure_committee", "ballot measure committee";
        Officeholder = "officeholder", "officeholder";
        Legislator = "legislator", "legislator";
        VoterParticipationOrganization = "voter_participation_organization", "organization that promotes voting";
        Journalist = "journalist", "journalist";
        Scholar = "scholar", "scholar";
        Nonprofit = "nonprofit", "nonprofit organization";
        Business = "business", "business";
        HealthCareProvider = "health_care_provider", "health care provider";
        InsuranceCompany = "insurance_company", "insurance company";
        FinancialInstitution = "financial_institution", "financial institution";
        Government = "government", "government body or official in that capacity";
        GovernmentFederal = "government_federal", "federal government body";
        FederalCommission = "federal_commission", "federal advisory commission";
        GovernmentOtherState = "government_other_state", "government body of another state";
        ForeignGovernment = "foreign_government", "foreign government";
        ListMaintenancePartner = "list_maintenance_partner", "partner of a list maintenance exchange";
        ElectionOfficer = "election_officer", "election officer";
        LawEnforcement = "law_enforcement", "law enforcement agency";
        Court = "court", "court";
        JuryCommissioner = "jury_commissioner", "jury commissioner";
        TaxOfficial = "tax_official", "tax official";
        AdjutantGeneral = "adjutant_general", "adjutant general";
        Registrant = "registrant", "the registrant in person";
    }
}

impl RequesterClass {
    /// The next wider class, or `None` for any person.
    pub const fn wider(self) -> Option<Self> {
        Some(match self {
            Self::AnyPerson => return None,
            Self::GovernmentFederal
            | Self::ElectionOfficer
            | Self::LawEnforcement
            | Self::Court
            | Self::JuryCommissioner
            | Self::TaxOfficial
            | Self::AdjutantGeneral => Self::Government,
            Self::Legislator => Self::Officeholder,
            Self::BallotMeasureCommittee => Self::PoliticalCommittee,
            Self::RegisteredVoter => Self::Citizen,
            Self::FederalCommission => Self::GovernmentFederal,
            _ => Self::AnyPerson,
        })
    }

    /// Whether a rule for `rule` covers a requester of this class.
    ///
    /// ```
    /// use terms::RequesterClass::*;
    /// assert!(FederalCommission.includes(Government));
    /// assert!(FederalCommission.includes(AnyPerson));
    /// assert!(!Government.includes(FederalCommission));
    /// ```
    pub fn includes(self, rule: Self) -> bool {
        let mut class = Some(self);
        while let Some(current) = class {
            if current == rule {
                return true;
            }
            class = current.wider();
        }
        false
    }
}
