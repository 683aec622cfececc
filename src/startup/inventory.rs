//! `segell seals`: the inventory with all that can be measured about it.

use std::io::Write;

use jiff::Timestamp;

use super::organ_file::OrganFile;
use super::{anchors, service};
use crate::cli::arguments::Format;
use crate::cli::{Failure, seals};
use crate::seal::Seat;
use crate::seal::warnings::{Ground, warnings};
use crate::settings::Settings;
use crate::tokens::Tokens;

/// Lists the seals.
pub(super) fn list(
    format: Format,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let opened = anchors::open_anchors(settings, now)?;
    let mut organs = service::load_organs(settings, &opened.seals, &Tokens::default(), now)?;
    for row in &mut organs.inventory.seals {
        if row.organ.is_some() {
            let papers = OrganFile::papers(&settings.organs.folder.join(&row.file));
            row.commission = Some(papers.commission);
        }
    }
    // The inventory is about seals: an archive that cannot be asked is a warning, and no more.
    let runtime = service::runtime()?;
    let (registered, archive_fault) = match service::open_archive(settings, runtime.handle(), now) {
        Ok(archive) if archive.keeps_copies() => {
            service::measure_use(&archive, &mut organs.inventory, now);
            match archive.registered_seals() {
                Ok(registered) => (registered, None),
                Err(error) => (Vec::new(), Some(error.to_string())),
            }
        }
        Ok(_) => (Vec::new(), None),
        Err(failure) => (Vec::new(), Some(failure.sentence)),
    };
    let seats: Vec<&Seat> = organs.seats.iter().collect();
    organs.inventory.warnings = warnings(&Ground {
        seats,
        registered: &registered,
        anchors: [&opened.seals, &opened.timestamps],
        clock_offset: None,
        archive_fault,
        now,
    });
    seals::list(&organs.inventory, format, out)
}
