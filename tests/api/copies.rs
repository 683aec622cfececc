//! Making copies and getting them back.

use std::sync::Barrier;
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use segell::model::Code;
use sha2::{Digest, Sha256};

use crate::support::paper;
use crate::support::service::{Answer, Policies, Service};
use crate::{call, problem};

fn field_value(bytes: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(bytes)))
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn copy_of(service: &Service, source: &[u8]) -> Answer {
    let answer = call(service, "POST", "/v1/copies").body(source).answer();
    assert_eq!(
        answer.status,
        201,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer
}

#[test]
fn a_pdf_goes_in_and_its_copy_comes_out_with_everything_the_headers_promise() {
    let service = Service::start(Policies::Default);
    let source = paper::one_page("Acta");
    let copy = copy_of(&service, &source);
    assert!(copy.body.starts_with(&source), "the source is no prefix");
    assert_eq!(copy.header("Content-Type"), "application/pdf");
    assert_eq!(copy.header("Content-Length"), copy.body.len().to_string());
    assert_eq!(copy.header("Repr-Digest"), field_value(&copy.body));
    assert_eq!(
        copy.header("ETag"),
        format!("\"{}\"", hexadecimal(&copy.body))
    );
    assert_eq!(copy.header("Vary"), "Accept");
    assert!(!copy.header("X-Request-Id").is_empty());
    let code = copy.header("Verification-Code");
    assert!(code.starts_with("PR0V-") && code.len() == 29, "{code}");
    let place = format!("/v1/copies/{}", code.replace('-', ""));
    assert_eq!(copy.header("Location"), place);

    let record = service.get(&place).expect("an answer");
    assert_eq!(record.status, 200);
    assert_eq!(record.header("Repr-Digest"), field_value(&record.body));
    let record = record.json();
    assert_eq!(record["verification_code"], code);
    assert_eq!(record["status"], "in_force");
    assert_eq!(record["elaboration_state"], "EE02");
    assert_eq!(record["document"]["digest"], hexadecimal(&copy.body));
    assert_eq!(record["source"]["digest"], hexadecimal(&source));
    assert_eq!(record["source"]["facts"]["pages"], 1);
    assert_eq!(record["band"]["pages"], 1);

    for (link, bytes) in [("document", &copy.body), ("source", &source)] {
        let path = record["links"][link].as_str().expect("a link");
        let answer = service.get(path).expect("an answer");
        assert_eq!(answer.status, 200);
        assert_eq!(&answer.body, bytes, "{link}");
        assert_eq!(answer.header("Repr-Digest"), field_value(bytes));
        assert_eq!(answer.header("Accept-Ranges"), "bytes");
    }

    let report = service.post("/v1/validations", "application/pdf", &copy.body);
    let report = report.expect("an answer");
    assert_eq!(report.status, 200);
    assert_eq!(report.json()["verdict"], "identical");
    assert_eq!(report.json()["indication"], "TOTAL-PASSED");
    let report = service.post("/v1/validations", "application/pdf", &source);
    assert_eq!(report.expect("an answer").json()["verdict"], "not_ours");
}

#[test]
fn the_same_request_again_is_the_same_copy() {
    let service = Service::start(Policies::Default);
    let source = paper::one_page("Acta");
    let copy = copy_of(&service, &source);
    let again = call(&service, "POST", "/v1/copies").body(&source).answer();
    assert_eq!(again.status, 200);
    assert_eq!(again.header("Idempotency-Replayed"), "true");
    assert_eq!(again.body, copy.body);
    let another = call(&service, "POST", "/v1/copies?force_new=true")
        .body(&source)
        .answer();
    assert_eq!(another.status, 201);
    assert_ne!(
        another.header("Verification-Code"),
        copy.header("Verification-Code")
    );
}

#[test]
fn a_key_names_one_request_for_ever() {
    let service = Service::start(Policies::Default);
    let post = |source: &[u8], query: &str| {
        call(&service, "POST", &format!("/v1/copies{query}"))
            .header("Idempotency-Key", "expedient-2026-117")
            .body(source)
            .answer()
    };
    let source = paper::one_page("Acta");
    assert_eq!(post(&source, "").status, 201);
    let again = post(&source, "");
    assert_eq!(
        (again.status, again.header("Idempotency-Replayed")),
        (200, "true")
    );
    problem(
        &post(&paper::one_page("Edicte"), ""),
        422,
        "idempotency-mismatch",
    );
    problem(&post(&source, "?kind=paper"), 422, "idempotency-mismatch");
    let bad = call(&service, "POST", "/v1/copies")
        .header("Idempotency-Key", "with a space")
        .body(&source)
        .answer();
    problem(&bad, 400, "header-invalid");
}

#[test]
fn ten_identical_requests_at_once_make_one_copy() {
    let service = Service::start(Policies::Default);
    let source = paper::one_page("Alhora");
    let together = Barrier::new(10);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let callers: Vec<_> = (0..10)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    call(&service, "POST", "/v1/copies").body(&source).answer()
                })
            })
            .collect();
        callers
            .into_iter()
            .map(|caller| caller.join().expect("no caller panics"))
            .collect()
    });
    let first = &answers[0];
    for answer in &answers {
        assert!(
            [200, 201].contains(&answer.status),
            "{}",
            String::from_utf8_lossy(&answer.body)
        );
        assert_eq!(answer.body, first.body);
        assert_eq!(
            answer.header("Verification-Code"),
            first.header("Verification-Code")
        );
    }
    let new = answers.iter().filter(|answer| answer.status == 201).count();
    assert!(new <= 1, "{new} of them were new");
}

