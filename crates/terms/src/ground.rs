//! Why a registrant's record is protected.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// A ground of protection that an office records for a registrant.
    Ground, "protection ground" {
        SafetyRisk = "safety_risk", "disclosure would put life or safety at risk";
        PrivateByRequest = "private_by_request", "made private at the registrant's request";
        DomesticViolence = "domestic_violence", "victim of or threatened with domestic or dating violence";
        LawEnforcement = "law_enforcement", "law enforcement officer";
        ArmedForces = "armed_forces", "member of the armed forces";
        PublicFigure = "public_figure", "public figure";
        ProtectiveOrder = "protective_order", "protected by a court order";
        HouseholdMember = "household_member", "lives with a protected registrant";
        AtRisk = "at_risk", "designated as an at-risk voter";
        AddressConfidentiality = "address_confidentiality", "participant in an address confidentiality program";
        Judge = "judge", "judge or court officer";
        Occupation = "occupation", "in another occupation that the law protects";
        FosterParent = "foster_parent", "foster parent";
        GoodCause = "good_cause", "good cause shown to the clerk";
        NonpublicList = "nonpublic_list", "kept on a nonpublic list";
        ItemMarkedPrivate = "item_marked_private", "items marked private by the registrant";
        PhoneOptOut = "phone_opt_out", "telephone number kept private by the registrant";
        PartnerData = "partner_data", "data received from a list maintenance exchange";
        /// The file itself marks the row.
        MarkedConfidential = "marked_confidential", "marked confidential in the roll";
        MotorVehicleRecord = "motor_vehicle_record", "data taken from a motor-vehicle record";
    }
}

impl Ground {
    /// The ground's bit in a set of grounds.
    pub const fn bit(self) -> u32 {
        1 << (self as u32)
    }

    /// Whether it holds for single fields, which a protection list names: what the registrant marked, or where a value
    /// came from. Every other ground holds for the registrant.
    pub const fn is_by_field(self) -> bool {
        matches!(self, Self::ItemMarkedPrivate | Self::PartnerData | Self::MotorVehicleRecord)
    }
}
