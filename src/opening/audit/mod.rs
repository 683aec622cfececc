//! Opens the audit log: its keys, its folder, the archive behind it.

mod folder;
mod seals;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::SignedDuration;
use tokio::runtime::Handle;

use self::folder::Folder;
pub(crate) use self::seals::{tell_applications, tell_exchange, tell_failed, tell_loaded};
use super::clock::Clock;
use super::{applications, service_keys};
use crate::archive::{Archive, ArchiveLocation};
use crate::audit::{
    self, AuditKeys, AuditParts, Auditor, Cadence, Fact, Instance, SegmentFiles, Shift, Stamp,
};
use crate::authorities::TimestampAuthorities;
use crate::cli::archive::of_error;
use crate::cli::{Exit, Failure};
use crate::settings::Settings;

/// Where segments and checkpoints are when the archive keeps nothing, inside the folder of the logs. No
/// instance has such a name.
const KEPT: &str = ".kept";
/// Behind the name of the machine for what is done on its command line: the service keeps its own.
const COMMAND_LINE: &str = "cli";
/// Where Linux says what the machine is called.
const HOST_NAMES: [&str; 2] = ["/proc/sys/kernel/hostname", "/etc/hostname"];

/// A log that is written.
pub(crate) struct AuditLog {
    pub(crate) auditor: Auditor,
    /// Ends it when dropped.
    _shift: Option<Shift>,
}

/// Begins the log of the service.
pub(crate) fn of_service(
    settings: &Settings,
    archive: &Arc<Archive>,
    timestamps: &TimestampAuthorities,
    runtime: &Handle,
    clock: &Clock,
) -> Result<AuditLog, Failure> {
    let stamp = (!timestamps.is_empty()).then(|| stamp(timestamps, runtime));
    let name = instance(settings)?;
    begin(settings, &name, archive, stamp, runtime, clock)
}

/// Begins the log of a command.
pub(crate) fn of_command(
    settings: &Settings,
    archive: &Arc<Archive>,
    runtime: &Handle,
    clock: &Clock,
) -> Result<AuditLog, Failure> {
    let name = instance(settings)?.with(COMMAND_LINE);
    begin(settings, &name, archive, None, runtime, clock)
}

fn begin(
    settings: &Settings,
    name: &Instance,
    archive: &Arc<Archive>,
    stamp: Option<Stamp>,
    runtime: &Handle,
    clock: &Clock,
) -> Result<AuditLog, Failure> {
    let Some(root) = &settings.audit.folder else {
        return Ok(AuditLog {
            auditor: Auditor::off(),
            _shift: None,
        });
    };
    let keys = Arc::new(keys(settings)?);
    let (instance, folder) = Folder::claim(root, name).map_err(|error| {
        Failure::new(
            Exit::Trouble,
            format!(
                "the audit log in {} cannot be written: {error}",
                root.display()
            ),
        )
        .with_next_step("make room there, give the folder to who runs this, or set audit.folder")
    })?;
    if instance != *name {
        tracing::info!(%instance, "another process writes the log of this name");
    }
    let minutes = i64::from(settings.audit.segment_minutes);
    let days = i64::from(settings.audit.keep_days);
    let parts = AuditParts {
        files: Arc::new(folder),
        instance,
        keys,
        archive: shelf(archive, root, runtime)?,
        stamp,
        clock: Arc::clone(clock),
        cadence: Cadence {
            segment_time: SignedDuration::from_mins(minutes),
            ..Cadence::default()
        },
        keep: (days > 0).then(|| SignedDuration::from_hours(24 * days)),
    };
    let (auditor, shift) = audit::begin(parts).map_err(|fault| {
        Failure::new(Exit::Trouble, fault.to_string()).with_next_step(
            "`segell audit verify` says more; another audit.instance begins a log of its own",
        )
    })?;
    Ok(AuditLog {
        auditor,
        _shift: Some(shift),
    })
}

/// The audit keys.
pub(crate) fn keys(settings: &Settings) -> Result<AuditKeys, Failure> {
    let keys = service_keys::of_audit(settings)
        .map_err(|fault| Failure::new(Exit::Usage, fault.to_string()))?;
    AuditKeys::new(&keys).ok_or_else(|| Failure::new(Exit::Usage, "there is no audit key"))
}

