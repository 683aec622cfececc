//! What becomes of the seals while the service runs: their keys are tried now and then, and they are
//! loaded anew when their files change or somebody says so (SIGHUP, `POST /v1/operate/reload`). So is whatever
//! else comes from files, see [`surroundings`].
//!
//! Validated, tried out, registered, and only then exchanged, all at once: requests under way end with
//! the seals they began with. A seal that waits takes over when its time has come. **A file that cannot be
//! used never takes a good seal away**; a file that is taken away retires its organ.

mod files;
mod renewal;
mod succession;
mod surroundings;
mod warning;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use self::files::{Stamps, settled};
pub(super) use self::surroundings::Refusals;
use self::surroundings::Surroundings;
use super::warnings::Watch;
use crate::archive::record::SCHEMA;
use crate::archive::{Archive, RegisteredSeal};
use crate::audit::Auditor;
use crate::authorities::{Revocation, TimestampAuthorities};
use crate::cli::inventory::Trouble;
use crate::http::{AppState, Looks, ReloadReport, Reloader, SealTrouble};
use crate::model::Dir3;
use crate::opening::audit;
use crate::opening::clock::Clock;
use crate::opening::organs::{self, Source, Terms, Unchanged};
use crate::pki::tls::CurrentTls;
use crate::pki::{Anchors, SealDefect, pem};
use crate::seal::warnings::CurrentWarnings;
use crate::seal::{NextSealDefect, Organs, Sealer, Seat, SeatKey};
use crate::settings::Settings;
use crate::telemetry::measure::Exposition;
use crate::tokens::Tokens;
use crate::validate::Validator;

/// How often there is a look at what is due.
const TICK: Duration = Duration::from_secs(1);
/// Ticks between two tries of a seal that fails or a token that is missed.
const RETRY: u64 = 3;
/// Ticks between two times at which what was measured is filed.
const UPKEEP: u64 = 5;
/// Ticks between two looks at what has to be done in time.
const DAILY: u64 = 24 * 3600;

/// What a caretaker takes care of.
pub(super) struct Charge {
    pub(super) settings: Settings,
    pub(super) anchors: Arc<Anchors>,
    pub(super) tokens: Tokens,
    pub(super) archive: Arc<Archive>,
    pub(super) sealer: Arc<Sealer>,
    pub(super) validator: Arc<Validator>,
    pub(super) looks: Arc<Looks>,
    pub(super) revocation: Revocation,
    pub(super) timestamp_anchors: Arc<Anchors>,
    pub(super) timestamps: TimestampAuthorities,
    /// Every seal that the archive knows.
    pub(super) registered: Vec<RegisteredSeal>,
    /// What has to be done in time: kept here, read by whoever shows it.
    pub(super) warnings: CurrentWarnings,
    pub(super) clock: Clock,
}

/// Where else what was loaded is put to use, once the service has its addresses.
pub(super) struct Doors {
    pub(super) state: AppState,
    /// The service's own TLS, when it speaks it.
    pub(super) tls: Option<CurrentTls>,
    /// What is measured.
    pub(super) exposition: Option<Exposition>,
}

/// Takes care of the seals.
pub(super) struct Caretaker {
    charge: Charge,
    sources: BTreeMap<String, Source>,
    stamps: Stamps,
    /// Seals that failed when last looked at.
    failing: BTreeSet<SeatKey>,
    /// The last reload could not be finished.
    unfinished: bool,
    /// Why the register of seals could not be read when that was last tried.
    register_fault: Option<String>,
    /// Hears what becomes of the seals.
    auditor: Auditor,
    /// What was told last, by file and word: it is told again only to whoever asks.
    told: BTreeSet<(String, &'static str)>,
    /// What was wrong with seals when they were last loaded.
    troubles: Vec<SealTrouble>,
    surroundings: Surroundings,
    orders: Sender<Order>,
    received: Receiver<Order>,
    /// What has to be done in time.
    watch: Watch,
}

/// What a caretaker is told.
enum Order {
    /// Load everything anew, and tell who asked.
    Reload(Option<oneshot::Sender<ReloadReport>>),
    Stop,
}

/// A caretaker at work; stops when dropped.
pub(super) struct Shift {
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
}

/// Why everything is looked at again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Occasion {
    /// Somebody said so: nothing is taken for unchanged.
    Told,
    /// Files have changed.
    Files,
    /// A token may be there again.
    Tokens,
}

impl Caretaker {
    /// Of seals just loaded from these sources.
    pub(super) fn new(charge: Charge, sources: BTreeMap<String, Source>) -> Self {
        let stamps = Stamps::of(&charge.settings.organs.folder, &sources);
        let surroundings = Surroundings::new(&charge.settings);
        let (orders, received) = channel();
        Self {
            troubles: Vec::new(),
            surroundings,
            orders,
            received,
            watch: Watch::over(charge.warnings.clone()),
            charge,
            sources,
            stamps,
            failing: BTreeSet::new(),
            unfinished: false,
            register_fault: None,
            auditor: Auditor::off(),
            told: BTreeSet::new(),
        }
    }

    /// The way to have everything loaded anew.
    pub(super) fn reloader(&self) -> Reloader {
        let orders = self.orders.clone();
        Arc::new(move || {
            let (tell, told) = oneshot::channel();
            let sent = orders.send(Order::Reload(Some(tell)));
            Box::pin(async move {
                sent.ok()?;
                told.await.ok()
            })
        })
    }

    /// What has to be done in time.
    pub(super) fn warnings(&self) -> CurrentWarnings {
        self.charge.warnings.clone()
    }

