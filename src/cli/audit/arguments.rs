//! What can be said after `segell audit`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::cli::arguments::Format;
use crate::model::Dir3;

const VERIFY_AFTER: &str = "\
Finds every line that was changed, taken away or moved before the last checkpoint, checkpoints that are
not authentic, logs that are gone and copies of which no line tells. Lines after the last checkpoint are
told as the unproved tail. Keep the heads it prints, or a checkpoint, where nobody who runs the
service can change them: with --known they prove what came before them.
Examples:
  segell audit verify
  segell audit verify --known checkpoint.json
  segell audit verify --file export.jsonl        what `segell audit export` made, without the archive";

const EXPORT_AFTER: &str = "\
Writes JSON lines: the lines of the log, what they hang on, and the checkpoints that prove them. Lines of
other organs and times stand without what they say.
Example:
  segell audit export --from 2026-11-01 --to 2026-12-01 --organ L01990015 november.jsonl";

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read all logs back and say whether anything was changed
    #[command(after_help = VERIFY_AFTER)]
    Verify(VerifyArguments),
    /// Take a part of the log out, in a form that can be verified
    #[command(after_help = EXPORT_AFTER)]
    Export(ExportArguments),
}

/// `segell audit verify`.
#[derive(Args, Debug)]
pub struct VerifyArguments {
    /// Verify this export instead
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// A checkpoint that was kept elsewhere; may be said several times
    #[arg(long, value_name = "FILE")]
    pub known: Vec<PathBuf>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell audit export`.
#[derive(Args, Debug)]
pub struct ExportArguments {
    /// From this day or time on, such as 2026-11-01 or 2026-11-01T08:00:00Z (UTC)
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub from: Option<Timestamp>,
    /// Up to this day or time, which is not in it
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub to: Option<Timestamp>,
    /// Only what concerns the organ with this DIR3 code
    #[arg(long, value_name = "DIR3")]
    pub organ: Option<Dir3>,
    /// The file, which is made
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// A time, or a day for its beginning.
fn time(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let day: Date = text
        .parse()
        .map_err(|_| "say a day or a time, such as 2026-11-01 or 2026-11-01T08:00:00Z")?;
    let begins = day
        .to_zoned(TimeZone::UTC)
        .map_err(|error| error.to_string())?;
    Ok(begins.timestamp())
}
