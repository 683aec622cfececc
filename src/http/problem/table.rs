//! The one table from the errors of the rooms below to problems. No arm is a wildcard: a new error
//! does not compile until somebody decides what the caller is told.

use super::{Problem, ProblemCode, grouped};
use crate::archive::{ArchiveError, CopyStatus, Severity, Withheld};
use crate::http::wire::FindingView;
use crate::model::Environment;
use crate::model::code::CodeError;
use crate::pdf::PdfError;
use crate::pki::revocation::NotCurrent;
use crate::pki::{SealDefect, TokenTrouble};
use crate::seal::preserve::PreserveError;
use crate::seal::{NoTimestamp, SealError};

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
            SealError::FieldInvalid { pointer, allowed } => Self::new(P::MetadataInvalid)
                .with_detail(format!("{pointer} can be: {allowed}."))
                .with_pointer(*pointer),
            SealError::LevelUnavailable { by_organ: true, .. } => Self::new(P::LevelNotConfigured),
            SealError::LevelUnavailable { highest, .. } => Self::new(P::LevelUnavailable)
                .with_detail(format!("The highest level of this service is {highest}."))
                .with_pointer("/level"),
            SealError::NoTimestamp(cause) => Self::from(cause),
            SealError::NoRevocationData(_) => Self::new(P::RevocationDataUnavailable),
            SealError::SealRevoked(_) => Self::new(P::SealRevoked),
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
            SealError::Signature(SealDefect::Token(trouble)) => Self::new(P::from(trouble)),
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

impl From<&PreserveError> for Problem {
    fn from(error: &PreserveError) -> Self {
        use ProblemCode as P;
        let problem = match error {
            PreserveError::NotThere => Self::new(P::NotFound),
            PreserveError::NotInForce(status) => Self::from(*status),
            PreserveError::Unsound => Self::new(P::CopyUnsound),
            PreserveError::TooLate(_) => Self::new(P::SealEndedUnproved),
            PreserveError::LevelUnavailable { highest, .. } => Self::new(P::LevelUnavailable)
                .with_detail(format!("The highest level of this service is {highest}."))
                .with_pointer("/level"),
            PreserveError::NoTimestamp(cause) => Self::from(cause),
            PreserveError::NotCurrent(NotCurrent::Revoked { .. }) => Self::new(P::SealRevoked),
            PreserveError::NotCurrent(_) => Self::new(P::RevocationDataUnavailable),
            // What is stored passed every limit when it was made: a limit is the operator's, now.
            PreserveError::Extension(_) => Self::new(P::SelfCheckFailed),
            PreserveError::Archive(error) => Self::from(error),
            PreserveError::SelfCheck(_) => Self::new(P::SelfCheckFailed),
        };
        problem.caused_by(error)
    }
}

impl From<&NoTimestamp> for Problem {
    fn from(cause: &NoTimestamp) -> Self {
        match cause {
            NoTimestamp::TooLong { .. } => Self::new(ProblemCode::TimestampTooLong),
            NoTimestamp::NotConfigured
            | NoTimestamp::TooManyWait
            | NoTimestamp::NotDer
            | NoTimestamp::OutsideValidity(_) => Self::new(ProblemCode::TimestampUnavailable),
            NoTimestamp::Outage { retry_after, .. } => {
                let problem = Self::new(ProblemCode::TimestampUnavailable);
                match retry_after {
                    Some(wait) => {
                        let seconds = wait.as_secs().max(1).to_string();
                        problem.with_field("retry-after", seconds)
                    }
                    None => problem,
                }
            }
        }
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
            | ArchiveError::NoAccess
            | ArchiveError::RemovalRefused(_)
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
            SealDefect::Token(trouble) => Self::from(trouble),
        }
    }
}

impl From<&TokenTrouble> for ProblemCode {
    /// The problem of a request whose organ's key is in a device: `seal-` and the word of the trouble.
    fn from(trouble: &TokenTrouble) -> Self {
        match trouble {
            TokenTrouble::ModuleUnusable { .. } => Self::SealModuleUnusable,
            TokenTrouble::Absent => Self::SealTokenAbsent,
            TokenTrouble::Ambiguous => Self::SealTokenAmbiguous,
            TokenTrouble::NoPin => Self::SealNoPin,
            TokenTrouble::PinWrong => Self::SealPinWrong,
            TokenTrouble::PinLastTry => Self::SealPinLastTry,
            TokenTrouble::PinLocked => Self::SealPinLocked,
            TokenTrouble::PinExpired => Self::SealPinExpired,
            TokenTrouble::KeyNotFound => Self::SealKeyNotFound,
            TokenTrouble::KeyAmbiguous => Self::SealKeyAmbiguous,
            TokenTrouble::CannotSign => Self::SealTokenCannotSign,
            TokenTrouble::Lost => Self::SealTokenLost,
            TokenTrouble::Busy => Self::SealTokenBusy,
            TokenTrouble::Refused { .. } => Self::SealTokenRefused,
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
