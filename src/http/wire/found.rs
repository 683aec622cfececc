//! What was found in a document, and what drawing the band does to it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::archive::{Finding, Severity};
use crate::http::problem::ProblemCode;
use crate::pdf::SourceFacts;
use crate::pdf::band::BandReport;
use crate::pdf::facts::CrossReference;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeverityView {
    /// Good to know.
    Info,
    /// Somebody should look.
    Warning,
    /// The copy is refused.
    Refusal,
}

/// Something found in a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Finding)]
pub struct FindingView {
    /// Stable word for programs.
    #[schema(example = "pdf-active-content")]
    pub rule: String,
    /// How much it matters.
    pub severity: SeverityView,
    /// Page it is about, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// What was found.
    pub text: String,
    /// What to do about it, when the copy is refused for it: a sentence or two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<&'static str>,
}

impl From<&Finding> for FindingView {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule.clone(),
            severity: match finding.severity {
                Severity::Info => SeverityView::Info,
                Severity::Warning => SeverityView::Warning,
                Severity::Refusal => SeverityView::Refusal,
            },
            page: finding.page,
            text: finding.text.clone(),
            advice: advice_about(finding),
        }
    }
}

/// What to do about something for which a copy is refused.
pub fn advice_about(finding: &Finding) -> Option<&'static str> {
    let code = ProblemCode::from_word(&finding.rule)?;
    (finding.severity == Severity::Refusal).then_some(code.entry().advice)
}

/// What was found in a document: facts only.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SourceFacts)]
pub struct FactsView {
    /// PDF version.
    #[schema(example = "1.7")]
    pub version: String,
    /// Pages.
    pub pages: u32,
    /// Indirect objects in use.
    pub objects: u32,
    /// Form of the newest cross-reference section: `table`, `stream` or `hybrid`.
    pub cross_reference: &'static str,
    /// Linearized ("fast web view").
    pub linearized: bool,
    /// What was wrong with the cross-reference data, when it was read all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repaired: Option<String>,
    /// Cipher, when it is encrypted with an empty user password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<String>,
    /// Tagged for accessibility.
    pub tagged: bool,
    /// PDF/A part and level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2b")]
    pub pdfa: Option<String>,
    /// Fields of the form.
    pub form_fields: u32,
    /// Attached files.
    pub attachments: u32,
    /// Signatures.
    pub signatures: u32,
    /// Revisions before the newest.
    pub earlier_revisions: u32,
    /// Objects that the newest revision does not reach.
    pub unreachable_objects: u32,
    /// Layers.
    pub layers: u32,
}

impl From<&SourceFacts> for FactsView {
    fn from(facts: &SourceFacts) -> Self {
        Self {
            version: facts.version.clone(),
            pages: facts.pages,
            objects: facts.objects,
            cross_reference: match facts.cross_reference {
                CrossReference::Table => "table",
                CrossReference::Stream => "stream",
                CrossReference::Hybrid => "hybrid",
            },
            linearized: facts.linearized,
            repaired: facts.repaired.clone(),
            encryption: facts.encryption.as_ref().map(|it| it.cipher.clone()),
            tagged: facts.tagged,
            pdfa: facts.pdfa.clone(),
            form_fields: facts.form_fields,
            attachments: facts.attachments,
            signatures: facts.signatures,
            earlier_revisions: facts.earlier_revisions,
            unreachable_objects: facts.unreachable_objects,
            layers: facts.layers,
        }
    }
}

/// What drawing the band does.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Band)]
pub struct BandView {
    /// Pages of the copy.
    pub pages: u32,
    /// The smallest scale at which an original page comes out when the copy is printed "fit to page" on
    /// the paper of the original, in per cent.
    #[schema(example = 92.6)]
    pub printed_scale_percent: f64,
    /// Pages with the one-line form of the band.
    pub compact_pages: Vec<u32>,
    /// Pages whose contents had to be enclosed.
    pub isolated_pages: Vec<u32>,
    /// Pages on which annotations were flattened.
    pub flattened_pages: Vec<u32>,
}

impl From<&BandReport> for BandView {
    fn from(band: &BandReport) -> Self {
        Self {
            pages: band.pages,
            printed_scale_percent: f64::from(band.printed_scale_per_mille) / 10.0,
            compact_pages: band.compact_pages.clone(),
            isolated_pages: band.isolated_pages.clone(),
            flattened_pages: band.flattened_pages.clone(),
        }
    }
}