/// Where segments and checkpoints are kept: the archive or, when it keeps nothing, a folder.
pub(crate) fn shelf(
    archive: &Arc<Archive>,
    root: &Path,
    runtime: &Handle,
) -> Result<Arc<Archive>, Failure> {
    if archive.keeps_copies() {
        return Ok(Arc::clone(archive));
    }
    let kept = ArchiveLocation::Folder(root.join(KEPT));
    let kept = Archive::open(&kept, None, runtime.clone()).map_err(|error| of_error(&error))?;
    Ok(Arc::new(kept))
}

/// The name of this instance.
fn instance(settings: &Settings) -> Result<Instance, Failure> {
    let said = &settings.audit.instance;
    if said.is_empty() {
        let mut names = HOST_NAMES.iter();
        let host = names.find_map(|path| std::fs::read_to_string(path).ok());
        return Ok(Instance::of_host(host.unwrap_or_default().trim()));
    }
    said.parse().map_err(|fault| {
        Failure::new(
            Exit::Usage,
            format!("audit.instance is \"{said}\": {fault}"),
        )
    })
}

/// The logs on this machine, to be read.
pub(crate) fn logs_here(root: &Path) -> Result<BTreeMap<Instance, Arc<dyn SegmentFiles>>, Failure> {
    let folders = Folder::all(root).map_err(|error| Failure::file(root, "read", &error))?;
    let files = |(instance, folder)| (instance, Arc::new(folder) as Arc<dyn SegmentFiles>);
    Ok(folders.into_iter().map(files).collect())
}

/// The authorities as the log asks them: on its own thread, which may wait.
fn stamp(timestamps: &TimestampAuthorities, runtime: &Handle) -> Stamp {
    let (timestamps, runtime) = (timestamps.clone(), runtime.clone());
    Arc::new(move |imprint| {
        let stamped = runtime.block_on(timestamps.timestamp(imprint));
        stamped.map_err(|outage| outage.to_string())
    })
}

/// The log of a command that opens it only when there is something to tell.
pub(crate) struct CommandLog<'a> {
    settings: &'a Settings,
    archive: Arc<Archive>,
    runtime: Handle,
    clock: &'a Clock,
    log: Mutex<Option<AuditLog>>,
}

impl<'a> CommandLog<'a> {
    pub(crate) const fn new(
        settings: &'a Settings,
        archive: Arc<Archive>,
        runtime: Handle,
        clock: &'a Clock,
    ) -> Self {
        Self {
            settings,
            archive,
            runtime,
            clock,
            log: Mutex::new(None),
        }
    }

    /// Opens the log, so that nothing is done of which it could not be told.
    pub(crate) fn open(&self) -> Result<(), Failure> {
        self.auditor().map(drop)
    }

    fn auditor(&self) -> Result<Auditor, Failure> {
        // A log that was not opened is none: a thread that panicked left nothing half made.
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        let open = match log.take() {
            Some(open) => open,
            None => of_command(self.settings, &self.archive, &self.runtime, self.clock)?,
        };
        Ok(log.insert(open).auditor.clone())
    }

    /// Tells something and waits until it stands.
    pub(crate) fn tell(&self, fact: Fact) -> Result<(), Failure> {
        let auditor = self.auditor()?;
        let told = auditor.tell_first(fact.application_or(applications::COMMAND_LINE_ID));
        told.wait().map_err(|error| {
            Failure::new(Exit::Trouble, error.to_string())
                .with_next_step("what was to be done is done; make room under audit.folder")
        })
    }
}

/// The log of a command that needs no archive for anything else. Where that does not answer, the lines wait on
/// this machine for the next command.
pub(crate) fn archive_if_there(
    settings: &Settings,
    runtime: &Handle,
    clock: &Clock,
) -> Result<Arc<Archive>, Failure> {
    if settings.audit.folder.is_some()
        && let Ok(archive) = super::open_archive(settings, runtime, clock())
    {
        return Ok(Arc::new(archive));
    }
    let nowhere = Archive::open(&ArchiveLocation::None, None, runtime.clone());
    Ok(Arc::new(nowhere.map_err(|error| of_error(&error))?))
}
