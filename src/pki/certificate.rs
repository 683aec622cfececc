//! What a certificate says, as facts.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::Sha256Digest;

/// The facts of a seal certificate that the inventory, the record and the public list show.
/// The custodian's personal data in the subject alternative name are never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// SHA-256 of the DER.
    pub fingerprint: Sha256Digest,
    /// Common name of the subject: the seal's name.
    pub common_name: String,
    /// Organisation of the subject.
    pub organisation: String,
    /// NIF of the entity, from `organizationIdentifier` (`VATES-…`) or `serialNumber`.
    pub nif: Option<String>,
    /// Common name of the issuer.
    pub issuer: String,
    /// Serial number, lower-case hexadecimal.
    pub serial: String,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// `RSA-2048`, `EC P-256`, …
    pub public_key: String,
    /// Certificate policies, dotted.
    pub policies: Vec<String>,
    /// QcType eseal (0.4.0.1862.1.6.2).
    pub qc_eseal: bool,
    /// QcCompliance (0.4.0.1862.1.1).
    pub qc_compliance: bool,
    /// QcSSCD (0.4.0.1862.1.4): without it the seal is advanced, not qualified.
    pub qc_sscd: bool,
}
