//! What others put into signatures that ours never hold: other algorithms, attributes and answers.

use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{Asn1Flag, EcGroup, EcKey};
use openssl::nid::Nid;
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509NameBuilder};

use super::*;
use crate::cades::asn1::{INTEGER, NULL, OBJECT_IDENTIFIER};
use crate::cades::digest;
use crate::model::{Octets, PublicKey};

const SHA_1: &str = "1.3.14.3.2.26";
const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const SHA_512: &str = "2.16.840.1.101.3.4.2.3";

fn oid(dotted: &str) -> Vec<u8> {
    let oid: const_oid::ObjectIdentifier = dotted.parse().unwrap();
    element(OBJECT_IDENTIFIER, &[oid.as_bytes()])
}

fn identifier(dotted: &str, parameters: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[&oid(dotted), parameters])
}

fn attribute(dotted: &str, value: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[&oid(dotted), &element(SET, &[value])])
}

/// A signature of somebody else's making.
struct Foreign {
    key: PKey<Private>,
    certificate: Vec<u8>,
    /// It travels inside.
    embedded: bool,
    /// Dotted.
    digest: &'static str,
    /// `AlgorithmIdentifier` of the signature.
    algorithm: Vec<u8>,
    /// What the key signs with; none for the Edwards curves.
    message_digest: Option<MessageDigest>,
    /// More signed attributes.
    signed: Vec<Vec<u8>>,
    /// `crls [1]` of `SignedData`.
    revocation: Vec<u8>,
}

impl Foreign {
    fn with(key: PKey<Private>, digest: &'static str, algorithm: Vec<u8>) -> Self {
        let message_digest = match digest {
            _ if key.id() == openssl::pkey::Id::ED25519 => None,
            SHA_1 => Some(MessageDigest::sha1()),
            SHA_512 => Some(MessageDigest::sha512()),
            _ => Some(MessageDigest::sha256()),
        };
        Self {
            certificate: certificate_of(&key),
            key,
            embedded: true,
            digest,
            algorithm,
            message_digest,
            signed: Vec::new(),
            revocation: Vec::new(),
        }
    }

    fn plain() -> Self {
        let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        Self::with(key, SHA_256, identifier("1.2.840.113549.1.1.11", &[5, 0]))
    }

    fn cms(&self) -> Vec<u8> {
        let hash = digest(self.digest, &[DOCUMENT]).unwrap();
        let data = oid("1.2.840.113549.1.7.1");
        let mut attributes = vec![
            attribute("1.2.840.113549.1.9.3", &data),
            attribute("1.2.840.113549.1.9.4", &element(OCTET_STRING, &[&hash])),
        ];
        attributes.extend(self.signed.iter().cloned());
        attributes.sort();
        let attributes = attributes.concat();
        let to_be_signed = element(SET, &[&attributes]);
        let mut signer = match self.message_digest {
            Some(digest) => Signer::new(digest, &self.key).unwrap(),
            None => Signer::new_without_digest(&self.key).unwrap(),
        };
        let signature = signer.sign_oneshot_to_vec(&to_be_signed).unwrap();

        let certificate = CertificateFields::read(&self.certificate).unwrap();
        let digest = identifier(self.digest, &element(NULL, &[]));
        let version = element(INTEGER, &[&[1]]);
        let signer_info = element(
            SEQUENCE,
            &[
                &version,
                &element(SEQUENCE, &[certificate.issuer, certificate.serial]),
                &digest,
                &element(context(0), &[&attributes]),
                &self.algorithm,
                &element(OCTET_STRING, &[&signature]),
            ],
        );
        let certificates = match self.embedded {
            true => element(context(0), &[&self.certificate]),
            false => Vec::new(),
        };
        let signed_data = element(
            SEQUENCE,
            &[
                &version,
                &element(SET, &[&digest]),
                &element(SEQUENCE, &[&data]),
                &certificates,
                &self.revocation,
                &element(SET, &[&signer_info]),
            ],
        );
        let content = element(context(0), &[&signed_data]);
        element(SEQUENCE, &[&oid("1.2.840.113549.1.7.2"), &content])
    }

    fn facts(&self) -> CmsEvidence {
        CmsEvidence::collect(&self.cms()).unwrap()
    }
}

fn certificate_of(key: &PKey<Private>) -> Vec<u8> {
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "A signer").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    let serial = BigNum::from_u32(4711).unwrap().to_asn1_integer().unwrap();
    builder.set_serial_number(&serial).unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    let time = |text: &str| Asn1Time::from_str(text).unwrap();
    builder.set_not_before(&time("20260101000000Z")).unwrap();
    builder.set_not_after(&time("20300101000000Z")).unwrap();
    builder.set_pubkey(key).unwrap();
    let digest = match key.id() {
        openssl::pkey::Id::ED25519 => MessageDigest::null(),
        _ => MessageDigest::sha256(),
    };
    builder.sign(key, digest).unwrap();
    builder.build().to_der().unwrap()
}

