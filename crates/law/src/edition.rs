//! A jurisdiction's law as a list of editions, each in force from one day until another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_spanned::Spanned;
use terms::{Citation, Date, Jurisdiction, Need, Promise, Purpose};

use crate::clause::{Elsewhere, Route, Withholding};
use crate::clock::ClockRules;
use crate::digest::{KnownDigest, digest_of};
use crate::fee::Fee;

/// One jurisdiction's disclosure law of voter registration records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Whose law it is.
    pub code: Jurisdiction,
    /// The jurisdiction's name.
    pub name: String,
    /// The office that answers requests for the statewide roll.
    pub custodian: String,
    /// The day on which the file was last read against its sources.
    #[serde(deserialize_with = "crate::dates::required")]
    pub reviewed: Date,
    /// The public-records act.
    pub records_act: RecordsAct,
    /// The editions, in order of their first day.
    #[serde(rename = "edition")]
    pub editions: Vec<Edition>,
}

/// The public-records act under which requests are answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordsAct {
    /// Full name.
    pub name: String,
    /// The name people use.
    pub short: String,
    /// Citation of the act.
    pub cite: String,
}

/// The law as in force in a range of days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Stable name, such as `ut-2014`; a decision stores it.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// What made this edition, in a few words.
    pub title: String,
    /// First day in force.
    #[serde(deserialize_with = "crate::dates::required")]
    pub from: Date,
    /// First day no longer in force; absent while it is in force.
    #[serde(default, deserialize_with = "crate::dates::optional", skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The acts that made it.
    pub made_by: Vec<Citation>,
    /// Remarks, and what the sources could not settle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Time limits, where a rule is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockRules>,
    /// What a notice of denial must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denial: Option<DenialNotice>,
    /// The fee of the routes that need one and have none of their own, where one is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Fee>,
    /// Set where requests are answered from an earlier list, in the shape of an earlier day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze: Option<Freeze>,
    /// What opens.
    #[serde(default, rename = "route")]
    pub routes: Vec<Route>,
    /// What closes.
    #[serde(default, rename = "withhold")]
    pub withholdings: Vec<Withholding>,
    /// What is not held here.
    #[serde(default, rename = "elsewhere", skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Elsewhere>,
    /// The digest, once it has been asked for.
    #[serde(skip)]
    pub(crate) known_digest: KnownDigest,
}

/// A part that a notice of denial must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DenialPart {
    /// A description of the record or part denied that does not itself disclose protected matter.
    Description,
    /// The citations that exempt it.
    Citations,
    /// The right to appeal.
    RightToAppeal,
    /// The time limit of the appeal.
    TimeLimit,
    /// The name and business address of the officer who decides the appeal.
    AppealOfficer,
}

/// What a notice of denial must hold, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DenialNotice {
    /// The required parts.
    pub parts: Vec<DenialPart>,
    /// Title of the officer who decides the appeal.
    pub appeal_to: String,
    /// Citation.
    pub cite: String,
    /// Where it was read.
    pub source: String,
}

/// A freeze: whoever asks gets an earlier list in the shape of an earlier day. A route that the edition with the freeze
/// names itself stands outside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Freeze {
    /// The list that is given is the one of this day.
    #[serde(deserialize_with = "crate::dates::required")]
    pub list_as_of: Date,
    /// The requester gets what this day's law gave.
    #[serde(deserialize_with = "crate::dates::required")]
    pub entitled_as_of: Date,
    /// Purposes to which the use of any list is limited meanwhile.
    pub purpose: Vec<Purpose>,
    /// What must be on file before any list leaves meanwhile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// Duties that travel with any list meanwhile.
    #[serde(default)]
    pub promises: Vec<Promise>,
    /// What the rule says, in a sentence that a letter can carry.
    pub says: String,
    /// Citation.
    pub cite: String,
    /// Where it was read.
    pub source: String,
}

impl Law {
    /// The edition in force on a day.
    pub fn edition_on(&self, day: Date) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.covers(day))
    }

    /// The edition with this id.
    pub fn edition(&self, id: &str) -> Option<&Edition> {
        self.editions.iter().find(|edition| edition.id.get_ref() == id)
    }
}

impl Edition {
    /// Whether the edition is in force on a day.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// SHA-256, in hex, of the edition's content: what a decision pins. Comments and layout of the file do not count.
    pub fn digest(&self) -> String {
        self.known_digest.get_or_compute(|| digest_of(self)).to_owned()
    }

    /// The order of clauses never matters; sorted by id, so that the digest and every list agree.
    pub(crate) fn sort_clauses(&mut self) {
        self.routes.sort_by(|a, b| a.id.get_ref().cmp(b.id.get_ref()));
        self.withholdings.sort_by(|a, b| a.id.get_ref().cmp(b.id.get_ref()));
        self.elsewhere.sort_by(|a, b| a.id.get_ref().cmp(b.id.get_ref()));
    }
}
