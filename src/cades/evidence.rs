//! Reading somebody's CMS: facts, as sent, without judging or re-encoding them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::asn1::{Element, Fields, OBJECT_IDENTIFIER, SEQUENCE, element};
use super::attributes::{Attributes, identifies};
use super::ber::definite;
use super::certificate::CertificateFields;
use super::digest::{self, Digest};
use super::oid;
use super::scheme::{Algorithm, Scheme, VerificationKey};
use super::signed_data::{MAX_MEMBERS, Revocation, SignedData, SignerInfo};
use crate::model::{Octets, PublicKey};

/// A longer CMS is refused, padding not counted. Ours are a few kilobytes; foreign ones with
/// revocation lists inside reach a megabyte.
const MAX_LEN: usize = 2 << 20;

/// A CMS that cannot be read or made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not a `SignedData` that can be parsed.
    #[error("not a readable SignedData: {0}")]
    Unreadable(&'static str),
    /// More of something than is read.
    #[error("a SignedData beyond the limits: too many {0}")]
    OverLimit(&'static str),
}

/// What a signature's CMS says (RFC 5652), for a validator to judge.
///
/// When there are several signers the facts are about the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CmsEvidence {
    /// Bytes of DER before the padding.
    pub der_len: usize,
    /// Bytes after it are all zero.
    pub padding_is_zero: bool,
    /// Lengths are definite and minimal and strings in one piece, from the first byte to the last,
    /// and the signed attributes stand in DER order.
    pub is_der: bool,
    /// Number of `SignerInfo`s.
    pub signers: usize,
    /// The `eContent` is absent (detached).
    pub detached: bool,
    /// Dotted OID of the encapsulated content type: id-data, or id-ct-TSTInfo in a timestamp.
    pub encapsulated_type: String,
    /// The octets inside `eContent`: a `TSTInfo`, or the SHA-1 of the document under adbe.pkcs7.sha1.
    pub encapsulated_content: Option<Octets>,
    /// Signed attribute message-digest is the digest of [`Self::encapsulated_content`]; `None` when
    /// one of them is missing or the algorithm not known here.
    pub encapsulated_content_matches: Option<bool>,
    /// Dotted OIDs of `digestAlgorithms`.
    pub digest_algorithms: Vec<String>,
    /// Dotted OID of the digest algorithm of the first signer.
    pub digest_algorithm: String,
    /// Dotted OID of the signature algorithm of the first signer.
    pub signature_algorithm: String,
    /// DER of its parameters.
    pub signature_parameters: Option<Octets>,
    /// Every digest named (by the signer, inside the signature algorithm, for PSS in its mask and salt
    /// length) is the same; `None` when an algorithm is not known here.
    pub algorithms_agree: Option<bool>,
    /// There are signed attributes.
    pub signed_attributes: bool,
    /// No signed attribute occurs twice, each has one value.
    pub signed_attributes_unique: bool,
    /// The signed attributes stand in DER order (X.690, 11.6).
    pub signed_attributes_ordered: bool,
    /// Dotted OIDs of the signed attributes, in the order as sent.
    pub signed_attribute_types: Vec<String>,
    /// Signed attribute content-type is id-data.
    pub content_type_is_data: bool,
    /// Signed attribute content-type is the type of the encapsulated content (RFC 5652, 11.1).
    pub content_type_matches: bool,
    /// Signed attribute message-digest.
    pub message_digest: Option<Octets>,
    /// A signing-time attribute is there, which PAdES forbids.
    pub signing_time: bool,
    /// What it claims, which proves nothing.
    pub claimed_time: Option<Timestamp>,
    /// Dotted OID of the signature policy (EN 319 122-1, 5.2.9); empty for an implied one.
    pub signature_policy: Option<String>,
    /// Dotted OIDs of the commitments (EN 319 122-1, 5.2.3).
    pub commitment_types: Vec<String>,
    /// Content timestamp tokens (signed attribute, EN 319 122-1, 5.2.8), each a `ContentInfo`.
    pub content_timestamps: Vec<Octets>,
    /// The signing-certificate-v2 names the certificate of the signer by hash, and by issuer and serial
    /// number if it has them; `None` without the attribute, and when it names by SHA-1.
    pub signing_certificate_matches: Option<bool>,
    /// A certificate is named by SHA-1: by a signing-certificate of version 1, or by one of version 2 with that
    /// hash.
    pub signing_certificate_v1: bool,
    /// It is the certificate of the signer; `None` when none is named so.
    pub signing_certificate_v1_matches: Option<bool>,
    /// The CMS algorithm protection repeats both algorithms (RFC 6211); `None` without one.
    pub algorithm_protection_matches: Option<bool>,
    /// DER of the signer's certificate, when it is inside or was given: the one that
    /// signing-certificate-v2 names, or else version 1, or else the one the signer identifier means.
    pub signer_certificate: Option<Octets>,
    /// The signer identifier means that certificate too.
    pub signer_identifier_matches: bool,
    /// Its public key.
    pub signer_key: Option<PublicKey>,
    /// DER of every certificate inside, those of the attribute certificate-values (EN 319 122-1,
    /// A.1.1.1) last.
    pub certificates: Vec<Octets>,
    /// DER of the `CertificateList`s inside: those of `SignedData`, of the signed attribute
    /// adbe-revocationInfoArchival (ISO 32000-2, 12.8.3.3.2), and of revocation-values.
    pub crls: Vec<Octets>,
    /// DER of the `OCSPResponse`s and `BasicOCSPResponse`s inside, of the same places.
    pub ocsp_responses: Vec<Octets>,
    /// The signature value.
    pub signature: Octets,
    /// There are signed attributes, and algorithm and key are of a kind that can be verified here. When
    /// not, `signature_verifies` says nothing; see [`Self::verify_over_digest`].
    pub signature_verifiable: bool,
    /// The signature value is right over the attributes as sent.
    pub signature_verifies: bool,
    /// Signature timestamp tokens (unsigned attribute, RFC 3161 appendix A), each a `ContentInfo`.
    pub signature_timestamps: Vec<Octets>,
    /// Dotted OIDs of the other unsigned attributes.
    pub other_unsigned_attributes: Vec<String>,
}

