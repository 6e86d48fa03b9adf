//! The files of a synthetic roll.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use roll::layout::{Packing, Role};
use roll::{Layout, Staging};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::block::{BLOCK_WINDOWS, Block, Counts, Plan};
use crate::deferred::{Deferred, Failure};
use crate::error::SynthError;
use crate::household::Population;
use crate::options::Options;
use crate::profile::Profile;
use crate::sheet::Sheet;
use crate::window::windows;

/// Blocks made at a time: enough to keep some threads busy, few enough to hold twice in memory (about 25 MB each).
const BATCH_BLOCKS: u32 = 16;
/// Bytes that a UTF-8 file with a byte order mark begins with.
const MARK: &[u8] = "\u{feff}".as_bytes();
/// The office's own record of protections: the header of `protections.csv`.
const PROTECTIONS_HEADER: &[u8] = b"voter_id,ground,since,until\n";

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// What the roll holds.
    pub counts: Counts,
    /// Bytes of text in all files together, before packing.
    pub bytes: u64,
    /// The voter file.
    pub voters: PathBuf,
    /// The history file, where the state has one.
    pub history: Option<PathBuf>,
    /// Protected registrants: `voter_id,ground,since,until`, dates in ISO form, `until` exclusive and often empty.
    pub protections: PathBuf,
    /// Tokens of the canaries, one a line.
    pub canaries: PathBuf,
}

/// Writes a synthetic roll into a folder, in the layout's own bytes.
///
/// * `voters`: the layout of the voter file; `history`: that of the history file, if `voters` names one.
/// * The folder is made if it is missing. Files appear under their own names only when they are whole.
/// * Same layout, same options, same bytes, whatever the number of threads.
///
/// # Errors
///
/// [`SynthError`] for a state without a profile, layouts that do not belong together, options out of bounds, a file
/// that exists already, and whatever the system says on writing.
pub fn write(
    voters: &Layout,
    history: Option<&Layout>,
    folder: &Path,
    options: &Options,
) -> Result<Summary, SynthError> {
    options.check()?;
    let jurisdiction = voters.jurisdiction();
    let profile = Profile::of(jurisdiction).ok_or(SynthError::NoProfile { jurisdiction })?;
    let history = history_of(voters, history)?;
    let population = Population::new(profile, options.as_of);
    let plan = Plan {
        population: &population,
        voters: Sheet::new(voters, &population),
        history: history.map(|layout| Sheet::new(layout, &population)),
        options,
    };
    fs::create_dir_all(folder).map_err(SynthError::at(folder))?;
    let [voters_name, history_name] = profile.files;
    let mut outputs = Outputs {
        voters: Output::new(folder, voters_name, voters, &plan.voters)?,
        history: match (history, &plan.history) {
            (Some(layout), Some(sheet)) => Some(Output::new(folder, history_name, layout, sheet)?),
            _ => None,
        },
        protections: Output::plain(folder.join("protections.csv"))?,
        canaries: Output::plain(folder.join("canaries.txt"))?,
        counts: Counts::default(),
    };
    outputs.protections.write(PROTECTIONS_HEADER)?;
    write_blocks(&plan, &mut outputs)?;
    outputs.finish()
}

/// The history layout, if it is the one that the voter layout names.
fn history_of<'a>(voters: &Layout, history: Option<&'a Layout>) -> Result<Option<&'a Layout>, SynthError> {
    if voters.role() != Role::Voter {
        return Err(SynthError::NotVoters { id: voters.id().to_owned() });
    }
    let Some(id) = &voters.history().file else { return Ok(None) };
    match history.filter(|layout| layout.id() == id) {
        Some(layout) => Ok(Some(layout)),
        None => Err(SynthError::NoHistory { id: voters.id().to_owned(), history: id.clone() }),
    }
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
    voters: Output,
    history: Option<Output>,
    protections: Output,
    canaries: Output,
    counts: Counts,
}

impl Outputs {
    fn write(&mut self, blocks: &[Block]) -> Result<(), SynthError> {
        for block in blocks {
            self.voters.write(&block.voters)?;
            if let Some(history) = &mut self.history {
                history.write(&block.history)?;
            }
            self.protections.write(&block.protections)?;
            self.canaries.write(&block.canaries)?;
            self.counts.add(&block.counts);
        }
        Ok(())
    }

