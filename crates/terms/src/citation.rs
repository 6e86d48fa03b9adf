//! Where a rule stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vocabulary::vocabulary;

vocabulary! {
    /// What kind of authority a rule rests on.
    Basis, "basis" {
        Statute = "statute", "statute";
        Rule = "rule", "administrative rule";
        Court = "court", "court";
        AgOpinion = "ag_opinion", "attorney general opinion";
        AgencyPolicy = "agency_policy", "agency policy";
        AgencyPage = "agency_page", "agency page";
        FileLayout = "file_layout", "file layout";
        Press = "press", "press report";
    }
}

vocabulary! {
    /// How sure the reading of a rule is.
    Confidence, "confidence" {
        High = "high", "read in the text or stated by the custodian";
        Medium = "medium", "read in part, or from a secondary source";
        Low = "low", "plausible, to be reviewed";
    }
}

/// The place where a rule can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// The citation as a lawyer writes it, such as `Utah Code § 20A-2-308`.
    pub cite: String,
    /// An address where the text or report was read.
    pub source: String,
}
