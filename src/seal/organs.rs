//! The organs this service seals for, each with its seal or the reason why it has none.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cades::CmsProfile;
use crate::model::{Dir3, Organ};
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
}

/// The organs by DIR3 code.
#[derive(Default)]
pub struct Organs(BTreeMap<Dir3, Arc<Seat>>);

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
    pub fn iter(&self) -> impl Iterator<Item = &Seat> {
        self.0.values().map(Arc::as_ref)
    }
}
