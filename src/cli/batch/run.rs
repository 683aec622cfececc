//! What both kinds of batch have in common: find the files, read each, work on many at once, keep the
//! manifest, tell.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;
use std::time::Instant;

use jiff::Timestamp;
use serde::Serialize;

use super::arguments::WorkArguments;
use super::crew::Crew;
use super::folder::{self, Found};
use super::manifest::{Line, Manifest, Outcome};
use super::tally::{Finished, Tally};
use crate::cli::document;
use crate::cli::failure::{Exit, Failure};
use crate::http::problem::Problem;
use crate::model::Sha256Digest;
use crate::seal::Upload;

/// Milliseconds are enough for people, and keep the lines short.
const ROUNDING: f64 = 1000.0;

/// A batch, whatever is done to its files.
pub struct Batch<'a> {
    /// Bytes of the largest file that is read.
    pub limit: usize,
    /// The calendar.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
    /// Set when the run is to end after what is under way.
    pub stop: &'a AtomicBool,
    /// Answer in JSON.
    pub json: bool,
    /// Files at work at once.
    pub jobs: usize,
}

/// A file that was read.
pub(super) struct Read {
    pub(super) upload: Upload,
}

impl<'a> Batch<'a> {
    /// As the arguments want it.
    pub fn new(
        arguments: &WorkArguments,
        limit: usize,
        clock: &'a (dyn Fn() -> Timestamp + Sync),
        stop: &'a AtomicBool,
    ) -> Self {
        let cores = || available_parallelism().map_or(1, usize::from);
        Self {
            limit,
            clock,
            stop,
            json: arguments.format.json,
            jobs: arguments.jobs.map_or_else(cores, usize::from),
        }
    }

    /// The files, without those that are made of them.
    pub(super) fn find(
        &self,
        arguments: &WorkArguments,
        output: Option<&Path>,
    ) -> Result<Found, Failure> {
        let folder = &arguments.folder;
        folder::pdfs_below(folder, output).map_err(|error| Failure::file(folder, "read", &error))
    }

    /// Reads a file, has it worked on, and says how long it took.
    pub(super) fn timed(
        &self,
        arguments: &WorkArguments,
        work: Sha256Digest,
        name: &Path,
        work_on: impl FnOnce(&Read, &mut Line),
    ) -> Line {
        let begun = Instant::now();
        let mut line = Line::new(work, name, Outcome::Trouble);
        match document::read(&arguments.folder.join(name), self.limit) {
            Ok(bytes) => {
                line.bytes = Some(bytes.len() as u64);
                let read = Read {
                    upload: Upload::new(bytes),
                };
                line.sha256 = Some(read.upload.digest());
                work_on(&read, &mut line);
            }
            Err(failure) => unread(&failure, &mut line),
        }
        line.at = (self.clock)();
        line.seconds = (begun.elapsed().as_secs_f64() * ROUNDING).round() / ROUNDING;
        line
    }

    /// Works on all of them.
    pub(super) fn run(
        &self,
        doing: &'static str,
        found: Found,
        manifest: Option<(Manifest, &Path)>,
        work: Sha256Digest,
        work_on: &(dyn Fn(&Path) -> Finished + Sync),
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let Found {
            pdfs,
            others,
            unreadable,
        } = found;
        let (mut manifest, path) = manifest.unzip();
        let files = pdfs.len() + unreadable.len();
        let mut tally = Tally::new(doing, files, others, self.json, out);
        let mut finish = |finished: Finished| {
            if let (Some(manifest), false) = (&mut manifest, finished.before) {
                manifest.append(&finished.line)?;
            }
            tally.tell(&finished)
        };
        for (folder, error) in unreadable {
            let mut line = Line::new(work, &folder, Outcome::Trouble);
            line.at = (self.clock)();
            unread(&Failure::file(&folder, "read", &error), &mut line);
            let before = false;
            finish(Finished { line, before })?;
        }
        let crew = Crew {
            jobs: self.jobs,
            stop: self.stop,
        };
        let broken = |name: &PathBuf| Finished {
            line: self.broken(work, name),
            before: false,
        };
        let worked = crew.work(&pdfs, |name| work_on(name), broken, &mut finish);
        if let Some(manifest) = &mut manifest {
            manifest.sync()?;
        }
        worked?;
        tally.close(self.stop.load(Ordering::Relaxed), path)
    }

    /// A file over which the program itself failed.
    fn broken(&self, work: Sha256Digest, name: &Path) -> Line {
        Line {
            at: (self.clock)(),
            problem: Some("program-failed".to_owned()),
            title: Some("the program failed over this file".to_owned()),
            what_to_do: Some("Report it, with the file if you may.".to_owned()),
            ..Line::new(work, name, Outcome::Trouble)
        }
    }
}

/// What is done, by its name and its options.
pub(super) fn work(what: &str, options: &impl Serialize) -> Sha256Digest {
    // Options are plain values, which always become JSON.
    let options = serde_json::to_string(options).unwrap_or_default();
    Sha256Digest::of(format!("segell/batch/v1/{what}/{options}").as_bytes())
}

/// A file that cannot be read, or is larger than it may be.
fn unread(failure: &Failure, line: &mut Line) {
    let (outcome, word) = match failure.exit {
        Exit::Refused => (Outcome::Refused, "too-large"),
        _ => (Outcome::Trouble, "file-unreadable"),
    };
    line.outcome = outcome;
    line.problem = Some(word.to_owned());
    line.title = Some(failure.sentence.clone());
    line.what_to_do.clone_from(&failure.next_step);
}

/// The same sentences that the door would answer with; and, since whoever is here runs the service, the
/// cause that stays inside there.
pub(super) fn describe(problem: &Problem, line: &mut Line) {
    let entry = problem.entry();
    line.outcome = match entry.status {
        500.. => Outcome::Trouble,
        _ => Outcome::Refused,
    };
    line.problem = Some(entry.code.to_owned());
    line.title = Some(match problem.cause().filter(|_| entry.status >= 500) {
        Some(cause) => format!("{}: {cause}", entry.title),
        None => entry.title.to_owned(),
    });
    line.what_to_do = Some(problem.detail());
}
