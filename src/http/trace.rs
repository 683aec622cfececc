//! One span and one line of log per request, with the pattern of its route and never its path: paths
//! carry codes, and codes open documents.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::{Error, HttpMessage, HttpRequest};
use tokio::time::Instant;
use tracing::Span;
use tracing::field::{Empty, display};
use tracing_actix_web::RootSpanBuilder;

use super::request_id::RequestId;
use crate::telemetry::{REQUEST, TraceContext, join, measure};

/// The field that names the trace of a request (W3C Trace Context, §3.2).
const TRACEPARENT: &str = "traceparent";

/// When a request came in; in its extensions.
struct Arrival(Instant);

/// Makes the span of a request.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let request_id = RequestId::assign(request);
        let route = request.match_pattern();
        request.extensions_mut().insert(Arrival(Instant::now()));
        let span = tracing::info_span!(
            REQUEST,
            method = method(request.method()),
            route = route.as_deref().unwrap_or("none"),
            request_id = request_id.as_str(),
            trace_id = Empty,
            parent_id = Empty,
            application = Empty,
            end_user = Empty,
        );
        let context = trace_context(request);
        span.record("trace_id", display(join(&span, &context)));
        if let Some(parent) = context.parent() {
            span.record("parent_id", display(parent.span_id));
        }
        span
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

/// The trace that a request belongs to: the one its only `traceparent` names, or a new one.
fn trace_context(request: &ServiceRequest) -> TraceContext {
    let mut fields = request.headers().get_all(TRACEPARENT);
    let sent = match (fields.next(), fields.next()) {
        (Some(field), None) => field.to_str().ok().and_then(TraceContext::of_traceparent),
        _ => None,
    };
    sent.unwrap_or_else(|| {
        let extensions = request.extensions();
        let made = extensions.get::<tracing_actix_web::RequestId>();
        // Of version 4: random, and never zero.
        TraceContext::begin(made.map_or(1, |id| id.as_u128()))
    })
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

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const SENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn parent(fields: &[&str]) -> Option<String> {
        let request = fields
            .iter()
            .fold(TestRequest::default(), |request, field| {
                request.append_header((TRACEPARENT, *field))
            });
        let parent = trace_context(&request.to_srv_request()).parent()?;
        Some(parent.span_id.to_string())
    }

    #[test]
    fn the_trace_of_the_caller_goes_on_here_when_it_is_named_once_and_well() {
        assert_eq!(parent(&[SENT]).as_deref(), Some("00f067aa0ba902b7"));
        assert_eq!(parent(&[]), None);
        assert_eq!(parent(&["00-nonsense"]), None);
        assert_eq!(parent(&[SENT, SENT]), None, "nobody knows which of the two");
    }
}
