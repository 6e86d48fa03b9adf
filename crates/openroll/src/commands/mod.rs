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

use ::roll::Store;
use terms::Date;

use crate::cli::{Cli, Command};
use crate::exit::{Exit, Failure};

/// What every command may need.
pub(crate) struct Context {
    /// Folder of rolls, keys and records.
    pub(crate) store: PathBuf,
    /// The bucket that holds the rolls.
    rolls: Option<String>,
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

    /// The same with a store in another folder, and its rolls there as well.
    fn in_folder(&self, store: PathBuf) -> Self {
        Self { store, rolls: None, data: self.data.clone(), quiet: self.quiet }
    }

    /// The store, with the bucket that holds its rolls where one was named.
    pub(crate) fn open_store(&self) -> Result<Store, Failure> {
        let store = Store::open(&self.store);
        match &self.rolls {
            None => Ok(store),
            Some(address) => in_bucket(store, address),
        }
    }

    /// Prints a summary or hint, unless results alone are wanted.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            crate::output::note(text);
        }
    }
}

#[cfg(feature = "s3")]
fn in_bucket(store: Store, address: &str) -> Result<Store, Failure> {
    use crate::exit::OrExit;
    Ok(store.with_remote(std::sync::Arc::new(bucket::Bucket::new(address).or_exit(Exit::Usage)?)))
}

#[cfg(not(feature = "s3"))]
fn in_bucket(_: Store, _: &str) -> Result<Store, Failure> {
    let help = "build it with `cargo build --release --features s3`, or leave `--rolls` and OPENROLL_ROLLS out";
    Err(Failure::message(Exit::Usage, "this openroll was built without buckets", help))
}

/// Today, in the zone of this machine.
pub(crate) fn today() -> Date {
    jiff::Zoned::now().date()
}

/// Runs the command.
pub(crate) fn run(cli: Cli) -> Result<Exit, Failure> {
    let context = Context { store: cli.store, rolls: cli.rolls, data: cli.data, quiet: cli.quiet };
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
