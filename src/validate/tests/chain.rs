//! X.509 validation, revocation and time: a row of the table is a test (EN 319 102-1, 5.2.6 and 5.5).

use super::making::*;
use crate::pki::path::PathEnd;
use crate::pki::revocation::RevocationStatus;
use crate::validate::evidence::{Evidence, TokenEvidence};
use crate::validate::policy;
use crate::validate::report::{Indication, SubIndication};
use crate::validate::{Options, judge};

type Outcome = (Option<Indication>, Option<SubIndication>);

const PASSED: Outcome = (Some(Indication::TotalPassed), None);

const fn open(sub_indication: SubIndication) -> Outcome {
    (Some(Indication::Indeterminate), Some(sub_indication))
}

const fn failed(sub_indication: SubIndication) -> Outcome {
    (Some(Indication::TotalFailed), Some(sub_indication))
}

fn by_default(evidence: &Evidence) -> Outcome {
    let report = judge(evidence, &Options::default());
    (report.indication, report.sub_indication)
}

fn strictly(evidence: &Evidence) -> Outcome {
    let options = Options {
        policy: &policy::STRICT,
        ..Options::default()
    };
    let report = judge(evidence, &options);
    (report.indication, report.sub_indication)
}

/// A signature as of a day, with what is said of its certificate's revocation, and its timestamps.
fn signed(at: &str, answers: &[(&str, RevocationStatus)], stamped: &[TokenEvidence]) -> Evidence {
    let mut signature = signature("Signature1", 1000, 0);
    let links = &mut signature.paths[0].links;
    links[0].revocation = answers
        .iter()
        .map(|(day, status)| answer(day, status.clone()))
        .collect();
    // The authority above it is always in order.
    links[1].revocation = vec![
        answer("2020-06-01", RevocationStatus::Good),
        answer(at, RevocationStatus::Good),
    ];
    signature.timestamps = stamped.to_vec();
    for token in &mut signature.timestamps {
        for link in token.paths[0].links.iter_mut().take(2) {
            link.revocation = vec![answer(at, RevocationStatus::Good)];
        }
    }
    evidence(at, &[1000], vec![signature])
}

const GOOD: RevocationStatus = RevocationStatus::Good;

#[test]
fn a_valid_certificate_with_fresh_revocation_data_passes_both_policies() {
    let evidence = signed("2020-06-03", &[("2020-06-01", GOOD)], &[]);
    assert_eq!(by_default(&evidence), PASSED);
    assert_eq!(strictly(&evidence), PASSED);
}

#[test]
fn without_revocation_data_only_the_strict_policy_leaves_it_open() {
    let evidence = signed("2020-06-03", &[], &[]);
    assert_eq!(by_default(&evidence), PASSED);
    assert_eq!(
        strictly(&evidence),
        open(SubIndication::CertificateChainGeneralFailure)
    );
}

#[test]
fn expired_or_revoked_after_a_valid_timestamp_passes() {
    let stamp = [token("2020-06-02", "2030-01-01")];
    let expired = signed("2023-01-01", &[("2020-06-03", GOOD)], &stamp);
    assert_eq!(by_default(&expired), PASSED);
    assert_eq!(strictly(&expired), PASSED);
    let later = revoked("2020-09-01", Some("keyCompromise"), None);
    let revoked = signed("2020-10-01", &[("2020-09-30", later)], &stamp);
    assert_eq!(by_default(&revoked), PASSED);
}

#[test]
fn a_compromise_that_began_before_the_timestamp_is_a_revocation_before_it() {
    let stamp = [token("2020-06-02", "2030-01-01")];
    let earlier = revoked("2020-09-01", Some("keyCompromise"), Some("2020-05-01"));
    let evidence = signed("2020-10-01", &[("2020-09-30", earlier)], &stamp);
    assert_eq!(by_default(&evidence), open(SubIndication::RevokedNoPoe));
    // For any other reason the date of the revocation counts.
    let other = revoked("2020-09-01", Some("affiliationChanged"), Some("2020-05-01"));
    assert_eq!(
        by_default(&signed("2020-10-01", &[("2020-09-30", other)], &stamp)),
        PASSED
    );
}

