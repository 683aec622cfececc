//! What a body is, by its `Content-Type` (DESIGN §9): stock clients that say nothing, or say
//! something meaningless, are judged by the bytes they send.

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

use crate::http::problem::{Problem, ProblemCode};

/// What a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// The document itself.
    Document,
    /// The document itself, sent as if it were a form: what `curl -d` does, which drops line ends.
    DocumentAsForm,
    /// A multipart form.
    Multipart,
}

impl Body {
    /// Reads the header fields.
    ///
    /// # Errors
    /// A type that is none of these, or a content coding.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let encoding = headers.get(CONTENT_ENCODING).map(|value| value.as_bytes());
        if encoding.is_some_and(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
            return Err(Problem::new(ProblemCode::UnsupportedMediaType)
                .with_detail("The body came with a Content-Encoding; send it without one."));
        }
        let Some(value) = headers.get(CONTENT_TYPE) else {
            return Ok(Self::Document);
        };
        let value = value.to_str().unwrap_or_default();
        let essence = value.split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().as_str() {
            "" | "application/pdf" | "application/octet-stream" => Ok(Self::Document),
            "application/x-www-form-urlencoded" => Ok(Self::DocumentAsForm),
            "multipart/form-data" => Ok(Self::Multipart),
            _ => Err(unsupported(essence)),
        }
    }
}

/// The problem of a body of another type.
pub(super) fn unsupported(received: &str) -> Problem {
    let shown: String = received.chars().take(100).collect();
    Problem::new(ProblemCode::UnsupportedMediaType)
        .with_detail(format!("The body came as {shown:?}."))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn body(content_type: &'static str) -> Result<Body, Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        Body::of(&headers)
    }

    #[test]
    fn a_missing_or_meaningless_type_is_judged_by_the_bytes() {
        assert_eq!(Body::of(&HeaderMap::new()).unwrap(), Body::Document);
        assert_eq!(body("application/octet-stream").unwrap(), Body::Document);
        assert_eq!(body("Application/PDF; name=a.pdf").unwrap(), Body::Document);
        assert_eq!(
            body("application/x-www-form-urlencoded").unwrap(),
            Body::DocumentAsForm
        );
        assert_eq!(
            body("multipart/form-data; boundary=x").unwrap(),
            Body::Multipart
        );
    }

    #[test]
    fn another_type_is_refused_and_named() {
        let problem = body("application/json").unwrap_err();
        assert_eq!(problem.code(), ProblemCode::UnsupportedMediaType);
        assert!(problem.detail().contains("application/json"));
    }

    #[test]
    fn a_content_coding_is_refused() {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(Body::of(&headers).is_err());
    }
}
