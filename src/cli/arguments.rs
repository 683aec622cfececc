//! What can be said on the command line, and the help about it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

use super::archive::ArchiveCommand;
use super::keys::KeysCommand;
use super::letter::LetterArguments;
use super::organs::OrgansCommand;
use super::seals::SealsCommand;
use super::trust::TrustCommand;
use crate::model::policy::{OnLowerLevel, SourceSignatures};
use crate::model::{
    CopyKind, Dir3, DocumentType, Environment, ExternalRef, Language, Origin, Placement,
    SignatureLevel, Visibility,
};
use crate::raster::SUBCOMMAND;
use crate::seal::Fields;
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
    /// Explain a verification code: is it well typed, and if not, where?
    #[command(after_help = CODE_AFTER)]
    Code(CodeArguments),
    /// Ask the service running on this machine whether it is alive
    Health,
    /// Draw the pages of a PDF: what the service starts for itself, and nobody else
    #[command(name = SUBCOMMAND, hide = true)]
    RenderPages(RenderPagesArguments),
}

/// `segell render-pages`: the limits that the process puts on itself.
#[derive(Args, Clone, Copy, Debug)]
pub struct RenderPagesArguments {
    /// Bytes of memory
    #[arg(long, value_name = "BYTES")]
    pub memory: u64,
    /// Seconds of processor time
    #[arg(long, value_name = "SECONDS")]
    pub seconds: u64,
}

/// How to answer.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Format {
    /// Answer in JSON, for programs
    #[arg(long)]
    pub json: bool,
}

/// What is said about a copy; everything may be left out.
#[derive(Args, Debug, Default)]
pub struct FieldArguments {
    /// The environment of the organ, when it is served in both: pre or pro
    #[arg(long = "env", value_name = "ENVIRONMENT", value_parser = super::keys::environment)]
    pub environment: Option<Environment>,
    /// DIR3 code of the organ that seals
    #[arg(long, value_name = "DIR3")]
    organ: Option<Dir3>,
    /// What kind of copy: electronic (EE02), paper (EE03) or partial (EE04)
    #[arg(long, value_parser = kind)]
    kind: Option<CopyKind>,
    /// Language of the band: ca, es, oc-aranes or en
    #[arg(long, value_parser = language)]
    language: Option<Language>,
    /// Where the band goes: fit, extend or last
    #[arg(long, value_parser = placement)]
    placement: Option<Placement>,
    /// Title, for people
    #[arg(long)]
    title: Option<String>,
    /// ENI document type, TD01 to TD99
    #[arg(long, value_name = "TDnn", value_parser = document_type)]
    document_type: Option<DocumentType>,
    /// Who made the source: citizen or administration
    #[arg(long, value_parser = origin)]
    origin: Option<Origin>,
    /// When the source was captured, such as 2026-11-21T09:30:00Z
    #[arg(long, value_name = "TIME")]
    captured_at: Option<Timestamp>,
    /// ENI identifier of the source
    #[arg(long, value_name = "ID")]
    source_id: Option<String>,
    /// Who asked for the copy; never printed on it
    #[arg(long, value_name = "WHO")]
    requested_by: Option<String>,
    /// Your own reference, such as registre:2026-1234
    #[arg(long, value_name = "SYSTEM:ID", value_parser = external_ref)]
    external_ref: Option<ExternalRef>,
    /// A higher signature level than the organ's: B-B, B-T, B-LT or B-LTA
    #[arg(long, value_parser = level)]
    level: Option<SignatureLevel>,
    /// When that level cannot be reached now: fail, or accept a lower one if the organ does
    #[arg(long, value_name = "RULE", value_parser = on_lower_level)]
    on_lower_level: Option<OnLowerLevel>,
    /// Who may see the copy: open, or metadata (what it is, and no content)
    #[arg(long, value_parser = visibility)]
    visibility: Option<Visibility>,
    /// A stricter rule for signed sources than the organ's: require, accept, record or refuse
    #[arg(long, value_name = "RULE", value_parser = source_signatures)]
    source_signatures: Option<SourceSignatures>,
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

impl FieldArguments {
    /// The fields of a request, as said and nothing filled in.
    pub fn fields(&self) -> Fields {
        Fields {
            organ: self.organ.clone(),
            kind: self.kind,
            title: self.title.clone(),
            document_type: self.document_type,
            origin: self.origin,
            captured_at: self.captured_at,
            source_id: self.source_id.clone(),
            requested_by: self.requested_by.clone(),
            external_ref: self.external_ref.clone(),
            language: self.language,
            placement: self.placement,
            level: self.level,
            on_lower_level: self.on_lower_level,
            visibility: self.visibility,
            access_factor: None,
            source_signatures: self.source_signatures,
            force_new: None,
        }
    }
}

fn policy(text: &str) -> Result<&'static Policy, &'static str> {
    Policy::named(text).ok_or("say segell-1 or segell-1-strict")
}

fn level(text: &str) -> Result<SignatureLevel, &'static str> {
    SignatureLevel::from_word(text).ok_or("say B-B, B-T, B-LT or B-LTA")
}

fn raised_level(text: &str) -> Result<SignatureLevel, &'static str> {
    SignatureLevel::from_word(text)
        .filter(|level| *level > SignatureLevel::BB)
        .ok_or("say B-T, B-LT or B-LTA")
}

fn on_lower_level(text: &str) -> Result<OnLowerLevel, &'static str> {
    OnLowerLevel::from_word(text).ok_or("say fail or accept")
}

fn kind(text: &str) -> Result<CopyKind, &'static str> {
    CopyKind::from_word(text).ok_or("say electronic, paper or partial")
}

fn language(text: &str) -> Result<Language, &'static str> {
    Language::from_tag(text).ok_or("say ca, es, oc-aranes or en")
}

fn placement(text: &str) -> Result<Placement, &'static str> {
    Placement::from_word(text).ok_or("say fit, extend or last")
}

fn visibility(text: &str) -> Result<Visibility, &'static str> {
    match Visibility::from_word(text) {
        Some(Visibility::Restricted) => Err(
            "restricted takes a factor, which does not belong on a command line: use the service",
        ),
        Some(visibility) => Ok(visibility),
        None => Err("say open or metadata"),
    }
}

fn origin(text: &str) -> Result<Origin, &'static str> {
    Origin::from_word(text).ok_or("say citizen or administration")
}

fn document_type(text: &str) -> Result<DocumentType, String> {
    DocumentType::try_from(text.to_owned()).map_err(|error| error.to_string())
}

fn external_ref(text: &str) -> Result<ExternalRef, &'static str> {
    match text.split_once(':') {
        Some((system, id)) if !system.is_empty() && !id.is_empty() => Ok(ExternalRef {
            system: system.to_owned(),
            id: id.to_owned(),
        }),
        _ => Err("say SYSTEM:ID, such as registre:2026-1234"),
    }
}

fn source_signatures(text: &str) -> Result<SourceSignatures, &'static str> {
    match text {
        "require" => Ok(SourceSignatures::Require),
        "accept" => Ok(SourceSignatures::Accept),
        "record" => Ok(SourceSignatures::Record),
        "refuse" => Ok(SourceSignatures::Refuse),
        _ => Err("say require, accept, record or refuse"),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

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
