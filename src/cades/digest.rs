//! Digests by the object identifier that names them.

use const_oid::ObjectIdentifier as Oid;
use openssl::error::ErrorStack;
use openssl::hash::{Hasher, MessageDigest};
use openssl::md::{Md, MdRef};

use super::oid;
use super::scheme::Algorithm;

/// A digest known here, those that are no longer acceptable included: a validator has to name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3_256,
    Sha3_384,
    Sha3_512,
    /// SHAKE256 with 64 octets of output, as Ed448 wants it (RFC 8419, 2.3).
    Shake256,
}

/// Every digest with its identifier.
const KNOWN: [(Oid, Digest); 10] = [
    (oid::SHA256, Digest::Sha256),
    (oid::SHA384, Digest::Sha384),
    (oid::SHA512, Digest::Sha512),
    (oid::SHA3_256, Digest::Sha3_256),
    (oid::SHA3_384, Digest::Sha3_384),
    (oid::SHA3_512, Digest::Sha3_512),
    (oid::SHAKE256, Digest::Shake256),
    (oid::SHA1, Digest::Sha1),
    (oid::SHA224, Digest::Sha224),
    (oid::MD5, Digest::Md5),
];

/// Digests `parts` one after the other with the algorithm of this dotted identifier: MD5, SHA-1, SHA-2,
/// SHA-3 or SHAKE256. `None` for any other. That a digest can be computed does not make it acceptable.
pub fn digest(algorithm: &str, parts: &[&[u8]]) -> Option<Vec<u8>> {
    Digest::named(algorithm)?.of(parts)
}

impl Digest {
    /// The digest of this dotted identifier.
    pub(super) fn named(algorithm: &str) -> Option<Self> {
        let algorithm: Oid = algorithm.parse().ok()?;
        let mut known = KNOWN.iter();
        known.find_map(|(oid, digest)| (*oid == algorithm).then_some(*digest))
    }

    /// The digest that an `AlgorithmIdentifier` names.
    pub(super) fn read(algorithm: &Algorithm<'_>) -> Option<Self> {
        KNOWN
            .iter()
            .find_map(|(oid, digest)| algorithm.is(*oid).then_some(*digest))
    }

    /// Digests `parts` one after the other; `None` should OpenSSL refuse.
    pub(super) fn of(self, parts: &[&[u8]]) -> Option<Vec<u8>> {
        let digest = || -> Result<Vec<u8>, ErrorStack> {
            let mut hasher = Hasher::new(self.message_digest())?;
            for part in parts {
                hasher.update(part)?;
            }
            if self == Self::Shake256 {
                let mut output = vec![0; self.len()];
                hasher.finish_xof(&mut output)?;
                return Ok(output);
            }
            Ok(hasher.finish()?.to_vec())
        };
        digest().ok()
    }

    /// Octets of the digest.
    pub(super) const fn len(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 | Self::Shake256 => 64,
        }
    }

    pub(super) fn message_digest(self) -> MessageDigest {
        match self {
            Self::Md5 => MessageDigest::md5(),
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha224 => MessageDigest::sha224(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
            Self::Sha3_256 => MessageDigest::sha3_256(),
            Self::Sha3_384 => MessageDigest::sha3_384(),
            Self::Sha3_512 => MessageDigest::sha3_512(),
            Self::Shake256 => MessageDigest::shake_256(),
        }
    }

    pub(super) fn md(self) -> &'static MdRef {
        match self {
            Self::Md5 => Md::md5(),
            Self::Sha1 => Md::sha1(),
            Self::Sha224 => Md::sha224(),
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
            Self::Sha3_256 => Md::sha3_256(),
            Self::Sha3_384 => Md::sha3_384(),
            Self::Sha3_512 => Md::sha3_512(),
            Self::Shake256 => Md::shake256(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_computed_by_its_name_and_has_its_length() {
        for (oid, known) in KNOWN {
            let digest = digest(&oid.to_string(), &[b"a", b"bc"]).unwrap();
            assert_eq!(digest.len(), known.len(), "{known:?}");
        }
        // FIPS 180-4, example of SHA-1 over "abc".
        let sha1 = digest("1.3.14.3.2.26", &[b"a", b"bc"]).unwrap();
        assert_eq!(sha1[..4], [0xA9, 0x99, 0x3E, 0x36]);
        assert_eq!(digest("1.2.3", &[b"abc"]), None);
        assert_eq!(digest("nothing", &[b"abc"]), None);
    }
}
