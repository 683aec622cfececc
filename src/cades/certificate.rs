//! The few fields of a certificate (RFC 5280, 4.1) that a CMS refers to, where they stand.

use super::CmsError;
use super::asn1::{Element, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, context};
use super::oid;

/// Issuer, serial number and public key of one certificate, each as a whole element.
#[derive(Clone, Copy)]
pub(super) struct CertificateFields<'a> {
    pub(super) serial: &'a [u8],
    pub(super) issuer: &'a [u8],
    pub(super) spki: &'a [u8],
    extensions: Option<Element<'a>>,
}

impl<'a> CertificateFields<'a> {
    /// Reads a DER certificate.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, CmsError> {
        const WHAT: &str = "a certificate";
        let certificate = Fields::new(der).expect(SEQUENCE, WHAT)?;
        let mut fields = certificate.fields().expect(SEQUENCE, WHAT)?.fields();
        fields.optional(context(0))?; // version
        let serial = fields.expect(INTEGER, WHAT)?.whole;
        fields.expect(SEQUENCE, WHAT)?; // signature
        let issuer = fields.expect(SEQUENCE, WHAT)?.whole;
        fields.expect(SEQUENCE, WHAT)?; // validity
        fields.expect(SEQUENCE, WHAT)?; // subject
        let spki = fields.expect(SEQUENCE, WHAT)?.whole;
        for unique_identifier in [0x81, 0x82] {
            fields.optional(unique_identifier)?;
        }
        let extensions = fields.optional(context(3))?;
        Ok(Self {
            serial,
            issuer,
            spki,
            extensions,
        })
    }

    /// Content of the subject key identifier (RFC 5280, 4.2.1.2).
    pub(super) fn subject_key_identifier(&self) -> Option<&'a [u8]> {
        let extensions = self.extensions?.fields().expect(SEQUENCE, "extensions");
        let mut extensions = extensions.ok()?.fields();
        while let Ok(extension) = extensions.any() {
            let mut fields = extension.fields();
            let id = fields.expect(OBJECT_IDENTIFIER, "extension").ok()?;
            if id.content == oid::SUBJECT_KEY_IDENTIFIER.as_bytes() {
                let value = fields.expect(OCTET_STRING, "extension").ok()?;
                let identifier = value.fields().expect(OCTET_STRING, "key identifier");
                return identifier.ok().map(|identifier| identifier.content);
            }
        }
        None
    }
}
