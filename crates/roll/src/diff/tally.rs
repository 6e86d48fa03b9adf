//! Counting, county by county.

use std::collections::{BTreeMap, HashMap};

use super::compare::Change;
use super::report::{ColumnChange, County, Details, Flow, OTHER_WORD, Registrants, Standing, WORD_ROWS_MIN};
use crate::words::{NONE, Words};

/// LIMIT: counties that are counted apart; a column with more distinct values holds something else. The states that
/// are run by towns have fewer than 2,000.
const COUNTIES_MAX: u32 = 4096;

/// Status and reason of a row by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Stand {
    pub(super) status: u32,
    pub(super) reason: u32,
}

/// From where to where; `None` for rows that are in one snapshot only.
type Move = (Option<Stand>, Option<Stand>);

/// How many registrants have another value in a column.
#[derive(Debug, Clone, Copy, Default)]
struct Changes {
    changed: u64,
    filled: u64,
    emptied: u64,
}

/// What is counted of a group of registrants.
#[derive(Debug, Clone, Default)]
struct Tally {
    before: u64,
    after: u64,
    added: u64,
    removed: u64,
    moved_in: u64,
    moved_out: u64,
    changed: u64,
    columns: Vec<Changes>,
    moves: HashMap<Move, u64>,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.before += other.before;
        self.after += other.after;
        self.added += other.added;
        self.removed += other.removed;
        self.moved_in += other.moved_in;
        self.moved_out += other.moved_out;
        self.changed += other.changed;
        self.columns.resize(self.columns.len().max(other.columns.len()), Changes::default());
        for (sum, changes) in self.columns.iter_mut().zip(&other.columns) {
            sum.changed += changes.changed;
            sum.filled += changes.filled;
            sum.emptied += changes.emptied;
        }
        for (moved, registrants) in &other.moves {
            *self.moves.entry(*moved).or_default() += registrants;
        }
    }
}

/// A group of registrants who are in both snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// In this county in both.
    County(u32),
    /// In another county.
    Movers,
}

/// What is counted, county by county, and of those who moved between counties.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    counties: Vec<Tally>,
    movers: Tally,
}

impl Tallies {
    fn county(&mut self, county: u32) -> &mut Tally {
        let place = county.min(COUNTIES_MAX) as usize;
        if self.counties.len() <= place {
            self.counties.resize_with(place + 1, Tally::default);
        }
        // The place was made above.
        self.counties.get_mut(place).unwrap_or(&mut self.movers)
    }

    fn group(&mut self, group: Group) -> &mut Tally {
        match group {
            Group::County(county) => self.county(county),
            Group::Movers => &mut self.movers,
        }
    }

    /// Counts a registrant of the first snapshot only.
    pub(super) fn removed(&mut self, county: u32, stand: Option<Stand>) {
        let tally = self.county(county);
        tally.before += 1;
        tally.removed += 1;
        if stand.is_some() {
            *tally.moves.entry((stand, None)).or_default() += 1;
        }
    }

    /// Counts a registrant of the second snapshot only.
    pub(super) fn added(&mut self, county: u32, stand: Option<Stand>) {
        let tally = self.county(county);
        tally.after += 1;
        tally.added += 1;
        if stand.is_some() {
            *tally.moves.entry((None, stand)).or_default() += 1;
        }
    }

    /// Counts a registrant of both, who has changed or not; returns the group.
    pub(super) fn kept(&mut self, counties: (u32, u32), stands: Option<(Stand, Stand)>, is_changed: bool) -> Group {
        let (before, after) = counties;
        self.county(before).before += 1;
        self.county(after).after += 1;
        let group = if before == after { Group::County(before) } else { Group::Movers };
        if group == Group::Movers {
            self.county(before).moved_out += 1;
            self.county(after).moved_in += 1;
        }
        let tally = self.group(group);
        tally.changed += u64::from(is_changed);
        if let Some((mut from, mut to)) = stands {
            if from.status == to.status {
                // Who stays active has no reason to be told.
                (from.reason, to.reason) = (NONE, NONE);
            }
            *tally.moves.entry((Some(from), Some(to))).or_default() += 1;
        }
        group
    }

