//! Arguments about keys: what opens the keyring, and `openroll key`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand, ValueHint};
use roll::vault::Recipient;
use terms::Jurisdiction;

use super::Format;

/// What opens the keyring of the store.
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// Identity file that opens the keyring; the one beside it when left out.
    #[arg(long, value_name = "FILE", env = "OPENROLL_IDENTITY", value_hint = ValueHint::FilePath)]
    pub(crate) identity: Option<PathBuf>,
    /// File with the passphrase of the keyring; what OPENROLL_PASSPHRASE holds when left out.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Print the office's public key, for those who verify its releases; makes the signing keys on first use.
    #[command(
        after_help = "Examples:\n  openroll key show\n  openroll key show > office.pub\n  openroll key show --store office-store"
    )]
    Show,
    /// List the keys of the rolls by name (keyring, whose roll, what it opens, version), and no secret.
    #[command(
        after_help = "Examples:\n  openroll key list\n  openroll key list --identity officer.txt\n  openroll key list --format csv"
    )]
    List {
        #[command(flatten)]
        unlock: Unlock,
        /// How to print.
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// Make new keys, encrypt every snapshot and list under them, and forget the old ones.
    #[command(
        after_help = "Examples:\n  openroll key rotate\n  openroll key rotate UT\n  openroll key rotate UT --identity officer.txt"
    )]
    Rotate {
        /// Whose rolls: postal codes, such as `UT`; all when left out.
        jurisdictions: Vec<Jurisdiction>,
        #[command(flatten)]
        unlock: Unlock,
    },
    /// Seal the keyring anew: to age identities, or with a passphrase. What opened it before opens it no more.
    #[command(
        after_help = "Examples:\n  openroll key seal --passphrase-file passphrase.txt\n  openroll key seal --recipient-file officers.pub\n  openroll key seal --recipient-file officers.pub --identity officer.txt"
    )]
    Seal(SealArgs),
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("seal").required(true).args(["passphrase_file", "recipients", "recipient_file"]).multiple(true))]
pub(crate) struct SealArgs {
    /// File with the new passphrase.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["recipients", "recipient_file"])]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Public half of an age identity (`age1…`); as often as wanted, and each of them opens the keyring.
    #[arg(long = "recipient", value_name = "AGE")]
    pub(crate) recipients: Vec<Recipient>,
    /// File with such public halves, one on each line.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) recipient_file: Option<PathBuf>,
    /// Identity file that opens the keyring now; a passphrase that does is taken from OPENROLL_PASSPHRASE.
    #[arg(long, value_name = "FILE", env = "OPENROLL_IDENTITY", value_hint = ValueHint::FilePath)]
    pub(crate) identity: Option<PathBuf>,
}
