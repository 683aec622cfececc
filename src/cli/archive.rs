//! `segell archive check`: reads everything back. `segell archive withdraw`: takes a copy back.

use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::arguments::{Format, WithdrawArguments};
use super::code;
use super::failure::{Exit, Failure};
use super::table::{Paint, STRONG};
use super::write_json;
use crate::archive::{Archive, ArchiveCheck, ArchiveError, CodeIndex, Withdrew};
use crate::model::{Code, Withdrawal};

/// Runs the command. Fails when something does not fit together.
pub fn check(
    archive: &Archive,
    now: Timestamp,
    format: Format,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let bar = progress_bar("checking");
    let outcome = archive.check(now, &mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let check = outcome.map_err(|error| of_error(&error))?;
    if format.json {
        write_json(out, &as_json(&check))?;
    } else {
        tell(&check, out)?;
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

/// Withdraws a copy. The same again changes nothing.
pub fn withdraw(
    archive: &Archive,
    arguments: &WithdrawArguments,
    application: &str,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let text = code::written(&arguments.words)?;
    let code = Code::read(&text).map_err(|error| {
        Failure::new(Exit::Usage, error.to_string())
            .with_next_step("`segell code` shows where the mistake is")
    })?;
    let index = CodeIndex::of(&code);
    let standing = archive
        .stand(index, now)
        .map_err(|error| of_error(&error))?
        .ok_or_else(|| Failure::new(Exit::Refused, "there is no copy with this code"))?;
    let withdrawal = Withdrawal {
        reason: arguments.reason,
        text: arguments.text.clone(),
    };
    let outcome = archive.withdraw(index, &withdrawal, application, now);
    match outcome.map_err(|error| of_error(&error))? {
        Withdrew::Done => {
            let intent = &standing.record.intent;
            let issued = super::time(intent.issued_at);
            writeln!(
                out,
                "withdrawn: the copy of {} issued {issued}",
                intent.organ
            )?;
            Ok(())
        }
        Withdrew::Otherwise => Err(Failure::new(
            Exit::Refused,
            "the copy was withdrawn before, for another reason or with other words",
        )),
        Withdrew::Erased => Err(Failure::new(Exit::Refused, "the copy was erased")),
    }
}

/// A bar for long work, drawn on a terminal only.
pub fn progress_bar(doing: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(doing);
    if let Ok(style) =
        ProgressStyle::with_template("{msg} {wide_bar:.green} {pos}/{len} {elapsed} (left {eta})")
    {
        bar.set_style(style);
    }
    bar
}

/// An archive that does not answer.
pub fn of_error(error: &ArchiveError) -> Failure {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    let failure = Failure::new(Exit::Trouble, error.to_string()).with_details(causes);
    match error {
        ArchiveError::NoArchive => failure.with_next_step("archive.url is none; set a folder"),
        _ => failure.with_next_step("look at archive.url with `segell check-config`"),
    }
}

fn as_json(check: &ArchiveCheck) -> serde_json::Value {
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
        "findings": check.findings.iter().map(|finding| serde_json::json!({
            "object": finding.object,
            "defect": finding.defect.word(),
            "text": finding.defect.to_string(),
        })).collect::<Vec<_>>(),
    })
}

fn copies(number: u64) -> String {
    match number {
        1 => "1 copy".to_owned(),
        number => format!("{number} copies"),
    }
}

fn tell(check: &ArchiveCheck, out: &mut dyn Write) -> std::io::Result<()> {
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
                super::time(intent.issued_at),
                intent.organ,
                intent.application,
                intent.index.0
            )?;
        }
    }
    for finding in &check.findings {
        writeln!(out, "{red}✖{red:#} {}: {}", finding.object, finding.defect)?;
    }
    Ok(())
}
