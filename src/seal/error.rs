//! Why a copy was not made.

use super::NoTimestamp;
use crate::archive::{ArchiveError, CopyStatus, Finding};
use crate::cades::CmsError;
use crate::model::{Dir3, Environment, SignatureLevel};
use crate::pdf::PdfError;
use crate::pki::SealDefect;
use crate::pki::revocation::NotCurrent;

/// A reason for which a copy is not made. The door maps each to a problem once.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The request names no organ and the application serves several.
    #[error("no organ named")]
    OrganRequired,
    /// No organ with this code is known here.
    #[error("unknown organ {0}")]
    OrganUnknown(Dir3),
    /// The application may not ask for this organ.
    #[error("organ {0} not allowed")]
    OrganNotAllowed(Dir3),
    /// The organ is served in the other environment than the one that the credential is for.
    #[error("organ {organ} is of the environment {}", environment.word())]
    OtherEnvironment {
        /// The organ.
        organ: Dir3,
        /// Its environment.
        environment: Environment,
    },
    /// The organ is served in both environments and the credential says neither.
    #[error("organ {0} is served in both environments")]
    EnvironmentOpen(Dir3),
    /// The organ's seal is for other applications.
    #[error("the seal of {0} is for other applications")]
    SealNotForApplication(Dir3),
    /// The organ's seal is not loaded.
    #[error("seal not available")]
    SealUnavailable(#[source] SealDefect),
    /// A field has a value that cannot be; JSON pointer and what is allowed.
    #[error("invalid field {pointer}")]
    FieldInvalid {
        /// JSON pointer, such as `/level`.
        pointer: &'static str,
        /// What would be accepted.
        allowed: &'static str,
    },
    /// The lowest level that is accepted is one that this service never reaches.
    #[error("level {asked} asked, {highest} is the highest here")]
    LevelUnavailable {
        /// The lowest level accepted.
        asked: SignatureLevel,
        /// The highest that this service can reach.
        highest: SignatureLevel,
        /// The organ's own level is out of reach, whatever the request asks for.
        by_organ: bool,
    },
    /// No timestamp was to be had, and no lower level is accepted.
    #[error("no timestamp")]
    NoTimestamp(#[source] NoTimestamp),
    /// A certificate cannot be shown to be good now, and nothing less is accepted.
    #[error("no revocation data")]
    NoRevocationData(#[source] NotCurrent),
    /// The seal is revoked.
    #[error("seal revoked")]
    SealRevoked(#[source] NotCurrent),
    /// The organ wants this field and the request leaves it out.
    #[error("missing field {0}")]
    FieldMissing(&'static str),
    /// The service has no key under which a second factor could be stored.
    #[error("no key for second factors")]
    NoFactorKey,
    /// The source cannot be read or extended.
    #[error("source not sealable")]
    Source(#[from] PdfError),
    /// The organ's policy refuses the source; the first refusal names the problem.
    #[error("refused by policy")]
    Refused(Vec<Finding>),
    /// The same `Idempotency-Key` came with another request.
    #[error("idempotency key used for another request")]
    IdempotencyMismatch,
    /// `Idempotency-Key` without an archive.
    #[error("idempotency needs an archive")]
    IdempotencyUnavailable,
    /// The copy that this `Idempotency-Key` names is withdrawn, expired or erased.
    #[error("copy no longer in force")]
    CopyNotInForce(CopyStatus),
    /// Identical requests kept getting in each other's way; the next try will find their copy.
    #[error("contended by identical requests")]
    Contended,
    /// Every generation of this request is used up.
    #[error("too many generations of one request")]
    TooManyGenerations,
    /// The archive did not answer, or what it holds is damaged.
    #[error("archive")]
    Archive(#[from] ArchiveError),
    /// The signature could not be made.
    #[error("signature not made")]
    Signature(#[source] SealDefect),
    /// The signature's structure could not be made.
    #[error("signature structure not made")]
    Cms(#[from] CmsError),
    /// The copy did not pass its own validation and was thrown away; the rule it broke.
    #[error("self-check failed: {0}")]
    SelfCheck(&'static str),
}
