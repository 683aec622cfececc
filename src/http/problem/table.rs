//! The one table from the errors of the rooms below to problems. No arm is a wildcard: a new error
//! does not compile until somebody decides what the caller is told.

use super::{Problem, ProblemCode, grouped};
use crate::archive::{ArchiveError, CopyStatus, Severity, Withheld};
use crate::http::wire::FindingView;
use crate::model::Environment;
use crate::model::code::CodeError;
use crate::pdf::PdfError;
use crate::pki::SealDefect;
use crate::seal::SealError;

impl From<&SealError> for Problem {
    fn from(error: &SealError) -> Self {
        use ProblemCode as P;
        let problem = match error {
            SealError::OrganRequired => Self::new(P::OrganRequired).with_pointer("/organ"),
            SealError::OrganUnknown(organ) => Self::new(P::OrganUnknown)
                .with_detail(format!("No organ {organ} is known here."))
                .with_pointer("/organ"),
            SealError::OrganNotAllowed(organ) => Self::new(P::OrganNotAllowed)
                .with_detail(format!("This application may not ask for {organ}."))
                .with_pointer("/organ"),
            SealError::OtherEnvironment { organ, environment } => {
                Self::environments(environment.other(), *environment)
                    .and(&format!("The organ is {organ}."))
                    .with_pointer("/organ")
            }
            SealError::EnvironmentOpen(organ) => Self::new(P::EnvironmentMismatch)
                .with_detail(format!(
                    "{organ} is served here in both environments and the credential says neither."
                ))
                .with_pointer("/organ"),
            SealError::SealNotForApplication(organ) => Self::new(P::SealNotForApplication)
                .with_detail(format!("The seal of {organ} is for other applications."))
                .with_pointer("/organ"),
            SealError::SealUnavailable(defect) => Self::new(P::from(defect)),
            SealError::FieldInvalid { pointer, allowed } => {
                let code = if *pointer == "/level" {
                    P::LevelUnavailable
                } else {
                    P::MetadataInvalid
                };
                Self::new(code)
                    .with_detail(format!("{pointer} can be: {allowed}."))
                    .with_pointer(*pointer)
            }
            SealError::FieldMissing(pointer) => Self::new(P::MetadataMissing)
                .with_detail(format!("{pointer} is missing."))
                .with_pointer(*pointer),
            SealError::NoFactorKey => Self::new(P::FactorUnavailable),
            SealError::Source(error) => Self::from(error),
            SealError::Refused(findings) => {
                let first = findings
                    .iter()
                    .find(|finding| finding.severity == Severity::Refusal);
                let code = first
                    .and_then(|finding| P::from_word(&finding.rule))
                    .unwrap_or(P::RefusedByPolicy);
                let problem = Self::new(code)
                    .with_page(first.and_then(|finding| finding.page))
                    .with_findings(findings.iter().map(FindingView::from).collect());
                match first {
                    Some(finding) => problem.with_detail(sentence(&finding.text)),
                    None => problem,
                }
            }
            SealError::IdempotencyMismatch => Self::new(P::IdempotencyMismatch),
            SealError::IdempotencyUnavailable => Self::new(P::IdempotencyUnavailable),
            SealError::CopyNotInForce(status) => {
                Self::new(P::CopyWithdrawn).with_detail(what_became(*status))
            }
            SealError::Contended => Self::new(P::Contended),
            SealError::TooManyGenerations => Self::new(P::TooManyGenerations),
            SealError::Archive(error) => Self::from(error),
            SealError::Signature(_) | SealError::Cms(_) => Self::new(P::Internal),
            SealError::SelfCheck(_) => Self::new(P::SelfCheckFailed),
        };
        problem.caused_by(error)
    }
}

impl Problem {
    /// A credential of one environment that meets the other.
    pub(crate) fn environments(credential: Environment, here: Environment) -> Self {
        let name = |environment| match environment {
            Environment::Pre => "the test environment (pre)",
            Environment::Pro => "the real environment (pro)",
        };
        Self::new(ProblemCode::EnvironmentMismatch).with_detail(format!(
            "The credential is for {} and what it asks for is of {}.",
            name(credential),
            name(here)
        ))
    }
}

impl From<&PdfError> for Problem {
    fn from(error: &PdfError) -> Self {
        use ProblemCode as P;
        let problem = match error {
            PdfError::NotPdf => Self::new(P::NotPdf),
            PdfError::JunkBeforeHeader(length) => Self::new(P::JunkBeforeHeader)
                .with_detail(format!("{length} byte(s) stand before %PDF-.")),
            PdfError::UserPassword => Self::new(P::Encrypted),
            PdfError::UnsupportedEncryption(what) => Self::new(P::EncryptionUnsupported)
                .with_detail(format!("What is not supported: {what}.")),
            PdfError::Damaged(what) => {
                Self::new(P::Malformed).with_detail(format!("What is damaged: {what}."))
            }
            PdfError::NoPages => Self::new(P::Malformed).with_detail("The document has no pages."),
            PdfError::LimitPassed { limit, allowed } => {
                let code = match *limit {
                    "pages" => P::TooManyPages,
                    "objects" => P::TooManyObjects,
                    "nesting" => P::TooDeep,
                    "stream_bytes" | "inflated_bytes" => P::TooMuchInflated,
                    "revisions" => P::TooManyRevisions,
                    _ => P::TooLarge,
                };
                let limit = limit.replace('_', " ");
                let allowed = grouped(*allowed);
                Self::new(code).with_detail(format!("The limit on {limit} is {allowed}."))
            }
            PdfError::OutOfTime => Self::new(P::OutOfTime),
            PdfError::PageNoRoom { page } => Self::new(P::PageNoRoom)
                .with_detail(format!("There is no room on page {page}."))
                .with_page(Some(*page)),
            PdfError::AnnotationOutsidePage { page } => Self::new(P::AnnotationOutsidePage)
                .with_detail(format!("It is on page {page}."))
                .with_page(Some(*page)),
            PdfError::SignatureTooLong { .. } | PdfError::NoGlyph(_) => Self::new(P::Internal),
        };
        problem.caused_by(error)
    }
}

