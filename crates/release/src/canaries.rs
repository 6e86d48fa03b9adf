//! Looking for canary tokens in finished files, in every encoding in which a leak could hide.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use aho_corasick::{AhoCorasick, BuildError};
use data_encoding::{BASE64, HEXLOWER};

/// Bytes of a needle that the fast search looks for. A list of tokens has few different beginnings, and a search for
/// few short patterns runs at the speed of memory; a hit is then compared in full.
const PREFIX_BYTES: usize = 4;

/// Bytes read at a time.
const BLOCK_BYTES: usize = 1 << 20;

/// A search for a list of tokens.
#[derive(Debug)]
pub(crate) struct CanarySearch {
    prefixes: AhoCorasick,
    needles: BTreeMap<Vec<u8>, Vec<Vec<u8>>>,
    longest: usize,
}

impl CanarySearch {
    /// Prepares the search for tokens in UTF-8, UTF-16 (both orders), hex and Base64.
    pub(crate) fn new(canaries: &BTreeSet<String>) -> Result<Self, BuildError> {
        let mut needles: BTreeMap<Vec<u8>, Vec<Vec<u8>>> = BTreeMap::new();
        let mut longest = 0;
        for needle in canaries.iter().flat_map(|canary| encodings(canary)) {
            longest = longest.max(needle.len());
            let prefix = needle.get(..PREFIX_BYTES).unwrap_or(&needle).to_vec();
            needles.entry(prefix).or_default().push(needle);
        }
        Ok(Self { prefixes: AhoCorasick::new(needles.keys())?, needles, longest })
    }

    /// The offset of the first token in a stream.
    pub(crate) fn find(&self, mut reader: impl Read) -> io::Result<Option<u64>> {
        let mut buffer: Vec<u8> = Vec::with_capacity(BLOCK_BYTES + self.longest);
        let mut offset = 0_u64;
        loop {
            let read = reader.by_ref().take(BLOCK_BYTES as u64).read_to_end(&mut buffer)?;
            if let Some(at) = self.find_in(&buffer) {
                return Ok(Some(offset + at as u64));
            }
            if read == 0 {
                return Ok(None);
            }
            // The end is kept, since a token may go on in the next block.
            let done = buffer.len().saturating_sub(self.longest);
            buffer.drain(..done);
            offset += done as u64;
        }
    }

    fn find_in(&self, bytes: &[u8]) -> Option<usize> {
        let mut start = 0;
        while let Some(hit) = bytes.get(start..).and_then(|rest| self.prefixes.find(rest)) {
            let at = start + hit.start();
            let rest = bytes.get(at..).unwrap_or_default();
            let prefix = bytes.get(at..start + hit.end()).unwrap_or_default();
            if self.needles.get(prefix).is_some_and(|needles| needles.iter().any(|needle| rest.starts_with(needle))) {
                return Some(at);
            }
            start = at + 1;
        }
        None
    }
}

/// A token in every encoding.
fn encodings(canary: &str) -> Vec<Vec<u8>> {
    let bytes = canary.as_bytes();
    let little = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big = canary.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let base64 = (0..3).map(|shift| base64_core(bytes, shift));
    [bytes.to_vec(), little, big, HEXLOWER.encode(bytes).into_bytes()].into_iter().chain(base64).collect()
}

/// The Base64 characters of `bytes` that do not depend on what stands around them, when `shift` bytes stand before.
fn base64_core(bytes: &[u8], shift: usize) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, shift).chain(bytes.iter().copied()).collect();
    let encoded = BASE64.encode(&padded).into_bytes();
    let start = (shift * 8).div_ceil(6);
    let end = padded.len() * 8 / 6;
    encoded.get(start..end).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "ZQXABCDEFGHIJ";

    fn found(bytes: &[u8]) -> Option<u64> {
        let search = CanarySearch::new(&BTreeSet::from([CANARY.to_owned(), "ZQXKLMNOPQRST".to_owned()])).unwrap();
        search.find(bytes).unwrap()
    }

    #[test]
    fn a_canary_is_found_in_every_encoding() {
        let text = format!("a,{CANARY},b");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(found(text.as_bytes()), Some(2));
        assert!(found(&utf16).is_some() && found(&utf16_big).is_some());
        assert_eq!(found(HEXLOWER.encode(text.as_bytes()).as_bytes()), Some(4));
        for before in ["", "a", "ab", "abc"] {
            for after in ["", "x", "xy", "xyz"] {
                let encoded = BASE64.encode(format!("{before}{CANARY}{after}").as_bytes());
                assert!(found(encoded.as_bytes()).is_some(), "{before}|{after}");
            }
        }
    }

    #[test]
    fn beginnings_alone_are_no_canary() {
        assert_eq!(found(b"ZQXA ZQXABCDEFGHI ZQZQXABC"), None);
        assert_eq!(found(format!("ZQX{CANARY}").as_bytes()), Some(3));
        assert_eq!(found(b""), None);
    }

    #[test]
    fn a_canary_across_two_blocks_is_found() {
        for shift in 0..CANARY.len() + 1 {
            let mut bytes = vec![b'x'; BLOCK_BYTES - shift];
            bytes.extend_from_slice(CANARY.as_bytes());
            bytes.extend_from_slice(&[b'y'; 40]);
            assert_eq!(found(&bytes), Some((BLOCK_BYTES - shift) as u64));
        }
    }
}
