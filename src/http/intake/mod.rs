//! Intake: what a request says before its body is read, and then the body.
//!
//! Everything that can be refused without the body is refused first ([`Announced::of`]); only then is a
//! place in the queue taken and the body read.

mod fields;
mod incoming;
mod media_type;
mod multipart;
mod validation;

use std::time::Duration;

use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_LENGTH, HeaderMap};
use bytes::Bytes;
use futures_util::Stream;

#[cfg(test)]
pub(crate) use self::fields::NAMES as FIELD_NAMES;
pub(crate) use self::fields::{access_factor, invalid};
use self::incoming::{Gathering, Incoming, too_large};
use self::media_type::Body;
pub(crate) use self::validation::ValidationFields;
use super::problem::{Problem, ProblemCode};
use crate::model::Sha256Digest;
use crate::seal::{Fields, Upload};

/// Bytes a multipart body may be longer than its document: metadata, boundaries and part headers.
const ENVELOPE_BYTES: u64 = 128 << 10;

/// Limits on a body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimits {
    /// Bytes of the document.
    pub(crate) bytes: u64,
    /// Time for the whole body.
    pub(crate) time: Duration,
}

/// What a request announces before its body.
#[derive(Debug)]
pub(crate) struct Announced {
    body: Body,
    length: Option<u64>,
    digest: Option<Sha256Digest>,
    limits: BodyLimits,
}

/// What a request says beside its document, in the query and in the metadata of a form.
pub(crate) trait RequestFields: Sized {
    /// Reads the JSON of the part `metadata`, beside what the query said.
    ///
    /// # Errors
    /// Not JSON, an unknown name, a wrong value, a field said twice.
    fn add_json(&mut self, json: &[u8]) -> Result<(), Problem>;

    /// The names of the parts of a form that are a text each, beside `document` and `metadata`.
    const TEXTS: &'static [&'static str] = &[];

    /// Takes one of [`Self::TEXTS`].
    fn add_text(&mut self, _name: &'static str, _text: String) {}
}

impl RequestFields for Fields {
    fn add_json(&mut self, json: &[u8]) -> Result<(), Problem> {
        fields::add_json(self, json)
    }
}

/// A request's document with its fields.
pub(crate) struct Received<F> {
    /// The fields, of the query and of the metadata.
    pub(crate) fields: F,
    /// The document.
    pub(crate) upload: Upload,
}

impl Announced {
    /// Reads what the header fields say.
    ///
    /// # Errors
    /// An unsupported type, a body longer than the limit, a digest that cannot be read.
    pub(crate) fn of(headers: &HeaderMap, limits: BodyLimits) -> Result<Self, Problem> {
        let body = Body::of(headers)?;
        let length = content_length(headers);
        let limit = limits.bytes + envelope(body);
        if let Some(length) = length.filter(|length| *length > limit) {
            return Err(too_large(Some(length), limits.bytes));
        }
        Ok(Self {
            body,
            length,
            digest: content_digest(headers)?,
            limits,
        })
    }

    /// Bytes of memory to set aside: as many as announced, or as many as are allowed.
    pub(crate) fn bytes_to_hold(&self) -> usize {
        let bytes = self.length.unwrap_or(self.limits.bytes);
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }

    /// The document came as a form, so that line ends may be missing in it.
    pub(crate) fn came_as_form(&self) -> bool {
        self.body == Body::DocumentAsForm
    }

    /// Reads the body. `fields` are those of the query.
    ///
    /// # Errors
    /// A body that is too long, too slow, cut off, empty, badly formed, or other than its digest says.
    pub(crate) async fn read<S, F: RequestFields>(
        self,
        payload: S,
        headers: &HeaderMap,
        fields: F,
    ) -> Result<Received<F>, Problem>
    where
        S: Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static,
    {
        let limit = self.limits.bytes;
        let expected = self.length.unwrap_or(0);
        let mut incoming = Incoming::new(payload, limit + envelope(self.body), self.limits.time);
        let (received, digest) = match self.body {
            Body::Document | Body::DocumentAsForm => {
                let mut gathering = Gathering::new(expected, limit);
                while let Some(chunk) = incoming.next().await {
                    gathering.push(&chunk?)?;
                }
                let upload = gathering.finish()?;
                let digest = self.digest.map(|_| upload.digest());
                (Received { fields, upload }, digest)
            }
            Body::Multipart => {
                if self.digest.is_some() {
                    incoming = incoming.hashing_all();
                }
                let parts = multipart::read(incoming, headers, expected, limit, fields).await?;
                let received = Received {
                    fields: parts.fields,
                    upload: parts.upload,
                };
                (received, parts.digest_of_all)
            }
        };
        match (self.digest, digest) {
            (Some(sent), Some(found)) if sent != found => Err(digest_mismatch(sent, found)),
            _ => Ok(received),
        }
    }
}

/// The fields in a query string.
pub(crate) fn query_fields(query: &str) -> Result<Fields, Problem> {
    fields::from_query(query)
}

/// The value of `Idempotency-Key`: 1 to 255 visible ASCII characters.
pub(crate) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all("idempotency-key");
    let invalid = || {
        Problem::new(ProblemCode::HeaderInvalid).with_detail(
            "Idempotency-Key is one value of 1 to 255 visible ASCII characters, such as a UUID.",
        )
    };
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            let bytes = value.as_bytes();
            let visible = bytes.iter().all(u8::is_ascii_graphic);
            if !visible || !(1..=255).contains(&bytes.len()) {
                return Err(invalid());
            }
            Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
        }
        _ => Err(invalid()),
    }
}

const fn envelope(body: Body) -> u64 {
    match body {
        Body::Document | Body::DocumentAsForm => 0,
        Body::Multipart => ENVELOPE_BYTES,
    }
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The SHA-256 of `Content-Digest` (RFC 9530); other algorithms are passed over, as the RFC allows.
fn content_digest(headers: &HeaderMap) -> Result<Option<Sha256Digest>, Problem> {
    let Some(value) = headers.get("content-digest") else {
        return Ok(None);
    };
    let field = value.to_str().unwrap_or_default();
    Sha256Digest::from_field_value(field)
        .transpose()
        .map_err(|_| {
            Problem::new(ProblemCode::HeaderInvalid)
                .with_detail("Content-Digest is written sha-256=:BASE64: (RFC 9530).")
        })
}

fn digest_mismatch(sent: Sha256Digest, found: Sha256Digest) -> Problem {
    Problem::new(ProblemCode::DigestMismatch).with_detail(format!(
        "Content-Digest says {} and the body received has {}.",
        sent.to_field_value(),
        found.to_field_value()
    ))
}

#[cfg(test)]
mod tests;
