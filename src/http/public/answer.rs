//! The header fields of everything public.

use actix_web::HttpResponseBuilder;
use actix_web::http::header::{self, HeaderName, HeaderValue};

use crate::http::state::AppState;
use crate::model::Environment;

/// The media type of a page.
pub(super) const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// What a page may load and where its forms lead: this service, and nothing written into the page.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The same for a page that carries pictures in itself, because nothing of what it shows is kept.
pub(super) const WITH_PICTURES: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// The header fields of everything public: never indexed, kept, framed or told about elsewhere.
pub(super) fn guards(state: &AppState) -> Vec<(HeaderName, HeaderValue)> {
    let fixed = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("x-robots-tag"),
            "noindex, nofollow, noarchive",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
        (header::VARY, "Accept, Accept-Language"),
    ];
    let mut fields: Vec<_> = fixed
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect();
    fields.push((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY));
    if !is_test(state) {
        // Over plain HTTP browsers pass it over; in production a proxy with TLS stands in front.
        let value = HeaderValue::from_static("max-age=31536000");
        fields.push((header::STRICT_TRANSPORT_SECURITY, value));
    }
    fields
}

/// Adds them to an answer in the making.
pub(super) fn guard(answer: &mut HttpResponseBuilder, state: &AppState) {
    for field in guards(state) {
        answer.insert_header(field);
    }
}

/// Whether everything here is a test.
pub(super) fn is_test(state: &AppState) -> bool {
    state.environment() == Environment::Pre
}
