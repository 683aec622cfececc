//! The ways from a certificate up to an anchor (RFC 5280, 6), as facts that do not depend on the time.

use serde::{Deserialize, Serialize};

use super::revocation::RevocationAnswer;
use super::{Anchors, CertificateFacts, UnreadableCertificate};
use crate::model::Octets;

/// One way from a certificate up, leaf first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CertificatePath {
    /// The certificates, leaf first; the anchor last when one was reached.
    pub links: Vec<PathLink>,
    /// How it ends.
    pub end: PathEnd,
}

/// A certificate of a path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PathLink {
    /// What it says.
    pub facts: CertificateFacts,
    /// Its DER.
    pub der: Octets,
    /// Algorithm of the issuer's signature on it, dotted. An anchor's own is not looked at.
    pub signature_algorithm: String,
    /// What embedded OCSP responses and revocation lists say of it. Only answers whose own signature
    /// verifies with the issuer, or with a responder that the issuer authorised.
    pub revocation: Vec<RevocationAnswer>,
    /// `id-pkix-ocsp-nocheck` (RFC 6960, 4.2.2.2.1).
    pub no_check: bool,
}

/// How a path ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathEnd {
    /// At a configured anchor, every signature and constraint (dates aside) being right.
    Anchor,
    /// An issuer's certificate is not at hand.
    Incomplete {
        /// Its common name.
        issuer: String,
    },
    /// At a root that is no anchor.
    Untrusted {
        /// Its common name.
        root: String,
    },
    /// A signature or constraint in it is wrong.
    Broken {
        /// Common name of the certificate at fault.
        certificate: String,
        /// Why.
        reason: String,
    },
}

/// The material that came with a signature: helpful, never trusted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Embedded<'a> {
    /// Certificates, DER.
    pub certificates: &'a [Octets],
    /// `OCSPResponse`s or `BasicOCSPResponse`s, DER.
    pub ocsp_responses: &'a [Octets],
    /// `CertificateList`s, DER.
    pub crls: &'a [Octets],
}

/// The ways from the DER certificate `leaf` up, best first: those that reach an anchor, then the others.
/// At least one, at most [`MAX_PATHS`].
///
/// # Errors
/// [`UnreadableCertificate`] when `leaf` cannot be read.
pub fn paths(
    leaf: &[u8],
    embedded: Embedded<'_>,
    anchors: &Anchors,
) -> Result<Vec<CertificatePath>, UnreadableCertificate> {
    let _ = (leaf, embedded, anchors);
    Err(UnreadableCertificate)
}

/// Most paths told.
pub const MAX_PATHS: usize = 8;
