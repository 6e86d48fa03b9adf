//! A delivered file to the text of its table.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::archive;
use crate::import::{ImportError, Packing};
use crate::layout::{Container, Layout};
use crate::progress::Meter;

/// How much is read between two reports of progress.
const READ_BYTES: usize = 4 * 1024 * 1024;

/// The text of one delivered file, and what the manifest says of it.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) member: Option<String>,
    /// Size as delivered.
    pub(crate) bytes: u64,
    /// Digest as delivered.
    pub(crate) sha256: String,
    pub(crate) content: Vec<u8>,
}

impl Source {
    /// Reads and digests a file; what is packed stays packed.
    pub(crate) fn read(path: &Path, meter: &Meter<'_>) -> Result<Self, ImportError> {
        let failed = |source| ImportError::Read { path: path.to_owned(), source };
        let mut file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let mut hasher = Sha256::new();
        loop {
            let before = content.len();
            let read = file.by_ref().take(READ_BYTES as u64).read_to_end(&mut content).map_err(failed)?;
            if read == 0 {
                break;
            }
            hasher.update(content.get(before..).unwrap_or_default());
            meter.add(read);
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let sha256 = HEXLOWER.encode(&hasher.finalize());
        Ok(Self { name, member: None, bytes: content.len() as u64, sha256, content })
    }

    /// Unpacks the file as its layout allows, and refuses what the layout does not name.
    pub(crate) fn unpack(&mut self, layout: &Layout) -> Result<(), ImportError> {
        if self.content.is_empty() {
            return Err(ImportError::Empty { file: self.name.clone() });
        }
        let packing = Packing::of(&self.content);
        let accepted = &layout.file().containers;
        let is_accepted = match packing {
            None => accepted.contains(&Container::Plain),
            Some(Packing::Zip) => accepted.contains(&Container::Zip),
            Some(_) => false,
        };
        if !is_accepted {
            let file = self.name.clone();
            return Err(ImportError::Packed { file, packing, layout: layout.id().to_owned() });
        }
        if packing == Some(Packing::Zip) {
            let unpacked = archive::unpack(&self.content);
            let (member, content) =
                unpacked.map_err(|problem| ImportError::Archive { file: self.name.clone(), problem })?;
            self.content = content;
            self.member = Some(member);
        }
        if self.content.is_empty() { Err(ImportError::Empty { file: self.name.clone() }) } else { Ok(()) }
    }
}
