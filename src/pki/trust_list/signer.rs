//! Certificates of those who sign lists: read, told, pinned.

use jiff::Timestamp;
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::x509::X509;
use serde::Serialize;

use super::super::UnreadableCertificate;
use super::super::certificate::common_name;
use super::element::one_line;
use crate::model::Sha256Digest;

/// Who signed a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signer {
    /// Common name of the certificate's subject.
    pub subject: String,
    /// SHA-256 of the certificate's DER.
    pub fingerprint: Sha256Digest,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
}

impl Signer {
    pub(super) fn of(certificate: &X509, der: &[u8]) -> Result<Self, UnreadableCertificate> {
        Ok(Self {
            subject: subject(certificate),
            fingerprint: Sha256Digest::of(der),
            not_before: time(certificate.not_before())?,
            not_after: time(certificate.not_after())?,
        })
    }
}

/// The certificate in these octets, if they are one and nothing else.
pub(super) fn certificate(der: &[u8]) -> Result<X509, UnreadableCertificate> {
    let certificate = X509::from_der(der).map_err(|_| UnreadableCertificate)?;
    let whole = certificate.to_der().is_ok_and(|again| again == der);
    whole.then_some(certificate).ok_or(UnreadableCertificate)
}

/// Common name of a certificate's subject, on one line; its unit or organisation when it has none.
pub(in crate::pki) fn subject(certificate: &X509) -> String {
    use openssl::nid::Nid;
    let name = certificate.subject_name();
    let common = common_name(name);
    if !common.is_empty() {
        return one_line(&common);
    }
    [Nid::ORGANIZATIONALUNITNAME, Nid::ORGANIZATIONNAME]
        .into_iter()
        .filter_map(|kind| name.entries_by_nid(kind).next())
        .find_map(|entry| entry.data().to_string().ok())
        .map(|text| one_line(&text))
        .unwrap_or_default()
}

/// A time of a certificate.
pub(in crate::pki) fn time(time: &Asn1TimeRef) -> Result<Timestamp, UnreadableCertificate> {
    let since = Asn1Time::from_unix(0)
        .and_then(|epoch| epoch.diff(time))
        .map_err(|_| UnreadableCertificate)?;
    let seconds = i64::from(since.days) * 86_400 + i64::from(since.secs);
    Timestamp::from_second(seconds).map_err(|_| UnreadableCertificate)
}

/// The certificates in a PEM file, DER; at least one.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, UnreadableCertificate> {
    let certificates = X509::stack_from_pem(pem).map_err(|_| UnreadableCertificate)?;
    if certificates.is_empty() {
        return Err(UnreadableCertificate);
    }
    certificates
        .iter()
        .map(|certificate| certificate.to_der().map_err(|_| UnreadableCertificate))
        .collect()
}

/// SHA-256 of each certificate in a PEM file.
///
/// # Errors
/// [`UnreadableCertificate`] for a file without certificates or with one that cannot be read.
pub fn fingerprints(pem: &[u8]) -> Result<Vec<Sha256Digest>, UnreadableCertificate> {
    let certificates = certificates(pem)?;
    Ok(certificates
        .iter()
        .map(|der| Sha256Digest::of(der))
        .collect())
}

/// A DER certificate as PEM (RFC 7468).
///
/// # Errors
/// [`UnreadableCertificate`].
pub fn pem(der: &[u8]) -> Result<String, UnreadableCertificate> {
    certificate(der)?
        .to_pem()
        .ok()
        .and_then(|pem| String::from_utf8(pem).ok())
        .ok_or(UnreadableCertificate)
}
