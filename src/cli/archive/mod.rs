//! `segell archive`: what an operator does with the store. Checking and withdrawing, the end of copies,
//! and archives that move.

pub mod arguments;
pub mod check;
pub mod export;
mod index;
pub mod migrate;
pub mod retention;
pub mod withdraw;

use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;

use super::failure::{Exit, Failure};
use crate::archive::{Archive, ArchiveError, CodeIndex, Standing, Transfer};
use crate::model::Code;

pub use arguments::ArchiveCommand;

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

/// Does long work under a bar.
fn under_bar<T>(
    doing: &'static str,
    work: impl FnOnce(&mut dyn FnMut(usize, usize)) -> Result<T, ArchiveError>,
) -> Result<T, Failure> {
    let bar = progress_bar(doing);
    let outcome = work(&mut |done, total| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    outcome.map_err(|error| of_error(&error))
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
        ArchiveError::NoArchive => {
            failure.with_next_step("archive.url is none; set a folder or a bucket")
        }
        ArchiveError::NoAccess => failure.with_next_step(
            "put them into the environment of the service; config/default.toml lists the variables",
        ),
        ArchiveError::NotCreateOnly => failure.with_next_step(
            "use a store that does (Amazon S3, MinIO, Ceph of 2025 or later), or a folder",
        ),
        ArchiveError::RemovalRefused(_) => failure.with_next_step(
            "wait for that day, or use credentials that may remove versions (s3:DeleteObjectVersion)",
        ),
        _ => failure.with_next_step("look at archive.url with `segell check-config`"),
    }
}

/// The code that stands on the command line or on standard input.
fn code(words: &[String]) -> Result<Code, Failure> {
    let text = super::code::written(words)?;
    Code::read(&text).map_err(|error| {
        Failure::new(Exit::Usage, error.to_string())
            .with_next_step("`segell code` shows where the mistake is")
    })
}

/// The copy of the code that was given, as it stands at `now`.
fn stand(
    archive: &Archive,
    words: &[String],
    now: Timestamp,
) -> Result<(CodeIndex, Standing), Failure> {
    let index = CodeIndex::of(&code(words)?);
    let standing = archive.stand(index, now);
    let standing = standing.map_err(|error| of_error(&error))?;
    Ok((index, standing.ok_or_else(no_such_copy)?))
}

fn no_such_copy() -> Failure {
    Failure::new(Exit::Refused, "there is no copy with this code")
}

fn copies(number: u64) -> String {
    match number {
        1 => "1 copy".to_owned(),
        number => format!("{number} copies"),
    }
}

/// Objects of which the target holds something else.
fn refuse_conflicts(transfer: &Transfer) -> Result<(), Failure> {
    if transfer.conflicts.is_empty() {
        return Ok(());
    }
    let sentence = format!(
        "{} object(s) stand in the target with another content and were left as they are",
        transfer.conflicts.len()
    );
    Err(Failure::new(Exit::Refused, sentence)
        .with_details(transfer.conflicts.iter().cloned())
        .with_next_step("find out which is right; `segell archive check` reads both archives"))
}

fn transfer_as_json(transfer: &Transfer) -> serde_json::Value {
    serde_json::json!({
        "objects": transfer.objects,
        "already": transfer.already,
        "bytes": transfer.bytes,
        "conflicts": transfer.conflicts,
    })
}
