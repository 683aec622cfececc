//! What every handler works with, put together by startup.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;

use super::admission::{ByteBudget, Pool};
use super::auth::{Applications, Registration, Subject};
use super::intake::BodyLimits;
use super::oversight::Oversight;
use super::problem::{Problem, ProblemCode};
use super::public::{Limits, Registered, Site};
use super::readiness::LastLook;
use super::trail::Strangers;
use crate::archive::{Archive, CodeIndex, Intent, Usage};
use crate::audit::Auditor;
use crate::cades::{Imprint, TimestampToken};
use crate::model::organ::VerificationAddress;
use crate::model::{Deadline, Dir3, Environment, Octets, Organ, Sha256Digest};
use crate::seal::preserve::Preserver;
use crate::seal::{NoTimestamp, Sealer};
use crate::validate::Validator;

/// Look-ups that may wait for the archive at once, and behind them.
const LOOK_UPS: usize = 16;
const LOOK_UP_QUEUE: usize = 512;

/// The settings of the door.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Bytes of a document.
    pub body_bytes: u64,
    /// Time for a whole body.
    pub body_time: Duration,
    /// Time for the header fields of a request.
    pub header_time: Duration,
    /// Time for requests under way when the service is told to stop.
    pub shutdown_time: Duration,
    /// Bytes of uploads in memory at once. At least `body_bytes`, or nothing is ever let in.
    pub bytes_in_flight: usize,
    /// Documents at work at once; sealing and validation count apart.
    pub at_work: usize,
    /// Documents that may wait for their turn beyond those.
    pub queue: usize,
    /// Copies that may wait for a timestamp, beyond all others.
    pub waiting: usize,
    /// Threads that speak HTTP.
    pub threads: usize,
    /// Connections open at once.
    pub connections: usize,
    /// The environment of the service as a whole when it starts, as its pages say it.
    pub environment: Environment,
    /// Limits on documents, for `GET /v1/me`.
    pub limits: crate::pdf::Limits,
}

/// Asks the time-stamp authorities. Waiting for it costs no thread.
pub type TimestampSource = Arc<
    dyn Fn(Imprint) -> Pin<Box<dyn Future<Output = Result<TimestampToken, NoTimestamp>> + Send>>
        + Send
        + Sync,
>;

/// Tells the keeper of revocation data of chains, and waits until it has asked for them once.
pub type ChainKeeper =
    Arc<dyn Fn(Vec<Vec<Octets>>) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What startup gives to the door.
pub struct Parts {
    /// Makes copies.
    pub sealer: Arc<Sealer>,
    /// Gives their timestamps.
    pub timestamps: TimestampSource,
    /// Keeps them provable.
    pub preserver: Preserver,
    /// Learns whose revocation they rest on.
    pub chain_keeper: ChainKeeper,
    /// Keeps them.
    pub archive: Arc<Archive>,
    /// Judges files.
    pub validator: Arc<Validator>,
    /// Hears what happened.
    pub auditor: Auditor,
    /// Who may call.
    pub applications: Applications,
    /// The clock.
    pub clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// Makes the deadline of one document, when its work begins.
    pub deadline: Box<dyn Fn() -> Deadline + Send + Sync>,
    /// The public pages.
    pub site: Site,
    /// What whoever runs the service sees and does.
    pub oversight: Oversight,
    /// The settings.
    pub settings: HttpSettings,
}

/// What every handler works with. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Inner>);

struct Inner {
    parts: Parts,
    applications: ArcSwap<Applications>,
    last_look: LastLook,
    sealing: Pool,
    validation: Pool,
    looking_up: Pool,
    comparing: Pool,
    in_flight: ByteBudget,
    stopping: AtomicBool,
    limits: Limits,
    registered: Registered,
    usage: Usage,
    strangers: Strangers,
}

impl AppState {
    /// From its parts.
    pub fn new(mut parts: Parts) -> Self {
        let applications = std::mem::take(&mut parts.applications);
        let settings = &parts.settings;
        Self(Arc::new(Inner {
            applications: ArcSwap::from_pointee(applications),
            last_look: LastLook::default(),
            sealing: Pool::new(settings.at_work, settings.queue).with_room_aside(settings.waiting),
            validation: Pool::new(settings.at_work, settings.queue),
            looking_up: Pool::new(LOOK_UPS, LOOK_UP_QUEUE),
            // Each may take its whole time box, so nobody waits for more than one.
            comparing: Pool::new(settings.at_work, settings.at_work),
            in_flight: ByteBudget::new(settings.bytes_in_flight),
            stopping: AtomicBool::new(false),
            limits: Limits::new(&parts.site.limits),
            registered: Registered::default(),
            usage: Usage::new(Archive::clone(&parts.archive)),
            strangers: Strangers::default(),
            parts,
        }))
    }

    /// Says that the service is about to stop: it is no longer ready.
    pub fn stop(&self) {
        self.0.stopping.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.0.stopping.load(Ordering::Relaxed)
    }

    pub(crate) fn sealer(&self) -> &Arc<Sealer> {
        &self.0.parts.sealer
    }

    /// The keeper is told when this is called; waiting is for who wants the outcome.
    pub(crate) fn tell_keeper(&self, chains: Vec<Vec<Octets>>) -> impl Future<Output = ()> + Send {
        (self.0.parts.chain_keeper)(chains)
    }

    pub(crate) fn preserver(&self) -> &Preserver {
        &self.0.parts.preserver
    }

    pub(crate) async fn timestamp(&self, imprint: Imprint) -> Result<TimestampToken, NoTimestamp> {
        (self.0.parts.timestamps)(imprint).await
    }

