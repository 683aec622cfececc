//! Sources that are already signed, under the four rules for them.

use serde_json::Value;

use crate::support::service::{Answer, Policies, Service};
use crate::support::{corpus, paper};
use crate::{call, problem, public_call};

/// A document signed by somebody whose issuer is not trusted here.
const STRANGER: &str = "signed/B_dss_pades-bes.pdf";

fn seal(service: &Service, source: &[u8], query: &str) -> Answer {
    call(service, "POST", &format!("/v1/copies{query}"))
        .body(source)
        .answer()
}

fn preflight(service: &Service, source: &[u8], query: &str) -> Value {
    let answer = call(service, "POST", &format!("/v1/copies/preflight{query}"))
        .body(source)
        .answer();
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

/// A document with a sound signature of a seal that is known here: a copy.
fn sound(service: &Service) -> Vec<u8> {
    let copy = seal(service, &paper::one_page("Acta"), "");
    assert_eq!(copy.status, 201);
    copy.body
}

/// The same with one byte of the page changed after it was signed.
fn broken(service: &Service) -> Vec<u8> {
    let mut bytes = sound(service);
    let at = bytes
        .windows(4)
        .position(|window| window == b"Acta")
        .expect("the page says Acta");
    bytes[at + 3] = b'o';
    bytes
}

/// A document signed by a stranger, if there is a corpus.
fn strange() -> Option<Vec<u8>> {
    let specimens = corpus::folder("signed")?;
    let specimen = specimens
        .iter()
        .find(|specimen| specimen.name == STRANGER)
        .expect("the corpus has the specimen");
    Some(specimen.bytes())
}

fn rules(findings: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .as_array()
        .into_iter()
        .flatten()
        .map(|finding| (text(&finding["rule"]), text(&finding["severity"])))
        .filter(|(rule, _)| rule.starts_with("source-sign"))
        .collect()
}

fn finding(rule: &str, severity: &str) -> Vec<(String, String)> {
    vec![(rule.to_owned(), severity.to_owned())]
}

#[test]
fn a_signed_source_becomes_a_copy_that_states_its_signatures() {
    let service = Service::start(Policies::Default);
    let source = sound(&service);
    let copy = seal(&service, &source, "");
    assert_eq!(copy.status, 201, "{}", copy.json());
    assert!(copy.body.starts_with(&source));

    let place = copy.header("Location").to_owned();
    let record = service.get(&place).expect("an answer").json();
    let signatures = record["source_signatures"].as_array().expect("a list");
    assert_eq!(signatures.len(), 1);
    let indication = signatures[0]["indication"].as_str().expect("a word");
    assert_ne!(indication, "TOTAL-FAILED");
    assert!(signatures[0]["signed_by"].is_string());
    let statement = format!("the source carried 1 signature: 1 {indication}");
    assert_eq!(record["source_statement"], statement);
    assert_eq!(record["source"]["facts"]["signatures"], 1);
    let source_again = service.get(&format!("{place}/source")).expect("an answer");
    assert_eq!(source_again.body, source);

    let compact = copy.header("Verification-Code").replace('-', "");
    let public = public_call(&service, "GET", &format!("/{compact}"))
        .header("Accept", "application/json")
        .answer();
    assert_eq!(public.json()["source_statement"], statement);
    for (language, words) in [
        ("ca", "Signatures de l’original"),
        ("es", "Firmas del original"),
        ("en", "Signatures of the original"),
    ] {
        let page = public_call(&service, "GET", &format!("/{compact}"))
            .header("Accept", "text/html")
            .header("Accept-Language", language)
            .answer();
        let page = String::from_utf8_lossy(&page.body).into_owned();
        assert!(page.contains(words), "{language}: {page}");
    }

    let report = service.post("/v1/validations", "application/pdf", &copy.body);
    let report = report.expect("an answer").json();
    assert_eq!(report["verdict"], "identical");
    // The seal alone counts, as in a copy of an unsigned source.
    let plain = service.post("/v1/validations", "application/pdf", &source);
    let plain = plain.expect("an answer").json();
    assert_eq!(report["indication"], plain["indication"]);
    let roles: Vec<(&Value, &Value)> = report["signatures"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|signature| (&signature["role"], &signature["counts"]))
        .collect();
    assert_eq!(
        roles,
        [
            (&Value::from("source_signature"), &Value::from(false)),
            (&Value::from("copy_seal"), &Value::from(true)),
        ]
    );
}

#[test]
fn an_unsigned_source_has_nothing_to_state() {
    let service = Service::start(Policies::Default);
    let copy = seal(&service, &paper::one_page("Acta"), "");
    let record = service.get(copy.header("Location")).expect("an answer");
    assert!(record.json().get("source_signatures").is_none());
    assert!(record.json().get("source_statement").is_none());
}

#[test]
fn a_source_changed_after_it_was_signed_is_refused_by_default() {
    let service = Service::start(Policies::Default);
    let source = broken(&service);
    // A request may be stricter than its organ, and not less strict.
    for query in [
        "",
        "?source_signatures=accept",
        "?source_signatures=record",
        "?source_signatures=require",
    ] {
        let refused = problem(
            &seal(&service, &source, query),
            422,
            "source-signature-invalid",
        );
        assert_eq!(refused["who"], "organ");
        assert_eq!(refused["retry"], "never");
        let detail = refused["detail"].as_str().expect("a sentence");
        assert!(detail.contains("TOTAL-FAILED"), "{detail}");
    }
    let answer = preflight(&service, &source, "");
    assert_eq!(answer["sealable"], false);
    assert_eq!(
        rules(&answer["findings"]),
        finding("source-signature-invalid", "refusal")
    );
}

#[test]
fn an_organ_may_record_whatever_signature_there_is() {
    let service = Service::start(Policies::Permissive);
    let source = broken(&service);
    let copy = seal(&service, &source, "");
    assert_eq!(copy.status, 201, "{}", copy.json());
    let record = service.get(copy.header("Location")).expect("an answer");
    let record = record.json();
    assert_eq!(record["source_signatures"][0]["indication"], "TOTAL-FAILED");
    assert_eq!(
        rules(&record["findings"]),
        finding("source-signature", "warning")
    );
    let refused = seal(&service, &source, "?source_signatures=accept");
    problem(&refused, 422, "source-signature-invalid");
}

#[test]
fn a_signature_that_cannot_be_decided_is_stated_unless_all_must_be_valid() {
    let Some(source) = strange() else {
        return;
    };
    let service = Service::start(Policies::Default);
    let answer = preflight(&service, &source, "");
    assert_eq!(answer["sealable"], true);
    assert_eq!(
        rules(&answer["findings"]),
        finding("source-signature", "warning")
    );
    assert_eq!(
        answer["source_signatures"][0]["indication"],
        "INDETERMINATE"
    );
    let copy = seal(&service, &source, "");
    assert_eq!(copy.status, 201, "{}", copy.json());
    let record = service.get(copy.header("Location")).expect("an answer");
    let record = record.json();
    assert_eq!(
        record["source_signatures"][0]["indication"],
        "INDETERMINATE"
    );
    assert!(record["source_signatures"][0]["sub_indication"].is_string());

    let strict = seal(&service, &source, "?source_signatures=require");
    problem(&strict, 422, "source-signature-invalid");
}

#[test]
fn a_request_may_refuse_every_signature() {
    let service = Service::start(Policies::Default);
    let source = sound(&service);
    let query = "?source_signatures=refuse";
    problem(&seal(&service, &source, query), 422, "source-signed");
    let answer = preflight(&service, &source, query);
    assert_eq!(answer["sealable"], false);
    assert_eq!(
        rules(&answer["findings"]),
        finding("source-signed", "refusal")
    );
    let unsigned = seal(&service, &paper::one_page("Acta"), query);
    assert_eq!(unsigned.status, 201);
}
