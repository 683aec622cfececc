//! What can be said after `segell archive`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::arguments::Format;
use crate::model::withdrawal::Written;
use crate::model::{Dir3, PublicText, WithdrawalReason};

const EXPORT_AFTER: &str = "\
The folder holds everything about the organ's copies: index.tsv (one line a copy), the sealed PDFs, their
records and events, the certificates of the seals, and SHA256SUMS. It is verified without this service:
  cd FOLDER && sha256sum -c SHA256SUMS        every file is as it was exported
  segell archive verify-export FOLDER         and everything in it fits together
  segell archive import FOLDER                and can be taken into another archive";

const ERASE_AFTER: &str = "\
Nothing brings back what is erased. What stays says that there was a copy: its code keeps answering that
it was erased, and its digest is still recognised. The only command that removes anything.
Examples:
  segell archive erase --due                  what ended 90 days ago or earlier: only say it
  segell archive erase --due --yes            the same, done
  segell archive erase --yes < code.txt       one copy; the code stays out of the shell's history";

/// What to do with the archive.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Read everything back, compare it with its records, complete what a crash left unfinished
    Check(CheckArguments),
    /// Take a copy back: its record stays, its page says why, nobody is given its content
    Withdraw(WithdrawArguments),
    /// Write down of every copy past its availability that it ended
    Expire(Format),
    /// Erase the content of a copy, or of all that are due, for good
    #[command(after_help = ERASE_AFTER)]
    Erase(EraseArguments),
    /// Copy everything into another archive; the same again finishes what was left
    Migrate(MigrateArguments),
    /// Take out all copies of one organ, with what proves them
    #[command(after_help = EXPORT_AFTER)]
    Export(ExportArguments),
    /// Verify an export, without any archive
    VerifyExport(ExportedArguments),
    /// Verify an export and take it into the archive
    Import(ExportedArguments),
}

/// `segell archive check`.
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// Also remove what killed processes left behind a day ago or more
    #[arg(long)]
    pub tidy: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell archive withdraw`.
#[derive(Args, Debug)]
pub struct WithdrawArguments {
    /// The code of the copy; standard input without it, which stays out of the shell's history
    #[arg(value_name = "CODE")]
    pub words: Vec<String>,
    /// Why: error_in_document, superseded, issued_by_mistake, court_order or other
    #[arg(long, value_parser = withdrawal_reason)]
    pub reason: WithdrawalReason,
    /// What the public is told
    #[arg(long, value_name = "TEXT", value_parser = public_text)]
    pub text: PublicText,
}

/// `segell archive erase`.
#[derive(Args, Debug)]
pub struct EraseArguments {
    /// The code of the copy; standard input without it, which stays out of the shell's history
    #[arg(value_name = "CODE", conflicts_with = "due")]
    pub words: Vec<String>,
    /// Every copy whose availability ended long enough ago, instead of one
    #[arg(long)]
    pub due: bool,
    /// How many days ago that is, with --due
    #[arg(long, value_name = "DAYS", default_value_t = 90, requires = "due")]
    pub after_days: u32,
    /// Do it; without this, only say what would be erased
    #[arg(long)]
    pub yes: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell archive migrate`.
#[derive(Args, Debug)]
pub struct MigrateArguments {
    /// The other archive: file:///FOLDER or s3://BUCKET/PREFIX
    #[arg(long, value_name = "URL")]
    pub to: String,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell archive export`.
#[derive(Args, Debug)]
pub struct ExportArguments {
    /// DIR3 code of the organ
    #[arg(long, value_name = "DIR3")]
    pub organ: Dir3,
    /// The folder, which is made
    #[arg(short, long, value_name = "FOLDER")]
    pub out: PathBuf,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell archive verify-export` and `segell archive import`.
#[derive(Args, Debug)]
pub struct ExportedArguments {
    /// The folder that `segell archive export` made
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

fn withdrawal_reason(text: &str) -> Result<WithdrawalReason, String> {
    let words = WithdrawalReason::ALL.map(WithdrawalReason::word).join(", ");
    WithdrawalReason::from_word(text).ok_or_else(|| format!("say one of {words}"))
}

fn public_text(text: &str) -> Result<PublicText, String> {
    PublicText::try_from(Written::Plain(text.to_owned())).map_err(|error| error.to_string())
}
