//! The clauses of an edition: what opens, what closes, and what is not held at all.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_spanned::Spanned;
use terms::{
    Bands, Basis, Confidence, Custody, Field, Form, Jurisdiction, Need, Promise, Purpose, RequesterClass, Status,
};

use crate::condition::Condition;
use crate::fee::Fee;

/// Where a clause can be read, and how sure the reading is. Every clause carries one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Authority {
    /// The citation as a lawyer writes it.
    pub cite: String,
    /// An address where the text or report was read.
    pub source: String,
    /// What kind of authority it is.
    pub basis: Basis,
    /// How sure the reading is.
    pub confidence: Confidence,
}

/// One field in one form, as a route gives it.
///
/// In a law file either the field's name (the form is then full) or a table:
/// `{ field = "age", as = "age_range", bands = ["18-19", "20+"] }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// The field.
    pub field: Field,
    /// The form in which it is given.
    #[serde(rename = "as")]
    pub form: Form,
}

/// How a route lets the requester at the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The requester takes a copy away.
    #[default]
    Copy,
    /// The requester may read the record at the office, and copy by hand.
    Inspect,
    /// The requester may read the record at the office, and have photocopies of it where they can be made, at reasonable
    /// cost. No data file leaves.
    Photocopy,
    /// The requester may look at it, and no copy of any kind is made.
    View,
    /// The requester is sent what changed, again and again; a copy of the roll as it stands is another matter.
    Feed,
}

impl Mode {
    /// The mode in words, after "open to".
    pub fn label(self) -> &'static str {
        match self {
            Self::Copy => "copying",
            Self::Inspect => "inspection at the office",
            Self::Photocopy => "inspection at the office, with photocopies at reasonable cost where they can be made",
            Self::View => "viewing at the office, without a copy",
            Self::Feed => "a regular feed of changes",
        }
    }
}

/// One lawful way in: to whom, for what, on what condition, which fields in which form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Stable name within the edition.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Requester classes that may use the route; a narrower class is covered by a wider one.
    pub to: Vec<RequesterClass>,
    /// Purposes the route is open for.
    pub purpose: Vec<Purpose>,
    /// Purposes it is closed for, whatever `purpose` says: `any` but `commercial`, say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_for: Vec<Purpose>,
    /// The levels of office that give by this route; empty for every level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Custody>,
    /// In the federal overlay: jurisdictions that the clause does not bind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_in: Vec<Jurisdiction>,
    /// Whether a copy leaves.
    #[serde(default)]
    pub mode: Mode,
    /// The fields and forms it gives.
    pub gives: Vec<Grant>,
    /// What must be on file before delivery.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// How many registered voters must sign, at least; with the need `co_signers`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub co_signers: Option<u16>,
    /// What this route costs; absent for the fee of the edition, which is owed where `needs` names `fee`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Fee>,
    /// Duties that travel with the data; a request that rules one out cannot use the route.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// The route gives a field only where an official duty imposed by law needs it, field by field, and the
    /// custodian has verified that.
    #[serde(default, skip_serializing_if = "is_false")]
    pub necessity: bool,
    /// The least that the custodian has to give: the custodian's own choice cannot withhold it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub guaranteed: bool,
    /// What the clause says, in a sentence that a letter can carry.
    pub says: String,
    /// Set where the reading is not settled, with the reason; the route then opens nothing until an officer confirms it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    /// Remarks for those who keep the law file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The citation as a lawyer writes it.
    pub cite: String,
    /// An address where the text or report was read.
    pub source: String,
    /// What kind of authority it is.
    pub basis: Basis,
    /// How sure the reading is.
    pub confidence: Confidence,
}

/// A rule that closes: fields, records, or fields of records, down to a form.
///
/// Without `records` it covers every record; without `fields` it covers the whole record, which then stays out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Withholding {
    /// Stable name within the edition.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// The fields that are closed; absent for the whole record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<Field>>,
    /// The records it covers; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Condition>,
    /// The finest form that may still leave.
    #[serde(default = "withheld", skip_serializing_if = "is_withheld")]
    pub cap: Form,
    /// The levels of office that it binds; empty for every level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Custody>,
    /// In the federal overlay: jurisdictions that the clause does not bind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_in: Vec<Jurisdiction>,
    /// It yields where the request asks for registrations of these statuses in so many words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless_asked: Vec<Status>,
    /// Requester classes it is aimed at; absent for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Vec<RequesterClass>>,
    /// Requester classes it spares, in what they get by a route of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except_to: Vec<RequesterClass>,
    /// What the clause says, in a sentence that a letter can carry.
    pub says: String,
    /// Set where the reading is not settled, with the reason; a withholding under review still withholds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    /// Remarks for those who keep the law file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The citation as a lawyer writes it.
    pub cite: String,
    /// An address where the text or report was read.
    pub source: String,
    /// What kind of authority it is.
    pub basis: Basis,
    /// How sure the reading is.
    pub confidence: Confidence,
}

