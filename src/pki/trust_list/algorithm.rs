//! Digest and signature algorithms of XML signatures: identifier, strength, verification.

use openssl::bn::BigNum;
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKeyRef, Public};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::super::certificate::key_name;
use super::TrustListFault;

/// Shortest RSA modulus (TS 119 312, 6.2.2.1).
const LEAST_RSA_BITS: u32 = 2048;
/// Longest RSA modulus that is worth computing with.
const MOST_RSA_BITS: u32 = 16384;

/// A digest algorithm (RFC 9231, 2.1). SHA-1 and older are not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DigestMethod {
    Sha256,
    Sha384,
    Sha512,
}

impl DigestMethod {
    pub(super) fn from_uri(uri: &str) -> Result<Self, TrustListFault> {
        match uri {
            "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Self::Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Self::Sha384),
            "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Self::Sha512),
            other => Err(TrustListFault::Algorithm {
                role: "digest algorithm",
                algorithm: other.to_owned(),
            }),
        }
    }

    pub(super) fn digest(self, octets: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(octets).to_vec(),
            Self::Sha384 => Sha384::digest(octets).to_vec(),
            Self::Sha512 => Sha512::digest(octets).to_vec(),
        }
    }

    fn message_digest(self) -> MessageDigest {
        match self {
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    RsaPkcs1,
    RsaPss,
    Ecdsa,
}

/// A signature algorithm (RFC 9231, 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SignatureMethod {
    scheme: Scheme,
    digest: DigestMethod,
}

impl SignatureMethod {
    pub(super) fn from_uri(uri: &str) -> Result<Self, TrustListFault> {
        use DigestMethod::{Sha256, Sha384, Sha512};
        use Scheme::{Ecdsa, RsaPkcs1, RsaPss};
        let (scheme, digest) = match uri {
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => (RsaPkcs1, Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => (RsaPkcs1, Sha384),
            "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => (RsaPkcs1, Sha512),
            "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1" => (RsaPss, Sha256),
            "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1" => (RsaPss, Sha384),
            "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1" => (RsaPss, Sha512),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" => (Ecdsa, Sha256),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384" => (Ecdsa, Sha384),
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512" => (Ecdsa, Sha512),
            other => {
                return Err(TrustListFault::Algorithm {
                    role: "signature algorithm",
                    algorithm: other.to_owned(),
                });
            }
        };
        Ok(Self { scheme, digest })
    }

    /// Verifies `value` over `octets`.
    pub(super) fn verify(
        self,
        key: &PKeyRef<Public>,
        octets: &[u8],
        value: &[u8],
    ) -> Result<(), TrustListFault> {
        if !self.suits(key) {
            return Err(TrustListFault::WeakKey { key: key_name(key) });
        }
        let right = match self.scheme {
            Scheme::RsaPkcs1 | Scheme::RsaPss => self.verifies(key, octets, value),
            Scheme::Ecdsa => {
                let width = usize::try_from(key.bits().div_ceil(8)).unwrap_or_default();
                ecdsa_der(value, width).and_then(|der| self.verifies(key, octets, &der))
            }
        };
        // What OpenSSL cannot even read is as wrong as what does not fit.
        match right {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(TrustListFault::WrongSignature),
        }
    }

    fn suits(self, key: &PKeyRef<Public>) -> bool {
        match self.scheme {
            Scheme::RsaPkcs1 => {
                key.id() == Id::RSA && (LEAST_RSA_BITS..=MOST_RSA_BITS).contains(&key.bits())
            }
            Scheme::RsaPss => {
                matches!(key.id(), Id::RSA | Id::RSA_PSS)
                    && (LEAST_RSA_BITS..=MOST_RSA_BITS).contains(&key.bits())
            }
            Scheme::Ecdsa => {
                let curve = key.ec_key().ok().and_then(|key| key.group().curve_name());
                matches!(
                    curve,
                    Some(Nid::X9_62_PRIME256V1 | Nid::SECP384R1 | Nid::SECP521R1)
                )
            }
        }
    }

    fn verifies(
        self,
        key: &PKeyRef<Public>,
        octets: &[u8],
        value: &[u8],
    ) -> Result<bool, ErrorStack> {
        let digest = self.digest.message_digest();
        let mut verifier = Verifier::new(digest, key)?;
        if self.scheme == Scheme::RsaPss {
            // RFC 9231, 2.3.10: MGF1 with the same digest, and a salt of its length.
            verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
            verifier.set_rsa_mgf1_md(digest)?;
            verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        }
        verifier.verify_oneshot(value, octets)
    }
}

/// An ECDSA signature as OpenSSL reads it. XML signatures hold r and s side by side, each as long as the
/// order of the curve (RFC 9231, 2.3.6; IEEE P1363).
fn ecdsa_der(value: &[u8], width: usize) -> Result<Vec<u8>, ErrorStack> {
    let numbers = (value.len() == 2 * width)
        .then(|| value.split_at_checked(width))
        .flatten();
    let (r, s) = numbers.unwrap_or_default();
    EcdsaSig::from_private_components(BigNum::from_slice(r)?, BigNum::from_slice(s)?)?.to_der()
}
