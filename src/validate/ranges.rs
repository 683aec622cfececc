//! What a byte range covers and what it leaves out: the digest over its parts, by whatever algorithm the
//! signature names, and the bytes written in its hole.

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

/// The bytes that a hole `<…>` writes in hexadecimal. `None` when it is anything else.
pub(super) fn decode_hole(hole: &[u8]) -> Option<Vec<u8>> {
    let digits = hole.strip_prefix(b"<")?.strip_suffix(b">")?;
    let (pairs, odd) = digits.as_chunks::<2>();
    if !odd.is_empty() {
        return None;
    }
    // Most of a hole is padding, and there is no need to look at each digit of it.
    const BLOCK: usize = 64;
    let padding = digits
        .rchunks(BLOCK)
        .take_while(|block| block.iter().fold(true, |all, digit| all & (*digit == b'0')))
        .count();
    let written = pairs.len().saturating_sub(padding * BLOCK / 2);
    let mut bytes = vec![0; pairs.len()];
    let mut wrong = 0;
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs).take(written) {
        let (high, low) = (NIBBLES[usize::from(*high)], NIBBLES[usize::from(*low)]);
        wrong |= high | low;
        *byte = high << 4 | low & 0xF;
    }
    (wrong < NO_DIGIT).then_some(bytes)
}

/// What no hexadecimal digit is worth.
const NO_DIGIT: u8 = 0x10;

/// What each byte is worth as a hexadecimal digit.
const NIBBLES: [u8; 256] = {
    let mut nibbles = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        nibbles[b"0123456789abcdef"[digit] as usize] = digit as u8;
        nibbles[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    nibbles
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_that_is_not_even_hexadecimal_is_not_decoded() {
        assert_eq!(decode_hole(b"<0aFf>"), Some(vec![0x0a, 0xff]));
        assert_eq!(decode_hole(b"<0a000>"), None);
        assert_eq!(decode_hole(b"<0a0000>"), Some(vec![0x0a, 0, 0]));
        assert_eq!(decode_hole(b"<0a0x00>"), None);
        let padded = [b"<0aff".as_slice(), &[b'0'; 1000], b">"].concat();
        let decoded = decode_hole(&padded).unwrap();
        assert_eq!((decoded.len(), &decoded[..3]), (502, &[0x0a, 0xff, 0][..]));
        assert_eq!(decode_hole(b"<0aF>"), None);
        assert_eq!(decode_hole(b"<0 aF>"), None);
        assert_eq!(decode_hole(b"0aFf"), None);
    }

    #[test]
    fn a_digest_that_proves_nothing_any_more_is_not_taken() {
        assert_eq!(digest("1.3.14.3.2.26", &[b"SHA-1"]), None);
        assert_eq!(
            digest(SHA_256, &[b"a", b"bc"]),
            Some(Sha256::digest(b"abc").to_vec())
        );
    }
}
