//! `segell report`: gathers the facts of the weekly letter to an organ.

use std::io::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::archive::{Archive, RegisteredSeal, Week};
use crate::cli::letter::{
    ApplicationFacts, ConfirmationFacts, Facts, LetterArguments, SealFacts, WeekFacts,
    WithdrawnFacts, run as write_letter,
};
use crate::cli::{Exit, Failure};
use crate::http::Registration;
use crate::model::{Environment, Papers};
use crate::opening::organ_file::OrganFile;
use crate::opening::organs::LoadedOrgans;
use crate::opening::{self, anchors};
use crate::pki::SealDefect;
use crate::seal::warnings::{Ground, Warning, days_left, warnings};
use crate::seal::{Seat, SeatKey};
use crate::settings::Settings;
use crate::tokens::Tokens;

/// Runs the command.
pub(crate) fn run(
    arguments: &LetterArguments,
    settings: &Settings,
    now: Timestamp,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let opened = anchors::open_anchors(settings, now)?;
    let organs = opening::load_organs(settings, &opened.seals, &Tokens::default(), now)?;
    let seat = seat(arguments, &organs)?;
    let applications = opening::open_applications(settings, &organs.codes())?;
    let runtime = opening::runtime()?;
    let archive = opening::open_archive(settings, runtime.handle(), now).ok();
    let (week, registered) = match &archive {
        Some(archive) if archive.keeps_copies() => (
            week(archive, seat, &applications, now),
            archive.registered_seals().unwrap_or_default(),
        ),
        Some(_) => (WeekFacts::NotKept, Vec::new()),
        None => (WeekFacts::Unreachable, Vec::new()),
    };
    let papers = papers(&organs, &seat.key(), settings);
    let facts = Facts {
        organ: seat.organ.dir3.clone(),
        environment: seat.organ.environment,
        name: seat
            .organ
            .names
            .in_language(arguments.language.language())
            .to_owned(),
        nif: seat.organ.nif.clone(),
        written_at: now,
        week,
        seal: seal_facts(seat, now),
        confirmations: confirmations(seat, &papers, settings, now),
        commission: papers.commission,
        warnings: own_warnings(seat, &organs, &registered, now),
        operator: named(&settings.public.operator),
        contact: named(&settings.public.contact),
    };
    write_letter(&facts, arguments.language, arguments.format, out)
}

/// The organ meant; the real one where there are two.
fn seat<'a>(arguments: &LetterArguments, organs: &'a LoadedOrgans) -> Result<&'a Seat, Failure> {
    let find = |environment: Environment| {
        let key: SeatKey = (arguments.organ.clone(), environment);
        organs.seats.iter().find(|seat| seat.key() == key)
    };
    let found = match arguments.environment {
        Some(environment) => find(environment),
        None => find(Environment::Pro).or_else(|| find(Environment::Pre)),
    };
    found.ok_or_else(|| {
        let failure = Failure::new(
            Exit::Usage,
            format!("there is no organ {} that can be read", arguments.organ),
        );
        let mut rows = organs.inventory.seals.iter();
        let row = rows.find(|row| row.dir3.as_ref() == Some(&arguments.organ));
        match row.and_then(|row| row.trouble.as_ref()) {
            Some(trouble) => failure
                .with_details([trouble.cause.clone()])
                .with_next_step(trouble.next_step.clone()),
            None => failure.with_next_step("`segell seals` lists the organs"),
        }
    })
}

fn week(
    archive: &Archive,
    seat: &Seat,
    applications: &[Registration],
    now: Timestamp,
) -> WeekFacts {
    let Ok(Week {
        copies,
        used_by,
        withdrawn,
        complete,
        ..
    }) = archive.week(&seat.organ.dir3, seat.organ.environment, now)
    else {
        return WeekFacts::Unreachable;
    };
    let used_by = used_by.into_iter().map(|used| {
        let mut known = applications.iter().map(|known| &known.application);
        let known = known.find(|known| known.id == used.application);
        ApplicationFacts {
            name: known.map(|known| known.name.clone()),
            id: used.application,
            copies: used.copies,
        }
    });
    let withdrawn = withdrawn.into_iter().map(|copy| WithdrawnFacts {
        made: copy.made,
        at: copy.at,
        reason: copy.reason,
    });
    WeekFacts::Counted {
        copies,
        applications: used_by.collect(),
        withdrawn: withdrawn.collect(),
        complete,
    }
}

fn seal_facts(seat: &Seat, now: Timestamp) -> SealFacts {
    match &seat.seal {
        Ok(seal) => {
            let facts = seal.key.facts();
            SealFacts::Loaded {
                name: facts.common_name.clone(),
                issuer: facts.issuer.clone(),
                not_after: facts.not_after,
                days_left: days_left(now, facts.not_after),
            }
        }
        Err(SealDefect::Centralised) => SealFacts::Centralised,
        Err(SealDefect::Ceded) => SealFacts::Ceded,
        Err(defect) => SealFacts::Trouble {
            code: defect.code().to_owned(),
            cause: defect.to_string(),
        },
    }
}

fn papers(organs: &LoadedOrgans, key: &SeatKey, settings: &Settings) -> Papers {
    let mut sources = organs.sources.iter();
    let file = sources.find(|(_, source)| source.key == *key);
    file.map(|(file, _)| OrganFile::papers(&settings.organs.folder.join(file)))
        .unwrap_or_default()
}

fn confirmations(
    seat: &Seat,
    papers: &Papers,
    settings: &Settings,
    now: Timestamp,
) -> Vec<ConfirmationFacts> {
    let (Ok(seal), Environment::Pro) = (&seat.seal, seat.organ.environment) else {
        return Vec::new();
    };
    let today = now.to_zoned(TimeZone::UTC).date();
    let counterparts = settings.organs.counterparts.iter().map(|counterpart| {
        let confirmed = papers.confirmed(counterpart, &seal.key.facts().fingerprint, today);
        ConfirmationFacts {
            counterpart: counterpart.clone(),
            confirmed: confirmed.map(|confirmation| confirmation.confirmed),
        }
    });
    counterparts.collect()
}

fn own_warnings(
    seat: &Seat,
    organs: &LoadedOrgans,
    registered: &[RegisteredSeal],
    now: Timestamp,
) -> Vec<Warning> {
    let none = Default::default();
    let all = warnings(&Ground {
        seats: organs.seats.iter().collect(),
        registered,
        anchors: [&none, &none],
        clock_offset: None,
        archive_fault: None,
        now,
    });
    let key = seat.key();
    let own = all.into_iter().filter(|warning| {
        warning.organ.as_ref() == Some(&key.0) && warning.environment == Some(key.1)
    });
    own.collect()
}

/// A name of the settings, when it is set.
fn named(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.trim().is_empty())
}
