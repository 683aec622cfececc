//! `segell doctor`: tries everything that the service rests on, many things at once and none for long. What
//! is broken stops nothing else from being tried.

mod local;
mod outside;
mod paper;
mod public;
mod storage;

use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use jiff::Timestamp;

use super::examine::trouble;
use crate::cli::Failure;
use crate::cli::check_config::Trial;
use crate::cli::doctor::{Diagnosis, DoctorArguments, Line, State, tell};
use crate::opening;
use crate::opening::anchors::{self, OpenedAnchors};
use crate::opening::clock::Clock;
use crate::opening::organs::LoadedOrgans;
use crate::pki::Anchors;
use crate::settings::{Origins, Settings};
use crate::tokens::Tokens;

/// How long anchors and seals may take to open, all of them.
const OPENING: Duration = Duration::from_secs(30);
/// How long everything else may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long anybody outside may take, whatever the settings allow.
const OUTSIDE: u64 = 5;
/// How long drawing a page may take: a moment, unless the machine is very busy.
const DRAWING: u64 = 12;
/// How often a terminal sees that something is going on.
const TICK: Duration = Duration::from_millis(120);

/// What every question may be asked with.
struct Scene {
    /// The settings, with little patience.
    settings: Settings,
    clock: Clock,
    /// When the look began, by the calendar and by the clock that cannot be set.
    began: (Timestamp, Instant),
    /// Where citizens should find the service, when it was said.
    public_address: Option<String>,
    seals: Arc<Anchors>,
    timestamps: Arc<Anchors>,
    /// What was said about anchors.
    trust: Vec<Line>,
    /// The organs, or why there are none.
    organs: Result<LoadedOrgans, Failure>,
}

impl Scene {
    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// A question, and its name for the time in which it is asked.
type Question = (&'static str, fn(&Scene) -> Vec<Line>);

/// In the order in which the answers are told.
const QUESTIONS: [Question; 13] = [
    ("secrets", local::secrets),
    ("limits", local::limits),
    ("clock", outside::clock),
    ("archive", storage::archive),
    ("disk", storage::disk),
    ("trust", |scene| scene.trust.clone()),
    ("seals", local::seals),
    ("applications", local::applications),
    ("keys", local::keys),
    ("authorities", outside::authorities),
    ("rendering", paper::rendering),
    ("public pages", public::pages),
    ("service", local::service),
];

/// Runs the command.
pub(crate) fn run(
    arguments: &DoctorArguments,
    settings: Settings,
    origins: &Origins,
    clock: Clock,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let began = (clock(), Instant::now());
    let profile = settings.profile.word();
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(TICK);
    let mut lines = vec![local::configuration(&settings, origins)];
    bar.set_message("opening anchors and seals");
    let settings = hurried(settings);
    let public_address = arguments.public_address.clone();
    let opening = within(OPENING, move || {
        open(settings, clock, began, public_address)
    });
    match opening {
        Some(scene) => lines.extend(ask_all(Arc::new(scene), &bar)),
        None => lines.push(
            Line::failed(
                "seals",
                format!(
                    "anchors and seals are not open after {} s",
                    OPENING.as_secs()
                ),
            )
            .with_next_step("look at tokens (pkcs11) and network folders: `segell seals`"),
        ),
    }
    bar.finish_and_clear();
    let diagnosis = Diagnosis::new(lines, profile, began.0, began.1.elapsed());
    tell(&diagnosis, arguments.format, out)
}

/// The same settings, for somebody who waits for the answer.
fn hurried(mut settings: Settings) -> Settings {
    let hurry = |seconds: &mut u64| *seconds = (*seconds).min(OUTSIDE);
    hurry(&mut settings.archive.connect_seconds);
    hurry(&mut settings.archive.request_seconds);
    hurry(&mut settings.timestamp.connect_seconds);
    hurry(&mut settings.timestamp.total_seconds);
    hurry(&mut settings.revocation.connect_seconds);
    hurry(&mut settings.revocation.total_seconds);
    settings.public.compare_seconds = DRAWING;
    settings.archive.retries = settings.archive.retries.min(1);
    settings
}

fn open(
    settings: Settings,
    clock: Clock,
    began: (Timestamp, Instant),
    public_address: Option<String>,
) -> Scene {
    let now = began.0;
    let (opened, trust) = match anchors::open_anchors(&settings, now) {
        Ok(opened) => {
            let lines = local::trust(&settings, &opened, now);
            (opened, lines)
        }
        Err(failure) => {
            let line = Line::of_trouble("trust", State::Failed, trouble(failure));
            (OpenedAnchors::default(), vec![line])
        }
    };
    let organs = opening::load_organs(&settings, &opened.seals, &Tokens::default(), now);
    Scene {
        settings,
        clock,
        began,
        public_address,
        seals: Arc::new(opened.seals),
        timestamps: Arc::new(opened.timestamps),
        trust,
        organs,
    }
}

/// Asks all questions at once. One that is not answered in time has that for an answer: whoever waits in it
/// (a disk that hangs, a name that is looked up) is left behind, and ends with the program.
fn ask_all(scene: Arc<Scene>, bar: &ProgressBar) -> Vec<Line> {
    let (answered, answers) = mpsc::channel();
    for (index, (_, question)) in QUESTIONS.into_iter().enumerate() {
        let (scene, answered) = (Arc::clone(&scene), answered.clone());
        // A question that panics has no answer; nobody listens to one that comes late.
        thread::spawn(move || {
            let _ = answered.send((index, question(&scene)));
        });
    }
    drop(answered);
    let deadline = Instant::now() + PATIENCE;
    let mut told: [Option<Vec<Line>>; QUESTIONS.len()] = Default::default();
    loop {
        let names = QUESTIONS.iter().zip(&told);
        let waiting = names.filter(|(_, answer)| answer.is_none());
        let waiting: Vec<_> = waiting.map(|((name, _), _)| *name).collect();
        bar.set_message(waiting.join(", "));
        let left = deadline.saturating_duration_since(Instant::now());
        match answers.recv_timeout(left) {
            Ok((index, lines)) => {
                if let Some(place) = told.get_mut(index) {
                    *place = Some(lines);
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    let answers = QUESTIONS.into_iter().zip(told);
    answers
        .flat_map(|((name, _), answer)| answer.unwrap_or_else(|| vec![unanswered(name)]))
        .collect()
}

fn unanswered(name: &'static str) -> Line {
    Line::failed(name, format!("no answer within {} s", PATIENCE.as_secs()))
        .with_next_step("look for what hangs: a disk, a name server, a network folder")
}

/// What `work` gives, if it gives it in time.
fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, waiting) = mpsc::channel();
    thread::spawn(move || {
        let _ = done.send(work());
    });
    waiting.recv_timeout(patience).ok()
}

/// A trial of `check-config` as a line.
fn line_of(trial: Trial, otherwise: State) -> Line {
    match trial.outcome {
        Ok(fact) => Line::ok(trial.what, fact),
        Err(trouble) => Line::of_trouble(trial.what, otherwise, trouble),
    }
}

/// `1 seal`, `2 seals`.
fn counted(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}
