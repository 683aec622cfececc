//! What a container holds, before anybody asks whether it may be used; and its key and certificates in a
//! container of today.

use jiff::Timestamp;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKeyRef, Private};
use openssl::stack::Stack;
use openssl::x509::X509;
use zeroize::Zeroizing;

use super::certificate::{Reading, common_name};
use super::chain::{self, ChainOutcome};
use super::container::{self, OpenedKey};
use super::seal_key::{check_key, split_leaf};
use super::{Anchors, CertificateFacts, SealContainer, SealDefect, SealKey, SealRules};
use crate::model::SealAlgorithm;

/// Every algorithm by which a seal can sign.
const ALGORITHMS: [SealAlgorithm; 4] = [
    SealAlgorithm::RsaPkcs1Sha256,
    SealAlgorithm::RsaPssSha256,
    SealAlgorithm::EcdsaP256Sha256,
    SealAlgorithm::EcdsaP384Sha384,
];

/// What is inside a container, whatever it is worth.
#[derive(Clone, Debug)]
pub struct SealContents {
    /// What the certificate of the key says.
    pub facts: CertificateFacts,
    /// That certificate, DER.
    pub certificate: Vec<u8>,
    /// Common names of the certificates beside it.
    pub beside: Vec<String>,
    /// Whether and how the chain reaches an anchor.
    pub chain: ChainOutcome,
    /// Algorithms that the key fits.
    pub fits: Vec<SealAlgorithm>,
}

/// Looks into a container: nothing is judged but whether there are a key and its certificate.
///
/// # Errors
/// Why there is no key with a certificate; [`SealDefect::NoPrivateKey`] for a key in a device, which is in no
/// container.
pub fn inspect(
    container: &SealContainer<'_>,
    anchors: &Anchors,
    at: Timestamp,
) -> Result<SealContents, SealDefect> {
    let (_, leaf, others) = open(container)?;
    let unreadable = || SealDefect::UnreadableCertificate {
        what: "the seal".into(),
    };
    let certificate = leaf.to_der().map_err(|_| unreadable())?;
    let facts = Reading::of(&certificate).map_err(|_| unreadable())?.facts;
    let public_key = leaf.public_key().map_err(|_| unreadable())?;
    let chain = chain::build(&leaf, &others, anchors, at).map_err(|_| unreadable())?;
    Ok(SealContents {
        facts,
        certificate,
        beside: others
            .iter()
            .map(|other| common_name(other.subject_name()))
            .collect(),
        chain: chain.outcome,
        fits: ALGORITHMS
            .into_iter()
            .filter(|algorithm| check_key(&public_key, *algorithm).is_ok())
            .collect(),
    })
}

/// The key and the chain of a container, checked by the rules, in a new PKCS#12 container: AES-256-CBC with
/// PBKDF2 and HMAC-SHA-256 (RFC 8018), HMAC-SHA-256 over the whole (RFC 7292). `passphrase` has to be random:
/// the number of iterations is OpenSSL's, which protects no weak one.
///
/// # Errors
/// What [`SealKey::open`] says; [`SealDefect::NoPrivateKey`] for a key in a device.
pub fn rewrap(
    container: &SealContainer<'_>,
    rules: &SealRules<'_>,
    passphrase: &Zeroizing<String>,
) -> Result<Zeroizing<Vec<u8>>, SealDefect> {
    let seal = SealKey::open(container, rules)?;
    let (key, leaf, _) = open(container)?;
    // OpenSSL refuses this for want of memory only, or where its owner forbids these ciphers.
    wrap(&key, &leaf, seal.chain(), passphrase).map_err(|_| SealDefect::NotAContainer {
        expected: "PKCS#12",
        found: None,
    })
}

fn wrap(
    key: &PKeyRef<Private>,
    leaf: &X509,
    chain: &[Vec<u8>],
    passphrase: &str,
) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
    let mut issuers = Stack::new()?;
    for issuer in chain.iter().skip(1) {
        issuers.push(X509::from_der(issuer)?)?;
    }
    let mut builder = Pkcs12::builder();
    builder
        .pkey(key)
        .cert(leaf)
        .ca(issuers)
        .key_algorithm(Nid::AES_256_CBC)
        .cert_algorithm(Nid::AES_256_CBC)
        .mac_md(MessageDigest::sha256());
    Ok(Zeroizing::new(builder.build2(passphrase)?.to_der()?))
}

/// The private key in memory, its certificate, and the certificates beside it.
fn open(
    container: &SealContainer<'_>,
) -> Result<(openssl::pkey::PKey<Private>, X509, Vec<X509>), SealDefect> {
    let opened = container::open(container)?;
    let OpenedKey::InMemory(key) = opened.key else {
        return Err(SealDefect::NoPrivateKey);
    };
    let (leaf, others) = split_leaf(&key, opened.certificates)?;
    Ok((key, leaf, others))
}
