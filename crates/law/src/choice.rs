//! The third layer of a decision: what the custodian chooses within the law.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use terms::Field;

use crate::parse::Malformed;

/// The custodian's own choice: less than the law allows, with a reason, or a reading confirmed. Never more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Fields withheld though the law opens them, with the reason. What a route guarantees cannot be withheld.
    #[serde(default)]
    pub withhold: BTreeMap<Field, String>,
    /// Clauses under review whose reading an officer confirms, as `edition/clause`.
    #[serde(default)]
    pub confirm: BTreeSet<String>,
    /// Fields for which an officer has verified that the stated official duty needs them.
    #[serde(default)]
    pub necessary: BTreeSet<Field>,
}

impl Choice {
    /// Reads a choice from TOML.
    ///
    /// # Errors
    ///
    /// [`Malformed`] with the place in the file.
    pub fn parse(file_name: &str, text: &str) -> Result<Self, Malformed> {
        Malformed::or_toml(file_name, text)
    }
}
