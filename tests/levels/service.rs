//! The running service with real authorities, and pyHanko's opinion of what comes out.

use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::paper;
use crate::support::pki_service::PkiService;
use crate::support::service::{Answer, Policies, Service};
use crate::support::tools;

/// RSA-2048 with PKCS#1 v1.5, RSA-3072 with PSS, ECDSA on P-256.
const ORGANS: [&str; 3] = ["L01990015", "L01990027", "L01990033"];
const LEVELS: [&str; 3] = ["B-T", "B-LT", "B-LTA"];

const PATIENCE: Duration = Duration::from_secs(60);

fn start(pki: &PkiService, more: &[(&str, &str)]) -> Service {
    let settings = pki.settings();
    let settings = settings.iter().map(|(name, value)| (*name, value.as_str()));
    let settings: Vec<_> = settings.chain(more.iter().copied()).collect();
    Service::start_with(Policies::Default, &settings)
}

fn seal(service: &Service, query: &str) -> Answer {
    let answer = service.seal(&paper::one_page("levels"), query);
    answer.expect("an answer")
}

/// Seals once the service has heard from its authorities, which it asks in the background.
fn seal_in_time(service: &Service, query: &str) -> Answer {
    let from = Instant::now();
    loop {
        let answer = seal(service, query);
        if answer.status != 503 || from.elapsed() > PATIENCE {
            return answer;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// The levels reached and asked.
fn levels(answer: &Answer) -> (&str, &str) {
    (
        answer.header("Signature-Level"),
        answer.header("Signature-Level-Asked"),
    )
}

fn problem(answer: &Answer) -> (u16, String, String) {
    let problem = answer.json();
    let word = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    (answer.status, word("code"), word("retry"))
}

fn refused(code: &str) -> (u16, String, String) {
    (503, code.to_owned(), "later".to_owned())
}

/// Copies that were begun, whatever became of them.
fn begun(service: &Service) -> usize {
    let copies = service.folder().join("archive/copies");
    let mut found = 0;
    let mut folders = vec![copies];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                _ => found += 1,
            }
        }
    }
    found
}

fn assert_judges_agree(anchors: &[PathBuf], copies: &[(String, PathBuf)]) {
    let script = crate::support::root().join("tests/levels/judge.py");
    let questions = copies
        .iter()
        .map(|(level, path)| format!("{level}={}", path.display()));
    let anchors: Vec<String> = anchors
        .iter()
        .map(|anchor| anchor.display().to_string())
        .collect();
    let words = [script.display().to_string()]
        .into_iter()
        .chain([anchors.join(",")])
        .chain(questions);
    let said = tools::text_of(&tools::python(), words).expect("pyHanko judges");
    let said: Vec<&str> = said.lines().collect();
    assert_eq!(said.len(), copies.len());
    for (said, (level, path)) in said.iter().zip(copies) {
        assert_eq!(*said, "VALID", "{level}: {}", path.display());
    }
}

#[test]
fn every_level_is_reached_with_every_kind_of_key_and_others_agree() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let service = start(&pki, &[]);
    let mut copies = Vec::new();
    for organ in ORGANS {
        for level in LEVELS {
            let answer = seal_in_time(&service, &format!("organ={organ}&level={level}"));
            let name = format!("{organ} {level}");
            assert_eq!(answer.status, 201, "{name}: {}", answer.json());
            assert_eq!(levels(&answer), (level, level), "{name}");
            let path = service.folder().join(format!("{organ}.{level}.pdf"));
            std::fs::write(&path, &answer.body).expect("the copy can be written");
            copies.push((level.to_owned(), path));

            let report = service.post("/v1/validations", "application/pdf", &answer.body);
            let report = report.expect("a report").json();
            let seal = &report["signatures"][0];
            assert_eq!(report["verdict"], "identical", "{name}: {report}");
            assert_eq!(seal["level"], level, "{name}: {report}");
            if level != "B-T" {
                assert_eq!(seal["indication"], "TOTAL-PASSED", "{name}: {report}");
            }
            let code = answer.header("Verification-Code").replace('-', "");
            let record = service
                .get(&format!("/v1/copies/{code}"))
                .expect("a record");
            assert_eq!(record.json()["seal"]["level"], level);
            assert_eq!(record.json()["seal"]["level_asked"], level);
        }
    }
    let trusted = crate::support::root().join("certs-example/trust");
    // Whoever trusts the roots alone finds the rest of the way, and its revocation data, in the copies.
    let anchors = [trusted.join("root.pem"), pki.certificate("time-root")];
    assert_judges_agree(&anchors, &copies);
}

