//! The thread that brings closed segments and checkpoints into the archive, so that nobody who writes waits
//! for a store. What the archive does not take now it is offered again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use bytes::Bytes;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::auditor::{Auditor, Clock};
use super::checkpoint::{Checkpoint, KnownHead, Statement};
use super::entry::{Event, Fact};
use super::instance::Instance;
use super::keys::AuditKeys;
use super::line::{Head, Line};
use super::segments::{SegmentFiles, last_head, lines};
use crate::archive::{Archive, ArchiveError, AuditObject, AuditShelf};
use crate::cades::{Imprint, TimestampToken};
use crate::model::algorithm::DigestAlgorithm;

/// How long what the archive did not take waits until it is offered again.
const AGAIN: Duration = Duration::from_secs(30);
/// Time between two tries to have a checkpoint time-stamped.
const STAMP_AGAIN: SignedDuration = SignedDuration::from_mins(10);
/// Days whose checkpoints are looked at when an instance starts, and for which others are told of.
const DAYS_BACK: i64 = 7;

/// Asks a time-stamp authority (RFC 3161) and waits for it.
pub type Stamp = Arc<dyn Fn(&Imprint) -> Result<TimestampToken, String> + Send + Sync>;

/// What there is to do.
pub(super) enum Job {
    /// The segment that begins with this line was closed.
    Segment(u64),
    /// A checkpoint is due: the log had come so far at this time.
    Checkpoint(Head, Timestamp),
}

/// What a keeper works with.
pub(super) struct KeeperParts {
    pub(super) files: Arc<dyn SegmentFiles>,
    pub(super) instance: Instance,
    pub(super) keys: Arc<AuditKeys>,
    pub(super) archive: Arc<Archive>,
    pub(super) stamp: Option<Stamp>,
    pub(super) clock: Clock,
    /// How long segments stay on this machine once the archive holds them; for ever without.
    pub(super) keep: Option<SignedDuration>,
}

/// Keeps what an instance has written.
pub(super) struct Keeper {
    parts: KeeperParts,
    /// Closed segments that the archive does not hold yet.
    owed: BTreeSet<u64>,
    /// The checkpoint that it does not hold yet; a later one takes its place.
    due: Option<(Head, Timestamp)>,
    /// How far the others had come, as of their last checkpoint in recent days.
    others: BTreeMap<Instance, Known>,
    /// The last day on which a checkpoint was stamped, and the last try.
    stamped: Option<Date>,
    tried: Option<Timestamp>,
    /// The last day on which old segments were looked for.
    pruned: Option<Date>,
    /// The archive did not take something, and it was said.
    complained: bool,
}

/// What another instance's checkpoint said.
struct Known {
    head: Head,
    at: Timestamp,
}

impl Keeper {
    /// One that knows what the archive holds already, and how far this instance had come according to it.
    pub(super) fn new(parts: KeeperParts, local: Option<Head>) -> (Self, Head) {
        let mut keeper = Self {
            parts,
            owed: BTreeSet::new(),
            due: None,
            others: BTreeMap::new(),
            stamped: None,
            tried: None,
            pruned: None,
            complained: false,
        };
        let found = keeper.look_around(local.is_none());
        let archived = found.unwrap_or_else(|error| {
            tracing::warn!(%error, "the archive does not tell how far the audit log had come");
            None
        });
        // What the archive proves counts, even when the files have become shorter: the gap shows.
        let head = [local, archived]
            .into_iter()
            .flatten()
            .max_by_key(|head| head.count);
        (keeper, head.unwrap_or(Head::START))
    }

    /// Looks what the archive holds of this instance, and of the others in recent days.
    fn look_around(&mut self, is_new_here: bool) -> Result<Option<Head>, ArchiveError> {
        let parts = &self.parts;
        let (archive, instance) = (&parts.archive, &parts.instance);
        let held = archive.audit_objects(&AuditShelf::SegmentsOf(instance.to_string()))?;
        let last = held.last().cloned();
        let held: BTreeSet<u64> = held.iter().filter_map(first_of).collect();
        self.owed = parts
            .files
            .segments()
            .unwrap_or_default()
            .into_iter()
            .collect();
        self.owed.retain(|first| !held.contains(first));
        let today = day(&(parts.clock)());
        let days = (0..=DAYS_BACK).map(|back| jiff::Span::new().days(back));
        let mut checkpoints = Vec::new();
        for day in days.filter_map(|back| today.checked_sub(back).ok()) {
            checkpoints.extend(archive.audit_objects(&AuditShelf::CheckpointsOf(day))?);
        }
        // Only who has written before and has lost its disk looks through years.
        let is_lost = is_new_here && !held.is_empty();
        if is_lost {
            let all = archive.audit_objects(&AuditShelf::Checkpoints)?;
            checkpoints.extend(all.into_iter().filter(|object| is_of(object, instance)));
        }
        self.stamped = checkpoints
            .iter()
            .filter(|object| is_of(object, &self.parts.instance))
            .filter_map(|object| match object {
                AuditObject::Token { day, .. } => Some(*day),
                AuditObject::Checkpoint { .. } | AuditObject::Segment { .. } => None,
            })
            .max();
        self.learn(checkpoints)?;
        let own = self.others.remove(&self.parts.instance);
        let own = own.map(|known| known.head);
        let closed = match last {
            Some(object) if is_lost => self.head_of_segment(&object)?,
            _ => None,
        };
        Ok([own, closed]
            .into_iter()
            .flatten()
            .max_by_key(|head| head.count))
    }

