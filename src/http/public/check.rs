//! `/check`: a file in hand, judged. The file itself, in memory and not kept; or only its digests,
//! computed in the browser.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::guard;
use super::limits::Toll;
use super::pages::{self, notice};
use super::record::Issuer;
use super::verdict::{Answer, Known};
use super::{form, say_nothing};
use crate::http::intake::Announced;
use crate::http::negotiation::Form;
use crate::http::problem::{Problem, ProblemCode, ProblemDocument};
use crate::http::representation::answer_json;
use crate::http::state::AppState;
use crate::http::trail::Trail;
use crate::http::wire::{StatusView, WithdrawalView};
use crate::model::Sha256Digest;
use crate::seal::Fields;
use crate::telemetry::measure;
use crate::validate::{Options, Report};

/// The whole file and its last four revisions.
const MOST_DIGESTS: usize = 5;

/// Longest body with digests, in bytes.
const DIGESTS_BYTES: usize = 4096;

/// Digests of a file and of its beginnings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Digests {
    /// SHA-256, hexadecimal: of the whole file, then of its beginnings up to each of its last four
    /// `%%EOF` (line end included), the longest first.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 5)]
    digests: Vec<Sha256Digest>,
}

/// What is said about a file: never a code, nor where the copy is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileAnswer {
    /// `identical`, `extended`, `altered`, `sealed_not_registered`, `not_ours` or `undetermined`; from
    /// digests alone `identical`, `begins_with_copy`, `unknown` or `undetermined`.
    #[schema(example = "identical")]
    verdict: &'static str,
    /// Whether the copy is answered for today, when the file is or begins with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<StatusView>,
    /// Who issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<Issuer>,
    /// When it was issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    issued_at: Option<Timestamp>,
    /// Why and when it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawal: Option<WithdrawalView>,
}

/// The form.
#[utoipa::path(get, path = "/check", tag = "public", security(()), responses(
    (status = 200, description = "The form.", body = String, content_type = "text/html"),
))]
pub(crate) async fn page(
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    pages::check::form(&request, &state, HttpResponse::Ok(), None)
}

/// Judges a file. It is held in memory, and not kept.
#[utoipa::path(
    post,
    path = "/check",
    tag = "public",
    security(()),
    request_body(
        description = "A form with a part `document`, or the PDF as it is.",
        content(
            (crate::http::openapi::ValidationForm = "multipart/form-data"),
            (crate::http::openapi::Binary = "application/pdf"),
        )
    ),
    responses(
        (status = 200, description = "The answer, as HTML unless JSON is preferred.",
            content((String = "text/html"), (FileAnswer = "application/json"))),
        (status = "4XX", description = "The file cannot be accepted.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
        (status = "5XX", description = "The service cannot answer now.",
            content((String = "text/html"), (ProblemDocument = "application/problem+json"))),
    )
)]
pub(crate) async fn upload(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    match judged(&request, &state, payload).await {
        Ok((report, given, known)) => {
            if form(&request) == Form::Json {
                return json(&state, given, known.as_ref());
            }
            pages::check::verdict(&request, &state, given, known.as_ref(), Some(&report))
        }
        Err(problem) => refused(&request, &state, problem),
    }
}

/// Answers for digests: the file stays where it is.
#[utoipa::path(
    post,
    path = "/check/digests",
    tag = "public",
    security(()),
    request_body = Digests,
    responses(
        (status = 200, description = "The answer, as JSON unless HTML is preferred.",
            content((FileAnswer = "application/json"), (String = "text/html"))),
        (status = "4XX", description = "The digests cannot be read, or there were too many requests.",
            content((ProblemDocument = "application/problem+json"), (String = "text/html"))),
        (status = "5XX", description = "The service cannot answer now.",
            content((ProblemDocument = "application/problem+json"), (String = "text/html"))),
    )
)]
pub(crate) async fn digests(
    request: HttpRequest,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    match answered(&request, &state, payload).await {
        Ok((given, known)) if form(&request) == Form::Json => json(&state, given, known.as_ref()),
        Ok((given, known)) => pages::check::verdict(&request, &state, given, known.as_ref(), None),
        Err(problem) => refused(&request, &state, problem),
    }
}

