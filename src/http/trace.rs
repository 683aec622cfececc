//! One span and one line of log per request, with the pattern of its route and never its path: paths
//! carry codes, and codes open documents.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::{Error, HttpMessage, HttpRequest};
use tokio::time::Instant;
use tracing::Span;
use tracing_actix_web::RootSpanBuilder;

use super::request_id::RequestId;
use crate::telemetry::measure;

/// When a request came in; in its extensions.
struct Arrival(Instant);

/// Makes the span of a request.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let request_id = RequestId::assign(request);
        let route = request.match_pattern();
        request.extensions_mut().insert(Arrival(Instant::now()));
        tracing::info_span!(
            "request",
            method = method(request.method()),
            route = route.as_deref().unwrap_or("none"),
            request_id = request_id.as_str(),
            application = tracing::field::Empty,
            end_user = tracing::field::Empty,
        )
    }

    fn on_request_end<B: MessageBody>(_: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let (status, request) = match outcome {
            Ok(response) => (response.status().as_u16(), Some(response.request())),
            Err(error) => (error.as_response_error().status_code().as_u16(), None),
        };
        let arrival = request.and_then(|request| {
            let extensions = request.extensions();
            extensions.get::<Arrival>().map(|arrival| arrival.0)
        });
        let took = arrival.map(|arrival| arrival.elapsed()).unwrap_or_default();
        let route = request.and_then(HttpRequest::match_pattern);
        let asked = request.map_or("other", |request| method(request.method()));
        measure::answered(
            route.unwrap_or_else(|| "none".to_owned()),
            asked,
            status,
            took,
        );
        let latency_ms = took.as_micros() as f64 / 1000.0;
        tracing::info!(status, latency_ms, "answered");
    }
}

/// The method, when it is one that a server knows: anything else is the caller's free text.
fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
