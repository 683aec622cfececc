//! Cryptographic verification (EN 319 102-1, 5.2.7): is the document the one that was signed, by the
//! holder of that key?

use super::{Answer, Rule, SignatureRule};
use crate::validate::case::Case;
use crate::validate::evidence::Comparison;
use crate::validate::report::SubIndication;

/// The block.
pub(in crate::validate) const RULES: &[SignatureRule] = &[
    Rule {
        id: "C7",
        clause: "RFC 5652, 11.2",
        check: document_is_the_one_signed,
    },
    Rule {
        id: "C13",
        clause: "RFC 5652, 5.4",
        check: value_verifies,
    },
    Rule {
        id: "C6",
        clause: "RFC 5652, 5.3",
        check: attributes_are_unambiguous,
    },
    Rule {
        id: "C7",
        clause: "RFC 5652, 11.1",
        check: content_type_is_the_one_signed,
    },
    Rule {
        id: "C9",
        clause: "RFC 6211",
        check: algorithms_are_those_signed,
    },
    Rule {
        id: "C9",
        clause: "RFC 5652, 5.3",
        check: algorithms_agree,
    },
];

fn document_is_the_one_signed(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| match case.signature.digest {
        Comparison::Matches => Answer::Held,
        Comparison::Differs => Answer::failed(
            SubIndication::HashFailure,
            "the document is not the one that was signed",
        ),
        // A wrong byte range has its own rule, and without attributes the value alone tells.
        Comparison::Unknown if case.signature.end().is_none() || !cms.signed_attributes => {
            Answer::Held
        }
        Comparison::Unknown => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "the digest algorithm {} is not known here: the document cannot be compared",
                cms.digest_algorithm
            ),
        ),
    })
}

fn value_verifies(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| match case.signature.value {
        Comparison::Matches => Answer::Held,
        Comparison::Differs => Answer::failed(
            SubIndication::SigCryptoFailure,
            "the signature value does not verify",
        ),
        // Without a certificate nothing can verify; that has its own rule.
        Comparison::Unknown if cms.signer_certificate.is_none() => Answer::open(
            SubIndication::NoSigningCertificateFound,
            "without the certificate the signature value cannot be verified",
        ),
        Comparison::Unknown => Answer::failed(
            SubIndication::FormatFailure,
            format!(
                "the signature algorithm {} cannot be verified here with the key of the certificate",
                cms.signature_algorithm
            ),
        ),
    })
}

/// Without signed attributes the same value could be read as signing other things (EUF-CMA of CMS).
fn attributes_are_unambiguous(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        if !cms.signed_attributes {
            return match case.claims_pades() {
                true => Answer::open(
                    SubIndication::SigConstraintsFailure,
                    "no signed attributes, which PAdES asks for",
                ),
                false => Answer::doubt("no signed attributes: a form with known weaknesses"),
            };
        }
        if !cms.signed_attributes_unique {
            return Answer::failed(
                SubIndication::FormatFailure,
                "a signed attribute occurs twice or has several values",
            );
        }
        Answer::unless(cms.signed_attributes_ordered, || {
            Answer::note("the signed attributes do not stand in DER order")
        })
    })
}

fn content_type_is_the_one_signed(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(!cms.signed_attributes || cms.content_type_matches, || {
            Answer::open(
                SubIndication::SigConstraintsFailure,
                "the signed attribute content-type is missing or names another type",
            )
        })
    })
}

fn algorithms_are_those_signed(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(cms.algorithm_protection_matches != Some(false), || {
            Answer::failed(
                SubIndication::SigCryptoFailure,
                "the algorithms are not those that the signer protected",
            )
        })
    })
}

fn algorithms_agree(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(cms.algorithms_agree != Some(false), || {
            Answer::open(
                SubIndication::CryptoConstraintsFailure,
                "the digest named beside the signature is not the one inside its algorithm",
            )
        })
    })
}
