//! Withdrawing a copy: its content is given no longer, by any route, and its page says why.

use std::fs;

use sha2::{Digest, Sha256};

use crate::support::paper;
use crate::support::service::{Answer, Policies, Service};
use crate::{call, problem, public_call};

const REASON: &str =
    r#"{"reason":"superseded","text":{"ca":"La corregida val.","es":"Vale la corregida."}}"#;

fn seal(service: &Service) -> Answer {
    let answer = call(service, "POST", "/v1/copies")
        .body(&paper::one_page("Acta"))
        .answer();
    assert!(matches!(answer.status, 200 | 201), "{answer:?}");
    answer
}

fn withdraw(service: &Service, copy: &Answer, body: &str) -> Answer {
    let path = format!("/v1/copies/{}/withdraw", copy.header("Verification-Code"));
    call(service, "POST", &path).body(body.as_bytes()).answer()
}

fn page(service: &Service, path: &str, accept: &str, language: &str) -> Answer {
    public_call(service, "GET", path)
        .header("Accept", accept)
        .header("Accept-Language", language)
        .answer()
}

#[test]
fn a_withdrawn_copy_is_given_by_no_route_and_says_why() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service);
    let code = copy.header("Verification-Code").to_owned();
    let answer = withdraw(&service, &copy, REASON);
    assert_eq!(answer.status, 200, "{answer:?}");
    let record = answer.json();
    assert_eq!(record["status"], "withdrawn");
    assert_eq!(record["withdrawal"]["reason"], "superseded");
    assert_eq!(record["withdrawal"]["text"]["es"], "Vale la corregida.");

    for path in ["document", "source"] {
        for range in ["", "bytes=0-9"] {
            let answer = call(&service, "GET", &format!("/v1/copies/{code}/{path}"))
                .header("Range", range)
                .answer();
            problem(&answer, 410, "copy-gone");
        }
    }
    let known = call(&service, "GET", &format!("/v1/copies/{code}/document"))
        .header("If-None-Match", copy.header("ETag"))
        .answer();
    problem(&known, 410, "copy-gone");
    let public = format!("/{code}/document");
    problem(
        &page(&service, &public, "application/json", "ca"),
        410,
        "copy-gone",
    );
    for method in ["HEAD", "POST"] {
        let answer = public_call(&service, method, &public).answer();
        assert_eq!(answer.status, 410, "{method}");
        assert!(!answer.body.starts_with(b"%PDF"));
    }
    for path in [format!("/{code}"), public] {
        let answer = page(&service, &path, "text/html", "es");
        assert_eq!(answer.status, 410);
        let html = String::from_utf8_lossy(&answer.body);
        for said in [
            "Esta copia se ha retirado",
            "hay una versión nueva que la sustituye",
            "<blockquote lang=\"es\">Vale la corregida.</blockquote>",
            "Ayuntamiento de Vallserena",
        ] {
            assert!(html.contains(said), "{said}: {html}");
        }
        assert!(!html.contains("/document"), "{html}");
    }
    let software = page(&service, &format!("/{code}"), "application/json", "ca").json();
    assert_eq!(software["status"], "withdrawn");
    assert_eq!(software["withdrawal"]["text"]["ca"], "La corregida val.");
    assert!(software["document_link"].is_null(), "{software}");
    let record = call(&service, "GET", &format!("/v1/copies/{code}")).answer();
    assert_eq!(record.status, 200, "the record remains");
}

#[test]
fn the_file_of_a_withdrawn_copy_is_still_identical_and_its_status_says_the_rest() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service);
    assert_eq!(withdraw(&service, &copy, REASON).status, 200);
    let report = call(&service, "POST", "/v1/validations")
        .body(&copy.body)
        .answer()
        .json();
    assert_eq!(report["verdict"], "identical");
    assert_eq!(report["status"], "withdrawn");
    let answer = public_call(&service, "POST", "/check")
        .header("Accept", "text/html")
        .header("Content-Type", "application/pdf")
        .body(&copy.body)
        .answer();
    let html = String::from_utf8_lossy(&answer.body);
    assert!(html.contains("la còpia es va retirar"), "{html}");
}

