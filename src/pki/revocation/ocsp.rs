//! OCSP responses (RFC 6960): the single response about one certificate, and who signed it.

use der::AnyRef;
use der::asn1::ObjectIdentifier;
use jiff::Timestamp;
use openssl::hash::{MessageDigest, hash};
use openssl::ocsp::{OcspFlag, OcspResponse};
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{X509, X509VerifyResult};

use super::{
    Extensions, INVALIDITY_DATE, Refusal, RevocationAnswer, RevocationSource, RevocationStatus,
    general_time, reason, serial,
};
use crate::pki::algorithm::SignatureAlgorithm;
use crate::pki::certificate::has_extension;
use crate::pki::elements::Elements;
use crate::pki::path::{Held, signed};

const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
const NO_CHECK: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.5");
const ARCHIVE_CUTOFF: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.6");
const EXTENDED_REVOKE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.9");
/// `id-kp-OCSPSigning`.
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";
/// Single responses beyond this many are not looked at.
const MAX_SINGLE: usize = 256;
/// Certificates of a response beyond this many are not looked at.
const MAX_RESPONDERS: usize = 16;

/// What an `OCSPResponse` or `BasicOCSPResponse` says of `certificate`; `None` when it says nothing that
/// counts.
pub(super) fn answer(
    der: &[u8],
    certificate: &Held,
    issuer: &Held,
    pool: &[X509],
) -> Option<RevocationAnswer> {
    let basic = basic_response(der).ok()??;
    let (answer, _) = read(basic, certificate, issuer, pool).ok()?;
    Some(answer)
}

/// A response that was asked for: what it says of the certificate, and the responder's certificate when the
/// issuer did not sign itself. A `nonce` in it has to be the one that was sent; many responders have none.
pub(super) fn received(
    der: &[u8],
    certificate: &Held,
    issuer: &Held,
    nonce: &[u8],
) -> Result<(RevocationAnswer, Option<Held>), Refusal> {
    let Some(basic) = basic_response(der)? else {
        return Err(Refusal::Declined(status_word(der)));
    };
    let given = nonce_of(basic)?;
    let outcome = read(basic, certificate, issuer, &[])?;
    match given {
        Some(given) if given != nonce => Err(Refusal::Nonce),
        _ => Ok(outcome),
    }
}

/// `OCSPResponseStatus` by its name.
fn status_word(der: &[u8]) -> &'static str {
    let status = || -> Result<u8, Refusal> {
        let mut fields = Elements::of(AnyRef::try_from(der)?)?;
        let status = fields.any()?.value().first().copied();
        status.ok_or(Refusal::Unreadable)
    };
    match status() {
        Ok(1) => "malformedRequest",
        Ok(2) => "internalError",
        Ok(3) => "tryLater",
        Ok(5) => "sigRequired",
        Ok(6) => "unauthorized",
        _ => "unknown status",
    }
}

/// The nonce of a response (RFC 9654): the octets in the `OCTET STRING` that is its value, or that value
/// itself, as some write it.
fn nonce_of(basic: &[u8]) -> Result<Option<&[u8]>, Refusal> {
    let mut data = Elements::of(Elements::of(AnyRef::try_from(basic)?)?.any()?)?;
    data.optional(Elements::context(0))?; // version
    for _responder_time_responses in 0..3 {
        data.any()?;
    }
    let Some(extensions) = data.optional(Elements::context(1))? else {
        return Ok(None);
    };
    let mut extensions = Extensions::of(Elements::of(extensions)?.any()?)?;
    while let Some(extension) = extensions.next()? {
        if extension.kind == NONCE {
            let inner = AnyRef::try_from(extension.value).ok();
            let octets = inner.map_or(extension.value, |inner| inner.value());
            return Ok(Some(octets));
        }
    }
    Ok(None)
}

/// An `OCSPRequest` about one certificate, not signed. The hashes in it are SHA-1, the one that every responder
/// knows; they only name.
pub(super) fn request(certificate: &Held, issuer: &Held, nonce: &[u8]) -> Result<Vec<u8>, Refusal> {
    const SHA_1: [u8; 9] = [0x30, 7, 0x06, 5, 0x2B, 0x0E, 3, 2, 0x1A];
    let name = certificate.certificate.issuer_name().to_der();
    let name = name.map_err(|_| Refusal::Unreadable)?;
    let tbs = issuer.reading.certificate.tbs_certificate();
    let key = tbs.subject_public_key_info().subject_public_key.raw_bytes();
    let hashed = |octets: &[u8]| {
        let digest = hash(MessageDigest::sha1(), octets).map_err(|_| Refusal::Unreadable)?;
        Ok::<_, Refusal>(element(OCTET_STRING, &[&digest]))
    };
    let serial = element(0x02, &[&serial(certificate)?]);
    let id = element(SEQUENCE, &[&SHA_1, &hashed(&name)?, &hashed(key)?, &serial]);
    let list = element(SEQUENCE, &[&element(SEQUENCE, &[&id])]);
    let kind = element(0x06, &[NONCE.as_bytes()]);
    let value = element(OCTET_STRING, &[&element(OCTET_STRING, &[nonce])]);
    let extensions = element(SEQUENCE, &[&element(SEQUENCE, &[&kind, &value])]);
    let extensions = element(Elements::context(2), &[&extensions]);
    Ok(element(
        SEQUENCE,
        &[&element(SEQUENCE, &[&list, &extensions])],
    ))
}

