//! A body while it arrives: counted, hashed, and not waited for without end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::error::PayloadError;
use bytes::{Bytes, BytesMut};
use futures_util::Stream;
use sha2::{Digest, Sha256};
use tokio::time::{Instant, Sleep};

use crate::http::problem::{Problem, ProblemCode, grouped};
use crate::model::{HashTrail, Sha256Digest};
use crate::seal::Upload;

/// Time in which a sender need not keep any pace.
const GRACE: Duration = Duration::from_secs(10);

/// The pace to keep after that, in bytes per second. Whoever is slower holds a place in the queue
/// that others need.
const PACE: u64 = 50_000;

/// The bytes of a body as they come in.
pub(crate) struct Incoming<S> {
    payload: S,
    received: u64,
    limit: u64,
    /// Over everything, when `Content-Digest` was sent.
    whole: Option<Sha256>,
    started: Instant,
    longest: Duration,
    alarm: Pin<Box<Sleep>>,
}

impl<S: Stream<Item = Result<Bytes, PayloadError>> + Unpin> Incoming<S> {
    /// Reads `payload` up to `limit` bytes, for `longest` at most.
    pub(crate) fn new(payload: S, limit: u64, longest: Duration) -> Self {
        let started = Instant::now();
        Self {
            payload,
            received: 0,
            limit,
            whole: None,
            started,
            longest,
            alarm: Box::pin(tokio::time::sleep(GRACE.min(longest))),
        }
    }

    /// Hashes everything that passes.
    pub(crate) fn hashing_all(mut self) -> Self {
        self.whole = Some(Sha256::new());
        self
    }

    /// The digest of everything that passed, when it was asked for.
    pub(crate) fn digest_of_all(&self) -> Option<Sha256Digest> {
        self.whole.as_ref().map(Sha256Digest::of_state)
    }

    /// The next bytes; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Result<Bytes, Problem>> {
        std::future::poll_fn(|context| self.poll_chunk(context)).await
    }

    /// See [`Self::next`].
    pub(crate) fn poll_chunk(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Problem>>> {
        match Pin::new(&mut self.payload).poll_next(context) {
            Poll::Ready(Some(Ok(chunk))) => Poll::Ready(Some(self.count(chunk))),
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(Problem::new(
                ProblemCode::BodyIncomplete,
            )
            .caused_by(&error)))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => match self.alarm.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err(ProblemCode::BodyTooSlow.into()))),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn count(&mut self, chunk: Bytes) -> Result<Bytes, Problem> {
        self.received = self.received.saturating_add(chunk.len() as u64);
        if self.received > self.limit {
            return Err(too_large(None, self.limit));
        }
        if let Some(hash) = &mut self.whole {
            hash.update(&chunk);
        }
        let patience = GRACE + Duration::from_secs(self.received / PACE);
        self.alarm
            .as_mut()
            .reset(self.started + patience.min(self.longest));
        Ok(chunk)
    }
}

/// The problem of a body over the limit, of this length when it said one.
pub(crate) fn too_large(declared: Option<u64>, limit: u64) -> Problem {
    let size = match declared {
        Some(length) => format!("has {} bytes", grouped(length)),
        None => "is longer".to_owned(),
    };
    Problem::new(ProblemCode::TooLarge).with_detail(format!(
        "The limit is {} bytes and the document {size}.",
        grouped(limit)
    ))
}

/// A document as it is put together: one piece of memory, and a hash that has seen it all.
pub(crate) struct Gathering {
    bytes: BytesMut,
    hash: HashTrail,
    limit: u64,
}

impl Gathering {
    /// Room for `expected` bytes at once, so that nothing is moved later; `limit` at most.
    pub(crate) fn new(expected: u64, limit: u64) -> Self {
        let room = usize::try_from(expected.min(limit)).unwrap_or(0);
        Self {
            bytes: BytesMut::with_capacity(room),
            hash: HashTrail::new(),
            limit,
        }
    }

    /// Adds what came in.
    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), Problem> {
        if (self.bytes.len() as u64).saturating_add(chunk.len() as u64) > self.limit {
            return Err(too_large(None, self.limit));
        }
        self.hash.update(chunk);
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// The document.
    pub(crate) fn finish(self) -> Result<Upload, Problem> {
        if self.bytes.is_empty() {
            return Err(
                Problem::new(ProblemCode::DocumentMissing).with_detail("The body is empty.")
            );
        }
        Ok(Upload {
            bytes: self.bytes.freeze(),
            hash: self.hash,
        })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn body(
        chunks: &[&'static [u8]],
    ) -> impl Stream<Item = Result<Bytes, PayloadError>> + Unpin + use<> {
        let chunks: Vec<_> = chunks
            .iter()
            .map(|chunk| Ok(Bytes::from_static(chunk)))
            .collect();
        stream::iter(chunks)
    }

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_passes_and_one_byte_more_does_not() {
        let mut incoming = Incoming::new(body(&[b"abc", b"de"]), 5, LONG);
        assert!(incoming.next().await.unwrap().is_ok());
        assert!(incoming.next().await.unwrap().is_ok());
        assert!(incoming.next().await.is_none());

        let mut incoming = Incoming::new(body(&[b"abc", b"def"]), 5, LONG);
        assert!(incoming.next().await.unwrap().is_ok());
        let problem = incoming.next().await.unwrap().unwrap_err();
        assert_eq!(problem.code(), ProblemCode::TooLarge);
        assert!(problem.detail().contains("5 bytes"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_stops_is_not_waited_for_longer_than_the_grace() {
        let started = Instant::now();
        let silent = stream::pending::<Result<Bytes, PayloadError>>();
        let mut incoming = Incoming::new(silent, 5, LONG);
        let problem = incoming.next().await.unwrap().unwrap_err();
        assert_eq!(problem.code(), ProblemCode::BodyTooSlow);
        assert_eq!(started.elapsed().as_secs(), GRACE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_below_the_pace_is_stopped_although_it_never_pauses_for_long() {
        let drip = stream::unfold((), |()| async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok(Bytes::from_static(b"x")), ()))
        });
        let mut incoming = Incoming::new(Box::pin(drip), 1000, LONG);
        let mut received = 0;
        let problem = loop {
            match incoming.next().await.unwrap() {
                Ok(_) => received += 1,
                Err(problem) => break problem,
            }
        };
        assert_eq!(problem.code(), ProblemCode::BodyTooSlow);
        assert!(received <= GRACE.as_secs(), "{received}");
    }

    #[test]
    fn a_document_put_together_carries_the_hash_of_its_bytes() {
        let mut gathering = Gathering::new(2, 10);
        gathering.push(b"%PDF").unwrap();
        gathering.push(b"-1.7").unwrap();
        assert!(gathering.push(b"abc").is_err());
        let upload = gathering.finish().unwrap();
        assert_eq!(&upload.bytes[..], b"%PDF-1.7");
        assert_eq!(upload.digest(), Sha256Digest::of(b"%PDF-1.7"));
    }

    #[test]
    fn an_empty_body_is_a_missing_document() {
        let Err(problem) = Gathering::new(0, 10).finish() else {
            panic!("accepted")
        };
        assert_eq!(problem.code(), ProblemCode::DocumentMissing);
    }
}
