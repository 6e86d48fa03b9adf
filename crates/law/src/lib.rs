//! The law as dated data, and the decision that it gives.
//!
//! **In scope**: law files with editions, routes, withholdings and citations ([`Law`]); the request ([`Request`]);
//! the decision ([`Lawbook::decide`]), a pure function; the clock and its calendars ([`clock`], [`calendar`]); lint
//! ([`Law::lint`]) and explanation ([`Decision::explain`]).
//!
//! **Out of scope**: reading files from disk and knowing what day it is (the caller), the voter file (`roll`), and
//! writing what the decision grants (`release`).
//!
//! Closed by default: what no route releases is withheld, a withholding that applies beats every route, the order of
//! clauses never matters, and every cell of a decision names its clause and citation.

mod applied;
pub mod calendar;
mod choice;
mod clause;
pub mod clock;
mod condition;
mod dates;
mod decide;
mod decision;
mod digest;
mod edition;
mod election_day;
mod error;
mod explain;
mod fee;
mod lawbook;
mod lint;
pub mod matrix;
mod parse;
mod reason;
mod request;
mod time_limits;

pub use choice::Choice;
pub use clause::{Authority, Elsewhere, Grant, Mode, Route, Withholding};
pub use condition::{AgeDay, Condition};
pub use decision::{
    DECISION_SCHEMA, Decision, Disposition, Duty, EditionPin, Effect, LimitKind, ListLimit, Missing, MissingItem,
    Otherwise, Outcome, Reason, RecordRule, TimeLimit,
};
pub use edition::{DenialNotice, DenialPart, Edition, Freeze, Law, RecordsAct};
pub use election_day::{after_cycles, general_election};
pub use error::DecideError;
pub use fee::{Charge, Fee, FeeTier, Thousands, Usd};
pub use lawbook::Lawbook;
pub use lint::{Finding, Severity};
pub use parse::{LAW_BYTES_MAX, LawError, Malformed};
pub use request::{
    Ask, AskCondition, Dates, Document, Question, REQUEST_BYTES_MAX, REQUEST_SCHEMA, Request, RequestError,
    RequestFinding, Requester,
};
