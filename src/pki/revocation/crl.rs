//! Revocation lists (RFC 5280, 5): whether one covers a certificate, and whether it is on it.

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode};
use jiff::Timestamp;
use openssl::x509::{X509Crl, X509Name};
use x509_cert::ext::pkix::CrlDistributionPoints;
use x509_cert::ext::pkix::crl::IssuingDistributionPoint;
use x509_cert::ext::pkix::name::DistributionPointName;
use x509_cert::time::Time;

use super::{
    Extensions, INVALIDITY_DATE, Refusal, RevocationAnswer, RevocationSource, RevocationStatus,
    reason, serial,
};
use crate::pki::algorithm::SignatureAlgorithm;
use crate::pki::certificate::{extension, timestamp};
use crate::pki::elements::Elements;
use crate::pki::path::Held;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

const REASON: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const DELTA: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const ISSUING_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const AUTHORITY_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const EXPIRED_ON_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.60");

/// What a `CertificateList` says of `certificate`; `None` when it says nothing that counts.
pub(super) fn answer(der: &[u8], certificate: &Held, issuer: &Held) -> Option<RevocationAnswer> {
    read(der, certificate, issuer).ok()
}

/// The same, or why it says nothing.
pub(super) fn read(
    der: &[u8],
    certificate: &Held,
    issuer: &Held,
) -> Result<RevocationAnswer, Refusal> {
    let mut fields = Elements::of(AnyRef::try_from(der)?)?;
    let mut list = Elements::of(fields.any()?)?;
    let algorithm = SignatureAlgorithm::read(fields.any()?)?;
    list.optional(INTEGER)?; // version
    list.any()?; // signature, repeated outside
    let list_issuer = list.any()?;
    let list_issuer = X509Name::from_der(&list_issuer.to_der()?);
    let list_issuer = list_issuer.map_err(|_| Refusal::Unreadable)?;
    let order = certificate.certificate.issuer_name().try_cmp(&list_issuer);
    if !order.is_ok_and(|order| order.is_eq()) {
        return Err(Refusal::OutOfScope); // another's list, or an indirect one
    }
    let this_update = time(list.any()?)?;
    let next_update = if list.next_is(UTC_TIME) || list.next_is(GENERALIZED_TIME) {
        Some(time(list.any()?)?)
    } else {
        None
    };
    let entries = list.optional(SEQUENCE)?;
    let scope = match list.optional(Elements::context(0))? {
        Some(extensions) => Scope::read(Elements::of(extensions)?.any()?)?,
        None => Scope::default(),
    };
    scope.covers(certificate)?;
    let status = match entries {
        Some(entries) => find(entries, &serial(certificate)?)?,
        None => RevocationStatus::Good,
    };
    if scope.some_reasons && status == RevocationStatus::Good {
        return Err(Refusal::OutOfScope); // it may be revoked for another reason
    }
    check_signature(der, issuer)?;
    Ok(RevocationAnswer {
        source: RevocationSource::Crl,
        this_update,
        next_update,
        produced_at: this_update,
        status,
        signature_algorithm: algorithm.name,
        signature_digest: algorithm.digest,
        responder_validity: None,
        responder_no_check: false,
        expired_since: scope.expired_since,
    })
}

/// The issuer signed the list, and may sign lists (RFC 5280, 6.3.3 (f), (g)).
fn check_signature(der: &[u8], issuer: &Held) -> Result<(), Refusal> {
    let usage = issuer.reading.facts.key_usage.as_ref();
    if usage.is_some_and(|usage| !usage.iter().any(|word| word == "cRLSign")) {
        return Err(Refusal::Signature);
    }
    let verify = || X509Crl::from_der(der)?.verify(&*issuer.certificate.public_key()?);
    match verify() {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err(Refusal::Signature),
    }
}

/// Which certificates a list speaks about.
#[derive(Default)]
struct Scope {
    point: Option<IssuingDistributionPoint>,
    some_reasons: bool,
    expired_since: Option<Timestamp>,
}

