//! The use case: turn a document into a sealed authentic copy.
//!
//! [`Sealer::begin`] reads top to bottom: whose seal, which copy does this request name ([`naming`]), is it
//! there already ([`place`]), and if not, make it: write it ([`issue`]), seal and commit it ([`stages`]), raise
//! it to its level in between ([`raise`]). A stage that wants a timestamp ends in [`Step::Wanted`], and whoever
//! runs it asks the authority and goes on: sealing itself never waits.

pub mod error;
#[cfg(test)]
mod example_seat;
mod exchange;
pub mod inspection;
mod issue;
pub mod legend;
pub mod levels;
pub mod naming;
mod next_seal;
pub mod organs;
mod place;
pub mod policy;
pub mod preserve;
mod raise;
pub mod request;
mod revocation;
mod seal_use;
pub mod specimen;
pub mod stages;
mod succession;
pub mod warnings;

use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use jiff::Timestamp;

use crate::archive::{Access, Archive, Content, CopyRecord, Extension, Finding};
use crate::cades::{Imprint, TimestampToken};
use crate::model::{Code, Deadline, Dir3, Octets, SignatureLevel, SourceSignature};
use crate::pdf::band::BandReport;
use crate::pdf::{Limits, PdfError, SourceFacts};
use crate::validate::Trust;
pub use error::SealError;
pub use exchange::SealChange;
use issue::Draft;
pub use levels::{LevelDemand, LevelMeans, NoTimestamp};
use naming::CodeKey;
pub use next_seal::{NextSeal, NextSealDefect, relieves};
pub use organs::{Found, Health, LoadedSeal, Organs, Seat, SeatKey, Trial};
pub use request::{Application, Fields, RECEIPTS_ID, SealRequest, Upload};
pub use seal_use::SealUse;
pub use stages::{Pending, Step};

/// What a sealer works with; put together at start-up.
pub struct SealerParts {
    /// Organs and their seals, to begin with.
    pub organs: Organs,
    /// Where copies are kept.
    pub archive: Arc<Archive>,
    /// Whom to trust for the signatures of sources.
    pub trust: Trust,
    /// Keys from which codes are derived, newest first; at least one.
    pub code_keys: Vec<CodeKey>,
    /// Random bits, for copies that no request names (`force_new`, no archive).
    pub random: fn() -> [u8; 32],
    /// Limits on sources.
    pub limits: Limits,
    /// Who helps to levels above B-B.
    pub levels: LevelMeans,
    /// Days for which a PRE copy can be checked.
    pub pre_days: u32,
    /// Days for which a PRO copy can be checked.
    pub pro_days: u32,
}

/// Makes copies.
pub struct Sealer {
    parts: Arc<SealerParts>,
    /// Those in use: a request keeps those with which it began.
    organs: ArcSwap<Organs>,
    /// Whom to trust from now on, for the signatures of sources.
    trust: ArcSwap<Trust>,
}

/// A copy that was made, now or before.
pub struct Issued {
    /// Its code.
    pub code: Code,
    /// What was stored about it.
    pub record: CopyRecord,
    /// Who may see it today.
    pub access: Access,
    /// The sealed bytes as they were issued, in parts that follow each other.
    pub document: Vec<Bytes>,
    /// What was appended to them since.
    pub extensions: Vec<Extension>,
    /// The copy was there already: this is the answer to the same request.
    pub replayed: bool,
}

/// What making a copy would do, without making it.
#[derive(Debug)]
pub struct Preflight {
    /// The copy would be made.
    pub sealable: bool,
    /// Everything found, refusals first.
    pub findings: Vec<Finding>,
    /// Facts of the source; absent when it cannot be read.
    pub facts: Option<SourceFacts>,
    /// The source's signatures, judged; empty when its organ refuses them unseen.
    pub source_signatures: Vec<SourceSignature>,
    /// What drawing the band would do; absent when it cannot be drawn.
    pub band: Option<BandReport>,
    /// Why the source cannot be read or extended, when it is not a matter of policy.
    pub obstacle: Option<PdfError>,
}

impl Sealer {
    /// From its parts.
    pub fn new(mut parts: SealerParts) -> Self {
        let organs = std::mem::take(&mut parts.organs);
        let trust = std::mem::take(&mut parts.trust);
        Self {
            parts: Arc::new(parts),
            organs: ArcSwap::from_pointee(organs),
            trust: ArcSwap::from_pointee(trust),
        }
    }

    /// Organs and their seals, as they are now.
    pub fn organs(&self) -> Arc<Organs> {
        self.organs.load_full()
    }

    /// Seals with these from the next request on. Requests under way end with those they began with.
    pub fn replace_organs(&self, organs: Organs) {
        self.organs.store(Arc::new(organs));
    }

    /// Trusts these from the next request on.
    pub fn replace_trust(&self, trust: Trust) {
        self.trust.store(Arc::new(trust));
    }

    /// The highest level that a copy of this seal reaches now, as long as the time-stamp authorities answer.
    pub fn level_within_reach(&self, seal: &LoadedSeal, now: Timestamp) -> SignatureLevel {
        let levels = &self.parts.levels;
        let Some(keeper) = &levels.revocation else {
            return levels.highest();
        };
        let chain = seal.key.chain().iter().cloned().map(Octets);
        match keeper.current(&chain.collect::<Vec<_>>(), now) {
            Ok(_) => levels.highest(),
            Err(_) => levels.highest().min(SignatureLevel::BT),
        }
    }

