//! The clock of an edition, as it stands in a law file.

use jiff::civil::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use terms::{Citation, Confidence, RequesterClass};

use super::limit::Limit;

/// The limits that one edition of the law sets for a request and its appeals: `[edition.clock]` in a law file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClockRules {
    /// The id of the calendar whose business days are counted.
    pub calendar: String,
    /// Whether the day of receipt is day 1, if it is a business day. Most laws call it day 0.
    #[serde(default)]
    pub count_receipt_day: bool,
    /// Whether the day on which the custodian stops the clock still counts as elapsed: the earlier due date.
    #[serde(default = "stop_day_counts")]
    pub stop_day_counts: bool,
    /// What it means that the limit passed without an answer.
    pub silence: Option<Silence>,
    /// Until what time of day a request is received on that day.
    pub deemed_receipt: Option<DeemedReceipt>,
    /// The limit to answer a request.
    pub respond: Limit,
    /// The shorter limit on a showing.
    pub expedited: Option<Expedited>,
    /// The grounds for more time.
    #[serde(default, rename = "extension")]
    pub extensions: Vec<Extension>,
    /// The grounds that stop the clock. Empty: nothing stops it.
    #[serde(default, rename = "stop")]
    pub stops: Vec<Stop>,
    /// The levels of appeal, first one first.
    #[serde(default, rename = "appeal")]
    pub appeals: Vec<Appeal>,
}

const fn stop_day_counts() -> bool {
    true
}

/// What silence past the limit means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// It counts as a denial, which can be appealed.
    DeemedDenial,
    /// The requester may go to court without an appeal.
    Court,
}

/// An office hour after which a request counts as received on the next business day. The same holds for a request that
/// arrives on a day that is no business day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeemedReceipt {
    /// The last moment of the day, in the custodian's own zone; a request at this very moment is in time.
    pub cutoff: Time,
    /// Where the rule stands.
    pub cite: String,
    /// Where it was read.
    pub source: String,
}

/// A shorter limit for requests that deserve it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expedited {
    /// The limit.
    pub within: Limit,
    /// What the requester must show.
    pub showing: String,
    /// The classes for which the showing is presumed.
    #[serde(default)]
    pub presumed_for: Vec<RequesterClass>,
}

/// A ground on which the custodian may take more time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// The short name that a notice uses, such as `g`.
    pub ground: String,
    /// The ground in words.
    pub text: String,
    /// The new limit; from receipt, or from the limit that is extended.
    pub within: Limit,
}

/// A ground that stops the clock until the requester answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stop {
    /// The short name that a notice uses.
    pub ground: String,
    /// The ground in words.
    pub text: String,
    /// How often it may be used in one request; absent: as often as needed.
    pub times_max: Option<usize>,
    /// Where it stands.
    pub cite: String,
    /// Where it was read.
    pub source: String,
}

/// One level of appeal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    /// Who decides it.
    pub to: String,
    /// The requester's limit to appeal.
    pub within: Limit,
    /// The decider's limit.
    pub decide: Option<Limit>,
    /// The decider's limit when the request was expedited.
    pub decide_expedited: Option<Limit>,
    /// What is not settled about this level.
    pub review: Option<String>,
    /// How sure the reading of this level is, when the file says so.
    pub confidence: Option<Confidence>,
}

impl DeemedReceipt {
    /// Where the rule stands.
    pub fn citation(&self) -> Citation {
        Citation { cite: self.cite.clone(), source: self.source.clone() }
    }
}
