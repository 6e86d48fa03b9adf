//! The second pass: sorted rows to parts on disk.

use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use rayon::prelude::*;

use super::delivery::{Checked, Delivery, Headers, splitter};
use super::matching::{Matched, Ordered};
use super::{ImportError, ImportRequest, quarantine, write};
use crate::layout::{Bound, Layout, LayoutColumn};
use crate::manifest::{Counts, OutputFile, Part, names};
use crate::progress::{Meter, Progress, Stage};
use crate::read::header::Header;
use crate::read::scan::RowRef;
use crate::read::source::Source;
use crate::schema::{FIELD_STATE, SOURCE_FILE, SOURCE_ROW, Table};
use crate::table::elections::Elections;
use crate::table::lines::Lines;
use crate::table::long::{self, ElectionPlan, LongBatch, LongTable, OWN_MATCHED, OWN_UNMATCHED};
use crate::table::plan::Outline;
use crate::table::states::States;
use crate::table::voters::{OwnSlots, SourcePlan, batch, chunks};
use crate::table::wide::{self, ElectionCells, WideParticipations};

/// Columns of the voter table that the reader fills by itself.
const OWN_VOTER: [&str; 3] = [FIELD_STATE, SOURCE_FILE, SOURCE_ROW];

/// What was written, for the manifest.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) counts: Counts,
    pub(super) voter_columns: Vec<String>,
    pub(super) participation_columns: Vec<String>,
    pub(super) parts: Vec<Part>,
    pub(super) files: Vec<OutputFile>,
    /// Rows stored, per file.
    pub(super) voters_stored: Vec<u64>,
    pub(super) history_stored: Vec<u64>,
}

/// Writes every file of a snapshot but its manifest.
pub(super) fn write(
    delivery: &Delivery<'_>,
    headers: &Headers<'_>,
    checked: &Checked,
    request: &ImportRequest<'_>,
    folder: &Path,
    progress: &dyn Progress,
) -> Result<Written, ImportError> {
    let ordered = Ordered::new(&checked.voters);
    let matched = ordered.join(&checked.history);
    let total = ordered.rows.len() + matched.rows.len() + matched.unmatched.len();
    let meter = Meter::new(progress, Stage::Writing, total as u64);
    let voters = VoterPlans::new(delivery, headers, request);
    let history = long_table(delivery, headers, request, &OWN_MATCHED);
    let writer = PartWriter { voters: &voters, history: history.as_ref(), folder, meter: &meter };
    let done: Vec<PartDone> = jobs(&ordered, &matched, request.part_rows)
        .into_par_iter()
        .map(|job| writer.write(&job))
        .collect::<Result<_, _>>()?;

    let participations = history.as_ref().map_or_else(wide::outline, |table| table.outline.clone());
    let mut written = Written {
        voter_columns: voters.outline.names(),
        participation_columns: participations.names(),
        voters_stored: vec![0; delivery.voters.len()],
        history_stored: vec![0; delivery.history.len()],
        ..Written::default()
    };
    written.counts.voters_repeated = ordered.repeated;
    let mut elections = voters.elections.clone();
    for part in done {
        written.add(part, &mut elections);
    }
    if let Some(table) = long_table(delivery, headers, request, &OWN_UNMATCHED) {
        let path = folder.join(names::UNMATCHED);
        let made = table.build(&matched.unmatched, &[]).map_err(ImportError::write(&path))?;
        written.files.push(write::parquet(&path, &made.batch)?);
        written.counts.participations_unmatched = count(&matched.unmatched, &mut written.history_stored);
        elections.merge(made.elections);
        meter.add(matched.unmatched.len());
    }
    let path = folder.join(names::ELECTIONS);
    let batch = elections.batch().map_err(ImportError::write(&path))?;
    written.files.push(write::parquet(&path, &batch)?);
    let path = folder.join(names::QUARANTINE);
    let lines =
        quarantine::csv(delivery, headers, (&checked.voters, &checked.history)).map_err(ImportError::write(&path))?;
    written.files.push(write::bytes(&path, &lines)?);
    written.files.sort();
    written.counts.elections = elections.len() as u64;
    let broken = checked.voters.iter().chain(&checked.history).map(|scanned| scanned.broken.len() as u64);
    written.counts.quarantined = broken.sum();
    Ok(written)
}

