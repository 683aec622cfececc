//! What an integrator finds without reading a manual.

use crate::public_call;
use crate::support::service::{ORGAN, Policies, Service};

#[test]
fn the_service_says_who_calls_for_whom_and_with_which_seals() {
    let service = Service::start(Policies::Default);
    let me = service.get("/v1/me").expect("an answer").json();
    assert_eq!(me["environment"], "pre");
    assert_eq!(me["limits"]["bytes"], 64 << 20);
    assert_eq!(me["default_organ"], ORGAN);
    let organs = service.get("/v1/organs").expect("an answer").json();
    let organs = organs["organs"].as_array().expect("a list");
    assert_eq!(organs.len(), me["organs"].as_array().map_or(0, Vec::len));
    assert_eq!(organs[0]["policy"]["xfa"], "refuse");
    let seals = service.get("/v1/seals").expect("an answer").json();
    for seal in seals["seals"].as_array().expect("a list") {
        assert_eq!(seal["loaded"], true, "{seal}");
        assert_eq!(seal["probe"]["ok"], true, "{seal}");
        assert!(
            seal["certificate"]["days_left"].as_i64() > Some(0),
            "{seal}"
        );
    }
}

#[test]
fn the_problems_and_the_description_need_no_key() {
    let service = Service::start(Policies::Default);
    let problems = public_call(&service, "GET", "/v1/problems").answer().json();
    let problems = problems["problems"].as_array().expect("a list");
    assert!(
        problems
            .iter()
            .any(|problem| problem["code"] == "page-no-room")
    );
    let description = public_call(&service, "GET", "/openapi.json").answer();
    assert_eq!(description.header("Content-Type"), "application/json");
    assert!(description.json()["paths"]["/v1/copies"].is_object());
}

#[test]
fn the_manual_works_offline_and_loads_nothing_from_elsewhere() {
    let service = Service::start(Policies::Default);
    let get = |path: &str| public_call(&service, "GET", path).answer();
    assert_eq!(get("/docs").header("Location"), "/docs/");
    let page = get("/docs/");
    assert_eq!(page.status, 200);
    let policy = page.header("Content-Security-Policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(policy.contains("script-src 'self';"), "{policy}");
    let html = String::from_utf8_lossy(&page.body);
    let mut loaded = 0;
    for attribute in ["src=\"", "href=\""] {
        for address in html.split(attribute).skip(1) {
            let address = address.split('"').next().unwrap_or_default();
            assert!(!address.contains("//"), "{address} is elsewhere");
            let path = format!("/docs/{}", address.trim_start_matches("./"));
            assert_eq!(get(&path).status, 200, "{path}");
            loaded += 1;
        }
    }
    assert!(loaded >= 3, "{html}");
    assert!(
        !html.contains("<script>"),
        "the policy forbids scripts inside"
    );
}
