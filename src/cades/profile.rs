//! Making the CMS of a seal: everything that is constant per seal is encoded once.

use super::CmsError;
use super::asn1::{
    INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, context, element, set_of,
};
use super::certificate::CertificateFields;
use super::oid;
use super::scheme::{VerificationKey, digest_identifier, signature_identifier};
use crate::model::algorithm::DigestAlgorithm;
use crate::model::{SealAlgorithm, Sha256Digest};

/// The constant parts of a seal's `SignedData`: certificates, signing-certificate-v2, algorithms.
#[derive(Clone, Debug)]
pub struct CmsProfile {
    /// Version, digest algorithms, content type and certificates of `SignedData`.
    before_signer: Vec<u8>,
    /// Version, signer identifier and digest algorithm of `SignerInfo`.
    signer_head: Vec<u8>,
    /// Signature algorithm of `SignerInfo`.
    signature_algorithm: Vec<u8>,
    /// The signed attributes that are the same in every seal.
    constant_attributes: [Vec<u8>; 3],
    digest: DigestAlgorithm,
    verification_key: VerificationKey,
}

/// The signed attributes of one seal: content-type, message-digest, signing-certificate-v2 and
/// CMS algorithm protection (RFC 6211); no signing-time (EN 319 142-1, 6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedAttributes {
    set: Vec<u8>,
}

impl CmsProfile {
    /// From DER certificates, leaf first.
    ///
    /// # Errors
    /// [`CmsError::Unreadable`] when there is no leaf or it is not a certificate.
    pub fn new(chain: &[Vec<u8>], algorithm: SealAlgorithm) -> Result<Self, CmsError> {
        let leaf = chain
            .first()
            .ok_or(CmsError::Unreadable("no certificate"))?;
        let signer = CertificateFields::read(leaf)?;
        let digest_algorithm = digest_identifier(algorithm.digest());
        let signature_algorithm = signature_identifier(algorithm);
        let version = element(INTEGER, &[&[1]]);

        // EncapsulatedContentInfo without eContent: detached (RFC 5652, 5.2).
        let data = element(OBJECT_IDENTIFIER, &[oid::DATA.as_bytes()]);
        let before_signer = [
            version.clone(),
            element(SET, &[&digest_algorithm]),
            element(SEQUENCE, &[&data]),
            set_of(context(0), chain.iter().map(Vec::as_slice).collect()),
        ]
        .concat();

        let issuer_and_serial = element(SEQUENCE, &[signer.issuer, signer.serial]);
        let signer_head = [
            version.as_slice(),
            issuer_and_serial.as_slice(),
            digest_algorithm.as_slice(),
        ]
        .concat();

        let constant_attributes = [
            attribute(oid::CONTENT_TYPE, &data),
            attribute(
                oid::ALGORITHM_PROTECTION,
                &algorithm_protection(&digest_algorithm, &signature_algorithm),
            ),
            attribute(
                oid::SIGNING_CERTIFICATE_V2,
                &signing_certificate_v2(leaf, &signer),
            ),
        ];
        Ok(Self {
            before_signer,
            signer_head,
            signature_algorithm,
            constant_attributes,
            digest: algorithm.digest(),
            verification_key: VerificationKey::of(signer.spki)
                .ok_or(CmsError::Unreadable("a public key"))?,
        })
    }

    /// Bytes to reserve in the PDF for the DER of a seal whose signature value has at most
    /// `signature_len` bytes: exactly what [`Self::assemble`] returns for such a value.
    pub fn reserved(&self, signature_len: usize) -> usize {
        let attributes = self.signed_attributes(&vec![0; self.digest.size()]);
        self.assemble(&attributes, &vec![0; signature_len]).len()
    }

    /// The key by which the seals made with this profile are verified.
    pub const fn verification_key(&self) -> &VerificationKey {
        &self.verification_key
    }

    /// The attributes over a document whose ranges have this digest, made with
    /// [`SealAlgorithm::digest`]. A digest of another length gives a seal that no validator accepts.
    pub fn signed_attributes(&self, message_digest: &[u8]) -> SignedAttributes {
        let digest = element(OCTET_STRING, &[message_digest]);
        let message_digest = attribute(oid::MESSAGE_DIGEST, &digest);
        let members = self
            .constant_attributes
            .iter()
            .chain([&message_digest])
            .map(Vec::as_slice)
            .collect();
        SignedAttributes {
            set: set_of(SET, members),
        }
    }

