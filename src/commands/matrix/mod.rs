//! `segell seals check`: gathers what is compared, and has it compared.

mod authorised;
mod beside;
mod expected;

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;

use crate::archive::RegisteredSeal;
use crate::cli::archive::of_error;
use crate::cli::inventory::Row;
use crate::cli::seals::{CheckArguments, check};
use crate::cli::{Exit, Failure};
use crate::model::Environment;
use crate::opening::organ_file::OrganFile;
use crate::opening::organs::LoadedOrgans;
use crate::opening::{self, anchors};
use crate::seal::inspection::{Content, Material, OrganEntry, inspect};
use crate::settings::{Profile, Settings};
use crate::tokens::Tokens;

/// Runs the command.
pub(crate) fn run(
    arguments: &CheckArguments,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let expected = match &arguments.expected {
        Some(path) => Some(expected::read(path)?),
        None => None,
    };
    let anchors = anchors::open_anchors(settings, now)?.seals;
    let organs = opening::load_organs(settings, &anchors, &Tokens::default(), now)?;
    let applications = opening::open_applications(settings, &organs.codes())?;
    let (registered, archive_fault) = match registered_seals(settings, now) {
        Ok(registered) => (registered, None),
        Err(fault) => (Vec::new(), Some(fault.sentence)),
    };
    let material = Material {
        entries: entries(&organs, &settings.organs.folder),
        authorised: authorised::of(&applications, now),
        expected,
        registered,
        archive_fault,
        beside: beside::certificates(&organs, &settings.organs.folder),
        left_out: (settings.profile == Profile::Evaluation).then_some(Environment::Pro),
        counterparts: settings.organs.counterparts.clone(),
        now,
    };
    if material.entries.is_empty()
        && material.authorised.is_empty()
        && material.expected.iter().flatten().next().is_none()
    {
        return Err(Failure::new(
            Exit::Usage,
            format!("there is no organ in {}", organs.inventory.folder),
        )
        .with_next_step("set organs.folder, or name those that should be there with --expected"));
    }
    check::run(&inspect(&material), arguments.format, out)
}

/// What each organ file came to. The inventory has a row for every file, and a seat for every organ in it that
/// could be read.
fn entries<'a>(organs: &'a LoadedOrgans, folder: &Path) -> Vec<OrganEntry<'a>> {
    let rows = organs.inventory.seals.iter();
    rows.map(|row| OrganEntry {
        file: row.file.clone(),
        dir3: row.dir3.clone(),
        environment: row.environment,
        content: content(row, organs, folder),
    })
    .collect()
}

fn content<'a>(row: &Row, organs: &'a LoadedOrgans, folder: &Path) -> Content<'a> {
    let source = organs.sources.get(&row.file);
    let seat = source.and_then(|source| organs.seats.iter().find(|seat| seat.key() == source.key));
    if let Some(seat) = seat {
        let papers = OrganFile::papers(&folder.join(&row.file));
        return Content::Organ(seat, Box::new(papers));
    }
    let (code, cause, next_step) = match &row.trouble {
        Some(trouble) => (
            trouble.code,
            trouble.cause.clone(),
            trouble.next_step.clone(),
        ),
        None => ("organ-file-unreadable", String::new(), String::new()),
    };
    Content::Unusable {
        code,
        cause,
        next_step,
    }
}

/// Every certificate that was ever registered in the archive; none where none is kept.
fn registered_seals(settings: &Settings, now: Timestamp) -> Result<Vec<RegisteredSeal>, Failure> {
    let runtime = opening::runtime()?;
    let archive = opening::open_archive(settings, runtime.handle(), now)?;
    if !archive.keeps_copies() {
        return Ok(Vec::new());
    }
    archive.registered_seals().map_err(|error| of_error(&error))
}
