//! The signature dictionary, its hole, and the stages around it.

use bytes::Bytes;
use sha2::Sha256;

use super::{ByteRange, PdfError};
use crate::model::Sha256Digest;

/// What the signature dictionary says to people (ISO 32000-2, table 255). Text, not PDF strings.
#[derive(Clone, Debug)]
pub struct SignatureFields {
    /// `/Name`: the organ.
    pub name: String,
    /// `/Reason`: the kind of copy.
    pub reason: String,
    /// `/Location`: the municipality.
    pub location: String,
    /// `/ContactInfo`: the verification address.
    pub contact: String,
    /// `/M`: the time claimed, UTC seconds since 1970.
    pub time: jiff::Timestamp,
}

/// A source with its update written, waiting for the signature.
pub struct PreparedRevision {
    pub(super) source: Bytes,
    pub(super) tail: Vec<u8>,
    pub(super) byte_range: ByteRange,
    pub(super) overridden: Vec<u32>,
}

impl PreparedRevision {
    /// SHA-256 over both parts of the byte range. `source_state` has hashed exactly the source.
    pub fn digest(&self, source_state: &Sha256) -> Sha256Digest {
        let _ = source_state;
        todo!()
    }

    /// The byte range.
    pub fn byte_range(&self) -> ByteRange {
        self.byte_range
    }

    /// Numbers of the source's objects that the update overrides, ascending.
    pub fn overridden(&self) -> &[u32] {
        &self.overridden
    }

    /// Length of the copy, which the signature does not change.
    pub fn len(&self) -> u64 {
        (self.source.len() + self.tail.len()) as u64
    }

    /// Puts the signature (DER of a CMS `ContentInfo`) into its hole.
    ///
    /// # Errors
    /// [`PdfError::SignatureTooLong`].
    pub fn embed(self, der: &[u8]) -> Result<SealedPdf, PdfError> {
        let _ = der;
        todo!()
    }
}

/// A sealed copy: the source, untouched, and what was appended to it.
#[derive(Clone, Debug)]
pub struct SealedPdf {
    /// The bytes received.
    pub source: Bytes,
    /// The bytes appended.
    pub tail: Bytes,
    /// The byte range of the seal.
    pub byte_range: ByteRange,
}