    fn finish(self) -> Result<Summary, SynthError> {
        let history = self.history.map(Output::finish).transpose()?;
        let (voters, protections, canaries) =
            (self.voters.finish()?, self.protections.finish()?, self.canaries.finish()?);
        let bytes = [&voters, &protections, &canaries].into_iter().chain(&history).map(|(_, bytes)| bytes).sum();
        Ok(Summary {
            counts: self.counts,
            bytes,
            voters: voters.0,
            history: history.map(|(path, _)| path),
            protections: protections.0,
            canaries: canaries.0,
        })
    }
}

/// One file, which has its name only when it is whole.
struct Output {
    path: PathBuf,
    partial: Partial,
    sink: Sink,
    bytes: u64,
}

enum Sink {
    Plain(BufWriter<File>),
    Zip(Box<ZipWriter<Deferred<BufWriter<File>>>>, Failure),
}

impl Output {
    /// A data file as its layout publishes it, with its header.
    fn new(folder: &Path, name: &str, layout: &Layout, sheet: &Sheet<'_>) -> Result<Self, SynthError> {
        let is_zipped = layout.file().packing == Packing::Zip;
        let inner = format!("{name}.{}", if layout.file().delimiter() == Some(b',') { "csv" } else { "txt" });
        let mut output = if is_zipped {
            Self::zipped(folder.join(format!("{name}.zip")), &inner)?
        } else {
            Self::plain(folder.join(inner))?
        };
        let mut head = Vec::new();
        if layout.file().has_mark {
            head.extend_from_slice(MARK);
        }
        sheet.write_header(&mut head);
        output.write(&head)?;
        Ok(output)
    }

    fn plain(path: PathBuf) -> Result<Self, SynthError> {
        let (partial, file) = create(&path)?;
        Ok(Self { path, partial, sink: Sink::Plain(BufWriter::new(file)), bytes: 0 })
    }

    fn zipped(path: PathBuf, inner: &str) -> Result<Self, SynthError> {
        let (partial, file) = create(&path)?;
        let (file, failure) = Deferred::new(BufWriter::new(file));
        let mut archive = ZipWriter::new(file);
        // The level is the fastest: such a file is read once. The time is fixed: the bytes must not tell the clock.
        let member = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .last_modified_time(zip::DateTime::default())
            .large_file(true);
        archive.start_file(inner, member).map_err(io::Error::from).map_err(SynthError::at(&path))?;
        Ok(Self { path, partial, sink: Sink::Zip(Box::new(archive), failure), bytes: 0 })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SynthError> {
        let written = match &mut self.sink {
            Sink::Plain(file) => file.write_all(bytes),
            Sink::Zip(archive, failure) => archive.write_all(bytes).and_then(|()| failure.take()),
        };
        written.map_err(SynthError::at(&self.path))?;
        self.bytes += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(())
    }

    fn finish(self) -> Result<(PathBuf, u64), SynthError> {
        let flushed = match self.sink {
            Sink::Plain(mut file) => file.flush(),
            Sink::Zip(archive, failure) => {
                let finished = archive.finish().map_err(io::Error::from).and_then(|mut file| file.flush());
                finished.and_then(|()| failure.take())
            }
        };
        flushed.and_then(|()| fs::rename(&self.partial.0, &self.path)).map_err(SynthError::at(&self.path))?;
        Ok((self.path, self.bytes))
    }
}

/// A file that is not whole yet; it goes away unless it is renamed.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // After a rename there is nothing to remove; after a failure there is nothing better to do.
        let _ = fs::remove_file(&self.0);
    }
}

/// Opens the file that a finished one will be named after; the finished one may not exist.
fn create(path: &Path) -> Result<(Partial, File), SynthError> {
    if path.exists() {
        return Err(SynthError::Exists { path: Staging::shown(path) });
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Partial(PathBuf::from(partial));
    let file = File::create(&partial.0).map_err(SynthError::at(path))?;
    Ok((partial, file))
}
