//! `openroll key`: the public key of the office, and the keys that encrypt its rolls.

use std::collections::{BTreeMap, BTreeSet};

use roll::Store;
use roll::vault::{KeyId, Recipient, Seal, Vault};
use terms::Jurisdiction;

use super::Context;
use crate::cli::{Format, KeyCommand, SealArgs, Unlock};
use crate::data;
use crate::exit::{Exit, Failure, OrExit, of_rotation, of_vault};
use crate::output;
use crate::progress::{Progress, grouped};
use crate::unlock::{self, unlock};

/// Runs a key command.
pub(crate) fn run(context: &Context, command: Option<KeyCommand>) -> Result<Exit, Failure> {
    match command {
        None | Some(KeyCommand::Show) => show(context),
        Some(KeyCommand::List { unlock, format }) => list(context, &unlock, format),
        Some(KeyCommand::Rotate { jurisdictions, unlock }) => rotate(context, &jurisdictions, &unlock),
        Some(KeyCommand::Seal(args)) => seal(context, &args),
    }
}

/// Prints the public half of the office's signing key.
fn show(context: &Context) -> Result<Exit, Failure> {
    let key = release::Keys::open_or_create(&context.store).or_exit(Exit::Data)?.public();
    output::line(&key);
    context
        .note(&format!("fingerprint {}; publish it where requesters look for your office", release::fingerprint(&key)));
    Ok(Exit::Done)
}

fn open(store: &Store, unlock: roll::vault::Unlock) -> Result<Vault, Failure> {
    store.vault(unlock).map_err(|error| Failure::new(of_vault(&error), error))
}

/// Lists the keys of the keyring, and those that a snapshot or list needs and the keyring lacks.
fn list(context: &Context, args: &Unlock, format: Format) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let vault = open(&store, unlock(args)?)?;
    let mut uses: BTreeMap<KeyId, u32> = BTreeMap::new();
    for jurisdiction in Jurisdiction::all() {
        let keys = store.keys_in_use(jurisdiction, &vault).map_err(|error| Failure::new(of_rotation(&error), error))?;
        keys.into_iter().for_each(|(id, number)| *uses.entry(id).or_default() += number);
    }
    let row = |id: &KeyId, made_for: &str, state: &str| {
        let used = uses.get(id).copied().unwrap_or(0).to_string();
        vec![id.to_string(), made_for.to_owned(), used, state.to_owned()]
    };
    let state = |id: &KeyId| if uses.contains_key(id) { "in use" } else { "spare" };
    let mut rows: Vec<Vec<String>> =
        vault.entries().iter().map(|entry| row(&entry.id, &entry.made_for, state(&entry.id))).collect();
    let lost: Vec<&KeyId> = uses.keys().filter(|id| !vault.has(id)).collect();
    rows.extend(lost.iter().map(|id| row(id, "", "LOST")));
    output::rows(&["key", "made for", "used by", "state"], &rows, format, "openroll.keys/1");
    context.note(&match vault.recipients() {
        0 => "the keyring is sealed with a passphrase".to_owned(),
        1 => "the keyring is sealed to one identity".to_owned(),
        more => format!("the keyring is sealed to {more} identities, each of which opens it"),
    });
    if lost.is_empty() {
        return Ok(Exit::Done);
    }
    output::warn(&format!("{} keys are lost; restore the keyring from a backup that has them", lost.len()));
    Ok(Exit::No)
}

/// Gives rolls new keys.
fn rotate(context: &Context, jurisdictions: &[Jurisdiction], args: &Unlock) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let unlock = unlock(args)?;
    let with_keys: BTreeSet<Jurisdiction> = {
        let vault = open(&store, unlock.clone())?;
        vault.entries().iter().map(|entry| entry.id.jurisdiction()).collect()
    };
    let wanted: BTreeSet<Jurisdiction> =
        if jurisdictions.is_empty() { with_keys.clone() } else { jurisdictions.iter().copied().collect() };
    let mut exit = Exit::Done;
    for jurisdiction in wanted {
        if !with_keys.contains(&jurisdiction) {
            let message = format!("the keyring has no key of {jurisdiction}");
            return Err(Failure::message(Exit::Data, message, "`openroll key list` shows the keys"));
        }
        let progress = Progress::new(context.quiet, "rows");
        let rotated = store.rotate_keys(jurisdiction, unlock.clone(), &Writing(&progress));
        let rotation = rotated.map_err(|error| Failure::new(of_rotation(&error), error))?;
        progress.done();
        output::line(&format!(
            "{jurisdiction}: new keys {}, old keys forgotten {}, snapshots encrypted anew {}, lists {}",
            grouped(rotation.made as u64),
            grouped(rotation.forgotten as u64),
            grouped(rotation.snapshots.len() as u64),
            grouped(rotation.lists as u64),
        ));
        for (what, error) in rotation.left {
            output::warn(&format!("`{what}` stays under its old keys, which are kept"));
            exit = of_rotation(&error);
            output::report(&Failure::new(exit, error));
        }
    }
    context.note("whoever copied the old keys with the files that they opened can still read those copies");
    Ok(exit)
}

/// Rows that were written.
struct Writing<'a>(&'a Progress);

impl roll::Progress for Writing<'_> {
    fn advance(&self, _: roll::Stage, done: u64, _total: u64) {
        self.0.at(done);
    }
}

/// Seals the keyring anew.
fn seal(context: &Context, args: &SealArgs) -> Result<Exit, Failure> {
    let store = context.open_store()?;
    let mut vault = open(&store, unlock::with(args.identity.as_deref(), None)?)?;
    let seal = match &args.passphrase_file {
        Some(path) => Seal::Passphrase(unlock::from_file(path)?),
        None => Seal::Recipients(recipients(args)?),
    };
    vault.seal(&seal).map_err(|error| Failure::new(of_vault(&error), error))?;
    output::line(&format!("sealed {}", vault.path().display()));
    context.note("next: openroll key list, with what opens it now; keep a copy of the keyring until that has worked");
    Ok(Exit::Done)
}

/// The recipients that the arguments name, on the command line and in a file.
fn recipients(args: &SealArgs) -> Result<Vec<Recipient>, Failure> {
    let mut recipients = args.recipients.clone();
    if let Some(path) = &args.recipient_file {
        let text = data::read(path)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in lines {
            recipients.push(line.parse().or_exit(Exit::Data)?);
        }
        if recipients.is_empty() {
            let message = format!("`{}` names no recipient", path.display());
            return Err(Failure::message(Exit::Data, message, "write one `age1…` on each line"));
        }
    }
    Ok(recipients)
}
