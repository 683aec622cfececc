//! The digest over the parts that a byte range covers, by whatever algorithm the signature names.

use sha2::{Digest, Sha256, Sha384, Sha512};

/// Dotted OID of SHA-256 (RFC 5754, 2.2).
pub(super) const SHA_256: &str = "2.16.840.1.101.3.4.2.1";
const SHA_384: &str = "2.16.840.1.101.3.4.2.2";
const SHA_512: &str = "2.16.840.1.101.3.4.2.3";

/// Digests `parts` one after the other. `None` for an algorithm that is not accepted here: SHA-1, MD5
/// and the like prove nothing any more.
pub(super) fn digest(algorithm: &str, parts: &[&[u8]]) -> Option<Vec<u8>> {
    match algorithm {
        SHA_256 => Some(through::<Sha256>(parts)),
        SHA_384 => Some(through::<Sha384>(parts)),
        SHA_512 => Some(through::<Sha512>(parts)),
        _ => None,
    }
}

fn through<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut state = D::new();
    for part in parts {
        state.update(part);
    }
    state.finalize().to_vec()
}
