//! Raising a copy that was issued: the same code, one version more, and nothing at all when it cannot be done.

use std::fs;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::support::paper;
use crate::support::pki_service::PkiService;
use crate::support::service::{Answer, Policies, Service};
use crate::{call, problem, public_call};

/// Somebody who may ask for another organ.
const STRANGER: &str = "an-application-of-another-organ";

fn strangers() -> NamedTempFile {
    let digest: String = Sha256::digest(STRANGER)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let file = NamedTempFile::new().expect("a file");
    let text = format!(
        "[[application]]\nid = \"a\"\nname = \"A\"\nkey_sha256 = \"{digest}\"\norgans = [\"L01990028\"]\n"
    );
    fs::write(file.path(), text).expect("the file can be written");
    file
}

fn start(pki: &PkiService, applications: &NamedTempFile) -> Service {
    let file = applications.path().display().to_string();
    let mut settings = pki.settings();
    settings.push(("SEGELL__APPLICATIONS__FILE", file));
    let settings: Vec<_> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let service = Service::start_with(Policies::Default, &settings);
    service.keep_secret(STRANGER);
    service
}

/// A copy of level B-B.
fn seal(service: &Service, title: &str) -> Answer {
    let answer = call(service, "POST", "/v1/copies")
        .body(&paper::one_page(title))
        .answer();
    assert_eq!(answer.status, 201, "{answer:?}");
    answer
}

fn extend(service: &Service, copy: &Answer, query: &str) -> Answer {
    let code = copy.header("Verification-Code");
    let path = format!("/v1/copies/{code}/extend{query}");
    call(service, "POST", &path).answer()
}

/// The newest document.
fn document(service: &Service, copy: &Answer) -> Answer {
    let code = copy.header("Verification-Code");
    call(service, "GET", &format!("/v1/copies/{code}/document")).answer()
}

/// How many versions the record names.
fn versions(service: &Service, copy: &Answer) -> usize {
    let code = copy.header("Verification-Code");
    let record = call(service, "GET", &format!("/v1/copies/{code}")).answer();
    let record = record.json();
    record["versions"].as_array().expect("versions").len()
}

#[test]
fn a_copy_is_raised_once_and_keeps_its_code_and_its_bytes() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let applications = strangers();
    let service = start(&pki, &applications);
    let copy = seal(&service, "raised");
    let answer = extend(&service, &copy, "");
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(answer.header("Cache-Control"), "no-store");
    let view = answer.json();
    assert_eq!(
        (&view["extended"], &view["level"]),
        (&true.into(), &"B-LTA".into())
    );
    assert!(view["renewed_from"].is_string(), "{view}");
    assert_eq!(view["copy"]["versions"].as_array().map(Vec::len), Some(2));

    let newest = document(&service, &copy);
    assert!(newest.body.len() > copy.body.len() && newest.body.starts_with(&copy.body));
    let report = call(&service, "POST", "/v1/validations")
        .body(&newest.body)
        .answer()
        .json();
    assert_eq!(report["verdict"], "identical", "{report}");
    assert_eq!(report["signatures"][0]["level"], "B-LTA", "{report}");

    // It has its level already, and every lower one.
    for query in ["", "?level=B-T"] {
        let again = extend(&service, &copy, query);
        let view = again.json();
        assert_eq!(again.status, 200, "{view}");
        assert_eq!(
            (&view["extended"], &view["level"]),
            (&false.into(), &"B-LTA".into())
        );
    }
    assert_eq!(document(&service, &copy).body, newest.body);
    assert_eq!(versions(&service, &copy), 2);
}

#[test]
fn what_cannot_be_done_has_its_name_and_adds_nothing() {
    let Some(pki) = PkiService::start() else {
        return;
    };
    let applications = strangers();
    let service = start(&pki, &applications);
    let copy = seal(&service, "refused");
    let code = copy.header("Verification-Code").to_owned();
    problem(
        &extend(&service, &copy, "?level=B-B"),
        400,
        "metadata-invalid",
    );

    // The copy of another organ is none that one knows of.
    for (key, statuses) in [(STRANGER, [404, 404]), ("nobody", [401, 401])] {
        let answer = public_call(&service, "POST", &format!("/v1/copies/{code}/extend"))
            .header("Authorization", &format!("Bearer {key}"))
            .answer();
        assert!(statuses.contains(&answer.status), "{answer:?}");
    }

    pki.set_down(true);
    let answer = extend(&service, &copy, "?level=B-T");
    let refused = problem(&answer, 503, "timestamp-unavailable");
    assert_eq!(refused["retry"], "later");
    assert!(!answer.header("Retry-After").is_empty());
    pki.set_down(false);

    let absent = format!("/v1/copies/{}/extend", "PR0V-0000-0000-0000-0000-0000");
    assert!(matches!(
        call(&service, "POST", &absent).answer().status,
        400 | 404
    ));

    let reason = r#"{"reason":"other","text":"Prova"}"#;
    let withdrawn = call(&service, "POST", &format!("/v1/copies/{code}/withdraw"))
        .body(reason.as_bytes())
        .answer();
    assert_eq!(withdrawn.status, 200, "{withdrawn:?}");
    problem(&extend(&service, &copy, ""), 410, "copy-gone");
    assert_eq!(versions(&service, &copy), 1);
}

#[test]
fn a_level_that_the_service_never_reaches_is_refused_by_name() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, "out of reach");
    for level in ["B-T", "B-LT", "B-LTA"] {
        let answer = extend(&service, &copy, &format!("?level={level}"));
        let refused = problem(&answer, 422, "level-unavailable");
        assert_eq!(refused["pointer"], "/level");
        assert_eq!(refused["retry"], "never");
    }
    assert_eq!(versions(&service, &copy), 1);
}
