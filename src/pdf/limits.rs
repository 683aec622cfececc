//! The limits under which an unknown PDF is read (DESIGN §11). Every one is configurable.

use serde::{Deserialize, Serialize};

/// Limits on a source. The body's size is counted at the door, while it arrives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Pages.
    pub pages: u32,
    /// Indirect objects.
    pub objects: u32,
    /// Depth of nested arrays, dictionaries, page-tree nodes and forms; of values at most 100, which
    /// is what the parser knows.
    pub nesting: u32,
    /// Bytes one stream may inflate to.
    pub stream_bytes: usize,
    /// Bytes all streams read may inflate to.
    pub inflated_bytes: usize,
    /// Revisions inside the source.
    pub revisions: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pages: 10_000,
            objects: 200_000,
            nesting: 100,
            stream_bytes: 16 << 20,
            inflated_bytes: 256 << 20,
            revisions: 32,
        }
    }
}