fn curve_key(curve: Nid, flag: Asn1Flag) -> PKey<Private> {
    let mut group = EcGroup::from_curve_name(curve).unwrap();
    group.set_asn1_flag(flag);
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}

#[test]
fn a_signature_with_ed25519_verifies_and_wants_sha_512_beside_it() {
    let key = || PKey::generate_ed25519().unwrap();
    let facts = Foreign::with(key(), SHA_512, identifier("1.3.101.112", &[])).facts();
    assert!(facts.signature_verifiable && facts.signature_verifies);
    assert_eq!(facts.algorithms_agree, Some(true));
    assert_eq!(facts.signer_key, Some(PublicKey::Ed25519));
    assert_eq!(
        facts.verify_over_digest(&[0; 64]),
        None,
        "it signs no digest"
    );
    let other = Foreign::with(key(), SHA_256, identifier("1.3.101.112", &[])).facts();
    assert_eq!(other.algorithms_agree, Some(false));
}

#[test]
fn brainpool_curves_verify_and_curves_described_by_parameters_do_not() {
    let ecdsa = || identifier("1.2.840.10045.4.3.2", &[]);
    let key = curve_key(Nid::BRAINPOOL_P256R1, Asn1Flag::NAMED_CURVE);
    let facts = Foreign::with(key, SHA_256, ecdsa()).facts();
    assert!(facts.signature_verifiable && facts.signature_verifies);
    let curve = Some("1.3.36.3.3.2.8.1.1.7".to_owned());
    assert_eq!(facts.signer_key, Some(PublicKey::Ec { curve }));

    let key = curve_key(Nid::X9_62_PRIME256V1, Asn1Flag::EXPLICIT_CURVE);
    let facts = Foreign::with(key, SHA_256, ecdsa()).facts();
    assert_eq!(facts.signer_key, Some(PublicKey::Ec { curve: None }));
    assert!(!facts.signature_verifiable && !facts.signature_verifies);
}

#[test]
fn weak_digests_and_short_keys_are_facts_and_still_verify() {
    let key = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let facts = Foreign::with(key, SHA_1, identifier("1.2.840.113549.1.1.5", &[5, 0])).facts();
    assert!(facts.signature_verifiable && facts.signature_verifies);
    assert_eq!(facts.digest_algorithm, SHA_1);
    assert_eq!(facts.algorithms_agree, Some(true));
    let key = PublicKey::Rsa {
        bits: 1024,
        exponent: Some(65_537),
    };
    assert_eq!(facts.signer_key, Some(key));
    let hash = digest(SHA_1, &[DOCUMENT]).unwrap();
    assert_eq!(facts.message_digest.as_deref(), Some(hash.as_slice()));
}

#[test]
fn a_digest_other_than_that_of_the_signature_algorithm_disagrees() {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    // SHA-1 inside the signature, SHA-256 beside it.
    let mut foreign = Foreign::with(key, SHA_256, identifier("1.2.840.113549.1.1.5", &[5, 0]));
    foreign.message_digest = Some(MessageDigest::sha1());
    let facts = foreign.facts();
    assert!(facts.signature_verifies);
    assert_eq!(facts.algorithms_agree, Some(false));
}

#[test]
fn a_signing_certificate_of_version_1_names_its_certificate_by_sha_1() {
    let with_hash_of = |named: &dyn Fn(&Foreign) -> Vec<u8>| {
        let mut foreign = Foreign::plain();
        let hash = digest(SHA_1, &[&named(&foreign)]).unwrap();
        let id = element(SEQUENCE, &[&element(OCTET_STRING, &[&hash])]);
        let value = element(SEQUENCE, &[&element(SEQUENCE, &[&id])]);
        foreign.signed = vec![attribute("1.2.840.113549.1.9.16.2.12", &value)];
        foreign.facts()
    };
    let right = with_hash_of(&|foreign| foreign.certificate.clone());
    assert!(right.signing_certificate_v1);
    assert_eq!(right.signing_certificate_v1_matches, Some(true));
    assert_eq!(right.signing_certificate_matches, None);
    let wrong = with_hash_of(&|_| b"another".to_vec());
    assert_eq!(wrong.signing_certificate_v1_matches, Some(false));
    assert!(wrong.signature_verifies, "under the one the signer names");
}

