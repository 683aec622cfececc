//! What an integrator sees of a seal: its certificate, and the one that takes over.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::model::{SealAlgorithm, Sha256Digest};
use crate::seal::{LoadedSeal, NextSeal};

/// A seal's certificate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Certificate)]
pub(crate) struct CertificateView {
    /// Name of the seal.
    name: String,
    /// Organisation.
    organisation: String,
    /// NIF of the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    nif: Option<String>,
    /// Issuer.
    issuer: String,
    /// Serial number, hexadecimal.
    serial: String,
    /// SHA-256, hexadecimal.
    #[schema(value_type = String)]
    fingerprint: Sha256Digest,
    /// `RSA-2048`, `EC P-256`, …
    public_key: String,
    /// How it signs.
    #[schema(value_type = String, example = "rsa-pkcs1-sha256")]
    algorithm: SealAlgorithm,
    /// First moment of its validity.
    #[schema(value_type = String, format = DateTime)]
    not_before: Timestamp,
    /// Last moment of its validity.
    #[schema(value_type = String, format = DateTime)]
    not_after: Timestamp,
    /// Whole days until then.
    days_left: i64,
}

/// A seal that waits to take over. Load its certificate before it does.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NextSeal)]
pub(super) struct NextSealView {
    /// When it takes over; absent when nobody has said so yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    active_from: Option<Timestamp>,
    /// Its certificate, when it is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateView>,
    /// Why it cannot take over, in the operator's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "wrong-passphrase")]
    problem: Option<&'static str>,
}

impl CertificateView {
    pub(super) fn of(seal: &LoadedSeal, now: Timestamp) -> Self {
        let facts = seal.key.facts();
        Self {
            name: facts.common_name.clone(),
            organisation: facts.organisation.clone(),
            nif: facts.nif.clone(),
            issuer: facts.issuer.clone(),
            serial: facts.serial.clone(),
            fingerprint: facts.fingerprint,
            public_key: facts.public_key.clone(),
            algorithm: seal.key.algorithm(),
            not_before: facts.not_before,
            not_after: facts.not_after,
            days_left: facts.not_after.duration_since(now).as_secs() / 86_400,
        }
    }
}

impl NextSealView {
    pub(super) fn of(next: &NextSeal, now: Timestamp) -> Self {
        let failing = next.seal.as_ref().ok().and_then(|seal| seal.failing());
        let defect = next.seal.as_ref().err().map(|defect| defect.code());
        Self {
            active_from: next.active_from,
            certificate: next
                .seal
                .as_ref()
                .ok()
                .map(|seal| CertificateView::of(seal, now)),
            problem: defect.or(failing.map(|defect| defect.code())),
        }
    }
}
