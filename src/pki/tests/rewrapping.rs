//! What is inside a container, and the same in a container of today.

use zeroize::Zeroizing;

use super::super::{ChainOutcome, SealClass, inspect, rewrap};
use super::issuing::Wanted;
use super::*;

fn secret(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

#[test]
fn a_container_of_old_programs_becomes_one_of_today_that_opens_by_its_own_passphrase_only() {
    let (old, new) = (secret("exemple-L01990048"), secret("0123456789abcdef"));
    let container = SealContainer::Pkcs12 {
        bytes: example!("seals/L01990048.p12"),
        passphrase: &old,
    };
    let nif = "P9900400D".parse().unwrap();
    let anchors = anchors();
    let rules = SealRules {
        nif: &nif,
        algorithm: RsaPkcs1Sha256,
        anchors: &anchors,
        now: now(),
    };
    let before = SealKey::open(&container, &rules).unwrap();
    let bytes = rewrap(&container, &rules, &new).unwrap();
    // PBES2 (1.2.840.113549.1.5.13) and AES-256-CBC (2.16.840.1.101.3.4.1.42) in it, no RC2.
    let holds = |oid: &[u8]| bytes.windows(oid.len()).any(|part| part == oid);
    assert!(holds(&[
        0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D
    ]));
    assert!(holds(&[
        0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A
    ]));
    assert!(!holds(&[
        0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x01
    ]));
    let open = |passphrase: &Zeroizing<String>| {
        let container = SealContainer::Pkcs12 {
            bytes: &bytes,
            passphrase,
        };
        SealKey::open(&container, &rules)
    };
    assert_eq!(open(&new).unwrap().chain(), before.chain());
    assert_eq!(open(&old).unwrap_err(), SealDefect::WrongPassphrase);
}

#[test]
fn a_container_is_explained_even_when_nobody_may_use_it() {
    let issued = Wanted {
        days: ("20200101000000Z", "20210101000000Z"),
        nif: None,
        ..Wanted::default()
    };
    let issued = issued.by_another_authority().issue();
    let certificate = issued.certificate.to_pem().unwrap();
    let key = issued.key.private_key_to_pem_pkcs8().unwrap();
    let container = SealContainer::Pem {
        certificates: &certificate,
        key: &key,
        passphrase: None,
    };
    let contents = inspect(&container, &anchors(), now()).unwrap();
    assert_eq!(contents.facts.common_name, "Test seal");
    assert_eq!(contents.fits, [EcdsaP256Sha256]);
    let missing = ChainOutcome::Incomplete {
        issuer: "Another root".to_owned(),
    };
    assert_eq!(contents.chain, missing);
    assert_eq!(contents.facts.seal_class(), SealClass::Medium);
}

#[test]
fn a_renewal_that_changes_name_nif_or_class_says_which() {
    let facts = example_seals()[0].facts().clone();
    assert_eq!(facts.changes_in(&facts), []);
    let mut renewal = facts.clone();
    renewal.not_after = now();
    renewal.serial = "1".to_owned();
    assert_eq!(facts.changes_in(&renewal), [], "what every renewal changes");
    renewal.common_name = "Another".to_owned();
    renewal.nif = None;
    renewal.policies = vec!["2.16.724.1.3.5.6.1".to_owned()];
    let changes = facts.changes_in(&renewal);
    let what: Vec<_> = changes.iter().map(|change| change.what).collect();
    assert_eq!(what, ["name", "NIF", "class"]);
    assert_eq!(changes[1].after, "none");
}
