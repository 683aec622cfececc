//! Pages as answers, with the header fields of everything public.

use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::page;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::AppState;
use crate::model::Environment;

/// The media type of a page.
pub(super) const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// A page as text.
pub(super) fn html(page: &impl Template) -> Result<String, Problem> {
    page.render()
        .map_err(|error| Problem::new(ProblemCode::Internal).caused_by(&error))
}

/// A page as an answer.
pub(super) fn render(
    mut answer: HttpResponseBuilder,
    page: &impl Template,
) -> Result<HttpResponse, Problem> {
    let html = html(page)?;
    Ok(answer
        .insert_header((header::CONTENT_TYPE, HTML))
        .body(html))
}

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
        (header::VARY, "Accept, Accept-Language"),
    ];
    let mut fields: Vec<_> = fixed
        .into_iter()
        .map(|(name, value)| (name, HeaderValue::from_static(value)))
        .collect();
    if let Ok(policy) = HeaderValue::try_from(page::content_security_policy()) {
        fields.push((header::CONTENT_SECURITY_POLICY, policy));
    }
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
    state.settings().environment == Environment::Pre
}