/// The `BasicOCSPResponse` in either form; none in a response that is an error.
fn basic_response(der: &[u8]) -> Result<Option<&[u8]>, Refusal> {
    let mut fields = Elements::of(AnyRef::try_from(der)?)?;
    if fields.next_is(SEQUENCE) {
        return Ok(Some(der));
    }
    fields.any()?; // responseStatus
    let Some(bytes) = fields.optional(Elements::context(0))? else {
        return Ok(None);
    };
    let mut bytes = Elements::of(Elements::of(bytes)?.any()?)?;
    bytes.any()?; // responseType; whatever is not basic will not be readable as such
    Ok(Some(bytes.any()?.value()))
}

/// The response about one certificate.
struct Single {
    status: RevocationStatus,
    this_update: Timestamp,
    next_update: Option<Timestamp>,
    archive_cutoff: Option<Timestamp>,
}

fn read(
    basic: &[u8],
    certificate: &Held,
    issuer: &Held,
    pool: &[X509],
) -> Result<(RevocationAnswer, Option<Held>), Refusal> {
    let mut fields = Elements::of(AnyRef::try_from(basic)?)?;
    let mut data = Elements::of(fields.any()?)?;
    let algorithm = SignatureAlgorithm::read(fields.any()?)?;
    fields.any()?; // signature
    let inside = fields.optional(Elements::context(0))?;

    data.optional(Elements::context(0))?; // version
    data.any()?; // responderID: OpenSSL compares it below
    let produced_at = general_time(data.any()?)?;
    let mut responses = Elements::of(data.any()?)?;
    if let Some(extensions) = data.optional(Elements::context(1))? {
        let mut extensions = Extensions::of(Elements::of(extensions)?.any()?)?;
        while let Some(extension) = extensions.next()? {
            if extension.critical && ![NONCE, EXTENDED_REVOKE].contains(&extension.kind) {
                return Err(Refusal::Critical);
            }
        }
    }
    let mut single = None;
    for _ in 0..MAX_SINGLE {
        if responses.is_empty() || single.is_some() {
            break;
        }
        single = single_response(responses.any()?, certificate, issuer)?;
    }
    let single = single.ok_or(Refusal::OutOfScope)?;
    let responder = responder(basic, inside, issuer, pool)?;
    let facts = responder.as_ref().map(|held| &held.reading.facts);
    let answer = RevocationAnswer {
        source: RevocationSource::Ocsp,
        this_update: single.this_update,
        next_update: single.next_update,
        produced_at,
        status: single.status,
        signature_algorithm: algorithm.name,
        signature_digest: algorithm.digest,
        responder_validity: facts.map(|facts| (facts.not_before, facts.not_after)),
        responder_no_check: responder
            .as_ref()
            .is_some_and(|held| has_extension(&held.reading.certificate, NO_CHECK)),
        expired_since: single.archive_cutoff,
    };
    Ok((answer, responder))
}

/// Reads a `SingleResponse` if it is about the certificate.
fn single_response(
    response: AnyRef<'_>,
    certificate: &Held,
    issuer: &Held,
) -> Result<Option<Single>, Refusal> {
    let mut fields = Elements::of(response)?;
    if !means(fields.any()?, certificate, issuer)? {
        return Ok(None);
    }
    let mut status = status(fields.any()?)?;
    let this_update = general_time(fields.any()?)?;
    let next_update = fields.optional(Elements::context(0))?;
    let next_update = next_update
        .map(|time| general_time(Elements::of(time)?.any()?))
        .transpose()?;
    let mut archive_cutoff = None;
    if let Some(extensions) = fields.optional(Elements::context(1))? {
        let mut extensions = Extensions::of(Elements::of(extensions)?.any()?)?;
        while let Some(extension) = extensions.next()? {
            match extension.kind {
                ARCHIVE_CUTOFF => archive_cutoff = Some(extension.time()?),
                INVALIDITY_DATE => {
                    if let RevocationStatus::Revoked {
                        invalidity_date, ..
                    } = &mut status
                    {
                        *invalidity_date = Some(extension.time()?);
                    }
                }
                _ if extension.critical => return Err(Refusal::Critical),
                _ => {}
            }
        }
    }
    Ok(Some(Single {
        status,
        this_update,
        next_update,
        archive_cutoff,
    }))
}