impl CmsEvidence {
    /// Reads the bytes of `/Contents`, padding included, and verifies the signature over the attributes.
    /// BER is understood, and the order of attributes is left as it is.
    ///
    /// # Errors
    /// [`CmsError`] when it is not a `SignedData` with at least one signer, or beyond the limits. All
    /// else that may be wrong is a fact.
    pub fn collect(contents: &[u8]) -> Result<Self, CmsError> {
        Self::read(contents, &[], None)
    }

    /// The same, where the signer is thought to be the owner of `key`. Whether it is, is found out.
    ///
    /// # Errors
    /// As [`Self::collect`].
    pub fn collect_by(contents: &[u8], key: &VerificationKey) -> Result<Self, CmsError> {
        Self::read(contents, &[], Some(key))
    }

    /// The same, where the signer's certificate may also be among `others` (DER), such as those of a
    /// document's security store: a timestamp need not bring its own (RFC 3161, 2.4.1).
    ///
    /// # Errors
    /// As [`Self::collect`].
    pub fn collect_with(contents: &[u8], others: &[Octets]) -> Result<Self, CmsError> {
        Self::read(contents, others, None)
    }

    fn read(
        contents: &[u8],
        others: &[Octets],
        known: Option<&VerificationKey>,
    ) -> Result<Self, CmsError> {
        let sent = definite(contents, MAX_LEN)?;
        let padding = contents.get(sent.sent_len..).unwrap_or_default();
        let signed_data = SignedData::read(&sent.bytes)?;
        let signer = &signed_data.signer;

        let attributes = signer.signed_attributes.map(Attributes::read).transpose()?;
        let others = others.iter().map(|der| &**der);
        let certificate = signed_data.signer_certificate(attributes.as_ref(), others);
        let spki = certificate.fields.map(|fields| fields.spki);
        let digest = Digest::read(&signer.digest_algorithm);
        let scheme = Scheme::read(&signer.signature_algorithm, digest);
        let verdict =
            scheme
                .zip(attributes.as_ref())
                .zip(spki)
                .and_then(|((scheme, attributes), spki)| {
                    let message = attributes.to_be_signed();
                    scheme.verify_signature_value(spki, &message, signer.signature, known)
                });

        let mut evidence = Self {
            der_len: sent.sent_len,
            padding_is_zero: padding.iter().all(|byte| *byte == 0),
            is_der: sent.der && attributes.as_ref().is_none_or(Attributes::in_der_order),
            signers: signed_data.signers,
            detached: signed_data.content.is_none(),
            encapsulated_type: oid::dotted(signed_data.content_type),
            encapsulated_content: signed_data
                .encapsulated_octets()
                .map(|octets| octets.to_vec().into()),
            encapsulated_content_matches: None,
            digest_algorithms: signed_data.digest_algorithms,
            digest_algorithm: oid::dotted(signer.digest_algorithm.oid),
            signature_algorithm: oid::dotted(signer.signature_algorithm.oid),
            signature_parameters: signer.signature_algorithm.parameters.map(octets),
            algorithms_agree: scheme
                .zip(digest)
                .map(|(scheme, digest)| scheme.agrees_with(digest)),
            signed_attributes: attributes.is_some(),
            signed_attributes_unique: false,
            signed_attributes_ordered: false,
            signed_attribute_types: Vec::new(),
            content_type_is_data: false,
            content_type_matches: false,
            message_digest: None,
            signing_time: false,
            claimed_time: None,
            signature_policy: None,
            commitment_types: Vec::new(),
            content_timestamps: Vec::new(),
            signing_certificate_matches: certificate.matches,
            signing_certificate_v1: certificate.matches_v1.is_some(),
            signing_certificate_v1_matches: certificate.matches_v1,
            algorithm_protection_matches: None,
            signer_certificate: certificate.der.map(|der| der.to_vec().into()),
            signer_identifier_matches: certificate
                .fields
                .is_some_and(|fields| identifies(signer.identifier, &fields)),
            signer_key: spki.and_then(PublicKey::read),
            certificates: copies(&signed_data.certificates),
            crls: Vec::new(),
            ocsp_responses: Vec::new(),
            signature: signer.signature.to_vec().into(),
            signature_verifiable: verdict.is_some(),
            signature_verifies: verdict == Some(true),
            signature_timestamps: Vec::new(),
            other_unsigned_attributes: Vec::new(),
        };
        evidence.take_revocation(&signed_data.revocation);
        if let Some(attributes) = &attributes {
            evidence.take_signed(attributes, signer, signed_data.content_type);
        }
        if let Some(unsigned) = signer.unsigned_attributes {
            evidence.take_unsigned(&Attributes::read(unsigned)?);
        }
        Ok(evidence)
    }

