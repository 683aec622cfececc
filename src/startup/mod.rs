//! The composition root: settings → telemetry → archive → anchors → organs → sealer and validator →
//! door or command. What is opened is opened by [`crate::opening`]; here it is put together ([`service`]), shown
//! ([`serve`], [`oversight`]) and, while the service runs, loaded anew when it changes ([`caretaker`]).
//!
//! Commands that need the whole service are run from here; the others are in [`crate::commands`].
#![expect(
    clippy::disallowed_methods,
    reason = "the caretaker looks at the operator's files, and the process at its clock"
)]

mod batch;
mod caretaker;
mod oversight;
mod serve;
mod service;
mod warnings;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::seals::SealsCommand;
use crate::cli::{self, Arguments, Command, Exit, Failure};
use crate::commands::{
    archive, audit, doctor, examine, inventory, keys, letter, matrix, renewal, roster, trust,
};
use crate::opening::applications;
use crate::opening::clock::{self, Clock, Deadlines};
use crate::settings::{Origins, Settings, Surroundings};
use crate::telemetry::{self, Collector, Telemetry, TelemetryError};
use service::Service;

/// Runs the program: reads the command line, does what it says, and turns the outcome into an exit
/// code.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let command = arguments.command.unwrap_or(Command::Serve);
    let mut out = anstream::stdout().lock();
    let outcome = execute(command, &mut out).and_then(|()| Ok(out.flush()?));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if failure.exit != Exit::Ok {
                // Nobody is left to tell when standard error is gone too.
                let _ = failure.write(&mut anstream::stderr().lock());
            }
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn execute(command: Command, out: &mut dyn Write) -> Result<(), Failure> {
    // A code is explained without any settings, and pages are drawn where there are none.
    match &command {
        Command::Code(arguments) => return cli::code::run(arguments, out),
        Command::RenderPages(arguments) => return cli::render_pages::run(*arguments),
        _ => {}
    }
    let (settings, origins) = Settings::load(&Surroundings::of_process()).map_err(|errors| {
        let lines = errors.iter().map(ToString::to_string);
        Failure::new(Exit::Usage, "the settings cannot be used").with_details(lines)
    })?;
    if matches!(command, Command::Health) {
        return cli::health::run(settings.server.operations_bind, out);
    }
    let _telemetry = start_telemetry(&command, &settings, &origins)?;
    let clock = clock::system_clock();
    let deadlines = clock::processor_deadlines(settings.limits.cpu_seconds);
    dispatch(command, settings, &origins, clock, deadlines, out)
}

