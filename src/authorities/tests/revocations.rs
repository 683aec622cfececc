//! The keeper of revocation data on good days and bad ones.

use std::sync::Mutex;

use tokio::runtime::Handle;

use super::issuing::*;
use super::server::{Reply, Request, Server};
use super::*;
use crate::pki::revocation::{NotCurrent, RevocationData, RevocationKeeper as _};

const KEY_COMPROMISE: u8 = 1;
const HOLD: u8 = 6;

/// A root, a seal under it, and somebody who may answer for the root.
pub(super) struct Cast {
    pub(super) root: Authority,
    pub(super) seal: Authority,
    responder: Authority,
}

impl Cast {
    pub(super) fn new() -> Self {
        let root = Authority::root("Root");
        Self {
            seal: root.issue("A seal", Purpose::Seal),
            responder: root.issue("Responder", Purpose::Responding),
            root,
        }
    }

    pub(super) fn parts(&self, ocsp: Option<&str>, crl: Option<&str>) -> RevocationParts {
        RevocationParts {
            sources: vec![SourceSetup {
                issuer: self.root.der().0,
                ocsp: ocsp.map(at),
                crl: crl.map(at),
            }],
            anchors: vec![anchors(&[&self.root])],
            limits: LIMITS,
            max_age: Duration::from_secs(24 * 3600),
            clock: clock(),
            random,
            runtime: Handle::current(),
        }
    }

    /// A keeper of the seal's data, after its first round.
    async fn keeper(&self, ocsp: Option<&str>, crl: Option<&str>) -> Revocation {
        let keeper = Revocation::new(self.parts(ocsp, crl)).unwrap();
        keeper.keep(&[self.seal.der()]);
        keeper.first_round().await;
        keeper
    }

    /// `CertID` of a certificate that nobody has.
    fn id_of_another() -> Vec<u8> {
        let hashed = tlv(0x04, &[&[7; 20]]);
        let algorithm = tlv(0x30, &[&oid("1.3.14.3.2.26")]);
        tlv(0x30, &[&algorithm, &hashed, &hashed, &[2, 1, 9]])
    }

    fn current(&self, keeper: &Revocation) -> Result<RevocationData, NotCurrent> {
        keeper.current(&[self.seal.der()], now())
    }
}

/// A responder that says the same thing every time, with the nonce it was sent.
fn saying(who: &Authority, said: Said<'static>) -> Server {
    let who = who.clone();
    Server::start(move |request: &Request| {
        let nonce = Some(nonce_of(&request.body));
        let nonce = said.nonce.clone().or(nonce);
        let said = Said {
            nonce,
            ..said.clone()
        };
        Reply::Body(who.ocsp(&request.body, &said))
    })
}

/// A place where one thing lies, which may be changed.
pub(super) fn lying(bytes: Vec<u8>) -> (Server, Arc<Mutex<Vec<u8>>>) {
    let place = Arc::new(Mutex::new(bytes));
    let inside = Arc::clone(&place);
    let server = Server::start(move |_: &Request| Reply::Body(inside.lock().unwrap().clone()));
    (server, place)
}

fn is_missing(outcome: &Result<RevocationData, NotCurrent>) -> bool {
    matches!(outcome, Err(NotCurrent::Missing { subject, .. }) if subject == "A seal")
}

#[tokio::test]
async fn a_responder_that_the_issuer_authorised_is_believed_and_its_certificate_kept() {
    let cast = Cast::new();
    let server = saying(&cast.responder, Said::default());
    let keeper = cast.keeper(Some(&server.url), None).await;
    let data = cast.current(&keeper).unwrap();
    let expected = [cast.seal.der(), cast.root.der(), cast.responder.der()];
    assert_eq!(data.certificates, expected);
    assert_eq!((data.ocsp_responses.len(), data.crls.len()), (1, 0));
    assert_eq!(keeper.states()[0].successes, 1);
    let kept = keeper.kept().remove(0);
    assert_eq!(kept.subject, "A seal");
    assert_eq!(
        kept.next_update.unwrap().to_string(),
        "2026-06-02T13:00:00Z"
    );

    // The issuer itself is believed too, and a response without a nonce while it is fresh.
    let cast = Cast::new();
    let root = cast.root.clone();
    let server = Server::start(move |request: &Request| {
        Reply::Body(root.ocsp(&request.body, &Said::default()))
    });
    let keeper = cast.keeper(Some(&server.url), None).await;
    assert!(cast.current(&keeper).is_ok());
}

