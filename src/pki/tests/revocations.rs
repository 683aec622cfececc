//! Answers about revocation: which count, and what they say.

use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::x509::{X509, X509Crl};

use super::answers::{
    GOOD, List, Response, SERIAL, UNKNOWN, extension, general_time, revoked, tlv,
};
use super::issuing::{self, authority, certificate, new_key};
use super::path::{CertificatePath, Embedded, PathEnd, paths};
use super::revocation::{RevocationAnswer, RevocationSource, RevocationStatus};
use super::*;
use crate::model::Octets;

const OCSP_SIGNING: [u8; 12] = [0x30, 10, 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 9];

/// An authority and a certificate it issued, with serial number 4711.
struct Issued {
    authority: X509,
    authority_key: PKey<Private>,
    leaf: X509,
}

impl Issued {
    fn new() -> Self {
        let (authority, authority_key) = authority("Authority");
        // cRLDistributionPoints: http://crl.example/1
        let uri = tlv(0x86, &[b"http://crl.example/1"]);
        let points = tlv(0x30, &[&tlv(0x30, &[&tlv(0xA0, &[&tlv(0xA0, &[&uri])])])]);
        let extensions = vec![issuing::extension("2.5.29.31", &points)];
        let leaf = issue("A signer", &authority, &authority_key, extensions).0;
        Self {
            authority,
            authority_key,
            leaf,
        }
    }

    fn response(&self) -> Response<'_> {
        Response::good(&self.authority, &self.authority_key)
    }

    fn list(&self) -> List<'_> {
        List::empty(&self.authority, &self.authority_key)
    }

    /// What is said of the leaf by a response, and with the certificates given beside it.
    fn said_with(&self, response: Vec<u8>, certificates: &[&X509]) -> Vec<RevocationAnswer> {
        let certificates = ders(certificates);
        let embedded = Embedded {
            certificates: &certificates,
            ocsp_responses: &[response.into()],
            crls: &[],
        };
        self.told(embedded)
    }

    fn said(&self, response: Vec<u8>) -> Vec<RevocationAnswer> {
        self.said_with(response, &[])
    }

    fn listed(&self, list: Vec<u8>) -> Vec<RevocationAnswer> {
        self.told(Embedded {
            crls: &[list.into()],
            ..Embedded::default()
        })
    }

    fn told(&self, embedded: Embedded<'_>) -> Vec<RevocationAnswer> {
        let anchor = self.authority.to_pem().unwrap();
        let anchors = Anchors::from_pem([("authority", anchor.as_slice())]).unwrap();
        let told = paths(&self.leaf.to_der().unwrap(), embedded, &anchors).unwrap();
        let [CertificatePath { links, end }] = told.as_slice() else {
            panic!("{told:?}");
        };
        assert_eq!(*end, PathEnd::Anchor);
        assert_eq!(links[1].revocation, [], "nothing is asked about an anchor");
        links[0].revocation.clone()
    }
}

fn issue(
    name: &str,
    issuer: &X509,
    issuer_key: &PKey<Private>,
    extensions: Vec<openssl::x509::X509Extension>,
) -> (X509, PKey<Private>) {
    let key = new_key();
    let days = ("20260101000000Z", "20300101000000Z");
    let subject = [("2.5.4.3", name)];
    let issuer = Some(issuer.subject_name());
    let issued = certificate(&subject, issuer, &key, issuer_key, days, extensions);
    (issued, key)
}

fn ders(certificates: &[&X509]) -> Vec<Octets> {
    let ders = certificates.iter().map(|c| c.to_der().unwrap().into());
    ders.collect()
}

fn statuses(answers: &[RevocationAnswer]) -> Vec<&RevocationStatus> {
    answers.iter().map(|answer| &answer.status).collect()
}

fn revoked_since(at: &str, why: Option<&str>) -> RevocationStatus {
    RevocationStatus::Revoked {
        at: at.parse().unwrap(),
        reason: why.map(Into::into),
        invalidity_date: None,
    }
}

