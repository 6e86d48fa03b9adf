//! What changed between two snapshots of one jurisdiction.
//!
//! Memory does not grow with the rolls but for five bytes a registrant: voter numbers are matched in passes, and
//! columns are compared one at a time over windows of a million rows.

mod columns;
mod compare;
mod error;
mod ids;
mod report;
mod side;
mod tally;
mod votes;
mod window;
mod work;
mod write;

use std::path::PathBuf;

pub use error::DiffError;
pub use report::{
    ColumnChange, Compared, County, DIFF_SCHEMA, Details, Diff, Election, Flow, OTHER_WORD, Registrants, Standing,
    WORD_ROWS_MIN,
};

use crate::manifest::Manifest;
use crate::progress::Progress;
use crate::reader::Reader;
use columns::Columns;
use side::Side;
use work::Work;
use write::Writer;

/// Rows of the first snapshot that are compared at one time.
const WINDOW_ROWS: u32 = 1024 * 1024;

/// LIMIT: changed values held in memory at one time. A window with more of them is cut in two and read again.
const CHANGE_BYTES_MAX: usize = 192 * 1024 * 1024;

/// Windows are not cut below this: the values of so many rows fit, whatever their length.
const WINDOW_ROWS_MIN: u32 = 4096;

/// How to compare.
#[derive(Debug, Clone, Default)]
pub struct DiffOptions {
    without: Vec<String>,
    out: Option<PathBuf>,
    #[cfg(test)]
    limits: Option<Limits>,
}

impl DiffOptions {
    /// Leaves columns out, such as an age that grows by itself.
    #[must_use]
    pub fn without(mut self, columns: Vec<String>) -> Self {
        self.without = columns;
        self
    }

    /// Writes every change into a new folder: `changes-NNNNN.parquet` with the columns `kind` (`added`, `removed`,
    /// `changed`), `voter_id`, `county_before`, `county_after`, `column`, `before` and `after`, all text, and
    /// `diff.json` with the numbers.
    ///
    /// Changed and removed registrants stand in the order of the first snapshot, the changes of one of them in
    /// canonical order of columns; then the added ones in the order of the second snapshot. The same snapshots give
    /// the same bytes.
    ///
    /// CAUTION: the files hold values of registrants, protected ones too. The folder is readable by its owner alone.
    #[must_use]
    pub fn out(mut self, folder: PathBuf) -> Self {
        self.out = Some(folder);
        self
    }

    fn limits(&self) -> Limits {
        #[cfg(test)]
        if let Some(limits) = self.limits {
            return limits;
        }
        Limits { window_rows: WINDOW_ROWS, window_rows_min: WINDOW_ROWS_MIN, change_bytes: CHANGE_BYTES_MAX }
    }
}

/// How much is looked at together; the result does not depend on it.
#[derive(Debug, Clone, Copy)]
struct Limits {
    window_rows: u32,
    window_rows_min: u32,
    change_bytes: usize,
}

impl Diff {
    /// Compares two snapshots of one jurisdiction, row by row and column by column.
    ///
    /// * **Who is who**: a voter number that stands once in each snapshot is one registrant, in whichever county. Rows of
    ///   a number that is repeated are matched within their county first, in order of occurrence, and what is left of
    ///   them in order of occurrence; [`Compared::repeated`] counts them.
    /// * **What is compared**: every column that both snapshots have, but the voter number and the place in the source
    ///   file. `field_state` is compared only between snapshots of the same columns.
    /// * **Who counts where**: a registrant who is in another county counts there as moved in and here as moved out;
    ///   what else changed of them stands in [`Diff::between_counties`], not with a county.
    ///
    /// Both readers need every key of their snapshots.
    ///
    /// The result depends on neither the size of parts nor the number of threads.
    ///
    /// # Errors
    ///
    /// [`DiffError`] for snapshots that cannot be compared or read, and for a folder that cannot be written.
    pub fn between(
        before: &Reader,
        after: &Reader,
        options: &DiffOptions,
        progress: &dyn Progress,
    ) -> Result<Self, DiffError> {
        comparable([before, after].map(|roll| roll.snapshot().manifest()))?;
        let columns = Columns::new(before.snapshot(), after.snapshot(), &options.without)?;
        let (before, after) = (Side::new(before)?, Side::new(after)?);
        let writer = options.out.as_deref().map(Writer::new).transpose()?;
        let mut work = Work::new((&before, &after), &columns, writer)?;
        let matching = work.matching()?;
        work.windows(&matching, options.limits(), progress)?;
        work.added(&matching)?;
        let (diff, writer) = work.finish();
        if let Some(writer) = writer {
            writer.finish(&diff)?;
        }
        Ok(diff)
    }
}

/// Whether two snapshots can be compared by id.
fn comparable([before, after]: [&Manifest; 2]) -> Result<(), DiffError> {
    if before.jurisdiction != after.jurisdiction {
        return Err(DiffError::OtherJurisdiction { before: before.jurisdiction, after: after.jurisdiction });
    }
    // Ids that the reader gave out itself: the same one on another roll says nothing.
    match [before, after].into_iter().find(|manifest| manifest.id_is_surrogate) {
        Some(manifest) => Err(DiffError::SurrogateIds { snapshot: manifest.snapshot.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
