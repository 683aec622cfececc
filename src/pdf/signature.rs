//! The stages around a signature: written with a hole, digested, filled.

use std::ops::Range;

use bytes::Bytes;
use sha2::{Digest, Sha256, Sha384};

use super::serialize::hexadecimal;
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
#[derive(Debug)]
pub struct PreparedRevision {
    pub(super) source: Bytes,
    pub(super) tail: Vec<u8>,
    pub(super) byte_range: ByteRange,
    pub(super) overridden: Vec<u32>,
}

impl PreparedRevision {
    /// SHA-256 over both parts of the byte range. `source_state` has hashed exactly the source.
    pub fn digest(&self, source_state: &Sha256) -> Sha256Digest {
        let (before, after) = signed_parts(&self.source, &self.tail, self.byte_range);
        let mut state = source_state.clone();
        state.update(before);
        state.update(after);
        Sha256Digest::of_state(&state)
    }

    /// SHA-384 over both parts of the byte range, for seals on P-384. The source is hashed once more.
    pub fn digest_sha384(&self) -> [u8; 48] {
        let (before, after) = signed_parts(&self.source, &self.tail, self.byte_range);
        Sha384::new()
            .chain_update(&self.source)
            .chain_update(before)
            .chain_update(after)
            .finalize()
            .into()
    }

    /// The byte range.
    pub fn byte_range(&self) -> ByteRange {
        self.byte_range
    }

    /// Numbers of the source's objects that the update overrides, ascending.
    pub fn overridden(&self) -> &[u32] {
        &self.overridden
    }

    /// Length of the copy in bytes, which the signature does not change.
    #[expect(clippy::len_without_is_empty, reason = "a revision is never empty")]
    pub fn len(&self) -> u64 {
        self.byte_range.end
    }

    /// Puts the signature (DER of a CMS `ContentInfo`) into its hole.
    ///
    /// # Errors
    /// [`PdfError::SignatureTooLong`].
    pub fn embed(mut self, der: &[u8]) -> Result<SealedPdf, PdfError> {
        let hole = hole_in_tail(&self.source, self.byte_range);
        fill_hole(&mut self.tail, hole, der)?;
        Ok(SealedPdf {
            source: self.source,
            tail: Bytes::from(self.tail),
            byte_range: self.byte_range,
        })
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

impl SealedPdf {
    /// Length of the copy in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a sealed copy is never empty")]
    pub fn len(&self) -> u64 {
        self.source.len() as u64 + self.tail.len() as u64
    }

    /// SHA-256 over the whole copy. `source_state` has hashed exactly the source.
    pub fn digest(&self, source_state: &Sha256) -> Sha256Digest {
        Sha256Digest::of_state(&source_state.clone().chain_update(&self.tail))
    }

    /// The copy in order, to be sent or stored without joining it.
    pub fn parts(&self) -> [Bytes; 2] {
        [self.source.clone(), self.tail.clone()]
    }
}

/// Writes `der` into a hole of `tail`, whose extent includes its two angle brackets.
///
/// # Errors
/// [`PdfError::SignatureTooLong`].
pub(super) fn fill_hole(tail: &mut [u8], hole: Range<usize>, der: &[u8]) -> Result<(), PdfError> {
    let digits = tail
        .get_mut(hole.start.saturating_add(1)..hole.end.saturating_sub(1))
        .unwrap_or_default();
    if der.len() > digits.len() / 2 {
        return Err(PdfError::SignatureTooLong {
            needed: der.len(),
            reserved: digits.len() / 2,
        });
    }
    for (pair, byte) in digits.chunks_exact_mut(2).zip(der) {
        pair.copy_from_slice(&hexadecimal(*byte));
    }
    Ok(())
}

/// Where the hole stands in the tail, brackets included.
fn hole_in_tail(source: &Bytes, byte_range: ByteRange) -> Range<usize> {
    let in_tail = |offset: u64| (offset as usize).saturating_sub(source.len());
    in_tail(byte_range.hole_start)..in_tail(byte_range.hole_end)
}

/// The parts of the tail before and after the hole.
fn signed_parts<'a>(source: &Bytes, tail: &'a [u8], byte_range: ByteRange) -> (&'a [u8], &'a [u8]) {
    let hole = hole_in_tail(source, byte_range);
    (
        tail.get(..hole.start).unwrap_or_default(),
        tail.get(hole.end..).unwrap_or_default(),
    )
}
