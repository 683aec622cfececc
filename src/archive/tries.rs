//! Tries at the second factor of a restricted copy: so many an hour and so many a day, then wait. Nothing
//! is ever locked for good, and the organ can begin anew by changing the visibility.
//!
//! Every try is an object, created before the factor is looked at. Its name holds its number, so two tries
//! at the same moment are never one. A try that was right is marked and counts no more. Hours and days are
//! those of UTC: the count begins anew with each.

use std::fmt;

use bytes::Bytes;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use super::access::{Access, FactorDigest, FactorKeys};
use super::error::ArchiveError;
use super::standing::{Standing, Withheld};
use super::store::{Created, Store};
use super::{Archive, layout};
use crate::model::{FactorValue, Sha256Digest};

/// Wrong tries in an hour, and in a day.
const IN_AN_HOUR: usize = 5;
const IN_A_DAY: usize = 20;

/// How long a pass opens the content.
const PASS: SignedDuration = SignedDuration::from_mins(10);

/// Tries at the same moment that one of them waits for before it gives up.
const PATIENCE: u32 = 64;

/// Keeps this use of a factor key apart from the others.
const DOMAIN: &[u8] = b"segell/pass/v1";

/// What became of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It was right.
    Right(Pass),
    /// It was wrong.
    Wrong,
    /// There were too many wrong ones; this one was not looked at.
    Wait {
        /// When the next one is looked at.
        until: Timestamp,
    },
    /// The copy takes no factor, or gives nothing at all.
    NotAsked,
}

/// The right of who knew the factor, for some minutes: it opens this copy as long as the factor stays the
/// same. As text it can go into a form.
#[derive(Clone, PartialEq, Eq)]
pub struct Pass {
    expires: i64,
    mark: Sha256Digest,
}

impl Pass {
    fn new(
        keys: &FactorKeys,
        standing: &Standing,
        factor: &FactorDigest,
        now: Timestamp,
    ) -> Option<Self> {
        let expires = now.checked_add(PASS).ok()?.as_second();
        let mark = keys.sign(&[DOMAIN, &subject(standing, factor, expires)])?;
        Some(Self { expires, mark })
    }

    pub(super) fn is_valid(
        &self,
        keys: &FactorKeys,
        standing: &Standing,
        factor: &FactorDigest,
        now: Timestamp,
    ) -> bool {
        let subject = subject(standing, factor, self.expires);
        now.as_second() <= self.expires && keys.verify(&[DOMAIN, &subject], self.mark.as_bytes())
    }

    /// Reads a pass; `None` when it is none.
    pub fn read(text: &str) -> Option<Self> {
        let (expires, mark) = text.split_once('.')?;
        Some(Self {
            expires: expires.parse().ok()?,
            mark: mark.parse().ok()?,
        })
    }

    /// As text.
    pub fn to_text(&self) -> String {
        format!("{}.{}", self.expires, self.mark)
    }
}

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pass(…)")
    }
}

/// What a pass is a mark over. A factor that was set again, even to the same, ends the passes given before.
fn subject(standing: &Standing, factor: &FactorDigest, expires: i64) -> Vec<u8> {
    let mut subject = standing.record.intent.index.0.as_bytes().to_vec();
    subject.extend_from_slice(factor.as_bytes());
    subject.extend_from_slice(&standing.changes.to_be_bytes());
    subject.extend_from_slice(&expires.to_be_bytes());
    subject
}

impl Archive {
    /// Tries a factor.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::Contended`]: then nothing was looked at.
    pub fn try_factor(
        &self,
        standing: &Standing,
        value: &FactorValue,
        now: Timestamp,
    ) -> Result<Attempt, ArchiveError> {
        let store = self.store()?;
        let (Err(Withheld::FactorNeeded), Access::Restricted { factor, .. }) =
            (standing.for_the_public(), &standing.access)
        else {
            return Ok(Attempt::NotAsked);
        };
        let taken = match take(store, standing, now)? {
            Turn::Taken(taken) => taken,
            Turn::Wait(until) => return Ok(Attempt::Wait { until }),
        };
        let index = standing.record.intent.index;
        if !self.factor_keys().recognise(index, value, factor) {
            return Ok(Attempt::Wrong);
        }
        let right = layout::factor_try(&taken.day, taken.hour, taken.number, true);
        store.create(&right, &[Bytes::new()])?;
        let pass = Pass::new(self.factor_keys(), standing, factor, now);
        Ok(pass.map_or(Attempt::Wrong, Attempt::Right))
    }
}

/// Whether there is a try left.
enum Turn {
    Taken(Taken),
    Wait(Timestamp),
}

/// A try that was written down.
struct Taken {
    day: object_store::path::Path,
    hour: i8,
    number: u32,
}

/// Writes a try down before anything is looked at.
fn take(store: &Store, standing: &Standing, now: Timestamp) -> Result<Turn, ArchiveError> {
    let clock = now.to_zoned(TimeZone::UTC);
    let hour = clock.hour();
    let day = layout::tries(standing.record.intent.index, standing.changes, clock.date());
    for _ in 0..PATIENCE {
        let names = store.list(&day)?;
        let names: Vec<&str> = names
            .iter()
            .filter_map(|object| object.location.filename())
            .collect();
        let of_hour = format!("{hour:02}-");
        let in_hour: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| name.starts_with(&of_hour))
            .collect();
        if wrong(&names) >= IN_A_DAY {
            return Ok(Turn::Wait(next_day(&clock)));
        }
        if wrong(&in_hour) >= IN_AN_HOUR {
            return Ok(Turn::Wait(next_hour(&clock)));
        }
        let tried = in_hour.iter().filter(|name| !is_right(name)).count();
        let number = u32::try_from(tried).unwrap_or(u32::MAX).saturating_add(1);
        let name = layout::factor_try(&day, hour, number, false);
        match store.create(&name, &[Bytes::new()])? {
            Created::New => return Ok(Turn::Taken(Taken { day, hour, number })),
            // Somebody else's, at this moment: count again.
            Created::Already => {}
        }
    }
    Err(ArchiveError::Contended)
}

/// Tries that are not known to have been right.
fn wrong(names: &[&str]) -> usize {
    let right = names.iter().filter(|name| is_right(name)).count();
    // Every mark stands beside a try.
    names.len().saturating_sub(right).saturating_sub(right)
}

fn is_right(name: &str) -> bool {
    name.ends_with("-right")
}

fn next_hour(clock: &Zoned) -> Timestamp {
    let whole = clock.timestamp().as_second().div_euclid(3600);
    Timestamp::from_second((whole + 1) * 3600).unwrap_or(Timestamp::MAX)
}

fn next_day(clock: &Zoned) -> Timestamp {
    clock
        .start_of_day()
        .and_then(|start| start.checked_add(1.day()))
        .map_or(Timestamp::MAX, |next| next.timestamp())
}
