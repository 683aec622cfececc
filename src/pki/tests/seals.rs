//! Seals without a defect, and what a validator asks about them.

use openssl::x509::X509;

use super::super::verify::{certificate_facts, chain_to_anchor};
use super::issuing::Wanted;
use super::*;
use crate::model::Octets;

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
fn a_container_of_old_programs_opens_with_the_legacy_ciphers() {
    // RC2-40: the default provider alone has no such cipher.
    let bytes = example!("seals/L01990048.p12");
    let seal = open_example_pkcs12(bytes, "exemple-L01990048", "P9900400D", RsaPkcs1Sha256);
    assert_eq!(
        seal.facts().common_name,
        "Segell electrònic de Castellfosc (exemple)"
    );
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

#[test]
fn the_chain_is_judged_at_the_time_asked() {
    let seal = &example_seals()[0];
    let at = |time: &str| {
        let (leaf, others) = seal.chain().split_first().unwrap();
        let others: Vec<Octets> = others.iter().cloned().map(Octets).collect();
        chain_to_anchor(leaf, &others, &anchors(), time.parse().unwrap()).unwrap()
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
