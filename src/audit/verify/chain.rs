//! Going along one log, line by line, and comparing it with every checkpoint that speaks of it.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;

use super::finding::AuditFinding;
use crate::audit::instance::Instance;
use crate::audit::keys::Reference;
use crate::audit::line::{Head, Line, LineFault};
use crate::audit::segments::lines;
use crate::model::Sha256Digest;

/// Most findings about the lines of one log; whoever shuffles a million lines is found out by the first.
const MOST_FINDINGS: usize = 1000;

/// What authentic checkpoints say about one log: the links that some of its lines have to have.
pub(in crate::audit) type Anchors = BTreeMap<u64, Vec<Sha256Digest>>;

/// What going along a log tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogReport {
    /// Whose log.
    pub instance: Instance,
    /// Lines that are there.
    pub lines: u64,
    /// How far it has come: worth keeping elsewhere.
    pub head: Head,
    /// The last line that a checkpoint proves.
    pub proved: u64,
    /// Lines after that one, which nothing proves yet, and since when.
    pub tail: Option<UnprovedTail>,
    /// Lines of which a checkpoint tells and that are still with their instance, on another machine.
    pub elsewhere: u64,
    /// The newest time that a time-stamp authority has given for one of its checkpoints.
    pub stamped: Option<Timestamp>,
}

/// Lines that no checkpoint proves yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnprovedTail {
    /// How many.
    pub lines: u64,
    /// The time of the first of them.
    pub since: Option<Timestamp>,
}

/// Goes along a log.
pub(in crate::audit) struct Walk<'a> {
    instance: &'a Instance,
    anchors: &'a Anchors,
    /// The number that comes next, and the link that its line has to hang on, where that is known.
    next: u64,
    link: Option<Sha256Digest>,
    lines: u64,
    proved: u64,
    contradicted: bool,
    /// Lines since the last that is proved, and the time of the first.
    unproved: UnprovedTail,
    first_at: Option<Timestamp>,
    /// Findings not made, because there were too many.
    found: usize,
}

impl<'a> Walk<'a> {
    /// From the first line on.
    pub(in crate::audit) const fn new(instance: &'a Instance, anchors: &'a Anchors) -> Self {
        Self {
            instance,
            anchors,
            next: 1,
            link: Some(Head::START.link),
            lines: 0,
            proved: 0,
            contradicted: false,
            unproved: UnprovedTail {
                lines: 0,
                since: None,
            },
            first_at: None,
            found: 0,
        }
    }

    /// From whatever line comes first: a part of a log.
    pub(in crate::audit) const fn from_anywhere(
        instance: &'a Instance,
        anchors: &'a Anchors,
    ) -> Self {
        let mut walk = Self::new(instance, anchors);
        walk.next = 0;
        walk.link = None;
        walk
    }

    /// Goes along a segment.
    pub(in crate::audit) fn segment(
        &mut self,
        first: u64,
        segment: &[u8],
        copies: &mut HashSet<Reference>,
        findings: &mut Vec<AuditFinding>,
    ) {
        let mut is_first = true;
        for bytes in lines(segment) {
            let line = Line::read(bytes);
            if let (true, Ok(line)) = (is_first, &line)
                && line.seq != first
            {
                findings.push(AuditFinding::SegmentMisplaced {
                    instance: self.instance.to_string(),
                    first,
                    found: line.seq,
                });
            }
            is_first = false;
            self.line(first, line, copies, findings);
        }
    }

    /// Goes along one line.
    pub(in crate::audit) fn line(
        &mut self,
        segment: u64,
        line: Result<Line, LineFault>,
        copies: &mut HashSet<Reference>,
        findings: &mut Vec<AuditFinding>,
    ) {
        let line = match line {
            Ok(line) => line,
            Err(fault) => {
                let instance = self.instance.to_string();
                let after = self.next.saturating_sub(1);
                self.find(
                    findings,
                    AuditFinding::LineUnreadable {
                        instance,
                        after,
                        fault,
                    },
                );
                if self.next == 0 {
                    return;
                }
                // Whatever it was, it stood in the place of a line.
                self.next = self.next.saturating_add(1);
                self.link = None;
                return;
            }
        };
        if line.instance != *self.instance {
            let instance = self.instance.to_string();
            let first = segment;
            self.find(findings, AuditFinding::LineForeign { instance, first });
            return;
        }
        if self.next == 0 {
            self.next = line.seq;
        }
        let (instance, seq) = (self.instance.to_string(), line.seq);
        if seq < self.next {
            self.find(findings, AuditFinding::LineMisplaced { instance, seq });
            return;
        }
        if seq > self.next {
            let (from, to) = (self.next, seq.saturating_sub(1));
            self.find(findings, AuditFinding::LinesMissing { instance, from, to });
            self.link = None;
        } else if self.link.is_some_and(|link| link != line.prev) {
            self.find(findings, AuditFinding::ChainBroken { instance, seq });
        }
        self.pass(&line, copies, findings);
    }

    /// Counts a line that stands where it belongs, and compares it with the checkpoints after it.
    fn pass(
        &mut self,
        line: &Line,
        copies: &mut HashSet<Reference>,
        findings: &mut Vec<AuditFinding>,
    ) {
        let link = line.link();
        self.next = line.seq.saturating_add(1);
        self.link = Some(link);
        self.lines += 1;
        let at = line.entry.as_ref().map(|entry| entry.at);
        self.first_at = self.first_at.or(at);
        if self.unproved.lines == 0 {
            self.unproved.since = at;
        }
        self.unproved.lines += 1;
        if let Some(entry) = line.entry.as_ref()
            && entry.event.accounts_for_a_copy()
        {
            copies.extend(entry.copy_ref);
        }
        let Some(said) = self.anchors.get(&line.seq) else {
            return;
        };
        if said.iter().all(|said| *said == link) {
            // A later checkpoint that fits vouches for what it covers, but not after a contradiction.
            if !self.contradicted {
                self.proved = line.seq;
                self.unproved.lines = 0;
            }
        } else if !self.contradicted {
            self.contradicted = true;
            let (instance, count) = (self.instance.to_string(), line.seq);
            findings.push(AuditFinding::CheckpointContradicts { instance, count });
        }
    }

    fn find(&mut self, findings: &mut Vec<AuditFinding>, finding: AuditFinding) {
        self.found += 1;
        if self.found <= MOST_FINDINGS {
            findings.push(finding);
        }
    }

    /// The last line that checkpoints tell of, when it is not there.
    pub(in crate::audit) fn beyond(&self) -> Option<u64> {
        let last = self.anchors.keys().next_back().copied()?;
        (last >= self.next).then_some(last)
    }

    /// The number of the line that would come next.
    pub(in crate::audit) const fn next(&self) -> u64 {
        self.next
    }

    /// The time of its first line.
    pub(in crate::audit) const fn first_at(&self) -> Option<Timestamp> {
        self.first_at
    }

    /// What there is to tell.
    pub(in crate::audit) fn report(&self, elsewhere: u64, stamped: Option<Timestamp>) -> LogReport {
        LogReport {
            instance: self.instance.clone(),
            lines: self.lines,
            head: Head {
                count: self.next.saturating_sub(1),
                link: self.link.unwrap_or(Head::START.link),
            },
            proved: self.proved,
            tail: (self.unproved.lines > 0).then_some(self.unproved),
            elsewhere,
            stamped,
        }
    }
}
