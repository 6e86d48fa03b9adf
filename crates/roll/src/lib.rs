//! The roll: state files in, immutable snapshots out.
//!
//! **In scope**: the canonical [`schema`], the [`layout`] of each state's file, the strict reader that a layout drives,
//! snapshots as directories of encrypted Parquet files with a manifest, the [`vault`] of their keys, the quarantine of
//! lines that could not be read, lists of protected registrants and of canaries beside the roll, what changed between two
//! snapshots ([`diff`]), and who is on one in numbers that tell of nobody ([`stats`]).
//!
//! **Out of scope**: what the law says about a field (`law`), what leaves the office (`release`), synthetic rolls
//! (`synth`). This crate prints nothing and looks at no clock; the caller says as of which day a file speaks.
//!
//! ```
//! let layouts = roll::layout::Layouts::built_in()?;
//! let utah = layouts.get("ut").ok_or("no layout")?;
//! assert_eq!(utah.columns()[13].name, "Mailing city, state  zip");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod advice;
mod cells;
pub mod diff;
mod digest;
mod import;
pub mod layout;
mod manifest;
mod named;
mod progress;
mod protection;
mod quarantine;
mod read;
mod reader;
mod reimport;
pub mod schema;
mod snapshot;
mod staging;
pub mod stats;
mod store;
mod table;
pub mod vault;
mod words;

pub use import::{ArchiveProblem, Identified, ImportError, ImportRequest, Imported, Verdict, identify};
pub use layout::Layout;
pub use manifest::{Counts, LayoutRef, Manifest, OutputFile, Part, SourceRef};
pub use named::{Agreement, Candidate, NAMED_HEADER, NamedMatch, NamedProtection, read_named};
pub use progress::{Progress, Stage};
pub use protection::{
    CANARY_BYTES_MIN, LIST_BYTES_MAX, ListError, ListProblem, PROTECTION_FIELDS_HEADER, PROTECTION_HEADER, Protection,
    Protections,
};
pub use quarantine::{Quarantine, Quarantined};
pub use reader::Reader;
pub use reimport::{ReimportError, Reimported};
pub use snapshot::{Snapshot, SnapshotError};
pub use staging::{Staging, StagingError};
pub use store::{Kept, REASON_BYTES_MAX, REMOVED_SCHEMA, Remote, RemoteError, Removal, RemoveError, Removed, Store};
