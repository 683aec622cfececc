//! Revocation: what OCSP responses (RFC 6960) and revocation lists (RFC 5280, 5) say of a certificate.
//! They are read from what came with a signature or was fetched beforehand; nothing is fetched here.

mod crl;
pub mod fetched;
pub mod kept;
mod ocsp;

use der::asn1::{GeneralizedTime, ObjectIdentifier};
use der::{AnyRef, Decode, Encode};
use jiff::Timestamp;
use openssl::x509::X509;
use serde::{Deserialize, Serialize};
use x509_cert::ext::pkix::CrlReason;

use super::certificate::timestamp;
use super::elements::Elements;
use super::path::{Embedded, Held};

pub use fetched::{FetchedAnswer, IssuedCertificate, OcspRequest};
pub use kept::{NotCurrent, RevocationData, RevocationKeeper};

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
    /// The digest in it, dotted; `None` where there is none (Ed25519) or it is not known here.
    pub signature_digest: Option<String>,
    /// Validity of the certificate that signed the answer, when it is not the issuer itself.
    pub responder_validity: Option<(Timestamp, Timestamp)>,
    /// That certificate has `id-pkix-ocsp-nocheck` (RFC 6960, 4.2.2.2.1): its own revocation need not be
    /// looked up.
    pub responder_no_check: bool,
    /// Certificates that expired from this moment on are still answered for: `archiveCutoff` (RFC 6960,
    /// 4.4.4) or `expiredCertsOnCRL` (ITU-T X.509, 9.5.2.8). Without it, that an expired certificate
    /// is not listed says nothing.
    pub expired_since: Option<Timestamp>,
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

/// OCSP responses and revocation lists beyond this many, each, are not looked at.
const MAX_ANSWERS: usize = 64;

/// What the embedded material says of `certificate`, issued by `issuer`. `pool` holds the certificates in
/// which a responder's may be found. Answers that do not concern the certificate, cannot be read, or
/// whose signature is not the issuer's or an authorised responder's, are passed over.
pub(super) fn answers(
    certificate: &Held,
    issuer: &Held,
    embedded: Embedded<'_>,
    pool: &[X509],
) -> Vec<RevocationAnswer> {
    let responses = embedded.ocsp_responses.iter().take(MAX_ANSWERS);
    let said = responses.filter_map(|der| ocsp::answer(der, certificate, issuer, pool));
    let lists = embedded.crls.iter().take(MAX_ANSWERS);
    let listed = lists.filter_map(|der| crl::answer(der, certificate, issuer));
    said.chain(listed).collect()
}

/// Why an answer is no evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not made as it has to be.
    #[error("it cannot be read")]
    Unreadable,
    /// It does not concern the certificate, or not all that could be said of it.
    #[error("it is not about this certificate")]
    OutOfScope,
    /// A critical extension that is not understood.
    #[error("it has a critical extension that is not understood")]
    Critical,
    /// Nobody who may answer signed it.
    #[error("it is not signed by the issuer, nor by whom the issuer authorised")]
    Signature,
    /// It is signed with a digest that is broken.
    #[error("it is signed with a digest that is broken")]
    Algorithm,
    /// It has another nonce than the request: it may answer another one.
    #[error("it does not repeat the nonce of the request")]
    Nonce,
    /// The responder gives no answer (`OCSPResponseStatus`).
    #[error("the responder declines: {0}")]
    Declined(&'static str),
}

impl From<der::Error> for Refusal {
    fn from(_: der::Error) -> Self {
        Self::Unreadable
    }
}

/// Extensions of a list, of an entry in it, or of an OCSP response, one after the other.
struct Extensions<'a>(Elements<'a>);

/// `Extension` (RFC 5280, 4.1).
struct Extension<'a> {
    kind: ObjectIdentifier,
    critical: bool,
    /// The DER inside its `OCTET STRING`.
    value: &'a [u8],
}

impl<'a> Extensions<'a> {
    /// From the `SEQUENCE OF Extension`.
    fn of(sequence: AnyRef<'a>) -> Result<Self, Refusal> {
        Ok(Self(Elements::of(sequence)?))
    }

    fn next(&mut self) -> Result<Option<Extension<'a>>, Refusal> {
        const BOOLEAN: u8 = 0x01;
        if self.0.is_empty() {
            return Ok(None);
        }
        let mut fields = Elements::of(self.0.any()?)?;
        let kind = fields.any()?.decode_as::<ObjectIdentifier>()?;
        let critical = fields.optional(BOOLEAN)?;
        let critical = critical.map(|critical| critical.decode_as::<bool>());
        Ok(Some(Extension {
            kind,
            critical: critical.transpose()?.unwrap_or(false),
            value: fields.any()?.value(),
        }))
    }
}

impl Extension<'_> {
    /// A time in the `GeneralizedTime` that is its value.
    fn time(&self) -> Result<Timestamp, Refusal> {
        general_time(AnyRef::try_from(self.value)?)
    }
}

const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");

/// A `GeneralizedTime`.
fn general_time(time: AnyRef<'_>) -> Result<Timestamp, Refusal> {
    let time = x509_cert::time::Time::GeneralTime(time.decode_as::<GeneralizedTime>()?);
    timestamp(time).map_err(|_| Refusal::Unreadable)
}

/// A `CRLReason` in the words of RFC 5280, 5.3.1.
fn reason_word(reason: CrlReason) -> String {
    let word = match reason {
        CrlReason::Unspecified => "unspecified",
        CrlReason::KeyCompromise => "keyCompromise",
        CrlReason::CaCompromise => "cACompromise",
        CrlReason::AffiliationChanged => "affiliationChanged",
        CrlReason::Superseded => "superseded",
        CrlReason::CessationOfOperation => "cessationOfOperation",
        CrlReason::CertificateHold => "certificateHold",
        CrlReason::RemoveFromCRL => "removeFromCRL",
        CrlReason::PrivilegeWithdrawn => "privilegeWithdrawn",
        CrlReason::AaCompromise => "aACompromise",
    };
    word.to_owned()
}

/// The reason in the DER of a `CRLReason`; one that does not exist is as good as none.
fn reason(der: &[u8]) -> Option<String> {
    CrlReason::from_der(der).ok().map(reason_word)
}

/// The certificate's serial number as it stands in its `INTEGER`.
fn serial(held: &Held) -> Result<Vec<u8>, Refusal> {
    let serial = held.reading.certificate.tbs_certificate().serial_number();
    let encoded = serial.to_der()?;
    Ok(AnyRef::try_from(encoded.as_slice())?.value().to_vec())
}
