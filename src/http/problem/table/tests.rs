//! What the caller is told, and above all what not.

use std::io;

use jiff::Timestamp;

use super::*;
use crate::archive::{Defect, Finding};
use crate::cades::CmsError;
use crate::http::problem::{Retry, Who};
use crate::model::{Code, SealAlgorithm, SignatureLevel};
use crate::pki::revocation::NotCurrent;

/// Stands for whatever an error deep inside may carry: a path, a code, a piece of a document.
const POISON: &str = "/srv/secret/K7Q2-9FHM";

fn poisoned() -> String {
    POISON.to_owned()
}

fn all_defects() -> Vec<SealDefect> {
    let now = Timestamp::UNIX_EPOCH;
    [
        SealDefect::Ceded,
        SealDefect::Centralised,
        SealDefect::FileMissing { what: poisoned() },
        SealDefect::ExampleMaterial,
        SealDefect::NotAContainer {
            expected: POISON,
            found: Some(POISON),
        },
        SealDefect::WrongPassphrase,
        SealDefect::NoPassphrase,
        SealDefect::LegacyContainer,
        SealDefect::NoPrivateKey,
        SealDefect::NoCertificate,
        SealDefect::KeyMismatch,
        SealDefect::UnreadableCertificate { what: poisoned() },
        SealDefect::CertificationAuthority,
        SealDefect::Expired { since: now },
        SealDefect::NotYetValid { from: now },
        SealDefect::ApplicationCertificate,
        SealDefect::NotASealProfile { missing: POISON },
        SealDefect::KeyUsage,
        SealDefect::OtherNif {
            expected: "P9900100J".parse().unwrap(),
            found: poisoned(),
        },
        SealDefect::NoNif,
        SealDefect::KeyUnfit {
            key: poisoned(),
            algorithm: SealAlgorithm::RsaPkcs1Sha256,
        },
        SealDefect::IncompleteChain { issuer: poisoned() },
        SealDefect::UntrustedIssuer { root: poisoned() },
        SealDefect::BrokenChain {
            certificate: poisoned(),
            reason: poisoned(),
        },
        SealDefect::DoesNotSign,
        SealDefect::ContradictoryUse { cause: poisoned() },
    ]
    .into_iter()
    .chain(all_troubles().into_iter().map(SealDefect::Token))
    .collect()
}

fn all_troubles() -> Vec<TokenTrouble> {
    use TokenTrouble as T;
    vec![
        T::ModuleUnusable { what: poisoned() },
        T::Absent,
        T::Ambiguous,
        T::NoPin,
        T::PinWrong,
        T::PinLastTry,
        T::PinLocked,
        T::PinExpired,
        T::KeyNotFound,
        T::KeyAmbiguous,
        T::CannotSign,
        T::Lost,
        T::Busy,
        T::Refused { answer: poisoned() },
    ]
}

#[test]
fn trouble_with_a_token_while_signing_is_named_and_may_succeed_later() {
    for trouble in all_troubles() {
        let expected = format!("seal-{}", trouble.code());
        let error = SealError::Signature(SealDefect::Token(trouble));
        let document = Problem::from(&error).document("r");
        assert_eq!((document.code, document.status), (&*expected, 503));
        assert_eq!(document.retry, Retry::Later);
    }
}

fn io_error() -> io::Error {
    io::Error::other(POISON)
}

fn store_error() -> object_store::Error {
    object_store::Error::Generic {
        store: POISON,
        source: Box::new(io_error()),
    }
}

