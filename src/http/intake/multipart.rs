//! `multipart/form-data` (RFC 7578): one part `document`, and at most one part `metadata` with JSON.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use actix_multipart::{Field, Multipart};
use actix_web::error::PayloadError;
use actix_web::http::header::HeaderMap;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::RequestFields;
use super::incoming::{Gathering, Incoming};
use super::media_type;
use crate::http::problem::{Problem, ProblemCode};
use crate::model::Sha256Digest;
use crate::seal::Upload;

/// Longest part that is a text, in bytes.
const TEXT_BYTES: usize = 8 << 10;

/// Longest `metadata` part, in bytes.
const METADATA_BYTES: usize = 64 << 10;

/// What the parts say, and the digest of the whole body when it was asked for.
pub(super) struct Parts<F> {
    pub(super) fields: F,
    pub(super) upload: Upload,
    pub(super) digest_of_all: Option<Sha256Digest>,
}

/// Reads the parts, in whatever order. `fields` already holds those of the query; `expected` is the
/// length of the whole body as announced, `limit` that of the document.
pub(super) async fn read<S, F: RequestFields>(
    incoming: Incoming<S>,
    headers: &HeaderMap,
    expected: u64,
    limit: u64,
    mut fields: F,
) -> Result<Parts<F>, Problem>
where
    S: Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static,
{
    let shared = Shared(Rc::new(RefCell::new(Inner {
        incoming,
        problem: None,
    })));
    let mut parts = Multipart::new(headers, shared.clone());
    let (mut upload, mut metadata) = (None, false);
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|error| shared.problem(&error))?;
        match part.name() {
            Some("document") if upload.is_none() => {
                upload = Some(document(&mut part, &shared, expected, limit).await?);
            }
            Some("metadata") if !metadata => {
                metadata = true;
                let json = part.bytes(METADATA_BYTES).await.map_err(|_| {
                    invalid(format!(
                        "The part metadata is longer than {METADATA_BYTES} bytes."
                    ))
                })?;
                let json = json.map_err(|error| shared.problem(&error))?;
                fields.add_json(&json)?;
            }
            Some(name @ ("document" | "metadata")) => {
                return Err(invalid(format!("There are two parts named {name}.")));
            }
            Some(other) if let Some(name) = text_named::<F>(other) => {
                let text = part.bytes(TEXT_BYTES).await.map_err(|_| {
                    invalid(format!(
                        "The part {name} is longer than {TEXT_BYTES} bytes."
                    ))
                })?;
                let text = text.map_err(|error| shared.problem(&error))?;
                fields.add_text(name, String::from_utf8_lossy(&text).into_owned());
            }
            Some(other) => {
                let shown: String = other.chars().take(64).collect();
                return Err(invalid(format!("There is a part named {shown:?}.")));
            }
            None => return Err(invalid("There is a part without a name.".to_owned())),
        }
    }
    drop(parts);
    let digest_of_all = shared.drain().await?;
    let upload = upload.ok_or(ProblemCode::DocumentMissing)?;
    Ok(Parts {
        fields,
        upload,
        digest_of_all,
    })
}

/// The part of this name, when it is one that is a text.
fn text_named<F: RequestFields>(name: &str) -> Option<&'static str> {
    F::TEXTS.iter().copied().find(|text| *text == name)
}

async fn document<S>(
    part: &mut Field,
    shared: &Shared<S>,
    expected: u64,
    limit: u64,
) -> Result<Upload, Problem> {
    let essence = part
        .content_type()
        .map(|kind| kind.essence_str().to_owned());
    match essence.as_deref() {
        None | Some("application/pdf" | "application/octet-stream") => {}
        Some(other) => return Err(media_type::unsupported(other)),
    }
    let mut gathering = Gathering::new(expected, limit);
    while let Some(chunk) = part.next().await {
        gathering.push(&chunk.map_err(|error| shared.problem(&error))?)?;
    }
    gathering.finish()
}

fn invalid(sentence: String) -> Problem {
    Problem::new(ProblemCode::MultipartInvalid).with_detail(sentence)
}

/// The body, read by the multipart reader first and to its end by us.
struct Shared<S>(Rc<RefCell<Inner<S>>>);

struct Inner<S> {
    incoming: Incoming<S>,
    /// What stopped the body; the multipart reader cannot carry it.
    problem: Option<Problem>,
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<S> Shared<S> {
    /// The problem behind an error of the multipart reader: the body's own, or its form.
    fn problem(&self, error: &actix_multipart::MultipartError) -> Problem {
        let stopped = self.0.borrow_mut().problem.take();
        stopped.unwrap_or_else(|| invalid(format!("{error}.")).caused_by(error))
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Shared<S> {
    /// Reads what stands after the last part.
    async fn drain(self) -> Result<Option<Sha256Digest>, Problem> {
        let next = |context: &mut Context<'_>| self.0.borrow_mut().incoming.poll_chunk(context);
        while let Some(chunk) = std::future::poll_fn(next).await {
            chunk?;
        }
        Ok(self.0.borrow().incoming.digest_of_all())
    }
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Stream for Shared<S> {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut inner = self.0.borrow_mut();
        match inner.incoming.poll_chunk(context) {
            Poll::Ready(Some(Err(problem))) => {
                inner.problem = Some(problem);
                Poll::Ready(Some(Err(PayloadError::Incomplete(None))))
            }
            Poll::Ready(Some(Ok(chunk))) => Poll::Ready(Some(Ok(chunk))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
