//! Identification of the signing certificate (EN 319 102-1, 5.2.3).

use super::{Answer, Rule, SignatureRule};
use crate::validate::case::Case;
use crate::validate::report::SubIndication;

/// The block.
pub(in crate::validate) const RULES: &[SignatureRule] = &[
    Rule {
        id: "C8",
        clause: "EN 319 102-1, 5.2.3.4",
        check: certificate_is_at_hand,
    },
    Rule {
        id: "C8",
        clause: "RFC 5035, 4",
        check: certificate_is_the_one_named,
    },
];

fn certificate_is_at_hand(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        Answer::unless(cms.signer_certificate.is_some(), || {
            Answer::open(
                SubIndication::NoSigningCertificateFound,
                "the signer's certificate is neither in the signature nor in the document",
            )
        })
    })
}

/// The attribute that names the certificate is signed; the signer identifier is not, and means every
/// certificate of that number.
fn certificate_is_the_one_named(case: &Case<'_>) -> Answer {
    case.with_cms(|cms| {
        if cms.signer_certificate.is_none() {
            return Answer::Held;
        }
        match (
            cms.signing_certificate_matches,
            cms.signing_certificate_v1_matches,
        ) {
            (Some(false), _) | (None, Some(false)) => Answer::open(
                SubIndication::NoSigningCertificateFound,
                "the signature does not name the certificate that is there, or by a digest that proves \
                 nothing",
            ),
            (Some(true), _) if cms.signer_identifier_matches => Answer::Held,
            (Some(true), _) => Answer::doubt(
                "the signer identifier means another certificate than the signed attribute",
            ),
            (None, Some(true)) => {
                Answer::doubt("the signature names its certificate by SHA-1 only")
            }
            (None, None) if case.claims_pades() => Answer::open(
                SubIndication::SigConstraintsFailure,
                "the signature does not name its certificate, which PAdES asks for",
            ),
            (None, None) => Answer::note(
                "the signature does not name its certificate: it was found by its serial number",
            ),
        }
    })
}
