//! `segell trust`: whose certificates are trusted, by trusted lists (ETSI TS 119 612) that were fetched
//! beforehand. The commands fetch nothing.

pub mod import;
pub mod list;
pub mod signers;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::arguments::Format;
use super::document;
use super::failure::{Exit, Failure};
use crate::model::Sha256Digest;
use crate::pki::trust_list::{self, Purpose, Territory, TrustedList};

const IMPORT_AFTER: &str = "\
Fetch the lists with any tool, on any machine, then begin with what the Official Journal publishes:
  segell trust signers eu-lotl.xml --signer ojeu-1.pem --signer ojeu-2.pem --country ES > es.pem
  segell trust import ES.xml --signer es.pem --dry-run
  segell trust import ES.xml --signer es.pem

A list is read only if its signature is by one of the certificates you name. Each list becomes one PEM
file in the folder of each purpose ([trust] seals and timestamps), in place of the one before; nothing
else in the folders is touched. A running service sees it when it is started again.";

/// What to do about trust.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// Take anchors from a trusted list
    #[command(after_help = IMPORT_AFTER)]
    Import(ImportArguments),
    /// Say who may sign the lists that a list of lists points to; with --country, as PEM
    Signers(SignersArguments),
    /// List the anchors: what for, where from, how fresh
    List(Format),
}

/// A list, and who may have signed it.
#[derive(Args, Debug)]
pub struct ListArguments {
    /// The list, as it was published; - reads standard input
    #[arg(value_name = "LIST.xml")]
    pub list: PathBuf,
    /// Who may have signed it: a PEM file of certificates, or the SHA-256 of one; may be repeated
    #[arg(long = "signer", value_name = "PEM|SHA256", required = true)]
    pub signers: Vec<String>,
    /// Accept a list after the day on which the next one was due
    #[arg(long)]
    pub stale_ok: bool,
}

/// `segell trust import`.
#[derive(Args, Debug)]
pub struct ImportArguments {
    /// The list.
    #[command(flatten)]
    pub source: ListArguments,
    /// What the anchors are for: seals or timestamps; both without it
    #[arg(long, value_parser = purpose)]
    pub purpose: Option<Purpose>,
    /// Services that are approved nationally only, too (CA/PKC, TSA)
    #[arg(long)]
    pub national: bool,
    /// Approvals before eIDAS, too: supervised or accredited until 2016-07-01
    #[arg(long)]
    pub before_eidas: bool,
    /// Go back to a list with a lower number than the one imported before
    #[arg(long)]
    pub force: bool,
    /// Only say what would change
    #[arg(long)]
    pub dry_run: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell trust signers`.
#[derive(Args, Debug)]
pub struct SignersArguments {
    /// The list of lists.
    #[command(flatten)]
    pub source: ListArguments,
    /// Whose list, such as ES
    #[arg(long, value_name = "CC")]
    pub country: Option<Territory>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

fn purpose(text: &str) -> Result<Purpose, &'static str> {
    Purpose::ALL
        .into_iter()
        .find(|purpose| purpose.word() == text)
        .ok_or("say seals or timestamps")
}

/// Reads a list that is signed by one of the named signers and is current at `now`.
fn read(arguments: &ListArguments, now: Timestamp) -> Result<TrustedList, Failure> {
    let mut pins = Vec::new();
    for signer in &arguments.signers {
        pins.extend(pins_of(signer)?);
    }
    let bytes = document::read(&arguments.list, trust_list::MAX_BYTES)?;
    let list = trust_list::read(&bytes, &pins).map_err(|fault| {
        Failure::new(
            Exit::Refused,
            format!("{}: {fault}", arguments.list.display()),
        )
        .with_next_step(fault.next_step())
    })?;
    if list.issued > now {
        return Err(Failure::new(
            Exit::Refused,
            format!(
                "the list was issued on {}, which is yet to come",
                day(list.issued)
            ),
        )
        .with_next_step("operator: set this machine's clock"));
    }
    if list.is_stale(now) && !arguments.stale_ok {
        let sentence = match list.next_update {
            Some(next) => format!("the list is stale: the next one was due on {}", day(next)),
            None => "the list was closed: it will not be continued".to_owned(),
        };
        return Err(Failure::new(Exit::Refused, sentence).with_next_step(
            "operator: fetch the current list; --stale-ok takes this one all the same",
        ));
    }
    Ok(list)
}

/// The SHA-256 of certificates: written as such, with or without colons, or that of those in a PEM file.
fn pins_of(signer: &str) -> Result<Vec<Sha256Digest>, Failure> {
    let compact: String = signer.chars().filter(|written| *written != ':').collect();
    if let Ok(pin) = compact.to_ascii_lowercase().parse() {
        return Ok(vec![pin]);
    }
    let path = Path::new(signer);
    let pem = std::fs::read(path).map_err(|error| Failure::file(path, "read", &error))?;
    trust_list::fingerprints(&pem).map_err(|_| {
        Failure::new(
            Exit::Usage,
            format!("{} holds no certificates that can be read", path.display()),
        )
        .with_next_step("name a PEM file of the signers' certificates, or a certificate's SHA-256")
    })
}

/// A day, for people.
fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// The list in two lines.
fn tell(list: &TrustedList, now: Timestamp, out: &mut dyn std::io::Write) -> std::io::Result<()> {
    use super::table::{FAINT, Paint, STRONG};
    writeln!(
        out,
        "{STRONG}{} list number {}{STRONG:#}  {}",
        list.territory, list.sequence, list.operator
    )?;
    let next = list.next_update.map_or_else(|| "never".to_owned(), day);
    write!(
        out,
        "  {FAINT}issued{FAINT:#} {}, {FAINT}next due{FAINT:#} {next}",
        day(list.issued)
    )?;
    if list.is_stale(now) {
        let yellow = Paint::Yellow.style();
        write!(out, "  {yellow}STALE{yellow:#}")?;
    }
    writeln!(out)?;
    writeln!(
        out,
        "  {FAINT}signed by{FAINT:#} {}, SHA-256 {}",
        list.signer.subject, list.signer.fingerprint
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_one_with_colons_and_in_capitals_too() {
        let digest = Sha256Digest::of(b"a certificate");
        let plain = digest.to_string();
        let colons: Vec<String> = plain
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair).to_uppercase())
            .collect();
        assert_eq!(pins_of(&plain), Ok(vec![digest]));
        assert_eq!(pins_of(&colons.join(":")), Ok(vec![digest]));
        assert_eq!(pins_of("absent.pem").unwrap_err().exit, Exit::Usage);
    }
}