    /// Whether the signature value is right over content that has this digest, made with
    /// [`Self::digest_algorithm`]: how a signature without signed attributes is verified (RFC 5652,
    /// 5.4). `None` when algorithm or key are of a kind that cannot be verified so.
    pub fn verify_over_digest(&self, digest: &[u8]) -> Option<bool> {
        let identifier: const_oid::ObjectIdentifier = self.signature_algorithm.parse().ok()?;
        let identifier = element(OBJECT_IDENTIFIER, &[identifier.as_bytes()]);
        let parameters = self.signature_parameters.as_deref().unwrap_or_default();
        let algorithm = element(SEQUENCE, &[&identifier, parameters]);
        let algorithm = Algorithm::read(Fields::new(&algorithm).any().ok()?).ok()?;
        let named = Digest::named(&self.digest_algorithm)?;
        let scheme = Scheme::read(&algorithm, Some(named))?;
        let certificate = CertificateFields::read(self.signer_certificate.as_deref()?).ok()?;
        let verifies = scheme.verify_over_digest(certificate.spki, digest, &self.signature)?;
        Some(verifies && scheme.digest() == named)
    }

    fn take_signed(
        &mut self,
        attributes: &Attributes<'_>,
        signer: &SignerInfo<'_>,
        content_type: &[u8],
    ) {
        let kinds = attributes.iter().map(|attribute| attribute.kind);
        self.signed_attributes_unique = attributes.one_of_each();
        self.signed_attributes_ordered = attributes.in_der_order();
        self.signed_attribute_types = kinds.map(oid::dotted).collect();
        let claimed_type = attributes.content_type();
        self.content_type_is_data = claimed_type == Some(oid::DATA.as_bytes());
        self.content_type_matches = claimed_type == Some(content_type);
        self.message_digest = attributes
            .message_digest()
            .map(|digest| digest.to_vec().into());
        self.encapsulated_content_matches = self
            .encapsulated_content
            .as_ref()
            .and_then(|content| digest::digest(&self.digest_algorithm, &[content]))
            .zip(attributes.message_digest())
            .map(|(digest, claimed)| digest == claimed);
        self.signing_time = attributes.has(oid::SIGNING_TIME);
        self.claimed_time = attributes.signing_time();
        self.signature_policy = attributes.signature_policy();
        self.commitment_types = attributes.commitment_types();
        self.content_timestamps = attributes
            .values(oid::CONTENT_TIME_STAMP)
            .map(octets)
            .collect();
        self.algorithm_protection_matches =
            attributes.algorithm_protection(&signer.digest_algorithm, &signer.signature_algorithm);
        for archival in attributes.values(oid::REVOCATION_INFO_ARCHIVAL) {
            // One that cannot be read is none: the judgement will miss the answers.
            self.take_revocation(&Revocation::of_attribute(archival).unwrap_or_default());
        }
    }

    fn take_unsigned(&mut self, attributes: &Attributes<'_>) {
        for attribute in attributes.iter() {
            if attribute.kind == oid::SIGNATURE_TIME_STAMP.as_bytes() {
                let tokens = attribute.values.iter().copied().map(octets);
                self.signature_timestamps.extend(tokens);
            } else {
                self.other_unsigned_attributes
                    .push(oid::dotted(attribute.kind));
            }
        }
        for values in attributes.values(oid::CERTIFICATE_VALUES) {
            let certificates = values.fields().all(MAX_MEMBERS, "certificates");
            let certificates = certificates.unwrap_or_default().into_iter().map(octets);
            self.certificates.extend(certificates);
        }
        for values in attributes.values(oid::REVOCATION_VALUES) {
            self.take_revocation(&Revocation::of_attribute(values).unwrap_or_default());
        }
    }

    fn take_revocation(&mut self, revocation: &Revocation<'_>) {
        self.crls.extend(copies(&revocation.crls));
        self.ocsp_responses
            .extend(copies(&revocation.ocsp_responses));
    }
}

/// All of an element.
fn octets(element: Element<'_>) -> Octets {
    element.whole.to_vec().into()
}

fn copies(slices: &[&[u8]]) -> Vec<Octets> {
    slices.iter().map(|slice| slice.to_vec().into()).collect()
}
