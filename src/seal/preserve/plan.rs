//! What a copy needs, from what is known of it.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::{PreserveError, SOFTWARE};
use crate::archive::Standing;
use crate::model::SignatureLevel;
use crate::validate::evidence::{Evidence, SignatureEvidence};
use crate::validate::policy::DEFAULT;
use crate::validate::report::Role;
use crate::validate::{Due, Indication, Options, Renewal, judge};

/// What a copy needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing now.
    Nothing,
    /// To be raised from this level.
    Raise(SignatureLevel),
    /// Its archive timestamp renewed.
    Renew,
}

/// One revision to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// Validation data for everything that was signed so far.
    Data,
    /// A document timestamp over everything so far.
    Timestamp,
    /// Validation data for the authority of the newest document timestamp, if they can be had: the next
    /// renewal brings them anyway, but until then whoever looks nothing up would know nothing of it.
    AuthorityData,
}

/// The level of the newest version, as it was recorded.
pub(super) fn level_on_record(standing: &Standing) -> SignatureLevel {
    standing
        .extensions
        .last()
        .map_or(standing.record.intent.level, |newest| newest.record.level)
}

/// From when on the archive timestamp is renewed, as it was recorded.
pub(super) fn renewed_from(standing: &Standing, lead: SignedDuration) -> Option<Timestamp> {
    let newest = &standing.extensions.last()?.record;
    let renewal = Renewal {
        stamped: newest.stored_at,
        ends: newest.renew_before?,
        reason: crate::validate::EndOfProof::Certificate,
    };
    Some(renewal.begins(lead))
}

/// Whether the records alone say that there is nothing to do. Those of an older software are not believed:
/// the terms of algorithms may have changed since.
pub(super) fn is_kept(
    standing: &Standing,
    level: SignatureLevel,
    lead: SignedDuration,
    now: Timestamp,
) -> bool {
    let Some(newest) = standing.extensions.last() else {
        // One with an archive timestamp has to be read: when that ends is not in its record.
        let has = standing.record.intent.level;
        return has >= level && has < SignatureLevel::BLta;
    };
    let begins = renewed_from(standing, lead);
    newest.record.software == SOFTWARE
        && newest.record.level >= level
        && begins.is_none_or(|begins| now < begins)
}

/// A copy as its bytes show it.
pub(super) struct Findings {
    pub(super) level: SignatureLevel,
    pub(super) renewal: Option<Renewal>,
}

/// Judges a copy before anything is appended to it, or after.
///
/// # Errors
/// [`PreserveError::Unsound`], [`PreserveError::TooLate`].
pub(super) fn examine(evidence: &Evidence, now: Timestamp) -> Result<Findings, PreserveError> {
    let options = Options {
        validation_time: Some(now),
        policy: &DEFAULT,
    };
    let report = judge(evidence, &options);
    let seal = report
        .signatures
        .iter()
        .find(|signature| signature.role == Role::CopySeal)
        .ok_or(PreserveError::Unsound)?;
    let level = seal.level.ok_or(PreserveError::Unsound)?;
    if seal.indication == Indication::TotalFailed {
        return Err(PreserveError::Unsound);
    }
    // Without a timestamp from before its end, no later one can show that the seal was good.
    let best = seal.best_signature_time.unwrap_or(now);
    let ends = seal_of(evidence).and_then(|seal| {
        let leaf = seal.paths.first()?.links.first()?;
        Some(leaf.facts.not_after)
    });
    if let Some(end) = ends.filter(|end| best > *end) {
        return Err(PreserveError::TooLate(end));
    }
    Ok(Findings {
        level,
        renewal: Renewal::of(evidence, &DEFAULT),
    })
}

/// The copy's own seal.
pub(super) fn seal_of(evidence: &Evidence) -> Option<&SignatureEvidence> {
    let mut signatures = evidence.signatures.iter();
    signatures.find(|signature| {
        signature.registered_for.is_some()
            && evidence
                .identity
                .copy()
                .is_none_or(|copy| signature.end() > Some(copy.source_size))
    })
}

/// What has to be appended, in order, to a copy of this level.
///
/// A copy without any timestamp gets one first: it proves the time of the seal, which a seal of level B-B
/// does not (the place of the signature timestamp is inside the signature, and nothing is changed there).
pub(super) fn tasks(
    findings: &Findings,
    level: SignatureLevel,
    lead: SignedDuration,
    now: Timestamp,
) -> (Need, VecDeque<Task>) {
    use SignatureLevel::{BB, BLt, BLta, BT};
    let mut tasks = VecDeque::new();
    if findings.level == BLta {
        let due = findings.renewal.map(|renewal| renewal.due(lead, now));
        if due.is_some_and(|due| due == Due::Now) {
            tasks.extend([Task::Data, Task::Timestamp]);
            return (Need::Renew, tasks);
        }
        return (Need::Nothing, tasks);
    }
    if findings.level < BT && level >= BT {
        tasks.push_back(Task::Timestamp);
    }
    if findings.level < BLt && level >= BLt {
        tasks.push_back(Task::Data);
    }
    if level >= BLta {
        tasks.push_back(Task::Timestamp);
    }
    let need = match tasks.is_empty() {
        true => Need::Nothing,
        false => Need::Raise(findings.level.max(BB)),
    };
    (need, tasks)
}