#[tokio::test]
async fn a_response_that_is_no_evidence_leaves_nothing_at_hand() {
    let cast = Cast::new();
    let stranger = Authority::root("Root");
    let strange = stranger.issue("Responder", Purpose::Responding);
    let not_authorised = cast.root.issue("Another seal", Purpose::Seal);
    let good = Said::default;
    let other_id = Some(Cast::id_of_another());
    let bad = [
        (
            "unknown",
            &cast.responder,
            Said {
                status: UNKNOWN.to_vec(),
                ..good()
            },
        ),
        (
            "stale",
            &cast.responder,
            Said {
                updates: STALE,
                ..good()
            },
        ),
        (
            "to come",
            &cast.responder,
            Said {
                updates: ["20260602130000Z", "20260602140000Z"],
                ..good()
            },
        ),
        (
            "wrong nonce",
            &cast.responder,
            Said {
                nonce: Some(vec![1; 32]),
                ..good()
            },
        ),
        ("wrong issuer", &strange, good()),
        ("nobody's", &not_authorised, good()),
        (
            "about another",
            &cast.responder,
            Said {
                id: other_id,
                ..good()
            },
        ),
    ];
    for (what, who, said) in bad {
        let server = saying(who, said);
        let keeper = cast.keeper(Some(&server.url), None).await;
        assert!(is_missing(&cast.current(&keeper)), "{what}");
        assert!(keeper.kept()[0].last_fault.is_some(), "{what}");
    }

    // Forged: the status changed after it was signed.
    let responder = cast.responder.clone();
    let server = Server::start(move |request: &Request| {
        let unknown = Said {
            status: UNKNOWN.to_vec(),
            ..Said::default()
        };
        let mut response = responder.ocsp(&request.body, &unknown);
        let status = response.windows(2).position(|two| two == UNKNOWN).unwrap();
        response[status] = GOOD[0];
        Reply::Body(response)
    });
    let keeper = cast.keeper(Some(&server.url), None).await;
    assert!(is_missing(&cast.current(&keeper)));
    assert_eq!(keeper.states()[0].faults, 1);

    // Declined: `tryLater`.
    let (server, _) = lying(vec![0x30, 3, 0x0A, 1, 3]);
    let keeper = cast.keeper(Some(&server.url), None).await;
    assert!(is_missing(&cast.current(&keeper)));
    let (_, fault) = keeper.kept().remove(0).last_fault.unwrap();
    assert!(fault.contains("tryLater"), "{fault}");
}

#[tokio::test]
async fn a_list_counts_if_it_is_of_the_issuer_of_now_and_about_such_certificates() {
    let cast = Cast::new();
    let stranger = Authority::root("Root");
    // `IssuingDistributionPoint`, critical: a place that the seal does not name.
    let place = tlv(0x86, &[b"http://elsewhere.example/a.crl"]);
    let point = tlv(0x30, &[&tlv(0xA0, &[&tlv(0xA0, &[&place])])]);
    let wrong_point = tlv(
        0x30,
        &[&oid("2.5.29.28"), &[1, 1, 0xFF], &tlv(0x04, &[&point])],
    );
    for (what, list, counts) in [
        ("good", cast.root.crl(FRESH, &[], &[]), true),
        ("stale", cast.root.crl(STALE, &[], &[]), false),
        ("another's", stranger.crl(FRESH, &[], &[]), false),
        (
            "wrong point",
            cast.root.crl(FRESH, &[], &wrong_point),
            false,
        ),
        ("garbage", b"<html>".to_vec(), false),
    ] {
        let (server, _) = lying(list);
        let keeper = cast.keeper(None, Some(&server.url)).await;
        let current = cast.current(&keeper);
        assert_eq!(current.is_ok(), counts, "{what}: {current:?}");
        assert!(counts || is_missing(&current), "{what}: {current:?}");
        assert_eq!(
            current.map_or(0, |data| data.crls.len()),
            usize::from(counts)
        );
    }
}

