//! Signature algorithms of seals.

use serde::{Deserialize, Serialize};

/// How a seal signs; configured per seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SealAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, the compatible default.
    #[serde(rename = "rsa-pkcs1-sha256")]
    RsaPkcs1Sha256,
    /// RSASSA-PSS with SHA-256, MGF1-SHA-256 and a salt of 32 bytes.
    #[serde(rename = "rsa-pss-sha256")]
    RsaPssSha256,
    /// ECDSA on P-256 with SHA-256.
    #[serde(rename = "ecdsa-p256-sha256")]
    EcdsaP256Sha256,
    /// ECDSA on P-384 with SHA-384 over the signed attributes; the document's digest is SHA-384 too.
    #[serde(rename = "ecdsa-p384-sha384")]
    EcdsaP384Sha384,
}
