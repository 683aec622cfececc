//! Revocation: what OCSP responses (RFC 6960) and revocation lists (RFC 5280, 5) say of a certificate.
//! They are read from what came with a signature or was fetched beforehand; nothing is fetched here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one OCSP response or revocation list says of one certificate. Its own signature was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationAnswer {
    /// Where it comes from.
    pub source: RevocationSource,
    /// `thisUpdate`.
    pub this_update: Timestamp,
    /// `nextUpdate`; without one newer answers are always available.
    pub next_update: Option<Timestamp>,
    /// When it was signed: `producedAt`, or `thisUpdate` of a list.
    pub produced_at: Timestamp,
    /// The answer.
    pub status: RevocationStatus,
    /// Algorithm of the signature on it, dotted.
    pub signature_algorithm: String,
    /// Validity of the certificate that signed the answer, when it is not the issuer itself.
    pub responder_validity: Option<(Timestamp, Timestamp)>,
}

/// Kinds of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationSource {
    /// An OCSP response.
    Ocsp,
    /// A revocation list.
    Crl,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum RevocationStatus {
    /// Not revoked.
    Good,
    /// Revoked.
    Revoked {
        /// Since.
        at: Timestamp,
        /// `CRLReason` in the words of RFC 5280, 5.3.1: `keyCompromise`, `certificateHold`, …
        reason: Option<String>,
        /// `invalidityDate`: when the key is thought to have been lost.
        invalidity_date: Option<Timestamp>,
    },
    /// The responder does not know it.
    Unknown,
}
