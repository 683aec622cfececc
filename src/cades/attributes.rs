//! The attributes of a `SignerInfo` (RFC 5652, 5.3) as they were sent.

use const_oid::ObjectIdentifier as Oid;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::CmsError;
use super::asn1::{
    Element, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, context, put_header,
};
use super::certificate::CertificateFields;
use super::oid;
use super::scheme::{Algorithm, Digest};

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

    /// Content-type is id-data (RFC 5652, 11.1).
    pub(super) fn content_type_is_data(&self) -> bool {
        self.value(oid::CONTENT_TYPE).is_some_and(|value| {
            value.tag == OBJECT_IDENTIFIER && value.content == oid::DATA.as_bytes()
        })
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

/// The first `ESSCertIDv2` of a signing-certificate-v2 (RFC 5035, 4).
pub(super) struct CertificateId<'a> {
    digest: Option<Digest>,
    hash: &'a [u8],
    issuer_serial: Option<Element<'a>>,
}

impl<'a> CertificateId<'a> {
    /// Reads it from the attribute's value.
    pub(super) fn read(value: Element<'a>) -> Result<Self, CmsError> {
        const WHAT: &str = "a signing-certificate-v2";
        let ids = value.fields().expect(SEQUENCE, WHAT)?;
        let mut fields = ids.fields().expect(SEQUENCE, WHAT)?.fields();
        let digest = match fields.optional(SEQUENCE)? {
            Some(algorithm) => Digest::read(&Algorithm::read(algorithm)?),
            None => Some(Digest::Sha256),
        };
        Ok(Self {
            digest,
            hash: fields.expect(OCTET_STRING, WHAT)?.content,
            issuer_serial: fields.optional(SEQUENCE)?,
        })
    }

    /// The hash is that certificate's. Hashes below SHA-256 name nothing reliably.
    pub(super) fn names(&self, certificate: &[u8]) -> bool {
        match self.digest {
            Some(Digest::Sha256) => Sha256::digest(certificate).as_slice() == self.hash,
            Some(Digest::Sha384) => Sha384::digest(certificate).as_slice() == self.hash,
            Some(Digest::Sha512) => Sha512::digest(certificate).as_slice() == self.hash,
            Some(Digest::Sha1 | Digest::Sha224) | None => false,
        }
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
