//! What is counted and measured, for Prometheus. The only place that knows the names.
//!
//! A function for each thing that happens. Labels come from types and from words of the program, never from
//! what a caller sent: nothing that anybody sends makes a new time series. What *is*, rather than happens, is
//! read off when somebody asks ([`Exposition::render`]), so that an organ that has left leaves no value behind.

use std::time::Duration;

use jiff::Timestamp;
use metrics::{counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::families as of;
pub use super::families::{FAMILIES, Family, FamilyKind};
use crate::model::{Dir3, Environment};

/// Upper ends of the buckets of every histogram, in seconds: from a look-up in memory to an authority that does
/// not answer.
const BUCKETS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// The label of what was refused before it was known.
const NONE: &str = "none";

/// Why nothing can be measured.
#[derive(Debug, thiserror::Error)]
pub enum NotMeasured {
    /// The buckets.
    #[error("the buckets cannot be used: {0}")]
    Buckets(#[from] metrics_exporter_prometheus::BuildError),
    /// Somebody else measures already.
    #[error("measuring was started twice")]
    Twice,
}

/// What was counted since the start, and the way to read it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Exposition(PrometheusHandle);

/// Starts to count and measure. Once per process.
///
/// # Errors
/// [`NotMeasured`].
pub fn start() -> Result<Exposition, NotMeasured> {
    let recorder = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)?
        .build_recorder();
    let exposition = Exposition(recorder.handle());
    metrics::set_global_recorder(recorder).map_err(|_| NotMeasured::Twice)?;
    describe();
    for outcome in LookUpOutcome::ALL {
        counter!(of::VERIFY, "outcome" => outcome.word()).absolute(0);
    }
    Ok(exposition)
}

/// Tells the recorder in use what every family says.
fn describe() {
    for family in FAMILIES {
        match family.kind {
            FamilyKind::Counter => describe_counter!(family.name, family.help),
            FamilyKind::Gauge => describe_gauge!(family.name, family.help),
            FamilyKind::Histogram => describe_histogram!(family.name, family.help),
        }
    }
}

impl Exposition {
    /// Everything in the text format of Prometheus (0.0.4): what was counted, and what `read` reads off now.
    pub fn render(&self, read: impl FnOnce(&Gauges)) -> String {
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || {
            describe();
            read(&Gauges(()));
        });
        let mut text = self.0.render();
        text.push_str(&recorder.handle().render());
        text
    }

    /// Files what was measured into its buckets, so that nothing piles up where nobody asks. To be called now
    /// and then.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

/// What became of a request for a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyOutcome {
    /// A new copy.
    Issued,
    /// The copy that the same request made before.
    Replayed,
    /// Not made, and the request is why.
    Refused,
    /// Not made, and the service is why.
    Failed,
}

impl CopyOutcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Replayed => "replayed",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A part of the time that a request for a copy takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Its body arrives.
    Receive,
    /// It waits for a thread.
    Queue,
    /// It is worked on: read, drawn, sealed, checked, stored.
    Work,
    /// It waits for a time-stamp authority.
    Timestamp,
    /// All of it.
    Whole,
}

impl Phase {
    const fn word(self) -> &'static str {
        match self {
            Self::Receive => "receive",
            Self::Queue => "queue",
            Self::Work => "work",
            Self::Timestamp => "timestamp",
            Self::Whole => "whole",
        }
    }
}

/// What a public look-up of a code found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUpOutcome {
    /// A copy in force.
    Found,
    /// The code is mistyped, which shows by itself.
    Typo,
    /// No copy has the code.
    NotFound,
    /// The code is of the other environment.
    OtherEnvironment,
    /// The copy was withdrawn.
    Withdrawn,
    /// Its availability has ended.
    Expired,
    /// Its content was erased.
    Erased,
    /// The copy takes a second factor.
    Restricted,
    /// Its sender asks too often.
    TooMany,
    /// It cannot be said now.
    Unavailable,
}

