//! Whether the process can do its work. Only what concerns the whole node counts: a seal that is not loaded
//! is its organ's trouble.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::state::AppState;
use crate::seal::Seat;

/// How long one look at the archive serves all who ask.
const FRESH: Duration = Duration::from_secs(5);
/// How long the archive may take. Its probe, which writes, is more patient.
const PATIENCE: Duration = Duration::from_secs(4);

/// A condition of readiness, and why it does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) name: &'static str,
    pub(crate) outcome: Result<(), &'static str>,
}

impl Condition {
    /// Its line in the answer.
    pub(crate) fn line(self) -> String {
        match self.outcome {
            Ok(()) => format!("ok {}\n", self.name),
            Err(cause) => format!("failed {}: {cause}\n", self.name),
        }
    }
}

/// What the archive said when it was last looked at, and when that was.
#[derive(Debug, Default)]
pub(crate) struct LastLook(Mutex<Option<(Instant, Result<(), &'static str>)>>);

impl LastLook {
    fn fresh(&self) -> Option<Result<(), &'static str>> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|(at, _)| at.elapsed() < FRESH)
            .map(|(_, outcome)| outcome)
    }

    fn note(&self, outcome: Result<(), &'static str>) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((Instant::now(), outcome));
    }
}

/// Every condition, as it is now.
pub(crate) async fn conditions(state: &AppState) -> [Condition; 5] {
    let archive = archive(state).await;
    let [running, seals, trust, queue] = at_hand(state);
    [running, archive, seals, trust, queue]
}

/// Those that are known without asking anybody.
pub(crate) fn at_hand(state: &AppState) -> [Condition; 4] {
    let holds = |name, holds: bool, cause| Condition {
        name,
        outcome: if holds { Ok(()) } else { Err(cause) },
    };
    let now = state.now();
    let usable = |seat: &Seat| {
        seat.seal.as_ref().is_ok_and(|seal| {
            let facts = seal.key.facts();
            seal.failing().is_none() && facts.not_before <= now && now <= facts.not_after
        })
    };
    let organs = state.sealer().organs();
    let seals = organs.iter().any(|seat| usable(seat));
    let trust = !state.validator().trust().seals.anchors.is_empty();
    [
        holds("running", !state.is_stopping(), "stopping"),
        holds("seals", seals, "none usable"),
        holds("trust", trust, "no issuer of seals is trusted"),
        holds("queue", state.sealing().free() > 0, "full"),
    ]
}

/// The archive: what was written to it last could be read, and it answers now.
async fn archive(state: &AppState) -> Condition {
    let name = "archive";
    if !state.oversight().archive.is_good() {
        let outcome = Err("what was written for a try could not be read back");
        return Condition { name, outcome };
    }
    if let Some(outcome) = state.last_look().fresh() {
        return Condition { name, outcome };
    }
    let worker = state.clone();
    // Not behind the look-ups of citizens: a flood of those says nothing about the archive.
    let looking = tokio::task::spawn_blocking(move || worker.archive_answers());
    let outcome = match timeout(PATIENCE, looking).await {
        Ok(Ok(true)) => Ok(()),
        Ok(_) => Err("does not answer"),
        Err(_) => Err("no answer in time"),
    };
    state.last_look().note(outcome);
    Condition { name, outcome }
}
