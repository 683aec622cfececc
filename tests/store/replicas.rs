//! Several replicas on one bucket, and what networks and stores do to one.

use std::net::TcpListener;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use ureq::Agent;

use crate::bucket::Bucket;
use crate::program::{Settings, done, run};
use crate::support::paper;
use crate::support::service::{KEY, ORGAN, Policies, Service};

/// Requests that each replica gets. The S3 server of the tests works one request after the other, in
/// Python: `SEGELL_TEST_REQUESTS=1000` is for who has ten times the patience.
const REQUESTS: usize = 100;

/// Copies made on a bad day: enough that every write of one is lost, and meets a conflict, once.
const COPIES: usize = 8;

/// Requests under way at once, at each replica.
const AT_ONCE: usize = 4;

/// A service with this archive.
pub(crate) fn start(settings: &Settings) -> Service {
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Service::start_with(Policies::Default, &settings)
}

fn agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .new_agent()
}

/// Asks for the copy that `key` names: status, code and bytes.
fn ask(agent: &Agent, address: &str, source: &[u8], key: &str) -> (u16, String, Vec<u8>) {
    let mut answer = agent
        .post(format!("{address}/v1/copies?organ={ORGAN}"))
        .header("Authorization", format!("Bearer {KEY}"))
        .header("Content-Type", "application/pdf")
        .header("Idempotency-Key", key)
        .send(source)
        .expect("an answer");
    let code = answer.headers().get("Verification-Code");
    let code = code.and_then(|code| code.to_str().ok()).unwrap_or_default();
    let (status, code) = (answer.status().as_u16(), code.to_owned());
    let body = answer.body_mut().read_to_vec().expect("a body");
    (status, code, body)
}

