//! What an integrator can ask about: itself, the organs, their seals, the problems.

mod certificate;

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use self::certificate::{CertificateView, NextSealView};
use super::auth::{Access, Any, Caller, Scope};
use super::problem::{Entry, Problem, ProblemCode, ProblemDocument};
use super::representation::answer_json;
use super::state::AppState;
use crate::archive::UsedBy;
use crate::model::Environment;
use crate::seal::{Seat, SeatKey, Trial};

/// Limits on documents.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limits)]
pub(crate) struct LimitsView {
    /// Bytes.
    bytes: u64,
    /// Pages.
    pages: u32,
    /// Indirect objects.
    objects: u32,
    /// Depth of nesting.
    nesting: u32,
    /// Bytes one stream may inflate to.
    stream_bytes: usize,
    /// Bytes all streams may inflate to.
    inflated_bytes: usize,
    /// Revisions.
    revisions: u32,
}

/// Who the caller is here.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
pub(crate) struct Me {
    /// Stable id of the application.
    application: String,
    /// Its name.
    name: String,
    /// `pre`: copies are marked as tests and have no legal value. `pro`: they are real. It is that of the
    /// credential; a credential that is for either has the environment of its organs, `pro` when they have
    /// both.
    environment: &'static str,
    /// What the credential is for: `copies:issue`, `copies:read`, `copies:withdraw`, `validate`, `operate`.
    scopes: Vec<&'static str>,
    /// When the key ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires: Option<Timestamp>,
    /// Copies that the application may make in a day (UTC). A soft limit: what was made in the last minute
    /// may not be counted yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    copies_per_day: Option<u64>,
    /// DIR3 codes of the organs it may ask for.
    organs: Vec<String>,
    /// The organ meant when a request names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    default_organ: Option<String>,
    /// Copies are kept here; otherwise whoever gets one keeps it.
    keeps_copies: bool,
    /// Limits on documents.
    limits: LimitsView,
    /// Software and version.
    software: &'static str,
}

/// Says who the caller is, for whom it may ask and under which limits.
#[utoipa::path(get, path = "/v1/me", tag = "discovery", responses(
    (status = 200, description = "The caller.", body = Me),
    (status = 401, description = "No valid credential.", body = ProblemDocument,
        content_type = "application/problem+json"),
))]
pub(crate) async fn me(
    caller: Caller<Any>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let application = &caller.application;
    let settings = state.settings();
    let only = match application.organs.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    answer(&Me {
        application: application.id.clone(),
        name: application.name.clone(),
        environment: environment(&caller, &state).word(),
        scopes: caller.scopes.words(),
        expires: caller.expires,
        copies_per_day: caller.copies_per_day,
        organs: application.organs.iter().map(ToString::to_string).collect(),
        default_organ: application
            .default_organ
            .as_ref()
            .or(only)
            .map(ToString::to_string),
        keeps_copies: state.archive().keeps_copies(),
        limits: LimitsView {
            bytes: settings.body_bytes,
            pages: settings.limits.pages,
            objects: settings.limits.objects,
            nesting: settings.limits.nesting,
            stream_bytes: settings.limits.stream_bytes,
            inflated_bytes: settings.limits.inflated_bytes,
            revisions: settings.limits.revisions,
        },
        software: super::SOFTWARE,
    })
}

/// The environment in which a caller's copies are made.
fn environment(access: &Access, state: &AppState) -> Environment {
    let own = access.application.environment;
    own.unwrap_or_else(|| {
        let seats = seats(access, state);
        let environments = seats.iter().map(|seat| seat.organ.environment);
        environments.max().unwrap_or_else(|| state.environment())
    })
}

