//! One module per noun of the command line.

mod decide;
mod demo;
mod help;
mod key;
mod law;
mod release;
mod request;
mod roll;
mod synth;
mod verify;

use std::path::{Path, PathBuf};

use terms::Date;

use crate::cli::{Cli, Command};
use crate::exit::{Exit, Failure};

/// What every command may need.
pub(crate) struct Context {
    /// Folder of rolls, keys and records.
    pub(crate) store: PathBuf,
    /// Folder of laws, calendars and letters in place of the built-in ones.
    pub(crate) data: Option<PathBuf>,
    /// Results only.
    pub(crate) quiet: bool,
}

impl Context {
    /// The data folder, if one was named.
    pub(crate) fn data(&self) -> Option<&Path> {
        self.data.as_deref()
    }

    /// Prints a summary or hint, unless results alone are wanted.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            crate::output::note(text);
        }
    }
}

/// Today, in the zone of this machine.
pub(crate) fn today() -> Date {
    jiff::Zoned::now().date()
}

/// Runs the command.
pub(crate) fn run(cli: Cli) -> Result<Exit, Failure> {
    let context = Context { store: cli.store, data: cli.data, quiet: cli.quiet };
    match cli.command {
        Command::Demo(args) => demo::run(&context, &args),
        Command::Synth(args) => synth::run(&context, &args),
        Command::Roll(command) => roll::run(&context, command),
        Command::Law(command) => law::run(&context, command),
        Command::Request(command) => request::run(command),
        Command::Decide(args) => decide::run(&context, &args),
        Command::Release(args) => release::run(&context, &args),
        Command::Verify(args) => verify::run(&context, &args),
        Command::Key { command } => key::run(&context, command),
        Command::Completions { shell } => Ok(help::completions(shell)),
        Command::Man => help::man(),
        Command::Help { topic } => help::topic(&topic),
    }
}
