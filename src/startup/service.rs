//! Everything the settings name, opened: archive, anchors, organs, applications, keys.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::{Handle, Runtime};

use super::anchors::{OpenedAnchors, log_trust, open_anchors};
use super::applications;
use super::caretaker::{Caretaker, Charge, registered_seals};
use super::clock::Clock;
use super::organs::{LoadedOrgans, Terms, Unchanged};
use super::{authorities, levels, organs, service_keys, site, store_access};
use crate::archive::{Archive, ArchiveError, ArchiveLocation, FactorKeys, RegisteredSeal, Usage};
use crate::authorities::{Revocation, TimestampAuthorities};
use crate::cli::archive::{of_error, progress_bar};
use crate::cli::inventory::{Inventory, Trouble};
use crate::cli::{Exit, Failure};
use crate::http::{Registration, Site};
use crate::model::{Dir3, Environment, Octets};
use crate::pdf;
use crate::pki::{Anchors, TrustState};
use crate::seal::preserve::{Preserver, PreserverParts};
use crate::seal::warnings::CurrentWarnings;
use crate::seal::{Application, Organs, Sealer, SealerParts, Seat};
use crate::settings::{Profile, Settings};
use crate::tokens::Tokens;
use crate::validate::{Trust, TrustedSet, Validator};

/// A progress bar is worth its place from so many seals on.
const MANY_SEALS: usize = 20;

/// The whole service, ready to answer.
pub(super) struct Service {
    pub(super) settings: Settings,
    pub(super) archive: Arc<Archive>,
    pub(super) sealer: Arc<Sealer>,
    pub(super) validator: Arc<Validator>,
    pub(super) preserver: Preserver,
    pub(super) applications: Vec<Registration>,
    /// Keys the references under which the people of tokens stand in logs.
    pub(super) trace_key: Vec<u8>,
    pub(super) codes: Vec<Dir3>,
    pub(super) inventory: Inventory,
    pub(super) concerns: Vec<Trouble>,
    pub(super) site: Site,
    /// Those who stamp.
    pub(super) timestamps: TimestampAuthorities,
    /// What is known of revocations.
    pub(super) revocation: Revocation,
    /// The chain of every loaded seal.
    seal_chains: Vec<Vec<Octets>>,
    /// Looks after the seals while the service runs.
    pub(super) caretaker: Caretaker,
    /// Drives the archive, and whatever goes out to authorities.
    pub(super) runtime: Runtime,
}

impl Service {
    /// Opens everything. What concerns one organ never stops the others.
    pub(super) fn open(settings: Settings, clock: &Clock) -> Result<Self, Failure> {
        let now = clock();
        let runtime = runtime()?;
        let archive = Arc::new(open_archive(&settings, runtime.handle(), now)?);
        let OpenedAnchors {
            seals: anchors,
            timestamps: timestamp_anchors,
            mut concerns,
        } = open_anchors(&settings, now)?;
        log_trust(&TrustState::of(&anchors, &timestamp_anchors), now);
        let tokens = Tokens::default();
        let organs = load_organs(&settings, &anchors, &tokens, now)?;
        let (anchors, timestamp_anchors) = (Arc::new(anchors), Arc::new(timestamp_anchors));
        let authorities::Opened {
            timestamps,
            revocation,
        } = authorities::open(
            &settings,
            &anchors,
            &timestamp_anchors,
            clock,
            runtime.handle(),
        )?;
        let trust = Trust {
            seals: TrustedSet::new(Arc::clone(&anchors)),
            timestamps: TrustedSet::new(Arc::clone(&timestamp_anchors)),
        };
        let codes = organs.codes();
        let applications = open_applications(&settings, &codes)?;
        concerns.extend(unknown_organs(&applications, &codes));
        concerns.extend(unknown_applications(&organs.seats, &applications));
        let code_keys = service_keys::of_codes(&settings)
            .map_err(|fault| Failure::new(Exit::Usage, fault.to_string()))?;
        let trace_key = code_keys
            .first()
            .map(|key| key.to_vec())
            .unwrap_or_default();
        concerns.extend(exposed_secrets(&settings, &organs.exposed));
        log_inventory(&organs.inventory);
        concerns.extend(site::concern(&settings));
        let LoadedOrgans {
            seats,
            inventory,
            looks,
            unfit_drawings,
            sources,
            ..
        } = organs;
        concerns.extend(unfit_drawings);
        let site = site::open(&settings, looks)?;
        let seal_chains = authorities::chains(&seats);
        let seals = register(&archive, &seats).map_err(|error| of_error(&error))?;
        let levels = levels::means(&settings, &timestamps, &revocation);
        concerns.extend(levels::out_of_reach(&levels, &seats));
        let validator = Arc::new(Validator::new(
            Arc::clone(&archive),
            trust.clone(),
            seals,
            source_limits(&settings),
        ));
        let preserver = Preserver::new(PreserverParts {
            archive: Arc::clone(&archive),
            validator: Arc::clone(&validator),
            levels: levels.clone(),
            limits: source_limits(&settings),
            lead: SignedDuration::from_hours(24 * i64::from(settings.preservation.renew_days)),
        });
        let sealer = Sealer::new(SealerParts {
            organs: Organs::new(seats),
            archive: Arc::clone(&archive),
            trust,
            code_keys,
            random,
            limits: source_limits(&settings),
            levels,
            pre_days: settings.retention.pre_days,
            pro_days: settings.retention.pro_days,
        });
        let sealer = Arc::new(sealer);
        let caretaker = Caretaker::new(
            Charge {
                settings: settings.clone(),
                anchors,
                tokens,
                archive: Arc::clone(&archive),
                sealer: Arc::clone(&sealer),
                validator: Arc::clone(&validator),
                looks: Arc::clone(&site.looks),
                revocation: revocation.clone(),
                timestamp_anchors,
                timestamps: timestamps.clone(),
                warnings: CurrentWarnings::default(),
                clock: Arc::clone(clock),
            },
            sources,
        );
        Ok(Self {
            validator,
            preserver,
            sealer,
            caretaker,
            settings,
            timestamps,
            revocation,
            seal_chains,
            runtime,
            archive,
            applications,
            trace_key,
            codes,
            inventory,
            concerns,
            site,
        })
    }

