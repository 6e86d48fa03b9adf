//! Digests of the delivered files, and the id of the snapshot.

use std::fs::File;
use std::io::Read;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use terms::Date;

use super::ImportError;
use super::delivery::{Delivered, Delivery};
use crate::digest;
use crate::layout::Layout;
use crate::manifest::FORMAT;
use crate::progress::Meter;

/// Size and SHA-256 of a file as delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileDigest {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// How much is read between two reports of progress.
const READ_BYTES: usize = 1024 * 1024;

/// The digests of all files, in their order.
pub(super) fn of_files(files: &[Delivered], meter: &Meter<'_>) -> Result<Vec<FileDigest>, ImportError> {
    let digests = files.iter().map(|file| of_file(file, meter)).collect::<Result<Vec<_>, _>>()?;
    let mut all: Vec<(&str, &str)> =
        digests.iter().zip(files).map(|(digest, file)| (digest.sha256.as_str(), file.name.as_str())).collect();
    all.sort_unstable();
    for pair in all.windows(2) {
        if let [(a, first), (b, second)] = pair
            && a == b
        {
            return Err(ImportError::SameFile { first: (*first).to_owned(), second: (*second).to_owned() });
        }
    }
    Ok(digests)
}

fn of_file(delivered: &Delivered, meter: &Meter<'_>) -> Result<FileDigest, ImportError> {
    let failed = |source| ImportError::Read { path: delivered.path.clone(), source };
    let mut file = File::open(&delivered.path).map_err(failed)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; READ_BYTES];
    let mut bytes = 0_u64;
    loop {
        let read = file.read(&mut buffer).map_err(failed)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
        meter.add(read);
    }
    Ok(FileDigest { bytes, sha256: HEXLOWER.encode(&hasher.finalize()) })
}

/// The id of the snapshot: layout, day, and twelve digits over everything that its content depends on.
pub(super) fn snapshot_id(delivery: &Delivery<'_>, digests: &[FileDigest], as_of: Date) -> String {
    let format = format!("format {FORMAT}");
    let layouts = delivery.layouts();
    let mut sources: Vec<&str> = digests.iter().map(|digest| digest.sha256.as_str()).collect();
    sources.sort_unstable();
    let lines =
        std::iter::once(format.as_str()).chain(layouts.iter().map(|layout| Layout::digest(layout))).chain(sources);
    let digits: String = digest::hex_of_lines(lines).chars().take(digest::SHORT).collect();
    format!("{}-{as_of}-{digits}", delivery.layout.id())
}
