//! Running programs, one after the other, with the time that each takes.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::TaskError;

/// The top folder of the repository.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// Prints a line. A reader that is gone (`cargo xtask | head`) is no error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// A command that runs in the top folder of the repository.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// The cargo that runs this task.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    command(&cargo, args)
}

/// Whether a command runs and succeeds; its output is not shown.
pub(crate) fn works(mut command: Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs a command with its output on the terminal.
pub(crate) fn run(mut command: Command) -> Result<(), TaskError> {
    let shown = shown(&command);
    let status = command.status().map_err(|source| TaskError::Start { program: shown.clone(), source })?;
    if status.success() { Ok(()) } else { Err(TaskError::Failed(format!("`{shown}`"))) }
}

/// A command as one would type it, without the folder of the program.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// One step of a task.
struct Step {
    name: String,
    passed: bool,
    took: Duration,
}

/// Steps that all run, so that one failure does not hide the next one, and a table of them at the end.
#[derive(Default)]
pub(crate) struct Steps(Vec<Step>);

impl Steps {
    /// Runs a command as a step.
    pub(crate) fn run(&mut self, command: Command) {
        let name = shown(&command);
        self.step(&name, || run(command));
    }

    /// Runs something else as a step.
    pub(crate) fn step(&mut self, name: &str, work: impl FnOnce() -> Result<(), TaskError>) {
        say(&format!("\n=== {name}"));
        let started = Instant::now();
        let outcome = work();
        if let Err(error) = &outcome {
            say(&format!("error: {error}"));
        }
        self.0.push(Step { name: name.to_owned(), passed: outcome.is_ok(), took: started.elapsed() });
    }

    /// Prints the table; an error when a step failed.
    pub(crate) fn finish(self) -> Result<(), TaskError> {
        say(&format!("\n{}", self.table()));
        self.verdict()
    }

    fn table(&self) -> String {
        let line = |word: &str, took: Duration, name: &str| format!("{word:<6} {:>7.1} s  {name}", took.as_secs_f64());
        let word = |step: &Step| if step.passed { "ok" } else { "FAILED" };
        let total = self.0.iter().map(|step| step.took).sum();
        let steps = self.0.iter().map(|step| line(word(step), step.took, &step.name));
        steps.chain([line("", total, "in all")]).collect::<Vec<_>>().join("\n")
    }

    fn verdict(&self) -> Result<(), TaskError> {
        match self.0.iter().filter(|step| !step.passed).count() {
            0 => Ok(()),
            failed => Err(TaskError::Failed(format!("{failed} of {} steps", self.0.len()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_told_and_one_failure_fails_the_task() {
        let step =
            |name: &str, passed, seconds| Step { name: name.to_owned(), passed, took: Duration::from_secs(seconds) };
        let good = Steps(vec![step("first", true, 1), step("second", true, 61)]);
        assert_eq!(good.table(), "ok         1.0 s  first\nok        61.0 s  second\n          62.0 s  in all");
        assert!(good.verdict().is_ok());
        let bad = Steps(vec![step("first", false, 1), step("second", true, 61)]);
        assert!(bad.table().starts_with("FAILED     1.0 s  first\nok "));
        assert_eq!(bad.verdict().unwrap_err().to_string(), "1 of 2 steps failed");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(command("openroll-no-such-program", &["x"])).unwrap_err();
        assert!(error.to_string().starts_with("cannot start `openroll-no-such-program x`:"), "{error}");
    }
}
