//! The tools that the tasks need: found, installed, or named with the command that installs them.

use std::path::PathBuf;
use std::process::Command;

use crate::error::TaskError;
use crate::run::{cargo, command, root, run, say, works};

/// The cargo-deny that `deny.toml` was written for.
const DENY_VERSION: &str = "0.20.2";

/// The DuckDB beside which rolls and releases are measured.
pub(crate) const DUCKDB: &str = "duckdb==2.0.1";

/// The Polars beside which imports are measured.
pub(crate) const POLARS: &str = "polars==2.1.0";

/// Formatter and lints come with Rust; a minimal installation lacks them.
pub(crate) fn rust_components() -> Result<(), TaskError> {
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if works(cargo(&[tool, "--version"])) {
            continue;
        }
        if !works(command("rustup", &["--version"])) {
            let remedy = "install it beside Rust (Debian: `apt-get install rustfmt rust-clippy`)".to_owned();
            return Err(TaskError::Missing { what: component, remedy });
        }
        run(command("rustup", &["component", "add", component]))?;
    }
    Ok(())
}

/// cargo-deny from the machine, or from `target/tools`, where it is built on first use (about two minutes on two cores).
pub(crate) fn cargo_deny() -> Result<Command, TaskError> {
    if works(cargo(&["deny", "--version"])) {
        return Ok(cargo(&["deny"]));
    }
    let folder = target().join("tools");
    let program = folder.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        say("cargo-deny is not on this machine; building it into target/tools, once");
        let mut install = cargo(&["install", "--quiet", "--locked", "--version", DENY_VERSION, "cargo-deny", "--root"]);
        install.arg(&folder);
        run(install)?;
    }
    Ok(command(&program.to_string_lossy(), &[]))
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}
