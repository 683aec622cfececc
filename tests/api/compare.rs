//! A file in hand beside the copy that was issued: what is equal, what differs, what is hostile, and who
//! may see it.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

use crate::support::additions::with_dss;
use crate::support::service::{Answer, Policies, Service};
use crate::support::{corpus, paper, tools};
use crate::{call, problem, public_call};

const PATIENT: (&str, &str) = ("SEGELL__PUBLIC__FILES_PER_MINUTE", "0");

/// Time enough, however busy the machine is.
const UNHURRIED: (&str, &str) = ("SEGELL__PUBLIC__COMPARE_SECONDS", "100");

fn start(settings: &[(&str, &str)]) -> Service {
    let mut all = vec![PATIENT, UNHURRIED];
    all.extend_from_slice(settings);
    Service::start_with(Policies::Default, &all)
}

fn text(text: &str) -> String {
    format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET")
}

/// A document of three pages.
fn acta() -> Vec<u8> {
    paper::pages(&[
        &text("Primera"),
        &text("Import: 1.200 EUR"),
        &text("Tercera"),
    ])
}

/// A copy, and its code.
fn seal(service: &Service, source: &[u8], query: &str) -> (Vec<u8>, String) {
    let answer = service
        .seal(source, &format!("organ=L01990015{query}"))
        .expect("an answer");
    assert_eq!(
        answer.status,
        201,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    let code = answer.header("Verification-Code").to_owned();
    (answer.body, code)
}

fn compare(service: &Service, code: &str, file: &[u8], accept: &str) -> Answer {
    public_call(service, "POST", &format!("/{code}/compare"))
        .header("Accept", accept)
        .header("Content-Type", "application/pdf")
        .body(file)
        .answer()
}

fn compared(service: &Service, code: &str, file: &[u8]) -> Value {
    let answer = compare(service, code, file, "application/json");
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json()
}

/// The same bytes with a part replaced by another as long.
fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut changed = bytes.to_vec();
    let at = bytes
        .windows(old.len())
        .position(|window| window == old.as_bytes())
        .expect("the part is there");
    changed[at..at + new.len()].copy_from_slice(new.as_bytes());
    changed
}

fn results(answer: &Value) -> Vec<&str> {
    let pages = answer["pages"].as_array().expect("pages");
    pages
        .iter()
        .map(|page| page["result"].as_str().expect("a word"))
        .collect()
}

#[test]
fn the_copy_itself_is_identical_and_with_an_addition_it_looks_the_same() {
    let service = start(&[]);
    let (copy, code) = seal(&service, &acta(), "");
    let itself = compared(&service, &code, &copy);
    assert_eq!(itself["result"], "identical");
    assert_eq!(results(&itself), ["equal"; 3]);
    let extended = compared(&service, &code, &with_dss(&copy, ""));
    assert_eq!(extended["result"], "equal", "{extended}");
    assert_eq!(results(&extended), ["equal"; 3]);
    assert_eq!(
        (&extended["copy_pages"], &extended["file_pages"]),
        (&json!(3), &json!(3))
    );
}

#[test]
fn a_changed_digit_is_found_and_boxed_on_its_page_alone() {
    let service = start(&[]);
    let (copy, code) = seal(&service, &acta(), "");
    let answer = compared(&service, &code, &replaced(&copy, "1.200", "7.200"));
    assert_eq!(answer["result"], "different");
    assert_eq!(results(&answer), ["equal", "different", "equal"]);
    let boxes = answer["pages"][1]["boxes"].as_array().expect("boxes");
    let [found] = boxes.as_slice() else {
        panic!("one place differs: {answer}");
    };
    // A digit of 24 pt is 15 dots wide and 20 high at 80 dots per inch.
    let number = |key: &str| found[key].as_u64().expect("a number");
    assert!((4..=15).contains(&number("width")), "{found}");
    assert!((12..=22).contains(&number("height")), "{found}");
    let html = compare(
        &service,
        &code,
        &replaced(&copy, "1.200", "7.200"),
        "text/html",
    );
    let page = String::from_utf8_lossy(&html.body).into_owned();
    assert!(
        page.contains("Hi ha una pàgina que no coincideix"),
        "{page}"
    );
    assert!(page.contains("Pàgina 2</a>: una zona diferent"), "{page}");
    assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 2);
    assert_eq!(page.matches("<rect ").count(), 2, "marked on both");
    assert!(
        html.header("Content-Security-Policy")
            .contains("img-src 'self' data:;")
    );
    assert_eq!(html.header("Cache-Control"), "no-store");
}

