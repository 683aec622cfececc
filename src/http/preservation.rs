//! `/v1/copies/{code}/extend`: a copy is raised to a level, and its archive timestamp renewed when that is due.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{Caller, Issue};
use super::intake;
use super::lifecycle::read_object;
use super::problem::{Problem, ProblemDocument};
use super::representation::answer_json;
use super::state::AppState;
use super::stored::{copy_view, find_for};
use super::trail::Trail;
use super::wire::CopyView;
use crate::archive::CodeIndex;
use crate::audit::Event;
use crate::model::SignatureLevel;
use crate::seal::NoTimestamp;
use crate::seal::preserve::{PreserveError, PreserveRequest, PreserveStep, Preserved};

/// The level that a copy should have.
#[derive(ToSchema, Serialize, Deserialize)]
pub(crate) struct ExtensionRequest {
    /// `B-T`, `B-LT` or `B-LTA`, which is the default (EN 319 142-1).
    #[schema(example = "B-LTA")]
    level: Option<String>,
}

/// A copy that has its level.
#[derive(ToSchema, Serialize)]
pub(crate) struct ExtensionView {
    /// This request added a version to it. If not, it had its level already.
    extended: bool,
    /// The level that it has now: `B-B`, `B-T`, `B-LT` or `B-LTA`.
    #[schema(example = "B-LTA")]
    level: &'static str,
    /// From when on its archive timestamp is renewed; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    renewed_from: Option<Timestamp>,
    /// The copy.
    copy: CopyView,
}

/// Raises a copy to a level (B-LTA without one), and renews its archive timestamp when that is due. The same
/// request again changes nothing. Code and content stay; what is appended makes the next version.
#[utoipa::path(
    post,
    path = "/v1/copies/{code}/extend",
    tag = "copies",
    security(("key" = ["copies:issue"])),
    params(
        ("code" = String, Path, description = "The code (CSV), with or without hyphens."),
        ("level" = Option<String>, Query, description = "The level, instead of a body."),
    ),
    request_body(content = Option<ExtensionRequest>, description = "May be left out."),
    responses(
        (status = 200, description = "The copy has its level.", body = ExtensionView),
        (status = "4XX", description = "No such copy, or one that cannot be kept provable.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = "5XX", description = "No timestamp or no revocation data now, or the archive does not \
                                        answer. Nothing was appended.",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn extend(
    request: HttpRequest,
    caller: Caller<Issue>,
    state: web::Data<AppState>,
    code: web::Path<String>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let level = level_asked(request.query_string(), &body)?;
    let found = find_for(&caller, &state, &code).await?;
    let preserved = preserve(
        &state,
        PreserveRequest {
            index: CodeIndex::of(&found.code),
            level,
            application: Some(caller.application.id.clone()),
        },
        &caller.trail,
    )
    .await?;
    caller.trail.kept_or_later().await;
    let standing = &preserved.standing;
    let view = ExtensionView {
        extended: preserved.extended,
        level: preserved.level.as_str(),
        renewed_from: preserved.renewed_from,
        copy: copy_view(&state, &found.code, &standing.record, &standing.into()),
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer_json(&mut answer, &view)
}

/// Runs the stages on the threads for sealing, and asks the time-stamp authorities between them without
/// holding one.
async fn preserve(
    state: &AppState,
    request: PreserveRequest,
    trail: &Trail,
) -> Result<Preserved, Problem> {
    let (worker, teller) = (state.clone(), trail.clone());
    let (mut step, mut place) = state
        .sealing()
        .admit()?
        .run_stage(move || {
            let deadline = worker.deadline();
            let step = worker.preserver().begin(&request, worker.now(), &deadline);
            told(step, &teller)
        })
        .await?;
    loop {
        let (worker, teller) = (state.clone(), trail.clone());
        (step, place) = match step.map_err(|error| Problem::from(&error))? {
            PreserveStep::Done(preserved) => return Ok(*preserved),
            PreserveStep::Timestamp(imprint, raising) => {
                let token = match place.step_aside() {
                    true => state.timestamp(imprint).await,
                    false => Err(NoTimestamp::TooManyWait),
                };
                place
                    .run_stage(move || {
                        let step = raising.stamped(token, worker.now(), &worker.deadline());
                        told(step, &teller)
                    })
                    .await?
            }
            PreserveStep::Revocation(chains, raising) => {
                // Without a place aside the keeper learns of them all the same, and the next try finds out.
                let heard = state.tell_keeper(chains);
                if place.step_aside() {
                    heard.await;
                }
                place
                    .run_stage(move || {
                        let step = raising.informed(worker.now(), &worker.deadline());
                        told(step, &teller)
                    })
                    .await?
            }
        };
    }
}

/// Tells the audit log what was appended as soon as it is stored, on the thread that stored it.
fn told(
    step: Result<PreserveStep, PreserveError>,
    trail: &Trail,
) -> Result<PreserveStep, PreserveError> {
    if let Ok(PreserveStep::Done(preserved)) = &step
        && preserved.extended
    {
        trail.tell(Event::CopyExtended, preserved.level.as_str());
    }
    step
}

/// The level in the query, or in the body, or the highest.
fn level_asked(query: &str, body: &[u8]) -> Result<SignatureLevel, Problem> {
    let invalid = || {
        let allowed = [
            SignatureLevel::BT,
            SignatureLevel::BLt,
            SignatureLevel::BLta,
        ];
        intake::invalid("/level", &allowed.map(SignatureLevel::as_str).join(", "))
    };
    let pairs = web::Query::<Vec<(String, String)>>::from_query(query).map_err(|_| invalid())?;
    let in_query = pairs.into_inner().into_iter();
    let in_query = in_query
        .filter(|(name, _)| name == "level")
        .map(|(_, level)| level);
    let mut named: Vec<String> = in_query.collect();
    if !body.is_empty() {
        match read_object(body, &["level"])?.remove("level") {
            None | Some(Value::Null) => {}
            Some(Value::String(level)) => named.push(level),
            Some(_) => return Err(invalid()),
        }
    }
    match named.as_slice() {
        [] => Ok(SignatureLevel::BLta),
        [level] => SignatureLevel::from_word(level)
            .filter(|level| *level > SignatureLevel::BB)
            .ok_or_else(invalid),
        _ => Err(invalid()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_comes_from_the_query_or_the_body_and_is_the_highest_without() {
        let asked = |query: &str, body: &str| level_asked(query, body.as_bytes()).ok();
        assert_eq!(asked("", ""), Some(SignatureLevel::BLta));
        assert_eq!(asked("", "{}"), Some(SignatureLevel::BLta));
        assert_eq!(asked("level=B-LT", ""), Some(SignatureLevel::BLt));
        assert_eq!(asked("", r#"{"level": "B-T"}"#), Some(SignatureLevel::BT));
        for (query, body) in [
            ("level=B-B", ""),
            ("level=LTA", ""),
            ("level=B-T&level=B-T", ""),
            ("level=B-T", r#"{"level": "B-T"}"#),
            ("", r#"{"level": 3}"#),
            ("", r#"{"levels": "B-T"}"#),
            ("", "B-T"),
        ] {
            assert_eq!(asked(query, body), None, "{query} {body}");
        }
    }
}
