//! An authority and its seals, in the profile of an organ's seal of medium level.

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509Builder, X509Extension, X509Name, X509NameBuilder};

/// Policy 2.16.724.1.3.5.6.2, in DER.
const POLICIES: &[u8] = &[
    0x30, 0x0c, 0x30, 0x0a, 0x06, 0x08, 0x60, 0x85, 0x54, 0x01, 0x03, 0x05, 0x06, 0x02,
];
/// QcCompliance (0.4.0.1862.1.1) and QcType eseal (0.4.0.1862.1.6, 0.4.0.1862.1.6.2), in DER.
const QC_STATEMENTS: &[u8] = &[
    0x30, 0x1f, 0x30, 0x08, 0x06, 0x06, 0x04, 0x00, 0x8e, 0x46, 0x01, 0x01, 0x30, 0x13, 0x06, 0x06,
    0x04, 0x00, 0x8e, 0x46, 0x01, 0x06, 0x30, 0x09, 0x06, 0x07, 0x04, 0x00, 0x8e, 0x46, 0x01, 0x06,
    0x02,
];
const DAY: i64 = 24 * 3600;

/// A seal to be issued.
pub(super) struct SealRequest<'a> {
    pub(super) name: &'a str,
    pub(super) nif: &'a str,
    /// Days from now.
    pub(super) days: (i64, i64),
    pub(super) key: &'a PKey<Private>,
}

/// A certificate.
pub(super) struct Certificate(X509);

/// A self-signed authority.
pub(super) struct Authority {
    certificate: X509,
    key: PKey<Private>,
}

impl Authority {
    pub(super) fn new() -> Self {
        let key = new_key();
        let subject = name(&[("CN", "Autoritat de prova")]);
        let mut builder = builder(&subject, &subject, (-365, 3650), &key);
        let constraints = BasicConstraints::new().critical().ca().build().unwrap();
        builder.append_extension(constraints).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        let certificate = builder.build();
        Self { certificate, key }
    }

    pub(super) fn pem(&self) -> Vec<u8> {
        self.certificate.to_pem().unwrap()
    }

    pub(super) fn issue(&self, request: &SealRequest<'_>) -> Certificate {
        let identifier = format!("VATES-{}", request.nif);
        let subject = name(&[
            ("C", "ES"),
            ("O", "Ajuntament"),
            ("2.5.4.97", &identifier),
            ("serialNumber", request.nif),
            ("CN", request.name),
        ]);
        let issuer = self.certificate.subject_name();
        let issuer = X509Name::from_der(&issuer.to_der().unwrap()).unwrap();
        let mut builder = builder(&subject, &issuer, request.days, request.key);
        let usage = KeyUsage::new()
            .critical()
            .digital_signature()
            .non_repudiation()
            .build()
            .unwrap();
        builder.append_extension(usage).unwrap();
        for (id, value) in [
            ("2.5.29.32", POLICIES),
            ("1.3.6.1.5.5.7.1.3", QC_STATEMENTS),
        ] {
            let id = Asn1Object::from_str(id).unwrap();
            let value = Asn1OctetString::new_from_bytes(value).unwrap();
            let extension = X509Extension::new_from_der(&id, false, &value).unwrap();
            builder.append_extension(extension).unwrap();
        }
        builder.sign(&self.key, MessageDigest::sha256()).unwrap();
        Certificate(builder.build())
    }
}

impl Certificate {
    pub(super) fn pem(&self) -> Vec<u8> {
        self.0.to_pem().unwrap()
    }

    pub(super) fn der(&self) -> Vec<u8> {
        self.0.to_der().unwrap()
    }
}

fn builder(
    subject: &X509Name,
    issuer: &X509Name,
    days: (i64, i64),
    key: &PKey<Private>,
) -> X509Builder {
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(4711).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(subject).unwrap();
    builder.set_issuer_name(issuer).unwrap();
    let now = jiff::Timestamp::now().as_second();
    let time = |days: i64| Asn1Time::from_unix(now + days * DAY).unwrap();
    builder.set_not_before(&time(days.0)).unwrap();
    builder.set_not_after(&time(days.1)).unwrap();
    builder.set_pubkey(key).unwrap();
    builder
}

fn name(entries: &[(&str, &str)]) -> X509Name {
    let mut name = X509NameBuilder::new().unwrap();
    for (kind, value) in entries {
        name.append_entry_by_text(kind, value).unwrap();
    }
    name.build()
}

pub(super) fn new_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

pub(super) fn pem_of(key: &PKey<Private>) -> Vec<u8> {
    key.private_key_to_pem_pkcs8().unwrap()
}
