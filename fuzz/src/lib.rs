//! What the fuzz targets share.
//!
//! **In scope**: one target for each reader of bytes that come from outside, and small synthetic seeds for each.
//!
//! **Out of scope**: what a reader makes of good input. The tests of its crate say that.
//!
//! Every target also draws the errors that it meets, as a terminal would show them: a place in a file that is not there
//! would be a fault as well.

mod delivery;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use miette::{Diagnostic, GraphicalReportHandler};
use roll::layout::Layouts;
use roll::vault::{Unlock, Vault};
use roll::{ImportRequest, Imported, Manifest, Store};
use terms::Date;

pub use delivery::{Delivery, VALUE, archive, gzip, utf_16, workbook};

/// Draws an error as a terminal would.
pub fn show(error: &dyn Diagnostic) {
    let mut text = String::new();
    GraphicalReportHandler::new().render_report(&mut text, error).expect("an error can be drawn");
    assert!(!text.trim().is_empty());
}

/// The sections of an input: each begins with a line `=== NAME`; the line end before the next one is not part of it.
pub fn sections(input: &[u8]) -> Vec<(String, &[u8])> {
    const MARK: &[u8] = b"=== ";
    let starts: Vec<usize> = (0..input.len())
        .filter(|at| input[*at..].starts_with(MARK) && (*at == 0 || input[at - 1] == b'\n'))
        .chain([input.len()])
        .collect();
    let section = |pair: &[usize]| {
        let text = &input[pair[0] + MARK.len()..pair[1]];
        let end = text.iter().position(|byte| *byte == b'\n')?;
        let body = &text[end + 1..];
        Some((String::from_utf8_lossy(&text[..end]).into_owned(), body.strip_suffix(b"\n").unwrap_or(body)))
    };
    starts.windows(2).filter_map(section).collect()
}

/// A fresh folder with the sections whose names are known.
pub fn folder(input: &[u8], known: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder for the input");
    for (name, bytes) in sections(input) {
        if known.contains(&name.as_str()) {
            write(folder.path(), &name, bytes);
        }
    }
    folder
}

/// Writes a file, and says where.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file for the input");
    path
}

/// The layouts that are compiled in.
pub static LAYOUTS: LazyLock<Layouts> = LazyLock::new(|| Layouts::built_in().expect("the layouts are usable"));

/// The keys of a store; new ones where it has none.
pub fn vault(store: &Store) -> Vault {
    store.vault_or_new(Unlock::default()).expect("a new vault opens")
}

/// What a manifest says of everything but the keys.
fn without_keys(imported: &Imported) -> Manifest {
    let mut manifest = imported.snapshot.manifest().clone();
    manifest.keys.clear();
    for file in &mut manifest.files {
        file.sha256.clear();
        // The header of an age file has a line of random length.
        file.bytes = if file.name.ends_with(".sealed") { 0 } else { file.bytes };
    }
    manifest
}

/// Imports a delivery twice, scanned in blocks of two sizes: no row is lost, and both snapshots are the same.
pub fn import(layout: &str, voters: &[u8], history: Option<&[u8]>) {
    let folder = tempfile::tempdir().expect("a folder for the input");
    let files = vec![write(folder.path(), "voters", voters)];
    let history: Vec<PathBuf> = history.map(|bytes| write(folder.path(), "history", bytes)).into_iter().collect();
    let request = ImportRequest::new(&LAYOUTS, layout, files, Date::constant(2017, 6, 30)).with_history(history);
    let import = |name: &str, request: &ImportRequest<'_>| {
        let store = Store::open(folder.path().join(name));
        store.import(request, &mut vault(&store), &())
    };
    let whole = import("whole", &request);
    let blocks = import("blocks", &request.with_block_bytes(64));
    match (whole, blocks) {
        (Ok(whole), Ok(blocks)) => {
            let manifest = whole.snapshot.manifest();
            assert_eq!(without_keys(&whole), without_keys(&blocks));
            for source in &manifest.sources {
                assert_eq!(source.rows_read, source.rows_stored + source.rows_quarantined);
            }
        }
        (Err(whole), Err(blocks)) => {
            show(&whole);
            assert_eq!(whole.to_string(), blocks.to_string());
        }
        (whole, blocks) => panic!("one is refused: {:?}, {:?}", whole.is_ok(), blocks.is_ok()),
    }
}
