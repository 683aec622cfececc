//! Foreign, damaged and hostile CMS.

use super::*;
use crate::cades::digest;

#[test]
fn padding_of_zeros_is_cut_off_and_anything_else_in_it_reported() {
    let cms = Seal::rsa().seal();
    let mut padded = cms.clone();
    padded.resize(cms.len() + 1_000, 0);
    let facts = CmsEvidence::collect(&padded).unwrap();
    assert_eq!(facts.der_len, cms.len());
    assert!(facts.padding_is_zero && facts.signature_verifies);
    *padded.last_mut().unwrap() = 1;
    assert!(!CmsEvidence::collect(&padded).unwrap().padding_is_zero);
}

#[test]
fn a_flipped_bit_in_attributes_or_signature_is_a_wrong_signature() {
    for seal in Seal::all() {
        let attributes = seal.attributes();
        let signature = seal.sign(attributes.to_be_signed());
        let mut wrong = signature.clone();
        *wrong.last_mut().unwrap() ^= 1;
        let cms = seal.profile().assemble(&attributes, &wrong);
        let facts = CmsEvidence::collect(&cms).unwrap();
        assert!(facts.signature_verifiable && !facts.signature_verifies);

        let other = seal
            .profile()
            .signed_attributes(&vec![9; seal.algorithm.digest().size()]);
        let cms = seal.profile().assemble(&other, &signature);
        assert!(!CmsEvidence::collect(&cms).unwrap().signature_verifies);
    }
}

#[test]
fn attributes_in_another_order_verify_as_they_were_sent_but_are_not_der() {
    let seal = Seal::rsa();
    let set = reversed(seal.attributes().to_be_signed());
    let attributes = SignedAttributes::from_set(set);
    let cms = seal
        .profile()
        .assemble(&attributes, &seal.sign(attributes.to_be_signed()));
    let facts = CmsEvidence::collect(&cms).unwrap();
    assert!(facts.signature_verifies);
    assert!(!facts.is_der);
    assert!(openssl_accepts(&cms, DOCUMENT), "and OpenSSL agrees");
}

#[test]
fn ber_with_indefinite_lengths_verifies_but_is_not_der() {
    let der = Seal::rsa().seal();
    let mut ber = indefinite(&der, 4);
    let len = ber.len();
    ber.extend([0; 64]);
    let facts = CmsEvidence::collect(&ber).unwrap();
    assert!(facts.signature_verifies && facts.padding_is_zero);
    assert!(!facts.is_der);
    assert_eq!(facts.der_len, len);
    assert!(openssl_accepts(&ber, DOCUMENT), "and OpenSSL agrees");
}

#[test]
fn a_substituted_certificate_is_not_the_one_that_was_named() {
    // The chain of another seal: the hash in signing-certificate-v2 finds nothing.
    let seal = Seal::rsa();
    let [_, other, ..] = Seal::all();
    let attributes = seal.attributes();
    let signature = seal.sign(attributes.to_be_signed());
    let cms = CmsProfile::new(&other.chain, RsaPkcs1Sha256)
        .unwrap()
        .assemble(&attributes, &signature);
    let facts = CmsEvidence::collect(&cms).unwrap();
    assert_eq!(facts.signing_certificate_matches, Some(false));
    assert!(!facts.signature_verifies);
}

#[test]
fn an_algorithm_protection_for_another_algorithm_is_reported() {
    // Attributes made for PSS in a CMS that says PKCS #1 v1.5.
    let seal = Seal::rsa();
    let pss = CmsProfile::new(&seal.chain, RsaPssSha256).unwrap();
    let attributes = pss.signed_attributes(&[1; 32]);
    let signature = seal.sign(attributes.to_be_signed());
    let cms = seal.profile().assemble(&attributes, &signature);
    let facts = CmsEvidence::collect(&cms).unwrap();
    assert!(facts.signature_verifies);
    assert_eq!(facts.algorithm_protection_matches, Some(false));
}

#[test]
fn a_repeated_attribute_is_reported() {
    let seal = Seal::rsa();
    let set = seal.attributes();
    let set = Fields::new(set.to_be_signed()).any().unwrap();
    let first = set.fields().any().unwrap();
    let attributes = SignedAttributes::from_set(element(SET, &[first.whole, set.content]));
    let cms = seal
        .profile()
        .assemble(&attributes, &seal.sign(attributes.to_be_signed()));
    let facts = CmsEvidence::collect(&cms).unwrap();
    assert!(facts.signature_verifies && !facts.signed_attributes_unique);
}

#[test]
fn a_seal_of_openssl_with_signing_time_says_so() {
    let seal = Seal::rsa();
    let certificate = X509::from_der(&seal.chain[0]).unwrap();
    let options = CMSOptions::BINARY | CMSOptions::DETACHED;
    let cms = CmsContentInfo::sign(
        Some(&certificate),
        Some(&seal.key),
        None,
        Some(DOCUMENT),
        options,
    );
    let facts = CmsEvidence::collect(&cms.unwrap().to_der().unwrap()).unwrap();
    assert!(facts.signing_time && facts.signature_verifies);
    assert_eq!(facts.signing_certificate_matches, None);
    assert_eq!(facts.algorithm_protection_matches, None);
}

