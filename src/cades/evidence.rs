//! Reading somebody's CMS: facts, as sent, without judging or re-encoding them.

use super::asn1::{
    Element, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, context,
};
use super::attributes::{Attributes, CertificateId, identifies};
use super::ber::definite;
use super::certificate::CertificateFields;
use super::oid;
use super::scheme::{Algorithm, Digest, Scheme};

/// A longer CMS is refused, padding not counted. Ours are a few kilobytes; foreign ones with
/// revocation lists inside reach a megabyte.
const MAX_LEN: usize = 2 << 20;
/// More certificates, signers or digest algorithms than this are refused.
const MAX_MEMBERS: usize = 64;

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
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
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
    /// The `content` is absent (detached).
    pub detached: bool,
    /// Dotted OID of the encapsulated content type: id-data, or id-ct-TSTInfo in a timestamp.
    pub encapsulated_type: String,
    /// Dotted OIDs of `digestAlgorithms`.
    pub digest_algorithms: Vec<String>,
    /// Dotted OID of the digest algorithm of the first signer.
    pub digest_algorithm: String,
    /// Dotted OID of the signature algorithm of the first signer.
    pub signature_algorithm: String,
    /// Every digest named (by the signer, inside the signature algorithm, for PSS in its mask and salt
    /// length) is the same; `None` when an algorithm is not known here.
    pub algorithms_agree: Option<bool>,
    /// There are signed attributes.
    pub signed_attributes: bool,
    /// No signed attribute occurs twice, each has one value.
    pub signed_attributes_unique: bool,
    /// Signed attribute content-type is id-data.
    pub content_type_is_data: bool,
    /// Signed attribute message-digest.
    pub message_digest: Option<Vec<u8>>,
    /// A signing-time attribute is there, which PAdES forbids.
    pub signing_time: bool,
    /// The signing-certificate-v2 names the certificate of the signer by hash, and by issuer and serial
    /// number if it has them; `None` without the attribute.
    pub signing_certificate_matches: Option<bool>,
    /// A signing-certificate attribute of version 1 (SHA-1) is there.
    pub signing_certificate_v1: bool,
    /// The CMS algorithm protection repeats both algorithms (RFC 6211); `None` without one.
    pub algorithm_protection_matches: Option<bool>,
    /// DER of the signer's certificate, when it is inside: the one that signing-certificate-v2 names,
    /// or else the one the signer identifier means.
    pub signer_certificate: Option<Vec<u8>>,
    /// The signer identifier means that certificate too.
    pub signer_identifier_matches: bool,
    /// DER of every certificate inside.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists or other revocation information are inside.
    pub revocation_information: bool,
    /// The signature value.
    pub signature: Vec<u8>,
    /// Algorithm and key are of a kind that can be verified here. When not, `signature_verifies` says
    /// nothing.
    pub signature_verifiable: bool,
    /// The signature value is right over the attributes as sent.
    pub signature_verifies: bool,
    /// Signature timestamp tokens (unsigned attribute, RFC 3161 appendix A), each a `ContentInfo`.
    pub signature_timestamps: Vec<Vec<u8>>,
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
        let sent = definite(contents, MAX_LEN)?;
        let padding = contents.get(sent.sent_len..).unwrap_or_default();
        let signed_data = SignedData::read(&sent.bytes)?;
        let signer = &signed_data.signer;

        let attributes = signer.signed_attributes.map(Attributes::read).transpose()?;
        let certificate = signed_data.signer_certificate(attributes.as_ref());
        let digest = Digest::read(&signer.digest_algorithm);
        let scheme = Scheme::read(&signer.signature_algorithm, digest);
        let verdict = scheme
            .zip(attributes.as_ref())
            .zip(certificate.fields)
            .and_then(|((scheme, attributes), certificate)| {
                let message = attributes.to_be_signed();
                scheme.verify_signature_value(certificate.spki, &message, signer.signature)
            });

        let mut evidence = Self {
            der_len: sent.sent_len,
            padding_is_zero: padding.iter().all(|byte| *byte == 0),
            is_der: sent.der && attributes.as_ref().is_none_or(Attributes::in_der_order),
            signers: signed_data.signers,
            detached: signed_data.content.is_none(),
            encapsulated_type: oid::dotted(signed_data.content_type),
            digest_algorithms: signed_data.digest_algorithms,
            digest_algorithm: oid::dotted(signer.digest_algorithm.oid),
            signature_algorithm: oid::dotted(signer.signature_algorithm.oid),
            algorithms_agree: scheme
                .zip(digest)
                .map(|(scheme, digest)| scheme.agrees_with(digest)),
            signed_attributes: attributes.is_some(),
            signed_attributes_unique: false,
            content_type_is_data: false,
            message_digest: None,
            signing_time: false,
            signing_certificate_matches: certificate.matches,
            signing_certificate_v1: false,
            algorithm_protection_matches: None,
            signer_certificate: certificate.der.map(<[u8]>::to_vec),
            signer_identifier_matches: certificate
                .fields
                .is_some_and(|fields| identifies(signer.identifier, &fields)),
            certificates: signed_data
                .certificates
                .iter()
                .map(|certificate| certificate.to_vec())
                .collect(),
            revocation_information: signed_data.revocation_information,
            signature: signer.signature.to_vec(),
            signature_verifiable: verdict.is_some(),
            signature_verifies: verdict == Some(true),
            signature_timestamps: Vec::new(),
            other_unsigned_attributes: Vec::new(),
        };
        if let Some(attributes) = &attributes {
            evidence.take_signed(attributes, signer);
        }
        if let Some(unsigned) = signer.unsigned_attributes {
            evidence.take_unsigned(&Attributes::read(unsigned)?);
        }
        Ok(evidence)
    }

    fn take_signed(&mut self, attributes: &Attributes<'_>, signer: &SignerInfo<'_>) {
        self.signed_attributes_unique = attributes.one_of_each();
        self.content_type_is_data = attributes.content_type_is_data();
        self.message_digest = attributes.message_digest().map(<[u8]>::to_vec);
        self.signing_time = attributes.has(oid::SIGNING_TIME);
        self.signing_certificate_v1 = attributes.has(oid::SIGNING_CERTIFICATE);
        self.algorithm_protection_matches =
            attributes.algorithm_protection(&signer.digest_algorithm, &signer.signature_algorithm);
    }

    fn take_unsigned(&mut self, attributes: &Attributes<'_>) {
        for attribute in attributes.iter() {
            if attribute.kind == oid::SIGNATURE_TIME_STAMP.as_bytes() {
                let tokens = attribute.values.iter().map(|token| token.whole.to_vec());
                self.signature_timestamps.extend(tokens);
            } else {
                self.other_unsigned_attributes
                    .push(oid::dotted(attribute.kind));
            }
        }
    }
}

