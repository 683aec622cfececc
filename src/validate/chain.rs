//! X.509 validation (EN 319 102-1, 5.2.6) at the best-signature-time, past certificates included
//! (5.6.2.1): of the ways from a certificate up, the one that says most for it decides.

use jiff::Timestamp;

use super::algorithms::Term;
use super::checks::{Answer, Judgement};
use super::policy::{Policy, RevocationDemand};
use super::report::{Indication, SubIndication};
use super::revocation::{self, Status};
use super::signer::mask;
use super::timeline::ProvedTime;
use crate::pki::path::{CertificatePath, PathEnd, PathLink};

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Signatures and seals.
    Signing,
    /// Timestamps.
    TimeStamping,
}

/// What is asked of a chain.
#[derive(Clone, Copy)]
pub(super) struct Question {
    pub(super) purpose: Purpose,
    pub(super) policy: &'static Policy,
    /// The validation time.
    pub(super) now: Timestamp,
    /// The time for which the certificates are judged.
    pub(super) time: ProvedTime,
    /// What was signed is proved to be younger than this.
    pub(super) made_after: Option<Timestamp>,
    /// The time that a timestamp gives, when one is judged.
    pub(super) stamped: Option<Timestamp>,
}

/// A rule's answer, with its name and clause.
type Said = (&'static str, &'static str, Answer);

/// Asks whether the best of `paths` holds.
pub(super) fn ask(paths: &[CertificatePath], question: &Question, judgement: &mut Judgement) {
    let Some(leaf) = paths.first().and_then(|path| path.links.first()) else {
        let answer = Answer::open(
            SubIndication::NoSigningCertificateFound,
            "the signer's certificate cannot be read",
        );
        judgement.take("chain", "EN 319 102-1, 5.2.6", answer);
        return;
    };
    let best = paths
        .iter()
        .map(|path| answers(path, question))
        .min_by_key(|said| worst(said));
    for (rule, clause, answer) in best.unwrap_or_default() {
        judgement.take(rule, clause, answer);
    }
    let usage = usage(leaf, question.purpose);
    judgement.take("K2", "EN 319 102-1, 5.2.6.4", usage);
}

fn worst(said: &[Said]) -> Indication {
    let indications = said.iter().map(|(_, _, answer)| answer.indication());
    indications.max().unwrap_or(Indication::TotalPassed)
}

/// Every answer about one path, in the order in which they count.
fn answers(path: &CertificatePath, question: &Question) -> Vec<Said> {
    const VALIDITY: &str = "EN 319 102-1, 5.5.4";
    const REVOCATION: &str = "EN 319 102-1, 5.2.6.4";
    let mut said = vec![("chain", "EN 319 102-1, 5.2.6.4", reaches_anchor(path))];
    for (index, link) in judged(path).iter().enumerate() {
        let position = match index {
            0 => Position::Leaf,
            _ => Position::Authority,
        };
        let status = revocation::status(link, question);
        said.push((
            "validity",
            VALIDITY,
            validity(link, position, &status, question),
        ));
        said.push((
            "revocation",
            REVOCATION,
            revoked(link, position, &status, question),
        ));
        said.push(("C10", "ETSI TS 119 312, 5", algorithms(link, question)));
    }
    said
}

/// Where a certificate stands in its path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Leaf,
    Authority,
}

/// The certificates that are judged: all but the anchor, which is trusted as it is. A leaf is judged
/// even if it is an anchor itself.
fn judged(path: &CertificatePath) -> &[PathLink] {
    match (&path.end, path.links.as_slice()) {
        (PathEnd::Anchor | PathEnd::Untrusted { .. }, [judged @ .., _]) if !judged.is_empty() => {
            judged
        }
        (_, all) => all,
    }
}

fn reaches_anchor(path: &CertificatePath) -> Answer {
    let text = match &path.end {
        PathEnd::Anchor => return Answer::Held,
        PathEnd::Incomplete { issuer } => format!(
            "the certificate leads to no anchor configured here: that of its issuer \"{issuer}\" is \
             not at hand"
        ),
        PathEnd::Untrusted { root } => {
            format!("the certificate leads to \"{root}\", which is no anchor configured here")
        }
        PathEnd::Broken {
            certificate,
            reason,
        } => {
            let certificate = mask(certificate);
            return Answer::open(
                SubIndication::CertificateChainGeneralFailure,
                format!("the chain breaks at \"{certificate}\": {reason}"),
            );
        }
    };
    Answer::open(SubIndication::NoCertificateChainFound, text)
}

/// Inside its validity at the best-signature-time (EN 319 102-1, 5.5.4 step 4 and 5.2.6.4).
fn validity(link: &PathLink, position: Position, status: &Status, question: &Question) -> Answer {
    let facts = &link.facts;
    let time = question.time;
    let name = mask(&facts.common_name);
    let expired_before = |after: Timestamp| after > facts.not_after;
    if position == Position::Leaf && question.made_after.is_some_and(expired_before) {
        return Answer::failed(
            SubIndication::Expired,
            "the certificate had expired when the timestamp that the signature covers was made",
        );
    }
    if time.at < facts.not_before {
        return match (position, time.proved) {
            (Position::Leaf, true) => Answer::failed(
                SubIndication::NotYetValid,
                "the signature is proved to be older than its certificate",
            ),
            _ => Answer::open(
                SubIndication::OutOfBoundsNoPoe,
                format!("the certificate of \"{name}\" is not valid yet"),
            ),
        };
    }
    if time.at <= facts.not_after {
        return Answer::Held;
    }
    let sub_indication = match (position, status) {
        (Position::Leaf, Status::Good { .. }) => SubIndication::OutOfBoundsNotRevoked,
        _ => SubIndication::OutOfBoundsNoPoe,
    };
    Answer::open(
        sub_indication,
        format!(
            "the certificate of \"{name}\" expired on {}, and nothing proves that the signature is older",
            facts.not_after.strftime("%Y-%m-%d")
        ),
    )
}

