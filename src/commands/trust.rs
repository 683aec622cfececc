//! `segell trust`: the anchors that its commands work with, and the folders they are in.

use std::io::Write;

use jiff::Timestamp;

use crate::cli::Failure;
use crate::cli::trust::{TrustCommand, import, list, signers};
use crate::opening::anchors;
use crate::settings::Settings;

/// Runs the command.
pub(crate) fn run(
    command: &TrustCommand,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    match command {
        TrustCommand::Import(arguments) => {
            let folders = import::Folders {
                seals: &settings.trust.seals,
                timestamps: settings.trust.timestamps.as_deref(),
            };
            import::run(arguments, folders, now, out)
        }
        TrustCommand::Signers(arguments) => signers::run(arguments, now, out),
        TrustCommand::List(format) => {
            let opened = anchors::open_anchors(settings, now)?;
            list::run(&opened.seals, &opened.timestamps, now, *format, out)
        }
    }
}
