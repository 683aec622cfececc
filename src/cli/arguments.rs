//! What can be said on the command line, and the help about it.

mod fields;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

pub use self::fields::FieldArguments;
use super::archive::ArchiveCommand;
use super::audit::AuditCommand;
use super::batch::BatchCommand;
use super::doctor::DoctorArguments;
use super::keys::KeysCommand;
use super::letter::LetterArguments;
use super::organs::OrgansCommand;
use super::render_pages::RenderPagesArguments;
use super::seals::SealsCommand;
use super::trust::TrustCommand;
use crate::model::{Dir3, SignatureLevel};
use crate::raster::SUBCOMMAND;
use crate::validate::Policy;

const AFTER: &str = "\
Exit codes:
  0  done
  1  refused, or the verdict is not the one hoped for
  2  the command or the settings are wrong
  3  the service, the archive or the machine is in trouble; later it may work

Settings come from config/default.toml, config/PROFILE.toml, config/local.toml, the file that
SEGELL_CONFIG names and the environment (SEGELL__SECTION__KEY); SEGELL_PROFILE chooses evaluation
(the default) or production. `segell check-config` shows them all.";

const SEAL_AFTER: &str = "\
Examples:
  segell seal agreement.pdf -o copy.pdf
  segell seal scan.pdf -o copy.pdf --kind paper --language es --title 'Llicència 12/2026'
  curl -s https://example.org/a.pdf | segell seal - -o - > copy.pdf

The same document with the same options gives the same copy again, not a second one; --force-new
asks for a second one.";

const PRESERVE_AFTER: &str = "\
Examples:
  segell preserve                        every copy to B-LTA; renews what is due
  segell preserve --level B-LT --organ L01990015
  segell preserve --dry-run --json       one line for each copy that needs something

What is done is not done again: stop it when you like, and run it again, every month at least. Code
and content of a copy stay as they are; what is appended makes its next version.";

const CODE_AFTER: &str = "\
Examples:
  segell code K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE
  segell code < letter.txt        the code stays out of the shell's history

Nothing is looked up: this says whether the code is well typed, where a mistake is, and which
environment it belongs to. Whoever holds a code gets the copy, so treat it like one.";

