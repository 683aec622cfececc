//! The self-check: what the sealer asks of every copy before it is stored or sent.
//!
//! It reads the copy's own bytes, not what the sealer remembers of them. Only the hash of the source is
//! taken over, because the source was hashed byte by byte while it arrived.

use sha2::{Digest, Sha256};

use super::ranges;
use crate::cades::CmsEvidence;
use crate::model::Sha256Digest;
use crate::pdf::SealedPdf;
use crate::pdf::byte_range::signatures_behind;

/// Checks a sealed copy and returns the SHA-256 of the whole. `source_hash` has seen exactly the
/// source; `leaf` is the DER of the certificate that was to seal.
///
/// # Errors
/// The rule that the copy breaks.
pub fn check(
    sealed: &SealedPdf,
    source_hash: &Sha256,
    leaf: &[u8],
) -> Result<Sha256Digest, &'static str> {
    let base = sealed.source.len() as u64;
    let tail = &sealed.tail;
    let mut found = signatures_behind(base, tail).into_iter();
    let (Some(Ok(signature)), None) = (found.next(), found.next()) else {
        return Err("B1: the appended revision holds other than one well-formed signature");
    };
    let range = signature.byte_range;
    if range != sealed.byte_range || range.end != base + tail.len() as u64 {
        return Err("B6: the byte range does not reach the end of the file");
    }
    let within = |offset: u64| {
        offset
            .checked_sub(base)
            .and_then(|offset| usize::try_from(offset).ok())
            .ok_or("B2: the byte range does not cover the source")
    };
    let (before, after) = (within(range.hole_start)?, within(range.hole_end)?);
    let (Some(first), Some(hole), Some(second)) = (
        tail.get(..before),
        tail.get(before..after),
        tail.get(after..),
    ) else {
        return Err("B2: the byte range leaves the file");
    };
    let contents = ranges::decode_hole(hole).ok_or("B3: the hole is not one hexadecimal string")?;
    let cms = CmsEvidence::collect(&contents).map_err(|_| "C1: the signature cannot be read")?;

    let mut through_hole = source_hash.clone();
    through_hole.update(first);
    let mut signed = through_hole.clone();
    signed.update(second);
    let mut whole = through_hole;
    whole.update(hole);
    whole.update(second);

    let digest = if cms.digest_algorithm == ranges::SHA_256 {
        Some(signed.finalize().to_vec())
    } else {
        ranges::digest(&cms.digest_algorithm, &[&sealed.source, first, second])
    };
    let rules = [
        (cms.signers == 1, "C5: not exactly one signer"),
        (cms.detached, "C3: the content is not detached"),
        (cms.is_der, "C1: not DER throughout"),
        (cms.padding_is_zero, "C15: the padding is not zero"),
        (cms.content_type_is_data, "C7: content-type is not id-data"),
        (
            !cms.signing_time,
            "EN 319 142-1, 6.3: a signing-time attribute",
        ),
        (
            digest.is_some() && cms.message_digest.as_deref() == digest.as_deref(),
            "C7: message-digest is not the digest of the document",
        ),
        (
            cms.signing_certificate_matches == Some(true),
            "C8: signing-certificate-v2 names another certificate",
        ),
        (
            cms.signer_certificate.as_deref() == Some(leaf),
            "K1: sealed with another certificate",
        ),
        (
            cms.signature_verifies,
            "C13: the signature value does not verify",
        ),
    ];
    match rules.into_iter().find(|(held, _)| !held) {
        Some((_, rule)) => Err(rule),
        None => Ok(Sha256Digest::of_state(&whole)),
    }
}
