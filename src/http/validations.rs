//! `/v1/validations`: a PDF in, a report out.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::auth::{Caller, Validate};
use super::intake::{Announced, ValidationFields};
use super::negotiation::{Accept, Form};
use super::problem::{Problem, ProblemDocument};
use super::public;
use super::representation::answer_json;
use super::state::AppState;
use crate::telemetry::measure;

/// Judges a PDF. Whatever the verdict, the answer is 200: a forged copy is a good question.
#[utoipa::path(
    post,
    path = "/v1/validations",
    tag = "validations",
    security(("key" = ["validate"])),
    params(
        super::openapi::ValidationParameters,
        super::openapi::ReportLanguage,
        super::openapi::DigestHeader,
    ),
    request_body(
        description = "The PDF as it is, or a form with a part `document`.",
        content(
            (super::openapi::Binary = "application/pdf"),
            (super::openapi::ValidationForm = "multipart/form-data"),
        )
    ),
    responses(
        (status = 200, description = "The report, as JSON unless HTML is preferred. The page says the same in \
            plain words: first whether the file was issued here and whether its signatures are sound, \
            then, folded, the data of the JSON.",
            content((super::openapi::Report = "application/json"), (String = "text/html"))),
        (status = "4XX", description = "The request cannot be accepted.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = "5XX", description = "The service cannot answer.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create(
    request: HttpRequest,
    caller: Caller<Validate>,
    state: web::Data<AppState>,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let form = Accept::of(request.headers()).choose(Form::Json, Form::Html);
    let fields = ValidationFields::from_query(request.query_string())?;
    let announced = Announced::of(request.headers(), state.body_limits())?;
    let place = state.validation().admit()?;
    let _held = state.in_flight().take(announced.bytes_to_hold())?;
    let received = announced.read(payload, request.headers(), fields).await?;
    let options = received.fields.options(state.now())?;
    let worker = AppState::clone(&state);
    let report = place
        .run(move || {
            let upload = received.upload;
            worker.validator().validate(
                &upload.bytes,
                &upload.hash,
                worker.now(),
                &options,
                &worker.deadline(),
            )
        })
        .await?;
    caller.trail.file(report.digest);
    caller.trail.outcome(report.verdict.word());
    measure::validated(report.verdict.word());
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    match form {
        Form::Html => public::report_page(&request, &state, answer, &report),
        Form::Json | Form::Pdf => answer_json(&mut answer, &report),
    }
}