#[test]
fn pages_that_are_missing_added_or_of_another_size_differ() {
    let service = start(&[]);
    let (_, code) = seal(&service, &acta(), "");
    let (shorter, _) = seal(&service, &paper::pages(&[&text("Primera")]), "");
    let fewer = compared(&service, &code, &shorter);
    assert_eq!(results(&fewer)[1..], ["only_in_copy"; 2], "{fewer}");
    assert_eq!(fewer["file_pages"], 1);
    let four = paper::pages(&[&text("1"), &text("2"), &text("3"), &text("4")]);
    let more = compared(&service, &code, &four);
    assert_eq!(results(&more)[3], "only_in_file", "{more}");
    // The source has no band, so its pages are smaller.
    let source = compared(&service, &code, &acta());
    assert_eq!(results(&source), ["different"; 3]);
    assert!(source["pages"][0]["boxes"].is_null(), "{source}");
}

#[test]
fn the_same_pages_written_by_another_program_look_the_same() {
    let Some(specimens) = corpus::folder("seal") else {
        return;
    };
    if !tools::present(&["qpdf"]) {
        return;
    }
    let service = start(&[]);
    for name in [
        "seal/es_integra_signedDoc.pdf",
        "seal/boxes_pdflib_with_viewer_prefs.pdf",
    ] {
        let specimen = specimens.iter().find(|specimen| specimen.name == name);
        let source = specimen.expect("the corpus has it").bytes();
        let (copy, code) = seal(&service, &source, "");
        let [before, after] = ["before.pdf", "after.pdf"].map(|name| service.folder().join(name));
        std::fs::write(&before, &copy).expect("it is written");
        let [before, after] = [before, after].map(|path| path.to_string_lossy().into_owned());
        let options = ["--object-streams=generate", "--recompress-flate"];
        tools::run("qpdf", options.iter().copied().chain([&*before, &*after])).expect("qpdf runs");
        let rewritten = std::fs::read(&after).expect("qpdf wrote it");
        assert_ne!(rewritten, copy);
        let answer = compared(&service, &code, &rewritten);
        assert_eq!(answer["result"], "equal", "{name}: {answer}");
    }
}

/// A page whose content is so many bytes of spaces.
fn bomb(bytes: u64) -> Vec<u8> {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::best());
    std::io::copy(&mut std::io::repeat(b' ').take(bytes), &mut deflated).expect("it deflates");
    let stream = deflated.finish().expect("it deflates");
    paper::pages_of(&[(" /Filter /FlateDecode".to_owned(), stream)])
}

/// A page that takes very long to draw.
fn endless() -> Vec<u8> {
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::best());
    let circles = "0 0 m 900 900 900 0 0 900 c f\n".repeat(10_000);
    for _ in 0..40 {
        deflated.write_all(circles.as_bytes()).expect("it deflates");
    }
    let stream = deflated.finish().expect("it deflates");
    paper::pages_of(&[(" /Filter /FlateDecode".to_owned(), stream)])
}

#[test]
fn whatever_a_hostile_file_does_it_was_not_compared_and_the_service_goes_on() {
    let service = start(&[
        ("SEGELL__PUBLIC__COMPARE_SECONDS", "2"),
        ("SEGELL__PUBLIC__COMPARE_MEMORY", "192 MiB"),
    ]);
    let (copy, code) = seal(&service, &acta(), "");
    for (name, file) in [
        ("bomb", bomb(300 << 20)),
        ("endless", endless()),
        (
            "garbage",
            b"%PDF-1.7\nnothing that follows is one\n%%EOF\n".to_vec(),
        ),
        ("empty", b"%PDF-1.7\n".to_vec()),
    ] {
        let start = Instant::now();
        let answer = compared(&service, &code, &file);
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{name}: {:?}",
            start.elapsed()
        );
        assert_eq!(
            answer["pages"].as_array().map(Vec::len),
            Some(3),
            "{name}: {answer}"
        );
        assert!(
            !results(&answer).contains(&"equal"),
            "{name} is not equal to anything: {answer}"
        );
        let first = &answer["pages"][0];
        assert_eq!(first["result"], "not_compared", "{name}: {answer}");
        if name == "bomb" {
            let html = compare(&service, &code, &file, "text/html");
            assert_eq!(html.status, 200, "never an error");
        }
    }
    assert_eq!(compared(&service, &code, &copy)["result"], "identical");
}

