//! Bodies as stock clients send them, and as nobody should.

use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use futures_util::stream;

use super::*;

const LIMITS: BodyLimits = BodyLimits {
    bytes: 100,
    time: Duration::from_secs(60),
};

fn headers(fields: &[(&'static str, String)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    headers
}

async fn receive(headers: HeaderMap, body: &[u8]) -> Result<Received<Fields>, Problem> {
    let announced = Announced::of(&headers, LIMITS)?;
    let chunks: Vec<_> = body
        .chunks(7)
        .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
        .collect();
    announced
        .read(stream::iter(chunks), &headers, Fields::default())
        .await
}

fn form(parts: &[(&str, &str, &str)]) -> (HeaderMap, String) {
    let mut body = String::new();
    for (name, kind, content) in parts {
        body.push_str(&format!(
            "--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{kind}\r\n{content}\r\n"
        ));
    }
    body.push_str("--frontier--\r\nepilogue");
    let kind = "multipart/form-data; boundary=frontier".to_owned();
    (headers(&[("content-type", kind)]), body)
}

#[actix_web::test]
async fn a_raw_body_is_the_document() {
    let received = receive(HeaderMap::new(), b"%PDF-1.7 and so on")
        .await
        .unwrap();
    assert_eq!(&received.upload.bytes[..], b"%PDF-1.7 and so on");
    assert_eq!(
        received.upload.digest(),
        Sha256Digest::of(b"%PDF-1.7 and so on")
    );
}

#[actix_web::test]
async fn the_limit_is_checked_on_the_announced_length_and_on_what_arrives() {
    assert!(receive(HeaderMap::new(), &[b'a'; 100]).await.is_ok());
    let over = receive(HeaderMap::new(), &[b'a'; 101]).await;
    assert_eq!(over.err().unwrap().code(), ProblemCode::TooLarge);
    let announced = headers(&[("content-length", "101".to_owned())]);
    let problem = Announced::of(&announced, LIMITS).unwrap_err();
    assert!(
        problem.detail().contains("101 bytes"),
        "{}",
        problem.detail()
    );
    assert!(
        problem.detail().contains("limit is 100"),
        "{}",
        problem.detail()
    );
}

#[actix_web::test]
async fn a_digest_that_matches_passes_and_another_is_refused() {
    let digest = |bytes: &[u8]| {
        let value = Sha256Digest::of(bytes).to_field_value();
        headers(&[("content-digest", format!("sha-512=:AAAA:, {value}"))])
    };
    assert!(receive(digest(b"%PDF"), b"%PDF").await.is_ok());
    let problem = receive(digest(b"%PDF"), b"%PDG").await.err().unwrap();
    assert_eq!(problem.code(), ProblemCode::DigestMismatch);
    let damaged = headers(&[("content-digest", "sha-256=:x:".to_owned())]);
    let problem = receive(damaged, b"%PDF").await.err().unwrap();
    assert_eq!(problem.code(), ProblemCode::HeaderInvalid);
}

#[actix_web::test]
async fn a_form_brings_document_and_metadata_in_any_order() {
    let metadata = (
        "metadata",
        "Content-Type: application/json\r\n",
        r#"{"kind":"paper"}"#,
    );
    let document = ("document", "Content-Type: application/pdf\r\n", "%PDF-1.7");
    for parts in [[metadata, document], [document, metadata]] {
        let (headers, body) = form(&parts);
        let received = receive(headers, body.as_bytes()).await.unwrap();
        assert_eq!(&received.upload.bytes[..], b"%PDF-1.7");
        assert_eq!(received.fields.kind.unwrap().word(), "paper");
    }
}

#[actix_web::test]
async fn the_digest_of_a_form_is_over_the_whole_body() {
    let (mut headers, body) = form(&[("document", "", "%PDF-1.7")]);
    let digest = Sha256Digest::of(body.as_bytes()).to_field_value();
    let name = HeaderName::from_static("content-digest");
    headers.insert(name.clone(), HeaderValue::from_str(&digest).unwrap());
    assert!(receive(headers.clone(), body.as_bytes()).await.is_ok());
    let problem = receive(headers, body.replace("epilogue", "prologue").as_bytes()).await;
    assert_eq!(problem.err().unwrap().code(), ProblemCode::DigestMismatch);
}

#[actix_web::test]
async fn a_form_with_other_parts_is_refused_by_name() {
    let document = ("document", "", "%PDF");
    for (parts, code) in [
        (vec![("metadata", "", "{}")], ProblemCode::DocumentMissing),
        (vec![document, document], ProblemCode::MultipartInvalid),
        (vec![("file", "", "%PDF")], ProblemCode::MultipartInvalid),
        (vec![("document", "", "")], ProblemCode::DocumentMissing),
        (
            vec![("document", "Content-Type: text/html\r\n", "<p>")],
            ProblemCode::UnsupportedMediaType,
        ),
        (
            vec![("metadata", "", r#"{"knid":"paper"}"#), document],
            ProblemCode::MetadataInvalid,
        ),
    ] {
        let (headers, body) = form(&parts);
        let problem = receive(headers, body.as_bytes()).await.err().unwrap();
        assert_eq!(problem.code(), code, "{parts:?}");
    }
}

#[actix_web::test]
async fn a_form_that_ends_early_or_has_no_boundary_is_refused() {
    let (headers, body) = form(&[("document", "", "%PDF")]);
    let cut = body.len() - 20;
    let problem = receive(headers, &body.as_bytes()[..cut])
        .await
        .err()
        .unwrap();
    assert_eq!(problem.code(), ProblemCode::MultipartInvalid);
    let mut headers = HeaderMap::new();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("multipart/form-data"),
    );
    let problem = receive(headers, b"x").await.err().unwrap();
    assert_eq!(problem.code(), ProblemCode::MultipartInvalid);
}

#[actix_web::test]
async fn a_document_over_the_limit_inside_a_form_is_too_large() {
    let long = "x".repeat(101);
    let (headers, body) = form(&[("document", "", &long)]);
    let problem = receive(headers, body.as_bytes()).await.err().unwrap();
    assert_eq!(problem.code(), ProblemCode::TooLarge);
}

#[test]
fn an_idempotency_key_is_visible_ascii_of_at_most_255_characters() {
    let key = |value: &str| idempotency_key(&headers(&[("idempotency-key", value.to_owned())]));
    assert_eq!(key("abc-1").unwrap().as_deref(), Some("abc-1"));
    assert!(key(&"k".repeat(255)).is_ok());
    assert!(key(&"k".repeat(256)).is_err());
    assert!(key("a b").is_err());
    assert!(key("").is_err());
    assert_eq!(idempotency_key(&HeaderMap::new()).unwrap(), None);
}
