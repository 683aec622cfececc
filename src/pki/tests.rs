//! Seals as they should be, from `certs-example`, and one seal for each thing that can be wrong with
//! them, issued here by the example authority.

use der::asn1::ObjectIdentifier;
use der::{Any, Encode, Sequence};
use jiff::Timestamp;
use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::{X509, X509Builder, X509Extension, X509NameBuilder};
use zeroize::Zeroizing;

use super::verify::{certificate_facts, chain_to_anchor};
use super::*;
use crate::model::SealAlgorithm::{EcdsaP256Sha256, EcdsaP384Sha384, RsaPkcs1Sha256, RsaPssSha256};
use crate::model::{Nif, SealAlgorithm};

macro_rules! example {
    ($path:literal) => {
        include_bytes!(concat!("../../certs-example/", $path)).as_slice()
    };
}

const ROOT: &[u8] = example!("trust/root.pem");
const CA: &[u8] = example!("trust/sector-public.pem");
const NIF: &str = "P9900100J";

fn now() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn anchors() -> Anchors {
    Anchors::from_pem([("root.pem", ROOT), ("sector-public.pem", CA)]).unwrap()
}

fn open_with(
    container: &SealContainer<'_>,
    nif: &str,
    algorithm: SealAlgorithm,
    anchors: &Anchors,
) -> Result<SealKey, SealDefect> {
    let nif: Nif = nif.parse().unwrap();
    let rules = SealRules {
        nif: &nif,
        algorithm,
        anchors,
        now: now(),
    };
    SealKey::open(container, &rules)
}

fn open_example_pkcs12(
    bytes: &[u8],
    passphrase: &str,
    nif: &str,
    algorithm: SealAlgorithm,
) -> SealKey {
    let container = SealContainer::Pkcs12 {
        bytes,
        passphrase: &Zeroizing::new(passphrase.to_owned()),
    };
    open_with(&container, nif, algorithm, &anchors()).unwrap()
}

fn open_example_pem(
    certificates: &[u8],
    key: &[u8],
    nif: &str,
    algorithm: SealAlgorithm,
) -> SealKey {
    let container = SealContainer::Pem {
        certificates,
        key,
        passphrase: None,
    };
    open_with(&container, nif, algorithm, &anchors()).unwrap()
}

fn example_seals() -> Vec<SealKey> {
    vec![
        open_example_pkcs12(
            example!("seals/L01990015.p12"),
            "exemple-L01990015",
            NIF,
            RsaPkcs1Sha256,
        ),
        open_example_pkcs12(
            example!("seals/L01990027.p12"),
            "exemple-L01990027",
            "P9900200H",
            RsaPssSha256,
        ),
        open_example_pem(
            example!("seals/L01990033.chain.pem"),
            example!("seals/L01990033.key.pem"),
            "P9900300F",
            EcdsaP256Sha256,
        ),
        open_example_pkcs12(
            example!("seals/L01990048.p12"),
            "exemple-L01990048",
            "P9900400D",
            RsaPkcs1Sha256,
        ),
        open_example_pem(
            example!("seals/L01990051.chain.pem"),
            example!("seals/L01990051.key.pem"),
            "P9900500A",
            EcdsaP384Sha384,
        ),
    ]
}

// --- seals as they should be ------------------------------------------------------------------------

#[test]
fn every_example_seal_opens_signs_and_shows_its_chain() {
    let keys: Vec<String> = example_seals()
        .iter()
        .map(|seal| {
            let signature = seal.sign(b"anything").unwrap();
            assert!(signature.len() <= seal.signature_len());
            assert_eq!(seal.chain().len(), 2, "leaf and intermediate, no root");
            seal.facts().public_key.clone()
        })
        .collect();
    assert_eq!(
        keys,
        ["RSA-2048", "RSA-3072", "EC P-256", "RSA-2048", "EC P-384"]
    );
}

