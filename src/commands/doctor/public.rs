//! What citizens find: TLS, and whether this service answers where the copies say.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::future::join_all;
use serde::Deserialize;

use super::Scene;
use super::local::in_days;
use crate::authorities::{ExchangeFault, Visit, visit};
use crate::cli::doctor::{Line, State};
use crate::cli::inventory::SealEntry;
use crate::commands::examine::trouble;
use crate::model::Sha256Digest;
use crate::opening::{self, tls};
use crate::pki::Anchors;
use crate::pki::verify::certificate_facts;

/// Addresses visited.
const MOST_VISITED: usize = 8;
/// How long each may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of the list of seals that are read: thousands of seals.
const LONGEST_LIST: usize = 8 << 20;
/// Where every service lists its seals.
const LIST: &str = "/segells";
/// Days before the end of a TLS certificate at which whoever renews it should have done so.
const RENEW_DAYS: i64 = 14;

/// The list of seals, as far as it is looked at.
#[derive(Deserialize)]
struct Listed {
    seals: Vec<ListedSeal>,
}

#[derive(Deserialize)]
struct ListedSeal {
    fingerprint: Sha256Digest,
}

/// Whether this service answers at the addresses on the copies: what only it has is its list of seals.
pub(super) fn pages(scene: &Scene) -> Vec<Line> {
    const WHAT: &str = "public pages";
    let seats = scene.organs.as_ref().map(|organs| organs.seats.as_slice());
    let seats = seats.unwrap_or_default();
    let addresses: BTreeSet<&str> = match &scene.public_address {
        Some(address) => [address.trim_end_matches('/')].into(),
        None => {
            let organs = seats.iter().map(|seat| &seat.organ);
            organs
                .map(|organ| organ.verification_address.as_str())
                .collect()
        }
    };
    if addresses.is_empty() {
        return vec![Line::new(
            WHAT,
            State::NotAsked,
            "no organ says where they are",
        )];
    }
    let seals = seats.iter().filter_map(|seat| seat.seal.as_ref().ok());
    let ours: BTreeSet<_> = seals.map(|seal| seal.key.facts().fingerprint).collect();
    let ours = &ours;
    let runtime = match opening::runtime() {
        Ok(runtime) => runtime,
        Err(failure) => return vec![Line::of_trouble(WHAT, State::Failed, trouble(failure))],
    };
    let visits = addresses
        .into_iter()
        .take(MOST_VISITED)
        .map(|address| async move {
            let list = format!("{address}{LIST}");
            let seen = visit(&list, "application/json", LONGEST_LIST, PATIENCE).await;
            told(scene, address, seen, ours)
        });
    let lines = runtime.block_on(join_all(visits));
    // A name that is still being looked up is not waited for.
    runtime.shutdown_background();
    lines
}

fn told(
    scene: &Scene,
    address: &str,
    seen: Result<Visit, ExchangeFault>,
    ours: &BTreeSet<Sha256Digest>,
) -> Line {
    const WHAT: &str = "public pages";
    let seen = match seen {
        Ok(seen) => seen,
        Err(fault) => {
            let fact = format!("{address} cannot be seen from here: {fault}");
            let step = format!("try it from outside: curl -i {address}{LIST}");
            return Line::new(WHAT, State::Attention, fact).with_next_step(step);
        }
    };
    let listed = (seen.status == 200)
        .then(|| serde_json::from_slice::<Listed>(&seen.body).ok())
        .flatten();
    let Some(listed) = listed else {
        let fact = format!(
            "something else answers at {address} (status {} at {LIST})",
            seen.status
        );
        return Line::failed(WHAT, fact)
            .with_next_step("lead the name and the proxy to this service, all paths");
    };
    if !listed
        .seals
        .iter()
        .any(|seal| ours.contains(&seal.fingerprint))
    {
        let fact = format!("another service answers at {address}: it lists none of our seals");
        return Line::failed(WHAT, fact)
            .with_next_step("compare archive.url and organs.folder of the two");
    }
    let facts = seen
        .certificate
        .and_then(|der| certificate_facts(&der).ok());
    let days = facts.map(|facts| SealEntry::days_between(scene.now(), facts.not_after));
    let fact = format!(
        "{address} is ours, in {} ms{}",
        seen.latency.as_millis(),
        days.map_or(String::new(), |days| format!(
            "; its certificate ends in {}",
            in_days(days)
        ))
    );
    match days {
        Some(days) if days < RENEW_DAYS => Line::new(WHAT, State::Attention, fact)
            .with_next_step("renew the certificate of the proxy, or look at what should"),
        _ => Line::ok(WHAT, fact),
    }
}

