//! Signature algorithms as `AlgorithmIdentifier`s: which scheme one names, and the mathematical step.

use const_oid::ObjectIdentifier as Oid;
use openssl::error::ErrorStack;
use openssl::pkey::{PKey, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Verifier};

use super::CmsError;
use super::asn1::{Element, Fields, INTEGER, NULL, OBJECT_IDENTIFIER, SEQUENCE, context, element};
use super::digest::Digest;
use super::oid;
use crate::model::SealAlgorithm;
use crate::model::algorithm::DigestAlgorithm;

/// `AlgorithmIdentifier ::= SEQUENCE { algorithm OBJECT IDENTIFIER, parameters ANY OPTIONAL }`.
#[derive(Clone, Copy)]
pub(super) struct Algorithm<'a> {
    /// Content of the object identifier.
    pub(super) oid: &'a [u8],
    /// The parameters.
    pub(super) parameters: Option<Element<'a>>,
    /// The content of the sequence, for comparison.
    pub(super) content: &'a [u8],
}

impl<'a> Algorithm<'a> {
    /// Reads it from its element, whose tag may be an implicit one.
    pub(super) fn read(element: Element<'a>) -> Result<Self, CmsError> {
        let mut fields = element.fields();
        let oid = fields.expect(OBJECT_IDENTIFIER, "an algorithm without identifier")?;
        let parameters = if fields.is_empty() {
            None
        } else {
            Some(fields.any()?)
        };
        Ok(Self {
            oid: oid.content,
            parameters,
            content: element.content,
        })
    }

    pub(super) fn is(&self, oid: Oid) -> bool {
        self.oid == oid.as_bytes()
    }

    /// The same algorithm, where absent and NULL parameters count as equal (RFC 5754, 2).
    pub(super) fn equals(&self, other: &Self) -> bool {
        let significant = |algorithm: &Self| {
            algorithm
                .parameters
                .filter(|p| p.tag != NULL)
                .map(|p| p.whole)
        };
        self.content == other.content
            || (self.oid == other.oid && significant(self) == significant(other))
    }
}

/// A signature scheme with everything it needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    Pkcs1(Digest),
    /// RSASSA-PSS (RFC 8017, 8.1; parameters RFC 4055, 3.1).
    Pss {
        digest: Digest,
        mask: Digest,
        salt_len: u16,
    },
    /// ECDSA (RFC 5758, 3.2).
    Ecdsa(Digest),
    /// Ed25519 without a digest of its own (RFC 8419).
    Ed25519,
    /// Ed448 without a digest of its own (RFC 8419).
    Ed448,
}

impl Scheme {
    /// The scheme `signature` names; `digest` completes the identifiers that say the key's kind only.
    pub(super) fn read(signature: &Algorithm<'_>, digest: Option<Digest>) -> Option<Self> {
        if signature.is(oid::RSA_PSS) {
            return Self::read_pss(signature.parameters?).ok().flatten();
        }
        if signature.is(oid::RSA_ENCRYPTION) {
            return digest.map(Self::Pkcs1);
        }
        if signature.is(oid::EC_PUBLIC_KEY) {
            return digest.map(Self::Ecdsa);
        }
        [
            (oid::ED25519, Self::Ed25519),
            (oid::ED448, Self::Ed448),
            (oid::RSA_SHA256, Self::Pkcs1(Digest::Sha256)),
            (oid::RSA_SHA384, Self::Pkcs1(Digest::Sha384)),
            (oid::RSA_SHA512, Self::Pkcs1(Digest::Sha512)),
            (oid::RSA_SHA3_256, Self::Pkcs1(Digest::Sha3_256)),
            (oid::RSA_SHA3_384, Self::Pkcs1(Digest::Sha3_384)),
            (oid::RSA_SHA3_512, Self::Pkcs1(Digest::Sha3_512)),
            (oid::RSA_SHA1, Self::Pkcs1(Digest::Sha1)),
            (oid::RSA_SHA1_OIW, Self::Pkcs1(Digest::Sha1)),
            (oid::RSA_SHA224, Self::Pkcs1(Digest::Sha224)),
            (oid::RSA_MD5, Self::Pkcs1(Digest::Md5)),
            (oid::ECDSA_SHA256, Self::Ecdsa(Digest::Sha256)),
            (oid::ECDSA_SHA384, Self::Ecdsa(Digest::Sha384)),
            (oid::ECDSA_SHA512, Self::Ecdsa(Digest::Sha512)),
            (oid::ECDSA_SHA3_256, Self::Ecdsa(Digest::Sha3_256)),
            (oid::ECDSA_SHA3_384, Self::Ecdsa(Digest::Sha3_384)),
            (oid::ECDSA_SHA3_512, Self::Ecdsa(Digest::Sha3_512)),
            (oid::ECDSA_SHA1, Self::Ecdsa(Digest::Sha1)),
            (oid::ECDSA_SHA224, Self::Ecdsa(Digest::Sha224)),
        ]
        .into_iter()
        .find_map(|(oid, scheme)| signature.is(oid).then_some(scheme))
    }

