//! Certificates, OCSP responses and revocation lists, with a defect or without.

use std::sync::atomic::{AtomicU32, Ordering};

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::{MessageDigest, hash};
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use openssl::x509::{X509, X509Builder, X509Extension, X509NameBuilder};

use crate::model::Octets;

/// Somebody with a certificate.
#[derive(Clone)]
pub(super) struct Authority {
    pub(super) certificate: X509,
    pub(super) key: PKey<Private>,
}

/// What a certificate is for.
pub(super) enum Purpose {
    Authority,
    Seal,
    Stamping {
        critical: bool,
    },
    Responding,
    /// A web server on 127.0.0.1.
    Serving,
}

const LIFE: [&str; 2] = ["20260101000000Z", "20400101000000Z"];

impl Authority {
    pub(super) fn root(name: &str) -> Self {
        let key = new_key();
        let certificate = certificate(name, None, &key, Purpose::Authority, LIFE);
        Self { certificate, key }
    }

    pub(super) fn issue(&self, name: &str, purpose: Purpose) -> Self {
        self.issue_for(name, purpose, LIFE)
    }

    pub(super) fn issue_for(&self, name: &str, purpose: Purpose, life: [&str; 2]) -> Self {
        let key = new_key();
        let certificate = certificate(name, Some(self), &key, purpose, life);
        Self { certificate, key }
    }

    pub(super) fn pem(&self) -> Vec<u8> {
        self.certificate.to_pem().unwrap()
    }

    pub(super) fn der(&self) -> Octets {
        Octets(self.certificate.to_der().unwrap())
    }

    pub(super) fn serial(&self) -> Vec<u8> {
        let number = self.certificate.serial_number().to_bn().unwrap();
        tlv(0x02, &[&number.to_vec()])
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key).unwrap();
        signer.sign_oneshot_to_vec(message).unwrap()
    }

    /// `SEQUENCE { tbs, ecdsa-with-SHA256, signature, … }`.
    fn seal(&self, tbs: &[u8], rest: &[u8]) -> Vec<u8> {
        let signature = tlv(0x03, &[&[0], &self.sign(tbs)]);
        tlv(0x30, &[tbs, &ecdsa_with_sha256(), &signature, rest])
    }

    /// An OCSP response to `request`, said by `responder`, in which the first certificate has this status.
    pub(super) fn ocsp(&self, request: &[u8], said: &Said<'_>) -> Vec<u8> {
        let id = find(request, &[0, 0, 0, 0]);
        let id = said.id.as_deref().unwrap_or(id);
        let single = tlv(
            0x30,
            &[
                id,
                &said.status,
                &general_time(said.updates[0]),
                &tlv(0xA0, &[&general_time(said.updates[1])]),
            ],
        );
        let nonce = said.nonce.clone().map(|nonce| {
            let value = tlv(0x04, &[&tlv(0x04, &[&nonce])]);
            let extension = tlv(0x30, &[&oid("1.3.6.1.5.5.7.48.1.2"), &value]);
            tlv(0xA1, &[&tlv(0x30, &[&extension])])
        });
        let name = self.certificate.subject_name().to_der().unwrap();
        let data = tlv(
            0x30,
            &[
                &tlv(0xA1, &[&name]),
                &general_time(said.updates[0]),
                &tlv(0x30, &[&single]),
                &nonce.unwrap_or_default(),
            ],
        );
        let inside = tlv(0xA0, &[&tlv(0x30, &[&self.der()])]);
        let basic = tlv(0x04, &[&self.seal(&data, &inside)]);
        let bytes = tlv(0x30, &[&oid("1.3.6.1.5.5.7.48.1.1"), &basic]);
        tlv(0x30, &[&[0x0A, 1, 0], &tlv(0xA0, &[&bytes])])
    }

    /// A revocation list with these entries (serial, reason) and `Extension`s.
    pub(super) fn crl(
        &self,
        updates: [&str; 2],
        revoked: &[(&Self, u8)],
        extensions: &[u8],
    ) -> Vec<u8> {
        let entries: Vec<u8> = revoked
            .iter()
            .flat_map(|(who, reason)| {
                let reason = tlv(0x04, &[&[0x0A, 1, *reason]]);
                let reason = tlv(0x30, &[&tlv(0x30, &[&oid("2.5.29.21"), &reason])]);
                tlv(0x30, &[&who.serial(), &general_time(updates[0]), &reason])
            })
            .collect();
        let entries = match entries.as_slice() {
            [] => Vec::new(),
            entries => tlv(0x30, &[entries]),
        };
        let extensions = match extensions {
            [] => Vec::new(),
            extensions => tlv(0xA0, &[&tlv(0x30, &[extensions])]),
        };
        let tbs = tlv(
            0x30,
            &[
                &[2, 1, 1],
                &ecdsa_with_sha256(),
                &self.certificate.subject_name().to_der().unwrap(),
                &general_time(updates[0]),
                &general_time(updates[1]),
                &entries,
                &extensions,
            ],
        );
        self.seal(&tbs, &[])
    }
}

/// What a responder says; the default is good, fresh and answers the request.
#[derive(Clone)]
pub(super) struct Said<'a> {
    pub(super) status: Vec<u8>,
    pub(super) updates: [&'a str; 2],
    pub(super) nonce: Option<Vec<u8>>,
    /// Another `CertID` than the one asked about.
    pub(super) id: Option<Vec<u8>>,
}

