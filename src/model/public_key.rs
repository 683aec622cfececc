//! What kind of public key a certificate holds, as far as a judgement of its strength needs it.

use const_oid::ObjectIdentifier;
use der::asn1::Uint;
use der::{Decode, Sequence, Tag, Tagged};
use serde::{Deserialize, Serialize};
use spki::SubjectPublicKeyInfoRef;

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const ED448: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.113");

/// A public key, read from its `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum PublicKey {
    /// RSA (RFC 8017), also when restricted to PSS.
    Rsa {
        /// Bits of the modulus.
        bits: u32,
        /// The public exponent; `None` beyond 64 bits.
        exponent: Option<u64>,
    },
    /// A point on an elliptic curve (RFC 5480).
    Ec {
        /// Dotted name of the curve; `None` when its parameters are written out instead, which lets
        /// whoever wrote them choose the key (CVE-2020-0601).
        curve: Option<String>,
    },
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Ed448 (RFC 8410).
    Ed448,
    /// Another kind.
    Other {
        /// Its algorithm, dotted.
        algorithm: String,
    },
}

/// `RSAPublicKey` (RFC 8017, A.1.1).
#[derive(Sequence)]
struct RsaPublicKey {
    modulus: Uint,
    exponent: Uint,
}

impl PublicKey {
    /// Reads the DER of a `SubjectPublicKeyInfo`; `None` when it is not one.
    pub fn read(spki: &[u8]) -> Option<Self> {
        let spki = SubjectPublicKeyInfoRef::from_der(spki).ok()?;
        Some(match spki.algorithm.oid {
            RSA_ENCRYPTION | RSA_PSS => {
                let octets = spki.subject_public_key.as_bytes()?;
                let key = RsaPublicKey::from_der(octets).ok()?;
                let modulus = key.modulus.as_bytes();
                let first = modulus.first().map_or(0, |first| first.leading_zeros());
                let bits = u32::try_from(modulus.len()).ok()?.checked_mul(8)?;
                let exponent = key.exponent.as_bytes();
                let exponent = (exponent.len() <= 8).then(|| {
                    exponent
                        .iter()
                        .fold(0, |e, octet| e << 8 | u64::from(*octet))
                });
                Self::Rsa {
                    bits: bits.saturating_sub(first),
                    exponent,
                }
            }
            EC_PUBLIC_KEY => {
                let named = spki.algorithm.parameters;
                let named = named.filter(|curve| curve.tag() == Tag::ObjectIdentifier);
                let curve = named.and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
                Self::Ec {
                    curve: curve.map(|curve| curve.to_string()),
                }
            }
            ED25519 => Self::Ed25519,
            ED448 => Self::Ed448,
            other => Self::Other {
                algorithm: other.to_string(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_on_a_curve_is_read_and_one_described_by_parameters_has_no_name() {
        // SubjectPublicKeyInfo { { id-ecPublicKey, prime256v1 }, 04 }
        let named = [
            0x30, 0x18, 0x30, 0x13, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 6, 8, 0x2A, 0x86,
            0x48, 0xCE, 0x3D, 3, 1, 7, 3, 1, 0,
        ];
        let curve = Some("1.2.840.10045.3.1.7".to_owned());
        assert_eq!(PublicKey::read(&named), Some(PublicKey::Ec { curve }));
        let described = [
            0x30, 0x10, 0x30, 0x0B, 6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1, 0x30, 0, 3, 1, 0,
        ];
        let read = PublicKey::read(&described);
        assert_eq!(read, Some(PublicKey::Ec { curve: None }));
    }

    #[test]
    fn the_size_of_an_rsa_key_is_that_of_its_modulus_to_the_bit() {
        // modulus 0x7F01 (15 bits), exponent 3
        let spki = [
            0x30, 0x1A, 0x30, 0x0D, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1, 5, 0, 3, 9,
            0, 0x30, 7, 2, 2, 0x7F, 1, 2, 1, 3,
        ];
        // The last octet above belongs to the lengths; a cut one is nothing.
        let whole = PublicKey::read(&spki[..28]);
        assert_eq!(whole, None);
        let mut right = spki[..29].to_vec();
        right[1] = 27;
        right[18] = 10;
        assert_eq!(
            PublicKey::read(&right),
            Some(PublicKey::Rsa {
                bits: 15,
                exponent: Some(3)
            })
        );
    }
}