#[test]
fn a_copy_whose_content_is_not_public_is_compared_with_nothing() {
    let service = start(&[]);
    let (copy, code) = seal(&service, &acta(), "&visibility=metadata");
    let altered = replaced(&copy, "1.200", "7.200");
    for accept in ["text/html", "application/json"] {
        for file in [&copy, &altered] {
            let answer = compare(&service, &code, file, accept);
            let page = String::from_utf8_lossy(&answer.body);
            assert_eq!(answer.status, 403, "{page}");
            assert!(
                !page.contains("data:image") && !page.contains("\"pages\""),
                "{page}"
            );
        }
    }
    let json = compare(&service, &code, &altered, "application/json");
    problem(&json, 403, "content-not-public");
    let page = public_call(&service, "GET", &format!("/{code}")).answer();
    assert!(!String::from_utf8_lossy(&page.body).contains("/compare"));
    let unknown = compare(
        &service,
        "000G40R40M30E209185GR72Y",
        &altered,
        "application/json",
    );
    problem(&unknown, 404, "not-found");
}

/// A form with the file and one more part.
fn form(file: &[u8], name: &str, value: &str) -> Vec<u8> {
    let mut body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    body
}

fn post_form(service: &Service, path: &str, body: &[u8]) -> Answer {
    public_call(service, "POST", path)
        .header("Accept", "application/json")
        .header("Content-Type", "multipart/form-data; boundary=edge")
        .body(body)
        .answer()
}

#[test]
fn a_restricted_copy_is_compared_for_who_knows_the_factor_only() {
    let service = start(&[]);
    let (copy, code) = seal(&service, &acta(), "");
    let visibility = r#"{"visibility":"restricted","access_factor":{"label":"la paraula","value":"Quetzal 81"}}"#;
    let changed = call(&service, "POST", &format!("/v1/copies/{code}/visibility"))
        .header("Content-Type", "application/json")
        .body(visibility.as_bytes())
        .answer();
    assert_eq!(changed.status, 200);
    service.keep_secret("Quetzal");
    let altered = replaced(&copy, "1.200", "7.200");
    let path = format!("/{code}/compare");
    problem(
        &compare(&service, &code, &altered, "application/json"),
        403,
        "factor-needed",
    );
    let wrong = post_form(&service, &path, &form(&altered, "factor", "Colibrí"));
    problem(&wrong, 403, "factor-wrong");
    let right = post_form(&service, &path, &form(&altered, "factor", "quetzal 81"));
    assert_eq!(right.json()["result"], "different", "{right:?}");
    let forged = post_form(&service, &path, &form(&altered, "pass", "AAAA"));
    problem(&forged, 403, "factor-needed");
    let opened = public_call(&service, "POST", &format!("/{code}"))
        .header("Accept", "text/html")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(b"factor=quetzal+81")
        .answer();
    let page = String::from_utf8_lossy(&opened.body).into_owned();
    let pass = page.split("name=\"pass\" value=\"").nth(1).expect("a pass");
    let pass = pass.split('"').next().expect("its end");
    let carried = post_form(&service, &path, &form(&altered, "pass", pass));
    assert_eq!(carried.json()["result"], "different", "{carried:?}");
}

#[test]
fn the_code_may_come_in_the_form_and_what_is_wrong_is_named() {
    let service = start(&[]);
    let (copy, code) = seal(&service, &acta(), "");
    let spaced = code.replace('-', " ").to_lowercase();
    let itself = post_form(&service, "/compare", &form(&copy, "codi", &spaced));
    assert_eq!(itself.json()["result"], "identical", "{itself:?}");
    let mistyped = post_form(&service, "/compare", &form(&copy, "codi", "K7Q2"));
    problem(&mistyped, 400, "code-mistyped");
    let path = format!("/{code}/compare");
    let nameless = post_form(&service, &path, &form(&copy, "other", "x"));
    problem(&nameless, 400, "multipart-invalid");
    let nothing = post_form(&service, &path, b"--edge--\r\n");
    assert_eq!(nothing.status, 400, "{nothing:?}");
    for path in ["/compare", &path] {
        let page = public_call(&service, "GET", path).answer();
        assert_eq!(page.status, 200);
        assert!(String::from_utf8_lossy(&page.body).contains("multipart/form-data"));
    }
}

#[test]
fn comparing_counts_as_a_file_that_is_sent() {
    let limits = [("SEGELL__PUBLIC__FILES_PER_MINUTE", "1")];
    let service = Service::start_with(Policies::Default, &limits);
    let (copy, code) = seal(&service, &acta(), "");
    assert_eq!(compared(&service, &code, &copy)["result"], "identical");
    let refused = compare(&service, &code, &copy, "application/json");
    problem(&refused, 429, "too-many-requests");
}
