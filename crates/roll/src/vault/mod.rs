//! The vault: what is protected lies encrypted on disk, and a reader gets the keys it needs and no other.
//!
//! Each protected column, and each one without a legal field, has a key of its own; so have the quarantine and the
//! protection lists. One further key, of the compartment `roll`, encrypts the footers and all other columns. The keys lie in
//! a keyring, `keys/keyring.age`, an age file sealed to identities or with a passphrase ([`Unlock`]).
//!
//! A snapshot names the keys that it is encrypted under. [`Vault::keys`] gives out those of some compartments as
//! [`Keys`]; a [`Reader`](crate::Reader) reads with exactly these.
//!
//! **Specification**: Parquet modular encryption (AES-GCM, 256-bit keys, encrypted footer) for tables, [`age`] for the
//! keyring and for the other files, whose file key lies under AES-256-GCM with the key of their compartment.
//!
//! **Out of scope**: who may have which key (`release` derives it from the decision), and keys in hardware.

mod age;
mod compartment;
mod content;
mod disk;
mod error;
mod key;
mod keyring;
mod rotate;
mod sealed;
mod sealer;
mod unlock;

pub use age::{Recipient, RecipientError};
pub use compartment::{Compartment, UnknownCompartment};
pub use disk::{KeyEntry, Seal, Vault};
pub use error::VaultError;
pub use key::{BadKeyId, KeyId, KeyringId, Keys};
pub use rotate::{RotateError, Rotation};
pub use unlock::{Passphrase, Unlock};

pub(crate) use content::Content;
pub(crate) use sealed::{key_of, seal, unseal, unsealing};
pub(crate) use sealer::{Sealed, Sealer, aad};

/// The folder of a store that holds its keys.
pub const KEYS_FOLDER: &str = "keys";

/// The sealed keyring in it.
pub const KEYRING_FILE: &str = "keyring.age";

/// The identity that is made with a keyring where the caller names none.
pub const IDENTITY_FILE: &str = "identity.txt";
