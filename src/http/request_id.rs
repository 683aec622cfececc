//! The name of a request: taken from `X-Request-Id` when it is harmless, made up otherwise, and given
//! back with every answer.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, dev::ServiceRequest};

/// The field, in requests and answers.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest name taken over from a caller, in characters.
const LONGEST: usize = 64;

/// The name of a request, safe in a header field, in JSON and in a line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(String);

impl RequestId {
    /// Names a request as it comes in.
    pub(crate) fn assign(request: &ServiceRequest) -> Self {
        let sent = request
            .headers()
            .get(X_REQUEST_ID)
            .and_then(|value| value.to_str().ok())
            .and_then(Self::accept);
        let id = sent.unwrap_or_else(|| {
            let extensions = request.extensions();
            let made = extensions.get::<tracing_actix_web::RequestId>();
            Self(made.map(ToString::to_string).unwrap_or_default())
        });
        request.extensions_mut().insert(id.clone());
        id
    }

    /// The name of a request that came in through the middleware.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        request
            .extensions()
            .get()
            .cloned()
            .unwrap_or_else(|| Self(String::new()))
    }

    /// A caller's own name, when it is 1 to 64 letters, digits, dots, hyphens and underscores.
    fn accept(text: &str) -> Option<Self> {
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        ((1..=LONGEST).contains(&text.len()) && text.bytes().all(safe))
            .then(|| Self(text.to_owned()))
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As the value of its field.
    pub(crate) fn to_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_name_is_kept_only_when_it_is_harmless() {
        assert!(RequestId::accept("case-2026.11_a").is_some());
        assert!(RequestId::accept(&"x".repeat(64)).is_some());
        assert!(RequestId::accept(&"x".repeat(65)).is_none());
        assert!(RequestId::accept("").is_none());
        assert!(RequestId::accept("a b").is_none());
        assert!(RequestId::accept("a\"b").is_none());
    }
}
