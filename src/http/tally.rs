//! Counts what becomes of requests for copies, and how long their parts take.

use std::future::Future;

use tokio::time::Instant;

use super::admission::Place;
use super::problem::Problem;
use super::state::AppState;
use crate::model::{CopyKind, Dir3, Environment};
use crate::seal::{Found, Issued, SealRequest};
use crate::telemetry::measure::{self, CopyOutcome, Phase};

/// A request for a copy, as far as it is known.
#[derive(Debug)]
pub(crate) struct Tally {
    began: Instant,
    organ: Option<(Dir3, Environment)>,
    kind: Option<CopyKind>,
}

impl Tally {
    /// Of a request that comes in now.
    pub(crate) fn begin() -> Self {
        Self {
            began: Instant::now(),
            organ: None,
            kind: None,
        }
    }

    /// The request is here. Its organ counts only when it is served here, and for this caller: what else
    /// somebody writes there is nobody's.
    pub(crate) fn received(&mut self, request: &SealRequest, state: &AppState) {
        measure::copy_phase(Phase::Receive, self.began.elapsed());
        self.kind = Some(request.fields.kind.unwrap_or_default());
        let application = &request.application;
        let Ok(dir3) = request.organ() else { return };
        if !application.organs.contains(&dir3) {
            return;
        }
        let organs = state.sealer().organs();
        if let Found::Seat(seat) = organs.find(&dir3, application.environment) {
            self.organ = Some((dir3, seat.organ.environment));
        }
    }

    /// The request has come to its end.
    pub(crate) fn end<T>(&self, outcome: &Result<(Issued, T), Problem>) {
        measure::copy_phase(Phase::Whole, self.began.elapsed());
        let issued = match outcome {
            Ok((issued, _)) => issued,
            Err(problem) => {
                let ended = match problem.entry().status {
                    500.. => CopyOutcome::Failed,
                    _ => CopyOutcome::Refused,
                };
                let organ = self.organ.as_ref();
                let organ = organ.map(|(dir3, environment)| (dir3, *environment));
                measure::copy_ended(organ, self.kind.map(CopyKind::word), ended);
                return;
            }
        };
        let intent = &issued.record.intent;
        let ended = match issued.replayed {
            true => CopyOutcome::Replayed,
            false => CopyOutcome::Issued,
        };
        let kind = intent.description.kind.word();
        measure::copy_ended(Some((&intent.organ, intent.environment)), Some(kind), ended);
        if !issued.replayed {
            measure::laid_out(intent.description.placement.word());
            if !intent.band.compact_pages.is_empty() {
                measure::laid_out("compact");
            }
        }
    }
}

/// Runs a stage of a seal, and measures how long it waited and how long it worked.
pub(crate) async fn stage<T: Send + 'static>(
    place: Place,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<(T, Place), Problem> {
    let asked = Instant::now();
    place
        .run_stage(move || {
            let began = Instant::now();
            measure::copy_phase(Phase::Queue, began.duration_since(asked));
            let outcome = work();
            measure::copy_phase(Phase::Work, began.elapsed());
            outcome
        })
        .await
}

/// Waits for an authority, and measures how long.
pub(crate) async fn wait<T>(answer: impl Future<Output = T>) -> T {
    let asked = Instant::now();
    let answer = answer.await;
    measure::copy_phase(Phase::Timestamp, asked.elapsed());
    answer
}
