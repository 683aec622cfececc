//! SHA-256 digests and the forms in which they are written.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// A SHA-256 digest (FIPS 180-4): 32 bytes, written as lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Digest([u8; 32]);

impl Sha256Digest {
    /// Wraps 32 bytes that are already a digest.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Digests `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Ends a running hash. The state itself stays usable: it is cloned first.
    pub fn of_state(state: &Sha256) -> Self {
        Self(state.clone().finalize().into())
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether two digests are the same, in a time that does not depend on where they differ.
    pub fn equals_in_constant_time(&self, other: &Self) -> bool {
        let pairs = self.0.iter().zip(&other.0);
        std::hint::black_box(pairs.fold(0, |differing, (one, another)| differing | (one ^ another)))
            == 0
    }

    /// The value of a `Repr-Digest` or `Content-Digest` field (RFC 9530): `sha-256=:…:`.
    pub fn to_field_value(&self) -> String {
        format!("sha-256=:{}:", STANDARD.encode(self.0))
    }

    /// Reads the `sha-256` member of a digest field (RFC 9530). `None` when the field names no
    /// SHA-256 digest; `Some(Err)` when it does and cannot be read.
    pub fn from_field_value(field: &str) -> Option<Result<Self, InvalidDigest>> {
        let member = field
            .split(',')
            .find_map(|member| member.trim().strip_prefix("sha-256="))?;
        let digest = member
            .strip_prefix(':')
            .and_then(|rest| rest.strip_suffix(':'))
            .and_then(|encoded| STANDARD.decode(encoded).ok())
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        Some(digest.map(Self).ok_or(InvalidDigest))
    }
}

/// Text that is not 64 hexadecimal digits, or a digest field that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256 digest")]
pub struct InvalidDigest;

impl TryFrom<String> for Sha256Digest {
    type Error = InvalidDigest;

    fn try_from(text: String) -> Result<Self, InvalidDigest> {
        text.parse()
    }
}

impl std::str::FromStr for Sha256Digest {
    type Err = InvalidDigest;

    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(InvalidDigest);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| InvalidDigest)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidDigest)?;
        }
        Ok(Self(bytes))
    }
}

impl From<Sha256Digest> for String {
    fn from(digest: Sha256Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Digest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_from_hexadecimal_and_from_its_field() {
        let digest = Sha256Digest::of(b"abc");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(
            Sha256Digest::from_field_value(&digest.to_field_value()),
            Some(Ok(digest))
        );
    }

    #[test]
    fn another_algorithm_is_not_an_error_but_a_damaged_digest_is() {
        assert_eq!(Sha256Digest::from_field_value("sha-512=:AAAA:"), None);
        assert_eq!(
            Sha256Digest::from_field_value("sha-256=:AAAA:"),
            Some(Err(InvalidDigest))
        );
    }

    #[test]
    fn hexadecimal_with_a_sign_is_refused() {
        assert_eq!("+f".repeat(32).parse::<Sha256Digest>(), Err(InvalidDigest));
    }
}
