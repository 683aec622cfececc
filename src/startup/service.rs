//! Everything the settings name, opened: archive, anchors, organs, applications, keys.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use tokio::runtime::Runtime;

use super::caretaker::{Caretaker, Charge, registered_seals};
use crate::archive::{Archive, ArchiveError, RegisteredSeal};
use crate::authorities::{Revocation, TimestampAuthorities};
use crate::cli::archive::of_error;
use crate::cli::inventory::{Inventory, Trouble};
use crate::cli::{Exit, Failure};
use crate::http::{Registration, Site};
use crate::model::{Dir3, Environment, Octets};
use crate::opening::anchors::{OpenedAnchors, log_trust, open_anchors};
use crate::opening::audit::CommandLog;
use crate::opening::clock::Clock;
use crate::opening::levels::AwaitedAuthority;
use crate::opening::organs::LoadedOrgans;
use crate::opening::{self, applications, authorities, levels, service_keys, site};
use crate::pki::TrustState;
use crate::seal::preserve::{Preserver, PreserverParts};
use crate::seal::warnings::CurrentWarnings;
use crate::seal::{Application, Organs, Sealer, SealerParts, Seat};
use crate::settings::Settings;
use crate::tokens::Tokens;
use crate::validate::{Trust, TrustedSet, Validator};

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
        let runtime = opening::runtime()?;
        let archive = Arc::new(opening::open_archive(&settings, runtime.handle(), now)?);
        let OpenedAnchors {
            seals: anchors,
            timestamps: timestamp_anchors,
            mut concerns,
        } = open_anchors(&settings, now)?;
        log_trust(&TrustState::of(&anchors, &timestamp_anchors), now);
        let tokens = Tokens::default();
        let organs = opening::load_organs(&settings, &anchors, &tokens, now)?;
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
        let applications = opening::open_applications(&settings, &codes)?;
        concerns.extend(opening::unknown_organs(&applications, &codes));
        concerns.extend(opening::unknown_applications(&organs.seats, &applications));
        let code_keys = service_keys::of_codes(&settings)
            .map_err(|fault| Failure::new(Exit::Usage, fault.to_string()))?;
        let trace_key = code_keys
            .first()
            .map(|key| key.to_vec())
            .unwrap_or_default();
        concerns.extend(opening::exposed_secrets(&settings, &organs.exposed));
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
        let seals = register(&archive, &seats).map_err(|error| of_error(&error))?;
        let mut seal_chains = authorities::chains(&seats);
        seal_chains.extend(authorities::former_seals(&seals, now));
        let levels = levels::means(&settings, &timestamps, &revocation);
        concerns.extend(levels::out_of_reach(&levels, &seats));
        let validator = Arc::new(Validator::new(
            Arc::clone(&archive),
            trust.clone(),
            seals.clone(),
            opening::source_limits(&settings),
        ));
        let preserver = Preserver::new(PreserverParts {
            archive: Arc::clone(&archive),
            validator: Arc::clone(&validator),
            levels: levels.clone(),
            limits: opening::source_limits(&settings),
            lead: SignedDuration::from_hours(24 * i64::from(settings.preservation.renew_days)),
        });
        let sealer = Sealer::new(SealerParts {
            organs: Organs::new(seats),
            archive: Arc::clone(&archive),
            trust,
            code_keys,
            random: opening::random,
            limits: opening::source_limits(&settings),
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
                registered: seals,
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

    /// Asks once what is known of the seals' revocation and waits for it: a command ends too soon to be told
    /// in the background.
    pub(crate) fn ask_about_seals(&self) {
        if !self.settings.revocation.sources.is_empty() {
            self.keep_seals();
            self.runtime.block_on(self.revocation.first_round());
        }
    }

    /// Tells the keeper of revocation data of chains, and waits for what it finds out.
    pub(crate) fn keep_chains(&self, chains: &[Vec<Octets>]) {
        for chain in chains {
            self.revocation.keep(chain);
        }
        self.runtime.block_on(self.revocation.first_round());
    }

    /// Those who stamp, for a command, which waits for them.
    pub(crate) fn authority(&self) -> AwaitedAuthority {
        AwaitedAuthority {
            runtime: self.runtime.handle().clone(),
            timestamps: self.timestamps.clone(),
            revocation: self.revocation.clone(),
        }
    }

    /// The audit log of a command.
    pub(super) fn command_log<'a>(&'a self, clock: &'a Clock) -> CommandLog<'a> {
        let archive = Arc::clone(&self.archive);
        CommandLog::new(
            &self.settings,
            archive,
            self.runtime.handle().clone(),
            clock,
        )
    }

    /// The application as which the command line makes copies.
    pub(super) fn command_line(&self, environment: Option<Environment>) -> Application {
        Application {
            environment,
            ..applications::command_line(self.settings.profile, &self.codes)
        }
    }
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
