//! The organs this service seals for, each with its seal or the reason why it has none.

use std::collections::{BTreeMap, BTreeSet};

use crate::cades::CmsProfile;
use crate::model::{Dir3, Environment, Organ};
use crate::pdf::typeface::Typeface;
use crate::pki::{SealDefect, SealKey};

/// Everything constant about a seal that is ready to be used.
pub struct LoadedSeal {
    /// The key with its chain.
    pub key: SealKey,
    /// The constant parts of its signatures.
    pub cms: CmsProfile,
    /// Typefaces that can draw the organ's bands.
    pub typeface: Typeface,
}

/// An organ and its seal. One bad seal never stops the others.
pub struct Seat {
    /// The organ.
    pub organ: Organ,
    /// Its seal, or why it is not loaded.
    pub seal: Result<LoadedSeal, SealDefect>,
    /// Which of the applications that may ask for the organ its seal is for.
    pub seal_use: SealUse,
}

/// For whom a seal is, by the ids of applications. It narrows what the applications' records allow and
/// never widens it: a seal is a rubber stamp, and its organ says on whose desk it lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum SealUse {
    /// Every application that may ask for the organ.
    #[default]
    Open,
    /// These ones.
    Shared(BTreeSet<String>),
    /// One and no other.
    Exclusive(String),
}

impl SealUse {
    /// Whether the application with this id may have copies sealed.
    pub fn permits(&self, application: &str) -> bool {
        match self {
            Self::Open => true,
            Self::Shared(named) => named.contains(application),
            Self::Exclusive(only) => only == application,
        }
    }

    /// The word in an organ's file and in inventories.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Shared(_) => "shared",
            Self::Exclusive(_) => "exclusive",
        }
    }

    /// The applications named; none when every one may.
    pub fn applications(&self) -> impl Iterator<Item = &str> {
        let (shared, only) = match self {
            Self::Open => (None, None),
            Self::Shared(named) => (Some(named), None),
            Self::Exclusive(only) => (None, Some(only)),
        };
        let shared = shared.into_iter().flatten();
        shared.chain(only).map(String::as_str)
    }
}

/// The organs by DIR3 code and environment: one body can be tried out and be in earnest on one service.
#[derive(Default)]
pub struct Organs(BTreeMap<(Dir3, Environment), Seat>);

/// What there is of an organ for a credential.
pub enum Found<'a> {
    /// One seat.
    Seat(&'a Seat),
    /// None in the environment of the credential, but one in the other.
    Elsewhere(Environment),
    /// Both, and the credential says neither.
    Both,
    /// No such organ.
    Nowhere,
}

impl Organs {
    /// From seats; the last of two with one code in one environment wins, so check before.
    pub fn new(seats: impl IntoIterator<Item = Seat>) -> Self {
        let keyed = |seat: Seat| ((seat.organ.dir3.clone(), seat.organ.environment), seat);
        Self(seats.into_iter().map(keyed).collect())
    }

    /// The seat of an organ in an environment.
    pub fn seat_in(&self, dir3: &Dir3, environment: Environment) -> Option<&Seat> {
        self.0.get(&(dir3.clone(), environment))
    }

    /// The seat of an organ; its real one when there are two.
    pub fn seat(&self, dir3: &Dir3) -> Option<&Seat> {
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
    pub fn iter(&self) -> impl Iterator<Item = &Seat> {
        self.0.values()
    }
}
