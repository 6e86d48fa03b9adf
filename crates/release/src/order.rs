//! What one release is made of.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use law::{Decision, Law, Request};
use roll::{Protections, Reader};

use crate::extract::Format;
use crate::office::{Keys, Office};

/// Everything that one release is made of.
#[derive(Debug)]
pub struct Order<'a> {
    /// The request; its requester's name and address go into the letter's address block and nowhere else.
    pub request: &'a Request,
    /// The decision.
    pub decision: &'a Decision,
    /// The law that was applied.
    pub law: &'a Law,
    /// The roll, with the keys that the decision names ([`compartments`](crate::compartments)) and no other.
    pub roll: &'a Reader,
    /// The newest protection list; none where the office keeps none, and then no rule on protection can be applied.
    pub protections: Option<&'a Protections>,
    /// Tokens that must never appear in any output.
    pub canaries: &'a BTreeSet<String>,
    /// The office that answers.
    pub office: &'a Office,
    /// Its keys.
    pub keys: &'a Keys,
    /// The letter template.
    pub template: &'a str,
    /// The files wanted.
    pub formats: &'a [Format],
    /// The folder of the office's private records.
    pub records: &'a Path,
}

impl Order<'_> {
    /// The protection list; empty where none is kept, which [`Order::check`] lets pass only where no rule looks at it.
    pub(crate) fn protections(&self) -> Cow<'_, Protections> {
        self.protections.map_or_else(Cow::default, Cow::Borrowed)
    }
}
