//! `segell audit verify`: what the log says of itself.

use std::io::Write;

use crate::audit::verify::{AuditFinding, LogReport, Verification};
use crate::cli::arguments::Format;
use crate::cli::failure::{Exit, Failure};
use crate::cli::table::{FAINT, Paint, STRONG};
use crate::cli::{time, write_json};

/// Shows what was found. Fails when something was.
pub fn run(
    verification: &Verification,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if format.json {
        write_json(out, &as_json(verification))?;
    } else {
        tell(verification, out)?;
    }
    if verification.findings.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Exit::Refused,
        format!(
            "the audit log is not as it was written: {} finding(s)",
            verification.findings.len()
        ),
    )
    .with_next_step(
        "keep everything as it is, and find out who had the disk, the archive and the key",
    ))
}

fn as_json(verification: &Verification) -> serde_json::Value {
    serde_json::json!({
        "logs": verification.logs.iter().map(log).collect::<Vec<_>>(),
        "copies": verification.copies,
        "older_copies": verification.older,
        "pending_copies": verification.pending,
        "findings": verification.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

fn log(log: &LogReport) -> serde_json::Value {
    serde_json::json!({
        "instance": log.instance,
        "lines": log.lines,
        "head": log.head,
        "proved": log.proved,
        "unproved_tail": log.tail.map(|tail| serde_json::json!({
            "lines": tail.lines,
            "since": tail.since,
        })),
        "elsewhere": log.elsewhere,
        "stamped_at": log.stamped,
    })
}

fn finding(finding: &AuditFinding) -> serde_json::Value {
    serde_json::json!({ "finding": finding.word(), "text": finding.to_string() })
}

fn tell(verification: &Verification, out: &mut dyn Write) -> std::io::Result<()> {
    let green = Paint::Green.style();
    let red = Paint::Red.style();
    let lines: u64 = verification.logs.iter().map(|log| log.lines).sum();
    if verification.findings.is_empty() {
        writeln!(
            out,
            "{green}✔{green:#} {STRONG}sound{STRONG:#}: {lines} line(s) in {} log(s)",
            verification.logs.len()
        )?;
    } else {
        writeln!(out, "{lines} line(s) in {} log(s)", verification.logs.len())?;
    }
    for log in &verification.logs {
        writeln!(
            out,
            "  {STRONG}{}{STRONG:#}  {} line(s), proved up to line {}",
            log.instance, log.lines, log.proved
        )?;
        writeln!(
            out,
            "    {FAINT}head{FAINT:#} {}:{}",
            log.head.count, log.head.link
        )?;
        if let Some(stamped) = log.stamped {
            writeln!(out, "    {FAINT}time-stamped{FAINT:#} {}", time(stamped))?;
        }
        if let Some(tail) = log.tail {
            let since = tail.since.map(|since| format!(" since {}", time(since)));
            writeln!(
                out,
                "    unproved tail: {} line(s){}",
                tail.lines,
                since.unwrap_or_default()
            )?;
        }
        if log.elsewhere > 0 {
            writeln!(
                out,
                "    {} line(s) more are still with the instance, on another machine",
                log.elsewhere
            )?;
        }
    }
    if verification.copies > 0 {
        writeln!(out, "  {} copies have their line", verification.copies)?;
    }
    if verification.older > 0 {
        writeln!(
            out,
            "  {} copies are older than the log",
            verification.older
        )?;
    }
    if verification.pending > 0 {
        writeln!(
            out,
            "  {} copies are so young that their line may be on its way",
            verification.pending
        )?;
    }
    for finding in &verification.findings {
        writeln!(out, "{red}✖{red:#} {finding}")?;
    }
    Ok(())
}