impl From<&ArchiveError> for Problem {
    fn from(error: &ArchiveError) -> Self {
        use ProblemCode as P;
        let code = match error {
            ArchiveError::NoArchive => P::NoArchive,
            ArchiveError::Unavailable(_) | ArchiveError::Contended => P::ArchiveUnavailable,
            ArchiveError::Corrupt(_) => P::ArchiveDamaged,
            ArchiveError::NotCreateOnly
            | ArchiveError::OtherDocument
            | ArchiveError::OutOfRange
            | ArchiveError::Encoding(_)
            | ArchiveError::Folder(_) => P::Internal,
        };
        Self::new(code).caused_by(error)
    }
}

impl From<&Withheld> for Problem {
    fn from(withheld: &Withheld) -> Self {
        match withheld {
            Withheld::NotInForce(status) => Self::from(*status),
            Withheld::NotPublic => Self::new(ProblemCode::ContentNotPublic),
            Withheld::FactorNeeded => Self::new(ProblemCode::FactorNeeded),
        }
    }
}

impl From<CopyStatus> for Problem {
    /// The problem of a copy whose content is not given because of its status.
    fn from(status: CopyStatus) -> Self {
        Self::new(ProblemCode::CopyGone).with_detail(what_became(status))
    }
}

const fn what_became(status: CopyStatus) -> &'static str {
    match status {
        CopyStatus::InForce => "The copy changed at this moment.",
        CopyStatus::Withdrawn => "The copy was withdrawn.",
        CopyStatus::Expired => "The availability of the copy has ended.",
        CopyStatus::Erased => "The copy was erased.",
    }
}

impl From<&CodeError> for Problem {
    fn from(error: &CodeError) -> Self {
        // What was typed is nearly a code, so it is told nowhere: the error says where, never what.
        Self::new(ProblemCode::CodeMistyped)
            .with_detail(sentence(&error.to_string()))
            .with_pointer("/code")
    }
}

impl From<&SealDefect> for ProblemCode {
    /// The problem of a request whose organ has no usable seal: `seal-` and the word of the defect.
    fn from(defect: &SealDefect) -> Self {
        match defect {
            SealDefect::Ceded => Self::SealCeded,
            SealDefect::Centralised => Self::SealCentralised,
            SealDefect::FileMissing { .. } => Self::SealFileMissing,
            SealDefect::ExampleMaterial => Self::SealExampleMaterial,
            SealDefect::NotAContainer { .. } => Self::SealNotAContainer,
            SealDefect::WrongPassphrase => Self::SealWrongPassphrase,
            SealDefect::NoPassphrase => Self::SealNoPassphrase,
            SealDefect::LegacyContainer => Self::SealLegacyContainer,
            SealDefect::NoPrivateKey => Self::SealNoPrivateKey,
            SealDefect::NoCertificate => Self::SealNoCertificate,
            SealDefect::KeyMismatch => Self::SealKeyMismatch,
            SealDefect::UnreadableCertificate { .. } => Self::SealUnreadableCertificate,
            SealDefect::CertificationAuthority => Self::SealCertificationAuthority,
            SealDefect::Expired { .. } => Self::SealExpired,
            SealDefect::NotYetValid { .. } => Self::SealNotYetValid,
            SealDefect::ApplicationCertificate => Self::SealApplicationCertificate,
            SealDefect::NotASealProfile { .. } => Self::SealNotASealProfile,
            SealDefect::KeyUsage => Self::SealKeyUsage,
            SealDefect::OtherNif { .. } => Self::SealOtherNif,
            SealDefect::NoNif => Self::SealNoNif,
            SealDefect::KeyUnfit { .. } => Self::SealKeyUnfit,
            SealDefect::IncompleteChain { .. } => Self::SealIncompleteChain,
            SealDefect::UntrustedIssuer { .. } => Self::SealUntrustedIssuer,
            SealDefect::BrokenChain { .. } => Self::SealBrokenChain,
            SealDefect::DoesNotSign => Self::SealDoesNotSign,
            SealDefect::ContradictoryUse { .. } => Self::SealContradictoryUse,
        }
    }
}

/// A phrase as a sentence: capital first, full stop last.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let mut text: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests;