#[test]
fn expired_without_timestamp_and_last_known_good_is_not_revoked() {
    let evidence = signed("2023-01-01", &[("2021-12-30", GOOD)], &[]);
    assert_eq!(
        by_default(&evidence),
        open(SubIndication::OutOfBoundsNotRevoked)
    );
}

#[test]
fn expired_without_timestamp_and_nothing_known_is_without_proof() {
    let evidence = signed("2023-01-01", &[], &[]);
    assert_eq!(by_default(&evidence), open(SubIndication::OutOfBoundsNoPoe));
    // A list made after the certificate expired need not mention it, and says nothing.
    let late = signed("2023-01-01", &[("2022-12-30", GOOD)], &[]);
    assert_eq!(by_default(&late), open(SubIndication::OutOfBoundsNoPoe));
}

#[test]
fn a_timestamp_later_than_the_expiry_proves_nothing_that_helps() {
    let stamp = [token("2022-06-02", "2030-01-01")];
    let evidence = signed("2023-01-01", &[], &stamp);
    assert_eq!(by_default(&evidence), open(SubIndication::OutOfBoundsNoPoe));
}

#[test]
fn revoked_without_timestamp_is_without_proof_for_signer_and_authority() {
    let since = revoked("2020-05-01", None, None);
    let evidence = signed("2020-06-03", &[("2020-06-01", since.clone())], &[]);
    assert_eq!(by_default(&evidence), open(SubIndication::RevokedNoPoe));
    // Somebody else's answer that all is good does not help.
    let both = signed(
        "2020-06-03",
        &[("2020-06-01", since.clone()), ("2020-06-02", GOOD)],
        &[],
    );
    assert_eq!(by_default(&both), open(SubIndication::RevokedNoPoe));
    let mut above = signed("2020-06-03", &[("2020-06-01", GOOD)], &[]);
    above.signatures[0].paths[0].links[1].revocation = vec![answer("2020-06-01", since)];
    assert_eq!(by_default(&above), open(SubIndication::RevokedCaNoPoe));
}

#[test]
fn a_content_timestamp_after_revocation_or_expiry_is_a_failure() {
    let since = revoked("2020-05-01", None, None);
    let mut evidence = signed("2020-07-01", &[("2020-06-01", since)], &[]);
    evidence.signatures[0].content_timestamps = vec![token("2020-06-02", "2030-01-01")];
    assert_eq!(by_default(&evidence), failed(SubIndication::Revoked));
    let mut evidence = signed("2023-01-01", &[], &[]);
    evidence.signatures[0].content_timestamps = vec![token("2022-06-02", "2030-01-01")];
    assert_eq!(by_default(&evidence), failed(SubIndication::Expired));
}

#[test]
fn data_that_are_not_fresh_and_certificates_on_hold_are_asked_again_later() {
    let stale = signed("2020-06-03", &[("2020-05-01", GOOD)], &[]);
    assert_eq!(by_default(&stale), open(SubIndication::TryLater));
    let hold = revoked("2020-05-01", Some("certificateHold"), None);
    let hold = signed("2020-06-03", &[("2020-06-01", hold)], &[]);
    assert_eq!(by_default(&hold), open(SubIndication::TryLater));
}

#[test]
fn a_responder_that_does_not_know_the_certificate_does_not_vouch_for_it() {
    let evidence = signed(
        "2020-06-03",
        &[("2020-06-01", RevocationStatus::Unknown)],
        &[],
    );
    assert_eq!(
        by_default(&evidence),
        open(SubIndication::CertificateChainGeneralFailure)
    );
}

#[test]
fn an_answer_from_the_future_or_signed_out_of_bounds_is_not_used() {
    let future = signed("2020-06-03", &[("2020-07-01", GOOD)], &[]);
    assert_eq!(
        strictly(&future),
        open(SubIndication::CertificateChainGeneralFailure)
    );
    let mut outside = signed("2020-06-03", &[("2020-06-01", GOOD)], &[]);
    outside.signatures[0].paths[0].links[0].revocation[0].responder_validity =
        Some((day("2018-01-01"), day("2019-01-01")));
    assert_eq!(
        by_default(&outside),
        open(SubIndication::RevocationOutOfBoundsNoPoe)
    );
}