    /// The parts whose files could not be used when they were last read.
    pub(super) fn refusals(&self) -> Refusals {
        Arc::clone(&self.surroundings.refusals)
    }

    /// Begins, and takes SIGHUP for the order to reload. `auditor` hears what becomes of the seals.
    pub(super) fn begin(
        mut self,
        runtime: &Runtime,
        doors: Doors,
        auditor: Auditor,
    ) -> std::io::Result<Shift> {
        self.auditor = auditor;
        let orders = self.orders.clone();
        let mut hangups = {
            let _context = runtime.enter();
            signal(SignalKind::hangup())?
        };
        let reload = orders.clone();
        runtime.spawn(async move {
            while hangups.recv().await.is_some() && reload.send(Order::Reload(None)).is_ok() {}
        });
        let thread = thread::Builder::new()
            .name("caretaker".to_owned())
            .spawn(move || self.work(&doors))?;
        Ok(Shift {
            orders,
            thread: Some(thread),
        })
    }

    fn work(mut self, doors: &Doors) {
        let watch = self.charge.settings.organs.watch_seconds;
        let probe = self.charge.settings.seals.probe_minutes.saturating_mul(60);
        let mut ticks: u64 = 0;
        self.warn();
        loop {
            match self.received.recv_timeout(TICK) {
                Ok(Order::Reload(who)) => {
                    tracing::info!("told to load everything anew");
                    let report = self.reload_everything(doors);
                    // Whoever asked may have left.
                    let _ = who.map(|who| who.send(report));
                    continue;
                }
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => {}
            }
            ticks = ticks.wrapping_add(1);
            self.succeed();
            let due = |every: u64| every > 0 && ticks.is_multiple_of(every);
            if due(watch) {
                self.look_around(doors);
            }
            if due(watch) && (self.unfinished || self.files_changed()) {
                let before = self.charge.sealer.organs();
                self.reload(Occasion::Files);
                self.admit_new_organs(&before, doors);
            }
            if let Some(exposition) = doors.exposition.as_ref().filter(|_| due(UPKEEP)) {
                exposition.upkeep();
            }
            if due(RETRY) {
                self.retry();
            }
            if due(probe) {
                self.probe(|_| true);
                self.probe_waiting(|_| true);
            }
            if due(DAILY) {
                self.read_register();
                self.warn();
            }
        }
    }

    /// Whether files are others than those last read. Waits for somebody who is writing them.
    fn files_changed(&self) -> bool {
        let folder = &self.charge.settings.organs.folder;
        settled(&self.stamps, || Stamps::of(folder, &self.sources))
    }

    /// Looks again for what is missed.
    fn retry(&mut self) {
        self.probe_waiting(|seal| seal.failing().is_some());
        let organs = self.charge.sealer.organs();
        let fails = |seat: &Seat| {
            seat.seal
                .as_ref()
                .is_ok_and(|seal| seal.failing().is_some())
        };
        let failing = organs.iter().any(|seat| fails(seat));
        let missing = organs.iter().any(|seat| awaits_token(seat));
        if !failing && !missing {
            return;
        }
        self.charge.tokens.look_again();
        if failing {
            self.probe(fails);
        }
        if missing {
            self.reload(Occasion::Tokens);
        }
    }

    /// Tries the keys of these seals, and tells what has changed.
    fn probe(&mut self, which: impl Fn(&Seat) -> bool) {
        for seat in self.charge.sealer.organs().iter() {
            let Ok(seal) = &seat.seal else { continue };
            if !which(seat) {
                continue;
            }
            let (dir3, key) = (&seat.organ.dir3, seat.key());
            match &seal.probe((self.charge.clock)()).outcome {
                Ok(()) if self.failing.remove(&key) => {
                    tracing::info!(organ = dir3.as_str(), "the seal signs again");
                }
                Ok(()) => {}
                Err(defect) => {
                    if self.failing.insert(key) {
                        let trouble = organs::trouble_of_seal(defect);
                        tell(Some(dir3), "the seal fails", &trouble);
                        audit::tell_failed(&self.auditor, Some(dir3), &trouble);
                    }
                }
            }
        }
    }
}

impl Drop for Shift {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Stop);
        if let Some(thread) = self.thread.take() {
            // What it panicked with was logged by itself.
            let _ = thread.join();
        }
    }
}

/// Whether a seat has no seal, or not the one it should have, because of its token.
fn awaits_token(seat: &Seat) -> bool {
    let next = seat.next.as_ref().map(|next| &next.seal);
    matches!(seat.seal, Err(SealDefect::Token(_)))
        || matches!(next, Some(Err(NextSealDefect::Seal(SealDefect::Token(_)))))
        || seat.kept.is_some_and(|word| word.starts_with("token-"))
}

fn tell(organ: Option<&Dir3>, what: &str, trouble: &Trouble) {
    tracing::error!(
        organ = organ.map_or("unknown", Dir3::as_str),
        code = trouble.code,
        cause = trouble.cause,
        next_step = trouble.next_step,
        "{what}"
    );
}

/// What the archive keeps about the seals of a seat: the one in force, and the one that waits.
pub(super) fn registered_seals(seat: &Seat) -> impl Iterator<Item = RegisteredSeal> {
    seat.loaded_seals().filter_map(|seal| {
        let certificate = seal.key.chain().first()?;
        Some(RegisteredSeal {
            schema: SCHEMA,
            organ: seat.organ.dir3.clone(),
            certificate: seal.key.facts().clone(),
            pem: pem::of_certificate(certificate),
        })
    })
}
