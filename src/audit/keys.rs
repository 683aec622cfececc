//! The audit keys: under them people, files and copies are referred to, and checkpoints are authenticated
//! (HMAC-SHA-256, RFC 2104). Who has the log and not the key learns no code and no identity from it.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::archive::CodeIndex;
use crate::model::Sha256Digest;

/// Keep the uses of a key apart.
const COPY: &[u8] = b"segell/audit/copy/v1";
const PERSON: &[u8] = b"segell/audit/person/v1";
const FILE: &[u8] = b"segell/audit/file/v1";
const CHECKPOINT: &[u8] = b"segell/audit/checkpoint/v1";
const NAME: &[u8] = b"segell/audit/key-name/v1";

/// Bytes of a reference: 128 bits.
const REFERENCE: usize = 16;

/// A keyed reference: equal for equal things under one key, and nothing else can be read from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference([u8; REFERENCE]);

/// The name of a key: the first eight hexadecimal digits of an HMAC under it. It gives nothing of it away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyName(String);

/// An audit key, ready to be used.
struct Key {
    name: KeyName,
    mac: Hmac<Sha256>,
}

/// The audit keys, newest first: the newest refers and authenticates, all of them recognise. At least one.
pub struct AuditKeys {
    newest: Key,
    older: Vec<Key>,
}

/// Whether something was authenticated by one of our keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authenticity {
    /// It was.
    Good,
    /// It names one of our keys and was not.
    Forged,
    /// It names a key that is not here.
    UnknownKey,
}

impl AuditKeys {
    /// These keys, newest first; `None` for none.
    pub fn new(keys: &[Zeroizing<Vec<u8>>]) -> Option<Self> {
        let mut keys = keys.iter().filter_map(|bytes| Key::new(bytes));
        Some(Self {
            newest: keys.next()?,
            older: keys.collect(),
        })
    }

    /// A copy.
    pub fn copy(&self, index: CodeIndex) -> Reference {
        self.newest.refer(COPY, index.0.as_bytes())
    }

    /// A copy, under each of the keys: a line may be older than the newest.
    pub fn copy_under_each(&self, index: CodeIndex) -> impl Iterator<Item = Reference> {
        self.each()
            .map(move |key| key.refer(COPY, index.0.as_bytes()))
    }

    /// A person, by whatever names them.
    pub(super) fn person(&self, name: &str) -> Reference {
        self.newest.refer(PERSON, name.as_bytes())
    }

    /// A file, by its digest.
    pub fn file(&self, digest: &Sha256Digest) -> Reference {
        self.newest.refer(FILE, digest.as_bytes())
    }

    /// Authenticates a checkpoint.
    pub(super) fn authenticate(&self, statement: &[u8]) -> (KeyName, Sha256Digest) {
        let mac = self.newest.over(&[CHECKPOINT, statement]).finalize();
        let mac = Sha256Digest::new(mac.into_bytes().into());
        (self.newest.name.clone(), mac)
    }

    /// Whether a checkpoint is authentic.
    pub(super) fn judge(
        &self,
        statement: &[u8],
        name: &KeyName,
        mac: &Sha256Digest,
    ) -> Authenticity {
        let Some(key) = self.each().find(|key| key.name == *name) else {
            return Authenticity::UnknownKey;
        };
        let verified = key
            .over(&[CHECKPOINT, statement])
            .verify_slice(mac.as_bytes());
        match verified {
            Ok(()) => Authenticity::Good,
            Err(_) => Authenticity::Forged,
        }
    }

    fn each(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.newest).chain(&self.older)
    }
}

impl Key {
    /// HMAC takes keys of any length (RFC 2104), so this is always one.
    fn new(bytes: &[u8]) -> Option<Self> {
        let mut key = Self {
            name: KeyName(String::new()),
            mac: Hmac::<Sha256>::new_from_slice(bytes).ok()?,
        };
        let [first, second, third, fourth, ..] = key.refer(NAME, b"").0;
        let name = u32::from_be_bytes([first, second, third, fourth]);
        key.name = KeyName(format!("{name:08x}"));
        Some(key)
    }

    /// An HMAC that has seen every field with its length before it.
    fn over(&self, fields: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        for field in fields {
            mac.update(&(field.len() as u64).to_be_bytes());
            mac.update(field);
        }
        mac
    }

    fn refer(&self, domain: &[u8], thing: &[u8]) -> Reference {
        let mac = self.over(&[domain, thing]).finalize().into_bytes();
        let mut reference = [0; REFERENCE];
        reference
            .iter_mut()
            .zip(mac)
            .for_each(|(to, from)| *to = from);
        Reference(reference)
    }
}

impl fmt::Debug for AuditKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditKeys({})", self.each().count())
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.to_string()
    }
}

impl TryFrom<String> for Reference {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        const WHAT: &str = "not 32 small hexadecimal digits";
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 2 * REFERENCE || !text.bytes().all(is_digit) {
            return Err(WHAT);
        }
        let number = u128::from_str_radix(&text, 16).map_err(|_| WHAT)?;
        Ok(Self(number.to_be_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> AuditKeys {
        let keys: Vec<_> = bytes
            .iter()
            .map(|byte| Zeroizing::new(vec![*byte; 32]))
            .collect();
        AuditKeys::new(&keys).unwrap()
    }

    #[test]
    fn a_copy_is_recognised_under_an_older_key_and_never_without() {
        let index = CodeIndex(Sha256Digest::of(b"a copy"));
        let before = keys(&[1]).copy(index);
        let after = keys(&[2, 1]);
        assert_ne!(after.copy(index), before);
        assert!(after.copy_under_each(index).any(|one| one == before));
        assert!(!keys(&[3]).copy_under_each(index).any(|one| one == before));
        assert_ne!(
            after.file(&index.0),
            after.copy(index),
            "the uses are apart"
        );
        assert_eq!(Reference::try_from(before.to_string()), Ok(before));
    }

    #[test]
    fn a_checkpoint_is_judged_under_the_key_that_it_names() {
        let (name, mac) = keys(&[1]).authenticate(b"statement");
        assert_eq!(
            keys(&[2, 1]).judge(b"statement", &name, &mac),
            Authenticity::Good
        );
        assert_eq!(
            keys(&[1]).judge(b"Statement", &name, &mac),
            Authenticity::Forged
        );
        assert_eq!(
            keys(&[2]).judge(b"statement", &name, &mac),
            Authenticity::UnknownKey
        );
        assert!(AuditKeys::new(&[]).is_none());
    }
}
