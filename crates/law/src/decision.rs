//! A decision: what the law answers to a request, field by field, with a reason for every cell.

use serde::{Deserialize, Serialize};
use terms::{Date, Field, Form, Jurisdiction, Need, Promise, Purpose, RequesterClass};

use crate::clause::{Authority, Mode};
use crate::clock::{Deadline, Silence};
use crate::condition::Condition;
use crate::digest::digest_of;
use crate::fee::Charge;

/// The schema word of a stored decision.
pub const DECISION_SCHEMA: &str = "openroll.decision/2";

/// The answer of one jurisdiction's law to one request on one day.
///
/// Holds no name and no contact of the requester: two requests that differ only in those give equal decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Always [`DECISION_SCHEMA`].
    pub schema: String,
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// The day whose law was applied.
    pub as_of: Date,
    /// The editions applied, the jurisdiction's first.
    pub editions: Vec<EditionPin>,
    /// The class under which the request was decided.
    pub class: RequesterClass,
    /// The class that was claimed.
    pub class_claimed: RequesterClass,
    /// The stated purpose.
    pub purpose: Purpose,
    /// The answer for the whole request.
    pub outcome: Outcome,
    /// The request asked only for what is public, and everything that is public to this requester is given.
    pub complete_as_asked: bool,
    /// One disposition per requested field, in the order of the request.
    pub dispositions: Vec<Disposition>,
    /// Rules that reach some records only.
    pub record_rules: Vec<RecordRule>,
    /// Duties that travel with the data.
    pub duties: Vec<Duty>,
    /// What must still be on file before a release may leave.
    pub missing: Vec<Missing>,
    /// Time limits, counted day by day; none where no rule is stored.
    pub time_limits: Vec<TimeLimit>,
    /// What silence past the limit means.
    pub silence: Option<Silence>,
    /// The fees of the routes by which something leaves, where one is known.
    pub fees: Vec<Charge>,
    /// The list that is given must not be newer than this day.
    pub list_not_after: Option<ListLimit>,
}

/// An edition as applied, pinned by the digest of its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionPin {
    /// Whose law.
    pub jurisdiction: Jurisdiction,
    /// Edition id.
    pub edition: String,
    /// First day in force.
    pub from: Date,
    /// First day no longer in force.
    pub until: Option<Date>,
    /// SHA-256 of the edition's content, in hex.
    pub digest: String,
}

/// The answer for the whole request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every requested field in full, and no record rule can bite.
    Full,
    /// Something is withheld, reduced, or left out.
    InPart,
    /// Nothing requested leaves.
    Refused,
    /// The custodian holds none of what was asked.
    NoRecords,
    /// Another custodian holds it.
    Referred,
}

impl Outcome {
    /// The outcome in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Full => "granted in full",
            Self::InPart => "granted in part",
            Self::Refused => "refused",
            Self::NoRecords => "no records",
            Self::Referred => "referred to another office",
        }
    }
}

/// The answer for one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disposition {
    /// The field.
    pub field: Field,
    /// The form in which it leaves.
    pub form: Form,
    /// First day of the period asked for.
    pub since: Option<Date>,
    /// Why; at least one reason, the deciding one first.
    pub because: Vec<Reason>,
    /// What other modes show of it in a finer form than the one that leaves, one per mode.
    pub otherwise: Vec<Otherwise>,
}

/// A way to see a field that gives no copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Otherwise {
    /// The mode.
    pub mode: Mode,
    /// The finest form that the mode shows.
    pub form: Form,
}

impl Otherwise {
    /// The way in words, after "open".
    ///
    /// ```
    /// let on_the_terminal = law::Otherwise { mode: law::Mode::View, form: terms::Form::Full };
    /// assert_eq!(on_the_terminal.label(), "in full to viewing at the office, without a copy");
    /// ```
    pub fn label(&self) -> String {
        format!("{} to {}", self.form.label(), self.mode.label())
    }
}

impl Disposition {
    /// Whether anything of the field leaves.
    pub fn is_released(&self) -> bool {
        self.form != Form::Withheld
    }
}

