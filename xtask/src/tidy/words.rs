//! Words that no file holds.

use super::assert_none;
use super::files::{TextFile, all};

#[test]
fn nothing_is_left_for_later_without_an_issue() {
    let mut findings = Vec::new();
    // Written in halves, so that this file does not find itself.
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let macros = [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("dbg", "!(")];
    each_line(|file, line, text| {
        if file.is_rust() && macros.iter().any(|name| text.contains(name)) {
            findings.push(format!("{}:{line}: a placeholder macro", file.path));
        }
        let open = |mark: &&str| text.split(*mark).nth(1).is_some_and(|rest| !names_an_issue(rest));
        if !file.is_made() && marks.iter().any(open) {
            findings.push(format!("{}:{line}: something left for later, without the number of its issue", file.path));
        }
    });
    assert_none(&findings);
}

/// `(#12)` right after the mark.
fn names_an_issue(rest: &str) -> bool {
    rest.strip_prefix("(#").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    let places = [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/t", "mp/")];
    let mut findings = Vec::new();
    each_line(|file, line, text| {
        if !file.is_test() && places.iter().any(|place| begins_a_path(text, place)) {
            findings.push(format!("{}:{line}: a path of one machine", file.path));
        }
    });
    assert_none(&findings);
}

/// Whether the place begins a path here, and is not in the middle of an address.
fn begins_a_path(text: &str, place: &str) -> bool {
    text.match_indices(place).any(|(at, _)| {
        let before = text.split_at(at).0.chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '~' | '/' | '}'))
    })
}

#[test]
fn no_file_names_the_host_of_a_registry() {
    let hosts = [("crates.", "io"), ("pypi.", "org"), ("pythonhosted.", "org"), ("npm", "js.org")];
    let hosts = hosts.map(|(name, end)| format!("{name}{end}"));
    let mut findings = Vec::new();
    each_line(|file, line, text| {
        if !file.is_made() && hosts.iter().any(|host| text.contains(host)) {
            findings.push(format!("{}:{line}: the host of a package registry", file.path));
        }
    });
    assert_none(&findings);
}

fn each_line(mut look: impl FnMut(&TextFile, usize, &str)) {
    for file in all() {
        file.text.lines().enumerate().for_each(|(i, text)| look(&file, i + 1, text));
    }
}

#[test]
fn an_issue_number_and_a_path_are_told_from_what_looks_like_them() {
    assert!(names_an_issue("(#12): later") && !names_an_issue(": later") && !names_an_issue("(#x)"));
    assert!(begins_a_path("in `/srv/x`", "/srv/") && begins_a_path("/srv/x", "/srv/"));
    assert!(!begins_a_path("https://example.org/srv/x", "/srv/"));
}