/// Every error that is the service's own fault or misfortune.
fn internal_errors() -> Vec<SealError> {
    let json = serde_json::from_str::<u8>("\"poison\"").unwrap_err();
    let archive = [
        ArchiveError::Unavailable(store_error()),
        ArchiveError::Contended,
        ArchiveError::NotCreateOnly,
        ArchiveError::Corrupt(Defect::DocumentDiffers),
        ArchiveError::OtherDocument,
        ArchiveError::OutOfRange,
        ArchiveError::Encoding(json),
        ArchiveError::Folder(io_error()),
    ];
    let mut errors = vec![
        SealError::Cms(CmsError::Unreadable(POISON)),
        SealError::LevelUnavailable {
            asked: SignatureLevel::BLta,
            highest: SignatureLevel::BB,
            by_organ: true,
        },
        SealError::NoTimestamp(NoTimestamp::Outage {
            cause: poisoned(),
            retry_after: None,
        }),
        SealError::NoTimestamp(NoTimestamp::TooLong {
            len: 123_456_789,
            room: 1,
        }),
        SealError::NoRevocationData(NotCurrent::Stale {
            subject: poisoned(),
            as_of: Timestamp::UNIX_EPOCH,
        }),
        SealError::SealRevoked(NotCurrent::Revoked {
            subject: poisoned(),
            at: Timestamp::UNIX_EPOCH,
            reason: Some(poisoned()),
        }),
        SealError::SelfCheck(POISON),
        SealError::Source(PdfError::SignatureTooLong {
            needed: 123_456_789,
            reserved: 1,
        }),
        SealError::Source(PdfError::NoGlyph(0x1_F4A9)),
    ];
    errors.extend(archive.map(SealError::Archive));
    errors.extend(all_defects().into_iter().map(SealError::Signature));
    errors.extend(
        all_defects()
            .into_iter()
            .filter(|defect| !matches!(defect, SealDefect::Ceded | SealDefect::Centralised))
            .map(SealError::SealUnavailable),
    );
    errors
}

#[test]
fn from_500_on_the_caller_hears_the_catalogues_sentence_and_nothing_else() {
    for error in internal_errors() {
        let problem = Problem::from(&error);
        let entry = problem.entry();
        assert!(entry.status >= 500, "{error}: {}", entry.code);
        let document = problem.document("r");
        assert_eq!(document.detail, entry.advice, "{error}");
        let json = serde_json::to_string(&document).unwrap();
        for inside in [POISON, "123456789", "1F4A9", "poison", "seal_key", "lopdf"] {
            assert!(!json.contains(inside), "{error}: {json}");
        }
    }
}

#[test]
fn no_addition_to_a_problem_of_the_service_gets_out() {
    for code in ProblemCode::ALL
        .iter()
        .filter(|code| code.entry().status >= 500)
    {
        let problem = Problem::new(*code)
            .with_detail(POISON)
            .and(POISON)
            .with_pointer(POISON)
            .with_page(Some(7))
            .with_findings(vec![FindingView::from(&Finding {
                rule: poisoned(),
                severity: Severity::Refusal,
                page: None,
                text: poisoned(),
            })])
            .caused_by(&io_error());
        let document = problem.document("r");
        let json = serde_json::to_string(&document).unwrap();
        assert!(!json.contains(POISON), "{json}");
        assert_eq!(document.page, None);
        assert_eq!(problem.cause(), Some(POISON), "the log has it");
    }
}

#[test]
fn the_log_gets_the_whole_chain() {
    let error = SealError::Archive(ArchiveError::Unavailable(store_error()));
    let problem = Problem::from(&error);
    let cause = problem.cause().unwrap();
    assert!(
        cause.starts_with("archive: the archive cannot be reached now: "),
        "{cause}"
    );
    assert!(cause.ends_with(POISON), "{cause}");
}

#[test]
fn every_defect_of_a_seal_has_the_problem_of_its_name() {
    for defect in all_defects() {
        let code = ProblemCode::from(&defect);
        assert_eq!(code.entry().code, format!("seal-{}", defect.code()));
        assert!(
            [409, 503].contains(&code.entry().status),
            "{}",
            defect.code()
        );
    }
}

