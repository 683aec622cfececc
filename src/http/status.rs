//! `/v1/organs/{organ}/status`: how an organ is doing, for its applications and whoever helps them.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Access, Any, Caller};
use super::discovery::ProbeView;
use super::problem::{Problem, ProblemCode, ProblemDocument};
use super::representation::answer_json;
use super::state::AppState;
use crate::authorities::{CircuitState, EndpointKind, KeptState};
use crate::model::{Dir3, Environment, Sha256Digest, SignatureLevel};
use crate::seal::{LoadedSeal, Seat};

/// How an organ is doing.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrganStatus)]
pub(crate) struct OrganStatusView {
    /// Its DIR3 code.
    organ: String,
    /// Copies can be made in every environment listed.
    ok: bool,
    /// Each environment that the caller may ask for.
    environments: Vec<EnvironmentStatus>,
    /// What somebody should look at.
    warnings: Vec<WarningView>,
}

/// How an organ is doing in an environment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EnvironmentStatus {
    /// `pre` or `pro`.
    environment: &'static str,
    /// A copy can be made now.
    ok: bool,
    /// The problem that a request for a copy gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "seal-expired")]
    problem: Option<&'static str>,
    /// The organ goes on with the seal loaded before: why, in the operator's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "wrong-passphrase")]
    renewal_refused: Option<&'static str>,
    /// The seal, when one is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    seal: Option<SealStatus>,
    /// The level of its copies, as the organ has decided.
    #[schema(value_type = String, example = "B-LT")]
    level: SignatureLevel,
    /// The highest level within reach now, as far as seal, revocation data and authorities tell.
    #[schema(value_type = String, example = "B-T")]
    level_within_reach: SignatureLevel,
    /// The last day (UTC) of which the archive has a copy; absent when it has none or cannot be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    last_copy_on: Option<Date>,
    /// When this replica last made a copy, since its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    last_copy_here: Option<Timestamp>,
}

/// How a loaded seal is doing.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SealStatus {
    /// SHA-256 of its certificate, hexadecimal.
    #[schema(value_type = String)]
    fingerprint: Sha256Digest,
    /// Last moment of its validity.
    #[schema(value_type = String, format = DateTime)]
    not_after: Timestamp,
    /// Whole days until then.
    days_left: i64,
    /// The last time its key was tried.
    probe: ProbeView,
    /// What is known of its revocation; absent when nobody is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation: Option<RevocationStatus>,
}

/// What is known of the revocation of a seal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RevocationStatus {
    /// It is revoked, since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked: Option<Timestamp>,
    /// When the newest answer that it is good was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
    /// How many seconds ago that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_seconds: Option<i64>,
    /// When the next answer is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    next_due: Option<Timestamp>,
}

/// Something that somebody should look at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Warning)]
pub(crate) struct WarningView {
    /// A stable word for programs.
    #[schema(example = "seal-expires")]
    code: &'static str,
    /// `pre` or `pro`.
    environment: &'static str,
    /// What is the matter, for people.
    cause: String,
    /// What to do about it.
    next_step: String,
}

