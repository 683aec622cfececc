//! Tries everything out without serving, for `segell check-config`: one fault does not hide the next.

mod authorities;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

pub(super) use self::authorities::ask_each;
use crate::cli::Failure;
use crate::cli::check_config::Trial;
use crate::cli::inventory::{Inventory, Trouble};
use crate::opening::anchors::{self, OpenedAnchors};
use crate::opening::clock::Clock;
use crate::opening::service_keys::{self, Keys, KeysFault};
use crate::opening::{self, site, tls};
use crate::pki::Anchors;
use crate::seal::Seat;
use crate::settings::{Origins, Settings};
use crate::tokens::Tokens;

/// Every trial, and the inventory of seals.
pub(crate) fn examine(
    settings: &Settings,
    origins: &Origins,
    clock: &Clock,
) -> (Vec<Trial>, Inventory) {
    let now = clock();
    let mut trials = vec![profile(settings, origins), archive(settings, now)];
    let (anchors, timestamp_anchors) = match anchors::open_anchors(settings, now) {
        Ok(opened) => {
            trials.extend(trust(settings, &opened, now));
            (opened.seals, opened.timestamps)
        }
        Err(failure) => {
            trials.push(failed("trust", trouble(failure)));
            Default::default()
        }
    };
    let (anchors, timestamp_anchors) = (Arc::new(anchors), Arc::new(timestamp_anchors));
    trials.push(keys(
        "codes",
        service_keys::of_codes(settings),
        settings.codes.keys_file.as_deref(),
    ));
    trials.push(keys(
        "factors",
        service_keys::of_factors(settings),
        settings.access.factor_keys_file.as_deref(),
    ));
    trials.push(keys(
        "audit",
        service_keys::of_audit(settings),
        settings.audit.keys_file.as_deref(),
    ));
    trials.extend(transport(settings));
    match opening::load_organs(settings, &anchors, &Tokens::default(), now) {
        Ok(organs) => {
            trials.push(applications(settings, &organs.codes()));
            trials.extend(outside(
                settings,
                [&anchors, &timestamp_anchors],
                &organs.seats,
                clock,
            ));
            let exposed = opening::exposed_secrets(settings, &organs.exposed);
            trials.extend(
                exposed
                    .into_iter()
                    .map(|trouble| failed("secrets", trouble)),
            );
            trials.push(public(settings));
            let unfit = organs.unfit_drawings.into_iter();
            trials.extend(unfit.map(|trouble| failed("public", trouble)));
            (trials, organs.inventory)
        }
        Err(failure) => {
            trials.push(failed("organs", trouble(failure)));
            (trials, Inventory::default())
        }
    }
}

fn profile(settings: &Settings, origins: &Origins) -> Trial {
    let refusals = settings.refusals(origins);
    if refusals.is_empty() {
        return passed(
            "profile",
            format!("{} accepts these settings", settings.profile.word()),
        );
    }
    let causes: Vec<_> = refusals.iter().map(ToString::to_string).collect();
    failed(
        "profile",
        Trouble {
            code: "refused-for-production",
            cause: causes.join("; "),
            next_step: "change these settings; the service does not start with them".to_owned(),
        },
    )
}

/// TLS, when the service is to speak it.
fn transport(settings: &Settings) -> Option<Trial> {
    match tls::open(settings) {
        Ok(None) => None,
        Ok(Some(tls)) => {
            let fact = match tls.knows_clients() {
                true => "its own certificate, and client certificates of applications",
                false => "its own certificate",
            };
            Some(passed("tls", fact.to_owned()))
        }
        Err(failure) => Some(failed("tls", trouble(failure))),
    }
}

fn archive(settings: &Settings, now: Timestamp) -> Trial {
    let opened = opening::runtime()
        .and_then(|runtime| opening::open_archive(settings, runtime.handle(), now));
    match opened {
        Ok(archive) if archive.keeps_copies() => passed(
            "archive",
            format!(
                "{} can be written and keeps what is created once",
                settings.archive.url
            ),
        ),
        Ok(_) => passed(
            "archive",
            "none: whoever asks for a copy keeps it".to_owned(),
        ),
        Err(failure) => failed("archive", trouble(failure)),
    }
}

