//! Reading a log back: every line against the one before it, every checkpoint against its line, every copy
//! against the lines.
//!
//! Checkpoints are read before lines, and copies are listed before both, so that what is written meanwhile
//! is never taken for missing. Lines of an instance that runs elsewhere come into the archive with their
//! segment; until then its checkpoints tell of lines that are not to be seen here, which is no finding
//! while it can be so.

mod chain;
mod evidence;
mod finding;
mod log;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

pub(super) use chain::Walk;
pub use chain::{LogReport, UnprovedTail};
use evidence::AboutLog;
pub(super) use evidence::Testimony;
pub use finding::AuditFinding;
pub(super) use log::{Log, archived_segments};

use super::checkpoint::Checkpoint;
use super::instance::Instance;
use super::keys::{AuditKeys, Reference};
use super::segments::SegmentFiles;
use crate::archive::{Archive, ArchiveError, CodeIndex, LookUp};
use crate::pki::Anchors;

/// A copy this young may be answered for by a line that is on its way.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_secs(2);

/// What a log is verified with.
pub struct Sources<'a> {
    /// The archive, with copies, segments and checkpoints.
    pub archive: &'a Archive,
    /// Where segments and checkpoints are when the archive keeps nothing; else the same.
    pub shelf: &'a Archive,
    /// The logs that are on this machine.
    pub files: BTreeMap<Instance, Arc<dyn SegmentFiles>>,
    /// The audit keys.
    pub keys: &'a AuditKeys,
    /// Whose timestamps are believed.
    pub anchors: &'a Anchors,
    /// Checkpoints that were kept elsewhere.
    pub known: Vec<Checkpoint>,
    /// The time.
    pub now: Timestamp,
    /// How long lines of an instance elsewhere may stay with it.
    pub patience: SignedDuration,
}

/// What verifying found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Every log, by its instance.
    pub logs: Vec<LogReport>,
    /// Copies of which a line tells.
    pub copies: u64,
    /// Copies that are older than the log.
    pub older: u64,
    /// Copies whose line may still be with an instance elsewhere.
    pub pending: u64,
    /// What shows that something was changed. Empty when all is well.
    pub findings: Vec<AuditFinding>,
}

/// Verifies all logs there are.
///
/// # Errors
/// [`ArchiveError`] when the archive does not answer.
pub fn verify(
    sources: &Sources<'_>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Verification, ArchiveError> {
    let mut verification = Verification::default();
    let findings = &mut verification.findings;
    let copies = match sources.archive.keeps_copies() {
        true => sources.archive.copies(None)?,
        false => Vec::new(),
    };
    let mut testimony =
        Testimony::of_archive(sources.shelf, sources.keys, sources.anchors, findings)?;
    for checkpoint in &sources.known {
        testimony.believe(checkpoint.clone());
    }
    let segments = archived_segments(sources.shelf)?;
    let instances: BTreeSet<&Instance> = testimony
        .logs
        .keys()
        .chain(segments.keys())
        .chain(sources.files.keys())
        .collect();

    let unknown = AboutLog::default();
    let (mut accounted, mut begins) = (HashSet::new(), None);
    let mut lines_elsewhere = false;
    progress(0, instances.len());
    for (done, instance) in instances.iter().enumerate() {
        let about = testimony.logs.get(*instance).unwrap_or(&unknown);
        let log = Log::open(instance, sources, &segments, findings);
        let (report, first_at) = log.verify(about, sources, &mut accounted, findings)?;
        begins = [begins, first_at].into_iter().flatten().min();
        lines_elsewhere |= !log.is_here();
        // A log that is gone is a finding and no report.
        verification.logs.extend(report);
        progress(done + 1, instances.len());
    }
    let young = match lines_elsewhere {
        true => sources.patience,
        false => ON_ITS_WAY,
    };
    let account = Account {
        sources,
        accounted: &accounted,
        begins,
        young,
    };
    account.settle(&copies, &mut verification)?;
    Ok(verification)
}

/// Copies and the lines that tell of them.
struct Account<'a> {
    sources: &'a Sources<'a>,
    accounted: &'a HashSet<Reference>,
    /// The time of the first line of all.
    begins: Option<Timestamp>,
    /// A copy younger than this may have its line where it is not to be seen.
    young: SignedDuration,
}

impl Account<'_> {
    fn settle(
        &self,
        copies: &[CodeIndex],
        verification: &mut Verification,
    ) -> Result<(), ArchiveError> {
        if self.begins.is_none() && !copies.is_empty() {
            verification.findings.push(AuditFinding::LogMissing);
            return Ok(());
        }
        for index in copies.iter().copied() {
            let mut references = self.sources.keys.copy_under_each(index);
            if references.any(|reference| self.accounted.contains(&reference)) {
                verification.copies += 1;
                continue;
            }
            // What cannot be read is found by `segell archive check`.
            let found = match self.sources.archive.look_up(index, self.sources.now) {
                Err(ArchiveError::Corrupt(_)) => continue,
                found => found?,
            };
            let LookUp::Committed { record, .. } = found else {
                continue;
            };
            let committed_at = record.committed_at;
            // Records tell whole seconds: a copy of the second in which the log begins is not older than it.
            let is_older = |begins: Timestamp| committed_at.as_second() < begins.as_second();
            if self.begins.is_some_and(is_older) {
                verification.older += 1;
            } else if self.sources.now.duration_since(committed_at) < self.young {
                verification.pending += 1;
            } else {
                verification.findings.push(AuditFinding::CopyWithoutLine {
                    index,
                    organ: record.intent.organ,
                    committed_at,
                });
            }
        }
        Ok(())
    }
}
