//! The `openroll` command: arguments in, libraries called, results on stdout, everything else on stderr.
//!
//! Clocks, files and randomness enter the project here; the libraries below take values and give values.

mod cli;
mod commands;
mod data;
mod exit;
mod output;
mod progress;
mod unlock;

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;

use crate::cli::Cli;
use crate::exit::Exit;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(help) => {
            // `--help` and `--version` come this way as well, and are no error. If the terminal is gone, so is the
            // reader.
            let _ = help.print();
            return if help.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    // This thread works too where it would otherwise wait for others. With one thread every step is its own.
    let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    if stop_cleanly().is_err() {
        output::warn("interrupts cannot be handled here; a release in the making may leave a hidden folder behind");
    }
    match commands::run(cli) {
        Ok(exit) => exit.into(),
        // The work failed because the interrupt took its folder away. That is no fault to report, and the handler ends
        // the process once everything is removed.
        Err(_) if STOPPING.load(Ordering::SeqCst) => loop {
            std::thread::park();
        },
        Err(failure) => {
            output::report(&failure);
            failure.exit().into()
        }
    }
}

/// Whether an interrupt has come.
static STOPPING: AtomicBool = AtomicBool::new(false);

/// On Ctrl-C: the first removes what is half made and stops; a second stops at once.
fn stop_cleanly() -> Result<(), ctrlc::Error> {
    let stop = || std::process::exit(Exit::Interrupted.code().into());
    ctrlc::set_handler(move || {
        if STOPPING.swap(true, Ordering::SeqCst) {
            stop();
        }
        // On a thread of its own, so that this handler is free to hear the second one.
        std::thread::spawn(move || {
            roll::Staging::abandon_all();
            stop();
        });
    })
}
