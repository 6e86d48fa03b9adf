//! Tests of the release through its public face: a synthetic world is written in Utah's file layout, imported,
//! decided and released, and everything that leaves is looked at.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test says what it expects by panicking")]

mod channels;
mod conditions;
mod doors;
mod incidents;
mod interference;
mod keys;
mod letters;
mod pipeline;
mod reference;
mod treatment;
mod views;
mod world;