#[test]
fn a_container_of_old_programs_opens_with_the_legacy_ciphers_and_leaves_them_behind() {
    // RC2-40: the default provider alone has no such cipher.
    let bytes = example!("seals/L01990048.p12");
    let seal = open_example_pkcs12(bytes, "exemple-L01990048", "P9900400D", RsaPkcs1Sha256);
    assert_eq!(
        seal.facts().common_name,
        "Segell electrònic de Castellfosc (exemple)"
    );
    let container = Pkcs12::from_der(bytes).unwrap();
    assert!(container.parse2("exemple-L01990048").is_err());
}

#[test]
fn the_facts_of_a_seal_are_those_of_its_profile() {
    let seals = example_seals();
    let facts = seals[0].facts();
    assert_eq!(
        facts.common_name,
        "Segell electrònic de Vallserena (exemple)"
    );
    assert_eq!(facts.organisation, "Ajuntament de Vallserena");
    assert_eq!(facts.nif.as_deref(), Some(NIF));
    assert_eq!(facts.issuer, "CA Sector Públic d'Exemple");
    assert_eq!(facts.not_before.to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(facts.not_after.to_string(), "2045-01-01T00:00:00Z");
    assert_eq!(
        facts.policies,
        [
            "2.16.724.1.3.5.6.2",
            "0.4.0.194112.1.1",
            "1.3.6.1.4.1.32473.6.2"
        ]
    );
    assert!(facts.qc_compliance && facts.qc_eseal && facts.may_sign);
    assert!(!facts.qc_sscd && !facts.authority);
    assert_eq!(facts, &certificate_facts(&seals[0].chain()[0]).unwrap());
}

#[test]
fn the_serial_is_the_one_openssl_prints() {
    let seals = example_seals();
    let leaf = X509::from_der(&seals[0].chain()[0]).unwrap();
    let printed = leaf.serial_number().to_bn().unwrap().to_hex_str().unwrap();
    let printed = printed.to_lowercase();
    assert_eq!(
        seals[0].facts().serial.trim_start_matches('0'),
        printed.trim_start_matches('0')
    );
}

#[test]
fn the_custodian_of_a_seal_is_never_shown() {
    for seal in example_seals() {
        let shown = [
            format!("{seal:?} {:?}", seal.facts()),
            serde_json::to_string(seal.facts()).unwrap(),
        ]
        .concat();
        for personal in ["00000000T", "Inventat", "custodia@"] {
            assert!(!shown.contains(personal), "{personal} in {shown}");
        }
        // They are in the certificate, or the assertion above would prove nothing.
        let der = String::from_utf8_lossy(&seal.chain()[0]).into_owned();
        assert!(der.contains("00000000T") && der.contains("custodia@"));
    }
}

#[test]
fn debug_of_a_seal_shows_its_common_name_and_nothing_else() {
    let seal = &example_seals()[0];
    assert_eq!(
        format!("{seal:?}"),
        "SealKey(Segell electrònic de Vallserena (exemple))"
    );
}

#[test]
fn a_seal_is_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    shared::<SealKey>();
    shared::<Anchors>();
}

#[test]
fn example_material_is_recognised_in_a_chain_and_among_anchors_and_nothing_else_is() {
    for seal in example_seals() {
        assert!(is_example_material(seal.chain()));
        assert!(is_example_material(&seal.chain()[..1]), "the leaf alone");
    }
    assert!(is_example_material(&anchors().der()));
    let other = Wanted::default().by_another_authority().issue();
    assert!(!is_example_material(&[other.certificate.to_der().unwrap()]));
}

// --- what can be wrong ------------------------------------------------------------------------------

#[test]
fn the_fixture_without_a_defect_opens() {
    assert!(Wanted::default().issue().open().is_ok());
}

#[test]
fn a_wrong_passphrase_is_named() {
    for (bytes, right) in [
        (example!("seals/L01990015.p12"), "exemple-L01990015"),
        (example!("seals/L01990048.p12"), "exemple-L01990048"),
    ] {
        for wrong in ["exemple", "", "exemple\0", &format!("{right}\n")] {
            let container = SealContainer::Pkcs12 {
                bytes,
                passphrase: &Zeroizing::new(wrong.to_owned()),
            };
            let defect = open_with(&container, NIF, RsaPkcs1Sha256, &anchors()).unwrap_err();
            assert_eq!(defect, SealDefect::WrongPassphrase, "with {wrong:?}");
        }
    }
}

