//! Timestamps (RFC 3161; EN 319 102-1, 5.4): rules T1 to T8.

use super::{Answer, Rule, TokenRule};
use crate::cades::TimestampEvidence;
use crate::pdf::signed::SignatureKind;
use crate::validate::evidence::Comparison;
use crate::validate::report::SubIndication;
use crate::validate::timeline::TokenCase;

/// Format.
pub(in crate::validate) const FORMAT: &[TokenRule] = &[
    Rule {
        id: "B3",
        clause: "ISO 32000-2, 12.8.5",
        check: byte_range_is_sound,
    },
    Rule {
        id: "T0",
        clause: "ISO 32000-2, 12.8.5",
        check: dictionary_says_timestamp,
    },
    Rule {
        id: "V3",
        clause: "ISO 32000-2, 12.8.1",
        check: dictionary_was_not_rewritten,
    },
    Rule {
        id: "V2",
        clause: "RFC 3161, 2.4.2",
        check: can_be_read,
    },
    Rule {
        id: "T1",
        clause: "RFC 3161, 2.4.2",
        check: version_is_one,
    },
    Rule {
        id: "T8",
        clause: "RFC 3161, 2.4.2",
        check: has_one_signer,
    },
    Rule {
        id: "T1",
        clause: "RFC 3161, 2.4.2",
        check: has_no_unknown_critical_extension,
    },
];

/// Identification of the authority's certificate.
pub(in crate::validate) const IDENTIFICATION: &[TokenRule] = &[Rule {
    id: "T5",
    clause: "RFC 5816, 2.2.1",
    check: certificate_is_the_one_named,
}];

/// Cryptographic verification.
pub(in crate::validate) const CRYPTOGRAPHIC: &[TokenRule] = &[
    Rule {
        id: "T3",
        clause: "RFC 3161, 2.4.2",
        check: imprint_matches,
    },
    Rule {
        id: "T8",
        clause: "RFC 5652, 11.2",
        check: content_is_the_one_signed,
    },
    Rule {
        id: "T8",
        clause: "RFC 5652, 5.4",
        check: value_verifies,
    },
];

/// Acceptance.
pub(in crate::validate) const ACCEPTANCE: &[TokenRule] = &[
    Rule {
        id: "T2",
        clause: "ETSI TS 119 312, 5",
        check: digests_are_acceptable,
    },
    Rule {
        id: "C11",
        clause: "ETSI TS 119 312, 6",
        check: key_is_acceptable,
    },
    Rule {
        id: "T7",
        clause: "EN 319 102-1, 5.4",
        check: time_is_not_in_the_future,
    },
    Rule {
        id: "T7",
        clause: "RFC 3161, 2.3",
        check: time_is_inside_the_certificate,
    },
];

fn with_token(case: &TokenCase<'_>, rule: impl FnOnce(&TimestampEvidence) -> Answer) -> Answer {
    case.token.token.as_ref().map_or(Answer::Held, rule)
}

fn byte_range_is_sound(case: &TokenCase<'_>) -> Answer {
    let Some(facts) = case.facts else {
        return Answer::Held;
    };
    match facts.byte_range {
        Err(defect) => Answer::failed(
            SubIndication::FormatFailure,
            format!("the byte range of the timestamp: {defect}"),
        ),
        Ok(_) if facts.revision.is_none() && case.surveyed => Answer::failed(
            SubIndication::FormatFailure,
            "what the timestamp covers does not end where a revision ends",
        ),
        Ok(_) => Answer::Held,
    }
}

fn dictionary_says_timestamp(case: &TokenCase<'_>) -> Answer {
    let said = case
        .facts
        .is_none_or(|facts| facts.kind == SignatureKind::DocumentTimestamp);
    Answer::unless(said, || {
        Answer::doubt("a document timestamp that does not say so in its /Type")
    })
}

fn dictionary_was_not_rewritten(case: &TokenCase<'_>) -> Answer {
    let rewritten = case.facts.and_then(|facts| facts.rewritten_in);
    Answer::unless(rewritten.is_none(), || {
        Answer::failed(
            SubIndication::FormatFailure,
            "a later revision shows another dictionary for this timestamp",
        )
    })
}

fn can_be_read(case: &TokenCase<'_>) -> Answer {
    match &case.token.token {
        Ok(_) => Answer::Held,
        Err(error) => Answer::failed(SubIndication::FormatFailure, format!("timestamp: {error}")),
    }
}

