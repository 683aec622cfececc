//! `segell batch`: opens what its commands work with, and listens for who wants to stop it.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;
use tokio::signal::unix::{SignalKind, signal};

use super::service::Service;
use crate::cli::batch::{Batch, BatchCommand, seal, validate};
use crate::cli::{Exit, Failure};
use crate::opening::clock::{Clock, Deadlines};
use crate::settings::Settings;

/// Runs the command.
pub(super) fn run(
    command: &BatchCommand,
    settings: Settings,
    clock: &Clock,
    deadlines: &Deadlines,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let limit = settings.limits.body_bytes.bytes();
    let service = Service::open(settings, clock)?;
    let stop = stop_on_signal(service.runtime.handle());
    match command {
        BatchCommand::Seal(arguments) => {
            service.ask_about_seals();
            let log = service.command_log(clock);
            if !arguments.dry_run {
                log.open()?;
            }
            let authority = service.authority();
            let means = seal::Means {
                sealer: &service.sealer,
                application: service.command_line(arguments.fields.environment),
                clock: &**clock,
                authority: &|imprint| authority.timestamp(imprint),
                deadline: &**deadlines,
                tell: &|fact| log.tell(fact),
            };
            let batch = Batch::new(&arguments.work, limit, &**clock, &stop);
            seal::run(arguments, &means, &batch, out)
        }
        BatchCommand::Validate(arguments) => {
            let means = validate::Means {
                validator: &service.validator,
                clock: &**clock,
                deadline: &**deadlines,
            };
            let batch = Batch::new(&arguments.work, limit, &**clock, &stop);
            validate::run(arguments, &means, &batch, out)
        }
    }
}

/// Set by the first SIGINT or SIGTERM. The second ends the program where it stands, which nothing suffers
/// from: copies and their records are whole or not there.
fn stop_on_signal(runtime: &Handle) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    runtime.spawn(async move {
        let signals = signal(SignalKind::interrupt()).and_then(|interrupted| {
            signal(SignalKind::terminate()).map(|terminated| (interrupted, terminated))
        });
        // Without signals the usual happens: they end the program.
        let Ok((mut interrupted, mut terminated)) = signals else {
            return;
        };
        for times in 0.. {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
            if times > 0 {
                std::process::exit(Exit::Trouble as i32);
            }
            set.store(true, Ordering::Relaxed);
            // Nobody is left to tell when standard error is gone.
            let _ = writeln!(
                anstream::stderr(),
                "\nfinishing what is under way; once more ends it at once"
            );
        }
    });
    stop
}
