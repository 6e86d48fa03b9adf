//! Length of files and functions, and the documentation of crates.

use super::assert_none;
use super::files::{TextFile, all};
use crate::run::root;

/// Lines of a file that is not of tests. Longer ones hold two nouns.
const FILE_LINES_MAX: usize = 700;

/// Lines of a function, from `fn` to its closing brace. Longer ones do not fit on a screen.
const FUNCTION_LINES_MAX: usize = 70;

#[test]
fn no_file_is_too_long() {
    let long = |file: &TextFile| {
        let lines = file.text.lines().count();
        (lines > FILE_LINES_MAX).then(|| format!("{}: {lines} lines, at most {FILE_LINES_MAX}", file.path))
    };
    assert_none(&all().iter().filter(|file| file.is_rust() && !file.is_test()).filter_map(long).collect::<Vec<_>>());
}

#[test]
fn no_function_is_too_long() {
    let mut findings = Vec::new();
    for file in all().iter().filter(|file| file.is_rust()) {
        for (line, lines) in functions(&file.text).into_iter().filter(|(_, lines)| *lines > FUNCTION_LINES_MAX) {
            findings.push(format!("{}:{line}: a function of {lines} lines, at most {FUNCTION_LINES_MAX}", file.path));
        }
    }
    assert_none(&findings);
}

#[test]
fn every_crate_says_what_it_is() {
    let mut findings = Vec::new();
    for file in all().iter().filter(|file| file.path.ends_with("Cargo.toml") && file.text.contains("[package]")) {
        let folder = root().join(file.path.trim_end_matches("Cargo.toml"));
        let top = [folder.join("src/lib.rs"), folder.join("src/main.rs")].into_iter().find(|path| path.exists());
        let Some(top) = top else { continue };
        let text = std::fs::read_to_string(&top).expect("the top file of a crate is UTF-8");
        if !text.starts_with("//! ") {
            findings.push(format!("{}: the crate has no documentation", top.display()));
        }
    }
    assert_none(&findings);
}

/// First line and number of lines of every function.
///
/// LIMIT: the layout of rustfmt is taken for granted: a function ends with the first line that is `}` at the indentation
/// of its `fn`. In text that rustfmt leaves alone (macro bodies, text in quotes) a function may be missed or cut short.
fn functions(text: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (first, line) in lines.iter().enumerate().filter(|(_, line)| begins_function(line)) {
        let indent = line.strip_suffix(line.trim_start()).unwrap_or_default();
        let ends = |line: &&str| line.strip_prefix(indent).is_some_and(|rest| rest == "}" || is_declaration_end(rest));
        let on_one_line = line.ends_with('}') || line.ends_with(';');
        let more = if on_one_line { Some(0) } else { lines[first + 1..].iter().position(ends).map(|more| more + 1) };
        found.extend(more.map(|more| (first + 1, more + 1)));
    }
    found
}

/// The end of a declaration without body: `) -> X;` at the indentation of its `fn`.
fn is_declaration_end(rest: &str) -> bool {
    rest.starts_with(')') && rest.ends_with(';')
}

fn begins_function(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.find(|word| {
        let qualifies = matches!(*word, "const" | "async" | "unsafe" | "extern" | "\"C\"") || word.starts_with("pub");
        !qualifies
    }) == Some("fn")
}

#[test]
fn functions_are_measured_from_fn_to_brace() {
    let text = "fn one() {}\n\npub(crate) const fn two(\n    a: u8,\n) -> u8 {\n    if a {\n    }\n    a\n}\n\ntrait T {\n    \
                fn three(\n        &self,\n    ) -> u8;\n    fn four(&self) {\n        self.three()\n    }\n}\n// fn five()\n";
    assert_eq!(functions(text), [(1, 1), (3, 7), (12, 3), (15, 3)]);
}
