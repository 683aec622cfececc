//! Who may see a copy. Every route that could give content or facts is asked by hand.

use crate::support::paper;
use crate::support::service::{Answer, Policies, Service};
use crate::{call, problem, public_call};

/// The factor, and other ways to write it.
const FACTOR: &str = "Zx81 Quetzal";
const LABEL: &str = "la paraula que us vam donar";

/// A copy of a page, with metadata in a form.
fn seal(service: &Service, metadata: &str) -> Answer {
    let source = paper::one_page("Acta");
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\
         Content-Type: application/json\r\n\r\n{metadata}\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(&source);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    call(service, "POST", "/v1/copies")
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .body(&body)
        .answer()
}

fn restricted(service: &Service) -> (Answer, String) {
    for secret in [FACTOR, "quetzal", "%20Quetzal"] {
        service.keep_secret(secret);
    }
    let metadata = format!(
        r#"{{"visibility":"restricted","access_factor":{{"label":"{LABEL}","value":"{FACTOR}"}}}}"#
    );
    let copy = seal(service, &metadata);
    assert_eq!(copy.status, 201, "{copy:?}");
    let code = copy.header("Verification-Code").to_owned();
    (copy, code)
}

fn ask(service: &Service, method: &'static str, path: &str, accept: &str, form: &str) -> Answer {
    public_call(service, method, path)
        .header("Accept", accept)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form.as_bytes())
        .answer()
}