    /// Begins to keep revocation data for every seal, and to try the time-stamp authorities from time to time.
    /// Nothing waits for either.
    pub(super) fn watch_authorities(&self) {
        self.keep_seals();
        let minutes = self.settings.timestamp.probe_minutes;
        let every = (minutes > 0).then(|| Duration::from_secs(minutes.saturating_mul(60)));
        self.timestamps.watch(every);
    }

    /// Begins to keep revocation data for every seal.
    pub(super) fn keep_seals(&self) {
        for chain in &self.seal_chains {
            self.revocation.keep(chain);
        }
    }

    /// The application as which the command line makes copies.
    pub(super) fn command_line(&self, environment: Option<Environment>) -> Application {
        Application {
            environment,
            ..applications::command_line(self.settings.profile, &self.codes)
        }
    }
}

/// The runtime that drives the archive and whatever goes out to authorities.
pub(super) fn runtime() -> Result<Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("archive")
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Exit::Trouble, format!("no threads can be had: {error}")))
}

/// Opens the archive and proves that it keeps what is created once.
pub(super) fn open_archive(
    settings: &Settings,
    runtime: &Handle,
    now: Timestamp,
) -> Result<Archive, Failure> {
    open_archive_at(&settings.archive.url, settings, runtime, now)
}

/// The same with an archive at another address.
pub(super) fn open_archive_at(
    address: &str,
    settings: &Settings,
    runtime: &Handle,
    now: Timestamp,
) -> Result<Archive, Failure> {
    let location: ArchiveLocation = address.parse().map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("archive.url is \"{address}\": {error}"),
        )
    })?;
    let access = store_access::of_process(&settings.archive);
    let factor_keys = service_keys::of_factors(settings)
        .map_err(|fault| Failure::new(Exit::Usage, fault.to_string()))?;
    let archive = Archive::open(&location, access.as_ref(), runtime.clone())
        .map_err(|error| of_error(&error))?
        .with_factor_keys(FactorKeys::new(factor_keys));
    archive.probe(now).map_err(|error| of_error(&error))?;
    Ok(archive)
}

/// Secret files that every user of this machine may read: worth a word in production.
pub(super) fn exposed_secrets(settings: &Settings, seals: &[PathBuf]) -> Vec<Trouble> {
    if settings.profile == Profile::Evaluation {
        return Vec::new();
    }
    let codes = settings.codes.keys_file.iter();
    codes
        .chain(&settings.access.factor_keys_file)
        .chain(&settings.tls.key_file)
        .chain(authorities::secrets(settings))
        .filter(|path| organs::is_open_to_all(path))
        .chain(seals)
        .map(|path| Trouble {
            code: "secret-exposed",
            cause: format!("every user of this machine may read {}", path.display()),
            next_step: format!("chmod 400 {}", path.display()),
        })
        .collect()
}

