//! What opens the keyring: files that the command line names, and the environment.

use std::path::Path;

use roll::vault::{Passphrase, Unlock};

use crate::cli;
use crate::data;
use crate::exit::{Exit, Failure};

/// Holds the passphrase where no file does. It is no option: a command line can be read by everybody on the machine.
const PASSPHRASE: &str = "OPENROLL_PASSPHRASE";

/// What the arguments and the environment give.
pub(crate) fn unlock(args: &cli::Unlock) -> Result<Unlock, Failure> {
    let passphrase = args.passphrase_file.as_deref().map(from_file).transpose()?;
    with(args.identity.as_deref(), passphrase)
}

/// The same where no file may hold the passphrase.
pub(crate) fn with(identity: Option<&Path>, passphrase: Option<Passphrase>) -> Result<Unlock, Failure> {
    let mut unlock = Unlock::default();
    if let Some(identity) = identity {
        unlock = unlock.with_identity(identity);
    }
    if let Some(passphrase) = passphrase.or_else(|| std::env::var(PASSPHRASE).ok().and_then(Passphrase::new)) {
        unlock = unlock.with_passphrase(passphrase);
    }
    Ok(unlock)
}

/// The passphrase in a file, without the line end that an editor puts behind it.
pub(crate) fn from_file(path: &Path) -> Result<Passphrase, Failure> {
    let text = data::read(path)?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    Passphrase::new(line.to_owned()).ok_or_else(|| {
        let message = format!("`{}` holds no passphrase", path.display());
        Failure::message(Exit::Data, message, "write the passphrase into it, on one line")
    })
}
