//! Whose law applies.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::UnknownWord;

/// Postal codes of the 50 states and the District of Columbia, and `US` for the federal overlay.
const CODES: [&str; 52] = [
    "AK", "AL", "AR", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID", "IL", "IN", "KS", "KY", "LA",
    "MA", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NC", "ND", "NE", "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR",
    "PA", "RI", "SC", "SD", "TN", "TX", "US", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
];

/// A state, the District of Columbia, or the federal overlay (`US`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Jurisdiction(&'static str);

impl Jurisdiction {
    /// The federal overlay, whose rules apply beside every state's own.
    pub const FEDERAL: Self = Self("US");

    /// All 51 jurisdictions and the federal overlay, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        CODES.iter().map(|code| Self(code))
    }

    /// The two-letter postal code in capitals.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// The code in small letters, as in file names.
    pub fn slug(self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl FromStr for Jurisdiction {
    type Err = UnknownWord;

    /// Accepts either case.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        CODES
            .iter()
            .find(|code| code.eq_ignore_ascii_case(word))
            .map(|code| Self(code))
            .ok_or_else(|| UnknownWord::new("jurisdiction", word, &CODES))
    }
}

impl JsonSchema for Jurisdiction {
    fn schema_name() -> Cow<'static, str> {
        "Jurisdiction".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "postal code, or `US` for the federal overlay",
            "enum": CODES.as_slice(),
        })
    }
}

impl Serialize for Jurisdiction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Jurisdiction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}
