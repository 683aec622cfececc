//! What the service says of its own copies, as they were issued and as others changed them.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests write files for other programs"
)]

#[path = "../support/mod.rs"]
mod support;

use support::paper;
use support::service::{ORGAN, Policies, Service};
use support::tools;

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

    for step in 0..150 {
        let mut changed = copy.clone();
        let place = step * copy.len() / 150;
        changed[place] ^= 1 << (step % 8);
        let report = report(&service, &changed);
        let verdict = report["verdict"].as_str().expect("a verdict");
        assert!(
            matches!(verdict, "altered" | "not_ours" | "undetermined"),
            "byte {place}: {verdict}"
        );
        assert_ne!(report["indication"], "TOTAL-PASSED", "byte {place}");
    }
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
fn validation_data_and_timestamps_that_others_add_extend_a_copy() {
    let python = tools::python();
    if !tools::present(&[python.as_str()]) {
        return;
    }
    let service = Service::start(Policies::Default);
    let folder = service.folder();
    let file = |name: &str| folder.join(name).display().to_string();
    std::fs::write(file("copy.pdf"), issued(&service)).expect("the copy can be written");
    let seals = support::root().join("certs-example/seals");
    tools::text_of(
        &python,
        [
            support::root()
                .join("tests/verdicts/extend.py")
                .display()
                .to_string(),
            seals.join("L01990015.p12").display().to_string(),
            seals.join("L01990015.pass").display().to_string(),
            file("copy.pdf"),
            file("dss.pdf"),
            file("timestamp.pdf"),
        ],
    )
    .expect("pyHanko extends the copy");
    for name in ["dss.pdf", "timestamp.pdf"] {
        let bytes = std::fs::read(file(name)).expect("pyHanko wrote it");
        let report = report(&service, &bytes);
        assert_eq!(report["verdict"], "extended", "{name}: {report:#}");
        assert_eq!(report["indication"], "TOTAL-PASSED", "{name}: {report:#}");
    }
}

#[test]
fn a_document_of_somebody_else_is_not_ours() {
    let service = Service::start(Policies::Default);
    let report = report(&service, &paper::one_page("foreign"));
    assert_eq!(report["verdict"], "not_ours");
    assert_eq!(report["signatures"].as_array().map(Vec::len), Some(0));
}
