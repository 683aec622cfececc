//! Signature algorithms of seals.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a seal signs; configured per seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

impl SealAlgorithm {
    /// The digest over the document and, inside the signature, over the signed attributes: they are
    /// always the same (RFC 6211 warns of what happens otherwise).
    pub const fn digest(self) -> DigestAlgorithm {
        match self {
            Self::RsaPkcs1Sha256 | Self::RsaPssSha256 | Self::EcdsaP256Sha256 => {
                DigestAlgorithm::Sha256
            }
            Self::EcdsaP384Sha384 => DigestAlgorithm::Sha384,
        }
    }

    /// The word in settings and answers: `rsa-pkcs1-sha256`, …
    pub const fn word(self) -> &'static str {
        match self {
            Self::RsaPkcs1Sha256 => "rsa-pkcs1-sha256",
            Self::RsaPssSha256 => "rsa-pss-sha256",
            Self::EcdsaP256Sha256 => "ecdsa-p256-sha256",
            Self::EcdsaP384Sha384 => "ecdsa-p384-sha384",
        }
    }
}

impl fmt::Display for SealAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A digest a seal works with (FIPS 180-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
}

impl DigestAlgorithm {
    /// Length of a digest, in bytes.
    pub const fn size(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_an_algorithm_is_the_one_in_the_organ_file() {
        for algorithm in [
            SealAlgorithm::RsaPkcs1Sha256,
            SealAlgorithm::RsaPssSha256,
            SealAlgorithm::EcdsaP256Sha256,
            SealAlgorithm::EcdsaP384Sha384,
        ] {
            let written = serde_json::to_value(algorithm).unwrap();
            assert_eq!(written, algorithm.word());
        }
    }

    #[test]
    fn a_document_sealed_on_p_384_is_digested_with_sha_384() {
        assert_eq!(SealAlgorithm::EcdsaP384Sha384.digest().size(), 48);
        assert_eq!(SealAlgorithm::RsaPssSha256.digest().size(), 32);
    }
}