/// `SignedData` (RFC 5652, 5.1), where it stands.
struct SignedData<'a> {
    digest_algorithms: Vec<String>,
    content_type: &'a [u8],
    content: Option<Element<'a>>,
    certificates: Vec<&'a [u8]>,
    revocation_information: bool,
    signers: usize,
    signer: SignerInfo<'a>,
}

/// `SignerInfo` (RFC 5652, 5.3), where it stands.
struct SignerInfo<'a> {
    identifier: Element<'a>,
    digest_algorithm: Algorithm<'a>,
    signed_attributes: Option<Element<'a>>,
    signature_algorithm: Algorithm<'a>,
    signature: &'a [u8],
    unsigned_attributes: Option<Element<'a>>,
}

/// The certificate a signer used, as far as it can be told.
struct SignerCertificate<'a> {
    der: Option<&'a [u8]>,
    fields: Option<CertificateFields<'a>>,
    /// See [`CmsEvidence::signing_certificate_matches`].
    matches: Option<bool>,
}

impl<'a> SignedData<'a> {
    fn read(der: &'a [u8]) -> Result<Self, CmsError> {
        let mut content_info = Fields::new(der)
            .expect(SEQUENCE, "no ContentInfo")?
            .fields();
        let content_type = content_info.expect(OBJECT_IDENTIFIER, "no content type")?;
        if content_type.content != oid::SIGNED_DATA.as_bytes() {
            return Err(CmsError::Unreadable("the content type is another"));
        }
        let content = content_info.expect(context(0), "no content")?;
        let mut fields = content.fields().expect(SEQUENCE, "no SignedData")?.fields();

        fields.expect(INTEGER, "no version")?;
        let digest_algorithms = fields
            .expect(SET, "no digest algorithms")?
            .fields()
            .all(MAX_MEMBERS, "digest algorithms")?
            .into_iter()
            .map(|algorithm| Ok(oid::dotted(Algorithm::read(algorithm)?.oid)))
            .collect::<Result<_, CmsError>>()?;
        let mut encapsulated = fields.expect(SEQUENCE, "no encapsulated content")?.fields();
        let content_type = encapsulated.expect(OBJECT_IDENTIFIER, "no content type")?;
        let content = encapsulated.optional(context(0))?;
        let certificates = match fields.optional(context(0))? {
            Some(set) => set.fields().all(MAX_MEMBERS, "certificates")?,
            None => Vec::new(),
        };
        let revocation_information = fields.optional(context(1))?.is_some();
        let signers = fields
            .expect(SET, "no signers")?
            .fields()
            .all(MAX_MEMBERS, "signers")?;
        let first = signers.first().ok_or(CmsError::Unreadable("no signer"))?;
        Ok(Self {
            digest_algorithms,
            content_type: content_type.content,
            content,
            // Other choices (attribute certificates) have context tags.
            certificates: certificates
                .iter()
                .filter(|choice| choice.tag == SEQUENCE)
                .map(|certificate| certificate.whole)
                .collect(),
            revocation_information,
            signers: signers.len(),
            signer: SignerInfo::read(*first)?,
        })
    }

