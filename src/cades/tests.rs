//! Seals made, read, damaged and compared with what OpenSSL says, on real keys of `certs-example`.

use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::hash::{MessageDigest, hash};
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::X509;
use openssl::x509::store::X509StoreBuilder;

use super::asn1::{Fields, OCTET_STRING, SEQUENCE, SET, context, element};
use super::{CmsError, CmsEvidence, CmsProfile, SignedAttributes};
use crate::model::SealAlgorithm::{
    self, EcdsaP256Sha256, EcdsaP384Sha384, RsaPkcs1Sha256, RsaPssSha256,
};
use crate::model::algorithm::DigestAlgorithm;

macro_rules! example {
    ($path:literal) => {
        include_bytes!(concat!("../../certs-example/", $path)).as_slice()
    };
}

const DOCUMENT: &[u8] = b"%PDF-1.7 as far as CMS is concerned";

/// A key with its chain, outside of the room that normally holds them.
struct Seal {
    key: PKey<Private>,
    chain: Vec<Vec<u8>>,
    algorithm: SealAlgorithm,
}

impl Seal {
    fn pkcs12(bytes: &[u8], passphrase: &str, algorithm: SealAlgorithm) -> Self {
        let parsed = Pkcs12::from_der(bytes).unwrap().parse2(passphrase).unwrap();
        let others = parsed.ca.into_iter().flatten();
        Self {
            key: parsed.pkey.unwrap(),
            chain: parsed
                .cert
                .into_iter()
                .chain(others)
                .map(|c| c.to_der().unwrap())
                .collect(),
            algorithm,
        }
    }

    fn pem(chain: &[u8], key: &[u8], algorithm: SealAlgorithm) -> Self {
        let chain = X509::stack_from_pem(chain).unwrap();
        Self {
            key: PKey::private_key_from_pem(key).unwrap(),
            chain: chain.iter().map(|c| c.to_der().unwrap()).collect(),
            algorithm,
        }
    }

    fn rsa() -> Self {
        Self::pkcs12(
            example!("seals/L01990015.p12"),
            "exemple-L01990015",
            RsaPkcs1Sha256,
        )
    }

    fn all() -> [Self; 4] {
        [
            Self::rsa(),
            Self::pkcs12(
                example!("seals/L01990027.p12"),
                "exemple-L01990027",
                RsaPssSha256,
            ),
            Self::pem(
                example!("seals/L01990033.chain.pem"),
                example!("seals/L01990033.key.pem"),
                EcdsaP256Sha256,
            ),
            Self::pem(
                example!("seals/L01990051.chain.pem"),
                example!("seals/L01990051.key.pem"),
                EcdsaP384Sha384,
            ),
        ]
    }

    fn profile(&self) -> CmsProfile {
        CmsProfile::new(&self.chain, self.algorithm).unwrap()
    }

