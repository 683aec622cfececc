//! What can be said to `segell batch`, and the help about it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use crate::cli::arguments::{FieldArguments, Format, policy};
use crate::validate::Policy;

const SEAL_AFTER: &str = "\
Examples:
  segell batch seal incoming --output sealed --kind paper
  segell batch seal incoming --dry-run            what would be refused, and why

Every *.pdf below the folder has its copy under the same name below OUTPUT. The manifest has a line of
JSON for each; whoever may read it can fetch the copies. Stop it when you like (Ctrl-C ends what is under
way) and run it again: what is done is passed over, by content. What it finds in the place of a copy is
never replaced.";

const VALIDATE_AFTER: &str = "\
Examples:
  segell batch validate returned --manifest checked.jsonl
  segell batch validate returned --json | jq -r 'select(.verdict == \"altered\") | .path'

With a manifest, what it has a verdict on is passed over, by content. A copy may be withdrawn tomorrow:
begin a new manifest for a new judgement.";

/// What to do with every PDF below a folder.
#[derive(Debug, Subcommand)]
pub enum BatchCommand {
    /// Make a sealed copy of every PDF below a folder
    #[command(after_help = SEAL_AFTER)]
    Seal(Box<BatchSealArguments>),
    /// Judge every PDF below a folder: was exactly this issued here?
    #[command(after_help = VALIDATE_AFTER)]
    Validate(BatchValidateArguments),
}

/// How the work is done.
#[derive(Args, Debug)]
pub struct WorkArguments {
    /// The folder with the PDFs; links are not followed
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// Files at work at once; one per core without it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// How to answer: with --json the lines of the manifest, and one for the whole
    #[command(flatten)]
    pub format: Format,
}

/// `segell batch seal`.
#[derive(Args, Debug)]
pub struct BatchSealArguments {
    /// What is worked on, and how.
    #[command(flatten)]
    pub work: WorkArguments,
    /// The folder for the copies; made if it is not there
    #[arg(
        short,
        long,
        value_name = "OUTPUT",
        required_unless_present = "dry_run"
    )]
    pub output: Option<PathBuf>,
    /// Where the manifest is kept; OUTPUT/manifest.jsonl without it
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Say what would be refused, as `segell preflight` does, and make nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What is said about every copy.
    #[command(flatten)]
    pub fields: FieldArguments,
}

/// `segell batch validate`.
#[derive(Args, Debug)]
pub struct BatchValidateArguments {
    /// What is worked on, and how.
    #[command(flatten)]
    pub work: WorkArguments,
    /// Where the manifest is kept; none without it
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// The time for which to judge, such as 2026-11-21T09:30:00Z; now without it
    #[arg(long, value_name = "TIME")]
    pub time: Option<Timestamp>,
    /// The validation policy: segell-1 or segell-1-strict (which asks for revocation data)
    #[arg(long, value_name = "NAME", value_parser = policy)]
    pub policy: Option<&'static Policy>,
}
