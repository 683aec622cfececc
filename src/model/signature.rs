//! The words in which a signature is judged (ETSI EN 319 102-1), and what is kept of a signature that a
//! source brought with it.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Dir3, Sha256Digest};

/// Main status indication of a signature (EN 319 102-1, 5.1.2). Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Indication {
    /// Sound in every respect that the policy asks for.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// Neither proved nor disproved.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// Disproved.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

/// Sub-indication: why a signature did not pass (EN 319 102-1, tables 5 and 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// Not a signature of a form that can be accepted.
    FormatFailure,
    /// The document's digest is not the one signed.
    HashFailure,
    /// The signature value does not verify.
    SigCryptoFailure,
    /// The certificate was revoked when the signature is proved not to have existed yet.
    Revoked,
    /// The certificate had expired when the signature is proved not to have existed yet.
    Expired,
    /// The signature is proved to be older than its certificate.
    NotYetValid,
    /// Something in the signature, or in what was done to the document after it, breaks a constraint.
    SigConstraintsFailure,
    /// The certificates break a constraint: key usage, purpose, names.
    ChainConstraintsFailure,
    /// The chain could not be validated to the end: no revocation data that can be used.
    CertificateChainGeneralFailure,
    /// An algorithm is too weak, although the signature is proved to be old.
    CryptoConstraintsFailure,
    /// An algorithm is too weak, and nothing proves that the signature was made while it was good.
    CryptoConstraintsFailureNoPoe,
    /// The timestamps contradict one another.
    TimestampOrderFailure,
    /// The signer's certificate is not at hand or not the one that the signature names.
    NoSigningCertificateFound,
    /// No chain to a configured anchor.
    NoCertificateChainFound,
    /// No chain to a configured anchor at the time for which the signature is proved.
    NoCertificateChainFoundNoPoe,
    /// Revoked, and nothing proves that the signature is older.
    RevokedNoPoe,
    /// An authority's certificate is revoked, and nothing proves that the signature is older.
    RevokedCaNoPoe,
    /// Outside the certificate's validity, and nothing proves that the signature was made inside it.
    OutOfBoundsNoPoe,
    /// The same, and the last word about the certificate is that it was not revoked.
    OutOfBoundsNotRevoked,
    /// The revocation data themselves are outside the validity of who signed them.
    RevocationOutOfBoundsNoPoe,
    /// A proof of existence is missing.
    NoPoe,
    /// Revocation data are not fresh enough, or the certificate is on hold: ask again later.
    TryLater,
    /// What was signed is not at hand.
    SignedDataNotFound,
    /// Anything else that stood in the way (the standard's catch-all).
    Generic,
}

impl fmt::Display for Indication {
    /// As the standard writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl fmt::Display for SubIndication {
    /// As the standard writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// Signature level reached (EN 319 142-1, 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SignatureLevel {
    /// Basic.
    #[serde(rename = "B-B")]
    BB,
    /// With a trusted time.
    #[serde(rename = "B-T")]
    BT,
    /// With the data to validate it offline.
    #[serde(rename = "B-LT")]
    BLt,
    /// With those data kept provable by a document timestamp.
    #[serde(rename = "B-LTA")]
    BLta,
}

impl SignatureLevel {
    /// All of them, lowest first.
    pub const ALL: [Self; 4] = [Self::BB, Self::BT, Self::BLt, Self::BLta];

    /// The level that the standard writes so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }

    /// As the standard writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BB => "B-B",
            Self::BT => "B-T",
            Self::BLt => "B-LT",
            Self::BLta => "B-LTA",
        }
    }
}

impl fmt::Display for SignatureLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who signed. A custodian's personal data are never among it, and identifiers of natural persons are
/// masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedBy {
    /// Common name of the certificate: the seal's name, or the person's.
    pub name: String,
    /// The organisation; empty when the certificate names none.
    pub organisation: String,
    /// The organisation's NIF, when the certificate says it; never a person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nif: Option<String>,
    /// Who issued the certificate.
    pub issuer: String,
    /// SHA-256 of the certificate.
    pub fingerprint: Sha256Digest,
    /// The organ for which this certificate is registered here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_for: Option<Dir3>,
}

/// A signature that a source brought with it, as it was judged before the copy was made (DESIGN §10).
/// The record of the copy keeps it; the copy itself keeps the signature inside its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceSignature {
    /// Name of its field.
    pub field: String,
    /// Who signed, when the certificate could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<SignedBy>,
    /// The time it claims for itself (`/M`): no proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_time: Option<Timestamp>,
    /// The time at which a trusted timestamp proves that it existed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    /// Its indication.
    pub indication: Indication,
    /// Why not passed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_indication: Option<SubIndication>,
    /// Signature level reached; absent when it is no PAdES signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<SignatureLevel>,
    /// It covers the source to its last byte.
    pub covers_whole_file: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(value: impl Serialize) -> String {
        serde_json::to_string(&value).unwrap().replace('"', "")
    }

    #[test]
    fn the_words_are_those_of_the_standard() {
        assert_eq!(word(Indication::TotalPassed), "TOTAL-PASSED");
        assert_eq!(
            word(SubIndication::OutOfBoundsNoPoe),
            "OUT_OF_BOUNDS_NO_POE"
        );
        assert_eq!(
            word(SubIndication::CryptoConstraintsFailureNoPoe),
            "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
        );
        assert_eq!(word(SignatureLevel::BLta), SignatureLevel::BLta.as_str());
        assert!(Indication::TotalFailed > Indication::Indeterminate);
    }
}