impl Written {
    fn add(&mut self, part: PartDone, elections: &mut Elections) {
        self.counts.voters += part.part.voters;
        self.counts.participations += part.part.participations;
        self.counts.participations_repeated += part.repeated;
        self.parts.push(part.part);
        self.files.extend(part.files);
        let add = |total: &mut [u64], stored: &[u64]| total.iter_mut().zip(stored).for_each(|(sum, rows)| *sum += rows);
        add(&mut self.voters_stored, &part.voters_stored);
        add(&mut self.history_stored, &part.history_stored);
        elections.merge(part.elections);
    }
}

/// Counts rows by file; returns how many there are.
fn count<'a>(rows: impl IntoIterator<Item = &'a RowRef>, stored: &mut [u64]) -> u64 {
    let mut total = 0;
    for row in rows {
        if let Some(count) = stored.get_mut(row.source as usize) {
            *count += 1;
            total += 1;
        }
    }
    total
}

/// The rows of one part.
struct Job<'a> {
    number: usize,
    /// Place of its first registrant among all.
    first: usize,
    rows: &'a [RowRef],
    history: &'a [(u32, RowRef)],
}

fn jobs<'a>(ordered: &'a Ordered, matched: &'a Matched, part_rows: usize) -> Vec<Job<'a>> {
    let mut rest = matched.rows.as_slice();
    let mut jobs = Vec::new();
    let mut first = 0;
    for (number, rows) in ordered.rows.chunks(part_rows.max(1)).enumerate() {
        let end = first + rows.len();
        let (history, after) = rest.split_at(rest.partition_point(|(place, _)| (*place as usize) < end));
        jobs.push(Job { number, first, rows, history });
        (rest, first) = (after, end);
    }
    jobs
}

/// One part on disk.
struct PartDone {
    part: Part,
    repeated: u64,
    files: [OutputFile; 2],
    voters_stored: Vec<u64>,
    history_stored: Vec<u64>,
    elections: Elections,
}

struct PartWriter<'a> {
    voters: &'a VoterPlans<'a>,
    history: Option<&'a LongTable<'a>>,
    folder: &'a Path,
    meter: &'a Meter<'a>,
}

impl PartWriter<'_> {
    fn write(&self, job: &Job<'_>) -> Result<PartDone, ImportError> {
        let (voters_name, participations_name) = (names::voters(job.number), names::participations(job.number));
        let (voters_path, participations_path) =
            (self.folder.join(&voters_name), self.folder.join(&participations_name));
        let (voters, from_columns) = self.voters.build(job.rows).map_err(ImportError::write(&voters_path))?;
        let voters_file = write::parquet(&voters_path, &voters)?;
        let mut voters_stored = vec![0; self.voters.plans.len()];
        let voters_count = count(job.rows, &mut voters_stored);
        check_rows(&voters, voters_count, &voters_name)?;
        // The voters' memory is free before the participations take theirs.
        drop(voters);

        let mut history_stored = vec![0; self.history.map_or(0, |table| table.plans.len())];
        let (participations, elections, repeated) = match self.history {
            None => (from_columns, Elections::default(), 0),
            Some(table) => {
                let made = self.build_history(table, job).map_err(ImportError::write(&participations_path))?;
                let rows = count(job.history.iter().map(|(_, row)| row), &mut history_stored);
                check_rows(&made.batch, rows, &participations_name)?;
                (made.batch, made.elections, repeated(job.history, &made.keys))
            }
        };
        let participations_file = write::parquet(&participations_path, &participations)?;
        self.meter.add(job.rows.len() + job.history.len());
        Ok(PartDone {
            part: Part { voters: voters_count, participations: participations.num_rows() as u64 },
            repeated,
            files: [voters_file, participations_file],
            voters_stored,
            history_stored,
            elections,
        })
    }

    fn build_history(&self, table: &LongTable<'_>, job: &Job<'_>) -> Result<LongBatch, ArrowError> {
        let rows: Vec<RowRef> = job.history.iter().map(|(_, row)| *row).collect();
        let first = u32::try_from(job.first).unwrap_or(u32::MAX);
        let positions: Vec<u32> = job.history.iter().map(|(place, _)| place.saturating_sub(first)).collect();
        table.build(&rows, &positions)
    }
}