impl Scope {
    /// Reads the extensions of a list. One that is critical and not understood makes the list useless, a
    /// delta and an indirect list are no evidence by themselves.
    fn read(extensions: AnyRef<'_>) -> Result<Self, Refusal> {
        let mut scope = Self::default();
        let mut extensions = Extensions::of(extensions)?;
        while let Some(extension) = extensions.next()? {
            match extension.kind {
                DELTA => return Err(Refusal::OutOfScope),
                ISSUING_POINT => {
                    let point = IssuingDistributionPoint::from_der(extension.value)?;
                    scope.some_reasons = point.only_some_reasons.is_some();
                    scope.point = Some(point);
                }
                EXPIRED_ON_LIST => scope.expired_since = Some(extension.time()?),
                CRL_NUMBER | AUTHORITY_KEY => {}
                _ if extension.critical => return Err(Refusal::Critical),
                _ => {}
            }
        }
        Ok(scope)
    }

    /// The certificate is among those the list is about (RFC 5280, 6.3.3 (b) (2)).
    fn covers(&self, certificate: &Held) -> Result<(), Refusal> {
        let Some(point) = &self.point else {
            return Ok(());
        };
        let authority = certificate.reading.facts.authority;
        if point.indirect_crl
            || point.only_contains_attribute_certs
            || (point.only_contains_user_certs && authority)
            || (point.only_contains_ca_certs && !authority)
        {
            return Err(Refusal::OutOfScope);
        }
        match &point.distribution_point {
            None => Ok(()),
            Some(name) if shares_name(name, certificate) => Ok(()),
            Some(_) => Err(Refusal::OutOfScope),
        }
    }
}

/// One of the names of the list's distribution point is also named by the certificate.
fn shares_name(name: &DistributionPointName, certificate: &Held) -> bool {
    let DistributionPointName::FullName(names) = name else {
        return false; // relative to the issuer's name: never seen, not understood
    };
    let points = extension::<CrlDistributionPoints>(&certificate.reading.certificate);
    points
        .iter()
        .flat_map(|points| &points.0)
        .filter(|point| point.crl_issuer.is_none())
        .filter_map(|point| point.distribution_point.as_ref())
        .any(|point| match point {
            DistributionPointName::FullName(own) => own.iter().any(|own| names.contains(own)),
            DistributionPointName::NameRelativeToCRLIssuer(_) => false,
        })
}

/// Looks for a serial number among the entries. All of them are looked at, because a critical extension
/// that is not understood in any entry makes the whole list useless (RFC 5280, 5.3).
fn find(entries: AnyRef<'_>, serial: &[u8]) -> Result<RevocationStatus, Refusal> {
    let mut found = RevocationStatus::Good;
    let mut entries = Elements::of(entries)?;
    while !entries.is_empty() {
        let mut fields = Elements::of(entries.any()?)?;
        let is_it = fields.any()?.value() == serial;
        let date = fields.any()?;
        let (mut why, mut invalidity_date) = (None, None);
        if !fields.is_empty() {
            let mut extensions = Extensions::of(fields.any()?)?;
            while let Some(extension) = extensions.next()? {
                match extension.kind {
                    REASON if is_it => why = reason(extension.value),
                    INVALIDITY_DATE if is_it => invalidity_date = Some(extension.time()?),
                    REASON | INVALIDITY_DATE => {}
                    _ if extension.critical => return Err(Refusal::Critical),
                    _ => {}
                }
            }
        }
        if is_it {
            found = RevocationStatus::Revoked {
                at: time(date)?,
                reason: why,
                invalidity_date,
            };
        }
    }
    Ok(found)
}

/// A `Time` of RFC 5280, 4.1.2.5.
fn time(time: AnyRef<'_>) -> Result<Timestamp, Refusal> {
    let time = Time::from_der(&time.to_der()?)?;
    timestamp(time).map_err(|_| Refusal::Unreadable)
}