#[test]
fn a_response_of_the_issuer_is_taken_in_both_forms_and_with_all_its_times() {
    let issued = Issued::new();
    for response in [issued.response().whole(), issued.response().basic()] {
        let answers = issued.said(response);
        let expected = RevocationAnswer {
            source: RevocationSource::Ocsp,
            this_update: "2026-06-01T00:00:00Z".parse().unwrap(),
            next_update: Some("2026-06-08T00:00:00Z".parse().unwrap()),
            produced_at: "2026-06-01T00:01:00Z".parse().unwrap(),
            status: RevocationStatus::Good,
            signature_algorithm: "1.2.840.10045.4.3.2".into(),
            signature_digest: Some("2.16.840.1.101.3.4.2.1".into()),
            responder_validity: None,
            responder_no_check: false,
            expired_since: None,
        };
        assert_eq!(answers, [expected]);
    }
    let sha256 = Response {
        digest: MessageDigest::sha256(),
        ..issued.response()
    };
    assert_eq!(issued.said(sha256.whole()).len(), 1, "CertID by SHA-256");
}

#[test]
fn a_response_says_revoked_on_hold_or_unknown() {
    let issued = Issued::new();
    let said = |status: Vec<u8>| {
        let response = Response {
            status,
            ..issued.response()
        };
        issued.said(response.whole())
    };
    let since = "2026-05-01T00:00:00Z";
    assert_eq!(
        statuses(&said(revoked("20260501000000Z", 1))),
        [&revoked_since(since, Some("keyCompromise"))]
    );
    assert_eq!(
        statuses(&said(revoked("20260501000000Z", 6))),
        [&revoked_since(since, Some("certificateHold"))]
    );
    let without_reason = tlv(0xA1, &[&general_time("20260501000000Z")]);
    assert_eq!(
        statuses(&said(without_reason)),
        [&revoked_since(since, None)]
    );
    assert_eq!(
        statuses(&said(UNKNOWN.to_vec())),
        [&RevocationStatus::Unknown]
    );
}

#[test]
fn a_response_about_another_certificate_or_another_issuers_says_nothing() {
    let issued = Issued::new();
    let other_serial = Response {
        serial: &[0x12, 0x68],
        ..issued.response()
    };
    assert_eq!(issued.said(other_serial.whole()), []);
    let (other, other_key) = authority("Authority");
    let of_namesake = Response::good(&other, &other_key);
    assert_eq!(issued.said(of_namesake.whole()), [], "same name, other key");
    let by_namesake = Response {
        responder: (&other, &other_key),
        ..issued.response()
    };
    assert_eq!(issued.said(by_namesake.whole()), [], "signed by a stranger");
}

#[test]
fn a_forged_response_says_nothing() {
    let issued = Issued::new();
    let mut response = issued.response().whole();
    let at = response.windows(2).position(|pair| pair == GOOD).unwrap();
    response[at] = UNKNOWN[0];
    assert_eq!(issued.said(response), []);
}

#[test]
fn a_responder_counts_when_the_issuer_made_it_for_that() {
    let issued = Issued::new();
    let usage = || vec![issuing::extension("2.5.29.37", &OCSP_SIGNING)];
    let by = |responder: &(X509, PKey<Private>), inside| {
        let response = Response {
            responder: (&responder.0, &responder.1),
            inside,
            ..issued.response()
        };
        let beside = [&responder.0];
        issued.said_with(response.whole(), if inside { &[] } else { &beside })
    };
    let (authority, key) = (&issued.authority, &issued.authority_key);

    let authorised = issue("Responder", authority, key, usage());
    for inside in [true, false] {
        let answers = by(&authorised, inside);
        let validity = ("2026-01-01T00:00:00Z", "2030-01-01T00:00:00Z");
        let validity = (validity.0.parse().unwrap(), validity.1.parse().unwrap());
        assert_eq!(answers[0].responder_validity, Some(validity));
        assert!(!answers[0].responder_no_check);
    }
    let mut extensions = usage();
    extensions.push(issuing::extension("1.3.6.1.5.5.7.48.1.5", &[5, 0]));
    let unchecked = issue("Responder", authority, key, extensions);
    assert!(by(&unchecked, true)[0].responder_no_check);

    let without_usage = issue("Responder", authority, key, vec![]);
    assert_eq!(by(&without_usage, true), []);
    let (other, other_key) = issuing::authority("Authority");
    let of_another = issue("Responder", &other, &other_key, usage());
    assert_eq!(by(&of_another, true), []);
    let self_signed = issuing::authority("Responder");
    assert_eq!(by(&self_signed, true), []);
}

