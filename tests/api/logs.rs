//! What the service logs: enough to find a request again, and no secret.

use std::fs;
use std::path::Path;

use crate::support::service::{Policies, Service};
use crate::support::{paper, target};
use crate::{call, public_call};

/// The logs of this suite that were written so far.
fn logs() -> String {
    let folder = target().join("test-logs");
    let names = fs::read_dir(folder).expect("the logs are there");
    let ours = names.filter_map(|entry| {
        let path = entry.ok()?.path();
        let name = path.file_name()?.to_str()?.to_owned();
        name.starts_with("api-")
            .then(|| fs::read_to_string(path).unwrap_or_default())
    });
    ours.collect()
}

/// The passphrases of the example seals.
fn passphrases(folder: &Path) -> Vec<String> {
    let seals = fs::read_dir(folder.join("certs-example/seals")).expect("the examples have seals");
    seals
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            (path.extension()? == "pass").then(|| fs::read_to_string(path).ok())?
        })
        .map(|text| text.trim().to_owned())
        .collect()
}

/// Dropping the service greps its log for every secret kept.
#[test]
fn neither_code_nor_key_nor_title_nor_passphrase_is_ever_logged() {
    let service = Service::start(Policies::Default);
    let passphrases = passphrases(service.folder());
    assert!(!passphrases.is_empty(), "the examples have passphrases");
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
    drop(service);

    let log = logs();
    for passphrase in &passphrases {
        assert!(!log.contains(passphrase), "a passphrase is logged");
    }
    let line = log
        .lines()
        .find(|line| line.contains("findable-request") && line.contains("status"))
        .expect("the request is in the log");
    for part in ["POST", "/v1/copies", "201", "latency_ms", "evaluation"] {
        assert!(line.contains(part), "{part} is missing: {line}");
    }
}
