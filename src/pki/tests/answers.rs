//! Makes OCSP responses and revocation lists, with a defect or without.

use openssl::hash::{MessageDigest, hash};
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use openssl::x509::X509;
use x509_cert::Certificate;

use der::Decode as _;

/// Serial number of every certificate that `issuing` makes, as the content of an `INTEGER`.
pub(super) const SERIAL: &[u8] = &[0x12, 0x67];

/// One element with the shortest length.
pub(super) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len();
    let mut encoded = vec![tag];
    match length {
        0..=0x7F => encoded.push(length as u8),
        0x80..=0xFF => encoded.extend([0x81, length as u8]),
        _ => encoded.extend([0x82, (length >> 8) as u8, length as u8]),
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

/// `Extension`.
pub(super) fn extension(kind: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { &[1, 1, 0xFF][..] } else { &[] };
    tlv(0x30, &[&oid(kind), critical, &tlv(0x04, &[value])])
}

/// `SEQUENCE { tbs, ecdsa-with-SHA256, signature, … }`.
fn sign(tbs: &[u8], key: &PKey<Private>, rest: &[u8]) -> Vec<u8> {
    let mut signer = Signer::new(MessageDigest::sha256(), key).unwrap();
    let signature = signer.sign_oneshot_to_vec(tbs).unwrap();
    let algorithm = tlv(0x30, &[&oid("1.2.840.10045.4.3.2")]);
    let signature = tlv(0x03, &[&[0], &signature]);
    tlv(0x30, &[tbs, &algorithm, &signature, rest])
}

/// An OCSP response to make; the default has no defect and says that the certificate is good.
pub(super) struct Response<'a> {
    /// Whose certificates it is about.
    pub(super) issuer: &'a X509,
    /// Who signs, and names itself as responder.
    pub(super) responder: (&'a X509, &'a PKey<Private>),
    /// The responder's certificate travels inside.
    pub(super) inside: bool,
    pub(super) serial: &'a [u8],
    pub(super) digest: MessageDigest,
    /// DER of `CertStatus`.
    pub(super) status: Vec<u8>,
    /// `Extension`s of the single response, and of the whole.
    pub(super) single_extensions: Vec<u8>,
    pub(super) extensions: Vec<u8>,
}

pub(super) const GOOD: [u8; 2] = [0x80, 0];
pub(super) const UNKNOWN: [u8; 2] = [0x82, 0];

/// `revoked` with a `CRLReason`.
pub(super) fn revoked(at: &str, reason: u8) -> Vec<u8> {
    let reason = tlv(0xA0, &[&[0x0A, 1, reason]]);
    tlv(0xA1, &[&general_time(at), &reason])
}

impl<'a> Response<'a> {
    pub(super) fn good(issuer: &'a X509, key: &'a PKey<Private>) -> Self {
        Self {
            issuer,
            responder: (issuer, key),
            inside: false,
            serial: SERIAL,
            digest: MessageDigest::sha1(),
            status: GOOD.to_vec(),
            single_extensions: Vec::new(),
            extensions: Vec::new(),
        }
    }

    /// The `BasicOCSPResponse`.
    pub(super) fn basic(&self) -> Vec<u8> {
        let issuer = self.issuer.to_der().unwrap();
        let issuer = Certificate::from_der(&issuer).unwrap();
        let key = issuer.tbs_certificate().subject_public_key_info();
        let name = self.issuer.subject_name().to_der().unwrap();
        let digest = match self.digest.type_() {
            openssl::nid::Nid::SHA1 => "1.3.14.3.2.26",
            _ => "2.16.840.1.101.3.4.2.1",
        };
        let hashed = |octets: &[u8]| tlv(0x04, &[&hash(self.digest, octets).unwrap()]);
        let id = tlv(
            0x30,
            &[
                &tlv(0x30, &[&oid(digest)]),
                &hashed(&name),
                &hashed(key.subject_public_key.raw_bytes()),
                &tlv(0x02, &[self.serial]),
            ],
        );
        let wrapped = |extensions: &[u8]| match extensions {
            [] => Vec::new(),
            extensions => tlv(0xA1, &[&tlv(0x30, &[extensions])]),
        };
        let single = tlv(
            0x30,
            &[
                &id,
                &self.status,
                &general_time("20260601000000Z"),
                &tlv(0xA0, &[&general_time("20260608000000Z")]),
                &wrapped(&self.single_extensions),
            ],
        );
        let responder = self.responder.0;
        let tbs = tlv(
            0x30,
            &[
                &tlv(0xA1, &[&responder.subject_name().to_der().unwrap()]),
                &general_time("20260601000100Z"),
                &tlv(0x30, &[&single]),
                &wrapped(&self.extensions),
            ],
        );
        let inside = if self.inside {
            let certificate = responder.to_der().unwrap();
            tlv(0xA0, &[&tlv(0x30, &[&certificate])])
        } else {
            Vec::new()
        };
        sign(&tbs, self.responder.1, &inside)
    }

    /// The `OCSPResponse` around it.
    pub(super) fn whole(&self) -> Vec<u8> {
        let bytes = tlv(0x04, &[&self.basic()]);
        let bytes = tlv(0x30, &[&oid("1.3.6.1.5.5.7.48.1.1"), &bytes]);
        tlv(0x30, &[&[0x0A, 1, 0], &tlv(0xA0, &[&bytes])])
    }
}

/// A revocation list to make; the default is empty and has no defect.
pub(super) struct List<'a> {
    /// Who signs, and stands as issuer.
    pub(super) issuer: (&'a X509, &'a PKey<Private>),
    /// Entries: serial number and `Extension`s.
    pub(super) entries: Vec<(&'a [u8], Vec<u8>)>,
    /// `Extension`s.
    pub(super) extensions: Vec<u8>,
}

impl<'a> List<'a> {
    pub(super) fn empty(issuer: &'a X509, key: &'a PKey<Private>) -> Self {
        Self {
            issuer: (issuer, key),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }

    pub(super) fn der(&self) -> Vec<u8> {
        let time = |text: &str| tlv(0x17, &[text.as_bytes()]);
        let entries: Vec<u8> = self
            .entries
            .iter()
            .flat_map(|(serial, extensions)| {
                let extensions = match extensions.as_slice() {
                    [] => Vec::new(),
                    extensions => tlv(0x30, &[extensions]),
                };
                let serial = tlv(0x02, &[serial]);
                tlv(0x30, &[&serial, &time("260501000000Z"), &extensions])
            })
            .collect();
        let entries = match entries.as_slice() {
            [] => Vec::new(),
            entries => tlv(0x30, &[entries]),
        };
        let extensions = match self.extensions.as_slice() {
            [] => Vec::new(),
            extensions => tlv(0xA0, &[&tlv(0x30, &[extensions])]),
        };
        let tbs = tlv(
            0x30,
            &[
                &[2, 1, 1],
                &tlv(0x30, &[&oid("1.2.840.10045.4.3.2")]),
                &self.issuer.0.subject_name().to_der().unwrap(),
                &time("260601000000Z"),
                &time("260608000000Z"),
                &entries,
                &extensions,
            ],
        );
        sign(&tbs, self.issuer.1, &[])
    }
}
