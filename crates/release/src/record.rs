//! The office's private record of a release.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::gates::GateReport;
use crate::order::Order;
use crate::warnings::{Warning, warnings};

/// The schema word of a record.
pub const RECORD_SCHEMA: &str = "openroll.record/1";

/// What the office keeps about a release, and nobody else sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Schema word.
    pub schema: String,
    /// The release's id.
    pub release: String,
    /// The request's id.
    pub request: String,
    /// The requester's name.
    pub requester: String,
    /// SHA-256 of the decision.
    pub decision: String,
    /// The snapshot's id.
    pub snapshot: String,
    /// The snapshot's digest, which the manifest only commits to.
    pub snapshot_digest: String,
    /// The salt that opens the commitment, in hex.
    pub salt: String,
    /// Rows of the roll.
    pub rows_in_roll: u64,
    /// Rows released.
    pub rows_released: u64,
    /// How many rows each record rule covers.
    pub rules: Vec<RuleCount>,
    /// What the officer should know before signing.
    pub warnings: Vec<Warning>,
    /// What the gates checked.
    pub gates: Vec<GateReport>,
    /// SHA-256 of the manifest.
    pub manifest: String,
}

/// How many rows one record rule covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleCount {
    /// The clause.
    pub clause: String,
    /// Rows it covers.
    pub rows: u64,
}

impl Record {
    /// Writes the record of a release.
    pub(crate) fn new(
        order: &Order<'_>,
        rows_released: u64,
        touched: &[u64],
        gates: Vec<GateReport>,
        manifest: String,
    ) -> Self {
        let decision = order.decision.digest();
        let snapshot_digest = order.roll.snapshot().digest().to_owned();
        let identity = format!("{decision}\0{snapshot_digest}\0{}", order.request.requester.name);
        let short = HEXLOWER.encode(Sha256::digest(identity).get(..6).unwrap_or_default());
        let rules = order.decision.record_rules.iter().zip(touched);
        Self {
            schema: RECORD_SCHEMA.to_owned(),
            release: format!("{}-{}-{short}", order.decision.jurisdiction.slug(), order.request.id),
            request: order.request.id.clone(),
            requester: order.request.requester.name.clone(),
            snapshot: order.roll.snapshot().manifest().snapshot.clone(),
            salt: HEXLOWER.encode(&order.keys.salt(&snapshot_digest, &decision)),
            snapshot_digest,
            decision,
            rows_in_roll: order.roll.snapshot().manifest().counts.voters,
            rows_released,
            rules: rules.map(|(rule, rows)| RuleCount { clause: rule.clause.clone(), rows: *rows }).collect(),
            warnings: warnings(order.decision),
            gates,
            manifest,
        }
    }
}
