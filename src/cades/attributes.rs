//! The attributes of a `SignerInfo` (RFC 5652, 5.3) as they were sent.

use const_oid::ObjectIdentifier as Oid;
use jiff::Timestamp;

use super::CmsError;
use super::asn1::{
    Element, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, context, put_header,
};
use super::certificate::CertificateFields;
use super::digest::Digest;
use super::oid;
use super::scheme::Algorithm;
use super::time;

/// More attributes than this are refused.
const MAX_ATTRIBUTES: usize = 64;

/// One attribute.
pub(super) struct Attribute<'a> {
    /// Content of its identifier.
    pub(super) kind: &'a [u8],
    /// Its values.
    pub(super) values: Vec<Element<'a>>,
    whole: &'a [u8],
}

/// The signed or unsigned attributes of a signer.
pub(super) struct Attributes<'a> {
    members: Vec<Attribute<'a>>,
    content: &'a [u8],
}

impl<'a> Attributes<'a> {
    /// Reads the content of `[0] IMPLICIT SET OF Attribute` (or `[1]`).
    pub(super) fn read(set: Element<'a>) -> Result<Self, CmsError> {
        const WHAT: &str = "an attribute";
        let members = set
            .fields()
            .all(MAX_ATTRIBUTES, "attributes")?
            .into_iter()
            .map(|attribute| {
                if attribute.tag != SEQUENCE {
                    return Err(CmsError::Unreadable(WHAT));
                }
                let mut fields = attribute.fields();
                let kind = fields.expect(OBJECT_IDENTIFIER, WHAT)?.content;
                let values = fields.expect(SET, WHAT)?.fields();
                Ok(Attribute {
                    kind,
                    values: values.all(MAX_ATTRIBUTES, "attribute values")?,
                    whole: attribute.whole,
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            members,
            content: set.content,
        })
    }

    /// What the signature covers: the set under its own tag, members in the order as sent
    /// (RFC 5652, 5.4 wants them in DER order; whoever sent another order signed that one).
    pub(super) fn to_be_signed(&self) -> Vec<u8> {
        let mut set = Vec::with_capacity(self.content.len() + 6);
        put_header(&mut set, SET, self.content.len());
        set.extend_from_slice(self.content);
        set
    }

    /// Members ascend by encoding (X.690, 11.6).
    pub(super) fn in_der_order(&self) -> bool {
        self.members.is_sorted_by_key(|member| member.whole)
    }

    /// No kind occurs twice and every one has exactly one value (RFC 5652, 11).
    pub(super) fn one_of_each(&self) -> bool {
        let mut kinds: Vec<_> = self.members.iter().map(|member| member.kind).collect();
        kinds.sort_unstable();
        kinds.is_sorted_by(|a, b| a < b) && self.members.iter().all(|m| m.values.len() == 1)
    }

    /// Every attribute.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Attribute<'a>> {
        self.members.iter()
    }

    /// There is an attribute of this kind.
    pub(super) fn has(&self, kind: Oid) -> bool {
        self.members
            .iter()
            .any(|member| member.kind == kind.as_bytes())
    }

    /// The first value of the first attribute of this kind.
    pub(super) fn value(&self, kind: Oid) -> Option<Element<'a>> {
        self.members
            .iter()
            .find(|member| member.kind == kind.as_bytes())?
            .values
            .first()
            .copied()
    }

    /// Every value of every attribute of this kind.
    pub(super) fn values(&self, kind: Oid) -> impl Iterator<Item = Element<'a>> {
        self.members
            .iter()
            .filter(move |member| member.kind == kind.as_bytes())
            .flat_map(|member| member.values.iter().copied())
    }

    /// Content-type (RFC 5652, 11.1), the content of its identifier.
    pub(super) fn content_type(&self) -> Option<&'a [u8]> {
        let value = self.value(oid::CONTENT_TYPE)?;
        (value.tag == OBJECT_IDENTIFIER).then_some(value.content)
    }

    /// Signing-time (RFC 5652, 11.3).
    pub(super) fn signing_time(&self) -> Option<Timestamp> {
        time::read(self.value(oid::SIGNING_TIME)?)
    }

    /// The identifier of the signature policy (EN 319 122-1, 5.2.9), dotted; empty for one that is
    /// implied.
    pub(super) fn signature_policy(&self) -> Option<String> {
        let value = self.value(oid::SIGNATURE_POLICY)?;
        Some(first_identifier(value).unwrap_or_default())
    }

    /// The identifiers of the commitments (EN 319 122-1, 5.2.3), dotted.
    pub(super) fn commitment_types(&self) -> Vec<String> {
        self.values(oid::COMMITMENT_TYPE)
            .filter_map(first_identifier)
            .collect()
    }

    /// Message-digest (RFC 5652, 11.2).
    pub(super) fn message_digest(&self) -> Option<&'a [u8]> {
        let value = self.value(oid::MESSAGE_DIGEST)?;
        (value.tag == OCTET_STRING).then_some(value.content)
    }

    /// The CMS algorithm protection repeats both algorithms (RFC 6211, 3); `None` without one.
    pub(super) fn algorithm_protection(
        &self,
        digest: &Algorithm<'_>,
        signature: &Algorithm<'_>,
    ) -> Option<bool> {
        let value = self.value(oid::ALGORITHM_PROTECTION)?;
        let repeats = || -> Result<bool, CmsError> {
            let mut fields = value.fields();
            let protected_digest = Algorithm::read(fields.expect(SEQUENCE, "algorithm")?)?;
            let protected_signature = Algorithm::read(fields.expect(context(1), "algorithm")?)?;
            Ok(protected_digest.equals(digest) && protected_signature.equals(signature))
        };
        Some(repeats().unwrap_or(false))
    }
}

