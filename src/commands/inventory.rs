//! `segell seals`: the inventory with all that can be measured about it.

use std::io::Write;

use jiff::Timestamp;

use crate::archive::{Archive, Usage};
use crate::cli::arguments::Format;
use crate::cli::inventory::Inventory;
use crate::cli::{Failure, seals};
use crate::opening::organ_file::OrganFile;
use crate::opening::{self, anchors};
use crate::seal::Seat;
use crate::seal::warnings::{Ground, warnings};
use crate::settings::Settings;
use crate::tokens::Tokens;

/// Lists the seals.
pub(crate) fn list(
    format: Format,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let opened = anchors::open_anchors(settings, now)?;
    let mut organs = opening::load_organs(settings, &opened.seals, &Tokens::default(), now)?;
    for row in &mut organs.inventory.seals {
        if row.organ.is_some() {
            let papers = OrganFile::papers(&settings.organs.folder.join(&row.file));
            row.commission = Some(papers.commission);
        }
    }
    // The inventory is about seals: an archive that cannot be asked is a warning, and no more.
    let runtime = opening::runtime()?;
    let (registered, archive_fault) = match opening::open_archive(settings, runtime.handle(), now) {
        Ok(archive) if archive.keeps_copies() => {
            measure_use(&archive, &mut organs.inventory, now);
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

/// Adds to an inventory who used the seals in the last thirty days. An archive that cannot be asked leaves
/// it unsaid: the inventory is about seals.
fn measure_use(archive: &Archive, inventory: &mut Inventory, now: Timestamp) {
    let usage = Usage::new(archive.clone());
    for row in &mut inventory.seals {
        if let (Some(organ), Some(environment)) = (&row.dir3, row.environment) {
            row.used_by = usage.used_by(organ, environment, now).ok();
        }
    }
}
