//! What the service logs: enough to find a request again, and no secret.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::support::service::{Policies, Service};
use crate::support::{logs, paper};
use crate::{call, public_call};

/// Dropping the service greps its log for every secret kept.
#[test]
fn neither_code_nor_key_nor_title_nor_passphrase_is_ever_logged() {
    let service = Service::start(Policies::Default);
    for secret in [
        "Confidential-Title",
        "retry-key-5150",
        "a-wrong-bearer",
        "Citizen-Name",
    ] {
        service.keep_secret(secret);
    }
    let query = "title=Confidential-Title&requested_by=Citizen-Name";
    let copy = call(&service, "POST", &format!("/v1/copies?{query}"))
        .header("Idempotency-Key", "retry-key-5150")
        .header("X-Request-Id", "findable-request")
        .body(&paper::one_page("Acta"))
        .answer();
    assert_eq!(copy.status, 201);
    let code = copy.header("Verification-Code").to_owned();
    for path in [
        copy.header("Location").to_owned(),
        format!("{}/document", copy.header("Location")),
        format!("/{code}"),
        format!("/{code}/document"),
        format!("/?codi={code}"),
    ] {
        let _ = call(&service, "GET", &path).answer();
    }
    // A mistyped code is nearly a code.
    service.keep_secret("000G40R40M3XE209185GR72Y");
    let _ = call(&service, "GET", "/v1/copies/000G40R40M3XE209185GR72Y").answer();
    let _ = public_call(&service, "GET", "/v1/me")
        .header("Authorization", "Bearer a-wrong-bearer")
        .answer();

    let log = service.log();
    let line = log
        .lines()
        .find(|line| line.contains("findable-request") && line.contains("status"))
        .expect("the request is in the log");
    for part in ["POST", "/v1/copies", "201", "latency_ms", "evaluation"] {
        assert!(line.contains(part), "{part} is missing: {line}");
    }
}

#[test]
fn a_trace_goes_on_in_the_log_and_a_wrong_one_begins_anew() {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";
    let service = Service::start_with(Policies::Default, &[("SEGELL__LOG__FORMAT", "json")]);
    for (name, traceparent) in [
        ("going-on", format!("00-{TRACE}-{SPAN}-01")),
        ("wrong", format!("00-{}-{SPAN}-01", TRACE.to_uppercase())),
    ] {
        let _ = call(&service, "GET", "/v1/me")
            .header("traceparent", &traceparent)
            .header("tracestate", "rojo=00f067aa0ba902b7")
            .header("X-Request-Id", name)
            .answer();
    }
    let log = service.log();
    let span = |name: &str| -> Value {
        let mut lines = log
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("every line is JSON"));
        let found =
            lines.find(|line| line["span"]["request_id"] == name && !line["status"].is_null());
        found.expect("the request is in the log")["span"].clone()
    };
    let going_on = span("going-on");
    assert_eq!(
        (&going_on["trace_id"], &going_on["parent_id"]),
        (&TRACE.into(), &SPAN.into())
    );
    assert_eq!(going_on["route"], "/v1/me");
    let wrong = span("wrong");
    assert_eq!(wrong["parent_id"], Value::Null);
    let begun = wrong["trace_id"].as_str().expect("a trace of its own");
    assert!(
        begun.len() == 32 && !begun.eq_ignore_ascii_case(TRACE),
        "{begun}"
    );
}

#[test]
fn the_search_of_the_logs_finds_secrets_in_every_spelling() {
    let document = paper::one_page("a resolution that names him");
    let pieces: BTreeSet<String> = logs::pieces(&document).into_iter().collect();
    let finds = |line: &str| {
        let line = format!("INFO before {line} after");
        let leaks = logs::leaks_in(&line, &["A-Secret".to_owned()]);
        !leaks.is_empty() || !logs::pieces_in(&line, &pieces).is_empty()
    };
    let numbers: Vec<String> = document.iter().map(u8::to_string).collect();
    let hexadecimal: String = document.iter().map(|byte| format!("{byte:02x}")).collect();
    let shifted = STANDARD.encode([b"x", &document[..]].concat());
    for leak in [
        "a-secret",
        "ASECRET",
        "path=/000G40R40M30E209185GR72Y",
        "000G-40R4-0M30-E209-185G-R72Y",
        "exemple-L01990015",
        "nif=P9900100J",
        "12345678Z",
        "X1234567L",
        "-----BEGIN PRIVATE KEY-----",
        &String::from_utf8_lossy(&document),
        &STANDARD.encode(&document),
        &shifted[shifted.len() / 4..],
        &hexadecimal[hexadecimal.len() / 4..],
        &numbers[numbers.len() / 4..].join(", "),
    ] {
        assert!(finds(leak), "{leak}");
    }
    for harmless in [
        "organ=L01990015 digest=4bf92f3577b34da6a3ce929d0e0e47364bf92f3577b34da6a3ce929d0e0e4736",
        "request_id=0d9b7a3c-5a0e-4f5e-9d3f-6f8e2b1c4d7a",
        "000G40R40M3XE209185GR72Y",
        "12345678A",
        "2026-11-22T12:00:00Z",
    ] {
        assert!(!finds(harmless), "{harmless}");
    }
}
