//! What whoever runs the service sees: the states of what startup has opened, the tries of the archive, and
//! what somebody should look at.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::time::sleep;

use super::caretaker::Refusals;
use super::service::Service;
use crate::archive::Archive;
use crate::cli::inventory::Trouble;
use crate::http::{ArchiveProbe, Oversight};
use crate::model::organ::Cession;
use crate::opening::clock::Clock;
use crate::opening::organs;
use crate::seal::warnings::{CurrentWarnings, Warning};
use crate::seal::{Sealer, Seat};
use crate::telemetry::measure::Exposition;

/// Concerns of the start that a reload may have overtaken. The log tells of them, and the metrics of trust.
const PASSING: [&str; 4] = [
    "no-anchors",
    "trusted-list-stale",
    "organ-unknown",
    "application-unknown",
];
/// An archive that fails is tried again after this long.
const RETRY: Duration = Duration::from_secs(10);

/// Puts it together, and begins to try the archive now and then.
pub(super) fn open(service: &Service, exposition: &Exposition, clock: &Clock) -> Oversight {
    let archive = Arc::new(ArchiveProbe::default());
    watch_archive(
        &service.runtime,
        Arc::clone(&service.archive),
        Arc::clone(&archive),
        Arc::clone(clock),
        Duration::from_secs(service.settings.archive.probe_seconds),
    );
    let (timestamps, revocation) = (service.timestamps.clone(), service.revocation.clone());
    let kept = service.revocation.clone();
    Oversight {
        exposition: Some(exposition.clone()),
        archive,
        endpoints: Box::new(move || {
            let mut states = timestamps.states();
            states.extend(revocation.states());
            states
        }),
        revocations: Box::new(move || kept.kept()),
        warnings: warnings(
            &service.concerns,
            Arc::clone(&service.sealer),
            service.caretaker.refusals(),
            service.caretaker.warnings(),
        ),
        reload: service.caretaker.reloader(),
    }
}

/// Tries the archive every so often, until the runtime ends; only once without `every`.
fn watch_archive(
    runtime: &Runtime,
    archive: Arc<Archive>,
    probe: Arc<ArchiveProbe>,
    clock: Clock,
    every: Duration,
) {
    if !archive.keeps_copies() {
        return;
    }
    runtime.spawn(async move {
        loop {
            let (archive, clock) = (Arc::clone(&archive), Arc::clone(&clock));
            let trying = tokio::task::spawn_blocking(move || {
                let (at, began) = (clock(), Instant::now());
                (at, archive.probe(at), began.elapsed())
            });
            let Ok((at, outcome, took)) = trying.await else {
                return;
            };
            match (&outcome, probe.is_good()) {
                (Err(error), true) => tracing::error!(%error, "the archive fails"),
                (Ok(()), false) => tracing::info!("the archive answers again"),
                _ => {}
            }
            probe.note(at, outcome.is_ok(), took);
            match outcome {
                Err(_) => sleep(RETRY).await,
                Ok(()) if every.is_zero() => return,
                Ok(()) => sleep(every).await,
            }
        }
    });
}

/// What somebody should look at: what was found at the start, files that were refused since, seals that do not
/// work, and what has to be done in time.
fn warnings(
    concerns: &[Trouble],
    sealer: Arc<Sealer>,
    refusals: Refusals,
    in_time: CurrentWarnings,
) -> Box<dyn Fn() -> Vec<Warning> + Send + Sync> {
    let concerns: Vec<_> = concerns
        .iter()
        .filter(|concern| !PASSING.contains(&concern.code))
        .map(|concern| warning(concern.clone(), None))
        .collect();
    Box::new(move || {
        let organs = sealer.organs();
        let of_seals = organs.iter().filter_map(|seat| {
            let trouble = trouble(seat)?;
            Some(warning(trouble, Some(seat)))
        });
        let refused = refusals.load();
        let refused = refused.values().cloned();
        concerns
            .iter()
            .cloned()
            .chain(refused)
            .chain(of_seals)
            .chain(in_time.list().iter().cloned())
            .collect()
    })
}

/// What is the matter with the seal of a seat.
fn trouble(seat: &Seat) -> Option<Trouble> {
    match &seat.seal {
        Ok(seal) => seal.failing().as_ref().map(organs::trouble_of_seal),
        Err(defect) if seat.organ.cession == Cession::Own => Some(organs::trouble_of_seal(defect)),
        Err(_) => None,
    }
}

fn warning(trouble: Trouble, seat: Option<&Seat>) -> Warning {
    Warning {
        code: trouble.code,
        organ: seat.map(|seat| seat.organ.dir3.clone()),
        environment: seat.map(|seat| seat.organ.environment),
        about: None,
        fact: trouble.cause,
        next_step: trouble.next_step,
    }
}