/// Reads the folder of organs and opens their seals.
pub(super) fn load_organs(
    settings: &Settings,
    anchors: &Anchors,
    tokens: &Tokens,
    now: Timestamp,
) -> Result<LoadedOrgans, Failure> {
    let folder = &settings.organs.folder;
    let files = organs::files(folder).map_err(|error| Failure::file(folder, "read", &error))?;
    let terms = Terms {
        profile: settings.profile,
        anchors,
        tokens,
        now,
    };
    let unchanged = Unchanged::new();
    if files.len() < MANY_SEALS {
        return Ok(organs::load(folder, &files, &terms, &unchanged, &|| {}));
    }
    let bar = progress_bar("opening seals");
    bar.set_length(files.len() as u64);
    let loaded = organs::load(folder, &files, &terms, &unchanged, &|| bar.inc(1));
    bar.finish_and_clear();
    Ok(loaded)
}

/// Reads who may call.
pub(super) fn open_applications(
    settings: &Settings,
    organs: &[Dir3],
) -> Result<Vec<Registration>, Failure> {
    applications::load(settings, organs).map_err(|fault| {
        Failure::new(Exit::Usage, fault.to_string())
            .with_next_step("config/default.toml shows the shape of the file under [applications]")
    })
}

/// Applications that may ask for organs nobody knows.
pub(super) fn unknown_organs(applications: &[Registration], organs: &[Dir3]) -> Vec<Trouble> {
    applications::unknown_organs(applications, organs)
        .into_iter()
        .map(|unknown| Trouble {
            code: "organ-unknown",
            cause: unknown.to_string(),
            next_step: "correct the code in the applications file, or add the organ's file"
                .to_owned(),
        })
        .collect()
}

/// Applications for which a seal is kept and that nobody knows.
fn unknown_applications(seats: &[Seat], applications: &[Registration]) -> Vec<Trouble> {
    applications::unknown_applications(seats, applications)
        .into_iter()
        .map(|unknown| Trouble {
            code: "application-unknown",
            cause: unknown.to_string(),
            next_step: "correct the id under [seal] applications, or add the application's record"
                .to_owned(),
        })
        .collect()
}

/// Registers every loaded seal in the archive, and reads back all that were ever registered: copies
/// outlive the seals that made them.
fn register(archive: &Archive, seats: &[Seat]) -> Result<Vec<RegisteredSeal>, ArchiveError> {
    let loaded = seats.iter().flat_map(registered_seals);
    if !archive.keeps_copies() {
        return Ok(loaded.collect());
    }
    for seal in loaded {
        archive.register_seal(&seal.organ, &seal.certificate, &seal.pem)?;
    }
    archive.registered_seals()
}

/// One line per seal, for those who read logs instead of terminals.
fn log_inventory(inventory: &Inventory) {
    for row in &inventory.seals {
        let organ = row.dir3.as_ref().map_or("unknown", Dir3::as_str);
        match (&row.seal, &row.trouble) {
            (Some(seal), _) => tracing::info!(
                organ,
                seal = seal.name,
                state = row.state.word(),
                days_left = seal.days_left,
                "seal loaded"
            ),
            (None, Some(trouble)) => tracing::error!(
                organ,
                file = row.file,
                cause = trouble.cause,
                next_step = trouble.next_step,
                "seal not loaded"
            ),
            (None, None) => {}
        }
        if let Some(trouble) = row.next.as_ref().and_then(|next| next.trouble.as_ref()) {
            tracing::error!(
                organ,
                file = row.file,
                cause = trouble.cause,
                next_step = trouble.next_step,
                "the next seal cannot take over"
            );
        }
    }
    if inventory.loaded() == 0 {
        tracing::error!(
            folder = inventory.folder,
            "no seal is loaded: no copy can be made"
        );
    }
}

/// Adds to an inventory who used the seals in the last thirty days. An archive that cannot be asked leaves
/// it unsaid: the inventory is about seals.
pub(super) fn measure_use(archive: &Archive, inventory: &mut Inventory, now: Timestamp) {
    let usage = Usage::new(archive.clone());
    for row in &mut inventory.seals {
        if let (Some(organ), Some(environment)) = (&row.dir3, row.environment) {
            row.used_by = usage.used_by(organ, environment, now).ok();
        }
    }
}

/// The limits that the PDF reader keeps.
pub(super) fn source_limits(settings: &Settings) -> pdf::Limits {
    let limits = &settings.limits;
    pdf::Limits {
        pages: limits.pages,
        objects: limits.objects,
        nesting: limits.nesting,
        stream_bytes: limits.stream_bytes.bytes(),
        inflated_bytes: limits.inflated_bytes.bytes(),
        revisions: limits.revisions,
    }
}

/// Random bits from the operating system.
pub(super) fn random() -> [u8; 32] {
    let mut bits = [0; 32];
    match getrandom::fill(&mut bits) {
        Ok(()) => bits,
        // A code that could be guessed is worse than no service.
        Err(_) => std::process::abort(),
    }
}
