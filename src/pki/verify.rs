//! What a validator asks about certificates.

use jiff::Timestamp;
use openssl::x509::X509;

use super::certificate::{Reading, UnreadableCertificate};
use super::chain::{self, ChainOutcome};
use super::{Anchors, CertificateFacts};
use crate::model::Octets;

/// What a DER certificate says.
///
/// # Errors
/// [`UnreadableCertificate`].
pub fn certificate_facts(der: &[u8]) -> Result<CertificateFacts, UnreadableCertificate> {
    Reading::of(der).map(|reading| reading.facts)
}

/// What every certificate in a file says: one in DER, or PEM with any number and whatever else. What cannot
/// be read is passed over.
pub fn certificates_in(file: &[u8]) -> Vec<CertificateFacts> {
    if let Ok(facts) = certificate_facts(file) {
        return vec![facts];
    }
    let certificates = X509::stack_from_pem(file).unwrap_or_default();
    let certificates = certificates.iter().filter_map(|found| found.to_der().ok());
    certificates
        .filter_map(|der| certificate_facts(&der).ok())
        .collect()
}

/// Whether the chain of a DER certificate reaches an anchor at the time `at`, with the help of the
/// certificates in `others` (those embedded in a signature), which are not trusted. Ones among them that
/// cannot be read are passed over. Revocation is not looked at.
///
/// # Errors
/// [`UnreadableCertificate`] when `certificate` itself cannot be read.
pub fn chain_to_anchor(
    certificate: &[u8],
    others: &[Octets],
    anchors: &Anchors,
    at: Timestamp,
) -> Result<ChainOutcome, UnreadableCertificate> {
    let leaf = X509::from_der(certificate).map_err(|_| UnreadableCertificate)?;
    let others: Vec<X509> = others
        .iter()
        .filter_map(|der| X509::from_der(der).ok())
        .collect();
    chain::build(&leaf, &others, anchors, at)
        .map(|chain| chain.outcome)
        .map_err(|_| UnreadableCertificate)
}
