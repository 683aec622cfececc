//! `segell batch seal`: a sealed copy of every PDF below a folder.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use jiff::Timestamp;

use super::arguments::BatchSealArguments;
use super::copies_folder::{CopiesFolder, NotPlaced};
use super::manifest::{Known, Line, Manifest, Outcome};
use super::run::{self, Batch, Read};
use super::tally::Finished;
use crate::archive::Severity;
use crate::cades::{Imprint, TimestampToken};
use crate::cli::audit::{Tell, copy_issued};
use crate::cli::failure::{Exit, Failure};
use crate::http::problem::Problem;
use crate::model::{Deadline, Sha256Digest};
use crate::seal::{
    Application, Fields, Issued, NoTimestamp, Preflight, SealError, SealRequest, Sealer, Upload,
};

/// The manifest's name in the folder of the copies.
const MANIFEST: &str = "manifest.jsonl";

/// What copies are made with, on many threads.
pub struct Means<'a> {
    /// Makes them.
    pub sealer: &'a Sealer,
    /// The application as which the command line works.
    pub application: Application,
    /// The calendar.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
    /// Gives timestamps; waited for.
    pub authority: &'a (dyn Fn(&Imprint) -> Result<TimestampToken, NoTimestamp> + Sync),
    /// The deadline for one copy, made on the thread that works on it.
    pub deadline: &'a (dyn Fn() -> Deadline + Sync),
    /// Hears of each copy before anybody has it.
    pub tell: Tell<'a>,
}

/// Runs the command.
pub fn run(
    arguments: &BatchSealArguments,
    means: &Means<'_>,
    batch: &Batch<'_>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let fields = arguments.fields.fields();
    let work = work(&fields, &means.application);
    if arguments.dry_run {
        let manifest = arguments.manifest.as_deref();
        let manifest =
            manifest.map(|path| Manifest::open(path, work).map(|(open, _)| (open, path)));
        let found = batch.find(&arguments.work, arguments.output.as_deref())?;
        let look = |name: &Path| Finished {
            line: batch.timed(&arguments.work, work, name, |read, line| {
                examine(means, &fields, read, line);
            }),
            before: false,
        };
        return batch.run("looking", found, manifest.transpose()?, work, &look, out);
    }
    let output = arguments
        .output
        .as_deref()
        .ok_or_else(|| Failure::new(Exit::Usage, "say where the copies go with --output"))?;
    let copies = CopiesFolder::open(output)?;
    copies.refuse_sources(&arguments.work.folder)?;
    let path = match &arguments.manifest {
        Some(path) => path.clone(),
        None => output.join(MANIFEST),
    };
    let (manifest, known) = Manifest::open(&path, work)?;
    let found = batch.find(&arguments.work, Some(output))?;
    let copying = Copying {
        means,
        fields,
        copies,
        known,
        made: Mutex::default(),
    };
    let copy = |name: &Path| {
        let mut before = false;
        let line = batch.timed(&arguments.work, work, name, |read, line| {
            before = copying.copy(name, read, line);
        });
        Finished { line, before }
    };
    batch.run("sealing", found, Some((manifest, &path)), work, &copy, out)
}

/// Two runs do the same work when they ask for the same copies.
fn work(fields: &Fields, application: &Application) -> Sha256Digest {
    let environment = application
        .environment
        .map(|environment| environment.word());
    let organ = fields.organ.as_ref().or(application.default_organ.as_ref());
    run::work("seal", &(fields, organ, environment))
}

fn request(means: &Means<'_>, fields: &Fields, upload: Upload) -> SealRequest {
    SealRequest {
        application: means.application.clone(),
        fields: fields.clone(),
        idempotency_key: None,
        upload,
    }
}

/// Says what sealing would do.
fn examine(means: &Means<'_>, fields: &Fields, read: &Read, line: &mut Line) {
    let request = request(means, fields, read.upload.clone());
    let preflight = means
        .sealer
        .preflight(&request, (means.clock)(), &(means.deadline)());
    match preflight
        .map_err(|error| Problem::from(&error))
        .and_then(obstacle)
    {
        Ok(()) => line.outcome = Outcome::Sealable,
        Err(problem) => run::describe(&problem, line),
    }
}

/// The problem with which the copy would be refused.
fn obstacle(preflight: Preflight) -> Result<(), Problem> {
    match preflight {
        Preflight {
            obstacle: Some(error),
            ..
        } => Err(Problem::from(&error)),
        Preflight { sealable: true, .. } => Ok(()),
        Preflight { findings, .. } => {
            let refusals = findings.into_iter();
            let refusals = refusals.filter(|finding| finding.severity == Severity::Refusal);
            Err(Problem::from(&SealError::Refused(refusals.collect())))
        }
    }
}