    /// `RSASSA-PSS-params`: hash (0), mask generation (1), salt length (2), trailer (3), all with
    /// defaults that date from SHA-1. Another trailer than 1 is no scheme at all.
    fn read_pss(parameters: Element<'_>) -> Result<Option<Self>, CmsError> {
        const WHAT: &str = "PSS parameters";
        let mut fields = parameters.fields();
        let mut digest = Some(Digest::Sha1);
        let mut mask = Some(Digest::Sha1);
        let mut salt_len = 20;
        if let Some(hash) = fields.optional(context(0))? {
            let algorithm = Algorithm::read(hash.fields().expect(SEQUENCE, WHAT)?)?;
            digest = Digest::read(&algorithm);
        }
        if let Some(generator) = fields.optional(context(1))? {
            let generator = Algorithm::read(generator.fields().expect(SEQUENCE, WHAT)?)?;
            mask = match generator.parameters {
                Some(hash) if generator.is(oid::MGF1) => Digest::read(&Algorithm::read(hash)?),
                _ => None,
            };
        }
        if let Some(salt) = fields.optional(context(2))? {
            salt_len = match *salt.fields().expect(INTEGER, WHAT)?.content {
                [len] if len < 0x80 => u16::from(len),
                [high, low] if high < 0x80 => u16::from_be_bytes([high, low]),
                _ => return Err(CmsError::Unreadable(WHAT)),
            };
        }
        if let Some(trailer) = fields.optional(context(3))?
            && trailer.fields().expect(INTEGER, WHAT)?.content != [1]
        {
            return Ok(None);
        }
        Ok(digest.zip(mask).map(|(digest, mask)| Self::Pss {
            digest,
            mask,
            salt_len,
        }))
    }

    /// The digest over the signed attributes; for the Edwards curves the one that has to stand beside
    /// them (RFC 8419, 3.1).
    pub(super) const fn digest(self) -> Digest {
        match self {
            Self::Pkcs1(digest) | Self::Pss { digest, .. } | Self::Ecdsa(digest) => digest,
            Self::Ed25519 => Digest::Sha512,
            Self::Ed448 => Digest::Shake256,
        }
    }

    /// Every digest inside is `digest`, and the salt of PSS is as long as it.
    pub(super) fn agrees_with(self, digest: Digest) -> bool {
        let inside = match self {
            Self::Pss { mask, salt_len, .. } => {
                mask == digest && usize::from(salt_len) == digest.len()
            }
            Self::Pkcs1(_) | Self::Ecdsa(_) | Self::Ed25519 | Self::Ed448 => true,
        };
        inside && self.digest() == digest
    }

    /// Whether a `SubjectPublicKeyInfo` is of the kind this scheme wants: RSA, or a point on a curve
    /// that is named rather than described (CVE-2020-0601 was about described ones). Read from the
    /// bytes, because asking OpenSSL costs as much as verifying.
    fn fits(self, spki: &[u8]) -> bool {
        let algorithm = Fields::new(spki)
            .expect(SEQUENCE, "a public key")
            .and_then(|spki| spki.fields().expect(SEQUENCE, "a public key"))
            .and_then(Algorithm::read);
        algorithm.is_ok_and(|key| match self {
            Self::Pkcs1(_) => key.is(oid::RSA_ENCRYPTION),
            Self::Pss { .. } => key.is(oid::RSA_ENCRYPTION) || key.is(oid::RSA_PSS),
            Self::Ecdsa(_) => {
                let named = |curve: Element<'_>| curve.tag == OBJECT_IDENTIFIER;
                key.is(oid::EC_PUBLIC_KEY) && key.parameters.is_some_and(named)
            }
            Self::Ed25519 => key.is(oid::ED25519),
            Self::Ed448 => key.is(oid::ED448),
        })
    }

    /// Whether `signature` is right over `message` under the `SubjectPublicKeyInfo` given. `None`
    /// when the key does not fit the scheme, so that nothing can be said.
    pub(super) fn verify_signature_value(
        self,
        spki: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        let key = self.key(spki)?;
        let verdict = || -> Result<bool, ErrorStack> {
            let mut verifier = match self {
                Self::Ed25519 | Self::Ed448 => Verifier::new_without_digest(&key)?,
                _ => Verifier::new(self.digest().message_digest(), &key)?,
            };
            if let Self::Pss { mask, salt_len, .. } = self {
                verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
                verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt_len)))?;
                verifier.set_rsa_mgf1_md(mask.message_digest())?;
            }
            verifier.verify_oneshot(signature, message)
        };
        // OpenSSL reports a malformed signature value as an error: it is a wrong one all the same.
        Some(verdict().unwrap_or(false))
    }

    /// The same over a message of which only the digest is known, made with [`Self::digest`]. `None`
    /// also for the Edwards curves, which sign messages and no digests.
    pub(super) fn verify_over_digest(
        self,
        spki: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Option<bool> {
        if let Self::Ed25519 | Self::Ed448 = self {
            return None;
        }
        let key = self.key(spki)?;
        let verdict = || -> Result<bool, ErrorStack> {
            let mut context = PkeyCtx::new(&key)?;
            context.verify_init()?;
            if let Self::Pss { mask, salt_len, .. } = self {
                context.set_rsa_padding(Padding::PKCS1_PSS)?;
                context.set_rsa_pss_saltlen(RsaPssSaltlen::custom(i32::from(salt_len)))?;
                context.set_rsa_mgf1_md(mask.md())?;
            }
            context.set_signature_md(self.digest().md())?;
            context.verify(digest, signature)
        };
        Some(digest.len() == self.digest().len() && verdict().unwrap_or(false))
    }

    /// The key, if it is of the kind this scheme wants.
    fn key(self, spki: &[u8]) -> Option<PKey<Public>> {
        if !self.fits(spki) {
            return None;
        }
        PKey::public_key_from_der(spki).ok()
    }
}

