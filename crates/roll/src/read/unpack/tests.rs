//! What comes out of archives, and what is refused; the bounds one below, at, and one above.

use flate2::Compression;
use flate2::write::GzEncoder;
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

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Names and texts of tables.
type Tables = Vec<(String, Vec<u8>)>;

/// The tables of a file, or what is said of it; and what is said when it is only looked at.
fn taken(file: &[u8]) -> (Result<Tables, String>, Result<usize, String>) {
    let folder = tempfile::tempdir().unwrap();
    let (path, spool) = (folder.path().join("roll.zip"), folder.path().join("spool"));
    std::fs::write(&path, file).unwrap();
    std::fs::create_dir(&spool).unwrap();
    let all = members(&path, Taking::All(&spool)).map_err(|error| error.to_string()).map(|found| {
        let table = |member: Member| (member.path.unwrap_or_default(), member.text.head(u64::MAX).unwrap());
        found.into_iter().map(table).collect()
    });
    let mut beside: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    beside.sort();
    assert_eq!(beside, [path.clone(), spool], "nothing is written outside the spool");
    (all, members(&path, Taking::Head(1000)).map(|found| found.len()).map_err(|error| error.to_string()))
}

fn tables(file: &[u8]) -> Tables {
    let (all, looked_at) = taken(file);
    let all = all.unwrap();
    assert_eq!(looked_at, Ok(all.len()));
    all
}

fn names(file: &[u8]) -> Vec<String> {
    tables(file).into_iter().map(|(name, _)| name).collect()
}

fn refused(file: &[u8]) -> String {
    taken(file).0.unwrap_err()
}

/// What is refused also when the file is only looked at, and in the same words.
fn refused_at_sight(file: &[u8]) -> String {
    let (all, looked_at) = taken(file);
    let said = all.unwrap_err();
    assert_eq!(looked_at, Err(said.clone()));
    said
}

const BOMB: &str = "archive `roll.zip` unpacks to more than 100 times its size";
const NESTED: &str = "archive `roll.zip` holds archives within archives, more than 3 deep";
const FREE: usize = size(RATIO_FREE_BYTES);

const fn size(bytes: u64) -> usize {
    assert!(bytes <= u32::MAX as u64);
    #[expect(clippy::cast_possible_truncation, reason = "asserted in the line above")]
    let size = bytes as usize;
    size
}

#[test]
fn data_files_are_found_among_shadows() {
    let packed = archive(&[("__MACOSX/._a.txt", b"x"), ("a/.DS_Store", b"x"), ("a/a.txt", b"rows"), ("b.txt", b"")]);
    assert_eq!(tables(&packed), [("a/a.txt".to_owned(), b"rows".to_vec()), ("b.txt".to_owned(), Vec::new())]);
    for nothing in [archive(&[]), archive(&[("a/", b"")]), archive(&[(".a", b"x")])] {
        assert_eq!(refused_at_sight(&nothing), "archive `roll.zip` holds no data file");
    }
}

#[test]
fn a_truncated_archive_is_refused() {
    let rows = b"rows of a table, rows of a table, rows of a table";
    // Fewer bytes are no mark of an archive. Behind the first bytes of an archive stands the content, and then its list.
    for (packed, least, content) in [(archive(&[("a.txt", rows)]), 4, 35..60), (gzip(rows), 2, 10..40)] {
        for length in least..packed.len() {
            let said = refused(&packed[..length]);
            assert!(said.starts_with("archive `roll.zip` is truncated or damaged: "), "{length} bytes: {said}");
        }
        for place in content {
            let mut damaged = packed.clone();
            damaged[place] ^= 0xff;
            let said = refused(&damaged);
            assert!(said.starts_with("archive `roll.zip` is truncated or damaged: "), "at {place}: {said}");
        }
    }
}

#[test]
fn names_lead_nowhere_and_are_shown_with_what_would_steer_a_terminal() {
    let entries: [(&str, &[u8]); 5] = [
        ("../../x.csv", b"1"),
        ("/etc/y.csv", b"2"),
        ("c:\\z.csv", b"3"),
        ("\u{1b}[2J\u{7}.csv", b"4"),
        ("\u{202e}vsc.exe", b"5"),
    ];
    let shown = ["../../x.csv", "/etc/y.csv", "c:\\z.csv", r"\u{1b}[2J\u{7}.csv", r"\u{202e}vsc.exe"];
    assert_eq!(names(&archive(&entries)), shown);
    assert_eq!(names(&archive(&[("../in.zip", &archive(&entries[..1]))])), ["../in.zip/../../x.csv"]);
}