    /// The certificate is chosen by the hash in signing-certificate-v2 before the signer identifier,
    /// because only the former is signed.
    fn signer_certificate(&self, attributes: Option<&Attributes<'a>>) -> SignerCertificate<'a> {
        let named = attributes
            .and_then(|attributes| attributes.value(oid::SIGNING_CERTIFICATE_V2))
            .map(CertificateId::read);
        let readable = || {
            self.certificates
                .iter()
                .filter_map(|der| Some((*der, CertificateFields::read(der).ok()?)))
        };
        if let Some(Ok(id)) = &named
            && let Some((der, fields)) = readable().find(|(der, _)| id.names(der))
        {
            return SignerCertificate {
                der: Some(der),
                fields: Some(fields),
                matches: Some(id.issuer_serial_fits(&fields)),
            };
        }
        let identified = readable().find(|(_, fields)| identifies(self.signer.identifier, fields));
        let (der, fields) = identified.unzip();
        SignerCertificate {
            der,
            fields,
            matches: named.map(|_| false),
        }
    }
}

impl<'a> SignerInfo<'a> {
    fn read(element: Element<'a>) -> Result<Self, CmsError> {
        let mut fields = match element.tag {
            SEQUENCE => element.fields(),
            _ => return Err(CmsError::Unreadable("no SignerInfo")),
        };
        fields.expect(INTEGER, "no signer version")?;
        let identifier = fields.any()?;
        let digest = fields.expect(SEQUENCE, "no digest algorithm")?;
        let signed_attributes = fields.optional(context(0))?;
        let signature = fields.expect(SEQUENCE, "no signature algorithm")?;
        Ok(Self {
            identifier,
            digest_algorithm: Algorithm::read(digest)?,
            signed_attributes,
            signature_algorithm: Algorithm::read(signature)?,
            signature: fields.expect(OCTET_STRING, "no signature")?.content,
            unsigned_attributes: fields.optional(context(1))?,
        })
    }
}
