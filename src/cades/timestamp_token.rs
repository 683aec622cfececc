//! What a time-stamp authority is asked to bind to its clock, and what it gives back (RFC 3161).

use jiff::Timestamp;
use sha2::{Digest, Sha256, Sha384};

use super::ber::definite;
use crate::model::Octets;
use crate::model::algorithm::DigestAlgorithm;

/// `MessageImprint` (RFC 3161, 2.4.1): the digest that is to be stamped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imprint {
    /// The digest's algorithm.
    pub algorithm: DigestAlgorithm,
    /// The digest.
    pub value: Vec<u8>,
}

impl Imprint {
    /// The imprint of `octets`.
    pub fn of(algorithm: DigestAlgorithm, octets: &[u8]) -> Self {
        let value = match algorithm {
            DigestAlgorithm::Sha256 => Sha256::digest(octets).to_vec(),
            DigestAlgorithm::Sha384 => Sha384::digest(octets).to_vec(),
        };
        Self { algorithm, value }
    }
}

/// A `TimeStampToken` that was checked against its request and the anchors for timestamps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampToken {
    /// The `ContentInfo`, DER, as sent.
    pub der: Vec<u8>,
    /// `genTime`, UTC.
    pub time: Timestamp,
    /// The authority's certificate and those above it, DER, leaf first, the anchor last.
    pub chain: Vec<Octets>,
}

impl TimestampToken {
    /// Whether the token is DER throughout, as a signature that takes it in has to be (EN 319 142-1, 6.3).
    pub fn is_der(&self) -> bool {
        definite(&self.der, self.der.len()).is_ok_and(|sent| sent.der)
    }
}
