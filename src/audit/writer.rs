//! The one thread that writes: it takes what was told meanwhile, makes lines of it, and puts them on the
//! disk together. One synchronisation serves all who wait; lines that nobody waits for are synchronised
//! within [`TICK`].
//!
//! When the disk is full, what changes something is kept in memory and written as soon as there is room, the
//! rest is counted, and the first line afterwards says how many lines are missing. Until then the log is not
//! available, and no copy is begun.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::auditor::{AuditUnavailable, Clock, Order, State};
use super::entry::{Entry, Event, Fact};
use super::instance::Instance;
use super::keeper::Job;
use super::keys::AuditKeys;
use super::line::{Head, Line};
use super::segments::SegmentFiles;

/// How often there is a look at what is due.
const TICK: Duration = Duration::from_secs(1);
/// Most lines that are written together.
const BATCH: usize = 512;
/// Most lines that are kept in memory until the disk takes them. Copies are refused meanwhile, so these are
/// those that were under way.
const MOST_WAITING: usize = 10_000;

/// When segments end and checkpoints are made.
#[derive(Clone, Copy, Debug)]
pub struct Cadence {
    /// Lines after which a segment ends.
    pub segment_lines: u64,
    /// Bytes after which it ends.
    pub segment_bytes: u64,
    /// Time after which it ends.
    pub segment_time: SignedDuration,
    /// Lines after which there is a checkpoint.
    pub checkpoint_lines: u64,
    /// Time after which there is one, if anything was written.
    pub checkpoint_time: SignedDuration,
}

impl Default for Cadence {
    fn default() -> Self {
        Self {
            segment_lines: 10_000,
            segment_bytes: 4 << 20,
            segment_time: SignedDuration::from_mins(60),
            checkpoint_lines: 1_000,
            checkpoint_time: SignedDuration::from_secs(60),
        }
    }
}

/// Writes the log of an instance.
pub(super) struct Writer {
    parts: WriterParts,
    /// How far the log has come.
    head: Head,
    segment: Segment,
    /// Lines of the last checkpoint, and its time.
    checkpointed: (u64, Timestamp),
    /// Something was appended and may not be on the disk yet.
    unsynced: bool,
    /// What the disk has not taken yet and must not be lost.
    waiting: VecDeque<Entry>,
    /// Lines lost that the log does not tell of yet.
    untold: u64,
    /// Lost lines that the log has told of.
    told: u64,
}

/// The segment that is written.
#[derive(Clone, Copy)]
struct Segment {
    first: u64,
    bytes: u64,
    begun: Timestamp,
}

/// Somebody who waits for a line.
type Waiter = Option<oneshot::Sender<Result<(), AuditUnavailable>>>;

/// What a writer works with.
pub(super) struct WriterParts {
    pub(super) files: Arc<dyn SegmentFiles>,
    pub(super) instance: Instance,
    pub(super) keys: Arc<AuditKeys>,
    pub(super) clock: Clock,
    pub(super) cadence: Cadence,
    pub(super) state: Arc<State>,
    pub(super) jobs: SyncSender<Job>,
    /// Where the log goes on.
    pub(super) head: Head,
}

impl Writer {
    /// One that goes on after `head`, in a segment of its own.
    pub(super) fn new(parts: WriterParts) -> Self {
        let now = (parts.clock)();
        parts.state.lines.store(parts.head.count, Ordering::Relaxed);
        Self {
            segment: Segment::after(&parts.head, now),
            checkpointed: (parts.head.count, now),
            head: parts.head,
            parts,
            unsynced: false,
            waiting: VecDeque::new(),
            untold: 0,
            told: 0,
        }
    }