#[test]
fn an_encrypted_pem_key_wants_its_passphrase() {
    let seal = Wanted::default().issue();
    let key = seal
        .key
        .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), b"right")
        .unwrap();
    let certificates = seal.certificate.to_pem().unwrap();
    let open = |passphrase: Option<&str>| {
        let passphrase = passphrase.map(|text| Zeroizing::new(text.to_owned()));
        let container = SealContainer::Pem {
            certificates: &certificates,
            key: &key,
            passphrase: passphrase.as_ref(),
        };
        open_with(&container, NIF, EcdsaP256Sha256, &anchors())
    };
    assert!(open(Some("right")).is_ok());
    assert_eq!(
        open(Some("wrong")).unwrap_err(),
        SealDefect::WrongPassphrase
    );
    assert_eq!(open(None).unwrap_err(), SealDefect::NoPassphrase);
    let long = "x".repeat(5_000);
    assert_eq!(open(Some(&long)).unwrap_err(), SealDefect::WrongPassphrase);
}

#[test]
fn a_container_with_only_a_certificate_has_no_private_key() {
    let certificate = Wanted::default().issue().certificate;
    let bytes = Pkcs12::builder().cert(&certificate).build2("pw").unwrap();
    assert_eq!(
        pkcs12_defect(&bytes.to_der().unwrap()),
        SealDefect::NoPrivateKey
    );

    let pem = certificate.to_pem().unwrap();
    let container = SealContainer::Pem {
        certificates: &pem,
        key: &pem,
        passphrase: None,
    };
    let defect = open_with(&container, NIF, EcdsaP256Sha256, &anchors()).unwrap_err();
    assert_eq!(defect, SealDefect::NoPrivateKey);
}

#[test]
fn a_container_with_only_a_key_has_no_certificate() {
    let key = new_key();
    let bytes = Pkcs12::builder().pkey(&key).build2("pw").unwrap();
    assert_eq!(
        pkcs12_defect(&bytes.to_der().unwrap()),
        SealDefect::NoCertificate
    );
}

#[test]
fn a_key_that_is_not_the_certificates_is_named() {
    let mut seal = Wanted::default().issue();
    seal.key = new_key();
    assert_eq!(seal.open().unwrap_err(), SealDefect::KeyMismatch);
}

#[test]
fn bytes_that_are_no_container_are_named_and_swapped_kinds_recognised() {
    let pkcs12 = example!("seals/L01990015.p12");
    let expected = "PKCS#12";
    assert_eq!(
        pkcs12_defect(b"%PDF-1.7"),
        SealDefect::NotAContainer {
            expected,
            found: None
        }
    );
    assert_eq!(
        pkcs12_defect(CA),
        SealDefect::NotAContainer {
            expected,
            found: Some("PEM")
        }
    );
    let container = SealContainer::Pem {
        certificates: CA,
        key: pkcs12,
        passphrase: None,
    };
    let defect = open_with(&container, NIF, RsaPkcs1Sha256, &anchors()).unwrap_err();
    assert_eq!(
        defect,
        SealDefect::NotAContainer {
            expected: "PEM",
            found: Some("PKCS#12")
        }
    );
}

#[test]
fn an_expired_seal_says_since_when() {
    let seal = Wanted {
        days: ("20200101000000Z", "20250131120000Z"),
        ..Wanted::default()
    };
    let since = "2025-01-31T12:00:00Z".parse().unwrap();
    assert_eq!(
        seal.issue().open().unwrap_err(),
        SealDefect::Expired { since }
    );
}

#[test]
fn a_seal_of_the_future_says_from_when() {
    let seal = Wanted {
        days: ("20300101000000Z", "20350101000000Z"),
        ..Wanted::default()
    };
    let from = "2030-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(
        seal.issue().open().unwrap_err(),
        SealDefect::NotYetValid { from }
    );
}

#[test]
fn the_seal_of_another_organ_names_it() {
    let seal = Wanted {
        nif: Some("P9900200H"),
        ..Wanted::default()
    };
    let defect = seal.issue().open().unwrap_err();
    assert_eq!(
        defect,
        SealDefect::OtherNif {
            expected: NIF.parse().unwrap(),
            found: "P9900200H".into(),
        }
    );
    assert!(defect.next_step().contains("P9900200H"));
}

