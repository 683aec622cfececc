//! What is on this machine: settings, secrets, limits, anchors, seals, applications, keys, the service itself.

use std::collections::BTreeSet;

use jiff::{Timestamp, Zoned};
use rustix::process::{Resource, getrlimit};

use super::{Scene, counted, line_of};
use crate::cli;
use crate::cli::doctor::{Line, State};
use crate::cli::inventory::{self, Trouble};
use crate::commands::examine::trouble;
use crate::http::Registration;
use crate::opening::anchors::{self, OpenedAnchors};
use crate::opening::organs::trouble_of_seal;
use crate::opening::service_keys::{self, Keys, KeysFault};
use crate::opening::{self, applications, site};
use crate::seal::Seat;
use crate::settings::{Origins, Profile, Settings};

/// Bad seals that are named; `segell seals` names them all.
const NAMED: usize = 5;
/// Files that the service opens besides connections and requests to the archive.
const OTHER_FILES: u64 = 64;

/// Where the settings come from, and whether production takes them.
pub(super) fn configuration(settings: &Settings, origins: &Origins) -> Line {
    const WHAT: &str = "configuration";
    let refusals = settings.refusals(origins);
    if !refusals.is_empty() {
        let causes: Vec<_> = refusals.iter().map(ToString::to_string).collect();
        return Line::failed(WHAT, causes.join("; "))
            .with_next_step("change these settings: the service does not start with them");
    }
    if let Err(failure) = site::open(settings, Default::default()) {
        return Line::of_trouble(WHAT, State::Failed, trouble(failure));
    }
    if let Some(concern) = site::concern(settings) {
        return Line::of_trouble(WHAT, State::Attention, concern);
    }
    let all = origins.iter().count();
    let of_profile = format!("config/{}.toml", settings.profile.word());
    let shipped = ["built in", "config/default.toml", of_profile.as_str()];
    let own: Vec<_> = origins
        .iter()
        .map(|(_, effective)| effective.origin.as_str())
        .filter(|origin| !shipped.iter().any(|place| origin.starts_with(place)))
        .collect();
    // `config/local.toml:3` and `the environment, SEGELL__…` without what differs.
    let places: BTreeSet<_> = own
        .iter()
        .filter_map(|origin| origin.split([':', ',']).next())
        .collect();
    let places: Vec<_> = places.into_iter().collect();
    let from = match own.len() {
        0 => "none of your own".to_owned(),
        number => format!("{number} of your own from {}", places.join(", ")),
    };
    Line::ok(
        WHAT,
        format!(
            "profile {}; {all} settings, {from}",
            settings.profile.word()
        ),
    )
}

/// Whether anybody on this machine may read the secrets.
pub(super) fn secrets(scene: &Scene) -> Vec<Line> {
    if scene.settings.profile == Profile::Evaluation {
        let fact = "example material, which everybody may read";
        return vec![Line::new("secrets", State::NotAsked, fact)];
    }
    let of_seals = scene
        .organs
        .as_ref()
        .map(|organs| organs.exposed.as_slice());
    let exposed = opening::exposed_secrets(&scene.settings, of_seals.unwrap_or_default());
    if exposed.is_empty() {
        return vec![Line::ok(
            "secrets",
            "only their owner and group may read them",
        )];
    }
    let lines = exposed.into_iter();
    lines
        .map(|trouble| Line::of_trouble("secrets", State::Failed, trouble))
        .collect()
}

/// Files that may be open at once.
pub(super) fn limits(scene: &Scene) -> Vec<Line> {
    let settings = &scene.settings;
    let needed = settings.server.connections as u64
        + 2 * settings.archive.requests_at_once as u64
        + OTHER_FILES;
    let Some(allowed) = getrlimit(Resource::Nofile).current else {
        return vec![Line::ok("limits", "as many open files as it likes")];
    };
    let fact = format!("{allowed} open files, of which it may need {needed}");
    vec![match allowed >= needed {
        true => Line::ok("limits", fact),
        false => Line::new("limits", State::Attention, fact).with_next_step(
            "raise LimitNOFILE (systemd) or `ulimit -n`, or lower server.connections",
        ),
    }]
}

