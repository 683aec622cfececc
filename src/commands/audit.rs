//! `segell audit`: opens what its commands work with.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::audit::verify::{Sources, verify};
use crate::audit::{AuditKeys, Checkpoint, export};
use crate::cli::archive::{of_error, progress_bar};
use crate::cli::audit::{AuditCommand, export as export_command, verify as verify_command};
use crate::cli::{Exit, Failure};
use crate::opening::audit as logs;
use crate::opening::{self, anchors};
use crate::settings::Settings;

/// Beyond the end of a segment, the time in which it has come into the archive.
const ARRIVAL: SignedDuration = SignedDuration::from_mins(15);

/// Runs the command.
pub(crate) fn run(
    command: &AuditCommand,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let keys = logs::keys(settings)?;
    let anchors = anchors::open_anchors(settings, now)?.timestamps;
    let known = match command {
        AuditCommand::Verify(arguments) => known(&arguments.known, &keys)?,
        AuditCommand::Export(_) => Vec::new(),
    };
    if let AuditCommand::Verify(arguments) = command
        && let Some(path) = &arguments.file
    {
        let bytes = read(path)?;
        let verification = export::verify_export(&bytes, &keys, &anchors, known);
        return verify_command::run(&verification, arguments.format, out);
    }
    let Some(root) = &settings.audit.folder else {
        return Err(Failure::new(
            Exit::Usage,
            "there is no audit log: audit.folder is not set",
        ));
    };
    let runtime = opening::runtime()?;
    let archive = Arc::new(opening::open_archive(settings, runtime.handle(), now)?);
    let shelf = logs::shelf(&archive, root, runtime.handle())?;
    let segment = SignedDuration::from_mins(i64::from(settings.audit.segment_minutes));
    let sources = Sources {
        archive: &archive,
        shelf: &shelf,
        files: logs::logs_here(root)?,
        keys: &keys,
        anchors: &anchors,
        known,
        now,
        patience: segment.saturating_add(ARRIVAL),
    };
    match command {
        AuditCommand::Export(arguments) => export_command::run(&sources, arguments, out),
        AuditCommand::Verify(arguments) => {
            let bar = progress_bar("verifying");
            let verified = verify(&sources, &mut |done, total| {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            });
            bar.finish_and_clear();
            let verification = verified.map_err(|error| of_error(&error))?;
            verify_command::run(&verification, arguments.format, out)
        }
    }
}

/// Checkpoints that were kept elsewhere. One that is not authentic is no help and is said.
fn known(paths: &[PathBuf], keys: &AuditKeys) -> Result<Vec<Checkpoint>, Failure> {
    let checkpoints = paths.iter().map(|path| {
        let bytes = read(path)?;
        Checkpoint::read(bytes.trim_ascii_end(), keys).map_err(|fault| {
            Failure::new(Exit::Usage, format!("{}: {fault}", path.display())).with_next_step(
                "name a checkpoint as it stands in the archive under audit/checkpoints",
            )
        })
    });
    checkpoints.collect()
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::file(path, "read", &error))
}
