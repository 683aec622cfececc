//! `segell preserve`: keeps the copies of an archive provable, one after the other.

use std::io::Write;

use jiff::Timestamp;
use serde::Serialize;

use super::archive::{of_error, progress_bar};
use super::arguments::PreserveArguments;
use super::audit::Tell;
use super::failure::{Exit, Failure};
use super::table::{Paint, STRONG};
use crate::archive::{Archive, ArchiveError, CodeIndex};
use crate::audit::{Event, Fact};
use crate::cades::{Imprint, TimestampToken};
use crate::model::{Deadline, Octets};
use crate::seal::NoTimestamp;
use crate::seal::preserve::{Need, PreserveError, PreserveRequest, Preserver};

/// So many copies in a row without a timestamp end the run: nobody gives any.
const PATIENCE: u32 = 5;

/// Who helps.
pub struct Means<'a> {
    /// Where the copies are.
    pub archive: &'a Archive,
    /// Keeps them provable.
    pub preserver: &'a Preserver,
    /// The time.
    pub clock: &'a dyn Fn() -> Timestamp,
    /// Gives timestamps.
    pub authority: &'a dyn Fn(&Imprint) -> Result<TimestampToken, NoTimestamp>,
    /// Learns whose revocation the copies rest on.
    pub keeper: &'a dyn Fn(&[Vec<Octets>]),
    /// The deadline for one copy, made when its work begins.
    pub deadline: &'a dyn Fn() -> Deadline,
    /// The application as which the command line works.
    pub application: &'a str,
    /// Hears what was appended.
    pub tell: Tell<'a>,
}

/// What became of a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It has a new version.
    Extended,
    /// It would get one.
    Due,
    /// It needs nothing.
    Kept,
    /// It is withdrawn, past its availability or erased, or was never finished.
    NotInForce,
    /// It cannot be kept provable, now or for good.
    Failed,
}

/// One copy, in JSON.
#[derive(Serialize)]
struct Line<'a> {
    index: CodeIndex,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    need: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// What the audit log is told.
    #[serde(skip)]
    fact: Option<Fact>,
}

/// What became of all of them.
#[derive(Default, Serialize)]
struct Sum {
    copies: u64,
    extended: u64,
    due: u64,
    kept: u64,
    not_in_force: u64,
    failed: u64,
}

impl Sum {
    const fn count(&mut self, outcome: Outcome) {
        self.copies += 1;
        match outcome {
            Outcome::Extended => self.extended += 1,
            Outcome::Due => self.due += 1,
            Outcome::Kept => self.kept += 1,
            Outcome::NotInForce => self.not_in_force += 1,
            Outcome::Failed => self.failed += 1,
        }
    }
}

/// Runs the command. Fails when a copy could not be kept provable.
pub fn run(
    arguments: &PreserveArguments,
    means: &Means<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let copies = means
        .archive
        .copies(arguments.organ.as_ref())
        .map_err(|error| of_error(&error))?;
    let bar = progress_bar("preserving");
    bar.set_length(copies.len() as u64);
    let mut sum = Sum::default();
    let mut without_timestamp = 0;
    for index in copies {
        let (mut line, failure) = one(arguments, means, index);
        if let Some(fact) = line.fact.take() {
            (means.tell)(fact)?;
        }
        sum.count(line.outcome);
        let reason = failure.as_ref().map(ToString::to_string);
        if !matches!(line.outcome, Outcome::Kept | Outcome::NotInForce) {
            let line = Line {
                reason: reason.as_deref(),
                ..line
            };
            bar.suspend(|| write_line(arguments, &line, out))?;
        }
        bar.inc(1);
        without_timestamp = match &failure {
            Some(PreserveError::NoTimestamp(_)) => without_timestamp + 1,
            Some(_) => without_timestamp,
            None => 0,
        };
        if let Some(end) = failure.and_then(|failure| ends_all(failure, without_timestamp)) {
            bar.finish_and_clear();
            return Err(end);
        }
    }
    bar.finish_and_clear();
    tell(arguments, &sum, out)?;
    match sum.failed {
        0 => Ok(()),
        failed => Err(Failure::new(
            Exit::Refused,
            format!("{failed} of {} copies could not be preserved", sum.copies),
        )
        .with_next_step("look at the reasons above, and run it again: what is done stays done")),
    }
}

