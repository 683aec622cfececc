//! What has to be done in time: looked at when seals are loaded, and every day.

use super::Caretaker;
use crate::seal::Seat;
use crate::seal::warnings::{Ground, warnings};

impl Caretaker {
    /// Reads again which seals the archive knows: other services register theirs too.
    pub(super) fn read_register(&mut self) {
        let archive = &self.charge.archive;
        if !archive.keeps_copies() {
            return;
        }
        let read = archive.probe((self.charge.clock)());
        match read.and_then(|()| archive.registered_seals()) {
            Ok(registered) => {
                self.charge.registered = registered;
                self.register_fault = None;
            }
            Err(error) => self.register_fault = Some(error.to_string()),
        }
    }

    /// Looks at everything that may need somebody, and tells what is new.
    pub(super) fn warn(&mut self) {
        let charge = &self.charge;
        let now = (charge.clock)();
        let organs = charge.sealer.organs();
        let seats: Vec<&Seat> = organs.iter().map(|seat| &**seat).collect();
        let warnings = warnings(&Ground {
            seats,
            registered: &charge.registered,
            anchors: [&charge.anchors, &charge.timestamp_anchors],
            clock_offset: charge.timestamps.clock_offset(),
            archive_fault: self.register_fault.clone(),
            now,
        });
        self.watch.renew(warnings);
    }
}