/// The issuers of seals and of timestamps. A stale list is told and fails nothing: the service starts.
fn trust(settings: &Settings, opened: &OpenedAnchors, now: Timestamp) -> Vec<Trial> {
    let absent = opened
        .concerns
        .iter()
        .find(|concern| concern.code == "no-anchors");
    let seals = match absent {
        Some(concern) => failed("trust", concern.clone()),
        None => passed(
            "trust",
            anchors::summary(&opened.seals, &settings.trust.seals, now),
        ),
    };
    let timestamps = settings.trust.timestamps.as_ref().map(|folder| {
        passed(
            "timestamps",
            anchors::summary(&opened.timestamps, folder, now),
        )
    });
    [seals].into_iter().chain(timestamps).collect()
}

/// The authorities that others run: each is asked once.
fn outside(
    settings: &Settings,
    [seals, timestamps]: [&Arc<Anchors>; 2],
    seats: &[Seat],
    clock: &Clock,
) -> Vec<Trial> {
    let opened = opening::runtime().and_then(|runtime| {
        let opened =
            opening::authorities::open(settings, seals, timestamps, clock, runtime.handle())?;
        Ok((opened, runtime))
    });
    match opened {
        Ok((opened, runtime)) => ask_each(settings, &opened, seats, clock(), &runtime),
        Err(failure) => vec![failed("authorities", trouble(failure))],
    }
}

fn keys(what: &'static str, loaded: Result<Keys, KeysFault>, file: Option<&Path>) -> Trial {
    match (loaded, file) {
        (Ok(keys), Some(path)) => {
            passed(what, format!("{} key(s) in {}", keys.len(), path.display()))
        }
        (Ok(_), None) => passed(
            what,
            "the worthless key of the evaluation profile".to_owned(),
        ),
        (Err(fault), _) => failed(
            what,
            Trouble {
                code: "no-keys",
                cause: fault.to_string(),
                next_step: "the service does not start without".to_owned(),
            },
        ),
    }
}

fn applications(settings: &Settings, organs: &[crate::model::Dir3]) -> Trial {
    let applications = match opening::open_applications(settings, organs) {
        Ok(applications) => applications,
        Err(failure) => return failed("applications", trouble(failure)),
    };
    if let Some(concern) = opening::unknown_organs(&applications, organs)
        .into_iter()
        .next()
    {
        return failed("applications", concern);
    }
    match applications.len() {
        0 => failed(
            "applications",
            Trouble {
                code: "no-applications",
                cause: "nobody may ask for copies".to_owned(),
                next_step: "name an applications file in applications.file".to_owned(),
            },
        ),
        number => passed("applications", format!("{number} may ask for copies")),
    }
}

/// The public pages: their own words, and whose word about addresses counts.
fn public(settings: &Settings) -> Trial {
    match (
        site::open(settings, BTreeMap::new()),
        site::concern(settings),
    ) {
        (Err(failure), _) => failed("public", trouble(failure)),
        (Ok(_), Some(concern)) => failed("public", concern),
        (Ok(_), None) => {
            let own = match &settings.public.texts {
                Some(folder) => format!("with the words in {}", folder.display()),
                None => "with the words that come with the program".to_owned(),
            };
            let address = settings.server.public_bind.unwrap_or(settings.server.bind);
            passed("public", format!("the pages are at {address}, {own}"))
        }
    }
}

pub(crate) fn passed(what: &'static str, fact: String) -> Trial {
    Trial {
        what,
        outcome: Ok(fact),
    }
}

pub(crate) fn failed(what: &'static str, trouble: Trouble) -> Trial {
    Trial {
        what,
        outcome: Err(trouble),
    }
}

/// A failure in the inventory's words.
pub(crate) fn trouble(failure: Failure) -> Trouble {
    let details = failure.details.iter().map(|detail| format!(": {detail}"));
    Trouble {
        code: "not-usable",
        cause: format!("{}{}", failure.sentence, details.collect::<String>()),
        next_step: failure.next_step.unwrap_or_default(),
    }
}
