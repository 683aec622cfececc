//! The use case: keep a copy provable for decades. It is raised to level B-LT or B-LTA, and its archive
//! timestamp is renewed before it loses its force (EN 319 142-1, 6; EN 319 102-1, 5.6).
//!
//! Staged and synchronous like sealing: what a time-stamp authority has to say is waited for *between* two
//! stages, by whoever runs them. Nothing is stored before the last one; then the tail becomes the next
//! version of the copy, under the same code. Whoever loses the race for that version throws the tail away
//! and answers with the winner's.

mod plan;
mod stages;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{LevelMeans, NoTimestamp};
use crate::archive::{Archive, ArchiveError, CodeIndex, CopyStatus, Standing};
use crate::cades::{Imprint, TimestampToken};
use crate::model::{Deadline, Octets, SignatureLevel};
use crate::pdf::{Limits, PdfError};
use crate::pki::revocation::NotCurrent;
use crate::validate::Validator;
pub use plan::Need;
pub use stages::Raising;

/// Version of the software, for the records of extensions.
const SOFTWARE: &str = concat!("segell ", env!("CARGO_PKG_VERSION"));

/// What a preserver works with; put together at start-up.
pub struct PreserverParts {
    /// Where copies are kept.
    pub archive: Arc<Archive>,
    /// Judges them.
    pub validator: Arc<Validator>,
    /// Who helps to levels above B-B.
    pub levels: LevelMeans,
    /// Limits under which copies are read.
    pub limits: Limits,
    /// How long before the end of an archive timestamp it is renewed.
    pub lead: SignedDuration,
}

/// Keeps copies provable. Cheap to clone.
#[derive(Clone)]
pub struct Preserver(Arc<PreserverParts>);

/// What is asked for one copy.
#[derive(Clone, Debug)]
pub struct PreserveRequest {
    /// The copy.
    pub index: CodeIndex,
    /// The level that it should have at least.
    pub level: SignatureLevel,
    /// Stable id of the application that asks.
    pub application: Option<String>,
}

/// What a stage ends in.
pub enum PreserveStep {
    /// The copy is at its level, and no archive timestamp has to be renewed.
    Done(Box<Preserved>),
    /// A timestamp over this, to go on with.
    Timestamp(Imprint, Box<Raising>),
    /// That the keeper of revocation data learns of these chains (leaf first), which nobody seals with any
    /// more.
    Revocation(Vec<Vec<Octets>>, Box<Raising>),
}

/// A copy that is at its level.
#[derive(Clone, Debug)]
pub struct Preserved {
    /// How it stands now.
    pub standing: Standing,
    /// A version was added to it by this call.
    pub extended: bool,
    /// The level that it has.
    pub level: SignatureLevel,
    /// From when on its archive timestamp is renewed; `None` when it has none.
    pub renewed_from: Option<Timestamp>,
}

/// Why a copy cannot be kept provable, now or for good. Nothing was stored.
#[derive(Debug, thiserror::Error)]
pub enum PreserveError {
    /// There is no such copy.
    #[error("no such copy")]
    NotThere,
    /// It is withdrawn, past its availability or erased.
    #[error("copy no longer in force")]
    NotInForce(CopyStatus),
    /// Its seal does not hold: data that keep it provable would keep nothing.
    #[error("the seal of the copy does not hold")]
    Unsound,
    /// Its seal's certificate ended, and no timestamp proves that the copy is older.
    #[error("the seal's certificate ended on {0} and no timestamp proves that the copy is older")]
    TooLate(Timestamp),
    /// The level is one that this service never reaches.
    #[error("level {asked} asked, {highest} is the highest here")]
    LevelUnavailable {
        /// The level asked.
        asked: SignatureLevel,
        /// The highest that this service can reach.
        highest: SignatureLevel,
    },
    /// No timestamp was to be had.
    #[error("no timestamp: {0}")]
    NoTimestamp(NoTimestamp),
    /// A certificate cannot be shown to be good now, or is not.
    #[error("no revocation data: {0}")]
    NotCurrent(NotCurrent),
    /// Its end cannot be continued.
    #[error("the copy cannot be extended: {0}")]
    Extension(#[from] PdfError),
    /// The archive did not answer, or what it holds is damaged.
    #[error("archive: {0}")]
    Archive(#[from] ArchiveError),
    /// The new version did not pass its own validation and was thrown away; the rule it broke.
    #[error("self-check failed: {0}")]
    SelfCheck(&'static str),
}

impl Preserver {
    /// From its parts.
    pub fn new(parts: PreserverParts) -> Self {
        Self(Arc::new(parts))
    }

    /// What a copy needs to have this level and to keep it, without doing anything.
    ///
    /// # Errors
    /// [`PreserveError`].
    pub fn need(
        &self,
        request: &PreserveRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Need, PreserveError> {
        let standing = self.stand(request, now)?;
        if plan::is_kept(&standing, request.level, self.0.lead, now) {
            return Ok(Need::Nothing);
        }
        let raising = Raising::begin(self, request, standing, now, deadline)?;
        Ok(raising.need())
    }

    /// Begins to give a copy its level. A copy that has it, and whose archive timestamp keeps its force for
    /// long enough, is done.
    ///
    /// # Errors
    /// [`PreserveError`].
    pub fn begin(
        &self,
        request: &PreserveRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<PreserveStep, PreserveError> {
        let standing = self.stand(request, now)?;
        if plan::is_kept(&standing, request.level, self.0.lead, now) {
            let level = plan::level_on_record(&standing);
            let renewed_from = plan::renewed_from(&standing, self.0.lead);
            return Ok(PreserveStep::Done(Box::new(Preserved {
                standing,
                extended: false,
                level,
                renewed_from,
            })));
        }
        Raising::begin(self, request, standing, now, deadline)?.proceed(now, deadline)
    }

    /// Gives a copy its level from the first stage to the last, asking `authority` for every timestamp and
    /// telling `keeper` of every chain.
    ///
    /// # Errors
    /// [`PreserveError`].
    pub fn preserve_with(
        &self,
        request: &PreserveRequest,
        clock: impl Fn() -> Timestamp,
        deadline: &Deadline,
        mut authority: impl FnMut(&Imprint) -> Result<TimestampToken, NoTimestamp>,
        mut keeper: impl FnMut(&[Vec<Octets>]),
    ) -> Result<Preserved, PreserveError> {
        let mut step = self.begin(request, clock(), deadline)?;
        loop {
            match step {
                PreserveStep::Done(preserved) => return Ok(*preserved),
                PreserveStep::Timestamp(imprint, raising) => {
                    let token = authority(&imprint);
                    step = raising.stamped(token, clock(), deadline)?;
                }
                PreserveStep::Revocation(chains, raising) => {
                    keeper(&chains);
                    step = raising.informed(clock(), deadline)?;
                }
            }
        }
    }

    fn stand(&self, request: &PreserveRequest, now: Timestamp) -> Result<Standing, PreserveError> {
        let standing = self.0.archive.stand(request.index, now)?;
        let standing = standing.ok_or(PreserveError::NotThere)?;
        match standing.status {
            CopyStatus::InForce => Ok(standing),
            status => Err(PreserveError::NotInForce(status)),
        }
    }
}
