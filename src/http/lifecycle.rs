//! `/v1/copies/{code}/withdraw` and `/visibility`: what an organ does with a copy after it was made.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::auth::{Caller, Withdraw};
use super::intake;
use super::problem::{Problem, ProblemCode, ProblemDocument};
use super::state::AppState;
use super::stored::{self, Found, find_for};
use super::wire::CopyView;
use crate::archive::{CodeIndex, CopyStatus, NewAccess, Withdrew};
use crate::audit::Event;
use crate::model::{PublicText, Visibility, Withdrawal, WithdrawalReason};

/// Longest body, in bytes.
const BODY_BYTES: usize = 64 << 10;

/// Why a copy is withdrawn.
#[derive(ToSchema, Serialize, Deserialize)]
pub(crate) struct WithdrawalRequest {
    /// `error_in_document`, `superseded`, `issued_by_mistake`, `court_order` or `other`.
    #[schema(example = "superseded")]
    reason: String,
    /// What the public is told, up to 1000 characters: a text, or an object of texts by language (`ca`,
    /// `es`, `oc-aranes`, `en`).
    #[schema(value_type = Object, example = json!({"ca": "La substitueix la còpia de l\u{2019}acord corregit."}))]
    text: PublicText,
}

/// Who may see a copy from now on.
#[derive(ToSchema, Serialize, Deserialize)]
pub(crate) struct VisibilityRequest {
    /// `open`, `metadata` or `restricted`.
    #[schema(example = "metadata")]
    visibility: String,
    /// What has to be known besides the code, when it is restricted. Never printed, told or logged.
    access_factor: Option<AccessFactorRequest>,
}

/// What has to be known besides the code.
#[derive(ToSchema, Serialize, Deserialize)]
pub(crate) struct AccessFactorRequest {
    /// What it is called, in the middle of a sentence; everybody with the code reads it.
    #[schema(example = "the last four characters of your identity number")]
    label: String,
    /// What it is: 4 to 100 characters. Capitals, and how it is spaced, do not count.
    value: String,
}

/// Withdraws a copy: nobody is given its content any longer, and its page says why. The same request again
/// changes nothing and answers the same.
#[utoipa::path(
    post,
    path = "/v1/copies/{code}/withdraw",
    tag = "copies",
    security(("key" = ["copies:withdraw"])),
    params(("code" = String, Path, description = "The code (CSV), with or without hyphens.")),
    request_body = WithdrawalRequest,
    responses(
        (status = 200, description = "The record of the copy, withdrawn.", body = CopyView),
        (status = "4XX", description = "No such copy, or withdrawn before with other words.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = "5XX", description = "The archive cannot be written now.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn withdraw(
    caller: Caller<Withdraw>,
    state: web::Data<AppState>,
    code: web::Path<String>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let mut fields = read_object(&body, &["reason", "text"])?;
    let withdrawal = Withdrawal {
        reason: fields
            .remove("reason")
            .as_ref()
            .and_then(Value::as_str)
            .and_then(WithdrawalReason::from_word)
            .ok_or_else(|| {
                let words = WithdrawalReason::ALL.map(WithdrawalReason::word).join(", ");
                intake::invalid("/reason", &words)
            })?,
        text: fields
            .remove("text")
            .and_then(|text| serde_json::from_value(text).ok())
            .ok_or_else(|| {
                intake::invalid("/text", &crate::model::withdrawal::InvalidText.to_string())
            })?,
    };
    let found = find_for(&caller, &state, &code).await?;
    let index = CodeIndex::of(&found.code);
    let (trail, told) = (caller.trail.clone(), caller.trail.clone());
    let worker = AppState::clone(&state);
    let outcome = state
        .looking_up()
        .admit()?
        .run(move || {
            let (archive, application) = (worker.archive(), &caller.application.id);
            let outcome = archive.withdraw(index, &withdrawal, application, worker.now());
            if let Ok(Withdrew::Done) = outcome {
                trail.tell(Event::CopyWithdrawn, withdrawal.reason.word());
            }
            outcome
        })
        .await?
        .map_err(|error| Problem::from(&error))?;
    told.kept_or_later().await;
    match outcome {
        Withdrew::Done => show_again(&state, found).await,
        Withdrew::Otherwise => Err(ProblemCode::AlreadyWithdrawn.into()),
        Withdrew::Erased => Err(CopyStatus::Erased.into()),
    }
}

/// Says who may see a copy from now on. A copy that is made restricted, even with the same factor as
/// before, gets its tries back.
#[utoipa::path(
    post,
    path = "/v1/copies/{code}/visibility",
    tag = "copies",
    security(("key" = ["copies:withdraw"])),
    params(("code" = String, Path, description = "The code (CSV), with or without hyphens.")),
    request_body = VisibilityRequest,
    responses(
        (status = 200, description = "The record of the copy as it is seen now.", body = CopyView),
        (status = "4XX", description = "No such copy, or a visibility that cannot be.",
            body = ProblemDocument, content_type = "application/problem+json"),
        (status = "5XX", description = "The archive cannot be written now.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn visibility(
    caller: Caller<Withdraw>,
    state: web::Data<AppState>,
    code: web::Path<String>,
    body: web::Bytes,
) -> Result<HttpResponse, Problem> {
    let mut fields = read_object(&body, &["visibility", "access_factor"])?;
    let visibility = fields
        .remove("visibility")
        .as_ref()
        .and_then(Value::as_str)
        .and_then(Visibility::from_word)
        .ok_or_else(|| intake::invalid("/visibility", "open, metadata, restricted"))?;
    let factor = match fields.remove("access_factor") {
        None | Some(Value::Null) => None,
        Some(factor) => Some(intake::access_factor(factor)?),
    };
    let new = NewAccess::new(visibility, factor).ok_or_else(|| {
        let allowed = "an object with label and value, exactly when visibility is restricted";
        intake::invalid("/access_factor", allowed)
    })?;
    let found = find_for(&caller, &state, &code).await?;
    let (trail, told) = (caller.trail.clone(), caller.trail.clone());
    let worker = AppState::clone(&state);
    let (found, done) = state
        .looking_up()
        .admit()?
        .run(move || {
            let application = &caller.application.id;
            let now = worker.now();
            let done = worker
                .archive()
                .set_visibility(&found.standing, &new, application, now);
            if let Ok(true) = done {
                trail.tell(Event::AccessChanged, visibility.word());
            }
            (found, done)
        })
        .await?;
    if !done.map_err(|error| Problem::from(&error))? {
        return Err(ProblemCode::FactorUnavailable.into());
    }
    told.kept_or_later().await;
    show_again(&state, found).await
}

/// The record after a change, read anew.
async fn show_again(state: &AppState, found: Found) -> Result<HttpResponse, Problem> {
    stored::show(state, &stored::find(state, found.code).await?)
}

/// Reads a small JSON object of which every member is known.
pub(super) fn read_object(body: &[u8], known: &[&str]) -> Result<Map<String, Value>, Problem> {
    let object = (body.len() <= BODY_BYTES)
        .then(|| serde_json::from_slice(body).ok())
        .flatten();
    let Some(Value::Object(object)) = object else {
        let allowed = format!("a JSON object with {}", known.join(" and "));
        return Err(intake::invalid("", &allowed));
    };
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => {
            let name: String = name.chars().take(64).collect();
            Err(Problem::new(ProblemCode::MetadataInvalid)
                .with_detail(format!("There is no field {name:?}."))
                .with_pointer(""))
        }
        None => Ok(object),
    }
}
