//! One log, put together from the archive and from the files on this machine.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;

use super::Sources;
use super::chain::{LogReport, Walk};
use super::evidence::AboutLog;
use super::finding::AuditFinding;
use crate::archive::{Archive, ArchiveError, AuditObject, AuditShelf};
use crate::audit::instance::Instance;
use crate::audit::keys::Reference;
use crate::audit::segments::{SegmentFiles, whole_lines};

/// The first lines of the segments that the archive holds, by instance.
pub(in crate::audit) type Archived = BTreeMap<Instance, BTreeSet<u64>>;

/// What the archive holds.
pub(in crate::audit) fn archived_segments(archive: &Archive) -> Result<Archived, ArchiveError> {
    let mut segments = Archived::new();
    for object in archive.audit_objects(&AuditShelf::Segments)? {
        if let AuditObject::Segment { instance, first } = object
            && let Ok(instance) = instance.parse()
        {
            segments.entry(instance).or_default().insert(first);
        }
    }
    Ok(segments)
}

/// All there is of one log.
pub(in crate::audit) struct Log<'a> {
    instance: &'a Instance,
    archive: &'a Archive,
    archived: BTreeSet<u64>,
    files: Option<&'a dyn SegmentFiles>,
    local: BTreeSet<u64>,
}

impl<'a> Log<'a> {
    /// The log of an instance.
    pub(in crate::audit) fn open(
        instance: &'a Instance,
        sources: &'a Sources<'_>,
        archived: &Archived,
        findings: &mut Vec<AuditFinding>,
    ) -> Self {
        let files = sources.files.get(instance).map(|files| &**files);
        let mut log = Self {
            instance,
            archive: sources.shelf,
            archived: archived.get(instance).cloned().unwrap_or_default(),
            files,
            local: BTreeSet::new(),
        };
        match files.map(SegmentFiles::segments) {
            Some(Ok(local)) => log.local.extend(local),
            Some(Err(error)) => findings.push(log.unreadable(0, &error)),
            None => {}
        }
        log
    }

    /// Whether its instance writes on this machine.
    pub(in crate::audit) const fn is_here(&self) -> bool {
        self.files.is_some()
    }

    /// The first lines of its segments, in order.
    pub(in crate::audit) fn segments(&self) -> impl Iterator<Item = u64> {
        self.archived.union(&self.local).copied()
    }

    /// Goes along it. Also the time of its first line; no report of a log that is gone.
    pub(in crate::audit) fn verify(
        &self,
        about: &AboutLog,
        sources: &Sources<'_>,
        copies: &mut HashSet<Reference>,
        findings: &mut Vec<AuditFinding>,
    ) -> Result<(Option<LogReport>, Option<Timestamp>), ArchiveError> {
        let mut walk = Walk::new(self.instance, &about.links);
        for first in self.segments() {
            if let Some(segment) = self.segment(first, findings)? {
                walk.segment(first, &segment, copies, findings);
            }
        }
        let mut elsewhere = 0;
        if let Some(last) = walk.beyond() {
            let (from, to) = (walk.next(), last);
            let instance = self.instance.to_string();
            if from == 1 && about.own.is_none() {
                findings.push(AuditFinding::InstanceMissing {
                    instance,
                    count: to,
                });
                return Ok((None, None));
            }
            let lately = |at: Timestamp| sources.now.duration_since(at) < sources.patience;
            if !self.is_here() && about.own.is_some_and(lately) {
                elsewhere = to.saturating_sub(from).saturating_add(1);
            } else {
                findings.push(AuditFinding::LinesMissing { instance, from, to });
            }
        }
        let report = walk.report(elsewhere, about.stamped);
        Ok((Some(report), walk.first_at()))
    }

    /// A segment, from the archive where it is there too: that one cannot be replaced.
    pub(in crate::audit) fn segment(
        &self,
        first: u64,
        findings: &mut Vec<AuditFinding>,
    ) -> Result<Option<Vec<u8>>, ArchiveError> {
        let here = match self.files.filter(|_| self.local.contains(&first)) {
            None => None,
            Some(files) => match files.read(first) {
                // Whoever was killed in the middle of a line told nobody that it stands.
                Ok(segment) => Some(whole_lines(&segment).to_vec()),
                Err(error) => {
                    findings.push(self.unreadable(first, &error));
                    None
                }
            },
        };
        if !self.archived.contains(&first) {
            return Ok(here);
        }
        let object = AuditObject::Segment {
            instance: self.instance.to_string(),
            first,
        };
        let kept = self.archive.audit_object(&object)?;
        if let (Some(kept), Some(here)) = (&kept, &here)
            && kept != here
        {
            let instance = self.instance.to_string();
            findings.push(AuditFinding::SegmentDiffers { instance, first });
        }
        Ok(kept.map(|kept| kept.to_vec()).or(here))
    }

    fn unreadable(&self, first: u64, error: &std::io::Error) -> AuditFinding {
        AuditFinding::SegmentUnreadable {
            instance: self.instance.to_string(),
            first,
            cause: error.to_string(),
        }
    }
}
