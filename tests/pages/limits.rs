//! Manners over HTTP: how often one may ask, whose word about addresses counts, what each listener has,
//! and the fields of every answer.

use std::net::TcpListener;

use crate::browse;
use crate::stage::{self, seal};
use crate::support::paper;
use crate::support::service::{Policies, Service};

const UNKNOWN: &str = "/000G40R40M30E209185GR72Y";

#[test]
fn who_asks_too_often_is_told_to_wait_and_mistyped_codes_cost_nothing() {
    let limits = [("SEGELL__PUBLIC__LOOK_UPS_PER_MINUTE", "3")];
    let service = Service::start_with(Policies::Default, &limits);
    let ask = |path: &str| browse(&format!("{}{path}", service.address()), &[]);
    for _ in 0..20 {
        assert_eq!(ask("/?codi=K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE").0.status, 400);
        assert_eq!(ask("/").0.status, 200);
    }
    for _ in 0..3 {
        assert_eq!(ask(UNKNOWN).0.status, 404);
    }
    let (refused, html) = ask(UNKNOWN);
    assert_eq!(refused.status, 429);
    let wait: u32 = refused.header("Retry-After").parse().expect("seconds");
    assert!((1..=60).contains(&wait), "{wait}");
    assert!(html.contains("Heu fet moltes consultes seguides"), "{html}");
    assert!(html.contains("no diu res del vostre document"), "{html}");
    let (document, _) = ask(&format!("{UNKNOWN}/document"));
    assert_eq!(document.status, 429, "every look-up counts");
    let json = [("Accept", "application/json")];
    let (problem, _) = browse(&format!("{}{UNKNOWN}", service.address()), &json);
    assert_eq!(problem.json()["code"], "too-many-requests");
    assert_eq!(ask("/").0.status, 200, "pages without a code go on");
}

#[test]
fn only_a_proxy_that_is_named_may_say_who_asks() {
    let limits = [("SEGELL__PUBLIC__LOOK_UPS_PER_MINUTE", "1")];
    let from = |service: &Service, address: &str| {
        let headers = [("X-Forwarded-For", address)];
        browse(&format!("{}{UNKNOWN}", service.address()), &headers)
            .0
            .status
    };
    let trusting = [
        limits[0],
        ("SEGELL__SERVER__TRUSTED_PROXIES", "[\"127.0.0.0/8\"]"),
    ];
    let service = Service::start_with(Policies::Default, &trusting);
    assert_eq!(from(&service, "203.0.113.1"), 404);
    assert_eq!(from(&service, "203.0.113.1"), 429);
    assert_eq!(from(&service, "198.51.100.1"), 404);
    assert_eq!(
        from(&service, "6.6.6.6, 198.51.100.1"),
        429,
        "the last entry counts"
    );

    let service = Service::start_with(Policies::Default, &limits);
    assert_eq!(from(&service, "203.0.113.1"), 404);
    assert_eq!(
        from(&service, "198.51.100.1"),
        429,
        "anybody could write that"
    );
}

#[test]
fn the_public_site_can_have_a_listener_of_its_own() {
    let public = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .to_string();
    let mut settings = vec![("SEGELL__SERVER__PUBLIC_BIND", public.as_str())];
    settings.extend(stage::PATIENT);
    let service = Service::start_with(Policies::Default, &settings);
    let copy = seal(&service, "Acta");
    let site = format!("http://{public}");
    let (page, html) = browse(&format!("{site}{}", copy.path()), &[]);
    assert_eq!(page.status, 200);
    assert!(html.contains(&copy.code));
    for path in ["/v1/me", "/v1/problems", "/openapi.json"] {
        let status = browse(&format!("{site}{path}"), &[]).0.status;
        assert!(
            matches!(status, 400 | 404),
            "{path} on the public site: {status}"
        );
    }
    for path in [copy.path(), "/check".to_owned(), "/segells".to_owned()] {
        let status = browse(&format!("{}{path}", service.address()), &[])
            .0
            .status;
        assert_eq!(status, 404, "{path} on the interface");
    }
    let (problems, _) = browse(&format!("{}/v1/problems", service.address()), &[]);
    assert_eq!(problems.status, 200);
}

#[test]
fn every_public_answer_is_guarded_and_sets_no_cookie() {
    let service = Service::start_with(Policies::Default, &stage::PATIENT);
    let copy = seal(&service, "Acta");
    let document = format!("{}/document", copy.path());
    for path in [
        "/",
        "/?codi=X",
        UNKNOWN,
        &copy.path(),
        &document,
        "/check",
        "/segells",
        "/que-es",
        "/a/b/c",
    ] {
        let (answer, _) = browse(&format!("{}{path}", service.address()), &[]);
        assert_eq!(answer.header("Cache-Control"), "no-store", "{path}");
        assert_eq!(answer.header("Referrer-Policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("X-Content-Type-Options"), "nosniff", "{path}");
        assert!(answer.header("X-Robots-Tag").contains("noindex"), "{path}");
        let policy = answer.header("Content-Security-Policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains("http"),
            "{path}: {policy}"
        );
        assert!(answer.headers.get("set-cookie").is_none(), "{path}");
    }
}

#[test]
fn a_form_without_a_file_or_with_something_else_says_what_to_do() {
    let service = Service::start_with(Policies::Default, &stage::PATIENT);
    let send = |kind: &str, content: &[u8]| {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a\"\r\n\
             Content-Type: {kind}\r\n\r\n"
        );
        let body = [head.as_bytes(), content, b"\r\n--x--\r\n"].concat();
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .new_agent();
        let mut answer = agent
            .post(format!("{}/check?lang=ca", service.address()))
            .header("Accept", "text/html")
            .header("Content-Type", "multipart/form-data; boundary=x")
            .send(&body[..])
            .expect("an answer");
        let html = answer.body_mut().read_to_string().expect("a page");
        (answer.status().as_u16(), html)
    };
    let (status, html) = send("application/octet-stream", b"");
    assert!(
        status == 400 && html.contains("Trieu un fitxer PDF."),
        "{status} {html}"
    );
    let (status, html) = send("image/jpeg", b"\xFF\xD8");
    assert!(
        status == 415 && html.contains("Això no és un fitxer PDF."),
        "{status} {html}"
    );
    let (status, html) = send("application/pdf", &paper::one_page("x"));
    assert!(
        status == 200 && html.contains("No és cap còpia"),
        "{status} {html}"
    );
}

#[test]
fn the_list_of_seals_comes_from_the_archive_and_turns_its_pages() {
    let service = Service::start_with(Policies::Default, &stage::PATIENT);
    let json = [("Accept", "application/json")];
    let (list, _) = browse(&format!("{}/segells", service.address()), &json);
    let seals = list.json()["seals"].as_array().cloned().expect("a list");
    assert_eq!(seals.len(), 5);
    assert!(seals.iter().all(|seal| seal["current"] == true));
    let (_, html) = browse(&format!("{}/segells?lang=ca", service.address()), &[]);
    for shown in [
        "Ajuntament de Vallserena",
        "En ús",
        seals[0]["fingerprint"].as_str().expect("it"),
    ] {
        assert!(html.contains(shown), "{shown}: {html}");
    }
    for path in ["/segells?page=0", "/segells?page=999", "/segells?page=x"] {
        let (page, _) = browse(&format!("{}{path}", service.address()), &[]);
        assert_eq!(page.status, 200, "{path}");
    }
}
