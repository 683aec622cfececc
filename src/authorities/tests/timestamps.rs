//! The time-stamp client on good days and bad ones.

use std::sync::Mutex;

use tokio::runtime::Handle;
use tokio::time::Instant;

use super::issuing::{Purpose, sha256, tlv};
use super::server::{Reply, Request, Server};
use super::stamping::{POLICY, Stamp};
use super::*;
use crate::cades::{Imprint, TimestampEvidence};
use crate::model::Octets;
use crate::model::algorithm::DigestAlgorithm;

const STAMPING: Purpose = Purpose::Stamping { critical: true };
type Chains = Arc<Mutex<Vec<Vec<Octets>>>>;

pub(super) fn imprint() -> Imprint {
    Imprint {
        algorithm: DigestAlgorithm::Sha256,
        value: sha256(b"a signature"),
    }
}

/// A root and an authority under it.
pub(super) fn authority() -> (Authority, Authority) {
    let root = Authority::root("Root of time");
    let authority = root.issue("Time", STAMPING);
    (root, authority)
}

pub(super) fn parts(root: &Authority, setups: Vec<AuthoritySetup>) -> TimestampParts {
    TimestampParts {
        authorities: setups,
        limits: LIMITS,
        skew: Duration::from_secs(60),
        anchors: anchors(&[root]),
        clock: clock(),
        random,
        on_chain: Arc::new(|_| {}),
        runtime: Handle::current(),
    }
}

pub(super) fn setup(url: &str) -> AuthoritySetup {
    AuthoritySetup {
        access: at(url),
        policy: None,
    }
}

fn client(root: &Authority, urls: &[&str]) -> TimestampAuthorities {
    let setups = urls.iter().map(|url| setup(url)).collect();
    TimestampAuthorities::new(parts(root, setups)).unwrap()
}

/// A server that stamps as it is told.
pub(super) fn stamping(authority: &Authority, stamp: Stamp) -> Server {
    let authority = authority.clone();
    Server::start(move |request: &Request| Reply::Body(stamp.answer(&authority, &request.body)))
}

/// The word of the only fault.
async fn fault_of(client: &TimestampAuthorities) -> &'static str {
    let outage = client.timestamp(&imprint()).await.unwrap_err();
    assert_eq!(outage.attempts.len(), 1, "{outage}");
    outage.attempts[0].fault.word()
}

#[tokio::test]
async fn a_good_authority_gives_a_token_over_the_imprint_with_its_chain() {
    let (root, authority) = authority();
    let server = stamping(&authority, Stamp::default());
    let told: Chains = Arc::default();
    let listening = Arc::clone(&told);
    let client = TimestampAuthorities::new(TimestampParts {
        on_chain: Arc::new(move |chain| listening.lock().unwrap().push(chain.to_vec())),
        ..parts(&root, vec![setup(&server.url)])
    })
    .unwrap();
    let token = client.timestamp(&imprint()).await.unwrap();
    assert_eq!(token.time, now());
    assert_eq!(token.chain, [authority.der(), root.der()]);
    let evidence = TimestampEvidence::collect(&token.der).unwrap();
    assert_eq!(evidence.stamps(&[b"a signature"]), Some(true));
    assert_eq!(*told.lock().unwrap(), [token.chain]);

    let state = client.states().remove(0);
    assert_eq!(state.circuit, CircuitState::Closed);
    assert_eq!((state.successes, state.faults), (1, 0));
    assert_eq!(state.last_success, Some(now()));
    assert_eq!(state.last_fault, None);
}

