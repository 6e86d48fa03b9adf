//! The tidy test: what reviewers would otherwise repeat.

mod documents;
mod files;
mod rust;
mod words;

/// Fails with every finding, one a line.
fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n  {}", findings.len(), findings.join("\n  "));
}