    pub(crate) fn archive(&self) -> &Arc<Archive> {
        &self.0.parts.archive
    }

    /// Whether the archive can be asked now. Blocks.
    pub(crate) fn archive_answers(&self) -> bool {
        // No copy has this index: it is not the hash of any code.
        let nobody = CodeIndex(Sha256Digest::new([0; 32]));
        let archive = self.archive();
        !archive.keeps_copies() || archive.look_up(nobody, self.now()).is_ok()
    }

    /// Counts who uses which seal.
    pub(crate) fn usage(&self) -> &Usage {
        &self.0.usage
    }

    /// Hears what happened.
    pub(crate) fn auditor(&self) -> &Auditor {
        &self.0.parts.auditor
    }

    /// Counts refusals of callers that nobody knows.
    pub(crate) fn strangers(&self) -> &Strangers {
        &self.0.strangers
    }

    /// Refuses what must not happen without a line in the audit log, while none can be written.
    pub(crate) fn demand_audit(&self) -> Result<(), Problem> {
        match self.auditor().is_available() {
            true => Ok(()),
            false => Err(ProblemCode::AuditUnavailable.into()),
        }
    }

    pub(crate) fn validator(&self) -> &Arc<Validator> {
        &self.0.parts.validator
    }

    /// Who may call, as it is now.
    pub(crate) fn applications(&self) -> Arc<Applications> {
        self.0.applications.load_full()
    }

    /// Lets these call from the next request on.
    pub fn replace_applications(&self, registrations: Vec<Registration>) {
        let current = self.applications();
        self.0
            .applications
            .store(Arc::new(current.with(registrations)));
    }

    pub(crate) fn oversight(&self) -> &Oversight {
        &self.0.parts.oversight
    }

    /// What the archive said when it was last looked at for readiness.
    pub(crate) fn last_look(&self) -> &LastLook {
        &self.0.last_look
    }

    pub(crate) fn settings(&self) -> &HttpSettings {
        &self.0.parts.settings
    }

    pub(crate) fn site(&self) -> &Site {
        &self.0.parts.site
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn registered(&self) -> &Registered {
        &self.0.registered
    }

    /// An organ that is served here; the real one when it is in both environments.
    pub(crate) fn organ(&self, dir3: &Dir3) -> Option<Arc<Organ>> {
        let organs = self.sealer().organs();
        Some(Arc::clone(&organs.seat(dir3)?.organ))
    }

    /// An organ as it is in an environment; as it is in the other when it has left this one.
    pub(crate) fn organ_in(&self, dir3: &Dir3, environment: Environment) -> Option<Arc<Organ>> {
        let organs = self.sealer().organs();
        let seat = organs
            .seat_in(dir3, environment)
            .or_else(|| organs.seat(dir3))?;
        Some(Arc::clone(&seat.organ))
    }

    /// The organ of a copy.
    pub(crate) fn organ_of(&self, intent: &Intent) -> Option<Arc<Organ>> {
        self.organ_in(&intent.organ, intent.environment)
    }

    /// The code of the organ for which a token speaks.
    pub(crate) fn organ_of_subject(&self, subject: &Subject) -> Option<Dir3> {
        let ine10 = match subject {
            Subject::Dir3(dir3) => return Some(dir3.clone()),
            Subject::Ine10(ine10) => ine10,
        };
        let organs = self.sealer().organs();
        let mut seats = organs.iter();
        let seat = seats.find(|seat| seat.organ.ine10.as_ref() == Some(ine10))?;
        Some(seat.organ.dir3.clone())
    }

    /// Whether organs of this environment are served here.
    pub(crate) fn serves(&self, environment: Environment) -> bool {
        let organs = self.sealer().organs();
        let mut seats = organs.iter();
        seats.any(|seat| seat.organ.environment == environment)
    }

    /// The organ, when only one is served here.
    pub(crate) fn only_organ(&self) -> Option<Arc<Organ>> {
        let organs = self.sealer().organs();
        let mut seats = organs.iter();
        let only = seats.next()?;
        seats.next().is_none().then(|| Arc::clone(&only.organ))
    }

    /// The address at which copies are checked, when all organs share one.
    pub(crate) fn only_address(&self) -> Option<VerificationAddress> {
        let organs = self.sealer().organs();
        let mut seats = organs.iter();
        let first = &seats.next()?.organ.verification_address;
        let same = seats.all(|seat| seat.organ.verification_address == *first);
        same.then(|| first.clone())
    }

    /// The environment this service issues for: the real one as soon as one organ is real.
    pub(crate) fn environment(&self) -> Environment {
        let organs = self.sealer().organs();
        let mut seats = organs.iter();
        if seats.any(|seat| seat.organ.environment == Environment::Pro) {
            return Environment::Pro;
        }
        self.settings().environment
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0.parts.clock)()
    }

    pub(crate) fn deadline(&self) -> Deadline {
        (self.0.parts.deadline)()
    }

    pub(crate) fn body_limits(&self) -> BodyLimits {
        BodyLimits {
            bytes: self.settings().body_bytes,
            time: self.settings().body_time,
        }
    }

    pub(crate) fn sealing(&self) -> &Pool {
        &self.0.sealing
    }

    pub(crate) fn validation(&self) -> &Pool {
        &self.0.validation
    }

    pub(crate) fn looking_up(&self) -> &Pool {
        &self.0.looking_up
    }

    pub(crate) fn comparing(&self) -> &Pool {
        &self.0.comparing
    }

    pub(crate) fn in_flight(&self) -> &ByteBudget {
        &self.0.in_flight
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppState")
    }
}
