//! Did we issue exactly this? The archive is the oracle, not the parser: the digests of the file and of
//! each prefix that ends at an `%%EOF` are looked up. No PDF is parsed here, and nothing that a PDF says
//! can forge the answer.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::archive::{Archive, ArchiveError, Identified};
use crate::model::Sha256Digest;
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

/// Looks up a file whose digest is known already.
pub fn identify(archive: &Archive, bytes: &[u8], digest: Sha256Digest, at: Timestamp) -> Identity {
    if !archive.keeps_copies() {
        return Identity::Silent;
    }
    match archive.identify(&digest, at) {
        Ok(Some(identified)) => return Identity::Whole(identified),
        Ok(None) => {}
        Err(_) => return Identity::Silent,
    }
    match longest_prefix(archive, bytes, at) {
        Ok(Some((identified, len, prefix))) => match identified.as_version(&digest) {
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

/// The longest prefix that is a version stored here: one pass over the bytes, the state cloned at each mark.
fn longest_prefix(
    archive: &Archive,
    bytes: &[u8],
    at: Timestamp,
) -> Result<Option<(Identified, u64, Sha256Digest)>, ArchiveError> {
    let mut state = Sha256::new();
    let mut from = 0;
    let mut digests = Vec::new();
    for end in revision_ends(bytes, MAX_MARKS) {
        let Some(part) = usize::try_from(end).ok().filter(|end| *end < bytes.len()) else {
            break;
        };
        state.update(bytes.get(from..part).unwrap_or_default());
        from = part;
        digests.push((end, Sha256Digest::of_state(&state)));
    }
    for (end, digest) in digests.into_iter().rev() {
        if let Some(identified) = archive.identify(&digest, at)? {
            return Ok(Some((identified, end, digest)));
        }
    }
    Ok(None)
}