fn dispatch(
    command: Command,
    settings: Settings,
    origins: &Origins,
    clock: Clock,
    deadlines: Deadlines,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let limit = settings.limits.body_bytes.bytes();
    match command {
        Command::Serve => {
            refuse_for_production(&settings, origins)?;
            let exposition = telemetry::measure::start()
                .map_err(|error| Failure::new(Exit::Trouble, error.to_string()))?;
            let service = Service::open(settings, &clock)?;
            service.watch_authorities();
            serve::serve(service, exposition, clock, deadlines, out)
        }
        Command::Seal(arguments) => {
            refuse_for_production(&settings, origins)?;
            let service = Service::open(settings, &clock)?;
            let log = service.command_log(&clock);
            log.open()?;
            service.ask_about_seals();
            let authority = service.authority();
            let (caller, deadline) = (
                service.command_line(arguments.fields.environment),
                deadlines(),
            );
            let means = cli::seal::Means {
                sealer: &service.sealer,
                clock: &*clock,
                authority: &|imprint| authority.timestamp(imprint),
                deadline: &deadline,
                tell: &|fact| log.tell(fact),
            };
            cli::seal::run(&arguments, &means, caller, limit, out)
        }
        Command::Preflight(arguments) => {
            refuse_for_production(&settings, origins)?;
            let service = Service::open(settings, &clock)?;
            let (caller, deadline) = (
                service.command_line(arguments.fields.environment),
                deadlines(),
            );
            cli::preflight::run(
                &arguments,
                &service.sealer,
                caller,
                limit,
                clock(),
                &deadline,
                out,
            )
        }
        Command::Validate(arguments) => {
            let service = Service::open(settings, &clock)?;
            let deadline = deadlines();
            cli::validate::run(
                &arguments,
                &service.validator,
                limit,
                clock(),
                &deadline,
                out,
            )
        }
        Command::Batch(command) => {
            refuse_for_production(&settings, origins)?;
            batch::run(&command, settings, &clock, &deadlines, out)
        }
        Command::Seals { format, command } => match command {
            None => inventory::list(format, &settings, clock(), out),
            Some(SealsCommand::List(format)) => inventory::list(format, &settings, clock(), out),
            Some(SealsCommand::Check(arguments)) => {
                matrix::run(&arguments, &settings, clock(), out)
            }
            Some(SealsCommand::Renewal(command)) => renewal::run(&command, &settings, clock(), out),
        },
        Command::Organs { command } => roster::run(&command, &settings, out),
        Command::Report(arguments) => letter::run(&arguments, &settings, clock(), out),
        Command::Preserve(arguments) => {
            let service = Service::open(settings, &clock)?;
            let log = service.command_log(&clock);
            let authority = service.authority();
            let means = cli::preserve::Means {
                archive: &service.archive,
                preserver: &service.preserver,
                clock: &*clock,
                authority: &|imprint| authority.timestamp(imprint),
                keeper: &|chains| service.keep_chains(chains),
                deadline: &*deadlines,
                application: applications::COMMAND_LINE_ID,
                tell: &|fact| log.tell(fact),
            };
            cli::preserve::run(&arguments, &means, out)
        }
        Command::Archive { command } => archive::run(&command, &settings, &clock, out),
        Command::Audit { command } => audit::run(&command, &settings, clock(), out),
        Command::Keys { command } => keys::run(&command, &settings, &clock, out),
        Command::Trust { command } => trust::run(&command, &settings, clock(), out),
        Command::CheckConfig(format) => {
            let (trials, inventory) = examine::examine(&settings, origins, &clock);
            let examination = cli::check_config::Examination {
                profile: settings.profile,
                settings: cli::check_config::lines(origins),
                trials,
                seals: &inventory,
            };
            cli::check_config::run(&examination, format, out)
        }
        Command::Doctor(arguments) => doctor::run(&arguments, settings, origins, clock, out),
        // Answered before any settings were needed.
        Command::Code(_) | Command::Health | Command::RenderPages(_) => Ok(()),
    }
}

/// Commands for people log warnings only, so that their answers are not lost among lines, and send no spans.
fn start_telemetry(
    command: &Command,
    settings: &Settings,
    origins: &Origins,
) -> Result<Telemetry, Failure> {
    let mut log = settings.log.clone();
    let serves = matches!(command, Command::Serve);
    if !serves && log.level == "info" {
        log.level = "error".to_owned();
    }
    let collector = serves.then(|| collector(settings)).flatten();
    telemetry::start(&log, collector.as_ref()).map_err(|error| {
        let (key, next_step) = match error {
            TelemetryError::Filter(_) | TelemetryError::Twice(_) => {
                ("log.level", "say error, warn, info, debug or trace")
            }
            _ => (
                "telemetry.otlp_endpoint",
                "say http://HOST:4318, or nothing",
            ),
        };
        let origin = origins.origin(key).unwrap_or("the settings");
        Failure::new(Exit::Usage, format!("{origin}: {error}")).with_next_step(next_step)
    })
}

/// Where the spans of requests go: where the settings say, or else the standard variables.
fn collector(settings: &Settings) -> Option<Collector> {
    let address = &settings.telemetry.otlp_endpoint;
    if !address.is_empty() {
        return Some(Collector::At(address.clone()));
    }
    [
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
    ]
    .iter()
    .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
    .then_some(Collector::OfEnvironment)
}

/// Stops before anything is opened when production does not accept the settings.
fn refuse_for_production(settings: &Settings, origins: &Origins) -> Result<(), Failure> {
    let refusals = settings.refusals(origins);
    if refusals.is_empty() {
        return Ok(());
    }
    Err(
        Failure::new(Exit::Usage, "production does not accept these settings")
            .with_details(refusals.iter().map(ToString::to_string)),
    )
}