#[test]
fn a_seal_without_a_nif_is_named() {
    let seal = Wanted {
        nif: None,
        ..Wanted::default()
    };
    assert_eq!(seal.issue().open().unwrap_err(), SealDefect::NoNif);
}

#[test]
fn the_generic_application_certificate_is_not_taken_for_a_seal() {
    let seal = Wanted {
        policies: &["1.3.6.1.4.1.15096.1.3.2.91.1", "0.4.0.194112.1.1"],
        ..Wanted::default()
    };
    assert_eq!(
        seal.issue().open().unwrap_err(),
        SealDefect::ApplicationCertificate
    );
}

#[test]
fn a_certificate_outside_the_seal_profile_says_what_is_missing() {
    let lacks = |wanted: Wanted, missing: &str| match wanted.issue().open().unwrap_err() {
        SealDefect::NotASealProfile { missing: named } => {
            assert!(named.contains(missing), "{named}")
        }
        other => panic!("{other:?}"),
    };
    let policies = Wanted {
        policies: &["2.16.724.1.3.5.7.2"],
        ..Wanted::default()
    };
    lacks(policies, "policy");
    let esign = Wanted {
        qc_type: "0.4.0.1862.1.6.1",
        ..Wanted::default()
    };
    lacks(esign, "eseal");
    let unqualified = Wanted {
        qc_compliance: false,
        ..Wanted::default()
    };
    lacks(unqualified, "QcCompliance");
}

#[test]
fn a_seal_of_high_level_is_a_seal_too() {
    let seal = Wanted {
        policies: &["2.16.724.1.3.5.6.1"],
        ..Wanted::default()
    };
    assert!(seal.issue().open().is_ok());
}

#[test]
fn a_key_usage_without_signing_is_named() {
    for usage in [Some([0x03, 0x02, 0x05, 0x20].as_slice()), None] {
        let seal = Wanted {
            key_usage: usage,
            ..Wanted::default()
        };
        assert_eq!(seal.issue().open().unwrap_err(), SealDefect::KeyUsage);
    }
}

#[test]
fn an_authority_is_not_a_seal() {
    let seal = Wanted {
        authority: true,
        ..Wanted::default()
    };
    assert_eq!(
        seal.issue().open().unwrap_err(),
        SealDefect::CertificationAuthority
    );
}

#[test]
fn a_key_that_does_not_fit_the_algorithm_is_named() {
    let seal = Wanted::default().issue();
    for algorithm in [RsaPkcs1Sha256, RsaPssSha256, EcdsaP384Sha384] {
        let key = "EC P-256".to_owned();
        assert_eq!(
            seal.open_for(algorithm, &anchors()).unwrap_err(),
            SealDefect::KeyUnfit { key, algorithm }
        );
    }
    let weak = Wanted {
        key: Some(PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap()),
        ..Wanted::default()
    };
    let defect = weak
        .issue()
        .open_for(RsaPkcs1Sha256, &anchors())
        .unwrap_err();
    assert_eq!(
        defect,
        SealDefect::KeyUnfit {
            key: "RSA-1024".into(),
            algorithm: RsaPkcs1Sha256,
        }
    );
}

#[test]
fn an_issuer_that_is_nowhere_makes_the_chain_incomplete() {
    let only_root = Anchors::from_pem([("root.pem", ROOT)]).unwrap();
    let seal = Wanted::default().issue();
    assert_eq!(
        seal.open_for(EcdsaP256Sha256, &only_root).unwrap_err(),
        SealDefect::IncompleteChain {
            issuer: "CA Sector Públic d'Exemple".into(),
        }
    );
    // The same anchors do when the container brings the intermediate.
    let chain = [seal.certificate.to_pem().unwrap(), CA.to_vec()].concat();
    let key = seal.key.private_key_to_pem_pkcs8().unwrap();
    let container = SealContainer::Pem {
        certificates: &chain,
        key: &key,
        passphrase: None,
    };
    assert!(open_with(&container, NIF, EcdsaP256Sha256, &only_root).is_ok());
}

