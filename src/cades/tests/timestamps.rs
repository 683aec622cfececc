//! Timestamp tokens that others made, cross-checked by OpenSSL and by the signatures they stand in.

use super::corpus::contents_of;
use super::*;
use crate::cades::{TimestampEvidence, digest};
use crate::model::corpus;

#[test]
fn a_token_says_what_openssl_prints_of_it() {
    let Some(files) = corpus::files("tsl") else {
        return;
    };
    let file = |name: &str| {
        let found = files.iter().find(|(path, _)| path.ends_with(name));
        found.unwrap().1.clone()
    };
    // openssl ts -reply -token_in -in tst-d-trust.tsr -text
    let token = TimestampEvidence::collect(&file("tst-d-trust.tsr")).unwrap();
    assert_eq!(token.version, 1);
    assert_eq!(token.policy, "0.4.0.2023.1.1");
    assert_eq!(token.imprint_algorithm, "2.16.840.1.101.3.4.2.1");
    assert_eq!(token.imprint[..4], [0xD9, 0xB5, 0xF5, 0x8F]);
    assert_eq!(token.time.to_string(), "2018-05-23T13:18:29Z");
    assert_eq!(token.accuracy_micros, 1_000_000);
    assert_eq!(token.serial[..4], [0x7D, 0xCF, 0x14, 0x11]);
    assert_eq!(token.nonce, None);
    assert_eq!(token.critical_extensions, [""; 0]);
    assert!(token.content_matches && token.cms.content_type_matches);
    assert!(token.cms.signature_verifies, "RSASSA-PSS with SHA-512");
    assert!(!token.cms.content_type_is_data && !token.cms.detached);

    // A response is a status and the token; the token alone is what stands in signatures.
    let response = file("tsp-response.tsr");
    assert!(TimestampEvidence::collect(&response).is_err());
    let mut fields = Fields::new(&response).any().unwrap().fields();
    fields.any().unwrap();
    let token = TimestampEvidence::collect(fields.any().unwrap().whole).unwrap();
    assert_eq!(token.time.to_string(), "2014-04-01T09:21:04Z");
    assert_eq!(token.imprint_algorithm, "1.3.14.3.2.26", "SHA-1 is a fact");
    assert!(token.content_matches && token.nonce.is_some());
    assert_eq!(token.cms.signer_certificate, None, "none was asked for");
    assert!(!token.cms.signature_verifiable);
}

#[test]
fn every_signature_timestamp_of_the_corpus_is_over_the_value_it_stands_with() {
    let Some(files) = corpus::files("signed") else {
        return;
    };
    let (mut tokens, mut weak) = (0, 0);
    for (name, bytes) in files {
        for contents in contents_of(&bytes) {
            let Ok(signature) = CmsEvidence::collect(&contents) else {
                continue;
            };
            for token in &signature.signature_timestamps {
                let token = TimestampEvidence::collect(token).unwrap();
                assert!(token.content_matches, "{name}");
                assert!(token.cms.content_type_matches, "{name}");
                assert!(token.cms.signature_verifies, "{name}");
                let stamps = token.stamps(&[&signature.signature]);
                assert_eq!(stamps, Some(true), "{name}");
                assert_eq!(token.stamps(&[b"something else"]), Some(false));
                tokens += 1;
                weak += usize::from(token.imprint_algorithm == "1.3.14.3.2.26");
            }
        }
    }
    assert!(
        tokens >= 20 && weak > 0,
        "{tokens} tokens, {weak} with SHA-1"
    );
}

#[test]
fn every_document_timestamp_of_the_corpus_is_read_and_verifies() {
    let Some(files) = corpus::files("signed") else {
        return;
    };
    let mut tokens = 0;
    for (name, bytes) in files {
        for contents in contents_of(&bytes) {
            if let Ok(token) = TimestampEvidence::collect(&contents) {
                assert!(token.content_matches, "{name}");
                assert!(token.cms.signature_verifies, "{name}");
                assert_eq!(token.version, 1, "{name}");
                tokens += 1;
            }
        }
    }
    assert!(tokens >= 5, "{tokens} tokens");
}

#[test]
fn a_signature_is_no_timestamp() {
    let seal = Seal::rsa().seal();
    let refused = TimestampEvidence::collect(&seal).err();
    let expected = CmsError::Unreadable("the content is no TSTInfo");
    assert_eq!(refused, Some(expected));
}

#[test]
fn another_content_under_the_same_attributes_does_not_match() {
    let Some(files) = corpus::files("tsl") else {
        return;
    };
    let (_, token) = files
        .iter()
        .find(|(path, _)| path.ends_with("tst-d-trust.tsr"))
        .unwrap();
    let at = find(token, b"20180523131829Z").unwrap();
    let mut later = token.clone();
    later[at + 3] = b'9';
    let later = TimestampEvidence::collect(&later).unwrap();
    assert_eq!(later.time.to_string(), "2019-05-23T13:18:29Z");
    assert!(!later.content_matches);
    assert!(later.cms.signature_verifies, "over the attributes as sent");

    let written = serde_json::to_string(&later).unwrap();
    let read: TimestampEvidence = serde_json::from_str(&written).unwrap();
    assert_eq!(read, later, "evidence is a value that can be kept");
}

#[test]
fn an_imprint_by_an_algorithm_not_known_here_says_nothing() {
    let Some(files) = corpus::files("tsl") else {
        return;
    };
    let (_, token) = files
        .iter()
        .find(|(path, _)| path.ends_with("tst-d-trust.tsr"))
        .unwrap();
    let mut token = TimestampEvidence::collect(token).unwrap();
    token.imprint = digest("2.16.840.1.101.3.4.2.1", &[b"one", b"two"])
        .unwrap()
        .into();
    assert_eq!(token.stamps(&[b"onet", b"wo"]), Some(true));
    token.imprint_algorithm = "1.3.36.3.2.1".into();
    assert_eq!(token.stamps(&[b"onetwo"]), None, "RIPEMD-160");
}
