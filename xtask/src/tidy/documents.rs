//! What the documents say about commands, dependencies and tests is true.

use std::fs;

use super::assert_none;
use super::files::all;
use crate::run::root;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_two_commands_of_the_readme_are_the_ones_that_are_tested() {
    let readme = read("README.md");
    for command in ["cargo run --release -- demo", "cargo xtask test"] {
        assert!(readme.lines().any(|line| line == command), "README.md gives `{command}` on a line of its own");
    }
    assert!(read(".ci/run").lines().any(|line| line.ends_with("cargo xtask test")));
}

/// The names in the table of dependencies, without the crates of this workspace.
fn dependencies() -> Vec<String> {
    let manifest = read("Cargo.toml");
    let table = manifest.split("[workspace.dependencies]").nth(1).expect("one table for every crate");
    let lines = table.lines().take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    let entries = lines.filter_map(|line| line.split_once(" = ")).filter(|(_, value)| !value.contains("path = "));
    entries.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn every_dependency_has_a_row_that_says_why() {
    let architecture = read("ARCHITECTURE.md");
    let has_row = |name: &String| architecture.lines().any(|line| line.starts_with(&format!("| `{name}` |")));
    let missing = dependencies().into_iter().filter(|name| !has_row(name));
    assert_none(&missing.map(|name| format!("`{name}` has no row in ARCHITECTURE.md")).collect::<Vec<_>>());
}

#[test]
fn every_dependency_is_used() {
    let manifests: Vec<String> = all()
        .into_iter()
        .filter(|file| file.path.ends_with("/Cargo.toml") && !file.path.starts_with("fuzz/"))
        .map(|file| file.text)
        .collect();
    let begins = |line: &str, name: &str| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with(".workspace") || rest.starts_with(" = { workspace"))
    };
    let is_used = |name: &String| manifests.iter().any(|text| text.lines().any(|line| begins(line, name)));
    let unused = dependencies().into_iter().filter(|name| !is_used(name));
    assert_none(&unused.map(|name| format!("no crate uses `{name}` of Cargo.toml")).collect::<Vec<_>>());
}

#[test]
fn every_test_that_a_document_names_is_there() {
    let mut findings = Vec::new();
    let mut named = 0;
    for file in all().iter().filter(|file| file.path.ends_with(".md")) {
        for word in file.text.split('`').skip(1).step_by(2) {
            let Some((path, test)) = word.split_once(".rs::") else { continue };
            named += 1;
            let source = fs::read_to_string(root().join(format!("{path}.rs"))).unwrap_or_default();
            if !source.contains(&format!("fn {test}(")) {
                findings.push(format!("{}: no test `{word}`", file.path));
            }
        }
    }
    assert!(named > 0, "ARCHITECTURE.md names the test of each invariant");
    assert_none(&findings);
}

#[test]
fn every_test_of_a_channel_has_a_row() {
    let architecture = read("ARCHITECTURE.md");
    let path = "crates/release/tests/release/channels.rs";
    let source = read(path);
    let names = source.lines().filter_map(|line| line.strip_prefix("fn c")?.split_once('(')).map(|(name, _)| name);
    let channels = names.filter(|name| name.starts_with(|c: char| c.is_ascii_digit()));
    let missing = channels.filter(|name| !architecture.contains(&format!("`{path}::c{name}`")));
    assert_none(&missing.map(|name| format!("`c{name}` has no row in ARCHITECTURE.md")).collect::<Vec<_>>());
}

/// The rows of the table of features in `layouts/README.md`: the feature, who needs it, its tests.
fn features(readme: &str) -> Vec<[&str; 3]> {
    let table = readme.split("| feature | who needs it | test |\n").nth(1).expect("a table of features");
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let cells = rows.map(|line| (line, line.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>()));
    cells.map(|(line, cells)| cells.try_into().unwrap_or_else(|_| panic!("three cells: {line}"))).collect()
}

#[test]
fn every_feature_of_a_layout_has_states_and_a_test() {
    let readme = read("layouts/README.md");
    let known: Vec<String> = all()
        .into_iter()
        .filter(|file| file.path.starts_with("layouts/") && file.path.ends_with(".toml"))
        .filter_map(|file| file.text.lines().find_map(|line| line.strip_prefix("jurisdiction = ")).map(str::to_owned))
        .map(|code| code.trim_matches('"').to_owned())
        .collect();
    let mut findings = Vec::new();
    for [feature, states, tests] in features(&readme) {
        let strange = states.split(' ').filter(|state| *state != "all" && !known.iter().any(|code| code == state));
        findings.extend(strange.map(|state| format!("`{feature}`: no layout of `{state}`")));
        if !tests.split(", ").all(|test| test.starts_with("`crates/") && test.contains(".rs::")) {
            findings.push(format!("`{feature}` has no test"));
        }
    }
    assert_none(&findings);
}
