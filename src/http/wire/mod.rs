//! What the interface says in JSON: its own structures, so that what is stored can change without the
//! interface, and the interface without what is stored.

mod found;
mod signatures;
mod today;
mod versions;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::archive::{CopyRecord, CopyStatus};
use crate::model::organ::Organ;
use crate::model::{Code, ExternalRef, Sha256Digest};
use crate::seal::Preflight;

pub use self::found::{BandView, FactsView, FindingView, SeverityView, advice_about};
pub use self::signatures::SourceSignatureView;
pub(crate) use self::signatures::Tally;
pub(crate) use self::today::Today;
pub use self::today::WithdrawalView;
pub use self::versions::{PartView, VersionView};
use super::problem::Problem;

/// Whether a copy is answered for today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatusView {
    /// Good.
    InForce,
    /// Withdrawn by its organ.
    Withdrawn,
    /// Past its availability.
    Expired,
    /// Its content was erased.
    Erased,
}

impl From<CopyStatus> for StatusView {
    fn from(status: CopyStatus) -> Self {
        match status {
            CopyStatus::InForce => Self::InForce,
            CopyStatus::Withdrawn => Self::Withdrawn,
            CopyStatus::Expired => Self::Expired,
            CopyStatus::Erased => Self::Erased,
        }
    }
}

/// A reference of the caller's own system.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExternalRef)]
pub struct ExternalRefView {
    /// The system.
    pub system: String,
    /// The identifier in it.
    pub id: String,
}

impl From<&ExternalRef> for ExternalRefView {
    fn from(reference: &ExternalRef) -> Self {
        Self {
            system: reference.system.clone(),
            id: reference.id.clone(),
        }
    }
}

/// A file: its digest and its length.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = File)]
pub struct FileView {
    /// SHA-256, hexadecimal.
    #[schema(value_type = String)]
    pub digest: Sha256Digest,
    /// Bytes.
    pub size: u64,
}

/// The source of a copy.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceView {
    /// SHA-256, hexadecimal.
    #[schema(value_type = String)]
    pub digest: Sha256Digest,
    /// Bytes.
    pub size: u64,
    /// The copy begins with the source, byte for byte.
    pub prefix: bool,
    /// What was found in it.
    pub facts: FactsView,
}

/// The seal that made a copy.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Seal)]
pub struct SealView {
    /// Name in its certificate.
    pub name: String,
    /// SHA-256 of its certificate, hexadecimal.
    #[schema(value_type = String)]
    pub fingerprint: Sha256Digest,
    /// How it signed.
    #[schema(value_type = String, example = "rsa-pkcs1-sha256")]
    pub algorithm: crate::model::SealAlgorithm,
    /// Signature level reached when the copy was made: `B-B`, `B-T`, `B-LT` or `B-LTA` (EN 319 142-1).
    #[schema(example = "B-B")]
    pub level: &'static str,
    /// The level asked: the organ's, or the request's if that was higher.
    #[schema(example = "B-B")]
    pub level_asked: &'static str,
}

/// Where to go from a copy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Links {
    /// This record.
    #[serde(rename = "self")]
    pub this: String,
    /// The sealed PDF.
    pub document: String,
    /// The source, byte for byte.
    pub source: String,
    /// The page for citizens, as in the QR.
    pub verification: String,
}

/// A copy.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Copy)]
pub struct CopyView {
    /// The code (CSV), as printed.
    #[schema(example = "PR0V-9FHM-3XTD-W8RA-5CZN-J4PE")]
    pub verification_code: String,
    /// Whether it is answered for today.
    pub status: StatusView,
    /// Why and when it was withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withdrawal: Option<WithdrawalView>,
    /// Who may see it today: `open`, `metadata` or `restricted`.
    #[schema(example = "open")]
    pub visibility: &'static str,
    /// What the second factor is called, when it is restricted. The factor itself is never told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_factor_label: Option<String>,
    /// DIR3 code of the organ.
    pub organ: String,
    /// `pre` or `pro`.
    pub environment: &'static str,
    /// Kind of copy.
    #[schema(example = "electronic")]
    pub kind: &'static str,
    /// ENI elaboration state.
    #[schema(example = "EE02")]
    pub elaboration_state: &'static str,
    /// Title for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// ENI document type.
    #[schema(example = "TD01")]
    pub document_type: String,
    /// Who made the source: `citizen` or `administration`.
    pub origin: &'static str,
    /// When the source was captured.
    #[schema(value_type = String, format = DateTime)]
    pub captured_at: Timestamp,
    /// ENI identifier of the source.
    pub source_id: String,
    /// The service made `source_id` up from the source's digest.
    pub source_id_generated: bool,
    /// Who asked for the copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_by: Option<String>,
    /// The caller's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<ExternalRefView>,
    /// Language of the band.
    #[schema(example = "ca")]
    pub language: &'static str,
    /// Where the band is: `fit`, `extend` or `last`.
    pub placement: &'static str,
    /// When it was issued.
    #[schema(value_type = String, format = DateTime)]
    pub issued_at: Timestamp,
    /// How long it can be checked at least.
    #[schema(value_type = String, format = DateTime)]
    pub available_until: Timestamp,
    /// The newest version of the sealed PDF.
    pub document: FileView,
    /// Every version of it, the one that was issued first.
    pub versions: Vec<VersionView>,
    /// The source.
    pub source: SourceView,
    /// The signatures that the source brought with it, as they were judged when the copy was made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_signatures: Vec<SourceSignatureView>,
    /// The same in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "the source carried 1 signature: 1 TOTAL-PASSED")]
    pub source_statement: Option<String>,
    /// The seal.
    pub seal: SealView,
    /// What drawing the band did.
    pub band: BandView,
    /// What was found in the source and let through.
    pub findings: Vec<FindingView>,
    /// Software that made it.
    pub software: String,
    /// Where to go from here.
    pub links: Links,
}

