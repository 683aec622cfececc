//! What the audit log is told of each request: one line, whatever the handler does.
//!
//! Handlers note on the way what the request is about. What changes something is told by the thread that
//! does it, at once, so that a caller who leaves takes no line away ([`Trail::tell`]); everything else is
//! told when the answer is known ([`follow`]).

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, web};
use jiff::Timestamp;

use super::finish::problem_of;
use super::problem::{Problem, ProblemCode};
use super::request_id::RequestId;
use super::state::AppState;
use crate::archive::{CodeIndex, Intent};
use crate::audit::{Auditor, Event, Fact, Told};
use crate::model::{Dir3, Environment, Sha256Digest};
use crate::seal::Issued;

/// Refusals of callers that nobody knows which are told in a minute; the rest are summed up, so that nobody
/// fills a disk with wrong keys.
const STRANGERS_A_MINUTE: u64 = 120;

/// What is known of one request. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Trail(Arc<Inner>);

struct Inner {
    auditor: Auditor,
    request_id: RequestId,
    note: Mutex<Note>,
}

#[derive(Default)]
struct Note {
    application: Option<String>,
    person: Option<String>,
    organ: Option<(Dir3, Environment)>,
    copy: Option<CodeIndex>,
    file: Option<Sha256Digest>,
    outcome: Option<&'static str>,
    /// What it did was told; that line may still be on its way.
    is_told: bool,
    told: Option<Told>,
}

impl Trail {
    fn new(auditor: Auditor, request_id: RequestId) -> Self {
        Self(Arc::new(Inner {
            auditor,
            request_id,
            note: Mutex::default(),
        }))
    }

    /// That of a request; one that leads nowhere for a request that came in by another way.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let known = request.extensions().get().cloned();
        known.unwrap_or_else(|| Self::new(Auditor::off(), RequestId::of(request)))
    }

    /// Who asks: an application and, by a reference, the person in front of it.
    pub(crate) fn by(&self, application: &str, person: Option<&str>) {
        let mut note = self.note();
        note.application = Some(application.to_owned());
        note.person = person.map(str::to_owned);
    }

    /// The copy that is asked for, whether it exists or not.
    pub(crate) fn copy(&self, index: CodeIndex) {
        self.note().copy = Some(index);
    }

    /// The copy that was found.
    pub(crate) fn about(&self, intent: &Intent) {
        let mut note = self.note();
        note.organ = Some((intent.organ.clone(), intent.environment));
        note.copy = Some(intent.index);
    }

    /// The file that came along.
    pub(crate) fn file(&self, digest: Sha256Digest) {
        self.note().file = Some(digest);
    }

    /// How it ended, where the answer does not say it: a verdict, or a problem shown as a page.
    pub(crate) fn outcome(&self, word: &'static str) {
        self.note().outcome = Some(word);
    }

    /// Tells at once what was done. [`Self::kept`] waits for it.
    pub(crate) fn tell(&self, event: Event, outcome: &str) {
        let fact = self.fact(event).outcome(outcome);
        let told = self.0.auditor.tell_first(fact);
        let mut note = self.note();
        note.is_told = true;
        note.told = Some(told);
    }

    /// Tells at once that a copy was issued.
    pub(crate) fn issued(&self, issued: &Issued) {
        let intent = &issued.record.intent;
        self.about(intent);
        self.file(issued.record.document.digest);
        // Receipts are made without an application that asks.
        if self.note().application.is_none() {
            self.by(&intent.application, None);
        }
        let outcome = if issued.replayed { "replayed" } else { "new" };
        self.tell(Event::CopyIssued, outcome);
    }

    /// Returns once what was told is on the disk.
    ///
    /// # Errors
    /// [`ProblemCode::AuditUnavailable`].
    pub(crate) async fn kept(&self) -> Result<(), Problem> {
        let told = self.note().told.take();
        match told {
            Some(told) => told
                .kept()
                .await
                .map_err(|error| Problem::new(ProblemCode::AuditUnavailable).caused_by(&error)),
            None => Ok(()),
        }
    }

    /// The same for what protects somebody, which is never held up by a disk that is full: the line is kept
    /// and written later.
    pub(crate) async fn kept_or_later(&self) {
        if let Err(problem) = self.kept().await {
            tracing::error!(%problem, "a change is done and its line waits to be written");
        }
    }

    fn note(&self) -> MutexGuard<'_, Note> {
        self.0.note.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fact(&self, event: Event) -> Fact {
        let note = self.note();
        let mut fact = Fact::new(event).request(self.0.request_id.as_str());
        if let Some(application) = &note.application {
            fact = fact.application(application);
        }
        if let Some(person) = &note.person {
            fact = fact.person(person);
        }
        if let Some((organ, environment)) = &note.organ {
            fact = fact.organ(organ, *environment);
        }
        if let Some(index) = note.copy {
            fact = fact.copy(index);
        }
        if let Some(digest) = note.file {
            fact = fact.file(digest);
        }
        fact
    }
}