/// The anchors for seals and for timestamps.
pub(super) fn trust(settings: &Settings, opened: &OpenedAnchors, now: Timestamp) -> Vec<Line> {
    let mut lines: Vec<_> = opened
        .concerns
        .iter()
        .map(|concern| {
            let state = match concern.code {
                "no-anchors" => State::Failed,
                _ => State::Attention,
            };
            Line::of_trouble("trust", state, concern.clone())
        })
        .collect();
    if !opened.seals.is_empty() {
        let fact = anchors::summary(&opened.seals, &settings.trust.seals, now);
        lines.push(Line::ok("trust", format!("for seals: {fact}")));
    }
    lines.push(match &settings.trust.timestamps {
        Some(folder) if !opened.timestamps.is_empty() => {
            let fact = anchors::summary(&opened.timestamps, folder, now);
            Line::ok("trust", format!("for timestamps: {fact}"))
        }
        _ => Line::new(
            "trust",
            State::NotAsked,
            "for timestamps: none; signatures are judged for the present only",
        ),
    });
    lines
}

/// Every seal: loaded, and able to sign now.
pub(super) fn seals(scene: &Scene) -> Vec<Line> {
    const WHAT: &str = "seals";
    let organs = match &scene.organs {
        Ok(organs) => organs,
        Err(failure) => {
            return vec![Line::of_trouble(
                WHAT,
                State::Failed,
                trouble(failure.clone()),
            )];
        }
    };
    let rows = &organs.inventory.seals;
    if rows.is_empty() {
        let fact = format!(
            "no organ in {}: no copy can be made",
            organs.inventory.folder
        );
        return vec![
            Line::failed(WHAT, fact)
                .with_next_step("put an organ's file there; certs-example/organs shows the shape"),
        ];
    }
    let mut bad: Vec<(String, Trouble)> = Vec::new();
    for row in rows {
        if let Some(trouble) = &row.trouble {
            bad.push((row.file.clone(), trouble.clone()));
        }
    }
    let now = scene.now();
    for seat in &organs.seats {
        if let Some(defect) = failing(seat, now) {
            bad.push((seat.organ.dir3.to_string(), trouble_of_seal(&defect)));
        }
    }
    let pressing: Vec<_> = rows
        .iter()
        .filter(|row| {
            matches!(
                row.state,
                inventory::State::Critical | inventory::State::Renew
            )
        })
        .collect();
    let days = rows
        .iter()
        .filter_map(|row| Some(row.seal.as_ref()?.days_left));
    let first = days.min().map_or(String::new(), |days| {
        format!("; the first ends in {}", in_days(days))
    });
    let good = rows.len().saturating_sub(bad.len());
    let mut lines = Vec::new();
    if bad.is_empty() {
        let fact = format!("{} open and sign{first}", counted(good, "seal"));
        lines.push(Line::ok(WHAT, fact));
    } else {
        let fact = format!(
            "{} of {} cannot be used",
            bad.len(),
            counted(rows.len(), "seal")
        );
        lines.push(Line::failed(WHAT, fact).with_next_step("segell seals"));
    }
    for (whose, trouble) in bad.into_iter().take(NAMED) {
        let cause = format!("{whose}: {}", trouble.cause);
        lines.push(Line::of_trouble(
            WHAT,
            State::Failed,
            Trouble { cause, ..trouble },
        ));
    }
    if !pressing.is_empty() {
        let fact = format!("{} to be renewed{first}", counted(pressing.len(), "seal"));
        lines.push(Line::new(WHAT, State::Attention, fact).with_next_step("segell seals"));
    }
    lines
}

/// Why the seal of a seat does not sign now, though it was loaded.
fn failing(seat: &Seat, now: Timestamp) -> Option<crate::pki::SealDefect> {
    let seal = seat.seal.as_ref().ok()?;
    seal.probe(now).outcome.clone().err()
}

/// `1 day`, `20 days`.
pub(super) fn in_days(days: i64) -> String {
    match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}