    /// Counts a changed value of the column with this number.
    pub(super) fn changed(&mut self, group: Group, column: usize, change: Change) {
        let tally = self.group(group);
        if tally.columns.len() <= column {
            tally.columns.resize(column + 1, Changes::default());
        }
        if let Some(changes) = tally.columns.get_mut(column) {
            changes.changed += 1;
            changes.filled += u64::from(change == Change::Filled);
            changes.emptied += u64::from(change == Change::Emptied);
        }
    }
}

/// What the numbers stand for.
#[derive(Debug)]
pub(super) struct Names<'a> {
    pub(super) counties: &'a Words,
    pub(super) statuses: &'a Words,
    pub(super) reasons: &'a Words,
    /// The columns compared, with whether they are protected.
    pub(super) columns: &'a [(String, bool)],
}

/// The finished counts.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) registrants: Registrants,
    pub(super) details: Details,
    pub(super) between_counties: Details,
    pub(super) counties: Vec<County>,
}

impl Tallies {
    /// Puts words for numbers, and what is rare together.
    pub(super) fn finish(&self, names: &Names<'_>) -> Counted {
        let mut total = Tally::default();
        self.counties.iter().chain([&self.movers]).for_each(|tally| total.add(tally));
        let rare = rare_reasons(&total);
        let details = |tally: &Tally| Details { columns: columns(tally, names), flows: flows(tally, names, &rare) };
        let mut by_name: BTreeMap<Option<&str>, Tally> = BTreeMap::new();
        for (county, tally) in (0..).zip(&self.counties).filter(|(_, tally)| tally.before + tally.after > 0) {
            let is_rare = tally.before + tally.after < WORD_ROWS_MIN || county == COUNTIES_MAX;
            let name = if is_rare && county != NONE { Some(OTHER_WORD) } else { names.counties.word(county) };
            by_name.entry(name).or_default().add(tally);
        }
        let county = |(name, tally): (&Option<&str>, &Tally)| County {
            county: name.map(str::to_owned),
            before: tally.before,
            after: tally.after,
            added: tally.added,
            removed: tally.removed,
            moved_in: tally.moved_in,
            moved_out: tally.moved_out,
            changed: tally.changed,
            details: changed_only(details(tally)),
        };
        Counted {
            registrants: Registrants {
                same: (total.before - total.removed).saturating_sub(total.changed),
                changed: total.changed,
                added: total.added,
                removed: total.removed,
                moved: total.moved_in,
            },
            details: details(&total),
            between_counties: changed_only(details(&self.movers)),
            counties: by_name.iter().map(county).collect(),
        }
    }
}

fn columns(tally: &Tally, names: &Names<'_>) -> Vec<ColumnChange> {
    let named = names.columns.iter().enumerate().map(|(place, (column, is_protected))| {
        let Changes { changed, filled, emptied } = tally.columns.get(place).copied().unwrap_or_default();
        ColumnChange { column: column.clone(), is_protected: *is_protected, changed, filled, emptied }
    });
    named.collect()
}

fn changed_only(mut details: Details) -> Details {
    details.columns.retain(|column| column.changed > 0);
    details
}

/// Reasons that stand on few rows.
fn rare_reasons(total: &Tally) -> Vec<u32> {
    let mut rows: BTreeMap<u32, u64> = BTreeMap::new();
    for ((from, to), registrants) in &total.moves {
        for stand in [from, to].into_iter().flatten() {
            *rows.entry(stand.reason).or_default() += registrants;
        }
    }
    let is_rare = |(reason, rows): &(u32, u64)| *reason != NONE && *rows < WORD_ROWS_MIN;
    rows.into_iter().filter(is_rare).map(|(reason, _)| reason).collect()
}

fn flows(tally: &Tally, names: &Names<'_>, rare: &[u32]) -> Vec<Flow> {
    let standing = |stand: &Option<Stand>| {
        stand.map(|stand| Standing {
            status: names.statuses.word(stand.status).unwrap_or(terms::Status::Unknown.as_str()).to_owned(),
            reason: match rare.binary_search(&stand.reason) {
                Ok(_) => Some(OTHER_WORD.to_owned()),
                Err(_) => names.reasons.word(stand.reason).map(str::to_owned),
            },
        })
    };
    let mut sums: BTreeMap<(Option<Standing>, Option<Standing>), u64> = BTreeMap::new();
    for ((from, to), registrants) in &tally.moves {
        *sums.entry((standing(from), standing(to))).or_default() += registrants;
    }
    sums.into_iter().map(|((from, to), registrants)| Flow { from, to, registrants }).collect()
}
