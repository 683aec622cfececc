//! One seal for each defect, and the defect it is given.

use openssl::pkcs12::Pkcs12;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::X509;

use super::issuing::{Wanted, new_key};
use super::*;

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

fn pkcs12_defect(bytes: &[u8]) -> SealDefect {
    let container = SealContainer::Pkcs12 {
        bytes,
        passphrase: &Zeroizing::new("pw".to_owned()),
    };
    open_with(&container, NIF, EcdsaP256Sha256, &anchors()).unwrap_err()
}
