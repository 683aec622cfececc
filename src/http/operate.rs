//! `/v1/operate`: for whoever looks after the service.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::auth::{Access, Caller, Operate};
use super::problem::{Problem, ProblemCode, ProblemDocument};
use super::representation::answer_json;
use super::state::AppState;
use crate::model::Dir3;

/// What is loaded from files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReloadedPart {
    /// The anchors for seals and timestamps.
    Trust,
    /// The organs and their seals.
    Organs,
    /// Who may call.
    Applications,
    /// The service's own TLS certificate and key.
    Tls,
}

impl ReloadedPart {
    /// The word in logs and metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Trust => "trust",
            Self::Organs => "organs",
            Self::Applications => "applications",
            Self::Tls => "tls",
        }
    }

    /// The code of the warning that it was refused.
    pub const fn refusal(self) -> &'static str {
        match self {
            Self::Trust => "trust-not-reloaded",
            Self::Organs => "organs-not-reloaded",
            Self::Applications => "applications-not-reloaded",
            Self::Tls => "tls-not-reloaded",
        }
    }
}

/// What came of loading a part anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReloadOutcome {
    /// Its files have changed, and what they say is in use.
    Changed,
    /// Its files are as they were.
    Unchanged,
    /// Its files cannot be used: what was in use goes on.
    Refused,
}

impl ReloadOutcome {
    /// The word in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Refused => "refused",
        }
    }
}

/// A part, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartReport {
    /// The part.
    pub part: ReloadedPart,
    /// What came of it.
    pub outcome: ReloadOutcome,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
}

/// How many seals went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealChanges {
    /// In use, that were not before.
    pub loaded: usize,
    /// In use in the place of another of the same organ.
    pub renewed: usize,
    /// The same as before.
    pub unchanged: usize,
    /// No longer in use; their organs are still there.
    pub ended: usize,
    /// Organs that are no longer there.
    pub retired: usize,
}

/// Why an organ goes on with the seal it had, or is without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealTrouble {
    /// DIR3 code of the organ, as far as its file could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub organ: Option<Dir3>,
    /// It goes on with the seal it had.
    pub goes_on: bool,
    /// A stable word for programs.
    #[schema(example = "wrong-passphrase")]
    pub code: &'static str,
    /// What is wrong, for people.
    pub cause: String,
    /// What to do about it.
    pub next_step: String,
}

/// What came of loading everything anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReloadReport {
    /// Every part.
    pub parts: Vec<PartReport>,
    /// The seals.
    pub seals: SealChanges,
    /// What is wrong with which of them.
    pub troubles: Vec<SealTrouble>,
}

/// What came of loading everything anew, as the interface shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reload)]
pub(crate) struct ReloadView {
    /// Every part that is loaded from files: those that were refused go on as they were.
    parts: Vec<PartReport>,
    /// How many seals went which way.
    seals: SealChanges,
    /// What is wrong with the seals of the caller's organs.
    troubles: Vec<SealTrouble>,
    /// How many others have a trouble.
    troubles_elsewhere: usize,
}

impl ReloadView {
    fn new(report: ReloadReport, access: &Access) -> Self {
        let (troubles, elsewhere): (Vec<_>, Vec<_>) =
            report.troubles.into_iter().partition(|trouble| {
                let organs = &access.application.organs;
                let organ = trouble.organ.as_ref();
                organ.is_some_and(|organ| organs.contains(organ))
            });
        Self {
            parts: report.parts,
            seals: report.seals,
            troubles,
            troubles_elsewhere: elsewhere.len(),
        }
    }
}

/// Loads organs, seals, applications, anchors and the service's own certificate anew from their files, as
/// SIGHUP does, and says what came of it. What cannot be used never takes away what is in use. It concerns the
/// replica that answers: the others look at their files by themselves.
#[utoipa::path(
    post,
    path = "/v1/operate/reload",
    tag = "operate",
    security(("key" = ["operate"])),
    responses(
        (status = 200, description = "What has changed, and what was refused.", body = ReloadView),
        (status = "4XX", description = "No credential with this scope.", body = ProblemDocument,
            content_type = "application/problem+json"),
        (status = "5XX", description = "The service is about to stop.", body = ProblemDocument,
            content_type = "application/problem+json"),
    )
)]
pub(crate) async fn reload(
    caller: Caller<Operate>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let told = (state.oversight().reload)().await;
    let report = told.ok_or(ProblemCode::Busy)?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer_json(&mut answer, &ReloadView::new(report, &caller))
}