impl CopyView {
    /// The copy named `code`. `organ` gives the address of its page, as long as it is known here.
    pub(crate) fn new(
        code: &Code,
        record: &CopyRecord,
        today: &Today<'_>,
        organ: Option<&Organ>,
    ) -> Self {
        let intent = &record.intent;
        let description = &intent.description;
        let here = format!("/v1/copies/{}", code.compact());
        let versions = versions::of(record, today.extensions, &here);
        let newest = today.extensions.last();
        let newest = newest.map_or(&record.document, |newest| &newest.record.document);
        let host = organ.map_or("", |organ| organ.verification_address.as_str());
        Self {
            verification_code: code.grouped(),
            status: today.status.into(),
            withdrawal: today.withdrawal.map(Into::into),
            visibility: today.access.visibility().word(),
            access_factor_label: today.access.label().map(str::to_owned),
            organ: intent.organ.to_string(),
            environment: intent.environment.word(),
            kind: description.kind.word(),
            elaboration_state: description.kind.elaboration_state(),
            title: description.title.clone(),
            document_type: description.document_type.into(),
            origin: match description.origin {
                crate::model::Origin::Citizen => "citizen",
                crate::model::Origin::Administration => "administration",
            },
            captured_at: description.captured_at,
            source_id: description.source_id.clone(),
            source_id_generated: description.source_id_generated,
            requested_by: description.requested_by.clone(),
            external_ref: description.external_ref.as_ref().map(Into::into),
            language: description.language.tag(),
            placement: description.placement.word(),
            issued_at: intent.issued_at,
            available_until: intent.available_until,
            document: FileView {
                digest: newest.digest,
                size: newest.size,
            },
            versions,
            source: SourceView {
                digest: intent.source.digest,
                size: intent.source.size,
                prefix: intent.prefix,
                facts: (&intent.source.facts).into(),
            },
            source_signatures: intent.source_signatures.iter().map(Into::into).collect(),
            source_statement: Tally::of(&intent.source_signatures).map(Tally::statement),
            seal: SealView {
                name: intent.seal.common_name.clone(),
                fingerprint: intent.seal.fingerprint,
                algorithm: intent.seal.algorithm,
                level: intent.level.as_str(),
                level_asked: intent.level_asked.as_str(),
            },
            band: (&intent.band).into(),
            findings: intent.findings.iter().map(Into::into).collect(),
            software: intent.software.clone(),
            links: Links {
                document: format!("{here}/document"),
                source: format!("{here}/source"),
                this: here,
                verification: format!("{host}/{}", code.compact()),
            },
        }
    }
}

/// What making a copy would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Preflight)]
pub struct PreflightView {
    /// The copy would be made.
    pub sealable: bool,
    /// Everything found, refusals first.
    pub findings: Vec<FindingView>,
    /// What was found in the source; absent when it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<FactsView>,
    /// The signatures that it brings with it, judged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_signatures: Vec<SourceSignatureView>,
    /// What drawing the band would do; absent when it cannot be drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub band: Option<BandView>,
}

impl From<&Preflight> for PreflightView {
    fn from(preflight: &Preflight) -> Self {
        let obstacle = preflight.obstacle.as_ref().map(|obstacle| {
            let problem = Problem::from(obstacle);
            FindingView {
                rule: problem.entry().code.to_owned(),
                severity: SeverityView::Refusal,
                page: problem.page(),
                text: problem.detail(),
                // Its sentence says it.
                advice: None,
            }
        });
        let findings = preflight.findings.iter().map(Into::into);
        Self {
            sealable: preflight.sealable,
            findings: obstacle.into_iter().chain(findings).collect(),
            source: preflight.facts.as_ref().map(Into::into),
            source_signatures: preflight.source_signatures.iter().map(Into::into).collect(),
            band: preflight.band.as_ref().map(Into::into),
        }
    }
}