/// A run that makes copies.
struct Copying<'a> {
    means: &'a Means<'a>,
    fields: Fields,
    copies: CopiesFolder,
    /// What earlier runs did.
    known: Known,
    /// What this run did, by the content of the source: each content has one copy.
    made: Mutex<HashMap<Sha256Digest, Arc<OnceLock<Made>>>>,
}

/// What became of a content, under the first of its names.
struct Made {
    name: PathBuf,
    line: Line,
}

impl Copying<'_> {
    /// Sees to it that the copy of a source is in its place. True when an earlier run did.
    fn copy(&self, name: &Path, read: &Read, line: &mut Line) -> bool {
        let digest = read.upload.digest();
        if let Some(earlier) = self.known.get(&digest)
            && let Some(copy) = earlier.copy_sha256
        {
            match self.copies.digest(name) {
                Ok(Some(there)) if there == copy => {
                    line.outcome = earlier.outcome;
                    line.verification_code
                        .clone_from(&earlier.verification_code);
                    return true;
                }
                Ok(Some(_)) => {
                    unplaced(&NotPlaced::Occupied, line);
                    return false;
                }
                // Somebody took it away: the same request gives it again.
                Ok(None) | Err(_) => {}
            }
        }
        let place = self.place_of(digest);
        let mut first = false;
        let made = place.get_or_init(|| {
            first = true;
            self.make(name, read, line);
            Made {
                name: name.to_owned(),
                line: line.clone(),
            }
        });
        if first {
            return false;
        }
        match made.line.outcome {
            Outcome::Sealed | Outcome::Found => self.make_second(name, made, line),
            // What the first met may concern its name alone.
            Outcome::Trouble => self.make(name, read, line),
            _ => {
                line.outcome = made.line.outcome;
                line.problem.clone_from(&made.line.problem);
                line.title.clone_from(&made.line.title);
                line.what_to_do.clone_from(&made.line.what_to_do);
            }
        }
        line.same_as = Some(made.line.path.clone());
        false
    }

    fn place_of(&self, digest: Sha256Digest) -> Arc<OnceLock<Made>> {
        // Entries are added whole: a thread that panicked left none half made.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.entry(digest).or_default())
    }

    /// Makes the copy of a source and puts it in its place.
    fn make(&self, name: &Path, read: &Read, line: &mut Line) {
        let means = self.means;
        let request = request(means, &self.fields, read.upload.clone());
        let issued =
            means
                .sealer
                .seal_with(request, means.clock, &(means.deadline)(), means.authority);
        match issued {
            Ok(issued) => match (means.tell)(copy_issued(&issued)) {
                Ok(()) => self.put(name, &issued, line),
                Err(failure) => untold(failure, line),
            },
            Err(error) => run::describe(&Problem::from(&error), line),
        }
    }

    fn put(&self, name: &Path, issued: &Issued, line: &mut Line) {
        let digest = issued.record.document.digest;
        line.verification_code = Some(issued.code.grouped());
        line.copy_sha256 = Some(digest);
        match self.copies.place(name, &issued.document, digest) {
            Ok(()) if issued.replayed => line.outcome = Outcome::Found,
            Ok(()) => line.outcome = Outcome::Sealed,
            Err(error) => unplaced(&error, line),
        }
    }

    /// Puts the copy that was made for the same content under another name.
    fn make_second(&self, name: &Path, made: &Made, line: &mut Line) {
        line.verification_code
            .clone_from(&made.line.verification_code);
        line.copy_sha256 = made.line.copy_sha256;
        let placed = self.copies.read(&made.name);
        let placed = placed.map_err(NotPlaced::from).and_then(|copy| {
            let digest = Sha256Digest::of(&copy);
            match made.line.copy_sha256 == Some(digest) {
                true => self.copies.place(name, &[copy], digest),
                false => Err(NotPlaced::Occupied),
            }
        });
        match placed {
            Ok(()) => line.outcome = Outcome::Found,
            Err(error) => unplaced(&error, line),
        }
    }
}

/// A copy that is made, and in the archive, and not in its place.
/// The copy is made, and nobody gets it while the audit log cannot tell of it.
fn untold(failure: Failure, line: &mut Line) {
    line.outcome = Outcome::Trouble;
    line.problem = Some("audit-unavailable".to_owned());
    line.title = Some(failure.sentence);
    line.what_to_do = failure.next_step;
}

fn unplaced(error: &NotPlaced, line: &mut Line) {
    line.outcome = Outcome::Trouble;
    line.title = Some(error.to_string());
    let (word, step) = match error {
        NotPlaced::Occupied => (
            "output-exists",
            "Move that file away and run it again: the copy is made, and is found again.",
        ),
        NotPlaced::Unwritable(_) => (
            "output-unwritable",
            "Look at the disk and the folder's permissions, and run it again.",
        ),
    };
    line.problem = Some(word.to_owned());
    line.what_to_do = Some(step.to_owned());
}
