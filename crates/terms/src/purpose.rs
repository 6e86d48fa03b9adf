//! What the requester says the record is for.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// The stated use of the record, in the words of disclosure statutes.
    Purpose, "purpose" {
        /// Only in a rule: every purpose, also none stated.
        Any = "any", "any purpose";
        /// Only in a request: the requester gave none.
        Unstated = "unstated", "no purpose stated";
        Political = "political", "political purpose";
        Election = "election", "election purpose";
        Governmental = "governmental", "governmental purpose";
        OfficialDuty = "official_duty", "official duty imposed by law";
        ElectionAdministration = "election_administration", "election administration";
        ListMaintenance = "list_maintenance", "list maintenance";
        FederalElectionLaw = "federal_election_law", "compliance with federal election law";
        LawEnforcement = "law_enforcement", "enforcement of election law";
        CourtOrder = "court_order", "court order";
        IdentityVerification = "identity_verification", "verification of identity";
        FraudPrevention = "fraud_prevention", "prevention of fraud, waste or abuse";
        ExpresslyPermitted = "expressly_permitted", "another use expressly permitted by law";
        Journalistic = "journalistic", "journalism";
        Scholarly = "scholarly", "scholarship or research";
        Jury = "jury", "selection of jurors";
        VoterRegistration = "voter_registration", "promotion of voter registration or turnout";
        ConstituentReporting = "constituent_reporting", "reports of an officeholder to constituents";
        ListMaintenanceOversight = "list_maintenance_oversight", "review of list maintenance";
        Investigation = "investigation", "investigation";
        TaxAssessment = "tax_assessment", "tax assessment";
        ElectionContest = "election_contest", "contest of an election or challenge of a voter";
        Solicitation = "solicitation", "solicitation";
        Personal = "personal", "personal use";
        Noncommercial = "noncommercial", "noncommercial use";
        Commercial = "commercial", "commercial use";
    }
}

impl Purpose {
    /// Whether a rule that names this purpose covers a request stated for `stated`.
    pub fn covers(self, stated: Self) -> bool {
        self == Self::Any || self == stated
    }
}