impl LookUpOutcome {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Found,
        Self::Typo,
        Self::NotFound,
        Self::OtherEnvironment,
        Self::Withdrawn,
        Self::Expired,
        Self::Erased,
        Self::Restricted,
        Self::TooMany,
        Self::Unavailable,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Typo => "typo",
            Self::NotFound => "not_found",
            Self::OtherEnvironment => "other_environment",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Erased => "erased",
            Self::Restricted => "restricted",
            Self::TooMany => "too_many",
            Self::Unavailable => "unavailable",
        }
    }
}

/// What became of a request to an authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityOutcome {
    /// Answered as it should.
    Answered,
    /// It did not, or not as it should.
    Failed,
    /// It was not asked: its circuit is open.
    LeftAlone,
}

/// A request for a copy has ended. `organ` is one that is served here.
pub fn copy_ended(
    organ: Option<(&Dir3, Environment)>,
    kind: Option<&'static str>,
    outcome: CopyOutcome,
) {
    counter!(
        of::COPIES,
        "organ" => organ.map_or_else(|| NONE.to_owned(), |(dir3, _)| dir3.to_string()),
        "environment" => organ.map_or(NONE, |(_, environment)| environment.word()),
        "kind" => kind.unwrap_or(NONE),
        "outcome" => outcome.word(),
    )
    .increment(1);
}

/// A phase of a request for a copy took so long.
pub fn copy_phase(phase: Phase, took: Duration) {
    histogram!(of::COPY_SECONDS, "phase" => phase.word()).record(took);
}

/// A copy was laid out in this mode.
pub fn laid_out(mode: &'static str) {
    counter!(of::LAYOUT, "mode" => mode).increment(1);
}

/// A code was looked up on the public pages.
pub fn looked_up(outcome: LookUpOutcome) {
    counter!(of::VERIFY, "outcome" => outcome.word()).increment(1);
}

/// A file was judged.
pub fn validated(verdict: &'static str) {
    counter!(of::VALIDATIONS, "verdict" => verdict).increment(1);
}

/// A request to an authority has ended. `authority` is the host of a configured address.
pub fn authority_asked(
    kind: &'static str,
    authority: &str,
    outcome: AuthorityOutcome,
    took: Duration,
) {
    let word = match outcome {
        AuthorityOutcome::Answered => "answered",
        AuthorityOutcome::Failed => "failed",
        AuthorityOutcome::LeftAlone => "left_alone",
    };
    let host = || authority.to_owned();
    counter!(of::AUTHORITY_REQUESTS, "kind" => kind, "authority" => host(), "outcome" => word)
        .increment(1);
    if outcome != AuthorityOutcome::LeftAlone {
        histogram!(of::AUTHORITY_SECONDS, "kind" => kind, "authority" => host()).record(took);
    }
}

/// An authority has told the time: how far it is ahead of ours, in seconds.
pub fn clock_told(authority: &str, ahead: f64) {
    gauge!(of::CLOCK_OFFSET, "authority" => authority.to_owned()).set(ahead);
}

/// A part of the configuration was loaded anew, or refused.
pub fn reloaded(part: &'static str, outcome: &'static str) {
    counter!(of::RELOADS, "part" => part, "outcome" => outcome).increment(1);
}

/// A request was answered. `route` is the pattern of its route.
pub fn answered(route: String, method: &'static str, status: u16, took: Duration) {
    histogram!(of::HTTP_SECONDS, "route" => route.clone()).record(took);
    counter!(
        of::HTTP_REQUESTS,
        "route" => route,
        "method" => method,
        "status" => status.to_string(),
    )
    .increment(1);
}

/// A problem was answered.
pub fn problem(code: &'static str) {
    counter!(of::PROBLEMS, "problem" => code).increment(1);
}

/// Takes down what is, while somebody asks: only [`Exposition::render`] gives it.
#[derive(Debug)]
pub struct Gauges(());

