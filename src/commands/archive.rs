//! `segell archive`: opens what each of its commands works with.

use std::io::Write;
use std::sync::Arc;

use crate::cli::Failure;
use crate::cli::archive::{ArchiveCommand, check, export, migrate, retention, withdraw};
use crate::opening::audit::CommandLog;
use crate::opening::clock::Clock;
use crate::opening::{self, applications};
use crate::settings::Settings;

/// Runs the command.
pub(crate) fn run(
    command: &ArchiveCommand,
    settings: &Settings,
    clock: &Clock,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let now = clock();
    let runtime = opening::runtime()?;
    let handle = runtime.handle();
    let caller = applications::COMMAND_LINE_ID;
    // An export is verified where there is no archive.
    if let ArchiveCommand::VerifyExport(arguments) = command {
        return export::verify(arguments, handle, now, out);
    }
    let archive = Arc::new(opening::open_archive(settings, handle, now)?);
    let log = CommandLog::new(settings, Arc::clone(&archive), handle.clone(), clock);
    let tell = &|fact| log.tell(fact);
    if changes(command) {
        log.open()?;
    }
    match command {
        ArchiveCommand::Check(arguments) => check::run(&archive, arguments, tell, now, out),
        ArchiveCommand::Withdraw(arguments) => {
            withdraw::run(&archive, arguments, (caller, tell), now, out)
        }
        ArchiveCommand::Expire(format) => {
            retention::expire(&archive, (caller, tell), now, *format, out)
        }
        ArchiveCommand::Erase(arguments) => {
            retention::erase(&archive, arguments, (caller, tell), now, out)
        }
        ArchiveCommand::Migrate(arguments) => {
            let target = opening::open_archive_at(&arguments.to, settings, handle, now)?;
            migrate::run(&archive, &target, &arguments.to, arguments.format, out)
        }
        ArchiveCommand::Export(arguments) => export::export(&archive, arguments, handle, now, out),
        ArchiveCommand::Import(arguments) => export::import(&archive, arguments, handle, now, out),
        // Answered above.
        ArchiveCommand::VerifyExport(_) => Ok(()),
    }
}

/// Whether a command changes what copies are, so that it is not begun while nothing can be told of it.
const fn changes(command: &ArchiveCommand) -> bool {
    match command {
        ArchiveCommand::Withdraw(_) | ArchiveCommand::Expire(_) => true,
        ArchiveCommand::Erase(arguments) => arguments.yes,
        ArchiveCommand::Check(_)
        | ArchiveCommand::Migrate(_)
        | ArchiveCommand::Export(_)
        | ArchiveCommand::VerifyExport(_)
        | ArchiveCommand::Import(_) => false,
    }
}
