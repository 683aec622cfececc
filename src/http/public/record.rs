//! What everybody who has the code may know about a copy, as JSON.

use actix_web::HttpResponse;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::guard;
use crate::archive::Withheld;
use crate::http::problem::Problem;
use crate::http::representation::answer_json;
use crate::http::state::AppState;
use crate::http::stored::Found;
use crate::http::wire::{FileView, StatusView, Tally, WithdrawalView};
use crate::model::{Dir3, Organ};

/// The organ of a copy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Issuer {
    /// Its DIR3 code.
    organ: String,
    /// Its name, as long as it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Its NIF, as long as it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    nif: Option<String>,
}

impl Issuer {
    /// The organ with this code; `organ` as long as it is known here.
    pub(super) fn new(dir3: &Dir3, organ: Option<&Organ>) -> Self {
        Self {
            organ: dir3.to_string(),
            name: organ.map(|organ| organ.names.ca.clone()),
            nif: organ.map(|organ| organ.nif.to_string()),
        }
    }
}

/// What everybody who has the code may know about a copy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PublicCopy {
    /// The code (CSV), as printed.
    verification_code: String,
    /// Whether it is answered for today.
    status: StatusView,
    /// `pre`: a test without validity. `pro`: real.
    environment: &'static str,
    /// Who issued it.
    issuer: Issuer,
    /// `electronic`, `paper` or `partial`.
    kind: &'static str,
    /// ENI elaboration state.
    elaboration_state: &'static str,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    issued_at: Timestamp,
    /// How long it can be checked at least.
    #[schema(value_type = String, format = DateTime)]
    available_until: Timestamp,
    /// Pages.
    pages: u32,
    /// The signatures that the source brought with it, as they were judged when the copy was made: how
    /// many came out how.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "the source carried 1 signature: 1 TOTAL-PASSED")]
    source_statement: Option<String>,
    /// The sealed PDF.
    document: FileView,
    /// It is the receipt of a check made here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    receipt: bool,
    /// Name of the seal.
    seal: String,
    /// Signature level reached when the copy was made (EN 319 142-1).
    #[schema(example = "B-B")]
    level: &'static str,
    /// The level asked.
    #[schema(example = "B-B")]
    level_asked: &'static str,
    /// Who may see it: `open`, `metadata` (what it is, and no content) or `restricted`.
    visibility: &'static str,
    /// Why and when it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawal: Option<WithdrawalView>,
    /// Where the document is, when it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    document_link: Option<String>,
}

/// Whether somebody is given the document: everybody, or who knows the second factor.
fn gives_content(found: &Found) -> bool {
    matches!(
        found.standing.for_the_public(),
        Ok(_) | Err(Withheld::FactorNeeded)
    )
}

/// The record as an answer.
pub(super) fn public_copy(state: &AppState, found: &Found) -> Result<HttpResponse, Problem> {
    let intent = &found.standing.record.intent;
    let copy = PublicCopy {
        verification_code: found.code.grouped(),
        status: found.standing.status.into(),
        environment: intent.environment.word(),
        issuer: Issuer::new(&intent.organ, state.organ_of(intent).as_deref()),
        kind: intent.description.kind.word(),
        elaboration_state: intent.description.kind.elaboration_state(),
        issued_at: intent.issued_at,
        available_until: intent.available_until,
        pages: intent.band.pages,
        source_statement: Tally::of(&intent.source_signatures).map(Tally::statement),
        document: FileView {
            digest: found.standing.newest().digest,
            size: found.standing.newest().size,
        },
        receipt: super::receipt::is_one(found),
        seal: intent.seal.common_name.clone(),
        level: intent.level.as_str(),
        level_asked: intent.level_asked.as_str(),
        visibility: found.standing.access.visibility().word(),
        withdrawal: found.standing.withdrawal.as_ref().map(Into::into),
        document_link: gives_content(found).then(|| format!("/{}/document", found.code.compact())),
    };
    let mut answer = HttpResponse::Ok();
    guard(&mut answer, state);
    answer_json(&mut answer, &copy)
}
