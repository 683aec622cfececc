//! The use case: turn a document into a sealed authentic copy.
//!
//! [`Sealer::seal`] reads top to bottom: whose seal, which copy does this request name, is it there
//! already, and if not, issue it. Issuing is in [`issue`]; how a request names its copy in [`naming`].

pub mod error;
mod issue;
pub mod legend;
pub mod naming;
pub mod organs;
pub mod policy;
pub mod request;

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use crate::archive::{
    Access, Archive, CodeIndex, Content, CopyRecord, CopyStatus, Finding, Intent, LookUp,
};
use crate::model::{Code, Deadline, Dir3, Sha256Digest, SourceSignature};
use crate::pdf::band::BandReport;
use crate::pdf::{Limits, PdfError, SourceFacts};
use crate::validate::Trust;
pub use error::SealError;
use issue::Draft;
use naming::{CodeKey, RequestName};
pub use organs::{Found, LoadedSeal, Organs, SealUse, Seat};
pub use request::{Application, Fields, SealRequest, Upload};

/// Highest generation looked at: a request whose copies were withdrawn this many times is not served
/// by counting any further.
const MAX_GENERATION: u32 = 1_000;

/// What a sealer works with; put together at start-up.
pub struct SealerParts {
    /// Organs and their seals.
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
    /// Days for which a PRE copy can be checked.
    pub pre_days: u32,
    /// Days for which a PRO copy can be checked.
    pub pro_days: u32,
}

/// Makes copies.
pub struct Sealer {
    parts: SealerParts,
}

/// A copy that was made, now or before.
pub struct Issued {
    /// Its code.
    pub code: Code,
    /// What was stored about it.
    pub record: CopyRecord,
    /// Who may see it today.
    pub access: Access,
    /// The sealed bytes, in parts that follow each other.
    pub document: Vec<Bytes>,
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

/// The place in the archive at which a request's copy is or will be.
enum Place {
    /// There, and answered for.
    Made(Code, Box<CopyRecord>),
    /// Begun and not finished, by a request like this one.
    Begun(Code, Box<Intent>),
    /// Nothing there yet.
    Free(Code, u32),
}

impl Sealer {
    /// From its parts.
    pub fn new(parts: SealerParts) -> Self {
        Self { parts }
    }

    /// Organs and their seals.
    pub fn organs(&self) -> &Organs {
        &self.parts.organs
    }

    /// Makes a copy, or finds the one that the same request made before.
    ///
    /// # Errors
    /// Every refusal of [`SealError`]; after one, nothing answers to any code.
    pub fn seal(
        &self,
        request: &SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Issued, SealError> {
        let now = whole_second(now);
        let draft = self.draft(request, now, deadline)?;
        let (seat, request_digest) = (draft.seat, draft.request_digest);
        if !self.parts.archive.keeps_copies() {
            if request.idempotency_key.is_some() {
                return Err(SealError::IdempotencyUnavailable);
            }
            return draft.issue(self.random_code(seat), 0, now);
        }
        let mut from_generation = 0;
        loop {
            match self.place(request, seat, request_digest, from_generation, now)? {
                Place::Made(code, record) => return self.replay(code, *record, now),
                Place::Free(code, generation) => return draft.issue(code, generation, now),
                Place::Begun(code, intent) => {
                    let generation = intent.generation;
                    match draft.resume(code, *intent, now)? {
                        Some(issued) => return Ok(issued),
                        None => from_generation = generation + 1,
                    }
                }
            }
        }
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
        let draft = self.draft(request, now, deadline)?;
        let code = self.random_code(draft.seat);
        Ok(draft.preflight(&code, now))
    }

    /// What the request, its organ and the organ's seal make together.
    fn draft<'a>(
        &'a self,
        request: &'a SealRequest,
        now: Timestamp,
        deadline: &'a Deadline,
    ) -> Result<Draft<'a>, SealError> {
        let seat = self.seat(request)?;
        let description = request.describe(&seat.organ, now)?;
        let factor = request.fields.access_factor.as_ref();
        let factor_keys = self.parts.archive.factor_keys();
        let factor = match factor.map(|factor| factor_keys.name(factor.value())) {
            Some(None) => return Err(SealError::NoFactorKey),
            Some(name) => name,
            None => None,
        };
        let seal = seat
            .seal
            .as_ref()
            .map_err(|defect| SealError::SealUnavailable(defect.clone()))?;
        Ok(Draft {
            parts: &self.parts,
            request,
            seat,
            seal,
            description,
            request_digest: naming::request_digest(request, factor),
            deadline,
        })
    }