    /// Works until it is told to stop.
    pub(super) fn work(mut self, orders: &Receiver<Order>) {
        loop {
            let first = match orders.recv_timeout(TICK) {
                Ok(order) => Some(order),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Order::Stop),
            };
            let mut batch = Vec::new();
            let mut stop = false;
            for order in first.into_iter().chain(orders.try_iter().take(BATCH)) {
                match order {
                    Order::Write(entry, waiter) => batch.push((*entry, waiter)),
                    Order::Stop => stop = true,
                }
            }
            let idle = batch.is_empty();
            self.take(batch);
            if idle {
                self.settle();
            }
            self.look_at_what_is_due(stop);
            if stop {
                if !self.waiting.is_empty() {
                    let lines = self.waiting.len();
                    tracing::error!(
                        lines,
                        "lines of the audit log are lost: its disk took them no more"
                    );
                }
                return;
            }
        }
    }

    /// Writes what was told and answers those who wait.
    fn take(&mut self, batch: Vec<(Entry, Waiter)>) {
        self.notice_losses();
        if batch.is_empty() && self.waiting.is_empty() && self.untold == 0 {
            return;
        }
        let somebody_waits = batch.iter().any(|(_, waiter)| waiter.is_some());
        let gap = (self.untold > 0).then(|| {
            let fact = Fact::new(Event::LinesLost).count(self.untold);
            fact.into_entry(&self.parts.keys, (self.parts.clock)())
        });
        let told = batch.iter().map(|(entry, _)| entry);
        let waiting = std::mem::take(&mut self.waiting);
        let entries: Vec<&Entry> = gap.iter().chain(&waiting).chain(told).collect();
        match self.write(&entries, somebody_waits) {
            Ok(()) => {
                self.told += std::mem::take(&mut self.untold);
                self.recovered();
                for waiter in batch.into_iter().filter_map(|(_, waiter)| waiter) {
                    // Whoever has gone away needs no answer.
                    let _ = waiter.send(Ok(()));
                }
            }
            Err(error) => {
                self.failed(&error);
                self.waiting = waiting;
                for (entry, waiter) in batch {
                    self.keep_or_count(entry);
                    if let Some(waiter) = waiter {
                        let _ = waiter.send(Err(AuditUnavailable));
                    }
                }
            }
        }
    }

    /// Lines that did not even reach the writer.
    fn notice_losses(&mut self) {
        let lost = self.parts.state.lost.load(Ordering::Relaxed);
        self.untold = lost.saturating_sub(self.told);
    }

    fn keep_or_count(&mut self, entry: Entry) {
        if entry.event.may_be_lost() || self.waiting.len() >= MOST_WAITING {
            self.parts.state.lost.fetch_add(1, Ordering::Relaxed);
        } else {
            self.waiting.push_back(entry);
        }
    }

    /// Appends lines, all or none, and synchronises them if `now`.
    fn write(&mut self, entries: &[&Entry], now: bool) -> io::Result<()> {
        let mut head = self.head;
        let mut bytes = Vec::new();
        for entry in entries {
            let line = Line::after(&head, &self.parts.instance, (*entry).clone());
            bytes.extend(line.to_json());
            bytes.push(b'\n');
            head = line.head();
        }
        self.parts
            .files
            .append(self.segment.first, self.segment.bytes, &bytes)?;
        if now {
            self.parts.files.sync()?;
        }
        self.unsynced = !now;
        self.segment.bytes += bytes.len() as u64;
        self.head = head;
        self.parts.state.lines.store(head.count, Ordering::Relaxed);
        Ok(())
    }

    /// Puts on the disk what nobody waits for.
    fn settle(&mut self) {
        if !self.unsynced {
            return;
        }
        match self.parts.files.sync() {
            Ok(()) => {
                self.unsynced = false;
                if self.waiting.is_empty() && self.untold == 0 {
                    self.recovered();
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    fn failed(&self, error: &io::Error) {
        if !self.parts.state.failing.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "the audit log cannot be written: no copies are made");
        }
    }

    fn recovered(&self) {
        if self.parts.state.failing.swap(false, Ordering::Relaxed) {
            tracing::info!("the audit log can be written again");
        }
    }

    /// Ends the segment and makes a checkpoint when it is time, or when this is the end.
    fn look_at_what_is_due(&mut self, end: bool) {
        let now = (self.parts.clock)();
        let cadence = self.parts.cadence;
        let new = self.head.count.saturating_sub(self.checkpointed.0);
        let checkpoint = new >= cadence.checkpoint_lines
            || now.duration_since(self.checkpointed.1) >= cadence.checkpoint_time
            || end;
        let next = self.head.count.saturating_add(1);
        let written = next.saturating_sub(self.segment.first);
        let segment = written >= cadence.segment_lines
            || self.segment.bytes >= cadence.segment_bytes
            || now.duration_since(self.segment.begun) >= cadence.segment_time
            || end;
        let (checkpoint, segment) = (checkpoint && new > 0, segment && written > 0);
        if !checkpoint && !segment {
            return;
        }
        self.settle();
        if self.unsynced {
            return;
        }
        if segment {
            // What the keeper cannot hear of now it finds among the files later.
            self.tell_keeper(Job::Segment(self.segment.first), end);
            self.segment = Segment::after(&self.head, now);
        }
        if checkpoint && self.tell_keeper(Job::Checkpoint(self.head, now), end) {
            self.checkpointed = (self.head.count, now);
        }
    }

    fn tell_keeper(&self, job: Job, wait: bool) -> bool {
        match wait {
            true => self.parts.jobs.send(job).is_ok(),
            false => self.parts.jobs.try_send(job).is_ok(),
        }
    }
}

impl Segment {
    const fn after(head: &Head, now: Timestamp) -> Self {
        Self {
            first: head.count.saturating_add(1),
            bytes: 0,
            begun: now,
        }
    }
}
