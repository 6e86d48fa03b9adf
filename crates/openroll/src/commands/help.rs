//! Help topics, completions and the man page, all from the one definition of the command line.

use clap::CommandFactory;
use clap::error::ErrorKind;

use terms::{Custody, Field, Ground, Need, Promise, Purpose, RequesterClass};

use crate::cli::Cli;
use crate::exit::{Exit, Failure};
use crate::output;

/// Prints the completions of a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "openroll", &mut script);
    output::bytes(&script);
    Exit::Done
}

/// Prints the man page.
pub(crate) fn man() -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|error| {
        Failure::message(Exit::Data, format!("cannot render the man page: {error}"), "report this as a fault")
    })?;
    output::bytes(&page);
    Ok(Exit::Done)
}

/// Prints help on a topic or command.
pub(crate) fn topic(words: &[String]) -> Result<Exit, Failure> {
    if words == ["exit-codes"] {
        for (exit, meaning) in Exit::ALL {
            output::line(&format!("{:>3}  {meaning}", exit.code()));
        }
        return Ok(Exit::Done);
    }
    if words == ["words"] {
        vocabularies();
        return Ok(Exit::Done);
    }
    let asked = ["openroll"].into_iter().chain(words.iter().map(String::as_str)).chain(["--help"]);
    match Cli::command().try_get_matches_from(asked) {
        Err(help) if help.kind() == ErrorKind::DisplayHelp => {
            output::line(help.render().to_string().trim_end());
            Ok(Exit::Done)
        }
        _ => {
            let message = format!("there is no help on `{}`", words.join(" "));
            let help = "topics: a command such as `law explain`, `exit-codes`, or `words`";
            Err(Failure::message(Exit::Usage, message, help))
        }
    }
}

/// Prints the words that files and options take, with what they mean.
fn vocabularies() {
    fn list(title: &str, words: impl Iterator<Item = (&'static str, &'static str)>) {
        output::line(title);
        words.for_each(|(word, label)| output::line(&format!("  {word:<32} {label}")));
        output::line("");
    }
    list("fields", Field::ALL.iter().map(|word| (word.as_str(), word.label())));
    list("requester classes", RequesterClass::ALL.iter().map(|word| (word.as_str(), word.label())));
    list("purposes", Purpose::ALL.iter().map(|word| (word.as_str(), word.label())));
    list("promises", Promise::ALL.iter().map(|word| (word.as_str(), word.label())));
    list("papers", Need::ALL.iter().map(|word| (word.as_str(), word.label())));
    list("grounds of protection", Ground::ALL.iter().map(|word| (word.as_str(), word.label())));
    list("levels of custody", Custody::ALL.iter().map(|word| (word.as_str(), word.label())));
}