    fn seat(&self, request: &SealRequest) -> Result<&Seat, SealError> {
        let organ: Dir3 = request.organ()?;
        let application = &request.application;
        let allowed = application.organs.contains(&organ);
        let seat = match self.parts.organs.find(&organ, application.environment) {
            Found::Nowhere => return Err(SealError::OrganUnknown(organ)),
            _ if !allowed => return Err(SealError::OrganNotAllowed(organ)),
            Found::Elsewhere(environment) => {
                return Err(SealError::OtherEnvironment { organ, environment });
            }
            Found::Both => return Err(SealError::EnvironmentOpen(organ)),
            Found::Seat(seat) => seat,
        };
        if seat.seal_use.permits(&application.id) {
            Ok(seat)
        } else {
            Err(SealError::SealNotForApplication(organ))
        }
    }

    /// Finds the copy that `request` names, under every code key, from a generation on.
    fn place(
        &self,
        request: &SealRequest,
        seat: &Seat,
        request_digest: Sha256Digest,
        from_generation: u32,
        now: Timestamp,
    ) -> Result<Place, SealError> {
        let digest = if request.fields.force_new == Some(true) {
            Sha256Digest::new((self.parts.random)())
        } else {
            request_digest
        };
        let name = match &request.idempotency_key {
            Some(key) => RequestName::Key(key),
            None => RequestName::Digest(digest),
        };
        for generation in from_generation..MAX_GENERATION {
            let mut free = None;
            let mut taken = false;
            for key in &self.parts.code_keys {
                let code = naming::derive(
                    key,
                    &seat.organ.dir3,
                    seat.organ.environment,
                    &request.application.id,
                    &name,
                    generation,
                );
                let looked_up = self.parts.archive.look_up(CodeIndex::of(&code), now)?;
                let found = match &looked_up {
                    LookUp::Absent => {
                        free.get_or_insert(code);
                        continue;
                    }
                    LookUp::Begun(intent) => intent,
                    LookUp::Committed { record, .. } => &record.intent,
                };
                if found.request_digest != request_digest {
                    return Err(SealError::IdempotencyMismatch);
                }
                match looked_up {
                    LookUp::Begun(intent) => return Ok(Place::Begun(code, Box::new(intent))),
                    LookUp::Committed { record, status } => match status {
                        CopyStatus::InForce => return Ok(Place::Made(code, Box::new(record))),
                        status if request.idempotency_key.is_some() => {
                            return Err(SealError::CopyNotInForce(status));
                        }
                        _ => taken = true,
                    },
                    LookUp::Absent => {}
                }
            }
            if let (Some(code), false) = (free, taken) {
                return Ok(Place::Free(code, generation));
            }
        }
        Err(SealError::TooManyGenerations)
    }

    fn replay(&self, code: Code, record: CopyRecord, now: Timestamp) -> Result<Issued, SealError> {
        Issued::stored(&self.parts.archive, code, record, now)
    }

    fn random_code(&self, seat: &Seat) -> Code {
        loop {
            if let Some(code) = naming::from_bits(&(self.parts.random)(), seat.organ.environment) {
                return code;
            }
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
        let document = archive.read(disclosure, Content::Document)?;
        Ok(Self {
            code,
            record,
            access: standing.access,
            document: document.into_iter().collect(),
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