    /// Bytes to reserve for a seal that may get a timestamp token of up to `token_len` bytes: exactly what
    /// [`Self::assemble_timestamped`] returns for such a token.
    pub fn reserved_timestamped(&self, signature_len: usize, token_len: usize) -> usize {
        let attributes = self.signed_attributes(&vec![0; self.digest.size()]);
        let (signature, token) = (vec![0; signature_len], vec![0; token_len]);
        self.assemble_timestamped(&attributes, &signature, &token)
            .len()
    }

    /// The complete `ContentInfo`, DER, detached.
    pub fn assemble(&self, attributes: &SignedAttributes, signature: &[u8]) -> Vec<u8> {
        self.assemble_with(attributes, signature, &[])
    }

    /// The same with a signature timestamp: `token`, a `ContentInfo` over the digest of `signature`, as the
    /// only unsigned attribute (RFC 3161, appendix A; EN 319 122-1, 5.3).
    pub fn assemble_timestamped(
        &self,
        attributes: &SignedAttributes,
        signature: &[u8],
        token: &[u8],
    ) -> Vec<u8> {
        let timestamp = attribute(oid::SIGNATURE_TIME_STAMP, token);
        let unsigned = element(context(1), &[&timestamp]);
        self.assemble_with(attributes, signature, &unsigned)
    }

    /// `unsigned` is the whole field `unsignedAttrs`, or nothing.
    fn assemble_with(
        &self,
        attributes: &SignedAttributes,
        signature: &[u8],
        unsigned: &[u8],
    ) -> Vec<u8> {
        let signature = element(OCTET_STRING, &[signature]);
        let signer_info = element(
            SEQUENCE,
            &[
                &self.signer_head,
                // Signed as SET, sent as [0] IMPLICIT: only the tag differs (RFC 5652, 5.3).
                &[context(0)],
                attributes.set.get(1..).unwrap_or_default(),
                &self.signature_algorithm,
                &signature,
                unsigned,
            ],
        );
        let signer_infos = element(SET, &[&signer_info]);
        let signed_data = element(SEQUENCE, &[&self.before_signer, &signer_infos]);
        let content = element(context(0), &[&signed_data]);
        let content_type = element(OBJECT_IDENTIFIER, &[oid::SIGNED_DATA.as_bytes()]);
        element(SEQUENCE, &[&content_type, &content])
    }
}

impl SignedAttributes {
    /// The DER `SET OF Attribute` that the key signs (RFC 5652, 5.4).
    pub fn to_be_signed(&self) -> &[u8] {
        &self.set
    }

    /// Attributes as somebody else might send them.
    #[cfg(test)]
    pub(super) fn from_set(set: Vec<u8>) -> Self {
        Self { set }
    }
}

/// `Attribute ::= SEQUENCE { attrType OBJECT IDENTIFIER, attrValues SET OF … }` with one value.
fn attribute(kind: const_oid::ObjectIdentifier, value: &[u8]) -> Vec<u8> {
    let kind = element(OBJECT_IDENTIFIER, &[kind.as_bytes()]);
    element(SEQUENCE, &[&kind, &element(SET, &[value])])
}

/// `SigningCertificateV2` (RFC 5035, 4) with the one `ESSCertIDv2` of the leaf. Its digest is always
/// SHA-256, the default, which DER leaves out.
fn signing_certificate_v2(leaf: &[u8], signer: &CertificateFields<'_>) -> Vec<u8> {
    let hash = element(OCTET_STRING, &[Sha256Digest::of(leaf).as_bytes()]);
    // GeneralNames with one directoryName [4], which is explicit because a Name is a CHOICE.
    let issuer = element(SEQUENCE, &[&element(context(4), &[signer.issuer])]);
    let issuer_serial = element(SEQUENCE, &[&issuer, signer.serial]);
    let certificate_id = element(SEQUENCE, &[&hash, &issuer_serial]);
    element(SEQUENCE, &[&element(SEQUENCE, &[&certificate_id])])
}

/// `CMSAlgorithmProtection` (RFC 6211, 2): both algorithms again, under the signature.
fn algorithm_protection(digest: &[u8], signature: &[u8]) -> Vec<u8> {
    // signatureAlgorithm [1] IMPLICIT: the sequence under another tag.
    let implicit = [&[context(1)], signature.get(1..).unwrap_or_default()].concat();
    element(SEQUENCE, &[digest, &implicit])
}
