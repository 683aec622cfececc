//! What can be said after `segell seals`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use jiff::Timestamp;

use crate::cli::arguments::Format;
use crate::cli::keys::environment;
use crate::model::{Dir3, Environment, SealAlgorithm};

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

const ADD_AFTER: &str = "\
Examples:
  segell seals add nou.p12 --organ L01990015 --dry-run        what is inside, and what would be done
  segell seals add nou.p12 --organ L01990015 --active-from 2026-12-01T07:00:00Z
  segell seals add seal.pem --key seal.key --organ L01990015 --as current --passphrase-file pass

PKCS#12 of any age (RC2 and 3DES included) and PEM. The key goes into a new container with today's ciphers
and a random passphrase, beside the organ's other seals; it signs something, and its certificate confirms
that, before the organ's file names it. Nothing is left behind when anything fails.";

const PLAN_AFTER: &str = "\
Examples:
  segell seals plan                                           what waits, and when it takes over
  segell seals plan --active-from 2026-12-01T07:00:00Z --wave 50 --every 24
  segell seals plan --active-from 2026-12-01T07:00:00Z --organ L01990015 --apply

A running service exchanges the seals at their times by itself, without a stop.";

/// What to do with seals.
#[derive(Debug, Subcommand)]
pub enum SealsCommand {
    /// List the organs and their seals, those that need attention first (the default)
    List(Format),
    /// Compare organs, seals, codes and confirmations; name every fault and who has to mend it
    #[command(after_help = CHECK_AFTER)]
    Check(CheckArguments),
    /// Take in a new seal of an organ: explain, check, wrap anew, try out
    #[command(after_help = ADD_AFTER)]
    Add(Box<AddArguments>),
    /// Show which seals wait and what holds them up; give them times, in waves
    #[command(after_help = PLAN_AFTER)]
    Plan(PlanArguments),
    /// Make the next seal of organs the current one, and the current one the previous
    Promote(PromoteArguments),
    /// Go back to the seal that was in force before
    Rollback(RollbackArguments),
    /// Destroy the key of a seal that is not used any more; its copies stay verifiable
    Retire(RetireArguments),
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

/// `segell seals add`.
#[derive(Args, Debug)]
pub struct AddArguments {
    /// PKCS#12, or PEM with the certificates and, unless --key names it, the key
    #[arg(value_name = "CONTAINER")]
    pub container: PathBuf,
    /// PEM file with the key, when CONTAINER has the certificates only
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// DIR3 code of the organ
    #[arg(long, value_name = "DIR3")]
    pub organ: Dir3,
    /// The environment of the organ, when it is served in both: pre or pro
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = environment)]
    pub environment: Option<Environment>,
    /// File with the passphrase in its first line; without it the terminal is asked
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_stdin")]
    pub passphrase_file: Option<PathBuf>,
    /// Read the passphrase from the first line of standard input
    #[arg(long)]
    pub passphrase_stdin: bool,
    /// next: waits beside the one in force; current: takes its place as soon as the file is read again
    #[arg(long = "as", value_name = "ROLE", value_parser = place)]
    pub place: Option<AddedAs>,
    /// When it takes over, such as 2026-12-01T07:00:00Z; it waits for `plan` or `promote` without it
    #[arg(long, value_name = "TIME")]
    pub active_from: Option<Timestamp>,
    /// How it signs: rsa-pkcs1-sha256, rsa-pss-sha256, ecdsa-p256-sha256 or ecdsa-p384-sha384
    #[arg(long, value_parser = algorithm)]
    pub algorithm: Option<SealAlgorithm>,
    /// Take it although its name, NIF or class is another than that of the seal in force
    #[arg(long)]
    pub accept_change: bool,
    /// Explain and check, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// As what a seal is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedAs {
    /// It waits.
    Next,
    /// It takes the place of the one in force.
    Current,
}

/// `segell seals plan`.
#[derive(Args, Debug)]
pub struct PlanArguments {
    /// When the first wave takes over, such as 2026-12-01T07:00:00Z
    #[arg(long, value_name = "TIME")]
    pub active_from: Option<Timestamp>,
    /// Organs in a wave; all in one without it
    #[arg(long, value_name = "N", requires = "every", value_parser = clap::value_parser!(u32).range(1..))]
    pub wave: Option<u32>,
    /// Hours between two waves
    #[arg(long, value_name = "HOURS", requires = "wave", value_parser = clap::value_parser!(u32).range(1..=8784))]
    pub every: Option<u32>,
    /// Only this organ, in this order; may be said several times
    #[arg(long = "organ", value_name = "DIR3")]
    pub organs: Vec<Dir3>,
    /// Only organs of this environment: pre or pro
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = environment)]
    pub environment: Option<Environment>,
    /// Write the times into the organs' files; those that are held up keep theirs
    #[arg(long, requires = "active_from")]
    pub apply: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell seals promote`.
#[derive(Args, Debug)]
#[command(group = ArgGroup::new("which").required(true).args(["organs", "all_due"]))]
pub struct PromoteArguments {
    /// This organ; may be said several times
    #[arg(long = "organ", value_name = "DIR3")]
    pub organs: Vec<Dir3>,
    /// Every organ whose next seal has come to its time
    #[arg(long)]
    pub all_due: bool,
    /// Only organs of this environment: pre or pro
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = environment)]
    pub environment: Option<Environment>,
    /// Also before the time
    #[arg(long, conflicts_with = "all_due")]
    pub now: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell seals rollback`.
#[derive(Args, Debug)]
pub struct RollbackArguments {
    /// DIR3 code of the organ
    #[arg(long, value_name = "DIR3")]
    pub organ: Dir3,
    /// The environment of the organ, when it is served in both: pre or pro
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = environment)]
    pub environment: Option<Environment>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell seals retire`.
#[derive(Args, Debug)]
pub struct RetireArguments {
    /// DIR3 code of the organ
    #[arg(long, value_name = "DIR3")]
    pub organ: Dir3,
    /// The environment of the organ, when it is served in both: pre or pro
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = environment)]
    pub environment: Option<Environment>,
    /// The seal that was in force before (the default)
    #[arg(long, conflicts_with = "next")]
    pub previous: bool,
    /// The seal that waits, instead
    #[arg(long)]
    pub next: bool,
    /// Do it without asking
    #[arg(long)]
    pub yes: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

fn place(text: &str) -> Result<AddedAs, &'static str> {
    match text {
        "next" => Ok(AddedAs::Next),
        "current" => Ok(AddedAs::Current),
        _ => Err("say next or current"),
    }
}

fn algorithm(text: &str) -> Result<SealAlgorithm, &'static str> {
    let all = [
        SealAlgorithm::RsaPkcs1Sha256,
        SealAlgorithm::RsaPssSha256,
        SealAlgorithm::EcdsaP256Sha256,
        SealAlgorithm::EcdsaP384Sha384,
    ];
    let meant = all.into_iter().find(|algorithm| algorithm.word() == text);
    meant.ok_or("say rsa-pkcs1-sha256, rsa-pss-sha256, ecdsa-p256-sha256 or ecdsa-p384-sha384")
}
