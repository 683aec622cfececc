//! Issues seals, with a defect or without, by the example authority or another.

use der::asn1::ObjectIdentifier;
use der::{Any, Encode, Sequence};
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509, X509Builder, X509Extension, X509NameBuilder, X509NameRef};

use super::*;

/// A seal to issue; the default has no defect.
pub(super) struct Wanted {
    pub(super) nif: Option<&'static str>,
    pub(super) policies: &'static [&'static str],
    pub(super) qc_compliance: bool,
    pub(super) qc_type: &'static str,
    /// DER of the extension's value.
    pub(super) key_usage: Option<&'static [u8]>,
    pub(super) authority: bool,
    pub(super) days: (&'static str, &'static str),
    pub(super) key: Option<PKey<Private>>,
    pub(super) issuer: Option<(X509, PKey<Private>)>,
}

pub(super) struct Issued {
    pub(super) certificate: X509,
    pub(super) key: PKey<Private>,
    pub(super) issuer: X509,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            nif: Some(NIF),
            policies: &["2.16.724.1.3.5.6.2"],
            qc_compliance: true,
            qc_type: "0.4.0.1862.1.6.2",
            key_usage: Some(&[0x03, 0x02, 0x05, 0xE0]),
            authority: false,
            days: ("20260101000000Z", "20300101000000Z"),
            key: None,
            issuer: None,
        }
    }
}

#[derive(Sequence)]
struct Policy {
    id: ObjectIdentifier,
}

#[derive(Sequence)]
struct Statement {
    id: ObjectIdentifier,
    #[asn1(optional = "true")]
    info: Option<Any>,
}

impl Wanted {
    pub(super) fn by_another_authority(self) -> Self {
        Self {
            issuer: Some(authority("Another root")),
            ..self
        }
    }

    pub(super) fn issue(self) -> Issued {
        let (issuer, issuer_key) = self.issuer.unwrap_or_else(|| {
            let key = PKey::private_key_from_pem(example!("authorities/sector-public.key.pem"));
            (X509::from_pem(CA).unwrap(), key.unwrap())
        });
        let key = self.key.unwrap_or_else(new_key);
        let mut subject = vec![("2.5.4.3", "Test seal")];
        let identifier = self.nif.map(|nif| format!("VATES-{nif}"));
        if let Some(identifier) = &identifier {
            subject.push(("2.5.4.97", identifier));
        }
        let policies: Vec<Policy> = self
            .policies
            .iter()
            .map(|id| Policy { id: oid(id) })
            .collect();
        let mut statements = vec![Statement {
            id: oid("0.4.0.1862.1.6"),
            info: Some(Any::encode_from(&vec![oid(self.qc_type)]).unwrap()),
        }];
        if self.qc_compliance {
            statements.push(Statement {
                id: oid("0.4.0.1862.1.1"),
                info: None,
            });
        }
        let mut extensions = vec![
            extension("2.5.29.32", &policies.to_der().unwrap()),
            extension("1.3.6.1.5.5.7.1.3", &statements.to_der().unwrap()),
        ];
        extensions.extend(self.key_usage.map(|usage| extension("2.5.29.15", usage)));
        if self.authority {
            extensions.push(extension("2.5.29.19", &[0x30, 3, 1, 1, 0xFF]));
        }
        let name = issuer.subject_name();
        let certificate = certificate(
            &subject,
            Some(name),
            &key,
            &issuer_key,
            self.days,
            extensions,
        );
        Issued {
            certificate,
            key,
            issuer,
        }
    }
}

impl Issued {
    pub(super) fn open(&self) -> Result<SealKey, SealDefect> {
        self.open_for(EcdsaP256Sha256, &anchors())
    }

    pub(super) fn open_for(
        &self,
        algorithm: SealAlgorithm,
        anchors: &Anchors,
    ) -> Result<SealKey, SealDefect> {
        let container = SealContainer::Pem {
            certificates: &self.certificate.to_pem().unwrap(),
            key: &self.key.private_key_to_pem_pkcs8().unwrap(),
            passphrase: None,
        };
        open_with(&container, NIF, algorithm, anchors)
    }
}

/// A self-signed authority.
pub(super) fn authority(name: &str) -> (X509, PKey<Private>) {
    let key = new_key();
    let extensions = vec![extension("2.5.29.19", &[0x30, 3, 1, 1, 0xFF])];
    let days = ("20260101000000Z", "20400101000000Z");
    let subject = [("2.5.4.3", name)];
    let certificate = certificate(&subject, None, &key, &key, days, extensions);
    (certificate, key)
}

pub(super) fn certificate(
    subject: &[(&str, &str)],
    issuer: Option<&X509NameRef>,
    key: &PKey<Private>,
    issuer_key: &PKey<Private>,
    days: (&str, &str),
    extensions: Vec<X509Extension>,
) -> X509 {
    let mut name = X509NameBuilder::new().unwrap();
    for (kind, value) in subject {
        name.append_entry_by_text(kind, value).unwrap();
    }
    let name = name.build();
    let mut builder = X509Builder::new().unwrap();
    builder.set_version(2).unwrap();
    let serial = BigNum::from_u32(4711).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(issuer.unwrap_or(&name)).unwrap();
    let time = |text: &str| Asn1Time::from_str(text).unwrap();
    builder.set_not_before(&time(days.0)).unwrap();
    builder.set_not_after(&time(days.1)).unwrap();
    builder.set_pubkey(key).unwrap();
    for extension in extensions {
        builder.append_extension(extension).unwrap();
    }
    builder.sign(issuer_key, MessageDigest::sha256()).unwrap();
    builder.build()
}

pub(super) fn extension(id: &str, value: &[u8]) -> X509Extension {
    let id = Asn1Object::from_str(id).unwrap();
    let value = Asn1OctetString::new_from_bytes(value).unwrap();
    X509Extension::new_from_der(&id, false, &value).unwrap()
}

fn oid(dotted: &str) -> ObjectIdentifier {
    dotted.parse().unwrap()
}

pub(super) fn new_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}