#[test]
fn an_intermediate_among_the_anchors_suffices() {
    let only_intermediate = Anchors::from_pem([("sector-public.pem", CA)]).unwrap();
    let seal = Wanted::default().issue();
    let opened = seal.open_for(EcdsaP256Sha256, &only_intermediate).unwrap();
    assert_eq!(opened.chain().len(), 2);
}

#[test]
fn a_root_that_is_no_anchor_is_untrusted() {
    let seal = Wanted::default().by_another_authority().issue();
    let chain = [
        seal.certificate.to_pem().unwrap(),
        seal.issuer.to_pem().unwrap(),
    ]
    .concat();
    let key = seal.key.private_key_to_pem_pkcs8().unwrap();
    let container = SealContainer::Pem {
        certificates: &chain,
        key: &key,
        passphrase: None,
    };
    let defect = open_with(&container, NIF, EcdsaP256Sha256, &anchors()).unwrap_err();
    assert_eq!(
        defect,
        SealDefect::UntrustedIssuer {
            root: "Another root".into(),
        }
    );
}

#[test]
fn a_forged_certificate_in_the_name_of_an_anchor_breaks_the_chain() {
    // A key of the same kind, or OpenSSL would not even take the anchor for the issuer.
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let seal = Wanted {
        issuer: Some((X509::from_pem(CA).unwrap(), key)),
        ..Wanted::default()
    };
    let defect = seal.issue().open().unwrap_err();
    assert!(
        matches!(defect, SealDefect::BrokenChain { .. }),
        "{defect:?}"
    );
}

#[test]
fn every_defect_has_its_own_code_and_a_next_step() {
    let text = || "something".to_owned();
    let defects = [
        SealDefect::Ceded,
        SealDefect::Centralised,
        SealDefect::FileMissing { what: text() },
        SealDefect::ExampleMaterial,
        SealDefect::NotAContainer {
            expected: "PEM",
            found: None,
        },
        SealDefect::WrongPassphrase,
        SealDefect::NoPassphrase,
        SealDefect::LegacyContainer,
        SealDefect::NoPrivateKey,
        SealDefect::NoCertificate,
        SealDefect::KeyMismatch,
        SealDefect::UnreadableCertificate { what: text() },
        SealDefect::CertificationAuthority,
        SealDefect::Expired { since: now() },
        SealDefect::NotYetValid { from: now() },
        SealDefect::ApplicationCertificate,
        SealDefect::NotASealProfile { missing: "" },
        SealDefect::KeyUsage,
        SealDefect::OtherNif {
            expected: NIF.parse().unwrap(),
            found: text(),
        },
        SealDefect::NoNif,
        SealDefect::KeyUnfit {
            key: text(),
            algorithm: RsaPkcs1Sha256,
        },
        SealDefect::IncompleteChain { issuer: text() },
        SealDefect::UntrustedIssuer { root: text() },
        SealDefect::BrokenChain {
            certificate: text(),
            reason: text(),
        },
        SealDefect::DoesNotSign,
    ];
    let mut codes: Vec<_> = defects.iter().map(SealDefect::code).collect();
    codes.sort_unstable();
    assert!(
        codes.is_sorted_by(|a, b| a < b),
        "a code is used twice: {codes:?}"
    );
    for defect in &defects {
        let step = defect.next_step();
        assert!(
            step.starts_with("Operator: ") || step.starts_with("Organ: "),
            "{step}"
        );
        assert!(step.ends_with('.') && !step.contains("  "), "{step}");
    }
    let convert = "openssl pkcs12 -legacy -in old.p12 -nodes | openssl pkcs12 -export -out new.p12";
    assert!(SealDefect::LegacyContainer.next_step().contains(convert));
}

// --- what a validator asks --------------------------------------------------------------------------

