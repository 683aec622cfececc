//! What a certificate says, as facts.

use const_oid::ObjectIdentifier;
use der::asn1::BmpString;
use der::{Any, Decode, Encode, Sequence, SliceReader, Tag, Tagged};
use jiff::Timestamp;
use openssl::asn1::Asn1Object;
use openssl::nid::Nid;
use openssl::pkey::{HasPublic, PKeyRef};
use openssl::x509::X509NameRef;
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName,
};
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::model::{Nif, PublicKey, Sha256Digest};

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const ORGANISATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
const ORGANISATION_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");
const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const QC_STATEMENTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.3");
const QC_COMPLIANCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.1");
const QC_SSCD: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.4");
const QC_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6");
const QC_TYPE_ESIGN: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.1");
const QC_TYPE_ESEAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.1862.1.6.2");

/// National policies of an organ's seal: high and medium level. The directory name in the subject
/// alternative name uses the same arcs, one more number for the field.
const SEAL_POLICIES: [&str; 2] = ["2.16.724.1.3.5.6.1", "2.16.724.1.3.5.6.2"];
/// AOC's *certificat d'aplicació*.
const APPLICATION_POLICY: &str = "1.3.6.1.4.1.15096.1.3.2.91.1";

/// The facts of a seal certificate that the inventory, the record and the public list show.
/// The custodian's personal data in the subject alternative name are never read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// SHA-256 of the DER.
    pub fingerprint: Sha256Digest,
    /// Common name of the subject: the seal's name.
    pub common_name: String,
    /// Organisation of the subject.
    pub organisation: String,
    /// NIF of the entity, from `organizationIdentifier` (`VATES-…`) or `serialNumber`.
    pub nif: Option<String>,
    /// Common name of the issuer.
    pub issuer: String,
    /// Serial number, lower-case hexadecimal.
    pub serial: String,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// `RSA-2048`, `EC P-256`, …
    pub public_key: String,
    /// Certificate policies, dotted.
    pub policies: Vec<String>,
    /// QcType eseal (0.4.0.1862.1.6.2).
    pub qc_eseal: bool,
    /// QcCompliance (0.4.0.1862.1.1).
    pub qc_compliance: bool,
    /// QcSSCD (0.4.0.1862.1.4): without it the seal is advanced, not qualified.
    pub qc_sscd: bool,
    /// Key usage allows digitalSignature or contentCommitment (RFC 5280, 4.2.1.3).
    #[serde(default)]
    pub may_sign: bool,
    /// Basic constraints say that it is an authority (RFC 5280, 4.2.1.9).
    #[serde(default)]
    pub authority: bool,
    /// The public key; `None` when it cannot be read.
    #[serde(default)]
    pub key: Option<PublicKey>,
    /// Key usage in the words of RFC 5280, 4.2.1.3 (`digitalSignature`, `nonRepudiation`, …); `None`
    /// without the extension, which allows everything.
    #[serde(default)]
    pub key_usage: Option<Vec<String>>,
    /// Extended key usage, dotted (RFC 5280, 4.2.1.12); `None` without the extension.
    #[serde(default)]
    pub extended_key_usage: Option<Vec<String>>,
    /// The extended key usage is critical, as RFC 3161, 2.3 wants it for timestamps.
    #[serde(default)]
    pub extended_key_usage_critical: bool,
    /// Subject and issuer are the same name.
    #[serde(default)]
    pub self_issued: bool,
    /// QcType esign (0.4.0.1862.1.6.1): a natural person's signature.
    #[serde(default)]
    pub qc_esign: bool,
}

impl CertificateFacts {
    /// The NIF, policies and type make it an organ's seal of the Spanish administration.
    pub fn has_seal_policy(&self) -> bool {
        self.policies
            .iter()
            .any(|policy| SEAL_POLICIES.contains(&policy.as_str()))
    }

    /// It is AOC's generic application certificate and no seal besides.
    pub fn is_application_certificate(&self) -> bool {
        self.policies
            .iter()
            .any(|policy| policy == APPLICATION_POLICY)
            && !self
                .policies
                .iter()
                .any(|policy| policy.starts_with("2.16.724."))
    }
}

/// Bytes that are not a certificate that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a readable certificate")]
pub struct UnreadableCertificate;

/// A certificate that was read, with what [`CertificateFacts`] does not show.
pub(super) struct Reading {
    pub(super) certificate: Certificate,
    pub(super) facts: CertificateFacts,
    /// Every NIF the certificate claims for its entity: subject and directory name.
    pub(super) nifs: Vec<String>,
}

/// `QCStatement` (RFC 3739, 3.2.6).
#[derive(Sequence)]
struct QcStatement {
    id: ObjectIdentifier,
    #[asn1(optional = "true")]
    info: Option<Any>,
}