/// Who may call, and with what.
pub(super) fn applications(scene: &Scene) -> Vec<Line> {
    const WHAT: &str = "applications";
    let codes = scene.organs.as_ref().map(|organs| organs.codes());
    let codes = codes.unwrap_or_default();
    let known = match opening::open_applications(&scene.settings, &codes) {
        Ok(known) => known,
        Err(failure) => return vec![Line::of_trouble(WHAT, State::Failed, trouble(failure))],
    };
    let now = scene.now();
    let (usable, locked): (Vec<_>, Vec<_>) = known
        .iter()
        .partition(|application| is_usable(application, now));
    let mut lines = Vec::new();
    if usable.is_empty() {
        lines.push(
            Line::failed(WHAT, "nobody may ask for copies: no credential is usable")
                .with_next_step("segell keys new --application ID --organ DIR3"),
        );
    } else if applications::admits_evaluation(&scene.settings) {
        let fact = "the key that everybody knows opens, from this machine only";
        lines.push(Line::new(WHAT, State::Attention, fact).with_next_step(
            "good for trying out; SEGELL_PROFILE=production and `segell keys new` for real",
        ));
    } else {
        let fact = format!(
            "{} may ask for copies",
            counted(usable.len(), "application")
        );
        lines.push(Line::ok(WHAT, fact));
    }
    if !locked.is_empty() && !usable.is_empty() {
        let ids: Vec<_> = locked
            .iter()
            .map(|known| known.application.id.as_str())
            .collect();
        let fact = format!("without a usable credential: {}", ids.join(", "));
        lines.push(
            Line::new(WHAT, State::Attention, fact)
                .with_next_step("segell keys list, segell keys new --application ID"),
        );
    }
    let unknown = opening::unknown_organs(&known, &codes).into_iter();
    lines.extend(unknown.map(|trouble| Line::of_trouble(WHAT, State::Attention, trouble)));
    lines
}

/// Whether some credential of an application opens.
fn is_usable(registration: &Registration, now: Timestamp) -> bool {
    let mut keys = registration.keys.iter();
    let has_key = keys.any(|key| {
        let ended = key.expires.is_some_and(|end| end <= now);
        key.revoked.is_none() && !ended
    });
    has_key || !registration.certificates.is_empty() || registration.issuer.is_some()
}

/// The keys of codes and of second factors.
pub(super) fn keys(scene: &Scene) -> Vec<Line> {
    let settings = &scene.settings;
    let told = |what, loaded: Result<Keys, KeysFault>, has_file: bool| match loaded {
        Ok(_) if !has_file => Line::new(
            what,
            State::Attention,
            "the worthless key of the evaluation profile",
        )
        .with_next_step("good for trying out; `openssl rand -hex 32` makes a real one"),
        Ok(keys) => Line::ok(what, counted(keys.len(), "key")),
        Err(fault) => Line::failed(what, fault.to_string())
            .with_next_step("the service does not start without"),
    };
    let codes = settings.codes.keys_file.is_some();
    let factors = settings.access.factor_keys_file.is_some();
    vec![
        told("code keys", service_keys::of_codes(settings), codes),
        told("factor keys", service_keys::of_factors(settings), factors),
    ]
}

/// The service on this machine, and its own TLS.
pub(super) fn service(scene: &Scene) -> Vec<Line> {
    let operations = scene.settings.server.operations_bind;
    let line = if operations.port() == 0 {
        Line::new(
            "service",
            State::NotAsked,
            "its operations port is any free one",
        )
    } else {
        match cli::health::run(operations, &mut Vec::new()) {
            Ok(()) => Line::ok("service", format!("alive, says {operations}")),
            Err(failure) => Line::new("service", State::Attention, failure.sentence)
                .with_next_step("segell serve, or the log of the service"),
        }
    };
    vec![super::public::transport(scene), line]
}

/// Dates on copies are those of the administrations served, whatever the machine's own time zone is.
pub(super) fn time_zone(now: Timestamp) -> Line {
    let local = Zoned::new(now, jiff::tz::TimeZone::system());
    Line::ok(
        "time zone",
        format!(
            "everything is in UTC, the date on copies in Europe/Madrid; this machine is at {}",
            local.strftime("%:z")
        ),
    )
}

/// The trials of the rooms outside.
pub(super) fn lines_of(
    trials: Vec<cli::check_config::Trial>,
    otherwise: State,
) -> impl Iterator<Item = Line> {
    trials
        .into_iter()
        .map(move |trial| line_of(trial, otherwise))
}
