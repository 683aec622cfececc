//! `segell validate`: two questions about a PDF, and two answers that are never mixed.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::arguments::ValidateArguments;
use super::document::Destination;
use super::failure::{Exit, Failure};
use super::{document, report, word_of, write_json};
use crate::archive::CopyStatus;
use crate::http::report::Telling;
use crate::model::{Deadline, HashTrail};
use crate::validate::evidence::SCHEMA;
use crate::validate::report::Verdict;
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
            validator.collect(&bytes, &HashTrail::of(&bytes), now, deadline)
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
        report::write(&Telling::in_english(&report, now), out)?;
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
