//! Problems as HTTP answers.

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError};

use super::{Problem, ProblemCode, Retry};
use crate::http::request_id::RequestId;

/// Media type of a problem document (RFC 9457, 6.1).
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

impl Problem {
    /// The HTTP status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.entry().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Adds the header fields that are special this time, such as `Retry-After`.
    pub(crate) fn add_fields(&self, answer: &mut HttpResponseBuilder) {
        for (name, value) in &self.special.fields {
            answer.insert_header((*name, value.as_str()));
        }
    }

    /// What stands for an error of the framework, of which only the status says something.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        Self::new(match status {
            StatusCode::NOT_FOUND => ProblemCode::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => ProblemCode::BodyTooSlow,
            StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::UnsupportedMediaType,
            status if status.is_client_error() => ProblemCode::BadRequest,
            _ => ProblemCode::Internal,
        })
    }

    /// The answer. Whatever is opaque to the caller is logged here, and only here.
    pub(crate) fn respond(&self, request: &HttpRequest) -> HttpResponse {
        let request_id = RequestId::of(request);
        let entry = self.entry();
        if entry.status >= 500 {
            tracing::error!(
                problem = entry.code,
                cause = self.cause().unwrap_or("none given"),
                "request failed"
            );
        } else {
            tracing::info!(problem = entry.code, "request refused");
        }
        let mut answer = HttpResponse::build(self.status());
        answer.content_type(PROBLEM_JSON);
        answer.insert_header((header::CACHE_CONTROL, "no-store"));
        if entry.status == 401 {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        self.add_fields(&mut answer);
        let said = |(name, _): &(&str, String)| *name == header::RETRY_AFTER.as_str();
        let later = entry.status == 503 && entry.retry == Retry::Later;
        if later && !self.special.fields.iter().any(said) {
            answer.insert_header((header::RETRY_AFTER, retry_after(request_id.as_str())));
        }
        match serde_json::to_vec(&self.document(request_id.as_str())) {
            Ok(document) => answer.body(document),
            Err(_) => answer.finish(),
        }
    }
}

/// Two to nine seconds, different from one caller to the next so that they do not all come back at once.
fn retry_after(request_id: &str) -> u32 {
    let spread: u32 = request_id.bytes().map(u32::from).sum();
    2 + spread % 8
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// The middleware that finishes every answer replaces this by [`Problem::respond`], which knows
    /// the request.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status())
    }
}
