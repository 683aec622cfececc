//! What has to be done in time: looked at when seals are loaded, and every day.

use super::Caretaker;
use crate::seal::Seat;
use crate::seal::warnings::{Ground, warnings};

impl Caretaker {
    /// Looks at everything that may need somebody, and tells what is new.
    pub(super) fn warn(&mut self) {
        let charge = &self.charge;
        let now = (charge.clock)();
        let probed = charge.archive.probe(now);
        let registered = match probed {
            Ok(()) if charge.archive.keeps_copies() => charge.archive.registered_seals(),
            Ok(()) => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        let (registered, archive_fault) = match registered {
            Ok(registered) => (registered, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let organs = charge.sealer.organs();
        let seats: Vec<&Seat> = organs.iter().map(|seat| &**seat).collect();
        let warnings = warnings(&Ground {
            seats,
            registered: &registered,
            anchors: [&charge.anchors, &charge.timestamp_anchors],
            clock_offset: charge.timestamps.clock_offset(),
            archive_fault,
            now,
        });
        self.watch.renew(warnings);
    }
}