#[test]
fn a_signing_certificate_of_version_2_that_names_by_sha_1_says_no_more_than_version_1() {
    let naming_by = |algorithm: &str| {
        let mut foreign = Foreign::plain();
        let hash = digest(algorithm, &[&foreign.certificate]).unwrap();
        let algorithm = element(SEQUENCE, &[&oid(algorithm)]);
        let id = element(SEQUENCE, &[&algorithm, &element(OCTET_STRING, &[&hash])]);
        let value = element(SEQUENCE, &[&element(SEQUENCE, &[&id])]);
        foreign.signed = vec![attribute("1.2.840.113549.1.9.16.2.47", &value)];
        let facts = foreign.facts();
        (
            facts.signing_certificate_matches,
            facts.signing_certificate_v1_matches,
        )
    };
    assert_eq!(naming_by("2.16.840.1.101.3.4.2.3"), (Some(true), None));
    assert_eq!(naming_by(SHA_1), (None, Some(true)));
    // MD5 names nothing.
    assert_eq!(naming_by("1.2.840.113549.2.5"), (Some(false), None));
}

#[test]
fn policy_commitment_and_content_timestamps_are_listed() {
    let mut foreign = Foreign::plain();
    let policy = element(SEQUENCE, &[&oid("2.16.724.1.3.1.1.2.1.9"), &[0x30, 0]]);
    let commitment = element(SEQUENCE, &[&oid("1.2.840.113549.1.9.16.6.1")]);
    let token = Seal::rsa().seal(); // any ContentInfo will do
    foreign.signed = vec![
        attribute("1.2.840.113549.1.9.16.2.15", &policy),
        attribute("1.2.840.113549.1.9.16.2.16", &commitment),
        attribute("1.2.840.113549.1.9.16.2.20", &token),
        attribute("1.2.840.113549.1.9.5", &element(0x17, &[b"260601120000Z"])),
    ];
    let facts = foreign.facts();
    assert!(facts.signature_verifies && facts.signing_time);
    let policy = facts.signature_policy.as_deref();
    assert_eq!(policy, Some("2.16.724.1.3.1.1.2.1.9"));
    assert_eq!(facts.commitment_types, ["1.2.840.113549.1.9.16.6.1"]);
    assert_eq!(facts.content_timestamps, [token.into()]);
    let claimed = facts.claimed_time.map(|time| time.to_string());
    assert_eq!(claimed.as_deref(), Some("2026-06-01T12:00:00Z"));
    assert_eq!(facts.signed_attribute_types.len(), 6);

    foreign.signed = vec![attribute("1.2.840.113549.1.9.16.2.15", &[5, 0])];
    let implied = foreign.facts().signature_policy;
    assert_eq!(implied.as_deref(), Some(""));
}

#[test]
fn lists_and_responses_are_found_in_the_attribute_of_adobe_and_in_the_cms() {
    let (list, response) = ([0x30, 3, 2, 1, 1], [0x30, 3, 2, 1, 2]);
    let mut foreign = Foreign::plain();
    let lists = element(context(0), &[&element(SEQUENCE, &[&list])]);
    let responses = element(context(1), &[&element(SEQUENCE, &[&response, &response])]);
    let archival = element(SEQUENCE, &[&lists, &responses]);
    foreign.signed = vec![attribute("1.2.840.113583.1.1.8", &archival)];
    let other = element(context(1), &[&oid("1.3.6.1.5.5.7.16.2"), &response]);
    foreign.revocation = element(context(1), &[&list, &other]);
    let facts = foreign.facts();
    assert!(facts.signature_verifies);
    assert_eq!(facts.crls, [list.to_vec().into(), list.to_vec().into()]);
    assert_eq!(facts.ocsp_responses.len(), 3);
    assert_eq!(*facts.ocsp_responses[2], response);

    foreign.signed = vec![attribute("1.2.840.113583.1.1.8", &[2, 1, 1])];
    let facts = foreign.facts();
    assert_eq!((facts.crls.len(), facts.ocsp_responses.len()), (1, 1));
}

#[test]
fn a_signer_whose_certificate_stands_elsewhere_is_found_there() {
    let foreign = Foreign {
        embedded: false,
        ..Foreign::plain()
    };
    let alone = foreign.facts();
    assert_eq!(alone.signer_certificate, None);
    assert!(!alone.signature_verifiable && !alone.signer_identifier_matches);
    let others = [Seal::rsa().chain[0].clone(), foreign.certificate.clone()];
    let others = others.map(Octets);
    let found = CmsEvidence::collect_with(&foreign.cms(), &others).unwrap();
    assert_eq!(found.signer_certificate.as_ref(), others.last());
    assert!(found.signature_verifies && found.signer_identifier_matches);
    assert_eq!(found.certificates, [], "none is inside");
}

#[test]
fn evidence_is_a_value_that_can_be_kept() {
    let facts = Foreign::plain().facts();
    let written = serde_json::to_string(&facts).unwrap();
    let read: CmsEvidence = serde_json::from_str(&written).unwrap();
    assert_eq!(read, facts);
}