#[tokio::test]
async fn the_list_stands_in_for_a_responder_that_is_gone() {
    let cast = Cast::new();
    let (list, _) = lying(cast.root.crl(FRESH, &[], &[]));
    let keeper = cast.keeper(Some(&Server::nobody()), Some(&list.url)).await;
    let data = cast.current(&keeper).unwrap();
    assert_eq!((data.ocsp_responses.len(), data.crls.len()), (0, 1));
}

#[tokio::test]
async fn a_revocation_stays_whatever_a_later_answer_says() {
    let cast = Cast::new();
    let revoked = cast.root.crl(FRESH, &[(&cast.seal, KEY_COMPROMISE)], &[]);
    let (list, place) = lying(revoked);
    let keeper = cast.keeper(None, Some(&list.url)).await;
    let later = ["20260602113000Z", "20260602133000Z"];
    *place.lock().unwrap() = cast.root.crl(later, &[], &[]);
    keeper.refresh().await;
    match cast.current(&keeper) {
        Err(NotCurrent::Revoked { at, reason, .. }) => {
            assert_eq!(at.to_string(), "2026-06-02T11:00:00Z");
            assert_eq!(reason.as_deref(), Some("keyCompromise"));
        }
        other => panic!("{other:?}"),
    }
    assert!(keeper.kept()[0].revoked.is_some());
}

#[tokio::test]
async fn a_hold_is_over_when_a_later_answer_does_not_repeat_it() {
    let cast = Cast::new();
    let (list, place) = lying(cast.root.crl(FRESH, &[(&cast.seal, HOLD)], &[]));
    let keeper = cast.keeper(None, Some(&list.url)).await;
    assert!(matches!(
        cast.current(&keeper),
        Err(NotCurrent::Revoked { .. })
    ));
    // The same moment proves nothing: it may be the answer that was there before.
    *place.lock().unwrap() = cast.root.crl(FRESH, &[], &[]);
    keeper.refresh().await;
    assert!(cast.current(&keeper).is_err());
    let later = ["20260602113000Z", "20260602133000Z"];
    *place.lock().unwrap() = cast.root.crl(later, &[], &[]);
    keeper.refresh().await;
    assert!(cast.current(&keeper).is_ok());
}

#[tokio::test]
async fn a_responder_may_revoke_what_the_list_does_not_know_yet() {
    let cast = Cast::new();
    let status = revoked("20260602110500Z", KEY_COMPROMISE);
    let responder = saying(
        &cast.responder,
        Said {
            status,
            ..Said::default()
        },
    );
    let (list, _) = lying(cast.root.crl(FRESH, &[], &[]));
    let keeper = cast.keeper(Some(&responder.url), Some(&list.url)).await;
    assert!(matches!(
        cast.current(&keeper),
        Err(NotCurrent::Revoked { .. })
    ));
}

#[tokio::test]
async fn what_was_good_stays_at_hand_while_the_source_is_down_until_it_is_stale() {
    let cast = Cast::new();
    let (list, place) = lying(cast.root.crl(FRESH, &[], &[]));
    let keeper = cast.keeper(None, Some(&list.url)).await;
    *place.lock().unwrap() = Vec::new();
    keeper.refresh().await;
    assert!(cast.current(&keeper).is_ok());
    let chain = [cast.seal.der()];
    let end: Timestamp = "2026-06-02T13:00:00Z".parse().unwrap();
    assert!(keeper.current(&chain, end).is_ok());
    let after = "2026-06-02T13:00:01Z".parse().unwrap();
    let as_of = "2026-06-02T11:00:00Z".parse().unwrap();
    let subject = "A seal".to_owned();
    assert_eq!(
        keeper.current(&chain, after),
        Err(NotCurrent::Stale { subject, as_of })
    );
}

