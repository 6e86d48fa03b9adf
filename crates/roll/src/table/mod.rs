//! The second pass: checked lines to canonical Arrow tables.

pub(crate) mod columns;
pub(crate) mod elections;
pub(crate) mod lines;
pub(crate) mod lookup;
pub(crate) mod marks;
pub(crate) mod numbered;
pub(crate) mod outline;
pub(crate) mod participations;
pub(crate) mod plan;
pub(crate) mod slots;
pub(crate) mod source;
pub(crate) mod states;
