//! What a requester must bring, and what the requester must promise.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Something that must be on file before a release may leave.
    Need, "need" {
        WrittenRequest = "written_request", "written request with name, mailing address and daytime telephone";
        SignedForm = "signed_form", "signed request form";
        Attestation = "attestation", "signed statement of use";
        Oath = "oath", "sworn or notarized statement";
        ProofOfClass = "proof_of_class", "proof of the requester class";
        Fee = "fee", "payment of the fee";
        CoSigners = "co_signers", "signatures of further registered voters";
        AffiliationProof = "affiliation_proof", "proof of the political affiliation";
        InstitutionLetter = "institution_letter", "letter of the institution on its letterhead";
        PressCredential = "press_credential", "press pass or other evidence of journalism";
    }
}

vocabulary! {
    /// A duty that a route attaches to the data; the requester accepts it before delivery and keeps it afterwards.
    Promise, "promise" {
        NoPublication = "no_publication", "not to publish the records or post them on the internet";
        NoOnwardDisclosure = "no_onward_disclosure", "not to pass the records on";
        DataSecurity = "data_security", "to protect the records with industry-standard security";
        StatedUseOnly = "stated_use_only", "to use the records for the stated purpose only";
        NoReidentification = "no_reidentification", "not to re-identify any person";
        NoCommercialUse = "no_commercial_use", "not to use the records commercially";
        Destruction = "destruction", "to destroy the records when the purpose is fulfilled";
    }
}
