//! The strict, layout-driven reader.
//!
//! A record is one physical line. A line that is not exactly what the layout says goes to quarantine and never
//! swallows the next one; every other line becomes a canonical row.

pub(crate) mod fault;
pub(crate) mod form;
pub(crate) mod recognize;
pub(crate) mod scan;
pub(crate) mod sort;
pub(crate) mod split;
pub(crate) mod text;
pub(crate) mod unpack;
pub(crate) mod value;
pub(crate) mod workbook;

pub(crate) use fault::Fault;
pub(crate) use split::{Cell, Splitter};
