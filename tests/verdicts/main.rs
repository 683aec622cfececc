//! What the service says of its own copies, as they were issued and as others changed them.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests write files for other programs"
)]

mod corpus;

#[path = "../support/mod.rs"]
mod support;

use support::additions::with_dss;
use support::paper;
use support::service::{ORGAN, Policies, Service};

fn issued(service: &Service) -> Vec<u8> {
    let answer = service
        .seal(&paper::one_page("verdict"), &format!("organ={ORGAN}"))
        .expect("an answer");
    assert_eq!(answer.status, 201);
    answer.body
}

fn report(service: &Service, bytes: &[u8]) -> serde_json::Value {
    let answer = service
        .post("/v1/validations", "application/pdf", bytes)
        .expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

fn verdict(service: &Service, bytes: &[u8]) -> String {
    report(service, bytes)["verdict"]
        .as_str()
        .expect("a verdict")
        .to_owned()
}

#[test]
fn a_copy_is_identical_and_its_seal_passes_until_a_byte_changes() {
    let service = Service::start(Policies::Default);
    let copy = issued(&service);
    let sound = report(&service, &copy);
    assert_eq!(sound["verdict"], "identical");
    assert_eq!(sound["status"], "in_force");
    assert_eq!(sound["indication"], "TOTAL-PASSED");
    assert_eq!(sound["signatures"][0]["signed_by"]["registered_for"], ORGAN);

    let hole = hole(&copy);
    for step in 0..150 {
        let mut changed = copy.clone();
        let place = step * copy.len() / 150;
        changed[place] ^= 1 << (step % 8);
        let report = report(&service, &changed);
        let verdict = report["verdict"].as_str().expect("a verdict");
        assert!(
            matches!(
                verdict,
                "altered" | "sealed_not_registered" | "not_ours" | "undetermined"
            ),
            "byte {place}: {verdict}"
        );
        // A hexadecimal digit of the seal itself may change its case and mean the same.
        if !hole.contains(&place) {
            assert_ne!(report["indication"], "TOTAL-PASSED", "byte {place}");
        }
    }
}

/// Where the seal stands in a copy, which it cannot cover itself.
fn hole(copy: &[u8]) -> std::ops::Range<usize> {
    let key = b"/Contents";
    let start = copy
        .windows(key.len())
        .rposition(|window| window == key)
        .expect("a seal");
    let length = copy[start..].iter().position(|byte| *byte == b'>');
    start..start + length.expect("its end")
}

#[test]
fn whatever_is_added_by_hand_is_an_alteration_that_names_its_offset() {
    let service = Service::start(Policies::Default);
    let copy = issued(&service);
    for added in [
        &b"\n"[..],
        b"% a comment\n%%EOF\n",
        b"4 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>\nendobj\n%%EOF\n",
    ] {
        let report = report(&service, &[copy.as_slice(), added].concat());
        assert_eq!(report["verdict"], "altered");
        assert_eq!(report["findings"][0]["offset"], copy.len());
        assert_eq!(report["copy"]["size"], copy.len());
    }
    // A copy cut short is not that copy any more, nor one with something before it.
    assert_ne!(verdict(&service, &copy[..copy.len() - 10]), "identical");
    assert_ne!(
        verdict(&service, &[b"\n", copy.as_slice()].concat()),
        "identical"
    );
}

#[test]
fn validation_data_that_somebody_adds_extends_a_copy_and_leaves_its_seal_sound() {
    let service = Service::start(Policies::Default);
    let copy = issued(&service);
    let extended = with_dss(&copy, "");
    let sound = report(&service, &extended);
    assert_eq!(sound["verdict"], "extended", "{sound:#}");
    assert_eq!(sound["indication"], "TOTAL-PASSED", "{sound:#}");
    assert_eq!(sound["findings"][0]["offset"], copy.len());

    // The same update with one more entry in the catalog is an alteration, and the rule is named.
    let altered = report(&service, &with_dss(&copy, "/OpenAction [3 0 R /Fit]"));
    assert_eq!(altered["verdict"], "altered");
    let rules = altered["findings"].as_array().expect("findings");
    assert!(
        rules.iter().any(|finding| finding["rule"] == "S7"),
        "{altered:#}"
    );
}

#[test]
fn a_request_chooses_policy_and_time_and_the_report_says_them() {
    let service = Service::start(Policies::Default);
    let copy = issued(&service);
    let ask = |query: &str| {
        service
            .post(
                &format!("/v1/validations?{query}"),
                "application/pdf",
                &copy,
            )
            .expect("an answer")
    };
    let strict = ask("policy=segell-1-strict").json();
    assert_eq!(strict["policy"], "segell-1-strict");
    assert_eq!(strict["verdict"], "identical");
    assert_eq!(strict["indication"], "INDETERMINATE");
    assert_eq!(
        strict["sub_indication"],
        "CERTIFICATE_CHAIN_GENERAL_FAILURE"
    );

    let long_ago = ask("validation_time=2001-01-01T00:00:00Z").json();
    assert_eq!(long_ago["validation_time"], "2001-01-01T00:00:00Z");
    assert_eq!(long_ago["sub_indication"], "OUT_OF_BOUNDS_NO_POE");

    let usual = ask("").json();
    assert_eq!(usual["policy"], "segell-1");
    let seal = &usual["signatures"][0];
    assert_eq!(seal["role"], "copy_seal");
    assert_eq!(seal["level"], "B-B");
    assert_eq!(seal["time_proof"], "archive");
    assert_eq!(seal["best_signature_time"], usual["validation_time"]);
    for query in [
        "policy=none",
        "validation_time=2999-01-01T00:00:00Z",
        "organ=x",
    ] {
        assert_eq!(ask(query).status, 400, "{query}");
    }
}

#[test]
fn a_document_of_somebody_else_is_not_ours() {
    let service = Service::start(Policies::Default);
    let report = report(&service, &paper::one_page("foreign"));
    assert_eq!(report["verdict"], "not_ours");
    assert_eq!(report["signatures"].as_array().map(Vec::len), Some(0));
}
