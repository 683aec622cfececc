//! What will stop the sealing of an organ, or of all of them, unless somebody acts in time. Each rule is a
//! function; the clock, the archive's answers and the trusted certificates come in as arguments.

mod expiry;
mod rename;
mod surroundings;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use self::expiry::{REQUEST_BY_DAYS, Stage, days_left};
use super::Seat;
use crate::archive::RegisteredSeal;
use crate::model::{Dir3, Environment};
use crate::pki::{Anchors, CertificateFacts};

/// Something that somebody has to do in time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Warning {
    /// A stable word for programs: `seal-ends-30`, `seal-renamed`, `trusted-list-stale`, …
    pub code: &'static str,
    /// The organ; `None` when it concerns them all.
    pub organ: Option<Dir3>,
    /// Its environment.
    pub environment: Option<Environment>,
    /// What it is about beside the organ: the SHA-256 of a certificate, the territory of a trusted list.
    pub about: Option<String>,
    /// What is the case.
    pub fact: String,
    /// Who has to do what.
    pub next_step: String,
}

/// What is looked at.
pub struct Ground<'a> {
    /// The organs with their seals.
    pub seats: Vec<&'a Seat>,
    /// Every certificate that was ever registered in the archive; none when it could not be asked.
    pub registered: &'a [RegisteredSeal],
    /// The issuers trusted for seals, and those trusted for timestamps.
    pub anchors: [&'a Anchors; 2],
    /// How far the last time-stamp authority that answered is ahead of our clock.
    pub clock_offset: Option<SignedDuration>,
    /// Why the archive failed its last probe.
    pub archive_fault: Option<String>,
    /// The time.
    pub now: Timestamp,
}

/// Everything that somebody has to do in time: organ by organ, then what concerns them all.
pub fn warnings(ground: &Ground<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    for seat in &ground.seats {
        warnings.extend(of_seat(seat, ground));
    }
    warnings.extend(surroundings::archive(ground));
    warnings.extend(surroundings::clock(ground));
    warnings.extend(surroundings::trust(ground));
    warnings
}

/// What has to be done for one organ.
pub(super) fn of_seat<'a>(
    seat: &Seat,
    ground: &'a Ground<'_>,
) -> impl Iterator<Item = Warning> + 'a {
    let ending = expiry::ending(seat, ground.now);
    let renamed = rename::renamed(seat, ground);
    ending.into_iter().chain(renamed)
}

impl Warning {
    /// About the seal of an organ.
    fn about_seal(
        seat: &Seat,
        certificate: &CertificateFacts,
        code: &'static str,
        fact: String,
        next_step: &str,
    ) -> Self {
        Self {
            code,
            organ: Some(seat.organ.dir3.clone()),
            environment: Some(seat.organ.environment),
            about: Some(certificate.fingerprint.to_string()),
            fact,
            next_step: next_step.to_owned(),
        }
    }

    /// About all organs.
    fn about_all(code: &'static str, about: Option<String>, fact: String, next_step: &str) -> Self {
        Self {
            code,
            organ: None,
            environment: None,
            about,
            fact,
            next_step: next_step.to_owned(),
        }
    }
}

/// The warnings as they stand, for whoever shows or counts them. Cheap to clone: every clone sees the same.
#[derive(Clone, Debug, Default)]
pub struct CurrentWarnings(Arc<ArcSwap<Vec<Warning>>>);

impl CurrentWarnings {
    /// All of them.
    pub fn list(&self) -> Arc<Vec<Warning>> {
        self.0.load_full()
    }

    /// Those of one organ in an environment.
    pub fn of(&self, organ: &Dir3, environment: Environment) -> Vec<Warning> {
        let list = self.list();
        let own = |warning: &&Warning| {
            warning.organ.as_ref() == Some(organ) && warning.environment == Some(environment)
        };
        list.iter().filter(own).cloned().collect()
    }

    /// Puts others in their place.
    pub fn replace(&self, warnings: Vec<Warning>) {
        self.0.store(Arc::new(warnings));
    }
}
