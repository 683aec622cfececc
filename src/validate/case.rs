//! One signature in front of the rules: its evidence, the policy, and the times that were proved.

use jiff::Timestamp;

use super::checks::Answer;
use super::evidence::{Evidence, SignatureEvidence};
use super::policy::Policy;
use super::report::Role;
use super::timeline::SignatureTime;
use crate::cades::CmsEvidence;

/// A signature to be judged.
pub(super) struct Case<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) signature: &'a SignatureEvidence,
    pub(super) role: Role,
    pub(super) policy: &'static Policy,
    /// The validation time.
    pub(super) at: Timestamp,
    /// What timestamps prove about it.
    pub(super) time: &'a SignatureTime,
}

impl Case<'_> {
    /// The answer of a rule about the CMS; that it cannot be read has its own rule.
    pub(super) fn with_cms(&self, rule: impl FnOnce(&CmsEvidence) -> Answer) -> Answer {
        self.signature.cms.as_ref().map_or(Answer::Held, rule)
    }

    /// It says that it is a PAdES signature.
    pub(super) fn claims_pades(&self) -> bool {
        self.signature.facts.sub_filter.as_deref() == Some("ETSI.CAdES.detached")
    }

    /// Permissions that it gives as a certification.
    pub(super) fn doc_mdp(&self) -> Option<u8> {
        self.signature.facts.doc_mdp
    }

    /// Whether what this revision (an index) changes is held against the signature. A signature that the
    /// source of a copy brought with it is judged as it stood in the source: what the copy made of it is
    /// the copy's own doing.
    pub(super) fn judges_revision(&self, revision: usize) -> bool {
        if self.role != Role::SourceSignature {
            return true;
        }
        let source = self.evidence.identity.copy().map(|copy| copy.source_size);
        let end = self
            .evidence
            .survey()
            .and_then(|survey| survey.revisions.get(revision))
            .map(|revision| revision.end);
        match (source, end) {
            (Some(source), Some(end)) => end <= source,
            _ => self
                .signature
                .facts
                .removed_in
                .is_none_or(|removed| revision < removed),
        }
    }
}

/// What a signature stands for. The archive says where the source of a copy ends; without it, a seal
/// registered here that is sound and covers the file to its end vouches for what it was put upon.
pub(super) fn role(evidence: &Evidence, signature: &SignatureEvidence) -> Role {
    let end = signature.end();
    let in_source = match evidence.identity.copy() {
        Some(copy) => end.is_some_and(|end| end <= copy.source_size),
        None => {
            signature.facts.removed_in.is_some()
                && evidence.signatures.iter().any(|seal| {
                    seal.registered_for.is_some()
                        && seal.facts.removed_in.is_none()
                        && seal.end() == Some(evidence.size)
                        && seal.end() > end
                        && seal.is_intact()
                })
        }
    };
    match (in_source, &signature.registered_for) {
        (true, _) => Role::SourceSignature,
        (false, Some(_)) => Role::CopySeal,
        (false, None) => Role::Signature,
    }
}