impl std::fmt::Debug for Trail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Trail")
    }
}

/// Middleware, inside the one that makes problem documents: tells what became of a request.
pub(crate) async fn follow(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let state = request.app_data::<web::Data<AppState>>().cloned();
    let Some(state) = state else {
        return next.call(request).await;
    };
    let trail = Trail::new(state.auditor().clone(), RequestId::of(request.request()));
    request.extensions_mut().insert(trail.clone());
    let answer = next.call(request).await?;
    trail.conclude(&answer, &state);
    Ok(answer)
}

impl Trail {
    /// Tells what nobody has told yet.
    fn conclude<B: MessageBody>(&self, answer: &ServiceResponse<B>, state: &AppState) {
        let (is_told, outcome, is_about_a_copy) = {
            let note = self.note();
            (note.is_told, note.outcome, note.copy.is_some())
        };
        if is_told {
            return;
        }
        let pattern = answer.request().match_pattern().unwrap_or_default();
        let event = consulted(answer.request().method(), &pattern);
        let problem = problem_of(answer).map(|problem| problem.entry().code);
        let failed = answer.status().is_client_error() || answer.status().is_server_error();
        let is_interface = pattern.starts_with("/v1/");
        match (event, problem.or(outcome)) {
            (_, Some(problem))
                if failed && (is_interface || event == Some(Event::FileValidated)) =>
            {
                self.refused(problem, state);
            }
            // A page of the public site: nothing was asked for when there is no code, or too many were.
            (Some(Event::FileValidated), Some(verdict)) => {
                let fact = self.fact(Event::FileValidated).outcome(verdict);
                self.0.auditor.tell(fact);
            }
            (Some(event), outcome) if is_about_a_copy => {
                let fact = self.fact(event).outcome(outcome.unwrap_or("shown"));
                self.0.auditor.tell(fact);
            }
            _ => {}
        }
    }

    fn refused(&self, problem: &str, state: &AppState) {
        let fact = self.fact(Event::RequestRefused).outcome(problem);
        let is_stranger = self.note().application.is_none();
        match is_stranger {
            false => self.0.auditor.tell(fact),
            true => match state.strangers().pass(state.now()) {
                Some(0) => self.0.auditor.tell(fact),
                Some(unsaid) => self.0.auditor.tell(fact.count(unsaid)),
                None => {}
            },
        }
    }
}

/// What asking for an address is, when it changes nothing. A copy that is made, withdrawn or changed is told
/// by who does it.
fn consulted(method: &Method, pattern: &str) -> Option<Event> {
    match (method, pattern) {
        (_, "/v1/copies/{code}" | "/{code}") => Some(Event::CopyLookedUp),
        (_, "/v1/copies/{code}/document" | "/v1/copies/{code}/source" | "/{code}/document") => {
            Some(Event::CopyGivenOut)
        }
        (&Method::POST, "/v1/validations" | "/check" | "/check/digests" | "/check/receipt") => {
            Some(Event::FileValidated)
        }
        (&Method::POST, "/compare" | "/{code}/compare") => Some(Event::CopyCompared),
        (&Method::POST, "/{code}/receipt") => Some(Event::CopyLookedUp),
        _ => None,
    }
}

/// Counts the refusals of callers that nobody knows.
#[derive(Debug, Default)]
pub(crate) struct Strangers(Mutex<Spate>);

#[derive(Debug, Default)]
struct Spate {
    minute: i64,
    passed: u64,
    unsaid: u64,
}

impl Strangers {
    /// Whether one more is told, with the number of those before it that were not.
    fn pass(&self, now: Timestamp) -> Option<u64> {
        let mut spate = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.as_second().div_euclid(60);
        if spate.minute != minute {
            (spate.minute, spate.passed) = (minute, 0);
        }
        if spate.passed >= STRANGERS_A_MINUTE {
            spate.unsaid += 1;
            return None;
        }
        spate.passed += 1;
        Some(std::mem::take(&mut spate.unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_strangers_are_told_one_by_one_and_then_summed_up() {
        let strangers = Strangers::default();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-22T12:00:30Z");
        for _ in 0..STRANGERS_A_MINUTE {
            assert_eq!(strangers.pass(now), Some(0));
        }
        assert_eq!(strangers.pass(now), None);
        assert_eq!(strangers.pass(at("2026-11-22T12:00:59Z")), None);
        assert_eq!(strangers.pass(at("2026-11-22T12:01:00Z")), Some(2));
        assert_eq!(strangers.pass(at("2026-11-22T12:01:00Z")), Some(0));
    }
}
