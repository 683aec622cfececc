//! What is asked of a seal before it seals: that it is in its validity and, by the organ's rule, that it is
//! not revoked.

use jiff::Timestamp;

use super::SealError;
use super::issue::Draft;
use crate::archive::{CopyRecord, Extension, ExtensionPart};
use crate::model::policy::RevocationRule;
use crate::model::{Octets, SignatureLevel};
use crate::pki::SealDefect;
use crate::pki::revocation::{NotCurrent, RevocationData};

impl Draft {
    /// The seal may seal now.
    ///
    /// # Errors
    /// [`SealError::SealUnavailable`] outside its validity, [`SealError::SealRevoked`], and
    /// [`SealError::NoRevocationData`] when the organ requires them.
    pub(super) fn check_seal(&self, now: Timestamp) -> Result<(), SealError> {
        let facts = self.seal()?.key.facts();
        if now < facts.not_before {
            let from = facts.not_before;
            return Err(SealError::SealUnavailable(SealDefect::NotYetValid { from }));
        }
        if now > facts.not_after {
            let since = facts.not_after;
            return Err(SealError::SealUnavailable(SealDefect::Expired { since }));
        }
        let rule = self.seat.organ.policy.revocation;
        if rule == RevocationRule::Off {
            return Ok(());
        }
        match (self.seal_is_current(now), rule) {
            (Ok(_), _) => Ok(()),
            (Err(revoked @ NotCurrent::Revoked { .. }), _) => Err(SealError::SealRevoked(revoked)),
            (Err(unproved), RevocationRule::Required) => Err(SealError::NoRevocationData(unproved)),
            (Err(_), _) => Ok(()),
        }
    }

    /// Fresh data that say that the seal is good.
    pub(super) fn seal_is_current(&self, now: Timestamp) -> Result<RevocationData, NotCurrent> {
        let chain = self.seal_chain();
        self.is_current(&chain, now)
    }

    /// Fresh data that say that a chain is good.
    pub(super) fn is_current(
        &self,
        chain: &[Octets],
        now: Timestamp,
    ) -> Result<RevocationData, NotCurrent> {
        let facts = self.seat.seal.as_ref().map(|seal| seal.key.facts());
        match (&self.parts.levels.revocation, facts) {
            (Some(keeper), _) => keeper.current(chain, now),
            (None, Ok(facts)) => Err(NotCurrent::Missing {
                fingerprint: facts.fingerprint,
                subject: facts.common_name.clone(),
            }),
            (None, Err(_)) => Ok(RevocationData::default()),
        }
    }

    /// The seal's certificate and its issuers.
    pub(super) fn seal_chain(&self) -> Vec<Octets> {
        let seal = self.seat.seal.as_ref();
        let chain = seal.map_or(&[][..], |seal| seal.key.chain());
        chain.iter().cloned().map(Octets).collect()
    }

    /// Whether a copy made before is worth nothing any more, because the seal that made it was revoked,
    /// whether it is still in use or has been replaced: then the same request makes another. A timestamp from
    /// before the revocation saves it.
    pub(super) fn is_discredited(&self, record: &CopyRecord, extensions: &[Extension]) -> bool {
        let rule = self.seat.organ.policy.revocation;
        let keeper = self.parts.levels.revocation.as_ref();
        let Some(keeper) = keeper.filter(|_| rule != RevocationRule::Off) else {
            return false;
        };
        let intent = &record.intent;
        let Some(revoked) = keeper.revoked_since(intent.seal.fingerprint) else {
            return false;
        };
        let sealed = (intent.level > SignatureLevel::BB).then_some(record.committed_at);
        let parts = extensions.iter().flat_map(|later| &later.record.parts);
        let archived = parts.filter_map(|part| match part {
            ExtensionPart::Timestamp { time, .. } => Some(*time),
            ExtensionPart::ValidationData { .. } => None,
        });
        sealed
            .into_iter()
            .chain(archived)
            .all(|stamped| revoked <= stamped)
    }
}