#[test]
fn the_same_withdrawal_answers_the_same_and_another_one_is_a_named_problem() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service);
    let first = withdraw(&service, &copy, REASON);
    let again = withdraw(&service, &copy, REASON);
    assert_eq!(again.status, 200);
    assert_eq!(again.json(), first.json());
    let other = withdraw(&service, &copy, r#"{"reason":"other","text":"Altra cosa"}"#);
    problem(&other, 409, "already-withdrawn");
    assert_eq!(withdraw(&service, &copy, REASON).json(), first.json());
}

#[test]
fn a_withdrawal_that_cannot_be_understood_changes_nothing() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service);
    for (body, pointer) in [
        ("", ""),
        ("[]", ""),
        (r#"{"text":"x"}"#, "/reason"),
        (r#"{"reason":"because","text":"x"}"#, "/reason"),
        (r#"{"reason":"other"}"#, "/text"),
        (r#"{"reason":"other","text":""}"#, "/text"),
        (r#"{"reason":"other","text":{"fr":"x"}}"#, "/text"),
        (r#"{"reason":"other","text":"x","by":"me"}"#, ""),
    ] {
        let document = problem(&withdraw(&service, &copy, body), 400, "metadata-invalid");
        assert_eq!(document["pointer"], pointer, "{body}");
    }
    assert_eq!(seal(&service).header("Idempotency-Replayed"), "true");
}

#[test]
fn the_next_same_request_makes_a_new_copy_unless_a_key_names_the_old_one() {
    let service = Service::start(Policies::Default);
    let old = seal(&service);
    assert_eq!(withdraw(&service, &old, REASON).status, 200);
    let new = seal(&service);
    assert_eq!(new.status, 201);
    assert_ne!(
        new.header("Verification-Code"),
        old.header("Verification-Code")
    );
    assert_eq!(
        seal(&service).header("Verification-Code"),
        new.header("Verification-Code")
    );

    let keyed = || {
        call(&service, "POST", "/v1/copies")
            .header("Idempotency-Key", "withdrawn-key")
            .body(&paper::one_page("Acta"))
            .answer()
    };
    let copy = keyed();
    assert_eq!(copy.status, 201);
    assert_eq!(withdraw(&service, &copy, REASON).status, 200);
    problem(&keyed(), 409, "copy-withdrawn");
}

#[test]
fn nobody_withdraws_or_hides_the_copy_of_another_organ() {
    let key = "an-application-of-another-organ";
    let digest: String = Sha256::digest(key)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let file = tempfile::NamedTempFile::new().expect("a file");
    let text = format!(
        "[[application]]\nid = \"a\"\nname = \"A\"\nkey_sha256 = \"{digest}\"\norgans = [\"L01990028\"]\n"
    );
    fs::write(file.path(), text).expect("the file can be written");
    let path = file.path().to_str().expect("a path");
    let service = Service::start_with(Policies::Default, &[("SEGELL__APPLICATIONS__FILE", path)]);
    service.keep_secret(key);
    let copy = seal(&service);
    let code = copy.header("Verification-Code");
    for (path, body) in [
        ("withdraw", REASON),
        ("visibility", r#"{"visibility":"metadata"}"#),
    ] {
        for key in [key, "nobody"] {
            let answer = public_call(&service, "POST", &format!("/v1/copies/{code}/{path}"))
                .header("Authorization", &format!("Bearer {key}"))
                .body(body.as_bytes())
                .answer();
            assert!(matches!(answer.status, 401 | 404), "{answer:?}");
        }
    }
    let record = call(&service, "GET", &format!("/v1/copies/{code}"))
        .answer()
        .json();
    assert_eq!(
        (&record["status"], &record["visibility"]),
        (&"in_force".into(), &"open".into())
    );
}
