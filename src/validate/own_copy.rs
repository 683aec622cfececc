//! The self-check: what the sealer asks of every copy before it is stored or sent.
//!
//! It reads the copy's own bytes, not what the sealer remembers of them. Only the hash of the source is
//! taken over, because the source was hashed byte by byte while it arrived.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::appended::{AppendedRevision, BaseFacts, judge_behind};
use super::ranges;
use crate::cades::{CmsEvidence, TimestampEvidence, VerificationKey};
use crate::model::{Sha256Digest, SignatureLevel};
use crate::pdf::SealedPdf;
use crate::pdf::byte_range::signatures_behind;

/// A copy that passed.
#[derive(Clone)]
pub struct Checked {
    /// A hash that has seen the whole copy.
    pub hash: Sha256,
    /// The level that its bytes have reached.
    pub level: SignatureLevel,
}

impl Checked {
    /// SHA-256 of the whole copy.
    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of_state(&self.hash)
    }
}

/// Checks a sealed copy. `source_hash` has seen exactly the source; `leaf` is the DER of the certificate
/// that was to seal, and `key` its key.
///
/// # Errors
/// The rule that the copy breaks.
pub fn check(
    sealed: &SealedPdf,
    source_hash: &Sha256,
    leaf: &[u8],
    key: &VerificationKey,
) -> Result<Checked, &'static str> {
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
    let cms =
        CmsEvidence::collect_by(&contents, key).map_err(|_| "C1: the signature cannot be read")?;

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
        (
            cms.other_unsigned_attributes.is_empty(),
            "C14: an unsigned attribute that is no timestamp",
        ),
    ];
    if let Some((_, rule)) = rules.into_iter().find(|(held, _)| !held) {
        return Err(rule);
    }
    let level = match cms.signature_timestamps.as_slice() {
        [] => SignatureLevel::BB,
        [token] => {
            check_token(token, &cms.signature)?;
            SignatureLevel::BT
        }
        _ => return Err("C14: more than one timestamp"),
    };
    Ok(Checked { hash: whole, level })
}

/// Checks what was appended to a sealed copy to raise its level: a revision with validation data, and perhaps
/// one with a document timestamp. `copy` is the sealed document in parts cut between revisions, `checked`
/// what its own check gave.
///
/// # Errors
/// The rule that the copy breaks.
pub fn check_appended(
    copy: &[Bytes],
    checked: &Checked,
    appended: &[Bytes],
) -> Result<Checked, &'static str> {
    if checked.level != SignatureLevel::BT {
        return Err("EN 319 142-1, 6.3: validation data without a timestamp");
    }
    let parts: Vec<&[u8]> = copy.iter().map(Bytes::as_ref).collect();
    let facts =
        BaseFacts::read_parts(&parts).map_err(|_| "S16: nothing can be appended to the copy")?;
    let suffix = match appended {
        [only] => only.clone(),
        several => Bytes::from(several.concat()),
    };
    let mut hash = checked.hash.clone();
    let level = if facts.is_encrypted() {
        // What is encrypted cannot be seen here. It was written by the same hands as what can.
        match appended.len() {
            1 => SignatureLevel::BLt,
            _ => SignatureLevel::BLta,
        }
    } else {
        let judged = judge_behind(&suffix, &facts)
            .map_err(|_| "S1 to S16: what was appended may not follow a copy")?;
        match judged.revisions.as_slice() {
            [data] if adds_data(data) => SignatureLevel::BLt,
            [data, timestamp] if adds_data(data) => {
                check_document_timestamp(timestamp, &hash, facts.len(), &suffix)?;
                SignatureLevel::BLta
            }
            _ => return Err("EN 319 142-1, 6.3: no validation data where they should be"),
        }
    };
    hash.update(&suffix);
    Ok(Checked { hash, level })
}

fn adds_data(revision: &AppendedRevision) -> bool {
    let added = revision.dss.as_ref();
    added.is_some_and(|added| !added.certificates.is_empty()) && revision.timestamp.is_none()
}

/// Checks a document timestamp behind `base` bytes that `state` has hashed.
fn check_document_timestamp(
    revision: &AppendedRevision,
    state: &Sha256,
    base: u64,
    suffix: &[u8],
) -> Result<(), &'static str> {
    const NONE: &str = "EN 319 142-1, 6.3: no document timestamp where it should be";
    let timestamp = revision.timestamp.as_ref().ok_or(NONE)?;
    let range = timestamp.byte_range;
    let within = |offset: u64| {
        let offset = offset.checked_sub(base)?;
        usize::try_from(offset).ok()
    };
    let (Some(before), Some(after)) = (
        within(range.hole_start).and_then(|hole| suffix.get(..hole)),
        within(range.hole_end).and_then(|hole| suffix.get(hole..)),
    ) else {
        return Err("B2: the document timestamp leaves the file");
    };
    let state = state.clone().chain_update(before).chain_update(after);
    let stamped = Sha256Digest::of_state(&state);
    let token = read_token(&timestamp.contents)?;
    if token.imprint_algorithm == ranges::SHA_256 && *token.imprint == *stamped.as_bytes() {
        Ok(())
    } else {
        Err("T3: the document timestamp is over something else")
    }
}

/// Checks that a timestamp is sound and over `stamped`. Whether its authority is trusted was found out
/// when it was asked.
fn check_token(token: &[u8], stamped: &[u8]) -> Result<(), &'static str> {
    match read_token(token)?.stamps(&[stamped]) {
        Some(true) => Ok(()),
        _ => Err("T3: the timestamp is over something else"),
    }
}

/// A timestamp whose own signature holds.
fn read_token(token: &[u8]) -> Result<TimestampEvidence, &'static str> {
    let token =
        TimestampEvidence::collect(token).map_err(|_| "T1: the timestamp cannot be read")?;
    if token.version != 1 {
        return Err("T1: a timestamp of another version than 1");
    }
    match token.content_matches && token.cms.signature_verifies {
        true => Ok(token),
        false => Err("T8: the signature of the timestamp does not verify"),
    }
}
