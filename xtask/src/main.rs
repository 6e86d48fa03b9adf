//! Automation of the repository: `cargo xtask` lists the tasks.
//!
//! **In scope**: running the checks that a change must pass, fuzzing, the benchmark, and the tidy test, which holds what
//! reviewers would otherwise repeat.
//!
//! **Out of scope**: what the checks check. Each crate tests itself.
//!
//! No dependency: a task runs seconds after a fresh clone.

mod error;
mod readme;
mod run;
mod tasks;
#[cfg(test)]
mod tidy;
mod tools;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match tasks::run_task(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            run::say(&format!("error: {error}"));
            error.exit()
        }
    }
}
