//! Zip archives with one data file.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::import::ArchiveProblem;

/// LIMIT: a delivery has one data file, a legend, a count file and their shadows; a thousand entries are no delivery.
pub(crate) const MEMBERS_MAX: usize = 1000;

/// LIMIT: published voter files shrink to about a ninth (4.26 GB in 478 MB); a hundredfold is no text of people.
pub(crate) const RATIO_MAX: u64 = 100;

/// Below this size the ratio is not looked at: short generated files repeat themselves.
pub(crate) const RATIO_FREE_BYTES: u64 = 16 * 1024 * 1024;

/// Unpacks the one data file of an archive: its name and its bytes.
pub(crate) fn unpack(archive: &[u8]) -> Result<(String, Vec<u8>), ArchiveProblem> {
    let mut zip = ZipArchive::new(Cursor::new(archive)).map_err(ArchiveProblem::Broken)?;
    if zip.len() > MEMBERS_MAX {
        return Err(ArchiveProblem::Members { found: zip.len(), most: MEMBERS_MAX });
    }
    let mut data: Option<(usize, String)> = None;
    for index in 0..zip.len() {
        let Some(name) = zip.name_for_index(index).transpose().map_err(ArchiveProblem::Broken)? else { continue };
        if !is_data(&name) {
            continue;
        }
        if let Some((_, first)) = data {
            return Err(ArchiveProblem::SeveralData { first, second: name.into_owned() });
        }
        data = Some((index, name.into_owned()));
    }
    let (index, name) = data.ok_or(ArchiveProblem::NoData)?;
    let member = zip.by_index(index).map_err(ArchiveProblem::Broken)?;
    // Declared sizes may lie. No entry is packed into more than the archive has, and what is really unpacked counts;
    // the checksum is compared at the end.
    let packed = member.compressed_size().min(archive.len() as u64);
    let most = RATIO_FREE_BYTES.max(packed.saturating_mul(RATIO_MAX));
    let declared = usize::try_from(member.size().min(most)).unwrap_or_default();
    let mut content = Vec::with_capacity(declared);
    let read = member.take(most.saturating_add(1)).read_to_end(&mut content);
    read.map_err(|error| ArchiveProblem::Broken(error.into()))?;
    if content.len() as u64 > most {
        return Err(ArchiveProblem::Bomb { ratio: RATIO_MAX });
    }
    Ok((name, content))
}

/// Whether an entry can be the table: no folder, no shadow of a Mac, no hidden file.
fn is_data(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    !file.is_empty() && !file.starts_with('.') && !name.starts_with("__MACOSX/")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn the_one_data_file_is_found_among_shadows() {
        let packed = archive(&[("__MACOSX/._a.txt", b"x"), ("a/.DS_Store", b"x"), ("a/a.txt", b"rows")]);
        assert_eq!(unpack(&packed).unwrap(), ("a/a.txt".to_owned(), b"rows".to_vec()));
    }

    #[test]
    fn two_data_files_or_none_are_refused() {
        let two = unpack(&archive(&[("a.txt", b"x"), ("b.txt", b"x")])).unwrap_err();
        assert_eq!(two.to_string(), "holds two data files, `a.txt` and `b.txt`");
        assert_eq!(unpack(&archive(&[])).unwrap_err().to_string(), "holds no data file");
    }

    #[test]
    fn a_truncated_archive_is_refused() {
        let packed = archive(&[("a.txt", b"rows of a table, rows of a table, rows of a table")]);
        for length in 0..packed.len() {
            assert!(unpack(&packed[..length]).is_err(), "{length} bytes were enough");
        }
        let mut damaged = packed.clone();
        damaged[40] ^= 0xff;
        assert!(unpack(&damaged).is_err());
    }

    #[test]
    fn what_unpacks_too_far_is_refused() {
        let free = usize::try_from(RATIO_FREE_BYTES).unwrap();
        for bytes in [free - 1, free] {
            assert_eq!(unpack(&archive(&[("a.txt", &vec![b'a'; bytes])])).unwrap().1.len(), bytes);
        }
        let bomb = unpack(&archive(&[("a.txt", &vec![b'a'; free + 1])])).unwrap_err();
        assert_eq!(bomb.to_string(), "unpacks to more than 100 times its size");
    }

    /// Found by hand: 157 bytes that claim to be a terabyte packed into 10 gigabytes.
    #[test]
    fn sizes_that_lie_are_not_reserved() {
        let liar = include_bytes!("../../../../fuzz/seeds/roll_ut/lying-sizes.zip");
        assert_eq!(unpack(liar).unwrap(), ("ut.csv".to_owned(), b"hello".to_vec()));
    }

    /// Bytes that do not shrink, and then many that do.
    fn mixed(bytes: usize) -> Vec<u8> {
        let mut state = 1_u32;
        let hard = (0..200_000_u32).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        });
        let mut content: Vec<u8> = hard.collect();
        content.resize(bytes, b'a');
        content
    }

    #[test]
    fn a_hundredfold_is_the_most() {
        let packed_bytes = |packed: &[u8]| {
            let mut zip = ZipArchive::new(Cursor::new(packed)).unwrap();
            usize::try_from(zip.by_index(0).unwrap().compressed_size()).unwrap()
        };
        // Each step comes nearer to a text of exactly a hundred times its packed size.
        let mut bytes = 2 * usize::try_from(RATIO_FREE_BYTES).unwrap();
        let hundredfold = loop {
            let next = 100 * packed_bytes(&archive(&[("a.txt", &mixed(bytes))]));
            if next == bytes {
                break bytes;
            }
            bytes = next;
        };
        assert!(hundredfold as u64 > RATIO_FREE_BYTES);
        for (bytes, is_read) in [(hundredfold - 1, true), (hundredfold, true), (hundredfold + 1, false)] {
            let packed = archive(&[("a.txt", &mixed(bytes))]);
            assert_eq!(packed_bytes(&packed) * 100, hundredfold, "{bytes}");
            assert_eq!(unpack(&packed).is_ok(), is_read, "{bytes}");
        }
    }

    #[test]
    fn too_many_entries_are_refused() {
        let names: Vec<String> = (0..=MEMBERS_MAX).map(|number| format!(".{number}")).collect();
        let entries: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
        assert!(matches!(unpack(&archive(&entries)), Err(ArchiveProblem::Members { .. })));
        assert!(matches!(unpack(&archive(&entries[1..])), Err(ArchiveProblem::NoData)));
        assert!(matches!(unpack(&archive(&entries[2..])), Err(ArchiveProblem::NoData)));
    }
}
