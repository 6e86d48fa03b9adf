//! A store in a temporary folder, hand-written files, and snapshots as text.

#![allow(dead_code, reason = "each test file uses a part of it")]

pub(crate) mod edit;
pub(crate) mod sample;

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int16Type, Int32Type, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use miette::Diagnostic;
use roll::layout::Layouts;
use roll::vault::{Unlock, Vault};
use roll::{ImportError, ImportRequest, Imported, Progress, Reader, Snapshot, Store};
use terms::Date;
use zip::write::SimpleFileOptions;

pub(crate) const UT_HEADER: &str = "Voter ID,Last Name,First Name,Middle Name,Name Suffix,Status,Absentee,UOCAVA,Registration Date,\
Original Registration Date,Party,Phone,Mailing Address,\"Mailing city, state  zip\",County ID,Precinct,House Number,\
House Number Suffix,Direction Prefix,Street,Direction Suffix,Street Type,Unit Type,Unit Number,City,Zip,DOB,Congressional,\
State House,State Senate,State Schoolboard,Local Schoolboard,County Council,City Council,11/4/2008,11/8/2016";

/// A plain Utah row; the number, the county and the two history cells vary.
pub(crate) fn ut_row(id: &str, county: &str, history: &str) -> String {
    format!(
        "{id},Testa,Ida,,,Active,0,,1/2/2003,01/02/2003,Unaffiliated,,1 Main St,\"Provo, UT  84601\",{county},P1,1,,N,Main,,ST,,,\
         Provo,84601,5/6/1970,1,2,3,4,5,6,7,{history}"
    )
}

/// A row of Utah with as many bytes as asked for.
pub(crate) fn row_of(id: &str, bytes: usize) -> String {
    let row = ut_row(id, "Utah", ",");
    row.replace("Testa", &"T".repeat(bytes - row.len() + "Testa".len()))
}

/// An office with an empty store.
pub(crate) struct Office {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) layouts: Layouts,
    pub(crate) store: Store,
}

