//! Revocation data kept at hand for the certificates that a service seals with.

use jiff::Timestamp;
use thiserror::Error;

use crate::model::{Octets, Sha256Digest};

/// What proves that a chain was good: the content of a `DSS` (ETSI EN 319 142-1, 5.4.2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RevocationData {
    /// Certificates that are needed, DER: the chain's and the responders'.
    pub certificates: Vec<Octets>,
    /// `OCSPResponse`s, DER.
    pub ocsp_responses: Vec<Octets>,
    /// `CertificateList`s, DER.
    pub crls: Vec<Octets>,
}

/// Why a chain cannot be shown to be good now.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NotCurrent {
    /// No answer is at hand for a certificate: no source is configured for its issuer, or none answered yet.
    #[error("no revocation data are at hand for \"{subject}\"")]
    Missing {
        /// SHA-256 of the certificate.
        fingerprint: Sha256Digest,
        /// Its subject.
        subject: String,
    },
    /// The newest answer at hand is too old.
    #[error("the revocation data for \"{subject}\" are of {as_of}")]
    Stale {
        /// Its subject.
        subject: String,
        /// `thisUpdate` of the newest answer.
        as_of: Timestamp,
    },
    /// It is revoked or suspended.
    #[error("\"{subject}\" is revoked since {at}")]
    Revoked {
        /// Its subject.
        subject: String,
        /// Since when.
        at: Timestamp,
        /// `CRLReason` in the words of RFC 5280, 5.3.1.
        reason: Option<String>,
    },
}

/// Who keeps revocation data at hand. Answers at once, from memory.
pub trait RevocationKeeper: Send + Sync {
    /// Fresh data for every certificate of `chain` (DER, leaf first) below its anchor, as of `at`.
    ///
    /// # Errors
    /// [`NotCurrent`]: what stands against using the chain now.
    fn current(&self, chain: &[Octets], at: Timestamp) -> Result<RevocationData, NotCurrent>;

    /// Since when a chain is known to be revoked, by the SHA-256 of its leaf: that of a seal which is not in
    /// use any more too. `None` says nothing in its favour.
    fn revoked_since(&self, leaf: Sha256Digest) -> Option<Timestamp>;
}