#[tokio::test]
async fn every_wrong_answer_counts_as_none_and_has_its_name() {
    let (root, authority) = authority();
    let stranger = Authority::root("Stranger").issue("Stranger's time", STAMPING);
    let expired = ["20260101000000Z", "20260601000000Z"];
    let expired = root.issue_for("Old time", STAMPING, expired);
    let loose = root.issue("Loose time", Purpose::Stamping { critical: false });
    let seal = root.issue("A seal", Purpose::Seal);
    let good = Stamp::default;
    let wrong = [
        (
            "wrong-imprint",
            &authority,
            Stamp {
                imprint: Some(sha256(b"other")),
                ..good()
            },
        ),
        (
            "wrong-nonce",
            &authority,
            Stamp {
                nonce: Some(vec![7; 16]),
                ..good()
            },
        ),
        (
            "wrong-nonce",
            &authority,
            Stamp {
                nonce: Some(Vec::new()),
                ..good()
            },
        ),
        (
            "version",
            &authority,
            Stamp {
                version: 2,
                ..good()
            },
        ),
        (
            "clock",
            &authority,
            Stamp {
                time: "20260602130000Z",
                ..good()
            },
        ),
        (
            "clock",
            &authority,
            Stamp {
                time: "20260602115859Z",
                ..good()
            },
        ),
        (
            "no-certificate",
            &authority,
            Stamp {
                brings_certificate: false,
                ..good()
            },
        ),
        (
            "wrong-certificate",
            &authority,
            Stamp {
                names: Some(root.clone()),
                ..good()
            },
        ),
        (
            "signature",
            &authority,
            Stamp {
                forged: true,
                ..good()
            },
        ),
        ("dates", &expired, good()),
        ("chain", &stranger, good()),
        ("purpose", &loose, good()),
        ("purpose", &seal, good()),
    ];
    for (word, who, stamp) in wrong {
        let server = stamping(who, stamp);
        let client = client(&root, &[&server.url]);
        assert_eq!(fault_of(&client).await, word);
        assert_eq!(
            server.requests(),
            1,
            "{word}: a wrong answer is not asked for again"
        );
        assert_eq!(client.states()[0].faults, 1);
    }
    // A minute is allowed.
    let server = stamping(
        &authority,
        Stamp {
            time: "20260602115900Z",
            ..good()
        },
    );
    assert!(
        client(&root, &[&server.url])
            .timestamp(&imprint())
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_policy_asked_for_is_the_one_that_counts() {
    let (root, authority) = authority();
    let server = stamping(&authority, Stamp::default());
    let asking = |policy: &str| {
        let mut setup = setup(&server.url);
        setup.policy = Some(policy.to_owned());
        TimestampAuthorities::new(parts(&root, vec![setup]))
    };
    assert!(asking(POLICY).unwrap().timestamp(&imprint()).await.is_ok());
    let other = asking("1.3.6.1.4.1.32473.2").unwrap();
    assert_eq!(fault_of(&other).await, "wrong-policy");
    let none = asking("best").err();
    let policy = "best".to_owned();
    assert_eq!(none, Some(UnusableAccess::Policy { policy }));
}

#[tokio::test]
async fn bytes_that_are_no_response_are_refused_by_name() {
    let (root, _) = authority();
    let rejection = tlv(0x30, &[&tlv(0x30, &[&[2, 1, 2], &[0x03, 2, 7, 0x80]])]);
    let granted_nothing = tlv(0x30, &[&tlv(0x30, &[&[2, 1, 0]])]);
    for (word, body) in [
        ("no-response", Vec::new()),
        ("no-response", b"<html>busy</html>".to_vec()),
        ("refused", rejection),
        ("no-token", granted_nothing),
        ("too-long", vec![0x30; 1 << 20]),
    ] {
        let server = Server::start(move |_: &Request| Reply::Body(body.clone()));
        assert_eq!(fault_of(&client(&root, &[&server.url])).await, word);
    }
    let endless = Server::start(|_: &Request| Reply::Endless);
    assert_eq!(fault_of(&client(&root, &[&endless.url])).await, "too-long");
}

#[tokio::test]
async fn only_a_request_that_nobody_answered_is_sent_again_and_only_as_often_as_allowed() {
    let (root, authority) = authority();
    let elsewhere = "Location: http://127.0.0.1:1/\r\n";
    for (word, times, reply) in [
        ("http-status", 2, (503, "")),
        ("http-status", 1, (403, "")),
        ("http-status", 1, (307, elsewhere)),
    ] {
        let server = Server::start(move |_: &Request| Reply::Status(reply.0, reply.1));
        assert_eq!(fault_of(&client(&root, &[&server.url])).await, word);
        assert_eq!(server.requests(), times, "{}", reply.0);
    }
    let closing = Server::start(|_: &Request| Reply::Goodbye);
    assert_eq!(
        fault_of(&client(&root, &[&closing.url])).await,
        "connection"
    );
    assert_eq!(closing.requests(), 2);
    let nobody = client(&root, &[&Server::nobody()]);
    assert_eq!(fault_of(&nobody).await, "connection");

    // The second try may succeed.
    let first = Mutex::new(true);
    let recovering = Server::start(move |request: &Request| {
        if std::mem::take(&mut *first.lock().unwrap()) {
            return Reply::Status(502, "");
        }
        Reply::Body(Stamp::default().answer(&authority, &request.body))
    });
    let recovering = client(&root, &[&recovering.url]);
    assert!(recovering.timestamp(&imprint()).await.is_ok());
    assert_eq!(recovering.states()[0].faults, 0);
}

#[tokio::test]
async fn a_slow_authority_is_waited_for_and_a_hanging_one_is_not() {
    let (root, authority) = authority();
    let slow = Server::start(move |request: &Request| {
        let answer = Stamp::default().answer(&authority, &request.body);
        Reply::Late(Duration::from_millis(300), answer)
    });
    assert!(
        client(&root, &[&slow.url])
            .timestamp(&imprint())
            .await
            .is_ok()
    );
    let hanging = Server::start(|_: &Request| Reply::Silence);
    let start = Instant::now();
    assert_eq!(fault_of(&client(&root, &[&hanging.url])).await, "timed-out");
    assert!(start.elapsed() < LIMITS.total * 2);
    assert_eq!(hanging.requests(), 1);
}

#[tokio::test]
async fn an_outage_tells_what_each_authority_did_and_when_to_come_back() {
    let (root, authority) = authority();
    let nonce = Some(vec![7; 16]);
    let replaying = stamping(
        &authority,
        Stamp {
            nonce,
            ..Stamp::default()
        },
    );
    let secret = replaying.url.replace("http://", "http://me:word@");
    let client = client(&root, &[&Server::nobody(), &secret]);
    let outage = client.timestamp(&imprint()).await.unwrap_err();
    let words: Vec<&str> = outage.attempts.iter().map(|one| one.fault.word()).collect();
    assert_eq!(words, ["connection", "wrong-nonce"]);
    let text = outage.to_string();
    assert!(
        text.contains(&replaying.url) && text.contains("nonce"),
        "{text}"
    );
    assert!(!text.contains("word@"), "{text}");
    assert_eq!(outage.retry_after(), Some(Duration::from_secs(15)));

    let none = TimestampAuthorities::new(parts(&root, Vec::new())).unwrap();
    assert!(none.is_empty());
    let outage = none.timestamp(&imprint()).await.unwrap_err();
    assert_eq!(outage.retry_after(), None);
    assert!(outage.next_step().contains("timestamp.authorities"));
}

#[tokio::test]
async fn credentials_are_sent_and_connections_are_used_again() {
    let (root, authority) = authority();
    let server = Server::start(move |request: &Request| {
        // "me:word" in Base64.
        if request.header("authorization") != Some("Basic bWU6d29yZA==") {
            return Reply::Status(401, "");
        }
        assert_eq!(
            request.header("content-type"),
            Some("application/timestamp-query")
        );
        Reply::Body(Stamp::default().answer(&authority, &request.body))
    });
    let mut known = setup(&server.url);
    known.access.credentials = Some(Credentials {
        username: "me".to_owned(),
        password: zeroize::Zeroizing::new("word".to_owned()),
    });
    let known = TimestampAuthorities::new(parts(&root, vec![known])).unwrap();
    for _ in 0..5 {
        known.timestamp(&imprint()).await.unwrap();
    }
    let connections = server.connections.load(std::sync::atomic::Ordering::SeqCst);
    assert_eq!((server.requests(), connections), (5, 1));
    let unknown = client(&root, &[&server.url]);
    assert_eq!(fault_of(&unknown).await, "http-status");
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_before_anything_starts() {
    let (root, _) = authority();
    for url in [
        "",
        "tsa.example",
        "ftp://tsa.example/",
        "file:///etc/passwd",
    ] {
        let refused = TimestampAuthorities::new(parts(&root, vec![setup(url)])).err();
        assert!(matches!(refused, Some(UnusableAccess::Url { .. })), "{url}");
    }
    let mut broken = setup("https://tsa.example/");
    broken.access.tls_authorities = Some(b"nothing".to_vec());
    let refused = TimestampAuthorities::new(parts(&root, vec![broken])).err();
    assert!(matches!(
        refused,
        Some(UnusableAccess::TlsAuthorities { .. })
    ));
}

#[tokio::test]
async fn a_probe_tries_every_authority_and_tells_their_chains() {
    let (root, authority) = authority();
    let good = stamping(&authority, Stamp::default());
    let client = client(&root, &[&Server::nobody(), &good.url]);
    let outcomes = client.probe().await;
    assert_eq!(outcomes.len(), 2);
    assert_eq!(outcomes[0].1.as_ref().unwrap_err().word(), "connection");
    assert_eq!(outcomes[1].1.as_ref().unwrap().chain.len(), 2);
}
