//! The transcript in README.md: what the demo prints.

use std::fs;

use crate::error::TaskError;
use crate::run::{cargo, root, say};
use crate::tools;

/// The lines before and after the transcript.
const BEGIN: &str = "```text\n$ cargo run --release -- demo\n";
const END: &str = "\n```\n";

/// Runs the demo in a fresh folder and writes what it prints into README.md.
pub(crate) fn write(_: &[&str]) -> Result<(), TaskError> {
    let printed = demo()?;
    let path = root().join("README.md");
    let failed = |source| TaskError::File { path: path.clone(), source };
    let readme = fs::read_to_string(&path).map_err(failed)?;
    let text = replaced(&readme, &printed).ok_or_else(|| TaskError::Failed("finding the transcript".to_owned()))?;
    fs::write(&path, text).map_err(failed)
}

/// What the demo prints: its results, and after them the hints that go to stderr.
fn demo() -> Result<String, TaskError> {
    let folder = tools::target().join("readme");
    let failed = |source| TaskError::File { path: folder.clone(), source };
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(failed)?;
    }
    fs::create_dir_all(&folder).map_err(failed)?;
    let manifest = root().join("Cargo.toml");
    let mut demo = cargo(&["run", "--quiet", "--release", "--manifest-path"]);
    demo.arg(manifest).args(["--", "demo"]).current_dir(&folder);
    let output = demo.output().map_err(|source| TaskError::Start { program: "cargo".to_owned(), source })?;
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    if output.status.success() {
        Ok(printed)
    } else {
        say(&printed);
        Err(TaskError::Failed("the demo".to_owned()))
    }
}

/// The text with another transcript; none when it has no place for one.
fn replaced(readme: &str, printed: &str) -> Option<String> {
    let (before, rest) = readme.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}{}{END}{after}", printed.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transcript_alone_is_replaced() {
        let readme = format!("before\n{BEGIN}old\nold{END}after\n```text\nother\n```\n");
        let expected = format!("before\n{BEGIN}new{END}after\n```text\nother\n```\n");
        assert_eq!(replaced(&readme, "new\n").unwrap(), expected);
        assert_eq!(replaced("no transcript", "new"), None);
    }

    #[test]
    fn the_readme_has_a_place_for_it() {
        let readme = fs::read_to_string(root().join("README.md")).unwrap();
        assert!(replaced(&readme, "").is_some());
    }
}