#[tokio::test]
async fn an_old_answer_about_a_seal_is_stale_and_one_about_an_authority_lasts_until_its_end() {
    let root = Authority::root("Root");
    let middle = root.issue("Middle", Purpose::Authority);
    let seal = middle.issue("A seal", Purpose::Seal);
    let months = ["20260301000000Z", "20260901000000Z"];
    let two_days = ["20260531120000Z", "20260610000000Z"];
    let (yearly, _) = lying(root.crl(months, &[], &[]));
    let (list, place) = lying(middle.crl(two_days, &[], &[]));
    let source = |issuer: &Authority, url: &str| SourceSetup {
        issuer: issuer.der().0,
        ocsp: None,
        crl: Some(at(url)),
    };
    let cast = Cast::new();
    let keeper = Revocation::new(RevocationParts {
        sources: vec![source(&root, &yearly.url), source(&middle, &list.url)],
        anchors: vec![anchors(&[&root])],
        ..cast.parts(None, None)
    })
    .unwrap();
    // A seal's chain leaves its root out.
    let chain = [seal.der(), middle.der()];
    keeper.keep(&chain);
    keeper.first_round().await;
    let stale = keeper.current(&chain, now());
    assert!(matches!(stale, Err(NotCurrent::Stale { .. })), "{stale:?}");
    *place.lock().unwrap() = middle.crl(FRESH, &[], &[]);
    keeper.refresh().await;
    let data = keeper.current(&chain, now()).unwrap();
    assert_eq!(data.crls.len(), 2);
    assert_eq!(data.certificates, [seal.der(), middle.der(), root.der()]);
}

#[tokio::test]
async fn a_certificate_whose_issuer_has_no_source_is_never_current() {
    let (cast, other) = (Cast::new(), Cast::new());
    let (list, _) = lying(other.root.crl(FRESH, &[], &[]));
    let keeper = Revocation::new(RevocationParts {
        anchors: vec![anchors(&[&cast.root, &other.root])],
        ..other.parts(None, Some(&list.url))
    })
    .unwrap();
    assert!(is_missing(&cast.current(&keeper)), "nobody kept it");
    keeper.keep(&[cast.seal.der()]);
    keeper.first_round().await;
    assert!(is_missing(&cast.current(&keeper)));
    assert!(!keeper.kept()[0].has_source);
    assert_eq!(list.requests(), 0);
    // The anchor itself needs nobody's word.
    keeper.keep(&[cast.root.der()]);
    assert!(keeper.current(&[cast.root.der()], now()).is_ok());
}

#[tokio::test]
async fn a_list_is_fetched_once_for_all_seals_of_its_issuer() {
    let cast = Cast::new();
    let (list, _) = lying(cast.root.crl(FRESH, &[], &[]));
    let keeper = Revocation::new(cast.parts(None, Some(&list.url))).unwrap();
    let seals: Vec<_> = (0..20)
        .map(|number| cast.root.issue(&format!("Seal {number}"), Purpose::Seal))
        .collect();
    for seal in &seals {
        keeper.keep(&[seal.der()]);
        keeper.keep(&[seal.der()]);
    }
    keeper.first_round().await;
    // One that is kept later takes the list that is there.
    let late = cast.root.issue("Late seal", Purpose::Seal);
    keeper.keep(&[late.der()]);
    for seal in seals.iter().chain([&late]) {
        assert!(keeper.current(&[seal.der()], now()).is_ok());
    }
    assert_eq!(list.requests(), 1);
}

#[tokio::test]
async fn nobody_waits_for_a_source_that_hangs() {
    let cast = Cast::new();
    let hanging = Server::start(|_: &Request| Reply::Silence);
    let keeper = Revocation::new(cast.parts(Some(&hanging.url), None)).unwrap();
    keeper.keep(&[cast.seal.der()]);
    let start = tokio::time::Instant::now();
    assert!(is_missing(&cast.current(&keeper)));
    assert!(start.elapsed() < Duration::from_millis(200));
}
