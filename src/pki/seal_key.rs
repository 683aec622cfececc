//! A seal's key with its certificate chain: whatever can sign and show its chain.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Private, Public};
use openssl::x509::X509;
use zeroize::Zeroizing;

use super::certificate::{Reading, key_name};
use super::chain::{self, ChainOutcome};
use super::container::{self, OpenedKey};
use super::signer::{KeyInMemory, verifies};
use super::{Anchors, CertificateFacts, SealDefect, Signer};
use crate::model::{Nif, SealAlgorithm};

/// RSA keys below this are refused (CCN-STIC 807; DSS's crypto suite ends RSA-1900 in 2029).
const MIN_RSA_BITS: u32 = 2048;
/// What a seal signs to show that it does. No signed attributes of a CMS begin like this.
const PROBE: &[u8] = b"segell: does this key sign?";

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
    /// A key that never leaves its device.
    Device {
        /// What signs, by the algorithm of the [`SealRules`].
        signer: Arc<dyn Signer>,
        /// Its certificate and, where they are at hand, those of its issuers.
        certificates: DeviceCertificates<'a>,
    },
}

/// Where the certificates of a key in a device come from.
pub enum DeviceCertificates<'a> {
    /// A PEM chain in a file.
    Pem(&'a [u8]),
    /// DER, as read from the device.
    Der(&'a [Vec<u8>]),
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
    signer: Arc<dyn Signer>,
    /// The certificate's.
    public_key: PKey<Public>,
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
        let (leaf, others) = match &opened.key {
            OpenedKey::InMemory(key) => split_leaf(key, opened.certificates)?,
            OpenedKey::InDevice(signer) => {
                split_device_leaf(signer.as_ref(), opened.certificates, rules.algorithm)?
            }
        };
        let unreadable = || SealDefect::UnreadableCertificate {
            what: "the seal".into(),
        };
        let reading = leaf
            .to_der()
            .ok()
            .and_then(|der| Reading::of(&der).ok())
            .ok_or_else(unreadable)?;
        check_certificate(&reading, rules)?;
        let public_key = leaf.public_key().map_err(|_| unreadable())?;
        check_key(&public_key, rules.algorithm)?;
        let chain = build_chain(&leaf, &reading.facts, &others, rules)?;
        let algorithm = rules.algorithm;
        let seal = Self(Arc::new(Inner {
            signer: match opened.key {
                OpenedKey::InMemory(key) => Arc::new(KeyInMemory { key, algorithm }),
                OpenedKey::InDevice(signer) => signer,
            },
            public_key,
            algorithm,
            facts: reading.facts,
            chain,
        }));
        seal.probe()?;
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
    /// [`SealDefect::DoesNotSign`]; [`SealDefect::Token`] for a key in a device.
    pub fn sign(&self, to_be_signed: &[u8]) -> Result<Vec<u8>, SealDefect> {
        self.0.signer.sign(to_be_signed)
    }

    /// Longest value [`Self::sign`] can return, in bytes.
    pub fn signature_len(&self) -> usize {
        self.0.public_key.size()
    }

    /// Signs something fixed and verifies it with the certificate's public key.
    ///
    /// # Errors
    /// What [`Self::sign`] says; [`SealDefect::DoesNotSign`] when the signature does not verify.
    pub fn probe(&self) -> Result<(), SealDefect> {
        let signature = self.sign(PROBE)?;
        if verifies(&self.0.public_key, self.0.algorithm, PROBE, &signature) {
            Ok(())
        } else {
            Err(SealDefect::DoesNotSign)
        }
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.0.facts.common_name)
    }
}

/// The certificate whose public key is the private key's other half, wherever it stands, and the rest.
pub(super) fn split_leaf(
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

/// The certificate that confirms what a device signs, wherever it stands, and the rest: a device does
/// not always tell the public half of its key.
fn split_device_leaf(
    signer: &dyn Signer,
    mut certificates: Vec<X509>,
    algorithm: SealAlgorithm,
) -> Result<(X509, Vec<X509>), SealDefect> {
    let first = certificates.first().ok_or(SealDefect::NoCertificate)?;
    let public = |certificate: &X509| certificate.public_key().ok();
    let fits = |certificate: &X509| {
        public(certificate).is_some_and(|key| check_key(&key, algorithm).is_ok())
    };
    if !certificates.iter().any(fits) {
        return Err(SealDefect::KeyUnfit {
            key: public(first).map_or_else(String::new, |key| key_name(&key)),
            algorithm,
        });
    }
    let signature = signer.sign(PROBE)?;
    let confirms = |certificate: &X509| {
        public(certificate).is_some_and(|key| verifies(&key, algorithm, PROBE, &signature))
    };
    let position = certificates.iter().position(confirms);
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
pub(super) fn check_key<T: HasPublic>(
    key: &PKeyRef<T>,
    algorithm: SealAlgorithm,
) -> Result<(), SealDefect> {
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