#[test]
fn no_path_to_an_anchor_is_no_chain_and_a_broken_one_a_general_failure() {
    for (end, expected) in [
        (
            PathEnd::Incomplete {
                issuer: "x".to_owned(),
            },
            SubIndication::NoCertificateChainFound,
        ),
        (
            PathEnd::Untrusted {
                root: "x".to_owned(),
            },
            SubIndication::NoCertificateChainFound,
        ),
        (
            PathEnd::Broken {
                certificate: "x".to_owned(),
                reason: "y".to_owned(),
            },
            SubIndication::CertificateChainGeneralFailure,
        ),
    ] {
        let mut evidence = signed("2020-06-03", &[("2020-06-01", GOOD)], &[]);
        evidence.signatures[0].paths[0].end = end;
        assert_eq!(by_default(&evidence), open(expected));
    }
}

#[test]
fn of_several_paths_the_best_decides() {
    let mut evidence = signed("2020-06-03", &[("2020-06-01", GOOD)], &[]);
    let mut worse = path();
    worse.end = PathEnd::Untrusted {
        root: "x".to_owned(),
    };
    evidence.signatures[0].paths.insert(0, worse);
    assert_eq!(by_default(&evidence), PASSED);
}

#[test]
fn a_signature_older_than_its_certificate_is_a_failure_only_when_that_is_proved() {
    let stamp = [token("2019-06-02", "2030-01-01")];
    let proved = signed("2020-06-03", &[("2020-06-01", GOOD)], &stamp);
    assert_eq!(by_default(&proved), failed(SubIndication::NotYetValid));
    let not_proved = signed("2019-06-03", &[], &[]);
    assert_eq!(
        by_default(&not_proved),
        open(SubIndication::OutOfBoundsNoPoe)
    );
}

#[test]
fn weak_algorithms_are_open_with_and_without_proof_of_their_age() {
    let weak = |stamped: &[TokenEvidence]| {
        let mut evidence = signed("2020-06-03", &[("2020-06-02", GOOD)], stamped);
        let cms = evidence.signatures[0].cms.as_mut().unwrap();
        cms.digest_algorithm = "1.3.14.3.2.26".to_owned();
        cms.digest_algorithms = vec![cms.digest_algorithm.clone()];
        by_default(&evidence)
    };
    assert_eq!(
        weak(&[]),
        open(SubIndication::CryptoConstraintsFailureNoPoe)
    );
    let stamp = [token("2020-06-02", "2030-01-01")];
    assert_eq!(weak(&stamp), open(SubIndication::CryptoConstraintsFailure));
    // The issuer's signature on the certificate counts as well.
    let mut above = signed("2020-06-03", &[("2020-06-02", GOOD)], &[]);
    above.signatures[0].paths[0].links[0].signature_digest = Some("1.3.14.3.2.26".to_owned());
    above.signatures[0].paths[0].links[0].signature_algorithm = "1.2.840.113549.1.1.5".to_owned();
    assert_eq!(
        by_default(&above),
        open(SubIndication::CryptoConstraintsFailureNoPoe)
    );
}

#[test]
fn a_certificate_for_something_else_breaks_a_constraint() {
    type Change = fn(&mut crate::pki::CertificateFacts);
    let changes: [Change; 3] = [
        |facts| facts.authority = true,
        |facts| {
            facts.key_usage = Some(vec!["keyEncipherment".to_owned()]);
            facts.may_sign = false;
        },
        |facts| facts.extended_key_usage = Some(vec!["1.3.6.1.5.5.7.3.1".to_owned()]),
    ];
    for change in changes {
        let mut evidence = signed("2020-06-03", &[("2020-06-01", GOOD)], &[]);
        change(&mut evidence.signatures[0].paths[0].links[0].facts);
        assert_eq!(
            by_default(&evidence),
            open(SubIndication::ChainConstraintsFailure)
        );
    }
}

#[test]
fn integrity_wins_over_trust() {
    let mut evidence = signed("2023-01-01", &[], &[]);
    evidence.signatures[0].paths[0].end = PathEnd::Untrusted {
        root: "x".to_owned(),
    };
    evidence.signatures[0].digest = crate::validate::evidence::Comparison::Differs;
    assert_eq!(by_default(&evidence), failed(SubIndication::HashFailure));
}
