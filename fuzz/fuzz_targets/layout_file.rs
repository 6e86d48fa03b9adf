//! Layout files: no text makes the reader panic, and what it accepts reads a small file without a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roll::layout::Layouts;
use roll::{ImportRequest, Store};
use terms::Date;

fuzz_target!(|text: &str| {
    let layouts = match Layouts::parse([("fuzz.toml", text)]) {
        Ok(layouts) => layouts,
        Err(error) => return fuzz::show(&error),
    };
    let folder = tempfile::tempdir().expect("a folder");
    for layout in layouts.iter() {
        let headers: Vec<String> = layout.columns().iter().map(|column| column.name.clone()).collect();
        let delimiter = layout.file().delimiter().map(char::from).unwrap_or(' ');
        let line = headers.join(&delimiter.to_string());
        let file = fuzz::write(folder.path(), "roll.txt", format!("{line}\n{line}\n").as_bytes());
        let request = ImportRequest::new(&layouts, layout.id(), vec![file], Date::constant(2017, 6, 30));
        let store = Store::open(folder.path().join("store"));
        if let Err(error) = store.import(&request, &mut fuzz::vault(&store), &()) {
            fuzz::show(&error);
        }
    }
});
