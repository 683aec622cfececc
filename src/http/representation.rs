//! Giving out a file that is known by its digest: entity tag, conditions, ranges (RFC 9110, 13 and 14)
//! and digest fields (RFC 9530).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::ops::Range;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpResponse, HttpResponseBuilder};
use bytes::Bytes;

use super::admission::HeldBytes;
use super::problem::{Problem, ProblemCode};
use crate::model::Sha256Digest;

/// Bytes handed to the connection at once; it copies what it is handed.
const CHUNK: usize = 64 << 10;

/// What of a file is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// All of it.
    Whole,
    /// These bytes of it.
    Part(Range<u64>),
    /// Nothing: the caller has it already.
    NotModified,
}

/// Decides what a request for a file of this digest and size gets.
///
/// # Errors
/// A precondition that does not hold; a range outside the file.
pub(crate) fn select(
    headers: &HeaderMap,
    digest: &Sha256Digest,
    size: u64,
) -> Result<Selection, Problem> {
    let tag = entity_tag(digest);
    let unconditional = !headers.contains_key(header::IF_MATCH);
    if !unconditional && !names(headers, &header::IF_MATCH, &tag, false) {
        return Err(ProblemCode::PreconditionFailed.into());
    }
    if names(headers, &header::IF_NONE_MATCH, &tag, true) {
        return Ok(Selection::NotModified);
    }
    // A part of another version than the caller has is of no use: then all of it is sent.
    let same = headers
        .get(header::IF_RANGE)
        .is_none_or(|sent| sent.as_bytes() == tag.as_bytes());
    match headers.get(header::RANGE).filter(|_| same) {
        Some(range) => single_range(range.to_str().unwrap_or_default(), size),
        None => Ok(Selection::Whole),
    }
}

/// The strong entity tag of a file: its digest.
pub(crate) fn entity_tag(digest: &Sha256Digest) -> String {
    format!("\"{digest}\"")
}

/// Whether a list of entity tags names this one, or is `*`.
fn names(headers: &HeaderMap, field: &header::HeaderName, tag: &str, weak: bool) -> bool {
    headers
        .get_all(field)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|named| {
            named == "*" || named == tag || (weak && named.strip_prefix("W/") == Some(tag))
        })
}

/// One range of bytes. What cannot be read, and several ranges at once, are passed over, as RFC 9110
/// allows: all of the file is sent.
fn single_range(field: &str, size: u64) -> Result<Selection, Problem> {
    let Some((first, last)) = field
        .strip_prefix("bytes=")
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Ok(Selection::Whole);
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..size.min(last.saturating_add(1)),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(length)) if first.is_empty() => size.saturating_sub(length)..size,
        _ => return Ok(Selection::Whole),
    };
    if range.is_empty() {
        return Err(Problem::new(ProblemCode::RangeNotSatisfiable)
            .with_detail(format!("The document has {size} bytes."))
            .with_field("content-range", format!("bytes */{size}")));
    }
    Ok(Selection::Part(range))
}

/// The header fields of a PDF that is known by its digest; `stem` begins its file name.
pub(crate) fn describe_pdf(answer: &mut HttpResponseBuilder, digest: &Sha256Digest, stem: &str) {
    let name: String = digest.to_string().chars().take(8).collect();
    answer
        .content_type("application/pdf")
        .insert_header((header::ETAG, entity_tag(digest)))
        .insert_header(("repr-digest", digest.to_field_value()))
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{stem}-{name}.pdf\""),
        ));
}

/// An answer in JSON, with its digest.
pub(crate) fn answer_json(
    answer: &mut HttpResponseBuilder,
    value: &impl serde::Serialize,
) -> Result<HttpResponse, Problem> {
    let json = serde_json::to_vec(value)
        .map_err(|error| Problem::new(ProblemCode::Internal).caused_by(&error))?;
    let digest = Sha256Digest::of(&json).to_field_value();
    Ok(answer
        .content_type("application/json")
        .insert_header(("repr-digest", digest))
        .body(json))
}

/// A body of parts that follow each other: they are never joined.
pub(crate) struct Parts {
    parts: VecDeque<Bytes>,
    size: u64,
    _held: Option<HeldBytes>,
}

