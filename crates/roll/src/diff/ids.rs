//! Which row of one snapshot is which row of the other.

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use super::error::DiffError;
use super::side::Side;
use crate::cells::Cells;
use crate::words::Words;

/// A row without a partner in the other snapshot.
pub(super) const ALONE: u32 = u32::MAX;

/// LIMIT: rows of both snapshots that are matched at one time; 24 bytes each. Larger rolls are matched in several
/// passes, each over the numbers that fall to it by their digest, so that memory does not grow with the roll.
const PASS_ROWS: usize = 8 * 1024 * 1024;

/// A voter number as two numbers that are the same exactly when the voter numbers are.
///
/// Up to 15 bytes stand as they are; of a longer one stand 15 bytes of its SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct IdKey([u64; 2]);

impl IdKey {
    fn new(id: &[u8]) -> Self {
        const LONG: u8 = u8::MAX;
        let mut bytes = [0_u8; 16];
        let [room @ .., kind] = &mut bytes;
        match (room.get_mut(..id.len()), u8::try_from(id.len())) {
            (Some(room), Ok(length)) => {
                room.copy_from_slice(id);
                *kind = length;
            }
            _ => {
                room.iter_mut().zip(Sha256::digest(id)).for_each(|(byte, digest)| *byte = digest);
                *kind = LONG;
            }
        }
        let (words, _) = bytes.as_chunks::<8>();
        let mut key = [0_u64; 2];
        key.iter_mut().zip(words).for_each(|(number, word)| *number = u64::from_be_bytes(*word));
        Self(key)
    }

    /// The pass that it falls to.
    fn pass(self, passes: usize) -> usize {
        const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
        let [high, low] = self.0;
        let mixed = (high.wrapping_mul(ODD) ^ low).wrapping_mul(ODD) >> 32;
        // LIMIT: there are a handful of passes.
        usize::try_from(mixed).unwrap_or(0) % passes.max(1)
    }
}

/// A row to be matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    id: IdKey,
    county: u32,
    row: u32,
}

/// Which row of one snapshot is which row of the other.
#[derive(Debug)]
pub(super) struct Matching {
    /// For each row of the first snapshot its row in the second one, or [`ALONE`].
    pub(super) partners: Vec<u32>,
    /// For each row of the second snapshot whether it is some row's partner.
    pub(super) is_partner: Vec<bool>,
}

impl Matching {
    /// Matches rows by voter number.
    ///
    /// A number that stands once on both sides is one registrant, whatever the county. Rows of a number that is
    /// repeated are matched within their county first, in order of occurrence; what is left over of them, in order of
    /// occurrence too. `county` is the column that tells the county, if both have one.
    pub(super) fn new(
        (before, after): (&Side<'_>, &Side<'_>),
        county: Option<&str>,
        counties: &mut Words,
    ) -> Result<Self, DiffError> {
        Self::in_passes((before, after), county, counties, PASS_ROWS)
    }

    pub(super) fn in_passes(
        (before, after): (&Side<'_>, &Side<'_>),
        county: Option<&str>,
        counties: &mut Words,
        pass_rows: usize,
    ) -> Result<Self, DiffError> {
        let (rows_before, rows_after) = (before.rows() as usize, after.rows() as usize);
        let mut matching = Self { partners: vec![ALONE; rows_before], is_partner: vec![false; rows_after] };
        let passes = (rows_before + rows_after).div_ceil(pass_rows.max(1)).max(1);
        for pass in 0..passes {
            let one = entries(before, county, counties, (pass, passes))?;
            let other = entries(after, county, counties, (pass, passes))?;
            matching.pair_all(&one, &other);
        }
        Ok(matching)
    }

    /// Both sorted.
    fn pair_all(&mut self, before: &[Entry], after: &[Entry]) {
        let mut groups = after.chunk_by(|a, b| a.id == b.id).peekable();
        for group in before.chunk_by(|a, b| a.id == b.id) {
            let Some(first) = group.first() else { continue };
            let is_less = |other: &&[Entry]| other.first().is_some_and(|other| other.id < first.id);
            while groups.next_if(is_less).is_some() {}
            let is_same = |other: &&[Entry]| other.first().is_some_and(|other| other.id == first.id);
            match (group, groups.next_if(is_same)) {
                ([one], Some([other])) => self.pair(one, other),
                (group, Some(other)) => self.pair_repeated(group, other),
                (_, None) => {}
            }
        }
    }