/// Fields that this custodian does not hold, or that another custodian holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// Stable name within the edition.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// The fields concerned.
    pub fields: Vec<Field>,
    /// The office that holds them, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custodian: Option<String>,
    /// The levels of office that do not hold them, or refer whoever asks; empty for every level.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<Custody>,
    /// What the clause says, in a sentence that a letter can carry.
    pub says: String,
    /// Remarks for those who keep the law file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The citation as a lawyer writes it.
    pub cite: String,
    /// An address where the text or report was read.
    pub source: String,
    /// What kind of authority it is.
    pub basis: Basis,
    /// How sure the reading is.
    pub confidence: Confidence,
}

macro_rules! has_authority {
    ($($clause:ty),+) => { $(
        impl $clause {
            /// Where the clause can be read.
            pub fn authority(&self) -> Authority {
                Authority {
                    cite: self.cite.clone(),
                    source: self.source.clone(),
                    basis: self.basis,
                    confidence: self.confidence,
                }
            }
        }
    )+ };
}
has_authority!(Route, Withholding, Elsewhere);

fn withheld() -> Form {
    Form::Withheld
}

fn is_withheld(form: &Form) -> bool {
    *form == Form::Withheld
}

fn is_false(value: &bool) -> bool {
    !value
}

/// A grant written as a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantTable {
    field: Field,
    #[serde(rename = "as")]
    form: String,
    bands: Option<Bands>,
}

impl GrantTable {
    fn into_grant<E: Error>(self) -> Result<Grant, E> {
        let form = match (self.form.as_str(), self.bands) {
            ("age_range", Some(bands)) => Form::AgeRange(bands),
            ("age_range", None) => return Err(E::custom("`age_range` needs `bands`, such as [\"18-19\", \"20+\"]")),
            (_, Some(_)) => return Err(E::custom("`bands` belong to `age_range` only")),
            (word, None) => simple_form(word).ok_or_else(|| {
                E::custom(format!(
                    "`{word}` is not a form; known are {}",
                    SIMPLE_FORMS.map(|(name, _)| name).join(", ")
                ))
            })?,
        };
        Ok(Grant { field: self.field, form })
    }
}

/// The forms that need no parameter.
const SIMPLE_FORMS: [(&str, Form); 9] = [
    ("full", Form::Full),
    ("hashed", Form::Hashed),
    ("age", Form::Age),
    ("year", Form::Year),
    ("month_year", Form::MonthYear),
    ("substitute", Form::Substitute),
    ("zip5", Form::Zip5),
    ("city", Form::City),
    ("street_without_unit", Form::StreetWithoutUnit),
];

fn simple_form(word: &str) -> Option<Form> {
    SIMPLE_FORMS.into_iter().find(|(name, _)| *name == word).map(|(_, form)| form)
}

impl JsonSchema for Grant {
    fn schema_name() -> Cow<'static, str> {
        "Grant".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (field, bands) = (generator.subschema_for::<Field>(), generator.subschema_for::<Bands>());
        let words: Vec<&str> = SIMPLE_FORMS.iter().map(|(name, _)| *name).chain(["age_range"]).collect();
        let table = json_schema!({
            "type": "object",
            "properties": { "field": field, "as": { "type": "string", "enum": words }, "bands": bands },
            "required": ["field", "as"],
            "additionalProperties": false,
        });
        json_schema!({
            "description": "a field in full, or a table with the form in which it is given",
            "anyOf": [field, table],
        })
    }
}

struct GrantVisitor;

impl<'de> Visitor<'de> for GrantVisitor {
    type Value = Grant;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name, or a table with `field` and `as`")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Grant, E> {
        Ok(Grant { field: word.parse().map_err(E::custom)?, form: Form::Full })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Grant, A::Error> {
        GrantTable::deserialize(MapAccessDeserializer::new(map))?.into_grant()
    }
}

impl<'de> Deserialize<'de> for Grant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(GrantVisitor)
    }
}
