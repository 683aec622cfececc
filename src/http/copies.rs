//! `/v1/copies`: making copies, and saying beforehand what would happen.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::admission::{HeldBytes, Place};
use super::auth::{Access, Caller, Issue, quota};
use super::intake::{self, Announced};
use super::negotiation::{Accept, Form};
use super::problem::{Problem, ProblemCode, ProblemDocument};
use super::representation::{self, Parts, answer_json};
use super::state::AppState;
use super::stored::{self, copy_view};
use super::tally::{self, Tally};
use super::trail::Trail;
use super::wire::{CopyView, PreflightView, Today};
use crate::archive::CopyStatus;
use crate::seal::{Issued, NoTimestamp, SealError, SealRequest, Step};

/// A request that was let in, with its document.
struct Admitted {
    place: Place,
    held: HeldBytes,
    request: SealRequest,
    came_as_form: bool,
}

/// Lets a request in: everything that can be refused without its body first, then a place, then the body.
async fn admit(
    request: &HttpRequest,
    access: &Access,
    state: &AppState,
    payload: web::Payload,
) -> Result<Admitted, Problem> {
    let headers = request.headers();
    let fields = intake::query_fields(request.query_string())?;
    let idempotency_key = intake::idempotency_key(headers)?;
    let announced = Announced::of(headers, state.body_limits())?;
    let place = state.sealing().admit()?;
    let held = state.in_flight().take(announced.bytes_to_hold())?;
    let came_as_form = announced.came_as_form();
    let received = announced.read(payload, headers, fields).await?;
    Ok(Admitted {
        place,
        held,
        request: SealRequest {
            application: (*access.application).clone(),
            fields: received.fields,
            idempotency_key,
            upload: received.upload,
        },
        came_as_form,
    })
}

