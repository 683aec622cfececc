//! Seals that wait, and take over when their time has come: those that were loaded, tried out and registered
//! beforehand, whatever has become of their files.

use jiff::Timestamp;

use super::renewal::tell_changes;
use super::{Caretaker, Organs, Seat, audit, organs, tell};
use crate::seal::LoadedSeal;

impl Caretaker {
    /// Puts the seals into force whose time has come, all at once, each tried out once more.
    pub(super) fn succeed(&mut self) {
        let now = (self.charge.clock)();
        let current = self.charge.sealer.organs();
        if !current.iter().any(|seat| seat.successor(now).is_some()) {
            return;
        }
        for seat in current.iter() {
            if let Some(seal) = seat.successor(now) {
                probe(seat, seal, now);
            }
        }
        let organs = succeeded(&current, now);
        tell_changes(&current, &organs);
        audit::tell_exchange(&self.auditor, &current, &organs);
        self.charge.sealer.replace_organs(organs);
        self.warn();
    }

    /// Tries the keys of these seals that wait, and tells what has changed.
    pub(super) fn probe_waiting(&self, which: impl Fn(&LoadedSeal) -> bool) {
        let now = (self.charge.clock)();
        for seat in self.charge.sealer.organs().iter() {
            let seal = seat.next.as_ref().and_then(|next| next.seal.as_ref().ok());
            if let Some(seal) = seal.filter(|seal| which(seal)) {
                probe(seat, seal, now);
            }
        }
    }
}

/// The seats as they are from now on.
fn succeeded(current: &Organs, now: Timestamp) -> Organs {
    let seats = current.iter().map(|seat| Seat::clone(seat));
    Organs::new(seats.map(|seat| seat.succeeded(now)))
}

fn probe(seat: &Seat, seal: &LoadedSeal, now: Timestamp) {
    let dir3 = &seat.organ.dir3;
    let failed_before = seal.failing().is_some();
    match &seal.probe(now).outcome {
        Ok(()) if failed_before => {
            tracing::info!(organ = dir3.as_str(), "the next seal signs again");
        }
        Err(defect) if !failed_before => {
            let trouble = organs::trouble_of_seal(defect);
            tell(
                Some(dir3),
                "the next seal fails, and does not take over",
                &trouble,
            );
        }
        Ok(()) | Err(_) => {}
    }
}

#[cfg(test)]
mod tests;
