//! Which message says what: every word of a report has one, or it does not compile.

use crate::archive::CopyStatus;
use crate::validate::report::{
    ChangeClass, CopyPartKind, Indication, Report, Role, SignatureLevel, SubIndication,
    TimestampKind, Verdict, Weight,
};

/// How the names of a verdict's title begin, the same as on the page where files are checked.
pub(super) const fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Identical => "identical-title",
        Verdict::Extended => "extended-title",
        Verdict::Altered => "altered-title",
        Verdict::SealedNotRegistered => "sealed-title",
        Verdict::NotOurs => "not-ours-title",
        Verdict::Undetermined => "undetermined-title",
    }
}

/// What the verdict means.
pub(super) const fn lead(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Identical => "identical-lead",
        Verdict::Extended => "said-extended",
        Verdict::Altered => "said-altered",
        Verdict::SealedNotRegistered => "said-sealed",
        Verdict::NotOurs => "said-not-ours",
        Verdict::Undetermined => "said-undetermined",
    }
}

/// What to do next.
pub(super) fn next(report: &Report) -> &'static str {
    match (report.verdict, report.status) {
        (Verdict::Altered, _) => "next-official",
        (Verdict::SealedNotRegistered, _) => "next-operator",
        (Verdict::Undetermined, _) => "next-later",
        (Verdict::NotOurs, _) if report.indication.is_none() => "next-unsigned",
        (Verdict::NotOurs, _) => "next-foreign",
        (Verdict::Identical | Verdict::Extended, status) => match status {
            Some(CopyStatus::InForce) => "next-accept",
            Some(CopyStatus::Withdrawn) => "next-withdrawn",
            Some(CopyStatus::Expired | CopyStatus::Erased) | None => "next-issuer",
        },
    }
}

/// A part of a version.
pub(super) const fn part(kind: CopyPartKind) -> &'static str {
    match kind {
        CopyPartKind::Copy => "part-copy",
        CopyPartKind::ValidationData => "part-data",
        CopyPartKind::Timestamp => "part-timestamp",
    }
}

/// Whether a copy is answered for.
pub(super) const fn status(status: CopyStatus) -> &'static str {
    match status {
        CopyStatus::InForce => "status-in-force",
        CopyStatus::Withdrawn => "status-withdrawn",
        CopyStatus::Expired => "status-expired",
        CopyStatus::Erased => "status-erased",
    }
}

/// A signature's indication in one or two words.
pub(super) const fn tag(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "tag-passed",
        Indication::Indeterminate => "tag-indeterminate",
        Indication::TotalFailed => "tag-failed",
    }
}

/// The document's indication as a title; it counts signatures.
pub(super) const fn sound(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "sound-passed",
        Indication::Indeterminate => "sound-indeterminate",
        Indication::TotalFailed => "sound-failed",
    }
}

/// What that means.
pub(super) const fn sound_means(indication: Option<Indication>) -> &'static str {
    match indication {
        Some(Indication::TotalPassed) => "sound-passed-means",
        Some(Indication::Indeterminate) => "sound-indeterminate-means",
        Some(Indication::TotalFailed) => "sound-failed-means",
        None => "sound-none-means",
    }
}

/// Why a signature did not pass.
pub(super) const fn why(sub_indication: SubIndication) -> &'static str {
    match sub_indication {
        SubIndication::FormatFailure => "why-format-failure",
        SubIndication::HashFailure => "why-hash-failure",
        SubIndication::SigCryptoFailure => "why-sig-crypto-failure",
        SubIndication::Revoked => "why-revoked",
        SubIndication::Expired => "why-expired",
        SubIndication::NotYetValid => "why-not-yet-valid",
        SubIndication::SigConstraintsFailure => "why-sig-constraints-failure",
        SubIndication::ChainConstraintsFailure => "why-chain-constraints-failure",
        SubIndication::CertificateChainGeneralFailure => "why-certificate-chain-general-failure",
        SubIndication::CryptoConstraintsFailure => "why-crypto-constraints-failure",
        SubIndication::CryptoConstraintsFailureNoPoe => "why-crypto-constraints-failure-no-poe",
        SubIndication::TimestampOrderFailure => "why-timestamp-order-failure",
        SubIndication::NoSigningCertificateFound => "why-no-signing-certificate-found",
        SubIndication::NoCertificateChainFound => "why-no-certificate-chain-found",
        SubIndication::NoCertificateChainFoundNoPoe => "why-no-certificate-chain-found-no-poe",
        SubIndication::RevokedNoPoe => "why-revoked-no-poe",
        SubIndication::RevokedCaNoPoe => "why-revoked-ca-no-poe",
        SubIndication::OutOfBoundsNoPoe => "why-out-of-bounds-no-poe",
        SubIndication::OutOfBoundsNotRevoked => "why-out-of-bounds-not-revoked",
        SubIndication::RevocationOutOfBoundsNoPoe => "why-revocation-out-of-bounds-no-poe",
        SubIndication::NoPoe => "why-no-poe",
        SubIndication::TryLater => "why-try-later",
        SubIndication::SignedDataNotFound => "why-signed-data-not-found",
        SubIndication::Generic => "why-generic",
    }
}

/// What a signature stands for.
pub(super) const fn role(role: Role) -> &'static str {
    match role {
        Role::CopySeal => "role-copy-seal",
        Role::Signature => "role-signature",
        Role::SourceSignature => "role-source-signature",
    }
}

/// What a signature level gives.
pub(super) const fn level(level: SignatureLevel) -> &'static str {
    match level {
        SignatureLevel::BB => "level-b-b",
        SignatureLevel::BT => "level-b-t",
        SignatureLevel::BLt => "level-b-lt",
        SignatureLevel::BLta => "level-b-lta",
    }
}

/// What a later revision changed.
pub(super) const fn change(class: ChangeClass) -> &'static str {
    match class {
        ChangeClass::ValidationData => "change-validation-data",
        ChangeClass::FormFill => "change-form-fill",
        ChangeClass::LockedField => "change-locked-field",
        ChangeClass::Annotations => "change-annotations",
        ChangeClass::PageContent => "change-page-content",
        ChangeClass::Structure => "change-structure",
    }
}

/// A document timestamp, judged.
pub(super) const fn stamp(indication: Indication) -> &'static str {
    match indication {
        Indication::TotalPassed => "stamp-passed",
        Indication::Indeterminate => "stamp-indeterminate",
        Indication::TotalFailed => "stamp-failed",
    }
}

/// What a timestamp stamps.
pub(super) const fn stamped(kind: TimestampKind) -> &'static str {
    match kind {
        TimestampKind::Signature => "signature-timestamp",
        TimestampKind::Document => "document-timestamp",
    }
}

/// How much a finding counts.
pub(super) const fn severity(weight: Weight) -> &'static str {
    match weight {
        Weight::Passed => "severity-passed",
        Weight::Info => "severity-info",
        Weight::Warning => "severity-warning",
        Weight::Failed => "severity-failed",
    }
}
