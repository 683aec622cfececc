//! What becomes of seals when all organs are exchanged at once.

use super::{Organs, Seat};
use crate::model::Sha256Digest;

/// What an exchange did to the seal of one organ; certificates by their SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealChange {
    /// There was none before.
    Loaded(Sha256Digest),
    /// Another one took its place.
    Renewed {
        /// The one before.
        before: Sha256Digest,
        /// The one now.
        now: Sha256Digest,
    },
    /// It is the same.
    Same,
    /// There was none, and there is none.
    Absent,
    /// The organ is still there, and has none any more.
    Ended(Sha256Digest),
    /// The organ is gone, with its seal if it had one.
    Retired(Option<Sha256Digest>),
}

impl Seat {
    /// The certificate of the seal in force: its SHA-256.
    pub fn fingerprint(&self) -> Option<Sha256Digest> {
        let seal = self.seal.as_ref().ok()?;
        Some(seal.key.facts().fingerprint)
    }
}

impl Organs {
    /// What happens to each organ when `after` takes the place of these: first those that stay or come, then
    /// those that go.
    pub fn changes_to<'a>(
        &'a self,
        after: &'a Self,
    ) -> impl Iterator<Item = (&'a Seat, SealChange)> + 'a {
        let staying = after.iter().map(|seat| {
            let before = self.at(&seat.key()).and_then(|seat| seat.fingerprint());
            let change = match (before, seat.fingerprint()) {
                (None, Some(now)) => SealChange::Loaded(now),
                (Some(before), Some(now)) if before != now => SealChange::Renewed { before, now },
                (Some(_), Some(_)) => SealChange::Same,
                (Some(before), None) => SealChange::Ended(before),
                (None, None) => SealChange::Absent,
            };
            (&**seat, change)
        });
        let gone = self.iter().filter(|seat| after.at(&seat.key()).is_none());
        staying.chain(gone.map(|seat| (&**seat, SealChange::Retired(seat.fingerprint()))))
    }
}
