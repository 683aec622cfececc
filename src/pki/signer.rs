//! What signs: a key in memory, or a device that keeps it.

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkey::{HasPublic, PKey, PKeyRef, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

use super::SealDefect;
use crate::model::SealAlgorithm;
use crate::model::algorithm::DigestAlgorithm;

/// Octets of salt in RSASSA-PSS: as long as the digest.
const PSS_SALT_LEN: i32 = 32;

/// A private key that signs by one algorithm, wherever it is kept. Several threads ask at once.
pub trait Signer: Send + Sync {
    /// Signs `to_be_signed` (not a digest). RSASSA-PSS has a salt as long as the digest; ECDSA values
    /// are DER (RFC 3279, 2.2.3).
    ///
    /// # Errors
    /// [`SealDefect::DoesNotSign`]; [`SealDefect::Token`] with what is wrong with the device.
    fn sign(&self, to_be_signed: &[u8]) -> Result<Vec<u8>, SealDefect>;
}

/// A private key in memory.
pub(super) struct KeyInMemory {
    pub(super) key: PKey<Private>,
    pub(super) algorithm: SealAlgorithm,
}

impl Signer for KeyInMemory {
    fn sign(&self, to_be_signed: &[u8]) -> Result<Vec<u8>, SealDefect> {
        let sign = || -> Result<Vec<u8>, ErrorStack> {
            let digest = message_digest(self.algorithm);
            let mut signer = openssl::sign::Signer::new(digest, &self.key)?;
            if let SealAlgorithm::RsaPssSha256 = self.algorithm {
                signer.set_rsa_padding(Padding::PKCS1_PSS)?;
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(PSS_SALT_LEN))?;
                signer.set_rsa_mgf1_md(MessageDigest::sha256())?;
            }
            signer.sign_oneshot_to_vec(to_be_signed)
        };
        sign().map_err(|_| SealDefect::DoesNotSign)
    }
}

/// Whether a signature by `algorithm` verifies under this public key.
pub(super) fn verifies<T: HasPublic>(
    key: &PKeyRef<T>,
    algorithm: SealAlgorithm,
    signed: &[u8],
    signature: &[u8],
) -> bool {
    let verify = || -> Result<bool, ErrorStack> {
        let mut verifier = Verifier::new(message_digest(algorithm), key)?;
        if let SealAlgorithm::RsaPssSha256 = algorithm {
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(PSS_SALT_LEN))?;
            verifier.set_rsa_mgf1_md(MessageDigest::sha256())?;
        }
        verifier.verify_oneshot(signature, signed)
    };
    verify().unwrap_or(false)
}

fn message_digest(algorithm: SealAlgorithm) -> MessageDigest {
    match algorithm.digest() {
        DigestAlgorithm::Sha256 => MessageDigest::sha256(),
        DigestAlgorithm::Sha384 => MessageDigest::sha384(),
    }
}
