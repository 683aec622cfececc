//! When an archive timestamp has to be renewed, and what its own revocation data still say.

use jiff::SignedDuration;

use super::making::{answer, day, document_timestamp, evidence, signature, token};
use crate::model::PublicKey;
use crate::pki::revocation::RevocationStatus;
use crate::validate::policy::{DEFAULT, STRICT};
use crate::validate::report::{Indication, SubIndication};
use crate::validate::{Due, EndOfProof, Options, Renewal, judge};

const DAYS_180: SignedDuration = SignedDuration::from_hours(24 * 180);

/// A sealed file with a timestamp of June 2020, whose authority's certificate ends at the end of 2030.
fn stamped() -> crate::validate::Evidence {
    let mut evidence = evidence(
        "2020-06-02",
        &[1000, 2000],
        vec![signature("Segell", 1000, 0)],
    );
    let timestamp = document_timestamp(2000, 1, token("2020-06-01", "2030-12-31"));
    evidence.timestamps.push(timestamp);
    evidence
}

#[test]
fn a_timestamp_is_renewed_before_its_authoritys_certificate_or_its_algorithm_ends() {
    let mut evidence = stamped();
    let by_algorithm = Renewal::of(&evidence, &DEFAULT).unwrap();
    // PKCS#1 v1.5 ends on 1 January 2029, before the certificate.
    assert_eq!(by_algorithm.reason, EndOfProof::Algorithm);
    assert_eq!(by_algorithm.ends, "2029-01-01T00:00:00Z".parse().unwrap());

    let cms = &mut evidence.timestamps[0].token.token.as_mut().unwrap().cms;
    cms.signature_algorithm = "1.2.840.10045.4.3.2".to_owned();
    cms.signer_key = Some(PublicKey::Ed25519);
    let by_certificate = Renewal::of(&evidence, &DEFAULT).unwrap();
    assert_eq!(by_certificate.reason, EndOfProof::Certificate);
    assert_eq!(by_certificate.ends, day("2030-12-31"));
    let begins = day("2030-12-31") - DAYS_180;
    let just_before = begins - SignedDuration::from_secs(1);
    assert_eq!(by_certificate.due(DAYS_180, just_before), Due::From(begins));
    assert_eq!(by_certificate.due(DAYS_180, begins), Due::Now);
}

#[test]
fn nothing_is_renewed_in_the_first_half_of_its_life() {
    let renewal = Renewal {
        stamped: day("2026-01-01"),
        ends: day("2026-03-02"),
        reason: EndOfProof::Certificate,
    };
    assert_eq!(renewal.begins(DAYS_180), day("2026-01-31"));
    let late = SignedDuration::from_hours(24 * 10);
    assert_eq!(renewal.begins(late), day("2026-02-20"));
}

#[test]
fn only_the_newest_timestamp_counts_and_without_one_nothing_is_due() {
    let mut evidence = stamped();
    let newer = document_timestamp(3000, 2, token("2025-06-01", "2028-06-01"));
    evidence.timestamps.insert(0, newer);
    let renewal = Renewal::of(&evidence, &DEFAULT).unwrap();
    assert_eq!(
        (renewal.stamped, renewal.ends),
        (day("2025-06-01"), day("2028-06-01"))
    );
    evidence.timestamps.clear();
    assert_eq!(Renewal::of(&evidence, &DEFAULT), None);
}

#[test]
fn data_about_the_newest_timestamp_are_asked_about_its_moment_and_by_the_strict_policy_about_now() {
    let mut evidence = stamped();
    for path in &mut evidence.timestamps[0].token.paths {
        for link in &mut path.links {
            link.revocation = vec![answer("2020-06-01", RevocationStatus::Good)];
        }
    }
    for link in &mut evidence.signatures[0].paths[0].links {
        link.revocation = vec![answer("2020-06-01", RevocationStatus::Good)];
    }
    let judged = |policy| {
        let options = Options {
            validation_time: Some(day("2024-06-01")),
            policy,
        };
        let timestamp = judge(&evidence, &options).timestamps.remove(0);
        (timestamp.indication, timestamp.sub_indication)
    };
    assert_eq!(judged(&DEFAULT), (Indication::TotalPassed, None));
    let open = (Indication::Indeterminate, Some(SubIndication::TryLater));
    assert_eq!(judged(&STRICT), open);
}
