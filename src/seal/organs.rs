//! The organs this service seals for, each with its seal or the reason why it has none.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;

use crate::cades::CmsProfile;
use crate::model::{Dir3, Organ};
use crate::pdf::typeface::Typeface;
use crate::pki::{SealDefect, SealKey};

/// Everything constant about a seal that is ready to be used, and how it is doing.
pub struct LoadedSeal {
    /// The key with its chain.
    pub key: SealKey,
    /// The constant parts of its signatures.
    pub cms: CmsProfile,
    /// Typefaces that can draw the organ's bands.
    pub typeface: Typeface,
    /// How its key did when it signed last.
    pub health: Health,
}

/// Whether a key signed when it was last tried: by a probe, or by a request when that found a change.
pub struct Health(ArcSwap<Trial>);

/// One try of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// When.
    pub at: Timestamp,
    /// Whether it signed, and why not.
    pub outcome: Result<(), SealDefect>,
}

/// An organ and its seal. One bad seal never stops the others.
#[derive(Clone)]
pub struct Seat {
    /// The organ.
    pub organ: Arc<Organ>,
    /// Its seal, or why it is not loaded.
    pub seal: Result<Arc<LoadedSeal>, SealDefect>,
    /// The organ goes on with a seal loaded before, because its files hold none that can be used now: a
    /// stable word says why.
    pub kept: Option<&'static str>,
}

/// The organs by DIR3 code.
#[derive(Clone, Default)]
pub struct Organs(BTreeMap<Dir3, Arc<Seat>>);

impl Health {
    /// Of a key that signed at `at`.
    pub fn good(at: Timestamp) -> Self {
        Self(ArcSwap::from_pointee(Trial {
            at,
            outcome: Ok(()),
        }))
    }

    /// The last trial.
    pub fn last(&self) -> Arc<Trial> {
        self.0.load_full()
    }

    /// Remembers a trial.
    pub fn note(&self, at: Timestamp, outcome: Result<(), SealDefect>) {
        self.0.store(Arc::new(Trial { at, outcome }));
    }
}

impl LoadedSeal {
    /// Signs something fixed, verifies it and remembers the outcome.
    pub fn probe(&self, now: Timestamp) -> Arc<Trial> {
        self.health.note(now, self.key.probe());
        self.health.last()
    }

    /// Why it fails now, if it does.
    pub fn failing(&self) -> Option<SealDefect> {
        self.health.last().outcome.clone().err()
    }
}

impl Seat {
    /// An organ with the seal of its files.
    pub fn new(organ: Organ, seal: Result<LoadedSeal, SealDefect>) -> Self {
        Self {
            organ: Arc::new(organ),
            seal: seal.map(Arc::new),
            kept: None,
        }
    }
}

impl Organs {
    /// From seats; the last of two with one code wins, so check before.
    pub fn new(seats: impl IntoIterator<Item = Seat>) -> Self {
        Self(
            seats
                .into_iter()
                .map(|seat| (seat.organ.dir3.clone(), Arc::new(seat)))
                .collect(),
        )
    }

    /// The seat of an organ.
    pub fn seat(&self, dir3: &Dir3) -> Option<&Arc<Seat>> {
        self.0.get(dir3)
    }

    /// All seats, by DIR3 code.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Seat>> {
        self.0.values()
    }
}