#[test]
fn a_link_is_not_followed() {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link.csv", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    writer.start_file("a.csv", SimpleFileOptions::default()).unwrap();
    writer.write_all(b"rows").unwrap();
    assert_eq!(names(&writer.finish().unwrap().into_inner()), ["a.csv"]);
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link.csv", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    assert_eq!(refused_at_sight(&writer.finish().unwrap().into_inner()), "archive `roll.zip` holds no data file");
}

/// Of two entries of one name a reader would see one; it would say nothing of the other.
#[test]
fn two_entries_of_one_name_are_refused() {
    let mut packed = archive(&[("a.csv", b"first"), ("b.csv", b"second")]);
    for at in 0..packed.len() - 5 {
        if &packed[at..at + 5] == b"b.csv" {
            packed[at] = b'a';
        }
    }
    assert_eq!(refused_at_sight(&packed), "archive `roll.zip` holds two entries of the same name");
}

#[test]
fn what_unpacks_too_far_is_refused() {
    for pack in [|content: &[u8]| archive(&[("a.txt", content)]), gzip] {
        for bytes in [FREE - 1, FREE] {
            assert_eq!(tables(&pack(&vec![b'a'; bytes]))[0].1.len(), bytes);
        }
        assert_eq!(refused(&pack(&vec![b'a'; FREE + 1])), BOMB);
    }
}

/// The bound is on all that comes out, however it is spread.
#[test]
fn what_unpacks_too_far_in_many_pieces_is_refused() {
    let quarter = vec![b'a'; FREE / 4];
    let pieces: [(&str, &[u8]); 5] = [("a", &quarter), ("b", &quarter), ("c", &quarter), ("d", &quarter), ("e", b"x")];
    assert_eq!(names(&archive(&pieces[..4])).len(), 4);
    assert_eq!(refused(&archive(&pieces)), BOMB);
    let inner = archive(&pieces[..2]);
    // The inner archives count as well.
    assert_eq!(names(&archive(&[("1.zip", &inner)])).len(), 2);
    assert_eq!(refused(&archive(&[("1.zip", &inner), ("2.zip", &inner)])), BOMB);
    let inner = gzip(&quarter);
    assert_eq!(names(&archive(&[("1", &inner), ("2", &inner), ("3", &inner)])).len(), 3);
    assert_eq!(refused(&archive(&[("1", &inner), ("2", &inner), ("3", &inner), ("4", &inner), ("5", &inner)])), BOMB);
}

/// A stream of empty streams unpacks to nothing, a layer above it to very much.
#[test]
fn what_unpacks_too_far_between_two_layers_is_refused() {
    let nothing = gzip(b"");
    let many = nothing.repeat(FREE / nothing.len() + 1);
    assert_eq!(refused_at_sight(&gzip(&many)), BOMB);
    assert_eq!(refused_at_sight(&archive(&[("a.gz", &many)])), BOMB);
    assert_eq!(tables(&many), [(String::new(), Vec::new())]);
}

/// Found by hand: 157 bytes that claim to be a terabyte packed into 10 gigabytes.
#[test]
fn sizes_that_lie_are_not_reserved() {
    let liar = include_bytes!("../../../../../fuzz/seeds/roll_ut/lying-sizes.zip");
    assert_eq!(tables(liar), [("ut.csv".to_owned(), b"hello".to_vec())]);
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
    // Each step comes nearer to a text of exactly a hundred times the size of its archive.
    let mut bytes = 2 * FREE;
    let hundredfold = loop {
        let next = 100 * archive(&[("a.txt", &mixed(bytes))]).len();
        if next == bytes {
            break bytes;
        }
        bytes = next;
    };
    assert!(hundredfold > FREE);
    for (bytes, is_read) in [(hundredfold - 1, true), (hundredfold, true), (hundredfold + 1, false)] {
        let packed = archive(&[("a.txt", &mixed(bytes))]);
        assert_eq!(packed.len() * 100, hundredfold, "{bytes}");
        assert_eq!(
            taken(&packed).0.map(|tables| tables[0].1.len()),
            if is_read { Ok(bytes) } else { Err(BOMB.into()) }
        );
    }
}

