//! A hash that remembers its way, so that what a file begins with need not be hashed again.

use std::fmt;

use sha2::{Digest, Sha256};

use super::Sha256Digest;

/// Bytes between two states that are kept: so many at most are hashed again for one prefix, and 64 MiB
/// of file cost about a hundred kilobytes of states.
const STEP: usize = 64 << 10;

/// The SHA-256 of bytes that were seen once, and, at little cost, of everything they begin with.
#[derive(Clone, Default)]
pub struct HashTrail {
    state: Sha256,
    len: u64,
    /// The states after each [`STEP`].
    kept: Vec<Sha256>,
}

impl HashTrail {
    /// Of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of bytes that are already here.
    pub fn of(bytes: &[u8]) -> Self {
        let mut trail = Self::new();
        trail.update(bytes);
        trail
    }

    /// Sees the bytes that follow.
    pub fn update(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        loop {
            let room = STEP - (self.len % STEP as u64) as usize;
            let Some((part, after)) = rest.split_at_checked(room) else {
                self.state.update(rest);
                self.len += rest.len() as u64;
                return;
            };
            self.state.update(part);
            self.len += part.len() as u64;
            self.kept.push(self.state.clone());
            rest = after;
        }
    }

    /// The digest of all that was seen.
    pub fn digest(&self) -> Sha256Digest {
        Sha256Digest::of_state(&self.state)
    }

    /// The state after all that was seen.
    pub const fn state(&self) -> &Sha256 {
        &self.state
    }

    /// The state after the first `len` of `bytes`, which are those that were seen. `None` when there
    /// are not so many.
    pub fn up_to(&self, bytes: &[u8], len: u64) -> Option<Sha256> {
        if len == self.len {
            return Some(self.state.clone());
        }
        let end = usize::try_from(len).ok().filter(|_| len < self.len)?;
        let steps = end / STEP;
        let mut state = match steps.checked_sub(1) {
            Some(last) => self.kept.get(last)?.clone(),
            None => Sha256::new(),
        };
        state.update(bytes.get(steps * STEP..end)?);
        Some(state)
    }
}

impl fmt::Debug for HashTrail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HashTrail({}, {} bytes)", self.digest(), self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_prefix_has_the_digest_it_would_have_alone() {
        let bytes: Vec<u8> = (0..3 * STEP + 100).map(|at| (at % 251) as u8).collect();
        for chunk in [1000, STEP, STEP + 1, bytes.len()] {
            let mut trail = HashTrail::new();
            bytes.chunks(chunk).for_each(|chunk| trail.update(chunk));
            assert_eq!(trail.digest(), Sha256Digest::of(&bytes));
            for len in [0, 1, STEP - 1, STEP, STEP + 1, 3 * STEP, bytes.len()] {
                let state = trail.up_to(&bytes, len as u64).unwrap();
                let alone = Sha256Digest::of(&bytes[..len]);
                assert_eq!(Sha256Digest::of_state(&state), alone, "{len} in {chunk}s");
            }
        }
    }

    #[test]
    fn there_is_no_state_beyond_what_was_seen() {
        assert!(HashTrail::of(b"abc").up_to(b"abcd", 4).is_none());
    }
}
