//! A seal's key with its certificate chain: whatever can sign and show its chain.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, PKeyRef, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer, Verifier};
use openssl::x509::X509;
use zeroize::Zeroizing;

use super::certificate::{Reading, key_name};
use super::chain::{self, ChainOutcome};
use super::{Anchors, CertificateFacts, SealDefect, container};
use crate::model::algorithm::DigestAlgorithm;
use crate::model::{Nif, SealAlgorithm};

/// RSA keys below this are refused (CCN-STIC 807; DSS's crypto suite ends RSA-1900 in 2029).
const MIN_RSA_BITS: u32 = 2048;
/// Octets of salt in RSASSA-PSS: as long as the digest.
const PSS_SALT_LEN: i32 = 32;

/// Where the key comes from, as bytes.
pub enum SealContainer<'a> {
    /// A PKCS#12 file.
    Pkcs12 {
        /// The file.
        bytes: &'a [u8],
        /// Its passphrase.
        passphrase: &'a Zeroizing<String>,
    },
    /// A PEM chain, leaf first, and a PEM key.
    Pem {
        /// The chain.
        certificates: &'a [u8],
        /// The key, PKCS#8 or traditional, encrypted or not.
        key: &'a [u8],
        /// The passphrase of an encrypted key.
        passphrase: Option<&'a Zeroizing<String>>,
    },
}

/// What a seal has to satisfy to be loaded.
pub struct SealRules<'a> {
    /// The organ's NIF.
    pub nif: &'a Nif,
    /// The algorithm configured.
    pub algorithm: SealAlgorithm,
    /// Issuers trusted for seals.
    pub anchors: &'a Anchors,
    /// The moment at which it is judged.
    pub now: Timestamp,
}

/// A seal's private key with its chain, checked. `Debug` shows the common name only.
///
/// A clone shares the key; signing from several threads at once is safe.
#[derive(Clone)]
pub struct SealKey(Arc<Inner>);

struct Inner {
    key: PKey<Private>,
    algorithm: SealAlgorithm,
    facts: CertificateFacts,
    chain: Vec<Vec<u8>>,
}

impl SealKey {
    /// Opens and checks a seal (DESIGN §7): passphrase, key present, key matches certificate, validity,
    /// chain to an anchor, key usage, policy, QcStatements, NIF, algorithm fits the key, and that the
    /// key signs.
    ///
    /// # Errors
    /// The first [`SealDefect`] found, in that order from the file to the issuer.
    pub fn open(container: &SealContainer<'_>, rules: &SealRules<'_>) -> Result<Self, SealDefect> {
        let opened = container::open(container)?;
        let (leaf, others) = split_leaf(&opened.key, opened.certificates)?;
        let reading = leaf
            .to_der()
            .ok()
            .and_then(|der| Reading::of(&der).ok())
            .ok_or_else(|| SealDefect::UnreadableCertificate {
                what: "the seal".into(),
            })?;
        check_certificate(&reading, rules)?;
        check_key(&opened.key, rules.algorithm)?;
        let chain = build_chain(&leaf, &reading.facts, &others, rules)?;
        let seal = Self(Arc::new(Inner {
            key: opened.key,
            algorithm: rules.algorithm,
            facts: reading.facts,
            chain,
        }));
        seal.try_out(&leaf)?;
        Ok(seal)
    }

    /// What the certificate says.
    pub fn facts(&self) -> &CertificateFacts {
        &self.0.facts
    }

    /// DER certificates to embed: the leaf first, then its issuers up to but without the self-signed
    /// root.
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.0.chain
    }

    /// The algorithm configured.
    pub fn algorithm(&self) -> SealAlgorithm {
        self.0.algorithm
    }

    /// Signs `to_be_signed` (not a digest). ECDSA values are DER.
    ///
    /// # Errors
    /// [`SealDefect::DoesNotSign`].
    pub fn sign(&self, to_be_signed: &[u8]) -> Result<Vec<u8>, SealDefect> {
        let sign = || -> Result<Vec<u8>, ErrorStack> {
            let mut signer = Signer::new(message_digest(self.0.algorithm), &self.0.key)?;
            if let SealAlgorithm::RsaPssSha256 = self.0.algorithm {
                signer.set_rsa_padding(Padding::PKCS1_PSS)?;
                signer.set_rsa_pss_saltlen(RsaPssSaltlen::custom(PSS_SALT_LEN))?;
                signer.set_rsa_mgf1_md(MessageDigest::sha256())?;
            }
            signer.sign_oneshot_to_vec(to_be_signed)
        };
        sign().map_err(|_| SealDefect::DoesNotSign)
    }

    /// Longest value [`Self::sign`] can return, in bytes.
    pub fn signature_len(&self) -> usize {
        self.0.key.size()
    }

    /// Signs a probe and verifies it with the certificate's public key.
    fn try_out(&self, leaf: &X509) -> Result<(), SealDefect> {
        const PROBE: &[u8] = b"segell: does this key sign?";
        let signature = self.sign(PROBE)?;
        let verify = || -> Result<bool, ErrorStack> {
            let key = leaf.public_key()?;
            let mut verifier = Verifier::new(message_digest(self.0.algorithm), &key)?;
            if let SealAlgorithm::RsaPssSha256 = self.0.algorithm {
                verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
                verifier.set_rsa_pss_saltlen(RsaPssSaltlen::custom(PSS_SALT_LEN))?;
                verifier.set_rsa_mgf1_md(MessageDigest::sha256())?;
            }
            verifier.verify_oneshot(&signature, PROBE)
        };
        match verify() {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(SealDefect::DoesNotSign),
        }
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.0.facts.common_name)
    }
}

