//! `segell validate`: two questions about a PDF, and two answers that are never mixed.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::arguments::ValidateArguments;
use super::document::Destination;
use super::failure::{Exit, Failure};
use super::table::{FAINT, Paint, STRONG};
use super::{document, word_of, write_json};
use crate::archive::CopyStatus;
use crate::model::{Deadline, Sha256Digest};
use crate::validate::evidence::SCHEMA;
use crate::validate::report::{Indication, Report, Verdict, Weight};
use crate::validate::{self, Evidence, Options, Validator};

/// Largest file of kept evidence that is read: signatures with lists inside, in base64.
const MAX_EVIDENCE: usize = 256 << 20;

/// Runs the command. Succeeds only for a copy of ours that is in force; fails as trouble when nothing
/// can be said now.
pub fn run(
    arguments: &ValidateArguments,
    validator: &Validator,
    limit: usize,
    now: Timestamp,
    deadline: &Deadline,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if arguments.time.is_some_and(|time| time > now) {
        return Err(Failure::new(Exit::Usage, "--time has not come yet"));
    }
    let options = Options {
        validation_time: arguments.time,
        policy: arguments.policy.unwrap_or(Options::default().policy),
    };
    let evidence = match (&arguments.from_evidence, &arguments.input) {
        (Some(path), _) => read_evidence(path)?,
        (None, Some(input)) => {
            let bytes = document::read(input, limit)?;
            validator.collect(&bytes, Sha256Digest::of(&bytes), now, deadline)
        }
        (None, None) => return Err(Failure::new(Exit::Usage, "say which PDF to judge")),
    };
    if let Some(path) = &arguments.evidence {
        keep(&evidence, path)?;
    }
    let report = validate::judge(&evidence, &options);
    if arguments.format.json {
        write_json(out, &report)?;
    } else {
        tell(&report, out)?;
    }
    match (report.verdict, report.status) {
        (Verdict::Identical | Verdict::Extended, Some(CopyStatus::InForce)) => Ok(()),
        (Verdict::Undetermined, _) => Err(Failure::new(
            Exit::Trouble,
            "whether this was issued here cannot be said now",
        )),
        (verdict, status) => {
            let word = match status {
                Some(status) if matches!(verdict, Verdict::Identical | Verdict::Extended) => {
                    word_of(&status)
                }
                _ => word_of(&verdict),
            };
            Err(Failure::new(
                Exit::Refused,
                format!("the verdict is {}", word.replace('_', " ")),
            ))
        }
    }
}

/// Reads what `--evidence` kept.
fn read_evidence(path: &Path) -> Result<Evidence, Failure> {
    let bytes = document::read(path, MAX_EVIDENCE)?;
    let evidence: Evidence = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("{} is no evidence: {error}", path.display()),
        )
    })?;
    if evidence.schema != SCHEMA {
        return Err(Failure::new(
            Exit::Usage,
            format!(
                "{} holds evidence of version {}, and this program judges version {SCHEMA}",
                path.display(),
                evidence.schema
            ),
        ));
    }
    Ok(evidence)
}

/// Keeps the evidence, to be judged again; a file that exists is left as it is.
fn keep(evidence: &Evidence, path: &Path) -> Result<(), Failure> {
    let destination = Destination::prepare(path, false)?;
    let json = serde_json::to_vec_pretty(evidence).map_err(std::io::Error::from)?;
    destination.write(&[json.into()])
}

/// The verdict in a sentence.
const fn sentence(verdict: Verdict) -> (&'static str, Paint) {
    match verdict {
        Verdict::Identical => ("Exactly the copy that was issued here", Paint::Green),
        Verdict::Extended => (
            "The copy that was issued here, with allowed data added by somebody else",
            Paint::Green,
        ),
        Verdict::Altered => ("NOT what was issued here: it was changed", Paint::Red),
        Verdict::SealedNotRegistered => (
            "Sealed by one of our seals, and not in the archive: tell the operator",
            Paint::Red,
        ),
        Verdict::NotOurs => ("Not a copy that was issued here", Paint::Plain),
        Verdict::Undetermined => (
            "Whether it was issued here cannot be said now",
            Paint::Yellow,
        ),
    }
}

fn tell(report: &Report, out: &mut dyn Write) -> std::io::Result<()> {
    let (text, paint) = sentence(report.verdict);
    let style = paint.style();
    writeln!(out, "{style}{text}{style:#}")?;
    let mut line = |name: &str, value: &str| writeln!(out, "  {FAINT}{name:<12}{FAINT:#} {value}");
    if let Some(status) = report.status {
        line("status", &word_of(&status).replace('_', " "))?;
    }
    if let Some(copy) = &report.copy {
        line("organ", copy.organ.as_str())?;
        line("issued", &super::time(copy.issued_at))?;
    }
    line("SHA-256", &report.digest.to_string())?;
    for signature in &report.signatures {
        writeln!(out)?;
        let name = signature
            .signed_by
            .as_ref()
            .map_or("a signer unknown", |by| by.name.as_str());
        let paint = match signature.indication {
            Indication::TotalPassed => Paint::Green,
            Indication::Indeterminate => Paint::Yellow,
            Indication::TotalFailed => Paint::Red,
        };
        let style = paint.style();
        let sub = signature
            .sub_indication
            .map(|sub| format!(" {}", word_of(&sub)));
        writeln!(
            out,
            "{STRONG}{name}{STRONG:#}  {style}{}{}{style:#}",
            word_of(&signature.indication),
            sub.unwrap_or_default()
        )?;
        if let Some(by) = &signature.signed_by {
            writeln!(out, "  {FAINT}issued by{FAINT:#}    {}", by.issuer)?;
        }
        let whole = if signature.covers_whole_file {
            "yes"
        } else {
            "no"
        };
        writeln!(out, "  {FAINT}whole file{FAINT:#}   {whole}")?;
    }
    let telling = report
        .findings
        .iter()
        .filter(|finding| finding.severity != Weight::Passed);
    for (index, finding) in telling.enumerate() {
        if index == 0 {
            writeln!(out)?;
        }
        let (mark, paint) = match finding.severity {
            Weight::Passed | Weight::Info => ("·", Paint::Plain),
            Weight::Warning => ("!", Paint::Yellow),
            Weight::Failed => ("✖", Paint::Red),
        };
        let style = paint.style();
        let offset = finding.offset.map(|offset| format!(" (byte {offset})"));
        writeln!(
            out,
            "{style}{mark}{style:#} {}: {}{}",
            finding.rule,
            finding.text,
            offset.unwrap_or_default()
        )?;
    }
    Ok(())
}
