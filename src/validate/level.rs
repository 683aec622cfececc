//! The signature level reached (EN 319 142-1, 6), from the facts: what is there and fits together,
//! whether or not it is trusted here.

use super::evidence::{Comparison, DocumentReading, Evidence, SignatureEvidence, TokenEvidence};
use crate::model::SignatureLevel;
use crate::pki::path::{CertificatePath, PathEnd};

/// The level; `None` for what is no PAdES baseline signature or not intact.
pub(super) fn level(evidence: &Evidence, signature: &SignatureEvidence) -> Option<SignatureLevel> {
    if !is_baseline(signature) || !signature.is_intact() {
        return None;
    }
    let covering = || {
        evidence
            .timestamps
            .iter()
            .filter(|timestamp| timestamp.end() > signature.end() && is_sound(&timestamp.token))
    };
    if !signature.timestamps.iter().any(is_sound) && covering().next().is_none() {
        return Some(SignatureLevel::BB);
    }
    let DocumentReading::Survey { survey } = &evidence.document else {
        return Some(SignatureLevel::BT);
    };
    let Some(since) = survey.validation_data.since_revision else {
        return Some(SignatureLevel::BT);
    };
    if !signature.paths.first().is_some_and(has_validation_data) {
        return Some(SignatureLevel::BT);
    }
    let archived = covering()
        .filter_map(|timestamp| timestamp.facts.revision)
        .any(|revision| revision >= since);
    match archived {
        true => Some(SignatureLevel::BLta),
        false => Some(SignatureLevel::BLt),
    }
}

/// The demands of level B-B on the signature itself (EN 319 142-1, 6.3).
fn is_baseline(signature: &SignatureEvidence) -> bool {
    let facts = &signature.facts;
    let form = facts.sub_filter.as_deref() == Some("ETSI.CAdES.detached") && facts.cert.is_none();
    form && signature.cms.as_ref().is_ok_and(|cms| {
        let named = cms
            .signing_certificate_matches
            .or(cms.signing_certificate_v1_matches);
        cms.signers == 1
            && cms.detached
            && cms.signed_attributes_unique
            && cms.content_type_matches
            && !cms.signing_time
            && named == Some(true)
    })
}

/// It stamps what it should, and whoever made it signed that.
fn is_sound(token: &TokenEvidence) -> bool {
    token.imprint == Comparison::Matches
        && token
            .token
            .as_ref()
            .is_ok_and(|token| token.content_matches && token.cms.signature_verifies)
}

/// Its revocation is answered for: up to the anchor when one was reached. When none was, nobody can say
/// which certificate somebody else would trust (in Europe often the issuer itself), and the signer's own
/// is asked for.
fn has_validation_data(path: &CertificatePath) -> bool {
    let checked = match (&path.end, path.links.as_slice()) {
        (PathEnd::Anchor, [checked @ .., _]) => checked,
        (_, links) => links.get(..1).unwrap_or_default(),
    };
    !checked.is_empty()
        && checked
            .iter()
            .all(|link| link.no_check || !link.revocation.is_empty())
}
