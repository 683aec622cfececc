//! Beginning to write a log, and ending it.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::thread;
use std::time::Duration;

use jiff::SignedDuration;

use super::auditor::{Auditor, Clock, State};
use super::instance::Instance;
use super::keeper::{Keeper, KeeperParts, Stamp};
use super::keys::AuditKeys;
use super::segments::{SegmentFiles, Unresumable, resume};
use super::writer::{Cadence, Writer, WriterParts};
use crate::archive::Archive;

/// Lines that may wait for the writer; a writer that is that far behind hangs on its disk.
const ORDERS: usize = 8192;
/// Jobs that may wait for the keeper. What does not fit is found again.
const JOBS: usize = 64;
/// How long the end may take: a store that does not answer gets the rest at the next start.
const ENDING: Duration = Duration::from_secs(15);

/// What a log is written with.
pub struct AuditParts {
    /// Where.
    pub files: Arc<dyn SegmentFiles>,
    /// Under which name, which nobody else uses meanwhile.
    pub instance: Instance,
    /// The audit keys.
    pub keys: Arc<AuditKeys>,
    /// Where segments and checkpoints are kept.
    pub archive: Arc<Archive>,
    /// Who time-stamps a checkpoint a day; nobody without.
    pub stamp: Option<Stamp>,
    /// The calendar.
    pub clock: Clock,
    /// When segments end and checkpoints are made.
    pub cadence: Cadence,
    /// How long segments stay on this machine once the archive holds them; for ever without.
    pub keep: Option<SignedDuration>,
}

/// A log that is being written. Dropping it writes what is left, closes the segment, makes a last checkpoint
/// and waits for the archive a little.
pub struct Shift {
    auditor: Auditor,
    ended: Receiver<()>,
}

/// Begins to write, where the log had come to before. Blocks while it looks around in the archive; to be
/// called from a thread that may.
///
/// # Errors
/// [`Unresumable`].
pub fn begin(parts: AuditParts) -> Result<(Auditor, Shift), Unresumable> {
    let local = resume(&*parts.files, &parts.instance)?;
    let keeper = KeeperParts {
        files: Arc::clone(&parts.files),
        instance: parts.instance.clone(),
        keys: Arc::clone(&parts.keys),
        archive: parts.archive,
        stamp: parts.stamp,
        clock: Arc::clone(&parts.clock),
        keep: parts.keep,
    };
    let (keeper, head) = Keeper::new(keeper, local);
    let (orders, received) = sync_channel(ORDERS);
    let (jobs, due) = sync_channel(JOBS);
    let state = Arc::new(State::default());
    let auditor = Auditor::new(
        Arc::clone(&parts.keys),
        Arc::clone(&parts.clock),
        orders,
        Arc::clone(&state),
    );
    let writer = Writer::new(WriterParts {
        files: parts.files,
        instance: parts.instance,
        keys: parts.keys,
        clock: parts.clock,
        cadence: parts.cadence,
        state,
        jobs,
        head,
    });
    let (end, ended) = channel();
    spawn("audit", move || writer.work(&received))?;
    let teller = auditor.clone();
    spawn("audit-keeper", move || {
        keeper.work(&due, &teller);
        // Nobody listens any more when the end took too long.
        let _ = end.send(());
    })?;
    let shift = Shift {
        auditor: auditor.clone(),
        ended,
    };
    Ok((auditor, shift))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let named = thread::Builder::new().name(name.to_owned());
    named.spawn(work).map(drop)
}

impl Drop for Shift {
    fn drop(&mut self) {
        self.auditor.stop();
        if self.ended.recv_timeout(ENDING).is_err() {
            tracing::warn!(
                "the archive has not taken the whole audit log; it will at the next start"
            );
        }
    }
}