    fn message_digest(&self) -> MessageDigest {
        match self.algorithm.digest() {
            DigestAlgorithm::Sha256 => MessageDigest::sha256(),
            DigestAlgorithm::Sha384 => MessageDigest::sha384(),
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signer = Signer::new(self.message_digest(), &self.key).unwrap();
        if let RsaPssSha256 = self.algorithm {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer
                .set_rsa_pss_saltlen(RsaPssSaltlen::custom(32))
                .unwrap();
            signer.set_rsa_mgf1_md(MessageDigest::sha256()).unwrap();
        }
        signer.sign_oneshot_to_vec(message).unwrap()
    }

    fn attributes(&self) -> SignedAttributes {
        let digest = hash(self.message_digest(), DOCUMENT).unwrap();
        self.profile().signed_attributes(&digest)
    }

    fn seal(&self) -> Vec<u8> {
        let attributes = self.attributes();
        let signature = self.sign(attributes.to_be_signed());
        self.profile().assemble(&attributes, &signature)
    }
}

/// OpenSSL's own opinion about the whole of a CMS, document and chain included.
fn openssl_accepts(cms: &[u8], document: &[u8]) -> bool {
    let mut store = X509StoreBuilder::new().unwrap();
    store
        .add_cert(X509::from_pem(example!("trust/root.pem")).unwrap())
        .unwrap();
    store
        .set_purpose(openssl::x509::X509PurposeId::ANY)
        .unwrap();
    CmsContentInfo::from_der(cms)
        .and_then(|mut cms| {
            let options = CMSOptions::BINARY | CMSOptions::DETACHED;
            cms.verify(None, Some(&store.build()), Some(document), None, options)
        })
        .is_ok()
}

// --- making -----------------------------------------------------------------------------------------

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
        assert!(facts.content_type_is_data);
        assert_eq!(facts.message_digest.as_deref(), Some(&*digest));
        assert!(!facts.signing_time && !facts.signing_certificate_v1);
        assert_eq!(facts.signing_certificate_matches, Some(true));
        assert_eq!(facts.algorithm_protection_matches, Some(true));
        assert_eq!(facts.signer_certificate.as_ref(), seal.chain.first());
        assert!(facts.signer_identifier_matches);
        assert_eq!(facts.certificates.len(), seal.chain.len());
        assert!(facts.signature_verifiable && facts.signature_verifies);
        assert!(facts.signature_timestamps.is_empty() && !facts.revocation_information);
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
fn what_is_signed_is_a_set_in_der_order_with_these_four_attributes() {
    let attributes = Seal::rsa().attributes();
    let set = Fields::new(attributes.to_be_signed())
        .expect(SET, "set")
        .unwrap();
    let members = set.fields().all(10, "attributes").unwrap();
    assert!(members.is_sorted_by_key(|member| member.whole));
    let mut kinds: Vec<String> = members
        .iter()
        .map(|member| super::oid::dotted(member.fields().any().unwrap().content))
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
    let mut embedded = CmsEvidence::collect(&seal.seal()).unwrap().certificates;
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

// --- reading what others send -----------------------------------------------------------------------

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
            .signed_attributes(&vec![9; seal.algorithm.digest().len()]);
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
fn a_signature_without_signed_attributes_says_nothing_about_its_value() {
    let seal = Seal::rsa();
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
    assert_eq!(facts.signature_timestamps, [token]);
    assert_eq!(facts.other_unsigned_attributes, ["1.2.3.4"]);
}

// --- hostile input ----------------------------------------------------------------------------------

#[test]
fn a_seal_cut_anywhere_is_unreadable_and_flipped_anywhere_never_panics() {
    let cms = Seal::all()[2].seal();
    for at in 0..cms.len() {
        assert!(CmsEvidence::collect(&cms[..at]).is_err());
        for flip in [0x01, 0x20, 0x80, 0xFF] {
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
    let sequence = element(SEQUENCE, &[&vec![0x05; 3 << 20]]);
    assert_eq!(
        CmsEvidence::collect(&sequence)
            .err()
            .map(|e| matches!(e, CmsError::OverLimit(_) | CmsError::Unreadable(_))),
        Some(true)
    );
    let nested = [0x30, 0x80].repeat(1_000_000);
    assert!(matches!(
        CmsEvidence::collect(&nested),
        Err(CmsError::OverLimit(_))
    ));
}

// --- the corpus -------------------------------------------------------------------------------------

/// Every `/Contents` of the signed files: what we say about the signature over the attributes is
/// what OpenSSL says.
#[test]
fn openssl_agrees_about_every_signature_of_the_corpus() {
    let Some(files) = corpus("signed") else {
        return;
    };
    let (mut compared, mut accepted) = (0, 0);
    for (name, bytes) in files {
        for contents in contents_of(&bytes) {
            let Ok(facts) = CmsEvidence::collect(&contents) else {
                continue;
            };
            let is_timestamp = !facts.content_type_is_data;
            if !facts.signed_attributes || !facts.signature_verifiable || is_timestamp {
                continue;
            }
            let verdict = CmsContentInfo::from_der(&contents).and_then(|mut cms| {
                let options = CMSOptions::BINARY
                    | CMSOptions::DETACHED
                    | CMSOptions::NO_CONTENT_VERIFY
                    | CMSOptions::NO_SIGNER_CERT_VERIFY;
                cms.verify(None, None, Some(b""), None, options)
            });
            let openssl = verdict.is_ok();
            assert_eq!(facts.signature_verifies, openssl, "{name}: {verdict:?}");
            compared += 1;
            accepted += usize::from(openssl);
        }
    }
    assert!(
        compared > 50 && accepted > 40,
        "{compared} compared, {accepted} accepted"
    );
}

/// The PDFs of a folder of the corpus; `None` when there is no corpus and none is required.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads its data"
)]
fn corpus(folder: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let sibling = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus");
    let root = std::env::var("SEGELL_CORPUS").unwrap_or_else(|_| sibling.into());
    let Ok(entries) = std::fs::read_dir(std::path::Path::new(&root).join(folder)) else {
        let required = std::env::var("SEGELL_REQUIRE_CORPUS").is_ok_and(|value| value == "1");
        assert!(!required, "the corpus is required and not at {root}");
        eprintln!("left out: there is no corpus at {root}");
        return None;
    };
    let read = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        (path.display().to_string(), std::fs::read(&path).unwrap())
    };
    Some(entries.map(read).collect())
}

/// Hexadecimal strings after `/Contents`, decoded.
fn contents_of(pdf: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut rest = pdf;
    while let Some(at) = find(rest, b"/Contents") {
        rest = &rest[at + 9..];
        let text = rest.trim_ascii_start();
        let Some(end) = find(text, b">") else { break };
        if text.first() == Some(&b'<') && end > 200 {
            let digits: Vec<u8> = text[1..end]
                .iter()
                .copied()
                .filter(|b| !b.is_ascii_whitespace())
                .collect();
            let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            found.extend(
                digits
                    .chunks_exact(2)
                    .map(byte)
                    .collect::<Option<Vec<u8>>>(),
            );
        }
    }
    found
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
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