/// An organ.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organ)]
pub(crate) struct OrganView {
    /// Its DIR3 code.
    organ: String,
    /// Its INE10 code, when it is a local body.
    #[serde(skip_serializing_if = "Option::is_none")]
    ine10: Option<String>,
    /// Its NIF.
    nif: String,
    /// Its name per language.
    #[schema(value_type = Object)]
    name: crate::model::organ::Names,
    /// Its municipality.
    place: String,
    /// `pre` or `pro`.
    environment: &'static str,
    /// Language of its copies unless a request says another.
    language: &'static str,
    /// Where its copies are checked.
    verification_address: String,
    /// What it has decided about documents; a request may only be stricter.
    #[schema(value_type = Object)]
    policy: crate::model::policy::Policy,
    /// Its seal is loaded: copies can be made.
    seal_loaded: bool,
    /// Its seal signed when it was last tried.
    seal_signs: bool,
}

impl OrganView {
    fn new(seat: &Seat) -> Self {
        let organ = &seat.organ;
        Self {
            organ: organ.dir3.to_string(),
            ine10: organ.ine10.as_ref().map(ToString::to_string),
            nif: organ.nif.to_string(),
            name: organ.names.clone(),
            place: organ.place.clone(),
            environment: organ.environment.word(),
            language: organ.language.tag(),
            verification_address: organ.verification_address.to_string(),
            policy: organ.policy.clone(),
            seal_loaded: seat.seal.is_ok(),
            seal_signs: seat
                .seal
                .as_ref()
                .is_ok_and(|seal| seal.failing().is_none()),
        }
    }
}

/// The organs of an application.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organs)]
pub(crate) struct OrgansView {
    organs: Vec<OrganView>,
}

/// Lists the organs that the caller may ask for.
#[utoipa::path(get, path = "/v1/organs", tag = "discovery", responses(
    (status = 200, description = "The organs.", body = OrgansView),
    (status = 401, description = "No valid credential.", body = ProblemDocument,
        content_type = "application/problem+json"),
))]
pub(crate) async fn organs(
    caller: Caller<Any>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let organs = seats(&caller, &state);
    let organs = organs.iter().map(|seat| OrganView::new(seat)).collect();
    answer(&OrgansView { organs })
}

/// A seal, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SealState)]
pub(crate) struct SealStateView {
    /// DIR3 code of its organ.
    organ: String,
    /// Copies can be made with it.
    loaded: bool,
    /// Its certificate, when it is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<CertificateView>,
    /// `own`, `centralised` or `ceded`, as the operator declares it; only an own seal is loaded.
    cession: &'static str,
    /// `pre` or `pro`.
    environment: &'static str,
    /// `open` to every application that may ask for the organ, `shared` among some of them, or `exclusive`
    /// to one.
    #[serde(rename = "use")]
    seal_use: &'static str,
    /// The caller may have copies sealed with it.
    permitted: bool,
    /// Who had copies sealed in the last thirty days, counted from the archive; for callers with the scope
    /// `operate`. Rounded from a sample when the organ made more than 256, and up to ten minutes old.
    #[serde(skip_serializing_if = "Option::is_none")]
    used_by: Option<Vec<UsedByView>>,
    /// The problem that a request for a copy gets, when it is not loaded or fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "seal-expired")]
    problem: Option<&'static str>,
    /// The last time its key was tried, when it is loaded.
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<ProbeView>,
    /// The organ goes on with the seal loaded before, because its files hold none that can be used now:
    /// why, in the operator's word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "wrong-passphrase")]
    renewal_refused: Option<&'static str>,
    /// The seal that takes over.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<NextSealView>,
}

/// A try of a seal's key: it signed something fixed, and its certificate confirmed that.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Probe)]
pub(crate) struct ProbeView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// It signed.
    ok: bool,
}

impl From<&Trial> for ProbeView {
    fn from(trial: &Trial) -> Self {
        Self {
            at: trial.at,
            ok: trial.outcome.is_ok(),
        }
    }
}

/// An application that used a seal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UsedBy)]
pub(crate) struct UsedByView {
    /// Its id.
    application: String,
    /// Copies in the last thirty days.
    copies: u64,
}