/// `AlgorithmIdentifier` of the digest a seal works with; without parameters (RFC 5754, 2).
pub(super) fn digest_identifier(digest: DigestAlgorithm) -> Vec<u8> {
    identifier(digest_oid(digest), None)
}

/// `AlgorithmIdentifier` of a seal's signatures.
pub(super) fn signature_identifier(algorithm: SealAlgorithm) -> Vec<u8> {
    let null = element(NULL, &[]);
    match algorithm {
        // The identifier every CMS implementation has to know (RFC 5754, 3.2).
        SealAlgorithm::RsaPkcs1Sha256 => identifier(oid::RSA_ENCRYPTION, Some(&null)),
        SealAlgorithm::RsaPssSha256 => {
            // NULL parameters, as RFC 4055, 2.1 defines sha256Identifier for this place.
            let hash = identifier(digest_oid(algorithm.digest()), Some(&null));
            let mask = identifier(oid::MGF1, Some(&hash));
            let salt_len = element(INTEGER, &[&[algorithm.digest().size() as u8]]);
            let parameters = element(
                SEQUENCE,
                &[
                    &element(context(0), &[&hash]),
                    &element(context(1), &[&mask]),
                    &element(context(2), &[&salt_len]),
                ],
            );
            identifier(oid::RSA_PSS, Some(&parameters))
        }
        SealAlgorithm::EcdsaP256Sha256 => identifier(oid::ECDSA_SHA256, None),
        SealAlgorithm::EcdsaP384Sha384 => identifier(oid::ECDSA_SHA384, None),
    }
}

const fn digest_oid(digest: DigestAlgorithm) -> Oid {
    match digest {
        DigestAlgorithm::Sha256 => oid::SHA256,
        DigestAlgorithm::Sha384 => oid::SHA384,
    }
}

fn identifier(oid: Oid, parameters: Option<&[u8]>) -> Vec<u8> {
    let oid = element(OBJECT_IDENTIFIER, &[oid.as_bytes()]);
    element(SEQUENCE, &[&oid, parameters.unwrap_or_default()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(identifier: &[u8], digest: Option<Digest>) -> Option<Scheme> {
        let algorithm = Algorithm::read(Fields::new(identifier).any().unwrap()).unwrap();
        Scheme::read(&algorithm, digest)
    }

    #[test]
    fn what_a_seal_writes_reads_back_as_the_scheme_it_means() {
        let read = |algorithm: SealAlgorithm| {
            scheme(&signature_identifier(algorithm), Some(Digest::Sha256))
        };
        let pss = Scheme::Pss {
            digest: Digest::Sha256,
            mask: Digest::Sha256,
            salt_len: 32,
        };
        assert!(read(SealAlgorithm::RsaPkcs1Sha256) == Some(Scheme::Pkcs1(Digest::Sha256)));
        assert!(read(SealAlgorithm::RsaPssSha256) == Some(pss));
        assert!(read(SealAlgorithm::EcdsaP256Sha256) == Some(Scheme::Ecdsa(Digest::Sha256)));
        assert!(read(SealAlgorithm::EcdsaP384Sha384) == Some(Scheme::Ecdsa(Digest::Sha384)));
    }

    #[test]
    fn pss_without_parameters_of_its_own_means_sha_1_and_disagrees_with_sha_256() {
        let empty = identifier(oid::RSA_PSS, Some(&element(SEQUENCE, &[])));
        let read = scheme(&empty, Some(Digest::Sha256)).unwrap();
        assert!(read.digest() == Digest::Sha1);
        assert!(!read.agrees_with(Digest::Sha256));
    }

    #[test]
    fn an_absent_and_a_null_parameter_are_the_same_algorithm() {
        let with = identifier(oid::SHA256, Some(&element(NULL, &[])));
        let without = digest_identifier(DigestAlgorithm::Sha256);
        let read = |bytes| Algorithm::read(Fields::new(bytes).any().unwrap()).unwrap();
        assert!(read(&with).equals(&read(&without)));
        let other = digest_identifier(DigestAlgorithm::Sha384);
        assert!(!read(&other).equals(&read(&without)));
    }
}
