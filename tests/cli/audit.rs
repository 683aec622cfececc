//! `audit`: what the service and the command line did stands in the log, and whoever changes it is found out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::service::{Service, ask};
use crate::stage::{EXAMPLE, Said, Stage, minimal_pdf};

const KEY: &str = "Authorization: Bearer segell_pre_evaluation";

fn stage() -> Stage {
    Stage::new().with("SEGELL__AUDIT__INSTANCE", "node")
}

fn post(service: &Service, path: &str, key: &str, body: &[u8]) -> (String, Vec<u8>) {
    let head = format!(
        "POST {path} HTTP/1.1\r\n{key}\r\nX-Request-Id: the-request\r\nContent-Length: {}",
        body.len()
    );
    ask(&service.address("service"), &head, body)
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let mut lines = head.lines();
    lines.find_map(|line| line.strip_prefix(name)).unwrap()
}

/// The segments of an instance on this machine.
fn segments(stage: &Stage, instance: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(stage.path("audit").join(instance)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    paths.sort();
    paths
}

fn text(stage: &Stage, instance: &str) -> String {
    let segments = segments(stage, instance);
    let texts = segments
        .iter()
        .map(|path| fs::read_to_string(path).unwrap());
    texts.collect()
}

fn entries(text: &str) -> Vec<Value> {
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.map(|line: Value| line["entry"].clone()).collect()
}

fn findings(said: &Said) -> Vec<String> {
    let json = said.json();
    let findings = json["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["finding"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn everything_that_happens_stands_in_the_log_gives_nothing_away_and_is_proved() {
    let stage = stage();
    let service = Service::start(&stage);
    let (head, copy) = post(
        &service,
        "/v1/copies?organ=L01990015",
        KEY,
        &minimal_pdf("one"),
    );
    assert!(head.starts_with("HTTP/1.1 201"), "{head}");
    let code = header(&head, "verification-code: ").to_owned();
    let (head, _) = post(&service, "/v1/copies", "Authorization: Bearer wrong", b"x");
    assert!(head.starts_with("HTTP/1.1 401"), "{head}");
    let address = service.address("service");
    for path in [format!("/{code}"), format!("/{code}/document")] {
        let (head, _) = ask(&address, &format!("GET {path} HTTP/1.1"), b"");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    }
    let (head, _) = post(&service, "/v1/validations", KEY, &copy);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let withdrawal = br#"{"reason": "superseded", "text": "Hi ha una altra."}"#;
    let (head, _) = post(
        &service,
        &format!("/v1/copies/{code}/withdraw"),
        KEY,
        withdrawal,
    );
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");

    // Meanwhile, on the command line.
    let pdf = stage.pdf("two.pdf", "two");
    let pdf = pdf.to_str().unwrap();
    let sealed = stage.run(&[
        "seal",
        pdf,
        "-o",
        "two-copy.pdf",
        "--organ",
        "L01990027",
        "--json",
    ]);
    assert_eq!(sealed.exit, 0, "{sealed:?}");
    let second = sealed.json()["verification_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let new = [
        "keys",
        "new",
        "--application",
        "gestor",
        "--organ",
        "L01990015",
    ];
    let mut made = stage.command(&new);
    let made = made.env("SEGELL__APPLICATIONS__FILE", "applications.toml");
    let made = made.output().unwrap();
    let key = String::from_utf8(made.stdout).unwrap();
    let key = key.lines().next().unwrap().to_owned();
    let (exit, log) = service.stop();
    assert_eq!(exit, 0, "{log}");

    let service_log = text(&stage, "node");
    let told = entries(&service_log);
    let find = |event: &str| told.iter().find(|entry| entry["event"] == event);
    for (event, outcome) in [
        ("copy-issued", "new"),
        ("request-refused", "unauthorized"),
        ("copy-looked-up", "shown"),
        ("copy-given-out", "shown"),
        ("file-validated", "identical"),
        ("copy-withdrawn", "superseded"),
    ] {
        let entry = find(event).unwrap_or_else(|| panic!("{event}: {service_log}"));
        assert_eq!(entry["outcome"], outcome, "{service_log}");
    }
    for event in [
        "instance-started",
        "applications-loaded",
        "seal-loaded",
        "instance-stopped",
    ] {
        assert!(find(event).is_some(), "{event}: {service_log}");
    }
    let issued = find("copy-issued").unwrap();
    assert_eq!(issued["organ"], "L01990015");
    assert_eq!(issued["application"], "evaluation");
    assert_eq!(issued["request_id"], "the-request");
    assert_eq!(
        issued["copy_ref"],
        find("copy-withdrawn").unwrap()["copy_ref"]
    );
    assert_eq!(
        issued["file_ref"],
        find("file-validated").unwrap()["file_ref"]
    );
    let command_log = text(&stage, "node-cli");
    let events: Vec<Value> = entries(&command_log)
        .into_iter()
        .map(|entry| entry["event"].clone())
        .collect();
    assert_eq!(events, ["copy-issued", "key-made"]);

    let organ = fs::read_to_string(Path::new(EXAMPLE).join("organs/L01990015.toml")).unwrap();
    let nif = organ
        .lines()
        .find_map(|line| line.strip_prefix("nif = \""))
        .unwrap();
    let logs = (service_log + &command_log).to_uppercase().replace('-', "");
    let whole = [&key, nif.trim_end_matches('"'), "segell_pre_evaluation"];
    let halves = [&code, &second].map(|code| &code[code.len() / 2..]);
    for secret in whole.into_iter().chain(halves) {
        let secret = secret.to_uppercase().replace('-', "");
        assert!(!logs.contains(&secret), "{secret}");
    }

    let verified = stage.run(&["audit", "verify", "--json"]);
    assert_eq!(verified.exit, 0, "{verified:?}");
    let json = verified.json();
    assert_eq!(
        (&json["copies"], &json["pending_copies"]),
        (&2.into(), &0.into())
    );
    let logs = json["logs"].as_array().unwrap();
    assert_eq!(logs.len(), 2);
    for log in logs {
        assert_eq!(log["proved"], log["lines"], "{log}");
        assert!(log["unproved_tail"].is_null(), "{log}");
    }
    let people = stage.run(&["audit", "verify"]);
    assert!(
        people.out.contains("sound") && people.out.contains("node-cli"),
        "{people:?}"
    );

    let export = ["audit", "export", "--organ", "L01990027", "part.jsonl"];
    let exported = stage.run(&export);
    assert_eq!(exported.exit, 0, "{exported:?}");
    let part = fs::read_to_string(stage.path("part.jsonl")).unwrap();
    assert!(
        part.contains("L01990027") && !part.contains("L01990015"),
        "{part}"
    );
    let checked = stage.run(&["audit", "verify", "--file", "part.jsonl"]);
    assert_eq!(checked.exit, 0, "{checked:?}");
    stage.file("part.jsonl", part.replacen("\"new\"", "\"old\"", 1));
    let checked = stage.run(&["audit", "verify", "--file", "part.jsonl", "--json"]);
    assert_eq!(
        (checked.exit, findings(&checked)),
        (1, vec!["line-unreadable".to_owned()])
    );

    // On the disk alone the archive knows better; in both the checkpoint does.
    let segment = segments(&stage, "node").remove(0);
    let changed = fs::read_to_string(&segment)
        .unwrap()
        .replacen("superseded", "sUperseded", 1);
    fs::write(&segment, &changed).unwrap();
    let found = stage.run(&["audit", "verify", "--json"]);
    assert_eq!(
        (found.exit, findings(&found)),
        (1, vec!["segment-differs".to_owned()])
    );
    let archived = stage
        .path("archive/audit/segments/node")
        .join(segment.file_name().unwrap());
    fs::write(archived, &changed).unwrap();
    let found = stage.run(&["audit", "verify", "--json"]);
    assert!(
        findings(&found).contains(&"line-unreadable".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_copy_of_which_no_line_tells_is_found() {
    let stage = stage();
    let seal = |name: &str| {
        let pdf = stage.pdf(&format!("{name}.pdf"), name);
        let out = format!("{name}-copy.pdf");
        let mut command = stage.command(&[
            "seal",
            pdf.to_str().unwrap(),
            "-o",
            &out,
            "--organ",
            "L01990015",
        ]);
        command.stdin(Stdio::null());
        command
    };
    let verify = || stage.run(&["audit", "verify", "--json"]);
    assert_eq!(
        seal("older")
            .env("SEGELL__AUDIT__FOLDER", "")
            .status()
            .unwrap()
            .code(),
        Some(0)
    );
    assert_eq!(findings(&verify()), ["log-missing"]);
    // Records tell whole seconds.
    thread::sleep(Duration::from_millis(1100));
    assert_eq!(seal("told").status().unwrap().code(), Some(0));
    assert_eq!(
        seal("untold")
            .env("SEGELL__AUDIT__FOLDER", "")
            .status()
            .unwrap()
            .code(),
        Some(0)
    );
    thread::sleep(Duration::from_millis(2100));
    let said = verify();
    assert_eq!(
        (said.exit, findings(&said)),
        (1, vec!["copy-without-line".to_owned()])
    );
    let json = said.json();
    assert_eq!(
        (&json["copies"], &json["older_copies"]),
        (&1.into(), &1.into())
    );
    let text = json["findings"][0]["text"].as_str().unwrap();
    assert!(
        text.contains("no line tells of a copy of L01990015"),
        "{text}"
    );
}

#[test]
fn no_copy_leaves_while_the_log_cannot_be_written_and_pages_go_on() {
    let stage = stage();
    let service = Service::start(&stage);
    let path = "/v1/copies?organ=L01990015";
    let (head, _) = post(&service, path, KEY, &minimal_pdf("first"));
    let code = header(&head, "verification-code: ").to_owned();
    let segment = segments(&stage, "node").remove(0);
    let lines = fs::read(&segment).unwrap();
    fs::write(&segment, b"").unwrap();
    for document in ["second", "third"] {
        let (head, body) = post(&service, path, KEY, &minimal_pdf(document));
        assert!(head.starts_with("HTTP/1.1 503"), "{head}");
        let body = String::from_utf8(body).unwrap();
        assert!(body.contains("\"code\":\"audit-unavailable\""), "{body}");
    }
    let (head, _) = ask(
        &service.address("service"),
        &format!("GET /{code} HTTP/1.1"),
        b"",
    );
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    fs::write(&segment, lines).unwrap();
    let mut status = String::new();
    for _ in 0..50 {
        let (head, _) = post(&service, path, KEY, &minimal_pdf("second"));
        status = head.lines().next().unwrap().to_owned();
        if status.contains(" 200 ") {
            break;
        }
        thread::sleep(Duration::from_millis(200));
    }
    assert!(
        status.contains(" 200 "),
        "the copy is there and answered now: {status}"
    );
    assert_eq!(service.stop().0, 0);
    assert!(text(&stage, "node").contains("\"event\":\"lines-lost\""));
    let verified = stage.run(&["audit", "verify", "--json"]);
    assert_eq!((verified.exit, findings(&verified)), (0, Vec::new()));
    assert_eq!(verified.json()["copies"], 2);
}
