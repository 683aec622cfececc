//! What was appended to one of our own copies, judged.
//!
//! A copy that is followed by other bytes is still the copy that was issued if those bytes can change
//! nothing that is seen: validation data (a document security store, ISO 32000-2, 12.8.4.3) and invisible
//! document timestamps (12.8.5), as PAdES adds them to keep a signature verifiable (EN 319 142-1, 5.4).
//! Everything else is refused.
//!
//! This is a recogniser of a small language, not a PDF library: it reads the appended bytes from the
//! first to the last, each has to be accounted for by rules S1 to S16, and the first doubt ends it.
//! `CONFORMANCE.md`, beside this file, says how each rule holds and which test shows it.
//!
//! What it does not do: no signature and no certificate is verified here. Validation data in an appended
//! revision is a hint from anybody, and a timestamp is a claim, until those who use them verify them.

mod base;
mod catalog;
mod chain;
mod cross_reference;
mod der;
mod document;
mod dss;
mod form;
mod item;
mod object;
mod opaque;
mod revision;
mod scanner;
mod signatures;
#[cfg(test)]
mod tests;
mod text;
mod timestamp;
mod trailer;
mod value;
mod view;
mod violation;

pub use base::BaseFacts;
pub use violation::{Rule, Violation};

use crate::pdf::ByteRange;
use document::Document;
use revision::{MAX_OBJECTS, Revision};
use scanner::Scanner;

/// Bytes that may be appended to a copy (S1).
pub const MAX_SUFFIX_BYTES: usize = 8 << 20;

/// Revisions that may be appended to a copy (S14).
pub const MAX_REVISIONS: usize = 16;

/// Appended data that changes nothing that is seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its revisions, in order; at least one.
    pub revisions: Vec<AppendedRevision>,
}

/// One appended revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendedRevision {
    /// What it adds to the document security store, when it touches the store.
    pub dss: Option<DssFacts>,
    /// The document timestamp it adds.
    pub timestamp: Option<AppendedTimestamp>,
    /// Where it ends: bytes from the beginning of the whole file.
    pub end_offset: u64,
}

/// Validation data that a revision adds, each item in DER, as the stream held it. Nothing is verified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DssFacts {
    /// Certificates (RFC 5280).
    pub certificates: Vec<Vec<u8>>,
    /// Certificate revocation lists (RFC 5280).
    pub crls: Vec<Vec<u8>>,
    /// OCSP responses (RFC 6960).
    pub ocsps: Vec<Vec<u8>>,
}

/// A document timestamp (ISO 32000-2, 12.8.5) that covers the file to the end of its revision. Its
/// signature is not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendedTimestamp {
    /// The bytes it covers.
    pub byte_range: ByteRange,
    /// The timestamp token: DER of a CMS `ContentInfo`, its padding removed.
    pub contents: Vec<u8>,
    /// Name of its field.
    pub field_name: String,
}

/// Judges `suffix`, which follows `base` in a file. `facts` were read from the same `base`.
///
/// # Errors
/// The first rule that the suffix breaks, and where.
pub fn judge(base: &[u8], suffix: &[u8], facts: &BaseFacts) -> Result<Appended, Violation> {
    let origin = base.len() as u64;
    if facts.len != origin {
        return Err(Rule::S16.broken(origin, "the facts are those of another base"));
    }
    judge_behind(suffix, facts)
}

/// Judges `suffix`, which follows the base of which these are the facts.
///
/// # Errors
/// As [`judge`].
pub fn judge_behind(suffix: &[u8], facts: &BaseFacts) -> Result<Appended, Violation> {
    let origin = facts.len;
    if suffix.len() > MAX_SUFFIX_BYTES {
        return Err(Rule::S1.broken(origin, "more bytes than are read"));
    }
    let mut scanner = Scanner::new(suffix, origin);
    if !facts.ends_line && !scanner.take_end_of_line() {
        return Err(Rule::S1.broken(origin, "no line end between %%EOF and what follows"));
    }
    let mut document = Document::new(facts);
    let mut objects_left = MAX_OBJECTS;
    let mut revisions = Vec::new();
    loop {
        if revisions.len() == MAX_REVISIONS {
            return Err(Rule::S14.broken(scanner.offset(), "more than 16 revisions"));
        }
        let revision = Revision::read(&mut scanner, &mut objects_left)?;
        revisions.push(document.append(revision)?);
        if scanner.at_end() {
            return Ok(Appended { revisions });
        }
    }
}