#[test]
fn a_critical_extension_that_is_not_understood_makes_a_response_useless() {
    let issued = Issued::new();
    let strange = |critical| extension("1.2.3.4", critical, &[5, 0]);
    for (critical, expected) in [(false, 1), (true, 0)] {
        let of_all = Response {
            extensions: strange(critical),
            ..issued.response()
        };
        let of_single = Response {
            single_extensions: strange(critical),
            ..issued.response()
        };
        assert_eq!(issued.said(of_all.whole()).len(), expected);
        assert_eq!(issued.said(of_single.whole()).len(), expected);
    }
    let nonce = Response {
        extensions: extension("1.3.6.1.5.5.7.48.1.2", true, &[4, 1, 7]),
        ..issued.response()
    };
    assert_eq!(issued.said(nonce.whole()).len(), 1, "a nonce is understood");
}

#[test]
fn how_long_expired_certificates_are_answered_for_is_told() {
    let issued = Issued::new();
    let cutoff = general_time("20200101000000Z");
    let since = Some("2020-01-01T00:00:00Z".parse().unwrap());
    let response = Response {
        single_extensions: extension("1.3.6.1.5.5.7.48.1.6", false, &cutoff),
        ..issued.response()
    };
    assert_eq!(issued.said(response.whole())[0].expired_since, since);
    let list = List {
        extensions: extension("2.5.29.60", false, &cutoff),
        ..issued.list()
    };
    assert_eq!(issued.listed(list.der())[0].expired_since, since);
}

#[test]
fn a_list_says_good_or_since_when_and_why_revoked_as_openssl_reads_it() {
    let issued = Issued::new();
    let empty = issued.list().der();
    assert_eq!(
        statuses(&issued.listed(empty.clone())),
        [&RevocationStatus::Good]
    );
    assert!(X509Crl::from_der(&empty).is_ok());

    let lost = general_time("20260401000000Z");
    let reasons = [
        extension("2.5.29.21", false, &[0x0A, 1, 6]),
        extension("2.5.29.24", false, &lost),
    ]
    .concat();
    let list = List {
        entries: vec![(&[0x12, 0x66], vec![]), (SERIAL, reasons)],
        ..issued.list()
    };
    let expected = RevocationStatus::Revoked {
        at: "2026-05-01T00:00:00Z".parse().unwrap(),
        reason: Some("certificateHold".into()),
        invalidity_date: Some("2026-04-01T00:00:00Z".parse().unwrap()),
    };
    assert_eq!(statuses(&issued.listed(list.der())), [&expected]);
    let openssl = X509Crl::from_der(&list.der()).unwrap();
    assert!(openssl.verify(&issued.authority_key).unwrap());
    let status = openssl.get_by_cert(&issued.leaf);
    assert!(matches!(status, openssl::x509::CrlStatus::Revoked(_)));
}

#[test]
fn a_list_of_another_issuer_or_forged_says_nothing() {
    let issued = Issued::new();
    let (other, key) = authority("Another authority");
    assert_eq!(issued.listed(List::empty(&other, &key).der()), []);
    let (namesake, key) = authority("Authority");
    assert_eq!(issued.listed(List::empty(&namesake, &key).der()), []);
    let mut forged = issued.list().der();
    let at = forged.windows(3).position(|part| part == b"260").unwrap();
    forged[at + 1] = b'7';
    assert_eq!(issued.listed(forged), []);
}