/// The certificate whose public key is the private key's other half, wherever it stands, and the rest.
fn split_leaf(
    key: &PKeyRef<Private>,
    mut certificates: Vec<X509>,
) -> Result<(X509, Vec<X509>), SealDefect> {
    if certificates.is_empty() {
        return Err(SealDefect::NoCertificate);
    }
    let belongs = |certificate: &X509| {
        let public = certificate.public_key();
        public.is_ok_and(|public| public.public_eq(key))
    };
    let position = certificates.iter().position(belongs);
    let leaf = certificates.remove(position.ok_or(SealDefect::KeyMismatch)?);
    Ok((leaf, certificates))
}

/// The certificate by itself: what it is, when, and whose (`CONFORMANCE.md`, checks S1 to S7).
fn check_certificate(reading: &Reading, rules: &SealRules<'_>) -> Result<(), SealDefect> {
    let facts = &reading.facts;
    if facts.authority {
        return Err(SealDefect::CertificationAuthority);
    }
    if facts.is_application_certificate() {
        return Err(SealDefect::ApplicationCertificate);
    }
    let profile = [
        (facts.has_seal_policy(), "policy 2.16.724.1.3.5.6.1 or .2"),
        (facts.qc_compliance, "statement QcCompliance"),
        (facts.qc_eseal, "statement QcType eseal"),
    ];
    for (held, missing) in profile {
        if !held {
            return Err(SealDefect::NotASealProfile { missing });
        }
    }
    if !facts.may_sign {
        return Err(SealDefect::KeyUsage);
    }
    if reading.nifs.is_empty() {
        return Err(SealDefect::NoNif);
    }
    if let Some(found) = reading.nifs.iter().find(|nif| *nif != rules.nif.as_str()) {
        return Err(SealDefect::OtherNif {
            expected: rules.nif.clone(),
            found: found.clone(),
        });
    }
    if rules.now > facts.not_after {
        return Err(SealDefect::Expired {
            since: facts.not_after,
        });
    }
    if rules.now < facts.not_before {
        return Err(SealDefect::NotYetValid {
            from: facts.not_before,
        });
    }
    Ok(())
}

/// Kind and size of the key against the algorithm configured.
fn check_key(key: &PKeyRef<Private>, algorithm: SealAlgorithm) -> Result<(), SealDefect> {
    let is_curve = |expected: Nid| {
        key.ec_key()
            .is_ok_and(|key| key.group().curve_name() == Some(expected))
    };
    let fits = match algorithm {
        SealAlgorithm::RsaPkcs1Sha256 | SealAlgorithm::RsaPssSha256 => {
            key.id() == Id::RSA && key.bits() >= MIN_RSA_BITS
        }
        SealAlgorithm::EcdsaP256Sha256 => is_curve(Nid::X9_62_PRIME256V1),
        SealAlgorithm::EcdsaP384Sha384 => is_curve(Nid::SECP384R1),
    };
    if fits {
        Ok(())
    } else {
        Err(SealDefect::KeyUnfit {
            key: key_name(key),
            algorithm,
        })
    }
}

/// The certificates to embed, once the chain holds.
fn build_chain(
    leaf: &X509,
    facts: &CertificateFacts,
    others: &[X509],
    rules: &SealRules<'_>,
) -> Result<Vec<Vec<u8>>, SealDefect> {
    let unreadable = |_| SealDefect::UnreadableCertificate {
        what: "the chain".into(),
    };
    let chain = chain::build(leaf, others, rules.anchors, rules.now).map_err(unreadable)?;
    match chain.outcome {
        ChainOutcome::Trusted => {}
        ChainOutcome::Expired => {
            return Err(SealDefect::Expired {
                since: facts.not_after,
            });
        }
        ChainOutcome::NotYetValid => {
            return Err(SealDefect::NotYetValid {
                from: facts.not_before,
            });
        }
        ChainOutcome::Incomplete { issuer } => return Err(SealDefect::IncompleteChain { issuer }),
        ChainOutcome::Untrusted { root } => return Err(SealDefect::UntrustedIssuer { root }),
        ChainOutcome::Broken {
            certificate,
            reason,
        } => {
            return Err(SealDefect::BrokenChain {
                certificate,
                reason,
            });
        }
    }
    chain
        .certificates
        .iter()
        .enumerate()
        .filter(|(position, certificate)| *position == 0 || !chain::is_self_issued(certificate))
        .map(|(_, certificate)| certificate.to_der().map_err(unreadable))
        .collect()
}

fn message_digest(algorithm: SealAlgorithm) -> MessageDigest {
    match algorithm.digest() {
        DigestAlgorithm::Sha256 => MessageDigest::sha256(),
        DigestAlgorithm::Sha384 => MessageDigest::sha384(),
    }
}
