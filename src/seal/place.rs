//! Where in the archive a request's copy is or will be.

use jiff::Timestamp;

use super::SealError;
use super::issue::Draft;
use super::naming::{self, RequestName};
use crate::archive::{CodeIndex, CopyRecord, CopyStatus, Intent, LookUp};
use crate::model::{Code, Sha256Digest};

/// Highest generation looked at: a request whose copies were withdrawn this many times is not served
/// by counting any further.
const MAX_GENERATION: u32 = 1_000;

/// The place in the archive at which a request's copy is or will be.
pub(super) enum Place {
    /// There, and answered for.
    Made(Code, Box<CopyRecord>),
    /// Begun and not finished, by a request like this one.
    Begun(Code, Box<Intent>),
    /// Nothing there yet.
    Free(Code, u32),
}

impl Draft {
    /// Finds the copy that the request names, under every code key, from a generation on.
    pub(super) fn place(&self, from_generation: u32, now: Timestamp) -> Result<Place, SealError> {
        let (request, seat, request_digest) = (&self.request, &self.seat, self.request_digest);
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
                    LookUp::Committed {
                        record,
                        status,
                        extensions,
                    } => match status {
                        CopyStatus::InForce
                            if request.idempotency_key.is_none()
                                && self.is_discredited(&record, &extensions) =>
                        {
                            taken = true;
                        }
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

    /// A code that nothing names.
    pub(super) fn random_code(&self) -> Code {
        let environment = self.seat.organ.environment;
        loop {
            if let Some(code) = naming::from_bits(&(self.parts.random)(), environment) {
                return code;
            }
        }
    }
}