#[test]
fn a_signature_without_signed_attributes_verifies_over_the_digest_of_its_content() {
    for seal in Seal::all() {
        let certificate = X509::from_der(&seal.chain[0]).unwrap();
        let options = CMSOptions::BINARY | CMSOptions::NOATTR;
        let cms = CmsContentInfo::sign(
            Some(&certificate),
            Some(&seal.key),
            None,
            Some(DOCUMENT),
            options,
        );
        let facts = CmsEvidence::collect(&cms.unwrap().to_der().unwrap()).unwrap();
        assert!(!facts.signed_attributes && !facts.detached);
        assert!(!facts.signature_verifiable && !facts.signature_verifies);
        assert_eq!(facts.encapsulated_content.as_deref(), Some(DOCUMENT));
        assert_eq!(facts.encapsulated_content_matches, None);
        let over = |content: &[u8]| {
            let digest = digest(&facts.digest_algorithm, &[content]).unwrap();
            facts.verify_over_digest(&digest)
        };
        assert_eq!(over(DOCUMENT), Some(true), "{}", seal.algorithm);
        assert_eq!(over(b"another document"), Some(false));
        assert_eq!(facts.verify_over_digest(b"short"), Some(false));
    }
}

#[test]
fn timestamp_tokens_and_other_unsigned_attributes_are_listed() {
    let seal = Seal::rsa();
    let token = seal.seal(); // any ContentInfo will do
    let attribute = |dotted: &str, value: &[u8]| {
        let kind: const_oid::ObjectIdentifier = dotted.parse().unwrap();
        let kind = element(0x06, &[kind.as_bytes()]);
        element(SEQUENCE, &[&kind, &element(SET, &[value])])
    };
    let unsigned = element(
        context(1),
        &[
            &attribute("1.2.840.113549.1.9.16.2.14", &token),
            &attribute("1.2.3.4", &[5, 0]),
        ],
    );
    let facts = CmsEvidence::collect(&with_unsigned(&seal.seal(), &unsigned)).unwrap();
    assert!(facts.signature_verifies && facts.is_der);
    assert_eq!(facts.signature_timestamps, [token.into()]);
    assert_eq!(facts.other_unsigned_attributes, ["1.2.3.4"]);
}

#[test]
fn a_seal_cut_anywhere_is_unreadable_and_flipped_anywhere_never_panics() {
    let cms = Seal::all()[2].seal();
    for at in 0..cms.len() {
        assert!(CmsEvidence::collect(&cms[..at]).is_err());
        for flip in [0x20, 0x81] {
            let mut flipped = cms.clone();
            flipped[at] ^= flip;
            if let Ok(facts) = CmsEvidence::collect(&flipped) {
                assert!(facts.der_len <= flipped.len());
            }
        }
    }
}

#[test]
fn more_than_the_limits_is_refused() {
    let long = element(SEQUENCE, &[&element(OCTET_STRING, &[&vec![0; 3 << 20]])]);
    let too_long = CmsEvidence::collect(&long).err();
    assert_eq!(too_long, Some(CmsError::OverLimit("octets")));

    let deep = [0x30, 0x80].repeat(1_000_000);
    let too_deep = CmsEvidence::collect(&deep).err();
    assert_eq!(too_deep, Some(CmsError::OverLimit("levels of nesting")));

    let seal = Seal::rsa();
    let many = vec![seal.chain[0].clone(); 65];
    let profile = CmsProfile::new(&many, RsaPkcs1Sha256).unwrap();
    let cms = profile.assemble(&seal.attributes(), &[0; 256]);
    let too_many = CmsEvidence::collect(&cms).err();
    assert_eq!(too_many, Some(CmsError::OverLimit("certificates")));
}

/// A set with its members in the opposite order.
fn reversed(set: &[u8]) -> Vec<u8> {
    let mut members = Fields::new(set)
        .any()
        .unwrap()
        .fields()
        .all(64, "members")
        .unwrap();
    members.reverse();
    let members: Vec<&[u8]> = members.iter().map(|member| member.whole).collect();
    element(SET, &members)
}

/// The outer `levels` of constructed elements in indefinite form.
fn indefinite(der: &[u8], levels: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for child in Fields::new(der).all(100, "children").unwrap() {
        if levels == 0 || child.tag & 0x20 == 0 {
            out.extend_from_slice(child.whole);
        } else {
            out.extend([child.tag, 0x80]);
            out.extend(indefinite(child.content, levels - 1));
            out.extend([0, 0]);
        }
    }
    out
}

/// The CMS with unsigned attributes added to its signer.
fn with_unsigned(cms: &[u8], unsigned: &[u8]) -> Vec<u8> {
    /// Rebuilds the last element at every level down to the signer.
    fn add(bytes: &[u8], levels: usize, unsigned: &[u8]) -> Vec<u8> {
        if levels == 0 {
            return [bytes, unsigned].concat();
        }
        let elements = Fields::new(bytes).all(100, "elements").unwrap();
        let (last, before) = elements.split_last().unwrap();
        let mut out: Vec<u8> = before.iter().flat_map(|e| e.whole).copied().collect();
        out.extend(element(
            last.tag,
            &[&add(last.content, levels - 1, unsigned)],
        ));
        out
    }
    // ContentInfo, [0], SignedData, signerInfos, SignerInfo.
    add(cms, 5, unsigned)
}