impl Office {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().join("store"));
        Self { folder, layouts: Layouts::built_in().unwrap(), store }
    }

    /// Lays a file down beside the store.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn request(&self, layout: &str, files: Vec<PathBuf>) -> ImportRequest<'_> {
        ImportRequest::new(&self.layouts, layout, files, day("2017-06-30"))
    }

    /// Imports one file that holds `content`.
    pub(crate) fn import(&self, layout: &str, content: impl AsRef<[u8]>) -> Result<Imported, ImportError> {
        let file = self.file("roll.txt", content);
        self.keep(&self.request(layout, vec![file]))
    }

    /// Imports what is asked for.
    pub(crate) fn keep(&self, request: &ImportRequest<'_>) -> Result<Imported, ImportError> {
        self.keep_heard(request, &())
    }

    pub(crate) fn keep_heard(
        &self,
        request: &ImportRequest<'_>,
        progress: &dyn Progress,
    ) -> Result<Imported, ImportError> {
        self.store.import(request, &mut self.vault(), progress)
    }

    /// The keys of the store.
    pub(crate) fn vault(&self) -> Vault {
        self.store.vault_or_new(Unlock::default()).unwrap()
    }

    /// Every path in the store but those of its keys, relative to it.
    pub(crate) fn stored(&self) -> Vec<String> {
        fn walk(dir: &std::path::Path, found: &mut Vec<PathBuf>) {
            for entry in fs::read_dir(dir).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() { walk(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        walk(self.store.path(), &mut found);
        let relative = |path: &PathBuf| path.strip_prefix(self.store.path()).unwrap().display().to_string();
        let mut found: Vec<String> = found.iter().map(relative).filter(|path| !path.starts_with("keys/")).collect();
        found.sort();
        found
    }
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Every row as lines `column: value`, without nulls.
pub(crate) fn rows(batch: &RecordBatch, without: &[&str]) -> Vec<String> {
    (0..batch.num_rows())
        .map(|row| {
            let schema = batch.schema();
            let columns = schema.fields().iter().zip(batch.columns());
            let cells =
                columns.filter(|(field, array)| !without.contains(&field.name().as_str()) && array.is_valid(row));
            cells.map(|(field, array)| format!("{}: {}\n", field.name(), cell(array, row))).collect()
        })
        .collect()
}

fn cell(array: &dyn Array, row: usize) -> String {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Dictionary(..) => {
            let words = array.as_dictionary::<Int32Type>().downcast_dict::<StringArray>().unwrap();
            arrow_array::ArrayAccessor::value(&words, row).to_owned()
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            (day("1970-01-01") + jiff::Span::new().days(days)).to_string()
        }
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).to_string(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).to_string(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).to_string(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        other => panic!("no column has the type {other}"),
    }
}

fn columns(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// A reader with every key of a snapshot.
pub(crate) fn reader(snapshot: &Snapshot) -> Reader {
    let store = Store::open(snapshot.path().ancestors().nth(3).unwrap());
    snapshot.reader(store.vault(Unlock::default()).unwrap().all_keys(snapshot).unwrap())
}

pub(crate) fn voters(snapshot: &Snapshot, part: usize) -> RecordBatch {
    reader(snapshot).read_voters(part, &columns(&snapshot.manifest().voter_columns)).unwrap()
}

pub(crate) fn participations(snapshot: &Snapshot, part: usize) -> RecordBatch {
    reader(snapshot).read_participations(part, &columns(&snapshot.manifest().participation_columns)).unwrap()
}

/// The three tables of a snapshot of one part as text.
pub(crate) fn tables(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    for (title, batch) in [
        ("voter", voters(snapshot, 0)),
        ("participation", participations(snapshot, 0)),
        ("election", reader(snapshot).elections().unwrap()),
    ] {
        for row in rows(&batch, &[]) {
            text.push_str(&format!("[{title}]\n{row}\n"));
        }
    }
    text
}

/// Registrants with a line for each value, participations and elections in a line each.
pub(crate) fn shown(snapshot: &Snapshot) -> String {
    let mut text = String::new();
    let provenance = ["source_file", "source_row"];
    for row in rows(&voters(snapshot, 0), &provenance) {
        text.push_str(&format!("[voter]\n{row}\n"));
    }
    let of_history = rows(&participations(snapshot, 0), &provenance);
    for row in of_history.iter().chain(&rows(&reader(snapshot).elections().unwrap(), &[])) {
        text.push_str(&format!("{}\n", row.trim_end().replace('\n', " · ")));
    }
    text
}

pub(crate) fn quarantine(snapshot: &Snapshot) -> String {
    let quoted = |bytes: &[u8]| format!("\"{}\"", String::from_utf8_lossy(bytes).replace('"', "\"\""));
    let mut text = "file,line,column,field,reason,raw\n".to_owned();
    for line in reader(snapshot).quarantine().unwrap() {
        let line = line.unwrap();
        let [file, field, reason] = [&line.file, &line.field, &line.reason].map(|text| quoted(text.as_bytes()));
        text.push_str(&format!("{file},{},{},{field},{reason},{}\n", line.line, line.column, quoted(line.raw())));
    }
    text
}

pub(crate) fn latin_1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

/// Everything that a snapshot holds, without what its keys make of it.
pub(crate) fn held(snapshot: &Snapshot) -> (roll::Manifest, Vec<String>, String) {
    let mut manifest = snapshot.manifest().clone();
    manifest.keys.clear();
    for file in &mut manifest.files {
        file.sha256.clear();
        // The header of an age file has a line of random length.
        file.bytes = if file.name.ends_with(".sealed") { 0 } else { file.bytes };
    }
    let parts = (0..snapshot.parts()).flat_map(|part| [voters(snapshot, part), participations(snapshot, part)]);
    (manifest, parts.flat_map(|batch| rows(&batch, &[])).collect(), quarantine(snapshot))
}

/// Every file of a snapshot with its name, as it lies on disk.
pub(crate) fn bytes(snapshot: &Snapshot) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(snapshot.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Some lines of which about every third is broken.
pub(crate) fn content(ids: &[u16]) -> String {
    let line = |id: &u16| {
        let county = ["Utah", "Cache", "Salt Lake"][usize::from(id % 3)];
        let history = [",", "11/4/2008,", ",11/8/2016", "11/4/2008,11/8/2016"][usize::from(id % 4)];
        let row = ut_row(&format!("{id:05}"), county, history);
        if id.is_multiple_of(7) { row.replace("Ida", "I\"da") } else { row }
    };
    let lines: Vec<String> = ids.iter().map(line).collect();
    format!("{UT_HEADER}\n{}\n{}", ut_row("1", "Utah", ","), lines.join("\n"))
}

pub(crate) fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The message and the help of an error.
pub(crate) fn words(error: &impl Diagnostic) -> String {
    let help = error.help().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("{error}{help}")
}

/// Imports a file that must be refused, and returns what is said.
pub(crate) fn refusal(layout: &str, content: impl AsRef<[u8]>) -> String {
    let office = Office::new();
    let Err(error) = office.import(layout, content) else { return "it was imported".to_owned() };
    assert!(office.stored().is_empty(), "a refused delivery left {:?}", office.stored());
    words(&error)
}

/// The message for files that are named in a request.
pub(crate) fn request_refusal(office: &Office, layout: &str, files: Vec<PathBuf>, history: Vec<PathBuf>) -> String {
    let request = ImportRequest::new(&office.layouts, layout, files, day("2017-06-30")).with_history(history);
    let error = office.keep(&request).expect_err("must be refused");
    assert!(office.stored().is_empty());
    words(&error).replace(&office.folder.path().display().to_string(), "DIR")
}

/// Changes one place of the Utah layout, and returns what is said: message, help, and the text that is underlined.
pub(crate) fn layout_refusal(text: &str, by: &str) -> String {
    let good = include_str!("../../../../layouts/ut.toml");
    assert!(good.contains(text), "`{text}` is not in the layout");
    let bad = good.replacen(text, by, 1);
    let error = roll::Layout::parse("ut.toml", &bad).unwrap_err();
    let label = error.labels().unwrap().next().unwrap();
    let place = bad.get(label.offset()..label.offset() + label.len()).unwrap();
    let help = error.help().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("{error}\nat: {}{help}", place.lines().next().unwrap_or_default())
}

/// What is said of a snapshot that must not hold, with its cause.
pub(crate) fn damage(snapshot: &Snapshot) -> String {
    let error = snapshot.verify().unwrap_err();
    let cause = std::error::Error::source(&error).unwrap();
    format!("{}\ncause: {cause}", words(&error)).replace(&snapshot.path().display().to_string(), "DIR")
}
