//! What timestamps prove, and when they do not.

use super::making::*;
use crate::model::SignatureLevel;
use crate::pki::path::PathEnd;
use crate::pki::revocation::RevocationStatus;
use crate::validate::evidence::{Comparison, DocumentReading, Evidence, TokenEvidence};
use crate::validate::report::{Indication, Report, SubIndication, TimeProof};
use crate::validate::{Options, judge};

/// Signed and stamped as of a day on which the signer's certificate has expired.
fn stamped(tokens: Vec<TokenEvidence>) -> Evidence {
    let mut signature = signature("Signature1", 1000, 0);
    signature.timestamps = tokens;
    evidence("2023-01-01", &[1000], vec![signature])
}

fn report(evidence: &Evidence) -> Report {
    judge(evidence, &Options::default())
}

#[test]
fn a_timestamp_gives_the_best_signature_time_and_a_claim_never_does() {
    let report = report(&stamped(vec![token("2020-06-02", "2030-01-01")]));
    let judged = &report.signatures[0];
    assert_eq!(judged.best_signature_time, Some(day("2020-06-02")));
    assert_eq!(judged.time_proof, Some(TimeProof::Timestamp));
    assert_eq!(judged.indication, Indication::TotalPassed);

    let mut claimed = stamped(Vec::new());
    claimed.signatures[0].facts.claims.time = Some(day("2020-06-02"));
    let report = self::report(&claimed);
    let judged = &report.signatures[0];
    assert_eq!(judged.best_signature_time, Some(day("2023-01-01")));
    assert_eq!((judged.time, judged.time_proof), (None, None));
    assert_eq!(judged.claims.time, Some(day("2020-06-02")));
    assert_eq!(judged.indication, Indication::Indeterminate);
}

#[test]
fn a_timestamp_that_does_not_hold_proves_nothing() {
    type Spoil = fn(&mut TokenEvidence);
    let cases: [(Spoil, Indication); 9] = [
        (|t| t.imprint = Comparison::Differs, Indication::TotalFailed),
        (|t| t.imprint = Comparison::Unknown, Indication::TotalFailed),
        (|t| t.token = Err("x".to_owned()), Indication::TotalFailed),
        (
            |t| t.token.as_mut().unwrap().content_matches = false,
            Indication::TotalFailed,
        ),
        (
            |t| t.token.as_mut().unwrap().cms.signature_verifies = false,
            Indication::TotalFailed,
        ),
        (
            |t| t.token.as_mut().unwrap().version = 2,
            Indication::TotalFailed,
        ),
        (
            |t| t.paths[0].end = PathEnd::Untrusted { root: "x".into() },
            Indication::Indeterminate,
        ),
        (
            |t| t.paths[0].links[0].facts.extended_key_usage = None,
            Indication::Indeterminate,
        ),
        (
            |t| t.token.as_mut().unwrap().time = day("2023-02-01"),
            Indication::Indeterminate,
        ),
    ];
    for (index, (spoil, expected)) in cases.into_iter().enumerate() {
        let mut token = token("2020-06-02", "2030-01-01");
        spoil(&mut token);
        let report = report(&stamped(vec![token]));
        let judged = &report.signatures[0];
        assert_eq!(judged.timestamps[0].indication, expected, "case {index}");
        assert_eq!(judged.time_proof, None, "case {index}");
        assert_ne!(judged.indication, Indication::TotalPassed, "case {index}");
    }
}

#[test]
fn a_broken_timestamp_leaves_a_signature_open_that_would_pass_without_it() {
    let mut broken = token("2020-06-02", "2030-01-01");
    broken.imprint = Comparison::Differs;
    let mut evidence = stamped(vec![broken]);
    evidence.collected_at = day("2020-06-03");
    let report = report(&evidence);
    assert_eq!(report.indication, Some(Indication::Indeterminate));
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::SigConstraintsFailure)
    );
}