impl Parts {
    /// From parts in order; `held` is given back when the last byte is out.
    pub(crate) fn new(parts: Vec<Bytes>, held: Option<HeldBytes>) -> Self {
        Self {
            size: parts.iter().map(|part| part.len() as u64).sum(),
            parts: parts.into(),
            _held: held,
        }
    }
}

impl MessageBody for Parts {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.size)
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        while let Some(first) = self.parts.front_mut() {
            if first.len() > CHUNK {
                return Poll::Ready(Some(Ok(first.split_to(CHUNK))));
            }
            match self.parts.pop_front() {
                Some(part) if part.is_empty() => {}
                part => return Poll::Ready(part.map(Ok)),
            }
        }
        Poll::Ready(None)
    }
}

/// The body of an answer to `HEAD`: a length and nothing else.
pub(crate) struct Announced(pub(crate) u64);

impl MessageBody for Announced {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn choose(fields: &[(HeaderName, &str)]) -> Result<Selection, Problem> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        select(&headers, &digest(), 100)
    }

    fn digest() -> Sha256Digest {
        Sha256Digest::of(b"document")
    }

    fn range(value: &str) -> Result<Selection, Problem> {
        choose(&[(header::RANGE, value)])
    }

    #[test]
    fn a_single_range_is_cut_out() {
        assert_eq!(range("bytes=0-9").unwrap(), Selection::Part(0..10));
        assert_eq!(range("bytes=90-").unwrap(), Selection::Part(90..100));
        assert_eq!(range("bytes=90-1000").unwrap(), Selection::Part(90..100));
        assert_eq!(range("bytes=-10").unwrap(), Selection::Part(90..100));
        assert_eq!(range("bytes=-1000").unwrap(), Selection::Part(0..100));
    }

    #[test]
    fn a_range_that_cannot_be_read_gets_the_whole() {
        for field in [
            "lines=1-2",
            "bytes=",
            "bytes=-",
            "bytes=9-1",
            "bytes=0-1,5-6",
            "bytes=a-b",
        ] {
            assert_eq!(range(field).unwrap(), Selection::Whole, "{field}");
        }
    }

    #[test]
    fn a_range_outside_is_refused_with_the_length() {
        for field in [
            "bytes=100-",
            "bytes=100-200",
            "bytes=-0",
            "bytes=18446744073709551615-",
        ] {
            let problem = range(field).unwrap_err();
            assert_eq!(problem.code(), ProblemCode::RangeNotSatisfiable, "{field}");
        }
    }

    #[test]
    fn conditions_are_asked_before_ranges() {
        let tag = entity_tag(&digest());
        let weak = format!("\"x\", W/{tag}");
        assert_eq!(
            choose(&[(header::IF_NONE_MATCH, &weak), (header::RANGE, "bytes=0-1")]).unwrap(),
            Selection::NotModified
        );
        assert_eq!(
            choose(&[(header::IF_NONE_MATCH, "\"x\"")]).unwrap(),
            Selection::Whole
        );
        assert!(choose(&[(header::IF_MATCH, "\"x\"")]).is_err());
        assert!(
            choose(&[(header::IF_MATCH, &weak)]).is_err(),
            "weak tags do not match here"
        );
        assert!(choose(&[(header::IF_MATCH, &tag)]).is_ok());
        assert!(choose(&[(header::IF_MATCH, "*")]).is_ok());
    }

    #[test]
    fn a_range_of_another_version_gets_the_whole() {
        let tag = entity_tag(&digest());
        let part =
            |tag: &str| choose(&[(header::IF_RANGE, tag), (header::RANGE, "bytes=0-1")]).unwrap();
        assert_eq!(part(&tag), Selection::Part(0..2));
        assert_eq!(part("\"x\""), Selection::Whole);
        assert_eq!(part("Sat, 21 Nov 2026 00:00:00 GMT"), Selection::Whole);
    }

    #[tokio::test]
    async fn parts_come_out_in_order_and_with_their_length() {
        let parts = || {
            vec![
                Bytes::from(vec![1; 150_000]),
                Bytes::new(),
                Bytes::from_static(b"end"),
            ]
        };
        assert_eq!(Parts::new(parts(), None).size(), BodySize::Sized(150_003));
        let joined = to_bytes(Parts::new(parts(), None)).await.unwrap();
        assert_eq!(joined, parts().concat());
    }
}
