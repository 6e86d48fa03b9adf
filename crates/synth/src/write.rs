//! The files of a synthetic roll.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use roll::Layout;
use roll::layout::{Layouts, Role};

use crate::block::{BLOCK_WINDOWS, Block, Counts, Plan};
use crate::error::SynthError;
use crate::household::Population;
use crate::lookup::LookupSheet;
use crate::options::Options;
use crate::output::{Output, TableFiles};
use crate::profile::Profile;
use crate::sheet::Sheet;
use crate::window::windows;

/// Blocks made at a time: enough to keep some threads busy, few enough to hold twice in memory (about 25 MB each).
const BATCH_BLOCKS: u32 = 16;
/// The office's own record of protections: the header of `protections.csv`.
const PROTECTIONS_HEADER: &[u8] = b"voter_id,ground,since,until\n";

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What the roll holds.
    pub counts: Counts,
    /// Bytes of text in all files together, before packing.
    pub bytes: u64,
    /// The voter files: one, or one for each county with registrants.
    pub voters: Vec<PathBuf>,
    /// The history files, where the state has a table of its own for it.
    pub history: Vec<PathBuf>,
    /// The tables that the layouts join: districts of precincts, codes of elections.
    pub lookups: Vec<PathBuf>,
    /// Protected registrants: `voter_id,ground,since,until`, dates in ISO form, `until` exclusive and often empty.
    pub protections: PathBuf,
    /// Tokens of the canaries, one a line.
    pub canaries: PathBuf,
}

/// Writes a synthetic roll into a folder, in the layout's own bytes.
///
/// * `layouts`: where the layouts of the tables are found that belong to `voters`.
/// * `voters`: the layout of the voter files.
/// * The folder is made if it is missing. Files appear under their own names only when they are whole.
/// * Same layout, same options, same bytes, whatever the number of threads.
///
/// # Errors
///
/// [`SynthError`] for a state without a profile, a layout that is not one of a voter file or misses another one, a table
/// that is published as a workbook, options out of bounds, a file that exists already, and whatever the system says on
/// writing.
pub fn write(layouts: &Layouts, voters: &Layout, folder: &Path, options: &Options) -> Result<Summary, SynthError> {
    options.check()?;
    let jurisdiction = voters.jurisdiction();
    let profile = Profile::of(jurisdiction).ok_or_else(|| SynthError::no_profile(jurisdiction))?;
    if voters.role() != Role::Voter {
        return Err(SynthError::NotVoters { id: voters.id().to_owned() });
    }
    let history = voters.history().file.as_ref().map(|id| other(layouts, voters, id)).transpose()?;
    let population = Population::new(profile, options.as_of);
    let plan = Plan {
        population: &population,
        voters: Sheet::new(voters, &population),
        history: history.map(|layout| Sheet::new(layout, &population)),
        options,
    };
    let lookups = lookups(layouts, &plan)?;
    fs::create_dir_all(folder).map_err(SynthError::at(folder))?;
    let [voters_name, history_name] = profile.files;
    let mut outputs = Outputs {
        voters: TableFiles::new(folder, voters_name, voters, &plan.voters)?,
        history: match &plan.history {
            Some(sheet) => Some(TableFiles::new(folder, history_name, sheet.layout, sheet)?),
            None => None,
        },
        lookups: lookups
            .iter()
            .map(|lookup| TableFiles::new(folder, "", lookup.sheet.layout, &lookup.sheet))
            .collect::<Result<_, _>>()?,
        protections: Output::plain(folder.join("protections.csv"))?,
        canaries: Output::plain(folder.join("canaries.txt"))?,
        counts: Counts::default(),
    };
    outputs.protections.write(PROTECTIONS_HEADER)?;
    write_blocks(&plan, &mut outputs)?;
    outputs.write_lookups(&lookups)?;
    outputs.finish()
}

/// A layout that another one needs.
fn other<'a>(layouts: &'a Layouts, layout: &Layout, id: &str) -> Result<&'a Layout, SynthError> {
    layouts.get(id).ok_or_else(|| SynthError::NoOther { id: layout.id().to_owned(), other: id.to_owned() })
}

