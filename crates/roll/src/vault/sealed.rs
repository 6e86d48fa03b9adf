//! Files that are sealed whole: the quarantine, and the lists.
//!
//! An age file with one stanza, `openroll <key>`: the key of the file under AES-256-GCM, bound to the names of the file and
//! of the key, so that one file cannot be put in the place of another. What follows is read and written in pieces, each
//! of them checked; memory does not grow with it.

use std::collections::HashSet;
use std::io::{self, BufRead, Read, Write};

use age::secrecy::ExposeSecret;
use age::{DecryptError, Decryptor, EncryptError, Encryptor, stream};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::age::{AgeError, random};
use super::key::{KeyId, Secret};

/// The first word of our stanza.
const TAG: &str = "openroll";

/// LIMIT: lines of a header that are looked at for our stanza.
const HEADER_LINES_MAX: usize = 16;

/// LIMIT: the name of a key with the longest column that a layout may have.
const LINE_BYTES_MAX: u64 = 1024;

/// A key, and the file whose key it wraps.
struct Wrap<'a> {
    id: &'a str,
    secret: &'a Secret,
    name: &'a str,
}

impl Wrap<'_> {
    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.secret.bytes()).ok().map(LessSafeKey::new)
    }

    fn bound_to(&self) -> Aad<Vec<u8>> {
        Aad::from([self.id.as_bytes(), b"\n", self.name.as_bytes()].concat())
    }

    fn wrapped(&self, file_key: &FileKey) -> Option<Vec<u8>> {
        let nonce: [u8; NONCE_LEN] = random().ok()?;
        let mut body = file_key.expose_secret().to_vec();
        let cipher = self.cipher()?;
        cipher.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), self.bound_to(), &mut body).ok()?;
        Some([nonce.as_slice(), &body].concat())
    }

    fn unwrapped(&self, body: &[u8]) -> Option<FileKey> {
        let (nonce, sealed) = body.split_at_checked(NONCE_LEN)?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let plain = self.cipher()?.open_in_place(nonce, self.bound_to(), &mut sealed).ok()?;
        let plain: &[u8; FILE_KEY_BYTES] = (&*plain).try_into().ok()?;
        Some(FileKey::init_with_mut(|key| key.copy_from_slice(plain)))
    }
}

impl age::Recipient for Wrap<'_> {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, HashSet<String>), EncryptError> {
        let failed = || EncryptError::Io(io::Error::other("the key of a file cannot be wrapped"));
        let body = self.wrapped(file_key).ok_or_else(failed)?;
        Ok((vec![Stanza { tag: TAG.to_owned(), args: vec![self.id.to_owned()], body }], HashSet::new()))
    }
}

impl age::Identity for Wrap<'_> {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        let is_ours = stanza.tag == TAG && stanza.args.first().is_some_and(|id| id == self.id);
        is_ours.then(|| self.unwrapped(&stanza.body).ok_or(DecryptError::DecryptionFailed))
    }
}

/// Begins the sealed file of a name. It is complete once [`finish`](stream::StreamWriter::finish) has returned.
pub(crate) fn sealing<W: Write>(
    id: &KeyId,
    secret: &Secret,
    name: &str,
    out: W,
) -> io::Result<stream::StreamWriter<W>> {
    let id = id.to_string();
    let wrap = Wrap { id: &id, secret, name };
    let encryptor = Encryptor::with_recipients(std::iter::once(&wrap as &dyn age::Recipient));
    encryptor.map_err(io::Error::other)?.wrap_output(out)
}

/// Seals the content of the file of a name.
pub(crate) fn seal(id: &KeyId, secret: &Secret, name: &str, content: &[u8]) -> Result<Vec<u8>, AgeError> {
    let sealed = || -> io::Result<Vec<u8>> {
        let mut out = sealing(id, secret, name, Vec::new())?;
        out.write_all(content)?;
        out.finish()
    };
    sealed().map_err(|_| AgeError::Malformed("a file cannot be sealed"))
}

/// The key that a file is sealed under; `None` if it is no sealed file.
pub(crate) fn key_of(file: impl BufRead) -> Option<KeyId> {
    let mut file = file.take(LINE_BYTES_MAX);
    let mut line = Vec::new();
    for _ in 0..HEADER_LINES_MAX {
        line.clear();
        file.set_limit(LINE_BYTES_MAX);
        file.read_until(b'\n', &mut line).ok()?;
        let text = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
        if let Some(id) = text.strip_prefix("-> openroll ") {
            return id.parse().ok();
        }
    }
    None
}

/// Reads the sealed file of a name; `None` if it is sealed under another key or name. What was changed farther on is an
/// error where it is read.
pub(crate) fn unsealing<R: Read>(id: &KeyId, secret: &Secret, name: &str, file: R) -> Option<stream::StreamReader<R>> {
    let id = id.to_string();
    let wrap = Wrap { id: &id, secret, name };
    Decryptor::new(file).ok()?.decrypt(std::iter::once(&wrap as &dyn age::Identity)).ok()
}

/// The content of the file of a name; `None` if it is not as it was sealed, or under another key.
pub(crate) fn unseal(id: &KeyId, secret: &Secret, name: &str, file: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(file.len());
    unsealing(id, secret, name, file)?.read_to_end(&mut content).ok()?;
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_file_under_the_same_key_and_name_opens() {
        let id: KeyId = "9f3c61aa/ut/quarantine/1".parse().unwrap();
        let (next, secret) = ("9f3c61aa/ut/quarantine/2".parse().unwrap(), Secret::new().unwrap());
        for content in [b"".as_slice(), b"raw lines"] {
            let file = seal(&id, &secret, "a/quarantine", content).unwrap();
            assert_eq!(key_of(file.as_slice()), Some(id.clone()));
            assert_eq!(unseal(&id, &secret, "a/quarantine", &file).as_deref(), Some(content));
            assert_eq!(unseal(&id, &secret, "b/quarantine", &file), None);
            assert_eq!(unseal(&next, &secret, "a/quarantine", &file), None);
            assert_eq!(unseal(&id, &Secret::new().unwrap(), "a/quarantine", &file), None);
            for place in 0..file.len() {
                let mut bad = file.clone();
                bad[place] ^= 1;
                assert_eq!(unseal(&id, &secret, "a/quarantine", &bad), None, "byte {place}");
                assert_eq!(unseal(&id, &secret, "a/quarantine", &file[..place]), None, "cut at {place}");
            }
        }
        for file in [b"".as_slice(), b"file,line\n", b"-> openroll x\n", &[b'x'; 5000]] {
            assert_eq!(key_of(file), None);
        }
    }

    #[test]
    fn a_long_file_is_sealed_and_read_in_pieces() {
        let (id, secret) = ("9f3c61aa/ut/quarantine/1".parse().unwrap(), Secret::new().unwrap());
        let content: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
        let file = seal(&id, &secret, "a", &content).unwrap();
        let mut start = [0; 1000];
        unsealing(&id, &secret, "a", file.as_slice()).unwrap().read_exact(&mut start).unwrap();
        assert_eq!(start.as_slice(), &content[..1000]);
        assert_eq!(unseal(&id, &secret, "a", &file), Some(content));
        // A piece in the middle is missing.
        let gap = [&file[..70_000], &file[140_000..]].concat();
        assert_eq!(unseal(&id, &secret, "a", &gap), None);
    }
}
