//! Several replicas on one bucket, and what networks and stores do to one.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use ureq::Agent;

use crate::bucket::Bucket;
use crate::program::{Settings, done, run};
use crate::support::paper;
use crate::support::service::{KEY, ORGAN, Policies, Service};

/// Requests that each replica gets. A thousand pass as well, in a minute and a half of two cores: every
/// one is sealed, or looked up, twice.
const REQUESTS: usize = 150;

/// Requests under way at once, at each replica.
const AT_ONCE: usize = 4;

fn start(settings: &Settings) -> Service {
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
                    if number >= REQUESTS {
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
        REQUESTS,
        "every copy is new to exactly one caller"
    );
    for end in ["intent.json", "document.pdf", "record.json"] {
        assert_eq!(bucket.count(end), REQUESTS, "{end}");
    }
    let digests = bucket
        .names()
        .iter()
        .filter(|name| name.starts_with("digests/"))
        .count();
    assert_eq!(digests, REQUESTS);
    assert!(
        bucket.count("").gt(&0)
            && !bucket
                .names()
                .iter()
                .any(|name| name.starts_with("probes/"))
    );

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
    assert_eq!(check["copies"], REQUESTS);
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
    for number in 0..12 {
        let key = format!("request-{number}");
        let (first, code, copy) = ask(&agent(), service.address(), &source, &key);
        service.keep_secret(&code);
        assert_eq!(first, 201, "{key}");
        let again = ask(&agent(), service.address(), &source, &key);
        assert_eq!(again, (200, code, copy), "{key}");
    }
    drop(service);
    assert_eq!(bucket.count("record.json"), 12);
    let check = done(&settings, &["archive", "check", "--json"]).json();
    assert_eq!(
        (&check["copies"], &check["findings"]),
        (&12.into(), &serde_json::json!([]))
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
