//! Laws, calendars, letters and inquiries: built in, or from a folder.

use std::path::Path;

use include_dir::{Dir, include_dir};
use law::calendar::Calendar;
use law::{Law, Lawbook};

use crate::exit::{Exit, Failure, OrExit};

static LAWS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../laws");
static CALENDARS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../calendars");
static LETTERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../letters");
static INQUIRIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../inquiries");

/// LIMIT: a data file is a few hundred kilobytes; anything near this is not one.
const FILE_BYTES_MAX: u64 = 16 << 20;

/// The letter of 28 June 2017, a request file.
pub(crate) fn letter_of_2017() -> &'static str {
    INQUIRIES.get_file("2017-commission/letter.toml").and_then(|file| file.contents_utf8()).unwrap_or_default()
}

/// The dated answers of the states to that letter, as CSV.
pub(crate) fn answers_of_2017() -> &'static str {
    INQUIRIES.get_file("2017-commission/answers.csv").and_then(|file| file.contents_utf8()).unwrap_or_default()
}

/// Every law and calendar.
pub(crate) fn lawbook(folder: Option<&Path>) -> Result<Lawbook, Failure> {
    let mut lawbook = Lawbook::default();
    for (name, text) in files(folder, "laws", "toml", &LAWS)? {
        let law = Law::parse(&name, &text).or_exit(Exit::Law)?;
        lawbook.laws.insert(law.code, law);
    }
    for (name, text) in files(folder, "calendars", "toml", &CALENDARS)? {
        let calendar = Calendar::parse(&name, &text).or_exit(Exit::Law)?;
        lawbook.calendars.insert(calendar.id.clone(), calendar);
    }
    Ok(lawbook)
}

/// The template of response letters.
pub(crate) fn letter_template(folder: Option<&Path>) -> Result<String, Failure> {
    match folder {
        Some(folder) => read(&folder.join("letters/letter.html")),
        None => {
            let built_in = LETTERS.get_file("letter.html").and_then(|file| file.contents_utf8());
            Ok(built_in.unwrap_or_default().to_owned())
        }
    }
}

/// The coverage reports of the laws by file name, sorted; none where the folder has none.
pub(crate) fn coverage(folder: Option<&Path>) -> Result<Vec<(String, String)>, Failure> {
    match (folder, LAWS.get_dir("coverage")) {
        (Some(folder), _) => files(Some(folder), "laws/coverage", "csv", &LAWS),
        (None, Some(built_in)) => files(None, "laws/coverage", "csv", built_in),
        (None, None) => Ok(Vec::new()),
    }
}

/// The files of a data folder with this ending, by name, sorted.
fn files(
    folder: Option<&Path>,
    kind: &str,
    ending: &str,
    built_in: &Dir<'_>,
) -> Result<Vec<(String, String)>, Failure> {
    let Some(folder) = folder else {
        let files = built_in.files().filter_map(|file| {
            let name = file.path().file_name()?.to_str()?;
            Some((format!("{kind}/{name}"), file.contents_utf8()?.to_owned()))
        });
        let mut files: Vec<_> = files.filter(|(name, _)| name.ends_with(&format!(".{ending}"))).collect();
        files.sort();
        return Ok(files);
    };
    let folder = folder.join(kind);
    let unreadable = |error: std::io::Error| cannot_read(&folder, &error);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == ending) {
            paths.push(path);
        }
    }
    paths.sort();
    paths.iter().map(|path| Ok((path.display().to_string(), read(path)?))).collect()
}

/// Reads a text file of bounded size.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let size = std::fs::metadata(path).map_err(|error| cannot_read(path, &error))?.len();
    if size > FILE_BYTES_MAX {
        let message = format!("`{}` has {size} bytes; the limit is {FILE_BYTES_MAX}", path.display());
        return Err(Failure::message(Exit::Data, message, "name the file that was meant"));
    }
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::InvalidData => {
            let message = format!("`{}` is not a text in UTF-8", path.display());
            Failure::message(Exit::Data, message, "name the text file that was meant, or save it as UTF-8")
        }
        _ => cannot_read(path, &error),
    })
}

fn cannot_read(path: &Path, error: &std::io::Error) -> Failure {
    let message = format!("cannot read `{}`: {error}", path.display());
    Failure::message(Exit::Data, message, "check the name and the rights of the file")
}