/// Entries of a number of archives, all of them hidden files, and one that is not.
fn entries(number: usize) -> Vec<u8> {
    let names: Vec<String> = (1..number).map(|number| format!(".{number}")).chain(["a".to_owned()]).collect();
    archive(&names.iter().map(|name| (name.as_str(), b"x".as_slice())).collect::<Vec<_>>())
}

#[test]
fn too_many_entries_are_refused() {
    for number in [MEMBERS_MAX - 1, MEMBERS_MAX] {
        assert_eq!(names(&entries(number)), ["a"]);
    }
    let said = "archive `roll.zip` holds 1001 entries, at most 1000 are read";
    assert_eq!(refused_at_sight(&entries(MEMBERS_MAX + 1)), said);
    // Also when they are spread over archives in an archive.
    let spread = |last| archive(&[("1.zip", &entries(MEMBERS_MAX / 2)), ("2.zip", &entries(last))]);
    assert_eq!(names(&spread(MEMBERS_MAX / 2 - 2)), ["1.zip/a", "2.zip/a"]);
    assert_eq!(refused_at_sight(&spread(MEMBERS_MAX / 2 - 1)), said);
}

#[test]
fn archives_in_archives_have_a_depth() {
    type Pack = fn(&[u8]) -> Vec<u8>;
    let packings: [Pack; 2] = [|content| archive(&[("a", content)]), gzip];
    // Every way to pack a text three times is read, every way to pack it once more is refused.
    for way in 0..16 {
        let mut packed = b"rows".to_vec();
        for layer in 0..NESTING_MAX {
            packed = packings[(way >> layer) & 1](&packed);
            assert_eq!(tables(&packed)[0].1, b"rows", "{way}");
        }
        assert_eq!(refused_at_sight(&packings[(way >> NESTING_MAX) & 1](&packed)), NESTED, "{way}");
    }
}

#[test]
fn short_texts_stay_in_memory_and_all_of_them_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roll.zip");
    let piece = mixed(size(MEMORY_BYTES));
    let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    std::fs::write(&path, archive(&names.iter().map(|name| (name.as_str(), &*piece)).collect::<Vec<_>>())).unwrap();
    let found = members(&path, Taking::All(folder.path())).unwrap();
    let in_memory = found.iter().filter(|member| matches!(member.text, Text::Memory(_))).count();
    assert_eq!((found.len(), in_memory as u64), (20, MEMORY_BYTES_ALL / MEMORY_BYTES));
    assert!(found.iter().all(|member| member.text.head(u64::MAX).unwrap() == piece));
}

fn utf_16(units: &[u16], of: fn(u16) -> [u8; 2]) -> Vec<u8> {
    units.iter().flat_map(|unit| of(*unit)).collect()
}

#[test]
fn utf_16_becomes_utf_8() {
    for of in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = |units: &[u16]| tables(&utf_16(&[&[0xfeff], units].concat(), of)).remove(0).1;
        let mark = "\u{feff}".as_bytes();
        assert_eq!(text(&[]), mark);
        let letters: Vec<u16> = "Peñ\u{1f5f3}\r\n".encode_utf16().collect();
        assert_eq!(text(&letters), "\u{feff}Peñ\u{1f5f3}\r\n".as_bytes());
        // Half a pair and an odd byte are bytes of no letter: their line goes to quarantine.
        for half in [&[0xd83d_u16, 0x41][..], &[0xdfff, 0x41], &[0x41, 0xd83d]] {
            let text = text(half);
            assert!(std::str::from_utf8(&text).is_err() && text.contains(&0xff) && text.contains(&b'A'), "{half:x?}");
        }
        let odd = [utf_16(&[0xfeff, 0x41], of), vec![0x42]].concat();
        assert_eq!(tables(&odd)[0].1, [mark, b"A\xff"].concat());
        assert_eq!(tables(&gzip(&odd))[0].1, [mark, b"A\xff"].concat());
    }
}

/// A pair that stands on both sides of what is read at a time.
#[test]
fn a_pair_is_not_torn() {
    for before in 32_760..32_775 {
        let text: String = "x".repeat(before) + "\u{1f5f3}y";
        let units: Vec<u16> = std::iter::once(0xfeff).chain(text.encode_utf16()).collect();
        let read = tables(&utf_16(&units, u16::to_le_bytes)).remove(0).1;
        assert!(read == format!("\u{feff}{text}").as_bytes(), "{before}");
    }
}