/// Not revoked at the best-signature-time.
fn revoked(link: &PathLink, position: Position, status: &Status, question: &Question) -> Answer {
    let name = mask(&link.facts.common_name);
    let time = question.time;
    match status {
        Status::Exempt | Status::Good { covers: true } => Answer::Held,
        // Its validity has been judged; what revocation says of the time after it says nothing.
        _ if time.at > link.facts.not_after && !matches!(status, Status::Revoked { .. }) => {
            Answer::Held
        }
        Status::Revoked {
            at,
            compromised_since,
        } => {
            if question.made_after.is_some_and(|after| after >= *at) && position == Position::Leaf {
                return Answer::failed(
                    SubIndication::Revoked,
                    "the certificate was revoked when the timestamp that the signature covers was made",
                );
            }
            let since = compromised_since.map_or(*at, |since| since.min(*at));
            if time.at < since {
                return Answer::note(format!(
                    "the certificate of \"{name}\" was revoked on {}, after the signature is proved to \
                     have existed",
                    at.strftime("%Y-%m-%d")
                ));
            }
            let sub_indication = match position {
                Position::Leaf => SubIndication::RevokedNoPoe,
                Position::Authority => SubIndication::RevokedCaNoPoe,
            };
            Answer::open(
                sub_indication,
                format!(
                    "the certificate of \"{name}\" was revoked on {}, and nothing proves that the \
                     signature is older",
                    at.strftime("%Y-%m-%d")
                ),
            )
        }
        Status::OnHold => Answer::open(
            SubIndication::TryLater,
            format!("the certificate of \"{name}\" is on hold"),
        ),
        Status::Good { covers: false } => Answer::open(
            SubIndication::TryLater,
            format!("what is said of the revocation of \"{name}\" is too old for this signature"),
        ),
        Status::OutOfBounds => Answer::open(
            SubIndication::RevocationOutOfBoundsNoPoe,
            format!(
                "what is said of the revocation of \"{name}\" was signed outside the validity of its \
                 responder's certificate"
            ),
        ),
        Status::Unknown => Answer::open(
            SubIndication::CertificateChainGeneralFailure,
            format!("the responder of its issuer does not know the certificate of \"{name}\""),
        ),
        Status::Nothing => match question.policy.revocation {
            RevocationDemand::Required => Answer::open(
                SubIndication::CertificateChainGeneralFailure,
                format!("nothing usable says whether the certificate of \"{name}\" was revoked"),
            ),
            RevocationDemand::IfPresent => Answer::note(format!(
                "nothing says whether the certificate of \"{name}\" was revoked; this policy does not \
                 ask for it"
            )),
        },
    }
}

/// The issuer's signature on the certificate, and an authority's key, were good at that time.
fn algorithms(link: &PathLink, question: &Question) -> Answer {
    let terms = question.policy.algorithms;
    let time = question.time;
    let key = link.facts.key.as_ref();
    let key = key.map_or(Term::Never, |key| terms.key(key));
    let signature = terms.signature(&link.signature_algorithm, link.signature_digest.as_deref());
    let acceptable = key.covers(time.at) && signature.covers(time.at);
    Answer::unless(acceptable, || {
        let sub_indication = match time.proved {
            true => SubIndication::CryptoConstraintsFailure,
            false => SubIndication::CryptoConstraintsFailureNoPoe,
        };
        Answer::open(
            sub_indication,
            format!(
                "the certificate of \"{}\" ({}, signed with {}) is too weak",
                mask(&link.facts.common_name),
                link.facts.public_key,
                link.signature_algorithm
            ),
        )
    })
}

/// The certificate may be used for what it was used for (rules K2 and T5). Without a key usage
/// everything is allowed (RFC 5280, 4.2.1.3).
fn usage(leaf: &PathLink, purpose: Purpose) -> Answer {
    let facts = &leaf.facts;
    let refuse = |text: &str| Answer::open(SubIndication::ChainConstraintsFailure, text);
    if facts.authority {
        return refuse("the certificate is that of a certification authority");
    }
    if facts.key_usage.is_some() && !facts.may_sign {
        return refuse("the certificate is not one for signatures (key usage)");
    }
    let extended = facts.extended_key_usage.as_deref();
    match (purpose, extended) {
        (Purpose::Signing, None) => Answer::Held,
        (Purpose::Signing, Some(usages)) => {
            let elsewhere = usages
                .iter()
                .all(|usage| NOT_FOR_DOCUMENTS.contains(&usage.as_str()));
            Answer::unless(!elsewhere, || {
                refuse("the certificate is not one for documents (extended key usage)")
            })
        }
        (Purpose::TimeStamping, Some([only])) if only == TIME_STAMPING => {
            Answer::unless(facts.extended_key_usage_critical, || {
                Answer::doubt("the purpose of the authority's certificate is not marked critical")
            })
        }
        (Purpose::TimeStamping, _) => {
            refuse("the certificate is not one for timestamps alone (extended key usage)")
        }
    }
}

/// `id-kp-timeStamping` (RFC 3161, 2.3).
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

/// Purposes that have nothing to do with documents: TLS servers, code, timestamps, OCSP.
const NOT_FOR_DOCUMENTS: [&str; 4] = [
    "1.3.6.1.5.5.7.3.1",
    "1.3.6.1.5.5.7.3.3",
    TIME_STAMPING,
    "1.3.6.1.5.5.7.3.9",
];
