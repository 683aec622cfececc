//! The use case: turn a document into a sealed authentic copy.

pub mod error;
pub mod organs;
pub mod request;

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;

use crate::archive::{CopyRecord, CopyStatus, Finding};
use crate::model::{Code, Deadline};
use crate::pdf::band::BandReport;
use crate::pdf::{Limits, SourceFacts};
pub use error::SealError;
pub use organs::{LoadedSeal, Organs, Seat};
pub use request::{Application, Fields, SealRequest, Upload};

/// What a sealer works with; put together at start-up.
pub struct SealerParts {
    /// Organs and their seals.
    pub organs: Organs,
    /// Keys from which codes are derived, newest first, 32 bytes or more each.
    pub code_keys: Vec<zeroize::Zeroizing<Vec<u8>>>,
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
    /// Everything found, refusals included.
    pub findings: Vec<Finding>,
    /// Facts of the source; absent when it cannot be read.
    pub facts: Option<SourceFacts>,
    /// What drawing the band would do; absent when it cannot be drawn.
    pub band: Option<BandReport>,
}

/// A copy found by its code.
pub struct Found {
    /// What was stored.
    pub record: CopyRecord,
    /// Whether it is answered for today.
    pub status: CopyStatus,
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

    /// Makes a copy, or finds the one the same request made before.
    pub fn seal(
        &self,
        request: &SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Issued, SealError> {
        let _ = (request, now, deadline);
        todo!()
    }

    /// Says what [`Self::seal`] would do. Refusals that a source's properties cause are findings, not errors.
    pub fn preflight(
        &self,
        request: &SealRequest,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Preflight, SealError> {
        let _ = (request, now, deadline);
        todo!()
    }
}

/// Shared by every thread that makes copies.
pub type SharedSealer = Arc<Sealer>;
