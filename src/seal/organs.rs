//! The organs this service seals for, each with its seal or the reason why it has none.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;

use super::{NextSeal, SealUse};
use crate::cades::CmsProfile;
use crate::model::{Dir3, Environment, Organ};
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
    /// Which of the applications that may ask for the organ its seal is for.
    pub seal_use: SealUse,
    /// The seal that waits to take over.
    pub next: Option<NextSeal>,
    /// Since when the seal in force is the one that the organ's file still calls the next.
    pub took_over: Option<Timestamp>,
}

/// What a seat is found by: an organ in an environment.
pub type SeatKey = (Dir3, Environment);

/// The organs by DIR3 code and environment: one body can be tried out and be in earnest on one service.
#[derive(Clone, Default)]
pub struct Organs(BTreeMap<SeatKey, Arc<Seat>>);

/// What there is of an organ for a credential.
pub enum Found<'a> {
    /// One seat.
    Seat(&'a Arc<Seat>),
    /// None in the environment of the credential, but one in the other.
    Elsewhere(Environment),
    /// Both, and the credential says neither.
    Both,
    /// No such organ.
    Nowhere,
}

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
            seal_use: SealUse::Open,
            next: None,
            took_over: None,
        }
    }

    /// The same seat with its seal kept for some applications.
    pub fn with_use(self, seal_use: SealUse) -> Self {
        Self { seal_use, ..self }
    }

    /// The same seat with a seal that waits.
    pub fn with_next(self, next: Option<NextSeal>) -> Self {
        Self { next, ..self }
    }

    /// What it is found by.
    pub fn key(&self) -> SeatKey {
        (self.organ.dir3.clone(), self.organ.environment)
    }
}

impl Organs {
    /// From seats; the last of two with one code in one environment wins, so check before.
    pub fn new(seats: impl IntoIterator<Item = Seat>) -> Self {
        let keyed = |seat: Seat| (seat.key(), Arc::new(seat));
        Self(seats.into_iter().map(keyed).collect())
    }

    /// The seat of an organ in an environment.
    pub fn seat_in(&self, dir3: &Dir3, environment: Environment) -> Option<&Arc<Seat>> {
        self.0.get(&(dir3.clone(), environment))
    }

    /// The seat with a key.
    pub fn at(&self, key: &SeatKey) -> Option<&Arc<Seat>> {
        self.0.get(key)
    }

    /// The seat of an organ; its real one when there are two.
    pub fn seat(&self, dir3: &Dir3) -> Option<&Arc<Seat>> {
        let real = self.seat_in(dir3, Environment::Pro);
        real.or_else(|| self.seat_in(dir3, Environment::Pre))
    }

    /// The seat of an organ for a credential that is for `environment`, or for either.
    pub fn find(&self, dir3: &Dir3, environment: Option<Environment>) -> Found<'_> {
        let [pre, pro] = Environment::ALL.map(|environment| self.seat_in(dir3, environment));
        match (environment, pre, pro) {
            (_, None, None) => Found::Nowhere,
            (None | Some(Environment::Pre), Some(seat), None)
            | (None | Some(Environment::Pro), None, Some(seat))
            | (Some(Environment::Pre), Some(seat), Some(_))
            | (Some(Environment::Pro), Some(_), Some(seat)) => Found::Seat(seat),
            (Some(Environment::Pro), Some(_), None) => Found::Elsewhere(Environment::Pre),
            (Some(Environment::Pre), None, Some(_)) => Found::Elsewhere(Environment::Pro),
            (None, Some(_), Some(_)) => Found::Both,
        }
    }

    /// All seats, by DIR3 code.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Seat>> {
        self.0.values()
    }
}
