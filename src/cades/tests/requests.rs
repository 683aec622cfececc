//! Asking for a timestamp: the bytes of the request, and answers that are none.

use super::*;
use crate::cades::{Imprint, TimestampFault, TimestampRequest};
use crate::model::algorithm::DigestAlgorithm;
use crate::model::corpus;

fn request(policy: Option<&str>) -> TimestampRequest {
    let imprint = Imprint {
        algorithm: DigestAlgorithm::Sha256,
        value: vec![0xAB; 32],
    };
    let policy = policy.map(|policy| policy.parse().unwrap());
    TimestampRequest::new(&imprint, [0xFF; 16], policy)
}

#[test]
fn a_request_has_the_bytes_that_the_standard_wants() {
    let mut expected = vec![0x30, 73, 0x02, 1, 1];
    // MessageImprint: SHA-256 with NULL, as `openssl ts -query` writes it.
    expected.extend([0x30, 49, 0x30, 13, 0x06, 9]);
    expected.extend([
        0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0,
    ]);
    expected.extend([0x04, 32]);
    expected.extend([0xAB; 32]);
    // The nonce is positive, and certReq true.
    expected.extend([0x02, 16, 0x7F]);
    expected.extend([0xFF; 15]);
    expected.extend([0x01, 1, 0xFF]);
    expected[1] = (expected.len() - 2) as u8;
    assert_eq!(request(None).der(), expected);

    let with_policy = request(Some("0.4.0.2023.1.1"));
    let policy = [0x06, 6, 0x04, 0, 0x8F, 0x67, 1, 1];
    assert_eq!(with_policy.der().len(), expected.len() + policy.len());
    assert_eq!(find(with_policy.der(), &policy), Some(5 + 51));
}

#[test]
fn a_nonce_is_positive_and_of_full_length_whatever_was_drawn() {
    let imprint = Imprint {
        algorithm: DigestAlgorithm::Sha384,
        value: vec![0; 48],
    };
    for drawn in [[0; 16], [0xFF; 16], [0x80; 16]] {
        let request = TimestampRequest::new(&imprint, drawn, None);
        let nonce = &request.der()[request.der().len() - 3 - 18..];
        assert_eq!(nonce[..2], [0x02, 16]);
        assert!((0x40..0x80).contains(&nonce[2]), "{drawn:?}");
        assert_eq!(nonce[3..18], drawn[1..]);
    }
}

#[test]
fn a_refusal_is_told_in_the_words_of_the_standard() {
    let refusal = [
        0x30, 0x13, 0x30, 0x11, 0x02, 1, 2, // rejection
        0x30, 6, 0x0C, 4, b'n', b'o', 0x1B, b'!', // statusString, with an escape character
        0x03, 4, 5, 0x80, 0, 0x20, // badAlg and … bit 18, which has no name
    ];
    let refused = request(None).accept(&refusal).unwrap_err();
    assert_eq!(
        refused,
        TimestampFault::Refused {
            status: "rejection",
            failure: vec!["badAlg"],
            words: "no!".into(),
        }
    );
    let text = "the authority refuses: rejection, badAlg (\"no!\")";
    assert_eq!(refused.to_string(), text);
}

#[test]
fn bytes_that_are_no_response_are_refused_and_never_panic() {
    let request = request(None);
    let granted = [0x30, 5, 0x30, 3, 0x02, 1, 0];
    assert_eq!(
        request.accept(&granted).unwrap_err(),
        TimestampFault::NoToken
    );
    for none in [&b""[..], b"0", b"<html>", &[0x30, 0x80, 0, 0], &[0x30, 0]] {
        assert_eq!(
            request.accept(none).unwrap_err(),
            TimestampFault::NoResponse,
            "{none:?}"
        );
    }
    let long = vec![0x30; (64 << 10) + 1];
    let refused = request.accept(&long).unwrap_err();
    assert_eq!(refused, TimestampFault::TooLong(long.len()));
}

#[test]
fn a_token_of_another_request_is_refused_and_a_damaged_one_never_accepted() {
    let Some(files) = corpus::files("tsl") else {
        return;
    };
    let file = |name: &str| {
        let found = files.iter().find(|(path, _)| path.ends_with(name));
        found.unwrap().1.clone()
    };
    let response = file("tsp-response.tsr");
    let request = request(None);
    let refused = request.accept(&response).unwrap_err();
    assert_eq!(refused, TimestampFault::WrongImprint);
    for at in 0..response.len() {
        let mut damaged = response.clone();
        damaged[at] ^= 0x41;
        assert!(request.accept(&damaged).is_err());
        assert!(request.accept(&response[..at]).is_err());
    }
}
