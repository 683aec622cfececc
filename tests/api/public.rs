//! What a citizen sees who types the code or scans the QR.

use crate::support::paper;
use crate::support::service::{Answer, Policies, Service};
use crate::{call, problem, public_call};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const UNKNOWN: &str = "000G40R40M30E209185GR72Y";

fn copy_of(service: &Service, source: &[u8]) -> (Answer, String) {
    let answer = call(
        service,
        "POST",
        "/v1/copies?title=Secret%20title&requested_by=Somebody",
    )
    .body(source)
    .answer();
    assert_eq!(answer.status, 201);
    let code = answer.header("Verification-Code").replace('-', "");
    (answer, code)
}

fn browse(service: &Service, path: &str) -> (Answer, String) {
    let answer = public_call(service, "GET", path)
        .header("Accept", BROWSER)
        .answer();
    let html = String::from_utf8_lossy(&answer.body).into_owned();
    (answer, html)
}

fn assert_guarded(answer: &Answer) {
    assert_eq!(answer.header("Cache-Control"), "no-store");
    assert_eq!(answer.header("Referrer-Policy"), "no-referrer");
    assert_eq!(answer.header("X-Content-Type-Options"), "nosniff");
    assert!(answer.header("X-Robots-Tag").contains("noindex"));
    let policy = answer.header("Content-Security-Policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(answer.headers.get("set-cookie").is_none(), "no cookies");
}

#[test]
fn the_page_of_a_copy_says_what_it_is_and_keeps_what_it_must() {
    let service = Service::start(Policies::Default);
    let (copy, code) = copy_of(&service, &paper::one_page("Acta"));
    let (page, html) = browse(&service, &format!("/{code}"));
    assert_eq!(page.status, 200);
    assert_guarded(&page);
    assert_eq!(page.header("Content-Type"), "text/html; charset=utf-8");
    for shown in [
        "Hem trobat la còpia oficial",
        "Ajuntament de Vallserena",
        "P9900100J",
        copy.header("Verification-Code"),
        "ENTORN DE PROVES",
        copy.header("ETag").trim_matches('"'),
        &format!("href=\"/{code}/document\""),
    ] {
        assert!(html.contains(shown), "{shown} is missing: {html}");
    }
    for hidden in ["Secret title", "Somebody", "<script"] {
        assert!(!html.contains(hidden), "{hidden} is shown");
    }
    let (hyphenated, _) = browse(&service, &format!("/{}", copy.header("Verification-Code")));
    assert_eq!(hyphenated.status, 200, "with hyphens");
    let spanish = public_call(&service, "GET", &format!("/{code}"))
        .header("Accept-Language", "es-ES,es;q=0.9")
        .answer();
    assert!(String::from_utf8_lossy(&spanish.body).contains("Hemos encontrado"));

    let (document, _) = browse(&service, &format!("/{code}/document"));
    assert_eq!(document.status, 200);
    assert_guarded(&document);
    assert_eq!(document.body, copy.body);
    assert!(
        document
            .header("Content-Disposition")
            .starts_with("attachment")
    );
}

#[test]
fn software_gets_the_public_record() {
    let service = Service::start(Policies::Default);
    let (copy, code) = copy_of(&service, &paper::one_page("Acta"));
    let answer = public_call(&service, "GET", &format!("/{code}"))
        .header("Accept", "application/json")
        .answer();
    assert_guarded(&answer);
    let record = answer.json();
    assert_eq!(record["status"], "in_force");
    assert_eq!(
        record["document"]["digest"],
        copy.header("ETag").trim_matches('"')
    );
    let text = String::from_utf8_lossy(&answer.body);
    assert!(
        !text.contains("Secret title") && !text.contains("Somebody"),
        "{text}"
    );
}

#[test]
fn the_form_leads_to_the_page_or_names_the_wrong_group() {
    let service = Service::start(Policies::Default);
    let (start, html) = browse(&service, "/");
    assert_eq!(start.status, 200);
    assert_guarded(&start);
    assert!(html.contains("action=\"/\" method=\"get\""), "{html}");

    let (there, _) = browse(&service, "/?codi=000g-40r4%200m30.e209-185g-r72y");
    assert_eq!(
        (there.status, there.header("Location")),
        (303, "/000G40R40M30E209185GR72Y")
    );

    for path in [
        "/?codi=000G40R40M3XE209185GR72Y",
        "/000G40R40M3XE209185GR72Y",
    ] {
        let (wrong, html) = browse(&service, path);
        assert_eq!(wrong.status, 400);
        assert_guarded(&wrong);
        assert!(html.contains("grup 3"), "{html}");
    }
    let (empty, html) = browse(&service, "/?codi=");
    assert_eq!(empty.status, 400);
    assert!(html.contains("Escriviu el codi"), "{html}");
    let (markup, html) = browse(&service, "/?codi=%3Cscript%3E%22");
    assert_eq!(markup.status, 400);
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn an_unknown_code_is_a_page_for_people_and_a_problem_for_software() {
    let service = Service::start(Policies::Default);
    for path in [format!("/{UNKNOWN}"), format!("/{UNKNOWN}/document")] {
        let (page, html) = browse(&service, &path);
        assert_eq!(page.status, 404);
        assert_guarded(&page);
        assert!(
            html.contains("No tenim cap document amb aquest codi"),
            "{html}"
        );
        let answer = public_call(&service, "GET", &path)
            .header("Accept", "application/json")
            .answer();
        problem(&answer, 404, "not-found");
    }
}