    fn head_of_segment(&self, object: &AuditObject) -> Result<Option<Head>, ArchiveError> {
        let body = self.parts.archive.audit_object(object)?;
        let first = first_of(object).unwrap_or_default();
        // One that cannot be read is found by whoever verifies.
        Ok(body.and_then(|body| last_head(&body, first, &self.parts.instance).ok().flatten()))
    }

    /// Learns from the latest of these checkpoints of each instance how far it had come.
    fn learn(&mut self, checkpoints: Vec<AuditObject>) -> Result<(), ArchiveError> {
        let mut latest: BTreeMap<String, (u64, AuditObject)> = BTreeMap::new();
        for object in checkpoints {
            if let AuditObject::Checkpoint {
                instance, count, ..
            } = &object
            {
                let known = latest.get(instance).map_or(0, |(known, _)| *known);
                if *count > known {
                    latest.insert(instance.clone(), (*count, object));
                }
            }
        }
        for (instance, (count, object)) in latest {
            let Ok(instance) = instance.parse::<Instance>() else {
                continue;
            };
            if self
                .others
                .get(&instance)
                .is_some_and(|known| known.head.count >= count)
            {
                continue;
            }
            let body = self.parts.archive.audit_object(&object)?;
            let read = body.map(|body| Checkpoint::read(&body, &self.parts.keys));
            match read {
                Some(Ok(checkpoint)) if checkpoint.statement.instance == instance => {
                    let (head, at) = (checkpoint.statement.head, checkpoint.statement.at);
                    self.others.insert(instance, Known { head, at });
                }
                Some(Ok(_) | Err(_)) => {
                    tracing::error!(%instance, count, "a checkpoint of the audit log is not authentic");
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Works until the writer has stopped.
    pub(super) fn work(mut self, jobs: &Receiver<Job>, auditor: &Auditor) {
        loop {
            let job = jobs.recv_timeout(AGAIN);
            let end = matches!(job, Err(RecvTimeoutError::Disconnected));
            for job in job.into_iter().chain(jobs.try_iter()) {
                match job {
                    Job::Segment(first) => {
                        self.owed.insert(first);
                    }
                    Job::Checkpoint(head, at) => self.due = Some((head, at)),
                }
            }
            match self.settle(auditor) {
                Ok(()) => self.complained = false,
                Err(error) if !self.complained => {
                    self.complained = true;
                    tracing::error!(%error, "the archive does not take the audit log now");
                }
                Err(_) => {}
            }
            if end {
                return;
            }
        }
    }

    /// Offers the archive what it does not hold yet.
    fn settle(&mut self, auditor: &Auditor) -> Result<(), ArchiveError> {
        for first in self.owed.clone() {
            self.keep_segment(first)?;
            self.owed.remove(&first);
        }
        let Some((head, at)) = self.due else {
            return Ok(());
        };
        let (object, body) = self.checkpoint(head, at)?;
        if !self.parts.archive.keep_audit(&object, &body)? {
            tracing::error!(
                count = head.count,
                "another checkpoint stands in the archive"
            );
        }
        self.due = None;
        self.stamp(&object, &body, auditor)?;
        self.prune(day(&at))
    }

    fn keep_segment(&self, first: u64) -> Result<(), ArchiveError> {
        let segment = match self.parts.files.read(first) {
            Ok(segment) => segment,
            Err(error) => {
                tracing::error!(%error, first, "a segment of the audit log cannot be read");
                return Ok(());
            }
        };
        if segment.is_empty() {
            return Ok(());
        }
        if !self
            .parts
            .archive
            .keep_audit(&self.segment(first), &Bytes::from(segment))?
        {
            tracing::error!(
                first,
                "another segment of the audit log stands in the archive"
            );
        }
        Ok(())
    }

    fn checkpoint(
        &mut self,
        head: Head,
        at: Timestamp,
    ) -> Result<(AuditObject, Bytes), ArchiveError> {
        let today = day(&at);
        for day in [Some(today), today.yesterday().ok()].into_iter().flatten() {
            let objects = self
                .parts
                .archive
                .audit_objects(&AuditShelf::CheckpointsOf(day))?;
            self.learn(objects)?;
        }
        self.others.remove(&self.parts.instance);
        // Whoever has been silent for longer is told of in earlier checkpoints.
        let recently = SignedDuration::from_hours(24 * DAYS_BACK);
        self.others
            .retain(|_, known| at.duration_since(known.at) <= recently);
        let others = self.others.iter().map(|(instance, known)| KnownHead {
            instance: instance.clone(),
            head: known.head,
        });
        let statement = Statement {
            instance: self.parts.instance.clone(),
            head,
            at,
            others: others.collect(),
        };
        let object = AuditObject::Checkpoint {
            day: today,
            instance: self.parts.instance.to_string(),
            count: head.count,
        };
        let checkpoint = Checkpoint::new(statement, &self.parts.keys);
        Ok((object, Bytes::from(checkpoint.to_json())))
    }

    /// Has the first checkpoint of a day time-stamped, where there is an authority.
    fn stamp(
        &mut self,
        object: &AuditObject,
        body: &Bytes,
        auditor: &Auditor,
    ) -> Result<(), ArchiveError> {
        let AuditObject::Checkpoint {
            day,
            instance,
            count,
        } = object
        else {
            return Ok(());
        };
        let now = (self.parts.clock)();
        let lately = |tried: Timestamp| now.duration_since(tried) < STAMP_AGAIN;
        let (Some(stamp), true) = (
            &self.parts.stamp,
            self.stamped < Some(*day) && !self.tried.is_some_and(lately),
        ) else {
            return Ok(());
        };
        self.tried = Some(now);
        let fact = Fact::new(Event::CheckpointStamped).count(*count);
        match stamp(&Imprint::of(DigestAlgorithm::Sha256, body)) {
            Ok(token) => {
                let token_object = AuditObject::Token {
                    day: *day,
                    instance: instance.clone(),
                    count: *count,
                };
                self.parts
                    .archive
                    .keep_audit(&token_object, &Bytes::from(token.der))?;
                self.stamped = Some(*day);
                auditor.tell(fact.outcome("stamped"));
            }
            Err(cause) => {
                tracing::warn!(%cause, "the checkpoint of the audit log was not time-stamped");
                auditor.tell(fact.outcome("failed"));
            }
        }
        Ok(())
    }

    /// Removes old segments from this machine, of which the archive holds every byte. Once a day; the last
    /// one stays, because the log goes on from it.
    fn prune(&mut self, today: Date) -> Result<(), ArchiveError> {
        let (Some(keep), true) = (self.parts.keep, self.pruned < Some(today)) else {
            return Ok(());
        };
        self.pruned = Some(today);
        let now = (self.parts.clock)();
        let segments = self.parts.files.segments().unwrap_or_default();
        for first in segments.iter().rev().skip(1).copied() {
            let Ok(segment) = self.parts.files.read(first) else {
                continue;
            };
            let last = lines(&segment)
                .last()
                .and_then(|line| Line::read(line).ok());
            let written = last.and_then(|line| line.entry).map(|entry| entry.at);
            if written.is_none_or(|at| now.duration_since(at) <= keep) {
                continue;
            }
            let held = self.parts.archive.audit_object(&self.segment(first))?;
            if held.is_some_and(|held| held == segment)
                && let Err(error) = self.parts.files.remove(first)
            {
                tracing::warn!(%error, first, "an old segment of the audit log cannot be removed");
            }
        }
        Ok(())
    }

    fn segment(&self, first: u64) -> AuditObject {
        AuditObject::Segment {
            instance: self.parts.instance.to_string(),
            first,
        }
    }
}

fn first_of(object: &AuditObject) -> Option<u64> {
    match object {
        AuditObject::Segment { first, .. } => Some(*first),
        AuditObject::Checkpoint { .. } | AuditObject::Token { .. } => None,
    }
}

fn is_of(object: &AuditObject, whose: &Instance) -> bool {
    match object {
        AuditObject::Segment { instance, .. }
        | AuditObject::Checkpoint { instance, .. }
        | AuditObject::Token { instance, .. } => instance == whose.as_str(),
    }
}

/// The day (UTC).
pub(super) fn day(at: &Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
