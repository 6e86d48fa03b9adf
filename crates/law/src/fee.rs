//! What a list costs.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in US dollars, exact to the cent.
///
/// In a law file whole dollars as a number, or dollars and cents as text: `25` or `"2.50"`.
///
/// ```
/// # use law::Usd;
/// let fee: Usd = serde_json::from_str("\"2.50\"")?;
/// assert_eq!((fee, fee.to_string()), (Usd::from_cents(250), "$2.50".to_owned()));
/// assert_eq!(serde_json::from_str::<Usd>("1050")?.to_string(), "$1,050");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Usd {
    cents: u64,
}

/// LIMIT: no list of voters costs a million dollars, and amounts below it add up without overflow.
const DOLLARS_MAX: u64 = 1_000_000;

impl Usd {
    /// An amount in cents.
    pub const fn from_cents(cents: u64) -> Self {
        Self { cents }
    }

    /// The amount in cents.
    pub const fn cents(self) -> u64 {
        self.cents
    }

    /// Whether nothing is owed.
    pub const fn is_zero(&self) -> bool {
        self.cents == 0
    }

    /// Reads `2.50`: dollars, a point, two digits.
    fn parse(text: &str) -> Option<Self> {
        let (dollars, cents) = text.split_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(dollars) || !digits(cents) || cents.len() != 2 {
            return None;
        }
        let dollars: u64 = dollars.parse().ok().filter(|dollars| *dollars < DOLLARS_MAX)?;
        Some(Self { cents: dollars * 100 + cents.parse::<u64>().ok()? })
    }
}

/// Dollars with separators, and cents where there are any, as in `$12,500` or `$2.50`.
impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", grouped(self.cents / 100))?;
        if self.cents.is_multiple_of(100) { Ok(()) } else { write!(f, ".{:02}", self.cents % 100) }
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.cents % 100 {
            0 => serializer.serialize_u64(self.cents / 100),
            cents => serializer.collect_str(&format_args!("{}.{cents:02}", self.cents / 100)),
        }
    }
}

struct UsdVisitor;

impl Visitor<'_> for UsdVisitor {
    type Value = Usd;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("whole dollars such as 25, or dollars and cents such as \"2.50\"")
    }

    fn visit_u64<E: Error>(self, dollars: u64) -> Result<Usd, E> {
        if dollars >= DOLLARS_MAX {
            return Err(E::custom(format!("{dollars} dollars are more than any list costs")));
        }
        Ok(Usd { cents: dollars * 100 })
    }

    fn visit_i64<E: Error>(self, dollars: i64) -> Result<Usd, E> {
        let positive = u64::try_from(dollars);
        self.visit_u64(positive.map_err(|_| E::custom("an amount is not below nothing"))?)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Usd, E> {
        let unread = || E::custom(format!("`{text}` is not an amount; write 25 or, with cents, \"2.50\""));
        Usd::parse(text).ok_or_else(unread)
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UsdVisitor)
    }
}

impl JsonSchema for Usd {
    fn schema_name() -> Cow<'static, str> {
        "Usd".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "whole US dollars, or dollars and cents as text, such as \"2.50\"",
            "anyOf": [
                { "type": "integer", "minimum": 0, "exclusiveMaximum": DOLLARS_MAX },
                { "type": "string", "pattern": r"^[0-9]{1,6}\.[0-9]{2}$" },
            ],
        })
    }
}

/// The fee for the roll, or for what one route gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// The amount; absent where the law says "cost" without a figure. Nothing is free of charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount_usd: Option<Usd>,
    /// What the amount is for, such as `statewide list`.
    pub unit: String,
    /// Prices by size; the first tier that is large enough applies. With tiers there is no `amount_usd`.
    #[serde(default, rename = "tier", skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<FeeTier>,
    /// The figures are the most that may be asked; the cost, where it is less, is owed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub ceiling: bool,
    /// Set where the figure is not settled, with the reason; the letter says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<String>,
    /// Remarks on the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Citation.
    pub cite: String,
    /// Where it was read.
    pub source: String,
}

/// The price of a list up to a size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeTier {
    /// The largest list it covers; absent for every larger one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub up_to_records: Option<u64>,
    /// Fixed part.
    #[serde(default, skip_serializing_if = "Usd::is_zero")]
    pub base_usd: Usd,
    /// Price of a thousand records, in cents.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub per_1000_cents: u32,
    /// How the thousands are counted.
    #[serde(default, skip_serializing_if = "Thousands::is_by_record")]
    pub thousands: Thousands,
    /// The most that is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_usd: Option<Usd>,
}