#[test]
fn the_chain_is_judged_at_the_time_asked() {
    let seal = &example_seals()[0];
    let at = |time: &str| {
        let (leaf, others) = seal.chain().split_first().unwrap();
        chain_to_anchor(leaf, others, &anchors(), time.parse().unwrap()).unwrap()
    };
    assert_eq!(at("2030-01-01T00:00:00Z"), ChainOutcome::Trusted);
    assert_eq!(at("2046-06-01T00:00:00Z"), ChainOutcome::Expired);
    assert_eq!(at("2025-06-01T00:00:00Z"), ChainOutcome::NotYetValid);
}

#[test]
fn without_anchors_nothing_is_trusted() {
    let seal = &example_seals()[0];
    let outcome = chain_to_anchor(&seal.chain()[0], &[], &Anchors::default(), now()).unwrap();
    assert!(
        matches!(outcome, ChainOutcome::Incomplete { .. }),
        "{outcome:?}"
    );
}

#[test]
fn bytes_that_are_no_certificate_are_unreadable() {
    assert_eq!(certificate_facts(b"0"), Err(UnreadableCertificate));
    assert!(chain_to_anchor(b"", &[], &anchors(), now()).is_err());
    assert_eq!(
        Anchors::from_pem([("empty.pem", b"nothing".as_slice())]).err(),
        Some(SealDefect::UnreadableCertificate {
            what: "empty.pem".into()
        })
    );
}

#[test]
fn a_certificate_cut_or_flipped_anywhere_never_panics() {
    let seals = example_seals();
    let der = &seals[0].chain()[0];
    for at in 0..der.len() {
        let mut flipped = der.clone();
        flipped[at] ^= 0x55;
        let _ = certificate_facts(&flipped);
        assert!(certificate_facts(&der[..at]).is_err());
    }
}

// --- issuing ----------------------------------------------------------------------------------------

/// A seal to issue; the default has no defect.
struct Wanted {
    nif: Option<&'static str>,
    policies: &'static [&'static str],
    qc_compliance: bool,
    qc_type: &'static str,
    /// DER of the extension's value.
    key_usage: Option<&'static [u8]>,
    authority: bool,
    days: (&'static str, &'static str),
    key: Option<PKey<Private>>,
    issuer: Option<(X509, PKey<Private>)>,
}

struct Issued {
    certificate: X509,
    key: PKey<Private>,
    issuer: X509,
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
    fn by_another_authority(self) -> Self {
        Self {
            issuer: Some(authority("Another root")),
            ..self
        }
    }

    fn issue(self) -> Issued {
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
    fn open(&self) -> Result<SealKey, SealDefect> {
        self.open_for(EcdsaP256Sha256, &anchors())
    }

    fn open_for(&self, algorithm: SealAlgorithm, anchors: &Anchors) -> Result<SealKey, SealDefect> {
        let container = SealContainer::Pem {
            certificates: &self.certificate.to_pem().unwrap(),
            key: &self.key.private_key_to_pem_pkcs8().unwrap(),
            passphrase: None,
        };
        open_with(&container, NIF, algorithm, anchors)
    }
}

fn pkcs12_defect(bytes: &[u8]) -> SealDefect {
    let container = SealContainer::Pkcs12 {
        bytes,
        passphrase: &Zeroizing::new("pw".to_owned()),
    };
    open_with(&container, NIF, EcdsaP256Sha256, &anchors()).unwrap_err()
}

/// A self-signed authority.
fn authority(name: &str) -> (X509, PKey<Private>) {
    let key = new_key();
    let extensions = vec![extension("2.5.29.19", &[0x30, 3, 1, 1, 0xFF])];
    let days = ("20260101000000Z", "20400101000000Z");
    let subject = [("2.5.4.3", name)];
    let certificate = certificate(&subject, None, &key, &key, days, extensions);
    (certificate, key)
}

fn certificate(
    subject: &[(&str, &str)],
    issuer: Option<&openssl::x509::X509NameRef>,
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

fn extension(id: &str, value: &[u8]) -> X509Extension {
    let id = Asn1Object::from_str(id).unwrap();
    let value = Asn1OctetString::new_from_bytes(value).unwrap();
    X509Extension::new_from_der(&id, false, &value).unwrap()
}

fn oid(dotted: &str) -> ObjectIdentifier {
    dotted.parse().unwrap()
}

fn new_key() -> PKey<Private> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap()
}