fn text(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// What only who may see the copy reads.
fn facts(copy: &Answer) -> Vec<String> {
    let digest = copy.header("ETag").trim_matches('"').to_owned();
    vec![
        digest,
        "EE02".to_owned(),
        "issued_at".to_owned(),
        "%PDF".to_owned(),
    ]
}

#[test]
fn a_restricted_copy_gives_neither_facts_nor_content_by_any_public_route() {
    let service = Service::start_with(
        Policies::Default,
        &[
            ("SEGELL__PUBLIC__LOOK_UPS_PER_MINUTE", "0"),
            ("SEGELL__PUBLIC__LOOK_UPS_PER_HOUR", "0"),
            ("SEGELL__PUBLIC__FILES_PER_MINUTE", "0"),
        ],
    );
    let (copy, code) = restricted(&service);
    let mut answers = Vec::new();
    for accept in ["text/html", "application/json", "application/pdf", "*/*"] {
        for path in [format!("/{code}"), format!("/{code}/document")] {
            for method in ["GET", "HEAD"] {
                answers.push(ask(&service, method, &path, accept, ""));
            }
            for form in ["", "factor=", "factor=abc", "pass=", "pass=1.00", "other=1"] {
                answers.push(ask(&service, "POST", &path, accept, form));
            }
            let with_range = public_call(&service, "GET", &path)
                .header("Range", "bytes=0-99")
                .header("If-None-Match", copy.header("ETag"));
            answers.push(with_range.answer());
        }
    }
    for answer in &answers {
        assert!(matches!(answer.status, 200 | 403), "{answer:?}");
        let text = text(answer);
        for fact in facts(&copy) {
            assert!(!text.contains(&fact), "{fact}: {text}");
        }
        assert!(answer.header("ETag").is_empty() && answer.header("Repr-Digest").is_empty());
    }
    let page = ask(&service, "GET", &format!("/{code}"), "text/html", "");
    assert_eq!(page.status, 200);
    assert!(text(&page).contains(LABEL), "the label is shown");
    let software = ask(&service, "GET", &format!("/{code}"), "application/json", "");
    let document = problem(&software, 403, "factor-needed");
    assert!(
        document["detail"]
            .as_str()
            .unwrap_or_default()
            .contains(LABEL)
    );
    // What judges files tells neither the code nor where the copy is.
    let digest = copy.header("ETag").trim_matches('"');
    let digests = format!(r#"{{"digests":["{digest}"]}}"#);
    for (path, body) in [
        ("/check/digests", digests.as_bytes()),
        ("/check", &copy.body),
    ] {
        for accept in ["text/html", "application/json"] {
            let answer = public_call(&service, "POST", path)
                .header("Accept", accept)
                .header("Content-Type", "application/pdf")
                .body(body)
                .answer();
            assert_eq!(answer.status, 200);
            let text = text(&answer).replace('-', "");
            assert!(!text.contains(&code.replace('-', "")), "{text}");
            assert!(!text.contains("%PDF"));
        }
    }
}

#[test]
fn who_knows_the_factor_sees_the_copy_and_gets_the_document() {
    let service = Service::start(Policies::Default);
    let (copy, code) = restricted(&service);
    let form = "factor=++ZX81%20%20quetzal";
    let page = ask(&service, "POST", &format!("/{code}"), "text/html", form);
    assert_eq!(page.status, 200, "{}", text(&page));
    let html = text(&page);
    assert!(
        html.contains(copy.header("ETag").trim_matches('"')),
        "{html}"
    );
    assert!(
        !html.to_lowercase().contains("quetzal"),
        "never echoed: {html}"
    );
    let pass = html
        .split("name=\"pass\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("the page carries a pass");
    let form_of_page = format!("pass={pass}");
    let path = format!("/{code}/document");
    for proof in [form, &form_of_page] {
        let document = ask(&service, "POST", &path, "*/*", proof);
        assert_eq!(document.status, 200, "{}", text(&document));
        assert_eq!(document.body, copy.body);
        assert_eq!(document.header("Cache-Control"), "no-store");
    }
    let record = ask(
        &service,
        "POST",
        &format!("/{code}"),
        "application/json",
        form,
    );
    assert_eq!(record.json()["visibility"], "restricted");
    // A pass opens its own copy only.
    let other = seal(
        &service,
        &format!(
            r#"{{"title":"x","visibility":"restricted","access_factor":{{"label":"{LABEL}","value":"{FACTOR}"}}}}"#
        ),
    );
    let path = format!("/{}/document", other.header("Verification-Code"));
    let refused = ask(&service, "POST", &path, "application/json", &form_of_page);
    problem(&refused, 403, "factor-needed");
}

#[test]
fn after_five_wrong_tries_everybody_waits_until_the_organ_sets_the_factor_again() {
    let service = Service::start(Policies::Default);
    let (_, code) = restricted(&service);
    let path = format!("/{code}/document");
    let right = "factor=Zx81+Quetzal";
    // Across a full hour there are ten.
    let tries: Vec<Answer> = (0..11)
        .map(|_| {
            ask(
                &service,
                "POST",
                &path,
                "application/json",
                "factor=not+this",
            )
        })
        .collect();
    assert!(tries.iter().take(5).all(|answer| answer.status == 403));
    let last = tries.last().expect("a try");
    problem(last, 429, "factor-wait");
    let wait: u64 = last.header("Retry-After").parse().expect("seconds");
    assert!((1..=3600).contains(&wait), "{wait}");
    problem(
        &ask(&service, "POST", &path, "application/json", right),
        429,
        "factor-wait",
    );
    let page = ask(&service, "POST", &format!("/{code}"), "text/html", right);
    assert_eq!(page.status, 429);
    assert!(text(&page).contains("massa intents"), "{}", text(&page));

    let set = call(&service, "POST", &format!("/v1/copies/{code}/visibility"))
        .body(
            format!(
                r#"{{"visibility":"restricted","access_factor":{{"label":"{LABEL}","value":"Another-Quetzal"}}}}"#
            )
            .as_bytes(),
        )
        .answer();
    assert_eq!(set.status, 200, "{}", text(&set));
    assert!(!text(&set).contains("Quetzal"));
    problem(
        &ask(&service, "POST", &path, "application/json", right),
        403,
        "factor-wrong",
    );
    let opened = ask(&service, "POST", &path, "*/*", "factor=another-quetzal");
    assert_eq!(opened.status, 200, "{}", text(&opened));
}

#[test]
fn a_copy_with_its_metadata_public_says_what_it_is_and_not_what_it_says() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, r#"{"visibility":"metadata"}"#);
    let code = copy.header("Verification-Code").to_owned();
    let page = ask(&service, "GET", &format!("/{code}"), "text/html", "");
    assert_eq!(page.status, 200);
    let html = text(&page);
    assert!(html.contains("no en publica el contingut"), "{html}");
    assert!(
        html.contains("href=\"/check\"") && !html.contains("/document\""),
        "{html}"
    );
    let software = ask(&service, "GET", &format!("/{code}"), "application/json", "").json();
    assert_eq!(software["visibility"], "metadata");
    assert!(software["document_link"].is_null());
    for method in ["GET", "HEAD", "POST"] {
        for form in ["", "factor=Zx81+Quetzal"] {
            let path = format!("/{code}/document");
            let answer = ask(&service, method, &path, "application/json", form);
            assert_eq!(answer.status, 403, "{method}");
            let html = ask(&service, method, &path, "text/html", form);
            assert_eq!(html.status, 403);
            assert!(!text(&html).contains("%PDF"));
        }
    }
    let answer = public_call(&service, "POST", "/check")
        .header("Accept", "application/json")
        .header("Content-Type", "application/pdf")
        .body(&copy.body)
        .answer();
    assert_eq!(
        answer.json()["verdict"],
        "identical",
        "a file in hand is compared"
    );
}

#[test]
fn the_organ_keeps_its_access_and_changes_who_else_has_any() {
    let service = Service::start(Policies::Default);
    let (copy, code) = restricted(&service);
    let record = call(&service, "GET", &format!("/v1/copies/{code}"))
        .answer()
        .json();
    assert_eq!(record["visibility"], "restricted");
    assert_eq!(record["access_factor_label"], LABEL);
    let document = call(&service, "GET", &format!("/v1/copies/{code}/document")).answer();
    assert_eq!(document.body, copy.body);
    let set = |body: &str| {
        call(&service, "POST", &format!("/v1/copies/{code}/visibility"))
            .body(body.as_bytes())
            .answer()
    };
    assert_eq!(set(r#"{"visibility":"open"}"#).json()["visibility"], "open");
    let public = ask(&service, "GET", &format!("/{code}/document"), "*/*", "");
    assert_eq!(public.body, copy.body);
    assert_eq!(set(r#"{"visibility":"metadata"}"#).status, 200);
    let public = ask(
        &service,
        "GET",
        &format!("/{code}/document"),
        "application/json",
        "",
    );
    problem(&public, 403, "content-not-public");
    for (body, pointer) in [
        (r#"{"visibility":"restricted"}"#, "/access_factor"),
        (
            r#"{"visibility":"open","access_factor":{"label":"x","value":"12345"}}"#,
            "/access_factor",
        ),
        (
            r#"{"visibility":"restricted","access_factor":{"label":"x","value":"1"}}"#,
            "/access_factor/value",
        ),
        (r#"{"visibility":"hidden"}"#, "/visibility"),
    ] {
        let document = problem(&set(body), 400, "metadata-invalid");
        assert_eq!(document["pointer"], pointer, "{body}");
    }
}

#[test]
fn a_request_with_another_factor_is_another_request() {
    let service = Service::start(Policies::Default);
    let (copy, _) = restricted(&service);
    let (again, _) = {
        let metadata = format!(
            r#"{{"visibility":"restricted","access_factor":{{"label":"{LABEL}","value":"{FACTOR}"}}}}"#
        );
        (seal(&service, &metadata), ())
    };
    assert_eq!(again.header("Idempotency-Replayed"), "true");
    assert_eq!(
        again.header("Verification-Code"),
        copy.header("Verification-Code")
    );
    let metadata = format!(
        r#"{{"visibility":"restricted","access_factor":{{"label":"{LABEL}","value":"Quetzal-2"}}}}"#
    );
    let other = seal(&service, &metadata);
    assert_eq!(other.status, 201);
    assert_ne!(
        other.header("Verification-Code"),
        copy.header("Verification-Code")
    );
    for file in files(&service.folder().join("archive")) {
        let body = std::fs::read(&file).expect("an object");
        let text = String::from_utf8_lossy(&body).to_lowercase();
        assert!(!text.contains("quetzal"), "{}", file.display());
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the archive can be listed");
    entries
        .flat_map(|entry| {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
