//! What was done for an organ in a week: copies made, by whom, and copies taken back.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::error::ArchiveError;
use super::look_up::read_events;
use super::parallel::{self, Step};
use super::record::{CodeIndex, EventKind};
use super::usage::{UsedBy, by_frequency, date, made_on, sample, shares};
use super::{Archive, layout};
use crate::model::{Dir3, Environment};

/// Days in a week.
const DAYS: i32 = 7;
/// Intents read to find out who asked.
const SAMPLE: usize = 2_000;
/// Copies of which it is looked up whether they were taken back, the newest first.
const MOST: usize = 5_000;

/// A week of an organ, today included; days are those of UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
    /// Copies made.
    pub copies: u64,
    /// Who asked for them, the most frequent first; rounded from a sample beyond 2,000 copies.
    pub used_by: Vec<UsedBy>,
    /// Copies withdrawn in this week, whenever they were made; the latest first.
    pub withdrawn: Vec<WithdrawnCopy>,
    /// Every copy of the organ was looked at for this. False: only the newest 5,000.
    pub complete: bool,
}

/// A copy that was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WithdrawnCopy {
    /// When.
    pub at: Timestamp,
    /// The day on which it was made.
    pub made: Date,
    /// Why, by its class.
    pub reason: &'static str,
}

impl Archive {
    /// What was done for an organ in the seven days that end with `now`. Blocks; the more copies the organ has,
    /// the longer.
    ///
    /// # Errors
    /// [`ArchiveError::Unavailable`], [`ArchiveError::NoArchive`]; [`ArchiveError::Corrupt`] when the events
    /// of a copy cannot be read.
    pub fn week(
        &self,
        organ: &Dir3,
        environment: Environment,
        now: Timestamp,
    ) -> Result<Week, ArchiveError> {
        let store = self.store()?;
        let place = (organ.clone(), environment);
        let last = date(now);
        let first = last.saturating_sub((DAYS - 1).days());
        let folders = store.folders(&layout::organ_list(organ, environment))?;
        let days = folders
            .iter()
            .filter_map(|folder| folder.filename()?.parse().ok());
        let mut days: Vec<Date> = days.filter(|day| *day <= last).collect();
        days.sort_unstable();
        let mut of_week = Vec::new();
        let mut looked_at: Vec<(CodeIndex, Date)> = Vec::new();
        let mut complete = true;
        for day in days.into_iter().rev() {
            if day < first && looked_at.len() >= MOST {
                complete = false;
                break;
            }
            let made = made_on(store, &place, day)?;
            looked_at.extend(made.iter().map(|index| (*index, day)));
            if day >= first {
                of_week.extend(made);
            }
        }
        if looked_at.len() > MOST {
            complete = false;
            looked_at.truncate(MOST);
        }
        let copies = of_week.len();
        let sample = sample(store, of_week, SAMPLE, None)?;
        let used_by = by_frequency(shares(&sample, copies));
        let mut withdrawn = Vec::new();
        parallel::each(
            looked_at,
            |(index, made), findings| {
                for event in read_events(store, index)? {
                    if let EventKind::Withdrawn(withdrawal) = &event.kind
                        && (first..=last).contains(&date(event.at))
                    {
                        findings.tell(WithdrawnCopy {
                            at: event.at,
                            made,
                            reason: withdrawal.reason.word(),
                        });
                    }
                }
                Ok(())
            },
            |step| match step {
                Step::Found(found) => withdrawn.push(found),
                Step::Done => {}
            },
        )?;
        withdrawn.sort();
        withdrawn.reverse();
        Ok(Week {
            first,
            last,
            copies: copies as u64,
            used_by,
            withdrawn,
            complete,
        })
    }
}