impl Reading {
    pub(super) fn of(der: &[u8]) -> Result<Self, UnreadableCertificate> {
        let certificate = Certificate::from_der(der).map_err(|_| UnreadableCertificate)?;
        let key = public_key(&certificate);
        let tbs = certificate.tbs_certificate();
        let nifs = nifs(&certificate);
        let serial = tbs.serial_number().as_bytes();
        let significant = serial.iter().skip_while(|byte| **byte == 0);
        let facts = CertificateFacts {
            fingerprint: Sha256Digest::of(der),
            common_name: attribute(tbs.subject(), COMMON_NAME).unwrap_or_default(),
            organisation: attribute(tbs.subject(), ORGANISATION).unwrap_or_default(),
            nif: nifs.first().cloned(),
            issuer: attribute(tbs.issuer(), COMMON_NAME).unwrap_or_default(),
            serial: significant.map(|byte| format!("{byte:02x}")).collect(),
            not_before: timestamp(tbs.validity().not_before)?,
            not_after: timestamp(tbs.validity().not_after)?,
            public_key: key.as_ref().map_or_else(unknown_kind, name_of_key),
            policies: policies(&certificate),
            qc_eseal: false,
            qc_compliance: false,
            qc_sscd: false,
            may_sign: extension::<KeyUsage>(&certificate)
                .is_some_and(|usage| usage.digital_signature() || usage.non_repudiation()),
            authority: extension::<BasicConstraints>(&certificate).is_some_and(|basic| basic.ca),
            key,
            key_usage: extension::<KeyUsage>(&certificate).map(|usage| usage_words(&usage)),
            extended_key_usage: extension::<ExtendedKeyUsage>(&certificate)
                .map(|usage| usage.0.iter().map(ToString::to_string).collect()),
            extended_key_usage_critical: is_critical(&certificate, EXTENDED_KEY_USAGE),
            self_issued: tbs.subject() == tbs.issuer(),
            qc_esign: false,
        };
        Ok(Self {
            facts: with_qc_statements(facts, &certificate),
            nifs,
            certificate,
        })
    }
}

fn public_key(certificate: &Certificate) -> Option<PublicKey> {
    let key = certificate.tbs_certificate().subject_public_key_info();
    PublicKey::read(&key.to_der().ok()?)
}

/// The bits of a key usage by their names.
fn usage_words(usage: &KeyUsage) -> Vec<String> {
    const WORDS: [(KeyUsages, &str); 9] = [
        (KeyUsages::DigitalSignature, "digitalSignature"),
        (KeyUsages::NonRepudiation, "nonRepudiation"),
        (KeyUsages::KeyEncipherment, "keyEncipherment"),
        (KeyUsages::DataEncipherment, "dataEncipherment"),
        (KeyUsages::KeyAgreement, "keyAgreement"),
        (KeyUsages::KeyCertSign, "keyCertSign"),
        (KeyUsages::CRLSign, "cRLSign"),
        (KeyUsages::EncipherOnly, "encipherOnly"),
        (KeyUsages::DecipherOnly, "decipherOnly"),
    ];
    WORDS
        .iter()
        .filter(|(bit, _)| usage.0.contains(*bit))
        .map(|(_, word)| (*word).to_owned())
        .collect()
}

/// There is an extension of this kind and it is critical.
fn is_critical(certificate: &Certificate, kind: ObjectIdentifier) -> bool {
    let extensions = certificate.tbs_certificate().extensions();
    extensions
        .into_iter()
        .flatten()
        .any(|extension| extension.extn_id == kind && extension.critical)
}

/// Common name in a name that OpenSSL read; empty without one.
pub(super) fn common_name(name: &X509NameRef) -> String {
    name.entries_by_nid(Nid::COMMONNAME)
        .next()
        .and_then(|entry| entry.data().to_string().ok())
        .unwrap_or_default()
}

/// `RSA-2048`, `EC P-256`, …
pub(super) fn key_name<T: HasPublic>(key: &PKeyRef<T>) -> String {
    let spki = key.public_key_to_der().ok();
    let key = spki.and_then(|spki| PublicKey::read(&spki));
    key.as_ref().map_or_else(unknown_kind, name_of_key)
}

fn name_of_key(key: &PublicKey) -> String {
    match key {
        PublicKey::Rsa { bits, .. } => format!("RSA-{bits}"),
        PublicKey::Ec { curve: Some(curve) } => match curve.as_str() {
            "1.2.840.10045.3.1.7" => "EC P-256".into(),
            "1.3.132.0.34" => "EC P-384".into(),
            "1.3.132.0.35" => "EC P-521".into(),
            other => {
                let object = Asn1Object::from_str(other).ok();
                let name = object.and_then(|object| object.nid().short_name().ok());
                format!("EC {}", name.unwrap_or("curve"))
            }
        },
        PublicKey::Ec { curve: None } => "EC without a named curve".into(),
        PublicKey::Ed25519 => "Ed25519".into(),
        PublicKey::Ed448 => "Ed448".into(),
        PublicKey::Other { .. } => unknown_kind(),
    }
}

