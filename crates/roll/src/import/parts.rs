//! The second pass: sorted rows to parts on disk.

use std::path::Path;

use arrow_array::RecordBatch;
use rayon::prelude::*;

use super::check::Checked;
use super::delivery::Delivery;
use super::matching::{Matched, MatchedRow, matching};
use super::tables::{Joined, Plans};
use super::{ImportError, ImportRequest, quarantine, write};
use crate::manifest::{Counts, OutputFile, Part, names};
use crate::progress::Meter;
use crate::read::scan::RowRef;
use crate::read::sort::Merge;
use crate::schema::Table;
use crate::table::elections::Elections;
use crate::vault::{Compartment, Sealed, Sealer, Vault};

/// What was written, for the manifest.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) counts: Counts,
    pub(super) voter_columns: Vec<String>,
    pub(super) participation_columns: Vec<String>,
    pub(super) parts: Vec<Part>,
    pub(super) files: Vec<OutputFile>,
    /// Rows stored, per table.
    pub(super) stored: Vec<u64>,
    /// What the files hold, and the keys that they are encrypted under.
    pub(super) sealed: Sealed,
    elections: Elections,
}

/// Writes every file of a snapshot but its manifest.
pub(super) fn write(
    delivery: &Delivery<'_>,
    checked: &Checked,
    request: &ImportRequest<'_>,
    (folder, spool): (&Path, &Path),
    (vault, id): (&mut Vault, &str),
    meter: &Meter<'_>,
) -> Result<Written, ImportError> {
    let spooled = |error| ImportError::write(spool)(error);
    let joined = Joined::read(delivery)?;
    let plans = Plans::new(delivery, &joined, request.as_of);
    let keys = vault.ensure(delivery.layout.jurisdiction(), compartments(&plans), id)?;
    let sealer = Sealer::new(id, keys);
    let matched = matching(&checked.voters, &checked.history, spool, request.run_bytes).map_err(spooled)?;
    let mut written = Written {
        voter_columns: plans.voters.names(),
        participation_columns: plans.participations.names(),
        stored: vec![0; delivery.tables.len()],
        ..Written::default()
    };
    written.counts.voters_repeated = matched.repeated;
    let writer = Writer { plans: &plans, folder, sealer: &sealer, meter, tables: delivery.tables.len() };
    let mut jobs = Jobs::new(checked, &matched, request.part_rows).map_err(spooled)?;
    // Each thread takes a part when it is free: memory does not grow with the roll.
    let next = std::iter::from_fn(|| jobs.next().map_err(spooled).transpose());
    let mut done = next.par_bridge().map(|job| writer.write(&job?)).collect::<Result<Vec<PartDone>, _>>()?;
    done.sort_unstable_by_key(|part| part.number);
    done.into_iter().for_each(|part| written.add(part));
    if plans.has_history {
        writer.write_unmatched(&matched, request.part_rows, &mut written)?;
    }
    let path = folder.join(names::ELECTIONS);
    let batch = written.elections.batch().map_err(ImportError::write(&path))?;
    written.files.push(write::parquet(&path, &batch, &sealer)?);
    let path = folder.join(names::QUARANTINE);
    written.files.push(quarantine::write(&path, delivery, &checked.tables, &sealer)?);
    written.files.sort();
    written.counts.elections = written.elections.len() as u64;
    written.counts.quarantined = checked.tables.iter().map(|scanned| scanned.broken.len() as u64).sum();
    written.sealed = sealer.finish();
    Ok(written)
}

/// Every compartment that a snapshot of these tables can have. All canonical ones are among them, so that the keys of a
/// jurisdiction are made once, whatever its layouts fill.
fn compartments(plans: &Plans<'_>) -> impl Iterator<Item = Compartment> {
    let own = |table, names: Vec<String>| names.into_iter().map(move |name| Compartment::of(table, &name));
    Compartment::canonical()
        .chain([Compartment::Roll, Compartment::Quarantine])
        .chain(own(Table::Voter, plans.voters.names()))
        .chain(own(Table::Participation, plans.participations.names()))
}

impl Written {
    fn add(&mut self, part: PartDone) {
        self.counts.voters += part.part.voters;
        self.counts.participations += part.part.participations;
        self.counts.participations_repeated += part.repeated;
        self.parts.push(part.part);
        self.files.extend(part.files);
        self.stored.iter_mut().zip(part.stored).for_each(|(sum, rows)| *sum += rows);
        self.elections.merge(part.elections);
    }
}

/// Counts rows by table.
fn count<'a>(rows: impl IntoIterator<Item = &'a RowRef>, stored: &mut [u64]) {
    for row in rows {
        if let Some(count) = stored.get_mut(row.source as usize) {
            *count += 1;
        }
    }
}

/// The rows of one part.
struct Job {
    number: usize,
    rows: Vec<RowRef>,
    /// History rows with their registrant's row in this part.
    history: Vec<RowRef>,
    places: Vec<u32>,
}