/// The identifier a sequence begins with, dotted.
fn first_identifier(value: Element<'_>) -> Option<String> {
    let mut fields = match value.tag {
        SEQUENCE => value.fields(),
        _ => return None,
    };
    let identifier = fields.expect(OBJECT_IDENTIFIER, "an identifier").ok()?;
    Some(oid::dotted(identifier.content))
}

/// The first `ESSCertID` or `ESSCertIDv2` of a signing-certificate attribute (RFC 5035, 4 and 5).
pub(super) struct CertificateId<'a> {
    digest: Option<Digest>,
    hash: &'a [u8],
    issuer_serial: Option<Element<'a>>,
}

impl<'a> CertificateId<'a> {
    /// Reads it from the value of a signing-certificate-v2. A hash by MD5 or SHA-224 names nothing.
    pub(super) fn read_v2(value: Element<'a>) -> Result<Self, CmsError> {
        let mut fields = Self::first(value)?;
        let digest = match fields.optional(SEQUENCE)? {
            Some(algorithm) => Digest::read(&Algorithm::read(algorithm)?),
            None => Some(Digest::Sha256),
        };
        let digest = digest.filter(|digest| !matches!(digest, Digest::Md5 | Digest::Sha224));
        Self::rest(digest, fields)
    }

    /// Reads it from the value of a signing-certificate of version 1, whose hash is always SHA-1.
    pub(super) fn read_v1(value: Element<'a>) -> Result<Self, CmsError> {
        Self::rest(Some(Digest::Sha1), Self::first(value)?)
    }

    fn first(value: Element<'a>) -> Result<Fields<'a>, CmsError> {
        let ids = value.fields().expect(SEQUENCE, WHAT)?;
        Ok(ids.fields().expect(SEQUENCE, WHAT)?.fields())
    }

    fn rest(digest: Option<Digest>, mut fields: Fields<'a>) -> Result<Self, CmsError> {
        Ok(Self {
            digest,
            hash: fields.expect(OCTET_STRING, WHAT)?.content,
            issuer_serial: fields.optional(SEQUENCE)?,
        })
    }

    /// It names by SHA-1: as much as version 1 says, whatever the attribute.
    pub(super) fn is_by_sha1(&self) -> bool {
        self.digest == Some(Digest::Sha1)
    }

    /// The hash is that certificate's.
    pub(super) fn names(&self, certificate: &[u8]) -> bool {
        self.digest
            .and_then(|digest| digest.of(&[certificate]))
            .is_some_and(|hash| hash == self.hash)
    }

    /// Issuer and serial number are that certificate's, or are left out.
    pub(super) fn issuer_serial_fits(&self, certificate: &CertificateFields<'_>) -> bool {
        let Some(issuer_serial) = self.issuer_serial else {
            return true;
        };
        let fits = || -> Result<bool, CmsError> {
            let mut fields = issuer_serial.fields();
            let names = fields.expect(SEQUENCE, "issuer")?;
            let issuer = names.fields().expect(context(4), "directory name")?;
            let serial = fields.expect(INTEGER, "serial number")?;
            Ok(issuer.content == certificate.issuer && serial.whole == certificate.serial)
        };
        fits().unwrap_or(false)
    }
}

const WHAT: &str = "a signing-certificate";

/// Whether a `SignerIdentifier` (RFC 5652, 5.3) means that certificate.
pub(super) fn identifies(signer: Element<'_>, certificate: &CertificateFields<'_>) -> bool {
    const SUBJECT_KEY_IDENTIFIER: u8 = 0x80;
    match signer.tag {
        SEQUENCE => {
            let mut fields = Fields::new(signer.content);
            let issuer = fields
                .any()
                .is_ok_and(|issuer| issuer.whole == certificate.issuer);
            let serial = fields
                .any()
                .is_ok_and(|serial| serial.whole == certificate.serial);
            issuer && serial
        }
        SUBJECT_KEY_IDENTIFIER => certificate.subject_key_identifier() == Some(signer.content),
        _ => false,
    }
}