    /// Begins a copy, or finds the one that the same request made before. At level B-B this is all.
    ///
    /// # Errors
    /// Every refusal of [`SealError`]; after one, nothing answers to any code.
    pub fn begin(
        &self,
        request: SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Step, SealError> {
        let now = whole_second(now);
        let draft = self.draft(request, now, deadline)?;
        if !self.parts.archive.keeps_copies() && draft.request.idempotency_key.is_some() {
            return Err(SealError::IdempotencyUnavailable);
        }
        draft.begin(0, now)
    }

    /// The copy that the same request made before. Nothing is made.
    ///
    /// # Errors
    /// As [`Self::begin`], for what concerns the request and the archive.
    pub fn made_before(
        &self,
        request: SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Option<Issued>, SealError> {
        let now = whole_second(now);
        self.draft(request, now, deadline)?.find(now)
    }

    /// Makes a copy from its first stage to its last, asking `authority` for every timestamp on the way.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn seal_with(
        &self,
        request: SealRequest,
        clock: impl Fn() -> Timestamp,
        deadline: &Deadline,
        mut authority: impl FnMut(&Imprint) -> Result<TimestampToken, NoTimestamp>,
    ) -> Result<Issued, SealError> {
        let mut step = self.begin(request, clock(), deadline)?;
        loop {
            match step {
                Step::Done(issued) => return Ok(*issued),
                Step::Wanted(imprint, pending) => {
                    step = pending.go_on(authority(&imprint), clock(), deadline)?;
                }
            }
        }
    }

    /// Makes a copy, or finds the one that the same request made before, without anybody to ask for a
    /// timestamp.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn seal(
        &self,
        request: &SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Issued, SealError> {
        let nobody = |_: &Imprint| Err(NoTimestamp::NotConfigured);
        self.seal_with(request.clone(), || now, deadline, nobody)
    }

    /// Says what [`Self::seal`] would do. What the source's properties cause are findings, not errors.
    ///
    /// # Errors
    /// Those that are about the request or the organ and not about the source.
    pub fn preflight(
        &self,
        request: &SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Preflight, SealError> {
        let draft = self.draft(request.clone(), now, deadline)?;
        draft.check_seal(now)?;
        let code = draft.random_code();
        Ok(draft.preflight(draft.seal()?, &code, now))
    }

    /// What the request, its organ and the organ's seal make together.
    fn draft(
        &self,
        request: SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Draft, SealError> {
        let seat = self.seat(&request)?;
        let description = request.describe(&seat.organ, now)?;
        let factor = request.fields.access_factor.as_ref();
        let factor_keys = self.parts.archive.factor_keys();
        let factor = match factor.map(|factor| factor_keys.name(factor.value())) {
            Some(None) => return Err(SealError::NoFactorKey),
            Some(name) => name,
            None => None,
        };
        let policy = &seat.organ.policy;
        let demand = LevelDemand::of(policy, &request.fields);
        demand.aim(&self.parts.levels, policy)?;
        let draft = Draft {
            parts: Arc::clone(&self.parts),
            trust: self.trust.load_full(),
            description,
            request_digest: naming::request_digest(&request, factor),
            demand,
            deadline: deadline.clone(),
            request,
            seat,
        };
        // A copy whose seal is not loaded is not looked for.
        draft.seal()?;
        Ok(draft)
    }

    fn seat(&self, request: &SealRequest) -> Result<Arc<Seat>, SealError> {
        let organ: Dir3 = request.organ()?;
        let application = &request.application;
        let allowed = application.organs.contains(&organ);
        let organs = self.organs.load();
        let seat = match organs.find(&organ, application.environment) {
            Found::Nowhere => return Err(SealError::OrganUnknown(organ)),
            _ if !allowed => return Err(SealError::OrganNotAllowed(organ)),
            Found::Elsewhere(environment) => {
                return Err(SealError::OtherEnvironment { organ, environment });
            }
            Found::Both => return Err(SealError::EnvironmentOpen(organ)),
            Found::Seat(seat) => seat,
        };
        if seat.seal_use.permits(&application.id) {
            Ok(Arc::clone(seat))
        } else {
            Err(SealError::SealNotForApplication(organ))
        }
    }
}

/// A copy's times are told to the second, as its signature dictionary can tell them.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

impl Issued {
    /// A copy that is in the archive, with its bytes.
    fn stored(
        archive: &Archive,
        code: Code,
        record: CopyRecord,
        now: Timestamp,
    ) -> Result<Self, SealError> {
        let index = record.intent.index;
        let standing = archive.stand(index, now)?.ok_or(SealError::Contended)?;
        let disclosure = standing
            .for_the_organ()
            .map_err(SealError::CopyNotInForce)?;
        // The answer to a request is what it was the first time, whatever was appended since.
        let document = archive.read(disclosure, Content::Version(1))?;
        Ok(Self {
            code,
            record,
            access: standing.access,
            document: document.unwrap_or_default(),
            extensions: standing.extensions,
            replayed: true,
        })
    }
}

impl Preflight {
    /// The outcome for a source that cannot be read.
    fn unreadable(obstacle: PdfError) -> Self {
        Self {
            sealable: false,
            findings: Vec::new(),
            facts: None,
            source_signatures: Vec::new(),
            band: None,
            obstacle: Some(obstacle),
        }
    }
}
