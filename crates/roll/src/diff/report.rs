//! What changed between two snapshots, in numbers.

use serde::{Deserialize, Serialize};
use terms::{Date, Jurisdiction};

/// The schema word of a comparison.
pub const DIFF_SCHEMA: &str = "openroll.roll-diff/1";

/// What stands for words that are too rare to be shown: a word on a handful of rows may be a slip that put a
/// registrant's name into the column.
pub const OTHER_WORD: &str = "(other)";

/// LIMIT: a county or a reason that stands on fewer rows of both snapshots together is shown as [`OTHER_WORD`].
pub const WORD_ROWS_MIN: u64 = 10;

/// What changed between two snapshots of one jurisdiction, in numbers; it holds no registrant's value but for counties,
/// statuses and reasons that [`WORD_ROWS_MIN`] rows have.
///
/// CAUTION: it is for the office. Small numbers are told, other than in [`Stats`](crate::stats::Stats).
///
/// A registrant is a row. Rows are matched by voter number, see [`Diff::between`](crate::diff::Diff::between).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diff {
    /// [`DIFF_SCHEMA`].
    pub schema: String,
    /// Whose rolls they are.
    pub jurisdiction: Jurisdiction,
    /// The first snapshot.
    pub before: Compared,
    /// The second snapshot.
    pub after: Compared,
    /// How many registrants came, went, changed and stayed.
    pub registrants: Registrants,
    /// What changed of those who are in both.
    pub details: Details,
    /// The same of those who are in both, but in another county.
    pub between_counties: Details,
    /// By county, in the order of the alphabet; empty when the two have no column of the county in common.
    pub counties: Vec<County>,
    /// By election, in the order of its id.
    pub elections: Vec<Election>,
    /// Columns that only the first snapshot has.
    pub only_before: Vec<String>,
    /// Columns that only the second snapshot has.
    pub only_after: Vec<String>,
    /// Columns that both have, and that were not compared.
    pub left_out: Vec<String>,
}

/// One of the two snapshots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// Its id.
    pub snapshot: String,
    /// The day that it speaks of.
    pub as_of: Date,
    /// The layout of its voter files.
    pub layout: String,
    /// Registrants.
    pub registrants: u64,
    /// Registrants whose number an earlier row of the same snapshot has.
    pub repeated: u64,
}

/// How many registrants came, went, changed and stayed.
///
/// `before = same + changed + removed` and `after = same + changed + added`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registrants {
    /// In both, and alike in every column compared.
    pub same: u64,
    /// In both, and different in at least one column compared.
    pub changed: u64,
    /// Only in the second snapshot.
    pub added: u64,
    /// Only in the first snapshot.
    pub removed: u64,
    /// In both, but in another county.
    pub moved: u64,
}

/// What changed of registrants who are in both snapshots, and how those who came and went stood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// By column, in canonical order. In [`Diff::details`] every column compared, elsewhere those that changed.
    pub columns: Vec<ColumnChange>,
    /// By status; empty when one of the two has no status.
    pub flows: Vec<Flow>,
}

/// How many registrants have another value in a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnChange {
    /// The column.
    pub column: String,
    /// Whether the column is closed unless a law opens it in so many words.
    pub is_protected: bool,
    /// Registrants whose value differs, with the two below.
    pub changed: u64,
    /// Those who had none before.
    pub filled: u64,
    /// Those who have none any more.
    pub emptied: u64,
}

/// Registrants who went from one standing to another one, or kept theirs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Where they stood; `None` for those who appeared.
    pub from: Option<Standing>,
    /// Where they stand; `None` for those who vanished.
    pub to: Option<Standing>,
    /// How many.
    pub registrants: u64,
}

impl Flow {
    /// The reason that is known of the flow: that of the later row, else that of the earlier one.
    pub fn reason(&self) -> Option<&str> {
        let later_first = [&self.to, &self.from].into_iter().flatten();
        later_first.filter_map(|standing| standing.reason.as_deref()).next()
    }
}

/// A status, with its reason where the status changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// A word of the canonical vocabulary; `unknown` for a row without a status.
    pub status: String,
    /// The reason, where the file gives one; not told of those who kept their status.
    pub reason: Option<String>,
}

/// What happened in a county.
///
/// `after = before + added - removed + moved_in - moved_out`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct County {
    /// Its name or number; `None` for rows without one, [`OTHER_WORD`] for those that are too rare to be shown.
    pub county: Option<String>,
    /// Registrants in the first snapshot.
    pub before: u64,
    /// Registrants in the second snapshot.
    pub after: u64,
    /// Only in the second snapshot.
    pub added: u64,
    /// Only in the first snapshot.
    pub removed: u64,
    /// From another county.
    pub moved_in: u64,
    /// To another county.
    pub moved_out: u64,
    /// In this county in both, and different in at least one column compared.
    pub changed: u64,
    /// What changed of those who are in this county in both, and how those who came and went stood.
    pub details: Details,
}

/// What changed in the participations of an election.
///
/// `after = before + added - removed + came - left`. A participation is a row: a file can list one twice. History rows
/// without a registrant do not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Election {
    /// Its id.
    pub election: String,
    /// Whether the first snapshot knows the election; if not, every participation counts as added.
    pub is_in_before: bool,
    /// Whether the second snapshot knows the election; if not, every participation counts as removed.
    pub is_in_after: bool,
    /// Participations in the first snapshot.
    pub before: u64,
    /// Participations in the second snapshot.
    pub after: u64,
    /// Of registrants who are in both, only in the second.
    pub added: u64,
    /// Of registrants who are in both, only in the first.
    pub removed: u64,
    /// Of registrants who are in both, in both, with another outcome.
    pub changed: u64,
    /// Of registrants who are only in the second snapshot.
    pub came: u64,
    /// Of registrants who are only in the first snapshot.
    pub left: u64,
}

impl Diff {
    /// Whether nothing differs: no registrant, no participation, no column that only one has.
    pub fn is_empty(&self) -> bool {
        let Registrants { changed, added, removed, moved, .. } = self.registrants;
        let is_still = |election: &Election| {
            [election.added, election.removed, election.changed, election.came, election.left] == [0; 5]
        };
        [changed, added, removed, moved] == [0; 4]
            && self.elections.iter().all(is_still)
            && self.only_before.is_empty()
            && self.only_after.is_empty()
    }
}
