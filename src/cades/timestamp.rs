//! Reading a timestamp token (RFC 3161): facts, as sent, without judging.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{CmsError, CmsEvidence};
use crate::model::Octets;

/// What a `TimeStampToken` says: its `TSTInfo` (RFC 3161, 2.4.2) and the CMS around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimestampEvidence {
    /// The CMS: who signed it, whether the signature verifies.
    pub cms: CmsEvidence,
    /// Signed attribute message-digest is the digest of the `TSTInfo` inside.
    pub content_matches: bool,
    /// `version`; 1 is the only one there is.
    pub version: u64,
    /// Policy of the authority, dotted.
    pub policy: String,
    /// Dotted OID of the imprint's digest algorithm.
    pub imprint_algorithm: String,
    /// The digest that was stamped.
    pub imprint: Octets,
    /// `genTime`, UTC.
    pub time: Timestamp,
    /// `accuracy`, microseconds; 0 when not said.
    pub accuracy_micros: u64,
    /// `nonce`, the octets of its INTEGER.
    pub nonce: Option<Octets>,
    /// `serialNumber`, the octets of its INTEGER.
    pub serial: Octets,
}

impl TimestampEvidence {
    /// Reads a token: a `ContentInfo`, zero padding allowed behind it.
    ///
    /// # Errors
    /// [`CmsError`] when it is no `SignedData` with a `TSTInfo` inside, or beyond the limits.
    pub fn collect(token: &[u8]) -> Result<Self, CmsError> {
        let _ = CmsEvidence::collect(token)?;
        Err(CmsError::Unreadable("timestamps are not read yet"))
    }

    /// Whether `digest_of` the octets stamped, computed with [`Self::imprint_algorithm`], is the
    /// imprint; `None` for an algorithm not known here.
    pub fn stamps(&self, octets: &[&[u8]]) -> Option<bool> {
        let _ = octets;
        None
    }
}