#[test]
fn on_a_bad_day_of_the_authority_nothing_is_issued_or_the_copy_says_what_it_is() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let more = [
        ("SEGELL__TIMESTAMP__TOTAL_SECONDS", "1"),
        ("SEGELL__TIMESTAMP__RETRIES", "0"),
    ];
    let service = start(&pki, &more);
    let untrusted = format!("[{{ url = \"{}\" }}]", pki.tsa_named("tsa-untrusted"));
    let other = start(
        &pki,
        &[("SEGELL__TIMESTAMP__AUTHORITIES", untrusted.as_str())],
    );
    let bad_day = |service: &Service, name: &str| {
        let before = begun(service);
        let answer = seal(
            service,
            &format!("organ={}&level=B-T&title={name}", ORGANS[0]),
        );
        assert_eq!(problem(&answer), refused("timestamp-unavailable"), "{name}");
        let wait: u32 = answer.header("Retry-After").parse().unwrap_or_default();
        assert!(wait > 0, "{name}");
        assert_eq!(begun(service), before, "{name}: something was stored");
        let query = format!(
            "organ={}&level=B-LTA&on_lower_level=accept&title={name}",
            ORGANS[0]
        );
        let answer = seal(service, &query);
        assert_eq!(answer.status, 201, "{name}: {}", answer.json());
        assert_eq!(levels(&answer), ("B-B", "B-LTA"), "{name}");
    };
    bad_day(&other, "untrusted");
    pki.set_down(true);
    bad_day(&service, "refusing");
    pki.set_down(false);
    pki.set_delay(3.0);
    bad_day(&service, "hanging");
    pki.set_delay(0.0);
    let answer = seal_in_time(&service, &format!("organ={}&level=B-T", ORGANS[0]));
    assert_eq!(levels(&answer), ("B-T", "B-T"), "the authority is back");
}

#[test]
fn without_revocation_data_or_with_a_revoked_seal_no_copy_claims_more_than_is_true() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    pki.revoke(ORGANS[1], "key_compromise");
    // Nobody answers for the time-stamp authority.
    let source = |name: &str| {
        format!(
            "{{ issuer = \"{}\", ocsp = \"{}\" }}",
            pki.certificate(name).display(),
            pki.ocsp(name)
        )
    };
    let sources = format!("[{}, {}]", source("root"), source("sector-public"));
    let service = start(&pki, &[("SEGELL__REVOCATION__SOURCES", sources.as_str())]);

    let answer = seal(&service, &format!("organ={}&level=B-LT", ORGANS[0]));
    assert_eq!(problem(&answer), refused("revocation-data-unavailable"));
    assert_eq!(begun(&service), 0);
    let query = format!("organ={}&level=B-LT&on_lower_level=accept", ORGANS[0]);
    let answer = seal(&service, &query);
    assert_eq!(answer.status, 201, "{}", answer.json());
    assert_eq!(levels(&answer), ("B-T", "B-LT"));
    let findings = |answer: &Answer| -> Value {
        let code = answer.header("Verification-Code").replace('-', "");
        let record = service
            .get(&format!("/v1/copies/{code}"))
            .expect("a record");
        record.json()["findings"].clone()
    };
    assert_eq!(findings(&answer)[0]["rule"], "level-lowered");

    let from = Instant::now();
    let mut answer = seal(&service, &format!("organ={}", ORGANS[1]));
    // Until the responder was heard, nothing is known that stands against the seal.
    while answer.status != 503 && from.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(100));
        answer = seal(&service, &format!("organ={}&force_new=true", ORGANS[1]));
    }
    assert_eq!(problem(&answer), refused("seal-revoked"));
}

#[test]
fn a_checkpoint_of_the_audit_log_carries_the_time_of_a_real_authority() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let folder = TempDir::new().expect("a folder");
    let archive = format!("file://{}", folder.path().join("archive").display());
    let log = folder.path().join("audit").display().to_string();
    let own = [
        ("SEGELL__ARCHIVE__URL", archive.as_str()),
        ("SEGELL__AUDIT__FOLDER", log.as_str()),
    ];
    let service = start(&pki, &own);
    assert_eq!(seal(&service, "organ=L01990015").status, 201);
    // At its end it makes a last checkpoint, the first of this day.
    service.terminate();

    let settings = pki.settings();
    let mut program = Command::new(env!("CARGO_BIN_EXE_segell"));
    program
        .args(["audit", "verify", "--json"])
        .current_dir(crate::support::root())
        .envs(settings.iter().map(|(name, value)| (*name, value.as_str())))
        .envs(own);
    let output = tools::run_command(&mut program).expect("the program runs");
    let said: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(said["findings"], serde_json::json!([]), "{said}");
    assert_eq!(said["copies"], 1, "{said}");
    let stamped = said["logs"][0]["stamped_at"].as_str();
    let stamped: Timestamp = stamped.expect("a time").parse().expect("a time");
    let age = Timestamp::now().duration_since(stamped);
    assert!(age.as_secs().abs() < 120, "{stamped}");
}