/// Shows how an organ is doing: its seal, the level of its copies, its last copy, and what somebody should look
/// at.
#[utoipa::path(
    get,
    path = "/v1/organs/{organ}/status",
    tag = "discovery",
    params(("organ" = String, Path, description = "The DIR3 code of the organ.")),
    responses(
        (status = 200, description = "How the organ is doing.", body = OrganStatusView),
        (status = 401, description = "No valid credential.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = 404, description = "No such organ, or none that this application may ask for.",
            body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn show(
    caller: Caller<Any>,
    state: web::Data<AppState>,
    organ: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let dir3: Dir3 = organ.parse().map_err(|_| ProblemCode::NotFound)?;
    let seats = seats(&caller, &state, &dir3);
    if seats.is_empty() {
        return Err(ProblemCode::NotFound.into());
    }
    let last_copies = last_copies(&state, &dir3, &seats).await?;
    let environments: Vec<_> = seats
        .iter()
        .zip(last_copies)
        .map(|(seat, last)| EnvironmentStatus::new(seat, last, &state))
        .collect();
    let view = OrganStatusView {
        ok: environments.iter().all(|environment| environment.ok),
        warnings: warnings(&caller, &state, &dir3),
        organ: dir3.to_string(),
        environments,
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-cache"));
    answer_json(&mut answer, &view)
}

/// The seats of an organ that the caller may ask for.
fn seats(access: &Access, state: &AppState, dir3: &Dir3) -> Vec<Arc<Seat>> {
    let organs = state.sealer().organs();
    let environments = Environment::ALL.into_iter();
    environments
        .filter(|environment| access.may_use(dir3, *environment))
        .filter_map(|environment| organs.seat_in(dir3, environment).cloned())
        .collect()
}

/// The day of each seat's last copy.
async fn last_copies(
    state: &AppState,
    dir3: &Dir3,
    seats: &[Arc<Seat>],
) -> Result<Vec<Option<Date>>, Problem> {
    let environments: Vec<_> = seats.iter().map(|seat| seat.organ.environment).collect();
    let (worker, dir3) = (state.clone(), dir3.clone());
    let place = state.looking_up().admit()?;
    place
        .run(move || {
            let last = |environment| worker.usage().last_day(&dir3, environment).ok()?;
            environments.into_iter().map(last).collect()
        })
        .await
}

/// What somebody should look at that is about the organ.
fn warnings(access: &Access, state: &AppState, dir3: &Dir3) -> Vec<WarningView> {
    let warnings = (state.oversight().warnings)().into_iter();
    warnings
        .filter_map(|warning| {
            let (organ, environment) = (warning.organ?, warning.environment?);
            let theirs = organ == *dir3 && access.may_use(&organ, environment);
            theirs.then(|| WarningView {
                code: warning.code,
                environment: environment.word(),
                cause: warning.fact,
                next_step: warning.next_step,
            })
        })
        .collect()
}

impl EnvironmentStatus {
    fn new(seat: &Seat, last_copy_on: Option<Date>, state: &AppState) -> Self {
        let now = state.now();
        let loaded = seat.seal.as_deref();
        let problem = match &loaded {
            Ok(seal) if now > seal.key.facts().not_after => Some(ProblemCode::SealExpired),
            Ok(seal) => seal.failing().as_ref().map(ProblemCode::from),
            Err(defect) => Some(ProblemCode::from(*defect)),
        };
        let reach = |seal: &LoadedSeal| {
            let level = state.sealer().level_within_reach(seal, now);
            match stamps(state) {
                true => level,
                false => level.min(SignatureLevel::BB),
            }
        };
        Self {
            environment: seat.organ.environment.word(),
            ok: problem.is_none(),
            problem: problem.map(|problem| problem.entry().code),
            renewal_refused: seat.kept,
            level: seat.organ.policy.level,
            level_within_reach: loaded.map_or(SignatureLevel::BB, reach),
            seal: loaded.ok().map(|seal| SealStatus::new(seal, state, now)),
            last_copy_on,
            last_copy_here: state
                .usage()
                .last_here(&seat.organ.dir3, seat.organ.environment),
        }
    }
}

/// Whether some time-stamp authority may be asked now.
fn stamps(state: &AppState) -> bool {
    (state.oversight().endpoints)().iter().any(|endpoint| {
        endpoint.kind == EndpointKind::Timestamp && endpoint.circuit != CircuitState::Open
    })
}

impl SealStatus {
    fn new(seal: &LoadedSeal, state: &AppState, now: Timestamp) -> Self {
        let facts = seal.key.facts();
        let kept = (state.oversight().revocations)();
        let kept = kept
            .iter()
            .find(|kept| kept.fingerprint == facts.fingerprint && kept.has_source);
        Self {
            fingerprint: facts.fingerprint,
            not_after: facts.not_after,
            days_left: facts
                .not_after
                .duration_since(now)
                .as_secs()
                .div_euclid(86_400),
            probe: ProbeView::from(&*seal.health.last()),
            revocation: kept.map(|kept| RevocationStatus::new(kept, now)),
        }
    }
}

impl RevocationStatus {
    fn new(kept: &KeptState, now: Timestamp) -> Self {
        Self {
            revoked: kept.revoked,
            as_of: kept.this_update,
            age_seconds: kept
                .this_update
                .map(|as_of| now.duration_since(as_of).as_secs().max(0)),
            next_due: kept.next_update,
        }
    }
}