/// The tables that voter and history layouts join.
fn lookups<'a>(layouts: &'a Layouts, plan: &Plan<'a>) -> Result<Vec<LookupSheet<'a>>, SynthError> {
    let mut sheets: Vec<LookupSheet<'a>> = Vec::new();
    for sheet in std::iter::once(&plan.voters).chain(&plan.history) {
        let is_new = |sheets: &[LookupSheet<'_>], id: &str| !sheets.iter().any(|known| known.sheet.layout.id() == id);
        for lookup in sheet.layout.lookups() {
            if is_new(&sheets, &lookup.layout) {
                let layout = other(layouts, sheet.layout, &lookup.layout)?;
                sheets.push(LookupSheet::of_precincts(layout, lookup, sheet));
            }
        }
        if let Some(id) = sheet.layout.history().elections.as_ref().filter(|id| is_new(&sheets, id)) {
            sheets.push(LookupSheet::of_elections(other(layouts, sheet.layout, id)?, sheet));
        }
    }
    Ok(sheets)
}

/// Makes blocks in parallel and writes them in order; one batch is written while the next is made.
fn write_blocks(plan: &Plan<'_>, outputs: &mut Outputs) -> Result<(), SynthError> {
    let blocks = u32::try_from(windows(plan.options.rows).div_ceil(BLOCK_WINDOWS)).unwrap_or(u32::MAX);
    let (mut ready, mut next) = (Vec::new(), Vec::new());
    for start in (0..blocks).step_by(usize::try_from(BATCH_BLOCKS).unwrap_or(1)) {
        let count = usize::try_from(BATCH_BLOCKS.min(blocks - start)).unwrap_or(0);
        next.resize_with(count, Block::default);
        let fill = || {
            let numbered = next.par_iter_mut().zip(start..blocks);
            numbered.for_each(|(block, number)| block.fill(plan, u64::from(number)));
        };
        let (written, ()) = rayon::join(|| outputs.write(&ready), fill);
        written?;
        std::mem::swap(&mut ready, &mut next);
    }
    outputs.write(&ready)
}

/// All files of a roll.
struct Outputs {
    voters: TableFiles,
    history: Option<TableFiles>,
    lookups: Vec<TableFiles>,
    protections: Output,
    canaries: Output,
    counts: Counts,
}

impl Outputs {
    fn write(&mut self, blocks: &[Block]) -> Result<(), SynthError> {
        for block in blocks {
            for (part, bytes) in block.voters.iter().enumerate() {
                self.voters.write(part, bytes)?;
            }
            for (part, bytes) in block.history.iter().enumerate() {
                self.history.as_mut().map_or(Ok(()), |history| history.write(part, bytes))?;
            }
            self.protections.write(&block.protections)?;
            self.canaries.write(&block.canaries)?;
            self.counts.add(&block.counts);
        }
        Ok(())
    }

    fn write_lookups(&mut self, lookups: &[LookupSheet<'_>]) -> Result<(), SynthError> {
        let mut rows = Vec::new();
        for (files, lookup) in self.lookups.iter_mut().zip(lookups) {
            for county in lookup.sheet.population.places.counties() {
                rows.clear();
                lookup.write_county(county, &mut rows);
                files.write(lookup.sheet.part_of(county), &rows)?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<Summary, SynthError> {
        let (history, history_bytes) = self.history.map(TableFiles::finish).transpose()?.unwrap_or_default();
        let (mut lookups, mut bytes) = (Vec::new(), history_bytes);
        for files in self.lookups {
            let (paths, lookup_bytes) = files.finish()?;
            lookups.extend(paths);
            bytes += lookup_bytes;
        }
        let (voters, voters_bytes) = self.voters.finish()?;
        let (protections, canaries) = (self.protections.finish()?, self.canaries.finish()?);
        bytes += voters_bytes + protections.1 + canaries.1;
        let (protections, canaries) = (protections.0, canaries.0);
        Ok(Summary { counts: self.counts, bytes, voters, history, lookups, protections, canaries })
    }
}
