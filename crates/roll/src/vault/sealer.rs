//! Seals the files of one snapshot in the making.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_schema::Schema;
use parquet::encryption::encrypt::FileEncryptionProperties;

use super::compartment::Compartment;
use super::content::{Content, Sum};
use super::key::{KeyId, Secret};
use super::sealed;
use crate::digest;
use crate::manifest::names;

/// What a file of a snapshot is bound to, so that it cannot be put in the place of another one.
pub(crate) fn aad(snapshot: &str, file: &str) -> String {
    format!("openroll/{snapshot}/{file}")
}

/// A file in the making that is sealed whole.
pub(crate) type Whole<W> = age::stream::StreamWriter<W>;

/// What was sealed.
#[derive(Debug, Default)]
pub(crate) struct Sealed {
    /// SHA-256 in hex over what the files hold.
    pub(crate) content: String,
    /// The keys that they are encrypted under, in order.
    pub(crate) keys: Vec<KeyId>,
}

/// Seals the files of one snapshot, and remembers what they hold and which keys they took.
///
/// A column without a key is never written in the open: it is an error.
#[derive(Debug)]
pub(crate) struct Sealer {
    snapshot: String,
    keys: BTreeMap<Compartment, (KeyId, Secret)>,
    done: Mutex<Done>,
}

#[derive(Debug, Default)]
struct Done {
    contents: BTreeMap<String, Sum>,
    used: BTreeSet<KeyId>,
}

/// Why a file is not sealed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error("there is no key for {}", .0.in_words())]
    NoKey(Compartment),
    #[error(transparent)]
    Arrow(#[from] arrow_schema::ArrowError),
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Sealer {
    pub(crate) fn new(snapshot: &str, keys: BTreeMap<Compartment, (KeyId, Secret)>) -> Self {
        Self { snapshot: snapshot.to_owned(), keys, done: Mutex::default() }
    }

    fn done(&self) -> MutexGuard<'_, Done> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn key(&self, compartment: &Compartment) -> Result<&(KeyId, Secret), SealError> {
        self.keys.get(compartment).ok_or_else(|| SealError::NoKey(compartment.clone()))
    }

    /// How the Parquet file of a table is encrypted: its footer and open columns under the key of the roll, every other
    /// column under its own.
    pub(crate) fn parquet(&self, file: &str, schema: &Schema) -> Result<Arc<FileEncryptionProperties>, SealError> {
        let table = names::table(file);
        let (roll, secret) = self.key(&Compartment::Roll)?;
        let mut used = BTreeSet::from([roll.clone()]);
        let mut properties = FileEncryptionProperties::builder(secret.bytes().to_vec())
            .with_footer_key_metadata(roll.to_string().into_bytes())
            .with_aad_prefix(aad(&self.snapshot, file).into_bytes());
        for field in schema.fields() {
            let compartment = table.map_or(Compartment::Roll, |table| Compartment::of(table, field.name()));
            let (id, secret) = self.key(&compartment)?;
            let (name, metadata) = (field.name().as_str(), id.to_string().into_bytes());
            properties = properties.with_column_key_and_metadata(name, secret.bytes().to_vec(), metadata);
            used.insert(id.clone());
        }
        self.done().used.append(&mut used);
        Ok(properties.build()?)
    }

    /// Begins a file that is sealed whole.
    pub(crate) fn whole<W: Write>(&self, file: &str, compartment: &Compartment, out: W) -> Result<Whole<W>, SealError> {
        let (id, secret) = self.key(compartment)?;
        let sealed = sealed::sealing(id, secret, &aad(&self.snapshot, file), out)?;
        self.done().used.insert(id.clone());
        Ok(sealed)
    }

    /// Remembers what a file holds.
    pub(crate) fn holds(&self, file: &str, content: Content) {
        self.done().contents.insert(file.to_owned(), content.sum());
    }

    /// What was sealed: the digest is over the lines `<sha256>  <name>` of every file, by name.
    pub(crate) fn finish(self) -> Sealed {
        let done = self.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        let line = |(name, sum): (&String, &Sum)| format!("{}  {name}", data_encoding::HEXLOWER.encode(sum));
        let lines: Vec<String> = done.contents.iter().map(line).collect();
        let content = digest::hex_of_lines(lines.iter().map(String::as_str));
        Sealed { content, keys: done.used.into_iter().collect() }
    }
}
