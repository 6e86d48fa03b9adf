//! How much of a field leaves.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Field;

/// The form in which a field's value is released.
///
/// A form is granted by name or not at all: that the full date may leave for one requester does not open the year
/// for another. [`Form::is_coarser_than`] orders the forms of one field from withheld to full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Form {
    /// Nothing leaves.
    Withheld,
    /// A keyed, irreversible code that is the same for the same value.
    Hashed,
    /// An age band fixed by law.
    AgeRange(Bands),
    /// Completed years of age.
    Age,
    /// The year of a date.
    Year,
    /// The month and year of a date.
    MonthYear,
    /// Another address in place of the residence, such as a post office box or the address of a program. The residence
    /// stays blank; the other address is the mailing address, and leaves where that is granted.
    Substitute,
    /// The five-digit ZIP of an address.
    Zip5,
    /// The city of an address.
    City,
    /// The street and city of an address, without house number and unit.
    StreetWithoutUnit,
    /// The value as the roll holds it.
    Full,
}

impl Form {
    /// Rank among the forms of one field; larger tells more.
    fn rank(&self) -> u8 {
        match self {
            Self::Withheld => 0,
            Self::Hashed | Self::Substitute => 1,
            Self::AgeRange(_) | Self::Zip5 => 2,
            Self::Age | Self::City => 3,
            Self::Year | Self::StreetWithoutUnit => 4,
            Self::MonthYear => 5,
            Self::Full => 9,
        }
    }

    /// Whether this form tells less than `other`.
    pub fn is_coarser_than(&self, other: &Self) -> bool {
        self.rank() < other.rank()
    }

    /// The form that tells less of two; the first where they tell the same.
    pub fn min(self, other: Self) -> Self {
        if other.is_coarser_than(&self) { other } else { self }
    }

    /// Whether the form can be made of this field's values.
    pub fn fits(&self, field: Field) -> bool {
        match self {
            Self::Withheld | Self::Full | Self::Hashed => true,
            Self::AgeRange(_) => matches!(field, Field::DateOfBirth | Field::Age),
            Self::Age => matches!(field, Field::DateOfBirth),
            Self::Year | Self::MonthYear => matches!(
                field,
                Field::DateOfBirth
                    | Field::RegistrationDate
                    | Field::OriginalRegistrationDate
                    | Field::EffectiveDate
                    | Field::LastUpdatedDate
            ),
            Self::Substitute => field == Field::ResidentialAddress,
            Self::Zip5 | Self::City | Self::StreetWithoutUnit => {
                matches!(field, Field::ResidentialAddress | Field::MailingAddress)
            }
        }
    }

    /// The form in words, as it stands behind a field's name in a letter.
    pub fn label(&self) -> String {
        match self {
            Self::Withheld => "withheld".to_owned(),
            Self::Hashed => "as an irreversible code".to_owned(),
            Self::AgeRange(bands) => format!("as an age range ({bands})"),
            Self::Age => "as the age in years".to_owned(),
            Self::Year => "the year only".to_owned(),
            Self::MonthYear => "the month and year only".to_owned(),
            Self::Substitute => "replaced by the mailing address".to_owned(),
            Self::Zip5 => "the five-digit ZIP only".to_owned(),
            Self::City => "the city only".to_owned(),
            Self::StreetWithoutUnit => "street and city without house number or unit".to_owned(),
            Self::Full => "in full".to_owned(),
        }
    }
}

/// One age band, both ends included; no end means "and over".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Youngest age in the band, in completed years.
    pub from: u8,
    /// Oldest age in the band, or `None` for the open last band.
    pub to: Option<u8>,
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(f, "{}-{to}", self.from),
            None => write!(f, "{}+", self.from),
        }
    }
}

/// Age bands fixed by a statute: ascending, without gap or overlap.
///
/// Written as a list of words, such as `["18-19", "20-22", "23+"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bands(Vec<Band>);