#[test]
fn two_replicas_given_the_same_requests_in_parallel_make_one_copy_of_each() {
    let Some(bucket) = Bucket::open("plain", "replicas") else {
        return;
    };
    let requests = std::env::var("SEGELL_TEST_REQUESTS");
    let requests = requests.map_or(REQUESTS, |number| number.parse().expect("a number"));
    let settings = bucket.settings();
    let replicas = [start(&settings), start(&settings)];
    let source = paper::one_page("two replicas");
    let (next, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let agent = agent();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= requests {
                        return;
                    }
                    let key = format!("request-{number}");
                    let both = Barrier::new(2);
                    let [one, other] = thread::scope(|scope| {
                        let calls = replicas.each_ref().map(|replica| {
                            let (agent, source, key, both) = (&agent, &source, &key, &both);
                            scope.spawn(move || {
                                both.wait();
                                ask(agent, replica.address(), source, key)
                            })
                        });
                        calls.map(|call| call.join().expect("an answer"))
                    });
                    for (status, ..) in [&one, &other] {
                        assert!(matches!(status, 200 | 201), "{key}: {status}");
                    }
                    assert_eq!((&one.1, &one.2), (&other.1, &other.2), "{key}: two copies");
                    let newly = [one.0, other.0]
                        .iter()
                        .filter(|status| **status == 201)
                        .count();
                    assert!(newly <= 1, "{key}: both say that they made it");
                    made.fetch_add(newly, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(
        made.into_inner(),
        requests,
        "every copy is new to exactly one caller"
    );
    for end in ["intent.json", "document.pdf", "record.json"] {
        assert_eq!(bucket.count(end), requests, "{end}");
    }
    let digests = bucket
        .names()
        .iter()
        .filter(|name| name.starts_with("digests/"))
        .count();
    assert_eq!(digests, requests);
    let of_probes = bucket
        .names()
        .into_iter()
        .filter(|name| name.starts_with("probes/"));
    assert_eq!(of_probes.count(), 0, "what starting leaves is removed");

    // A part of a document comes from whichever replica is asked, straight from the store.
    let (_, code, copy) = ask(&agent(), replicas[0].address(), &source, "request-0");
    let mut part = agent()
        .get(format!(
            "{}/v1/copies/{code}/document",
            replicas[1].address()
        ))
        .header("Authorization", format!("Bearer {KEY}"))
        .header("Range", "bytes=100-299")
        .call()
        .expect("an answer");
    assert_eq!(part.status(), 206);
    assert_eq!(
        part.body_mut().read_to_vec().expect("a body"),
        copy[100..300]
    );
    replicas
        .iter()
        .for_each(|replica| replica.keep_secret(&code));
    drop(replicas);

    let check = done(&settings, &["archive", "check", "--json"]).json();
    assert_eq!(check["copies"], requests);
    assert_eq!(check["findings"], serde_json::json!([]));
}

#[test]
fn a_store_that_loses_answers_and_conflicts_makes_every_copy_once() {
    let Some(bucket) = Bucket::open("unreliable", "bad-day") else {
        return;
    };
    let settings = bucket.settings();
    let service = start(&settings);
    let source = paper::one_page("a bad day");
    for number in 0..COPIES {
        let key = format!("request-{number}");
        let (first, code, copy) = ask(&agent(), service.address(), &source, &key);
        service.keep_secret(&code);
        assert_eq!(first, 201, "{key}");
        let again = ask(&agent(), service.address(), &source, &key);
        assert_eq!(again, (200, code, copy), "{key}");
    }
    drop(service);
    assert_eq!(bucket.count("record.json"), COPIES);
    let check = done(&settings, &["archive", "check", "--json"]).json();
    assert_eq!(
        (&check["copies"], &check["findings"]),
        (&COPIES.into(), &serde_json::json!([]))
    );
}

#[test]
fn a_store_that_replaces_what_is_there_is_refused_with_that_sentence() {
    let Some(bucket) = Bucket::open("replacing", "any") else {
        return;
    };
    for command in [&["serve"][..], &["archive", "check"]] {
        let said = run(&bucket.settings(), command);
        assert_eq!(said.exit, 3, "{said:?}");
        let sentence = "the archive does not honour create-only writes (`If-None-Match: *`): \
                        a second write replaced the first, so copies would not be safe in it";
        assert!(said.error.contains(sentence), "{said:?}");
    }
}

#[test]
fn a_bucket_without_credentials_or_that_does_not_exist_is_named_and_never_taken_for_empty() {
    let Some(bucket) = Bucket::open("plain", "any") else {
        return;
    };
    let mut settings = bucket.settings();
    settings.retain(|(name, _)| *name != "AWS_SECRET_ACCESS_KEY");
    let said = run(&settings, &["archive", "check"]);
    assert_eq!(said.exit, 3, "{said:?}");
    assert!(
        said.error
            .contains("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        "{said:?}"
    );

    let mut settings = bucket.settings();
    settings[0].1 = "s3://nobody-made-this/pre".to_owned();
    let said = run(&settings, &["archive", "check"]);
    assert_eq!(said.exit, 3, "{said:?}");
    assert!(said.error.contains("NoSuchBucket"), "{said:?}");
}

#[test]
fn a_store_that_never_answers_is_given_up_on_in_the_time_that_was_set() {
    // Connections are taken by the system and by nobody else.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = silent.local_addr().expect("it has an address");
    let settings = vec![
        ("SEGELL__ARCHIVE__URL", "s3://copies/pre".to_owned()),
        ("SEGELL__ARCHIVE__REQUEST_SECONDS", "1".to_owned()),
        ("SEGELL__ARCHIVE__RETRIES", "1".to_owned()),
        ("AWS_ENDPOINT_URL", format!("http://{address}")),
        ("AWS_ACCESS_KEY_ID", "tests".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "of the store".to_owned()),
    ];
    let begun = Instant::now();
    let said = run(&settings, &["archive", "check"]);
    assert_eq!(said.exit, 3, "{said:?}");
    assert!(
        said.error.contains("the archive cannot be reached now"),
        "{said:?}"
    );
    // Four requests of a second at most, on a machine that may be busy.
    assert!(
        begun.elapsed() < Duration::from_secs(25),
        "{:?}",
        begun.elapsed()
    );
}