/// What a reason does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The clause opens the field.
    Opens,
    /// The clause closes the field or caps its form.
    Closes,
    /// The custodian gives less than the law allows.
    CustodianWithholds,
    /// No record with this field is held here.
    NotHeld,
    /// No clause opens the field: no basis found.
    NoBasis,
    /// The clause opens the field, but to other requesters.
    OtherClass,
    /// The clause opens the field, but for other purposes.
    OtherPurpose,
    /// The clause opens the field under a duty that the request rules out.
    DutyRuledOut,
    /// The clause opens the field where an official duty needs it, and that is not shown.
    NecessityNotShown,
    /// The reading of the clause is not settled; closed until an officer confirms it.
    UnderReview,
    /// The clause opens the field to inspection or viewing, not to copying.
    NoCopy,
}

/// Why a field is open or closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What the reason does.
    pub effect: Effect,
    /// The clause, as `edition/clause`; none where no clause speaks.
    pub clause: Option<String>,
    /// The reason in a sentence.
    pub says: String,
    /// Where the clause can be read.
    pub authority: Option<Authority>,
}

/// A withholding that reaches some records only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRule {
    /// The clause, as `edition/clause`.
    pub clause: String,
    /// Which records.
    pub records: Condition,
    /// The fields concerned; none for the whole record, which then stays out.
    pub fields: Option<Vec<Field>>,
    /// The finest form that still leaves.
    pub cap: Form,
    /// The rule in a sentence.
    pub says: String,
    /// Where the clause can be read.
    pub authority: Authority,
}

/// A duty that travels with the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// The duty.
    pub promise: Promise,
    /// The clause that attaches it, as `edition/clause`.
    pub clause: String,
    /// Citation.
    pub cite: String,
}

/// Something that must be on file before a release may leave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingItem {
    /// A document or payment.
    Need(Need),
    /// Signatures of at least so many registered voters, the requester's own among them.
    CoSigners(u16),
    /// A duty that the requester has not yet accepted.
    Promise(Promise),
}

impl MissingItem {
    /// The paper or payment, unless it is a promise.
    pub fn need(&self) -> Option<Need> {
        match self {
            Self::Need(need) => Some(*need),
            Self::CoSigners(_) => Some(Need::CoSigners),
            Self::Promise(_) => None,
        }
    }

    /// The item in words.
    pub fn label(&self) -> String {
        match self {
            Self::Need(need) => need.label().to_owned(),
            Self::CoSigners(count) => format!("signatures of at least {count} registered voters"),
            Self::Promise(promise) => format!("a promise {}", promise.label()),
        }
    }
}

/// Something missing, and the clause that asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// What is missing.
    pub item: MissingItem,
    /// The clause that asks for it, as `edition/clause`.
    pub clause: String,
    /// Citation.
    pub cite: String,
}

/// Which of the law's limits a date belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// The custodian's limit to answer, from receipt.
    Respond,
    /// The custodian's shorter limit on a showing, from receipt.
    Expedited,
    /// The requester's limit to appeal, if the notice is given on the day of the decision.
    Appeal,
}

impl LimitKind {
    /// The limit in words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Respond => "answer due",
            Self::Expedited => "answer due if expedited",
            Self::Appeal => "last day to appeal, if notice is given on the day of the decision",
        }
    }
}

/// A time limit that runs from this request, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimit {
    /// Which limit.
    pub kind: LimitKind,
    /// The date with its days, or the law's own words where it gives no number.
    pub deadline: Deadline,
    /// Citation.
    pub cite: String,
}

/// The list that is given must not be newer than a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListLimit {
    /// The day.
    pub day: Date,
    /// The rule in a sentence.
    pub says: String,
    /// Citation.
    pub cite: String,
}

impl Decision {
    /// SHA-256, in hex, of the decision's canonical JSON.
    pub fn digest(&self) -> String {
        digest_of(self)
    }

    /// The dispositions of fields of which something leaves, in order.
    pub fn released(&self) -> impl Iterator<Item = &Disposition> {
        self.dispositions.iter().filter(|disposition| disposition.is_released())
    }

    /// The date of one of the limits, where the law gives a number and the edition stores it.
    pub fn due(&self, kind: LimitKind) -> Option<Date> {
        let limit = self.time_limits.iter().find(|limit| limit.kind == kind)?;
        limit.deadline.due().map(|due| due.on)
    }
}
