//! What a signature covers, and whether it is what was signed.

use sha2::Digest as _;

use super::{Comparison, SignatureEvidence};
use crate::cades::{CmsEvidence, digest};
use crate::model::HashTrail;
use crate::pdf::ByteRange;
use crate::validate::ranges::SHA_256;

/// Dotted OID of SHA-1, which `adbe.pkcs7.sha1` signs (ISO 32000-1, table 252).
const SHA_1: &str = "1.3.14.3.2.26";
/// The sub-filter whose CMS holds the SHA-1 of the document.
const PKCS7_SHA1: &str = "adbe.pkcs7.sha1";

/// The bytes that a byte range covers: all but the hole.
#[derive(Clone, Copy)]
pub(super) struct Covered<'a> {
    bytes: &'a [u8],
    hash: &'a HashTrail,
    hole_start: u64,
    parts: [&'a [u8]; 2],
}

impl<'a> Covered<'a> {
    /// Those of `range` in a file with its hash; `None` when the file is shorter.
    pub(super) fn by(range: ByteRange, bytes: &'a [u8], hash: &'a HashTrail) -> Option<Self> {
        let part = |from: u64, to: u64| {
            let from = usize::try_from(from).ok()?;
            bytes.get(from..usize::try_from(to).ok()?)
        };
        Some(Self {
            bytes,
            hash,
            hole_start: range.hole_start,
            parts: [part(0, range.hole_start)?, part(range.hole_end, range.end)?],
        })
    }

    /// Their digest by the algorithm of this dotted identifier. The usual one does not hash again what
    /// was hashed while the file came in.
    pub(super) fn digest(&self, algorithm: &str) -> Option<Vec<u8>> {
        if algorithm != SHA_256 {
            return digest(algorithm, &self.parts);
        }
        let mut state = self.hash.up_to(self.bytes, self.hole_start)?;
        state.update(self.parts[1]);
        Some(state.finalize().to_vec())
    }
}

/// Compares the digest signed and the signature value with the bytes covered, by the rules of the
/// sub-filter.
pub(super) fn compare(evidence: &mut SignatureEvidence, covered: Option<Covered<'_>>) {
    let Ok(cms) = &evidence.cms else { return };
    let sub_filter = evidence.facts.sub_filter.as_deref();
    let (digest, value) = match (sub_filter, covered) {
        (Some(PKCS7_SHA1), Some(covered)) => over_sha1(cms, &covered),
        (_, Some(covered)) => over_document(cms, &covered),
        (_, None) => (Comparison::Unknown, over_attributes(cms)),
    };
    (evidence.digest, evidence.value) = (digest, value);
}

/// The usual case: the document is the detached content (RFC 5652, 5.4).
fn over_document(cms: &CmsEvidence, covered: &Covered<'_>) -> (Comparison, Comparison) {
    let computed = covered.digest(&cms.digest_algorithm);
    if cms.signed_attributes {
        return (
            equal(computed.as_deref(), cms.message_digest.as_deref()),
            over_attributes(cms),
        );
    }
    without_attributes(cms, computed.as_deref())
}

/// `adbe.pkcs7.sha1`: the content is the SHA-1 of the document, and inside the CMS.
fn over_sha1(cms: &CmsEvidence, covered: &Covered<'_>) -> (Comparison, Comparison) {
    let content = cms.encapsulated_content.as_deref();
    let document = equal(covered.digest(SHA_1).as_deref(), content);
    if cms.signed_attributes {
        let inside = Comparison::of(cms.encapsulated_content_matches);
        let both = match (document, inside) {
            (Comparison::Matches, inside) => inside,
            (document, _) => document,
        };
        return (both, over_attributes(cms));
    }
    let computed = content.and_then(|content| digest(&cms.digest_algorithm, &[content]));
    let (_, value) = without_attributes(cms, computed.as_deref());
    (document, value)
}

/// Without signed attributes the value signs the content itself: it alone tells whether the content is
/// the one signed.
fn without_attributes(cms: &CmsEvidence, digest: Option<&[u8]>) -> (Comparison, Comparison) {
    let verifies = digest.and_then(|digest| cms.verify_over_digest(digest));
    let value = Comparison::of(verifies);
    let digest = match value {
        Comparison::Matches => Comparison::Matches,
        Comparison::Differs | Comparison::Unknown => Comparison::Unknown,
    };
    (digest, value)
}

fn over_attributes(cms: &CmsEvidence) -> Comparison {
    Comparison::of(cms.signature_verifiable.then_some(cms.signature_verifies))
}

/// A digest that cannot be computed says nothing; one that is not there is another.
fn equal(computed: Option<&[u8]>, signed: Option<&[u8]>) -> Comparison {
    match computed {
        None => Comparison::Unknown,
        Some(_) if computed == signed => Comparison::Matches,
        Some(_) => Comparison::Differs,
    }
}
