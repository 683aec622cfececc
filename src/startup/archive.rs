//! `segell archive`: opens what each of its commands works with.

use std::io::Write;

use jiff::Timestamp;

use super::{applications, service};
use crate::cli::Failure;
use crate::cli::archive::{ArchiveCommand, check, export, migrate, retention, withdraw};
use crate::settings::Settings;

/// Runs the command.
pub(super) fn run(
    command: &ArchiveCommand,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let runtime = service::runtime()?;
    let handle = runtime.handle();
    let caller = applications::COMMAND_LINE_ID;
    // An export is verified where there is no archive.
    if let ArchiveCommand::VerifyExport(arguments) = command {
        return export::verify(arguments, handle, now, out);
    }
    let archive = service::open_archive(settings, handle, now)?;
    match command {
        ArchiveCommand::Check(arguments) => check::run(&archive, arguments, now, out),
        ArchiveCommand::Withdraw(arguments) => withdraw::run(&archive, arguments, caller, now, out),
        ArchiveCommand::Expire(format) => retention::expire(&archive, caller, now, *format, out),
        ArchiveCommand::Erase(arguments) => retention::erase(&archive, arguments, caller, now, out),
        ArchiveCommand::Migrate(arguments) => {
            let target = service::open_archive_at(&arguments.to, settings, handle, now)?;
            migrate::run(&archive, &target, &arguments.to, arguments.format, out)
        }
        ArchiveCommand::Export(arguments) => export::export(&archive, arguments, handle, now, out),
        ArchiveCommand::Import(arguments) => export::import(&archive, arguments, handle, now, out),
        // Answered above.
        ArchiveCommand::VerifyExport(_) => Ok(()),
    }
}