#[test]
fn json_is_given_to_who_prefers_it_and_forms_bring_metadata() {
    let service = Service::start(Policies::Default);
    let source = paper::one_page("Padró");
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n\
        {\"kind\":\"paper\",\"language\":\"es\",\"title\":\"Padron de 1924\",\
        \"external_ref\":{\"system\":\"registre\",\"id\":\"7\"}}\
        \r\n--edge\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\
        Content-Type: application/pdf\r\n\r\n"
        .to_vec();
    body.extend_from_slice(&source);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let answer = call(&service, "POST", "/v1/copies?placement=last")
        .header("Accept", "application/json")
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .header("Content-Digest", &field_value(&body))
        .body(&body)
        .answer();
    assert_eq!(
        answer.status,
        201,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    assert_eq!(answer.header("Content-Type"), "application/json");
    let record = answer.json();
    assert_eq!(record["kind"], "paper");
    assert_eq!(record["language"], "es");
    assert_eq!(record["placement"], "last");
    assert_eq!(record["title"], "Padron de 1924");
    assert_eq!(record["external_ref"]["id"], "7");
    assert_eq!(record["band"]["pages"], 2);
    assert_eq!(record["source"]["digest"], hexadecimal(&source));
}

#[test]
fn documents_are_given_in_ranges_and_only_to_who_needs_them() {
    let service = Service::start(Policies::Default);
    let copy = copy_of(&service, &paper::one_page("Acta"));
    let path = format!("{}/document", copy.header("Location"));
    let get = |name: &str, value: &str| call(&service, "GET", &path).header(name, value).answer();

    let part = get("Range", "bytes=5-9");
    assert_eq!(
        (part.status, part.body.as_slice()),
        (206, &copy.body[5..10])
    );
    let range = format!("bytes 5-9/{}", copy.body.len());
    assert_eq!(part.header("Content-Range"), range);
    assert_eq!(part.header("Repr-Digest"), copy.header("Repr-Digest"));
    let end = get("Range", "bytes=-6");
    assert_eq!(end.body, b"%%EOF\n");
    let outside = get("Range", "bytes=99999999-");
    problem(&outside, 416, "range-not-satisfiable");
    assert_eq!(
        outside.header("Content-Range"),
        format!("bytes */{}", copy.body.len())
    );

    let known = get("If-None-Match", copy.header("ETag"));
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(known.header("ETag"), copy.header("ETag"));
    problem(&get("If-Match", "\"other\""), 412, "precondition-failed");

    let head = call(&service, "HEAD", &path).answer();
    assert_eq!(head.status, 200);
    assert_eq!(head.header("Content-Length"), copy.body.len().to_string());
    assert!(head.body.is_empty());
}

#[test]
fn preflight_says_what_would_happen_and_issues_nothing() {
    let service = Service::start(Policies::Default);
    let good = call(&service, "POST", "/v1/copies/preflight")
        .body(&paper::one_page("Acta"))
        .answer();
    assert_eq!(good.status, 200);
    assert_eq!(good.json()["sealable"], true);
    assert_eq!(good.json()["source"]["pages"], 1);
    let scale = good.json()["band"]["printed_scale_percent"].as_f64();
    assert!(
        scale.is_some_and(|scale| (90.0..95.0).contains(&scale)),
        "{scale:?}"
    );

    let bad = call(&service, "POST", "/v1/copies/preflight")
        .body(b"a letter")
        .answer();
    assert_eq!(bad.status, 200);
    assert_eq!(bad.json()["sealable"], false);
    assert_eq!(bad.json()["findings"][0]["rule"], "not-pdf");
    assert_eq!(bad.json()["findings"][0]["severity"], "refusal");

    let copies = service.folder().join("archive/copies");
    assert!(
        !copies.exists(),
        "preflight left a trace in {}",
        copies.display()
    );
}

#[test]
fn a_digest_that_does_not_match_stops_everything() {
    let service = Service::start(Policies::Default);
    let answer = call(&service, "POST", "/v1/copies")
        .header("Content-Digest", &field_value(b"something else"))
        .body(&paper::one_page("Acta"))
        .answer();
    problem(&answer, 400, "digest-mismatch");
    assert!(!service.folder().join("archive/copies").exists());
}

#[test]
fn a_copy_of_another_organ_is_as_absent_as_one_that_never_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("applications.toml");
    let applications = format!(
        "[[application]]\nid = \"gestor\"\nname = \"Gestor\"\nkey_sha256 = \"{}\"\n\
         organs = [\"L01990027\"]\n",
        hexadecimal(b"another-key")
    );
    std::fs::write(&file, applications).expect("the file is written");
    let file = file.to_string_lossy();
    let service = Service::start_with(Policies::Default, &[("SEGELL__APPLICATIONS__FILE", &file)]);
    let copy = copy_of(&service, &paper::one_page("Acta"));
    let as_another = |path: &str| {
        crate::public_call(&service, "GET", path)
            .header("Authorization", "Bearer another-key")
            .header("X-Request-Id", "same")
            .answer()
    };
    let absent = format!("/v1/copies/{}", Code::for_test(&[7; 32]).compact());
    for part in ["", "/document", "/source"] {
        let theirs = as_another(&format!("{}{part}", copy.header("Location")));
        problem(&theirs, 404, "not-found");
        assert_eq!(theirs.body, as_another(&format!("{absent}{part}")).body);
    }
    let asked = crate::public_call(&service, "POST", "/v1/copies?organ=L01990015")
        .header("Authorization", "Bearer another-key")
        .body(&paper::one_page("Acta"))
        .answer();
    problem(&asked, 403, "organ-not-allowed");
}

#[test]
fn a_service_without_an_archive_seals_and_remembers_nothing() {
    let service = Service::start_with(Policies::Default, &[("SEGELL__ARCHIVE__URL", "none")]);
    let source = paper::one_page("Acta");
    let copy = copy_of(&service, &source);
    let gone = service.get(copy.header("Location")).expect("an answer");
    problem(&gone, 404, "no-archive");
    let keyed = call(&service, "POST", "/v1/copies")
        .header("Idempotency-Key", "k")
        .body(&source)
        .answer();
    problem(&keyed, 400, "idempotency-unavailable");
    let report = service.post("/v1/validations", "application/pdf", &copy.body);
    assert_eq!(report.expect("an answer").json()["verdict"], "undetermined");
}
