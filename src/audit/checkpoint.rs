//! Checkpoints: how far a log had come at a moment, and how far all others were known to have come,
//! authenticated under an audit key. What a checkpoint covers cannot be changed without the key.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::instance::Instance;
use super::keys::{AuditKeys, Authenticity, KeyName};
use super::line::{Head, json};
use crate::model::Sha256Digest;

/// Longest checkpoint, in bytes: thousands of instances.
const MOST_BYTES: usize = 1 << 20;

/// A checkpoint as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// What it says.
    pub statement: Statement,
    /// The key under which it is authenticated.
    pub key: KeyName,
    /// HMAC-SHA-256 over the statement's JSON.
    pub mac: Sha256Digest,
}

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Whose log.
    pub instance: Instance,
    /// How far it had come.
    #[serde(flatten)]
    pub head: Head,
    /// When, UTC.
    pub at: Timestamp,
    /// How far the others had come, as far as their own checkpoints said.
    pub others: Vec<KnownHead>,
}

/// How far another instance had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownHead {
    /// The instance.
    pub instance: Instance,
    /// Its head.
    #[serde(flatten)]
    pub head: Head,
}

/// Why a checkpoint proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointFault {
    /// Not a checkpoint.
    #[error("it cannot be read as a checkpoint")]
    Unreadable,
    /// Authenticated by nobody who has the key.
    #[error("it is not authentic")]
    Forged,
    /// Authenticated under a key that is not here.
    #[error("the key that it names is not in audit.keys_file")]
    UnknownKey,
}

impl Checkpoint {
    /// Makes one.
    pub(super) fn new(statement: Statement, keys: &AuditKeys) -> Self {
        let (key, mac) = keys.authenticate(&json(&statement));
        Self {
            statement,
            key,
            mac,
        }
    }

    /// Reads one and believes it only if it is authentic.
    ///
    /// # Errors
    /// [`CheckpointFault`].
    pub fn read(bytes: &[u8], keys: &AuditKeys) -> Result<Self, CheckpointFault> {
        if bytes.len() > MOST_BYTES {
            return Err(CheckpointFault::Unreadable);
        }
        let checkpoint: Self =
            serde_json::from_slice(bytes).map_err(|_| CheckpointFault::Unreadable)?;
        if checkpoint.to_json() != bytes {
            return Err(CheckpointFault::Unreadable);
        }
        let statement = json(&checkpoint.statement);
        match keys.judge(&statement, &checkpoint.key, &checkpoint.mac) {
            Authenticity::Good => Ok(checkpoint),
            Authenticity::Forged => Err(CheckpointFault::Forged),
            Authenticity::UnknownKey => Err(CheckpointFault::UnknownKey),
        }
    }

    /// How it is written.
    pub fn to_json(&self) -> Vec<u8> {
        json(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    #[test]
    fn a_checkpoint_is_believed_under_its_key_only_and_as_it_was_written() {
        let keys = |byte| AuditKeys::new(&[Zeroizing::new(vec![byte; 32])]).unwrap();
        let head = Head {
            count: 7,
            link: Sha256Digest::of(b"line 7"),
        };
        let statement = Statement {
            instance: "node".parse().unwrap(),
            head,
            at: "2026-11-22T12:00:00Z".parse().unwrap(),
            others: vec![KnownHead {
                instance: "other".parse().unwrap(),
                head,
            }],
        };
        let made = Checkpoint::new(statement, &keys(1));
        let bytes = made.to_json();
        assert_eq!(Checkpoint::read(&bytes, &keys(1)), Ok(made));
        let unknown = Checkpoint::read(&bytes, &keys(2));
        assert_eq!(unknown, Err(CheckpointFault::UnknownKey));
        let text = String::from_utf8(bytes).unwrap();
        let forged = text.replacen("\"count\":7", "\"count\":6", 1);
        let forged = Checkpoint::read(forged.as_bytes(), &keys(1));
        assert_eq!(forged, Err(CheckpointFault::Forged));
        let spaced = text.replacen(':', ": ", 1);
        let spaced = Checkpoint::read(spaced.as_bytes(), &keys(1));
        assert_eq!(spaced, Err(CheckpointFault::Unreadable));
    }
}
