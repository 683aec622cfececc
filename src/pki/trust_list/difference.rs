//! What an import changes.

use serde::Serialize;

use super::anchor_file::{AnchorFile, ListedAnchor};

/// How an anchor changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It was not there before.
    Added,
    /// It will not be there any more.
    Removed,
    /// The times at which it was approved are other ones.
    Changed,
}

/// An anchor and how it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// How.
    pub change: Change,
    /// The anchor: as it will be, or as it was when it is removed.
    pub anchor: ListedAnchor,
}

impl AnchorFile {
    /// What changes when this file takes the place of another.
    pub fn differences(&self, before: Option<&Self>) -> Vec<Difference> {
        let none: &[ListedAnchor] = &[];
        let before = before.map_or(none, |before| before.anchors.as_slice());
        let same = |one: &ListedAnchor, other: &ListedAnchor| one.fingerprint == other.fingerprint;
        let told = |change, anchor: &ListedAnchor| Difference {
            change,
            anchor: anchor.clone(),
        };
        let removed = before
            .iter()
            .filter(|old| !self.anchors.iter().any(|new| same(old, new)))
            .map(|old| told(Change::Removed, old));
        let others =
            self.anchors
                .iter()
                .filter_map(|new| match before.iter().find(|old| same(old, new)) {
                    None => Some(told(Change::Added, new)),
                    Some(old) if old.trusted != new.trusted => Some(told(Change::Changed, new)),
                    Some(_) => None,
                });
        removed.chain(others).collect()
    }
}
