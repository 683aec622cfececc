//! Requests that cannot be accepted, and what they hear.

use segell::model::Code;

use crate::support::paper;
use crate::support::service::{Policies, Service};
use crate::{call, problem, public_call};

#[test]
fn whoever_has_no_key_hears_how_to_send_one() {
    let service = Service::start(Policies::Default);
    let body = paper::one_page("Acta");
    let none = public_call(&service, "POST", "/v1/copies")
        .body(&body)
        .answer();
    problem(&none, 401, "unauthorized");
    assert_eq!(none.header("WWW-Authenticate"), "Bearer");
    let wrong = public_call(&service, "GET", "/v1/me")
        .header("Authorization", "Bearer wrong")
        .answer();
    problem(&wrong, 401, "unauthorized");
    let forwarded = call(&service, "GET", "/v1/me")
        .header("X-Forwarded-For", "192.0.2.1")
        .answer();
    problem(&forwarded, 401, "unauthorized");
    for path in ["/v1/copies/preflight", "/v1/validations"] {
        problem(
            &public_call(&service, "POST", path).body(&body).answer(),
            401,
            "unauthorized",
        );
    }
}

#[test]
fn addresses_and_methods_that_are_not_there_are_problems_too() {
    let service = Service::start(Policies::Default);
    for path in ["/v1/nothing", "/a/b/c", "/docs/nothing"] {
        problem(&call(&service, "GET", path).answer(), 404, "not-found");
    }
    for (method, path, allow) in [
        ("GET", "/v1/copies", "POST"),
        ("DELETE", "/v1/me", "GET, HEAD"),
        ("PUT", "/openapi.json", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
    ] {
        let answer = call(&service, method, path).answer();
        problem(&answer, 405, "method-not-allowed");
        assert_eq!(answer.header("Allow"), allow);
    }
}

#[test]
fn the_name_of_a_request_is_kept_when_it_is_harmless() {
    let service = Service::start(Policies::Default);
    let named = |name: &str| {
        call(&service, "GET", "/v1/nothing")
            .header("X-Request-Id", name)
            .answer()
    };
    let kept = named("expedient-7.a_b");
    assert_eq!(kept.header("X-Request-Id"), "expedient-7.a_b");
    assert_eq!(kept.json()["request_id"], "expedient-7.a_b");
    let replaced = named("a \"quoted\" name");
    assert_eq!(replaced.header("X-Request-Id").len(), 36);
}

#[test]
fn fields_that_cannot_be_are_refused_with_a_pointer() {
    let service = Service::start(Policies::Default);
    let body = paper::one_page("Acta");
    let post = |query: &str| {
        call(&service, "POST", &format!("/v1/copies?{query}"))
            .body(&body)
            .answer()
    };
    for (query, status, code, pointer) in [
        ("knid=paper", 400, "metadata-invalid", "/knid"),
        ("kind=original", 400, "metadata-invalid", "/kind"),
        ("level=B-LT", 422, "level-unavailable", "/level"),
        (
            "visibility=restricted",
            400,
            "metadata-invalid",
            "/access_factor",
        ),
        ("visibility=secret", 400, "metadata-invalid", "/visibility"),
        ("organ=L01999999", 404, "organ-unknown", "/organ"),
        ("organ=nowhere", 400, "metadata-invalid", "/organ"),
    ] {
        let document = problem(&post(query), status, code);
        assert_eq!(document["pointer"], pointer, "{query}");
    }
    let nearest = problem(&post("knid=paper"), 400, "metadata-invalid");
    let detail = nearest["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("Did you mean kind?"), "{detail}");
}

#[test]
fn bodies_that_are_no_document_are_named() {
    let service = Service::start(Policies::Default);
    let post = |kind: &str, body: &[u8]| service.post("/v1/copies", kind, body).expect("an answer");
    problem(&post("application/pdf", b""), 400, "document-missing");
    problem(&post("application/pdf", b"a letter"), 422, "not-pdf");
    let json = problem(
        &post("application/json", b"{}"),
        415,
        "unsupported-media-type",
    );
    let detail = json["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("application/json"), "{detail}");
    let form = problem(
        &post("application/x-www-form-urlencoded", b"a letter"),
        422,
        "not-pdf",
    );
    let detail = form["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("--data-binary"), "{detail}");
    let sealed = post(
        "application/x-www-form-urlencoded",
        &paper::one_page("Acta"),
    );
    assert_eq!(sealed.status, 201, "what curl --data-binary sends");
    problem(&post("multipart/form-data", b"x"), 400, "multipart-invalid");
}

#[test]
fn a_mistyped_code_is_told_from_an_unknown_one() {
    let service = Service::start(Policies::Default);
    let get = |code: &str| {
        service
            .get(&format!("/v1/copies/{code}"))
            .expect("an answer")
    };
    let unknown = Code::for_test(&[7; 32]).compact();
    problem(&get(&unknown), 404, "not-found");
    // A code of the real environment, asked for with a key for tests.
    problem(
        &get("000G40R40M30E209185GR72Y"),
        403,
        "environment-mismatch",
    );
    // One symbol of the third group is another.
    let mistyped = problem(&get("000G-40R4-0M3X-E209-185G-R72Y"), 400, "code-mistyped");
    let detail = mistyped["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("group 3"), "{detail}");
    problem(&get("000G"), 400, "code-mistyped");
    problem(&get(&"0".repeat(3000)), 400, "code-mistyped");
}