fn unknown_kind() -> String {
    "of an unknown kind".into()
}

/// There is an extension of this kind, whatever is in it.
pub(super) fn has_extension(certificate: &Certificate, kind: ObjectIdentifier) -> bool {
    let extensions = certificate.tbs_certificate().extensions();
    extensions
        .into_iter()
        .flatten()
        .any(|extension| extension.extn_id == kind)
}

/// An extension, or nothing when it is absent or cannot be read: the profile checks then miss it.
pub(super) fn extension<'a, T>(certificate: &'a Certificate) -> Option<T>
where
    T: Decode<'a> + const_oid::AssociatedOid,
{
    let found = certificate.tbs_certificate().get_extension::<T>().ok()??;
    Some(found.1)
}

/// The policies, one by one, so that one that cannot be read hides none of the others.
fn policies(certificate: &Certificate) -> Vec<String> {
    elements(certificate, CERTIFICATE_POLICIES)
        .iter()
        .filter_map(|policy| {
            let mut fields = SliceReader::new(policy.value()).ok()?;
            <ObjectIdentifier>::decode(&mut fields).ok()
        })
        .map(|policy| policy.to_string())
        .collect()
}

/// The elements of an extension that is a `SEQUENCE OF`; none when it is absent or cannot be read.
fn elements(certificate: &Certificate, kind: ObjectIdentifier) -> Vec<Any> {
    let extensions = certificate.tbs_certificate().extensions();
    extensions
        .into_iter()
        .flatten()
        .find(|extension| extension.extn_id == kind)
        .and_then(|extension| Vec::from_der(extension.extn_value.as_bytes()).ok())
        .unwrap_or_default()
}

/// Reads the qualified certificate statements (ETSI EN 319 412-5).
fn with_qc_statements(mut facts: CertificateFacts, certificate: &Certificate) -> CertificateFacts {
    let statements = elements(certificate, QC_STATEMENTS);
    for statement in statements
        .iter()
        .filter_map(|statement| statement.decode_as::<QcStatement>().ok())
    {
        match statement.id {
            QC_COMPLIANCE => facts.qc_compliance = true,
            QC_SSCD => facts.qc_sscd = true,
            QC_TYPE => {
                let types = statement
                    .info
                    .and_then(|info| info.decode_as::<Vec<ObjectIdentifier>>().ok());
                let types = types.unwrap_or_default();
                facts.qc_eseal |= types.contains(&QC_TYPE_ESEAL);
                facts.qc_esign |= types.contains(&QC_TYPE_ESIGN);
            }
            _ => {}
        }
    }
    facts
}

/// The NIFs claimed for the entity, the most formal first: `organizationIdentifier` (EN 319 412-1,
/// 5.1.4), `serialNumber`, and field 3 of the national directory name. The other fields of that name
/// are not looked at: 4 and 6 to 9 are a custodian's personal data.
fn nifs(certificate: &Certificate) -> Vec<String> {
    let subject = certificate.tbs_certificate().subject();
    let identifier = attribute(subject, ORGANISATION_IDENTIFIER)
        .and_then(|identifier| Some(identifier.strip_prefix("VATES-")?.to_owned()));
    // Some issuers put other numbers here: only a NIF counts.
    let serial_number = attribute(subject, SERIAL_NUMBER)
        .map(|number| number.strip_prefix("VATES-").unwrap_or(&number).to_owned())
        .filter(|number| number.parse::<Nif>().is_ok());
    let alternative_names = extension::<SubjectAltName>(certificate).map(|names| names.0);
    let directory_name = alternative_names
        .iter()
        .flatten()
        .find_map(|name| match name {
            GeneralName::DirectoryName(name) => SEAL_POLICIES.iter().find_map(|arc| {
                let field = ObjectIdentifier::new(&format!("{arc}.3")).ok()?;
                attribute(name, field)
            }),
            _ => None,
        });
    identifier
        .into_iter()
        .chain(serial_number)
        .chain(directory_name)
        .collect()
}

/// The first attribute of this kind, as text without blanks around it.
fn attribute(name: &Name, kind: ObjectIdentifier) -> Option<String> {
    let attribute = name.iter().find(|attribute| attribute.oid == kind)?;
    text(&attribute.value).map(|text| text.trim().to_owned())
}

/// A `DirectoryString` (RFC 5280, 4.1.2.4); `TeletexString` is read as Latin-1, as everybody does.
fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            String::from_utf8(value.value().to_vec()).ok()
        }
        Tag::TeletexString => Some(value.value().iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString => value
            .decode_as::<BmpString>()
            .ok()
            .map(|text| text.to_string()),
        _ => None,
    }
}

pub(super) fn timestamp(time: Time) -> Result<Timestamp, UnreadableCertificate> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs());
    seconds
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or(UnreadableCertificate)
}
