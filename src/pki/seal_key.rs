//! A seal's key with its certificate chain: whatever can sign and show its chain.

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::{Anchors, CertificateFacts, SealDefect};
use crate::model::{Nif, SealAlgorithm};

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
#[derive(Clone)]
pub struct SealKey {}

impl SealKey {
    /// Opens and checks a seal (DESIGN §7): passphrase, key present, key matches certificate, validity,
    /// chain to an anchor, key usage, policy, QcStatements, NIF, algorithm fits the key.
    pub fn open(container: &SealContainer<'_>, rules: &SealRules<'_>) -> Result<Self, SealDefect> {
        let _ = (container, rules);
        todo!()
    }

    /// What the certificate says.
    pub fn facts(&self) -> &CertificateFacts {
        todo!()
    }

    /// DER certificates, leaf first, without the anchor at the top unless it is the leaf's issuer.
    pub fn chain(&self) -> &[Vec<u8>] {
        todo!()
    }

    /// The algorithm configured.
    pub fn algorithm(&self) -> SealAlgorithm {
        todo!()
    }

    /// Signs `to_be_signed` (not a digest). ECDSA values are DER.
    pub fn sign(&self, to_be_signed: &[u8]) -> Result<Vec<u8>, SealDefect> {
        let _ = to_be_signed;
        todo!()
    }

    /// Longest value [`Self::sign`] can return, in bytes.
    pub fn signature_len(&self) -> usize {
        todo!()
    }
}