/// The table must hold exactly the rows it was made of.
fn check_rows(batch: &RecordBatch, stored: u64, file: &str) -> Result<(), ImportError> {
    let read = batch.num_rows() as u64;
    if read == stored {
        Ok(())
    } else {
        Err(ImportError::Uneven { file: file.to_owned(), read, stored, quarantined: 0 })
    }
}

/// Rows whose registrant and election an earlier row has.
fn repeated(history: &[(u32, RowRef)], keys: &[i32]) -> u64 {
    let mut pairs: Vec<(u32, i32)> = history.iter().zip(keys).map(|((place, _), key)| (*place, *key)).collect();
    pairs.sort_unstable();
    let before = pairs.len();
    pairs.dedup();
    (before - pairs.len()) as u64
}

/// How voter files become the voter table.
struct VoterPlans<'a> {
    outline: Outline,
    plans: Vec<(SourcePlan<'a>, ElectionCells)>,
    /// Elections of wide files.
    elections: Elections,
}

impl<'a> VoterPlans<'a> {
    fn new(delivery: &'a Delivery<'a>, headers: &Headers<'a>, request: &ImportRequest<'_>) -> Self {
        let layout = delivery.layout;
        let jurisdiction = layout.jurisdiction();
        let outline = Outline::new(Table::Voter, &filled(layout, &headers.voters), &OWN_VOTER);
        let mut elections = Elections::default();
        for header in &headers.voters {
            elections.merge(wide::elections(jurisdiction, &header.binding));
        }
        let form = (splitter(layout), layout.file().encoding);
        let plan = |(source, header): (&'a Source, &Header<'a>)| {
            let plan = SourcePlan::new(source, header, form, &outline, &OWN_VOTER, request.as_of);
            (plan, wide::election_cells(jurisdiction, &header.binding, &elections))
        };
        let plans = delivery.voters.iter().zip(&headers.voters).map(plan).collect();
        Self { outline, plans, elections }
    }
}

/// The columns of a layout that at least one of the files has.
fn filled<'a>(layout: &'a Layout, headers: &[Header<'a>]) -> Vec<&'a LayoutColumn> {
    let has = |column: &LayoutColumn, header: &Header<'_>| {
        header.binding.columns.iter().any(|bound| matches!(bound, Bound::Column(here) if *here == column))
    };
    layout.columns().iter().filter(|column| headers.iter().any(|header| has(column, header))).collect()
}

impl VoterPlans<'_> {
    /// Makes the voter table of some sorted rows, and the participations that stand in their wide columns.
    fn build(&self, rows: &[RowRef]) -> Result<(RecordBatch, RecordBatch), ArrowError> {
        let mut columns = self.outline.builders(rows.len());
        let mut participations = WideParticipations::new(&self.elections);
        let own = OwnSlots::of(&self.outline);
        let mut states = States::new();
        let mut first = 0_u32;
        for chunk in chunks(rows) {
            let source = chunk.first().map_or(0, |row| row.source as usize);
            let Some((plan, cells)) = self.plans.get(source) else { continue };
            let mut lines = Lines::new(plan.splitter, plan.width);
            lines.load(chunk, &plan.source.content, plan.splitter, plan.encoding);
            plan.fill(&lines, chunk.len(), &mut columns, &mut states);
            own.fill(chunk, &plan.source.name, &mut columns, &mut states);
            participations.fill(&lines, cells, first);
            // LIMIT: PART_ROWS.
            first = first.saturating_add(u32::try_from(chunk.len()).unwrap_or(u32::MAX));
        }
        Ok((batch(&self.outline, columns)?, participations.finish()?))
    }
}

/// Plans the history files of a delivery; `None` when it has none.
fn long_table<'a>(
    delivery: &'a Delivery<'a>,
    headers: &Headers<'a>,
    request: &ImportRequest<'_>,
    own: &[&str],
) -> Option<LongTable<'a>> {
    let layout = delivery.history_layout.filter(|_| !delivery.history.is_empty())?;
    let outline = long::outline(filled(layout, &headers.history).into_iter(), own);
    let form = (splitter(layout), layout.file().encoding);
    let plan = |(source, header): (&'a Source, &Header<'a>)| {
        let election = ElectionPlan::new(layout, &header.binding)?;
        Some((SourcePlan::new(source, header, form, &outline, own, request.as_of), election))
    };
    let plans = delivery.history.iter().zip(&headers.history).filter_map(plan).collect();
    Some(LongTable { jurisdiction: layout.jurisdiction(), outline, plans })
}
