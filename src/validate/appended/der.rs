//! As much of DER (X.690) as it takes to see that a stream holds one structure of a kind and nothing else.
//! Whether it is a sound one is judged by those who use it.

use super::item::ItemKind;

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const INTEGER: u8 = 0x02;
const ENUMERATED: u8 = 0x0A;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const CONTEXT_0: u8 = 0xA0;

/// One element: tag, content, and what follows it.
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    rest: &'a [u8],
}

/// The element at the beginning of `bytes`: low tag number, definite and minimal length.
fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, after) = bytes.split_first()?;
    let (first, after) = after.split_first()?;
    let (length, after) = match *first {
        short @ 0..0x80 => (usize::from(short), after),
        long => {
            let count = usize::from(long & 0x7F);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (digits, after) = after.split_at_checked(count)?;
            let length = digits
                .iter()
                .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
            let minimal = length >= 0x80 && digits.first() != Some(&0);
            (
                minimal.then(|| usize::try_from(length).ok()).flatten()?,
                after,
            )
        }
    };
    if tag & 0x1F == 0x1F {
        return None;
    }
    let (content, rest) = after.split_at_checked(length)?;
    Some(Element {
        tag: *tag,
        content,
        rest,
    })
}

/// Length of the sequence at the beginning of `bytes`, its header included.
pub(super) fn total_length(bytes: &[u8]) -> Option<usize> {
    let outer = element(bytes)?;
    (outer.tag == SEQUENCE).then(|| bytes.len() - outer.rest.len())
}

/// Tags of the elements that `bytes` are, all of them.
fn tags(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut tags = Vec::new();
    while !bytes.is_empty() {
        let next = element(bytes)?;
        tags.push(next.tag);
        bytes = next.rest;
    }
    Some(tags)
}

/// Version, serial number, algorithm, issuer, validity, subject, key (RFC 5280, 4.1).
fn is_certificate(tbs: &[u8]) -> bool {
    let fields = tbs.strip_prefix(&[CONTEXT_0]).unwrap_or(tbs);
    fields.starts_with(&[INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE])
}

/// Version, algorithm, issuer, time (RFC 5280, 5.1).
fn is_revocation_list(tbs: &[u8]) -> bool {
    let fields = tbs.strip_prefix(&[INTEGER]).unwrap_or(tbs);
    matches!(
        fields,
        [SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..]
    )
}

/// Whether `bytes` are one structure in the form of `kind`, to the last byte.
pub(super) fn is_exactly_one(bytes: &[u8], kind: ItemKind) -> bool {
    holds_one(bytes, kind).unwrap_or(false)
}

fn holds_one(bytes: &[u8], kind: ItemKind) -> Option<bool> {
    let outer = element(bytes)?;
    if outer.tag != SEQUENCE || !outer.rest.is_empty() {
        return Some(false);
    }
    let first = element(outer.content)?;
    match kind {
        // SEQUENCE { tbs, algorithm, signature }
        ItemKind::Certificate | ItemKind::Crl => {
            let algorithm = element(first.rest)?;
            let signature = element(algorithm.rest)?;
            let tbs = tags(first.content)?;
            let is_kind = match kind {
                ItemKind::Certificate => is_certificate(&tbs),
                _ => is_revocation_list(&tbs),
            };
            Some(
                first.tag == SEQUENCE
                    && algorithm.tag == SEQUENCE
                    && signature.tag == BIT_STRING
                    && signature.rest.is_empty()
                    && is_kind,
            )
        }
        // SEQUENCE { responseStatus, [0] responseBytes }
        ItemKind::Ocsp => {
            let response = element(first.rest)?;
            Some(
                first.tag == ENUMERATED
                    && first.content.len() == 1
                    && response.tag == CONTEXT_0
                    && response.rest.is_empty(),
            )
        }
        // ContentInfo: SEQUENCE { contentType, [0] content }
        ItemKind::Timestamp => {
            let content = element(first.rest)?;
            Some(
                first.tag == OBJECT_IDENTIFIER
                    && content.tag == CONTEXT_0
                    && content.rest.is_empty(),
            )
        }
    }
}
