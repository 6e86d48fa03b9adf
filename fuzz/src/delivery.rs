//! One delivered file, looked at and imported; what must hold whatever it is.

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use roll::layout::{HeaderLine, Layout};
use roll::{ImportRequest, Imported, Store, Verdict};
use terms::Date;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{LAYOUTS, folder, sections, show, write};

/// The seeds hold this where a registrant's value stands; no message may.
pub const VALUE: &str = "ZQXVALUE";

/// The day of every delivery.
const DAY: Date = Date::constant(2017, 6, 30);

/// A delivered file in a folder of its own.
pub struct Delivery<'a> {
    folder: tempfile::TempDir,
    path: PathBuf,
    bytes: &'a [u8],
}

impl<'a> Delivery<'a> {
    /// Lays the file down.
    pub fn new(bytes: &'a [u8]) -> Self {
        let folder = folder(&[], &[]);
        let path = write(folder.path(), "roll.txt", bytes);
        Self { folder, path, bytes }
    }

    /// Imports the file in a layout, scanned in blocks of two sizes: both snapshots are the same.
    pub fn import(&self, layout: &Layout) {
        let request = ImportRequest::new(&LAYOUTS, layout.id(), vec![self.path.clone()], DAY);
        let whole = self.import_into("whole", &request);
        let small = self.import_into("blocks", &request.with_block_bytes(64));
        assert_eq!(whole.is_some(), small.is_some());
        if let (Some(whole), Some(small)) = (whole, small) {
            assert_eq!(whole.snapshot.manifest(), small.snapshot.manifest());
            self.accounts_for_lines(&whole, layout);
        }
    }

    /// Looks at the file, and imports it as what it is.
    pub fn identify(&self) {
        let identified = match roll::identify(&LAYOUTS, std::slice::from_ref(&self.path)) {
            Ok(identified) => identified,
            Err(error) => return self.is_silent(&error),
        };
        for table in &identified {
            if let Verdict::Unknown(near) = &table.verdict {
                near.iter().for_each(|(_, difference)| assert!(!difference.to_string().is_empty()));
            }
        }
        let request = ImportRequest::recognized(&LAYOUTS, vec![self.path.clone()], DAY);
        let Some(imported) = self.import_into("recognized", &request) else { return };
        if let [table] = identified.as_slice() {
            let Verdict::Known { layout, .. } = &table.verdict else { panic!("imported, but known as {table:?}") };
            self.accounts_for_lines(&imported, layout);
        }
    }

    /// What is imported adds up and can be read again; what is refused leaves nothing.
    fn import_into(&self, store: &str, request: &ImportRequest<'_>) -> Option<Imported> {
        let store = Store::open(self.folder.path().join(store));
        let imported = match store.import(request, &mut crate::vault(&store), &()) {
            Ok(imported) => imported,
            Err(error) => {
                self.is_silent(&error);
                assert_eq!(files(store.path()), [PathBuf::new(); 0], "a refusal leaves nothing");
                return None;
            }
        };
        for source in &imported.snapshot.manifest().sources {
            assert_eq!(source.rows_read, source.rows_stored + source.rows_quarantined);
        }
        imported.snapshot.verify().expect("a snapshot is what its manifest says");
        Some(imported)
    }

    /// Whether the file is text as it lies: no archive and not UTF-16.
    fn is_plain(&self) -> bool {
        let packed: [&[u8]; 5] = [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\xff\xfe", b"\xfe\xff"];
        !packed.iter().any(|magic| self.bytes.starts_with(magic))
    }

    /// Rows, empty lines and what stands before the rows are the lines of a plain text.
    fn accounts_for_lines(&self, imported: &Imported, layout: &Layout) {
        let [source] = imported.snapshot.manifest().sources.as_slice() else { return };
        if !self.is_plain() {
            return;
        }
        let ends = self.bytes.iter().filter(|byte| **byte == b'\n').count();
        let lines = ends + usize::from(self.bytes.last().is_some_and(|byte| *byte != b'\n'));
        let told = usize::try_from(source.rows_read + source.lines_empty).expect("a small file");
        let before = lines.checked_sub(told).expect("no line is read twice");
        let file = layout.file();
        let headers = match file.header {
            HeaderLine::Always => 1..=1,
            HeaderLine::Never => 0..=0,
            HeaderLine::Sometimes => 0..=1,
        };
        let is_all_read = before.checked_sub(file.lines_before).is_some_and(|rest| headers.contains(&rest));
        assert!(is_all_read, "{lines} lines, {told} of them read");
    }

    /// A message holds no value of a row. A first line that is mostly headers may be quoted, and the names in an archive.
    fn is_silent(&self, error: &roll::ImportError) {
        show(error);
        let mut first = self.bytes.split(|byte| *byte == b'\n').take(3);
        if !self.is_plain() || first.any(|line| holds(line, VALUE)) {
            return;
        }
        let mut said = error.to_string();
        let mut cause = std::error::Error::source(error);
        while let Some(error) = cause {
            said.push_str(&error.to_string());
            cause = error.source();
        }
        assert!(!said.contains(VALUE), "{said}");
    }
}

fn holds(line: &[u8], value: &str) -> bool {
    line.windows(value.len()).any(|window| window == value.as_bytes())
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry of the store").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// An archive of the sections of an input. A section `NAME.zip` is an archive of the lines in it, one a member.
pub fn archive(input: &[u8]) -> Vec<u8> {
    let mut members: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, bytes) in sections(input) {
        let bytes = match name.rsplit_once('.') {
            Some((_, "zip")) => {
                let lines = bytes.split(|byte| *byte == b'\n').enumerate();
                zipped(lines.map(|(number, line)| (format!("{number}.csv"), line.to_vec())).collect())
            }
            Some((_, "gz")) => gzip(bytes),
            _ => bytes.to_vec(),
        };
        members.push((name, bytes));
    }
    zipped(members)
}

fn zipped(members: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        // A name that the writer does not take, such as one that is there already, is left out.
        if writer.start_file(name, SimpleFileOptions::default()).is_ok() {
            writer.write_all(&bytes).expect("memory takes all");
        }
    }
    writer.finish().expect("an archive in memory").into_inner()
}

/// Bytes as gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("a stream in memory")
}

/// Bytes as text in UTF-16, little-endian, with its mark.
pub fn utf_16(bytes: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// What every workbook holds, where the input does not say it.
const PARTS: [(&str, &str); 4] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Roll" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#,
    ),
];

/// A workbook of the sections of an input, each a part of it.
pub fn workbook(input: &[u8]) -> Vec<u8> {
    let mut parts: Vec<(String, Vec<u8>)> =
        sections(input).into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    for (name, text) in PARTS {
        if parts.iter().all(|(known, _)| known != name) {
            parts.push((name.to_owned(), text.as_bytes().to_vec()));
        }
    }
    zipped(parts)
}