/// The service's own TLS.
pub(super) fn transport(scene: &Scene) -> Line {
    const WHAT: &str = "tls";
    let settings = &scene.settings;
    match tls::open(settings) {
        Err(failure) => return Line::of_trouble(WHAT, State::Failed, trouble(failure)),
        Ok(None) => {
            let fact = match settings.server.behind_proxy {
                true => "spoken by the proxy in front",
                false => "not spoken here",
            };
            return Line::new(WHAT, State::NotAsked, fact);
        }
        Ok(Some(_)) => {}
    }
    let path = settings.tls.certificate.as_deref().unwrap_or("".as_ref());
    let facts = std::fs::read(path).ok().and_then(|pem| {
        let name = path.display().to_string();
        let chain = Anchors::from_pem([(name.as_str(), pem.as_slice())]).ok()?;
        certificate_facts(chain.der().first()?).ok()
    });
    let Some(facts) = facts else {
        let fact = format!("{} cannot be read for its dates", path.display());
        return Line::new(WHAT, State::Attention, fact);
    };
    let days = SealEntry::days_between(scene.now(), facts.not_after);
    let fact = format!("\"{}\" ends in {}", facts.common_name, in_days(days));
    let step = "renew it, put it in its place, and restart the service";
    match days {
        ..0 => {
            Line::failed(WHAT, format!("\"{}\" has ended", facts.common_name)).with_next_step(step)
        }
        0..RENEW_DAYS => Line::new(WHAT, State::Attention, fact).with_next_step(step),
        _ => Line::ok(WHAT, fact),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use bytes::Bytes;
    use jiff::Timestamp;

    use super::*;
    use crate::opening::organs::LoadedOrgans;
    use crate::settings::{Settings, Surroundings};

    fn scene() -> Scene {
        let now = Timestamp::UNIX_EPOCH;
        Scene {
            settings: Settings::load(&Surroundings::default()).unwrap().0,
            clock: Arc::new(move || now),
            began: (now, Instant::now()),
            public_address: None,
            seals: Arc::default(),
            timestamps: Arc::default(),
            trust: Vec::new(),
            organs: Err::<LoadedOrgans, _>(crate::cli::Failure::new(
                crate::cli::Exit::Usage,
                "none",
            )),
        }
    }

    fn state(status: u16, body: &str) -> State {
        let ours = [Sha256Digest::of(b"ours")].into();
        let seen = Visit {
            status,
            date: None,
            body: Bytes::copy_from_slice(body.as_bytes()),
            certificate: None,
            latency: Duration::ZERO,
        };
        told(&scene(), "https://a.example", Ok(seen), &ours).state
    }

    #[test]
    fn our_own_list_of_seals_is_recognised_and_another_is_not() {
        let list = |seal: &[u8]| {
            let fingerprint = Sha256Digest::of(seal);
            serde_json::json!({ "seals": [{ "fingerprint": fingerprint, "organ": "x" }] })
        };
        assert_eq!(state(200, &list(b"ours").to_string()), State::Ok);
        assert_eq!(state(200, &list(b"theirs").to_string()), State::Failed);
        assert_eq!(state(404, &list(b"ours").to_string()), State::Failed);
        assert_eq!(state(200, "<html>parked</html>"), State::Failed);
    }

    #[test]
    fn an_address_that_cannot_be_seen_from_here_may_be_seen_from_elsewhere() {
        let fault = Err(ExchangeFault::Status(1));
        let line = told(&scene(), "https://a.example", fault, &BTreeSet::new());
        assert_eq!(line.state, State::Attention);
    }
}