/// Does what one copy needs.
fn one(
    arguments: &PreserveArguments,
    means: &Means<'_>,
    index: CodeIndex,
) -> (Line<'static>, Option<PreserveError>) {
    let mut line = Line {
        index,
        outcome: Outcome::Kept,
        level: None,
        version: None,
        need: None,
        reason: None,
        fact: None,
    };
    let request = PreserveRequest {
        index,
        level: arguments.level,
        application: Some(means.application.to_owned()),
    };
    let deadline = (means.deadline)();
    let outcome = if arguments.dry_run {
        let need = means.preserver.need(&request, (means.clock)(), &deadline);
        need.map(|need| {
            line.need = word(need);
            match need {
                Need::Nothing => Outcome::Kept,
                Need::Raise(_) | Need::Renew => Outcome::Due,
            }
        })
    } else {
        let done = means.preserver.preserve_with(
            &request,
            means.clock,
            &deadline,
            means.authority,
            means.keeper,
        );
        done.map(|preserved| {
            line.level = Some(preserved.level.as_str());
            line.version = Some(preserved.standing.versions());
            match preserved.extended {
                true => {
                    let fact = Fact::new(Event::CopyExtended).outcome(preserved.level.as_str());
                    line.fact = Some(fact.about(&preserved.standing.record.intent));
                    Outcome::Extended
                }
                false => Outcome::Kept,
            }
        })
    };
    match outcome {
        Ok(outcome) => {
            line.outcome = outcome;
            (line, None)
        }
        Err(PreserveError::NotThere | PreserveError::NotInForce(_)) => {
            line.outcome = Outcome::NotInForce;
            (line, None)
        }
        Err(failure) => {
            line.outcome = Outcome::Failed;
            (line, Some(failure))
        }
    }
}

/// Whether a failure is about every copy.
fn ends_all(failure: PreserveError, without_timestamp: u32) -> Option<Failure> {
    match failure {
        PreserveError::Archive(error @ (ArchiveError::Unavailable(_) | ArchiveError::NoArchive)) => {
            Some(of_error(&error))
        }
        PreserveError::LevelUnavailable { .. } => Some(
            Failure::new(Exit::Usage, failure.to_string()).with_next_step(
                "configure [timestamp] authorities and [revocation] sources, or ask for a lower --level",
            ),
        ),
        PreserveError::NoTimestamp(_) if without_timestamp >= PATIENCE => Some(
            Failure::new(Exit::Trouble, failure.to_string())
                .with_next_step("run it again later: what is done stays done"),
        ),
        _ => None,
    }
}

const fn word(need: Need) -> Option<&'static str> {
    match need {
        Need::Nothing => None,
        Need::Raise(_) => Some("raise"),
        Need::Renew => Some("renew"),
    }
}

fn write_line(
    arguments: &PreserveArguments,
    line: &Line<'_>,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    if arguments.format.json {
        serde_json::to_writer(&mut *out, line)?;
        return writeln!(out);
    }
    let index = line.index.0;
    match line.outcome {
        Outcome::Failed => {
            let red = Paint::Red.style();
            let reason = line.reason.unwrap_or_default();
            writeln!(out, "{red}✖{red:#} {index}  {reason}")
        }
        Outcome::Due => writeln!(out, "  {index}  {}", line.need.unwrap_or_default()),
        Outcome::Extended | Outcome::Kept | Outcome::NotInForce => Ok(()),
    }
}

fn tell(arguments: &PreserveArguments, sum: &Sum, out: &mut dyn Write) -> Result<(), Failure> {
    if arguments.format.json {
        serde_json::to_writer(&mut *out, &serde_json::json!({ "sum": sum }))
            .map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    let green = Paint::Green.style();
    let done = match arguments.dry_run {
        true => format!("{} to be extended", sum.due),
        false => format!("{} extended", sum.extended),
    };
    writeln!(
        out,
        "{green}✔{green:#} {STRONG}{done}{STRONG:#}, {} kept as they are, {} not in force, {} failed",
        sum.kept, sum.not_in_force, sum.failed
    )?;
    Ok(())
}