pub(super) const GOOD: [u8; 2] = [0x80, 0];
pub(super) const UNKNOWN: [u8; 2] = [0x82, 0];
pub(super) const FRESH: [&str; 2] = ["20260602110000Z", "20260602130000Z"];
pub(super) const STALE: [&str; 2] = ["20260501000000Z", "20260502000000Z"];

impl Default for Said<'_> {
    fn default() -> Self {
        Self {
            status: GOOD.to_vec(),
            updates: FRESH,
            nonce: None,
            id: None,
        }
    }
}

/// `revoked` with a `CRLReason`.
pub(super) fn revoked(at: &str, reason: u8) -> Vec<u8> {
    let reason = tlv(0xA0, &[&[0x0A, 1, reason]]);
    tlv(0xA1, &[&general_time(at), &reason])
}

/// The nonce of a request.
pub(super) fn nonce_of(request: &[u8]) -> Vec<u8> {
    let value = find(request, &[0, 1, 0, 0, 1, 0]);
    content(value).to_vec()
}

fn certificate(
    name: &str,
    issuer: Option<&Authority>,
    key: &PKey<Private>,
    purpose: Purpose,
    life: [&str; 2],
) -> X509 {
    static SERIAL: AtomicU32 = AtomicU32::new(4711);
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(SERIAL.fetch_add(1, Ordering::Relaxed)).unwrap();
    let serial = serial.to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&subject).unwrap();
    let issuer_name = issuer.map_or(&*subject, |issuer| issuer.certificate.subject_name());
    builder.set_issuer_name(issuer_name).unwrap();
    let time = |text: &str| Asn1Time::from_str(text).unwrap();
    builder.set_not_before(&time(life[0])).unwrap();
    builder.set_not_after(&time(life[1])).unwrap();
    builder.set_pubkey(key).unwrap();
    let purposes = |dotted: &str| tlv(0x30, &[&oid(dotted)]);
    let (usage, more) = match purpose {
        Purpose::Authority => (
            [3, 2, 1, 6],
            Some(("2.5.29.19", true, vec![0x30, 3, 1, 1, 0xFF])),
        ),
        Purpose::Seal => ([3, 2, 6, 0xC0], None),
        Purpose::Stamping { critical } => (
            [3, 2, 7, 0x80],
            Some(("2.5.29.37", critical, purposes("1.3.6.1.5.5.7.3.8"))),
        ),
        Purpose::Responding => (
            [3, 2, 7, 0x80],
            Some(("2.5.29.37", false, purposes("1.3.6.1.5.5.7.3.9"))),
        ),
        Purpose::Serving => (
            [3, 2, 7, 0x80],
            Some(("2.5.29.17", false, vec![0x30, 6, 0x87, 4, 127, 0, 0, 1])),
        ),
    };
    let mut add = |kind: &str, critical: bool, value: &[u8]| {
        let kind = Asn1Object::from_str(kind).unwrap();
        let value = Asn1OctetString::new_from_bytes(value).unwrap();
        let extension = X509Extension::new_from_der(&kind, critical, &value).unwrap();
        builder.append_extension(extension).unwrap();
    };
    add("2.5.29.15", true, &usage);
    if let Some((kind, critical, value)) = more {
        add(kind, critical, &value);
    }
    let signer = issuer.map_or(key, |issuer| &issuer.key);
    builder.sign(signer, MessageDigest::sha256()).unwrap();
    builder.build()
}

fn new_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

pub(super) fn ecdsa_with_sha256() -> Vec<u8> {
    tlv(0x30, &[&oid("1.2.840.10045.4.3.2")])
}

pub(super) fn sha256(octets: &[u8]) -> Vec<u8> {
    hash(MessageDigest::sha256(), octets).unwrap().to_vec()
}

/// One element with the shortest length.
pub(super) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut encoded = vec![tag];
    match content.len() {
        short @ 0..=0x7F => encoded.push(short as u8),
        long @ 0x80..=0xFF => encoded.extend([0x81, long as u8]),
        long => encoded.extend([0x82, (long >> 8) as u8, long as u8]),
    }
    encoded.extend(content);
    encoded
}

pub(super) fn oid(dotted: &str) -> Vec<u8> {
    let oid: const_oid::ObjectIdentifier = dotted.parse().unwrap();
    tlv(0x06, &[oid.as_bytes()])
}

pub(super) fn general_time(text: &str) -> Vec<u8> {
    tlv(0x18, &[text.as_bytes()])
}

/// The element at a path of positions, each inside the one before.
pub(super) fn find<'a>(der: &'a [u8], path: &[usize]) -> &'a [u8] {
    let mut inside = content(der);
    let mut found = der;
    for position in path {
        for _ in 0..=*position {
            let (header, length) = header(inside);
            let (element, rest) = inside.split_at(header + length);
            (found, inside) = (element, rest);
        }
        inside = content(found);
    }
    found
}

pub(super) fn content(element: &[u8]) -> &[u8] {
    let (header, length) = header(element);
    &element[header..header + length]
}

/// Octets of the header, and of the content.
fn header(element: &[u8]) -> (usize, usize) {
    match element {
        [_, 0x81, length, ..] => (3, usize::from(*length)),
        [_, 0x82, high, low, ..] => (4, usize::from(*high) << 8 | usize::from(*low)),
        [_, length, ..] => (2, usize::from(*length)),
        _ => panic!("an element"),
    }
}
