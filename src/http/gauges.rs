//! What is, at the moment somebody asks for the metrics: read off the state, so that what is no longer there
//! leaves nothing behind.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::readiness;
use super::state::AppState;
use crate::authorities::CircuitState;
use crate::model::Sha256Digest;
use crate::model::organ::Cession;
use crate::pki::trust_list::Purpose;
use crate::pki::{AnchorOrigin, Anchors};
use crate::seal::Seat;
use crate::telemetry::measure::{Gauges, SealLabels};

/// How much of a fingerprint tells certificates apart for people.
const SHORT: usize = 16;

/// Takes everything down.
pub(crate) fn read(state: &AppState, gauges: &Gauges) {
    let now = state.now();
    gauges.build(env!("CARGO_PKG_VERSION"));
    seals(state, gauges, now);
    authorities(state, gauges);
    trust(state, gauges);
    if let Some(last) = state.oversight().archive.last() {
        gauges.archive_probe(last.success, last.took);
    }
    for condition in readiness::at_hand(state) {
        gauges.ready(condition.name, condition.outcome.is_ok());
    }
    let mut warnings: BTreeMap<&'static str, usize> = BTreeMap::new();
    for warning in (state.oversight().warnings)() {
        *warnings.entry(warning.code).or_default() += 1;
    }
    for (code, number) in warnings {
        gauges.warnings(code, number);
    }
    for (name, pool) in [
        ("sealing", state.sealing()),
        ("validation", state.validation()),
        ("look_ups", state.looking_up()),
        ("comparison", state.comparing()),
    ] {
        let all = pool.places();
        gauges.places(name, all, all.saturating_sub(pool.free()));
    }
    let (limit, held) = state.in_flight().bytes();
    gauges.upload_bytes(limit, held);
}

/// The beginning of a fingerprint.
pub(crate) fn short(fingerprint: &Sha256Digest) -> String {
    fingerprint.to_string().chars().take(SHORT).collect()
}

/// The seals, and how old the revocation data of their chains are.
fn seals(state: &AppState, gauges: &Gauges, now: Timestamp) {
    let mut ages: BTreeMap<Sha256Digest, f64> = BTreeMap::new();
    for kept in (state.oversight().revocations)() {
        if let Some(since) = kept.this_update {
            ages.insert(kept.fingerprint, now.duration_since(since).as_secs_f64());
        }
    }
    let mut of_seals = Vec::new();
    for seat in state.sealer().organs().iter() {
        let fingerprint = seat
            .seal
            .as_ref()
            .ok()
            .map(|seal| seal.key.facts().fingerprint);
        let seal = fingerprint
            .as_ref()
            .map_or_else(|| "none".to_owned(), short);
        let labels = SealLabels {
            organ: &seat.organ.dir3,
            environment: seat.organ.environment,
            seal: &seal,
        };
        of_seat(seat, &labels, gauges);
        if let Some((fingerprint, age)) =
            fingerprint.and_then(|fingerprint| Some((fingerprint, *ages.get(&fingerprint)?)))
        {
            gauges.revocation_age_of_seal(&labels, age);
            of_seals.push(fingerprint);
        }
    }
    for (fingerprint, age) in ages {
        if !of_seals.contains(&fingerprint) {
            gauges.revocation_age(&short(&fingerprint), age);
        }
    }
}

fn of_seat(seat: &Seat, labels: &SealLabels<'_>, gauges: &Gauges) {
    gauges.seal_kept(labels, seat.kept.is_some());
    match &seat.seal {
        Ok(seal) => {
            gauges.seal_not_after(labels, seal.key.facts().not_after);
            gauges.seal_probe(labels, seal.failing().is_none());
        }
        // An organ whose seal is elsewhere misses none here.
        Err(_) if seat.organ.cession == Cession::Own => gauges.seal_probe(labels, false),
        Err(_) => {}
    }
}

/// The circuits. Several addresses of one kind at one host are one: the worst of them.
fn authorities(state: &AppState, gauges: &Gauges) {
    let mut open: BTreeMap<(&'static str, String), bool> = BTreeMap::new();
    for endpoint in (state.oversight().endpoints)() {
        let known = open
            .entry((endpoint.kind.word(), endpoint.host))
            .or_default();
        *known |= endpoint.circuit != CircuitState::Closed;
    }
    for ((kind, host), open) in open {
        gauges.circuit(kind, &host, open);
    }
}

/// Until when what is trusted holds.
fn trust(state: &AppState, gauges: &Gauges) {
    let trust = state.validator().trust();
    for (purpose, set) in [
        (Purpose::Seals, &trust.seals),
        (Purpose::Timestamps, &trust.timestamps),
    ] {
        let purpose = purpose.word();
        gauges.trust_anchors(purpose, set.anchors.len());
        for list in set.anchors.lists() {
            gauges.trust_not_after(purpose, &list.territory, list.next_update);
        }
        if let Some(end) = first_end(&set.anchors) {
            gauges.trust_not_after(purpose, "files", Some(end));
        }
    }
}

/// The first end of the anchors that the operator chose.
fn first_end(anchors: &Anchors) -> Option<Timestamp> {
    let facts = anchors.facts().iter();
    let chosen = facts.filter(|facts| matches!(facts.origin, AnchorOrigin::File { .. }));
    chosen.filter_map(|facts| facts.not_after).min()
}
