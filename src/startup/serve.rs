//! Opens the door: takes the addresses, tells people, and answers until told to stop.

use std::io::{IsTerminal, Write};
use std::thread::available_parallelism;
use std::time::Duration;

use super::caretaker::Doors;
use super::oversight;
use super::service::Service;
use crate::audit::{Event, Fact};
use crate::cli::inventory::Inventory;
use crate::cli::welcome::Welcome;
use crate::cli::{Exit, Failure};
use crate::http::{Addresses, AppState, Applications, HttpSettings, Parts, Server};
use crate::model::Environment;
use crate::opening::applications::{self, EVALUATION_KEY};
use crate::opening::clock::{Clock, Deadlines};
use crate::opening::{self, audit, levels, tls};
use crate::pki::tls::CurrentTls;
use crate::settings::{Profile, Settings};
use crate::telemetry::measure::Exposition;

/// Answers on the network until told to stop.
pub(super) fn serve(
    service: Service,
    exposition: Exposition,
    clock: Clock,
    deadlines: Deadlines,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let settings = &service.settings;
    let organs = service.sealer.organs();
    let tls = tls::open(settings)?.map(CurrentTls::new).transpose();
    let tls = tls.map_err(|fault| Failure::new(Exit::Usage, format!("[tls]: {fault}")))?;
    let secure = tls.is_some();
    let runtime = service.runtime.handle().clone();
    let audit = audit::of_service(
        settings,
        &service.archive,
        &service.timestamps,
        &runtime,
        &clock,
    )?;
    let auditor = audit.auditor.clone();
    let oversight = oversight::open(&service, &exposition, &clock);
    let state = AppState::new(Parts {
        auditor: auditor.clone(),
        sealer: service.sealer,
        timestamps: levels::source(service.timestamps),
        preserver: service.preserver,
        chain_keeper: levels::chain_keeper(service.revocation.clone()),
        archive: service.archive,
        validator: service.validator,
        applications: Applications::new(service.applications.clone(), service.trace_key),
        clock: Box::new(move || clock()),
        deadline: Box::new(move || deadlines()),
        site: service.site,
        oversight,
        settings: http_settings(settings, &service.inventory),
    });
    let addresses = Addresses {
        interface: settings.server.bind,
        public: settings.server.public_bind,
        operations: settings.server.operations_bind,
    };
    // The addresses are taken before anything is said about them.
    let server = Server::bind(state.clone(), addresses).map_err(|error| {
        Failure::new(Exit::Trouble, format!("cannot listen at {error}")).with_next_step(
            "end the program that uses the address, or set server.bind, server.public_bind or \
             server.operations_bind to another",
        )
    })?;
    let server = server.with_tls(tls.clone());
    let version = env!("CARGO_PKG_VERSION");
    auditor.tell(Fact::new(Event::InstanceStarted).outcome(version));
    audit::tell_applications(&auditor, &service.applications);
    audit::tell_loaded(&auditor, &organs);
    let doors = Doors {
        state,
        tls,
        exposition: Some(exposition),
    };
    let shift = service
        .caretaker
        .begin(&service.runtime, doors, auditor.clone());
    let shift = shift.map_err(|error| Failure::new(Exit::Trouble, error.to_string()))?;
    let (address, operations) = (server.address(), server.operations_address());
    tracing::info!(
        %address,
        public = %server.public_address(),
        %operations,
        tls = secure,
        profile = settings.profile.word(),
        archive = settings.archive.url,
        version,
        "serving"
    );
    for concern in &service.concerns {
        tracing::warn!(
            cause = concern.cause,
            next_step = concern.next_step,
            "concern"
        );
    }
    // Production usually runs where nobody reads along, and its log says the same.
    if settings.profile == Profile::Evaluation || std::io::stdout().is_terminal() {
        let welcome = Welcome {
            profile: settings.profile,
            secure,
            address,
            public: server.public_address(),
            operations,
            archive: &settings.archive.url,
            inventory: &service.inventory,
            concerns: &service.concerns,
            key: applications::admits_evaluation(settings).then_some(EVALUATION_KEY),
        };
        // A service does not end because nobody reads its welcome.
        if let Err(error) = welcome.write(out) {
            tracing::debug!(%error, "nobody reads standard output");
        }
    }
    let outcome = server.run();
    drop(shift);
    auditor.tell(Fact::new(Event::InstanceStopped));
    // The log brings its last lines into the archive.
    drop(audit);
    // The archive was needed until the last answer; a try of it that hangs is not.
    service.runtime.shutdown_timeout(Duration::from_secs(1));
    outcome.map_err(|error| Failure::new(Exit::Trouble, error.to_string()))?;
    tracing::info!("stopped");
    Ok(())
}

/// The settings of the door.
fn http_settings(settings: &Settings, inventory: &Inventory) -> HttpSettings {
    let server = &settings.server;
    let cores = available_parallelism().map_or(1, usize::from);
    let or_cores = |number: usize| if number == 0 { cores } else { number };
    let mut environments = inventory.seals.iter().map(|row| row.environment);
    let issues_real = environments.any(|environment| environment == Some(Environment::Pro));
    HttpSettings {
        body_bytes: settings.limits.body_bytes.bytes() as u64,
        body_time: Duration::from_secs(server.body_seconds),
        header_time: Duration::from_secs(server.header_seconds),
        shutdown_time: Duration::from_secs(server.shutdown_seconds),
        bytes_in_flight: server.bytes_in_flight.bytes(),
        at_work: or_cores(server.seals_at_once),
        queue: server.queue,
        waiting: settings.timestamp.waiting,
        threads: or_cores(server.workers),
        connections: server.connections,
        environment: if issues_real {
            Environment::Pro
        } else {
            Environment::Pre
        },
        limits: opening::source_limits(settings),
    }
}