/// Cuts sorted rows into parts, each with the history of its registrants.
struct Jobs<'a> {
    voters: Merge<'a, RowRef>,
    history: Merge<'a, MatchedRow>,
    ahead: Option<MatchedRow>,
    part_rows: usize,
    number: usize,
    /// Place of the next registrant among all.
    first: u64,
}

impl<'a> Jobs<'a> {
    fn new(checked: &'a Checked, matched: &'a Matched, part_rows: usize) -> std::io::Result<Self> {
        let (voters, mut history) = (checked.voters.iter()?, matched.history.iter()?);
        let ahead = history.next().transpose()?;
        Ok(Self { voters, history, ahead, part_rows: part_rows.max(1), number: 0, first: 0 })
    }

    fn next(&mut self) -> std::io::Result<Option<Job>> {
        let rows = self.voters.by_ref().take(self.part_rows).collect::<std::io::Result<Vec<RowRef>>>()?;
        if rows.is_empty() {
            return Ok(None);
        }
        let end = self.first + rows.len() as u64;
        let mut job = Job { number: self.number, rows, history: Vec::new(), places: Vec::new() };
        while let Some(matched) = self.ahead.filter(|matched| matched.place < end) {
            job.history.push(matched.row);
            // LIMIT: PART_ROWS.
            job.places.push(u32::try_from(matched.place - self.first).unwrap_or(u32::MAX));
            self.ahead = self.history.next().transpose()?;
        }
        self.number += 1;
        self.first = end;
        Ok(Some(job))
    }
}

/// One part on disk.
struct PartDone {
    number: usize,
    part: Part,
    repeated: u64,
    files: [OutputFile; 2],
    stored: Vec<u64>,
    elections: Elections,
}

struct Writer<'a> {
    plans: &'a Plans<'a>,
    folder: &'a Path,
    sealer: &'a Sealer,
    meter: &'a Meter<'a>,
    tables: usize,
}

impl Writer<'_> {
    fn write(&self, job: &Job) -> Result<PartDone, ImportError> {
        let (voters_name, participations_name) = (names::voters(job.number), names::participations(job.number));
        let (voters_path, participations_path) =
            (self.folder.join(&voters_name), self.folder.join(&participations_name));
        let mut made = self.plans.build_voters(&job.rows)?;
        let voters_file = write::parquet(&voters_path, &made.table, self.sealer)?;
        let mut stored = vec![0; self.tables];
        count(&job.rows, &mut stored);
        check_rows(&made.table, job.rows.len() as u64, &voters_name)?;
        let voters = job.rows.len() as u64;
        // The voters' memory is free before the participations take theirs.
        let (own, mut elections, mut repeated) = (made.participations.take(), made.elections, made.repeated);
        drop(made.table);
        let participations = match own {
            Some(own) => own,
            None => {
                let made = self.plans.build_history(&job.history, &job.places)?;
                (elections, repeated) = (made.elections, made.repeated);
                count(&job.history, &mut stored);
                made.participations.unwrap_or_else(|| RecordBatch::new_empty(arrow_schema::Schema::empty().into()))
            }
        };
        if self.plans.has_history && self.plans.is_one_each() {
            check_rows(&participations, job.history.len() as u64, &participations_name)?;
        }
        let participations_file = write::parquet(&participations_path, &participations, self.sealer)?;
        self.meter.add(job.rows.len() + job.history.len());
        Ok(PartDone {
            number: job.number,
            part: Part { voters, participations: participations.num_rows() as u64 },
            repeated,
            files: [voters_file, participations_file],
            stored,
            elections,
        })
    }

    /// Writes the history rows of nobody on the roll.
    fn write_unmatched(&self, matched: &Matched, chunk_rows: usize, written: &mut Written) -> Result<(), ImportError> {
        let path = self.folder.join(names::UNMATCHED);
        let mut rows = matched.unmatched.iter().map_err(ImportError::write(&path))?;
        let mut file: Option<write::ParquetFile<'_>> = None;
        loop {
            let chunk = rows.by_ref().take(chunk_rows.max(1)).collect::<std::io::Result<Vec<RowRef>>>();
            let chunk = chunk.map_err(ImportError::write(&path))?;
            if chunk.is_empty() && file.is_some() {
                break;
            }
            let made = self.plans.build_history(&chunk, if chunk.is_empty() { &[0] } else { &[] })?;
            written.elections.merge(made.elections);
            count(&chunk, &mut written.stored);
            written.counts.participations_unmatched += chunk.len() as u64;
            self.meter.add(chunk.len());
            if let Some(batch) = made.participations {
                match &mut file {
                    Some(file) => file.write(&batch)?,
                    None => file = Some(write::ParquetFile::create(&path, &batch, self.sealer)?),
                }
            }
        }
        if let Some(file) = file {
            written.files.push(file.finish()?);
        }
        Ok(())
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
