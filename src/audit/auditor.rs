//! The handle by which everybody tells the log what happened.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::entry::{Entry, Fact};
use super::keys::AuditKeys;

/// The line could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the audit log cannot be written now")]
pub struct AuditUnavailable;

/// Tells the log what happened. Cheap to clone.
#[derive(Clone, Default)]
pub struct Auditor(Option<Arc<Inner>>);

struct Inner {
    keys: Arc<AuditKeys>,
    clock: Clock,
    orders: SyncSender<Order>,
    state: Arc<State>,
}

/// Tells the calendar time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the writer is told.
pub(super) enum Order {
    /// Write a line; answer once it is on the disk, if anybody waits.
    Write(
        Box<Entry>,
        Option<oneshot::Sender<Result<(), AuditUnavailable>>>,
    ),
    /// Write what is left and stop.
    Stop,
}

/// How the log is doing, shared with its writer.
#[derive(Default)]
pub(super) struct State {
    pub(super) failing: AtomicBool,
    pub(super) lost: AtomicU64,
    pub(super) lines: AtomicU64,
}

/// A line on its way to the disk. Whoever drops it gives up waiting, not the line.
#[must_use = "the line may not stand yet"]
pub struct Told(Outcome);

enum Outcome {
    Known(Result<(), AuditUnavailable>),
    Awaited(oneshot::Receiver<Result<(), AuditUnavailable>>),
}

impl Auditor {
    /// One that writes nothing, because nobody wants a log.
    pub const fn off() -> Self {
        Self(None)
    }

    pub(super) fn new(
        keys: Arc<AuditKeys>,
        clock: Clock,
        orders: SyncSender<Order>,
        state: Arc<State>,
    ) -> Self {
        Self(Some(Arc::new(Inner {
            keys,
            clock,
            orders,
            state,
        })))
    }

    /// Whether lines can be written, as far as is known: asked before a copy is begun.
    pub fn is_available(&self) -> bool {
        let inner = self.0.as_ref();
        inner.is_none_or(|inner| !inner.state.failing.load(Ordering::Relaxed))
    }

    /// Lines that could not be written since the start; each gap is also told in the log itself.
    pub fn lost(&self) -> u64 {
        let inner = self.0.as_ref();
        inner.map_or(0, |inner| inner.state.lost.load(Ordering::Relaxed))
    }

    /// Lines in the log of this instance.
    pub fn lines(&self) -> u64 {
        let inner = self.0.as_ref();
        inner.map_or(0, |inner| inner.state.lines.load(Ordering::Relaxed))
    }

    /// Tells something that nobody waits for: it is on the disk within a second. Never blocks.
    pub fn tell(&self, fact: Fact) {
        if let Some(inner) = &self.0 {
            // What the writer cannot take is counted.
            let _ = inner.send(fact, None);
        }
    }

    /// Tells something that has to stand before anybody hears of it. Never blocks; [`Told`] is waited for.
    pub fn tell_first(&self, fact: Fact) -> Told {
        let Some(inner) = &self.0 else {
            return Told(Outcome::Known(Ok(())));
        };
        let (answer, heard) = oneshot::channel();
        match inner.send(fact, Some(answer)) {
            Ok(()) => Told(Outcome::Awaited(heard)),
            Err(unavailable) => Told(Outcome::Known(Err(unavailable))),
        }
    }

    /// Tells the writer to write what is left and stop. [`super::Shift`] waits for it.
    pub(super) fn stop(&self) {
        if let Some(inner) = &self.0 {
            // A writer that is gone has stopped.
            let _ = inner.orders.send(Order::Stop);
        }
    }
}

impl Inner {
    fn send(
        &self,
        fact: Fact,
        answer: Option<oneshot::Sender<Result<(), AuditUnavailable>>>,
    ) -> Result<(), AuditUnavailable> {
        let entry = Box::new(fact.into_entry(&self.keys, (self.clock)()));
        let order = Order::Write(entry, answer);
        match self.orders.try_send(order) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.state.lost.fetch_add(1, Ordering::Relaxed);
                Err(AuditUnavailable)
            }
        }
    }
}

impl Told {
    /// Returns once the line is on the disk.
    ///
    /// # Errors
    /// [`AuditUnavailable`].
    pub async fn kept(self) -> Result<(), AuditUnavailable> {
        match self.0 {
            Outcome::Known(outcome) => outcome,
            Outcome::Awaited(heard) => heard.await.unwrap_or(Err(AuditUnavailable)),
        }
    }

    /// The same for a thread that may block.
    ///
    /// # Errors
    /// [`AuditUnavailable`].
    pub fn wait(self) -> Result<(), AuditUnavailable> {
        match self.0 {
            Outcome::Known(outcome) => outcome,
            Outcome::Awaited(heard) => heard.blocking_recv().unwrap_or(Err(AuditUnavailable)),
        }
    }
}

impl std::fmt::Debug for Auditor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() {
            "Auditor"
        } else {
            "Auditor(off)"
        })
    }
}
