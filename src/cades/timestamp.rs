//! Reading a timestamp token (RFC 3161): facts, as sent, without judging.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::asn1::{Element, Fields, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, context};
use super::ber::definite;
use super::digest::digest;
use super::scheme::Algorithm;
use super::{CmsError, CmsEvidence, oid, time};
use crate::model::Octets;

/// A longer `TSTInfo` is refused; one with a long name and extensions has a few hundred octets.
const MAX_LEN: usize = 64 << 10;
/// More extensions than this are refused.
const MAX_EXTENSIONS: usize = 32;

/// What a `TimeStampToken` says: its `TSTInfo` (RFC 3161, 2.4.2) and the CMS around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimestampEvidence {
    /// The CMS: who signed it, whether the signature verifies.
    pub cms: CmsEvidence,
    /// Signed attribute message-digest is the digest of the `TSTInfo` inside.
    pub content_matches: bool,
    /// `version`; 1 is the only one there is.
    pub version: u64,
    /// Policy of the authority, dotted.
    pub policy: String,
    /// Dotted OID of the imprint's digest algorithm.
    pub imprint_algorithm: String,
    /// The digest that was stamped.
    pub imprint: Octets,
    /// `genTime`, UTC.
    pub time: Timestamp,
    /// `accuracy`, microseconds; 0 when not said.
    pub accuracy_micros: u64,
    /// `nonce`, the octets of its INTEGER.
    pub nonce: Option<Octets>,
    /// `serialNumber`, the octets of its INTEGER.
    pub serial: Octets,
    /// Dotted OIDs of the critical extensions, none of which is understood here.
    pub critical_extensions: Vec<String>,
}

impl TimestampEvidence {
    /// Reads a token: a `ContentInfo`, zero padding allowed behind it.
    ///
    /// # Errors
    /// [`CmsError`] when it is no `SignedData` with a `TSTInfo` inside, or beyond the limits.
    pub fn collect(token: &[u8]) -> Result<Self, CmsError> {
        Self::collect_with(token, &[])
    }

    /// The same, where the authority's certificate may also be among `others` (DER), because a token
    /// need not bring it (RFC 3161, 2.4.1).
    ///
    /// # Errors
    /// As [`Self::collect`].
    pub fn collect_with(token: &[u8], others: &[Octets]) -> Result<Self, CmsError> {
        let cms = CmsEvidence::collect_with(token, others)?;
        if cms.encapsulated_type != oid::TST_INFO.to_string() {
            return Err(CmsError::Unreadable("the content is no TSTInfo"));
        }
        let content = cms.encapsulated_content.clone();
        let content = content.ok_or(CmsError::Unreadable("there is no TSTInfo"))?;
        let content = definite(&content, MAX_LEN)?;
        let info = TstInfo::read(&content.bytes)?;
        Ok(Self {
            content_matches: cms.encapsulated_content_matches == Some(true),
            cms,
            version: small(info.version)?,
            policy: oid::dotted(info.policy),
            imprint_algorithm: oid::dotted(info.imprint_algorithm.oid),
            imprint: info.imprint.to_vec().into(),
            time: info.time,
            accuracy_micros: info.accuracy_micros,
            nonce: info.nonce.map(|nonce| nonce.to_vec().into()),
            serial: info.serial.to_vec().into(),
            critical_extensions: info.critical_extensions,
        })
    }

    /// Whether `digest_of` the octets stamped, computed with [`Self::imprint_algorithm`], is the
    /// imprint; `None` for an algorithm not known here.
    pub fn stamps(&self, octets: &[&[u8]]) -> Option<bool> {
        let digest = digest(&self.imprint_algorithm, octets)?;
        Some(digest == self.imprint.0)
    }
}

