//! Seals made, and what OpenSSL and we ourselves say about them.

use super::*;
use crate::cades::TimestampToken;

#[test]
fn openssl_accepts_a_seal_of_every_algorithm_and_no_other_document() {
    for seal in Seal::all() {
        let cms = seal.seal();
        assert!(openssl_accepts(&cms, DOCUMENT), "{}", seal.algorithm);
        assert!(
            !openssl_accepts(&cms, b"another document"),
            "{}",
            seal.algorithm
        );
    }
}

#[test]
fn the_facts_of_our_own_seal_are_all_as_pades_wants_them() {
    for seal in Seal::all() {
        let cms = seal.seal();
        let digest = hash(seal.message_digest(), DOCUMENT).unwrap();
        let facts = CmsEvidence::collect(&cms).unwrap();
        assert_eq!(facts.der_len, cms.len());
        assert!(facts.is_der && facts.padding_is_zero && facts.detached);
        assert_eq!(facts.signers, 1);
        assert_eq!(facts.encapsulated_type, "1.2.840.113549.1.7.1");
        assert_eq!(facts.digest_algorithms, [facts.digest_algorithm.as_str()]);
        assert_eq!(facts.algorithms_agree, Some(true));
        assert!(facts.signed_attributes && facts.signed_attributes_unique);
        assert!(facts.content_type_is_data && facts.content_type_matches);
        assert!(facts.signed_attributes_ordered);
        assert_eq!(facts.message_digest.as_deref(), Some(&*digest));
        assert!(!facts.signing_time && !facts.signing_certificate_v1);
        assert_eq!(facts.signing_certificate_matches, Some(true));
        assert_eq!(facts.algorithm_protection_matches, Some(true));
        assert_eq!(
            facts.signer_certificate.as_deref(),
            seal.chain.first().map(Vec::as_slice)
        );
        assert!(facts.signer_identifier_matches);
        assert_eq!(facts.certificates.len(), seal.chain.len());
        assert!(facts.signature_verifiable && facts.signature_verifies);
        assert!(facts.signature_timestamps.is_empty() && facts.crls.is_empty());
        assert!(facts.other_unsigned_attributes.is_empty());
    }
}

#[test]
fn the_reserved_length_is_exactly_that_of_the_longest_signature() {
    for seal in Seal::all() {
        let profile = seal.profile();
        let attributes = seal.attributes();
        for len in [0, 70, 127, 128, 255, 256, 512, seal.key.size()] {
            let cms = profile.assemble(&attributes, &vec![1; len]);
            assert_eq!(profile.reserved(len), cms.len());
        }
        assert!(seal.seal().len() <= profile.reserved(seal.key.size()));
    }
}

#[test]
fn a_timestamp_joins_as_the_only_unsigned_attribute_and_takes_the_room_reserved() {
    for seal in Seal::all() {
        let (profile, attributes) = (seal.profile(), seal.attributes());
        let signature = seal.sign(attributes.to_be_signed());
        let token = Seal::rsa().seal(); // any ContentInfo will do
        let (time, chain) = (jiff::Timestamp::UNIX_EPOCH, Vec::new());
        let der = token.clone();
        assert!(TimestampToken { der, time, chain }.is_der());
        let cms = profile.assemble_timestamped(&attributes, &signature, &token);
        let reserved = profile.reserved_timestamped(signature.len(), token.len());
        assert_eq!(reserved, cms.len());
        let facts = CmsEvidence::collect(&cms).unwrap();
        assert!(facts.is_der && facts.signature_verifies);
        assert_eq!(facts.signature_timestamps, [token.into()]);
        assert!(facts.other_unsigned_attributes.is_empty());
    }
}

#[test]
fn what_is_signed_is_a_set_in_der_order_with_these_four_attributes() {
    let attributes = Seal::rsa().attributes();
    let set = Fields::new(attributes.to_be_signed())
        .expect(SET, "set")
        .unwrap();
    let members = set.fields().all(10, "attributes").unwrap();
    assert!(members.is_sorted_by_key(|member| member.whole));
    let mut kinds: Vec<String> = members
        .iter()
        .map(|member| crate::cades::oid::dotted(member.fields().any().unwrap().content))
        .collect();
    kinds.sort();
    let expected = [
        "1.2.840.113549.1.9.16.2.47", // signing-certificate-v2
        "1.2.840.113549.1.9.3",       // content-type
        "1.2.840.113549.1.9.4",       // message-digest
        "1.2.840.113549.1.9.52",      // CMS algorithm protection
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn the_certificate_hash_names_no_algorithm_because_sha_256_is_the_default() {
    // RFC 5035, 4: DER leaves a DEFAULT out, so the ESSCertIDv2 begins with the hash.
    for seal in Seal::all() {
        let attributes = seal.attributes();
        let hash = hash(MessageDigest::sha256(), &seal.chain[0]).unwrap();
        let expected = element(OCTET_STRING, &[&hash]);
        let at = find(attributes.to_be_signed(), &expected).unwrap();
        assert_eq!(
            attributes.to_be_signed()[at - 3],
            SEQUENCE,
            "{}",
            seal.algorithm
        );
    }
}

#[test]
fn the_certificates_of_a_seal_are_embedded_byte_for_byte() {
    let seal = Seal::rsa();
    let embedded = CmsEvidence::collect(&seal.seal()).unwrap().certificates;
    let mut embedded: Vec<Vec<u8>> = embedded.into_iter().map(|der| der.0).collect();
    let mut chain = seal.chain;
    embedded.sort();
    chain.sort();
    assert_eq!(embedded, chain);
}

#[test]
fn a_profile_needs_a_certificate() {
    assert!(CmsProfile::new(&[], RsaPkcs1Sha256).is_err());
    assert!(CmsProfile::new(&[b"no certificate".to_vec()], RsaPkcs1Sha256).is_err());
}