/// Sealed authentic copies of PDF documents, and the means to check them again.
#[derive(Debug, Parser)]
#[command(version, about, long_about = None, after_help = AFTER, max_term_width = 100)]
pub struct Arguments {
    /// What to do; `serve` without it.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer on the network until told to stop (the default)
    Serve,
    /// Make a sealed copy of a PDF, exactly as the service does
    #[command(after_help = SEAL_AFTER)]
    Seal(Box<SealArguments>),
    /// Say what sealing a PDF would do and find, without doing it
    Preflight(Box<PreflightArguments>),
    /// Judge a PDF: was exactly this issued here, and are its signatures sound?
    Validate(ValidateArguments),
    /// Seal or judge every PDF below a folder, many at once
    #[command(subcommand)]
    Batch(BatchCommand),
    /// List the organs and their seals, those that need attention first; check and renew them
    #[command(args_conflicts_with_subcommands = true)]
    Seals {
        /// How to answer, when nothing else is to be done than to list them.
        #[command(flatten)]
        format: Format,
        /// What to do; list them without it.
        #[command(subcommand)]
        command: Option<SealsCommand>,
    },
    /// Keep the organ files, hundreds at once
    Organs {
        /// What to do.
        #[command(subcommand)]
        command: OrgansCommand,
    },
    /// Write the weekly letter to an organ: what was sealed, how its seal is doing, what it has to do
    Report(LetterArguments),
    /// Make, list and revoke the keys of applications
    Keys {
        /// What to do.
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Look after the archive
    Archive {
        /// What to do.
        #[command(subcommand)]
        command: ArchiveCommand,
    },
    /// Read the audit log back, or take a part of it out
    Audit {
        /// What to do.
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Keep copies provable: raise them to a level, renew archive timestamps before they lose their force
    #[command(after_help = PRESERVE_AFTER)]
    Preserve(PreserveArguments),
    /// Decide whose certificates are trusted, with trusted lists fetched beforehand
    Trust {
        /// What to do.
        #[command(subcommand)]
        command: TrustCommand,
    },
    /// Show every setting with its origin, then load everything and report problems
    CheckConfig(Format),
    /// Try everything the service rests on, and say what is wrong and what to do
    Doctor(DoctorArguments),
    /// Explain a verification code: is it well typed, and if not, where?
    #[command(after_help = CODE_AFTER)]
    Code(CodeArguments),
    /// Ask the service running on this machine whether it is alive
    Health,
    /// Draw the pages of a PDF: what the service starts for itself, and nobody else
    #[command(name = SUBCOMMAND, hide = true)]
    RenderPages(RenderPagesArguments),
}

/// How to answer.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Format {
    /// Answer in JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// `segell seal`.
#[derive(Args, Debug)]
pub struct SealArguments {
    /// The PDF to copy; - reads standard input
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// Where the copy goes; - writes standard output
    #[arg(short, long, value_name = "OUT")]
    pub output: PathBuf,
    /// Replace OUT if it exists
    #[arg(long)]
    pub force: bool,
    /// Names this request: the same key again gives the same copy
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    /// Make another copy even if this request made one before
    #[arg(long)]
    pub force_new: bool,
    /// What is said about the copy.
    #[command(flatten)]
    pub fields: FieldArguments,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell preflight`.
#[derive(Args, Debug)]
pub struct PreflightArguments {
    /// The PDF; - reads standard input
    #[arg(value_name = "IN")]
    pub input: PathBuf,
    /// What would be said about the copy.
    #[command(flatten)]
    pub fields: FieldArguments,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell validate`.
#[derive(Args, Debug)]
pub struct ValidateArguments {
    /// The PDF; - reads standard input
    #[arg(value_name = "IN", required_unless_present = "from_evidence")]
    pub input: Option<PathBuf>,
    /// The time for which to judge it, such as 2026-11-21T09:30:00Z; now without it
    #[arg(long, value_name = "TIME")]
    pub time: Option<Timestamp>,
    /// The validation policy: segell-1 or segell-1-strict (which asks for revocation data)
    #[arg(long, value_name = "NAME", value_parser = policy)]
    pub policy: Option<&'static Policy>,
    /// Also keep everything that was found as JSON, to judge it again later
    #[arg(long, value_name = "FILE", conflicts_with = "from_evidence")]
    pub evidence: Option<PathBuf>,
    /// Judge what --evidence kept, instead of a PDF
    #[arg(long, value_name = "FILE", conflicts_with = "input")]
    pub from_evidence: Option<PathBuf>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

/// `segell preserve`.
#[derive(Args, Debug)]
pub struct PreserveArguments {
    /// The level that every copy should have: B-T, B-LT or B-LTA
    #[arg(long, value_parser = raised_level, default_value = "B-LTA")]
    pub level: SignatureLevel,
    /// Only the copies of this organ
    #[arg(long, value_name = "DIR3")]
    pub organ: Option<Dir3>,
    /// Say what is to be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// How to answer: with --json one line for each copy that needs something, and one for the whole
    #[command(flatten)]
    pub format: Format,
}

/// `segell code`.
#[derive(Args, Debug)]
pub struct CodeArguments {
    /// The code, an address that contains it, or the whole legend; standard input without it
    #[arg(value_name = "CODE")]
    pub words: Vec<String>,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}

pub(super) fn policy(text: &str) -> Result<&'static Policy, &'static str> {
    Policy::named(text).ok_or("say segell-1 or segell-1-strict")
}

fn raised_level(text: &str) -> Result<SignatureLevel, &'static str> {
    SignatureLevel::from_word(text)
        .filter(|level| *level > SignatureLevel::BB)
        .ok_or("say B-T, B-LT or B-LTA")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::model::{CopyKind, ExternalRef, Language};
    use crate::seal::Fields;

    #[test]
    fn the_commands_fit_together() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn drawing_pages_is_not_offered_to_people() {
        let help = Arguments::command().render_help().to_string();
        assert!(
            help.contains("preflight") && !help.contains(SUBCOMMAND),
            "{help}"
        );
    }

    #[test]
    fn what_is_said_becomes_the_fields_and_nothing_else_does() {
        let arguments = Arguments::try_parse_from([
            "segell",
            "seal",
            "a.pdf",
            "-o",
            "b.pdf",
            "--kind",
            "EE03",
            "--language",
            "es",
            "--external-ref",
            "registre:1:2",
        ])
        .unwrap();
        let Some(Command::Seal(seal)) = arguments.command else {
            panic!("another command");
        };
        let expected = Fields {
            kind: Some(CopyKind::Paper),
            language: Some(Language::Es),
            external_ref: Some(ExternalRef {
                system: "registre".to_owned(),
                id: "1:2".to_owned(),
            }),
            ..Fields::default()
        };
        assert_eq!(seal.fields.fields(), expected);
    }

    #[test]
    fn a_word_that_is_not_offered_is_refused_with_those_that_are() {
        let refused =
            Arguments::try_parse_from(["segell", "preflight", "a.pdf", "--placement", "top"]);
        assert!(
            refused
                .unwrap_err()
                .to_string()
                .contains("fit, extend or last")
        );
    }
}
