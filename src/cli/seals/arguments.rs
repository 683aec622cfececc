//! What can be said after `segell seals`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::arguments::Format;

const CHECK_AFTER: &str = "\
Every organ that an application may ask for, every organ file and every row of the expected list
is compared with the certificate in use, the newest one known (in the archive, and in certificate
files beside the seals), the codes of file, list and certificate, and the counterparts'
confirmations (organs.counterparts in the settings).

FILE.tsv has a header line that names its columns: dir3 and environment, and if it likes ine10
and nif. A list for `segell organs import` serves too.

Exit codes:
  0  no fault; warnings alone do not fail
  1  at least one fault";

/// What to do with seals.
#[derive(Debug, Subcommand)]
pub enum SealsCommand {
    /// List the organs and their seals, those that need attention first
    List(Format),
    /// Compare organs, seals, codes and confirmations; name every fault and who has to mend it
    #[command(after_help = CHECK_AFTER)]
    Check(CheckArguments),
}

/// `segell seals check`.
#[derive(Args, Debug)]
pub struct CheckArguments {
    /// A list of the organs that have to be served: tab-separated, with a header line
    #[arg(long, value_name = "FILE.tsv")]
    pub expected: Option<PathBuf>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}
