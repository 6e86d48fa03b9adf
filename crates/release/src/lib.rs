//! The release: what leaves the office is exactly what the decision grants.
//!
//! **In scope**: the plan of columns ([`Plan`]), the redactor ([`redact`]) that every output passes through, the extract,
//! the letter, the withholding index, the signed manifest, the gates, and verification ([`verify`]).
//!
//! **Out of scope**: deciding (`law`), reading state files (`roll`), delivery and the desk.
//!
//! A release is a function of decision, snapshot, protection lists, office, keys and software version. Nothing of it is
//! visible before every gate has passed; then the folder appears in one step.

mod build;
mod canaries;
mod code;
mod compartments;
mod days;
mod error;
mod extract;
mod gates;
mod history;
mod index;
mod letter;
mod lines;
mod manifest;
mod mask;
mod office;
mod order;
mod patterns;
mod plan;
mod record;
mod recount;
mod redact;
mod text;
mod verify;
mod warnings;

pub use build::{Built, DECISION_FILE};
pub use code::CodeKey;
pub use compartments::compartments;
pub use error::ReleaseError;
pub use extract::{Extract, ExtractError, Format};
pub use gates::{GateError, GateReport};
pub use history::{Elections, History};
pub use index::{INDEX_FILE, withholding_index};
pub use letter::{LETTER_FILE, Letter, LetterError};
pub use manifest::{MANIFEST_FILE, MANIFEST_SCHEMA, Manifest, ReleasedFile, SIGNATURE_FILE, fingerprint};
pub use mask::{Capped, Mask, Rules};
pub use office::{AppealOfficer, KEYS_FILE, Keys, OFFICE_FILE, Office, OfficeError};
pub use order::Order;
pub use plan::{Make, OutColumn, Plan};
pub use record::{RECORD_SCHEMA, Record, RuleCount};
pub use redact::{RedactError, redact};
pub use verify::{Check, DOCUMENT_BYTES_MAX, Verification, VerifyError, verify};
pub use warnings::Warning;
