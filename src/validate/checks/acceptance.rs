//! Signature acceptance (EN 319 102-1, 5.2.8): algorithms, attributes and timestamps, by the policy.

use super::{Answer, Rule, SignatureRule};
use crate::validate::algorithms::Term;
use crate::validate::case::Case;
use crate::validate::report::SubIndication;

/// The block.
pub(in crate::validate) const RULES: &[SignatureRule] = &[
    Rule {
        id: "C10",
        clause: "ETSI TS 119 312, 5",
        check: digest_is_acceptable,
    },
    Rule {
        id: "C9",
        clause: "ETSI TS 119 312, 6",
        check: algorithm_is_acceptable,
    },
    Rule {
        id: "C11",
        clause: "ETSI TS 119 312, 6",
        check: key_is_acceptable,
    },
    Rule {
        id: "T0",
        clause: "EN 319 102-1, 5.5.4",
        check: timestamps_are_sound,
    },
    Rule {
        id: "C14",
        clause: "EN 319 122-1, 5.3",
        check: timestamps_are_few,
    },
    Rule {
        id: "T7",
        clause: "EN 319 102-1, 5.5.4",
        check: timestamps_are_in_order,
    },
    Rule {
        id: "signing-time",
        clause: "EN 319 142-1, 6.3",
        check: has_no_signing_time,
    },
    Rule {
        id: "cert-entry",
        clause: "EN 319 142-1, 6.3",
        check: has_no_cert_entry,
    },
    Rule {
        id: "V4",
        clause: "ISO 32000-2, 12.8.1",
        check: claimed_time_is_not_in_the_future,
    },
];

/// An algorithm that is too weak: proved to be old, or not even that.
pub(in crate::validate) fn too_weak(case: &Case<'_>, what: &str, term: Term) -> Answer {
    let time = case.time.best();
    Answer::unless(term.covers(time.at), || {
        let sub_indication = match time.proved {
            true => SubIndication::CryptoConstraintsFailure,
            false => SubIndication::CryptoConstraintsFailureNoPoe,
        };
        let text = match (term, time.proved) {
            (Term::Until(end), false) => format!(
                "{what} is acceptable for signatures before {}, and nothing proves that this one is \
                 older",
                end.strftime("%Y-%m-%d")
            ),
            _ => format!("{what} is not acceptable"),
        };
        Answer::open(sub_indication, text)
    })
}

fn digest_is_acceptable(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        let terms = case.policy.algorithms;
        let name = terms.digest_name(&cms.digest_algorithm);
        too_weak(case, name, terms.digest(&cms.digest_algorithm))
    })
}

fn algorithm_is_acceptable(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        let terms = case.policy.algorithms;
        let term = terms.signature(&cms.signature_algorithm, Some(&cms.digest_algorithm));
        let what = format!("the signature algorithm {}", cms.signature_algorithm);
        too_weak(case, &what, term)
    })
}

fn key_is_acceptable(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| match &cms.signer_key {
        None => Answer::Held,
        Some(key) => too_weak(case, "the signer's key", case.policy.algorithms.key(key)),
    })
}

/// A timestamp that is broken proves nothing, and somebody put it there.
fn timestamps_are_sound(case: &Case<'_>) -> Answer {
    let broken = case.time.tokens().filter(|token| token.is_broken()).count();
    Answer::unless(broken == 0, || {
        Answer::open(
            SubIndication::SigConstraintsFailure,
            format!("{broken} of its timestamps do not stamp this signature"),
        )
    })
}

fn timestamps_are_few(case: &Case<'_>) -> Answer {
    const ALLOWED: usize = 2;
    case.with_cms(|cms| {
        let count = cms.signature_timestamps.len();
        Answer::unless(count <= ALLOWED, || {
            Answer::doubt(format!("{count} signature timestamps; two are enough"))
        })
    })
}

fn timestamps_are_in_order(case: &Case<'_>) -> Answer {
    Answer::unless(case.time.in_order(), || {
        Answer::open(
            SubIndication::TimestampOrderFailure,
            "the timestamps contradict the order in which they were made",
        )
    })
}

fn has_no_signing_time(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(!(cms.signing_time && case.claims_pades()), || {
            Answer::doubt("a signing-time attribute, which PAdES does not allow")
        })
    })
}

fn has_no_cert_entry(case: &Case<'_>) -> Answer {
    let has = case.signature.facts.cert.is_some() && case.claims_pades();
    Answer::unless(!has, || {
        Answer::doubt("a /Cert entry, which PAdES does not allow")
    })
}

/// A claim proves nothing, but one that cannot be true is worth saying.
fn claimed_time_is_not_in_the_future(case: &Case<'_>) -> Answer {
    let claimed = case.signature.facts.claims.time;
    let future = claimed.is_some_and(|claimed| case.policy.is_future(claimed, case.at));
    Answer::unless(!future, || {
        Answer::doubt("the signature claims to be made in the future")
    })
}