/// How the thousands of a price by the thousand are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Thousands {
    /// The law has a price for each record; a thousandth of the price of a thousand, and a begun cent is a cent.
    #[default]
    ByRecord,
    /// The first thousand in full, however few there are; all together rounded to the nearest thousand.
    Nearest,
}

impl Thousands {
    fn is_by_record(&self) -> bool {
        *self == Self::ByRecord
    }

    /// The price of so many records at so many cents a thousand.
    fn cents(self, records: u64, per_1000_cents: u64) -> u64 {
        match self {
            Self::ByRecord => records.saturating_mul(per_1000_cents).div_ceil(1_000),
            Self::Nearest => (records.saturating_add(500) / 1_000).max(1).saturating_mul(per_1000_cents),
        }
    }
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Fee {
    /// What a list of this many records costs, in cents; `None` where the law gives no figure.
    ///
    /// ```
    /// # use law::{Fee, FeeTier, Thousands, Usd};
    /// // Wisconsin: $25 and $5 for a thousand records, at most $12,500.
    /// let tier = FeeTier {
    ///     up_to_records: None,
    ///     base_usd: Usd::from_cents(2_500),
    ///     per_1000_cents: 500,
    ///     thousands: Thousands::Nearest,
    ///     cap_usd: Some(Usd::from_cents(1_250_000)),
    /// };
    /// # let fee = Fee { amount_usd: None, unit: String::new(), tiers: vec![tier], ceiling: false, review: None, note: None, cite: String::new(), source: String::new() };
    /// assert_eq!(fee.cents_for(10_499), Some(7_500));
    /// assert_eq!(fee.cents_for(4_000_000), Some(1_250_000));
    /// ```
    pub fn cents_for(&self, records: u64) -> Option<u64> {
        if self.tiers.is_empty() {
            return self.amount_usd.map(Usd::cents);
        }
        let tier = self.tiers.iter().find(|tier| tier.up_to_records.is_none_or(|most| records <= most))?;
        let by_size = tier.thousands.cents(records, u64::from(tier.per_1000_cents));
        let cents = if tier.per_1000_cents == 0 { 0 } else { by_size };
        let cents = tier.base_usd.cents().saturating_add(cents);
        Some(tier.cap_usd.map_or(cents, |cap| cents.min(cap.cents())))
    }

    /// Whether the law gives it away.
    pub fn is_free(&self) -> bool {
        self.tiers.is_empty() && self.amount_usd.is_some_and(|amount| amount.is_zero())
    }

    /// The fee in words, as in a letter.
    pub fn in_words(&self) -> String {
        let most = if self.ceiling { "at most " } else { "" };
        let price = match self.amount_usd {
            Some(_) if self.is_free() => format!("free of charge: {}", self.unit),
            Some(amount) => format!("{most}{amount} for the {}", self.unit),
            None if self.tiers.is_empty() => format!("at the cost of the {}", self.unit),
            None => {
                let tiers: Vec<String> = self.tiers.iter().map(FeeTier::in_words).collect();
                format!("{most}by size, {}: {}", self.unit, tiers.join("; "))
            }
        };
        match &self.review {
            None => price,
            Some(review) => format!("{price}. The figure is not settled: {review}."),
        }
    }
}

impl FeeTier {
    /// The price in words, such as `up to 5,000 records $10`.
    fn in_words(&self) -> String {
        let size = match self.up_to_records {
            Some(most) => format!("up to {} records ", grouped(most)),
            None => String::new(),
        };
        let thousand = Usd::from_cents(u64::from(self.per_1000_cents));
        let price = match (self.base_usd.is_zero(), thousand.is_zero()) {
            (_, true) => self.base_usd.to_string(),
            (true, false) => format!("{thousand} for 1,000 records"),
            (false, false) => format!("{} and {thousand} for 1,000 records", self.base_usd),
        };
        let cap = self.cap_usd.map(|cap| format!(", at most {cap}")).unwrap_or_default();
        format!("{size}{price}{cap}")
    }
}

/// Digits with separators, as in `12,500`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A fee of the routes in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The routes, as `edition/clause`.
    pub clauses: Vec<String>,
    /// The fee.
    pub fee: Fee,
}
