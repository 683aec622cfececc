//! A seal that waits to take over from the one in force.

use std::sync::Arc;

use jiff::Timestamp;

use super::{LoadedSeal, SealUse, Seat};
use crate::pki::SealDefect;

/// The seal that takes over. It is loaded, tried out and registered as long before as its organ likes, so
/// that counterparts can have its certificate and its copies are known from the first one.
#[derive(Clone)]
pub struct NextSeal {
    /// From when on it seals; `None`: nobody has said so yet.
    pub active_from: Option<Timestamp>,
    /// It, or why it cannot be used. That never disturbs the seal in force.
    pub seal: Result<Arc<LoadedSeal>, NextSealDefect>,
    /// For which applications it will be.
    pub seal_use: SealUse,
}

/// Why a seal cannot take over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NextSealDefect {
    /// `[next_seal]` of the organ's file has a field that does not exist, or a value that cannot be.
    #[error("[next_seal] cannot be read: {cause}")]
    Malformed {
        /// What is wrong there.
        cause: String,
    },
    /// What is wrong with the seal itself.
    #[error(transparent)]
    Seal(#[from] SealDefect),
}

impl NextSealDefect {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "next-seal-malformed",
            Self::Seal(defect) => defect.code(),
        }
    }

    /// What the operator or the organ has to do next.
    pub fn next_step(&self) -> String {
        match self {
            Self::Malformed { .. } => {
                "Operator: correct [next_seal] in the organ's file; it has the fields of [seal] and \
                 active_from = 2026-12-01T07:00:00Z"
                    .to_owned()
            }
            Self::Seal(defect) => defect.next_step(),
        }
    }
}

/// Whether a seal that takes over at `active_from` leaves no gap behind one that ends at `not_after`. What is not
/// said relieves nothing.
pub fn relieves(active_from: Option<Timestamp>, not_after: Option<Timestamp>) -> bool {
    active_from
        .zip(not_after)
        .is_some_and(|(moment, end)| moment <= end)
}

impl NextSeal {
    /// Whether its time has come.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.active_from.is_some_and(|moment| moment <= now)
    }
}

impl Seat {
    /// The seal that is to take over now: its time has come, it is within its validity, and its key signed
    /// when it was last tried.
    pub fn successor(&self, now: Timestamp) -> Option<&Arc<LoadedSeal>> {
        let next = self.next.as_ref().filter(|next| next.is_due(now))?;
        let seal = next.seal.as_ref().ok()?;
        let facts = seal.key.facts();
        let valid = facts.not_before <= now && now <= facts.not_after;
        (valid && seal.failing().is_none()).then_some(seal)
    }

    /// Whether a seal that can be used takes over before the one in force ends.
    pub fn is_relieved(&self) -> bool {
        let ends = self
            .seal
            .as_ref()
            .ok()
            .map(|seal| seal.key.facts().not_after);
        let next = self.next.as_ref().filter(|next| next.seal.is_ok());
        relieves(next.and_then(|next| next.active_from), ends)
    }

    /// The seat as it is from now on: with its next seal in force when that is to take over.
    pub fn succeeded(self, now: Timestamp) -> Self {
        let Some(seal) = self.successor(now).map(Arc::clone) else {
            return self;
        };
        match self.next {
            Some(next) => Self {
                seal: Ok(seal),
                seal_use: next.seal_use,
                took_over: next.active_from,
                next: None,
                ..self
            },
            None => self,
        }
    }

    /// Every seal of the seat that is loaded: the one in force, and the one that waits.
    pub fn loaded_seals(&self) -> impl Iterator<Item = &Arc<LoadedSeal>> {
        let next = self.next.iter().flat_map(|next| next.seal.as_ref().ok());
        self.seal.as_ref().ok().into_iter().chain(next)
    }
}