impl SealStateView {
    fn new(seat: &Seat, access: &Access, used_by: Option<Vec<UsedBy>>, now: Timestamp) -> Self {
        let view = |used: UsedBy| UsedByView {
            application: used.application,
            copies: used.copies,
        };
        let empty = Self {
            organ: seat.organ.dir3.to_string(),
            loaded: false,
            certificate: None,
            cession: seat.organ.cession.word(),
            environment: seat.organ.environment.word(),
            seal_use: seat.seal_use.word(),
            permitted: seat.seal_use.permits(&access.application.id),
            used_by: used_by.map(|used| used.into_iter().map(view).collect()),
            problem: None,
            probe: None,
            renewal_refused: None,
            next: seat.next.as_ref().map(|next| NextSealView::of(next, now)),
        };
        match &seat.seal {
            Ok(seal) => {
                let trial = seal.health.last();
                let failing = trial.outcome.as_ref().err().map(ProblemCode::from);
                Self {
                    loaded: true,
                    certificate: Some(CertificateView::of(seal, now)),
                    problem: failing.map(|problem| problem.entry().code),
                    probe: Some(ProbeView::from(&*trial)),
                    renewal_refused: seat.kept,
                    ..empty
                }
            }
            Err(defect) => Self {
                problem: Some(ProblemCode::from(defect).entry().code),
                ..empty
            },
        }
    }
}

/// The seals of an application's organs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Seals)]
pub(crate) struct SealsView {
    seals: Vec<SealStateView>,
}

/// Lists the seals of the organs that the caller may ask for.
#[utoipa::path(get, path = "/v1/seals", tag = "discovery", responses(
    (status = 200, description = "The seals.", body = SealsView),
    (status = 401, description = "No valid credential.", body = ProblemDocument,
        content_type = "application/problem+json"),
))]
pub(crate) async fn seals(
    caller: Caller<Any>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let now = state.now();
    let mut used = used_by(&caller, &state).await?;
    let seats = seats(&caller, &state);
    let seals = seats.iter().map(|seat| {
        let used_by = used.remove(&seat.key());
        SealStateView::new(seat, &caller, used_by, now)
    });
    let seals = seals.collect();
    answer(&SealsView { seals })
}

/// Who used the seals of the caller's organs, for who looks after the service. What cannot be counted now is
/// left out.
async fn used_by(
    access: &Access,
    state: &AppState,
) -> Result<BTreeMap<SeatKey, Vec<UsedBy>>, Problem> {
    if !access.scopes.contains(Scope::Operate) || !state.archive().keeps_copies() {
        return Ok(BTreeMap::new());
    }
    let seats = seats(access, state);
    let organs: Vec<_> = seats.iter().map(|seat| seat.key()).collect();
    let (worker, now) = (state.clone(), state.now());
    let place = state.looking_up().admit()?;
    place
        .run(move || {
            let counted = organs.into_iter().filter_map(|place| {
                let used = worker.usage().used_by(&place.0, place.1, now).ok()?;
                Some((place, used))
            });
            counted.collect()
        })
        .await
}

/// Every problem there is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problems)]
pub(crate) struct ProblemsView {
    problems: Vec<&'static Entry>,
}

/// Lists every problem the service can answer. Needs no key.
#[utoipa::path(get, path = "/v1/problems", tag = "discovery", security(()), responses(
    (status = 200, description = "The problems.", body = ProblemsView),
))]
pub(crate) async fn problems() -> Result<HttpResponse, Problem> {
    answer(&ProblemsView {
        problems: ProblemCode::ALL.iter().map(|code| code.entry()).collect(),
    })
}

fn seats(access: &Access, state: &AppState) -> Vec<Arc<Seat>> {
    let organs = state.sealer().organs();
    let seats = organs.iter();
    seats
        .filter(|seat| access.may_use(&seat.organ.dir3, seat.organ.environment))
        .cloned()
        .collect()
}

fn answer(value: &impl Serialize) -> Result<HttpResponse, Problem> {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-cache"));
    answer_json(&mut answer, value)
}
