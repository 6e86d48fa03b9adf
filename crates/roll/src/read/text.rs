//! The text of a table, in memory or on disk.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The bytes of one table. A large one stays on disk and is read piece by piece, so that memory does not grow with it.
#[derive(Debug)]
pub(crate) enum Text {
    /// All of it.
    Memory(Vec<u8>),
    /// A file that is read where it lies.
    Disk(OnDisk),
}

/// A file that is read in pieces.
#[derive(Debug)]
pub(crate) struct OnDisk {
    file: File,
    bytes: u64,
    changed: Option<SystemTime>,
    pub(crate) path: PathBuf,
}

impl Text {
    /// A file as it lies.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        let changed = metadata.modified().ok();
        Ok(Self::Disk(OnDisk { file, bytes: metadata.len(), changed, path: path.to_owned() }))
    }

    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Memory(content) => content.len() as u64,
            Self::Disk(disk) => disk.bytes,
        }
    }

    /// Appends a range of bytes. A range that reaches beyond the end is an error.
    pub(crate) fn read(&self, range: Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let length = usize::try_from(range.end.saturating_sub(range.start)).map_err(io::Error::other)?;
        match self {
            Self::Memory(content) => {
                let start = usize::try_from(range.start).map_err(io::Error::other)?;
                let piece = content.get(start..start.saturating_add(length));
                into.extend_from_slice(piece.ok_or(io::ErrorKind::UnexpectedEof)?);
                Ok(())
            }
            Self::Disk(disk) => {
                let before = into.len();
                into.resize(before + length, 0);
                disk.file.read_exact_at(into.get_mut(before..).unwrap_or_default(), range.start)
            }
        }
    }

    /// The first bytes, up to so many.
    pub(crate) fn head(&self, most: u64) -> io::Result<Vec<u8>> {
        let mut head = Vec::new();
        self.read(0..self.len().min(most), &mut head)?;
        Ok(head)
    }

    /// Whether the file is still the one that was opened, as far as its size and time tell.
    pub(crate) fn is_unchanged(&self) -> bool {
        let Self::Disk(disk) = self else { return true };
        std::fs::metadata(&disk.path).is_ok_and(|now| now.len() == disk.bytes && now.modified().ok() == disk.changed)
    }

    /// The first line end at or behind a place; the end of the text where there is none.
    pub(crate) fn line_end(&self, from: u64) -> io::Result<u64> {
        const STEP: u64 = 16 * 1024;
        let (mut at, end) = (from, self.len());
        let mut piece = Vec::new();
        while at < end {
            let next = at.saturating_add(STEP).min(end);
            piece.clear();
            self.read(at..next, &mut piece)?;
            if let Some(found) = memchr::memchr(b'\n', &piece) {
                return Ok(at + found as u64 + 1);
            }
            at = next;
        }
        Ok(end)
    }
}