/// A seal in use, as its values are labelled.
#[derive(Clone, Copy, Debug)]
pub struct SealLabels<'a> {
    /// The organ.
    pub organ: &'a Dir3,
    /// Where it seals.
    pub environment: Environment,
    /// The beginning of its fingerprint; "none" without a seal.
    pub seal: &'a str,
}

impl SealLabels<'_> {
    fn set(&self, family: &'static str, value: f64) {
        gauge!(
            family,
            "organ" => self.organ.to_string(),
            "environment" => self.environment.word(),
            "seal" => self.seal.to_owned(),
        )
        .set(value);
    }
}

impl Gauges {
    /// A seal ends then.
    pub fn seal_not_after(&self, seal: &SealLabels<'_>, not_after: Timestamp) {
        seal.set(of::SEAL_NOT_AFTER, seconds(not_after));
    }

    /// Whether a seal signed when it was last tried.
    pub fn seal_probe(&self, seal: &SealLabels<'_>, success: bool) {
        seal.set(of::SEAL_PROBE, truth(success));
    }

    /// Whether an organ goes on with the seal it had.
    pub fn seal_kept(&self, seal: &SealLabels<'_>, kept: bool) {
        seal.set(of::SEAL_KEPT, truth(kept));
    }

    /// How old the revocation data of a seal are.
    pub fn revocation_age_of_seal(&self, seal: &SealLabels<'_>, age: f64) {
        seal.set(of::REVOCATION_AGE, age);
    }

    /// How old they are of another certificate, told by the beginning of its fingerprint.
    pub fn revocation_age(&self, certificate: &str, age: f64) {
        gauge!(of::REVOCATION_AGE, "certificate" => certificate.to_owned()).set(age);
    }

    /// Whether an authority is left alone.
    pub fn circuit(&self, kind: &'static str, authority: &str, open: bool) {
        gauge!(of::AUTHORITY_CIRCUIT, "kind" => kind, "authority" => authority.to_owned())
            .set(truth(open));
    }

    /// Until when a source of trust holds.
    pub fn trust_not_after(&self, purpose: &'static str, source: &str, until: Option<Timestamp>) {
        gauge!(of::TRUST_NOT_AFTER, "purpose" => purpose, "source" => source.to_owned())
            .set(until.map_or(0.0, seconds));
    }

    /// How many anchors there are.
    pub fn trust_anchors(&self, purpose: &'static str, number: usize) {
        gauge!(of::TRUST_ANCHORS, "purpose" => purpose).set(number as f64);
    }

    /// How the last try of the archive went.
    pub fn archive_probe(&self, success: bool, took: Duration) {
        gauge!(of::ARCHIVE_PROBE).set(truth(success));
        gauge!(of::ARCHIVE_PROBE_SECONDS).set(took.as_secs_f64());
    }

    /// So many warnings have this code.
    pub fn warnings(&self, code: &'static str, number: usize) {
        gauge!(of::WARNINGS, "code" => code).set(number as f64);
    }

    /// Whether a condition of readiness holds.
    pub fn ready(&self, condition: &'static str, holds: bool) {
        gauge!(of::READY, "condition" => condition).set(truth(holds));
    }

    /// How much work is let in, and how much is in.
    pub fn places(&self, pool: &'static str, all: usize, in_use: usize) {
        gauge!(of::PLACES, "pool" => pool).set(all as f64);
        gauge!(of::PLACES_IN_USE, "pool" => pool).set(in_use as f64);
    }

    /// How many bytes of uploads may be in memory, and how many are.
    pub fn upload_bytes(&self, limit: usize, held: usize) {
        gauge!(of::BYTES_LIMIT).set(limit as f64);
        gauge!(of::BYTES_HELD).set(held as f64);
    }

    /// The program.
    pub fn build(&self, version: &'static str) {
        gauge!(of::BUILD_INFO, "version" => version).set(1.0);
    }
}

fn seconds(time: Timestamp) -> f64 {
    time.as_second() as f64
}

fn truth(value: bool) -> f64 {
    f64::from(u8::from(value))
}
