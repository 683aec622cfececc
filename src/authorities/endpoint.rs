//! One address of an authority: how it is reached, and how it has been doing.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use reqwest::{Client, Method, Response, StatusCode, Url};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout_at};

use super::Clock;
use super::access::{Access, Credentials, UnusableAccess, client, innermost, shown};
use super::circuit::{Circuit, CircuitState, Failure, PAUSE};
use crate::telemetry::measure::{self, AuthorityOutcome};

/// A retry comes after this much and up to twice as much.
const RETRY_PAUSE: Duration = Duration::from_millis(60);

/// How long things may take, and how often they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeLimits {
    /// To connect.
    pub connect: Duration,
    /// For everything, retries included.
    pub total: Duration,
    /// How often a request is sent again after a failed connection or a 5xx.
    pub retries: u32,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            total: Duration::from_secs(5),
            retries: 1,
        }
    }
}

/// Why there is no usable answer of an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeFault {
    /// Left alone after repeated failures.
    #[error("left alone for {} s more after repeated failures", .0.as_secs().max(1))]
    CircuitOpen(Duration),
    /// No connection, or it broke.
    #[error("no connection: {0}")]
    Connection(String),
    /// No whole answer in time.
    #[error("no answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    /// Another status than 200. Redirections are not followed.
    #[error("it answers with HTTP status {0}")]
    Status(u16),
    /// More than anybody needs.
    #[error("it answers with more than {0} bytes")]
    TooLong(usize),
}

impl ExchangeFault {
    /// The same request may be sent again at once: nothing was answered.
    const fn may_be_retried(&self) -> bool {
        match self {
            Self::Connection(_) => true,
            Self::Status(status) => *status >= 500,
            Self::CircuitOpen(_) | Self::TimedOut(_) | Self::TooLong(_) => false,
        }
    }
}

/// What an endpoint is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndpointKind {
    /// Timestamps.
    Timestamp,
    /// OCSP.
    Ocsp,
    /// Revocation lists.
    Crl,
}

impl EndpointKind {
    /// The word in metrics and inventories.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Timestamp => "timestamp",
            Self::Ocsp => "ocsp",
            Self::Crl => "crl",
        }
    }
}

/// How an endpoint has been doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointState {
    /// What it is for.
    pub kind: EndpointKind,
    /// Its address, without name and password.
    pub url: String,
    /// The host in it, and the port when it is not the usual one: what metrics call it.
    pub host: String,
    /// Whether requests pass.
    pub circuit: CircuitState,
    /// When it last answered as it should.
    pub last_success: Option<Timestamp>,
    /// When it last did not, and why.
    pub last_fault: Option<(Timestamp, String)>,
    /// Requests that were answered as they should, since the start.
    pub successes: u64,
    /// Requests that were not, since the start. Those that an open circuit stopped do not count.
    pub faults: u64,
    /// How long the last good answer took.
    pub last_latency: Option<Duration>,
}

/// How long somebody waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// As long as the limits allow: nobody else could be asked.
    ToTheEnd,
    /// Until others have found out that nobody answers there: somebody else can be asked.
    UntilLeftAlone,
}

/// One address of an authority. Cheap to share.
pub(super) struct Endpoint {
    kind: EndpointKind,
    url: Url,
    shown: String,
    host: String,
    client: Client,
    credentials: Option<Credentials>,
    limits: TimeLimits,
    clock: Clock,
    record: Mutex<Record>,
    /// Wakes those who wait with little patience when the circuit opens.
    left_alone: Notify,
}

struct Record {
    circuit: Circuit,
    state: EndpointState,
}

/// What is sent.
pub(super) enum Question {
    /// GET.
    Get,
    /// POST of a body of this media type.
    Post(&'static str, Bytes),
}

impl Endpoint {
    pub(super) fn new(
        kind: EndpointKind,
        access: &Access,
        limits: TimeLimits,
        clock: Clock,
    ) -> Result<Arc<Self>, UnusableAccess> {
        let shown = shown(&access.url);
        let url = Url::parse(&access.url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| UnusableAccess::Url { url: shown.clone() })?;
        let client = client(access, &shown, limits)?;
        let host = match (url.host_str().unwrap_or_default(), url.port()) {
            (host, Some(port)) => format!("{host}:{port}"),
            (host, None) => host.to_owned(),
        };
        let state = EndpointState {
            kind,
            url: shown.clone(),
            host: host.clone(),
            circuit: CircuitState::Closed,
            last_success: None,
            last_fault: None,
            successes: 0,
            faults: 0,
            last_latency: None,
        };
        Ok(Arc::new(Self {
            kind,
            url,
            shown,
            host,
            client,
            credentials: access.credentials.clone(),
            limits,
            clock,
            record: Mutex::new(Record {
                circuit: Circuit::default(),
                state,
            }),
            left_alone: Notify::new(),
        }))
    }

    /// The address, without name and password.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// What metrics call it.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// How it has been doing.
    pub(super) fn state(&self) -> EndpointState {
        self.record().state.clone()
    }

