//! SHA-256 in hex.

use std::io::{self, Read};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// SHA-256 of some bytes, in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// SHA-256 in hex and length of everything that a reader gives.
pub(crate) fn hex_of_reader(reader: &mut impl Read) -> io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; READ_BYTES];
    let mut bytes = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok((HEXLOWER.encode(&hasher.finalize()), bytes)),
            Ok(read) => {
                hasher.update(buffer.get(..read).unwrap_or_default());
                bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// How much of a reader is held in memory.
const READ_BYTES: usize = 1024 * 1024;

/// SHA-256 over several texts, each closed by a line feed, in hex.
pub(crate) fn hex_of_lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for line in lines {
        hasher.update(line);
        hasher.update(b"\n");
    }
    HEXLOWER.encode(&hasher.finalize())
}

/// Hex digits of a shortened digest; enough to tell files of one office apart.
pub(crate) const SHORT: usize = 12;
