//! `segell archive check`: reads everything back.

use std::io::Write;

use jiff::Timestamp;

use super::arguments::CheckArguments;
use super::{copies, of_error, under_bar};
use crate::archive::{Archive, ArchiveCheck, ArchiveFinding};
use crate::audit::{Event, Fact};
use crate::cli::audit::Tell;
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{Paint, STRONG};
use crate::cli::write_json;

/// Runs the command. Fails when something does not fit together.
pub fn run(
    archive: &Archive,
    arguments: &CheckArguments,
    tell_audit: Tell<'_>,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let check = under_bar("checking", |progress| archive.check(now, progress))?;
    for index in &check.completed {
        tell_audit(Fact::new(Event::CopyCompleted).copy(*index))?;
    }
    let removed = match arguments.tidy {
        true => archive.tidy(now).map_err(|error| of_error(&error))?,
        false => Vec::new(),
    };
    if arguments.format.json {
        write_json(out, &as_json(&check, &removed))?;
    } else {
        tell(&check, &removed, out)?;
    }
    if check.findings.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Refused,
        format!(
            "{} thing(s) in the archive do not fit",
            check.findings.len()
        ),
    )
    .with_next_step("compare the objects named above with a backup; nothing was changed in them"))
}

fn as_json(check: &ArchiveCheck, removed: &[String]) -> serde_json::Value {
    serde_json::json!({
        "copies": check.copies,
        "completed": check.completed,
        "abandoned": check.abandoned.iter().map(|intent| serde_json::json!({
            "index": intent.index,
            "organ": intent.organ,
            "application": intent.application,
            "issued_at": intent.issued_at,
        })).collect::<Vec<_>>(),
        "in_progress": check.in_progress,
        "findings": check.findings.iter().map(finding).collect::<Vec<_>>(),
        "left_behind": check.left_behind,
        "removed": removed,
    })
}

/// Something that does not fit, for programs.
pub(super) fn finding(finding: &ArchiveFinding) -> serde_json::Value {
    serde_json::json!({
        "object": finding.object,
        "defect": finding.defect.word(),
        "text": finding.defect.to_string(),
    })
}

fn tell(check: &ArchiveCheck, removed: &[String], out: &mut dyn Write) -> std::io::Result<()> {
    let green = Paint::Green.style();
    let red = Paint::Red.style();
    if check.findings.is_empty() {
        writeln!(
            out,
            "{green}✔{green:#} {STRONG}sound{STRONG:#}: {}",
            copies(check.copies)
        )?;
    } else {
        writeln!(out, "{}", copies(check.copies))?;
    }
    if !check.completed.is_empty() {
        writeln!(
            out,
            "  {} completed now: they had been sealed and not recorded",
            check.completed.len()
        )?;
    }
    if check.in_progress > 0 {
        writeln!(out, "  {} begun less than a day ago", check.in_progress)?;
    }
    if !check.abandoned.is_empty() {
        writeln!(out, "  {} begun and never sealed:", check.abandoned.len())?;
        for intent in &check.abandoned {
            writeln!(
                out,
                "    {}  {}  {}  {}",
                crate::cli::time(intent.issued_at),
                intent.organ,
                intent.application,
                intent.index.0
            )?;
        }
    }
    let left = check.left_behind.len() - removed.len().min(check.left_behind.len());
    if !removed.is_empty() {
        writeln!(
            out,
            "  {} left behind by killed processes, removed now",
            removed.len()
        )?;
    }
    if left > 0 {
        writeln!(
            out,
            "  {left} left behind by killed processes; --tidy removes them:"
        )?;
        for name in &check.left_behind {
            writeln!(out, "    {name}")?;
        }
    }
    for finding in &check.findings {
        writeln!(out, "{red}✖{red:#} {}: {}", finding.object, finding.defect)?;
    }
    Ok(())
}