/// Whether a `CertID` means the certificate: hashes of the issuer's name and key, and the serial number.
/// SHA-1 is as good as another hash here, because nothing is proved by it.
fn means(id: AnyRef<'_>, certificate: &Held, issuer: &Held) -> Result<bool, Refusal> {
    let mut fields = Elements::of(id)?;
    let algorithm = Elements::of(fields.any()?)?.any()?;
    let digest = match algorithm
        .decode_as::<ObjectIdentifier>()?
        .to_string()
        .as_str()
    {
        "1.3.14.3.2.26" => MessageDigest::sha1(),
        "2.16.840.1.101.3.4.2.1" => MessageDigest::sha256(),
        "2.16.840.1.101.3.4.2.2" => MessageDigest::sha384(),
        "2.16.840.1.101.3.4.2.3" => MessageDigest::sha512(),
        _ => return Ok(false),
    };
    let (name_hash, key_hash) = (fields.any()?.value(), fields.any()?.value());
    if fields.any()?.value() != serial(certificate)? {
        return Ok(false);
    }
    let is_hash_of = |octets: &[u8], claimed: &[u8]| {
        hash(digest, octets).is_ok_and(|computed| *computed == *claimed)
    };
    let name = certificate.certificate.issuer_name().to_der();
    let name = name.map_err(|_| Refusal::Unreadable)?;
    let tbs = issuer.reading.certificate.tbs_certificate();
    let key = tbs.subject_public_key_info().subject_public_key.raw_bytes();
    Ok(is_hash_of(&name, name_hash) && is_hash_of(key, key_hash))
}

/// Reads a `CertStatus`.
fn status(status: AnyRef<'_>) -> Result<RevocationStatus, Refusal> {
    use der::Tagged as _;
    let tag = status.tag();
    if !tag.is_context_specific() {
        return Err(Refusal::Unreadable);
    }
    match tag.number().value() {
        0 => Ok(RevocationStatus::Good),
        1 => {
            let mut fields = Elements::of(status)?;
            let at = general_time(fields.any()?)?;
            let why = fields.optional(Elements::context(0))?;
            Ok(RevocationStatus::Revoked {
                at,
                reason: why.and_then(|why| reason(why.value())),
                invalidity_date: None,
            })
        }
        2 => Ok(RevocationStatus::Unknown),
        _ => Err(Refusal::Unreadable),
    }
}

/// Who signed a response: `None` for the issuer itself, else the responder that the issuer authorised
/// (RFC 6960, 4.2.2.2): a certificate it issued directly, for signing OCSP responses.
fn responder(
    basic: &[u8],
    inside: Option<AnyRef<'_>>,
    issuer: &Held,
    pool: &[X509],
) -> Result<Option<Held>, Refusal> {
    if signed_by(basic, &issuer.certificate) {
        return Ok(None);
    }
    let mut candidates = Vec::new();
    if let Some(inside) = inside {
        let mut certificates = Elements::of(Elements::of(inside)?.any()?)?;
        while !certificates.is_empty() && candidates.len() < MAX_RESPONDERS {
            let der = der::Encode::to_der(&certificates.any()?)?;
            candidates.extend(X509::from_der(&der).ok());
        }
    }
    candidates
        .iter()
        .chain(pool)
        .filter(|candidate| issuer.certificate.issued(candidate) == X509VerifyResult::OK)
        .filter(|candidate| signed_by(basic, candidate))
        .filter(|candidate| signed(&issuer.certificate, candidate))
        .filter_map(Held::of)
        .find(|candidate| {
            let usage = candidate.reading.facts.extended_key_usage.as_ref();
            usage.is_some_and(|usage| usage.iter().any(|purpose| purpose == OCSP_SIGNING))
        })
        .map(Some)
        .ok_or(Refusal::Signature)
}

/// The response names this certificate as its responder and its signature is right under that key.
fn signed_by(basic: &[u8], candidate: &X509) -> bool {
    let verify = || -> Result<bool, openssl::error::ErrorStack> {
        let response = OcspResponse::from_der(&whole_response(basic))?.basic()?;
        let mut only = Stack::new()?;
        only.push(candidate.clone())?;
        let nothing = X509StoreBuilder::new()?.build();
        let flags = OcspFlag::NO_INTERN | OcspFlag::NO_VERIFY;
        Ok(response.verify(&only, &nothing, flags).is_ok())
    };
    verify().unwrap_or(false)
}

/// The `OCSPResponse` around a `BasicOCSPResponse` (RFC 6960, 4.2.1), which is all that OpenSSL reads.
fn whole_response(basic: &[u8]) -> Vec<u8> {
    const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
    let kind = [&[0x06, BASIC.as_bytes().len() as u8], BASIC.as_bytes()].concat();
    let bytes = element(SEQUENCE, &[&kind, &element(OCTET_STRING, &[basic])]);
    let bytes = element(Elements::context(0), &[&bytes]);
    element(SEQUENCE, &[&[0x0A, 1, 0], &bytes])
}

/// One element whose content is `parts`, joined; the length as short as possible.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len().to_be_bytes();
    let significant = length.iter().skip_while(|octet| **octet == 0);
    let significant: Vec<u8> = significant.copied().collect();
    let mut encoded = vec![tag];
    match significant.as_slice() {
        [] => encoded.push(0),
        [short] if *short < 0x80 => encoded.push(*short),
        long => {
            encoded.push(0x80 | long.len() as u8);
            encoded.extend(long);
        }
    }
    encoded.extend(content);
    encoded
}
