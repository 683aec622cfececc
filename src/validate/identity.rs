//! Did we issue exactly this? The archive is the oracle, not the parser: the digests of the file and of
//! each prefix that ends at an `%%EOF` are looked up. No PDF is parsed here, and nothing that a PDF says
//! can forge the answer.

use jiff::Timestamp;

use crate::archive::{Archive, ArchiveError, Identified};
use crate::model::{HashTrail, Sha256Digest};
use crate::pdf::byte_range::revision_ends;

/// Ends of revisions that are looked at: the first and the last of them when there are more.
pub const MAX_MARKS: usize = 128;

/// What the archive says about a file's bytes.
pub enum Identity {
    /// The whole file is a version stored here.
    Whole(Identified),
    /// The first `len` bytes are.
    Prefix {
        /// The version.
        identified: Identified,
        /// Its length in bytes.
        len: u64,
        /// Its digest.
        digest: Sha256Digest,
    },
    /// Nothing stored here.
    Unknown,
    /// The archive keeps nothing or does not answer.
    Silent,
}

/// Looks up a file that is hashed already.
pub fn identify(archive: &Archive, bytes: &[u8], hash: &HashTrail, at: Timestamp) -> Identity {
    if !archive.keeps_copies() {
        return Identity::Silent;
    }
    match archive.identify(&hash.digest(), at) {
        Ok(Some(identified)) => return Identity::Whole(identified),
        Ok(None) => {}
        Err(_) => return Identity::Silent,
    }
    match longest_prefix(archive, bytes, hash, at) {
        Ok(Some((identified, len, prefix))) => match identified.as_version(&hash.digest()) {
            Some(identified) => Identity::Whole(identified),
            None => Identity::Prefix {
                identified,
                len,
                digest: prefix,
            },
        },
        Ok(None) => Identity::Unknown,
        Err(_) => Identity::Silent,
    }
}

/// The longest prefix that is a version stored here.
fn longest_prefix(
    archive: &Archive,
    bytes: &[u8],
    hash: &HashTrail,
    at: Timestamp,
) -> Result<Option<(Identified, u64, Sha256Digest)>, ArchiveError> {
    let ends = revision_ends(bytes, MAX_MARKS);
    for end in ends.into_iter().rev() {
        if end >= bytes.len() as u64 {
            continue;
        }
        let Some(state) = hash.up_to(bytes, end) else {
            continue;
        };
        let digest = Sha256Digest::of_state(&state);
        if let Some(identified) = archive.identify(&digest, at)? {
            return Ok(Some((identified, end, digest)));
        }
    }
    Ok(None)
}