    /// Rows of one number, sorted by county and row.
    fn pair_repeated(&mut self, before: &[Entry], after: &[Entry]) {
        let (mut left_before, mut left_after): (Vec<&Entry>, Vec<&Entry>) = (Vec::new(), Vec::new());
        let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
        while let (Some(one), Some(other)) = (before.peek(), after.peek()) {
            match one.county.cmp(&other.county) {
                std::cmp::Ordering::Less => left_before.extend(before.next()),
                std::cmp::Ordering::Greater => left_after.extend(after.next()),
                std::cmp::Ordering::Equal => {
                    self.pair(one, other);
                    before.next();
                    after.next();
                }
            }
        }
        left_before.extend(before);
        left_after.extend(after);
        left_before.sort_unstable_by_key(|entry| entry.row);
        left_after.sort_unstable_by_key(|entry| entry.row);
        left_before.iter().zip(&left_after).for_each(|(one, other)| self.pair(one, other));
    }

    fn pair(&mut self, before: &Entry, after: &Entry) {
        let places = (self.partners.get_mut(before.row as usize), self.is_partner.get_mut(after.row as usize));
        if let (Some(partner), Some(is_partner)) = places {
            *partner = after.row;
            *is_partner = true;
        }
    }
}

/// The rows of a snapshot that fall to a pass, sorted by number, county and row.
fn entries(
    side: &Side<'_>,
    county: Option<&str>,
    counties: &mut Words,
    (pass, passes): (usize, usize),
) -> Result<Vec<Entry>, DiffError> {
    let read = |part: usize| {
        let ids = side.column(part, "voter_id")?;
        let county = county.map(|county| side.column(part, county)).transpose()?;
        let cells = Cells::new(&ids);
        let key = |row: usize| IdKey::new(cells.text(row).unwrap_or_default().as_bytes());
        let keys = (0_u32..).zip((0..cells.len()).map(key)).filter(|(_, id)| passes == 1 || id.pass(passes) == pass);
        Ok::<_, DiffError>((part, keys.collect::<Vec<_>>(), county))
    };
    let parts = side.parts().into_par_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut entries = Vec::with_capacity(parts.iter().map(|(_, keys, _)| keys.len()).sum());
    // One part after the other, so that counties get the same numbers whatever the number of threads.
    for (part, keys, county) in parts {
        let numbers = county.map(|array| counties.numbers(Cells::new(&array))).unwrap_or_default();
        let first = side.rows_of(part).start;
        entries.extend(keys.into_iter().map(|(row, id)| {
            let county = numbers.get(row as usize).copied().unwrap_or(crate::words::NONE);
            Entry { id, county, row: first.saturating_add(row) }
        }));
    }
    entries.par_sort_unstable();
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_tell_numbers_apart() {
        let ids = ["", "0", "00", "1", "123456789012345", "1234567890123456", "NY00000000000000000001", "\u{ff}"];
        for (place, one) in ids.iter().enumerate() {
            for (other_place, other) in ids.iter().enumerate() {
                let same = IdKey::new(one.as_bytes()) == IdKey::new(other.as_bytes());
                assert_eq!(same, place == other_place, "{one} {other}");
            }
        }
    }

    fn matched(before: &[(u64, u32)], after: &[(u64, u32)]) -> Vec<u32> {
        let entries = |rows: &[(u64, u32)]| {
            let mut entries: Vec<Entry> = (0..)
                .zip(rows)
                .map(|(row, (id, county))| Entry { id: IdKey([0, *id]), county: *county, row })
                .collect();
            entries.sort_unstable();
            entries
        };
        let mut matching = Matching { partners: vec![ALONE; before.len()], is_partner: vec![false; after.len()] };
        matching.pair_all(&entries(before), &entries(after));
        let mut partners: Vec<u32> = matching.partners.iter().copied().filter(|row| *row != ALONE).collect();
        partners.sort_unstable();
        let told = (0..).zip(&matching.is_partner).filter(|(_, is_partner)| **is_partner).map(|(row, _)| row);
        assert_eq!(told.collect::<Vec<u32>>(), partners, "each is the partner of one row");
        matching.partners
    }

    #[test]
    fn one_number_is_one_registrant_whatever_the_county() {
        assert_eq!(matched(&[(1, 1), (2, 1), (3, 2)], &[(2, 1), (3, 1), (4, 2)]), [ALONE, 0, 1]);
    }

    #[test]
    fn repeated_numbers_are_matched_within_the_county_first() {
        // A new row of the number in an earlier county does not shift the others.
        assert_eq!(matched(&[(7, 2), (7, 3)], &[(7, 1), (7, 2), (7, 3)]), [1, 2]);
        assert_eq!(matched(&[(7, 1), (7, 1)], &[(7, 1)]), [0, ALONE]);
        // What is left over is matched across counties, in order.
        assert_eq!(matched(&[(7, 1), (7, 2), (7, 4)], &[(7, 2), (7, 3), (7, 5)]), [1, 0, 2]);
    }

    #[test]
    fn many_rows_of_one_number_take_no_longer_than_others() {
        let rows: Vec<(u64, u32)> = (0..200_000).map(|row| (7, row % 1000)).collect();
        let partners = matched(&rows, &rows);
        assert!(partners.iter().zip(0..).all(|(partner, row)| *partner == row));
    }
}