#[test]
fn a_list_speaks_only_about_the_certificates_in_its_scope() {
    let issued = Issued::new();
    let uri = |text: &str| {
        let uri = tlv(0x86, &[text.as_bytes()]);
        tlv(0xA0, &[&tlv(0xA0, &[&uri])])
    };
    let yes = |number: u8| vec![0x80 | number, 1, 0xFF];
    let revoked = || vec![(SERIAL, vec![])];
    let some_reasons = || vec![0x83, 2, 6, 0x40];
    let cases = [
        ("its own point", uri("http://crl.example/1"), vec![], 1),
        ("another point", uri("http://crl.example/2"), vec![], 0),
        ("user certificates", yes(1), vec![], 1),
        ("authorities", yes(2), vec![], 0),
        ("some reasons, not listed", some_reasons(), vec![], 0),
        ("some reasons, listed", some_reasons(), revoked(), 1),
        ("indirect", yes(4), vec![], 0),
        ("attribute certificates", yes(5), vec![], 0),
    ];
    for (what, fields, entries, expected) in cases {
        let point = tlv(0x30, &[&fields]);
        let list = List {
            entries,
            extensions: extension("2.5.29.28", true, &point),
            ..issued.list()
        };
        assert_eq!(issued.listed(list.der()).len(), expected, "{what}");
    }
}

#[test]
fn a_delta_or_a_critical_extension_that_is_not_understood_makes_a_list_useless() {
    let issued = Issued::new();
    let with = |extensions: Vec<u8>| {
        let list = List {
            extensions,
            ..issued.list()
        };
        issued.listed(list.der()).len()
    };
    assert_eq!(with(extension("2.5.29.20", false, &[2, 1, 9])), 1, "number");
    assert_eq!(with(extension("2.5.29.27", true, &[2, 1, 9])), 0, "delta");
    assert_eq!(with(extension("1.2.3.4", false, &[5, 0])), 1);
    assert_eq!(with(extension("1.2.3.4", true, &[5, 0])), 0);
    let strange_entry = List {
        entries: vec![(&[9], extension("1.2.3.4", true, &[5, 0]))],
        ..issued.list()
    };
    let answers = issued.listed(strange_entry.der());
    assert_eq!(answers, [], "even in the entry of another certificate");
}

#[test]
fn an_issuer_that_may_not_sign_lists_says_nothing_by_them() {
    let key = new_key();
    let extensions = vec![
        issuing::extension("2.5.29.19", &[0x30, 3, 1, 1, 0xFF]),
        issuing::extension("2.5.29.15", &[0x03, 0x02, 0x02, 0x04]), // keyCertSign
    ];
    let days = ("20260101000000Z", "20400101000000Z");
    let subject = [("2.5.4.3", "Authority")];
    let authority = certificate(&subject, None, &key, &key, days, extensions);
    let (leaf, _) = issue("A signer", &authority, &key, vec![]);
    let issued = Issued {
        authority,
        authority_key: key,
        leaf,
    };
    assert_eq!(issued.listed(issued.list().der()), []);
    assert_eq!(issued.said(issued.response().whole()).len(), 1);
}

#[test]
fn answers_cut_or_flipped_anywhere_never_panic_and_never_say_more() {
    let issued = Issued::new();
    let response = Response {
        status: revoked("20260501000000Z", 1),
        ..issued.response()
    };
    let list = List {
        entries: vec![(SERIAL, vec![])],
        ..issued.list()
    };
    for (whole, is_list) in [(response.whole(), false), (list.der(), true)] {
        let told = |bytes: Vec<u8>| match is_list {
            true => issued.listed(bytes),
            false => issued.said(bytes),
        };
        for at in (0..whole.len()).step_by(3) {
            assert_eq!(told(whole[..at].to_vec()), [], "cut at {at}");
            let mut flipped = whole.clone();
            flipped[at] ^= 0x21;
            for answer in told(flipped) {
                assert!(
                    matches!(answer.status, RevocationStatus::Revoked { .. }),
                    "flipped at {at}"
                );
            }
        }
    }
}
