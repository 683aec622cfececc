//! What the revocation data at hand say of a certificate at a time (EN 319 102-1, 5.2.5 and 5.2.6.4;
//! RFC 5280, 5; RFC 6960).

use jiff::Timestamp;

use super::chain::Question;
use super::policy::RevocationDemand;
use crate::pki::path::PathLink;
use crate::pki::revocation::{RevocationAnswer, RevocationStatus};

/// What is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Nobody has to say anything (`id-pkix-ocsp-nocheck`).
    Exempt,
    /// Not revoked.
    Good {
        /// The answer is fresh enough for the time asked about.
        covers: bool,
    },
    /// Revoked.
    Revoked {
        /// Since.
        at: Timestamp,
        /// The key was in other hands since, when that is the reason.
        compromised_since: Option<Timestamp>,
    },
    /// Suspended; it may come back.
    OnHold,
    /// The responder does not know it.
    Unknown,
    /// Every answer was signed outside the validity of who signed it.
    OutOfBounds,
    /// There is no answer that can be used.
    Nothing,
}

/// What the answers of a link say. A revocation is believed whoever repeats that all is good: nobody
/// comes back from it.
pub(super) fn status(link: &PathLink, question: &Question) -> Status {
    if link.no_check {
        return Status::Exempt;
    }
    let known = link
        .revocation
        .iter()
        .filter(|answer| !question.policy.is_future(answer.this_update, question.now))
        .filter(|answer| !question.policy.is_future(answer.produced_at, question.now));
    let (inside, outside): (Vec<_>, Vec<_>) = known.partition(|answer| signed_in_bounds(answer));
    if let Some(revoked) = inside.iter().find_map(|answer| revocation(answer)) {
        return revoked;
    }
    let latest = inside
        .iter()
        .filter(|answer| says_something(answer, link, question))
        .max_by_key(|answer| (answer.this_update, answer.produced_at));
    match latest.map(|answer| &answer.status) {
        Some(RevocationStatus::Revoked { .. }) => Status::OnHold,
        Some(RevocationStatus::Unknown) => Status::Unknown,
        Some(RevocationStatus::Good) => Status::Good {
            covers: inside
                .iter()
                .filter(|answer| answer.status == RevocationStatus::Good)
                .filter(|answer| says_something(answer, link, question))
                .any(|answer| covers(answer, question)),
        },
        None if outside.is_empty() => Status::Nothing,
        None => Status::OutOfBounds,
    }
}

/// A revocation for good.
fn revocation(answer: &RevocationAnswer) -> Option<Status> {
    match &answer.status {
        RevocationStatus::Revoked {
            at,
            reason,
            invalidity_date,
        } if !is_hold(reason.as_deref()) => {
            let compromise = reason
                .as_deref()
                .is_some_and(|reason| reason.ends_with("Compromise"));
            Some(Status::Revoked {
                at: *at,
                compromised_since: invalidity_date.filter(|_| compromise),
            })
        }
        _ => None,
    }
}

fn is_hold(reason: Option<&str>) -> bool {
    reason == Some("certificateHold")
}

/// Signed while the certificate of whoever signed it was valid.
fn signed_in_bounds(answer: &RevocationAnswer) -> bool {
    answer
        .responder_validity
        .is_none_or(|(from, to)| from <= answer.produced_at && answer.produced_at <= to)
}

/// An answer that all is good counts only while lists and responders still speak of the certificate,
/// which they need not after it expired, and only if it is not signed with something that was too weak
/// then.
fn says_something(answer: &RevocationAnswer, link: &PathLink, question: &Question) -> bool {
    if answer.status != RevocationStatus::Good {
        return true;
    }
    let terms = question.policy.algorithms;
    let strong = terms.signature(
        &answer.signature_algorithm,
        answer.signature_digest.as_deref(),
    );
    let expiry = link.facts.not_after;
    let speaks =
        answer.this_update <= expiry || answer.expired_since.is_some_and(|since| since <= expiry);
    speaks && strong.covers(answer.produced_at)
}

/// Whether an answer that all is good holds for the time asked about: it was given after that time, or
/// that time lies before its `nextUpdate`.
///
/// The certificate behind the newest timestamp of a file is asked about now, for which no embedded data can
/// be fresh for long. The default policy, which does without data where there are none, does not make less
/// of those that are there: it asks about the moment of stamping. The strict one asks about now.
fn covers(answer: &RevocationAnswer, question: &Question) -> bool {
    let time = match (question.policy.revocation, question.stamped) {
        (RevocationDemand::IfPresent, Some(stamped)) => stamped.min(question.time.at),
        _ => question.time.at,
    };
    let until = answer.next_update.or_else(|| {
        answer
            .this_update
            .checked_add(question.policy.freshness)
            .ok()
    });
    answer.this_update >= time || until.is_some_and(|until| time <= until)
}
