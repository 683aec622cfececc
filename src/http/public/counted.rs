//! Counts what becomes of the codes that the public looks up.

use crate::archive::CopyStatus;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::AppState;
use crate::http::stored::Found;
use crate::model::code::Code;
use crate::telemetry::measure::{self, LookUpOutcome};

/// A code was mistyped.
pub(super) fn typo() {
    measure::looked_up(LookUpOutcome::Typo);
}

/// A code was looked up.
pub(super) fn look_up(state: &AppState, code: &Code, found: &Result<Found, Problem>) {
    measure::looked_up(match found {
        Ok(found) => of_copy(found),
        Err(problem) => match problem.code() {
            ProblemCode::NotFound if !state.serves(code.environment()) => {
                LookUpOutcome::OtherEnvironment
            }
            ProblemCode::NotFound => LookUpOutcome::NotFound,
            ProblemCode::TooManyRequests => LookUpOutcome::TooMany,
            _ => LookUpOutcome::Unavailable,
        },
    });
}

fn of_copy(found: &Found) -> LookUpOutcome {
    match found.standing.status {
        CopyStatus::InForce if found.standing.facts_for_the_public().is_err() => {
            LookUpOutcome::Restricted
        }
        CopyStatus::InForce => LookUpOutcome::Found,
        CopyStatus::Withdrawn => LookUpOutcome::Withdrawn,
        CopyStatus::Expired => LookUpOutcome::Expired,
        CopyStatus::Erased => LookUpOutcome::Erased,
    }
}