    /// Asks, and has the answer judged by `judge`: an answer that is wrong counts like none. Sent again at most
    /// as often as the limits say, and only when nothing was answered; `jitter` is random. `patience` says what
    /// becomes of a request that is under way when others find out that nobody answers.
    pub(super) async fn ask<T, F, J>(
        &self,
        question: &Question,
        body_limit: usize,
        judge: impl FnOnce(Bytes) -> J,
        jitter: u8,
        patience: Patience,
    ) -> Result<T, F>
    where
        F: From<ExchangeFault> + fmt::Display,
        J: Future<Output = Result<T, F>>,
    {
        let start = Instant::now();
        let left_alone = self.left_alone.notified();
        if let Err(fault) = self.enter(start) {
            self.measure(AuthorityOutcome::LeftAlone, start);
            return Err(fault.into());
        }
        let exchange = self.exchange(question, body_limit, start, jitter);
        let answer = match patience {
            Patience::ToTheEnd => exchange.await,
            Patience::UntilLeftAlone => tokio::select! {
                biased;
                answer = exchange => answer,
                // What others have found out is recorded already.
                () = left_alone => {
                    self.measure(AuthorityOutcome::LeftAlone, start);
                    return Err(ExchangeFault::CircuitOpen(PAUSE).into());
                }
            },
        };
        let how = match &answer {
            Err(ExchangeFault::TimedOut(_)) => Failure::TimedOut,
            _ => Failure::AtOnce,
        };
        let outcome = match answer {
            Ok(body) => judge(body).await,
            Err(fault) => Err(fault.into()),
        };
        match &outcome {
            Ok(_) => {
                self.measure(AuthorityOutcome::Answered, start);
                self.succeeded(start);
            }
            Err(fault) => {
                self.measure(AuthorityOutcome::Failed, start);
                self.failed(&fault.to_string(), how);
            }
        }
        outcome
    }

    /// Requests pass.
    pub(super) fn is_open_to_all(&self) -> bool {
        self.record().circuit.state() == CircuitState::Closed
    }

    /// It has been left alone for long enough: somebody should find out whether it answers again.
    pub(super) fn awaits_probe(&self) -> bool {
        self.record().circuit.awaits_probe(Instant::now())
    }

    async fn exchange(
        &self,
        question: &Question,
        body_limit: usize,
        start: Instant,
        jitter: u8,
    ) -> Result<Bytes, ExchangeFault> {
        let deadline = start + self.limits.total;
        let mut retries = self.limits.retries;
        loop {
            let once = self.exchange_once(question, body_limit);
            let outcome = timeout_at(deadline, once).await;
            let outcome = outcome.unwrap_or(Err(ExchangeFault::TimedOut(self.limits.total)));
            match outcome {
                Err(fault) if fault.may_be_retried() && retries > 0 => {
                    retries -= 1;
                    let pause = RETRY_PAUSE + RETRY_PAUSE.mul_f32(f32::from(jitter) / 255.0);
                    if Instant::now() + pause >= deadline {
                        return Err(fault);
                    }
                    sleep(pause).await;
                }
                outcome => return outcome,
            }
        }
    }

    async fn exchange_once(
        &self,
        question: &Question,
        body_limit: usize,
    ) -> Result<Bytes, ExchangeFault> {
        let request = match question {
            Question::Get => self.client.request(Method::GET, self.url.clone()),
            Question::Post(kind, body) => self
                .client
                .request(Method::POST, self.url.clone())
                .header("Content-Type", *kind)
                .body(body.clone()),
        };
        let request = match &self.credentials {
            Some(known) => request.basic_auth(&known.username, Some(known.password.as_str())),
            None => request,
        };
        let response = request.send().await.map_err(|error| self.fault(&error))?;
        if response.status() != StatusCode::OK {
            return Err(ExchangeFault::Status(response.status().as_u16()));
        }
        self.body(response, body_limit).await
    }

    /// The whole body, as long as it is no longer than it may be.
    async fn body(&self, mut response: Response, limit: usize) -> Result<Bytes, ExchangeFault> {
        let announced = response.content_length().unwrap_or(0);
        if announced > limit as u64 {
            return Err(ExchangeFault::TooLong(limit));
        }
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.fault(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(ExchangeFault::TooLong(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn fault(&self, error: &reqwest::Error) -> ExchangeFault {
        if error.is_timeout() && error.is_connect() {
            return ExchangeFault::TimedOut(self.limits.connect);
        }
        if error.is_timeout() {
            return ExchangeFault::TimedOut(self.limits.total);
        }
        ExchangeFault::Connection(innermost(error))
    }

    fn measure(&self, outcome: AuthorityOutcome, start: Instant) {
        measure::authority_asked(self.kind.word(), &self.host, outcome, start.elapsed());
    }

    fn enter(&self, now: Instant) -> Result<(), ExchangeFault> {
        let mut record = self.record();
        let entered = record.circuit.admits(now);
        record.state.circuit = record.circuit.state();
        entered.map_err(ExchangeFault::CircuitOpen)
    }

    fn succeeded(&self, start: Instant) {
        let now = (self.clock)();
        let mut record = self.record();
        if record.state.circuit != CircuitState::Closed {
            tracing::info!(
                kind = self.kind.word(),
                url = self.shown,
                "authority answers again"
            );
        }
        record.circuit.succeeded();
        let state = &mut record.state;
        state.circuit = CircuitState::Closed;
        state.last_success = Some(now);
        state.successes += 1;
        state.last_latency = Some(start.elapsed());
    }

    fn failed(&self, fault: &str, how: Failure) {
        let now = (self.clock)();
        let mut record = self.record();
        let opened = record.circuit.failed(Instant::now(), how);
        record.state.circuit = record.circuit.state();
        record.state.last_fault = Some((now, fault.to_owned()));
        record.state.faults += 1;
        drop(record);
        let (kind, url) = (self.kind.word(), &self.shown);
        tracing::warn!(kind, url, fault, "authority without a usable answer");
        if opened {
            self.left_alone.notify_waiters();
            tracing::error!(kind, url, fault, "authority left alone for a while");
        }
    }

    /// What was recorded stays usable when a thread panicked with it: each field is written whole.
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
