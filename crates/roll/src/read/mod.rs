//! The strict, layout-driven reader.
//!
//! A record is one physical line. A line that is not exactly what the layout says goes to quarantine and never
//! swallows the next one; every other line becomes a canonical row.

mod archive;
pub(crate) mod fault;
pub(crate) mod header;
pub(crate) mod scan;
pub(crate) mod source;
pub(crate) mod split;
pub(crate) mod value;

pub(crate) use fault::Fault;
pub(crate) use split::{Cell, Splitter};
