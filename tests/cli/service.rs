//! `serve` and `health`: started, asked, told to stop.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::stage::{Stage, minimal_pdf};
use crate::support::logs;
use crate::support::service::KEY;

/// A running service. Dropping it kills it.
pub(crate) struct Service {
    child: Child,
    welcome: String,
}

impl Service {
    pub(crate) fn start(stage: &Stage) -> Self {
        let mut child = stage
            .command(&[])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut welcome = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while !welcome.contains("Ctrl-C") {
            match lines.next() {
                Some(line) => welcome.push_str(&format!("{}\n", line.unwrap())),
                None => {
                    let mut error = String::new();
                    child
                        .stderr
                        .take()
                        .unwrap()
                        .read_to_string(&mut error)
                        .unwrap();
                    panic!("it ended: {welcome}\n{error}");
                }
            }
        }
        Self { child, welcome }
    }

    /// What follows `name` in the welcome: an address without its scheme.
    pub(crate) fn address(&self, name: &str) -> String {
        let line = self
            .welcome
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        let (_, rest) = line.unwrap().split_once("http://").unwrap();
        rest.split('/').next().unwrap().to_owned()
    }

    /// Ends it politely; the exit code and what it logged.
    pub(crate) fn stop(mut self) -> (i32, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let patience = Instant::now() + Duration::from_secs(20);
        while self.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < patience, "it does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert_keeps_secrets(&log);
        (self.child.wait().unwrap().code().unwrap_or(-1), log)
    }
}

impl Drop for Service {
    /// What it logged is searched for secrets.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut log = String::new();
        if let Some(mut rest) = self.child.stderr.take() {
            let _ = rest.read_to_string(&mut log);
        }
        if !std::thread::panicking() {
            assert_keeps_secrets(&log);
        }
    }
}

fn assert_keeps_secrets(log: &str) {
    let leaks = logs::leaks_in(log, &[KEY.to_owned()]);
    assert!(leaks.is_empty(), "{leaks:?}");
}

/// One request, one connection; head and body of the answer.
pub(crate) fn ask(address: &str, head: &str, body: &[u8]) -> (String, Vec<u8>) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{head}\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    let body = answer.split_off(end + 4);
    (String::from_utf8(answer).unwrap(), body)
}

#[test]
fn the_first_run_welcomes_makes_a_copy_answers_and_stops_politely() {
    let stage = Stage::new();
    let service = Service::start(&stage);
    for part in [
        "5 seals loaded",
        "L01990015",
        "Authorization: Bearer segell_pre_evaluation",
        "--data-binary @document.pdf",
        "-o copy.pdf -D -",
        "/docs",
        "/CODE",
    ] {
        assert!(
            service.welcome.contains(part),
            "{part}: {}",
            service.welcome
        );
    }

    let pdf = minimal_pdf("first");
    let head = format!(
        "POST /v1/copies HTTP/1.1\r\nAuthorization: Bearer segell_pre_evaluation\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
        pdf.len()
    );
    let (head, copy) = ask(&service.address("service"), &head, &pdf);
    assert!(head.starts_with("HTTP/1.1 201"), "{head}");
    assert!(copy.windows(pdf.len()).any(|window| window == pdf));
    assert!(head.contains("verification-code: "), "{head}");

    let operations = service.address("health");
    let said = stage
        .command(&["health"])
        .env("SEGELL__SERVER__OPERATIONS_BIND", &operations)
        .output()
        .unwrap();
    assert!(said.status.success(), "{said:?}");
    let (ready, _) = ask(&operations, "GET /readyz HTTP/1.1", b"");
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");

    let (exit, log) = service.stop();
    assert_eq!(exit, 0, "{log}");
    assert!(log.contains("stopping"));
}

#[test]
fn a_copy_of_the_service_is_recognised_by_the_command_line() {
    let stage = Stage::new();
    let service = Service::start(&stage);
    stage.pdf("a.pdf", "shared");
    assert_eq!(stage.run(&["seal", "a.pdf", "-o", "copy.pdf"]).exit, 0);
    let copy = std::fs::read(stage.path("copy.pdf")).unwrap();
    let head = format!(
        "POST /v1/validations HTTP/1.1\r\nAuthorization: Bearer segell_pre_evaluation\r\n\
         Content-Type: application/pdf\r\nContent-Length: {}",
        copy.len()
    );
    let (head, report) = ask(&service.address("service"), &head, &copy);
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    assert!(String::from_utf8(report).unwrap().contains("identical"));
}

#[test]
fn without_any_seal_the_service_starts_and_says_so_loudly() {
    let stage = Stage::new().with("SEGELL__ORGANS__FOLDER", "absent");
    let service = Service::start(&stage);
    assert!(service.welcome.contains("NO SEAL IS LOADED"));
    let (head, _) = ask(&service.address("service"), "GET / HTTP/1.1", b"");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let (exit, log) = service.stop();
    assert_eq!(exit, 0);
    assert!(log.contains("no seal is loaded"), "{log}");
}

#[test]
fn a_service_whose_welcome_nobody_reads_serves_all_the_same() {
    let stage = Stage::new();
    let mut child = stage
        .command(&["serve"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let serving = log.find(|line| line.as_ref().unwrap().contains("listening on"));
    assert!(serving.is_some(), "it ended");
    let service = Service {
        child,
        welcome: String::new(),
    };
    drop(service);
}

#[test]
fn an_address_that_is_taken_is_named_with_its_setting() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let stage = Stage::new().with("SEGELL__SERVER__BIND", &address);
    let said = stage.run(&["serve"]);
    assert_eq!(said.exit, 3, "{said:?}");
    assert!(said.error.contains(&address) && said.error.contains("server.bind"));
}

#[test]
fn health_fails_when_nobody_answers() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let stage = Stage::new().with("SEGELL__SERVER__OPERATIONS_BIND", &address);
    let said = stage.run(&["health"]);
    assert_eq!(said.exit, 1, "{said:?}");
    assert!(said.error.contains("/livez"));
}
