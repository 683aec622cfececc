//! Stock HTTP clients with their default headers get a copy and a readable error: nobody has to
//! configure a content type first.
//!
//! Every client is a program that is called with URL, KEY, SENT and RECEIVED: it posts the file
//! SENT, writes the body of the answer to RECEIVED, and prints the status and the content type.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests read files, start programs and measure time"
)]

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use support::paper;
use support::service::{KEY, ORGAN, Policies, Service};
use support::tools;

struct Received {
    status: u16,
    kind: String,
    body: Vec<u8>,
}

/// Lets a client post these bytes to a service.
fn post(service: &Service, client: &dyn Fn(&[&str]) -> Command, bytes: &[u8]) -> Received {
    let sent = service.folder().join("sent");
    let received = service.folder().join("received");
    fs::write(&sent, bytes).expect("the file can be written");
    // Java's client writes over a longer file without cutting it.
    let _ = fs::remove_file(&received);
    let url = format!("{}/v1/copies?organ={ORGAN}", service.address());
    let arguments = [
        url.as_str(),
        KEY,
        &sent.to_string_lossy(),
        &received.to_string_lossy(),
    ];
    let output = tools::run_command(&mut client(&arguments)).expect("the client runs");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let (status, kind) = printed.trim().split_once(' ').unwrap_or_else(|| {
        panic!(
            "the client failed: {printed}{}",
            String::from_utf8_lossy(&output.stderr)
        )
    });
    Received {
        status: status.parse().expect("a status is a number"),
        kind: kind.to_owned(),
        body: fs::read(received).expect("the client wrote the body"),
    }
}

fn gets_a_copy_and_a_readable_error(programs: &[&str], client: &dyn Fn(&[&str]) -> Command) {
    if !tools::present(programs) {
        return;
    }
    let service = Service::start(Policies::Default);

    let source = paper::one_page("Vallserena");
    let copy = post(&service, client, &source);
    let words = String::from_utf8_lossy(&copy.body);
    assert_eq!(copy.status, 201, "{words}");
    assert_eq!(copy.kind, "application/pdf");
    assert!(copy.body.starts_with(&source), "the source is no prefix");
    assert!(copy.body.len() > source.len(), "nothing was appended");

    let problem = post(&service, client, b"This is a letter, not a PDF.");
    let words = String::from_utf8_lossy(&problem.body);
    assert!((400..500).contains(&problem.status), "{words}");
    assert!(
        problem.kind.starts_with("application/problem+json"),
        "{}",
        problem.kind
    );
    let document: serde_json::Value = serde_json::from_str(&words).expect("a problem is JSON");
    for field in [
        "type",
        "title",
        "detail",
        "code",
        "who",
        "retry",
        "request_id",
    ] {
        let text = document[field].as_str().unwrap_or_default();
        assert!(!text.is_empty(), "{field} says nothing: {words}");
    }
    assert_eq!(document["status"], problem.status);
}

fn script(name: &str) -> String {
    support::root()
        .join("tests/clients")
        .join(name)
        .to_string_lossy()
        .into_owned()
}

#[test]
fn curl_gets_a_copy_and_a_readable_error() {
    gets_a_copy_and_a_readable_error(&["curl"], &|arguments| {
        let [url, key, sent, received] = arguments else {
            unreachable!("a client has four arguments")
        };
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", url])
            .args(["--header", &format!("Authorization: Bearer {key}")])
            .args(["--data-binary", &format!("@{sent}")])
            .args(["--output", received])
            .args(["--write-out", "%{http_code} %{content_type}"]);
        curl
    });
}

#[test]
fn python_requests_gets_a_copy_and_a_readable_error() {
    let python = tools::python();
    gets_a_copy_and_a_readable_error(&[&python], &|arguments| {
        let mut command = Command::new(&python);
        command.arg(script("client.py")).args(arguments);
        command
    });
}

#[test]
fn axios_gets_a_copy_and_a_readable_error() {
    let modules = tools::node_modules();
    let axios = modules.join("axios/package.json");
    gets_a_copy_and_a_readable_error(&["node", &axios.to_string_lossy()], &|arguments| {
        let mut command = Command::new("node");
        command
            .env("NODE_PATH", &modules)
            .arg(script("client.cjs"))
            .args(arguments);
        command
    });
}

#[test]
fn javas_http_client_gets_a_copy_and_a_readable_error() {
    gets_a_copy_and_a_readable_error(&["java", "javac"], &|arguments| {
        let mut command = Command::new("java");
        command.arg(script("Client.java")).args(arguments);
        command
    });
}

#[test]
fn a_secret_in_a_log_is_noticed() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let log = folder.path().join("log");
    let secrets = ["PR0V-9FHM-3XTD-W8RA-5CZN-J4PE".to_owned()];
    let leaks = |text: &str| {
        fs::write(Path::new(&log), text).expect("the log can be written");
        support::logs::leaks(&log, &secrets).len()
    };
    assert_eq!(leaks("GET /{code}/document 200, copy PR0V-…"), 0);
    assert_eq!(leaks("GET /PR0V-9FHM-3XTD-W8RA-5CZN-J4PE 200"), 2);
    assert_eq!(leaks("GET /pr0v9fhm3xtdw8ra5cznj4pe 200"), 2);
    assert_eq!(leaks("the rest is W8RA-5CZN-J4PE"), 1);
}
