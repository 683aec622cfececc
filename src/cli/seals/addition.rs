//! What `segell seals add` says: what is inside a container, and what was done with it.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::arguments::Format;
use crate::cli::failure::Failure;
use crate::cli::inventory::{SealEntry, Trouble};
use crate::cli::table::{Paint, STRONG};
use crate::cli::write_json;
use crate::model::{Dir3, Environment, SealAlgorithm, Sha256Digest};
use crate::pki::{ChainOutcome, IdentityChange, SealClass, SealContents};

/// What is inside a container.
#[derive(Clone, Debug, Serialize)]
pub struct Contents {
    /// Common name: the seal's name.
    pub name: String,
    /// Organisation of the subject.
    pub organisation: String,
    /// NIF of the organisation.
    pub nif: Option<String>,
    /// Class by the national profile.
    pub class: SealClass,
    /// The key lies in a qualified device (QcSSCD): the seal is a qualified one.
    pub qualified: bool,
    /// Common name of the issuer.
    pub issuer: String,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the certificate.
    pub fingerprint: Sha256Digest,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// Whole days until then.
    pub days_left: i64,
    /// `RSA-2048`, `EC P-256`, …
    pub public_key: String,
    /// Algorithms that the key fits.
    pub fits: Vec<SealAlgorithm>,
    /// Certificates beside it.
    pub beside: Vec<String>,
    /// Whether and how its chain reaches an anchor.
    pub chain: String,
}

/// A seal that was looked at, and what became of it.
#[derive(Debug, Serialize)]
pub struct Addition {
    /// The organ.
    pub organ: Dir3,
    /// `pre` or `pro`.
    pub environment: Environment,
    /// What is inside.
    pub contents: Contents,
    /// How it will sign.
    pub algorithm: Option<SealAlgorithm>,
    /// What is another than in the seal in force.
    pub changes: Vec<IdentityChange>,
    /// What is worth knowing.
    pub remarks: Vec<String>,
    /// Why it was not taken.
    pub refused: Option<Trouble>,
    /// What was written, or would be.
    pub outcome: Option<Outcome>,
}

/// What was written, or would be.
#[derive(Debug, Serialize)]
pub struct Outcome {
    /// It was; otherwise this was a dry run.
    pub written: bool,
    /// `next` or `current`.
    pub role: &'static str,
    /// When it takes over.
    pub active_from: Option<Timestamp>,
    /// The organ's file.
    pub file: String,
    /// The new container.
    pub container: String,
    /// The file with its passphrase.
    pub passphrase_file: String,
    /// The certificate for counterparts, PEM.
    pub certificate: String,
    /// What to do next.
    pub next_steps: Vec<String>,
}

impl Contents {
    /// Of a container, as of `now`.
    pub fn new(contents: &SealContents, now: Timestamp) -> Self {
        let facts = &contents.facts;
        Self {
            name: facts.common_name.clone(),
            organisation: facts.organisation.clone(),
            nif: facts.nif.clone(),
            class: facts.seal_class(),
            qualified: facts.qc_sscd,
            issuer: facts.issuer.clone(),
            serial: facts.serial.clone(),
            fingerprint: facts.fingerprint,
            not_before: facts.not_before,
            not_after: facts.not_after,
            days_left: SealEntry::days_between(now, facts.not_after),
            public_key: facts.public_key.clone(),
            fits: contents.fits.clone(),
            beside: contents.beside.clone(),
            chain: words_of_chain(&contents.chain),
        }
    }

    fn lines(&self) -> Vec<(&'static str, String)> {
        let day = |time: Timestamp| time.strftime("%Y-%m-%d").to_string();
        let qualified = match self.qualified {
            true => "key in a qualified device",
            false => "key in software: advanced, with a qualified certificate",
        };
        let fits: Vec<_> = self.fits.iter().map(|algorithm| algorithm.word()).collect();
        let pss = match self.fits.contains(&SealAlgorithm::RsaPssSha256) {
            true => "PSS fits",
            false => "PSS does not fit",
        };
        vec![
            ("seal", self.name.clone()),
            ("organisation", self.organisation.clone()),
            ("NIF", self.nif.clone().unwrap_or_else(|| "none".to_owned())),
            ("class", format!("{}; {qualified}", self.class.word())),
            ("issuer", self.issuer.clone()),
            (
                "valid",
                format!(
                    "{} to {} ({} days left)",
                    day(self.not_before),
                    day(self.not_after),
                    self.days_left
                ),
            ),
            (
                "key",
                match fits.as_slice() {
                    [] => format!("{}: fits no algorithm", self.public_key),
                    fits => format!("{}: {}; {pss}", self.public_key, fits.join(", ")),
                },
            ),
            ("chain", self.chain.clone()),
            ("SHA-256", self.fingerprint.to_string()),
        ]
    }
}

fn words_of_chain(chain: &ChainOutcome) -> String {
    match chain {
        ChainOutcome::Trusted => "complete, up to an anchor".to_owned(),
        ChainOutcome::Expired => "a certificate in it has expired".to_owned(),
        ChainOutcome::NotYetValid => "a certificate in it is not valid yet".to_owned(),
        ChainOutcome::Incomplete { issuer } => {
            format!("incomplete: the certificate of \u{201c}{issuer}\u{201d} is missing")
        }
        ChainOutcome::Untrusted { root } => {
            format!("ends in \u{201c}{root}\u{201d}, which is not among the anchors")
        }
        ChainOutcome::Broken {
            certificate,
            reason,
        } => format!("broken at \u{201c}{certificate}\u{201d}: {reason}"),
    }
}

impl Addition {
    /// Tells it.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> Result<(), Failure> {
        if format.json {
            return Ok(write_json(out, self)?);
        }
        for (what, fact) in self.contents.lines() {
            writeln!(out, "{what:>13}  {fact}")?;
        }
        let yellow = Paint::Yellow.style();
        for IdentityChange {
            what,
            before,
            after,
        } in &self.changes
        {
            writeln!(
                out,
                "{yellow}{:>13}{yellow:#}  {what}: {before} → {after}",
                "changed"
            )?;
        }
        for remark in &self.remarks {
            writeln!(out, "{yellow}{:>13}{yellow:#}  {remark}", "note")?;
        }
        match &self.outcome {
            Some(outcome) => Ok(self.write_outcome(outcome, out)?),
            None => Ok(()),
        }
    }

    fn write_outcome(&self, outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
        let Outcome {
            role,
            file,
            container,
            ..
        } = outcome;
        let (organ, environment) = (&self.organ, self.environment.word());
        writeln!(out)?;
        if !outcome.written {
            return writeln!(
                out,
                "Nothing was written. It would be wrapped anew into {container} and become the {role} seal of \
                 {organ} ({environment}) in {file}."
            );
        }
        let algorithm = self.algorithm.map_or("", SealAlgorithm::word);
        writeln!(
            out,
            "{STRONG}It is the {role} seal of {organ} ({environment}).{STRONG:#} It signed by {algorithm}, and its \
             certificate confirmed that."
        )?;
        writeln!(
            out,
            "  wrapped anew (AES-256, random passphrase): {container}"
        )?;
        writeln!(out, "  passphrase: {}", outcome.passphrase_file)?;
        writeln!(out, "  certificate: {}", outcome.certificate)?;
        writeln!(out, "  named in: {file}")?;
        for step in &outcome.next_steps {
            writeln!(out, "  → {step}")?;
        }
        Ok(())
    }
}