fn version_is_one(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        Answer::unless(token.version == 1, || {
            Answer::failed(
                SubIndication::FormatFailure,
                format!("a timestamp of version {}", token.version),
            )
        })
    })
}

fn has_one_signer(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        let cms = &token.cms;
        Answer::unless(
            cms.signers == 1 && cms.signed_attributes && cms.signed_attributes_unique,
            || {
                Answer::failed(
                    SubIndication::FormatFailure,
                    "the timestamp does not have one signer with unambiguous attributes",
                )
            },
        )
    })
}

fn has_no_unknown_critical_extension(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        Answer::unless(token.critical_extensions.is_empty(), || {
            Answer::open(
                SubIndication::SigConstraintsFailure,
                "the timestamp has a critical extension that is not understood here",
            )
        })
    })
}

fn certificate_is_the_one_named(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        let cms = &token.cms;
        if cms.signer_certificate.is_none() {
            return Answer::open(
                SubIndication::NoSigningCertificateFound,
                "the certificate of the time-stamp authority is not at hand",
            );
        }
        let named = cms
            .signing_certificate_matches
            .or(cms.signing_certificate_v1_matches);
        Answer::unless(named == Some(true), || {
            Answer::open(
                SubIndication::NoSigningCertificateFound,
                "the timestamp does not name the certificate that made it",
            )
        })
    })
}

fn imprint_matches(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| match case.token.imprint {
        Comparison::Matches => Answer::Held,
        Comparison::Differs => Answer::failed(
            SubIndication::HashFailure,
            "the timestamp stamps something else",
        ),
        Comparison::Unknown => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "what the timestamp stamps cannot be compared (digest algorithm {})",
                token.imprint_algorithm
            ),
        ),
    })
}

fn content_is_the_one_signed(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        Answer::unless(token.content_matches, || {
            Answer::failed(
                SubIndication::HashFailure,
                "the content of the timestamp is not the one that its authority signed",
            )
        })
    })
}

fn value_verifies(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        let cms = &token.cms;
        match (cms.signature_verifiable, cms.signature_verifies) {
            (true, true) => Answer::Held,
            (true, false) => Answer::failed(
                SubIndication::SigCryptoFailure,
                "the signature of the time-stamp authority does not verify",
            ),
            (false, _) => Answer::open(
                SubIndication::CryptoConstraintsFailureNoPoe,
                "the signature of the time-stamp authority cannot be verified here",
            ),
        }
    })
}

fn too_weak(case: &TokenCase<'_>, what: &str) -> Answer {
    let sub_indication = match case.known.proved {
        true => SubIndication::CryptoConstraintsFailure,
        false => SubIndication::CryptoConstraintsFailureNoPoe,
    };
    Answer::open(sub_indication, format!("{what} is not acceptable"))
}

/// Judged for the time at which the token is proved to have existed, not for the one it gives.
fn digests_are_acceptable(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        let terms = case.policy.algorithms;
        let cms = &token.cms;
        let acceptable = [
            terms.digest(&token.imprint_algorithm),
            terms.digest(&cms.digest_algorithm),
            terms.signature(&cms.signature_algorithm, Some(&cms.digest_algorithm)),
        ]
        .into_iter()
        .all(|term| term.covers(case.known.at));
        Answer::unless(acceptable, || {
            too_weak(case, "an algorithm of the timestamp")
        })
    })
}

fn key_is_acceptable(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| match &token.cms.signer_key {
        None => Answer::Held,
        Some(key) => {
            let term = case.policy.algorithms.key(key);
            Answer::unless(term.covers(case.known.at), || {
                too_weak(case, "the key of the time-stamp authority")
            })
        }
    })
}

fn time_is_not_in_the_future(case: &TokenCase<'_>) -> Answer {
    with_token(case, |token| {
        Answer::unless(!case.policy.is_future(token.time, case.at), || {
            Answer::open(
                SubIndication::SigConstraintsFailure,
                "the timestamp gives a time that has not come",
            )
        })
    })
}

fn time_is_inside_the_certificate(case: &TokenCase<'_>) -> Answer {
    let leaf = case.token.paths.first().and_then(|path| path.links.first());
    with_token(case, |token| {
        let inside = leaf.is_none_or(|leaf| {
            leaf.facts.not_before <= token.time && token.time <= leaf.facts.not_after
        });
        Answer::unless(inside, || {
            Answer::open(
                SubIndication::SigConstraintsFailure,
                "the timestamp gives a time outside the validity of its authority's certificate",
            )
        })
    })
}
