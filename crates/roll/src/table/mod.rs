//! The second pass: checked lines to canonical Arrow tables.

pub(crate) mod columns;
pub(crate) mod elections;
pub(crate) mod lines;
pub(crate) mod long;
pub(crate) mod plan;
pub(crate) mod states;
pub(crate) mod voters;
pub(crate) mod wide;
