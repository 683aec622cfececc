//! `segell archive expire` and `segell archive erase`: the end of copies.

use std::io::Write;

use jiff::{SignedDuration, Timestamp};

use super::arguments::EraseArguments;
use super::{copies, no_such_copy, of_error, progress_bar, stand, under_bar};
use crate::archive::{Archive, ArchiveError, ArchiveFinding, CodeIndex, DueCopy, Erasure};
use crate::audit::{Event, Fact};
use crate::cli::arguments::Format;
use crate::cli::audit::Tell;
use crate::cli::failure::{Exit, Failure};
use crate::cli::write_json;

/// Writes down of every copy past its availability that it ended.
pub fn expire(
    archive: &Archive,
    by: (&str, Tell<'_>),
    now: Timestamp,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let expiry = under_bar("looking", |progress| archive.expire(by.0, now, progress))?;
    for index in &expiry.expired {
        (by.1)(Fact::new(Event::CopyExpired).copy(*index))?;
    }
    if format.json {
        write_json(
            out,
            &serde_json::json!({
                "copies": expiry.copies,
                "expired": expiry.expired,
                "unreadable": as_json(&expiry.unreadable),
            }),
        )?;
    } else {
        let expired = copies(expiry.expired.len() as u64);
        writeln!(out, "expired: {expired} of {}", expiry.copies)?;
    }
    refuse_unreadable(&expiry.unreadable)
}

/// Erases one copy, or all that are due; without `--yes`, only says which.
pub fn erase(
    archive: &Archive,
    arguments: &EraseArguments,
    by: (&str, Tell<'_>),
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if arguments.due {
        erase_due(archive, arguments, by, now, out)
    } else {
        erase_one(archive, arguments, by, now, out)
    }
}

fn erase_one(
    archive: &Archive,
    arguments: &EraseArguments,
    by: (&str, Tell<'_>),
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let (index, standing) = stand(archive, &arguments.words, now)?;
    let intent = &standing.record.intent;
    if arguments.yes {
        let outcome = archive.erase(index, by.0, now);
        if outcome.map_err(|error| of_error(&error))? == Erasure::Absent {
            return Err(no_such_copy());
        }
        (by.1)(Fact::new(Event::CopyErased).about(intent))?;
    }
    if arguments.format.json {
        let erased = arguments.yes.then_some(index);
        write_json(
            out,
            &serde_json::json!({ "due": [index], "erased": erased.into_iter().collect::<Vec<_>>() }),
        )?;
    } else {
        let done = if arguments.yes {
            "erased"
        } else {
            "would be erased"
        };
        let issued = crate::cli::time(intent.issued_at);
        writeln!(out, "{done}: the copy of {} issued {issued}", intent.organ)?;
    }
    confirm(arguments, 1)
}

fn erase_due(
    archive: &Archive,
    arguments: &EraseArguments,
    by: (&str, Tell<'_>),
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let grace = SignedDuration::from_hours(24 * i64::from(arguments.after_days));
    let before = now.checked_sub(grace).unwrap_or(Timestamp::MIN);
    let scan = under_bar("looking", |progress| {
        archive.due_for_erasure(before, progress)
    })?;
    let outcome = match arguments.yes {
        true => erase_all(archive, &scan.due, by, now)?,
        false => Outcome::default(),
    };
    if arguments.format.json {
        let due: Vec<CodeIndex> = scan.due.iter().map(|copy| copy.index).collect();
        write_json(
            out,
            &serde_json::json!({
                "copies": scan.copies,
                "due": due,
                "erased": outcome.erased,
                "unreadable": as_json(&scan.unreadable),
            }),
        )?;
    } else if arguments.yes {
        let erased = copies(outcome.erased.len() as u64);
        writeln!(out, "erased: {erased} of {}", scan.copies)?;
    } else {
        let due = copies(scan.due.len() as u64);
        writeln!(out, "would be erased: {due} of {}", scan.copies)?;
        for copy in &scan.due {
            let ended = crate::cli::time(copy.available_until);
            writeln!(out, "  {}  ended {ended}  {}", copy.organ, copy.index.0)?;
        }
    }
    if !outcome.refused.is_empty() {
        let kept = outcome.refused.len();
        return Err(Failure::new(
            Exit::Refused,
            format!("the store keeps the content of {kept} of them"),
        )
        .with_details(outcome.refused)
        .with_next_step("erase them again after that day; the others are done"));
    }
    refuse_unreadable(&scan.unreadable)?;
    confirm(arguments, scan.due.len())
}

/// What became of many erasures.
#[derive(Default)]
struct Outcome {
    erased: Vec<CodeIndex>,
    /// Those that the store refused, one line each.
    refused: Vec<String>,
}

fn erase_all(
    archive: &Archive,
    due: &[DueCopy],
    by: (&str, Tell<'_>),
    now: Timestamp,
) -> Result<Outcome, Failure> {
    let bar = progress_bar("erasing");
    bar.set_length(due.len() as u64);
    let mut outcome = Outcome::default();
    for copy in due {
        match archive.erase(copy.index, by.0, now) {
            Ok(_) => {
                outcome.erased.push(copy.index);
                let fact = Fact::new(Event::CopyErased).organ(&copy.organ, None);
                (by.1)(fact.copy(copy.index))?;
            }
            Err(error @ ArchiveError::RemovalRefused(_)) => {
                outcome.refused.push(format!("{}: {error}", copy.index.0));
            }
            Err(error) => {
                bar.finish_and_clear();
                return Err(of_error(&error));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(outcome)
}

/// Nobody erases by accident.
fn confirm(arguments: &EraseArguments, due: usize) -> Result<(), Failure> {
    if arguments.yes || due == 0 {
        return Ok(());
    }
    Err(Failure::new(Exit::Refused, "nothing was erased")
        .with_next_step("say --yes to erase it for good"))
}

fn refuse_unreadable(findings: &[ArchiveFinding]) -> Result<(), Failure> {
    if findings.is_empty() {
        return Ok(());
    }
    let lines = findings
        .iter()
        .map(|finding| format!("{}: {}", finding.object, finding.defect));
    Err(Failure::new(
        Exit::Refused,
        format!(
            "{} could not be read and were passed over",
            copies(findings.len() as u64)
        ),
    )
    .with_details(lines)
    .with_next_step("`segell archive check` says more"))
}

fn as_json(findings: &[ArchiveFinding]) -> Vec<serde_json::Value> {
    findings.iter().map(super::check::finding).collect()
}
