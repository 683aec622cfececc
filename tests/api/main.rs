//! The interface as applications and citizens meet it: the real program, asked over HTTP.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "these tests read and write files"
)]

#[path = "../support/mod.rs"]
mod support;

mod compare;
mod copies;
mod credentials;
mod discovery;
mod extension;
mod lifecycle;
mod limits;
mod logs;
#[cfg(feature = "otlp")]
mod otlp;
mod peers;
mod public;
mod receipts;
mod requests;
mod signed;
mod tenants;
mod visibility;
mod watching;

use support::service::{Answer, KEY, Service};
use ureq::Agent;
use ureq::http::{Request, Response};

/// A request in the making.
struct Call<'a> {
    service: &'a Service,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A request with the evaluation key.
fn call<'a>(service: &'a Service, method: &'static str, path: &str) -> Call<'a> {
    public_call(service, method, path).header("Authorization", &format!("Bearer {KEY}"))
}

/// A request without a key.
fn public_call<'a>(service: &'a Service, method: &'static str, path: &str) -> Call<'a> {
    Call {
        service,
        method,
        path: path.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    }
}

impl Call<'_> {
    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn body(mut self, bytes: &[u8]) -> Self {
        self.body = bytes.to_vec();
        self
    }

    /// The answer, redirects and problems included.
    fn answer(self) -> Answer {
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .new_agent();
        let mut request = Request::builder().method(self.method).uri(format!(
            "{}{}",
            self.service.address(),
            self.path
        ));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answered: Result<Response<ureq::Body>, ureq::Error> =
            if matches!(self.method, "GET" | "HEAD" | "DELETE") {
                agent.run(request.body(()).expect("a request"))
            } else {
                agent.run(request.body(self.body).expect("a request"))
            };
        let mut answered = answered.expect("the service answers");
        let body = answered
            .body_mut()
            .with_config()
            .limit(1 << 30)
            .read_to_vec()
            .expect("the body arrives whole");
        let answer = Answer {
            status: answered.status().as_u16(),
            headers: answered.headers().clone(),
            body,
        };
        self.service.keep_secret(answer.header("Verification-Code"));
        answer
    }
}

/// The problem of an answer, after checking that it is a whole one.
#[track_caller]
fn problem(answer: &Answer, status: u16, code: &str) -> serde_json::Value {
    let text = String::from_utf8_lossy(&answer.body);
    assert_eq!(answer.status, status, "{text}");
    assert_eq!(answer.header("Content-Type"), "application/problem+json");
    let document = answer.json();
    assert_eq!(document["code"], code, "{text}");
    assert_eq!(document["status"], status);
    assert_eq!(document["type"], format!("/v1/problems#{code}"));
    assert_eq!(document["request_id"], answer.header("X-Request-Id"));
    for field in ["title", "detail", "who", "retry"] {
        assert!(document[field].is_string(), "{field}: {text}");
    }
    document
}