/// Why a list of age bands is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BandsError {
    /// The list is empty.
    #[error("a list of age bands needs at least one band")]
    Empty,
    /// A band is not written `18-19` or `76+`.
    #[error("`{0}` is not an age band; write `18-19` or, for the last one, `76+`")]
    Malformed(String),
    /// A band does not begin one year after the end of the one before.
    #[error("age band `{0}` does not continue the band before it")]
    Broken(String),
}

impl Bands {
    /// Parses a list of bands.
    ///
    /// # Errors
    ///
    /// [`BandsError`] when the list is empty, a band is malformed, or the bands leave a gap or overlap.
    pub fn parse<S: AsRef<str>>(words: &[S]) -> Result<Self, BandsError> {
        let mut bands: Vec<Band> = Vec::with_capacity(words.len());
        for word in words {
            let word = word.as_ref();
            let band = parse_band(word).ok_or_else(|| BandsError::Malformed(word.to_owned()))?;
            let continues =
                bands.last().is_none_or(|before| before.to.and_then(|to| to.checked_add(1)) == Some(band.from));
            if !continues {
                return Err(BandsError::Broken(word.to_owned()));
            }
            bands.push(band);
        }
        if bands.is_empty() { Err(BandsError::Empty) } else { Ok(Self(bands)) }
    }

    /// The band that holds an age, or `None` for an age that no band covers.
    pub fn band_of(&self, age: u8) -> Option<Band> {
        self.0.iter().copied().find(|band| band.from <= age && band.to.is_none_or(|to| age <= to))
    }

    /// The bands in ascending order.
    pub fn as_slice(&self) -> &[Band] {
        &self.0
    }
}

fn parse_band(word: &str) -> Option<Band> {
    if let Some(from) = word.strip_suffix('+') {
        return Some(Band { from: from.parse().ok()?, to: None });
    }
    let (from, to) = word.split_once('-')?;
    let band = Band { from: from.parse().ok()?, to: Some(to.parse().ok()?) };
    (band.to >= Some(band.from)).then_some(band)
}

impl fmt::Display for Bands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(Band::to_string).collect();
        f.write_str(&words.join(", "))
    }
}

impl Serialize for Bands {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Band::to_string))
    }
}

impl JsonSchema for Bands {
    fn schema_name() -> Cow<'static, str> {
        "Bands".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "description": "age bands fixed by law: ascending, without gap or overlap",
            "items": { "type": "string", "pattern": r"^\d+(-\d+|\+)$" },
            "minItems": 1,
        })
    }
}

impl<'de> Deserialize<'de> for Bands {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = Vec::<String>::deserialize(deserializer)?;
        Self::parse(&words).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_ascending_and_without_gap() {
        let bands = Bands::parse(&["18-19", "20-22", "23+"]).unwrap();
        assert_eq!(bands.band_of(19).unwrap().to_string(), "18-19");
        assert_eq!(bands.band_of(20).unwrap().to_string(), "20-22");
        assert_eq!(bands.band_of(101).unwrap().to_string(), "23+");
        assert_eq!(bands.band_of(17), None);
        assert_eq!(Bands::parse(&["18-19", "21-22"]), Err(BandsError::Broken("21-22".into())));
        assert_eq!(Bands::parse(&["19-18"]), Err(BandsError::Malformed("19-18".into())));
        assert_eq!(Bands::parse::<&str>(&[]), Err(BandsError::Empty));
        assert_eq!(Bands::parse(&["18+", "30+"]), Err(BandsError::Broken("30+".into())));
    }

    #[test]
    fn the_coarser_of_two_forms_wins() {
        assert_eq!(Form::Full.min(Form::Year), Form::Year);
        assert_eq!(Form::Withheld.min(Form::Full), Form::Withheld);
        assert!(Form::Hashed.is_coarser_than(&Form::Zip5));
    }

    #[test]
    fn a_form_reads_back_as_written() {
        for form in [Form::Withheld, Form::Full, Form::AgeRange(Bands::parse(&["18-19", "20+"]).unwrap())] {
            let text = serde_json::to_string(&form).unwrap();
            assert_eq!(serde_json::from_str::<Form>(&text).unwrap(), form);
        }
    }
}
