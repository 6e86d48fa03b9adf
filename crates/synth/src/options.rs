//! What roll to make.

use roll::Layout;
use terms::Date;

use crate::error::SynthError;
use crate::profile::Profile;

/// LIMIT: voter numbers are a permutation of 27 bits; the largest state has 23 million registrants.
pub const ROWS_MAX: u64 = 1 << 27;

/// The size, seed and day of a synthetic roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Registrants, from 1 to [`ROWS_MAX`]. From 200 on, every hard case and 20 canaries are among them.
    pub rows: u64,
    /// What the roll is drawn from: same seed, same bytes.
    pub seed: u64,
    /// The day as of which the roll speaks, from 2015 to 2029.
    pub as_of: Date,
    /// Of 1,000 lines of the voter file, how many are damaged so that a strict reader refuses them.
    pub broken_per_thousand: u32,
}

impl Options {
    /// Options for a layout's state: its usual as-of date (1 June 2017 for Utah), and no damaged line.
    ///
    /// # Errors
    ///
    /// [`SynthError::NoProfile`] for a state whose rolls cannot be made.
    pub fn new(layout: &Layout, rows: u64, seed: u64) -> Result<Self, SynthError> {
        let jurisdiction = layout.jurisdiction();
        let profile = Profile::of(jurisdiction).ok_or_else(|| SynthError::no_profile(jurisdiction))?;
        let (year, month, day) = profile.as_of;
        Ok(Self { rows, seed, as_of: Date::new(year, month, day).unwrap_or(Date::MIN), broken_per_thousand: 0 })
    }

    pub(crate) fn check(&self) -> Result<(), SynthError> {
        if !(1..=ROWS_MAX).contains(&self.rows) {
            return Err(SynthError::Rows { rows: self.rows });
        }
        if !(2015..2030).contains(&self.as_of.year()) {
            return Err(SynthError::AsOf { as_of: self.as_of });
        }
        if self.broken_per_thousand > 1_000 {
            return Err(SynthError::Broken { broken_per_thousand: self.broken_per_thousand });
        }
        Ok(())
    }
}