/// `TSTInfo` (RFC 3161, 2.4.2) where it stands.
struct TstInfo<'a> {
    version: &'a [u8],
    policy: &'a [u8],
    imprint_algorithm: Algorithm<'a>,
    imprint: &'a [u8],
    serial: &'a [u8],
    time: Timestamp,
    accuracy_micros: u64,
    nonce: Option<&'a [u8]>,
    critical_extensions: Vec<String>,
}

impl<'a> TstInfo<'a> {
    fn read(der: &'a [u8]) -> Result<Self, CmsError> {
        const BOOLEAN: u8 = 0x01;
        const TSA: u8 = context(0);
        const EXTENSIONS: u8 = context(1);
        let mut fields = Fields::new(der).expect(SEQUENCE, WHAT)?.fields();
        let version = fields.expect(INTEGER, WHAT)?.content;
        let policy = fields.expect(OBJECT_IDENTIFIER, WHAT)?.content;
        let mut imprint = fields.expect(SEQUENCE, WHAT)?.fields();
        let imprint_algorithm = Algorithm::read(imprint.expect(SEQUENCE, WHAT)?)?;
        let imprint = imprint.expect(OCTET_STRING, WHAT)?.content;
        let serial = fields.expect(INTEGER, WHAT)?.content;
        let time = time::read(fields.any()?).ok_or(CmsError::Unreadable(WHAT))?;
        let accuracy = fields.optional(SEQUENCE)?;
        fields.optional(BOOLEAN)?; // ordering
        let nonce = fields.optional(INTEGER)?.map(|nonce| nonce.content);
        fields.optional(TSA)?;
        let extensions = fields.optional(EXTENSIONS)?;
        if !fields.is_empty() {
            return Err(CmsError::Unreadable(WHAT));
        }
        Ok(Self {
            version,
            policy,
            imprint_algorithm,
            imprint,
            serial,
            time,
            accuracy_micros: accuracy.map(accuracy_micros).transpose()?.unwrap_or(0),
            nonce,
            critical_extensions: match extensions {
                Some(extensions) => critical(extensions)?,
                None => Vec::new(),
            },
        })
    }
}

const WHAT: &str = "a TSTInfo";

/// `Accuracy`: seconds, then milliseconds and microseconds under implicit tags, each optional.
fn accuracy_micros(accuracy: Element<'_>) -> Result<u64, CmsError> {
    const MILLIS: u8 = 0x80;
    const MICROS: u8 = 0x81;
    let mut fields = accuracy.fields();
    let mut part = |tag, micros: u64| -> Result<u64, CmsError> {
        let part = fields.optional(tag)?;
        let number = part.map(|part| small(part.content)).transpose()?;
        Ok(number.unwrap_or(0).saturating_mul(micros))
    };
    let (seconds, millis) = (part(INTEGER, 1_000_000)?, part(MILLIS, 1_000)?);
    Ok(seconds
        .saturating_add(millis)
        .saturating_add(part(MICROS, 1)?))
}

/// The identifiers of the critical ones among `Extensions` (RFC 5280, 4.1).
fn critical(extensions: Element<'_>) -> Result<Vec<String>, CmsError> {
    let mut critical = Vec::new();
    for extension in extensions.fields().all(MAX_EXTENSIONS, "extensions")? {
        let mut fields = extension.fields();
        let identifier = fields.expect(OBJECT_IDENTIFIER, WHAT)?;
        let is_critical = fields.any()?.whole;
        if matches!(is_critical, [0x01, 0x01, truth] if *truth != 0) {
            critical.push(oid::dotted(identifier.content));
        }
    }
    Ok(critical)
}

/// The value of a non-negative INTEGER of at most eight octets.
fn small(content: &[u8]) -> Result<u64, CmsError> {
    let positive = content.first().is_some_and(|first| *first < 0x80);
    if !positive || content.len() > 8 {
        return Err(CmsError::Unreadable(WHAT));
    }
    let value = content
        .iter()
        .fold(0, |value, octet| value << 8 | u64::from(*octet));
    Ok(value)
}
