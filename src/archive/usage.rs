//! Who uses which seal, and how much: counted from the organs' lists and the intents, never declared.
//!
//! The lists say exactly how many copies an organ made on a day; who asked for them stands in their
//! intents. Of those a bounded number is read, the first by index: an index is a hash, so they are a fair
//! sample, and up to that number the counts are exact. What was counted is remembered for a while by this
//! process only, and losing it costs another count.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::Serialize;

use super::error::ArchiveError;
use super::look_up::read_intent;
use super::record::{CodeIndex, Intent};
use super::store::Store;
use super::{Archive, layout};
use crate::model::{Dir3, Environment};

/// Days that count as use of today.
const DAYS: i32 = 30;
/// How old the count of today may be.
const STALE_TODAY: SignedDuration = SignedDuration::from_secs(60);
/// How old the count of the last days may be.
const STALE_MONTH: SignedDuration = SignedDuration::from_secs(600);
/// Intents read of one organ for one day, and for all the days.
const SAMPLE_OF_DAY: usize = 1_000;
const SAMPLE_OF_MONTH: usize = 256;

/// An application that used a seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsedBy {
    /// Its id.
    pub application: String,
    /// Copies in the days asked about; of thirty days rounded from a sample when the organ made more than 256.
    pub copies: u64,
}

/// An organ in an environment.
pub(super) type Place = (Dir3, Environment);
/// The intents looked at, and who asked for each; nobody when its intent cannot be read.
pub(super) type Sample = BTreeMap<CodeIndex, Option<String>>;

/// Counts, and remembers for a while what it counted.
#[derive(Debug)]
pub struct Usage {
    archive: Archive,
    today: Mutex<BTreeMap<Place, Counted<Sample>>>,
    month: Mutex<BTreeMap<Place, Counted<Vec<UsedBy>>>>,
}

#[derive(Clone, Debug)]
struct Counted<T> {
    at: Timestamp,
    copies: usize,
    what: T,
}

impl Usage {
    /// Of the copies in an archive.
    pub const fn new(archive: Archive) -> Self {
        Self {
            archive,
            today: Mutex::new(BTreeMap::new()),
            month: Mutex::new(BTreeMap::new()),
        }
    }

    /// The copies that an application made today (UTC) for these organs, at most a minute stale. Blocks.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::NoArchive`].
    pub fn copies_today(
        &self,
        application: &str,
        organs: &[Place],
        now: Timestamp,
    ) -> Result<u64, ArchiveError> {
        let store = self.archive.store()?;
        let day = date(now);
        let mut copies = 0;
        for place in organs {
            let known = lock(&self.today).get(place).cloned();
            let same_day = known.filter(|known| date(known.at) == day);
            let counted = match same_day {
                Some(counted) if is_fresh(counted.at, now, STALE_TODAY) => counted,
                before => {
                    let indices = made_on(store, place, day)?;
                    let counted = Counted {
                        at: now,
                        copies: indices.len(),
                        what: sample(store, indices, SAMPLE_OF_DAY, before.map(|old| old.what))?,
                    };
                    lock(&self.today).insert(place.clone(), counted.clone());
                    counted
                }
            };
            let shares = shares(&counted.what, counted.copies);
            copies += shares.get(application).copied().unwrap_or(0);
        }
        Ok(copies)
    }

    /// Counts a copy that was just made here, so that who makes many does not have to be waited for.
    pub fn note(&self, intent: &Intent) {
        let place = (intent.organ.clone(), intent.environment);
        if let Some(counted) = lock(&self.today).get_mut(&place)
            && date(counted.at) == date(intent.issued_at)
            && !counted.what.contains_key(&intent.index)
        {
            let application = Some(intent.application.clone());
            counted.what.insert(intent.index, application);
            counted.copies += 1;
        }
    }

    /// Who had copies sealed by an organ in the last thirty days, the most frequent first; at most ten
    /// minutes stale. Blocks.
    ///
    /// # Errors
    /// As [`Usage::copies_today`].
    pub fn used_by(
        &self,
        organ: &Dir3,
        environment: Environment,
        now: Timestamp,
    ) -> Result<Vec<UsedBy>, ArchiveError> {
        let place = (organ.clone(), environment);
        if let Some(known) = lock(&self.month).get(&place)
            && is_fresh(known.at, now, STALE_MONTH)
        {
            return Ok(known.what.clone());
        }
        let store = self.archive.store()?;
        let today = date(now);
        let first = today.saturating_sub((DAYS - 1).days());
        let mut indices = Vec::new();
        for folder in store.folders(&layout::organ_list(organ, environment))? {
            let day = folder.filename().and_then(|name| name.parse::<Date>().ok());
            if let Some(day) = day.filter(|day| (first..=today).contains(day)) {
                indices.extend(made_on(store, &place, day)?);
            }
        }
        let copies = indices.len();
        let sample = sample(store, indices, SAMPLE_OF_MONTH, None)?;
        let used = by_frequency(shares(&sample, copies));
        let counted = Counted {
            at: now,
            copies,
            what: used.clone(),
        };
        lock(&self.month).insert(place, counted);
        Ok(used)
    }
}

/// The copies on an organ's list of a day.
pub(super) fn made_on(
    store: &Store,
    place: &Place,
    day: Date,
) -> Result<Vec<CodeIndex>, ArchiveError> {
    let folder = layout::organ_list(&place.0, place.1).join(day.to_string());
    let objects = store.list(&folder)?;
    let indices = objects
        .iter()
        .filter_map(|object| layout::index_at_end(&object.location));
    Ok(indices.collect())
}

/// Who asked for the first of these copies by index; what is known already is not read again.
pub(super) fn sample(
    store: &Store,
    mut indices: Vec<CodeIndex>,
    size: usize,
    known: Option<Sample>,
) -> Result<Sample, ArchiveError> {
    indices.sort_unstable_by_key(|index| index.0);
    indices.truncate(size);
    let mut known = known.unwrap_or_default();
    let mut sample = Sample::new();
    for index in indices {
        let application = match known.remove(&index) {
            Some(application) => application,
            None => match read_intent(store, index) {
                Ok(intent) => intent.map(|intent| intent.application),
                Err(ArchiveError::Corrupt(_)) => None,
                Err(error) => return Err(error),
            },
        };
        sample.insert(index, application);
    }
    Ok(sample)
}

/// The copies of each application, as far as the sample tells.
pub(super) fn shares(sample: &Sample, copies: usize) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for application in sample.values().flatten() {
        *counts.entry(application.clone()).or_default() += 1;
    }
    let (all, seen) = (copies as u64, sample.len().max(1) as u64);
    for count in counts.values_mut() {
        *count = count.saturating_mul(all).div_ceil(seen);
    }
    counts
}

/// The most frequent first.
pub(super) fn by_frequency(shares: BTreeMap<String, u64>) -> Vec<UsedBy> {
    let mut used: Vec<UsedBy> = shares
        .into_iter()
        .map(|(application, copies)| UsedBy {
            application,
            copies,
        })
        .collect();
    used.sort_by(|one, other| {
        let by_copies = other.copies.cmp(&one.copies);
        by_copies.then_with(|| one.application.cmp(&other.application))
    });
    used
}

fn is_fresh(counted: Timestamp, now: Timestamp, stale: SignedDuration) -> bool {
    let age = now.duration_since(counted);
    age >= SignedDuration::ZERO && age < stale
}

pub(super) fn date(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// Nothing is left half done by whoever panicked with the lock.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