/// Judges the file in a request: the report, the answer in it, and the copy that it is about.
pub(super) async fn judged(
    request: &HttpRequest,
    state: &AppState,
    payload: web::Payload,
) -> Result<(Report, Answer, Option<Known>), Problem> {
    state.limits().pass(request, Toll::File)?;
    let announced = Announced::of(request.headers(), state.body_limits())?;
    let place = state.validation().admit()?;
    let _held = state.in_flight().take(announced.bytes_to_hold())?;
    let received = announced
        .read(payload, request.headers(), Fields::default())
        .await?;
    let (worker, trail) = (state.clone(), Trail::of(request));
    place
        .run(move || {
            let upload = received.upload;
            let now = worker.now();
            let report = worker.validator().validate(
                &upload.bytes,
                &upload.hash,
                now,
                &Options::default(),
                &worker.deadline(),
            );
            measure::validated(report.verdict.word());
            let (given, known) = Answer::with_copy(&report, worker.archive(), now);
            trail.file(report.digest);
            trail.outcome(given.word());
            (report, given, known)
        })
        .await
}

async fn answered(
    request: &HttpRequest,
    state: &AppState,
    payload: web::Payload,
) -> Result<(Answer, Option<Known>), Problem> {
    state.limits().pass(request, Toll::LookUp)?;
    let invalid = || {
        Problem::new(ProblemCode::MetadataInvalid).with_detail(format!(
            "Send {{\"digests\": […]}} with one to {MOST_DIGESTS} SHA-256 digests, hexadecimal."
        ))
    };
    let reading = payload.to_bytes_limited(DIGESTS_BYTES);
    let body = tokio::time::timeout(state.settings().body_time, reading)
        .await
        .map_err(|_| ProblemCode::BodyTooSlow)?
        .map_err(|_| invalid())?
        .map_err(|_| ProblemCode::BodyIncomplete)?;
    let Digests { digests } = serde_json::from_slice(&body).map_err(|_| invalid())?;
    if !(1..=MOST_DIGESTS).contains(&digests.len()) {
        return Err(invalid());
    }
    let trail = Trail::of(request);
    if let Some(whole) = digests.first() {
        trail.file(*whole);
    }
    let worker = state.clone();
    let place = state.looking_up().admit()?;
    let answered = place
        .run(move || Answer::of_digests(worker.archive(), &digests, worker.now()))
        .await?;
    trail.outcome(answered.0.word());
    Ok(answered)
}

/// What is answered instead of a verdict.
pub(super) fn refused(
    request: &HttpRequest,
    state: &AppState,
    problem: Problem,
) -> Result<HttpResponse, Problem> {
    Trail::of(request).outcome(problem.entry().code);
    let notice = notice::Notice::of_problem(&problem);
    if form(request) == Form::Json || notice != notice::Notice::Refused {
        return say_nothing(request, state, "/check", problem, &notice, None);
    }
    let answer = HttpResponse::build(problem.status());
    pages::check::form(request, state, answer, Some(&problem))
}

fn json(state: &AppState, given: Answer, known: Option<&Known>) -> Result<HttpResponse, Problem> {
    let answer = FileAnswer {
        verdict: given.word(),
        status: known.map(|known| known.status.into()),
        issuer: known.map(|known| Issuer::new(&known.organ, known.organ_at(state).as_deref())),
        issued_at: known.map(|known| known.issued_at),
        withdrawal: known.and_then(|known| known.withdrawal.as_ref().map(Into::into)),
    };
    let mut response = HttpResponse::Ok();
    guard(&mut response, state);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    answer_json(&mut response, &answer)
}
