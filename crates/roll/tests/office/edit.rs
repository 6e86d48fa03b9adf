//! Bytes changed in some places.

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One change of some bytes at one place.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Flip(Index, u8),
    Cut(Index),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        match self {
            Self::Flip(at, with) => {
                let at = at.index(bytes.len());
                bytes[at] ^= with;
            }
            Self::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Self::Insert(at, piece) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, piece.iter().copied());
            }
            Self::Remove(from, to) => {
                let (a, b) = (from.index(bytes.len()), to.index(bytes.len()));
                bytes.drain(a.min(b)..a.max(b));
            }
        }
    }
}

/// Some changes.
pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let place = any::<Index>;
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..8),
        select(vec!["\n", "\r", "\"", "\"\"", ",", "\t", "\0", "[", "=", "'", "\u{feff}", "\u{e9}", "9999999999"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ];
    let edit = prop_oneof![
        4 => (place(), 1_u8..).prop_map(|(at, with)| Edit::Flip(at, with)),
        4 => (place(), piece).prop_map(|(at, piece)| Edit::Insert(at, piece)),
        2 => (place(), place()).prop_map(|(from, to)| Edit::Remove(from, to)),
        1 => place().prop_map(Edit::Cut),
    ];
    prop::collection::vec(edit, 1..6)
}

/// The bytes after these changes.
pub(crate) fn edited(text: impl AsRef<[u8]>, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = text.as_ref().to_vec();
    edits.iter().for_each(|edit| edit.apply(&mut bytes));
    bytes
}
