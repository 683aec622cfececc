//! `SignedData` (RFC 5652, 5) where it stands: slices of the bytes as sent.

use super::CmsError;
use super::asn1::{
    Element, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, context,
};
use super::attributes::{Attributes, CertificateId, identifies};
use super::certificate::CertificateFields;
use super::oid;
use super::scheme::Algorithm;

/// More certificates, signers, digest algorithms or revocation answers than this are refused.
pub(super) const MAX_MEMBERS: usize = 64;

/// `SignedData` (RFC 5652, 5.1).
pub(super) struct SignedData<'a> {
    pub(super) digest_algorithms: Vec<String>,
    /// Content of the identifier of the encapsulated content's type.
    pub(super) content_type: &'a [u8],
    /// `eContent`, explicit tag and all.
    pub(super) content: Option<Element<'a>>,
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) revocation: Revocation<'a>,
    /// How many signers there are; the first one is read.
    pub(super) signers: usize,
    pub(super) signer: SignerInfo<'a>,
}

/// `SignerInfo` (RFC 5652, 5.3).
pub(super) struct SignerInfo<'a> {
    pub(super) identifier: Element<'a>,
    pub(super) digest_algorithm: Algorithm<'a>,
    pub(super) signed_attributes: Option<Element<'a>>,
    pub(super) signature_algorithm: Algorithm<'a>,
    pub(super) signature: &'a [u8],
    pub(super) unsigned_attributes: Option<Element<'a>>,
}

/// Revocation information that travels inside a CMS.
#[derive(Default)]
pub(super) struct Revocation<'a> {
    /// `CertificateList`s.
    pub(super) crls: Vec<&'a [u8]>,
    /// `OCSPResponse`s or `BasicOCSPResponse`s.
    pub(super) ocsp_responses: Vec<&'a [u8]>,
}

/// The certificate a signer used, as far as it can be told.
pub(super) struct SignerCertificate<'a> {
    pub(super) der: Option<&'a [u8]>,
    pub(super) fields: Option<CertificateFields<'a>>,
    /// See [`super::CmsEvidence::signing_certificate_matches`].
    pub(super) matches: Option<bool>,
    /// See [`super::CmsEvidence::signing_certificate_v1_matches`].
    pub(super) matches_v1: Option<bool>,
}

impl<'a> SignedData<'a> {
    /// Reads a `ContentInfo` of definite lengths.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, CmsError> {
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
        let revocation = match fields.optional(context(1))? {
            Some(set) => Revocation::of_signed_data(set)?,
            None => Revocation::default(),
        };
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
            revocation,
            signers: signers.len(),
            signer: SignerInfo::read(*first)?,
        })
    }

    /// The octets that were signed, when they are inside: the value of the `OCTET STRING`.
    pub(super) fn encapsulated_octets(&self) -> Option<&'a [u8]> {
        let mut fields = self.content?.fields();
        let octets = fields.expect(OCTET_STRING, "no octets").ok()?;
        fields.is_empty().then_some(octets.content)
    }

    /// The certificate is chosen by a hash in the signed attributes before the signer identifier,
    /// because only the former is signed. `others` are searched after those inside.
    pub(super) fn signer_certificate(
        &self,
        attributes: Option<&Attributes<'a>>,
        others: impl Iterator<Item = &'a [u8]>,
    ) -> SignerCertificate<'a> {
        let id = |kind, read: fn(Element<'a>) -> Result<CertificateId<'a>, CmsError>| {
            let value = attributes.and_then(|attributes| attributes.value(kind));
            value.map(|value| read(value).ok())
        };
        let v2 = id(oid::SIGNING_CERTIFICATE_V2, CertificateId::read_v2);
        let v1 = id(oid::SIGNING_CERTIFICATE, CertificateId::read_v1);
        let (v2, v1) = match v2 {
            Some(Some(by_sha1)) if by_sha1.is_by_sha1() => (None, v1.or(Some(Some(by_sha1)))),
            v2 => (v2, v1),
        };
        let readable: Vec<_> = self
            .certificates
            .iter()
            .copied()
            .chain(others)
            .filter_map(|der| Some((der, CertificateFields::read(der).ok()?)))
            .collect();
        let named = |id: &Option<Option<CertificateId<'a>>>| {
            let id = id.as_ref()?.as_ref()?;
            readable.iter().find(|(der, _)| id.names(der))
        };
        let identified = || {
            let identified = |(_, fields): &&_| identifies(self.signer.identifier, fields);
            readable.iter().find(identified)
        };
        let chosen = named(&v2).or_else(|| named(&v1)).or_else(identified);
        let matches = |id: Option<Option<CertificateId<'a>>>| {
            id.map(|id| {
                id.zip(chosen).is_some_and(|(id, (der, fields))| {
                    id.names(der) && id.issuer_serial_fits(fields)
                })
            })
        };
        SignerCertificate {
            der: chosen.map(|(der, _)| *der),
            fields: chosen.map(|(_, fields)| *fields),
            matches: matches(v2),
            matches_v1: matches(v1),
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

impl<'a> Revocation<'a> {
    /// Reads `RevocationInfoChoices` (RFC 5652, 10.2.1): lists, and OCSP responses as RFC 5940 puts
    /// them among the other formats.
    fn of_signed_data(set: Element<'a>) -> Result<Self, CmsError> {
        let mut found = Self::default();
        for choice in set.fields().all(MAX_MEMBERS, "revocation answers")? {
            match choice.tag {
                SEQUENCE => found.crls.push(choice.whole),
                OTHER_FORMAT => {
                    let mut fields = choice.fields();
                    let format = fields.expect(OBJECT_IDENTIFIER, "a revocation answer")?;
                    if format.content == oid::RI_OCSP_RESPONSE.as_bytes() {
                        found.ocsp_responses.push(fields.any()?.whole);
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// Reads `RevocationInfoArchival` (ISO 32000-2, 12.8.3.3.2) or `RevocationValues` (EN 319 122-1,
    /// A.1.1.2): both are lists under `[0]` and OCSP responses under `[1]`.
    pub(super) fn of_attribute(value: Element<'a>) -> Result<Self, CmsError> {
        let mut fields = value.fields();
        let mut all = |number| -> Result<Vec<&'a [u8]>, CmsError> {
            let Some(field) = fields.optional(context(number))? else {
                return Ok(Vec::new());
            };
            let list = field.fields().expect(SEQUENCE, "revocation answers")?;
            let members = list.fields().all(MAX_MEMBERS, "revocation answers")?;
            Ok(members.into_iter().map(|member| member.whole).collect())
        };
        Ok(Self {
            crls: all(0)?,
            ocsp_responses: all(1)?,
        })
    }
}

/// `[1] IMPLICIT OtherRevocationInfoFormat`.
const OTHER_FORMAT: u8 = context(1);
