//! The authorities that others run, each asked once.

use jiff::Timestamp;

use super::{failed, passed};
use crate::authorities::KeptState;
use crate::cli::check_config::Trial;
use crate::cli::inventory::Trouble;
use crate::opening::authorities::{Opened, chains};
use crate::seal::Seat;
use crate::settings::Settings;

/// Asks every authority once: all that is configured has to answer as it should.
pub(in crate::commands) fn ask_each(
    settings: &Settings,
    opened: &Opened,
    seats: &[Seat],
    now: Timestamp,
    runtime: &tokio::runtime::Runtime,
) -> Vec<Trial> {
    let mut trials = Vec::new();
    if opened.timestamps.is_empty() {
        trials.push(passed(
            "authorities",
            "none for timestamps: copies are sealed at level B-B".to_owned(),
        ));
    }
    let probed = runtime.block_on(opened.timestamps.probe());
    for ((address, outcome), state) in probed.into_iter().zip(opened.timestamps.states()) {
        let latency = state.last_latency.unwrap_or_default().as_millis();
        trials.push(match outcome {
            Ok(token) => passed(
                "authorities",
                format!(
                    "{address} stamps in {latency} ms; its clock says {}",
                    token.time
                ),
            ),
            Err(fault) => failed(
                "authorities",
                Trouble {
                    code: "no-timestamp",
                    cause: format!("{address}: {fault}"),
                    next_step: "correct timestamp.authorities or trust.timestamps, or ask \
                                whoever runs the authority"
                        .to_owned(),
                },
            ),
        });
    }
    if settings.revocation.sources.is_empty() {
        return trials;
    }
    for chain in chains(seats) {
        opened.revocation.keep(&chain);
    }
    runtime.block_on(opened.revocation.first_round());
    let kept = opened.revocation.kept();
    let wrong: Vec<&KeptState> = kept
        .iter()
        .filter(|kept| {
            let ended = kept.next_update.is_some_and(|next| next < now);
            kept.revoked.is_some() || kept.this_update.is_none() || ended
        })
        .collect();
    if wrong.is_empty() {
        trials.push(passed(
            "revocation",
            format!("fresh data for {} certificate(s)", kept.len()),
        ));
    }
    trials.extend(wrong.into_iter().map(no_data));
    trials
}

fn no_data(kept: &KeptState) -> Trial {
    let (code, cause) = match (kept.revoked, &kept.last_fault) {
        (Some(at), _) => (
            "revoked",
            format!("\"{}\" is revoked since {at}", kept.subject),
        ),
        (None, _) if !kept.has_source => (
            "no-revocation-source",
            format!(
                "no source is configured for the issuer of \"{}\"",
                kept.subject
            ),
        ),
        (None, fault) => {
            let why = fault
                .as_ref()
                .map_or("no answer", |(_, fault)| fault.as_str());
            (
                "no-revocation-data",
                format!("no fresh data for \"{}\": {why}", kept.subject),
            )
        }
    };
    failed(
        "revocation",
        Trouble {
            code,
            cause,
            next_step: "correct revocation.sources, or ask whoever issued it".to_owned(),
        },
    )
}
