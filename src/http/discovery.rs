//! What an integrator can ask about: itself, the organs, their seals, the problems.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::Caller;
use super::problem::{Entry, Problem, ProblemCode, ProblemDocument};
use super::representation::answer_json;
use super::state::AppState;
use crate::model::{SealAlgorithm, Sha256Digest};
use crate::seal::Seat;

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
    /// `pre`: copies are marked as tests and have no legal value. `pro`: they are real.
    environment: &'static str,
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
    (status = 401, description = "No valid key.", body = ProblemDocument,
        content_type = "application/problem+json"),
))]
pub(crate) async fn me(
    caller: Caller,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let application = &caller.0;
    let settings = state.settings();
    let only = match application.organs.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    answer(&Me {
        application: application.id.clone(),
        name: application.name.clone(),
        environment: state.environment().word(),
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
    (status = 401, description = "No valid key.", body = ProblemDocument,
        content_type = "application/problem+json"),
))]
pub(crate) async fn organs(
    caller: Caller,
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

/// A seal's certificate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Certificate)]
pub(crate) struct CertificateView {
    /// Name of the seal.
    name: String,
    /// Organisation.
    organisation: String,
    /// NIF of the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    nif: Option<String>,
    /// Issuer.
    issuer: String,
    /// Serial number, hexadecimal.
    serial: String,
    /// SHA-256, hexadecimal.
    #[schema(value_type = String)]
    fingerprint: Sha256Digest,
    /// `RSA-2048`, `EC P-256`, …
    public_key: String,
    /// How it signs.
    #[schema(value_type = String, example = "rsa-pkcs1-sha256")]
    algorithm: SealAlgorithm,
    /// First moment of its validity.
    #[schema(value_type = String, format = DateTime)]
    not_before: Timestamp,
    /// Last moment of its validity.
    #[schema(value_type = String, format = DateTime)]
    not_after: Timestamp,
    /// Whole days until then.
    days_left: i64,
}

impl SealStateView {
    fn new(seat: &Seat, now: Timestamp) -> Self {
        let organ = seat.organ.dir3.to_string();
        match &seat.seal {
            Ok(seal) => {
                let facts = seal.key.facts();
                let certificate = CertificateView {
                    name: facts.common_name.clone(),
                    organisation: facts.organisation.clone(),
                    nif: facts.nif.clone(),
                    issuer: facts.issuer.clone(),
                    serial: facts.serial.clone(),
                    fingerprint: facts.fingerprint,
                    public_key: facts.public_key.clone(),
                    algorithm: seal.key.algorithm(),
                    not_before: facts.not_before,
                    not_after: facts.not_after,
                    days_left: facts.not_after.duration_since(now).as_secs() / 86_400,
                };
                let trial = seal.health.last();
                let failing = trial.outcome.as_ref().err().map(ProblemCode::from);
                Self {
                    organ,
                    loaded: true,
                    certificate: Some(certificate),
                    problem: failing.map(|problem| problem.entry().code),
                    probe: Some(ProbeView {
                        at: trial.at,
                        ok: trial.outcome.is_ok(),
                    }),
                    renewal_refused: seat.kept,
                }
            }
            Err(defect) => Self {
                organ,
                loaded: false,
                certificate: None,
                problem: Some(ProblemCode::from(defect).entry().code),
                probe: None,
                renewal_refused: None,
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
    (status = 401, description = "No valid key.", body = ProblemDocument,
        content_type = "application/problem+json"),
))]
pub(crate) async fn seals(
    caller: Caller,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let now = state.now();
    let seats = seats(&caller, &state);
    let seals = seats.iter();
    let seals = seals.map(|seat| SealStateView::new(seat, now)).collect();
    answer(&SealsView { seals })
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

fn seats(caller: &Caller, state: &AppState) -> Vec<Arc<Seat>> {
    let organs = state.sealer().organs();
    let seats = organs.iter();
    seats
        .filter(|seat| caller.may_use(&seat.organ.dir3))
        .cloned()
        .collect()
}

fn answer(value: &impl Serialize) -> Result<HttpResponse, Problem> {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-cache"));
    answer_json(&mut answer, value)
}
