//! The bad days: authorities that refuse, hang, lie or are somebody else, on loopback.

mod chains;
mod issuing;
mod patience;
mod renewal;
mod revocations;
mod server;
mod stamping;
mod timestamps;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::pki::Anchors;
use issuing::Authority;

/// When everything here happens.
const NOW: &str = "2026-06-02T12:00:00Z";

/// Short enough for a test, long enough for a busy machine.
const LIMITS: TimeLimits = TimeLimits {
    connect: Duration::from_millis(1500),
    total: Duration::from_millis(1500),
    retries: 1,
};

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn clock() -> Clock {
    Arc::new(now)
}

fn random() -> [u8; 32] {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).unwrap();
    bits
}

fn at(url: &str) -> Access {
    Access {
        url: url.to_owned(),
        ..Access::default()
    }
}

fn anchors(of: &[&Authority]) -> Arc<Anchors> {
    let pem = of.iter().map(|authority| authority.pem());
    let pem: Vec<Vec<u8>> = pem.collect();
    let named = pem.iter().map(|pem| ("anchor", pem.as_slice()));
    Arc::new(Anchors::from_pem(named).unwrap())
}