#[test]
fn a_policy_refusal_is_named_by_its_first_refusal_and_brings_all_findings() {
    let finding = |rule: &str, severity, page| Finding {
        rule: rule.to_owned(),
        severity,
        page,
        text: "the document acts by itself".to_owned(),
    };
    let error = SealError::Refused(vec![
        finding("encrypted", Severity::Info, None),
        finding("pdf-active-content", Severity::Refusal, Some(3)),
        finding("pdf-xfa", Severity::Refusal, None),
    ]);
    let document = Problem::from(&error).document("r");
    assert_eq!(document.code, "pdf-active-content");
    assert_eq!(document.status, 422);
    assert_eq!(document.page, Some(3));
    assert_eq!(document.findings.len(), 3);
    assert!(
        document.detail.starts_with("The document acts by itself. "),
        "{}",
        document.detail
    );
    let advice: Vec<_> = document
        .findings
        .iter()
        .map(|finding| finding.advice)
        .collect();
    let of = |code: ProblemCode| Some(code.entry().advice);
    assert_eq!(
        advice,
        [None, of(ProblemCode::ActiveContent), of(ProblemCode::Xfa)]
    );
    // What was found says no more than that.
    assert_eq!(document.detail.matches("Print the document").count(), 1);
}

#[test]
fn every_rule_with_which_a_policy_refuses_is_in_the_catalogue() {
    for rule in [
        "pdf-restricted",
        "pdf-xfa",
        "pdf-active-content",
        "source-signed",
        "source-signature-invalid",
        "pdf-earlier-revisions",
        "annotation-outside-page",
    ] {
        assert!(ProblemCode::from_word(rule).is_some(), "{rule}");
    }
}

#[test]
fn limits_are_named_with_their_value() {
    for (limit, code) in [
        ("pages", "too-many-pages"),
        ("objects", "too-many-objects"),
        ("nesting", "too-deep"),
        ("stream_bytes", "too-much-inflated"),
        ("inflated_bytes", "too-much-inflated"),
        ("revisions", "too-many-revisions"),
    ] {
        let error = PdfError::LimitPassed {
            limit,
            allowed: 10_000,
        };
        let document = Problem::from(&error).document("r");
        assert_eq!(document.code, code);
        assert!(document.detail.contains("10,000"), "{}", document.detail);
    }
}

#[test]
fn a_level_that_cannot_be_had_has_a_name_of_its_own() {
    let level = |by_organ| {
        let error = SealError::LevelUnavailable {
            asked: SignatureLevel::BLta,
            highest: SignatureLevel::BT,
            by_organ,
        };
        Problem::from(&error).document("r")
    };
    assert_eq!(level(false).code, "level-unavailable");
    assert_eq!(level(false).pointer.as_deref(), Some("/level"));
    assert!(level(false).detail.contains("is B-T."));
    assert_eq!(level(true).code, "level-not-configured");
    assert_eq!(level(true).who, Who::Operator);
}

#[test]
fn an_outage_that_says_how_long_it_lasts_is_told_on() {
    let error = SealError::NoTimestamp(NoTimestamp::Outage {
        cause: poisoned(),
        retry_after: Some(std::time::Duration::from_secs(15)),
    });
    let problem = Problem::from(&error);
    assert_eq!(problem.entry().code, "timestamp-unavailable");
    assert_eq!(problem.entry().retry, Retry::Later);
    assert_eq!(problem.special.fields, [("retry-after", "15".to_owned())]);
}

#[test]
fn a_mistyped_code_is_told_by_its_group_and_never_repeated() {
    let error = Code::read("K7Q2-9FHM-3XTD-W8RA-5CZN-J4PF").unwrap_err();
    let document = Problem::from(&error).document("r");
    assert_eq!(document.code, "code-mistyped");
    assert_eq!(document.retry, Retry::Never);
    let json = serde_json::to_string(&document).unwrap();
    for group in ["K7Q2", "9FHM", "3XTD", "W8RA", "5CZN"] {
        assert!(!json.contains(group), "{json}");
    }
}
