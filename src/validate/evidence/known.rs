//! What the archive knows of a file, as facts that can be written down.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::archive::{CopyStatus, Identified, LookUp};
use crate::model::{Dir3, Sha256Digest};
use crate::validate::appended::{self, BaseFacts, Rule};
use crate::validate::identity::Identity;

/// What the archive says of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum IdentityFacts {
    /// A version stored here, or begins with one.
    Version {
        /// The copy.
        copy: KnownCopy,
        /// What follows it.
        added: Option<AddedData>,
    },
    /// It is or begins with a copy that is not committed yet.
    Uncommitted,
    /// Nothing stored here.
    Unknown,
    /// The archive keeps nothing or does not answer.
    Silent,
}

/// The copy of which a file is a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KnownCopy {
    /// The organ.
    pub organ: Dir3,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was committed: evidence that its seal existed, though no timestamp.
    pub committed_at: Timestamp,
    /// Whether it was answered for when the evidence was collected.
    pub status: CopyStatus,
    /// SHA-256 of the version that matched.
    pub digest: Sha256Digest,
    /// Its length in bytes.
    pub size: u64,
    /// Which version, from 1.
    pub version: u32,
    /// How many versions there were when the evidence was collected.
    pub versions: u32,
    /// Length of the source that it begins with; 0 when it does not.
    pub source_size: u64,
}

/// What was added to a version stored here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedData {
    /// Its length in bytes.
    pub bytes: u64,
    /// What it is by rules S1 to S16.
    pub judged: Addition,
}

/// Data added to a version stored here, by rules S1 to S16.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "addition")]
pub enum Addition {
    /// Validation data and timestamps only.
    Harmless {
        /// In so many revisions.
        revisions: usize,
    },
    /// Anything else.
    Refused {
        /// The first rule broken.
        rule: Rule,
        /// Where.
        offset: u64,
        /// How.
        text: String,
    },
}

impl IdentityFacts {
    /// The facts of an answer of the archive about `bytes`, whose digest is given.
    pub(crate) fn of(identity: Identity, bytes: &[u8], digest: Sha256Digest) -> Self {
        let size = bytes.len() as u64;
        match identity {
            Identity::Whole(identified) => Self::version(identified, digest, size, None),
            Identity::Prefix {
                identified,
                len,
                digest,
            } => Self::version(identified, digest, len, Some(added(bytes, len))),
            Identity::Unknown => Self::Unknown,
            Identity::Silent => Self::Silent,
        }
    }

    fn version(
        identified: Identified,
        digest: Sha256Digest,
        size: u64,
        added: Option<AddedData>,
    ) -> Self {
        let LookUp::Committed {
            record,
            status,
            extensions,
        } = identified.copy
        else {
            return Self::Uncommitted;
        };
        let source_size = match record.intent.prefix {
            true => record.intent.source.size,
            false => 0,
        };
        let copy = KnownCopy {
            organ: record.intent.organ,
            issued_at: record.intent.issued_at,
            committed_at: record.committed_at,
            status,
            digest,
            size,
            version: identified.version,
            versions: u32::try_from(extensions.len()).map_or(u32::MAX, |later| later + 1),
            source_size,
        };
        Self::Version { copy, added }
    }

    /// The copy, when the file is or begins with one.
    pub fn copy(&self) -> Option<&KnownCopy> {
        match self {
            Self::Version { copy, .. } => Some(copy),
            Self::Uncommitted | Self::Unknown | Self::Silent => None,
        }
    }

    /// The file is a version stored here, byte for byte.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self, Self::Version { added: None, .. })
    }
}

/// What follows the first `len` bytes, judged.
fn added(bytes: &[u8], len: u64) -> AddedData {
    let at = usize::try_from(len).unwrap_or(usize::MAX);
    let (base, suffix) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    let judged = BaseFacts::read(base).and_then(|facts| appended::judge(base, suffix, &facts));
    AddedData {
        bytes: suffix.len() as u64,
        judged: match judged {
            Ok(appended) => Addition::Harmless {
                revisions: appended.revisions.len(),
            },
            Err(violation) => Addition::Refused {
                rule: violation.rule,
                offset: violation.offset,
                text: violation.text.to_owned(),
            },
        },
    }
}
