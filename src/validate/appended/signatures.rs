//! The names that a `/VRI` has for signatures (ISO 32000-2, 12.8.4.4), made when somebody asks for one. Most
//! files have no `/VRI`, and a hole for a timestamp is long.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use sha1::{Digest, Sha1};

use super::base::read_kept;
use super::der;

/// Bytes of signatures that are kept until a name is asked for; of what is beyond only the names are.
const MAX_KEPT: usize = 1 << 20;

/// The signatures of a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Signatures {
    /// `/Contents` as they are spelt.
    spelt: Vec<Arc<[u8]>>,
    kept: usize,
    /// The names of those that are not kept.
    beyond: BTreeSet<[u8; 20]>,
    /// The names of those that are.
    names: OnceLock<BTreeSet<[u8; 20]>>,
}

impl Signatures {
    /// Adds one, by its `/Contents` as they are spelt.
    pub(super) fn add(&mut self, spelt: &[u8]) {
        if self.kept.saturating_add(spelt.len()) > MAX_KEPT {
            self.beyond.extend(names(spelt));
            return;
        }
        self.kept += spelt.len();
        self.spelt.push(Arc::from(spelt));
        self.names = OnceLock::new();
    }

    /// Whether one of them has this name.
    pub(super) fn have(&self, name: &[u8; 20]) -> bool {
        let all = || self.spelt.iter().flat_map(|spelt| names(spelt)).collect();
        self.beyond.contains(name) || self.names.get_or_init(all).contains(name)
    }
}

/// SHA-1 of a signature's `/Contents`, with and without the zeros that fill its hole: a `/VRI` key is one
/// of the two, as writers disagree (ISO 32000-2, 12.8.4.4).
fn names(spelt: &[u8]) -> Vec<[u8; 20]> {
    let contents = read_kept(spelt).and_then(|value| value.string_bytes());
    let contents = contents.unwrap_or_default();
    let der = der::total_length(&contents).and_then(|len| contents.get(..len));
    std::iter::once(contents.as_slice())
        .chain(der)
        .map(|bytes| Sha1::digest(bytes).into())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A signature of so many bytes, padded.
    fn spelt(len: usize) -> String {
        let zeros = "00".repeat(len - 4);
        format!("<30020102{zeros}>")
    }

    #[test]
    fn a_signature_has_the_name_of_its_value_and_that_of_its_hole() {
        let mut known = Signatures::default();
        let der: [u8; 20] = Sha1::digest([0x30, 2, 1, 2]).into();
        let hole: [u8; 20] = Sha1::digest([0x30, 2, 1, 2, 0, 0]).into();
        assert!(!known.have(&der));
        known.add(spelt(6).as_bytes());
        assert!(known.have(&der) && known.have(&hole));
        assert!(!known.have(&Sha1::digest([0x30, 2, 1]).into()));
    }

    #[test]
    fn beyond_what_is_kept_the_names_are_still_known() {
        let mut known = Signatures::default();
        for len in [MAX_KEPT / 4, MAX_KEPT / 4 + 1, MAX_KEPT / 4 + 2] {
            known.add(spelt(len).as_bytes());
            let mut hole = vec![0x30, 2, 1, 2];
            hole.resize(len, 0);
            assert!(known.have(&Sha1::digest(hole).into()), "{len}");
        }
        assert!(known.kept <= MAX_KEPT && !known.beyond.is_empty());
    }
}
