//! Making the CMS of a seal: everything that is constant per seal is encoded once.

use super::CmsError;
use crate::model::SealAlgorithm;

/// The constant parts of a seal's `SignedData`: certificates, signing-certificate-v2, algorithms.
pub struct CmsProfile {}

/// The signed attributes of one seal: content-type, message-digest and signing-certificate-v2; no
/// signing-time (EN 319 142-1, 6.3).
pub struct SignedAttributes {}

impl CmsProfile {
    /// From DER certificates, leaf first.
    pub fn new(chain: &[Vec<u8>], algorithm: SealAlgorithm) -> Result<Self, CmsError> {
        let _ = (chain, algorithm);
        todo!()
    }

    /// Bytes to reserve in the PDF for the DER of a seal whose signature value has at most `signature_len` bytes.
    pub fn reserved(&self, signature_len: usize) -> usize {
        let _ = signature_len;
        todo!()
    }

    /// The attributes over a document whose ranges have this digest.
    pub fn signed_attributes(&self, message_digest: &[u8]) -> SignedAttributes {
        let _ = message_digest;
        todo!()
    }

    /// The complete `ContentInfo`, DER, detached.
    pub fn assemble(&self, attributes: &SignedAttributes, signature: &[u8]) -> Vec<u8> {
        let _ = (attributes, signature);
        todo!()
    }
}

impl SignedAttributes {
    /// The DER `SET OF Attribute` that the key signs (RFC 5652, 5.4).
    pub fn to_be_signed(&self) -> &[u8] {
        todo!()
    }
}