/// Makes a copy.
#[utoipa::path(
    post,
    path = "/v1/copies",
    tag = "copies",
    security(("key" = ["copies:issue"])),
    params(super::openapi::CopyParameters, super::openapi::IntakeHeaders),
    request_body(
        description = "The PDF as it is, or a form with a part `document` and a part `metadata` (JSON with \
                       the same fields as the query).",
        content(
            (super::openapi::Binary = "application/pdf"),
            (super::openapi::CopyForm = "multipart/form-data"),
        )
    ),
    responses(
        (status = 201, description = "A new copy: the sealed PDF, or its record for who prefers JSON.",
            content((super::openapi::Binary = "application/pdf"), (CopyView = "application/json")),
            headers(
                ("Location" = String, description = "The copy's record."),
                ("Verification-Code" = String, description = "The code (CSV), as printed."),
                ("Signature-Level" = String, description = "The level reached: `B-B`, `B-T`, `B-LT`, `B-LTA`."),
                ("Signature-Level-Asked" = String, description = "The level asked, by the organ or the request."),
                ("Repr-Digest" = String, description = "SHA-256 of the answer (RFC 9530)."),
                ("ETag" = String, description = "SHA-256 of the answer, hexadecimal."),
                ("X-Request-Id" = String, description = "The name of the request."),
            )),
        (status = 200, description = "The copy that the same request made before.",
            content((super::openapi::Binary = "application/pdf"), (CopyView = "application/json")),
            headers(("Idempotency-Replayed" = String, description = "`true`."))),
        (status = "4XX", description = "Nothing was issued.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = "5XX", description = "Nothing was issued.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create(
    request: HttpRequest,
    caller: Caller<Issue>,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let form = Accept::of(request.headers()).choose(Form::Pdf, Form::Json);
    let mut tally = Tally::begin();
    let outcome = issue(&request, &caller, &state, payload, &mut tally).await;
    tally.end(&outcome);
    let (issued, held) = outcome?;
    caller.trail.kept().await?;
    answer_copy(&state, form, issued, held)
}

/// The copy that a request names, made now or before.
async fn issue(
    request: &HttpRequest,
    access: &Access,
    state: &AppState,
    payload: web::Payload,
    tally: &mut Tally,
) -> Result<(Issued, HeldBytes), Problem> {
    state.demand_audit()?;
    let quota = quota::check(access, state).await;
    let admitted = admit(request, access, state, payload).await?;
    tally.received(&admitted.request, state);
    let (place, asked) = (admitted.place, admitted.request);
    let issued = match quota {
        Ok(()) => seal(state, place, asked, &access.trail).await,
        Err(spent) => made_before(state, place, asked, &access.trail, spent).await,
    }
    .map_err(|problem| explain(problem, admitted.came_as_form))?;
    Ok((issued, admitted.held))
}

/// Runs the stages of a seal on the threads for sealing, and asks the time-stamp authorities between them
/// without holding one.
async fn seal(
    state: &AppState,
    place: Place,
    request: SealRequest,
    trail: &Trail,
) -> Result<Issued, Problem> {
    let (worker, teller) = (state.clone(), trail.clone());
    let (mut step, mut place) = tally::stage(place, move || {
        let (now, deadline) = (worker.now(), worker.deadline());
        told(worker.sealer().begin(request, now, &deadline), &teller)
    })
    .await?;
    loop {
        let (imprint, pending) = match step.map_err(|error| Problem::from(&error))? {
            Step::Done(issued) => return Ok(*issued),
            Step::Wanted(imprint, pending) => (imprint, pending),
        };
        let token = match place.step_aside() {
            true => tally::wait(state.timestamp(imprint)).await,
            false => Err(NoTimestamp::TooManyWait),
        };
        if let Err(cause) = &token {
            tracing::warn!(%cause, "no timestamp");
        }
        let (worker, teller) = (state.clone(), trail.clone());
        (step, place) = tally::stage(place, move || {
            let step = pending.go_on(token, worker.now(), &worker.deadline());
            told(step, &teller)
        })
        .await?;
    }
}

/// The copy that the same request made before: whoever lost the answer to the last copy of the day gets it
/// again. Where there is none, `otherwise` is the answer.
async fn made_before(
    state: &AppState,
    place: Place,
    request: SealRequest,
    trail: &Trail,
    otherwise: Problem,
) -> Result<Issued, Problem> {
    let (worker, teller) = (state.clone(), trail.clone());
    let found = place.run(move || {
        let (now, deadline) = (worker.now(), worker.deadline());
        let found = worker.sealer().made_before(request, now, &deadline);
        if let Ok(Some(issued)) = &found {
            teller.issued(issued);
        }
        found
    });
    let found = found.await?.map_err(|error| Problem::from(&error))?;
    found.ok_or(otherwise)
}

/// Tells the audit log of a copy as soon as it is there, on the thread that made it: a caller who has left
/// by then does not take the line away.
fn told(step: Result<Step, SealError>, trail: &Trail) -> Result<Step, SealError> {
    if let Ok(Step::Done(issued)) = &step {
        trail.issued(issued);
    }
    step
}

fn answer_copy(
    state: &AppState,
    form: Form,
    issued: Issued,
    held: HeldBytes,
) -> Result<HttpResponse, Problem> {
    let status = if issued.replayed {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((
            header::LOCATION,
            format!("/v1/copies/{}", issued.code.compact()),
        ))
        .insert_header(("verification-code", issued.code.grouped()))
        .insert_header(("signature-level", issued.record.intent.level.as_str()))
        .insert_header((
            "signature-level-asked",
            issued.record.intent.level_asked.as_str(),
        ))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if issued.replayed {
        answer.insert_header(("idempotency-replayed", "true"));
    } else {
        state.usage().note(&issued.record.intent);
    }
    if form == Form::Json {
        let today = Today {
            status: CopyStatus::InForce,
            access: &issued.access,
            withdrawal: None,
            extensions: &issued.extensions,
        };
        let view = copy_view(state, &issued.code, &issued.record, &today);
        return answer_json(&mut answer, &view);
    }
    let digest = issued.record.document.digest;
    representation::describe_pdf(&mut answer, &digest, stored::COPY);
    Ok(answer.body(Parts::new(issued.document, Some(held))))
}

/// Says what making a copy would do.
#[utoipa::path(
    post,
    path = "/v1/copies/preflight",
    tag = "copies",
    security(("key" = ["copies:issue"])),
    params(super::openapi::CopyParameters, super::openapi::IntakeHeaders),
    request_body(
        description = "As for making a copy.",
        content(
            (super::openapi::Binary = "application/pdf"),
            (super::openapi::CopyForm = "multipart/form-data"),
        )
    ),
    responses(
        (status = 200, description = "What would happen. Nothing was issued.", body = PreflightView),
        (status = "4XX", description = "The request itself cannot be accepted.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = "5XX", description = "The service cannot answer.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn preflight(
    request: HttpRequest,
    caller: Caller<Issue>,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let admitted = admit(&request, &caller, &state, payload).await?;
    let seal_request = admitted.request;
    let worker = AppState::clone(&state);
    let preflight = admitted
        .place
        .run(move || {
            worker
                .sealer()
                .preflight(&seal_request, worker.now(), &worker.deadline())
        })
        .await?
        .map_err(|error| Problem::from(&error))?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer_json(&mut answer, &PreflightView::from(&preflight))
}

/// `curl -d` drops line ends and announces a form: whoever did that is told how to do it right.
fn explain(problem: Problem, came_as_form: bool) -> Problem {
    match problem.code() {
        ProblemCode::NotPdf | ProblemCode::Malformed if came_as_form => problem.and(
            "The body came as a form, which may have changed it: with curl use --data-binary, not \
             --data.",
        ),
        _ => problem,
    }
}
