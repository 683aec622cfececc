//! `segell batch validate`: every PDF below a folder, judged.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use super::arguments::BatchValidateArguments;
use super::manifest::{Known, Line, Manifest, Outcome};
use super::run::{self, Batch, Read};
use super::tally::Finished;
use crate::archive::CopyStatus;
use crate::cli::failure::{Exit, Failure};
use crate::cli::word_of;
use crate::http::report::Telling;
use crate::model::Deadline;
use crate::validate::report::{Report, Verdict};
use crate::validate::{Options, Validator};

/// What files are judged with, on many threads.
pub struct Means<'a> {
    /// Judges them.
    pub validator: &'a Validator,
    /// The calendar.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
    /// The deadline for one file, made on the thread that works on it.
    pub deadline: &'a (dyn Fn() -> Deadline + Sync),
}

/// Runs the command.
pub fn run(
    arguments: &BatchValidateArguments,
    means: &Means<'_>,
    batch: &Batch<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    if arguments.time.is_some_and(|time| time > (means.clock)()) {
        return Err(Failure::new(Exit::Usage, "--time has not come yet"));
    }
    let options = Options {
        validation_time: arguments.time,
        policy: arguments.policy.unwrap_or(Options::default().policy),
    };
    let work = run::work("validate", &(arguments.time, options.policy.name));
    let manifest = arguments.manifest.as_deref();
    let opened = manifest
        .map(|path| Manifest::open(path, work))
        .transpose()?;
    let (manifest, known) = match opened.zip(manifest) {
        Some(((manifest, known), path)) => (Some((manifest, path)), known),
        None => (None, Known::new()),
    };
    let found = batch.find(&arguments.work, None)?;
    let judge = |name: &Path| {
        let mut before = false;
        let line = batch.timed(&arguments.work, work, name, |read, line| {
            match known.get(&read.upload.digest()) {
                Some(earlier) => {
                    before = true;
                    repeat(earlier, line);
                }
                None => judge(means, &options, read, line),
            }
        });
        Finished { line, before }
    };
    batch.run("judging", found, manifest, work, &judge, out)
}

/// What an earlier run found out about the same content.
fn repeat(earlier: &Line, line: &mut Line) {
    *line = Line {
        path: line.path.clone(),
        ..earlier.clone()
    };
}

fn judge(means: &Means<'_>, options: &Options, read: &Read, line: &mut Line) {
    let now = (means.clock)();
    let upload = &read.upload;
    let report = means.validator.validate(
        &upload.bytes,
        &upload.hash,
        now,
        options,
        &(means.deadline)(),
    );
    line.outcome = outcome(&report);
    line.verdict = Some(word_of(&report.verdict));
    line.status = report.status.as_ref().map(word_of);
    line.indication = Some(word_of(&report.indication));
    line.sub_indication = report.sub_indication.as_ref().map(word_of);
    if line.outcome != Outcome::Confirmed {
        let telling = Telling::in_english(&report, now);
        line.title = Some(telling.issued.answer);
        line.what_to_do = Some(telling.next.1);
    }
}

/// As the exit code of `segell validate` says it.
const fn outcome(report: &Report) -> Outcome {
    match (report.verdict, report.status) {
        (Verdict::Identical | Verdict::Extended, Some(CopyStatus::InForce)) => Outcome::Confirmed,
        (Verdict::Undetermined, _) => Outcome::Trouble,
        _ => Outcome::NotConfirmed,
    }
}