/// A signature, its timestamp by an authority that expired in 2021, and a document timestamp over both.
fn archived(document_time: &str) -> Evidence {
    let mut signature = signature("Signature1", 1000, 0);
    signature.timestamps = vec![token("2020-06-02", "2021-01-01")];
    let mut evidence = evidence("2023-01-01", &[1000, 2000], vec![signature]);
    let over = document_timestamp(2000, 1, token(document_time, "2030-01-01"));
    evidence.timestamps = vec![over];
    evidence
}

#[test]
fn a_document_timestamp_keeps_an_older_timestamp_alive_after_its_authority_expired() {
    let kept = report(&archived("2020-12-01"));
    assert_eq!(
        kept.signatures[0].best_signature_time,
        Some(day("2020-06-02"))
    );
    assert_eq!(kept.indication, Some(Indication::TotalPassed));
    // Too late: the authority had expired, and its timestamp cannot be relied upon any more.
    let late = report(&archived("2021-06-01"));
    assert_eq!(
        late.signatures[0].best_signature_time,
        Some(day("2021-06-01"))
    );
    // Without it nothing is left.
    let mut without = archived("2020-12-01");
    without.timestamps.clear();
    let without = report(&without);
    assert_eq!(without.signatures[0].time_proof, None);
    assert_eq!(
        without.sub_indication,
        Some(SubIndication::OutOfBoundsNoPoe)
    );
}

#[test]
fn timestamps_that_contradict_their_order_leave_it_open() {
    let mut evidence = archived("2020-03-01");
    evidence.signatures[0].timestamps = vec![token("2020-06-02", "2030-01-01")];
    let report = report(&evidence);
    assert_eq!(
        report.sub_indication,
        Some(SubIndication::TimestampOrderFailure)
    );
}

#[test]
fn a_document_timestamp_that_is_broken_leaves_the_document_open() {
    let mut evidence = archived("2020-12-01");
    evidence.signatures[0].timestamps = vec![token("2020-06-02", "2030-01-01")];
    evidence.timestamps[0].token.imprint = Comparison::Differs;
    let report = report(&evidence);
    assert_eq!(report.signatures[0].indication, Indication::TotalPassed);
    assert_eq!(report.indication, Some(Indication::Indeterminate));
    assert_eq!(report.timestamps[0].indication, Indication::TotalFailed);
}

#[test]
fn the_level_is_what_is_there_and_fits_together() {
    let level = |evidence: &Evidence| report(evidence).signatures[0].level;
    let plain = stamped(Vec::new());
    assert_eq!(level(&plain), Some(SignatureLevel::BB));
    assert_eq!(
        level(&stamped(vec![token("2020-06-02", "2030-01-01")])),
        Some(SignatureLevel::BT)
    );

    let mut long_term = archived("2020-12-01");
    for link in long_term.signatures[0].paths[0].links.iter_mut().take(2) {
        link.revocation = vec![answer("2020-06-03", RevocationStatus::Good)];
    }
    assert_eq!(level(&long_term), Some(SignatureLevel::BT));
    let since = |evidence: &mut Evidence, revision| {
        if let DocumentReading::Survey { survey } = &mut evidence.document {
            survey.validation_data.since_revision = Some(revision);
        }
    };
    since(&mut long_term, 1);
    assert_eq!(level(&long_term), Some(SignatureLevel::BLta));
    // A document timestamp older than the data does not keep them.
    since(&mut long_term, 2);
    assert_eq!(level(&long_term), Some(SignatureLevel::BLt));

    // What PAdES forbids is no level at all, and neither is what is broken.
    let mut forbidden = stamped(Vec::new());
    forbidden.signatures[0].cms.as_mut().unwrap().signing_time = true;
    assert_eq!(level(&forbidden), None);
    let mut broken = stamped(Vec::new());
    broken.signatures[0].digest = Comparison::Differs;
    assert_eq!(level(&broken), None);
}
